"""Instances of the domain's dataclasses, made from their type hints: any, for Hypothesis, or one sample each.

A personal value is None in them, as it is in what the record reads back: it is sealed apart.
"""

from __future__ import annotations

import types
from dataclasses import is_dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID, uuid5

from hypothesis import strategies as st

from dialogue.fact import Personal, Text
from dialogue.shape import hints

# also what is outside the Basic Multilingual Plane, what JSON escapes, and what it may leave as it is
WORDS = st.text(st.sampled_from('a"\\/\x00\x08\t\n\x0c\r\x1f\x7f\x80\u2028é한信Д𠮷😀') | st.characters(codec="utf-8"))
DATES = st.dates().map(str).flatmap(lambda day: st.sampled_from([day, day[:7], day[:4]]))
ANY: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    bool: st.booleans(),
    UUID: st.uuids(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Fraction: st.builds(Fraction, st.integers(1, 999_999), st.integers(1, 999_999)),
    Text: st.binary().map(lambda content: Text(sha256(content).hexdigest())),
    Personal: st.none(),
}
SPACE = UUID("d1a10900-0000-4000-8000-00000000000f")


@cache
def instances(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of that type."""
    origin = get_origin(hint)
    if hint in ANY:
        return ANY[hint]
    if origin is Annotated:
        base, mark = get_args(hint)
        return DATES if mark == "partial date" else instances(base)
    if origin is tuple:
        return st.lists(instances(get_args(hint)[0]), max_size=3).map(tuple)
    if origin is Literal:
        return st.sampled_from(get_args(hint))
    if origin in (Union, types.UnionType):
        return st.one_of(st.none() if one is type(None) else instances(one) for one in get_args(hint))
    assert is_dataclass(hint), hint
    return st.builds(hint, **{name: instances(one) for name, one in hints(hint).items()})


def sample(hint: Any, path: str) -> Any:
    """One value of that type, always the same, with every member filled; `path` makes it unlike others."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, mark = get_args(hint)
        return "2026-03" if mark == "partial date" else sample(base, path)
    if origin is tuple:
        return tuple(sample(get_args(hint)[0], f"{path} {number}") for number in (1, 2))
    if origin is Literal:
        return get_args(hint)[-1]
    if origin in (Union, types.UnionType):
        return sample(next(one for one in get_args(hint) if one is not type(None)), path)
    if hint is str:
        return f'{path}: “Вода” 信頼 신뢰 𠮷 "\\\n'
    if hint is Personal:
        return None
    number = sha256(path.encode()).digest()
    simple = {
        int: int.from_bytes(number[:2]),
        bool: True,
        UUID: uuid5(SPACE, path),
        datetime: datetime(2026, 3, 2, 12, 0, number[0] % 60, int.from_bytes(number[:2]), UTC),
        Fraction: Fraction(2, 3),
        Text: Text(number.hex()),
    }
    if hint in simple:
        return simple[hint]
    return hint(**{name: sample(one, f"{path}.{name}") for name, one in hints(hint).items()})
