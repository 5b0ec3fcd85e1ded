"""From what people call a thing to its id: a handle (P7), a number (4, "Rec 4"), a name or a clear fragment.

An ambiguous reference lists the choices instead of guessing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import select

from dialogue.fact import Refused, Unknown, named
from dialogue.history import LETTERS
from projections.read import Reading

SHOWN = 10  # choices listed for an ambiguous reference


class Ambiguous(Refused):
    """More than one thing is called so; `choices` says what each can be called instead."""

    def __init__(self, noun: str, reference: str, choices: list[str]) -> None:
        more = f" and {len(choices) - SHOWN} more" if len(choices) > SHOWN else ""
        listed = "; ".join(choices[:SHOWN])
        super().__init__("ambiguous", f"{reference} may be any of: {listed}{more}; say which {noun}", choices=choices)


def dialogue_named(reading: Reading, reference: str | None) -> UUID:
    """The dialogue with this id or title fragment; the only one there is, where none is named."""
    table = reading.t.dialogues
    titles = select(table.c.id, table.c.title).where(table.c.from_entry == 1)  # a dialogue's title does not change
    candidates = [(row.id, f"{row.title} ({row.id[:8]})") for row in reading.conn.execute(titles)]
    if reference is None:
        if len(candidates) != 1:
            raise (
                Unknown("dialogue yet; `dialogue new` makes one")
                if not candidates
                else Ambiguous("dialogue", "with no dialogue named, it", [label for _, label in candidates])
            )
        return UUID(candidates[0][0])
    return chosen("dialogue", reference, candidates)


def thing_named(reading: Reading, dialogue: UUID, kind: str, reference: str) -> UUID:
    """The id of a numbered thing of one kind: by handle, by number, by id, or by a fragment of its title or name.

    Raises Unknown, Ambiguous.
    """
    bare = normalize("NFC", reference).strip()
    letter = LETTERS[kind]
    if match := re.fullmatch(rf"(?i)(?:{letter}|#)?\s*0*(\d{{1,9}})", bare):
        by_number = None if kind == "proposal" and not bare[0].isalpha() else named(dialogue, f"{letter}{match[1]}")
        if by_number is not None and exists(reading, by_number):
            return by_number
    if kind == "proposal" and (match := re.fullmatch(r"(?i)(?:rec\.?(?:ommendation)?\s*)?(\S{1,16})", bare)):
        for number, proposal in numbers(reading, dialogue):
            if number.casefold() == match[1].casefold():
                return proposal
        if match[1].isdigit() and exists(reading, named(dialogue, f"P{int(match[1])}")):
            return named(dialogue, f"P{int(match[1])}")
    return chosen(kind, bare, labels(reading, dialogue, kind))


def exists(reading: Reading, id: UUID) -> bool:
    things = reading.t.things
    row = reading.conn.execute(select(things.c.dialogue, things.c.entry).where(things.c.id == str(id))).first()
    return row is not None and row.entry <= reading.bound(row.dialogue)


def numbers(reading: Reading, dialogue: UUID) -> Iterable[tuple[str, UUID]]:
    """The numbers that items have in the latest edition of each document, the newest document first."""
    documents = list(reading.all(reading.t.documents, "document", dialogue))
    editions = reading.t.editions
    for document in reversed(documents):
        query = select(editions.c.items).where(
            editions.c.document == document["id"], editions.c.edition == document["edition"]
        )
        for item in reading.conn.execute(query).scalar() or []:
            yield item["number"], UUID(item["proposal"])


def labels(reading: Reading, dialogue: UUID, kind: str) -> list[tuple[str, str]]:
    """(id, what it is called) of everything of this kind."""
    letter = LETTERS[kind]
    if kind == "participant":
        rows = list(reading.all(reading.t.participants, kind, dialogue))
        people = reading.persons(row["id"] for row in rows)
        return [(row["id"], f"{letter}{row['number']} {people[row['id']].shown}") for row in rows]
    table = {
        "proposal": reading.t.proposals,
        "amendment": reading.t.amendments,
        "comment": reading.t.comments,
        "call": reading.t.calls,
        "meeting": reading.t.meetings,
        "session": reading.t.sessions,
        "document": reading.t.documents,
        "ruling": reading.t.rulings,
        "circulation": reading.t.circulations,
        "statement": reading.t.statements,
        "joint": reading.t.joints,
    }[kind]
    texts = ("title", "question", "words", "command")
    return [
        (row["id"], f"{letter}{row['number']} {next((row[name] for name in texts if row.get(name)), '')}".strip())
        for row in reading.all(table, kind, dialogue)
    ]


def chosen(noun: str, reference: str, candidates: Iterable[tuple[str, str]]) -> UUID:
    """The one candidate whose id begins so, or whose label holds the fragment; letter case does not matter."""
    wanted = normalize("NFC", reference).casefold()
    found = [
        (id, label)
        for id, label in candidates
        if (len(wanted) >= 4 and id.startswith(wanted)) or wanted in normalize("NFC", label).casefold()
    ]
    whole = [(id, label) for id, label in found if wanted in (label.casefold(), label.partition(" ")[2].casefold())]
    found = whole if len(whole) == 1 else found
    if not found:
        raise Unknown(f'{noun} called "{reference}"')
    if len(found) > 1:
        raise Ambiguous(noun, f'"{reference}"', [label for _, label in found])
    return UUID(found[0][0])
