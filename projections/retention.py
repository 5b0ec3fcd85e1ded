"""Retention: who said what under the Chatham House Rule is removed when a dialogue keeps it no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from projections.notes import retire as retire_in
from projections.purging import purge

if TYPE_CHECKING:
    from projections.secretariat import Secretariat


def retire(secretariat: Secretariat, dialogue: UUID | None = None) -> tuple[int, str]:
    """For how many contributions it was removed, in one dialogue or in all; and what is left to do, "" if nothing is.

    Again at once it removes nothing.
    """
    today = secretariat.clock().date()
    where = secretariat.record.rows.dialogues() if dialogue is None else [dialogue]
    with secretariat.reading() as reading:
        removed = sum(retire_in(reading, one, today) for one in where)
    return removed, purge(secretariat.stores) if removed else ""
