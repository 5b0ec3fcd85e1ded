"""Documents: drafted, ordered, issued in editions, opened for signature, published, corrected.

domain.md, "Life of a dialogue" and rules 1 to 3. What people sign is an edition: its manifest names every
text in it by digest, and the edition is named by the digest of the manifest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from dialogue.book import State
from dialogue.fact import Entry, Fact, Personal, Text
from dialogue.mandate import Attribution
from dialogue.text import digest
from dialogue.versions import Change, Versions

DocumentKind: TypeAlias = Literal["recommendations", "memorandum", "co-chairs' summary", "meeting report"]
NEEDS_ASSENT = ("recommendations", "memorandum")  # adopted or signed; a summary or report is its authors' own


@dataclass(frozen=True)
class Group:
    """A theme and its items in order; items without a theme stand under an empty one."""

    theme: Annotated[str, "line or nothing"]
    items: tuple[UUID, ...]


@dataclass(frozen=True)
class Listed:
    """An item as an edition prints it."""

    proposal: UUID
    number: str
    title: str
    version: int
    text: Text
    theme: str = ""


@dataclass(frozen=True)
class Rest:
    """A change of an item that an editorial edition rests on."""

    edition: int
    proposal: UUID
    version: int


@dataclass(frozen=True)
class DocumentDrafted(Fact, stream="document", also={"dialogue": "dialogue"}):
    """`attribution` is absent where the document is attributed."""

    document: UUID
    number: int
    kind: DocumentKind
    title: str
    subtitle: str | None = None
    preamble: Text | None = None
    acknowledgement: str | None = None
    disclaimer: str | None = None
    authors: tuple[UUID, ...] = ()
    numbered: bool = True
    attribution: Attribution | None = None


@dataclass(frozen=True)
class DocumentRevised(Fact, stream="document"):
    document: UUID
    title: str
    subtitle: str | None = None
    preamble: Text | None = None
    acknowledgement: str | None = None
    disclaimer: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ItemsOrdered(Fact, stream="document"):
    document: UUID
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Numbered:
    proposal: UUID
    number: str


@dataclass(frozen=True)
class ItemsRenumbered(Fact, stream="document"):
    """Numbers that do not simply count: 4 bis, or 7 after 5. Editorial."""

    document: UUID
    numbers: tuple[Numbered, ...]


@dataclass(frozen=True)
class MinorityViewAttached(Fact, stream="document"):
    document: UUID
    view: int
    words: str
    holders: tuple[UUID, ...]
    title: str | None = None


@dataclass(frozen=True)
class EditionIssued(Fact, stream="document", versioned=True):
    """`version` is the edition, `text` its manifest; `change` compares it with the edition before.

    Objections to an editorial one are heard until `notice_until`.
    """

    document: UUID
    version: int
    text: Text
    items: tuple[Listed, ...]
    change: Change
    rests: tuple[Rest, ...] = ()
    notice_until: datetime | None = None


@dataclass(frozen=True)
class OpenedForSignature(Fact, stream="document"):
    """A document's current edition may be signed from now on."""

    document: UUID
    closes: datetime | None = None


@dataclass(frozen=True)
class ClosedForSignature(Fact, stream="document"):
    document: UUID


@dataclass(frozen=True)
class EmbargoSet(Fact, stream="document"):
    """Public from this instant on, without any further act."""

    document: UUID
    until: datetime


@dataclass(frozen=True)
class DocumentPublished(Fact, stream="document"):
    document: UUID
    edition: int


@dataclass(frozen=True)
class CorrectionIssued(Fact, stream="document", also={"endorsement": "endorsement"}, versioned=True):
    """An erratum makes a new edition and says what was wrong, and where: an item, or a signatory's line."""

    document: UUID
    version: int
    text: Text
    items: tuple[Listed, ...]
    change: Change
    reason: str
    proposal: UUID | None = None
    endorsement: UUID | None = None
    name: Personal | None = None
    descriptor: Personal | None = None
    rests: tuple[Rest, ...] = ()


@dataclass(frozen=True)
class Document(State, kind="document", noun="document"):
    """`versions` are the editions, None before the first; the last one that is no correction was `issued` then.
    `notice_until` is when a running notice ends; `opened` the last edition that was open for signature, or 0.

    What is printed of a document under the Chatham House Rule says of no words whose they are, but for its authors
    and for signatories who consent to be named; a closed one is not published at all.
    """

    number: int
    document_kind: DocumentKind
    title: str
    subtitle: str | None = None
    preamble: Text | None = None
    acknowledgement: str | None = None
    disclaimer: str | None = None
    authors: tuple[UUID, ...] = ()
    numbered: bool = True
    groups: tuple[Group, ...] = ()
    numbers: tuple[Numbered, ...] = ()
    views: int = 0
    versions: Versions | None = None
    items: tuple[Listed, ...] = ()
    rests: tuple[Rest, ...] = ()
    opened: int = 0
    signing: bool = False
    closes: datetime | None = None
    embargo: datetime | None = None
    published: int | None = None
    notice_until: datetime | None = None
    call: UUID | None = None
    decision: UUID | None = None
    decided_by: str | None = None
    issued: datetime | None = None
    attribution: Attribution = "attributed"

    @property
    def handle(self) -> str:
        return f"D{self.number}"

    @property
    def edition(self) -> int:
        """The current edition; 0 before the first."""
        return self.versions.current if self.versions else 0


def evolve(state: Document | None, entry: Entry) -> Document:
    fact = entry.fact
    if isinstance(fact, DocumentDrafted):
        return Document(
            fact.number,
            fact.kind,
            fact.title,
            fact.subtitle,
            fact.preamble,
            fact.acknowledgement,
            fact.disclaimer,
            fact.authors,
            fact.numbered,
            attribution=fact.attribution or "attributed",
        )
    assert state is not None
    match fact:
        case DocumentRevised():
            return replace(
                state,
                title=fact.title,
                subtitle=fact.subtitle,
                preamble=fact.preamble,
                acknowledgement=fact.acknowledgement,
                disclaimer=fact.disclaimer,
            )
        case ItemsOrdered():
            return replace(state, groups=fact.groups, numbers=())
        case ItemsRenumbered():
            return replace(state, numbers=fact.numbers)
        case MinorityViewAttached():
            return replace(state, views=fact.view)
        case EditionIssued() | CorrectionIssued():
            versions = state.versions.moved(fact.text) if state.versions else Versions(1, fact.text)
            until = fact.notice_until if isinstance(fact, EditionIssued) else None
            versions = versions.ruled(fact.version, fact.change, until) if fact.version > 1 else versions
            rests = (*state.rests, *fact.rests)
            opened = fact.version if state.signing else state.opened
            state = replace(state, versions=versions, items=fact.items, rests=rests, opened=opened)
            if isinstance(fact, CorrectionIssued):
                return state
            state = replace(state, issued=entry.time)
            if until is None:
                return state
            return replace(state, notice_until=max(until, state.notice_until or until))
        case OpenedForSignature():
            return replace(state, opened=state.edition, signing=True, closes=fact.closes)
        case ClosedForSignature():
            return replace(state, signing=False, closes=None)
        case EmbargoSet():
            return replace(state, embargo=fact.until)
        case DocumentPublished():
            return replace(state, published=fact.edition)
    return state


FACTS = (
    DocumentDrafted,
    DocumentRevised,
    ItemsOrdered,
    ItemsRenumbered,
    MinorityViewAttached,
    EditionIssued,
    OpenedForSignature,
    ClosedForSignature,
    EmbargoSet,
    DocumentPublished,
    CorrectionIssued,
)


def preamble_in(manifest: str) -> Text | None:
    """The preamble of an edition by its manifest; the draft's own may have been revised since."""
    sha256 = json.loads(manifest).get("preamble")
    return None if sha256 is None else Text(sha256)


def manifest(document: Document, edition: int, items: tuple[Listed, ...]) -> Text:
    """The edition's manifest, canonical JSON (RFC 8785), under its digest. This is what a signatory signs."""
    content: dict[str, Any] = {
        "kind": document.document_kind,
        "title": document.title,
        "subtitle": document.subtitle,
        "preamble": document.preamble.sha256 if document.preamble else None,
        "acknowledgement": document.acknowledgement,
        "disclaimer": document.disclaimer,
        "edition": edition,
        "items": [
            {"number": one.number, "theme": one.theme, "title": one.title, "text": one.text.sha256} for one in items
        ],
    }
    content = {name: value for name, value in content.items() if value is not None}
    words = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Text(digest(words), words)
