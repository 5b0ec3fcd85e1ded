"""What somebody has to see who acted on words that have moved since: the marked-up text, or both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dialogue.fact import Command, Refused, Unknown
from projections.compare import as_data, compare, marked_up_plain
from projections.read import Reading


@dataclass(frozen=True)
class Compared:
    """One text as it was and as it is, or, in a conflict, as it was, as it is, and as it should have become."""

    heading: str
    marked_up: str
    data: Any


def what_moved(reading: Reading, command: Command, refused: Refused) -> list[Compared]:
    """What to show beside a refusal of an outdated version or of an amendment in conflict; otherwise nothing."""
    if refused.code == "in-conflict":
        return [in_conflict(place) for place in refused.details.get("places", [])]  # type: ignore[attr-defined]
    version, current = refused.details.get("version"), refused.details.get("current")
    if refused.code != "outdated" or not isinstance(version, int) or not isinstance(current, int):
        return []
    subject = subject_of(reading, command)
    if subject is None:
        return []
    kind, id = subject
    if kind == "proposal":
        return [between(reading, id, f"{reading.handle(id)} version {version} to {current}", version, current)]
    return editions(reading, id, version, current)


def in_conflict(place: dict[str, Any]) -> Compared:
    lines = [f"it was:      {place['base']}", f"it reads:    {place['theirs']}", f"it would be: {place['mine']}"]
    where = f"paragraph {place['paragraph']}" if place["paragraph"] else "the title"
    return Compared(f"in conflict in {where}", "\n".join(lines), place)


def subject_of(reading: Reading, command: Command) -> tuple[str, UUID] | None:
    """The item or document that the command is about, by itself or by its signature."""
    for kind in ("proposal", "document"):
        id = getattr(command, kind, None)
        if id is not None:
            return kind, id
    signature = reading.row(reading.t.endorsements, getattr(command, "endorsement", "") or "")
    if signature is None:
        return None
    kind = "proposal" if reading.row(reading.t.proposals, signature["subject"]) else "document"
    return kind, UUID(signature["subject"])


def between(reading: Reading, proposal: UUID | str, heading: str, old: int, new: int) -> Compared:
    changes = compare(words(reading, proposal, old), words(reading, proposal, new))
    return Compared(heading, marked_up_plain(changes), as_data(changes))


def words(reading: Reading, proposal: UUID | str, version: int) -> str:
    """The words of one version of an item. Raises Unknown."""
    texts = reading.t.texts
    query = select(texts.c.sha256).where(texts.c.subject == str(proposal), texts.c.version <= version)
    sha256 = reading.conn.execute(query.order_by(texts.c.version.desc()).limit(1)).scalar()
    if sha256 is None:
        raise Unknown(f"version {version}")
    return reading.words(sha256)


def editions(reading: Reading, document: UUID, old: int, new: int) -> list[Compared]:
    """The items that read otherwise in the newer edition, one by one."""
    before = {item["proposal"]: item for item in items(reading, document, old)}
    found = []
    for item in items(reading, document, new):
        earlier = before.pop(item["proposal"], None)
        if earlier is None or earlier["text"] != item["text"]:
            old_words = "" if earlier is None else reading.words(earlier["text"])
            changes = compare(old_words, reading.words(item["text"]))
            heading = f"{item['number']}. {item['title']}, edition {old} to {new}"
            found.append(Compared(heading, marked_up_plain(changes), as_data(changes)))
    for gone in before.values():
        changes = compare(reading.words(gone["text"]), "")
        found.append(
            Compared(f"{gone['title']}: no longer in edition {new}", marked_up_plain(changes), as_data(changes))
        )
    return found


def items(reading: Reading, document: UUID, edition: int) -> list[dict[str, Any]]:
    table = reading.t.editions
    query = select(table.c["items"]).where(table.c.document == str(document), table.c.edition == edition)
    return reading.conn.execute(query).scalar() or []
