"""Acts done again: from the facts of an act back to its command, and from the command to facts by the rules.

An auditor does not take a record's word for its rules. Each act is put again to the history as it stood, and
must give the very entries that are recorded: so an outcome is evaluated anew from the positions it counts, a
signature held against the text that it names, a merge made again, a bracket looked for, and each actor's right
looked up in the table of roles.

What was sealed is not known here, and no rule reads it; a stand-in takes its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, get_args
from uuid import UUID

from dialogue import (
    amendment,
    bracketing,
    brackets,
    call,
    circulation,
    comment,
    consensus,
    document,
    drafting,
    endorsement,
    erasure,
    issuing,
    joint,
    keys,
    mandate,
    meeting,
    participant,
    proposal,
    releasing,
    ruling,
    signing,
    statement,
    voiding,
)
from dialogue.acts import act, command_from, settle
from dialogue.fact import Command, Entry, Fact, Moment, Personal, Refused, Text, named
from dialogue.history import History
from dialogue.mandate import Dialogue
from dialogue.participant import Invite, Participant, ParticipantInvited
from dialogue.shape import hints
from dialogue.withheld import UNKNOWN_YET, Contribution, by_digest

SEALED = Personal("(sealed)")


class Unlawful(Exception):
    """An entry that the rules could not have let in; the message says why, in a sentence."""

    def __init__(self, entry: int, sentence: str) -> None:
        super().__init__(sentence)
        self.entry = entry


def finished(entries: Sequence[Entry], following: Entry) -> int:
    """How many of these entries are an act that is over when the following one comes; 0 while it goes on.

    What enters under the Chatham House Rule names no act: comments follow the act that let them in, positions
    stand before the outcome that they led to.
    """
    named = [entry.act for entry in entries if entry.act is not None]
    if following.act is None or not named or named[-1] == following.act:
        return 0
    ended = len(entries)
    while entries[ended - 1].act is None and isinstance(entries[ended - 1].fact, call.PositionTaken):
        ended -= 1
    return ended


def reenact(entries: Sequence[Entry], history: History) -> None:
    """Puts the act that these entries are to the history, which it moves on. Raises Unlawful."""
    first = entries[0]
    done = enacted(entries, history)
    for recorded, expected in zip_longest(entries, done):
        if recorded is None:
            missing = type(expected.fact).__name__
            raise Unlawful(entries[-1].number, f"the act ends here, though {missing} follows from it by the rules")
        if expected is None:
            raise Unlawful(recorded.number, f"{type(recorded.fact).__name__} does not follow from its act by the rules")
        if bare(expected) != bare(recorded):
            raise Unlawful(recorded.number, difference(bare(recorded), bare(expected)))
    assert history.head == first.number + len(entries) - 1


def enacted(entries: Sequence[Entry], history: History) -> list[Entry]:
    """What the rules make of the act. Raises Unlawful where they refuse it."""
    named = [entry for entry in entries if not entry.fact.unattributed]
    if not named:
        raise Unlawful(entries[0].number, f"{type(entries[0].fact).__name__} stands here without an act that let it in")
    first = named[0]
    try:
        if first.actor is None or first.recordedby is None or first.act is None:
            raise Unlawful(first.number, f"{type(first.fact).__name__} does not say whose act it is")
        drawn = waited(entries, history)
        moment = Moment(
            first.actor,
            first.recordedby,
            first.time,
            first.recordedtime,
            first.act,
            lambda: next(drawn, entries[-1].stream),
            first.basis,
        )
        own = named[settled(history, moment) :]
        if not own:  # any act declares the silences that have run out, whatever it then comes to itself
            return settle(history, moment)
        return act(asked([entry.fact for entry in own], history, first), history, moment)
    except (Refused, LookupError, ValueError, AssertionError) as refusal:
        raise Unlawful(first.number, f"{type(first.fact).__name__} could not be recorded: {refusal}") from refusal


def waited(entries: Sequence[Entry], history: History) -> Iterator[UUID]:
    """Lets what these entries say without naming a speaker wait in the history, as it did in the vault, and gives
    the ids that were drawn to shuffle it.
    """
    unnamed = [entry.fact for entry in entries if entry.fact.unattributed]
    drawn, contributions = {}, []
    for place, fact in enumerate(unnamed, start=1):
        match fact:
            case comment.CommentMade(session=UUID() as session):
                said: Fact = replace(fact, comment=UNKNOWN_YET, number=0, words=SEALED.value)
                drawn[str(place)] = UUID(int=place)
                contributions.append(Contribution(said, session, id=str(place)))
            case call.PositionTaken():
                drawn[str(place)] = fact.position
                held = replace(fact, position=UNKNOWN_YET)
                contributions.append(Contribution(held, UNKNOWN_YET, call=fact.call, id=str(place)))
    history.said.clear()
    history.entered.clear()
    history.waiting = lambda: contributions
    history.speakers = lambda _: next((entry.actor for entry in entries), None)
    return (drawn[one.id] for one in by_digest(contributions))


def settled(history: History, moment: Moment) -> int:
    """How many entries come first because silences had run out that are declared automatically."""
    dialogue = history.find(Dialogue, history.dialogue)
    waits = dialogue is not None and dialogue.settings.automatic_silence and dialogue.silences
    return len(settle(history.copy(), moment)) if waits else 0


def bare(entry: Entry) -> Entry:
    """The entry without what is sealed."""
    values = {name: None for name, value in vars(entry.fact).items() if isinstance(value, Personal)}
    if not values and not entry.sealed:
        return entry
    fact = replace(entry.fact, **values) if values else entry.fact  # type: ignore[type-var]  # facts are dataclasses
    return replace(entry, fact=fact, sealed=())


def difference(recorded: Entry, expected: Entry) -> str:
    """Where an entry differs from the one that the rules give."""
    if type(recorded.fact) is not type(expected.fact):
        return f"{type(recorded.fact).__name__} stands where the rules give {type(expected.fact).__name__}"
    for name, value in vars(recorded.fact).items():
        if value != getattr(expected.fact, name):
            return f"{type(recorded.fact).__name__} says another {name} than the rules give"
    other = next(name for name, value in vars(recorded).items() if value != getattr(expected, name))
    return f"its {other} is not the one that belongs there"


def personal(fact: Fact) -> tuple[str, ...]:
    """The fields of a fact that may hold a sealed value."""
    known = hints(type(fact))  # type: ignore[arg-type]  # a type is hashable
    return tuple(name for name, hint in known.items() if Personal in (hint, *get_args(hint)))


@dataclass(frozen=True)
class Act:
    """The facts of one act, the first of which tells the command; and the history before it."""

    facts: Sequence[Fact]
    history: History
    entry: Entry

    def then(self, kind: type[Any]) -> Any:
        """The next fact of this type in the act, or None."""
        return next((fact for fact in self.facts if isinstance(fact, kind)), None)


def asked(facts: Sequence[Fact], history: History, entry: Entry) -> Command:
    """The command that the act's facts answer. Raises Unlawful for a fact that no command begins with."""
    fact = facts[0]
    if type(fact) not in ASKED:
        raise Unlawful(entry.number, f"no act begins with {type(fact).__name__}")
    command, more = ASKED[type(fact)]
    given = more(fact, Act(facts, history, entry)) if more else {}
    if isinstance(given, Command):
        return given
    return alike(command, fact, history, given)


def alike(command: type[Command], fact: Fact, history: History, given: dict[str, Any]) -> Command:
    """The command whose fields say what the fact's fields of the same names say, but for those given."""
    values = {
        name: words(hint, getattr(fact, name), history)
        for name, hint in hints(command).items()  # type: ignore[arg-type]  # a type is hashable
        if name not in given and hasattr(fact, name)
    }
    return command(**values, **given)


def words(hint: Any, value: Any, history: History) -> Any:
    """A text by its words where the command has words."""
    spelled = isinstance(value, Text) and Text not in (hint, *get_args(hint))
    return history.words(value) if spelled else value


Given = Callable[[Any, Act], dict[str, Any] | Command]


def invite(fact: ParticipantInvited) -> Invite:
    name = SEALED if fact.body is None else None
    return Invite(fact.roles, name, fact.body, order=fact.order, capacity=fact.capacity, represents=fact.represents)


def form(fact: mandate.DialogueProposed, act: Act) -> dict[str, Any]:
    return {"officers": tuple(invite(one) for one in act.facts if isinstance(one, ParticipantInvited))}


def correction(fact: participant.ParticipantCorrected, act: Act) -> dict[str, Any]:
    body = act.history.one(Participant, fact.participant).body
    return {"name": None, "email": SEALED if fact.body is None and fact.order is None else None, "body": fact.body} | (
        {} if body else {"body": None}
    )


def attendance(fact: meeting.AttendanceRecorded, act: Act) -> dict[str, Any]:
    return {"participant": named(act.history.dialogue, "N1")}  # who attended is sealed; the first is always there


def outcome(fact: call.ConsensusReached | call.ConsensusNotReached, act: Act) -> dict[str, Any]:
    reached = isinstance(fact, call.ConsensusReached)
    return {"ruling": reached if fact.procedure.name == "chair" else None}


def acceptance(fact: amendment.AmendmentAccepted, act: Act) -> dict[str, Any]:
    ruled = act.then(ruling.RulingGiven)
    return {"change": ruled.change if ruled else None}


def parts(fact: proposal.ProposalSplit, act: Act) -> dict[str, Any]:
    made = [one for one in act.facts if isinstance(one, proposal.ProposalSplit)]
    return {
        "proposal": fact.source,
        "parts": tuple(drafting.Part(one.title, act.history.words(one.text)) for one in made),
    }


def lifting(fact: proposal.BracketsLifted, act: Act) -> dict[str, Any]:
    """The words that took a bracket's place, where these were new: what stands between its surroundings."""
    if fact.alternative is not None:
        return {"words": None}
    base = act.history.words(act.history.one(proposal.Proposal, fact.proposal).versions.text)
    one, other = (brackets.lift(base, fact.bracket, probe) for probe in ("0", "1"))
    place = next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    after = len(one) - place - 1
    new = act.history.words(fact.text)
    return {"words": new[place : len(new) - after]}


def erratum(fact: proposal.TextCorrected, act: Act) -> dict[str, Any]:
    issued = act.then(document.CorrectionIssued)
    if issued is None:
        raise Unlawful(act.entry.number, "a text was corrected without a correction of its document")
    return {"document": issued.document}


def endorsing(fact: endorsement.EndorsementGiven, act: Act) -> dict[str, Any]:
    return {"signature": None if fact.nonce is None else SEALED}


def erased(fact: erasure.ErasureConfirmed, act: Act) -> dict[str, Any]:
    """All digests that the act lists; the others are sealed."""
    more = [digest for one in act.facts if isinstance(one, erasure.MoreErased) for digest in one.digests]
    return {"digests": (*fact.digests, *more), "others": ()}


def joined(fact: joint.ActProposed, act: Act) -> Command:
    return command_from(fact.command, json.loads(fact.fields))


# With what fact an act begins, by the command that asks for it, and what the fact's own fields do not tell of it.
ASKED: dict[type[Fact], tuple[type[Command], Given | None]] = {
    mandate.DialogueProposed: (mandate.ProposeDialogue, form),
    mandate.SettingsAgreed: (mandate.AgreeSettings, None),
    mandate.MandateGranted: (mandate.GrantMandate, None),
    mandate.MandateDeclined: (mandate.DeclineMandate, None),
    mandate.MandateExtended: (mandate.ExtendMandate, None),
    mandate.DialogueConcluded: (mandate.ConcludeDialogue, None),
    participant.ParticipantInvited: (Invite, lambda fact, _: invite(fact)),
    participant.InvitationAccepted: (participant.AcceptInvitation, None),
    participant.RegretsSent: (participant.SendRegrets, None),
    participant.AlternateNamed: (participant.NameAlternate, None),
    participant.RolesAssigned: (participant.AssignRoles, None),
    participant.AffiliationChanged: (participant.ChangeAffiliation, lambda *_: {"descriptor": SEALED}),
    participant.ParticipantCorrected: (participant.CorrectParticipant, correction),
    participant.ParticipantLeft: (participant.LeaveDialogue, None),
    participant.DeathRecorded: (participant.RecordDeath, None),
    meeting.MeetingPlanned: (meeting.PlanMeeting, None),
    meeting.MeetingHeld: (meeting.HoldMeeting, None),
    meeting.MeetingCancelled: (meeting.CancelMeeting, None),
    meeting.AttendanceRecorded: (meeting.RecordAttendance, attendance),
    meeting.SessionOpened: (meeting.OpenSession, None),
    meeting.SessionClosed: (meeting.CloseSession, None),
    proposal.ProposalSubmitted: (drafting.SubmitProposal, None),
    proposal.ProposalRevised: (drafting.ReviseProposal, None),
    proposal.ProposalWithdrawn: (drafting.WithdrawProposal, None),
    proposal.ProposalCoSponsored: (drafting.CoSponsorProposal, None),
    proposal.ProposalsMerged: (drafting.MergeProposals, None),
    proposal.ProposalSplit: (drafting.SplitProposal, parts),
    proposal.ItemMoved: (drafting.MoveItem, None),
    proposal.TextReopened: (drafting.ReopenText, None),
    proposal.TextBracketed: (bracketing.BracketText, None),
    proposal.BracketsLifted: (bracketing.LiftBrackets, lifting),
    proposal.TextCorrected: (releasing.IssueCorrection, erratum),
    proposal.ItemOpenedForSignature: (issuing.OpenForSignature, None),
    proposal.ItemClosedForSignature: (issuing.CloseForSignature, None),
    amendment.AmendmentProposed: (amendment.ProposeAmendment, None),
    amendment.AmendmentRestated: (amendment.RestateAmendment, None),
    amendment.AmendmentAccepted: (amendment.AcceptAmendment, acceptance),
    amendment.AmendmentRejected: (amendment.RejectAmendment, None),
    amendment.AmendmentWithdrawn: (amendment.WithdrawAmendment, None),
    comment.CommentMade: (comment.MakeComment, lambda fact, _: {} if fact.words is not None else {"words": "(sealed)"}),
    comment.SpeakerNamed: (comment.NameSpeaker, None),
    comment.CommentRetracted: (comment.RetractComment, None),
    comment.CommentDisposed: (comment.DisposeComment, None),
    call.ConsensusCalled: (consensus.CallConsensus, None),
    call.PositionTaken: (consensus.TakePosition, None),
    call.PositionWithdrawn: (consensus.WithdrawPosition, None),
    call.ObjectionConveyed: (consensus.ObjectThroughChair, None),
    call.DeadlineExtended: (consensus.ExtendDeadline, None),
    call.ConsensusReached: (consensus.DeclareOutcome, outcome),
    call.ConsensusNotReached: (consensus.DeclareOutcome, outcome),
    call.OutcomeConfirmed: (consensus.ConfirmOutcome, None),
    call.OutcomeSetAside: (consensus.SetAsideOutcome, None),
    ruling.RulingGiven: (ruling.RuleOnChange, None),
    ruling.RulingChallenged: (ruling.ChallengeRuling, None),
    statement.InterpretativeStatementEntered: (statement.EnterStatement, None),
    endorsement.EndorsementGiven: (signing.GiveEndorsement, endorsing),
    endorsement.EndorsementConfirmed: (signing.ConfirmEndorsement, None),
    endorsement.EndorsementReaffirmed: (signing.ReaffirmEndorsement, None),
    endorsement.EndorsementWithdrawn: (signing.WithdrawEndorsement, None),
    endorsement.ChangeObjected: (signing.ObjectToChange, lambda *_: {}),
    endorsement.PublicationConsented: (signing.ConsentToPublication, None),
    endorsement.PublicationConsentWithdrawn: (signing.WithdrawConsent, None),
    endorsement.ReservationEntered: (signing.EnterReservation, None),
    endorsement.ReservationLifted: (signing.LiftReservation, None),
    document.DocumentDrafted: (issuing.DraftDocument, None),
    document.DocumentRevised: (issuing.ReviseDocument, None),
    document.ItemsOrdered: (issuing.OrderItems, None),
    document.ItemsRenumbered: (issuing.RenumberItems, None),
    document.MinorityViewAttached: (issuing.AttachMinorityView, None),
    document.EditionIssued: (issuing.IssueEdition, None),
    document.OpenedForSignature: (issuing.OpenForSignature, None),
    document.ClosedForSignature: (issuing.CloseForSignature, None),
    document.EmbargoSet: (releasing.SetEmbargo, None),
    document.DocumentPublished: (releasing.PublishDocument, None),
    document.CorrectionIssued: (releasing.IssueCorrection, lambda *_: {"text": None, "descriptor": SEALED}),
    circulation.DocumentCirculated: (circulation.Circulate, None),
    circulation.ReceiptAcknowledged: (circulation.AcknowledgeReceipt, None),
    circulation.ResponseReceived: (circulation.RespondToCirculation, None),
    voiding.EnteredInError: (voiding.MarkEnteredInError, None),
    keys.LogKeyIntroduced: (keys.IntroduceLogKey, None),
    keys.RecordTakenOver: (keys.TakeOverRecord, None),
    erasure.ErasureRequested: (erasure.RequestErasure, None),
    erasure.ErasureConfirmed: (erasure.ConfirmErasure, erased),
    joint.ActProposed: (joint.AssentToAct, joined),
    joint.ActAssented: (joint.AssentToAct, None),
}

# What only ever follows from another fact of its act.
FOLLOW: tuple[type[Fact], ...] = (
    call.SilenceBroken,
    call.OutcomeContested,
    call.CallVoided,
    proposal.TextAmended,
    erasure.MoreErased,
    ruling.RulingUpheld,
    ruling.RulingOverturned,
)
