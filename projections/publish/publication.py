"""What a published document says, ready to be written in any format; and the phrases all formats share.

Whoever composes a Publication decides what may be said: a name comes in only with its owner's consent.
What has come in is printed, all of it, by every format: a reservation, dissent, dissociation, exception,
disclaimer, minority view or statement never gets lost between two formats (domain.md, rule 2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["recommendations", "memorandum", "co-chairs' summary", "meeting report"]
Assent = Literal["text", "general thrust"]

CAPACITIES = {
    "unstated": "",
    "personal": "in a personal capacity",
    "institutional": "in an institutional capacity",
    "official in private capacity": "an official, in a private capacity",
}
WITHHELD = "A signatory whose name is withheld."


@dataclass(frozen=True)
class Note:
    """Words attached to what they limit or interpret.

    `kind` is a reservation, dissent, dissociation, statement, minority view …; `who` is printed verbatim, or
    empty where nobody is named; `quotation` is the wording that the note is about, if only a part.
    """

    kind: str
    who: str
    words: str
    quotation: str = ""

    @property
    def heading(self) -> str:
        by = f" by {self.who}" if self.who else ""
        about = f" on “{self.quotation}”" if self.quotation else ""
        return f"{_capital(self.kind)}{by}{about}"


@dataclass(frozen=True)
class Item:
    """A recommendation: its number in this edition, title and exact text, and how it came to stand here.

    A number that does not simply count is a text, "4 bis". `decision` is a phrase: "adopted by consensus,
    entry 88" or "signed, not adopted".
    """

    number: int | str
    title: str
    text: str
    handle: str = ""
    version: int | None = None
    decision: str | None = None
    notes: tuple[Note, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether a list can show the number: 4, but not 4 bis."""
        return str(self.number).isdecimal()

    @property
    def standing(self) -> str:
        """One phrase: "Recommendation 4 (P7), version 3: adopted by consensus, entry 88"; empty if none."""
        if self.counted and not self.handle and self.version is None and not self.decision:
            return ""
        handle = f" ({self.handle})" if self.handle else ""
        version = f", version {self.version}" if self.version is not None else ""
        return f"Recommendation {self.number}{handle}{version}" + (f": {self.decision}" if self.decision else "")


@dataclass(frozen=True)
class Theme:
    """Recommendations under one heading; an empty title stands for no heading."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class SignatoryLine:
    """One line of the list, as signed: "4. NAME – descriptor", with what limits the signature.

    `exceptions` are the numbers of recommendations not signed; `only`, where the whole was not signed, of those
    that were. A `withheld` line says that somebody signed who is not named here; it must then hold no name,
    descriptor or capacity (ValueError).
    """

    number: int
    name: str
    descriptor: str = ""
    capacity_note: str = ""
    assent: Assent = "text"
    exceptions: tuple[int | str, ...] = ()
    only: tuple[int | str, ...] = ()
    reservations: tuple[Note, ...] = ()
    unconfirmed: bool = False
    withheld: bool = False

    def __post_init__(self) -> None:
        if self.withheld and (self.name or self.descriptor or self.capacity_note):
            raise ValueError("a withheld signatory's line must not hold the name, descriptor or capacity")

    @property
    def limits(self) -> str:
        """What the signature does not say by itself, as one sentence; empty if there is nothing to add."""
        said = (
            self.capacity_note,
            "assents to the general thrust" if self.assent == "general thrust" else "",
            f"signs only {_recommendations(self.only)}" if self.only else "",
            f"except {_recommendations(self.exceptions)}" if self.exceptions else "",
            "not yet confirmed by the signatory" if self.unconfirmed else "",
        )
        return "; ".join(filter(None, said))


@dataclass(frozen=True)
class LateSignatory:
    """Somebody who signed after publication, and when (an ISO date, which may lack its day)."""

    line: SignatoryLine
    signed: str


@dataclass(frozen=True)
class Publication:
    """A document in one edition, without withdrawn signatures. Texts are paragraphs parted by empty lines.

    `areas` are the numbered areas of agreement: they stand below `preamble` and above `after_areas`.
    `as_of` is the entry or instant that the edition shows; `embargo` a sentence. `unnamed` counts those who
    signed without consenting to be named, withheld lines included. `authors` are those of a summary or report,
    which is theirs alone. `notes`, `minority_views` and
    `statements` belong to the whole document; `corrections` are lines of errata.
    """

    title: str
    kind: Kind
    edition: int
    as_of: str = ""
    subtitle: str = ""
    language: str = "en"
    numbered: bool = False
    embargo: str = ""
    authors: tuple[str, ...] = ()
    disclaimers: tuple[str, ...] = ()
    preamble: str = ""
    areas: tuple[str, ...] = ()
    after_areas: str = ""
    themes: tuple[Theme, ...] = ()
    signatories: tuple[SignatoryLine, ...] = ()
    unnamed: int = 0
    acknowledgement: str = ""
    late_signatories: tuple[LateSignatory, ...] = ()
    notes: tuple[Note, ...] = ()
    statements: tuple[Note, ...] = ()
    minority_views: tuple[Note, ...] = ()
    corrections: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """For example "Recommendations. Edition 2, as of entry 142."."""
        as_of = f", as of {self.as_of}" if self.as_of else ""
        return f"{_capital(self.kind)}. Edition {self.edition}{as_of}."

    @property
    def byline(self) -> str:
        """Whose the document is, as one sentence; empty where it is not its authors' own."""
        if not self.authors:
            return ""
        *others, last = self.authors
        return f"By {', '.join(others)}{' and ' if others else ''}{last}."

    @property
    def unnamed_sentence(self) -> str:
        """How many signatories are not named here; empty if all are."""
        if not self.unnamed:
            return ""
        signatories = "signatory is" if self.unnamed == 1 else "signatories are"
        return f"{self.unnamed} {signatories} not named here."

    @property
    def annexes(self) -> Iterator[tuple[str, tuple[Note, ...]]]:
        """The notes to the whole document under their headings, those that there are."""
        headed = (
            ("Reservations and dissociations", self.notes),
            ("Interpretative statements", self.statements),
            ("Minority views", self.minority_views),
        )
        return ((heading, notes) for heading, notes in headed if notes)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text; line breaks inside one stay."""
    found: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\n".join(lines) for lines in found if lines]


def _recommendations(numbers: tuple[int | str, ...]) -> str:
    return f"recommendation{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
