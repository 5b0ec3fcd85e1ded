"""Proposals, amendments, comments and rulings, told."""

from __future__ import annotations

from dialogue.amendment import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    AmendmentRestated,
    AmendmentWithdrawn,
)
from dialogue.comment import CommentDisposed, CommentMade, CommentRetracted, SpeakerNamed
from dialogue.fact import Entry
from dialogue.proposal import (
    BracketsLifted,
    ItemClosedForSignature,
    ItemMoved,
    ItemOpenedForSignature,
    ProposalCoSponsored,
    ProposalRevised,
    ProposalsMerged,
    ProposalSplit,
    ProposalSubmitted,
    ProposalWithdrawn,
    TextAmended,
    TextBracketed,
    TextCorrected,
    TextReopened,
)
from dialogue.ruling import RulingChallenged, RulingGiven, RulingOverturned, RulingUpheld
from projections.telling.names import Names
from projections.telling.wording import because, instant, quoted, until

DISPOSITIONS = {"accepted": "accepted", "partly": "accepted in part", "noted": "noted", "declined": "declined"}


def proposal(entry: Entry, names: Names) -> str:
    """A proposal's own facts."""
    fact = entry.fact
    who, item = names.who(entry.actor), names.thing(getattr(fact, "proposal"))  # noqa: B009  # all of them have one
    match fact:
        case ProposalSubmitted():
            theme = f", under the theme {quoted(fact.theme)}" if fact.theme else ""
            session = f", in {names.thing(fact.session)}" if fact.session else ""
            return f"{who} submitted {item}, {quoted(fact.title)}{theme}{session}"
        case ProposalRevised():
            return f"{who} revised {item} to version {fact.version}{because(fact.reason)}"
        case ProposalWithdrawn():
            return f"{who} withdrew {item}{because(fact.reason)}"
        case ProposalCoSponsored():
            return f"{names.who(fact.participant)} co-sponsored {item}"
        case ProposalsMerged():
            sources = names.several([names.thing(source) for source in fact.sources])
            return f"{who} merged {sources} into {item}, {quoted(fact.title)}{because(fact.reason)}"
        case ProposalSplit():
            return (
                f"{who} split {names.thing(fact.source)}; a part of it is now {item}, {quoted(fact.title)}"
                f"{because(fact.reason)}"
            )
        case ItemMoved():
            return (
                f"{who} moved {item} to the theme {quoted(fact.theme)} (version {fact.version}){because(fact.reason)}"
            )
        case TextReopened():
            decision = f", which {names.thing(fact.decision)} had decided" if fact.decision else ""
            return f"the co-chairs reopened {item}{decision}{because(fact.reason)}"
        case TextAmended():
            merged = f", merged into it from version {fact.base}" if fact.base != fact.version - 1 else ""
            handle = names.handle(fact.amendment)
            return f"the text of {item} became version {fact.version} by amendment {handle}{merged}"
        case TextBracketed():
            return f"{who} put words of {item} in brackets (version {fact.version}){because(fact.reason)}"
        case BracketsLifted():
            instead = f"alternative {fact.alternative}" if fact.alternative is not None else "new words"
            return (
                f"{who} lifted bracket {fact.bracket} of {item}, for {instead} (version {fact.version})"
                f"{because(fact.reason)}"
            )
        case ItemOpenedForSignature():
            return f"{who} opened {item} for signature{until(fact.closes)}"
        case ItemClosedForSignature():
            return f"{who} closed {item} for signature"
        case TextCorrected():
            return f"{who} corrected {item} (version {fact.version}){because(fact.reason)}"
    raise TypeError(fact)


def amendment(entry: Entry, names: Names) -> str:
    """An amendment from proposal to answer."""
    who, handle, item = names.who(entry.actor), names.handle(entry.stream), names.parent(entry.stream)
    match entry.fact:
        case AmendmentProposed() as fact:
            session = f", in {names.thing(fact.session)}" if fact.session else ""
            return f"{who} proposed amendment {handle} to {item} (version {fact.base}){session}{because(fact.reason)}"
        case AmendmentRestated() as fact:
            return f"{who} restated amendment {handle} for {item} (version {fact.base}){because(fact.reason)}"
        case AmendmentAccepted() as fact:
            return f"{who} accepted amendment {handle} to {item}{because(fact.reason)}"
        case AmendmentRejected() as fact:
            return f"{who} rejected amendment {handle} to {item}{because(fact.reason)}"
        case AmendmentWithdrawn() as fact:
            return f"{who} withdrew amendment {handle} to {item}{because(fact.reason)}"
    raise TypeError(entry.fact)


def comment(entry: Entry, names: Names) -> str:
    """A comment and its answers."""
    who, thing = names.who(entry.actor), names.thing(entry.stream)
    match entry.fact:
        case CommentMade() as fact:
            subject = fact.proposal or fact.document
            on = f" on {names.versioned(subject, fact.version)}" if subject else ""
            about = f", at the words {quoted(fact.quotation.exact)}" if fact.quotation else ""
            words = f": {quoted(fact.words)}" if isinstance(fact.words, str) else ""
            if fact.reply_to is not None:
                return f"{who} answered comment {names.handle(fact.reply_to)}{on} with comment C{fact.number}{words}"
            return f"{who} made comment C{fact.number}{on}{about}{words}"
        case SpeakerNamed() as fact:
            return f"{names.who(fact.participant)} consented to be named as who made {thing}"
        case CommentRetracted() as fact:
            return f"{who} retracted {thing}{because(fact.reason)}"
        case CommentDisposed() as fact:
            return f"{who} disposed of {thing}, {DISPOSITIONS[fact.disposition]}{because(fact.reason)}"
    raise TypeError(entry.fact)


def ruling(entry: Entry, names: Names) -> str:
    """A ruling and what became of it."""
    thing = names.thing(entry.stream)
    match entry.fact:
        case RulingGiven() as fact:
            step = names.versioned(fact.proposal or fact.document, fact.version)
            notice = f"; signatories may object until {instant(fact.notice_until)}" if fact.notice_until else ""
            return (
                f"the co-chairs ruled the change to {step} {fact.change} (R{fact.number}){because(fact.reason)}{notice}"
            )
        case RulingChallenged() as fact:
            return f"{names.who(entry.actor)} challenged {thing}{because(fact.reason)}"
        case RulingUpheld() as fact:
            return f"{thing} was upheld{decided(fact.decision, names)}"
        case RulingOverturned() as fact:
            step = names.versioned(fact.proposal or fact.document, fact.version)
            return f"{thing} was overturned{decided(fact.decision, names)}: the change to {step} is {fact.change}"
    raise TypeError(entry.fact)


def decided(decision: object, names: Names) -> str:
    return f" by {names.thing(str(decision))}" if decision else ""
