"""A record in its stores as evidence for the audit (dialogue/audit.py), so that an edited database is caught."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from dialogue.audit import Evidence, Report, audit
from dialogue.call import PositionsEntered
from dialogue.fact import Entry
from dialogue.policy import Policy
from projections import attesting

if TYPE_CHECKING:
    from projections.secretariat import Secretariat

ALL = 2**53


class Live:
    """One dialogue of an installation."""

    def __init__(self, secretariat: Secretariat, dialogue: UUID) -> None:
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


def audit_live(
    secretariat: Secretariat,
    dialogue: UUID,
    kept: Sequence[bytes],
    policy: Policy | None,
    beside: Callable[[Evidence], Evidence] = lambda evidence: evidence,
) -> Report:
    """The audit of a record where it is kept. `beside` adds what is shown beside it (dialogue/disclosure.py)."""
    return audit(beside(Live(secretariat, dialogue)), kept, policy)
