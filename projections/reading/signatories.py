"""The list of signatories: numbered lines, each a name and a descriptor, verbatim and in their order."""

import re
from dataclasses import dataclass, replace

from projections.publish.publication import CAPACITIES, WITHHELD
from projections.reading.blocks import Block, Source
from projections.reading.parts import Part
from projections.reading.source import Remark, excerpt, unpaired

_BOLD = re.compile(r"(\*\*|__)((?:\\.|[^\\])+?)\1")
_DASH = re.compile(r"[ \t]*(?:——|--|[–—―－\-,，、:：])?[ \t]*")
_PARTINGS = [
    re.compile(each) for each in (r"[ \t]+(?:--|[–—―－-])[ \t]+|——|—", r"\t+", r"[:：][ \t]*", r"[,，、][ \t]*")
]

_NO_LIMIT = {"not yet confirmed by the signatory", *CAPACITIES.values()}
_OF_OTHERS = re.compile(rf"\d+\\?\. {WITHHELD}|\d+ signator(?:y is|ies are) not named here\.")


@dataclass(frozen=True)
class Signatory:
    """One of the list: name and descriptor verbatim, and the whole line as it stands.

    `limits` is what stands quoted below it, where that may make it less than a signature under the whole text.
    """

    number: int
    name: str
    descriptor: str
    line: str
    limits: str = ""


def signatories_of(
    source: Source, parts: list[Part], remarks: list[Remark]
) -> tuple[tuple[Signatory, ...], list[Block]]:
    """The signatories in order, and the paragraphs below the list, which close the document."""
    signed: list[Signatory] = []
    closing: list[Block] = []
    for part in parts:
        if part.role != "signatories":
            continue
        last = max((at for at, block in enumerate(part.blocks) if block.kind == "entry"), default=-1)
        for at, block in enumerate(part.blocks):
            if block.kind == "entry":
                signed.append(_signatory(source, block, len(signed) + 1, remarks))
            elif block.kind == "paragraph" and signed and at > last:
                closing.append(block)
            else:
                words = source.body([block])
                if block.kind == "quote" and at and part.blocks[at - 1].kind == "entry" and limiting(words):
                    signed[-1] = replace(signed[-1], limits=words)
                what = "not numbered, so not read as a signatory"
                remarks.append(Remark(block.start + 1, what, excerpt(words)))
    return tuple(signed), closing


def limiting(words: str) -> bool:
    """Whether words below a name may limit the signature: all that this program prints there may, but for these."""
    if _OF_OTHERS.match(words):
        return False
    return any(said not in _NO_LIMIT for line in words.split("\n") for said in line.split("; ") if said)


def _signatory(source: Source, block: Block, place: int, remarks: list[Remark]) -> Signatory:
    number = block.number or place
    line = "\n".join(source.lines[block.start : block.end])
    if number != place:
        remarks.append(Remark(block.start + 1, f"number {number} stands in place {place}", excerpt(line)))
    if block.end - block.start > 1:
        remarks.append(Remark(block.start + 1, "a signatory's line goes on below; it is joined", excerpt(line)))
    name, descriptor = _parted(" ".join(part.strip(" \t") for part in source.raw([block]).split("\n")))
    remarks += unpaired(descriptor, block.start + 1)
    return Signatory(number, source.words(name), source.words(descriptor), line)


def _parted(words: str) -> tuple[str, str]:
    """Name and descriptor: the bold words and what follows them, else parted by dash, tab, colon or comma."""
    if found := _BOLD.match(words):
        name, rest = found[2], words[found.end() :]
        descriptor = rest[_DASH.match(rest).end() :]  # type: ignore[union-attr]  # it matches nothing, too
        return (name.rstrip(" ,:，："), descriptor) if descriptor == rest.strip(" \t") and rest else (name, descriptor)
    for parting in _PARTINGS:
        if found := parting.search(words, 1):
            return words[: found.start()], words[found.end() :]
    return words, ""
