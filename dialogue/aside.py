"""States put aside on disk, so that folding a long history takes no more memory than a short one."""

from __future__ import annotations

import copyreg
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from uuid import UUID

from dialogue.book import State
from dialogue.fact import Unknown
from dialogue.history import History

KEPT = 5_000  # states in memory
CACHE = 16_384  # KiB of the file's pages in memory, so that a million ids find their places without the disk

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
        self.db.execute("CREATE TABLE states (kind, id, version, body, PRIMARY KEY (kind, id))")

    def put(self, history: History) -> None:
        """Takes the states that a history has folded, when they are many; it asks for them when it needs them."""
        if max(len(history.folded), len(history.texts)) <= KEPT:
            return
        rows = [
            (kind, id.to_bytes(16), version, None if state is None else pickle.dumps(state))
            for (kind, id), (state, version) in history.folded.items()
        ]
        self.db.executemany("INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?)", rows)
        history.folded.clear()
        history.texts.clear()

    def state(self, kind: str, id: UUID) -> tuple[State | None, int]:
        query = "SELECT version, body FROM states WHERE kind = ? AND id = ?"
        row = self.db.execute(query, (kind, id.bytes)).fetchone()
        return (None, 0) if row is None else (state_of(row[1]), row[0])

    def states(self, kind: str) -> Iterator[tuple[UUID, State]]:
        query = "SELECT id, body FROM states WHERE kind = ? AND body IS NOT NULL"
        for id, body in self.db.execute(query, (kind,)).fetchall():
            state = state_of(body)
            assert state is not None
            yield UUID(bytes=id), state

    def words(self, sha256: str) -> str:
        """The words of a text. Raises Unknown."""
        content = self.text(sha256)
        if content is None:
            raise Unknown("text with that digest")
        return content.decode()


def state_of(body: bytes | None) -> State | None:
    if body is None:
        return None
    state: State = pickle.loads(body)  # noqa: S301  # what this process has written itself, where no other can
    return state
