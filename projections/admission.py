"""Whoever holds a token, as they stand now: one look at the vault and one at the views, at every request.

Nothing of it is remembered between requests, so that a token revoked, a role lost and a participant who has left
count from the next request on, in every process.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, bindparam, exists, select

from dialogue.shape import instant
from projections.access import PREFIX, Token, hashed
from projections.prepared import Prepared
from projections.schema import VaultTables
from projections.secretariat import Secretariat
from projections.stores import told

INACTIVE = ("left", "died", "void")


@dataclass(frozen=True)
class Admitted:
    """A participant who came in with a token. `at` is where the views of their dialogue stand: it changes with them."""

    token: Token
    participant: UUID
    dialogue: UUID
    roles: frozenset[str]
    at: tuple[str, int]
    recorded: datetime


class Admission:
    """The door of one installation."""

    def __init__(self, secretariat: Secretariat) -> None:
        self.secretariat = secretariat
        stores = secretariat.stores
        self.vault, self.views = Lookups(stores.vault), Lookups(stores.views)
        tokens = VaultTables(stores.schema("vault")).tokens
        columns = [tokens.c[name] for name in Token.__dataclass_fields__]
        self.token = Prepared(select(*columns).where(tokens.c.sha256 == bindparam("s")), stores.vault.dialect)
        self.person = {name: self.standing(name) for name in secretariat.generations}
        self.generation = next(iter(self.person))

    def standing(self, generation: str) -> Prepared:
        """How a participant stands, by the tables of one generation."""
        house = self.secretariat
        t, pointer = house.generations[generation], house.pointer
        people, heads, broken = t.participants, t.heads, t.broken
        query = (
            select(pointer.c.current, heads.c.entry, heads.c.recordedtime, people.c.roles, people.c.status)
            .where(
                people.c.id == bindparam("i"),
                heads.c.dialogue == people.c.dialogue,
                ~exists().where(broken.c.dialogue == people.c.dialogue),
            )
            .order_by(people.c.from_entry.desc())
        )
        return Prepared(query, house.stores.views.dialect)

    def admit(self, header: str) -> Admitted | None:
        """Who comes in with this Authorization header; None where its token does not work, or no longer."""
        scheme, _, secret = header.partition(" ")
        secret = secret.strip()
        if scheme.casefold() != "bearer" or not secret.startswith(PREFIX):
            return None
        token = self.token_of(secret)
        if token is None:
            return None
        row = self.stands(token.participant)
        if row is None or row[4] in INACTIVE:
            return None
        generation, entry, recorded, roles, _ = row
        return Admitted(
            token,
            UUID(token.participant),
            UUID(token.dialogue),
            frozenset(plain(roles)),
            (generation, entry),
            instant(recorded),
        )

    def token_of(self, secret: str) -> Token | None:
        """The token that this is the secret of, if it still works; the day of its use is kept."""
        access = self.secretariat.access
        row = self.vault.first(self.token, s=hashed(secret))
        if row is None:
            return None
        known = dict(zip(Token.__dataclass_fields__, row, strict=True))
        token, now = Token(**{**known, "scopes": tuple(plain(known["scopes"]))}), access.clock()
        if token.revoked is not None or instant(token.expires) <= now:
            return None
        return token if token.last_used == now.date().isoformat() else access.check(secret)

    def stands(self, participant: str) -> Any:
        """The row of a participant in the generation that is read now; None where there is none."""
        house = self.secretariat
        if not house.met:
            with house.reading():
                pass  # the first read of a process makes sure that the views are of this record
        row = self.views.first(self.person[self.generation], i=participant)
        if row is None or row[0] != self.generation:
            with house.reading() as reading:
                self.generation = reading.conn.execute(select(house.pointer.c.current)).scalar_one()
            row = self.views.first(self.person[self.generation], i=participant)
        return row


class Lookups:
    """Single statements on connections of their own, which stay open and begin no transaction.

    This is asked at every request: a pool's checks, and a transaction begun and rolled back, would cost more than
    the look itself.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
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
            except self.engine.dialect.loaded_dbapi.Error:
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
        proxy = self.engine.raw_connection()
        proxy.detach()
        connection = proxy.dbapi_connection
        assert connection is not None
        if self.engine.dialect.name == "postgresql":
            connection.rollback()
            connection.autocommit = True
        return connection


def plain(value: Any) -> list[str]:
    """A JSON column as a driver gives it: parsed already, or as text."""
    found: list[str] = json.loads(value) if isinstance(value, str) else value
    return found
