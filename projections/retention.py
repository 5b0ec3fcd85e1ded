"""Retention: who said what under the Chatham House Rule is removed when a dialogue keeps it no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.notes import retire as retire_in
from projections.purging import purge

if TYPE_CHECKING:
    from projections.secretariat import Secretariat


def retire(secretariat: Secretariat) -> tuple[int, str]:
    """For how many contributions it was removed, in all dialogues; and what is left to do, "" if nothing is.

    Again at once it removes nothing.
    """
    today = secretariat.clock().date()
    with secretariat.reading() as reading:
        removed = sum(retire_in(reading, dialogue, today) for dialogue in secretariat.record.rows.dialogues())
    return removed, purge(secretariat.stores) if removed else ""
