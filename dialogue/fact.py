"""What every room speaks of: facts, the entries they stand in, and the moment of an act.

A fact's class name and field names are the storage format: once recorded they never change
(tests/golden keeps one stored line of each for ever).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha1
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar
from uuid import UUID

Line: TypeAlias = Annotated[str, "line"]  # one line of words
Prose: TypeAlias = Annotated[str, "prose"]  # words that may have paragraphs, such as a reason
Words: TypeAlias = Annotated[str, "words"]  # a whole text, such as a recommendation
PartialDate: TypeAlias = Annotated[str, "partial date"]  # 2019, 2019-06 or 2019-06-01
Basis: TypeAlias = Literal["room", "email", "letter", "telephone", "document"]

M = TypeVar("M")

OPERATOR = UUID(int=0)  # whoever runs the installation; takes part in no dialogue


class Refused(Exception):
    """A rule says no. `code` is stable and documented; the message is the sentence that people read."""

    def __init__(self, code: str, sentence: str, **details: object) -> None:
        super().__init__(sentence)
        self.code = code
        self.details = details


class Unknown(Refused):
    """There is no such thing here, or none that this reader may know of."""

    def __init__(self, what: str) -> None:
        super().__init__("unknown", f"there is no {what} here")


class Conflict(Exception):
    """Somebody acted first, or an act's id was used before for something else."""


@dataclass(frozen=True)
class Text:
    """A text that stands in the store of texts, named by the SHA-256 of its UTF-8 bytes (hex).

    `words` is there on the way in only; who reads a fact asks the store for them.
    """

    sha256: str
    words: str | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Personal:
    """A value that may have to be forgotten. The record holds only its salted digest.

    `about` is whose it is; a rule sets it, and no rule reads `value`.
    """

    value: str
    about: UUID = OPERATOR

    def of(self, person: UUID) -> Personal:
        return Personal(self.value, person)


def made(cls: type[M], values: Mapping[str, Any]) -> M:
    """An instance of a frozen dataclass from the values of all its fields.

    A frozen class's own __init__ sets them one by one, past its own guard, which takes several times as long; with
    a million entries to fold it is felt.
    """
    instance = cls.__new__(cls)
    instance.__dict__.update(values)
    return instance


def changed(instance: M, **values: Any) -> M:
    """The same with other values in some fields, as dataclasses.replace gives it."""
    return made(type(instance), {**instance.__dict__, **values})


class Fact:
    """Base of all facts, which are frozen dataclasses named in the past tense.

    `stream` is the kind of aggregate whose history the fact belongs to, and the field that holds its id.
    `also` maps further fields to the kinds of the states they move; "dialogue" needs no field.
    `versioned` facts carry `version` and `text`: a new version of a text that can be signed.
    """

    stream: ClassVar[str]
    also: ClassVar[Mapping[str, str]] = {}
    versioned: ClassVar[bool] = False

    def __init_subclass__(
        cls, *, stream: str = "", also: Mapping[str, str] | None = None, versioned: bool = False
    ) -> None:
        super().__init_subclass__()
        cls.stream = stream
        cls.also = also or {}
        cls.versioned = versioned

    @property
    def unattributed(self) -> bool:
        """Whether its entry says neither who acted nor in which act (design.md, "Under the Chatham House Rule")."""
        return False

    @property
    def entering(self) -> tuple[tuple[UUID, Fact], ...]:
        """What waited under the Rule and is in the record with this fact: the id that it has got, and what was said."""
        return ()


class Command:
    """Base of all commands, which are frozen dataclasses named in the imperative."""


@dataclass(frozen=True)
class Entry:
    """A fact in its place: entry `number` of its dialogue (from 1, dense), `version` of its stream.

    `sealed` are the digests of the personal values that came with the fact (RFC 9901, `_sd`), sorted.
    `actor` and `act` are absent where the Chatham House Rule holds.
    """

    source: str
    dialogue: UUID
    number: int
    version: int
    fact: Fact
    time: datetime
    recordedtime: datetime
    actor: UUID | None = None
    recordedby: UUID | None = None
    act: str | None = None
    basis: Basis | None = None
    sealed: tuple[str, ...] = ()

    @property
    def stream(self) -> UUID:
        return self.id_of(self.fact.stream)

    @property
    def originator_id(self) -> UUID:
        """The stream's id, by the event store's name for it."""
        return self.stream

    @property
    def originator_version(self) -> int:
        """The version in the stream, by the event store's name for it."""
        return self.version

    def id_of(self, name: str) -> UUID:
        """The id in the field `name`; "dialogue" is the dialogue itself."""
        value = self.dialogue if name == "dialogue" else getattr(self.fact, name)
        assert isinstance(value, UUID)
        return value

    def moves(self) -> Iterator[tuple[str, UUID]]:
        """(kind, id) of each state that this fact moves, its own stream's first."""
        yield self.fact.stream, self.stream
        for name, kind in self.fact.also.items():
            value = self.dialogue if name == "dialogue" else getattr(self.fact, name)
            for one in value if isinstance(value, tuple) else (value,):
                if one is not None:
                    yield kind, one
        if self.fact.versioned:
            yield "version", version_id(self.stream, getattr(self.fact, "version"))  # noqa: B009


@dataclass(frozen=True)
class Moment:
    """Who acts, who enters it, when it happened and when it is recorded, on what basis, under which act id.

    `draw` gives a fresh random id; it comes in from outside like the two clocks.
    """

    actor: UUID
    recordedby: UUID
    time: datetime
    recorded: datetime
    act: str
    draw: Callable[[], UUID]
    basis: Basis | None = None
    evidence: str | None = None  # SHA-256 of a file; personal, as the file may hold a name

    @property
    def entered_for_another(self) -> bool:
        """Somebody of the dialogue, the secretariat, put this down for the actor (domain.md, rule 2)."""
        return self.recordedby not in (self.actor, OPERATOR)


@lru_cache(maxsize=4096)
def named(dialogue: UUID, handle: str) -> UUID:
    """The id of the thing with this handle: P7 is the same id in every store, and is never reused."""
    return id_under(dialogue, handle)


@lru_cache(maxsize=4096)
def version_id(subject: UUID, version: int) -> UUID:
    """The id under which one version of a text is folded."""
    return id_under(subject, f"version {version}")


def id_under(namespace: UUID, name: str) -> UUID:
    """The name-based id of RFC 9562, 5.5: what uuid.uuid5 gives, in half its time."""
    return UUID(bytes=sha1(namespace.bytes + name.encode(), usedforsecurity=False).digest()[:16], version=5)
