"""References in a command as people write them ("P7", "Rec 4", "KIM Haneul", "N12/D1"), turned into ids.

A command's fields say by their names what kind of thing they refer to. Handles need no look-up, for the id of
P7 is drawn from "P7" itself; names and titles are looked up in the views and remembered until they may have moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from datetime import UTC, datetime, tzinfo
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from unicodedata import normalize
from uuid import UUID, uuid5

from dialogue.call import position_id
from dialogue.endorsement import endorsement_id
from dialogue.fact import OPERATOR, Command, Entry, Personal, Refused, Text, Unknown, named
from dialogue.history import LETTERS
from dialogue.mandate import ProposeDialogue
from dialogue.participant import CorrectParticipant, Invite, ParticipantInvited
from dialogue.shape import hints, stamp
from dialogue.voiding import VOIDABLE
from projections.read import Reading
from projections.resolve import chosen, dialogue_named, exists, labels, thing_named
from projections.secretariat import Secretariat

KINDS = {
    **{kind: kind for kind in LETTERS},
    **dict.fromkeys(("sources", "items", "item", "excepting"), "proposal"),
    **dict.fromkeys(("alternate", "represents", "entitled", "excluded"), "participant"),
    **dict.fromkeys(("authors", "holders", "participants", "addressees"), "participant"),
    "reply_to": "comment",
}  # what a field of this name refers to
OF_SOMEBODY = {"endorsement": ("proposal", "document"), "position": ("call",), "receipt": ("circulation",)}
SUBJECTS = {LETTERS[kind]: kind for kind in ("proposal", "document", "amendment", "call", "ruling", "circulation")}
UUID_LENGTH = 36


class References:
    """What the things and people of one dialogue are called, kept up while acts are recorded.

    `zone` is that of times written without one; with None such a time is refused. `settled` is told the kind of
    thing before one is looked up by anything but its handle. With `looked_for` handles are looked up too, so that
    one which was never given is named in the answer.
    """

    def __init__(
        self,
        secretariat: Secretariat,
        dialogue: UUID,
        zone: tzinfo | None = None,
        settled: Callable[[str], None] = lambda _: None,
        *,
        looked_for: bool = False,
    ) -> None:
        self.secretariat = secretariat
        self.dialogue = dialogue
        self.zone = zone
        self.settled = settled
        self.looked_for = looked_for
        self.people: dict[UUID, str] | None = None
        self.called: dict[str, list[UUID]] = {}
        self.known: dict[tuple[str, str], UUID] = {}

    def fields(self, command: type[Command], said: Mapping[str, Any], actor: UUID) -> dict[str, Any]:
        """The command's JSON members with every reference as an id and every time as the record writes it.

        Raises Unknown, Ambiguous, and Refused for a time without a zone. What is misshapen is left as it is.
        """
        known = hints(command)  # type: ignore[arg-type]  # a type is hashable
        return {name: self.member(known.get(name), value, name, actor) for name, value in said.items()}

    def member(self, hint: Any, value: Any, field: str, actor: UUID) -> Any:
        hint = bare(hint)
        if get_origin(hint) is tuple and isinstance(value, list):
            return [self.member(get_args(hint)[0], one, field, actor) for one in value]
        if isinstance(value, Mapping) and is_dataclass(hint) and hint not in (Text, Personal):
            known = hints(hint)  # type: ignore[arg-type]  # a dataclass is a type
            return {name: self.member(known.get(name), one, name, actor) for name, one in value.items()}
        if isinstance(value, str):
            if hint is UUID:
                return str(self.refer(field, value, actor))
            if hint is datetime:
                return stamp(when(value, self.zone))
        return value

    def refer(self, field: str, reference: str, actor: UUID) -> UUID:
        """The id of what a field refers to. Raises Unknown, Ambiguous."""
        bare_reference = normalize("NFC", reference).strip()
        if len(bare_reference) == UUID_LENGTH:
            try:
                return UUID(bare_reference)
            except ValueError:
                pass  # a name may be as long
        if match := re.fullmatch(r"(?i)entry\s+([1-9]\d{0,8})", bare_reference):
            return self.at_entry(field, int(match[1]))
        if field in OF_SOMEBODY:
            return self.of_somebody(field, bare_reference, actor)
        if field == "parent":
            with self.secretariat.reading() as reading:
                return dialogue_named(reading, bare_reference)
        if field not in KINDS:
            raise Unknown(f'{field} called "{reference}": name it by its entry, as in "entry 142",')
        return self.thing(KINDS[field], bare_reference)

    def thing(self, kind: str, reference: str) -> UUID:
        """The id of a numbered thing, by handle, number, name, title, or a fragment of these."""
        by_handle = handle(kind, reference)
        if by_handle is not None:
            return self.by_handle(kind, by_handle)
        self.settled(kind)
        key = kind, reference
        if key not in self.known:
            self.known[key] = self.person(reference) if kind == "participant" else self.looked_up(kind, reference)
        return self.known[key]

    def by_handle(self, kind: str, handle: str) -> UUID:
        id = named(self.dialogue, handle)
        if self.looked_for:
            with self.secretariat.reading() as reading:
                if not exists(reading, id):
                    raise Unknown(f"{kind} {handle}")
        return id

    def looked_up(self, kind: str, reference: str) -> UUID:
        with self.secretariat.reading() as reading:
            return thing_named(reading, self.dialogue, kind, reference)

    def person(self, reference: str) -> UUID:
        """The participant of this name, or the only one whose name has this fragment."""
        by_handle = handle("participant", reference)
        if by_handle is not None:
            return self.by_handle("participant", by_handle)
        self.settled("participant")
        people = self.everybody()
        same = self.called.get(folded(reference), [])
        if len(same) == 1:
            return same[0]
        return chosen("participant", reference, [(str(id), label) for id, label in people.items()])

    def everybody(self) -> dict[UUID, str]:
        """Id and label ("N3 KIM Haneul") of every participant; read once, then kept up by `learn`."""
        if self.people is None:
            self.people = {}
            with self.secretariat.reading() as reading:
                for id, label in self.invited(reading):
                    self.call(UUID(id), label)
        return self.people

    def invited(self, reading: Reading) -> list[tuple[str, str]]:
        try:
            return labels(reading, self.dialogue, "participant")
        except Unknown:
            return []  # a dialogue that is yet to be proposed

    def call(self, id: UUID, label: str) -> None:
        assert self.people is not None
        before = self.people.get(id)
        if before is not None:
            self.called[folded(before.partition(" ")[2])].remove(id)
        self.people[id] = label
        self.called.setdefault(folded(label.partition(" ")[2]), []).append(id)

    def learn(self, command: Command, entries: Iterable[Entry]) -> None:
        """Takes note of names and titles that an act brought in or moved."""
        facts = [entry.fact for entry in entries]
        if any(hasattr(fact, "number") or hasattr(fact, "title") or hasattr(fact, "items") for fact in facts):
            self.known.clear()
        if isinstance(command, CorrectParticipant):
            self.people, self.called = None, {}
            self.known.clear()
        numbers = [fact.number for fact in facts if isinstance(fact, ParticipantInvited)]
        self.expect(command, numbers)

    def expect(self, command: Command, numbers: Iterable[int]) -> None:
        """Takes note of those whom the command invites, who have these numbers."""
        self.everybody()
        for number, invitation in zip(numbers, invitations(command), strict=False):
            name = invitation.body or (invitation.name.value if invitation.name else "")
            self.call(named(self.dialogue, f"N{number}"), f"N{number} {normalize('NFC', name)}")

    def subject(self, reference: str, kinds: Iterable[str]) -> tuple[str, UUID]:
        """(kind, id) of a thing that may be of one of several kinds: its handle's letter says which, or its title."""
        possible = list(kinds)
        letter = SUBJECTS.get(reference.strip()[:1].upper())
        if letter in possible and handle(letter, reference) is not None:
            return letter, self.thing(letter, reference)
        for kind in possible[:-1]:
            try:
                return kind, self.thing(kind, reference)
            except Unknown:
                continue
        return possible[-1], self.thing(possible[-1], reference)

    def of_somebody(self, field: str, reference: str, actor: UUID) -> UUID:
        """The id of a signature, position or receipt: "D1" is the actor's own, "N12/D1" that of N12."""
        owner, slash, about = reference.rpartition("/")
        who = self.person(owner) if slash else actor
        _, subject = self.subject(about, OF_SOMEBODY[field])
        if field == "endorsement":
            return endorsement_id(self.dialogue, who, subject)
        return position_id(subject, who) if field == "position" else uuid5(subject, f"receipt {who}")

    def at_entry(self, field: str, number: int) -> UUID:
        """The id of what the entry with this number is about. Raises Unknown."""
        self.settled("entry")
        with self.secretariat.reading() as reading:
            entry = reading.entry(self.dialogue, number)
        if not hasattr(entry.fact, field):
            raise Unknown(f"{field} in entry {number}")
        return entry.id_of(field)

    def voidable(self, number: int) -> tuple[str, UUID]:
        """(kind, id) of what the entry with this number put down, for marking it as entered in error."""
        with self.secretariat.reading() as reading:
            entry = reading.entry(self.dialogue, number)
        if entry.fact.stream not in VOIDABLE:
            raise Refused(
                "not-voidable",
                f"entry {number} cannot be entered in error: only {', '.join(VOIDABLE)} can; "
                "mend a text by an amendment or a correction",
            )
        return entry.fact.stream, entry.stream

    def secretariat_participant(self) -> UUID:
        """Whoever keeps this dialogue's record, if that is exactly one. Raises Refused."""
        with self.secretariat.reading() as reading:
            rows = list(reading.all(reading.t.participants, "participant", self.dialogue))
        keepers = [
            row for row in rows if "secretariat" in row["roles"] and row["status"] not in ("left", "died", "void")
        ]
        if len(keepers) != 1:
            raise Refused("no-actor", "this dialogue has several secretariats: say who acts with --actor")
        return UUID(keepers[0]["id"])

    def actor(self, reference: str) -> UUID:
        """Who acts or enters: a participant, or the operator, who opens dialogues."""
        return OPERATOR if reference == "operator" else self.thing("participant", normalize("NFC", reference).strip())


def handle(kind: str, reference: str) -> str | None:
    """The handle that is meant: P7 for "p07"; a bare number too, save for items, whose editions number them."""
    match = re.fullmatch(rf"(?i)({LETTERS[kind]}|#)?\s*0*([1-9]\d{{0,8}})", reference.strip())
    if match is None or (kind == "proposal" and match[1] is None):
        return None
    return f"{LETTERS[kind]}{match[2]}"


def when(text: str, zone: tzinfo | None) -> datetime:
    """An instant from ISO 8601 text; one without a zone is taken to be in `zone`. Raises Refused."""
    try:
        instant = datetime.fromisoformat(text.strip())
        instant = instant if instant.tzinfo is not None else instant.replace(tzinfo=zone)
        if instant.tzinfo is not None:
            instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused("unfit", f"{text} is no time: write it as 2026-01-31T09:00Z") from None
    if instant.tzinfo is None and zone is None:
        raise Refused("unfit", f"{text} has no time zone: write it as {text}Z or {text}+09:00")
    return instant


def invitations(command: Command) -> tuple[Invite, ...]:
    """Those whom the command invites, in the order of the numbers that they get."""
    if isinstance(command, Invite):
        return (command,)
    return command.officers if isinstance(command, ProposeDialogue) else ()


def bare(hint: Any) -> Any:
    """The hint without what marks it and without its `| None`; another union is left alone."""
    if get_origin(hint) is Annotated:
        return bare(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        rest = [one for one in get_args(hint) if one is not type(None)]
        return bare(rest[0]) if len(rest) == 1 else hint
    return hint


def folded(name: str) -> str:
    return normalize("NFC", name).casefold()
