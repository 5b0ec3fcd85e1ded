"""Consensus calls as readers see them: positions, tally, and the outcome with what explains it.

domain.md, rules 3 to 5. What a call has come to so far is evaluated by the very engine that decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from dialogue.call import Explanation
from dialogue.joint import needed
from dialogue.procedure import POSITIONS, Evaluation, Held, Procedure, evaluate, sentence
from dialogue.shape import decode, stamp
from projections import rule
from projections.read import PAGE, Page, Reading, Row, Shown
from projections.standing import substantive_at


def page(
    reading: Reading,
    dialogue: UUID,
    *,
    subject: UUID | None = None,
    after: str | None = None,
    limit: int = PAGE,
    where: ColumnElement[bool] | None = None,
) -> Page:
    """The consensus calls of a dialogue, or on one thing, each with its positions and what they come to."""
    table = reading.t.calls
    rows, more = reading.page(table, "call", dialogue, parent=subject, after=after, limit=limit, where=where)
    return Page([described(reading, row) for row in rows], more)


def one(reading: Reading, call: UUID) -> Shown:
    """One consensus call. Raises Unknown."""
    return described(reading, reading.one(reading.t.calls, call, "consensus call"))


def described(reading: Reading, row: Row) -> Shown:
    dialogue = row["dialogue"]
    private = rule.private(reading, row)
    if not private:
        held = list(reading.all(reading.t.positions, "position", dialogue, parent=row["id"]))
    else:
        held = rule.held(reading, row) if reading.audience.may("holders") else []
    ids = [*row["entitled"], *(one["participant"] for one in held)]
    people = reading.persons(ids)
    declared = row["outcome_entry"] is not None
    found = rule.told_tally(reading, row) if private and declared else evaluation(row, held)
    blind = private and not reading.audience.may("holders")
    tally = {name: number for name, number in found.tally if number} if found and (declared or not blind) else {}
    pending = {one["participant"] for one in held if one["name"] == "agree-ad-referendum" and not one["late"]}
    if row["status"] in ("broken", "void", "set-aside"):
        pending = set()  # nobody waits for their word any more
    taken = {one["participant"] for one in held if one["name"] is not None and not one["late"]}
    silent = set() if blind else set(row["entitled"]) - taken
    names = ("about", "version", "sha256", "question", "opened", "expires", "declared", "effective", "reason", "cause")
    return {
        "id": row["id"],
        "handle": f"Q{row['number']}",
        "entry": row["born"],
        "on": reading.handle(row["subject"]),
        **{name: row[name] for name in names},
        "procedure": row["procedure"],
        "status": status(reading, row),
        "entitled": len(row["entitled"]),
        "tally": tally,
        "conveyed": row["conveyed"],
        "positions": [
            {
                "participant": people[one["participant"]].reference if one["participant"] in people else None,
                "position": one["name"],
                "reason": one["reason"],
                "paragraphs": one["paragraphs"],
                "late": one["late"],
                "entry": one["taken"],
            }
            for one in held
            if one["name"] is not None
        ],
        "silent": [people[id].reference for id in row["entitled"] if id in silent and id in people],
        "awaited": [people[id].reference for id in row["entitled"] if id in pending and id in people],
        "outcome": row["outcome_entry"],
        "explanation": (sentence(found) if found else rule.uncounted(row)) if declared else None,
        "so_far": sentence(found) if found and row["status"] == "open" and not blind else None,
        "statements": statements(reading, [row]),
    }


def statements(reading: Reading, calls: Iterable[Row]) -> list[Shown]:
    """How somebody understands these decisions: inseparable from them, and shown wherever they or their texts are."""
    stated = [(call, one) for call in calls for one in stated_on(reading, call)]
    people = reading.persons(one["participant"] for _, one in stated)
    return [
        {
            "handle": f"T{one['number']}",
            "call": f"Q{call['number']}",
            "participant": people[one["participant"]].reference,
            "words": one["words"],
            "entry": one["born"],
        }
        for call, one in stated
    ]


def stated_on(reading: Reading, call: Row) -> Iterable[Row]:
    return reading.all(reading.t.statements, "statement", call["dialogue"], parent=call["id"])


def on_text(reading: Reading, row: Row, version: int) -> list[Row]:
    """The calls with an outcome on this version of a text, or on an amendment that is in it, in the order of their
    numbers; none where nobody stated how they understand one, which is what they are asked for.
    """
    if not row["stated"]:
        return []
    substantive = substantive_at(row, version)
    calls = [
        call
        for call in reading.all(reading.t.calls, "call", row["dialogue"], parent=row["id"])
        if call["version"] is not None and substantive <= call["version"] <= version
    ]
    for amendment in reading.all(reading.t.amendments, "amendment", row["dialogue"], parent=row["id"]):
        if amendment["status"] == "accepted" and amendment["version"] <= version:
            calls += reading.all(reading.t.calls, "call", row["dialogue"], parent=amendment["id"])
    decided = [call for call in calls if call["status"] in ("reached", "not-reached", "contested")]
    return sorted(decided, key=lambda call: int(call["number"]))


def became(shown: Shown) -> str:
    """What became of a declared outcome, with the reason that was given; "" where there is nothing to say."""
    cause, reason = shown["cause"], shown["reason"]
    match shown["status"]:
        case "contested":
            return f"It is contested by entry {cause}."
        case "set-aside":
            return f"Contested by entry {cause}, it was set aside: {reason}"
        case "reached" if cause is not None:
            return f"Contested by entry {cause}, it was confirmed: {reason}"
    return f"Reason given: {reason}" if reason else ""


def supposing(shown: Shown) -> str:
    """What an open call would come to, in a sentence; "" for one of which that is not told."""
    if shown["so_far"] is None:
        return ""
    running = shown["procedure"]["name"] == "silence" and shown["status"] == "open"
    return f"If {'the silence ran out' if running else 'it were declared'} now: {shown['so_far']}"


def status(reading: Reading, row: Row) -> str:
    """The call's status at the instant asked for: a silence that has run out is only `unbroken so far`."""
    if row["status"] != "open" or row["expires"] is None:
        return str(row["status"])
    if stamp(reading.instant(row["dialogue"])) <= row["expires"]:
        return "open"
    return "unbroken so far" if row["procedure"]["name"] == "silence" else "overdue"


def evaluation(row: Row, held: list[Row]) -> Evaluation | None:
    """What the positions come to, or came to when the outcome was declared; None where a ruling is still to come."""
    procedure = decode(Procedure, row["procedure"])
    if row["explanation"] is not None:
        return recalled(procedure, decode(Explanation, row["explanation"]))
    if procedure.name == "chair":
        return None
    final = [
        Held(UUID(one["participant"]) if one["participant"] else None, one["name"], one["taken"] or 0)
        for one in held
        if one["name"] is not None and not one["late"]
    ]
    final += [Held(None, "object", entry) for entry in row["conveyed"]]
    return evaluate(procedure, [UUID(id) for id in row["entitled"]], final)


def recalled(procedure: Procedure, explanation: Explanation) -> Evaluation:
    """The evaluation that an outcome was declared with."""
    tally = {one.position: one.number for one in explanation.tally}
    return Evaluation(
        reached=explanation.reason is None,
        reason=explanation.reason,
        procedure=procedure,
        entitled=explanation.entitled,
        active=explanation.active,
        present=explanation.present,
        quorum_needed=explanation.quorum,
        tally=tuple((position, tally.get(position, 0)) for position in POSITIONS),
        conveyed=explanation.conveyed,
        counted=explanation.counted,
        blocked=explanation.blocked,
        pending=explanation.pending,
        awaited=(),
    )


def rulings(
    reading: Reading,
    dialogue: UUID,
    *,
    subject: UUID | None = None,
    after: str | None = None,
    limit: int = PAGE,
) -> Page:
    """The rulings on changes of texts, with their reasons and what became of them."""
    table = reading.t.rulings
    rows, more = reading.page(table, "ruling", dialogue, parent=subject, after=after, limit=limit)
    return Page(ruled(reading, rows), more)


def ruling(reading: Reading, id: UUID) -> Shown:
    """One ruling. Raises Unknown."""
    [shown] = ruled(reading, [reading.one(reading.t.rulings, id, "ruling")])
    return shown


def ruled(reading: Reading, rows: list[Row]) -> list[Shown]:
    handles = reading.handles(row["subject"] for row in rows)
    names = ("id", "version", "change", "reason", "status", "challenge", "notice_until")
    return [
        {
            "handle": f"R{row['number']}",
            "entry": row["born"],
            "on": handles.get(row["subject"]),
            **{name: row[name] for name in names},
        }
        for row in rows
    ]


def joint_acts(reading: Reading, dialogue: UUID) -> list[Shown]:
    """The acts that still wait for the assent of further co-chairs: of which, and of how many of them.

    Where all others have left, who has assented completes the act by doing so again.
    """
    table, participants = reading.t.joints, reading.t.participants
    waiting = list(reading.all(table, "joint", dialogue, where=table.c.status == "proposed"))
    if not waiting:
        return []
    active = ("invited", "accepted", "regrets")
    everybody = reading.all(participants, "participant", dialogue, where=participants.c.status.in_(active))
    chairs = [row["id"] for row in everybody if "co-chair" in row["roles"]]
    people = reading.persons([*chairs, *(id for row in waiting for id in row["assents"])])
    card = reading.one(reading.t.dialogues, dialogue, "dialogue")
    return [
        {
            "id": row["id"],
            "handle": f"J{row['number']}",
            "entry": row["born"],
            "command": row["command"],
            "fields": fields(row),
            "on": reading.handle(next((fields(row)[name] for name in SUBJECTS if name in fields(row)), None)),
            "needed": needed(card["settings"]["chairs"], len({*chairs, *row["assents"]})),
            "assents": [people[id].reference for id in row["assents"] if id in people],
            "awaited": [people[id].reference for id in chairs if id not in row["assents"]],
        }
        for row in waiting
    ]


SUBJECTS = ("call", "proposal", "document", "amendment")


def fields(row: Row) -> dict[str, Any]:
    """What the joint act asks for."""
    found: dict[str, Any] = json.loads(row["fields"])
    return found
