"""A record in its stores as evidence for the audit (dialogue/audit.py), so that an edited database is caught."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from dialogue.audit import Evidence, Report, audit
from dialogue.call import PositionsEntered
from dialogue.fact import Entry
from dialogue.merkle import leaf_hash
from dialogue.policy import Policy
from dialogue.record import Damaged
from projections import attesting, ledger
from projections.stores import StoreFailed

if TYPE_CHECKING:
    from projections.secretariat import Secretariat

ALL = 2**53


class Live:
    """One dialogue of an installation."""

    def __init__(self, secretariat: Secretariat, dialogue: UUID) -> None:
        self.reading = secretariat.reading
        self.record = secretariat.record
        self.custody = secretariat.custody
        self.dialogue = dialogue

    def leaves(self) -> Iterator[bytes]:
        return self.record.leaves(self.dialogue)

    def text(self, sha256: str) -> bytes | None:
        return self.record.rows.text(sha256)

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        return attesting.checkpoints(self.record.rows, self.dialogue, ALL)

    def seen(self, entry: Entry) -> dict[str, str]:
        """Where they are kept, the positions taken under the Chatham House Rule are opened, as far as they can be."""
        if not isinstance(entry.fact, PositionsEntered):
            return {}
        return dict(self.custody.open(entry.sealed).values())

    def policy(self) -> bytes | None:
        return attesting.policy(self.record.rows, self.dialogue, ALL)

    def finish(self, entries: int) -> None:
        """Nothing is left to look at."""

    def altered(self, first: int, last: int) -> int | None:
        """By the hashes that the views keep: who edits the record alone leaves them as they were."""
        with suppress(StoreFailed, Damaged), self.reading() as reading:
            kept = ledger.leaf_hashes(reading, self.dialogue, first, last)
            now = map(leaf_hash, self.record.leaves(self.dialogue, first, last))
            pairs = enumerate(zip(kept, now, strict=False), first)  # views that lag behind keep fewer
            return next((number for number, (one, other) in pairs if one != other), None)
        return None


def audit_live(
    secretariat: Secretariat,
    dialogue: UUID,
    kept: Sequence[bytes],
    policy: Policy | None,
    beside: Callable[[Evidence], Evidence] = lambda evidence: evidence,
) -> Report:
    """The audit of a record where it is kept. `beside` adds what is shown beside it (dialogue/disclosure.py)."""
    return audit(beside(Live(secretariat, dialogue)), kept, policy)
