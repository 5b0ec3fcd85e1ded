"""What is said beside a text wherever it is shown: who holds which bracketed alternative, the decision on it, who
dissociates themselves from which paragraphs, and how somebody understands the decision.

domain.md, rules 4 to 6; statements are inseparable from the decision that they interpret.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from dialogue.brackets import Malformed, alternatives
from dialogue.proposal import TextBracketed
from projections.outcomes import on_text, statements
from projections.read import Reading, Row, Shown


def beside(reading: Reading, proposal: UUID, version: int) -> Shown:
    """Holders, decision, dissociations and statements of one version of an item. Raises Unknown."""
    row = reading.one(reading.t.proposals, proposal, "proposal")
    found: Shown = {
        "holders": holders(reading, row, version),
        "decision": None,
        "dissociations": [],
        "statements": statements(reading, on_text(reading, row, version)),
    }
    call = reading.row(reading.t.calls, row["decision"]) if row["decision"] else None
    if call is None or call["version"] is None or version < call["version"]:
        return found
    dialogue = row["dialogue"]
    positions = [
        one
        for one in reading.all(reading.t.positions, "position", dialogue, parent=call["id"])
        if one["name"] == "agree-dissociating" and not one["late"]
    ]
    people = reading.persons(one["participant"] for one in positions)
    found["decision"] = {"call": f"Q{call['number']}", "status": call["status"], "entry": call["outcome_entry"]}
    found["dissociations"] = [
        {
            "by": people[one["participant"]].reference if one["participant"] in people else None,
            "paragraphs": one["paragraphs"],
            "reason": one["reason"],
        }
        for one in positions
    ]
    return found


def holders(reading: Reading, row: Row, version: int) -> list[Shown]:
    """Who holds each alternative that still stands open in this version, and in how many places it stands."""
    texts = reading.t.texts
    bracketed = (texts.c.subject == row["id"]) & (texts.c.version <= version) & (texts.c.cause == "TextBracketed")
    entry = reading.conn.execute(select(func.max(texts.c.entry)).where(bracketed)).scalar()
    if entry is None:
        return []
    here = select(texts.c.sha256).where(texts.c.subject == row["id"], texts.c.version == version)
    try:
        still = alternatives(reading.words(reading.conn.execute(here).scalar_one()))
    except Malformed:
        return []
    fact = reading.entry(UUID(row["dialogue"]), entry).fact
    assert isinstance(fact, TextBracketed)
    held = [one for one in fact.holders if one.alternative in still]
    people = reading.persons(who for one in held for who in one.participants)
    return [
        {
            "alternative": one.alternative,
            "places": still[one.alternative],
            "holders": [people[str(who)].reference for who in one.participants],
        }
        for one in held
    ]
