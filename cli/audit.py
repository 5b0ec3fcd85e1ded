"""Commands that tell and trace the record and see to its stores: log, replay, compare, trace, rebuild, doctor."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from cli.session import NUMBER, Session, dialogue_option, showing, with_json

DAMAGED = 5  # the exit status for an integrity failure


def span(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --from and --to, in entries."""
    command = click.option("--to", "stop", type=NUMBER, metavar="N", help="The last entry.")(command)
    return click.option("--from", "start", type=NUMBER, default=1, metavar="N", help="The first entry.  [default: 1]")(
        command
    )


@click.command()
@click.argument("where", metavar="DIALOGUE", required=False)
@span
@showing
@click.pass_obj
def log(session: Session, where: str | None, start: int, stop: int | None) -> None:
    """Tell the entries of a dialogue, each in a sentence: who did what, when, and who entered it.

    With --json one object a line. An entry that was recorded later than it happened shows both times.

    Example: dialogue log "Quiet Waters" --from 40 --to 60
    """
    from cli.tell import line_text
    from projections.timeline import log as lines

    with session.reading() as reading:
        for line in lines(reading, session.dialogue(reading, where), start, stop):
            click.echo(compact(asdict(line)) if session.json else line_text(session, line))


@click.command()
@click.argument("where", metavar="DIALOGUE", required=False)
@span
@click.option("--step", is_flag=True, help="Wait for Enter after each entry, on a terminal.")
@showing
@click.pass_obj
def replay(session: Session, where: str | None, start: int, stop: int | None, step: bool) -> None:
    """Tell the deliberation entry by entry: the marked-up text where a text moved, the list where signatories moved.

    With --json one object a line.

    Example: dialogue replay "Quiet Waters" --from 40 --step
    """
    from cli.tell import step_data, step_text
    from projections.replay import replay as steps

    waits = step and not session.json and sys.stdin.isatty()
    with session.reading() as reading:
        for one in steps(reading, session.dialogue(reading, where), start, stop):
            click.echo(compact(step_data(one)) if session.json else step_text(session, one))
            if waits:
                click.prompt("", prompt_suffix="", default="", show_default=False, err=True)


@click.command()
@click.argument("item")
@click.option("--from", "since", metavar="V|ENTRY", help="The earlier version: 2, v2 or entry:40.")
@click.option("--to", "until", metavar="V|ENTRY", help="The later one.  [default: the current one]")
@dialogue_option
@showing
@click.pass_obj
def compare(session: Session, item: str, since: str | None, until: str | None, where: str | None) -> None:
    """Compare two versions of an item, word by word; by default the current one with the one before.

    A number is a version; one that the text has no version of is an entry, and entry:40 always is: the text as it
    stood there.

    Example: dialogue compare P7 --from 2 --to entry:90
    """
    from cli.printing import when
    from cli.tell import marked_up
    from projections.compare import as_data
    from projections.comparison import comparison
    from projections.resolve import thing_named

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        found = comparison(reading, thing_named(reading, dialogue, "proposal", item), since, until)
    before, after = two = found.before, found.after
    heads = [f"version {one['version']} (entry {one['entry']}, {when(session, one['time'])})" for one in two]
    renamed = f"{before['title']} → {after['title']}\n" if before["title"] != after["title"] else ""
    kept = ("version", "entry", "time", "title", "sha256")
    session.out(
        {
            "handle": after["handle"],
            "from": {name: before[name] for name in kept},
            "to": {name: after[name] for name in kept},
            "changes": as_data(found.changes),
        },
        f"{after['handle']}: {heads[0]} compared with {heads[1]}\n{renamed}\n{marked_up(found.changes)}",
    )


@click.command()
@click.argument("item")
@click.option("--phrase", metavar="WORDS", help="Which entry brought in each of these words of the text.")
@click.option("--occurrence", type=NUMBER, default=1, help="Which one, where the phrase stands repeatedly.")
@dialogue_option
@showing
@click.pass_obj
def trace(session: Session, item: str, phrase: str | None, occurrence: int, where: str | None) -> None:
    """Trace how an item came to read as it does: each version with the act, ruling and decision behind it.

    Across merges and splits. With --phrase, which entry brought in each of its words.

    Example: dialogue trace P7 --phrase "a hotline between the two coast guards"
    """
    from cli.tell import trace_text, words_text
    from projections.resolve import thing_named
    from projections.trace import trace as traced

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        found = traced(reading, thing_named(reading, dialogue, "proposal", item), phrase, occurrence)
    session.out(found, trace_text(session, found) if phrase is None else words_text(found))


@click.command()
@click.option("--check", is_flag=True, help="Change nothing: make the views anew beside the old ones and compare.")
@with_json
@click.pass_obj
def rebuild(session: Session, check: bool) -> None:
    """Make everything that is shown anew from the record, while the old views are still read.

    With --check the exit status is 5 where anything differs, and the first differences are printed. It is 5 too
    where a dialogue of the record cannot be read.

    Example: dialogue rebuild --check
    """
    secretariat = session.secretariat
    if not check:
        with bar(session, "Rebuilding") as progress:
            facts = secretariat.rebuild(progress)
        broken = unreadable(session)
        said = [f"the views were made anew from {facts} facts", *broken]
        session.out({"facts": facts, "broken": broken}, "\n".join(said))
        if broken:
            click.get_current_context().exit(DAMAGED)
        return
    with bar(session, "Comparing") as progress:
        differences = secretariat.compare(progress)
    broken = unreadable(session)
    said = ["the views differ from what the record says; run `dialogue rebuild`:", *differences]
    said = [*(said if differences else ["the views are what the record says"]), *broken]
    session.out({"differences": differences, "broken": broken}, "\n".join(said))
    if differences or broken:
        click.get_current_context().exit(DAMAGED)


def unreadable(session: Session) -> list[str]:
    """Of each dialogue that the views could not take, why."""
    with session.reading() as reading:
        return [str(one) for one in reading.all_broken()]


@contextmanager
def bar(session: Session, label: str) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr over the record's facts; what it gives is called with the position reached."""
    length = session.secretariat.record.recorder.max_notification_id() or 0
    with click.progressbar(length=length, label=label, file=sys.stderr) as shown:
        yield lambda position: shown.update(position - shown.pos)


@click.command()
@with_json
@click.pass_obj
def doctor(session: Session) -> None:
    """Examine the installation: stores, clock, disk, views, master key, settings. The exit status is 5 on a fault.

    Example: dialogue doctor --json
    """
    from projections.doctor import examine

    findings = list(examine(session.settings))
    marks = {"ok": "green", "warning": "yellow", "fault": "red"}
    lines = [
        f"{click.style(f'{one.status:<8}', fg=marks[one.status])} {one.what}: {one.sentence}"
        + (f"\n         to do: {one.todo}" if one.todo else "")
        for one in findings
    ]
    session.out([asdict(one) for one in findings], "\n".join(lines))
    if any(one.status == "fault" for one in findings):
        click.get_current_context().exit(DAMAGED)


def compact(data: dict[str, Any]) -> str:
    """One object on one line."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
