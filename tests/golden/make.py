"""Adds a line to facts.jsonl for each fact type that has none: `python tests/golden/make.py`.

A line that stands there is never changed and never removed: a record written years ago holds such bytes, and
whatever the software has become it must read them and write them alike (tests/dialogue/test_golden.py). Where a
fact needs other members, it becomes a new type, and this adds a line for that.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE.parent)]

from dialogue.envelope import to_leaf  # noqa: E402  # the paths come first
from dialogue.fact import Entry  # noqa: E402
from dialogue.kinds import FACTS  # noqa: E402
from shapes import SPACE, sample  # noqa: E402
from spec import DIALOGUE, START, hours  # noqa: E402

LINES = HERE / "facts.jsonl"


def golden(name: str, number: int) -> bytes:
    """A leaf of this fact type, with every member filled."""
    sealed = ("6nJzPLBc9cOBS1ZPRDyMgZ2nvnGGmTZVJXqVBlTqDLk", "jPvMcf2kZbvB6xEZhWFlGbTBqz3PGxcXUHGmFzdTPG0")
    fact = sample(FACTS[name], name)
    return to_leaf(
        Entry(
            f"golden.example/{DIALOGUE}",
            DIALOGUE,
            number,
            number,
            fact,
            START,
            hours(1),
            SPACE,
            SPACE,
            f"act-{number}",
            "letter",
            sealed,
        )
    )


if __name__ == "__main__":
    lines = LINES.read_bytes().splitlines() if LINES.exists() else []
    there = {json.loads(line)["type"] for line in lines}
    with LINES.open("ab") as file:
        for name in sorted(set(FACTS) - there):
            lines.append(golden(name, len(lines) + 1))
            file.write(lines[-1] + b"\n")
