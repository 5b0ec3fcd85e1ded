"""Acts done again: from the facts of an act back to its command (asked.py), and from that to facts by the rules.

An auditor does not take a record's word for its rules. Each act is put again to the history as it stood, and
must give the very entries that are recorded: so an outcome is evaluated anew from the positions it counts, a
signature held against the text that it names, a merge made again, a bracket looked for, and each actor's right
looked up in the table of roles.

What was sealed is not known here, and no rule reads it; a stand-in takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from uuid import UUID

from dialogue import call, comment
from dialogue.acts import act, settle
from dialogue.asked import SEALED, Unlawful, asked
from dialogue.fact import Entry, Fact, Moment, Personal, Refused, made
from dialogue.history import History
from dialogue.mandate import Dialogue
from dialogue.shape import may_hold
from dialogue.withheld import UNKNOWN_YET, Contribution, by_digest


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
        moment = made(
            Moment,
            {
                "actor": first.actor,
                "recordedby": first.recordedby,
                "time": first.time,
                "recorded": first.recordedtime,
                "act": first.act,
                "draw": lambda: next(drawn, entries[-1].stream),
                "basis": first.basis,
                "evidence": None,
            },
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
    values = {name: None for name in may_hold(entry.fact, Personal) if type(getattr(entry.fact, name)) is Personal}
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
