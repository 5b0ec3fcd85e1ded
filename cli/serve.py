"""Serving over HTTP, and who may come in: serve, and token create, list and revoke."""

from __future__ import annotations

import os
import sys
from datetime import timedelta

import click

from cli.session import Session, dialogue_option, with_json


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8008, show_default=True, type=click.IntRange(0, 65535))
@click.option("--threads", default=64, show_default=True, type=click.IntRange(2, 1024))
@click.option("--server", type=click.Choice(["waitress", "granian"]), default="waitress", show_default=True)
@click.option("--allow-host", multiple=True, metavar="NAME", help="Answer only requests for this Host. Repeat it.")
@click.option("--allow-origin", multiple=True, metavar="URL", help="Let pages of this origin read (CORS). Repeat it.")
@click.option("--acts-a-minute", default=120, show_default=True, type=click.IntRange(1), help="Of one token.")
@click.option("--reads-a-second", default=200, show_default=True, type=click.IntRange(1), help="Of one token.")
@click.pass_obj
def serve(
    session: Session,
    host: str,
    port: int,
    threads: int,
    server: str,
    allow_host: tuple[str, ...],
    allow_origin: tuple[str, ...],
    acts_a_minute: int,
    reads_a_second: int,
) -> None:
    """Serve this record over HTTP, until stopped.

    Participants come in with a token: `dialogue token create NAME`. What can be asked is shown at /docs.

    Example: dialogue serve --port 8008
    """
    from projections.settings import handed_on

    settings = session.settings
    arguments = [
        "--host",
        host,
        "--port",
        str(port),
        "--threads",
        str(threads),
        "--server",
        server,
        "--data",
        str(settings.data),
    ]
    arguments += ["--config", str(settings.config)] if settings.sources["config"] != "default" else []
    arguments += [part for name in allow_host for part in ("--allow-host", name)]
    arguments += [part for url in allow_origin for part in ("--allow-origin", url)]
    arguments += ["--acts-a-minute", str(acts_a_minute), "--reads-a-second", str(reads_a_second)]
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "api", *arguments], handed_on(settings))  # noqa: S606


@click.group()
def token() -> None:
    """Tokens, with which participants come in over HTTP.

    Example: dialogue token create "KIM Haneul"
    """


@token.command()
@click.argument("person")
@click.option("--read-only", is_flag=True, help="It may read and not act.")
@click.option("--days", default=180, show_default=True, type=click.IntRange(1, 366))
@click.option("--label", default="", help="What it is for.")
@dialogue_option
@with_json
@click.pass_obj
def create(session: Session, person: str, read_only: bool, days: int, label: str, where: str | None) -> None:
    """Make a token for PERSON. It is shown this once.

    Example: dialogue token create "KIM Haneul" --days 30 --label laptop
    """
    from projections.resolve import thing_named

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        who = thing_named(reading, dialogue, "participant", person)
    scopes = ("read",) if read_only else ("read", "act")
    secret, made = session.secretariat.access.create(
        dialogue, who, scopes=scopes, label=label, lifetime=timedelta(days=days)
    )
    session.out({**vars(made), "token": secret}, f"{secret}\nshown this once; it works until {made.expires[:10]}")


@token.command(name="list")
@dialogue_option
@with_json
@click.pass_obj
def list_(session: Session, where: str | None) -> None:
    """List the tokens, without their secrets.

    Example: dialogue token list
    """
    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        found = session.secretariat.access.tokens(dialogue)
        people = reading.persons(one.participant for one in found)
    lines = [
        f"{one.id}  {people[one.participant].shown}  {'+'.join(one.scopes)}  until {one.expires[:10]}"
        f"{'  revoked' if one.revoked else ''}{f'  last used {one.last_used}' if one.last_used else ''}"
        f"{f'  {one.label}' if one.label else ''}"
        for one in found
    ]
    session.out([vars(one) for one in found], "\n".join(lines) or "There are no tokens yet.")


@token.command()
@click.argument("id")
@with_json
@click.pass_obj
def revoke(session: Session, id: str) -> None:
    """End a token, from the next request on.

    Example: dialogue token revoke 3mGJ0cS4PqXw
    """
    session.secretariat.access.revoke(id)
    session.out({"revoked": id}, f"{id} is revoked")
