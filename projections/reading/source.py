"""A file's words, before anyone asks what they mean: decoded, bounded, with what had to be noted."""

import re
import unicodedata
from dataclasses import dataclass

LIMIT = 5_000_000  # bytes; no list of recommendations comes near it, and a mistaken file stops here

_MOST_BLANKS = 300  # in a row: more is a picture or a mistake, and searching it would take for ever
_GAP = re.compile(rf"(?<!\s)[^\S\n]{{{_MOST_BLANKS}}}")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Unreadable(ValueError):
    """A file that cannot be read as what it is said to be; the sentence says what to do."""


@dataclass(frozen=True)
class Remark:
    """What could not be placed, or looks broken: the line (from 1), what is the matter, and the words."""

    line: int
    what: str
    excerpt: str


def decoded(content: bytes) -> str:
    """The text of a file's bytes, which must be UTF-8 (a byte order mark is allowed); else Unreadable."""
    _bounded(len(content))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"byte {error.start + 1} is not UTF-8; save the document as plain text in UTF-8 and try again"
        ) from None


def lines_of(text: str) -> tuple[list[str], list[Remark]]:
    """The text's lines in NFC, and what was noted on the way; Unreadable when empty, too long or not text.

    A form feed is how a page ends in text taken from a PDF: it stands for an empty line and is reported.
    """
    _bounded(len(text.encode("utf-8", "replace")))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Unreadable("the file is empty; give one that holds the document's text")
    if found := _NO_TEXT.search(text):
        number = text.count("\n", 0, found.start()) + 1
        raise Unreadable(
            f"line {number} holds the character U+{ord(found[0]):04X}, which no text has; "
            "save the document as plain text in UTF-8 and try again"
        )
    if gap := _GAP.search(text):
        number = text.count("\n", 0, gap.start()) + 1
        raise Unreadable(f"line {number} holds more than {_MOST_BLANKS} blanks in a row; take them out and try again")
    remarks = []
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        remarks.append(Remark(1, "some letters were written apart from their marks and are now joined (NFC)", ""))
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if "\f" in line:
            remarks.append(Remark(at + 1, "a page ends here", excerpt(line.replace("\f", " "))))
            lines[at] = line.replace("\f", "")
        if "\ufffd" in line:
            remarks.append(Remark(at + 1, "a letter was lost before this file was written", excerpt(line)))
    return lines, remarks


def excerpt(words: str, longest: int = 120, *, last: bool = False) -> str:
    """The words on one line, cut to a length that a list can show: the first ones, or the last."""
    flat = " ".join(words.split())
    if len(flat) <= longest:
        return flat
    return "…" + flat[1 - longest :] if last else flat[: longest - 1] + "…"


def unpaired(words: str, line: int) -> list[Remark]:
    """A remark for quotation marks that open and do not close, or close and never opened."""
    odd = words.count('"') % 2 or any(words.count(a) != words.count(b) for a, b in ("“”", "「」", "『』", "«»", "《》"))
    return (
        [Remark(line, "a quotation mark without its fellow, kept as it stands", excerpt(words, last=True))]
        if odd
        else []
    )


def _bounded(size: int) -> None:
    if size > LIMIT:
        raise Unreadable(f"the text is larger than {LIMIT:,} bytes; give the document's text alone")
