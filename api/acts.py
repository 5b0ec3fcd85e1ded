"""The acts: a route for each command of the domain, and the one way in which all of them go.

An address gives the members that it names; the body gives the rest. `Idempotency-Key` is the act's id: the same
again gives the same answer and records nothing. `If-Match` names the version that was seen: "v3".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.views import MethodView
from flask_smorest import Blueprint

from api.answers import ActSchema, acted
from api.callers import CHALLENGE, access, caller, secretariat
from api.limits import ACTS_A_MINUTE, limited
from api.problems import ProblemSchema, problem
from api.schemas import command_schema
from dialogue.acts import command_from
from dialogue.amendment import AcceptAmendment, ProposeAmendment, RejectAmendment, RestateAmendment, WithdrawAmendment
from dialogue.bracketing import BracketText, LiftBrackets
from dialogue.circulation import AcknowledgeReceipt, Circulate, RespondToCirculation
from dialogue.comment import DisposeComment, MakeComment, RetractComment
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
from dialogue.endorsement import (
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
from dialogue.fact import Command, Refused, Unknown
from dialogue.issuing import (
    AttachMinorityView,
    CloseForSignature,
    DraftDocument,
    IssueCorrection,
    IssueEdition,
    OpenForSignature,
    OrderItems,
    PublishDocument,
    RenumberItems,
    ReviseDocument,
    SetEmbargo,
)
from dialogue.joint import AssentToAct, Settle
from dialogue.keys import IntroduceLogKey
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
from dialogue.proposal import (
    CoSponsorProposal,
    MergeProposals,
    MoveItem,
    ReopenText,
    ReviseProposal,
    SplitProposal,
    SubmitProposal,
    WithdrawProposal,
)
from dialogue.roles import MAY
from dialogue.ruling import ChallengeRuling, RuleOnChange
from dialogue.statement import EnterStatement
from dialogue.voiding import MarkEnteredInError
from projections.referring import References, when


@dataclass(frozen=True)
class Act:
    """A command, by which method and under which address of a dialogue it is asked for."""

    command: type[Command]
    method: str
    path: str

    @property
    def given(self) -> frozenset[str]:
        """The members that the address gives."""
        return frozenset(re.findall(r"<(?:int:)?(\w+)>", self.path))


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
    Act(PlanMeeting, "POST", "meetings"),
    Act(HoldMeeting, "POST", "meetings/<meeting>/holding"),
    Act(CancelMeeting, "POST", "meetings/<meeting>/cancellation"),
    Act(RecordAttendance, "POST", "meetings/<meeting>/attendance"),
    Act(OpenSession, "POST", "meetings/<meeting>/sessions"),
    Act(CloseSession, "POST", "sessions/<session>/closing"),
    Act(SubmitProposal, "POST", "proposals"),
    Act(MergeProposals, "POST", "proposals/merger"),
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
    Act(LiftReservation, "POST", "endorsements/<endorsement>/reservations/<int:reservation>/lifting"),
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
)

ACT_ID = re.compile(r"[\x21-\x7e]{1,64}")
SEEN = re.compile(r'(?:W/)?"v(\d{1,9})(?:-[^"]*)?"')
KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": f"^{ACT_ID.pattern}$"},
    "description": "The act's id, chosen by you. Sent again with the same body it records nothing new.",
}
MATCH_HEADER = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string"},
    "description": 'The version that you saw, as its ETag says: "v3". An outdated one is 412.',
}


def route(blueprint: Any, act: Act) -> None:
    """The route of one act."""
    schema = command_schema(act.command, act.given)
    refusals = [(401, "No token."), (403, "Not for your role."), (404, "Not there."), (409, "In conflict.")]
    refusals += [(412, "Outdated."), (413, "Too large."), (415, "Not JSON."), (422, "Refused."), (429, "Too often.")]

    def view(_: Any, body: dict[str, Any], dialogue: UUID, **given: Any) -> Response:
        return perform(act, body, str(dialogue), given)

    for status, description in refusals:
        view = blueprint.alt_response(status, schema=ProblemSchema, description=description)(view)
    view = blueprint.response(201, ActSchema, description="What was recorded.")(view)
    view = blueprint.arguments(schema, description=f"The members of {act.command.__name__}.")(view)
    view = blueprint.doc(summary=summary(act), operationId=act.command.__name__, parameters=[KEY_HEADER, MATCH_HEADER])(
        view
    )
    resource: type[MethodView] = type(act.command.__name__, (MethodView,), {act.method.lower(): view})
    blueprint.route(f"/<uuid:dialogue>/{act.path}")(resource)


def summary(act: Act) -> str:
    """The command in words, with the roles that may."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", act.command.__name__).capitalize()
    return f"{words} (for: {', '.join(sorted(MAY.get(act.command, ())))})"


def blueprint() -> Any:
    """All acts."""
    made = Blueprint("acts", __name__, url_prefix="/v1/dialogues", description="Acts: what participants do.")
    for act in ACTS:
        route(made, act)
    return made


def perform(act: Act, body: dict[str, Any], dialogue: str, given: dict[str, Any]) -> Response:
    """Does the act for who asks, and answers with the entries that it became."""
    me = caller()
    if me is None:
        return problem(401, "unauthorized", "Say who you are: send a bearer token.", CHALLENGE)
    if str(me.dialogue) != dialogue:
        raise Unknown("dialogue")
    if "act" not in me.token.scopes:
        return problem(403, "scope", "This token may read and not act.")
    limited(access(), f"acts {me.token.id}", ACTS_A_MINUTE)
    references = References(secretariat(), me.dialogue)
    moment = moment_of(body.pop("moment", {}), references, me.participant)
    members = {**body, **given}
    seen = version_seen()
    if seen is not None:
        members = {**members, **matched(act.command, seen, members)}
    command = command_from(act.command.__name__, references.fields(act.command, members, moment.actor))
    entries = secretariat().execute(me.dialogue, command, moment)
    return acted(entries)


def moment_of(said: dict[str, Any], references: References, me: UUID) -> Any:
    """Who acts, when and on what basis. Raises Refused."""
    actor = references.actor(said["on_behalf_of"]) if "on_behalf_of" in said else me
    key = request.headers.get("Idempotency-Key")
    if key is not None and not ACT_ID.fullmatch(key):
        raise Refused("unfit", "an Idempotency-Key is up to 64 printable ASCII characters", path="Idempotency-Key")
    return secretariat().moment(
        actor,
        recordedby=me,
        time=when(said["time"], None) if "time" in said else None,
        basis=said.get("basis"),
        evidence=said.get("evidence"),
        act=key,
    )


def version_seen() -> int | None:
    """The version in If-Match; None where there is none, or any will do (*). Raises Refused."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    match = SEEN.fullmatch(header.strip())
    if match is None:
        raise Refused("unfit", 'If-Match names the version that you saw, as its ETag says: "v3"', path="If-Match")
    return int(match[1])


def matched(command: type[Command], seen: int, members: dict[str, Any]) -> dict[str, Any]:
    """The member in which the command says which version it was meant for."""
    names = {one.name for one in fields(command)}  # type: ignore[arg-type]  # commands are dataclasses
    for name in ("base", "version"):
        if name in names and name not in members:
            return {name: seen}
    return {}
