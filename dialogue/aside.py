"""States put aside on disk, so that folding a long history takes no more memory than a short one."""

from __future__ import annotations

import copyreg
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from dialogue.book import State
from dialogue.fact import Unknown, made
from dialogue.history import History
from dialogue.kinds import FACTS, OWN

STREAMS = sorted({*OWN, *(fact.stream for fact in FACTS.values())})  # some keep no state, but a version
NAMES = {kind: [one.name for one in fields(state)] for kind, (state, _) in OWN.items()}  # type: ignore[arg-type]
# "kind" besides, which is no field: an attrgetter of one name alone would give no tuple
VALUES = {kind: attrgetter(*names, "kind") for kind, names in NAMES.items()}
KEPT = 10_000  # states in memory
CACHE = 32_768  # KiB of the file's pages in memory, so that a million ids find their places without the disk

# An id is pickled as its number. Its own way, which spells out its attributes, takes four times as long, and there are
# several in every state that is put aside, and in every entry that is sent to another process (apart.py).
copyreg.pickle(UUID, lambda id: (UUID, (None, None, None, None, id.int)))


class Aside:
    """A shelf in a temporary file of this process's own, which is gone when it ends. `text` gives stored texts."""

    def __init__(self, text: Callable[[str], bytes | None]) -> None:
        self.text = text
        self.db = sqlite3.connect("")  # a private database on disk: sqlite.org/inmemorydb.html, "Temporary Databases"
        self.db.execute("PRAGMA journal_mode = OFF")  # nothing is ever taken back
        self.db.execute(f"PRAGMA cache_size = -{CACHE}")
        for kind in STREAMS:
            self.db.execute(f'CREATE TABLE "{kind}" (id BLOB PRIMARY KEY, version, body)')

    def put(self, history: History) -> None:
        """Takes the states that a history has folded, when they are many; it asks for them when it needs them."""
        if max(len(history.folded), len(history.texts)) <= KEPT:
            return
        for kind, keys in groupby(sorted(history.folded), key=lambda key: key[0]):  # neighbours share pages
            found = ((id, *history.folded[kind, id]) for _, id in keys)
            rows = [(id.to_bytes(16), version, packed(state)) for id, state, version in found]
            self.db.executemany(f'INSERT OR REPLACE INTO "{kind}" VALUES (?, ?, ?)', rows)  # noqa: S608  # of STREAMS
        history.folded.clear()
        history.texts.clear()

    def state(self, kind: str, id: UUID) -> tuple[State | None, int]:
        query = f'SELECT version, body FROM "{kind}" WHERE id = ?'  # noqa: S608  # one of STREAMS
        row = self.db.execute(query, (id.bytes,)).fetchone()
        return (None, 0) if row is None else (unpacked(kind, row[1]), row[0])

    def states(self, kind: str) -> Iterator[tuple[UUID, State]]:
        query = f'SELECT id, body FROM "{kind}" WHERE body IS NOT NULL'  # noqa: S608  # one of STREAMS
        for id, body in self.db.execute(query).fetchall():
            state = unpacked(kind, body)
            assert state is not None
            yield UUID(bytes=id), state

    def words(self, sha256: str) -> str:
        """The words of a text. Raises Unknown."""
        content = self.text(sha256)
        if content is None:
            raise Unknown("text with that digest")
        return content.decode()


def packed(state: State | None) -> bytes | None:
    """The values of the state's fields, in their order."""
    return None if state is None else pickle.dumps(VALUES[state.kind](state)[:-1])


def unpacked(kind: str, body: bytes | None) -> State | None:
    if body is None:
        return None
    values = pickle.loads(body)  # noqa: S301  # what this process has written itself, where no other can
    return made(OWN[kind][0], dict(zip(NAMES[kind], values, strict=True)))
