"""What was said under the Chatham House Rule and waits in the vault: sealed, with who said it sealed apart.

The words are under the session's own key. Who said them is under a second key of that session, for the secretariat,
and is removed when the dialogue's retention is over: words that have entered the record keep theirs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, delete, select, update

from dialogue.call import PositionWithdrawn
from dialogue.envelope import fact_of
from dialogue.shape import encode
from dialogue.vault import NONCE_BYTES, Sealed, decrypt, encrypt
from dialogue.withheld import Contribution, Place
from projections.custody import Custody
from projections.prepared import insert_once
from projections.stores import Stores

# Hexadecimal digits, so 128 bits. Base64url could begin with a hyphen, and be taken for an option of `receipt`.
TICKET_LENGTH = 32


@dataclass(frozen=True)
class Held:
    """A contribution as it lies in the vault. `thing` is the comment or position that it became."""

    id: str
    session: str
    state: str
    received: str
    contribution: Contribution | None
    by: UUID | None
    thing: str | None


class Room:
    """Keeps what waits. `clock` gives the day on which something came; nothing finer is kept."""

    def __init__(self, stores: Stores, custody: Custody, clock: Callable[[], datetime]) -> None:
        self.stores = stores
        self.custody = custody
        self.clock = clock
        self.t = custody.v.waiting
        self.places = custody.v.places
        self.add_place = insert_once(self.places, stores.vault.dialect)

    def ticket(self, dialogue: UUID, act: str) -> str:
        """What the speaker is answered with: random to everybody else, and the same if the act is sent again."""
        return self.custody.digest(f"ticket {dialogue} {act}".encode()).hex()[:TICKET_LENGTH]

    def held_for(self, dialogue: UUID, act: str) -> str | None:
        """The ticket of what an act said; None for an act that was recorded at once."""
        return self.ticket(dialogue, act) if self.knows(self.claim(dialogue, act)) else None

    def claim(self, dialogue: UUID, act: str) -> str:
        return claimed(self.ticket(dialogue, act))

    def knows(self, id: str) -> bool:
        with self.stores.vault.connect() as conn:
            return conn.execute(select(self.t.c.id).where(self.t.c.id == id)).first() is not None

    def hold(self, dialogue: UUID, said: Sequence[tuple[str, Contribution]]) -> None:
        day = self.clock().date().isoformat()
        rows = [self.row(dialogue, act, one, day) for act, one in said]
        older = {held.id for act, one in said if one.call is not None for held in self.earlier(dialogue, one)}
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            for id in sorted(older - {row["id"] for row in rows}):
                conn.execute(update(self.t).where(self.t.c.id == id).values(state="changed", body=None, who=None))
            for row in rows:
                conn.execute(self.t.insert(), row)

    def row(self, dialogue: UUID, act: str, one: Contribution, day: str) -> dict[str, Any]:
        keys = self.custody.subject_keys({one.session, speakers(one.session)})
        body = json.dumps({"type": type(one.fact).__name__, "data": encode(one.fact)}, ensure_ascii=False)
        gone = isinstance(one.fact, PositionWithdrawn)
        who = None if gone or one.by is None else str(one.by)
        nonces = self.custody.random(NONCE_BYTES), self.custody.random(NONCE_BYTES)
        return {
            "id": one.id,
            "dialogue": str(dialogue),
            "session": str(one.session),
            "call": str(one.call) if one.call else None,
            "state": "changed" if gone else "waiting",
            "body": None if gone else encrypt(body, keys[one.session], nonces[0], f"said {one.id}"),
            "who": None if who is None else encrypt(who, keys[speakers(one.session)], nonces[1], f"by {one.id}"),
            "act": act,
            "received": day,
            "thing": None,
        }

    def earlier(self, dialogue: UUID, position: Contribution) -> list[Held]:
        """The positions that the same holder took before in the same call; a conveyed objection has none."""
        if position.by is None:
            return []
        waiting = (self.t.c.call == str(position.call)) & (self.t.c.state == "waiting")
        return [held for held in self.held(dialogue, waiting) if held.by == position.by]

    def held(self, dialogue: UUID | str, where: ColumnElement[bool]) -> list[Held]:
        """What the vault has in this dialogue, opened as far as can be, in an order that tells nothing."""
        query = select(self.t).where(self.t.c.dialogue == str(dialogue), where).order_by(self.t.c.id)
        with self.stores.vault.connect() as conn:
            rows = conn.execute(query).all()
        sessions = {UUID(row.session) for row in rows}
        wanted = sessions | {speakers(session) for session in sessions}
        try:
            keys = self.custody.subject_keys(wanted, make=False) if rows else {}
        except Sealed:  # read without the master key
            keys = {}
        return [self.opened(row, keys) for row in rows]

    def opened(self, row: Any, keys: dict[UUID, bytes]) -> Held:
        session = UUID(row.session)
        body = unsealed(row.body, keys.get(session), f"said {row.id}")
        who = unsealed(row.who, keys.get(speakers(session)), f"by {row.id}")
        by = UUID(who) if who else None
        contribution = None
        if body is not None:
            said = json.loads(body)
            call = UUID(row.call) if row.call else None
            contribution = Contribution(fact_of(said["type"], said["data"]), session, by, call, row.id)
        return Held(row.id, row.session, row.state, row.received, contribution, by, row.thing)

    def waiting(self, dialogue: UUID, stands: Callable[[int, str], bool]) -> list[Contribution]:
        self.settle(dialogue, stands)
        held = self.held(dialogue, self.t.c.state == "waiting")
        return [one.contribution for one in held if one.contribution is not None]

    def settle(self, dialogue: UUID, stands: Callable[[int, str], bool]) -> None:
        """Finishes what a process did not that stopped between recording a batch and taking note of it."""
        p = self.places
        query = select(p).join(self.t, self.t.c.id == p.c.id)
        with self.stores.vault.connect() as conn:
            noted = conn.execute(query.where(self.t.c.dialogue == str(dialogue), self.t.c.state == "waiting")).all()
        there = [Place(row.id, row.entry, row.token, UUID(row.thing)) for row in noted if stands(row.entry, row.token)]
        self.release(there)

    def speaker(self, comment: UUID) -> UUID | None:
        with self.stores.vault.connect() as conn:
            row = conn.execute(select(self.t).where(self.t.c.thing == str(comment))).first()
        if row is None:
            return None
        session = speakers(UUID(row.session))
        who = unsealed(row.who, self.custody.subject_keys({session}, make=False).get(session), f"by {row.id}")
        return UUID(who) if who else None

    def place(self, places: Sequence[Place]) -> None:
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            for one in places:
                self.add_place.run(conn, id=one.id, entry=one.entry, token=one.token, thing=str(one.thing))

    def release(self, places: Sequence[Place]) -> None:
        if not places:
            return
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            for one in places:
                entered = {"state": "released", "body": None, "thing": str(one.thing)}
                conn.execute(update(self.t).where(self.t.c.id == one.id).values(**entered))
                conn.execute(delete(self.places).where(self.places.c.id == one.id))

    def end(self, dialogue: UUID) -> None:
        mine = (self.t.c.dialogue == str(dialogue)) & (self.t.c.state == "waiting")
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            conn.execute(update(self.t).where(mine).values(state="destroyed", body=None, who=None))

    def receipt(self, ticket: str) -> Held | None:
        """What became of the contribution with this ticket; None for a ticket that was never given."""
        with self.stores.vault.connect() as conn:
            row = conn.execute(select(self.t).where(self.t.c.id == claimed(ticket.strip()))).first()
        return None if row is None else Held(row.id, row.session, row.state, row.received, None, None, row.thing)

    def listed(self, dialogue: UUID, where: ColumnElement[bool], needed: Iterable[str] = ()) -> list[str]:
        """The ids of what fits, without what waits in calls that still need it."""
        query = select(self.t).where(self.t.c.dialogue == str(dialogue), where).order_by(self.t.c.id)
        kept = set(needed)
        with self.stores.vault.connect() as conn:
            return [row.id for row in conn.execute(query) if not (row.state == "waiting" and row.call in kept)]

    def forget(self, dialogue: UUID, person: UUID) -> None:
        """Removes that this person said anything; what was said stays."""
        self.unname(dialogue, (one.id for one in self.held(dialogue, self.t.c.who.is_not(None)) if one.by == person))

    def unname(self, dialogue: UUID, ids: Iterable[str]) -> int:
        """Removes who said these, and what tells the acts by which they did; how many that were."""
        acts, count = self.custody.v.acts, 0
        with self.stores.writing(self.stores.vault) as conn, conn.begin():
            for id in ids:
                act = conn.execute(select(self.t.c.act).where(self.t.c.id == id)).scalar()
                conn.execute(delete(acts).where(acts.c.dialogue == str(dialogue), acts.c.act == act))
                named = (self.t.c.id == id) & self.t.c.act.is_not(None)
                count += conn.execute(update(self.t).where(named).values(who=None, act=None)).rowcount
        return count


def claimed(ticket: str) -> str:
    return sha256(ticket.encode()).hexdigest()


def speakers(session: UUID) -> UUID:
    """Whose key seals who said what in a session."""
    return uuid5(session, "speakers")


def unsealed(sealed: bytes | None, key: bytes | None, name: str) -> str | None:
    """The value; None for what is gone, or whose key is."""
    if sealed is None or key is None:
        return None
    try:
        return decrypt(bytes(sealed), key, name)
    except Sealed:
        return None
