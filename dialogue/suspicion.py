"""A leaf read with suspicion: only the very bytes that this software would write for what they say.

from_leaf (envelope.py) reads what was written by ourselves; this reads what somebody hands us.
"""

from __future__ import annotations

import json
from typing import Any, get_args
from unicodedata import is_normalized

from dialogue.envelope import LEAF_LIMIT, Unreadable, canonical, entry_of
from dialogue.fact import Basis, Entry
from dialogue.shape import id_of

TEXTS = frozenset(
    ("act", "actor", "basis", "dialogue", "id", "recordedby", "recordedtime", "source", "specversion", "time", "type")
)
BASES = get_args(Basis)


def strict_entry(leaf: bytes) -> Entry:
    """The entry of a leaf. Raises Unreadable for any spelling of it but the one canonical (RFC 8785) one."""
    if len(leaf) > LEAF_LIMIT:
        raise Unreadable("the entry is longer than an entry can be")
    try:
        words = leaf.decode()
        envelope = json.loads(words)
    except (ValueError, RecursionError) as error:
        raise Unreadable("this is no JSON text") from error
    try:
        refuse_shapes(envelope)
        entry = entry_of(envelope)
        refuse_id(envelope["id"], entry)
        ours = canonical(envelope)
    except Unreadable:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable("this is no entry of a dialogue record") from error
    if not is_normalized("NFC", words):
        raise Unreadable("the entry's words are not in normal form (NFC)")
    if ours != leaf:
        json.loads(words, object_pairs_hook=without_duplicates)
        raise Unreadable("the entry is spelled otherwise than it was recorded: it is not canonical JSON (RFC 8785)")
    return entry


def refuse_shapes(envelope: Any) -> None:
    """Demands that the envelope's own members are an entry's, and of their kinds. Raises Unreadable, KeyError."""
    if type(envelope) is not dict or type(envelope["entry"]) is not int or type(envelope["data"]) is not dict:
        raise Unreadable("this is no entry of a dialogue record")
    sealed = envelope["data"].get("_sd", [""])
    texts = type(sealed) is list and all(type(digest) is str for digest in sealed)
    if not texts or not sealed or sealed != sorted(set(sealed)):
        raise Unreadable("the entry's sealed values are not written as a record writes them")
    for name, value in envelope.items():
        if name in TEXTS:
            if type(value) is not str:
                raise Unreadable(f"the entry's {name} is not text")
        elif name not in ("data", "entry"):
            raise Unreadable(f"the entry has a member that does not belong there: {name[:80]}")
    if envelope["specversion"] != "1.0":
        raise Unreadable("the entry's specversion is not 1.0")
    if "basis" in envelope and envelope["basis"] not in BASES:
        raise Unreadable(f"there is no basis {envelope['basis'][:20]!r}")


def refuse_id(id: str, entry: Entry) -> None:
    """Demands that the entry's id is that of its place in its stream. Raises Unreadable."""
    stream, _, version = id.partition("/")
    if id_of(stream) != entry.stream or str(entry.version) != version:
        raise Unreadable("the entry's id is not written as a record writes it")


def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = next(name for n, (name, _) in enumerate(pairs) if name in dict(pairs[:n]))
        raise Unreadable(f"the entry has the member {twice} twice")
    return members
