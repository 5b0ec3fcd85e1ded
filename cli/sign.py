"""`sign`: an item or a document, with a key of one's own if one has one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cli.act import asked, built, carry_out, zone
from cli.session import Session, echo_error
from cli.verbs import BY_NAME
from dialogue.fact import Personal
from projections.referring import when

VERB = BY_NAME["sign"]
NOTES = (
    "With a key of your own: print the statement with --statement, sign that file with\n"
    "ssh-keygen -Y sign -n endorsement@dialogue -f KEY FILE, then give --nonce and --signature."
)


def signing(session: Session, values: dict[str, Any]) -> None:
    """Signs; or prints what is to be signed."""
    from dialogue.signing import GiveEndorsement
    from projections.own_keys import to_sign

    statement, file = values.pop("statement"), values.pop("signature_file")
    if statement and file is not None:
        raise click.UsageError("print the --statement first; --signature comes when it is signed")
    if statement:
        values["nonce"] = values["nonce"] or str(session.secretariat.draw())
    dialogue, command, actor, recordedby = asked(session, VERB, values)
    assert isinstance(command, GiveEndorsement)
    if statement:
        time = when(values["at"], zone(session)) if values["at"] else None
        moment = session.secretariat.moment(actor, recordedby=recordedby, time=time, basis=values["basis"])
        click.echo(to_sign(session.secretariat, dialogue, command, moment), nl=False)
        echo_error(f"\nSign these bytes, then give --nonce {values['nonce']} and --signature with the same options.")
        return
    if file is not None:
        command = replace(command, signature=Personal(file.read_text("utf-8", "replace")))
    carry_out(session, dialogue, command, values, actor=actor, recordedby=recordedby)


sign = built(
    VERB,
    click.Option(["--statement"], is_flag=True, help="Print what you sign with a key of your own."),
    click.Option(
        ["--signature", "signature_file"],
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="The signature that ssh-keygen -Y sign made of it.",
    ),
    without=("signature",),
    callback=signing,
    notes=NOTES,
)
