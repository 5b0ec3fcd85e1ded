"""The blocks of a document in plain text or Markdown: headings, list entries, paragraphs, quotes, rules.

A document with a `#` heading is Markdown: only Markdown's own marks count, and escapes are undone.
Any other is plain text, where typewriter bullets and numbers of several scripts count too, nothing is
undone, and a heading is a short line without a full stop that stands alone above a list, or a known word.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Literal

from projections.literal import unliteral
from projections.reading.vocabulary import role_of

_HASH = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_UNDERLINE = re.compile(r" {0,3}(=+|--+)[ \t]*$")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_QUOTE = re.compile(r"[ \t]*>[ \t]?(.*)$")
_MARKDOWN_ENTRY = re.compile(r"([ \t]*)([-+*]|[0-9]{1,9}[.)])(?:([ \t]+)(.*)|)$")
_PLAIN_ENTRY = re.compile(
    r"""([ \t\u3000]*)
    ( [-+*–•●▪‣◦](?=[ \t]|$) | ・ | [0-9]+\.[0-9]+\.?(?=[ \t]) | [0-9]{1,4}[.)](?=[ \t]|$)
    | [0-9]{1,4}[.)](?=[^\x00-\x7f]) | [0-9０-９]{1,4}[．、）] | [(（][0-9０-９]{1,4}[)）] | [①-⑳] )
    ([ \t\u3000]*)(.*)$""",
    re.VERBOSE,
)
_LEAD = re.compile(r"(\*{1,3}|_{1,3})(?![\s*_])((?:\\.|[^\\])+?)(?<!\s)\1(?![*_\w])")
_BOLD_LINE = re.compile(r"(\*\*|__)((?:\\.|[^\\])+?)\1:?")
_CLOSERS = "\"'”’»」』）)]*_"
_STOPS = ".!?…。！？．؟"

Kind = Literal["heading", "entry", "paragraph", "quote", "rule"]


@dataclass(frozen=True)
class Block:
    """Lines `start` to `end` (from 0, end not included); `text` is the first line's, without its mark.

    A heading's `mark` is its `#` signs; an entry's is what it was listed with, after `indent` blanks, and
    its words begin at `offset`.
    """

    kind: Kind
    start: int
    end: int
    text: str
    mark: str = ""
    indent: int = 0
    offset: int = 0

    @property
    def number(self) -> int | None:
        """The entry's number, where it is counted and not bulleted."""
        digits = "".join(str(unicodedata.digit(c)) for c in self.mark if c.isdecimal())
        if "①" <= self.mark[:1] <= "⑳":
            return int(unicodedata.numeric(self.mark))
        return int(digits) if digits and not self.nested else None

    @property
    def nested(self) -> bool:
        """Whether the mark itself says that this is part of a numbered whole, as in 2.1."""
        return bool(re.match(r"[0-9]+\.[0-9]", self.mark))


@dataclass
class Source:
    """A document's lines and blocks; `markdown` says which of the two languages it is in."""

    lines: list[str]
    markdown: bool = field(init=False)
    top: int = field(init=False)  # the first line that is not empty
    blocks: list[Block] = field(init=False)

    def __post_init__(self) -> None:
        self.top = next(at for at, line in enumerate(self.lines) if line.strip())
        self.markdown = any(map(_HASH.match, self.lines))
        # a Markdown file made from a word processor's may still have typewriter bullets, and only those
        loose = not self.markdown or not any(map(_MARKDOWN_ENTRY.match, self.lines))
        self.blocks = _headed(self, _split(self, _PLAIN_ENTRY if loose else _MARKDOWN_ENTRY))

    def words(self, raw: str) -> str:
        """What the raw words say: Markdown's escapes undone, plain text as it stands."""
        return unliteral(raw) if self.markdown else raw

    def raw(self, blocks: list[Block]) -> str:
        """The lines of blocks that follow each other, exact, with the empty lines between them."""
        first, last = blocks[0], blocks[0].start
        lines = []
        for block in blocks:
            lines += [line for line in self.lines[last : block.start] if not line.strip()]
            lines += [self._shown(line, block, first.offset) for line in self.lines[block.start : block.end]]
            last = block.end
        return trimmed("\n".join([first.text, *lines[1:]]))

    def verbatim(self, blocks: list[Block]) -> str:
        """All lines from the first block to the last, list marks included."""
        lines = self.lines[blocks[0].start : blocks[-1].end] if blocks else []
        quoted = [found[1] if self.markdown and (found := _QUOTE.match(line)) else line for line in lines]
        return self.words(trimmed("\n".join(quoted)))

    def _shown(self, line: str, block: Block, offset: int) -> str:
        quoted = _QUOTE.match(line) if block.kind == "quote" else None
        return quoted[1] if quoted else line[min(_indent(line), offset) :]

    def body(self, blocks: list[Block]) -> str:
        """What those lines say."""
        return self.words(self.raw(blocks))


def trimmed(text: str) -> str:
    """The text without empty lines above and below, and without blanks at its end."""
    lines = text.split("\n")
    kept = [at for at, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[kept[0] : kept[-1] + 1]).rstrip(" \t") if kept else ""


def finished(words: str) -> bool:
    """Whether the words end as a sentence does."""
    return words.rstrip().rstrip(_CLOSERS)[-1:] in tuple(_STOPS)


def short(line: str) -> bool:
    """Whether the line is as short as a heading is; wide letters count twice."""
    return len(line) + sum(unicodedata.east_asian_width(char) in "WF" for char in line) <= 140


def brief(block: Block) -> bool:
    """Whether the block is one short line."""
    return block.end - block.start == 1 and short(block.text)


def titular(block: Block) -> bool:
    """Whether the block could be a heading: brief, and not a sentence or the beginning of one."""
    return brief(block) and not finished(block.text) and block.text.rstrip()[-1:] not in tuple(":：,，、;；")


def bold(text: str) -> str | None:
    """The words of a line that is bold from end to end."""
    found = _BOLD_LINE.fullmatch(text.strip())
    return found[2] if found else None


def lead(line: str) -> tuple[str, str, str] | None:
    """The emphasis a line begins with: its mark, the words in it, and what follows on the line."""
    found = _LEAD.match(line)
    return (found[1], found[2], line[found.end() :]) if found else None


def emphasised(block: Block) -> bool:
    """Whether the block's first line is emphasised from end to end, as a recommendation's title is."""
    found = lead(block.text.strip())
    return found is not None and not found[2].strip(" .:：")


def _split(source: Source, entry: re.Pattern[str]) -> list[Block]:
    blocks: list[Block] = []
    apart = True  # an empty line, or nothing, stands before this one
    for at, line in enumerate(source.lines):
        last = blocks[-1] if blocks else None
        if not line.strip():
            apart = True
        elif source.markdown and (found := _HASH.match(line)):
            words = _unclosed((found[2] or "").strip())
            blocks.append(Block("heading", at, at + 1, source.words(bold(words) or words), found[1]))
        elif not apart and last and last.kind == "paragraph" and brief(last) and _UNDERLINE.match(line):
            blocks[-1] = replace(last, kind="heading", end=at + 1, text=source.words(last.text))
        elif _RULE.match(line):
            blocks.append(Block("rule", at, at + 1, ""))
        elif source.markdown and (found := _QUOTE.match(line)):
            if not apart and last and last.kind == "quote":
                blocks[-1] = replace(last, end=at + 1)
            else:
                blocks.append(Block("quote", at, at + 1, found[1]))
        elif (found := entry.match(line)) and not _within(last, found):
            indent, mark, gap, text = (part or "" for part in found.groups())
            offset = len(indent) + len(mark) + len(gap)
            blocks.append(Block("entry", at, at + 1, text, mark, len(indent), offset))
        elif last and (
            (not apart and last.kind in {"entry", "paragraph", "quote"})
            or (last.kind == "entry" and last.text and last.indent < _indent(line) <= last.offset + 3)
        ):
            blocks[-1] = replace(last, end=at + 1)
        else:
            blocks.append(Block("paragraph", at, at + 1, line.strip(" \t"), offset=_indent(line)))
        apart = not line.strip()
    return blocks


def _unclosed(words: str) -> str:
    """A heading's words without the `#` signs that may close it, as in "## Title ##"."""
    bare = words.rstrip("#")
    return bare.rstrip() if bare[-1:] in {"", " ", "\t"} else words


def _within(last: Block | None, found: re.Match[str]) -> bool:
    """Whether a list mark belongs to the words of the entry above it: a list within a recommendation."""
    if last is None or last.kind != "entry" or len(found[1]) <= last.indent:
        return False
    return not (titular(last) and last.number is not None and not last.text.startswith("*"))


def _headed(source: Source, blocks: list[Block]) -> list[Block]:
    """The blocks, with those made headings that are headings by where they stand or by what they say."""
    return [_heading(source, *pair) for pair in zip_longest(blocks, blocks[1:])]


def _heading(source: Source, block: Block, below: Block | None) -> Block:
    lists = below is not None and below.kind == "entry"
    if block.kind == "paragraph" and lists and brief(block) and (words := bold(block.text)):
        return replace(block, kind="heading", text=source.words(words))
    if block.kind == "paragraph" and not source.markdown and block.start > source.top:
        named = brief(block) and not finished(block.text) and role_of(block.text)
        return replace(block, kind="heading") if named or (lists and titular(block)) else block
    if block.kind == "entry" and below and lists and _heads(block, below, source.markdown):
        return replace(block, kind="heading", text=source.words(block.text))
    return block


def _heads(block: Block, following: Block, markdown: bool) -> bool:
    """Whether a numbered line is the heading of the list below it: "2. Hotlines" above "- Keep them open"."""
    if block.number is None or not titular(block) or block.text.startswith("*"):
        return False
    deeper = following.indent > block.indent or following.nested
    return deeper or (not markdown and following.number is None)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
