"""A document's blocks, parted: the lines on top, then preamble, themes, signatories, closing and annexes."""

from dataclasses import dataclass, field

from projections.reading.blocks import Block, Source, bold, brief, emphasised, titular
from projections.reading.source import Remark, excerpt
from projections.reading.vocabulary import Role, role_of


@dataclass
class Part:
    """Blocks under one heading (None where a rule or nothing stands above them) and what they are."""

    role: Role
    heading: Block | None
    blocks: list[Block] = field(default_factory=list)
    ruled: bool = False  # whether a rule stands in it or below

    @property
    def title(self) -> str:
        return self.heading.text if self.heading else ""


def parts_of(source: Source, remarks: list[Remark]) -> tuple[str, tuple[str, ...], list[Part]]:
    """Title, further lines on top, and the parts in order; headings that open nothing become remarks."""
    title, subtitle, blocks = _top(source, remarks)
    parts = [Part("preamble", None)]
    chunks = _chunks(blocks)
    seen: set[Role] = set()
    for at, (opening, body) in enumerate(chunks):
        seen.add(parts[-1].role)
        if opening is None:
            parts += _unheaded(body, any(_theme(heading, rest) for heading, rest in chunks[at + 1 :]))
        elif opening.kind == "rule":
            parts[-1].ruled = True
            closes = "theme" in seen and parts[-1].role != "annex"
            if body and closes and not any(block.kind == "entry" for block in body):
                parts.append(Part("acknowledgement", None, body))
            else:
                parts[-1].blocks += body
        elif not body and role_of(opening.text) is None:
            remarks.append(Remark(opening.start + 1, "a heading with nothing under it", excerpt(opening.text)))
        else:
            role = _role(opening, body, seen)
            if role == "preamble" and role_of(opening.text) is None:
                what = "a heading above the recommendations; the words under it were read as preamble"
                remarks.append(Remark(opening.start + 1, what, excerpt(opening.text)))
            parts.append(Part(role, opening, body))
    return title, subtitle, parts


def _top(source: Source, remarks: list[Remark]) -> tuple[str, tuple[str, ...], list[Block]]:
    """Title, the lines below it (an organisation, a kind of document), and the blocks that remain."""
    first, *rest = source.blocks
    if first.kind == "paragraph" and not brief(first):
        lines = [source.words(line.strip()) for line in source.lines[first.start : first.end]]
        if all(len(line) <= 100 for line in lines) and not any(map(_sentence, lines)):
            return lines[0], tuple(lines[1:]), rest
    if first.kind != "heading" and not (first.kind == "paragraph" and titular(first)):
        remarks.append(Remark(first.start + 1, "no title was found above this", excerpt(first.text)))
        return "", (), source.blocks
    title = first.text if first.kind == "heading" else bold(first.text) or first.text
    count = 0
    while count < len(rest) and rest[count].kind == "paragraph":
        count += 1
    following = rest[count].kind if count < len(rest) else None
    if not source.markdown:
        count = next((at for at, block in enumerate(rest[:count]) if not titular(block)), count)
    elif following == "quote":  # a published edition's status stands below the lines on top
        count = count if all(map(brief, rest[:count])) else 0
    elif following != "heading" or not all(map(titular, rest[:count])):
        count = 0
    while count < len(rest) and first.mark and rest[count].mark == first.mark and _opens_prose(rest[count:]):
        count += 1
    return title, tuple(source.words(block.text) for block in rest[:count]), rest[count:]


def _sentence(line: str) -> bool:
    return line[-1:] in tuple(".。:：")


def _opens_prose(blocks: list[Block]) -> bool:
    """Whether a heading stands on another heading or a paragraph, and is no known part of a document."""
    if blocks[0].kind != "heading" or role_of(blocks[0].text) or len(blocks) < 2:
        return False
    return blocks[1].kind == "paragraph" and not any(b.kind == "entry" for b in _until_heading(blocks[1:]))


def _until_heading(blocks: list[Block]) -> list[Block]:
    return blocks[: next((at for at, block in enumerate(blocks) if block.kind == "heading"), len(blocks))]


def _chunks(blocks: list[Block]) -> list[tuple[Block | None, list[Block]]]:
    """The blocks, each run with the heading or rule that opens it (None for the first)."""
    chunks: list[tuple[Block | None, list[Block]]] = [(None, [])]
    for block in blocks:
        if block.kind in {"heading", "rule"}:
            chunks.append((block, []))
        else:
            chunks[-1][1].append(block)
    return chunks


def _theme(opening: Block | None, body: list[Block]) -> bool:
    headed = opening is not None and opening.kind == "heading" and _known(opening, body) is None
    return headed and any(block.kind == "entry" for block in body)


def _known(opening: Block, body: list[Block]) -> Role | None:
    """The part that the heading's words name, unless its list is one of recommendations."""
    entries = [block for block in body if block.kind == "entry"]
    # a theme may happen to be called "Signatories": its titles are in italics, where names are bold
    if entries and all(emphasised(entry) and entry.text[:2] not in {"**", "__"} for entry in entries):
        return None
    return role_of(opening.text)


def _role(opening: Block, body: list[Block], seen: set[Role]) -> Role:
    if known := _known(opening, body):
        return known
    if _theme(opening, body) and not ("theme" in seen and seen & {"signatories", "acknowledgement"}):
        return "theme"
    return "annex" if "theme" in seen else "preamble"


def _unheaded(blocks: list[Block], themes_follow: bool) -> list[Part]:
    """The words before any heading: preamble, and recommendations too where no theme claims them.

    Where themes follow, numbered paragraphs up here are areas of agreement, unless titled as items are.
    """
    listed = [at for at, block in enumerate(blocks) if block.kind == "entry"]
    bulleted = [at for at in listed if blocks[at].number is None and not themes_follow]
    titled = [at for at in listed if emphasised(blocks[at])]
    start = next(iter(titled or bulleted or ([] if themes_follow else listed)), len(blocks))
    return [Part("preamble", None, blocks[:start]), Part("theme", None, blocks[start:])][: 1 + (start < len(blocks))]
