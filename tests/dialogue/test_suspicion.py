"""Leaves read with suspicion: whatever is spelled otherwise than a record spells it is no leaf."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from dialogue.envelope import Unreadable, to_leaf
from dialogue.suspicion import strict_entry

LINES = (Path(__file__).parent.parent / "golden" / "facts.jsonl").read_bytes().splitlines()


def told(leaf: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(leaf)
    return found


@pytest.mark.parametrize("leaf", LINES, ids=lambda leaf: told(leaf)["type"])
def test_a_leaf_that_is_read_is_the_one_that_would_be_written(leaf: bytes) -> None:
    assert to_leaf(strict_entry(leaf)) == leaf == rfc8785.dumps(told(leaf))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every value that holds no other."""
    if isinstance(value, dict | list) and value:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return [deeper for key, one in pairs for deeper in places(one, (*path, key))]
    return [path]


def put(envelope: dict[str, Any], path: tuple[Any, ...], value: Any) -> bytes:
    *way, last = path
    inner: Any = envelope
    for key in way:
        inner = inner[key]
    inner[last] = value
    return rfc8785.dumps(envelope)


def at(envelope: dict[str, Any], path: tuple[Any, ...]) -> Any:
    for key in path:
        envelope = envelope[key]
    return envelope


SPELLINGS: list[Callable[[Any], Any]] = [
    lambda value: None,
    lambda value: [value],
    lambda value: {"value": value},
    lambda value: value + 0.5 if type(value) is int else 0.5,
    lambda value: str(value) if type(value) is int else 1,
]
IDS: list[Callable[[str], str]] = [
    str.upper,
    lambda id: "{" + id + "}",
    lambda id: id.replace("-", ""),
    "urn:uuid:{}".format,
]


@pytest.mark.parametrize("leaf", LINES, ids=lambda leaf: told(leaf)["type"])
def test_what_a_record_would_not_write_is_refused_wherever_it_stands(leaf: bytes) -> None:
    for path in places(told(leaf)):
        value = at(told(leaf), path)
        ids = IDS if isinstance(value, str) and len(value) >= 36 and value[8:24:5] == "----" else []
        for lie in (*SPELLINGS, *ids):
            changed = put(told(leaf), path, lie(value))
            if changed != leaf:
                with pytest.raises(Unreadable):
                    read_as_itself(changed)


def read_as_itself(leaf: bytes) -> None:
    """Raises Unreadable too where the leaf is read, but a record would write it otherwise."""
    assert to_leaf(strict_entry(leaf)) == leaf


@pytest.mark.parametrize(
    "lie",
    [
        {"surprise": 1},
        {"data": {"surprise": 1}},
        {"data": {"_sd": []}},
        {"data": {"_sd": ["b", "a"]}},
        {"data": {"_sd": ["a", "a"]}},
        {"data": {"_sd": "a"}},
        {"data": {"name": "in the clear"}},
        {"specversion": "1.1"},
        {"basis": "rumour"},
        {"id": "x"},
        {"id": "00000000-0000-0000-0000-000000000000/1"},
    ],
    ids=str,
)
def test_a_member_that_does_not_belong_is_refused(lie: dict[str, Any]) -> None:
    envelope = next(told(leaf) for leaf in LINES if told(leaf)["type"] == "ParticipantInvited")
    changed = {**envelope, **lie, "data": {**envelope["data"], **lie.get("data", {})}}
    with pytest.raises(Unreadable):
        strict_entry(rfc8785.dumps(changed))


def test_a_fraction_has_one_spelling() -> None:
    leaf = next(leaf for leaf in LINES if b'"2/3"' in leaf)
    with pytest.raises(Unreadable):
        strict_entry(leaf.replace(b'"2/3"', b'"4/6"'))


def test_the_version_of_a_stream_has_one_spelling() -> None:
    envelope = told(LINES[0])
    for version in ("01", "+1", "1_0", "１", "0x1", ""):
        with pytest.raises(Unreadable):
            strict_entry(rfc8785.dumps({**envelope, "id": envelope["id"].partition("/")[0] + "/" + version}))
