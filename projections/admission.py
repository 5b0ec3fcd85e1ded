"""Whoever holds a token, as they stand now: one look at the vault and the views together, at every request.

Nothing of it is remembered between requests, so that a token revoked, a role lost and a participant who has left
count from the next request on, in every process.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, exists, select

from dialogue.shape import stamp
from projections.access import PREFIX, Token, hashed
from projections.erasable import VaultTables
from projections.prepared import Prepared
from projections.resolve import ACTIVE
from projections.secretariat import Secretariat
from projections.stores import Stores, told


@dataclass(frozen=True)
class Admitted:
    """A participant who came in with a token. `at` is where the views of their dialogue stand: it changes with them.

    `recorded` is when their dialogue's last entry was, as its stamp.
    """

    token: Token
    participant: UUID
    dialogue: UUID
    roles: frozenset[str]
    at: tuple[str, int]
    recorded: str


class Admission:
    """The door of one installation."""

    def __init__(self, secretariat: Secretariat) -> None:
        self.secretariat = secretariat
        self.lookups = Lookups(secretariat.stores)
        self.asked = {name: self.standing(name) for name in secretariat.generations}
        self.generation = next(iter(self.asked))

    def standing(self, generation: str) -> Prepared:
        """A token and how its participant stands, by the tables of one generation; lists as their JSON text."""
        house = self.secretariat
        t, pointer = house.generations[generation], house.pointer
        tokens = VaultTables(house.stores.schema("vault")).tokens
        people, heads, broken = t.participants, t.heads, t.broken
        token = [tokens.c[name] for name in Token.__dataclass_fields__ if name != "scopes"]
        lists = [cast(tokens.c.scopes, Text), cast(people.c.roles, Text)]
        query = (
            select(*token, *lists, people.c.status, pointer.c.current, heads.c.entry, heads.c.recordedtime)
            .where(
                tokens.c.sha256 == bindparam("s"),
                people.c.id == tokens.c.participant,
                heads.c.dialogue == people.c.dialogue,
                ~exists().where(broken.c.dialogue == people.c.dialogue),
            )
            .order_by(people.c.from_entry.desc())
        )
        return Prepared(query, house.stores.vault.dialect)

    def admit(self, header: str) -> Admitted | None:
        """Who comes in with this Authorization header; None where its token does not work, or no longer."""
        scheme, _, secret = header.partition(" ")
        secret = secret.strip()
        if scheme.casefold() != "bearer" or not secret.startswith(PREFIX):
            return None
        row = self.row(hashed(secret))
        if row is None:
            return None
        *known, scopes, roles, status, generation, entry, recorded = row
        id, dialogue, participant, label, created, expires, last_used, revoked = known
        now = stamp(self.secretariat.access.clock())
        if revoked is not None or expires <= now or status not in ACTIVE:
            return None
        if last_used != now[:10] and self.secretariat.access.check(secret) is None:
            return None
        token = Token(id, dialogue, participant, listed(scopes), label, created, expires, now[:10], revoked)
        return Admitted(
            token, UUID(participant), UUID(dialogue), frozenset(listed(roles)), (generation, entry), recorded
        )

    def row(self, sha256: str) -> Any:
        """The token with this hash and its participant, in the generation that is read now; None without one."""
        house = self.secretariat
        if not house.met:
            with house.reading():
                pass  # the first read of a process makes sure that the views are of this record
        row = self.lookups.first(self.asked[self.generation], s=sha256)
        if row is not None and row[-3] == self.generation:
            return row
        before, [self.generation] = self.generation, self.lookups.first(house.read_now)
        return row if before == self.generation else self.lookups.first(self.asked[self.generation], s=sha256)


class Lookups:
    """Single statements over vault and views, on connections which stay open and begin no transaction.

    This is asked at every request: a pool's checks, and a transaction begun and rolled back, would cost more than
    the look itself.
    """

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.idle: deque[Any] = deque()

    def first(self, statement: Prepared, **values: str) -> Any:
        """The first row, or None. A connection that has died meanwhile is replaced, once."""
        with told():
            try:
                connection = self.idle.pop()
            except IndexError:
                return self.asked(self.opened(), statement, values)
            try:
                return self.asked(connection, statement, values)
            except self.stores.vault.dialect.loaded_dbapi.Error:
                self.idle.clear()
                return self.asked(self.opened(), statement, values)

    def asked(self, connection: Any, statement: Prepared, values: dict[str, str]) -> Any:
        cursor = connection.cursor()
        cursor.execute(statement.sql, statement.values(values))
        row = cursor.fetchone()
        cursor.close()
        self.idle.append(connection)
        return row

    def opened(self) -> Any:
        proxy = self.stores.vault.raw_connection()
        proxy.detach()
        connection = proxy.dbapi_connection
        assert connection is not None
        if self.stores.schemas:
            connection.rollback()
            connection.autocommit = True
        else:
            connection.execute("ATTACH DATABASE ? AS views", (self.stores.views.url.database,))
        return connection


@lru_cache(maxsize=100)
def listed(text: str) -> tuple[str, ...]:
    """A list of roles or scopes from its JSON; there are few different ones."""
    return tuple(json.loads(text))
