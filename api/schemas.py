"""Marshmallow schemas derived from the domain's commands, and those of the answers."""

from __future__ import annotations

import types
from dataclasses import MISSING, is_dataclass
from dataclasses import fields as members
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from dialogue.fact import Command, Personal, Text
from dialogue.shape import FRACTION, PARTIAL_DATE, hints, json_schema
from dialogue.text import LINE_LIMIT, PROSE_LIMIT, TEXT_LIMIT

LIMITS = {"line": LINE_LIMIT, "line or nothing": LINE_LIMIT, "quoted": PROSE_LIMIT, "prose": PROSE_LIMIT}
MAY_BE_EMPTY = ("line or nothing", "quoted")
REFERENCE = "An id, or a handle such as P7."
AT_MOST = 1000  # members of a list


def clean(value: str) -> None:
    """Refuses characters that no reference, cursor or phrase has, and that databases do not take."""
    if any(ord(one) < 32 or 0xD800 <= ord(one) < 0xE000 for one in value):
        raise ValidationError("Control characters cannot stand here.")


class Strict(Schema):
    """Unknown members are refused, not passed over."""

    class Meta:
        unknown = RAISE


class Choice(fields.Field[Any]):
    """A value of one of several shapes, such as a count or a fraction."""

    def __init__(self, choices: list[fields.Field[Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        for choice in self.choices[:-1]:
            try:
                return choice.deserialize(value, attr, data, **kwargs)
            except ValidationError:
                continue
        return self.choices[-1].deserialize(value, attr, data, **kwargs)


def command_schema(command: type[Command], given: frozenset[str]) -> type[Schema]:
    """The schema of a command's JSON members, without those that are `given` by the address."""
    known = hints(command)  # type: ignore[arg-type]  # a type is hashable
    made = {name: field(hint, command, name) for name, hint in known.items() if name not in given}
    made["moment"] = fields.Nested(MomentSchema)
    return type(command.__name__, (Strict,), made)


class MomentSchema(Strict):
    """When it happened and on what basis, where that is not now; and for whom the secretariat enters it."""

    on_behalf_of = fields.String(metadata={"description": "The participant whose act it is. " + REFERENCE})
    time = fields.String(metadata={"format": "date-time", "example": "2026-03-02T10:00:00+09:00"})
    basis = fields.String(validate=validate.OneOf(["room", "email", "letter", "telephone", "document"]))
    evidence = fields.String(
        validate=validate.Regexp("^[0-9a-f]{64}$"), metadata={"description": "SHA-256 of the file that shows it."}
    )


@cache
def nested(cls: type) -> type[Schema]:
    return type(cls.__name__, (Strict,), {name: field(hint, cls, name) for name, hint in hints(cls).items()})


def field(hint: Any, owner: type, name: str) -> fields.Field[Any]:
    """The field for one member of a dataclass; it is required where the dataclass has no default."""
    default = next(one.default for one in members(owner) if one.name == name)
    optional = type(None) in get_args(hint)
    made = of_hint(hint)
    made.required = default is MISSING and not optional
    return made


def of_hint(hint: Any) -> fields.Field[Any]:
    origin = get_origin(hint)
    if origin is Annotated:
        base, mark = get_args(hint)
        if mark == "partial date":
            return fields.String(validate=validate.Regexp(f"^{PARTIAL_DATE.pattern}$"), metadata={"example": "2026-03"})
        if base is not str:
            return of_hint(base)
        return fields.String(validate=validate.Length(0 if mark in MAY_BE_EMPTY else 1, LIMITS.get(mark, TEXT_LIMIT)))
    if origin is tuple:
        return fields.List(of_hint(get_args(hint)[0]), validate=validate.Length(max=AT_MOST))
    if origin is Literal:
        return fields.Raw(validate=validate.OneOf(get_args(hint)), metadata={"enum": list(get_args(hint))})
    if origin in (Union, types.UnionType):
        options = [of_hint(one) for one in get_args(hint) if one is not type(None)]
        return options[0] if len(options) == 1 else Choice(options, metadata=json_schema(hint))
    if is_dataclass(hint) and hint not in (Text, Personal):
        return fields.Nested(nested(hint))  # type: ignore[arg-type]  # a dataclass is a type
    made: fields.Field[Any] = SIMPLE[hint]()
    return made


SIMPLE: dict[Any, Any] = {
    str: lambda: fields.String(validate=validate.Length(max=PROSE_LIMIT)),
    int: lambda: fields.Integer(strict=True, validate=validate.Range(-(2**31), 2**31)),
    bool: lambda: fields.Boolean(truthy={True}, falsy={False}),
    UUID: lambda: fields.String(validate=[validate.Length(1, LINE_LIMIT), clean], metadata={"description": REFERENCE}),
    datetime: lambda: fields.String(metadata={"format": "date-time", "example": "2026-03-31T09:00:00Z"}),
    Fraction: lambda: fields.String(validate=validate.Regexp(f"^{FRACTION.pattern}$"), metadata={"example": "2/3"}),
    Text: lambda: fields.String(validate=validate.Regexp("^[0-9a-f]{64}$"), metadata={"description": "A SHA-256."}),
    Personal: lambda: fields.String(
        validate=validate.Length(1, PROSE_LIMIT), metadata={"description": "Personal: only its salted digest is kept."}
    ),
}
