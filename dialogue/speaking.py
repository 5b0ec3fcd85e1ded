"""What is said in a session under the Chatham House Rule: held to the same rules as any act, and not recorded yet.

design.md, "Under the Chatham House Rule". It waits in the vault: a comment until its session closes, a position
until the outcome of its call is declared.
"""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

from dialogue import comment, consensus
from dialogue.acts import tidy
from dialogue.call import Call, ObjectionConveyed, PositionTaken, PositionWithdrawn, unnamed_words
from dialogue.comment import CommentMade, MakeComment
from dialogue.consensus import ObjectThroughChair, TakePosition, WithdrawPosition
from dialogue.fact import Command, Fact, Moment, Refused
from dialogue.history import History
from dialogue.meeting import Session
from dialogue.outcome import unnamed
from dialogue.roles import permit
from dialogue.withheld import UNKNOWN_YET, Contribution

# All positions of a call become one disclosure, which a reader of exports takes up to 16 MiB of (archive.py) and
# which is base64: 12 MiB of words, shared among those entitled and those whose objections a co-chair conveys.
BY_THE_ENTITLED = 9_000_000
CONVEYED = 3_000_000


def heard_in(command: Command, history: History) -> UUID | None:
    """The session under the Rule in which the command is said; None for what is recorded at once."""
    match command:
        case MakeComment():
            session = command.session
        case TakePosition() | WithdrawPosition() | ObjectThroughChair():
            call = history.find(Call, command.call)
            session = call.session if call else None
        case _:
            return None
    state = history.find(Session, session) if session else None
    return session if state is not None and state.attribution != "attributed" else None


def said(command: Command, session: UUID, history: History, moment: Moment) -> Contribution:
    """What the command says in that session, with who says it. Raises Refused as the act itself would."""
    command = tidy(command)
    permit(command, history, moment)
    match command:
        case MakeComment():
            [made] = comment.decide(command, history, moment)
            assert isinstance(made, CommentMade)
            return Contribution(replace(made, comment=UNKNOWN_YET, number=0), session, moment.actor)
        case TakePosition():
            [taken] = consensus.decide(command, history, moment)
            assert isinstance(taken, PositionTaken)
            entitled = len(history.one(Call, command.call).entitled)
            shortened(size(taken), BY_THE_ENTITLED // entitled, f"a position in a call with {entitled} entitled")
            fact: Fact = replace(taken, position=UNKNOWN_YET, participant=None)
        case ObjectThroughChair():  # whoever conveys it holds no position by that, and is not kept
            [conveyed] = consensus.decide(command, history, moment)
            assert isinstance(conveyed, ObjectionConveyed)
            others = [one.fact for one in history.withheld() if one.call == command.call and one.by is None]
            room = CONVEYED - sum(size(one) for one in others if isinstance(one, ObjectionConveyed))
            shortened(size(conveyed), room, "this objection, after those conveyed before it in this call,")
            return Contribution(conveyed, session, call=command.call)
        case WithdrawPosition():
            fact = withdrawn(command, history, moment)
        case _:
            raise TypeError(command)
    return Contribution(fact, session, moment.actor, command.call)


def size(fact: Fact) -> int:
    """The bytes that a position or conveyed objection takes in the disclosure of all."""
    return len(json.dumps(unnamed_words([unnamed(UNKNOWN_YET, fact)]), ensure_ascii=False).encode())


def shortened(long: int, most: int, what: str) -> None:
    """Demands that something said is not longer than there is room for. Raises Refused."""
    if long > most:
        raise Refused("too-long", f"{what} may be {max(most, 0):,} bytes long, and it is {long:,}: make it shorter")


def withdrawn(command: WithdrawPosition, history: History, moment: Moment) -> Fact:
    """The end of one's position in a call that is still open. Raises Refused."""
    call = history.one(Call, command.call)
    consensus.undeclared(call)
    mine = [one for one in history.withheld() if (one.call, one.by) == (command.call, moment.actor)]
    if not any(isinstance(one.fact, PositionTaken) for one in mine):
        raise Refused("unknown", f"you have taken no position in {call.handle}")
    return PositionWithdrawn(UNKNOWN_YET, command.call)
