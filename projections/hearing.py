"""Who had seen which text: the answer that circulation gives at any entry or instant (domain.md, rule 8)."""

from __future__ import annotations

from uuid import UUID

from dialogue.fact import Refused, Unknown
from dialogue.shape import stamp
from projections.documents import editions
from projections.read import Reading, Row, Shown


def who_had_seen(reading: Reading, dialogue: UUID, document: UUID, edition: int | None = None) -> Shown:
    """For each addressee of an edition: when it was sent, acknowledged and answered, as of the bound.

    Somebody had seen the edition who acknowledged receipt or answered; who was only sent it may have. Asked for what
    had `happened` until an instant, it counts all that happened until then, however late it was entered. Raises
    Unknown for an edition that was not there, Refused where none was.
    """
    reading, until = happened(reading, dialogue)
    row = reading.one(reading.t.documents, document, "document")
    issued = [one["edition"] for one in editions(reading, row) if one["time"] <= until]
    if not issued:
        raise Refused("no-edition", f"no edition of D{row['number']} had been issued")
    wanted = edition or issued[-1]
    if wanted not in issued:
        raise Unknown(f"edition {wanted} of D{row['number']}")
    addressed: dict[str, Shown] = {}
    for sent in reading.all(reading.t.circulations, "circulation", dialogue, parent=document):
        if sent["edition"] != wanted or sent["sent"] > until:
            continue
        for who in sent["addressees"]:
            seen = addressed.setdefault(who, {"sent": sent["sent"], "acknowledged": None, "answers": []})
            seen["sent"] = min(seen["sent"], sent["sent"])
        for answer in answers(reading, dialogue, sent["id"]):
            if answer["time"] > until:
                continue
            seen = addressed[answer["participant"]]
            if answer["kind"] == "receipt":
                seen["acknowledged"] = min(filter(None, (seen["acknowledged"], answer["time"])))
            else:
                seen["answers"].append({"time": answer["time"], "words": answer["words"]})
    people = reading.persons(addressed)
    return {
        "document": f"D{row['number']}",
        "edition": wanted,
        "addressees": [
            {**people[who].reference, **seen, "had_seen": bool(seen["acknowledged"] or seen["answers"])}
            for who, seen in sorted(addressed.items(), key=lambda one: people[one[0]].number)
        ],
    }


def happened(reading: Reading, dialogue: UUID) -> tuple[Reading, str]:
    """What to read, and until which instant acts count: all that is read, unless `happened` was asked for."""
    if not str(reading.as_of).strip().startswith("happened:"):
        return reading, "9999"
    return reading.present, stamp(reading.instant(dialogue))


def answers(reading: Reading, dialogue: UUID, circulation: str) -> list[Row]:
    """Receipts and responses that were not entered in error."""
    return [
        row
        for kind in ("receipt", "response")
        for row in reading.all(reading.t.answers, kind, dialogue, parent=circulation)
        if row["status"] == "valid"
    ]
