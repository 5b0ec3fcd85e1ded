"""Signing, confirming, reaffirming, withdrawing; objecting, consenting and reserving: the commands and their rules.

domain.md, rules 1 and 2. Facts and state are in endorsement.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dialogue.anchor import Quotation, anchor
from dialogue.book import Book
from dialogue.document import Document
from dialogue.endorsement import (
    Assent,
    ChangeObjected,
    Endorsement,
    EndorsementConfirmed,
    EndorsementGiven,
    EndorsementReaffirmed,
    EndorsementWithdrawn,
    PublicationConsented,
    PublicationConsentWithdrawn,
    ReservationEntered,
    ReservationLifted,
    endorsement_id,
)
from dialogue.fact import Command, Fact, Line, Moment, Personal, Prose, Refused, Text
from dialogue.participant import Capacity, Participant
from dialogue.proposal import Proposal
from dialogue.text import Unfit
from dialogue.versions import Versions, version_of


@dataclass(frozen=True)
class GiveEndorsement(Command):
    """Sign one item or a document. `version` (or edition) and `text`, its digest, say which text is signed;
    the current one where neither is given. `signature` is an OpenSSH signature of the statement with this `nonce`.
    """

    proposal: UUID | None = None
    document: UUID | None = None
    version: int | None = None
    text: Text | None = None
    publish: bool = False
    assent: Assent = "text"
    capacity: Capacity | None = None
    excepting: tuple[UUID, ...] = ()
    place: int | None = None
    name: Personal | None = None
    descriptor: Personal | None = None
    nonce: Line | None = None
    signature: Personal | None = None


@dataclass(frozen=True)
class ConfirmEndorsement(Command):
    """Yes, the signature that the secretariat entered for me is mine."""

    endorsement: UUID


@dataclass(frozen=True)
class ReaffirmEndorsement(Command):
    """What was excepted stays so; `excepting` names what is excepted now, where that is something else."""

    endorsement: UUID
    version: int | None = None
    text: Text | None = None
    assent: Assent | None = None
    excepting: tuple[UUID, ...] = ()
    descriptor: Personal | None = None


@dataclass(frozen=True)
class WithdrawEndorsement(Command):
    endorsement: UUID
    reason: Prose | None = None


@dataclass(frozen=True)
class ObjectToChange(Command):
    """The change ruled editorial is not editorial to me: my signature does not stand under it."""

    endorsement: UUID
    reason: Prose | None = None


@dataclass(frozen=True)
class ConsentToPublication(Command):
    endorsement: UUID


@dataclass(frozen=True)
class WithdrawConsent(Command):
    endorsement: UUID


@dataclass(frozen=True)
class EnterReservation(Command):
    """Words that travel with the signature wherever it is printed; on an item's quoted words if need be."""

    endorsement: UUID
    words: Prose
    item: UUID | None = None
    quotation: Quotation | None = None


@dataclass(frozen=True)
class LiftReservation(Command):
    endorsement: UUID
    reservation: int


COMMANDS = (
    GiveEndorsement,
    ConfirmEndorsement,
    ReaffirmEndorsement,
    WithdrawEndorsement,
    ObjectToChange,
    ConsentToPublication,
    WithdrawConsent,
    EnterReservation,
    LiftReservation,
)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The facts that follow from a command about signatures. Raises Refused."""
    if isinstance(command, GiveEndorsement):
        return given(command, book, moment)
    state = mine(command, book, moment)
    match command:
        case ConfirmEndorsement(endorsement=endorsement):
            if moment.entered_for_another:
                raise Refused("not-yours", "only its owner can confirm a signature that was entered for them")
            return [] if state.confirmed else [EndorsementConfirmed(endorsement)]
        case ReaffirmEndorsement():
            return reaffirmed(command, state, book, moment)
        case WithdrawEndorsement(endorsement=endorsement):
            return [] if state.status == "withdrawn" else [EndorsementWithdrawn(endorsement, command.reason)]
        case ObjectToChange():
            return objected(command, state, book, moment)
        case ConsentToPublication(endorsement=endorsement):
            return [] if state.publish else [PublicationConsented(endorsement)]
        case WithdrawConsent(endorsement=endorsement):
            return [PublicationConsentWithdrawn(endorsement)] if state.publish else []
        case EnterReservation():
            return reserved(command, state, book)
        case LiftReservation(endorsement=endorsement, reservation=reservation):
            if not 1 <= reservation <= state.reservations:
                raise Refused("unknown", f"this signature has no reservation {reservation}")
            return [] if reservation in state.lifted else [ReservationLifted(endorsement, reservation)]
    raise TypeError(command)


def given(command: GiveEndorsement, book: Book, moment: Moment) -> list[Fact]:
    subject, versions = signable(command.proposal, command.document, book, moment)
    version = signed_version(subject, versions, command.version, command.text, book, moment)
    me = moment.actor
    endorsement = endorsement_id(book.dialogue, me, subject)
    before = book.find(Endorsement, endorsement)
    if before is not None and before.status == "given":
        if before.standing(versions) == "stands" and before.version == version:
            raise Refused("already", "that text is signed already; the signature stands")
        raise Refused("already", f"there is a signature under version {before.version}; reaffirm it for another")
    if command.place is not None and command.place < 1:
        raise Refused("unfit", "places in a list are counted from 1")
    if (command.nonce is None) != (command.signature is None):
        raise Refused("unfit", "a signature with a key of one's own comes with the nonce of its statement")
    if before is not None and command.nonce in before.nonces:
        raise Refused("used", "that signature was given before; sign a new statement")
    descriptor = command.descriptor.of(me) if command.descriptor else None
    name = command.name.of(me) if command.name else None
    signature = command.signature.of(me) if command.signature else None
    return [
        EndorsementGiven(
            endorsement,
            me,
            version,
            version_of(subject, version, book).text,
            command.publish,
            command.proposal,
            command.document,
            command.assent,
            command.capacity or book.one(Participant, me).capacity,
            excepted(command.excepting, command.document, version, book),
            command.place,
            name,
            descriptor,
            command.nonce,
            signature,
        )
    ]


def excepted(excepting: tuple[UUID, ...], document: UUID | None, edition: int, book: Book) -> tuple[UUID, ...]:
    """The items that a signature of a document leaves out. Raises Refused for one that is not in that edition."""
    if not excepting:
        return ()
    if document is None:
        raise Refused("unfit", "only a document is signed all except some items")
    items = {one.proposal for one in version_of(document, edition, book).items}
    for proposal in excepting:
        if proposal not in items:
            raise Refused("unknown", f"{book.one(Proposal, proposal).handle} is not in edition {edition}")
    return excepting


def still_excepted(state: Endorsement, edition: int, book: Book) -> None:
    """Demands that what a signature excepts does not go on in another item, to which it would then be given.

    Raises Refused. domain.md: signatures do not cross the lineage of a merged or split proposal.
    """
    if state.document is None:
        return
    items = {one.proposal for one in version_of(state.document, edition, book).items}
    for id in state.excepting:
        proposal = book.one(Proposal, id)
        if id not in items and proposal.status in ("merged", "split"):
            raise Refused(
                "excepted",
                f"{proposal.handle}, which the signature excepts, has been {proposal.status}: name what it excepts "
                f"of edition {edition}, or withdraw it and sign anew",
            )


def signable(proposal: UUID | None, document: UUID | None, book: Book, moment: Moment) -> tuple[UUID, Versions]:
    """What is signed, and its versions, if it is open for signature. Raises Refused.

    A signature that an existing document shows (basis `document`) needs no opening here.
    """
    if (proposal is None) == (document is None):
        raise Refused("unfit", "sign one item, or one document")
    state: Proposal | Document
    if proposal is not None:
        subject, state = proposal, book.one(Proposal, proposal)
        if state.status not in ("open", "adopted"):
            raise Refused("closed", f"{state.handle} has been {state.status}; nothing more can be done with it")
        versions: Versions | None = state.versions
    else:
        assert document is not None
        subject, state = document, book.one(Document, document)
        versions = state.versions
    if versions is None:
        raise Refused("no-edition", f"no edition of {state.handle} has been issued; there is nothing to sign yet")
    if moment.basis != "document" and not (state.signing and (state.closes is None or moment.time <= state.closes)):
        raise Refused("not-open", f"{state.handle} is not open for signature")
    return subject, versions


def signed_version(
    subject: UUID, versions: Versions, version: int | None, text: Text | None, book: Book, moment: Moment
) -> int:
    """The version signed. Raises Refused for an outdated one, unless the secretariat enters an answer to it."""
    if version is None:
        version = versions.current if text is None else version_with(text, subject, versions, book)
    if text is not None and version_of(subject, version, book).text != text:
        raise Refused("wrong-digest", f"version {version} of this text has another digest than the one given")
    if version_of(subject, version, book).number != versions.current and not moment.entered_for_another:
        raise outdated(versions, version)
    return version


def version_with(text: Text, subject: UUID, versions: Versions, book: Book) -> int:
    """The latest version with this digest. Raises Refused."""
    for number in range(versions.current, 0, -1):
        if version_of(subject, number, book).text == text:
            return number
    raise Refused("wrong-digest", "no version of this text has the digest given; look at the current one, then sign it")


def outdated(versions: Versions, version: int) -> Refused:
    return Refused(
        "outdated",
        f"version {version} is not the current text; the current one is version {versions.current}: "
        "look at what changed, then sign that",
        version=version,
        current=versions.current,
        text=versions.text.sha256,
    )


def mine(command: Command, book: Book, moment: Moment) -> Endorsement:
    """The endorsement that the command names, if it is the actor's own. Raises Refused."""
    endorsement: UUID = getattr(command, "endorsement")  # noqa: B009  # every command here names its endorsement
    state = book.one(Endorsement, endorsement)
    if state.participant != moment.actor:
        raise Refused("not-yours", "a signature belongs to who gave it; nobody else can change it")
    if state.status == "void":
        raise Refused("closed", "that signature was entered in error and is void; give a new one")
    if state.status == "withdrawn" and not isinstance(command, WithdrawEndorsement):
        raise Refused("closed", "that signature has been withdrawn; give a new one")
    return state


def reaffirmed(command: ReaffirmEndorsement, state: Endorsement, book: Book, moment: Moment) -> list[Fact]:
    subject, versions = signable(state.proposal, state.document, book, moment)
    version = signed_version(subject, versions, command.version, command.text, book, moment)
    if version < state.version:
        raise Refused("outdated", f"the signature already stands under version {state.version}, a later one")
    excepting = excepted(command.excepting, state.document, version, book) or None
    me, assent = moment.actor, command.assent or state.assent
    descriptor = command.descriptor.of(me) if command.descriptor else None
    same = assent == state.assent and set(excepting or state.excepting) == set(state.excepting)
    if version == state.version and same:
        return []
    if excepting is None:
        still_excepted(state, version, book)
    text = version_of(subject, version, book).text
    return [EndorsementReaffirmed(command.endorsement, version, text, assent, descriptor, excepting)]


def objected(command: ObjectToChange, state: Endorsement, book: Book, moment: Moment) -> list[Fact]:
    versions = versions_of(state, book)
    if versions.current == state.version or state.standing(versions) == "lapsed":
        raise Refused("no-change", "the text has not changed editorially since it was signed")
    if state.standing(versions) == "objected":
        return []
    changes = versions.open_to_objection(state.version, moment.time)
    if not changes:
        raise Refused("too-late", "the period for objecting to this change is over; withdraw the signature instead")
    since = changes[0] if changes[0] < versions.current else None
    return [ChangeObjected(command.endorsement, versions.current, command.reason, since)]


def versions_of(state: Endorsement, book: Book) -> Versions:
    """The versions of what was signed."""
    if state.proposal is not None:
        return book.one(Proposal, state.proposal).versions
    assert state.document is not None
    document = book.one(Document, state.document)
    assert document.versions is not None
    return document.versions


def reserved(command: EnterReservation, state: Endorsement, book: Book) -> list[Fact]:
    item = command.item or state.proposal
    signed = None if item is None else signed_text(item, state, book)
    quotation = None
    if command.quotation is not None:
        if signed is None:
            raise Refused("unfit", "name the item whose words the reservation quotes")
        words = book.words(signed)
        quoted = command.quotation
        try:
            quotation = anchor(words, quoted.exact, before=quoted.before, after=quoted.after)
        except Unfit as unfit:
            raise Refused("not-quoted", str(unfit)) from None
    return [ReservationEntered(command.endorsement, state.reservations + 1, command.words, item, quotation)]


def signed_text(item: UUID, state: Endorsement, book: Book) -> Text:
    """The words of an item as they were signed."""
    if state.proposal == item:
        return version_of(item, state.version, book).text
    for one in () if state.document is None else version_of(state.document, state.version, book).items:
        if one.proposal == item:
            return one.text
    raise Refused("unknown", f"{book.one(Proposal, item).handle} is not among what was signed")
