"""What an act is answered with: the entries it became, who has still to assent, or how the words have moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import click

from cli.room import ended
from cli.session import Session
from cli.show_decisions import still_to_assent
from dialogue.fact import Command, Entry, Refused
from dialogue.history import LETTERS
from dialogue.joint import ActAssented, ActProposed
from projections.outcomes import joint_acts
from projections.outdated import what_moved
from projections.read import Reading


def answer(session: Session, dialogue: UUID, entries: Sequence[Entry], *, dry_run: bool = False) -> None:
    """Prints what was recorded, or would be."""
    if not entries:
        session.out({"entries": []}, "nothing would be recorded" if dry_run else "nothing to do: it is so already")
        return
    with session.secretariat.reading() as reading:
        told = [told_of(reading, entry) for entry in entries]
        joint = {str(entry.stream) for entry in entries if isinstance(entry.fact, ActProposed | ActAssented)}
        waiting = [still_to_assent(one) for one in joint_acts(reading, dialogue) if one["id"] in joint] if joint else []
        released = None if dry_run else next(filter(None, (ended(reading, dialogue, one) for one in entries)), None)
    lines = [f"entry {one['entry']}: {said(one)}" for one in told]
    lines += [f"waits for {line}" for line in waiting]
    if released:
        lines.append(
            f"what was said under the Chatham House Rule entered without its speakers: {released['released']}"
            if released["released"]
            else f"fewer than {released['fewer_than']} contributions wait for the next session to close"
        )
    data: dict[str, Any] = {"dialogue": str(dialogue), "entries": told, **({"waiting": waiting} if waiting else {})}
    data |= {"under_the_rule": released} if released else {}
    if dry_run:
        lines.append("nothing was recorded: this was a dry run")
        data["dry_run"] = True
    session.out(data, "\n".join(lines))


def say_that_it_waits(session: Session, dialogue: UUID, ticket: str) -> None:
    """Answers a speaker, who alone gets the ticket."""
    words = "It is not recorded yet: it waits under the Chatham House Rule, and enters the record without your name."
    said = f"{words}\nYour ticket is {ticket}; `dialogue receipt {ticket}` says what became of it."
    session.out({"dialogue": str(dialogue), "entries": [], "ticket": ticket}, said)


def told_of(reading: Reading, entry: Entry) -> dict[str, Any]:
    """What a reader is told of an entry: its number, fact, and what it is about by id and handle."""
    fact = entry.fact
    number = getattr(fact, "number", None)
    numbered = fact.stream in LETTERS and isinstance(number, int)
    told = {
        "entry": entry.number,
        "fact": type(fact).__name__,
        "id": str(entry.stream),
        "handle": f"{LETTERS[fact.stream]}{number}" if numbered else reading.handle(entry.stream),
        "version": getattr(fact, "version", None),
    }
    return {name: value for name, value in told.items() if value is not None}


def said(told: dict[str, Any]) -> str:
    """The fact's name in words, with the handle: "P7, proposal submitted"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", told["fact"]).lower()
    handle = f"{told['handle']} " if "handle" in told else ""
    version = f", version {told['version']}" if "version" in told else ""
    return f"{handle}{words}{version}"


def say_what_moved(session: Session, command: Command, refused: Refused) -> None:
    """Shows, beside a refusal, what has changed since the words that somebody acted on."""
    with session.secretariat.reading() as reading:
        compared = what_moved(reading, command, refused)
    if not compared:
        return
    if session.json:
        refused.details["changes"] = [{"heading": one.heading, "changes": one.data} for one in compared]
        return
    for one in compared:
        click.echo(f"{one.heading}:\n{one.marked_up}\n", err=True)
