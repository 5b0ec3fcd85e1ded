"""Documents that exist already come in, and published ones go out."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

import click

from cli.act import zone
from cli.session import NUMBER, Session, dialogue_option, echo_error, showing, with_json

if TYPE_CHECKING:
    from projections.importing import Import
    from projections.publish.publication import Publication
    from projections.read import Reading, Row
    from projections.reading.document import DocumentForm
    from projections.reading.mandate import MandateForm

SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".json": "json"}


def __getattr__(name: str) -> click.Command:
    """The command `import`, which Python has its own word for."""
    if name != "import":
        raise AttributeError(name)
    return import_


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--as",
    "kind",
    type=click.Choice(["document", "mandate"]),
    help="A published document, or the form that asks for a dialogue; without this it is found out.",
)
@click.option("--yes", is_flag=True, help="Record it without asking.")
@dialogue_option
@click.option("--secretariat", "body", metavar="NAME", help="Who keeps the new dialogue's record.  [Secretariat]")
@click.option("--title", metavar="TITLE", help="What the dialogue is called, if not as the file is.")
@click.option("--again", is_flag=True, help="Import a file that was imported before once more.")
@with_json
@click.pass_obj
def import_(
    session: Session,
    file: BinaryIO,
    kind: str | None,
    yes: bool,
    where: str | None,
    body: str | None,
    title: str | None,
    again: bool,
) -> None:
    """Bring in a document that exists already: plain text or Markdown, from FILE or - for standard input.

    It says what it understood and what it could not place, and asks before anything is recorded; then all of it
    is, or nothing. A published document becomes its recommendations, an edition and its signatories, in a new
    dialogue or the one named by --in; a mandate form opens a dialogue. Nothing is mended, and nothing recorded
    that the file does not say. The same file again records nothing new.

    Example: dialogue import recommendations.md --secretariat "Project office"
    """
    from projections import importing
    from projections.reading.describe import describe
    from projections.reading.document import DocumentForm

    content, form = understood(file, kind)
    body = body or importing.KEEPER
    if isinstance(form, DocumentForm):
        into, keeper = place(session, where) if where is not None else (None, None)
        found = importing.document(
            session.secretariat, form, content, into=into, keeper=keeper, body=body, title=title, again=again
        )
    elif where is not None:
        raise click.UsageError("a mandate form opens a dialogue of its own; leave --in out")
    else:
        found = importing.mandate(session.secretariat, form, content, body=body, title=title, again=again)
    lines = [describe(form), *found.remarks]
    if found.done:
        session.out(answer(found, lines, 0), f"{found.title}: this file was imported before; nothing to do")
        return
    expected = found.execute(session.secretariat, dry_run=True)
    click.echo("\n".join(lines), err=session.json)
    if not yes and not agreed(expected):
        echo_error("nothing was recorded")
        return
    recorded = found.execute(session.secretariat)
    session.out(
        answer(found, lines, recorded),
        f"\n{recorded} entries recorded: {found.title} ({str(found.dialogue)[:8]})\n"
        f"next: dialogue {'publish' if isinstance(form, DocumentForm) else 'show'} {str(found.dialogue)[:8]}",
    )


def understood(file: BinaryIO, kind: str | None) -> tuple[bytes, DocumentForm | MandateForm]:
    """The file's bytes, and what they say. Raises Refused for what cannot be read as what it is said to be."""
    from dialogue.fact import Refused
    from projections.reading.document import doubts, read_document
    from projections.reading.mandate import read_mandate
    from projections.reading.source import LIMIT, Unreadable, decoded

    content = file.read(LIMIT + 1)  # a file that is too large is refused, not read to its end
    try:
        text = decoded(content)
        if kind == "mandate" or (kind is None and is_form(text)):
            return content, read_mandate(text)
        form = read_document(text)
        if kind is None and (why := doubts(form, text)):
            raise Unreadable(f"this seems to be no document: {'; '.join(why)}; if it is one, say --as document")
        return content, form
    except Unreadable as error:
        raise Refused("unreadable", f"{file.name}: {error}") from None


def is_form(text: str) -> bool:
    """Whether the text has the labelled values of a mandate form."""
    from projections.reading.mandate import read_mandate
    from projections.reading.source import Unreadable

    try:
        form = read_mandate(text)
    except Unreadable:
        return False
    return bool(form.applicant or form.cochairs or form.meetings or form.start)


def place(session: Session, where: str) -> tuple[UUID, UUID]:
    """The dialogue that is named, and who of it enters what is imported."""
    from projections.referring import References

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
    references = References(session.secretariat, dialogue, zone(session))
    me = session.settings.actor
    return dialogue, references.actor(me) if me else references.secretariat_participant()


def agreed(entries: int) -> bool:
    """Whether the person says yes. Without a terminal nobody can be asked."""
    if not terminal():
        raise click.UsageError(
            "nothing was recorded: there is no terminal to ask on; look at what was understood, then add --yes"
        )
    return click.confirm(f"\nRecord this, as {entries} entries?", err=True)


def terminal() -> bool:
    return sys.stdin.isatty()


def answer(found: Import, lines: list[str], entries: int) -> dict[str, object]:
    return {
        "dialogue": str(found.dialogue),
        "title": found.title,
        "entries": entries,
        "imported_before": found.done,
        "understood": "\n".join(lines).split("\n"),
    }


@click.command()
@click.argument("dialogue", required=False)
@click.option("--document", metavar="D1", help="Which document, where there are several.")
@click.option("--edition", type=NUMBER, help="Which edition; else the latest that need not wait.")
@click.option(
    "--format", "form", type=click.Choice(["markdown", "html", "json"]), help="Else by the file's name, or markdown."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Else it is printed.")
@showing
@click.pass_obj
def publish(
    session: Session,
    dialogue: str | None,
    document: str | None,
    edition: int | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Write a document as it is published: its edition, decisions, dissent, signatories and corrections.

    A name is printed only under a text that its owner signed, or of whose editorial changes they had notice; who
    did not agree to be named is counted. FILE is written whole or not at all. To --reader public an edition that is
    not published, or is held by an embargo, is not there.

    Example: dialogue publish "Quiet Waters" --edition 2 --format html -o document.html
    """
    from importlib import import_module

    from projections.audience import PUBLIC
    from projections.documents import public_edition
    from projections.publishing import publication

    with session.reading(published=True) as reading:
        where = session.dialogue(reading, dialogue)
        row = chosen(reading, where, document)
        if reading.audience == PUBLIC:
            edition = public_edition(reading, row, edition)
        page = publication(reading, where, UUID(row["id"]), edition)
    suffix = output.suffix.lower() if output else ""
    form = form or ("json" if session.json else SUFFIXES.get(suffix, "markdown"))
    renderer = import_module(f"projections.publish.{'json_' if form == 'json' else form}")
    text: str = renderer.render(page)
    if output is None or str(output) == "-":
        click.echo(text, nl=False)
    else:
        write(output, text.encode())
    warn(page, row)


def chosen(reading: Reading, dialogue: UUID, reference: str | None) -> Row:
    """The row of the document that is named, or of the only one. Raises Unknown, Ambiguous."""
    from dialogue.fact import Unknown
    from projections.resolve import Ambiguous, thing_named

    table = reading.t.documents
    if reference is not None:
        return reading.one(table, thing_named(reading, dialogue, "document", reference), "document")
    rows = list(reading.all(table, "document", dialogue))
    if not rows:
        raise Unknown("document to publish")
    if len(rows) > 1:
        labels = [f"D{row['number']} {row['title']}" for row in rows]
        raise Ambiguous("document", "with no --document named, it", labels)
    return rows[0]


def warn(page: Publication, row: Row) -> None:
    """Says on stderr what whoever sends the document out should know."""
    lines = [*page.signatories, *(late.line for late in page.late_signatories)]
    unconfirmed = sum(line.unconfirmed for line in lines)
    if unconfirmed:
        many = "signatures were" if unconfirmed > 1 else "signature was"
        echo_error(f"warning: {unconfirmed} {many} entered by the secretariat and not yet confirmed by the signatory")
    if page.embargo:
        echo_error(f"warning: {page.embargo[:1].lower()}{page.embargo[1:]}")
    if page.edition < row["edition"]:
        echo_error(f"this is edition {page.edition}; the latest is edition {row['edition']}")


def write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all: beside it first, then in its place. A pipe or device is written to."""
    target = path.resolve()
    try:
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            target.write_bytes(content)
            return
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from error
