"""Commands that put a record to the proof: verify, and import-record, which does so first."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.ledger import FILE, dialogue_of
from cli.session import Session, dialogue_option, with_json

if TYPE_CHECKING:
    from dialogue.audit import Report
    from dialogue.policy import Policy

DAMAGED = 5  # the exit status for an integrity failure


@click.command()
@click.argument("path", metavar="FILE|DIR", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--against", "kept", type=FILE, multiple=True, metavar="FILE", help="A checkpoint kept from earlier.")
@click.option("--policy", "trusted", type=FILE, metavar="FILE", help="Whom you trust: a C2SP tlog-policy.")
@click.option("--disclosures", "shown", type=FILE, metavar="FILE", help="What `dialogue disclose` opened for you.")
@click.option("--data", metavar="DIR", help="Audit the record in this data folder, where it is kept.")
@dialogue_option
@with_json
@click.pass_obj
def verify(
    session: Session,
    path: Path | None,
    kept: tuple[Path, ...],
    trusted: Path | None,
    shown: Path | None,
    data: str | None,
    where: str | None,
) -> None:
    """Audit an exported record, or without FILE the one that is kept here: no network, no server.

    Every entry, root, signature and disclosure is computed anew, and every act is put to the rules again. The first
    thing that is wrong is told, and the exit status is then 5.

    Example: dialogue verify quiet-waters.tar --against last-year.checkpoint --policy policy.txt
    """
    from dialogue.disclosure import Disclosed, Disclosures
    from dialogue.exported import audit_export

    policy = trusting(trusted)
    notes = [one.read_bytes() for one in kept]
    disclosed = Disclosed(Disclosures.parse(shown.read_bytes()) if shown else Disclosures())
    if path is not None:
        report = audit_export(path, notes, policy, disclosed.beside)
    else:
        from projections.live import audit_live

        if data is not None:
            session = Session({**session.flags, "data": data, "database": None})
        report = audit_live(session.secretariat, dialogue_of(session, where), notes, policy, disclosed.beside)
    opened = [] if report.fault else disclosed.opened
    data_told = {**told_data(report), "disclosed": [vars(one) for one in opened]}
    lines = [one.sentence for one in opened]
    click.get_current_context().obj.out(data_told, "\n".join([told(report, policy is not None), *lines]))
    if report.fault is not None:
        sys.exit(DAMAGED)


@click.command("import-record")
@click.argument("path", metavar="FILE|DIR", type=click.Path(exists=True, path_type=Path))
@click.option("--against", "kept", type=FILE, multiple=True, metavar="FILE", help="A checkpoint kept from earlier.")
@click.option("--policy", "trusted", type=FILE, metavar="FILE", help="Whom you trust: a C2SP tlog-policy.")
@with_json
@click.pass_obj
def import_record(session: Session, path: Path, kept: tuple[Path, ...], trusted: Path | None) -> None:
    """Bring in an exported record, to be read here: audited first, and then whole or not at all.

    It goes on here once it is taken over (`dialogue keys take-over`).

    Example: dialogue import-record quiet-waters.tar --policy policy.txt
    """
    from projections.importing_record import import_record as imported

    report = imported(session.secretariat, path, [one.read_bytes() for one in kept], trusting(trusted))
    session.out(told_data(report), f"Imported, to be read here. {told(report, trusted is not None)}")


def trusting(path: Path | None) -> Policy | None:
    """The policy in this file."""
    from dialogue.policy import BadPolicy, Policy

    try:
        return Policy.parse(path.read_bytes()) if path else None
    except BadPolicy as error:
        raise click.BadParameter(str(error), param_hint="--policy") from None


def told_data(report: Report) -> dict[str, Any]:
    """The report as JSON."""
    fault = report.fault
    return {
        "ok": fault is None,
        "origin": report.origin,
        "dialogue": report.dialogue,
        "size": report.size,
        "root": report.root.hex(),
        "signed": report.signed,
        "checkpoints": report.checkpoints,
        "keys": report.keys,
        "witnesses": {name: instant(time) for name, time in report.witnesses.items()},
        "first": report.first and report.first.isoformat(),
        "last": report.last and report.last.isoformat(),
        "texts": report.texts,
        "against": report.kept,
        "unopened": report.unopened,
        "fault": fault and {"code": fault.code, "entry": fault.entry, "sentence": str(fault)},
    }


def told(report: Report, trusted: bool) -> str:
    """The report in sentences."""
    if report.fault is not None:
        return f"NOT IN ORDER: {report.fault}."
    assert report.first is not None
    assert report.last is not None
    lines = [
        f"In order: {report.size} entries of {report.origin},",
        f"recorded from {report.first:%Y-%m-%d %H:%M} to {report.last:%Y-%m-%d %H:%M} UTC, {report.texts} texts.",
        f"Root {report.root.hex()}.",
    ]
    lines += [
        f"Entry {number}: the positions, taken under the Chatham House Rule, are sealed, and their tally is taken as "
        "it was declared; `--disclosures` with the field positions evaluates it."
        for number in report.unopened
    ]
    if report.signed:
        lines.append(f"{report.signed} entries are signed, in {report.checkpoints} checkpoints, by {report.keys[-1]}.")
        lines += [f"Cosigned by {name} at {instant(time)}." for name, time in report.witnesses.items()]
        if not trusted:
            lines.append("That key is the record's own word: compare it with the one you know, or give --policy.")
    else:
        lines.append("Nothing of it is signed: whoever gave it to you could have written it today.")
    if report.signed and report.signed < report.size:
        lines.append(f"Entries {report.signed + 1} to {report.size} are not signed yet.")
    lines += [f"It continues the checkpoint of {size} entries kept from earlier." for size in report.kept]
    return "\n".join(lines)


def instant(time: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}"
