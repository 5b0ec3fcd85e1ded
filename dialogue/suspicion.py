"""A leaf read with suspicion: only the very bytes that this software would write for what they say.

from_leaf (envelope.py) reads what was written by ourselves; this reads what somebody hands us.
"""

from __future__ import annotations

import json
from typing import Any, get_args
from unicodedata import is_normalized

from dialogue.envelope import LEAF_LIMIT, Unreadable, entry_of, to_leaf
from dialogue.fact import Basis, Entry, Refused


def strict_entry(leaf: bytes) -> Entry:
    """The entry of a leaf. Raises Unreadable for any spelling of it but the one canonical (RFC 8785) one."""
    if len(leaf) > LEAF_LIMIT:
        raise Unreadable("the entry is longer than an entry can be")
    try:
        envelope = json.loads(leaf)
    except (ValueError, RecursionError) as error:
        raise Unreadable("this is no JSON text") from error
    try:
        refuse_shapes(envelope)
        entry = entry_of(envelope)
        ours = to_leaf(entry)
    except Unreadable:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Refused) as error:
        raise Unreadable("this is no entry of a dialogue record") from error
    if not (leaf.isascii() or is_normalized("NFC", leaf.decode())):
        raise Unreadable("the entry's words are not in normal form (NFC)")
    if ours != leaf:
        refuse_spelling(leaf, envelope)
        refuse_more(envelope, json.loads(ours), "")
    return entry


def refuse_shapes(envelope: Any) -> None:
    """Demands that the envelope's own members are of their kinds. Raises Unreadable, KeyError."""
    if type(envelope) is not dict or type(envelope["entry"]) is not int or type(envelope["data"]) is not dict:
        raise Unreadable("this is no entry of a dialogue record")
    sealed = envelope["data"].get("_sd", [])
    if type(sealed) is not list or any(type(digest) is not str for digest in sealed) or sealed != sorted(set(sealed)):
        raise Unreadable("the entry's sealed values are not written as a record writes them")
    for name, value in envelope.items():
        if name not in ("entry", "data") and type(value) is not str:
            raise Unreadable(f"the entry's {name} is not text")
    if envelope.get("basis", "room") not in get_args(Basis):
        raise Unreadable(f"there is no basis {envelope['basis'][:20]!r}")


def refuse_spelling(leaf: bytes, envelope: Any) -> None:
    """Demands canonical JSON. Raises Unreadable."""
    json.loads(leaf, object_pairs_hook=without_duplicates)
    # for ASCII member names and no floats this is RFC 8785; tests hold it against the package of that name
    if json.dumps(envelope, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() != leaf:
        raise Unreadable("the entry is spelled otherwise than it was recorded: it is not canonical JSON (RFC 8785)")


def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = next(name for n, (name, _) in enumerate(pairs) if name in dict(pairs[:n]))
        raise Unreadable(f"the entry has the member {twice} twice")
    return members


def refuse_more(found: Any, ours: Any, path: str) -> None:
    """Demands that the entry says nothing that this version would not write.

    It may say less: members that came with a later version of a fact have their defaults. Raises Unreadable.
    """
    if isinstance(found, dict) and isinstance(ours, dict):
        for name, value in found.items():
            if name not in ours:
                raise Unreadable(f"the entry has a member that does not belong there: {path}{name}")
            refuse_more(value, ours[name], f"{path}{name}.")
    elif found != ours or type(found) is not type(ours):
        raise Unreadable(f"the entry's {path.rstrip('.')} is not written as a record writes it")
