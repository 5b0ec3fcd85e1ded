"""Commands of the ledger: keys, checkpoint, policy, prove, cosign, timestamp, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from cli.session import NUMBER, Session, dialogue_option, with_json

if TYPE_CHECKING:
    pass

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)


def dialogue_of(session: Session, where: str | None) -> UUID:
    with session.secretariat.reading() as reading:
        return session.dialogue(reading, where)


@click.group()
def keys() -> None:
    """The key that signs checkpoints: made, introduced in the record, shown.

    Example: dialogue keys new
    """


@keys.command("new")
@with_json
@click.pass_obj
def new(session: Session) -> None:
    """Make a key, record it in every dialogue, and sign with it from now on. The old key is retired.

    It is kept in a file outside the stores that only you can read: --config tells where (log_key_file).

    Example: dialogue keys new
    """
    from projections.log_keys import renew

    path = session.settings.log_key_file
    left = renew(session.secretariat, path)
    told = [
        f"The new key is in {path}; checkpoints are signed with it from now on. Keep a copy where you keep secrets."
    ]
    told += [f"Not recorded in {one}: say who its secretariat is with `dialogue keys introduce`." for one in left]
    session.out({"log_key_file": str(path), "not_recorded": [str(one) for one in left]}, "\n".join(told))


@keys.command("introduce")
@dialogue_option
@with_json
@click.pass_obj
def introduce(session: Session, where: str | None) -> None:
    """Record the key in a dialogue that began after it was made.

    Example: dialogue keys introduce --in "Quiet Waters"
    """
    from dialogue.fact import Refused
    from projections import log_keys

    secret = log_keys.read_secret(session.settings.log_key_file)
    if secret is None:
        raise Refused("no-key", "there is no key yet; `dialogue keys new` makes one")
    dialogue = dialogue_of(session, where)
    if not log_keys.introduce(session.secretariat, dialogue, secret):
        raise Refused("no-secretariat", "this dialogue has not exactly one secretariat; let one of them introduce it")
    show(session, dialogue)


@keys.command("take-over")
@dialogue_option
@with_json
@click.pass_obj
def taken_over(session: Session, where: str | None) -> None:
    """Go on here with a record that was imported, and sign it with the key that is kept here.

    Example: dialogue keys take-over --in "Quiet Waters"
    """
    from dialogue.fact import Refused
    from projections import importing_record, log_keys

    secret = log_keys.read_secret(session.settings.log_key_file)
    if secret is None:
        raise Refused("no-key", "there is no key yet; `dialogue keys new` makes one")
    dialogue = dialogue_of(session, where)
    importing_record.take_over(session.secretariat, dialogue, secret)
    show(session, dialogue)


@keys.command("show")
@dialogue_option
@with_json
@click.pass_obj
def shown(session: Session, where: str | None) -> None:
    """Print the public key with which a dialogue's checkpoints are signed: give it to whoever audits.

    Example: dialogue keys show
    """
    show(session, dialogue_of(session, where))


def show(session: Session, dialogue: UUID) -> None:
    from projections.log_keys import in_use

    vkey = in_use(session.secretariat, dialogue)
    session.out({"vkey": vkey}, vkey or "No key has been introduced yet; `dialogue keys new` makes one.")


@click.command()
@dialogue_option
@click.option("-o", "out", type=OUT, metavar="FILE", help="Write it here as well.")
@with_json
@click.pass_obj
def checkpoint(session: Session, where: str | None, out: Path | None) -> None:
    """Sign the record as it stands: how many entries, and the root that speaks for all of them.

    Whoever keeps a checkpoint can prove later that nothing before it was changed.

    Example: dialogue checkpoint -o today.checkpoint
    """
    from dialogue.checkpoint import read_checkpoint
    from projections.attesting import make_checkpoint

    note = make_checkpoint(session.secretariat, dialogue_of(session, where))
    if out is not None:
        out.write_bytes(note)
    head = read_checkpoint(note)
    session.out(
        {"origin": head.origin, "size": head.size, "root": head.root.hex(), "note": note.decode()},
        note.decode().rstrip(),
    )


@click.command()
@click.argument("file", type=FILE, required=False)
@dialogue_option
@with_json
@click.pass_obj
def policy(session: Session, file: Path | None, where: str | None) -> None:
    """Show or keep whom the dialogue proposes to trust: its key, the witnesses, and how many must have cosigned.

    FILE is a C2SP tlog-policy. Let a majority be needed: with fewer, two views of one record could both pass.

    Example: dialogue policy policy.txt
    """
    from projections import attesting, ledger

    rows = session.secretariat.record.rows
    with session.secretariat.reading() as reading:
        dialogue = session.dialogue(reading, where)
        size = ledger.head(reading, dialogue).size
    if file is not None:
        attesting.keep_policy(rows, dialogue, size, file.read_bytes())
    kept = attesting.policy(rows, dialogue, size)
    text = kept.decode(errors="replace") if kept else None
    session.out({"policy": text}, text.rstrip() if text else "No policy has been kept.")


@click.command()
@click.argument("what", metavar="ENTRY|ITEM")
@dialogue_option
@click.option("-o", "out", type=OUT, metavar="FILE", help="Where to.  [default: entry-N.tlog-proof]")
@click.option("--leaf", type=OUT, metavar="FILE", help="Write the entry's exact bytes here, which the proof is about.")
@with_json
@click.pass_obj
def prove(session: Session, what: str, where: str | None, out: Path | None, leaf: Path | None) -> None:
    """Write the proof that an entry, or the entry behind an item's current text, stands in the signed record.

    It is a C2SP tlog-proof, which other people's tools verify offline.

    Example: dialogue prove 142 -o 142.tlog-proof
    """
    from dialogue.checkpoint import read_checkpoint
    from projections.attesting import prove as proved

    with session.secretariat.reading() as reading:
        dialogue = session.dialogue(reading, where)
        entry = int(what) if what.isascii() and what.isdigit() else entry_of(reading, dialogue, what)
    proof = proved(session.secretariat, dialogue, entry)
    path = out or Path(f"entry-{entry}.tlog-proof")
    path.write_bytes(proof.file())
    if leaf is not None:
        [content] = session.secretariat.record.leaves(dialogue, entry, entry)
        leaf.write_bytes(content)
    size = read_checkpoint(proof.checkpoint).size
    told = f"{path} proves that entry {entry} stands among the {size} entries that were signed."
    session.out({"entry": entry, "size": size, "file": str(path)}, told)


def entry_of(reading: Any, dialogue: UUID, reference: str) -> int:
    """The entry that brought in the current text of an item."""
    from projections.resolve import thing_named

    item = thing_named(reading, dialogue, "proposal", reference)
    version = reading.one(reading.t.proposals, item, "proposal")["version"]
    texts = reading.t.texts
    row = reading.conn.execute(texts.select().where(texts.c.subject == str(item), texts.c.version == version)).one()
    return int(row.entry)


@click.command()
@dialogue_option
@click.option("--witness", "url", required=True, metavar="URL", help="Where the witness listens.")
@click.option("--key", "vkeys", required=True, multiple=True, metavar="VKEY", help="Its public key.")
@with_json
@click.pass_obj
def cosign(session: Session, where: str | None, url: str, vkeys: tuple[str, ...]) -> None:
    """Ask a witness to cosign the last checkpoint, and keep its cosignature.

    Example: dialogue cosign --witness https://witness.example.org --key witness.example.org+12ab…
    """
    from cli.witnessing import ask
    from dialogue.cosignature import WitnessKey
    from projections.attesting import add_answer, request

    dialogue = dialogue_of(session, where)
    witnesses = [WitnessKey.parse(vkey) for vkey in vkeys]
    asked, answer = ask(url, lambda old: request(session.secretariat, dialogue, old))
    size = asked.checkpoint.size
    names = add_answer(session.secretariat.record.rows, dialogue, size, answer, witnesses)
    told = f"{', '.join(names)} cosigned the checkpoint of {size} entries." if names else "It had cosigned already."
    session.out({"size": size, "witnesses": names}, told)


@click.command()
@dialogue_option
@click.option("--request", "query", type=OUT, metavar="FILE", help="Write the query to send to an authority.")
@click.option("--attach", "reply", type=FILE, metavar="FILE", help="Keep the authority's reply with the checkpoint.")
@click.option("--authority", type=FILE, metavar="PEM", help="Verify the reply up to one of these certificates.")
@click.option("--size", type=NUMBER, metavar="N", help="Which checkpoint.  [default: the last]")
@with_json
@click.pass_obj
def timestamp(
    session: Session,
    where: str | None,
    query: Path | None,
    reply: Path | None,
    authority: Path | None,
    size: int | None,
) -> None:
    """Have an authority confirm when a checkpoint was there (RFC 3161): ask, then attach its reply.

    Example: dialogue timestamp --request query.tsq; dialogue timestamp --attach reply.tsr --authority tsa.pem
    """
    from projections import timestamps

    if (query is None) == (reply is None):
        raise click.UsageError("give --request FILE or --attach FILE")
    dialogue, rows = dialogue_of(session, where), session.secretariat.record.rows
    size = size or rows.last_attested(dialogue, "checkpoint")
    if query is not None:
        query.write_bytes(timestamps.request(rows, dialogue, size))
        session.out({"size": size, "file": str(query)}, f"{query} asks about the checkpoint of {size} entries.")
        return
    assert reply is not None
    pem = authority.read_bytes() if authority else None
    time = timestamps.attach(rows, dialogue, size, reply.read_bytes(), pem)
    believed = "" if pem else " (not verified: name the authority's certificate with --authority)"
    told = f"The checkpoint of {size} entries was there at {time:%Y-%m-%d %H:%M:%S} UTC{believed}."
    session.out({"size": size, "time": time.isoformat(), "verified": pem is not None}, told)


@click.command()
@click.argument("where", metavar="DIALOGUE", required=False)
@click.option("-o", "out", type=OUT, metavar="FILE", help="Write one file.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Or a folder.")
@click.option("--full", is_flag=True, help="With every name and other sealed value, for whoever may see them all.")
@with_json
@click.pass_obj
def export(session: Session, where: str | None, out: Path | None, folder: Path | None, full: bool) -> None:
    """Write a dialogue's record out: entries, texts, checkpoints and proofs, which anybody can check offline.

    Names and other values that may have to be forgotten are not in it, only their salted digests. With --full they
    are, but for those whose erasure an entry tells; a value that is missing without one is a fault.

    Example: dialogue export "Quiet Waters" -o quiet-waters.tar
    """
    from projections.export import export_file, export_folder

    if (out is None) == (folder is None):
        raise click.UsageError("give -o FILE or --to DIR")
    dialogue = dialogue_of(session, where)
    shown: list[tuple[int, str]] = []
    if full:
        from projections.disclosing import every_disclosure

        with session.secretariat.reading() as reading:
            every = every_disclosure(reading, dialogue)
            shown = [(one.entry, one.disclosure) for one in every if one.disclosure is not None]
    audience = "full" if full else "public"
    if out is not None:
        export_file(session.secretariat, dialogue, out, audience, shown)
    else:
        assert folder is not None
        export_folder(session.secretariat, dialogue, folder, audience, shown)
    with session.secretariat.reading() as reading:
        size = reading.bound(dialogue)
    signed = session.secretariat.record.rows.last_attested(dialogue, "checkpoint")
    told = f"{out or folder} holds {size} entries; {signed} of them are signed."
    if signed < size:
        told += " `dialogue checkpoint` signs the others."
    session.out({"file": str(out or folder), "size": size, "signed": signed}, told)
