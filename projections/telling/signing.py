"""Signatures, documents, circulation and entries made in error, told."""

from __future__ import annotations

from uuid import UUID

from dialogue.circulation import DocumentCirculated, ReceiptAcknowledged, ResponseReceived
from dialogue.document import (
    ClosedForSignature,
    CorrectionIssued,
    DocumentDrafted,
    DocumentPublished,
    DocumentRevised,
    EditionIssued,
    EmbargoSet,
    ItemsOrdered,
    ItemsRenumbered,
    MinorityViewAttached,
    OpenedForSignature,
)
from dialogue.endorsement import (
    ChangeObjected,
    EndorsementConfirmed,
    EndorsementGiven,
    EndorsementReaffirmed,
    EndorsementWithdrawn,
    PublicationConsented,
    PublicationConsentWithdrawn,
    ReservationEntered,
    ReservationLifted,
)
from dialogue.fact import Entry
from dialogue.voiding import EnteredInError
from projections.telling.names import Names
from projections.telling.wording import ATTRIBUTIONS, because, counted, instant, quoted, until

THRUST = ", assenting to its general thrust"


def endorsement(entry: Entry, names: Names) -> str:
    """A signature and what becomes of it."""
    who, text = names.who(entry.actor), names.parent(entry.stream)
    match entry.fact:
        case EndorsementGiven() as fact:
            signed = names.versioned(fact.proposal or fact.document, fact.version)
            thrust = THRUST if fact.assent == "general thrust" else ""
            return f"{names.who(fact.participant)} signed {signed}{thrust}{exceptions(fact.excepting, names)}"
        case EndorsementConfirmed():
            return f"{who} confirmed their signature under {text}"
        case EndorsementReaffirmed() as fact:
            thrust = THRUST if fact.assent == "general thrust" else ""
            signed = names.versioned(names.things[str(fact.endorsement)].parent, fact.version)
            excepting = exceptions(fact.excepting or (), names)
            return f"{who} reaffirmed their signature, now under {signed}{thrust}{excepting}"
        case EndorsementWithdrawn() as fact:
            return f"{who} withdrew their signature under {text}{because(fact.reason)}"
        case ChangeObjected() as fact:
            changed = names.versioned(names.things[str(fact.endorsement)].parent, fact.version)
            return f"{who} objected to the editorial change to {changed}; their signature lapses{because(fact.reason)}"
        case PublicationConsented():
            return f"{who} agreed to be named among the signatories of {text}"
        case PublicationConsentWithdrawn():
            return f"{who} no longer agrees to be named among the signatories of {text}"
        case ReservationEntered() as fact:
            item = f" on {names.thing(fact.item)}" if fact.item and names.thing(fact.item) != text else ""
            at = f", at the words {quoted(fact.quotation.exact)}" if fact.quotation else ""
            return (
                f"{who} entered reservation {fact.reservation}{item} to their signature under {text}{at}: "
                f"{quoted(fact.words)}"
            )
        case ReservationLifted() as fact:
            return f"{who} lifted reservation {fact.reservation} to their signature under {text}"
    raise TypeError(entry.fact)


def exceptions(items: tuple[UUID, ...], names: Names) -> str:
    return f", all except {names.several([names.thing(item) for item in items])}" if items else ""


def document(entry: Entry, names: Names) -> str:
    """A document from draft to correction."""
    fact = entry.fact
    who, paper = names.who(entry.actor), names.thing(entry.stream)
    match fact:
        case DocumentDrafted():
            rule = f", {ATTRIBUTIONS[fact.attribution]}" if fact.attribution else ""
            return f"{who} drafted {paper}, {quoted(fact.title)} ({fact.kind}){rule}"
        case DocumentRevised():
            return f"{who} revised what stands around the items of {paper}{because(fact.reason)}"
        case ItemsOrdered():
            items = counted(sum(len(group.items) for group in fact.groups), "item")
            themes = sum(bool(group.theme) for group in fact.groups)
            under = f" under {counted(themes, 'theme')}" if themes else ""
            return f"{who} put the {items} of {paper} in order{under}"
        case ItemsRenumbered():
            told = names.several([f"{names.thing(one.proposal)} as {one.number}" for one in fact.numbers])
            return f"{who} numbered items of {paper}: {told or 'simply counted'}"
        case MinorityViewAttached():
            holders = names.several([names.who(holder) for holder in fact.holders])
            return f"{who} attached a minority view of {holders} to {paper}: {quoted(fact.title or fact.words)}"
        case EditionIssued():
            change = f"; the change is {fact.change}" if fact.version > 1 else ""
            notice = f", and signatories may object until {instant(fact.notice_until)}" if fact.notice_until else ""
            items = counted(len(fact.items), "item")
            return f"{who} issued edition {fact.version} of {paper} with {items}{change}{notice}"
        case OpenedForSignature():
            return f"{who} opened {paper} for signature{until(fact.closes)}"
        case ClosedForSignature():
            return f"{who} closed {paper} for signature"
        case EmbargoSet():
            return f"{who} put an embargo on {paper}{until(fact.until)}"
        case DocumentPublished():
            return f"{who} published edition {fact.edition} of {paper}"
        case CorrectionIssued():
            at = f" in {names.thing(fact.proposal)}" if fact.proposal else ""
            line = f" in the line of {names.owner(fact.endorsement)}" if fact.endorsement else ""
            return f"{who} issued a correction{at}{line}, edition {fact.version} of {paper}{because(fact.reason)}"
    raise TypeError(fact)


def circulation(entry: Entry, names: Names) -> str:
    """What went to whom, and what came back."""
    match entry.fact:
        case DocumentCirculated() as fact:
            to = names.several([names.who(one) for one in fact.addressees])
            what = f"edition {fact.edition} of {names.thing(fact.document)}"
            return f"{names.who(entry.actor)} circulated {what} to {to} (K{fact.number}){because(fact.note)}"
        case ReceiptAcknowledged() as fact:
            return f"{names.who(fact.participant)} acknowledged receipt of {names.thing(fact.circulation)}"
        case ResponseReceived() as fact:
            return f"{names.who(fact.participant)} answered {names.thing(fact.circulation)}: {quoted(fact.words)}"
    raise TypeError(entry.fact)


def error(entry: Entry, names: Names) -> str:
    """What was entered in error, and is void from here on."""
    fact = entry.fact
    assert isinstance(fact, EnteredInError)
    if fact.participant is not None:
        what = f"the invitation of {names.who(fact.participant)}"
    elif fact.endorsement is not None:
        what = f"the signature of {names.owner(fact.endorsement)} under {names.parent(fact.endorsement)}"
    elif fact.position is not None:
        what = f"the position of {names.owner(fact.position)} in {names.parent(fact.position)}"
    elif fact.attendance is not None:
        what = f"the attendance of {names.owner(fact.attendance)} at {names.parent(fact.attendance)}"
    elif fact.receipt is not None:
        what = f"the receipt of {names.owner(fact.receipt)} for {names.parent(fact.receipt)}"
    else:
        what = f"the answer of {names.owner(fact.response)} to {names.parent(fact.response)}"
    return f"{names.who(entry.actor)} marked {what} as entered in error{because(fact.reason)}"
