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
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from dialogue.fact import Personal, Text

PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
FRACTION = re.compile(r"[1-9]\d{0,5}/[1-9]\d{0,5}")
LARGEST = 2**53  # integers stay below it, so that every JSON reader reads the same number


class Misshapen(ValueError):
    """A value is not of the shape asked for; `path` says where (a.b[2])."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}" if path else sentence)
        self.path = path
        self.sentence = sentence


def stamp(instant: datetime) -> str:
    """An instant as the record writes it: 2026-01-31T09:00:00.000000Z."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant(value: str) -> datetime:
    """The instant written by `stamp`; raises ValueError for any other spelling."""
    if len(value) != 27 or value[4:20:3] != "--T::." or value[-1] != "Z":
        raise ValueError("not an instant such as 2026-01-31T09:00:00.000000Z")
    return datetime.fromisoformat(value[:-1]).replace(tzinfo=UTC)


@cache
def hints(cls: type) -> dict[str, Any]:
    """The type hints of a dataclass's fields, in order, `Annotated` kept."""
    found = get_type_hints(cls, include_extras=True)
    return {f.name: found[f.name] for f in fields(cls)}


def encode(value: Any) -> Any:
    """A plain JSON value. Members that are None are left out; so are personal values, which are sealed apart."""
    match value:
        case str() | bool() | int() | None:
            return value
        case UUID():
            return str(value)
        case datetime():
            return stamp(value)
        case tuple():
            return [encode(one) for one in value]
        case Text():
            return value.sha256
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
    return {
        name: encode(one)
        for name in hints(type(value))  # type: ignore[arg-type]  # a type is hashable
        if (one := getattr(value, name)) is not None and type(one) is not Personal
    }


def decode(cls: type, members: Mapping[str, Any], path: str = "") -> Any:
    """An instance of the dataclass from plain JSON members.

    Raises Misshapen for a missing, unknown or ill-typed member. A member with a default may be absent.
    """
    if not isinstance(members, Mapping):
        raise Misshapen(path, "expected an object")
    known = decoders(cls)
    values, found = {}, 0
    for name, (read, default) in known.items():
        if name in members:
            values[name] = read(members[name], f"{path}.{name}" if path else name)
            found += 1
        elif default is MISSING:
            raise Misshapen(f"{path}.{name}" if path else name, "is missing")
        else:
            values[name] = default
    if found < len(members):
        for name in members:
            if name not in known:
                raise Misshapen(f"{path}.{name}" if path else name, "is not a field here")
    return cls(**values)


Decoder = Callable[[Any, str], Any]


@cache
def decoders(cls: type) -> dict[str, tuple[Decoder, Any]]:
    """For each field of the dataclass its decoder and its default (MISSING where it has none)."""
    defaults = {f.name: f.default for f in fields(cls)}
    return {
        name: (decoder(hint), None if type(None) in get_args(hint) else defaults[name])
        for name, hint in hints(cls).items()
    }


def decoder(hint: Any) -> Decoder:
    """The decoder for one type hint."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, mark = get_args(hint)
        return partial_date if mark == "partial date" else decoder(base)
    if origin is tuple:
        each = decoder(get_args(hint)[0])
        return lambda value, path: tuple(each(one, f"{path}[{n}]") for n, one in enumerate(expect(list, value, path)))
    if origin is Literal:
        return lambda value, path: chosen(get_args(hint), value, path)
    if origin in (Union, types.UnionType):
        return either([decoder(h) for h in get_args(hint) if h is not type(None)])
    if is_dataclass(hint) and hint not in (Text, Personal):
        return lambda value, path: decode(hint, value, path)  # type: ignore[arg-type]  # a dataclass is a type
    return SIMPLE[hint]


def either(readers: list[Decoder]) -> Decoder:
    """The first reader that takes the value; the last one's complaint otherwise."""
    if len(readers) == 1:
        return readers[0]

    def read(value: Any, path: str) -> Any:
        for reader in readers[:-1]:
            try:
                return reader(value, path)
            except Misshapen:
                continue
        return readers[-1](value, path)

    return read


def expect(kind: type, value: Any, path: str) -> Any:
    if type(value) is not kind:
        names = {str: "text", int: "a whole number", bool: "true or false", list: "a list"}
        raise Misshapen(path, f"expected {names[kind]}")
    return value


def chosen(choices: tuple[Any, ...], value: Any, path: str) -> Any:
    if value not in choices or isinstance(value, bool):
        raise Misshapen(path, f"expected one of: {', '.join(map(str, choices))}")
    return value


def partial_date(value: Any, path: str) -> str:
    if not PARTIAL_DATE.fullmatch(expect(str, value, path)):
        raise Misshapen(path, "expected a date such as 2019, 2019-06 or 2019-06-01")
    if len(value) == 10:
        parsed(datetime.fromisoformat, value, path, "a day that exists")
    return str(value)


def whole(value: Any, path: str) -> int:
    if abs(expect(int, value, path)) >= LARGEST:
        raise Misshapen(path, "is too large a number")
    return int(value)


def fraction(value: Any, path: str) -> Fraction:
    if not FRACTION.fullmatch(expect(str, value, path)):
        raise Misshapen(path, "expected a fraction such as 2/3")
    return Fraction(value)


def sha256(value: Any, path: str) -> Text:
    if not re.fullmatch(r"[0-9a-f]{64}", expect(str, value, path)):
        raise Misshapen(path, "expected a SHA-256 in 64 lower-case hexadecimal digits")
    return Text(value)


def parsed(parse: Callable[[str], Any], value: Any, path: str, wanted: str) -> Any:
    try:
        return parse(expect(str, value, path))
    except ValueError:
        raise Misshapen(path, f"expected {wanted}") from None


SIMPLE: dict[Any, Decoder] = {
    str: lambda value, path: expect(str, value, path),
    int: whole,
    bool: lambda value, path: expect(bool, value, path),
    UUID: lambda value, path: parsed(UUID, value, path, "an id such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427"),
    datetime: lambda value, path: parsed(instant, value, path, "an instant: 2026-01-31T09:00:00.000000Z"),
    Fraction: fraction,
    Text: sha256,
    Personal: lambda value, path: Personal(expect(str, value, path)),
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
