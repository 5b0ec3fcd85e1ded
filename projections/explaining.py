"""Outcomes explained, as data and as a sentence; and what a procedure would make of supposed positions.

domain.md, rule 5. The sentence names entries, never persons; those awaited are named apart, to who may know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any, get_args
from uuid import UUID

from dialogue import outcome
from dialogue.fact import Refused
from dialogue.procedure import (
    POSITIONS,
    Held,
    Procedure,
    ProcedureName,
    Unfit,
    evaluate,
    fit,
    sentence,
)
from dialogue.shape import encode
from projections import rule
from projections.outcomes import became, described, evaluation, supposing
from projections.read import Reading, Row, Shown

SUPPOSED = UUID(int=0xD1A)  # supposed participants are counted from here


def explained(reading: Reading, call: UUID | str) -> Shown:
    """Why the outcome of a call is what it is, or what it waits for; and how it is understood. Raises Unknown."""
    row = reading.one(reading.t.calls, call, "consensus call")
    shown = described(reading, row)
    people = reading.persons(row["entitled"])
    answer: Shown = {
        "call": shown["handle"],
        "status": shown["status"],
        "procedure": row["procedure"],
        "entitled": [people[id].reference for id in row["entitled"] if id in people],
        "awaited": shown["awaited"],
        "statements": shown["statements"],
    }
    if row["outcome_entry"] is None:
        return {**answer, "sentence": f"{shown['handle']} {undeclared(row, shown)}"}
    said = f"{shown['handle']}: {shown['explanation']} {became(shown)}".rstrip()
    found = rule.told_tally(reading, row) if rule.private(reading, row) else evaluation(row, [])
    why = encode(outcome.explained(found)) if found else None
    return {**answer, "outcome": row["outcome_entry"], "explanation": why, "sentence": said}


def undeclared(row: Row, shown: Shown) -> str:
    """What has become of a call that has no outcome, and what it would come to."""
    match row["status"]:
        case "broken":
            return f"has no outcome: the silence was broken by entry {row['cause']}."
        case "void":
            return f"is void: entry {row['cause']} changed or settled what it was about."
    return f"is {shown['status']}; no outcome has been declared. {supposing(shown)}".rstrip()


def supposed(terms: Mapping[str, Any], entitled: int, positions: Sequence[str]) -> Shown:
    """What a procedure makes of so many of each position; positions are given as NAME=N. Raises Refused."""
    people = [UUID(int=SUPPOSED.int + number) for number in range(entitled)]
    held: list[Held] = []
    free = iter(people[int(terms.get("excluded") or 0) :])
    for one in positions:
        name, _, number = one.partition("=")
        if name not in POSITIONS or not number.isdecimal() or len(number) > 4:
            raise Refused("unfit", f"{one} is no position: write one of {', '.join(POSITIONS)}, an = and a number")
        for _ in range(int(number)):
            holder = next(free, None)
            if holder is None:
                raise Refused("unfit", "more positions are supposed than there are entitled to take one")
            held.append(Held(holder, name, len(held) + 1))
    return judged(procedure_of(terms, people), people, held)


def supposed_of(reading: Reading, call: UUID, terms: Mapping[str, Any], reader: UUID | None) -> Shown:
    """What another procedure would have made of a call's real positions. For auditors only; raises Refused."""
    person = reading.person(reader)
    if person is None or "auditor" not in person.roles:
        raise Refused("role", "only an auditor asks what real positions would have come to; act as one with --actor")
    row = reading.one(reading.t.calls, call, "consensus call")
    if rule.private(reading, row):
        raise Refused("attribution", "the positions in that call were taken under the Chatham House Rule; suppose some")
    people = [UUID(one) for one in row["entitled"]]
    held = [Held(None, "object", entry) for entry in row["conveyed"]]
    for position in reading.all(reading.t.positions, "position", row["dialogue"], parent=call):
        if position["name"] is not None and not position["late"]:
            holder = UUID(position["participant"]) if position["participant"] else None
            held.append(Held(holder, position["name"], position["taken"]))
    return judged(procedure_of(terms, people), people, held)


def procedure_of(terms: Mapping[str, Any], entitled: Sequence[UUID]) -> Procedure:
    name = terms["name"]
    if name not in get_args(ProcedureName) or name == "chair":
        raise Refused("unfit", f"{name} is no procedure that counts positions; see `dialogue what-if --help`")
    least = quantity(terms.get("threshold"), "threshold")
    return Procedure(
        name,
        quantity(terms.get("quorum"), "quorum"),
        None if least is None else Fraction(least),
        tuple(entitled[: int(terms.get("excluded") or 0)]),
    )


def quantity(words: str | None, what: str) -> int | Fraction | None:
    """A count, or a fraction, as somebody writes it. Raises Refused."""
    try:
        if words is None:
            return None
        return Fraction(words) if "/" in words else int(words)
    except (ValueError, ZeroDivisionError):
        raise Refused("unfit", f"{words} is no {what}: give a number, or a fraction such as 1/2") from None


def judged(procedure: Procedure, people: Sequence[UUID], held: Sequence[Held]) -> Shown:
    try:
        fit(procedure, people)
    except Unfit as unfit:
        raise Refused("unfit", str(unfit)) from None
    found = evaluate(procedure, people, held)
    shown = {name: value for name, value in asdict(found).items() if name not in ("procedure", "awaited")}
    return {**shown, "tally": dict(found.tally), "sentence": sentence(found)}
