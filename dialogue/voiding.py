"""Entered in error: an entry of the secretariat's is void from here on, and stays in the record.

domain.md, facts table; design.md: voidable are attendance, position, endorsement, receipt, response and
invitation. A text is mended by amendment or correction instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dialogue.book import Book, State
from dialogue.call import Call, Position
from dialogue.circulation import Receipt, Response
from dialogue.endorsement import Endorsement
from dialogue.fact import Command, Fact, Moment, Prose, Refused
from dialogue.mandate import Dialogue
from dialogue.meeting import Attendance
from dialogue.participant import Participant

VOIDABLE: dict[str, type[State]] = {
    kind.kind: kind for kind in (Attendance, Position, Endorsement, Receipt, Response, Participant)
}


@dataclass(frozen=True)
class EnteredInError(Fact, stream="error", also={kind: kind for kind in VOIDABLE} | {"dialogue": "dialogue"}):
    error: UUID
    reason: str
    attendance: UUID | None = None
    position: UUID | None = None
    endorsement: UUID | None = None
    receipt: UUID | None = None
    response: UUID | None = None
    participant: UUID | None = None


@dataclass(frozen=True)
class MarkEnteredInError(Command):
    """Voids one thing that the secretariat entered: the wrong KIM."""

    reason: Prose
    attendance: UUID | None = None
    position: UUID | None = None
    endorsement: UUID | None = None
    receipt: UUID | None = None
    response: UUID | None = None
    participant: UUID | None = None


COMMANDS = (MarkEnteredInError,)
FACTS = (EnteredInError,)


def decide(command: Command, book: Book, moment: Moment) -> list[Fact]:
    """The fact that voids. Raises Refused."""
    assert isinstance(command, MarkEnteredInError)
    given = {kind: id for kind in VOIDABLE if (id := getattr(command, kind)) is not None}
    if len(given) != 1:
        raise Refused("unfit", "name the one thing that was entered in error")
    [(kind, id)] = given.items()
    state = book.one(VOIDABLE[kind], id)
    if voided(state):
        return []
    if isinstance(state, Position):
        counted(book.one(Call, state.call))
    if isinstance(state, Participant) and state.status != "invited":
        raise Refused("closed", "the invitation has been answered; it is no error any more")
    if isinstance(state, Endorsement | Position | Receipt | Response) and not state.entered:
        raise Refused("not-entered", "only what the secretariat entered for somebody can be entered in error")
    return [EnteredInError(moment.draw(), command.reason, **given)]


def counted(call: Call) -> None:
    """Demands that the positions in a call can still change. Raises Refused."""
    match call.status:
        case "open":
            return
        case "contested":
            raise Refused(
                "closed", f"the outcome of {call.handle} is contested: confirm it, giving the error as reason"
            )
        case "broken":
            raise Refused("closed", f"the silence in {call.handle} is broken; open a new call")
    raise Refused("closed", f"{call.handle} is {call.status}: what counted in it stays")


def voided(state: State) -> bool:
    if isinstance(state, Position):
        return state.name is None
    return getattr(state, "status", None) == "void"


def void(state: State, fact: Fact) -> State:
    """The state as it is once it was entered in error."""
    if isinstance(state, Position):
        return replace(state, name=None)
    return replace(state, status="void")  # type: ignore[type-var]  # all other voidable states have a status


def on_dialogue(state: Dialogue, fact: Fact) -> Dialogue:
    """A co-chair invited in error is none."""
    assert isinstance(fact, EnteredInError)
    return replace(state, cochairs=tuple(chair for chair in state.cochairs if chair != fact.participant))
