"""An example body for each act, put together from one table of example members. All of it is invented."""

from __future__ import annotations

import types
from dataclasses import MISSING, is_dataclass
from dataclasses import fields as members
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from api.acts import Act
from dialogue.fact import Personal, Text
from dialogue.history import LETTERS
from dialogue.shape import hints
from projections.referring import KINDS

SHOWN = {
    "proposal",
    "text",
    "reason",
    "theme",
    "name",
    "descriptor",
    "version",
    "procedure",
    "expires",
    "change",
    "base",
    "starts",
}
WORDS = {
    "title": "Hotlines",
    "text": "The parties should open a hotline between their coast guards.",
    "words": "Three months is too short to train the crews.",
    "reason": "It was agreed in the room.",
    "theme": "Sea",
    "name": "Tuya ENKH",
    "descriptor": "Former Envoy for Rivers",
    "end": "2027-03",
    "starts": "2026-05-04",
    "number": "4",
    "vkey": "dialogue.example.org/d1+4f9a3c11+AbCd",
    "position": "agree",
    "quorum": 3,
    "change": "editorial",
}


def example(act: Act) -> dict[str, Any]:
    """A body that this act could be asked for with: what it demands, and what usually comes with it."""
    command = act.command
    needed = {one.name for one in members(command) if one.default is MISSING}  # type: ignore[arg-type]  # dataclasses
    return {
        name: valued(hint, name)
        for name, hint in hints(command).items()  # type: ignore[arg-type]  # a type is hashable
        if name not in act.given and (name in needed or (name in SHOWN and Text not in (hint, *get_args(hint))))
    }


def valued(hint: Any, name: str) -> Any:
    """A value that fits a member's type, and its name as far as the table knows it."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return valued(next(one for one in get_args(hint) if one is not type(None)), name)
    if origin is Annotated:
        mark = get_args(hint)[1]
        return WORDS.get(name, "2026-03" if mark == "partial date" else "Hotlines at sea.")
    if origin is tuple:
        return [valued(get_args(hint)[0], name)]
    if origin is Literal:
        return WORDS[name] if WORDS.get(name) in get_args(hint) else get_args(hint)[0]
    if is_dataclass(hint) and hint not in (Text, Personal):
        return {
            one.name: valued(hints(hint)[one.name], one.name)  # type: ignore[arg-type]  # a dataclass is a type
            for one in members(hint)
            if one.default is MISSING
        }
    if hint is UUID:
        return f"{LETTERS[KINDS[name]]}7" if name in KINDS else "P7"
    plain = {
        str: WORDS.get(name, "Hotlines at sea."),
        Personal: WORDS.get(name, "Tuya ENKH"),
        int: 1,
        bool: True,
        datetime: "2026-03-31T09:00:00Z",
        Fraction: "2/3",
        Text: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }
    return plain[hint]
