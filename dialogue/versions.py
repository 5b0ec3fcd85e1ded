"""Numbered versions of a text that people sign: a proposal's text, a document's editions.

domain.md, rule 1: signatures stand across changes ruled editorial and lapse with a substantive one;
a change that nobody ruled on is substantive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from dialogue.book import Book, State
from dialogue.fact import Entry, Refused, Text, version_id

Change: TypeAlias = Literal["editorial", "substantive"]


@dataclass(frozen=True)
class Heard:
    """Until when objections to the editorial change that led to a version are heard."""

    version: int
    until: datetime


@dataclass(frozen=True)
class Versions:
    """The current version (from 1) and its digest, and which versions came by a change ruled editorial."""

    current: int
    text: Text
    editorial: tuple[int, ...] = ()
    heard: tuple[Heard, ...] = ()

    @property
    def substantive(self) -> int:
        """The last version that came by a substantive change; the first is one."""
        version = self.current
        while version in self.editorial:
            version -= 1
        return version

    def moved(self, text: Text) -> Versions:
        return replace(self, current=self.current + 1, text=text)

    def ruled(self, version: int, change: Change, until: datetime | None = None) -> Versions:
        rest = tuple(v for v in self.editorial if v != version)
        heard = self.heard if until is None else (*self.heard, Heard(version, until))
        return replace(self, editorial=(*rest, version) if change == "editorial" else rest, heard=heard)

    def open_to_objection(self, since: int, at: datetime) -> tuple[int, ...]:
        """The editorial changes after version `since` to which an objection made at that instant is in time."""
        return tuple(sorted({one.version for one in self.heard if one.version > since and at <= one.until}))


@dataclass(frozen=True)
class Item:
    """An item as an edition has it."""

    proposal: UUID
    text: Text


@dataclass(frozen=True)
class Version(State, kind="version", noun="version"):
    """One version of a text: its digest, and the entry that made it. Without a `title` it kept the one before.

    `items` are those of an edition: each proposal in it, with the digest of its words there.
    """

    number: int
    text: Text
    entry: int
    title: str | None = None
    items: tuple[Item, ...] = ()


def evolve(state: Version | None, entry: Entry) -> Version:
    number, text = getattr(entry.fact, "version"), getattr(entry.fact, "text")  # noqa: B009
    items = tuple(Item(one.proposal, one.text) for one in getattr(entry.fact, "items", ()))
    return Version(number, text, entry.number, getattr(entry.fact, "title", None), items)


def version_of(subject: UUID, number: int, book: Book) -> Version:
    """That version of a proposal's or document's text. Raises Refused."""
    version = book.find(Version, version_id(subject, number))
    if version is None:
        raise Refused("no-version", f"there is no version {number} of this text")
    return version


def title_of(subject: UUID, number: int, book: Book) -> str:
    """The title that a proposal had in that version. Raises Refused."""
    while (title := version_of(subject, number, book).title) is None:
        number -= 1
    return title


def current(versions: Versions, base: int | None) -> None:
    """Demands that an act meant for version `base` meets the current one. Raises Refused."""
    if base is not None and base != versions.current:
        raise Refused(
            "outdated",
            f"that was version {base}; the text now stands at version {versions.current}: look at what changed first",
            version=base,
            current=versions.current,
        )
