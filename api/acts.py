"""The table of acts: each command of the domain, by which method and under which address it is asked for.

All but ProposeDialogue, which is the operator's: a dialogue is opened on the command line, where nobody needs
to be a participant yet. How the acts are done stands in acting.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogue.amendment import AcceptAmendment, ProposeAmendment, RejectAmendment, RestateAmendment, WithdrawAmendment
from dialogue.bracketing import BracketText, LiftBrackets
from dialogue.circulation import AcknowledgeReceipt, Circulate, RespondToCirculation
from dialogue.comment import DisposeComment, MakeComment, NameSpeaker, RetractComment
from dialogue.consensus import (
    CallConsensus,
    ConfirmOutcome,
    DeclareOutcome,
    ExtendDeadline,
    ObjectThroughChair,
    SetAsideOutcome,
    TakePosition,
    WithdrawPosition,
)
from dialogue.drafting import (
    CoSponsorProposal,
    MergeProposals,
    MoveItem,
    ReopenText,
    ReviseProposal,
    SplitProposal,
    SubmitProposal,
    WithdrawProposal,
)
from dialogue.erasure import ConfirmErasure, RequestErasure
from dialogue.fact import Command
from dialogue.issuing import (
    AttachMinorityView,
    CloseForSignature,
    DraftDocument,
    IssueEdition,
    OpenForSignature,
    OrderItems,
    RenumberItems,
    ReviseDocument,
)
from dialogue.joint import AssentToAct, Settle
from dialogue.keys import IntroduceLogKey, TakeOverRecord
from dialogue.mandate import AgreeSettings, ConcludeDialogue, DeclineMandate, ExtendMandate, GrantMandate
from dialogue.meeting import CancelMeeting, CloseSession, HoldMeeting, OpenSession, PlanMeeting, RecordAttendance
from dialogue.participant import (
    AcceptInvitation,
    AssignRoles,
    ChangeAffiliation,
    CorrectParticipant,
    Invite,
    LeaveDialogue,
    NameAlternate,
    RecordDeath,
    SendRegrets,
)
from dialogue.releasing import IssueCorrection, PublishDocument, SetEmbargo
from dialogue.ruling import ChallengeRuling, RuleOnChange
from dialogue.signing import (
    ConfirmEndorsement,
    ConsentToPublication,
    EnterReservation,
    GiveEndorsement,
    LiftReservation,
    ObjectToChange,
    ReaffirmEndorsement,
    WithdrawConsent,
    WithdrawEndorsement,
)
from dialogue.statement import EnterStatement
from dialogue.voiding import MarkEnteredInError


@dataclass(frozen=True)
class Act:
    """A command, by which method and under which address of a dialogue it is asked for."""

    command: type[Command]
    method: str
    path: str

    @property
    def given(self) -> frozenset[str]:
        """The members that the address gives, or whoever keeps the vault."""
        filled = {"digests", "others"} if self.command is ConfirmErasure else set()
        return frozenset(re.findall(r"<(?:int\(max=\d+\):)?(\w+)>", self.path)) | filled

    @property
    def subject(self) -> str | None:
        """The kind of thing that is acted on, where the address names one: If-Match is held against it."""
        if self.path == "settings":
            return "dialogue"
        if self.path.startswith("participants/me/"):
            return "participant"
        found = re.match(r"[a-z-]+/<(\w+)>", self.path)
        return found[1] if found else None


ACTS = (
    Act(AgreeSettings, "PUT", "settings"),
    Act(GrantMandate, "POST", "mandate/grant"),
    Act(DeclineMandate, "POST", "mandate/refusal"),
    Act(ExtendMandate, "POST", "mandate/extension"),
    Act(ConcludeDialogue, "POST", "conclusion"),
    Act(Invite, "POST", "participants"),
    Act(AcceptInvitation, "POST", "participants/me/acceptance"),
    Act(SendRegrets, "POST", "participants/me/regrets"),
    Act(NameAlternate, "PUT", "participants/me/alternate"),
    Act(ChangeAffiliation, "PUT", "participants/me/affiliation"),
    Act(LeaveDialogue, "POST", "participants/me/departure"),
    Act(AssignRoles, "PUT", "participants/<participant>/roles"),
    Act(CorrectParticipant, "POST", "participants/<participant>/corrections"),
    Act(RecordDeath, "POST", "participants/<participant>/death"),
    Act(RequestErasure, "POST", "participants/<participant>/erasure"),
    Act(ConfirmErasure, "POST", "participants/<participant>/erasure/confirmation"),
    Act(PlanMeeting, "POST", "meetings"),
    Act(HoldMeeting, "POST", "meetings/<meeting>/holding"),
    Act(CancelMeeting, "POST", "meetings/<meeting>/cancellation"),
    Act(RecordAttendance, "POST", "meetings/<meeting>/attendance"),
    Act(OpenSession, "POST", "meetings/<meeting>/sessions"),
    Act(CloseSession, "POST", "sessions/<session>/closing"),
    Act(SubmitProposal, "POST", "proposals"),
    Act(MergeProposals, "POST", "mergers"),
    Act(ReviseProposal, "PUT", "proposals/<proposal>/text"),
    Act(WithdrawProposal, "POST", "proposals/<proposal>/withdrawal"),
    Act(CoSponsorProposal, "POST", "proposals/<proposal>/sponsors"),
    Act(SplitProposal, "POST", "proposals/<proposal>/split"),
    Act(MoveItem, "PUT", "proposals/<proposal>/theme"),
    Act(ReopenText, "POST", "proposals/<proposal>/reopening"),
    Act(BracketText, "PUT", "proposals/<proposal>/brackets"),
    Act(LiftBrackets, "POST", "proposals/<proposal>/brackets/lifting"),
    Act(ProposeAmendment, "POST", "proposals/<proposal>/amendments"),
    Act(RestateAmendment, "PUT", "amendments/<amendment>"),
    Act(AcceptAmendment, "POST", "amendments/<amendment>/acceptance"),
    Act(RejectAmendment, "POST", "amendments/<amendment>/rejection"),
    Act(WithdrawAmendment, "POST", "amendments/<amendment>/withdrawal"),
    Act(MakeComment, "POST", "comments"),
    Act(NameSpeaker, "POST", "comments/<comment>/speaker"),
    Act(RetractComment, "POST", "comments/<comment>/retraction"),
    Act(DisposeComment, "PUT", "comments/<comment>/disposition"),
    Act(CallConsensus, "POST", "calls"),
    Act(TakePosition, "PUT", "calls/<call>/positions/mine"),
    Act(WithdrawPosition, "POST", "calls/<call>/positions/mine/withdrawal"),
    Act(ObjectThroughChair, "POST", "calls/<call>/objections"),
    Act(ExtendDeadline, "PUT", "calls/<call>/deadline"),
    Act(DeclareOutcome, "POST", "calls/<call>/outcome"),
    Act(ConfirmOutcome, "POST", "calls/<call>/outcome/confirmation"),
    Act(SetAsideOutcome, "POST", "calls/<call>/outcome/annulment"),
    Act(EnterStatement, "POST", "calls/<call>/statements"),
    Act(RuleOnChange, "POST", "rulings"),
    Act(ChallengeRuling, "POST", "rulings/<ruling>/challenge"),
    Act(GiveEndorsement, "POST", "endorsements"),
    Act(ReaffirmEndorsement, "PUT", "endorsements/<endorsement>"),
    Act(ConfirmEndorsement, "POST", "endorsements/<endorsement>/confirmation"),
    Act(WithdrawEndorsement, "POST", "endorsements/<endorsement>/withdrawal"),
    Act(ObjectToChange, "POST", "endorsements/<endorsement>/objection"),
    Act(ConsentToPublication, "POST", "endorsements/<endorsement>/consent"),
    Act(WithdrawConsent, "POST", "endorsements/<endorsement>/consent/withdrawal"),
    Act(EnterReservation, "POST", "endorsements/<endorsement>/reservations"),
    Act(LiftReservation, "POST", "endorsements/<endorsement>/reservations/<int(max=2147483647):reservation>/lifting"),
    Act(DraftDocument, "POST", "documents"),
    Act(ReviseDocument, "PUT", "documents/<document>"),
    Act(OrderItems, "PUT", "documents/<document>/items"),
    Act(RenumberItems, "PUT", "documents/<document>/numbers"),
    Act(AttachMinorityView, "POST", "documents/<document>/minority-views"),
    Act(IssueEdition, "POST", "documents/<document>/editions"),
    Act(OpenForSignature, "POST", "signing/opening"),
    Act(CloseForSignature, "POST", "signing/closing"),
    Act(SetEmbargo, "PUT", "documents/<document>/embargo"),
    Act(PublishDocument, "POST", "documents/<document>/publication"),
    Act(IssueCorrection, "POST", "documents/<document>/corrections"),
    Act(Circulate, "POST", "documents/<document>/circulations"),
    Act(AcknowledgeReceipt, "POST", "circulations/<circulation>/receipts"),
    Act(RespondToCirculation, "POST", "circulations/<circulation>/responses"),
    Act(MarkEnteredInError, "POST", "errors"),
    Act(AssentToAct, "POST", "joint-acts/<joint>/assents"),
    Act(Settle, "POST", "settlement"),
    Act(IntroduceLogKey, "POST", "log-keys"),
    Act(TakeOverRecord, "POST", "log-keys/takeover"),
)
