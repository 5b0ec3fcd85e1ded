"""What was decided and signed: calls and rulings, documents, signatories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import click

from cli.printing import columns, heading, indented, name_of, paged, remark_on_more, when
from cli.session import NUMBER, Session, dialogue_option, echo_error, showing
from dialogue.shape import instant

Shown = dict[str, Any]
TITLES = {
    "stands": "",
    "late": "Signed after publication",
    "lapsed": "Lapsed, as the text has changed in substance since",
    "objected": "Objected to an editorial change, so no longer standing",
    "withdrawn": "Withdrawn",
    "void": "Entered in error",
}


@click.command()
@click.argument("item", required=False)
@dialogue_option
@paged
@showing
@click.pass_obj
def decisions(session: Session, item: str | None, where: str | None, limit: int, after: str | None) -> None:
    """The consensus calls with their positions and outcomes, the rulings, and acts that wait for more co-chairs.

    With ITEM (or a document: D1), those on it. Each outcome explains itself by entry number.

    Example: dialogue decisions P7
    """
    from projections import outcomes
    from projections.resolve import seen, subject_named

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        subject = None if item is None else subject_named(reading, dialogue, item)
        last = seen(reading, dialogue, "call", after)
        page = outcomes.page(reading, dialogue, subject=subject, after=last, limit=limit)
        ruled = outcomes.rulings(reading, dialogue, subject=subject, limit=limit)
        joint = outcomes.joint_acts(reading, dialogue) if subject is None else []
    parts = [call(session, one) for one in page.items]
    parts += [ruling(session, one) for one in ruled.items]
    parts += [f"{one['handle']} {one['command']} waits for {still_to_assent(one)}" for one in joint]
    data = {"calls": page.items, "rulings": ruled.items, "joint_acts": joint}
    session.out(data, "\n\n".join(parts) or "Nothing has been put to a decision; `dialogue call` does that.")
    if ruled.after is not None:
        echo_error("More rulings follow: name an item, or give a higher --limit.")
    if page.items:
        remark_on_more(page.after, page.items[-1]["handle"])


def call(session: Session, one: Shown) -> str:
    """A consensus call: what on, by which procedure, who takes which position, and why it came out so."""
    from projections.outcomes import became, supposing

    version = f" version {one['version']}" if one["version"] else ""
    until = f", until {when(session, one['expires'])}" if one["expires"] else ""
    cause = f" by entry {one['cause']}" if one["status"] in ("broken", "void") else ""
    lines = [
        heading(f"{one['handle']} on {one['on'] or 'the mandate'}{version}: {one['status']}{cause}"),
        indented(f"{one['procedure']['name']} on {one['about']}, called at entry {one['entry']}{until}"),
    ]
    if one["question"]:
        lines.append(indented(one["question"]))
    rows = [[told_apart(p["participant"]) or "unnamed", position(p), f"entry {p['entry']}", p["reason"]]
            for p in one["positions"]]  # fmt: skip
    rows += [["through the chair", "object", f"entry {entry}", None] for entry in one["conveyed"]]
    if rows:
        lines.append(indented(columns(rows), 2))
    if one["explanation"]:
        holds = one["effective"] and one["status"] != "set-aside"
        effective = f"In effect since {when(session, one['effective'])}." if holds else ""
        parts = (one["explanation"], f"Declared at entry {one['outcome']}.", effective, became(one))
        lines.append(indented(" ".join(filter(None, parts))))
    elif one["so_far"]:
        lines.append(indented(supposing(one)))
    lines += [indented(line) for line in besides(one)]
    return "\n".join(lines)


def position(one: Shown) -> str:
    """A position with what belongs to it."""
    paragraphs = f" from {listed_paragraphs(one['paragraphs'])}" if one["paragraphs"] else ""
    return str(one["position"]) + paragraphs + (", late" if one["late"] else "")


def listed_paragraphs(numbers: Sequence[int]) -> str:
    return f"paragraph{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def besides(one: Shown) -> Iterator[str]:
    """Whose word a decision still waits for, and how it is understood."""
    if one["awaited"]:
        yield f"Agreed ad referendum, and awaited: {apart(one['awaited'])}."
    yield from stated(one["statements"])


def stated(statements: Iterable[Shown]) -> Iterator[str]:
    """How somebody understands a decision, a line each."""
    for each in statements:
        yield f"{each['handle']} statement on {each['call']} by {told_apart(each['participant'])}: {each['words']}"


def still_to_assent(one: Shown) -> str:
    """Of which co-chairs a joint act still needs the assent."""
    if not one["awaited"]:
        return f"nobody else; whoever has assented completes it (dialogue assent {one['handle']})"
    missing = one["needed"] - len(one["assents"])
    return f"{missing} more of: {apart(one['awaited'])} (dialogue assent {one['handle']})"


def ruling(session: Session, one: Shown) -> str:
    """A ruling with its reason, and what became of it."""
    until = f"; objections until {when(session, one['notice_until'])}" if one["notice_until"] else ""
    became = "" if one["status"] == "given" else f", {one['status']}"
    head = f"{one['handle']} on {one['on']} version {one['version']}: {one['change']}{became}"
    challenged = "\n" + indented(f"challenged: {one['challenge']}") if one["challenge"] else ""
    return f"{head}\n{indented(one['reason'] + until)}{challenged}"


def names(people: Iterable[Shown]) -> str:
    return ", ".join(map(name_of, people)) or "nobody"


def apart(people: Iterable[Shown]) -> str:
    """The people with their handles, as several may have one name."""
    return ", ".join(map(told_apart, people)) or "nobody"


def told_apart(person: Shown | None) -> str:
    return "" if person is None else f"{person['handle']} {person['name']}"


@click.command()
@click.argument("document", required=False)
@click.option("--edition", type=NUMBER, metavar="N", help="The items of that edition, not of the latest.")
@dialogue_option
@paged
@showing
@click.pass_obj
def documents(
    session: Session, document: str | None, edition: int | None, where: str | None, limit: int, after: str | None
) -> None:
    """The documents; with DOCUMENT, its editions and the items that it prints.

    Example: dialogue documents D1 --edition 2
    """
    from projections import documents as read
    from projections.resolve import seen, thing_named

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        if document is not None:
            one = read.one(reading, thing_named(reading, dialogue, "document", document), edition)
            session.out(one, "\n".join(pages(session, one)))
            return
        last = seen(reading, dialogue, "document", after)
        page = read.page(reading, dialogue, after=last, limit=limit)
    rows = [
        [one["handle"], one["kind"], f"edition {one['edition']}" if one["edition"] else "draft", stage(session, one),
         one["title"]]
        for one in page.items
    ]  # fmt: skip
    session.out(page.items, columns(rows) if rows else "There is no document; `dialogue draft` begins one.")
    if page.items:
        remark_on_more(page.after, page.items[-1]["handle"])


def stage(session: Session, one: Shown) -> str:
    """How far a document has come."""
    stages = [
        f"adopted by {one['decided_by']} ({one['decision']})" if one["decision"] else "",
        "open for signature" if one["signing"] else "",
        f"edition {one['published']} published" if one["published"] else "",
        f"held until {when(session, one['embargo'])}" if one["embargo"] and not one["public"] else "",
    ]
    return ", ".join(filter(None, stages))


def pages(session: Session, one: Shown) -> Iterator[str]:
    """A document in lines: editions, then items by theme, then minority views and circulations."""
    yield heading(f"{one['handle']} {one['title']}")
    yield indented(", ".join(filter(None, [one["kind"], stage(session, one)])))
    if one["editions"]:
        yield indented(
            columns(
                [f"edition {e['edition']}", f"entry {e['entry']}", when(session, e["time"]), e["change"],
                 e["correction"] and f"correction: {e['correction']}"]
                for e in one["editions"]
            )
        )  # fmt: skip
    theme = ""
    for item in one["items"]:
        if item["theme"] != theme:
            theme = item["theme"]
            yield indented(theme)
        yield indented(f"{item['number']}. {item['title']} ({item['handle']} version {item['version']})", 2)
    for view in one["minority_views"]:
        yield indented(f"Minority view of {names(view['holders'])}: {view['words']}")
    yield from map(indented, stated(one["statements"]))
    for sent in one["circulations"]:
        answered = len({answer["participant"]["id"] for answer in sent["answers"]})
        yield indented(
            f"{sent['handle']}: edition {sent['edition']} circulated {when(session, sent['sent'])} "
            f"to {len(sent['addressees'])}, of whom {answered} have answered"
        )


@click.command()
@click.argument("item", required=False)
@click.option("--document", metavar="DOC", help="The list under a document.")
@click.option("--standing", type=click.Choice([name for name in TITLES if name != "late"]), help="Only these.")
@click.option(
    "--edition",
    "--version",
    "version",
    type=NUMBER,
    help="The list under this edition or version, not the current one.",
)
@dialogue_option
@paged
@showing
@click.pass_obj
def signatories(
    session: Session,
    item: str | None,
    document: str | None,
    standing: Any,
    version: int | None,
    where: str | None,
    limit: int,
    after: str | None,
) -> None:
    """Who signed ITEM, or a document; without either, the document where there is only one.

    A name stands only under the text that its owner signed; those that lapsed, were withdrawn or are void stand
    apart, and so do signatures given after publication.

    Example: dialogue signatories --document D1 --as-of 2026-03-01
    """
    from dialogue.endorsement import endorsement_id
    from projections import signatories as read
    from projections.documents import numbers
    from projections.resolve import only_document, subject_named, thing_named

    if item is not None and document is not None:
        raise click.UsageError("name an item or a document, not both")
    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        if item is not None:
            subject = subject_named(reading, dialogue, item)
        else:
            subject = only_document(reading, dialogue, document)
        last = None
        if after is not None:
            last = str(endorsement_id(dialogue, thing_named(reading, dialogue, "participant", after), subject))
        page = read.page(reading, subject, standing=standing, version=version, after=last, limit=limit)
        elsewhere = numbers(reading, dialogue).get(str(subject), {}) if not page.items else {}
        now, kind = reading.instant(dialogue), read.kind_of(read.signed(reading, subject))
    session.out(page.items, "\n\n".join(lists(session, page.items, now, kind)) or nobody(elsewhere))
    if page.items:
        remark_on_more(page.after, page.items[-1]["participant"]["handle"])


def nobody(elsewhere: dict[str, str]) -> str:
    """What to say where nobody signed; an item may be signed with the documents that print it."""
    documents = " or ".join(f"`dialogue signatories --document {one}`" for one in elsewhere)
    return "Nobody has signed it" + (f" by itself; see {documents}." if documents else ".")


def lists(session: Session, signed: list[Shown], now: datetime, kind: str) -> Iterator[str]:
    """The list, and apart from it what stands there no more or was signed later."""
    for standing, title in TITLES.items():
        lines = [
            signatory(session, one, standing, now, kind)
            for one in signed
            if ("late" if one["late"] and one["standing"] == "stands" else one["standing"]) == standing
        ]
        if lines:
            yield (heading(title) + "\n" if title else "") + "\n".join(lines)


def may_object(one: Shown, now: datetime) -> bool:
    """Whether the name is still waited for: an editorial change may be objected to."""
    return one["until"] is not None and now <= instant(one["until"])


VOUCHED = {"own key": "signed with their own key", "the secretariat": "recorded by the secretariat"}


def signatory(session: Session, one: Shown, standing: str, now: datetime, kind: str) -> str:
    """A name as it was signed, with everything that limits it."""
    excepted = ", ".join(each["number"] or each["handle"] for each in one["excepting"])
    text = "edition" if kind == "document" else "version"
    remarks = [
        "" if one["capacity"] == "unstated" else one["capacity"],
        "assents to the general thrust" if one["assent"] != "text" else "",
        f"except {excepted}" if excepted else "",
        VOUCHED.get(one["recorded_by"], ""),
        "" if one["confirmed"] else "not yet confirmed",
        "" if one["publish"] else "not to be named in public",
        f"signed {when(session, one['signed'])}" if standing == "late" else "",
        f"signed {text} {one['version']}" if one["until"] or standing not in ("stands", "late") else "",
        f"may object to what changed until {when(session, one['until'])}" if may_object(one, now) else "",
    ]
    said = "; ".join(filter(None, remarks))
    line = one["name"] + (f" – {one['descriptor']}" if one["descriptor"] else "") + (f" [{said}]" if said else "")
    lines = [f"{one['participant']['handle']:<4} {line}"]
    for held in one["reservations"]:
        on = f" on {held['item']}" if held["item"] else ""
        quoted = f" “{held['quotation']['exact']}”" if held["quotation"] else ""
        lines.append(indented(f"reservation{on}{quoted}: {held['words']}", 3))
    return "\n".join(lines)
