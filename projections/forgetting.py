"""Forgetting a person: what is held about them is found, its erasure recorded, and then it is removed everywhere.

design.md, "Facts as bytes"; dialogue/erasure.py has the rules. The record comes first: a process that stops in
between, or a backup that is restored, leaves something that the record says is erased, and it is erased again
before anything is served.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from dialogue.endorsement import EndorsementGiven
from dialogue.envelope import from_leaf
from dialogue.erasure import ConfirmErasure, ErasureConfirmed, says_whose
from dialogue.fact import Conflict, Entry, Refused
from dialogue.record import Asked
from projections.erasures import forgotten
from projections.purging import purge

if TYPE_CHECKING:
    from projections.secretariat import Secretariat

ATTEMPTS = 20  # to list what is held while others act
PAGE = 1000


@dataclass(frozen=True)
class Held:
    """A value that is held about somebody, and the entry with which it came.

    `name` and `value` are None where it cannot be opened; `clear` whether the entry itself says whose it is.
    """

    entry: Entry
    digest: str
    name: str | None
    value: str | None
    clear: bool


def held(secretariat: Secretariat, dialogue: UUID, participant: UUID) -> list[Held]:
    """Everything sealed that the vault holds about a participant and an entry refers to, by entry."""
    wanted = secretariat.custody.about(participant)
    opened = secretariat.custody.open(wanted)
    signatures: set[UUID] = set()
    found = []
    for entry in sealed_entries(secretariat, dialogue, participant, wanted):
        fact = entry.fact
        if isinstance(fact, EndorsementGiven) and fact.participant == participant:
            signatures.add(fact.endorsement)
        for digest in entry.sealed:
            if digest in wanted:
                name, value = opened.get(digest, (None, None))
                clear = says_whose(entry, name or "", participant, signatures)
                found.append(Held(entry, digest, name, value, clear))
    return found


def sealed_entries(
    secretariat: Secretariat, dialogue: UUID, participant: UUID, digests: Iterable[str]
) -> Iterator[Entry]:
    """The entries that hold one of these digests, or a signature of the participant's."""
    wanted = set(digests)
    signed = f'"participant":"{participant}"'.encode()
    for leaf in secretariat.record.leaves(dialogue):
        if b'"_sd":' in leaf or signed in leaf:
            entry = from_leaf(leaf)
            if isinstance(entry.fact, EndorsementGiven) or not wanted.isdisjoint(entry.sealed):
                yield entry


def confirm(
    secretariat: Secretariat, dialogue: UUID, asked: Sequence[Asked], *, dry_run: bool = False
) -> list[list[Entry]]:
    """Records that a person is forgotten, with the digests of everything that is held about them, and removes it.

    Raises Refused, Conflict, StoreFailed and Damaged.
    """
    if len(asked) > 1:
        raise Refused("alone", "forgetting somebody is confirmed by itself, not together with other acts")
    [ask] = asked
    assert isinstance(ask.command, ConfirmErasure)
    participant = ask.command.participant
    for _ in range(ATTEMPTS):
        head = head_number(secretariat, dialogue)
        found = held(secretariat, dialogue, participant)
        listed = tuple(one.digest for one in found if one.clear)
        others = tuple(one.digest for one in found if not one.clear)
        filled = replace(ask, command=ConfirmErasure(participant, listed, others))
        try:
            answers = secretariat.perform(dialogue, [filled], dry_run=dry_run, at=head)
        except Conflict:
            if head_number(secretariat, dialogue) == head:
                raise
            continue  # something may be held by now that was not listed
        if answers[0] and not dry_run:
            forget(secretariat, [(dialogue, participant)])
        return answers
    raise Conflict("others act on this dialogue faster than can be listed what is held; try again")


def head_number(secretariat: Secretariat, dialogue: UUID) -> int | None:
    """The number of the dialogue's last entry; None where it has none."""
    last = secretariat.record.rows.last(dialogue)
    return None if last is None else from_leaf(last).number


def forget(secretariat: Secretariat, people: Sequence[tuple[UUID, UUID]]) -> str:
    """Removes keys, values, tokens, links and who said what of (dialogue, participant).

    Returns what is left to do, "" if nothing is.
    """
    for dialogue, participant in people:
        acts = [one.entry.act for one in held(secretariat, dialogue, participant) if one.entry.act is not None]
        secretariat.access.forget(participant)
        secretariat.room.forget(dialogue, participant)
        secretariat.room.forget(dialogue, participant)
        secretariat.custody.forget(dialogue, participant, acts)
    left = purge(secretariat.stores)
    if not left:
        secretariat.custody.purged([participant for _, participant in people])
    return left


def forget_again(secretariat: Secretariat) -> str:
    """Removes what is there of those whom the record says are forgotten; what is left to do, "" if nothing is.

    Raises Damaged where the views are not of this record.
    """
    with secretariat.reading() as reading:
        people = {participant: dialogue for dialogue, participant in forgotten(reading)}
        seen = reading.conn.execute(select(reading.t.progress.c.position)).scalar_one()
    people |= {fact.participant: dialogue for dialogue, fact in confirmed_since(secretariat, seen)}
    again = secretariat.custody.unforgotten(sorted(people))
    return forget(secretariat, [(people[one], one) for one in sorted(again)]) if again else ""


def confirmed_since(secretariat: Secretariat, position: int) -> Iterator[tuple[UUID, ErasureConfirmed]]:
    """Erasures that the views have not seen yet, with their dialogues: a process stopped before they did."""
    while rows := secretariat.record.rows.after(position, PAGE):
        for _, leaf in rows:
            if b'"type":"ErasureConfirmed"' in leaf:
                entry = from_leaf(leaf)
                assert isinstance(entry.fact, ErasureConfirmed)
                yield entry.dialogue, entry.fact
        position, _ = rows[-1]
