"""How the record is told on a terminal: lines of the log, steps of the replay, traces and comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from cli.printing import heading, indented, when
from cli.session import Session

if TYPE_CHECKING:
    from projections.compare import Change
    from projections.replay import Moved, Signatories, Step
    from projections.timeline import Line

BASES = {
    "room": "as said in the room",
    "email": "on the basis of an e-mail",
    "letter": "on the basis of a letter",
    "telephone": "on the basis of a telephone call",
    "document": "on the basis of a document",
}
MOVEMENTS = {
    "joined": "{names} joined",
    "reaffirmed": "{names} reaffirmed",
    "withdrew": "{names} withdrew",
    "objected": "the signature of {names} lapsed, as its owner objects to the change",
    "entered in error": "the signature of {names} is void, as it was entered in error",
    "lapsed": "{number} lapsed, as the text moved in substance: {names}",
    "stand again": "{number} stand again, as the change is editorial: {names}",
}
UNDER = " " * 9  # what stands below an entry's number


def line_text(session: Session, line: Line) -> str:
    """An entry on one line; who entered it, when and on what basis on a second, where that is not the same."""
    remarks = [f"act of {line.actor}"] if line.actor and line.actor not in line.sentence else []
    if line.recordedtime is not None or line.enteredby is not None:
        entered = f"entered {when(session, line.recordedtime or line.time)}"
        remarks.append(entered + (f" by {line.enteredby}" if line.enteredby else ""))
    if line.basis is not None:
        remarks.append(BASES[line.basis])
    if line.outside:
        remarks.append("outside the dates of the mandate")
    second = f"\n{UNDER}({', '.join(remarks)})" if remarks else ""
    return f"{line.entry:>{len(UNDER) - 2}}  {when(session, line.time)}  {line.sentence}{second}"


def step_data(step: Step) -> dict[str, Any]:
    """A step of the replay for JSON."""
    return {
        **asdict(step.line),
        "moved": asdict(step.moved) if step.moved else None,
        "signatories": [asdict(one) for one in step.signatories],
    }


def step_text(session: Session, step: Step) -> str:
    """A step of the replay: the line, the marked-up text where one moved, the list where signatories moved."""
    parts = [line_text(session, step.line)]
    if step.moved is not None:
        parts.append(moved_text(step.moved))
    parts += [UNDER + signatories_text(one) for one in step.signatories]
    return "\n".join(parts)


def moved_text(moved: Moved) -> str:
    """A text that began, or the marked-up text of what changed in it."""
    head = moved.what if moved.before is None else f"{moved.what}, compared with {moved.before}"
    words = "".join(one.words for one in moved.changes) if moved.before is None else marked_up(moved.changes)
    return "\n".join(UNDER + line if line else "" for line in f"{head}:\n{indented(words)}".split("\n"))


def signatories_text(one: Signatories) -> str:
    """Who came to a list of signatories, or went."""
    more = [f"{one.number - len(one.names)} more"] if one.number > len(one.names) else []
    number = "1 signature" if one.number == 1 else f"{one.number} signatures"
    told = MOVEMENTS[one.movement].format(names=", ".join([*one.names, *more]), number=number)
    return f"signatories of {one.subject}: {told}"


def marked_up(changes: Sequence[Change]) -> str:
    """The marked-up text: [-deleted-] and {+inserted+}, coloured on a terminal."""
    from projections.compare import marked_up_plain

    colours = {"same": None, "deleted": "red", "inserted": "green"}
    return "".join(click.style(marked_up_plain([one]), fg=colours[one.kind]) for one in changes)


def trace_text(session: Session, trace: dict[str, Any]) -> str:
    """How an item came to read as it does: what it came from, its versions, what became of it."""
    parts = ["\n".join(item_lines(session, one)) for one in (*trace["origins"], trace)]
    for heir in trace["becomes"]:
        how = "merged into" if heir["cause"] == "merged" else "split into"
        sources = ", ".join(heir["sources"])
        parts.append(f"{sources} {how} {heir['handle']} “{heir['title']}” at entry {heir['entry']} ({heir['status']})")
    return "\n\n".join(parts)


def item_lines(session: Session, item: dict[str, Any]) -> Iterator[str]:
    number = f", recommendation {item['number']}" if item["number"] else ""
    yield heading(f"{item['handle']} “{item['title']}” ({item['status']}{number})")
    if item["sponsors"]:
        yield indented(f"co-sponsored by {', '.join(one['name'] for one in item['sponsors'])}")
    for version in item["versions"]:
        yield indented(f"version {version['version']}, entry {version['entry']}, {when(session, version['time'])}")
        for line in version_lines(version):
            yield indented(line, 2)


def version_lines(version: dict[str, Any]) -> Iterator[str]:
    """What stands behind one version."""
    place = f", in {version['session']}" if version["session"] and version["session"] not in version["sentence"] else ""
    yield f"{version['cause']}: {version['sentence']}{place}"
    amendment = version["amendment"]
    if amendment is not None:
        reason = f": “{amendment['reason']}”" if amendment["reason"] else ""
        where = f", in {amendment['session']}" if amendment["session"] else ""
        yield (
            f"amendment {amendment['handle']} was proposed by {amendment['by']} at entry {amendment['entry']}"
            f"{where}{reason}"
        )
        for call in amendment["calls"]:
            yield call_text(call)
    if version["change"] is not None and not version["rulings"]:
        yield f"{version['change']}: no ruling was given on the change"
    for ruling in version["rulings"]:
        became = f", {ruling['status']}" if ruling["status"] != "given" else ""
        yield f"ruled {ruling['change']} by {ruling['handle']} at entry {ruling['entry']}{became}: “{ruling['reason']}”"
    for call in version["calls"]:
        yield call_text(call)


def call_text(call: dict[str, Any]) -> str:
    """A decision, with those who supported it."""
    outcome = f" at entry {call['outcome']}" if call["outcome"] else ""
    about = f" on {call['about']}" if call["about"] != "text" else ""
    parts = [
        f"{call['handle']} ({call['procedure']}{about}, called at entry {call['entry']}): {call['status']}{outcome}"
    ]
    parts += [f"{side} {', '.join(names)}" for side, names in sides(call) if names]
    if call["conveyed"]:
        parts.append(f"{call['conveyed']} objecting through the chair, not named")
    if call["session"]:
        parts.append(f"in {call['session']}")
    return "; ".join(parts)


def sides(call: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [("supported by", call["agreed"]), ("objected to by", call["objected"])]


def words_text(traced: dict[str, Any]) -> str:
    """Which entry brought in each word of a phrase."""
    lines = [heading(f"“{traced['phrase']}” in {traced['handle']} (version {traced['version']})")]
    for run in traced["words"]:
        words = " ".join(run["words"].split())
        lines.append(indented(f"“{words}” was brought in by entry {run['entry']}: {run['sentence']}"))
    return "\n".join(lines)
