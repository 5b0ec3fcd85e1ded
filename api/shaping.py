"""What shapes of answers are made of, as JSON Schema: what the documentation says, and the tests hold answers against.

A member that may be null is always there; more members may come with later versions.
"""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

STRING: Shape = {"type": "string"}
WHOLE: Shape = {"type": "integer"}
FLAG: Shape = {"type": "boolean"}
ANY: Shape = {"type": "object"}
ID: Shape = {"type": "string", "format": "uuid", "examples": ["149a3409-a766-58a7-807b-7985f46a1b92"]}
ENTRY: Shape = {"type": "integer", "minimum": 1, "examples": [142]}
DIGEST: Shape = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of the exact UTF-8 bytes."}
TIME: Shape = {"type": "string", "format": "date-time", "examples": ["2026-03-02T10:00:00.000000Z"]}


def handle(letter: str) -> Shape:
    return {"type": "string", "pattern": f"^{letter}[1-9][0-9]*$", "examples": [f"{letter}7"]}


def maybe(shape: Shape) -> Shape:
    """The same, or null."""
    if "type" in shape and isinstance(shape["type"], str):
        return {**shape, "type": [shape["type"], "null"]}
    return {"oneOf": [shape, {"type": "null"}]}


def many(shape: Shape) -> Shape:
    return {"type": "array", "items": shape}


def one_of(*values: str) -> Shape:
    return {"type": "string", "enum": list(values)}


SHAPES: dict[str, Shape] = {}  # by their names in the documentation


def shape(called: str, optional: dict[str, Shape] | None = None, /, **members: Shape) -> Shape:
    """Keeps an object's shape under a name of its own, and returns a reference to it."""
    assert called not in SHAPES, f"two shapes are called {called}"
    known = {member.rstrip("_"): value for member, value in members.items()}
    SHAPES[called] = {"type": "object", "properties": {**known, **(optional or {})}, "required": list(known)}
    return {"$ref": f"#/components/schemas/{called}"}


def page(name: str, item: Shape) -> Shape:
    """A page of a list: its items, and where to go on."""
    after = maybe({**STRING, "description": "What to ask for as `after` for the next page; null at the end."})
    return shape(f"{name}Page", items=many(item), after=after)


WORDS = maybe(STRING)
