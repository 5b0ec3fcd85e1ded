"""Comments: made on an item or a document, anchored to its words if need be, answered, disposed of.

domain.md, facts table: a disposition is accepted, partly, noted or declined, with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from uuid import UUID

from dialogue.anchor import Quotation, anchor
from dialogue.book import Book, State
from dialogue.document import Document
from dialogue.fact import Command, Entry, Fact, Moment, Personal, Prose, Refused
from dialogue.mandate import Dialogue
from dialogue.meeting import Session, under_the_rule
from dialogue.participant import Participant
from dialogue.proposal import Proposal
from dialogue.text import Unfit
from dialogue.versions import version_of
from dialogue.withheld import shuffled

Disposition: TypeAlias = Literal["accepted", "partly", "noted", "declined"]


@dataclass(frozen=True)
class CommentMade(Fact, stream="comment", also={"dialogue": "dialogue"}):
    """On a proposal, on a document, or on the dialogue as a whole. Under the Rule the words are sealed."""

    comment: UUID
    number: int
    words: str | Personal | None = None
    proposal: UUID | None = None
    document: UUID | None = None
    version: int | None = None
    quotation: Quotation | None = None
    reply_to: UUID | None = None
    session: UUID | None = None

    @property
    def unattributed(self) -> bool:
        return not isinstance(self.words, str)

    @property
    def entering(self) -> tuple[tuple[UUID, Fact], ...]:
        return ((self.comment, self),) if self.unattributed else ()


@dataclass(frozen=True)
class SpeakerNamed(Fact, stream="comment"):
    """Who made a comment under the Rule agreed to be named for it."""

    comment: UUID
    participant: UUID


@dataclass(frozen=True)
class CommentRetracted(Fact, stream="comment"):
    comment: UUID
    reason: str | None = None


@dataclass(frozen=True)
class CommentDisposed(Fact, stream="comment"):
    comment: UUID
    disposition: Disposition
    reason: str


@dataclass(frozen=True)
class Comment(State, kind="comment", noun="comment"):
    number: int
    by: UUID | None = None
    proposal: UUID | None = None
    document: UUID | None = None
    version: int | None = None
    status: Literal["open", "retracted"] = "open"
    disposition: Disposition | None = None
    reason: str | None = None


def evolve(state: Comment | None, entry: Entry) -> Comment:
    fact = entry.fact
    if isinstance(fact, CommentMade):
        return Comment(fact.number, entry.actor, fact.proposal, fact.document, fact.version)
    assert state is not None
    match fact:
        case SpeakerNamed():
            return replace(state, by=fact.participant)
        case CommentRetracted():
            return replace(state, status="retracted")
        case CommentDisposed():
            return replace(state, disposition=fact.disposition, reason=fact.reason)
    return state


@dataclass(frozen=True)
class MakeComment(Command):
    """`quotation` is the exact words it is about, with what stands around them where they occur twice."""

    words: Prose
    proposal: UUID | None = None
    document: UUID | None = None
    version: int | None = None
    quotation: Quotation | None = None
    reply_to: UUID | None = None
    session: UUID | None = None


@dataclass(frozen=True)
class NameSpeaker(Command):
    """Who made a comment under the Chatham House Rule consents to be named for it."""

    comment: UUID


@dataclass(frozen=True)
class RetractComment(Command):
    comment: UUID
    reason: Prose | None = None


@dataclass(frozen=True)
class DisposeComment(Command):
    comment: UUID
    disposition: Disposition
    reason: Prose


COMMANDS = (MakeComment, NameSpeaker, RetractComment, DisposeComment)
FACTS = (CommentMade, SpeakerNamed, CommentRetracted, CommentDisposed)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about comments. Raises Refused."""
    match command:
        case MakeComment():
            return made(command, book, moment)
        case NameSpeaker():
            comment = standing(command.comment, book)
            if comment.by == moment.actor:
                return []
            if comment.by is not None or book.speaker(command.comment) != moment.actor:
                raise Refused("not-yours", f"only who made comment C{comment.number} consents to be named for it")
            return [SpeakerNamed(command.comment, moment.actor)]
        case RetractComment():
            comment = standing(command.comment, book)
            if comment.by != moment.actor:
                raise Refused("not-yours", f"only who made comment C{comment.number} may retract it")
            return [CommentRetracted(command.comment, command.reason)]
        case DisposeComment():
            comment = standing(command.comment, book)
            if (comment.disposition, comment.reason) == (command.disposition, command.reason):
                return []
            return [CommentDisposed(command.comment, command.disposition, command.reason)]
    raise TypeError(command)


def standing(comment: UUID, book: Book) -> Comment:
    state = book.one(Comment, comment)
    if state.status == "retracted":
        raise Refused("closed", f"comment C{state.number} has been retracted")
    return state


def made(command: MakeComment, book: Book, moment: Moment) -> list[Fact]:
    under_the_rule(command.session, book)
    roles = book.one(Participant, moment.actor).roles
    if set(roles) <= {"observer"} and not book.one(Dialogue, book.dialogue).settings.observers_comment:
        raise Refused("observers", "in this dialogue observers do not comment")
    proposal, document = command.proposal, command.document
    if command.reply_to is not None:
        answered = standing(command.reply_to, book)
        if (proposal, document) == (None, None):
            proposal, document = answered.proposal, answered.document
        elif (proposal, document) != (answered.proposal, answered.document):
            raise Refused("unfit", "an answer is about the same thing as the comment that it answers")
    if proposal is not None and document is not None:
        raise Refused("unfit", "comment on an item or on a document, not on both at once")
    version, quotation = anchored(command, proposal, document, book)
    number, comment = book.new("comment")
    return [
        CommentMade(
            comment,
            number,
            command.words,
            proposal,
            document,
            version,
            quotation,
            command.reply_to,
            command.session,
        )
    ]


def released(book: Book, moment: Moment, *, ending: bool) -> list[Fact]:
    """What waited from sessions now closed, as one shuffled batch, or nothing while there are too few.

    At the end of the dialogue everything enters, or nothing does, as its settings say.
    """
    settings = book.one(Dialogue, book.dialogue).settings
    waiting = [one for one in book.withheld() if isinstance(one.fact, CommentMade)]
    if ending and settings.waiting_at_end == "destroy":
        return []
    if not ending:
        waiting = [one for one in waiting if not book.one(Session, one.session).open]
        if len(waiting) < settings.batch:
            return []
    facts: list[Fact] = []
    for ahead, (_, one) in enumerate(shuffled(waiting, moment.draw)):
        assert isinstance(one.fact, CommentMade)
        assert isinstance(one.fact.words, str)
        number, comment = book.new("comment", ahead)
        words = Personal(one.fact.words, one.session)
        facts.append(replace(one.fact, comment=comment, number=number, words=words))
    return facts


def anchored(
    command: MakeComment, proposal: UUID | None, document: UUID | None, book: Book
) -> tuple[int | None, Quotation | None]:
    """The version commented on, and the place in it. Raises Refused where the quoted words do not stand there."""
    subject = proposal or document
    if subject is None:
        if command.quotation is not None or command.version is not None:
            raise Refused("unfit", "a comment on no text quotes none; name the item that it quotes")
        return None, None
    if proposal is not None:
        latest = book.one(Proposal, proposal).versions.current
    else:
        latest = book.one(Document, subject).edition
    version = (latest or None) if command.version is None else command.version  # before its first edition: none
    if version is not None:
        version_of(subject, version, book)
    if version is None or command.quotation is None:
        return version, None
    if proposal is None:
        raise Refused("unfit", "quote the words of an item, not of a whole document")
    words = book.words(version_of(proposal, version, book).text)
    quoted = command.quotation
    try:
        return version, anchor(words, quoted.exact, before=quoted.before, after=quoted.after)
    except Unfit as unfit:
        raise Refused("not-quoted", str(unfit)) from None
