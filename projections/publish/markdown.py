"""A document as Markdown, in the manner of the lists that such dialogues publish.

    - *Keep communication channels open*          1. **YUZAKI Hidehiko** – Governor of …
    Commit to maintaining high-level dialogue …      > in a personal capacity

A recommendation's text stands at the margin, so that every line of it is the line that was decided. What
the record adds (status, decisions, reservations) stands in quotes, apart from the document's own words.
Words that would be Markdown are escaped (projections/literal.py): `read_document` reads them back exactly.
"""

from collections.abc import Iterable, Iterator

from projections.literal import inline, literal
from projections.preamble import hanging
from projections.publish.publication import WITHHELD, Item, Note, Publication, SignatoryLine, Theme


def render(publication: Publication) -> str:
    """The publication as CommonMark, ending in a line break."""
    return "\n\n".join(filter(None, _blocks(publication))) + "\n"


def _blocks(publication: Publication) -> Iterator[str]:
    yield f"# {_heading(publication.title)}"
    yield from map(literal, publication.subtitle.split("\n"))
    yield _status(publication)
    yield literal(publication.preamble)
    yield "\n".join(hanging(f"{number}. ", literal(area)) for number, area in enumerate(publication.areas, 1))
    yield literal(publication.after_areas)
    for theme in publication.themes:
        yield f"## {_heading(theme.title)}" if theme.title else ""
        yield _items(theme, publication.numbered)
    if publication.signatories or publication.unnamed:
        yield "## Signatories"
        yield _signatories(publication.signatories)
        yield _quoted([publication.unnamed_sentence], "")
    else:
        yield "---"
    yield literal(publication.acknowledgement)
    yield from _annexes(publication)


def _annexes(publication: Publication) -> Iterator[str]:
    if publication.late_signatories:
        yield "## Signed after publication"
        yield "\n\n".join(_signatory(late.line, f"Signed on {late.signed}") for late in publication.late_signatories)
    for heading, notes in publication.annexes:
        yield f"## {heading}"
        yield _quoted(map(_note, notes), "")
    if publication.corrections:
        yield "## Corrections"
        yield _quoted(map(literal, publication.corrections), "")


def _status(publication: Publication) -> str:
    disclaimers = [literal(words) for words in publication.disclaimers]
    said = [inline(publication.status), inline(publication.byline), literal(publication.embargo)]
    return _quoted([*said, *disclaimers], "")


def _items(theme: Theme, numbered: bool) -> str:
    return _list(_item(item, f"{item.number}. " if numbered and item.counted else "- ") for item in theme.items)


def _item(item: Item, mark: str) -> str:
    title = f"*{inline(item.title)}*" if item.title else ""
    words = mark + "\n".join(filter(None, [title, literal(item.text)]))
    # a paragraph at the margin has left the list (CommonMark 5.2): what is indented below it would be code
    indent = "" if "\n\n" in item.text else " " * len(mark)
    added = _quoted([inline(item.standing), *map(_note, item.notes)], indent)
    return words + (f"\n\n{added}" if added else "")


def _signatories(lines: Iterable[SignatoryLine]) -> str:
    return _list(map(_signatory, lines))


def _signatory(line: SignatoryLine, remark: str = "") -> str:
    mark = f"{line.number}. "
    added = [inline(line.limits), inline(remark), *map(_note, line.reservations)]
    if line.withheld:
        return _quoted([f"{line.number}\\. {WITHHELD}", *added], "")
    descriptor = f" – {inline(line.descriptor)}" if line.descriptor else ""
    below = _quoted(added, " " * len(mark))
    return f"{mark}**{inline(line.name)}**{descriptor}" + (f"\n\n{below}" if below else "")


def _list(entries: Iterable[str]) -> str:
    """Entries line below line; an empty line follows one with more than its own words, or with paragraphs."""
    # CommonMark 5.2: only a list's first number may stand directly below a paragraph that is not in the list
    return "".join(entry + ("\n\n" if "\n\n" in entry or entry.startswith(">") else "\n") for entry in entries).rstrip(
        "\n"
    )


def _note(note: Note) -> str:
    return f"{inline(note.heading)}: {literal(note.words)}"


def _quoted(texts: Iterable[str], indent: str) -> str:
    """Texts as paragraphs of one block quote; nothing if all are empty."""
    lines = "\n\n".join(filter(None, texts)).split("\n")
    return "\n".join(f"{indent}> {line}" if line else f"{indent}>" for line in lines) if any(lines) else ""


def _heading(words: str) -> str:
    return inline(words).replace("#", "\\#")
