"""`dialogue demo`: plays an invented dialogue and shows what came of it."""

from __future__ import annotations

import shlex
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from cli.session import Session, echo_error, with_json
from cli.show_decisions import lists
from dialogue.fact import named

if TYPE_CHECKING:
    from projections.secretariat import Secretariat

TRY = (
    "",
    "signatories --document D1",
    "trace P12 --phrase 'military competition'",
    "compare P1 --from 1 --to 4",
    "log --from 600",
)


@click.command()
@with_json
@click.pass_obj
def demo(session: Session) -> None:
    """Play an invented dialogue into a fresh data folder, and print the document that it ends in.

    Without --data the folder is a new one beside the usual data folder. Nobody and nothing in it exists.

    Example: dialogue --data ./demo demo
    """
    from projections.demo.story import play
    from projections.demo.texts import INVENTED
    from projections.founding import found, open_installation

    folder = fresh(session)
    settings = replace(session.settings, data=folder, database=None)
    if not session.json:
        click.echo(f"{INVENTED}\n")
    found(settings)
    secretariat = open_installation(settings)
    click.get_current_context().call_on_close(secretariat.close)
    echo_error(f"playing into {folder} …")
    dialogue = play(secretariat)
    document, people = shown(secretariat, dialogue)
    start = f"dialogue --data {shlex.quote(str(folder))}"
    tries = [f"{start} {words}".rstrip() for words in TRY]
    session.out(
        {"data": str(folder), "dialogue": str(dialogue), "document": document, "signatories": people, "try": tries},
        "\n\n".join(
            [document, *lists(session, people, secretariat.clock(), "document"), "Try next:\n\n  " + "\n  ".join(tries)]
        ),
    )


def fresh(session: Session) -> Path:
    """The folder to play into: the one that --data names, if it holds no record yet, or a new one."""
    import platformdirs

    if session.settings.sources["data"] == "default":
        beside = platformdirs.user_data_path("dialogue-demo")
        beside.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=beside))
    if (session.settings.data / "record.db").exists():
        raise click.UsageError(f"{session.settings.data} holds a record already: name a new folder with --data")
    return session.settings.data


def shown(secretariat: Secretariat, dialogue: UUID) -> tuple[str, list[dict[str, Any]]]:
    """The published document, and everybody who signed it."""
    from projections import signatories
    from projections.publish.markdown import render
    from projections.publishing import publication

    document = named(dialogue, "D1")
    with secretariat.reading() as reading:
        return render(publication(reading, dialogue, document)), signatories.page(reading, document).items
