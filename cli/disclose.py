"""Selective disclosure: chosen values of chosen entries opened for an auditor."""

from __future__ import annotations

from pathlib import Path

import click

from cli.session import Session, dialogue_option, echo_error, with_json


@click.command()
@click.option("--entries", required=True, metavar="5,9-12", help="The entries whose values are opened.")
@click.option("--fields", required=True, metavar="NAME,NAME", help="Which values, such as name,descriptor.")
@click.option("--to", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@dialogue_option
@with_json
@click.pass_obj
def disclose(session: Session, entries: str, fields: str, out: Path, where: str | None) -> None:
    """Open chosen values of chosen entries in a file for an auditor, who learns nothing else from it.

    They check it against the record or an export of it with `dialogue verify --disclosures FILE`. What is handed
    out cannot be recalled: it stays with them when the person is forgotten here.

    Example: dialogue disclose --entries 5,9-12 --fields name,descriptor --to names.json
    """
    from projections.disclosing import Unnumbered, numbered
    from projections.disclosing import disclose as disclosed

    try:
        numbers = numbered(entries)
    except Unnumbered as error:
        raise click.BadParameter(str(error), param_hint="--entries") from None
    wanted = {one.strip() for one in fields.split(",") if one.strip()}
    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        made, closed = disclosed(reading, dialogue, numbers, wanted)
    out.touch(mode=0o600)
    out.write_bytes(made.file())
    for one in closed:
        why = f"erased, as entry {one.erased} says" if one.erased else "it cannot be opened here"
        echo_error(f"Entry {one.entry} holds a value that is not in it: {why}.")
    count = len(made.disclosures)
    session.out({"file": str(out), "disclosures": count}, f"{out} opens {count} value{'' if count == 1 else 's'}.")
