"""`dialogue apply`: brings in a history, written as commands."""

from __future__ import annotations

import os
import stat
import sys
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click

from cli.session import Session, dialogue_option, with_json
from projections.applying import Applied, Applying


@click.command()
@click.argument("file", type=click.File("rb"))
@dialogue_option
@click.option("--atomic", is_flag=True, help="All of it or none, up to 50,000 acts in one dialogue.")
@click.option("--dry-run", is_flag=True, help="Say what would be recorded, and record nothing.")
@with_json
@click.pass_obj
def apply(session: Session, file: BinaryIO, where: str | None, atomic: bool, dry_run: bool) -> None:
    """Bring in a history, written as commands: one JSON object a line, from FILE or - for standard input.

    Each line names a command (see `dialogue commands --json`), who acts, and the command's fields; things are
    named by handle, number, name or id. It stops at the first line that is refused, and says which. Applying
    the same file again records nothing new.

    \b
    {"command": "ProposeDialogue", "fields": {"title": "Quiet Waters", "officers": [{"roles":
        ["secretariat"], "body": "The Office"}]}}
    {"command": "Invite", "actor": "The Office", "fields": {"name": "KIM Haneul"}}
    {"command": "SubmitProposal", "actor": "KIM Haneul", "time": "2026-01-31T09:00Z", "basis": "email",
        "fields": {"title": "Hotlines", "text": "Keep one line open."}}

    \b
    Example: dialogue apply history.jsonl --atomic
    """  # noqa: D301  # to click the escape itself means: leave these lines as they are
    dialogue = None
    if where is not None:
        with session.reading() as reading:
            dialogue = session.dialogue(reading, where)
    settings = session.settings
    applying = Applying(
        session.secretariat,
        dialogue=dialogue,
        actor=settings.actor,
        zone=ZoneInfo(settings.tz) if settings.tz else None,
        atomic=atomic,
        dry_run=dry_run,
    )
    with click.progressbar(length=size(file), label="applying", file=sys.stderr, hidden=session.json) as bar:
        applied = applying.run(file, bar.update)
    told = summary(applied, dry_run=dry_run)
    session.out({"lines": applied.lines, "entries": applied.entries, "dialogues": list(applied.dialogues)}, told)


def size(file: BinaryIO) -> int:
    """The file's bytes, for the progress bar; 0 for what comes through a pipe."""
    try:
        status = os.fstat(file.fileno())
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def summary(applied: Applied, *, dry_run: bool) -> str:
    if not applied.entries:
        return f"{applied.lines} lines: nothing to do, it is so already"
    verb = "would be recorded; nothing was: this was a dry run" if dry_run else "recorded"
    return f"{applied.lines} lines: {applied.entries} entries {verb}"
