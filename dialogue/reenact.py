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
from functools import cache
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


def finished(entries: Sequence[Entry], following: Entry) -> bool:
    """Whether these entries are an act that is over when the following one comes.

    Comments that enter under the Chatham House Rule name no act: they follow the one that let them in.
    """
    named = [entry.act for entry in entries if entry.act is not None]
    return following.act is not None and bool(named) and named[-1] != following.act


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
        if vars(expected) != vars(recorded) and bare(expected) != bare(recorded):
            raise Unlawful(recorded.number, difference(bare(recorded), bare(expected)))
        if other_positions(recorded.fact, expected.fact):
            raise Unlawful(recorded.number, "the positions that were disclosed are not as the rules let them enter")
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
    contributions = []
    for entry in entries:
        match entry.fact:
            case comment.CommentMade(words=None, session=UUID() as session) as fact:
                said: Fact = replace(fact, comment=UNKNOWN_YET, number=0, words=SEALED.value)
                contributions.append(Contribution(said, session, id=str(UUID(int=entry.number))))
            case call.PositionsEntered() as entered:
                held = [(one.position, call.held(entered.call, one)) for one in taken(entered, entries, history)]
                contributions += [Contribution(one, UNKNOWN_YET, None, entered.call, str(id)) for id, one in held]
    history.said.clear()
    history.entered.clear()
    history.waiting = lambda: contributions
    history.speakers = lambda _: next((entry.actor for entry in entries), None)
    return (UUID(one.id) for one in by_digest(contributions)) if contributions else iter(())


def taken(entered: call.PositionsEntered, entries: Sequence[Entry], history: History) -> Sequence[call.Unnamed]:
    """The positions of a call under the Rule, where they were disclosed.

    Where they are sealed, a stand-in takes their place: all who are counted as the declared outcome would have them,
    so that everything but the tally is put to the rules.
    """
    state = history.one(call.Call, entered.call)
    electors = len(state.entitled) - len(state.procedure.excluded)
    if entered.positions is None:
        reached = any(isinstance(entry.fact, call.ConsensusReached) for entry in entries)
        return [call.Unnamed(UUID(int=n), "agree" if reached else "object") for n in range(electors)]
    shown = call.unnamed_from(entered.positions.value)
    if sum(not one.conveyed for one in shown) > electors:
        raise ValueError(f"more positions were taken in {state.handle} than there are entitled to take one")
    return shown


def other_positions(recorded: Fact, expected: Fact) -> bool:
    """Whether the positions that were disclosed are others than the rules give."""
    if not isinstance(recorded, call.PositionsEntered) or recorded.positions is None:
        return False
    assert isinstance(expected, call.PositionsEntered)
    assert expected.positions is not None
    return recorded.positions.value != expected.positions.value


def settled(history: History, moment: Moment) -> int:
    """How many entries come first because silences had run out that are declared automatically."""
    dialogue = history.find(Dialogue, history.dialogue)
    waits = dialogue is not None and dialogue.settings.automatic_silence and dialogue.silences
    return len(settle(history.copy(), moment)) if waits else 0


def bare(entry: Entry) -> Entry:
    """The entry without what is sealed."""
    values = {name: None for name, value in vars(entry.fact).items() if type(value) is Personal}
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
