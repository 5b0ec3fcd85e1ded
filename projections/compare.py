"""Compare two wordings and mark them up: which words went, which came, which stayed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from projections.alignment import Run, align, tokens

Kind = Literal["same", "deleted", "inserted"]


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of words that stayed the same, was deleted or was inserted."""

    kind: Kind
    words: str


def compare(old: str, new: str) -> tuple[Change, ...]:
    """The changes that lead from `old` to `new`, in reading order, deletions before insertions.

    "same" and "deleted" joined give `old` exactly, "same" and "inserted" give `new` exactly. A short stretch
    that happens to stay between two larger changes is shown as deleted and inserted with them, so that the
    marked-up text reads as a person would have marked it.
    """
    old_tokens, new_tokens = tokens(old), tokens(new)
    changes: list[Change] = []
    before = Run(0, 0, 0)
    for run in align(old_tokens, new_tokens):
        stretches: tuple[tuple[Kind, list[str]], ...] = (
            ("deleted", old_tokens[before.end_old : run.old]),
            ("inserted", new_tokens[before.end_new : run.new]),
            ("same", new_tokens[run.new : run.end_new]),
        )
        changes += [Change(kind, "".join(words)) for kind, words in stretches if words]
        before = run
    return tuple(changes)


def marked_up_plain(changes: Sequence[Change]) -> str:
    """The marked-up text for a terminal or mail: `[-deleted-]` and `{+inserted+}`."""
    marks = {"same": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return "".join(marks[change.kind].format(change.words) for change in changes)


def as_data(changes: Sequence[Change]) -> list[dict[str, str]]:
    """The changes as plain data for JSON: `{"kind": "deleted", "words": "…"}`."""
    return [{"kind": change.kind, "words": change.words} for change in changes]
