"""Who had seen which text: the answer that circulation gives at any entry or instant (domain.md, rule 8)."""

from __future__ import annotations

from uuid import UUID

from projections.read import Reading, Row, Shown


def who_had_seen(reading: Reading, dialogue: UUID, document: UUID, edition: int | None = None) -> Shown:
    """For each addressee of an edition: when it was sent, acknowledged and answered, as of the bound.

    Somebody had seen the edition who acknowledged receipt or answered; who was only sent it may have.
    """
    row = reading.one(reading.t.documents, document, "document")
    wanted = edition or row["edition"]
    addressed: dict[str, Shown] = {}
    for sent in reading.all(reading.t.circulations, "circulation", dialogue, parent=document):
        if sent["edition"] != wanted:
            continue
        for who in sent["addressees"]:
            seen = addressed.setdefault(who, {"sent": sent["sent"], "acknowledged": None, "answers": []})
            seen["sent"] = min(seen["sent"], sent["sent"])
        for answer in answers(reading, dialogue, sent["id"]):
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


def answers(reading: Reading, dialogue: UUID, circulation: str) -> list[Row]:
    """Receipts and responses that were not entered in error."""
    return [
        row
        for kind in ("receipt", "response")
        for row in reading.all(reading.t.answers, kind, dialogue, parent=circulation)
        if row["status"] == "valid"
    ]
