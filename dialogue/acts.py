"""One act from command to entries: tidied, permitted, decided, with what follows from it.

Here rule 3 of domain.md is kept for every way in which a text can move: a call on it is void.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import is_dataclass
from functools import cache
from types import ModuleType
from typing import Annotated, Any, Literal, get_args, get_origin
from uuid import UUID

from dialogue import (
    amendment,
    bracketing,
    circulation,
    comment,
    consensus,
    drafting,
    erasure,
    issuing,
    keys,
    mandate,
    meeting,
    outcome,
    participant,
    releasing,
    ruling,
    signing,
    statement,
    voiding,
)
from dialogue.amendment import AcceptAmendment, Amendment, AmendmentProposed
from dialogue.book import Book
from dialogue.call import Call, CallVoided, ConsensusReached, OutcomeSetAside
from dialogue.document import Document
from dialogue.erasure import unforgotten
from dialogue.fact import Command, Entry, Fact, Moment, Personal, Refused, changed, named
from dialogue.history import History
from dialogue.joint import NEEDS_CHAIRS, ActAssented, ActProposed, AssentToAct, Joint, Settle, needed
from dialogue.mandate import Dialogue, DialogueConcluded
from dialogue.meeting import SessionClosed
from dialogue.proposal import Proposal, ProposalsMerged, ProposalSplit, ProposalWithdrawn
from dialogue.roles import permit
from dialogue.ruling import RuleOnChange
from dialogue.shape import Misshapen, decode, encode, hints
from dialogue.text import PROSE_LIMIT, Unfit, excerpt, line, prose
from dialogue.versions import Change

MODULES: tuple[ModuleType, ...] = (
    mandate,
    participant,
    meeting,
    drafting,
    bracketing,
    amendment,
    comment,
    consensus,
    ruling,
    statement,
    signing,
    issuing,
    releasing,
    circulation,
    voiding,
    keys,
    erasure,
)
DECIDES: dict[type[Command], ModuleType] = {command: module for module in MODULES for command in module.COMMANDS}
COMMANDS: dict[str, type[Command]] = {command.__name__: command for command in (*DECIDES, AssentToAct, Settle)}


LOOKED_BACK = 100  # joint acts among which one that asks for the same is looked for; all would cost more every time


def command_from(name: str, members: dict[str, Any]) -> Command:
    """The command with this name and these JSON fields. Raises Refused for an unknown or misshapen one."""
    if name not in COMMANDS:
        raise Refused("no-command", f"there is no command {name}; `dialogue commands` lists them")
    try:
        command = decode(COMMANDS[name], members)
    except Misshapen as error:
        raise Refused("unfit", f"{name}: {error}", path=error.path) from None
    assert isinstance(command, Command)
    return command


def tidy(value: Any, hint: Any = None, path: str = "") -> Any:
    """The command with its words in NFC. Raises Refused for words that cannot stand in a record."""
    if isinstance(value, str):
        if get_origin(hint) is not Annotated:
            return worded(value, "prose", path) if value else value  # a quotation's surroundings may be empty
        return worded(value, get_args(hint)[1], path)
    if isinstance(value, Personal):
        return Personal(worded(value.value, "prose", path), value.about)
    if isinstance(value, tuple):
        inner = next((get_args(h)[0] for h in (hint, *get_args(hint)) if get_origin(h) is tuple), None)
        return tuple(tidy(one, inner, f"{path}[{n}]") for n, one in enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        neat = {}
        for name, known, mark in wordy(type(value)):
            if (one := getattr(value, name)) is not None:
                under = f"{path}.{name}" if path else name
                tidied = worded(one, mark, under) if mark and type(one) is str else tidy(one, known, under)
                if tidied is not one:
                    neat[name] = tidied
        return changed(value, **neat) if neat else value
    return value


@cache
def wordy(cls: type) -> tuple[tuple[str, Any, str | None], ...]:
    """The fields of a dataclass that may hold words, their hints, and the marks of those that hold nothing else."""
    known = {name: said(hint) for name, hint in hints(cls).items() if may_hold_words(hint)}
    return tuple((name, hint, get_args(hint)[1] if marked(hint) else None) for name, hint in known.items())


def marked(hint: Any) -> bool:
    return get_origin(hint) is Annotated and get_args(hint)[0] is str


def may_hold_words(hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return False
    return hint in (str, Personal) or is_dataclass(hint) or any(map(may_hold_words, get_args(hint)))


def said(hint: Any) -> Any:
    """The hint without its `| None`, so that the mark on it is seen."""
    return next((h for h in get_args(hint) if get_origin(h) is Annotated), hint)


def worded(value: str, mark: str, path: str) -> str:
    try:
        if mark == "quoted":
            return excerpt(value)
        if mark == "line or nothing" and not value.strip():
            return ""
        if mark == "words":
            return prose(value)
        return prose(value, limit=PROSE_LIMIT) if mark == "prose" else line(value)
    except Unfit as unfit:
        raise Refused("unfit", f"{path}: {unfit}", path=path) from None


def act(command: Command, history: History, moment: Moment) -> list[Entry]:
    """The entries that the act becomes, applied to the history but not saved; none if nothing would change.

    Raises Refused. The personal values in the entries are still open.
    """
    command = tidy(command)
    permit(command, history, moment)
    entries = settle(history, moment)
    if isinstance(command, Settle):
        return entries
    decided = assented(command, history, moment) if isinstance(command, AssentToAct) else None
    if decided is None:
        decided = put(command, history, moment)
    return entries + decided


def put(command: Command, history: History, moment: Moment) -> list[Entry]:
    """The command's own entries; or, where several co-chairs must act, the proposal that they do.

    Who asks for what another co-chair has proposed already assents to it.
    """
    if not for_the_chairs(command):
        return carry_out(command, history, moment)
    name, content = type(command).__name__, json.dumps(encode(command), ensure_ascii=False, sort_keys=True)
    number, joint_id = history.new("joint")
    for before in range(number - 1, max(0, number - 1 - LOOKED_BACK), -1):
        id = named(history.dialogue, f"J{before}")
        waiting = history.one(Joint, id)
        if (waiting.command, waiting.fields, waiting.status) == (name, content, "proposed"):
            return assented(AssentToAct(id), history, moment)
    number_needed = chairs_needed(history)
    if number_needed == 1:
        return carry_out(command, history, moment)
    if not carry_out(command, history.copy(), moment):  # refuses now what would be refused then
        return []
    return history.extend([ActProposed(joint_id, number, name, content, number_needed)], moment)


def carry_out(command: Command, history: History, moment: Moment) -> list[Entry]:
    """The command's entries with all that follows from them."""
    entries = history.extend(DECIDES[type(command)].decide(command, history, moment), moment)
    unforgotten(entries, history)
    if isinstance(command, AcceptAmendment) and command.change is not None and len(entries) > 1:
        entries += ruled(command, command.change, history, moment)
    return entries + follow(entries, history, moment)


def ruled(command: AcceptAmendment, change: Change, history: History, moment: Moment) -> list[Entry]:
    """The ruling that comes with an acceptance, when that moved the text."""
    if command.reason is None:
        raise Refused("no-reason", f"a ruling gives its reason: why is the change {change}?")
    item = history.one(Amendment, command.amendment).proposal
    rule = RuleOnChange(change, command.reason, item)
    return history.extend(ruling.decide(rule, history, moment), moment)


def for_the_chairs(command: Command) -> bool:
    """Whether the co-chairs act on this together (domain.md, "People and bodies")."""
    rules = isinstance(command, AcceptAmendment) and command.change is not None
    return rules or type(command).__name__ in NEEDS_CHAIRS


def chairs_needed(book: Book, assents: Collection[UUID] = ()) -> int:
    """How many co-chairs must act together, of those there are and those who assented while they were one.

    So nobody's assent is waited for who has left or died meanwhile, and an assent that was given stays given.
    """
    dialogue = book.one(Dialogue, book.dialogue)
    return needed(dialogue.settings.chairs, len({*dialogue.cochairs, *assents}))


def assented(command: AssentToAct, history: History, moment: Moment) -> list[Entry]:
    """The assent and, when it completes the number, the act itself.

    Who has assented before may do so again where nobody else is left to be waited for.
    """
    proposed = history.one(Joint, command.joint)
    if proposed.status == "done":
        raise Refused("closed", "that act has been done already")
    assents = {*proposed.assents, moment.actor}
    number = chairs_needed(history, assents)
    if moment.actor in proposed.assents and len(assents) < number:
        return []
    fact = ActAssented(command.joint, number if number != proposed.needed else None)
    entries = history.extend([fact], moment)
    if len(assents) >= number:
        inner = tidy(command_from(proposed.command, json.loads(proposed.fields)))
        permit(inner, history, moment)
        entries += carry_out(inner, history, moment)
    return entries


def settle(history: History, moment: Moment) -> list[Entry]:
    """Where silences are declared automatically: those that ran out before this act happened, the first to run out
    first, so that it makes no difference how late that is; one may void the next.

    One that cannot be declared, as the amendment it is about is in conflict by now, waits for a co-chair.
    """
    dialogue = history.find(Dialogue, history.dialogue)
    if dialogue is None or not dialogue.settings.automatic_silence:
        return []
    entries: list[Entry] = []
    for call_id in ran_out(dialogue, history, moment):
        call = history.one(Call, call_id)
        if call.status != "open":
            continue
        try:
            facts = outcome.declared(call_id, call, history, moment, None, None)
        except Refused:
            continue
        declared = history.extend(facts, moment)
        entries += declared + follow(declared, history, moment)
    return entries


def ran_out(dialogue: Dialogue, book: Book, moment: Moment) -> list[UUID]:
    """The silences that ran out before this act happened, in the order of their expiries."""
    running = [(call.expires, call.number, id) for id in dialogue.silences if (call := book.one(Call, id)).expires]
    return [id for expires, _, id in sorted(running) if expires < moment.time]


def follow(entries: list[Entry], history: History, moment: Moment) -> list[Entry]:
    """What these entries do to open calls: a call on a text that moved or fell away is void (rule 3),
    an amendment breaks a silence on the text that it amends, and what waited for the end of a session enters.
    """
    facts: list[Fact] = []
    for entry in entries:
        moves = entry.moves() if moves_text(type(entry.fact)) else ()  # type: ignore[arg-type]  # a type is hashable
        for kind, id in moves:
            for call in overtaken(entry.fact, kind, id, history):
                if not any(getattr(fact, "call", None) == call for fact in facts):
                    facts.append(CallVoided(call, entry.number, **history.one(Call, call).subject))
        if isinstance(entry.fact, AmendmentProposed):
            facts += unsilenced(entry, history, moment)
        if isinstance(entry.fact, SessionClosed | DialogueConcluded):
            facts += comment.released(history, moment, ending=isinstance(entry.fact, DialogueConcluded))
    return history.extend(facts, moment) if facts else []


@cache
def moves_text(fact: type[Fact]) -> bool:
    """Whether facts of this type move anything that there are calls on (see `overtaken`)."""
    return not {"proposal", "document", "amendment"}.isdisjoint((fact.stream, *fact.also.values()))


def overtaken(fact: Fact, kind: str, id: UUID, book: Book) -> Iterator[UUID]:
    """The calls still open on a thing whose text this fact moved or ended, or opened or decided in another way;
    on the amendments of a proposal too, when that has ended or is decided: none can come into it any more.
    """
    call: UUID | None = None
    if kind == "proposal":
        proposal = book.one(Proposal, id)
        ended = proposal.status in ("withdrawn", "merged", "split")
        if proposal.call is not None:
            moved = fact.versioned and fact.stream == "proposal"
            reopened = proposal.status == "open" and book.one(Call, proposal.call).about == "reopening"
            decided = proposal.status == "adopted" and isinstance(fact, OutcomeSetAside)
            call = proposal.call if moved or reopened or decided or ended else None
        closed = ended and isinstance(fact, ProposalWithdrawn | ProposalsMerged | ProposalSplit)
        if closed or (proposal.status == "adopted" and isinstance(fact, ConsensusReached | OutcomeSetAside)):
            yield from on_amendments(id, book)
    elif kind == "document" and fact.versioned and fact.stream == "document":
        call = book.one(Document, id).call
    elif kind == "amendment" and fact.stream == "amendment" and not isinstance(fact, AmendmentProposed):
        call = book.one(Amendment, id).call
    if call is not None:
        yield call


def on_amendments(proposal: UUID, book: Book) -> Iterator[UUID]:
    """The calls open on amendments of a proposal, in the order of their numbers."""
    for id in book.one(Dialogue, book.dialogue).calls:
        about = book.one(Call, id).amendment
        if about is not None and book.one(Amendment, about).proposal == proposal:
            yield id


def unsilenced(entry: Entry, history: History, moment: Moment) -> list[Fact]:
    """A timely amendment by somebody entitled breaks the silence on its text, or on an edition that prints it, or
    contests what was declared of it.
    """
    assert isinstance(entry.fact, AmendmentProposed)
    facts: list[Fact] = []
    for call_id in put_to(entry.fact.proposal, history, moment):
        call = history.one(Call, call_id)
        silence = call.procedure.name == "silence" and call.about in ("text", "edition")
        if silence and moment.actor in call.entitled and not outcome.late(call, moment):
            facts += consensus.broken(call_id, call, entry.number)
    return facts


def put_to(proposal: UUID, book: Book, moment: Moment) -> Iterator[UUID]:
    """The calls open on a proposal's text, and on editions that print it, and those that decided on them."""
    documents: Iterable[Document]
    if moment.time < moment.recorded:  # only what happened earlier can be in time for what has been declared
        documents = (document for _, document in book.every(Document))
    else:
        silences = (book.one(Call, id) for id in book.one(Dialogue, book.dialogue).silences)
        documents = [book.one(Document, call.document) for call in silences if call.document is not None]
    printing = (one for one in documents if proposal in (item.proposal for item in one.items))
    subjects: list[Proposal | Document] = [book.one(Proposal, proposal), *printing]
    for subject in subjects:
        yield from (call for call in (subject.call, subject.decision) if call is not None)
