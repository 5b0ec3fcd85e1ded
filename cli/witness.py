"""The commands of a witness, which a delegation runs on a machine of its own: new, watch, cosign, serve, evidence."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import BinaryIO

import click

from cli.session import Session, with_json
from cli.witnessing import Witness

state_option = click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("witness.db"),
    show_default=True,
    metavar="FILE",
    help="Where the witness keeps its key and what it has seen.",
)


@click.group()
def witness() -> None:
    """Watch a dialogue's record for its parties: cosign it while it only grows, and keep evidence where it does not.

    Example: dialogue witness new --name witness.example.org
    """


@witness.command("new")
@click.option("--name", required=True, metavar="NAME", help="What the witness is called in every cosignature.")
@state_option
@with_json
@click.pass_obj
def new(session: Session, name: str, state: Path) -> None:
    """Make a witness with a key of its own, and print its public key.

    Example: dialogue witness new --name witness.example.org
    """
    vkey = str(Witness.make(state, name, secrets.token_bytes(32)).signer.key)
    session.out({"vkey": vkey}, vkey)


@witness.command("watch")
@click.argument("vkey")
@state_option
@with_json
@click.pass_obj
def watch(session: Session, vkey: str, state: Path) -> None:
    """Watch the log with this public key, which its secretariat gives you (`dialogue keys show`).

    Example: dialogue witness watch record.example.org/6f1c…+12ab34cd+AZ…
    """
    from dialogue.note import BadKey

    try:
        Witness(state).watch(vkey)
    except BadKey as error:
        raise click.BadParameter(str(error), param_hint="VKEY") from None
    session.out({"watching": vkey}, f"Watching {vkey.partition('+')[0]}.")


@witness.command("cosign")
@click.argument("request", type=click.File("rb"), default="-")
@state_option
def cosign(request: BinaryIO, state: Path) -> None:
    """Answer one request, from a file or the standard input: the signature line, or why there is none.

    Exit status 5 where the log contradicts what it signed before.

    Example: dialogue witness cosign request.txt
    """
    from dialogue.fact import Refused
    from dialogue.witness import BadRequest

    try:
        answer = Witness(state).answer(request.read())
    except BadRequest as error:
        raise Refused("unfit", str(error)) from None
    if isinstance(answer, bytes):
        click.echo(answer, nl=False)
        return
    if not answer.evidence:
        raise Refused(answer.kind, answer.reason)
    click.echo(f"dialogue: {answer.reason}; both signed heads are kept: `dialogue witness evidence`", err=True)
    sys.exit(5)


@witness.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=7480, show_default=True)
@state_option
def serve(host: str, port: int, state: Path) -> None:
    """Answer logs over HTTP (C2SP tlog-witness, POST /add-checkpoint), one request after the other.

    Example: dialogue witness serve --port 7480
    """
    from http.server import HTTPServer

    from cli.witnessing import handler

    known = Witness(state)
    with HTTPServer((host, port), handler(known)) as server:
        click.echo(f"{known.signer.name} listens at http://{host}:{server.server_port}", err=True)
        server.serve_forever()


@witness.command("evidence")
@state_option
@with_json
@click.pass_obj
def evidence(session: Session, state: Path) -> None:
    """Show the signed heads by which a log contradicted itself.

    Example: dialogue witness evidence
    """
    found = [
        {"time": time, "reason": reason, "kept": kept.decode(), "shown": shown.decode()}
        for time, reason, kept, shown in Witness(state).evidence()
    ]
    text = "\n".join(f"{one['reason']}\n\n{one['kept']}\n{one['shown']}" for one in found)
    session.out(found, text.rstrip() or "No log has contradicted itself.")
