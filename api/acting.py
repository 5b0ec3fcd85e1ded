"""The one way in which all acts go: an address and a body become a command, and its entries the answer.

An address gives the members that it names; the body gives the rest. `Idempotency-Key` is the act's id: the same
again gives the same answer and records nothing. `If-Match` names what was seen, as its ETag says: "v3" for the
words of an item, "e142" for anything else; who saw something outdated is told so, and where to read what changed.
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import RAISE
from marshmallow import fields as members_of

from api.acts import ACTS, Act
from api.answers import acted, held
from api.asking import changed, here
from api.callers import HERE, actors, myself, secretariat
from api.documenting import refusals, with_headers, words_of
from api.examples import example
from api.problems import problem
from api.record_shapes import ACTED, HELD
from api.schemas import Strict, command_schema
from dialogue.acts import command_from
from dialogue.comment import MakeComment
from dialogue.consensus import TakePosition, WithdrawPosition
from dialogue.fact import Command, Conflict, Entry, Moment, Refused
from dialogue.roles import MAY
from projections.outdated import subject_of
from projections.read import Reading
from projections.referring import References, when

ATTEMPTS = 20  # how often an act with a precondition is tried again because others acted meanwhile
ACT_ID = re.compile(r"[!-~]{1,64}")
SEEN = re.compile(r'(?:W/)?"([ve])(\d{1,15})(?:-[^"]*)?"')
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
    "description": "What you saw, by its ETag. If it is outdated the answer is 412 and nothing is recorded.",
}


HEARD = (MakeComment, TakePosition, WithdrawPosition)  # what may be said under the Chatham House Rule (speaking.py)


class DryRun(Strict):
    """What every act takes besides its body."""

    dry_run = members_of.Boolean(
        load_default=False, metadata={"description": "Say what would be recorded, and record nothing."}
    )


def blueprint() -> Any:
    """All acts."""
    made = Blueprint("acts", __name__, description="Acts: what participants do. Each becomes entries of the record.")
    for act in ACTS:
        route(made, act)
    return made


def route(blueprint: Any, act: Act) -> None:
    """The route of one act."""
    schema = command_schema(act.command, act.given)
    name = act.command.__name__

    def view(_: Any, asked: dict[str, Any], body: dict[str, Any], dialogue: UUID, **given: Any) -> Response:
        return perform(act, body, dialogue, given, dry_run=asked["dry_run"])

    headers = [KEY_HEADER, *([MATCH_HEADER] if preconditioned(act) else [])]
    statuses = (401, 403, 404, 409, 412, 413, 415, 422, 429)
    view = blueprint.response(201, ACTED, description="What was recorded.")(view)
    view = blueprint.alt_response(200, schema=ACTED, description="Nothing was recorded: it was so already.")(view)
    if act.command in HEARD:
        view = blueprint.alt_response(202, schema=HELD, description="It waits under the Chatham House Rule.")(view)
    view = blueprint.arguments(
        schema,
        description=f"The members of {name}.",
        example=example(act),
        required=any(one.required for one in schema().fields.values()),
    )(view)
    view = with_headers(blueprint.arguments(DryRun, location="query", unknown=RAISE)(view), *headers)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
    view = blueprint.doc(
        summary=f"{words} (for: {words_of(MAY[act.command])})",
        operationId=name,
        responses={201: {"links": links(name)}, **refusals(*statuses)},
    )(view)
    method = act.method.lower()
    blueprint.route(f"{HERE}/{act.path}")(type(name, (MethodView,), {method: actors(view), "act": act}))


# What an act brings in, and by which member of addresses it is then named.
BRINGS = {
    "Invite": "participant",
    "PlanMeeting": "meeting",
    "OpenSession": "session",
    "SubmitProposal": "proposal",
    "MergeProposals": "proposal",
    "ProposeAmendment": "amendment",
    "MakeComment": "comment",
    "CallConsensus": "call",
    "RuleOnChange": "ruling",
    "DraftDocument": "document",
    "Circulate": "circulation",
}


def links(name: str) -> dict[str, Any]:
    """Where one can go on with what an act brought in (OpenAPI links): it is shown, and acted on."""
    kind = BRINGS.get(name)
    if kind is None:
        return {}
    goes_on = [act.command.__name__ for act in ACTS if f"<{kind}>" in act.path]
    shown = [] if kind in ("session", "circulation") else [kind]
    places = {"dialogue": "$request.path.dialogue", kind: "$response.body#/entries/0/handle"}
    return {one: {"operationId": one, "parameters": places} for one in (*shown, *goes_on)}


def preconditioned(act: Act) -> bool:
    """Whether If-Match can be held against something."""
    return act.subject is not None or bool(version_member(act.command))


def version_member(command: type[Command]) -> str | None:
    """The member in which a command says which version it was meant for."""
    names = {one.name for one in fields(command)}  # type: ignore[arg-type]  # commands are dataclasses
    return next((name for name in ("base", "version") if name in names), None)


def perform(
    act: Act, body: dict[str, Any], dialogue: UUID, given: dict[str, Any], *, dry_run: bool = False
) -> Response:
    """Does the act for who asks, and answers with the entries that it became."""
    me = myself()
    if "act" not in me.token.scopes:
        return problem(403, "scope", "This token may read and not act.")
    references = References(secretariat, me.dialogue)
    moment = moment_of(body.pop("moment", {}), references, me.participant)
    members = {**body, **given}
    letter, seen = version_seen()
    name = version_member(act.command)
    if letter == "v" and name is not None and name not in members:
        members[name] = seen
        letter = None
    command = command_from(act.command.__name__, references.fields(act.command, members, moment.actor))
    try:
        if letter is None:
            [entries] = secretariat.execute_all(dialogue, [(command, moment)], dry_run=dry_run)
        else:
            entries = execute_if(act, command, moment, dialogue, (letter, seen), dry_run=dry_run)
    except Refused as refused:
        raise with_comparison(refused, command, dialogue) from None
    if not entries and (ticket := secretariat.room.held_for(dialogue, moment.act)):
        return held(ticket)
    return acted(entries, dry_run=dry_run)


def moment_of(said: dict[str, Any], references: References, me: UUID) -> Moment:
    """Who acts, when and on what basis. Raises Refused."""
    actor = references.actor(said["on_behalf_of"]) if "on_behalf_of" in said else me
    key = request.headers.get("Idempotency-Key")
    if key is not None and not ACT_ID.fullmatch(key):
        raise Refused("unfit", "an Idempotency-Key is up to 64 printable ASCII characters", path="Idempotency-Key")
    return secretariat.moment(
        actor,
        recordedby=me,
        time=when(said["time"], None) if "time" in said else None,
        basis=said.get("basis"),
        evidence=said.get("evidence"),
        act=key,
    )


def version_seen() -> tuple[str | None, int]:
    """What If-Match names: v and a version, e and an entry; None where it is absent, or any will do (*)."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None, 0
    match = SEEN.fullmatch(header.strip())
    if match is None:
        raise Refused("outdated", 'If-Match names what you saw, as its ETag says: "v3", or "e142"')
    return match[1], int(match[2])


def execute_if(
    act: Act, command: Command, moment: Moment, dialogue: UUID, seen: tuple[str, int], *, dry_run: bool
) -> list[Entry]:
    """The act's entries, if its subject is as it was seen when the act is decided on. Raises Refused, Conflict."""
    for _ in range(ATTEMPTS):
        with secretariat.reading() as reading:
            head = reading.bound(dialogue)
            current = state_of(reading, act, command, moment, dialogue)
        if seen != current and not secretariat.record.rows.act(dialogue, moment.act):
            raise Refused("outdated", "it has changed since you saw it: look at it again", current=current[1])
        try:
            return secretariat.execute_all(dialogue, [(command, moment)], dry_run=dry_run, at=head)[0]
        except Conflict:
            if secretariat.record.rows.act(dialogue, moment.act):
                raise
    raise Conflict("others act on this dialogue faster than this act can be recorded; try again")


def state_of(reading: Reading, act: Act, command: Command, moment: Moment, dialogue: UUID) -> tuple[str, int]:
    """What the ETag of the act's subject says now. Raises Unknown."""
    kind = act.subject
    if kind is None:
        raise Refused("outdated", "If-Match cannot be held against what this act is about")
    id = dialogue if kind == "dialogue" else getattr(command, kind, moment.actor)
    here(reading, dialogue, id)
    if kind == "proposal":
        return "v", int(reading.one(reading.t.proposals, id, kind)["version"])
    return "e", changed(reading, kind, id)


def with_comparison(refused: Refused, command: Command, dialogue: UUID) -> Refused:
    """The refusal of what was meant for an outdated text, with the address where one reads what changed."""
    version, current = refused.details.get("version"), refused.details.get("current")
    if refused.code != "outdated" or version is None or current is None:
        return refused
    with secretariat.reading() as reading:
        subject = subject_of(reading, command)
        if subject is not None:
            kind, id = subject
            place = f"/v1/dialogues/{dialogue}/{kind}s/{reading.handle(id)}/comparison"
            refused.details["comparison"] = f"{place}?since={version}&until={current}"
    return refused
