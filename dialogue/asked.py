"""From the facts of an act back to the command that they answer, so that an audit can ask it of the rules again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

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
from dialogue.acts import command_from
from dialogue.fact import Command, Entry, Fact, Personal, Text, named
from dialogue.history import History
from dialogue.participant import Invite, Participant, ParticipantInvited
from dialogue.shape import hints

SEALED = Personal("(sealed)")  # stands for what is not known here, and no rule reads


class Unlawful(Exception):
    """An entry that the rules could not have let in; the message says why, in a sentence."""

    def __init__(self, entry: int, sentence: str) -> None:
        super().__init__(sentence)
        self.entry = entry


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
    values = vars(fact)
    for name, spelled in shared(command, type(fact)):  # type: ignore[arg-type]  # types are hashable
        if name not in given:
            value = values[name]
            given[name] = history.words(value) if spelled and type(value) is Text else value
    return command(**given)


@cache
def shared(command: type[Command], fact: type[Fact]) -> tuple[tuple[str, bool], ...]:
    """The fields that a command and a fact have in common, and whether the command has words there, not digests."""
    theirs: dict[str, Any] = hints(fact)  # type: ignore[arg-type]
    asked: dict[str, Any] = hints(command)  # type: ignore[arg-type]
    return tuple((name, Text not in (hint, *get_args(hint))) for name, hint in asked.items() if name in theirs)


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


def entered(fact: call.PositionsEntered, act: Act) -> dict[str, Any]:
    found = act.then(call.ConsensusReached) or act.then(call.ConsensusNotReached)
    if found is None:
        raise Unlawful(act.entry.number, "positions entered the record without an outcome")
    return {**outcome(found, act), "reason": found.reason}


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


def holding(fact: proposal.TextBracketed, act: Act) -> dict[str, Any]:
    """The holders, and that nobody holds any longer what the fact does not name."""
    named = {one.alternative for one in fact.holders}
    written_out = brackets.alternatives(act.history.words(fact.text))
    before = act.history.one(proposal.Proposal, fact.proposal).holders
    gone = {one.alternative for one in before if one.alternative in written_out} - named
    return {"holders": (*fact.holders, *(proposal.Holding(one, ()) for one in sorted(gone)))}


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
    proposal.TextBracketed: (bracketing.BracketText, holding),
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
    call.PositionsEntered: (consensus.DeclareOutcome, entered),
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
    document.DocumentDrafted: (
        issuing.DraftDocument,
        lambda fact, _: {"attribution": fact.attribution or "attributed"},
    ),
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
