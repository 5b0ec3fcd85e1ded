"""Frozen dataclasses to plain JSON values and back, by their type hints; and their JSON Schema.

Written here because the audit path may import no serialisation library. The whole language: str, int,
bool, UUID, datetime, Fraction, Literal, Text, Personal, nested dataclasses, tuple[X, ...], and X | Y.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache, lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from dialogue.fact import Personal, Text, made

PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
SHA256 = re.compile(r"[0-9a-f]{64}")
FRACTION = re.compile(r"[1-9]\d{0,5}/[1-9]\d{0,5}")
LARGEST = 2**53  # integers stay below it, so that every JSON reader reads the same number


class Misshapen(ValueError):
    """A value is not of the shape asked for; `path` says where (a.b[2])."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}" if path else sentence)
        self.path = path
        self.sentence = sentence

    def under(self, name: str) -> Misshapen:
        """The same of a value that holds this one, under a name or a [number]."""
        joint = "." if self.path and self.path[0] != "[" else ""
        return Misshapen(f"{name}{joint}{self.path}", self.sentence)


def stamp(instant: datetime) -> str:
    """An instant as the record writes it: 2026-01-31T09:00:00.000000Z."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant(value: str) -> datetime:
    """The instant written by `stamp`; raises ValueError for any other spelling."""
    if len(value) != 27 or value[4:20:3] != "--T::." or value[-1] != "Z":
        raise ValueError("not an instant such as 2026-01-31T09:00:00.000000Z")
    return datetime.fromisoformat(value)


@cache
def hints(cls: type) -> dict[str, Any]:
    """The type hints of a dataclass's fields, in order, `Annotated` kept."""
    found = get_type_hints(cls, include_extras=True)
    return {f.name: found[f.name] for f in fields(cls)}


def may_hold(value: object, kind: type) -> tuple[str, ...]:
    """The fields of a dataclass's instance that may hold something of this type, such as a Text."""
    return holding(type(value), kind)  # type: ignore[arg-type]  # a type is hashable


@cache
def holding(cls: type, kind: type) -> tuple[str, ...]:
    return tuple(name for name, hint in hints(cls).items() if kind in (hint, *get_args(hint)))


Encoder = Callable[[Any], Any]
Decoder = Callable[[Any], Any]


def encode(value: Any) -> Any:
    """A plain JSON value. Members that are None are left out; so are personal values, which are sealed apart."""
    return encoder(type(value))(value)  # type: ignore[arg-type]  # a type is hashable


@cache
def encoder(cls: type) -> Encoder:
    """The encoder for values of one type."""
    if cls in PLAIN:
        return PLAIN[cls]
    names = tuple(hints(cls))

    def write(value: Any) -> dict[str, Any]:
        members = {}
        for name in names:
            one = getattr(value, name)
            kind = type(one)
            if kind is str:
                members[name] = one
            elif one is not None and kind is not Personal:
                members[name] = encoder(kind)(one)  # type: ignore[arg-type]  # a type is hashable
        return members

    return write


def decode(cls: type, members: Mapping[str, Any], *, leaf: bool = False) -> Any:
    """An instance of the dataclass from plain JSON members.

    Raises Misshapen for a missing, unknown or ill-typed member. A member with a default may be absent. Of what
    a leaf says only the one spelling is read that `encode` writes, and no personal value: these are sealed apart.
    """
    return record(cls, leaf)(members)


@cache
def record(cls: type, leaf: bool = False) -> Decoder:
    """The decoder for instances of a dataclass."""
    known = decoders(cls, leaf)
    readers = {name: read for name, (read, _) in known.items()}
    absent = {name: default for name, (_, default) in known.items()}
    needed = {name for name, default in absent.items() if default is MISSING}

    def read(members: Any) -> Any:
        if not isinstance(members, Mapping):
            raise Misshapen("", "expected an object")
        values = absent.copy()  # in the order in which the class has its fields
        for name, value in members.items():
            reader = readers.get(name)
            if reader is None:
                raise Misshapen(name, "is not a field here")
            try:
                values[name] = reader(value)
            except Misshapen as error:
                raise error.under(name) from None
        if not needed <= members.keys():
            raise Misshapen(next(name for name in absent if name in needed - members.keys()), "is missing")
        return made(cls, values)

    return read


@cache
def decoders(cls: type, leaf: bool = False) -> dict[str, tuple[Decoder, Any]]:
    """For each field of the dataclass its decoder and its default (MISSING where it has none)."""
    defaults = {f.name: f.default for f in fields(cls)}
    return {
        name: (decoder(hint, leaf), None if type(None) in get_args(hint) else defaults[name])
        for name, hint in hints(cls).items()
    }


def decoder(hint: Any, leaf: bool = False) -> Decoder:
    """The decoder for one type hint."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, mark = get_args(hint)
        return partial_date if mark == "partial date" else decoder(base, leaf)
    if origin is tuple:
        each = decoder(get_args(hint)[0], leaf)
        return lambda value: listed(each, value)
    if origin is Literal:
        choices = get_args(hint)
        return lambda value: chosen(choices, value)
    if origin in (Union, types.UnionType):
        return either([decoder(h, leaf) for h in get_args(hint) if h is not type(None)])
    if is_dataclass(hint) and hint not in (Text, Personal):
        return record(hint, leaf)  # type: ignore[arg-type]  # a dataclass is a type
    return IN_LEAVES[hint] if leaf and hint in IN_LEAVES else SIMPLE[hint]


def listed(each: Decoder, value: Any) -> tuple[Any, ...]:
    found = []
    for number, one in enumerate(expect(list, value)):
        try:
            found.append(each(one))
        except Misshapen as error:
            raise error.under(f"[{number}]") from None
    return tuple(found)


def either(readers: list[Decoder]) -> Decoder:
    """The first reader that takes the value; the last one's complaint otherwise."""
    if len(readers) == 1:
        return readers[0]

    def read(value: Any) -> Any:
        for reader in readers[:-1]:
            try:
                return reader(value)
            except Misshapen:
                continue
        return readers[-1](value)

    return read


def expect(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        names = {str: "text", int: "a whole number", bool: "true or false", list: "a list"}
        raise Misshapen("", f"expected {names[kind]}")
    return value


def words(value: Any) -> str:
    if type(value) is not str:
        raise Misshapen("", "expected text")
    return value


def chosen(choices: tuple[Any, ...], value: Any) -> Any:
    if value not in choices or isinstance(value, bool):
        raise Misshapen("", f"expected one of: {', '.join(map(str, choices))}")
    return value


def partial_date(value: Any) -> str:
    if not PARTIAL_DATE.fullmatch(words(value)):
        raise Misshapen("", "expected a date such as 2019, 2019-06 or 2019-06-01")
    if len(value) == 10:
        parsed(datetime.fromisoformat, value, "a day that exists")
    return str(value)


def whole(value: Any) -> int:
    if abs(expect(int, value)) >= LARGEST:
        raise Misshapen("", "is too large a number")
    return int(value)


def fraction(value: Any) -> Fraction:
    if not FRACTION.fullmatch(words(value)):
        raise Misshapen("", "expected a fraction such as 2/3")
    return Fraction(value)


def lowest(value: Any) -> Fraction:
    """A fraction in the one spelling that `encode` gives it."""
    found = fraction(value)
    if encode(found) != value:
        raise Misshapen("", "expected a fraction in lowest terms, such as 2/3")
    return found


def sha256(value: Any) -> Text:
    if not SHA256.fullmatch(words(value)):
        raise Misshapen("", "expected a SHA-256 in 64 lower-case hexadecimal digits")
    return Text(value)


def parsed(parse: Callable[[str], Any], value: Any, wanted: str) -> Any:
    try:
        return parse(words(value))
    except ValueError:
        raise Misshapen("", f"expected {wanted}") from None


@lru_cache(maxsize=32_768)
def id_of(value: str) -> UUID:
    """The id in its one spelling, lower-case with hyphens; raises ValueError for any other."""
    found = UUID(value)
    if str(found) != value:
        raise ValueError("not an id such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427")
    return found


def unsealed(value: Any) -> Any:
    raise Misshapen("", "is a personal value, which is sealed apart")


AN_ID = "an id such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427"
SIMPLE: dict[Any, Decoder] = {
    str: words,
    int: whole,
    bool: lambda value: expect(bool, value),
    UUID: lambda value: parsed(UUID, value, AN_ID),
    datetime: lambda value: parsed(instant, value, "an instant: 2026-01-31T09:00:00.000000Z"),
    Fraction: fraction,
    Text: sha256,
    Personal: lambda value: Personal(words(value)),
}
IN_LEAVES: dict[Any, Decoder] = {
    UUID: lambda value: parsed(id_of, value, AN_ID),
    Fraction: lowest,
    Personal: unsealed,
}
PLAIN: dict[type, Encoder] = {
    str: lambda value: value,
    bool: lambda value: value,
    int: lambda value: value,
    type(None): lambda value: value,
    UUID: str,
    datetime: stamp,
    tuple: lambda value: [encode(one) for one in value],
    Text: lambda value: value.sha256,
    Fraction: lambda value: f"{value.numerator}/{value.denominator}",
}


def json_schema(hint: Any) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a type hint, or of a dataclass."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, mark = get_args(hint)
        return {**json_schema(base), **({"pattern": f"^{PARTIAL_DATE.pattern}$"} if "date" in mark else {})}
    if origin is tuple:
        return {"type": "array", "items": json_schema(get_args(hint)[0])}
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin in (Union, types.UnionType):
        options = [json_schema(h) for h in get_args(hint) if h is not type(None)]
        return options[0] if len(options) == 1 else {"anyOf": options}
    if hint in SCHEMAS:
        return SCHEMAS[hint]
    return {
        "type": "object",
        "properties": {name: json_schema(h) for name, h in hints(hint).items()},
        "required": [name for name, (_, default) in decoders(hint).items() if default is MISSING],
        "additionalProperties": False,
    }


SCHEMAS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    Fraction: {"type": "string", "pattern": f"^{FRACTION.pattern}$"},
    Text: {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    Personal: {"type": "string", "description": "Personal: the record keeps only its salted digest."},
}
