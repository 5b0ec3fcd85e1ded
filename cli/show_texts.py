"""Texts and what is said about them: items, versions, amendments, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import click

from cli.printing import columns, heading, indented, name_of, paged, remark_on_more, when
from cli.session import NUMBER, Session, dialogue_option, showing
from cli.show_decisions import listed_paragraphs, stated, told_apart

Shown = dict[str, Any]


@click.command()
@dialogue_option
@paged
@showing
@click.pass_obj
def texts(session: Session, where: str | None, limit: int, after: str | None) -> None:
    """All proposals and recommendations, with their current version.

    A number in brackets is the one that the latest edition prints.

    Example: dialogue texts --as-of 2026-03-01
    """
    from projections import texts as read
    from projections.resolve import seen

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        last = seen(reading, dialogue, "proposal", after)
        page = read.page(reading, dialogue, after=last, limit=limit)
    rows = [
        [
            one["handle"],
            f"({one['number']})" if one["number"] else "",
            one["status"],
            f"version {one['version']}",
            "open for signature" if one["signing"] else "",
            "outside the mandate" if one["outside"] else "",
            one["title"] + (f" [{one['theme']}]" if one["theme"] else ""),
        ]
        for one in page.items
    ]
    session.out(page.items, columns(rows) if rows else "There is no text yet; `dialogue propose` brings one in.")
    if page.items:
        remark_on_more(page.after, page.items[-1]["handle"])


@click.command()
@click.argument("item")
@click.option("--version", "number", type=NUMBER, metavar="N", help="That version, not the current one.")
@click.option("--versions", is_flag=True, help="List the versions instead of the words.")
@dialogue_option
@showing
@click.pass_obj
def text(session: Session, item: str, number: int | None, versions: bool, where: str | None) -> None:
    """The words of ITEM, as they stand or as they stood.

    ITEM is a handle (P7), a number in the latest edition (4, "Rec 4"), or any clear fragment of the title.

    Example: dialogue text "Rec 4" --version 2
    """
    from projections import texts as read
    from projections.beside import beside
    from projections.resolve import thing_named

    with session.reading() as reading:
        proposal = thing_named(reading, session.dialogue(reading, where), "proposal", item)
        shown = read.item(reading, proposal)
        if versions:
            page = read.versions(reading, proposal, limit=1000)
            session.out(page.items, columns(version_row(session, one) for one in page.items))
            return
        one = read.version(reading, proposal, number)
        more = beside(reading, proposal, one["version"])
    number_in = f" (Rec {shown['number']})" if shown["number"] else ""
    standing = f"version {one['version']} of {one['current']}, {shown['status']}{lineage(shown)}"
    if more["decision"] and more["decision"]["status"] == "contested":
        standing += f"; the outcome of {more['decision']['call']} is contested"
    title = heading(f"{shown['handle']}{number_in} {one['title']}")
    said = "".join(f"\n{line}" for line in said_beside(more))
    session.out({**shown, **one, **more}, f"{title}\n{standing}\n\n{one['words']}" + (f"\n{said}" if said else ""))


def lineage(shown: Shown) -> str:
    """What the item was made of, and what was made of it, by merges and splits."""
    made = f"; it came of {', '.join(shown['sources'])}" if shown["sources"] else ""
    return (f" into {', '.join(shown['becomes'])}" if shown["becomes"] else "") + made


def said_beside(more: Shown) -> Iterator[str]:
    """What stands beside a text, a line each."""
    for held in more["holders"]:
        words = f"“{held['alternative']}”" if held["alternative"].strip() else "“” (no words)"
        places = f" ({held['places']} places)" if held["places"] > 1 else ""
        yield f"{words}{places} is held by {', '.join(one['name'] for one in held['holders'])}"
    for one in more["dissociations"]:
        reason = f": {one['reason']}" if one["reason"] else ""
        yield f"{told_apart(one['by']) or 'Somebody'} dissociates from {listed_paragraphs(one['paragraphs'])}{reason}"
    yield from stated(more["statements"])


def version_row(session: Session, one: Shown) -> list[object]:
    """One line for a version: by what act it came, and of which kind the change was."""
    return [one["version"], f"entry {one['entry']}", when(session, one["time"]), one["change"], one["amendment"],
            one["title"]]  # fmt: skip


@click.command()
@click.argument("item", required=False)
@dialogue_option
@paged
@showing
@click.pass_obj
def amendments(session: Session, item: str | None, where: str | None, limit: int, after: str | None) -> None:
    """The amendments of the dialogue, or of ITEM: open, in conflict, accepted, rejected or withdrawn.

    One in conflict was made for an earlier version and changes words that have changed since. A single one (A3)
    is shown with its words marked up, where it conflicts, and how often it was restated.

    Example: dialogue amendments P7
    """
    from projections import amendments as read
    from projections.resolve import seen, thing_named

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        if item is not None and re.fullmatch(r"(?i)a\d+", item.strip()):
            shown = read.one(reading, thing_named(reading, dialogue, "amendment", item))
            session.out(shown, amendment(shown))
            return
        proposal = None if item is None else thing_named(reading, dialogue, "proposal", item)
        last = seen(reading, dialogue, "amendment", after)
        page = read.page(reading, dialogue, proposal=proposal, after=last, limit=limit)
    rows = [
        [
            one["handle"],
            one["item"]["handle"],
            answered(one),
            f"version {one['base']}",
            name_of(one["by"]),
            reasons(one),
        ]
        for one in page.items
    ]
    session.out(page.items, columns(rows) if rows else "There is no amendment; `dialogue amend` proposes one.")
    if page.items:
        remark_on_more(page.after, page.items[-1]["handle"])


def amendment(one: Shown) -> str:
    """An amendment as a whole: whose, for which version, its words marked up, the conflicts, the answer."""
    from cli.tell import marked_up
    from projections.compare import Change
    from projections.outdated import in_conflict

    standing = answered(one) + (f" as version {one['version']}" if one["version"] else "")
    lines = [
        heading(
            f"{one['handle']} {name_of(one['by']) or 'somebody'} on {one['item']['handle']} {one['item']['title']}"
        ),
        f"for version {one['base']} of {one['current']}, {standing}",
    ]
    if one["restated"]:
        lines.append(f"first put at entry {one['entry']}, restated at {numbered(one['wordings'][1:])}")
    lines += [f"{name}: {one[name]}" for name in ("title", "reason", "answer") if one[name]]
    lines += ["", marked_up([Change(**change) for change in one["changes"]])]
    for conflict in map(in_conflict, one["conflicts"]):
        lines += ["", f"{conflict.heading}:", conflict.marked_up]
    lines += ["", *stated(one["statements"])] if one["statements"] else []
    return "\n".join(lines)


def answered(one: Shown) -> str:
    """What became of an amendment; one that nobody answered has nothing to wait for once its item has ended."""
    ended = one["status"] in ("open", "in conflict") and one["item"]["status"] in ("withdrawn", "merged", "split")
    return f"{one['status']} (the item was {one['item']['status']})" if ended else str(one["status"])


def numbered(wordings: list[Shown]) -> str:
    entries = [str(one["entry"]) for one in wordings]
    return f"entry {entries[0]}" if len(entries) == 1 else f"entries {', '.join(entries)}"


def reasons(one: Shown) -> str:
    """Where it conflicts, the reason given for it, and the answer."""
    numbers = [place["paragraph"] for place in one["conflicts"]]
    places = ", ".join(f"paragraph {number}" if number else "title" for number in numbers)
    parts = [places, one["reason"], one["answer"] and f"answer: {one['answer']}"]
    return "; ".join(" ".join(part.split()) for part in parts if part)


@click.command()
@click.argument("item", required=False)
@dialogue_option
@click.option("--open", "waiting", is_flag=True, help="Only those without a disposition (of D1: its items' too).")
@paged
@showing
@click.pass_obj
def comments(
    session: Session, item: str | None, where: str | None, waiting: bool, limit: int, after: str | None
) -> None:
    """The comments of the dialogue, or on ITEM (or a document: D1), with answers and dispositions.

    Quoted words that no longer stand in the text are marked: orphaned.

    Example: dialogue comments P7
    """
    from projections import comments as read
    from projections.resolve import seen, subject_named

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        subject = None if item is None else subject_named(reading, dialogue, item)
        if waiting:
            found = read.undisposed(reading, dialogue, subject)
            told = "\n".join(comment(one) for one in found)
            session.out(found, told or "Every comment has its disposition.")
            return
        last = seen(reading, dialogue, "comment", after)
        page = read.page(reading, dialogue, subject=subject, after=last, limit=limit)
    told = "\n".join(indented(comment(one), depth) for depth, one in read.threads(page.items))
    session.out(page.items, told or "There is no comment; `dialogue comment` makes one.")
    if page.items:
        remark_on_more(page.after, page.items[-1]["handle"])


def comment(one: Shown) -> str:
    """A comment in a few lines: who, on what, the words, what became of it."""
    on = f" on {one['on']}" + (f" version {one['version']}" if one["version"] else "") if one["on"] else ""
    answers = f", in answer to {one['reply_to']}" if one["reply_to"] else ""
    retracted = ", retracted" if one["status"] == "retracted" else ""
    lines = [f"{one['handle']} {name_of(one['by']) or 'somebody'}{on}{answers}{retracted}"]
    if one["quotation"]:
        lines.append(indented(f"“{one['quotation']['exact']}”{place(one)}"))
    lines.append(indented(one["words"] or "(words withheld)"))
    if one["disposition"]:
        lines.append(indented(f"{one['disposition']}: {one['reason']}"))
    return "\n".join(lines)


def place(one: Shown) -> str:
    """What is to be said about where the quoted words stand, if it is not where they were quoted."""
    if one["anchor"] is None:
        return " (orphaned: these words no longer stand in the text as they did)"
    return "" if one["anchor"]["item"] == one["on"] else f" (now in {one['anchor']['item']})"
