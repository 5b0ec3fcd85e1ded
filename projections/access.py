"""Who may come in: bearer tokens, invitation links that work once, and how often one may ask.

trust.md, section 8: 256 random bits, shown once, kept as SHA-256 (a password hash is for what people choose);
revoked and expired ones fail at the next request. All of it lives in the vault store.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dialogue.fact import Refused, Unknown
from dialogue.shape import instant, stamp
from projections.erasable import VaultTables
from projections.prepared import Prepared
from projections.stores import Stores

PREFIX = "drt_"
SCOPES = ("read", "act")
LIFETIME = timedelta(days=180)
LINK_LIFETIME = timedelta(days=14)
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Token:
    """A token as it is listed: everything but the secret, which nobody has any more."""

    id: str
    dialogue: str
    participant: str
    scopes: tuple[str, ...]
    label: str
    created: str
    expires: str
    last_used: str | None
    revoked: str | None


class Access:
    """Tokens, links and counters. `random(n)` gives n random bytes."""

    def __init__(self, stores: Stores, clock: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self.stores = stores
        self.clock = clock
        self.random = random
        self.v = VaultTables(stores.schema("vault"))
        self.counting = counting(self.v.counters, stores.vault.dialect)

    def create(
        self,
        dialogue: UUID,
        participant: UUID,
        *,
        scopes: tuple[str, ...] = SCOPES,
        label: str = "",
        lifetime: timedelta = LIFETIME,
    ) -> tuple[str, Token]:
        """A new token, and the secret that is shown this once. Raises Refused."""
        if not scopes or not set(scopes) <= set(SCOPES):
            raise Refused("unfit", f"a token's scopes are some of: {', '.join(SCOPES)}")
        if not timedelta(0) < lifetime <= LONGEST:
            raise Refused("unfit", f"a token lives at least a moment and at most {LONGEST.days} days")
        secret = PREFIX + secret_text(self.random(32))
        now = self.clock()
        token = Token(
            self.random(6).hex(),  # typed after `token revoke`, where a base64url "-" in front would be an option
            str(dialogue),
            str(participant),
            tuple(scopes),
            label[:100],
            stamp(now),
            stamp(now + lifetime),
            None,
            None,
        )
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            conn.execute(insert(self.v.tokens), {**vars(token), "scopes": list(scopes), "sha256": hashed(secret)})
        return secret, token

    def check(self, secret: str) -> Token | None:
        """The token that this is the secret of, if it still works; the day of its use is kept."""
        tokens, now = self.v.tokens, self.clock()
        query = select(tokens).where(tokens.c.sha256 == hashed(secret))
        with self.stores.vault.connect() as conn:
            row = conn.execute(query).mappings().first()
        if row is None or row["revoked"] is not None or instant(row["expires"]) <= now:
            return None
        today = now.date().isoformat()
        if row["last_used"] != today:
            with self.stores.writing(self.stores.vault) as conn, conn.begin():
                conn.execute(update(tokens).where(tokens.c.id == row["id"]).values(last_used=today))
        return listed({**row, "last_used": today})

    def tokens(self, dialogue: UUID | None = None, participant: UUID | None = None) -> list[Token]:
        """The tokens of a dialogue or of a participant, the newest first."""
        tokens = self.v.tokens
        query = select(tokens).order_by(tokens.c.created.desc())
        if dialogue is not None:
            query = query.where(tokens.c.dialogue == str(dialogue))
        if participant is not None:
            query = query.where(tokens.c.participant == str(participant))
        with self.stores.vault.connect() as conn:
            return [listed(dict(row)) for row in conn.execute(query).mappings()]

    def revoke(self, id: str, dialogue: UUID | None = None) -> None:
        """Ends a token, from the next request on. Raises Unknown."""
        tokens = self.v.tokens
        mine = tokens.c.id == id
        if dialogue is not None:
            mine = mine & (tokens.c.dialogue == str(dialogue))
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            changed = conn.execute(
                update(tokens).where(mine).values(revoked=func.coalesce(tokens.c.revoked, stamp(self.clock())))
            )
            if changed.rowcount == 0:
                raise Unknown("token with that id")

    def invite(self, dialogue: UUID, participant: UUID, lifetime: timedelta = LINK_LIFETIME) -> str:
        """A code, for one link, that one token can be had for once. Earlier links of that person end."""
        code = secret_text(self.random(32))
        links = self.v.links
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            conn.execute(delete(links).where(links.c.participant == str(participant), links.c.used.is_(None)))
            row = {"sha256": hashed(code), "dialogue": str(dialogue), "participant": str(participant)}
            conn.execute(insert(links), {**row, "expires": stamp(self.clock() + lifetime), "used": None})
        return code

    def redeem(self, code: str) -> tuple[str, Token]:
        """The token that an invitation link gives, once. Raises Unknown for a used, expired or invented code."""
        links, now = self.v.links, stamp(self.clock())
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            valid = (links.c.sha256 == hashed(code)) & links.c.used.is_(None) & (links.c.expires > now)
            row = conn.execute(select(links).where(valid).with_for_update()).mappings().first()
            if row is None:
                raise Unknown("invitation with that code, or it has been used")
            conn.execute(update(links).where(links.c.sha256 == row["sha256"]).values(used=now))
        return self.create(UUID(row["dialogue"]), UUID(row["participant"]), label="invitation")

    def forget(self, participant: UUID) -> None:
        """Removes every token and link of somebody who is forgotten."""
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            for table in (self.v.tokens, self.v.links):
                conn.execute(delete(table).where(table.c.participant == str(participant)))

    def count(self, key: str, seconds: int) -> int:
        """How often this key asked in the current window of so many seconds, this time included.

        The key is kept as a hash only; windows that are over are swept.
        """
        window = int(self.clock().timestamp()) // seconds
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            count = int(self.counting.run(conn, key=hashed(key), window=window, count=1).scalar_one())
            if count == 1:
                old = (self.v.counters.c.key == hashed(key)) & (self.v.counters.c.window < window)
                conn.execute(delete(self.v.counters).where(old))
        return count


def counting(counters: Table, dialect: Dialect) -> Prepared:
    """One more in a window, and how many they are then."""
    statement = (sqlite if dialect.name == "sqlite" else postgresql).insert(counters)
    keys = [counters.c.key, counters.c.window]
    more = statement.on_conflict_do_update(
        index_elements=keys, set_={"count": counters.c.count + statement.excluded.count}
    )
    return Prepared(more.returning(counters.c.count), dialect)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_text(random: bytes) -> str:
    return urlsafe_b64encode(random).rstrip(b"=").decode()


def listed(row: dict[str, Any]) -> Token:
    fields = {name: row[name] for name in Token.__dataclass_fields__}
    return Token(**{**fields, "scopes": tuple(row["scopes"])})
