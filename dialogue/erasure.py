"""Erasure: a person is forgotten. Two people confirm; the record keeps its entries, and what was sealed is gone.

domain.md, rule 10. The entry of an erasure lists the digests of what was erased, so that a value that is missing
without one was removed in silence. No listed digest says more than its own entry says in clear: where an entry
does not say whose value it holds (who attended, say), its digest stands in a list that is itself sealed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID, uuid5

from dialogue.book import Book, State
from dialogue.fact import OPERATOR, Command, Entry, Fact, Line, Moment, Personal, Refused
from dialogue.mandate import Dialogue
from dialogue.participant import Participant
from dialogue.shape import may_hold

DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")  # base64url of a SHA-256
AT_ONCE = 1000  # digests in one entry, which has room for some 1,300


@dataclass(frozen=True)
class ErasureRequested(Fact, stream="erasure"):
    erasure: UUID
    participant: UUID


@dataclass(frozen=True)
class ErasureConfirmed(Fact, stream="erasure", also={"participant": "participant", "dialogue": "dialogue"}):
    """`digests` are those of what was erased; `others`, sealed, those whose own entries do not say whose they are.

    `others` is always there, so that nobody sees whether its list is empty.
    """

    erasure: UUID
    participant: UUID
    digests: tuple[str, ...]
    others: Personal | None = None


@dataclass(frozen=True)
class MoreErased(Fact, stream="erasure"):
    """Digests for which the entry before had no room."""

    erasure: UUID
    digests: tuple[str, ...]


@dataclass(frozen=True)
class Erasure(State, kind="erasure", noun="erasure"):
    """`askers` are who asked for it and who entered that."""

    participant: UUID
    askers: tuple[UUID, ...]
    status: Literal["requested", "confirmed"] = "requested"


def evolve(state: Erasure | None, entry: Entry) -> Erasure:
    fact = entry.fact
    if isinstance(fact, ErasureRequested):
        return Erasure(fact.participant, tuple(one for one in (entry.actor, entry.recordedby) if one is not None))
    assert state is not None
    return replace(state, status="confirmed") if isinstance(fact, ErasureConfirmed) else state


def on_participant(state: Participant, fact: Fact) -> Participant:
    """Whoever is forgotten takes no further part; the dead and those invited in error stay what they are."""
    assert isinstance(fact, ErasureConfirmed)
    return replace(state, status="left" if state.active else state.status, forgotten=True)


def on_dialogue(state: Dialogue, fact: Fact) -> Dialogue:
    """A co-chair who is forgotten is none any more."""
    assert isinstance(fact, ErasureConfirmed)
    return replace(state, cochairs=tuple(chair for chair in state.cochairs if chair != fact.participant))


def erasure_id(dialogue: UUID, participant: UUID) -> UUID:
    """The id of somebody's one erasure."""
    return uuid5(dialogue, f"erasure {participant}")


@dataclass(frozen=True)
class RequestErasure(Command):
    """Ask that a person be forgotten; somebody else of the secretariat or the co-chairs has to confirm it."""

    participant: UUID


@dataclass(frozen=True)
class ConfirmErasure(Command):
    """Confirm it: every name, descriptor, address and token of theirs is removed, for good.

    The digests are filled in by whoever keeps the vault: those that lead to nobody but the person by what their
    own entries say in clear, and the `others`.
    """

    participant: UUID
    digests: tuple[Line, ...] = ()
    others: tuple[Line, ...] = ()


COMMANDS = (RequestErasure, ConfirmErasure)
FACTS = (ErasureRequested, ErasureConfirmed, MoreErased)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about erasure. Raises Refused."""
    assert isinstance(command, RequestErasure | ConfirmErasure)
    who = command.participant
    person = book.one(Participant, who)
    erasure = erasure_id(book.dialogue, who)
    asked = book.find(Erasure, erasure)
    if person.forgotten:
        return []
    if person.body:
        raise Refused("unfit", "a body's name stands in the record itself and is nobody's personal value")
    still_kept(who, person, book)
    if isinstance(command, RequestErasure):
        return [] if asked else [ErasureRequested(erasure, who)]
    if asked is None:
        raise Refused("not-requested", "nobody has asked yet that they be forgotten: ask first, another confirms")
    if {moment.actor, moment.recordedby} & set(asked.askers) - {OPERATOR}:
        raise Refused("two-people", "who asked for it cannot confirm it: another of the secretariat or a co-chair must")
    return confirmed(erasure, command, book.dialogue)


def still_kept(who: UUID, person: Participant, book: Book) -> None:
    """Demands that somebody is left to keep the record. Raises Refused."""
    if not (person.active and "secretariat" in person.roles):
        return
    if not any(one.active and "secretariat" in one.roles for id, one in book.every(Participant) if id != who):
        raise Refused("no-secretariat", "somebody must keep the record: name another secretariat first")


def confirmed(erasure: UUID, command: ConfirmErasure, dialogue: UUID) -> list[Fact]:
    digests = whole(command.digests)
    others = Personal(" ".join(whole(command.others)), dialogue)
    more = [MoreErased(erasure, digests[n : n + AT_ONCE]) for n in range(AT_ONCE, len(digests), AT_ONCE)]
    return [ErasureConfirmed(erasure, command.participant, digests[:AT_ONCE], others), *more]


def whole(digests: Iterable[str]) -> tuple[str, ...]:
    """The digests, each once, in their own order, which tells nothing. Raises Refused for what is none."""
    ordered = tuple(sorted(set(digests)))
    for one in ordered:
        if not DIGEST.fullmatch(one):
            raise Refused("unfit", f"{one} is no digest of a sealed value")
    return ordered


def unforgotten(entries: Iterable[Entry], book: Book) -> None:
    """Demands that nothing is sealed about somebody who was forgotten. Raises Refused."""
    for entry in entries:
        for name in may_hold(entry.fact, Personal):
            value = getattr(entry.fact, name)
            if type(value) is Personal:
                person = book.find(Participant, value.about)
                if person is not None and person.forgotten:
                    raise Refused("forgotten", "that person was forgotten; nothing more is kept about them")


def says_whose(entry: Entry, name: str, participant: UUID, signatures: Collection[UUID]) -> bool:
    """Whether the entry says in clear that its sealed value `name` is this participant's.

    `signatures` are the ids of their endorsements, which the record ties to them in clear.
    """
    if name == "evidence":
        return entry.actor == participant
    fact = entry.fact
    return getattr(fact, "participant", None) == participant or getattr(fact, "endorsement", None) in signatures
