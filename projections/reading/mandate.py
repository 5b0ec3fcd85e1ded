"""A mandate form, read: what a dialogue is asked for with.

On top, labelled values ("Applicant: …", parted by a colon, a tab or a table's bars); below, headed sections
of prose and lettered objectives. Prose stays exactly as it stands.
"""

import re
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from projections.reading.blocks import Block, Source, brief, titular, trimmed
from projections.reading.dates import count, partial_date
from projections.reading.labels import Row, cells_of, rows_of, values_of
from projections.reading.source import Remark, Unreadable, excerpt, lines_of


@dataclass(frozen=True)
class Section:
    """A heading (empty where there is none) and the prose below it, without the lettered objectives."""

    heading: str
    text: str


@dataclass(frozen=True)
class MandateForm:
    """What the form says; None or empty where it says nothing. Dates are ISO 8601, as precise as written."""

    form: str
    title: str
    submitted: str | None
    applicant: str | None
    cochairs: tuple[str, ...]
    meetings: int | None
    start: str | None
    end: str | None
    sections: tuple[Section, ...]
    objectives: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]


_LETTERED = re.compile(r"[ \t]*([-*+•][ \t]+)?[(（]?([a-zа-я])[)）][ \t]+(\S.*)")
_BETWEEN_NAMES = re.compile(r"[,，]\s*(?:and\s+)?|\s*[;；、]\s*|\s+(?:and|и|및)\s+")


def read_mandate(text: str) -> MandateForm:
    """The mandate form in the words of a plain text or Markdown file.

    Raises Unreadable, saying what to do, for what is empty, no text, over 5 MB, or without title and prose.
    """
    lines, remarks = lines_of(text)
    source = Source(lines)
    form, chunks = _chunks(source)
    rows: list[Row] = []
    sections: list[Section] = []
    objectives: list[tuple[str, str]] = []
    for heading, start, end in chunks:
        taken, below = ([], start) if sections else rows_of(lines, start, end)
        rows += taken
        prose, lettered = _prose(lines[below:end], below, remarks)
        if objectives and lettered:
            remarks.append(Remark(below + 1, "a second lettered list, read as further objectives", heading))
        objectives += lettered
        if prose:
            sections.append(Section(heading, source.words(prose)))
        elif heading and not (taken or lettered):
            remarks.append(Remark(start, "a heading with nothing under it", excerpt(heading)))
    values = values_of(rows, remarks)
    if "title" not in values and not any(section.heading for section in sections):
        raise Unreadable(
            "no mandate form was found; write lines such as 'Title: …' and 'Applicant: …', then headed prose"
        )
    dates = {}
    for label in ("submitted", "start", "end"):
        at, words = values.get(label, (0, ""))
        dates[label] = partial_date(words)
        if words and dates[label] is None:
            remarks.append(Remark(at, "a date that cannot be read with certainty", words))
    at, words = values.get("meetings", (0, ""))
    if words and count(words) is None:
        remarks.append(Remark(at, "not one number of meetings", words))
    return MandateForm(
        form,
        source.words(values["title"][1]) if "title" in values else "",
        dates["submitted"],
        values["applicant"][1] if "applicant" in values else None,
        tuple(filter(None, _BETWEEN_NAMES.split(values.get("cochairs", (0, ""))[1]))),
        count(words),
        dates["start"],
        dates["end"],
        tuple(sections),
        tuple((letter, source.words(objective)) for letter, objective in objectives),
        tuple(sorted(remarks, key=lambda remark: remark.line)),
    )


def _chunks(source: Source) -> tuple[str, list[tuple[str, int, int]]]:
    """The form's own name, which stands above its rows, and each heading with the lines below it."""
    headings = [block for block in source.blocks if block.kind == "heading"]
    if not source.markdown:
        headings = [block for block, below in pairwise(source.blocks) if _heads(block, below)]
    chunks = [
        (block.text.strip(), block.end, below.start if below else len(source.lines))
        for block, below in zip_longest(headings, headings[1:])
    ]
    above = headings[0].start if headings else len(source.lines)
    if above > source.top:
        return "", [("", source.top, above), *chunks]
    name, start, end = chunks[0]
    first = next((line for line in source.lines[start:end] if line.strip()), None)
    if first is None or cells_of(first):
        return name, [("", start, end), *chunks[1:]]
    return "", chunks


def _heads(block: Block, below: Block) -> bool:
    """Whether a line of plain text is a heading: short, alone, no sentence but perhaps a question, no row."""
    if block.kind == "heading":
        return True
    asks = brief(block) and block.text.endswith(("?", "？"))
    return block.kind == "paragraph" and (asks or titular(block)) and not cells_of(block.text) and below.kind != "rule"


def _prose(lines: list[str], above: int, remarks: list[Remark]) -> tuple[str, list[tuple[str, str]]]:
    """The lines without the lettered list in them, and that list; two ways of writing it are remarked upon."""
    prose: list[str] = []
    lettered: list[tuple[str, list[str]]] = []
    bulleted: list[bool] = []
    within = False
    for at, line in enumerate(lines, above + 1):
        found = _LETTERED.fullmatch(line)
        if found and ord(found[2]) - ord("а" if found[2] >= "а" else "a") == len(lettered):
            lettered.append((found[2], [found[3]]))
            bulleted.append(bool(found[1]))
            if bulleted.count(bulleted[-1]) == 1 and len(bulleted) > 1:
                what = "from here the lettered list is written otherwise (with or without bullets); read as one"
                remarks.append(Remark(at, what, excerpt(line)))
            within = True
        elif within and line.strip():
            lettered[-1][1].append(line.strip())
        else:
            prose.append(line)
            within = False
    return trimmed("\n".join(prose)), [(letter, "\n".join(words)) for letter, words in lettered]
