"""Dialogues: what is open, all of them, one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import click

from cli.printing import columns, heading, indented, name_of, paged, remark_on_more, when
from cli.session import Session, dialogue_option, echo_error, showing

Shown = dict[str, Any]
NONE_YET = "There is no dialogue yet; `dialogue new` makes one, `dialogue demo` shows one."


@click.command("open")
@dialogue_option
@showing
@click.pass_obj
def open(session: Session, where: str | None = None) -> None:  # noqa: A001  # named as the command is
    """What is open, and whom to chase: all that waits for somebody, dialogue by dialogue.

    This is what `dialogue` alone prints. Nothing is sent to anybody.

    Example: dialogue open --in "Quiet Waters" --as-of 2026-03-01
    """
    from projections import dialogues
    from projections.waiting import waiting

    with session.reading() as reading:
        every = dialogues.page(reading, limit=1000).items
        if where is not None:
            chosen = str(session.dialogue(reading, where))
            every = [one for one in every if one["id"] == chosen]
        told = [{"dialogue": one, **waiting(reading, UUID(one["id"]))} for one in every if not one["broken"]]
    broken = [one["broken"] for one in every if one["broken"]]
    if told or not broken:
        session.out(told, "\n\n".join(said(session, one) for one in told) or NONE_YET)
    for sentence in broken:
        echo_error(f"dialogue: {sentence}")
    if broken:
        click.get_current_context().exit(5)


def said(session: Session, told: Shown) -> str:
    """What is open in one dialogue, as text."""
    dialogue = told["dialogue"]
    parts = [heading(f"{dialogue['title']} ({dialogue['status']}, {dialogue['entries']} entries)")]
    for title, rows in sections(session, told):
        if rows:
            parts.append(indented(title) + "\n" + indented(columns(rows), 2))
    if len(parts) == 1:
        parts.append(indented("Nothing is open."))
    if told["more"]:
        parts.append(indented(f"There is more: see `dialogue {'`, `dialogue '.join(told['more'])}`."))
    return "\n".join(parts)


def sections(session: Session, told: Shown) -> Iterator[tuple[str, Sequence[Sequence[object]]]]:
    """(title, rows) of everything that waits."""
    yield (
        "Amendments waiting for an answer",
        [
            [one["handle"], one["item"]["handle"], one["item"]["title"], one["status"], name_of(one["by"])]
            for one in told["amendments"]
        ],
    )
    yield (
        "Consensus calls without an outcome that holds",
        [
            [
                one["handle"],
                one["on"],
                one["procedure"]["name"],
                one["status"],
                f"{len(one['positions'])} of {one['entitled']} have taken a position",
                f"until {when(session, one['expires'])}" if one["expires"] else "",
            ]
            for one in told["calls"]
        ],
    )
    yield (
        "Acts that need more co-chairs",
        [
            [one["handle"], one["command"], one["on"], f"{len(one['assents'])} of {one['needed']} have assented"]
            for one in told["joint_acts"]
        ],
    )
    yield (
        "Signatures to settle",
        [
            [
                one["on"],
                one["name"],
                "lapsed" if one["standing"] == "lapsed" else "unconfirmed",
                signed_version(one),
            ]
            for one in told["signatures"]
        ],
    )
    yield (
        "Comments without a disposition",
        [[one["handle"], one["on"], name_of(one["by"]), short(one["words"])] for one in told["comments"]],
    )
    yield (
        "Signatories may still object to an editorial change",
        [[one["on"], f"until {when(session, one['until'])}"] for one in told["notices"]],
    )
    yield (
        "To be forgotten, once another person confirms it",
        [[one["participant"]["handle"], one["participant"]["name"]] for one in told["erasures"]],
    )
    yield (
        "Whom to chase",
        [[one["participant"]["handle"], name_of(one["participant"]), "; ".join(one["what"])] for one in told["chase"]],
    )


def signed_version(one: Shown) -> str:
    return f"signed {'edition' if one['on'].startswith('D') else 'version'} {one['version']}"


def short(words: str | None, most: int = 60) -> str:
    """The beginning of some words, in one line."""
    line = " ".join((words or "(words withheld)").split())
    return line if len(line) <= most else line[: most - 1] + "…"


@click.command("list")
@paged
@showing
@click.pass_obj
def list(session: Session, limit: int, after: str | None) -> None:  # noqa: A001  # named as the command is
    """All dialogues, with their mandates.

    Example: dialogue list --json
    """
    from projections import dialogues

    with session.reading() as reading:
        last = None if after is None else str(session.dialogue(reading, after))
        page = dialogues.page(reading, after=last, limit=limit)
    rows = [[one["id"][:8], one["status"], f"{one['entries']} entries", dates(one), one["title"]] for one in page.items]
    session.out(page.items, columns(rows) if rows else NONE_YET)
    if page.items:
        remark_on_more(page.after, page.items[-1]["id"])


def dates(one: Shown) -> str:
    """The mandate's dates, as far as they are set."""
    start, end = one.get("start"), one.get("end")
    return f"{start or '…'} to {end or '…'}" if start or end else ""


@click.command()
@click.argument("dialogue", required=False)
@showing
@click.pass_obj
def show(session: Session, dialogue: str | None) -> None:
    """One DIALOGUE: its mandate form, its officers and settings, and how much it holds.

    DIALOGUE is an id or a fragment of the title; it may be left out where there is only one.

    Example: dialogue show "Quiet Waters"
    """
    from projections import dialogues

    with session.reading() as reading:
        card = dialogues.card(reading, session.dialogue(reading, dialogue))
    session.out(card, "\n\n".join(card_parts(card)))


def card_parts(card: Shown) -> Iterator[str]:
    """The card as paragraphs."""
    facts = [
        ("status", card["status"] + (f": {card['reason']}" if card["reason"] else "")),
        ("track", card["track"]),
        ("mandate", dates(card)),
        ("submitted", card["submitted"]),
        ("applicant", card["applicant"]),
        ("meetings foreseen", card["meetings"]),
        ("co-chairs", ", ".join(map(name_of, card["cochairs"]))),
        ("secretariat", ", ".join(map(name_of, card["secretariat"]))),
        ("follows", "; ".join(card["predecessors"] or ())),
        ("entries", card["entries"]),
        ("holds", ", ".join(counted(number, kind) for kind, number in card["counts"].items() if number)),
        ("id", card["id"]),
    ]
    yield heading(card["title"]) + "\n" + columns((name, value) for name, value in facts if value)
    for section in card["sections"] or ():
        yield heading(section["heading"]) + "\n" + section["text"]
    if card["objectives"]:
        yield heading("Objectives") + "\n" + "\n".join(card["objectives"])


def counted(number: int, kind: str) -> str:
    """How many there are, in words."""
    noun = "consensus call" if kind == "call" else kind
    return f"{number} {noun}" + ("s" if number > 1 else "")
