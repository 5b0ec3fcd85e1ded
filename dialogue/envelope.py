"""An entry and its exact bytes: the leaf that is stored, exported, hashed and signed.

A leaf is the RFC 8785 canonical JSON of a CloudEvents 1.0 envelope. For our leaves (ASCII member names,
no floats) a compact, key-sorted `json.dumps` writes those very bytes; tests hold it against rfc8785.
"""

from __future__ import annotations

import json
from typing import Any

from dialogue.fact import Entry, Fact, Refused
from dialogue.kinds import FACTS
from dialogue.shape import Misshapen, decode, encode, id_of, instant, stamp

SPELLED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
LEAF_LIMIT = 65_535  # tlog-tiles entries carry a 16-bit length


class Unreadable(ValueError):
    """Bytes that are no leaf of this record, or of a version of it that is newer than this software."""


def to_leaf(entry: Entry) -> bytes:
    """The leaf of an entry. Raises Refused when it would be larger than 64 KiB."""
    data = encode(entry.fact)
    if entry.sealed:
        data["_sd"] = list(entry.sealed)
    envelope: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"{entry.stream}/{entry.version}",
        "source": entry.source,
        "type": type(entry.fact).__name__,
        "time": stamp(entry.time),
        "recordedtime": stamp(entry.recordedtime),
        "dialogue": str(entry.dialogue),
        "entry": entry.number,
        "data": data,
    }
    if entry.act is not None:
        envelope["act"] = entry.act
    if entry.basis is not None:
        envelope["basis"] = entry.basis
    if entry.actor is not None:
        envelope["actor"] = str(entry.actor)
    if entry.recordedby is not None:
        envelope["recordedby"] = str(entry.recordedby)
    leaf = canonical(envelope)
    if len(leaf) > LEAF_LIMIT:
        raise Refused("too-long", "this act holds more than an entry can carry (64 KiB); make it shorter")
    return leaf


def canonical(envelope: Any) -> bytes:
    """The RFC 8785 bytes of plain JSON that has ASCII member names and no floats; tests hold it against rfc8785."""
    return SPELLED(envelope).encode()


def from_leaf(leaf: bytes) -> Entry:
    """The entry of a leaf. Raises Unreadable for anything that is not one, an unknown fact type included."""
    try:
        return entry_of(json.loads(leaf))
    except Unreadable:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"this is not an entry of a dialogue record: {error}") from error


def entry_of(envelope: dict[str, Any]) -> Entry:
    """The entry of a parsed envelope."""
    data = envelope["data"]
    if "_sd" in data:
        data = dict(data)
        sealed = tuple(data.pop("_sd"))
    else:
        sealed = ()
    _, version = envelope["id"].split("/")
    return Entry(
        source=envelope["source"],
        dialogue=id_of(envelope["dialogue"]),
        number=envelope["entry"],
        version=int(version),
        fact=fact_of(envelope["type"], data),
        time=instant(envelope["time"]),
        recordedtime=instant(envelope["recordedtime"]),
        actor=id_of(envelope["actor"]) if "actor" in envelope else None,
        recordedby=id_of(envelope["recordedby"]) if "recordedby" in envelope else None,
        act=envelope.get("act"),
        basis=envelope.get("basis"),
        sealed=sealed,
    )


def fact_of(name: str, data: dict[str, Any]) -> Fact:
    """The fact of this type. A type this version does not know stops the reading: it may change the meaning."""
    if name not in FACTS:
        raise Unreadable(f"the record holds a fact of type {name}, which this version does not know; upgrade first")
    try:
        fact = decode(FACTS[name], data, leaf=True)
    except Misshapen as error:
        raise Unreadable(f"{name} is misshapen: {error}") from error
    assert isinstance(fact, Fact)
    return fact
