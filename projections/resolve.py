"""From what people call a thing to its id: a handle (P7), a number (4, "Rec 4"), a name or a clear fragment.

An ambiguous reference lists the choices instead of guessing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import select

from dialogue.fact import Refused, Unknown, named
from dialogue.history import LETTERS
from projections.audience import PUBLIC, SECRETARIAT, Audience, audience_of
from projections.documents import numbers
from projections.read import Person, Reading

UUID_FORM = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ACTIVE = ("invited", "accepted", "regrets")  # who has rights here
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
    candidates = [(row.id, row.title) for row in reading.conn.execute(titles)]
    if reference is None:
        if len(candidates) != 1:
            raise (
                Unknown("dialogue yet; `dialogue new` makes one")
                if not candidates
                else Ambiguous("dialogue", "with no dialogue named, it", [beside(*one) for one in candidates])
            )
        return UUID(candidates[0][0])
    return chosen("dialogue", reference, candidates, beside)


def beside(id: str, title: str) -> str:
    """A dialogue's title with the beginning of its id, for titles may be the same."""
    return f"{title} ({id[:8]})"


def audience_named(reading: Reading, dialogue: UUID, reference: str) -> Audience:
    """Who reads: `public`, or a participant of the dialogue, in the roles that they have now. Raises Refused."""
    if reference == "public":
        return PUBLIC
    named = replace(reading, audience=SECRETARIAT, as_of=None, bounds={})
    person = named.person(thing_named(named, dialogue, "participant", reference))
    assert person is not None
    return audience_of(person.id, person.roles if person.status in ACTIVE else ())


def thing_named(reading: Reading, dialogue: UUID, kind: str, reference: str) -> UUID:
    """The id of a numbered thing of one kind: by handle, by number, by id, or by a fragment of its title or name.

    A bare number is an item's number in the latest edition that prints it, and its handle's otherwise.
    Raises Unknown, Ambiguous.
    """
    bare = normalize("NFC", reference).strip()
    if not bare:
        raise Unknown(f"{kind} without a name")
    handle = re.fullmatch(rf"(?i){LETTERS[kind]}\s*0*(\d{{1,9}})", bare)
    if handle and exists(reading, id := named(dialogue, f"{LETTERS[kind]}{handle[1]}")):
        return id
    if kind == "proposal" and (found := numbered(reading, dialogue, bare)) is not None:
        return found
    number = re.fullmatch(r"(?:#|no\.?\s*)?0*(\d{1,9})", bare, re.IGNORECASE)
    if number and exists(reading, id := named(dialogue, f"{LETTERS[kind]}{number[1]}")):
        return id
    if re.fullmatch(UUID_FORM, bare.lower()) and exists(reading, UUID(bare), kind):
        return UUID(bare)
    return chosen(kind, bare, labels(reading, dialogue, kind))


def subject_named(reading: Reading, dialogue: UUID, reference: str) -> UUID:
    """An item, or a document by its handle: what comments, decisions and signatures are on."""
    kind = "document" if re.fullmatch(r"(?i)d\d+", reference.strip()) else "proposal"
    return thing_named(reading, dialogue, kind, reference)


def only_document(reading: Reading, dialogue: UUID, reference: str | None) -> UUID:
    """The document with this reference; the only one there is, where none is named. Raises Unknown, Ambiguous."""
    if reference is not None:
        return thing_named(reading, dialogue, "document", reference)
    candidates = labels(reading, dialogue, "document")
    if not candidates:
        raise Unknown("document in this dialogue yet (name an item instead)")
    if len(candidates) > 1:
        raise Ambiguous("document", "with no document named, it", [label for _, label in candidates])
    return UUID(candidates[0][0])


def seen(reading: Reading, dialogue: UUID, kind: str, reference: str | None) -> str | None:
    """The id of the last thing that was seen of a list, to go on after; None to begin."""
    return None if reference is None else str(thing_named(reading, dialogue, kind, reference))


def exists(reading: Reading, id: UUID, kind: str | None = None) -> bool:
    """Whether the thing was there, as of what is read."""
    things = reading.t.things
    row = reading.conn.execute(
        select(things.c.dialogue, things.c.kind, things.c.entry).where(things.c.id == str(id))
    ).first()
    return row is not None and kind in (None, row.kind) and row.entry <= reading.bound(row.dialogue)


def numbered(reading: Reading, dialogue: UUID, reference: str) -> UUID | None:
    """The item that the latest edition of a document prints under this number (4, Rec 4, 4 bis). Raises Ambiguous."""
    match = re.fullmatch(r"(?i)(?:rec(?:\.|ommendation)?\s*)?(\S(?:.{0,14}\S)?)", reference)
    if match is None:
        return None
    wanted = match[1].casefold()
    found = {
        id: f"{number} in {document}"
        for id, listed in numbers(reading, dialogue).items()
        for document, number in listed.items()
        if number.casefold() == wanted
    }
    if len(found) > 1:
        handles = reading.handles(found)
        raise Ambiguous("item", f'"{reference}"', [f"{handles[id]} ({place})" for id, place in found.items()])
    return UUID(next(iter(found))) if found else None


def labels(reading: Reading, dialogue: UUID, kind: str) -> list[tuple[str, str]]:
    """(id, what it is called) of everything of this kind."""
    letter = LETTERS[kind]
    if kind == "participant":
        rows = list(reading.all(reading.t.participants, kind, dialogue))
        people = reading.persons(row["id"] for row in rows)
        return [(row["id"], called(people[row["id"]])) for row in rows]
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


def called(person: Person) -> str:
    """Handle, name, and the name in other scripts."""
    return f"{person.handle} {person.shown}" + (f" ({person.forms})" if person.forms else "")


def chosen(
    noun: str,
    reference: str,
    candidates: Iterable[tuple[str, str]],
    shown: Callable[[str, str], str] = lambda _, label: label,
) -> UUID:
    """The one candidate whose id begins so, or whose label holds the fragment; letter case does not matter.

    `shown` says how a choice among several is listed. Raises Unknown, Ambiguous.
    """
    wanted = normalize("NFC", reference).casefold()
    found = [
        (id, label)
        for id, label in candidates
        if (len(wanted) >= 4 and id.startswith(wanted)) or wanted in normalize("NFC", label).casefold()
    ]
    whole = [(id, label) for id, label in found if wanted in spellings(label)]
    found = whole if len(whole) == 1 else found
    if not found:
        raise Unknown(f'{noun} called "{reference}"')
    if len(found) > 1:
        raise Ambiguous(noun, f'"{reference}"', [shown(*one) for one in found])
    return UUID(found[0][0])


def spellings(label: str) -> set[str]:
    """What exactly names the thing with this label: all of it, or without the handle before or the bracket behind."""
    whole = normalize("NFC", label).casefold()
    bare = whole.partition(" ")[2]
    return {one for words in (whole, bare) for one in (words, words.rpartition(" (")[0]) if one}
