"""Every decision procedure of the domain as parameters of one pure engine, which explains what it found.

The rules are those of domain.md, "Decision procedures". Where that text leaves a choice, it is made here:

- An `agree-ad-referendum` takes part, so it counts to the quorum; it is not agreement, so it is never
  an agree of a majority nor a Yes of a ballot; it does not object, so it blocks nothing. It is awaited.
- `agree-with-reservation` and `agree-dissociating` are agreement wherever agreement is counted.
- On a ballot, agreement is Yes, `stand-aside` is No Objection, `object` is Discuss, and `abstain` is Abstain,
  which is on neither side (the five positions of the IESG, with `recuse`).
- The quorum counts those who took a position and did not recuse. As a fraction it is of the active (the
  entitled without the excluded and the recused), rounded up. As a count it stays as given, whoever recuses.
- A position without a holder (conveyed through the chair, or taken under the Chatham House Rule) is that of
  one entitled participant who is not excluded. However many there are, no more than the active are present.
- Where nobody is active (nobody entitled, everybody excluded or recused) nothing is reached: the silence or
  consent of nobody is no decision. Only the co-chairs' own ruling needs no one else.
- At a threshold of exactly 1/2 a tie is a majority, for the rule says "at least". Where nobody agrees or
  objects there is no fraction, and no majority.
- Whether a position came in time, and is its holder's last, is settled before the engine is asked. An
  amendment that breaks a silence comes in as `object`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal, TypeAlias, get_args
from uuid import UUID

PositionName = Literal[
    "agree",
    "agree-with-reservation",
    "agree-ad-referendum",
    "agree-dissociating",
    "stand-aside",
    "abstain",
    "object",
    "recuse",
]
ProcedureName = Literal["consensus", "consensus-minus", "silence", "majority", "ballot", "chair"]
Quorum: TypeAlias = int | Fraction  # a count, or a fraction of the active
Reason = Literal[
    "objection",  # somebody entitled objects, and one objection is enough
    "nobody-active",  # nobody is left who could take a position
    "quorum",  # too few took part
    "awaiting",  # it would be reached if every agreement ad referendum were confirmed
    "no-votes",  # majority: nobody agrees or objects
    "threshold",  # majority: too few of those who agree or object agree
    "no-yes",  # ballot: nobody says Yes
    "two-thirds",  # ballot: too few Yes and No Objection
    "ruling",  # chair: the co-chairs ruled against it
]

POSITIONS: tuple[PositionName, ...] = get_args(PositionName)
AGREEMENT: tuple[PositionName, ...] = ("agree", "agree-with-reservation", "agree-dissociating")
TWO_THIRDS = Fraction(2, 3)


class Unfit(ValueError):
    """The parameters make no sense together, or for those entitled. The message says what to give instead."""


@dataclass(frozen=True)
class Procedure:
    """How a decision is taken. Only a majority has a `threshold`, only a consensus-minus has `excluded`."""

    name: ProcedureName = "consensus"
    quorum: Quorum | None = None
    threshold: Fraction | None = None  # agree / (agree + object) must be at least this
    excluded: tuple[UUID, ...] = ()  # named when the call opens


@dataclass(frozen=True)
class Held:
    """The final position of one participant. `entry` is the place of the fact that says so."""

    holder: UUID | None  # None: conveyed through the chair, or taken under the Chatham House Rule
    position: PositionName
    entry: int


@dataclass(frozen=True)
class Evaluation:
    """What a procedure makes of the positions, with all that explains it. Entries are in ascending order."""

    reached: bool
    reason: Reason | None  # why not; None when reached
    procedure: Procedure
    entitled: int  # before exclusions and recusals
    active: int  # after them
    present: int  # of the active, those who took a position
    quorum_needed: int  # 0: none is set
    tally: tuple[tuple[PositionName, int], ...]  # all eight positions, in the domain's order
    conveyed: int  # of the objections in the tally, those without a holder
    counted: tuple[int, ...]  # the entries behind the tally
    blocked: tuple[int, ...]  # the objections that stood in the way; none when reached
    pending: tuple[int, ...]  # the agreements ad referendum
    awaited: tuple[UUID, ...]  # who gave those and, where more positions could help, who holds none by name


def fit(procedure: Procedure, entitled: Sequence[UUID]) -> None:
    """Raise Unfit unless the parameters make sense for those entitled. Ask when a call opens."""
    if len(set(entitled)) < len(entitled):
        raise Unfit("somebody is named twice among the entitled; name everybody once")
    if procedure.name != "chair" and not entitled:
        raise Unfit("nobody is entitled to take a position; name at least one participant")
    _fit_excluded(procedure, entitled)
    _fit_threshold(procedure)
    _fit_quorum(procedure, len(entitled) - len(procedure.excluded))


def sound(procedure: Procedure) -> None:
    """Raise Unfit for parameters that make no sense whoever is entitled. Ask when a procedure is agreed on."""
    _fit_threshold(procedure)
    _fit_quorum(procedure, None)


def evaluate(
    procedure: Procedure, entitled: Sequence[UUID], held: Sequence[Held], *, ruling: bool | None = None
) -> Evaluation:
    """What the procedure makes of these positions, in whatever order they come.

    Positions of people who are not entitled, or are excluded, are passed over and listed nowhere.
    `ruling` is the co-chairs' own word, which decides under `chair`, where positions are not counted at all.

    Raises ValueError when somebody holds two positions, or when a ruling is missing under `chair` or given
    elsewhere; Unfit when a majority has no threshold.
    """
    holders = [position.holder for position in held if position.holder is not None]
    if len(set(holders)) < len(holders):
        raise ValueError("somebody holds two positions; give only the last of each")
    if (procedure.name == "chair") != (ruling is not None):
        raise ValueError("the co-chairs' ruling decides under the procedure chair, and only there")

    everybody = dict.fromkeys(entitled)
    electors = {person: None for person in everybody if person not in procedure.excluded}
    counted = sorted(
        (one for one in held if ruling is None and (one.holder is None or one.holder in electors)),
        key=lambda one: one.entry,
    )
    tally = Counter(one.position for one in counted)
    active = max(0, len(electors) - tally["recuse"])
    present = min(active, len(counted) - tally["recuse"])
    quorum = _quorum_needed(procedure.quorum, active)
    if ruling is None:
        reason = _obstacle(procedure, tally, active, present, quorum)
    else:
        reason = None if ruling else "ruling"

    objections = [one for one in counted if one.position == "object"]
    pending = [one for one in counted if one.position == "agree-ad-referendum"]
    expected = {one.holder for one in pending}
    if reason not in (None, "objection", "ruling"):
        expected |= electors.keys() - {one.holder for one in counted}
    return Evaluation(
        reached=reason is None,
        reason=reason,
        procedure=procedure,
        entitled=len(everybody),
        active=active,
        present=present,
        quorum_needed=quorum,
        tally=tuple((position, tally[position]) for position in POSITIONS),
        conveyed=sum(one.holder is None for one in objections),
        counted=places(counted),
        blocked=places(objections) if reason in ("objection", "threshold") else (),
        pending=places(pending),
        awaited=tuple(person for person in electors if person in expected),
    )


def places(held: Sequence[Held]) -> tuple[int, ...]:
    """The entries of these positions, each once: those of a call under the Rule stand in one."""
    return tuple(dict.fromkeys(one.entry for one in held))


def sentence(evaluation: Evaluation) -> str:
    """The explanation in words. It names entries and numbers, and never a person."""
    verdict = "Reached" if evaluation.reached else "Not reached"
    head = f"{verdict} {_by(evaluation.procedure)}: {_cause(evaluation)}."
    if evaluation.procedure.name == "chair":
        return head
    parts = [head, _attendance(evaluation), _positions(evaluation)]
    if evaluation.pending:
        parts.append(f"Awaited: the word that makes {_entries(evaluation.pending)} more than ad referendum.")
    return " ".join(parts)


def _fit_excluded(procedure: Procedure, entitled: Sequence[UUID]) -> None:
    excluded = procedure.excluded
    if procedure.name != "consensus-minus":
        if excluded:
            raise Unfit(f"only consensus-minus excludes participants; name none for {procedure.name}")
    elif not excluded:
        raise Unfit("consensus-minus needs the participants who are not counted; name them, or use consensus")
    elif len(set(excluded)) < len(excluded):
        raise Unfit("somebody is excluded twice; name everybody once")
    elif not set(excluded) <= set(entitled):
        raise Unfit("somebody who is not entitled cannot be excluded; name only those entitled")
    elif len(excluded) == len(entitled):
        raise Unfit("everybody entitled is excluded; leave at least one to decide")


def _fit_threshold(procedure: Procedure) -> None:
    threshold = procedure.threshold
    if procedure.name != "majority":
        if threshold is not None:
            raise Unfit(f"only a majority has a threshold; give none for {procedure.name}")
    elif threshold is None:
        raise Unfit("a majority needs a threshold; give a fraction such as 2/3")
    elif not 0 < threshold <= 1:
        raise Unfit(f"the threshold {threshold} is no part of the whole; give more than 0 and at most 1")


def _fit_quorum(procedure: Procedure, electors: int | None) -> None:
    quorum = procedure.quorum
    if quorum is None:
        return
    if procedure.name == "chair":
        raise Unfit("the co-chairs rule alone; give no quorum for chair")
    if isinstance(quorum, Fraction):
        if not 0 < quorum <= 1:
            raise Unfit(f"the quorum {quorum} is no part of the whole; give more than 0 and at most 1")
    elif electors is None:
        if quorum < 1:
            raise Unfit(f"{quorum} is no quorum; give a number from 1, or a fraction such as 1/2")
    elif not 1 <= quorum <= electors:
        raise Unfit(f"{quorum} is no quorum of {electors}; give a number from 1 to {electors}")


def _quorum_needed(quorum: Quorum | None, active: int) -> int:
    return ceil(quorum * active) if isinstance(quorum, Fraction) else quorum or 0


def _obstacle(
    procedure: Procedure, tally: Counter[PositionName], active: int, present: int, quorum: int
) -> Reason | None:
    """The first thing that stands in the way, or None."""
    if tally["object"] and procedure.name != "majority":
        return "objection"
    if not active:
        return "nobody-active"
    if present < quorum:
        return "quorum"
    agree = sum(tally[position] for position in AGREEMENT)
    short = _shortfall(procedure, tally, active, agree)
    if short and not _shortfall(procedure, tally, active, agree + tally["agree-ad-referendum"]):
        return "awaiting"
    return short


def _shortfall(procedure: Procedure, tally: Counter[PositionName], active: int, agree: int) -> Reason | None:
    """What a majority or a ballot still lacks with `agree` agreements; the other procedures need none."""
    if procedure.name == "majority":
        if procedure.threshold is None:
            raise Unfit("a majority needs a threshold; give a fraction such as 2/3")
        votes = agree + tally["object"]
        if not votes:
            return "no-votes"
        return None if Fraction(agree, votes) >= procedure.threshold else "threshold"
    if procedure.name == "ballot":
        if not agree:
            return "no-yes"
        return None if agree + tally["stand-aside"] >= ceil(TWO_THIRDS * active) else "two-thirds"
    return None


def _by(procedure: Procedure) -> str:
    match procedure.name:
        case "consensus-minus":
            return f"by consensus minus {len(procedure.excluded)}"
        case "majority":
            return f"by a majority of at least {procedure.threshold}"
        case "chair":
            return "by the co-chairs' ruling"
        case name:
            return f"by {name}"


def _cause(evaluation: Evaluation) -> str:
    name, tally = evaluation.procedure.name, dict(evaluation.tally)
    agree = sum(tally[position] for position in AGREEMENT)
    votes, assent = agree + tally["object"], agree + tally["stand-aside"]
    match evaluation.reason:
        case None if name == "majority":
            return f"{agree} of the {votes} who agree or object agree"
        case None if name == "ballot":
            return (
                f"{agree} Yes, no Discuss, and {assent} Yes or No Objection where "
                f"{ceil(TWO_THIRDS * evaluation.active)} are needed"
            )
        case None if name == "silence":
            return "nothing broke the silence"
        case None if name == "chair":
            return "they ruled for it"
        case None:
            return "nobody who counts objects"
        case "objection":
            return f"{'broken' if name == 'silence' else 'blocked'} by {_entries(evaluation.blocked)}"
        case "nobody-active":
            return "nobody is left who could take a position"
        case "quorum":
            return f"{evaluation.present} took part where the quorum is {evaluation.quorum_needed}"
        case "awaiting":
            return "too few agree before those ad referendum are confirmed"
        case "no-votes":
            return "nobody agrees or objects"
        case "threshold":
            blockers = _entries(evaluation.blocked)
            return f"only {agree} of the {votes} who agree or object agree; blocked by {blockers}"
        case "no-yes":
            return "there is no Yes"
        case "two-thirds":
            return (
                f"{assent} Yes or No Objection where {ceil(TWO_THIRDS * evaluation.active)} are needed, "
                f"2/3 of {evaluation.active}"
            )
        case "ruling":
            return "they ruled against it"


def _attendance(evaluation: Evaluation) -> str:
    excluded, recused = len(evaluation.procedure.excluded), dict(evaluation.tally)["recuse"]
    left = [f"{number} {how}" for number, how in ((excluded, "excluded"), (recused, "recused")) if number]
    quorum = evaluation.procedure.quorum
    if quorum is None:
        rule = "no quorum is set"
    elif isinstance(quorum, Fraction):
        rule = f"the quorum is {evaluation.quorum_needed}, {quorum} of {evaluation.active}"
    else:
        rule = f"the quorum is {quorum}"
    whole = f"{evaluation.entitled} entitled" + (f" ({', '.join(left)})" if left else "")
    return f"{whole}, {evaluation.present} took part, {rule}."


def _positions(evaluation: Evaluation) -> str:
    if not evaluation.counted:
        return "No position is counted."
    tally = ", ".join(f"{position} {number}" for position, number in evaluation.tally if number)
    unnamed = f" ({evaluation.conveyed} of the objections unnamed)" if evaluation.conveyed else ""
    return f"Counted: {tally}{unnamed}, from {_entries(evaluation.counted)}."


def _entries(numbers: Sequence[int]) -> str:
    """Words for entries: entry 7; entries 7 and 9; entries 7 to 12, 15 and 20."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [
        word
        for run in runs
        for word in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run])
    ]
    listed = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return f"{'entry' if len(numbers) == 1 else 'entries'} {listed}"
