"""The one table of who may do what. Whatever is not in it is refused.

domain.md, "People and bodies". Facilitators are the co-chairs, who rule, and the secretariat, which never does.
"""

from __future__ import annotations

from dialogue import (
    amendment,
    bracketing,
    circulation,
    comment,
    consensus,
    drafting,
    erasure,
    issuing,
    joint,
    keys,
    mandate,
    meeting,
    participant,
    releasing,
    ruling,
    signing,
    statement,
    voiding,
)
from dialogue.book import Book
from dialogue.fact import OPERATOR, Command, Moment, Refused
from dialogue.mandate import Dialogue
from dialogue.participant import Participant

CHAIRS = frozenset({"co-chair"})
SECRETARIAT = frozenset({"secretariat"})
FACILITATORS = CHAIRS | SECRETARIAT
STEERING = frozenset({"steering-committee"})
DRAFTERS = frozenset({"participant", "co-chair", "secretariat"})
MEMBERS = frozenset({"participant", "co-chair"})
EVERYBODY = frozenset(
    {"participant", "observer", "co-chair", "secretariat", "steering-committee", "addressee"}
)  # but auditors, who write nothing

MAY: dict[type[Command], frozenset[str]] = {
    mandate.AgreeSettings: CHAIRS,
    mandate.GrantMandate: STEERING,
    mandate.DeclineMandate: STEERING,
    mandate.ExtendMandate: STEERING,
    mandate.ConcludeDialogue: CHAIRS,
    participant.Invite: SECRETARIAT,
    participant.AcceptInvitation: EVERYBODY | {"auditor"},
    participant.SendRegrets: EVERYBODY,
    participant.NameAlternate: EVERYBODY,
    participant.AssignRoles: SECRETARIAT,
    participant.ChangeAffiliation: EVERYBODY,
    participant.CorrectParticipant: SECRETARIAT,
    participant.LeaveDialogue: EVERYBODY | {"auditor"},
    participant.RecordDeath: SECRETARIAT,
    meeting.PlanMeeting: FACILITATORS,
    meeting.HoldMeeting: FACILITATORS,
    meeting.CancelMeeting: FACILITATORS,
    meeting.RecordAttendance: SECRETARIAT,
    meeting.OpenSession: CHAIRS,
    meeting.CloseSession: CHAIRS,
    drafting.SubmitProposal: DRAFTERS,
    drafting.ReviseProposal: DRAFTERS,
    drafting.WithdrawProposal: DRAFTERS,
    drafting.CoSponsorProposal: MEMBERS,
    drafting.MergeProposals: CHAIRS,
    drafting.SplitProposal: CHAIRS,
    drafting.MoveItem: CHAIRS,
    drafting.ReopenText: CHAIRS,
    bracketing.BracketText: CHAIRS,
    bracketing.LiftBrackets: CHAIRS,
    amendment.ProposeAmendment: DRAFTERS,
    amendment.RestateAmendment: DRAFTERS,
    amendment.AcceptAmendment: CHAIRS,
    amendment.RejectAmendment: CHAIRS,
    amendment.WithdrawAmendment: DRAFTERS,
    comment.MakeComment: EVERYBODY,
    comment.NameSpeaker: EVERYBODY,
    comment.RetractComment: EVERYBODY,
    comment.DisposeComment: FACILITATORS,
    consensus.CallConsensus: CHAIRS,
    consensus.TakePosition: MEMBERS | STEERING,
    consensus.WithdrawPosition: MEMBERS | STEERING,
    consensus.ObjectThroughChair: CHAIRS,
    consensus.ExtendDeadline: CHAIRS,
    consensus.DeclareOutcome: CHAIRS,
    consensus.ConfirmOutcome: CHAIRS,
    consensus.SetAsideOutcome: CHAIRS,
    statement.EnterStatement: MEMBERS,
    ruling.RuleOnChange: CHAIRS,
    ruling.ChallengeRuling: MEMBERS,
    signing.GiveEndorsement: MEMBERS,
    signing.ConfirmEndorsement: MEMBERS,
    signing.ReaffirmEndorsement: MEMBERS,
    signing.WithdrawEndorsement: MEMBERS,
    signing.ObjectToChange: MEMBERS,
    signing.ConsentToPublication: MEMBERS,
    signing.WithdrawConsent: MEMBERS,
    signing.EnterReservation: MEMBERS,
    signing.LiftReservation: MEMBERS,
    issuing.DraftDocument: FACILITATORS,
    issuing.ReviseDocument: FACILITATORS,
    issuing.OrderItems: FACILITATORS,
    issuing.RenumberItems: FACILITATORS,
    issuing.AttachMinorityView: MEMBERS,
    issuing.IssueEdition: SECRETARIAT,
    issuing.OpenForSignature: FACILITATORS,
    issuing.CloseForSignature: FACILITATORS,
    releasing.SetEmbargo: FACILITATORS,
    releasing.PublishDocument: SECRETARIAT,
    releasing.IssueCorrection: SECRETARIAT,
    circulation.Circulate: SECRETARIAT,
    circulation.AcknowledgeReceipt: EVERYBODY,
    circulation.RespondToCirculation: EVERYBODY,
    voiding.MarkEnteredInError: SECRETARIAT,
    keys.IntroduceLogKey: SECRETARIAT,
    keys.TakeOverRecord: SECRETARIAT,
    erasure.RequestErasure: FACILITATORS,
    erasure.ConfirmErasure: FACILITATORS,
    joint.AssentToAct: CHAIRS,
    joint.Settle: FACILITATORS,
}

# What may still be done once a dialogue is concluded: what was published is looked after, nothing new begins.
AFTERWARDS: frozenset[type[Command]] = frozenset(
    {
        participant.ChangeAffiliation,
        participant.CorrectParticipant,
        participant.LeaveDialogue,
        participant.RecordDeath,
        *signing.COMMANDS,
        issuing.OpenForSignature,
        issuing.CloseForSignature,
        releasing.PublishDocument,
        issuing.IssueEdition,
        releasing.IssueCorrection,
        *circulation.COMMANDS,
        voiding.MarkEnteredInError,
        keys.IntroduceLogKey,
        keys.TakeOverRecord,
        joint.AssentToAct,
        *erasure.COMMANDS,
    }
)
# What may still be done by whoever has left: their name stands under texts, and nobody else may take it away.
ONES_OWN_NAME: frozenset[type[Command]] = frozenset(
    {signing.WithdrawEndorsement, signing.ObjectToChange, signing.WithdrawConsent}
)
# What the mandate itself goes through is no act inside or outside its dates.
MANDATE: frozenset[type[Command]] = frozenset(
    {
        mandate.GrantMandate,
        mandate.DeclineMandate,
        mandate.ExtendMandate,
        mandate.AgreeSettings,
        mandate.ConcludeDialogue,
    }
)


def permit(command: Command, book: Book, moment: Moment) -> None:
    """Demands that the actor may do this, now, in this dialogue, entered by who enters it. Raises Refused."""
    if isinstance(command, mandate.ProposeDialogue):
        if moment.actor != OPERATOR:
            raise Refused("role", "a dialogue is opened by whoever runs the installation")
        return
    dialogue = book.one(Dialogue, book.dialogue)
    if moment.actor == OPERATOR:
        raise Refused("no-actor", "say who acts: a participant of this dialogue")
    actor = book.one(Participant, moment.actor)
    if actor.status == "died":
        raise Refused("inactive", "the dead sign and say nothing more; what they signed stays")
    if not actor.active and type(command) not in ONES_OWN_NAME:
        raise Refused("inactive", "whoever has left a dialogue takes no further part in it")
    allowed = MAY.get(type(command), frozenset())
    if allowed.isdisjoint(actor.roles):
        raise Refused("role", f"that is for {listed(allowed)}; you take part as {listed(frozenset(actor.roles))}")
    enterer(book, moment)
    within(command, dialogue, moment)


def enterer(book: Book, moment: Moment) -> None:
    """Demands that who enters the act is the actor, the operator, or the secretariat with a basis."""
    if not moment.entered_for_another:
        return
    who = book.one(Participant, moment.recordedby)
    if not who.active or "secretariat" not in who.roles:
        raise Refused("role", "only the secretariat enters acts for others")
    if moment.basis is None:
        raise Refused("no-basis", "say on what basis it is entered: room, email, letter, telephone or document")


def within(command: Command, dialogue: Dialogue, moment: Moment) -> None:
    """Demands that the dialogue still runs and, where it says so, that the act lies within its mandate."""
    if dialogue.status == "declined" and not isinstance(command, erasure.RequestErasure | erasure.ConfirmErasure):
        raise Refused("declined", "the mandate was declined; this dialogue does not take place")
    if dialogue.status == "concluded" and type(command) not in AFTERWARDS:
        raise Refused("concluded", "this dialogue has been concluded; open a follow-on dialogue")
    refuse = dialogue.settings.outside_mandate == "refuse" and type(command) not in MANDATE
    if refuse and type(command) not in AFTERWARDS and dialogue.outside_mandate(moment.time):
        raise Refused("outside-mandate", "that lies outside the dates of the mandate; have it extended first")


def listed(roles: frozenset[str]) -> str:
    return " or ".join(sorted(roles)) or "nobody"
