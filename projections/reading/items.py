"""Recommendations under their themes: each a listed title and the text below it."""

from dataclasses import dataclass, replace
from itertools import pairwise

from projections.reading.blocks import Block, Source, emphasised, finished, lead, short, trimmed
from projections.reading.parts import Part
from projections.reading.source import Remark, Unreadable, excerpt, unpaired


@dataclass(frozen=True)
class Item:
    """A recommendation; either its title or its text may be empty, not both. A bulleted one has no number."""

    title: str
    text: str
    number: int | None = None


@dataclass(frozen=True)
class Theme:
    """Recommendations under one heading; the title is empty where they stand under none."""

    title: str
    items: tuple[Item, ...]


def themes_of(source: Source, parts: list[Part], remarks: list[Remark]) -> tuple[tuple[Theme, ...], list[Block]]:
    """The themes with their recommendations, and the paragraphs that close the document below the last one.

    Raises Unreadable where there is no recommendation at all.
    """
    gathered = [(part.title, _gathered(source, part, remarks)) for part in parts if part.role == "theme"]
    everything = [entry for _, entries in gathered for entry in entries]
    if not everything:
        raise Unreadable(
            "no recommendations were found; write each as a numbered or bulleted line under the heading of its theme"
        )
    ends = parts[-1].role == "theme" and not parts[-1].ruled
    closing = _closing(source, everything[-1], remarks) if ends else []
    stand_out = any(emphasised(entry[0]) for entry in everything)
    themes = []
    for title, entries in gathered:
        items = tuple(replace(_item(source, entry, stand_out), number=entry[0].number) for entry in entries)
        for entry, item in zip(entries, items, strict=True):
            remarks += breaks(source, entry) + unpaired(item.text, entry[0].start + 1)
        if items:
            themes.append(Theme(title, items))
    return tuple(themes), closing


def breaks(
    source: Source,
    blocks: list[Block],
    whole: str = "a further paragraph, read as part of the recommendation above it",
) -> list[Remark]:
    """A remark for each paragraph that is broken off and goes on below an empty line.

    One below a `whole` sentence is remarked upon in those words, if any.
    """
    remarks = []
    for above, below in pairwise(blocks):
        first, second = source.body([above]), source.body([below])
        if not finished(first):
            what = "a paragraph broken off, perhaps by a page; both parts are kept as they stand"
            seam = f"{excerpt(first, 50, last=True)} / {excerpt(second, 60)}"
            remarks.append(Remark(above.end, what, seam))
        elif whole:
            remarks.append(Remark(below.start + 1, whole, excerpt(second)))
    return remarks


def _gathered(source: Source, part: Part, remarks: list[Remark]) -> list[list[Block]]:
    """The part's blocks, each list entry with the paragraphs that follow it."""
    entries: list[list[Block]] = []
    for block in part.blocks:
        if block.kind == "entry" and not source.body([block]):
            remarks.append(Remark(block.start + 1, "an empty list entry, left out", source.lines[block.start]))
        elif block.kind == "entry":
            entries.append([block])
        elif block.kind == "paragraph" and entries:
            entries[-1].append(block)
        else:
            kind = "quoted block" if block.kind == "quote" else "paragraph above the first recommendation"
            remarks.append(Remark(block.start + 1, f"a {kind}, not taken over", excerpt(source.body([block]))))
    return entries


def _closing(source: Source, entry: list[Block], remarks: list[Remark]) -> list[Block]:
    """Takes from the last recommendation the paragraphs below it, where its own words are complete."""
    if not finished(source.body(entry[:1])):
        return []
    closing = entry[1:]
    for block in closing:
        what = "a paragraph after the last recommendation, read as the acknowledgement"
        remarks.append(Remark(block.start + 1, what, excerpt(source.body([block]))))
    del entry[1:]
    return closing


def _item(source: Source, entry: list[Block], stand_out: bool) -> Item:
    """Title and text of a list entry; where other titles stand out by emphasis, what does not is text."""
    raw = source.raw(entry)
    first, _, below = raw.partition("\n")
    below = trimmed(below)
    found = lead(first)
    if found and (not found[2].strip() or _leads(*found)):
        _, title, after = found
        after = after.strip(" \t")
        if after:
            title, after = title.rstrip(":："), after.lstrip(":：.–—-").lstrip(" \t")
        return Item(source.words(title), source.words("\n".join(filter(None, [after, below]))))
    if not stand_out and short(first) and _heads(first, below):
        return Item(source.words(first.strip()), source.words(below))
    return Item("", source.words(raw))


def _leads(mark: str, title: str, after: str) -> bool:
    """Whether emphasis at the start of a line is a title, not an emphasised word of the text."""
    return len(mark) > 1 or title.endswith((".", ":", "：")) or after.lstrip().startswith((":", "：", "–", "—", "- "))


def _heads(first: str, below: str) -> bool:
    """Whether a first line without emphasis is a title: no sentence, and not prose wrapped at a margin."""
    if finished(first) or first.rstrip().endswith((",", "，", "、", ";", "；")):
        return False
    if not below:
        return True
    longest = max(map(len, below.split("\n")))
    return not below[0].islower() and len(first) < 0.8 * longest
