"""A published document, read: title, preamble, themes, recommendations, signatories, acknowledgement.

Words stay exactly as they stand, misprints included. What cannot be placed, or looks broken, is a remark:
nothing is mended.
"""

import re
from dataclasses import dataclass

from projections.reading.blocks import Block, Source, finished
from projections.reading.items import Theme, breaks, themes_of
from projections.reading.parts import Part, parts_of
from projections.reading.signatories import Signatory, signatories_of
from projections.reading.source import Remark, excerpt, lines_of

_CODE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)


@dataclass(frozen=True)
class Annex:
    """A headed part after the document proper: a minority view, a statement, a list of corrections."""

    title: str
    text: str


@dataclass(frozen=True)
class DocumentForm:
    """What a document says. `areas` stand after the paragraphs of `preamble` and before `after_areas`."""

    title: str
    subtitle: tuple[str, ...]
    preamble: tuple[str, ...]
    areas: tuple[str, ...]
    after_areas: tuple[str, ...]
    themes: tuple[Theme, ...]
    signatories: tuple[Signatory, ...]
    acknowledgement: tuple[str, ...]
    annexes: tuple[Annex, ...]
    remarks: tuple[Remark, ...]


def read_document(text: str) -> DocumentForm:
    """The document in the words of a plain text or Markdown file.

    Raises Unreadable, saying what to do, for what is empty, no text, over 5 MB, or without recommendations.
    """
    lines, remarks = lines_of(text)
    source = Source(lines)
    title, subtitle, parts = parts_of(source, remarks)
    themes, below_themes = themes_of(source, parts, remarks)
    signatories, below_signatories = signatories_of(source, parts, remarks)
    preamble, areas, after_areas = _preamble(source, parts, remarks)
    closing = [block for part in parts if part.role == "acknowledgement" for block in part.blocks]
    return DocumentForm(
        title,
        subtitle,
        preamble,
        areas,
        after_areas,
        themes,
        signatories,
        tuple(source.body([block]) for block in below_themes + below_signatories + closing),
        tuple(Annex(part.title, source.verbatim(part.blocks)) for part in parts if part.role == "annex"),
        tuple(sorted(remarks, key=lambda remark: remark.line)),
    )


def doubts(form: DocumentForm, text: str) -> list[str]:
    """Why the file may be something else than a document that people agreed on, such as a manual; none if it reads
    like one.
    """
    found = []
    if _CODE.search(text):
        found.append("it has blocks of program code")
    items = [item for theme in form.themes for item in theme.items]
    if not form.signatories and not any(item.text and (item.title or finished(item.text)) for item in items):
        found.append("nobody signs it, and nothing in its lists is a sentence")
    return found


def _preamble(
    source: Source, parts: list[Part], remarks: list[Remark]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The paragraphs before the areas of agreement, those areas (numbered), and the paragraphs after them."""
    before: list[str] = []
    areas: list[str] = []
    after: list[str] = []
    above: Block | None = None
    for block in (block for part in parts if part.role == "preamble" for block in part.blocks):
        words = source.body([block])
        if block.kind == "quote":
            remarks.append(Remark(block.start + 1, "a quoted block, not taken over", excerpt(words)))
            continue
        if block.kind == "entry" and block.number is not None:
            areas.append(words)
        else:
            if block.kind == "entry":
                words = source.verbatim([block])
                what = "a list entry above the recommendations, read as a paragraph"
                remarks.append(Remark(block.start + 1, what, excerpt(words)))
            (after if areas else before).append(words)
        if above and block.kind == above.kind == "paragraph" and source.body([above])[-1:] not in (":", "："):
            remarks += breaks(source, [above, block], whole="")
        above = block
    return tuple(before), tuple(areas), tuple(after)
