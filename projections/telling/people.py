"""The mandate, the key that signs the record, those who take part, and meetings, told."""

from __future__ import annotations

from dataclasses import fields

from dialogue.erasure import ErasureConfirmed, ErasureRequested, MoreErased
from dialogue.fact import Entry
from dialogue.keys import LogKeyIntroduced, RecordTakenOver
from dialogue.mandate import (
    DialogueConcluded,
    DialogueProposed,
    MandateDeclined,
    MandateExtended,
    MandateGranted,
    Settings,
    SettingsAgreed,
)
from dialogue.meeting import (
    AttendanceRecorded,
    MeetingCancelled,
    MeetingHeld,
    MeetingPlanned,
    SessionClosed,
    SessionOpened,
)
from dialogue.participant import (
    AffiliationChanged,
    AlternateNamed,
    DeathRecorded,
    InvitationAccepted,
    ParticipantCorrected,
    ParticipantInvited,
    ParticipantLeft,
    RegretsSent,
    RolesAssigned,
)
from dialogue.procedure import Procedure
from projections.telling.names import Names
from projections.telling.wording import ATTRIBUTIONS, because, counted, listed, procedure, quoted

MANNERS = {
    "present": "as present at",
    "online": "as present online at",
    "regrets": "as having sent regrets for",
    "absent": "as absent from",
}


def mandate(entry: Entry, names: Names) -> str:
    """The form, its answer, the settings, the end."""
    who = names.who(entry.actor)
    match entry.fact:
        case DialogueProposed() as fact:
            applicant = f", applied for by {fact.applicant}" if fact.applicant else ""
            return f"{who} opened the record of the dialogue {quoted(fact.title)} (Track {fact.track}){applicant}"
        case SettingsAgreed() as fact:
            return f"the co-chairs agreed the dialogue's settings: {settings(fact.settings)}"
        case MandateGranted() as fact:
            meetings = f", for {counted(fact.meetings, 'meeting')}" if fact.meetings else ""
            granted = f"the mandate was granted by {names.thing(fact.decision)}" if fact.decision else None
            return (granted or f"{who} granted the mandate") + f"{dates(fact.start, fact.end)}{meetings}"
        case MandateDeclined() as fact:
            return f"{who} declined the mandate{because(fact.reason)}"
        case MandateExtended() as fact:
            return f"{who} extended the mandate to {fact.end}{because(fact.reason)}"
        case DialogueConcluded() as fact:
            return f"{who} concluded the dialogue{because(fact.reason)}"
    raise TypeError(entry.fact)


def key(entry: Entry, names: Names) -> str:
    """The key that signs the record's state from here on, by its name and key id."""
    fact = entry.fact
    assert isinstance(fact, LogKeyIntroduced | RecordTakenOver)
    name = "+".join(fact.vkey.split("+")[:2])
    if isinstance(fact, RecordTakenOver):
        return f"{names.who(entry.actor)} took the record over: it goes on at {fact.holder}, signed with the key {name}"
    return f"{names.who(entry.actor)} introduced the key {name}, which signs the state of this record from here on"


def settings(agreed: Settings) -> str:
    """Those settings that differ from the usual ones."""
    usual = Settings()
    told = [
        f"{field.name.replace('_', ' ')} {procedure(value) if isinstance(value, Procedure) else value}"
        for field in fields(agreed)
        if (value := getattr(agreed, field.name)) != getattr(usual, field.name)
    ]
    return listed(told) or "the usual ones"


def dates(start: str | None, end: str | None) -> str:
    return (f" from {start}" if start else "") + (f" to {end}" if end else "")


def participant(entry: Entry, names: Names) -> str:
    """How people and bodies come, change and go."""
    who, whom = names.who(entry.actor), names.who(entry.stream)
    match entry.fact:
        case ParticipantInvited() as fact:
            represents = f", for {names.who(fact.represents)}" if fact.represents else ""
            return f"{who} invited {whom} (N{fact.number}) as {listed(fact.roles)}{represents}"
        case InvitationAccepted():
            return f"{whom} accepted the invitation"
        case RegretsSent() as fact:
            return f"{whom} sent regrets{because(fact.reason)}"
        case AlternateNamed() as fact:
            return f"{whom} named {names.who(fact.alternate)} as alternate"
        case RolesAssigned() as fact:
            return f"{who} assigned {whom} the part of {listed(fact.roles)}"
        case AffiliationChanged() as fact:
            capacity = f", and takes part in this capacity: {fact.capacity}" if fact.capacity else ""
            return f"{whom} changed affiliation or descriptor{capacity}"
        case ParticipantCorrected() as fact:
            return f"{who} corrected how {whom} is recorded{because(fact.reason)}"
        case ParticipantLeft() as fact:
            return f"{whom} left the dialogue{because(fact.reason)}"
        case DeathRecorded() as fact:
            return f"{who} recorded the death of {whom}" + (f" on {fact.on}" if fact.on else "")
    raise TypeError(entry.fact)


def erasure(entry: Entry, names: Names) -> str:
    """A person is forgotten: who asked, who confirmed, how much was erased."""
    who = names.who(entry.actor)
    match entry.fact:
        case ErasureRequested() as fact:
            return f"{who} asked that {names.who(fact.participant)} be forgotten; another person has to confirm it"
        case ErasureConfirmed() as fact:
            return f"{who} confirmed that {names.who(fact.participant)} be forgotten; what was kept on them is erased"
        case MoreErased() as fact:
            return f"{counted(len(fact.digests), 'more value')} of whoever was forgotten were erased"
    raise TypeError(entry.fact)


def meeting(entry: Entry, names: Names) -> str:
    """Meetings, their sessions, and who attended."""
    who = names.who(entry.actor)
    match entry.fact:
        case MeetingPlanned() as fact:
            title = f", {quoted(fact.title)}" if fact.title else ""
            when = f", for {fact.starts}" if fact.starts else ""
            return f"{who} planned meeting M{fact.number}{title}{when}{dates(None, fact.ends)}{where(fact)}"
        case MeetingHeld() as fact:
            return (
                f"{who} recorded that {names.thing(fact.meeting)} was held{dates(fact.starts, fact.ends)}{where(fact)}"
            )
        case MeetingCancelled() as fact:
            return f"{who} cancelled {names.thing(fact.meeting)}{because(fact.reason)}"
        case AttendanceRecorded() as fact:
            place = names.thing(fact.session or fact.meeting)
            return f"{who} recorded {names.owner(fact.attendance)} {MANNERS[fact.manner]} {place}"
        case SessionOpened() as fact:
            title = f", {quoted(fact.title)}" if fact.title else ""
            return f"{who} opened {names.thing(fact.session)}{title}, {ATTRIBUTIONS[fact.attribution]}"
        case SessionClosed() as fact:
            return f"{who} closed {names.thing(fact.session)}"
    raise TypeError(entry.fact)


def where(fact: MeetingPlanned | MeetingHeld) -> str:
    return (f", in {fact.place}" if fact.place else "") + (f", hosted by {fact.host}" if fact.host else "")
