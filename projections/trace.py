"""How an item came to read as it does: every version with the act, people, ruling and decision behind it, across
merges and splits; and which entry brought in each word of a phrase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dialogue.fact import Entry, Refused
from dialogue.procedure import AGREEMENT
from projections import outcomes, texts
from projections.credit import PhraseNotFound, brought_in, decode, occurrences
from projections.read import Page, Reading, Row, Shown
from projections.sentences import sentence
from projections.telling.names import Names

CAUSES = {
    "ProposalSubmitted": "submitted",
    "ProposalRevised": "revised",
    "TextAmended": "amended",
    "ProposalsMerged": "merged",
    "ProposalSplit": "split",
    "ItemMoved": "moved",
    "TextBracketed": "bracketed",
    "BracketsLifted": "brackets lifted",
    "TextCorrected": "corrected",
}


def trace(reading: Reading, item: UUID, phrase: str | None = None, occurrence: int = 1) -> Shown:
    """The item's versions, those of the items that it was merged or split from (`origins`, the oldest first), and
    what it was merged or split into (`becomes`).

    With a phrase, instead, `words`: the phrase in runs, each with the entry that brought it in. That is a look-up in
    what is stored with the version; words keep their entry across merges, splits and moves within the text.
    Raises Unknown, and Refused where the phrase does not stand in the text.
    """
    row = reading.one(reading.t.proposals, item, "proposal")
    names = Names(reading, UUID(row["dialogue"]))
    if phrase is not None:
        header = {"id": row["id"], "handle": f"P{row['number']}", "title": row["title"], "version": row["version"]}
        return {**header, "phrase": phrase, "words": brought(reading, row, phrase, occurrence, names)}
    origins = texts.lineage(reading, item, "sources")
    return {
        **traced(reading, item, names),
        "origins": [traced(reading, one, names) for one in origins],
        "becomes": [became(reading, one) for one in texts.lineage(reading, item, "becomes")],
    }


def became(reading: Reading, item: UUID) -> Shown:
    """An item that came of another by a merge or split, as far as its heir goes."""
    shown = texts.item(reading, item)
    kept = ("id", "handle", "number", "title", "status", "sources", "entry")
    how = "merged" if len(shown["sources"]) > 1 else "split"
    return {**{name: shown[name] for name in kept}, "cause": how}


def traced(reading: Reading, item: UUID, names: Names) -> Shown:
    """One item with all its versions."""
    shown = texts.item(reading, item)
    dialogue = UUID(reading.one(reading.t.proposals, item, "proposal")["dialogue"])
    kept = ("id", "handle", "number", "title", "theme", "status", "version", "sources", "sponsors", "words")
    found = list(every(partial(texts.versions, reading, item)))
    rulings = list(every(partial(outcomes.rulings, reading, dialogue, subject=item)))
    calls = [called(reading, dialogue, one, names) for one in calls_on(reading, dialogue, item)]
    amendments = amendments_behind(reading, dialogue, found, names)
    entries = {number: reading.entry(dialogue, number) for number in (one["entry"] for one in found)}
    names.learn(list(entries.values()))
    versions = []
    for one in found:
        entry = entries[one["entry"]]
        versions.append(
            {
                **one,
                "cause": CAUSES[one["cause"]],
                "by": names.who(entry.actor) if entry.actor else None,
                "sentence": sentence(entry, names),
                "reason": getattr(entry.fact, "reason", None),
                "session": session(entry, names),
                "amendment": amendments.get(one["amendment"]),
                "rulings": [ruling for ruling in rulings if ruling["version"] == one["version"]],
                "calls": [call for call in calls if call["version"] == one["version"]],
            }
        )
    return {**{name: shown[name] for name in kept if name != "words"}, "text": shown["words"], "versions": versions}


def every(page: Callable[..., Page]) -> Iterator[Shown]:
    """All items of a list that comes in pages."""
    found = page()
    yield from found.items
    while found.after is not None:
        found = page(after=int(found.after) if found.after.isdigit() else found.after)
        yield from found.items


def calls_on(reading: Reading, dialogue: UUID, subject: UUID) -> Iterator[Shown]:
    return every(partial(outcomes.page, reading, dialogue, subject=subject))


def called(reading: Reading, dialogue: UUID, call: Shown, names: Names) -> Shown:
    """A consensus call: what came of it, at which entry, who agreed and who objected, in which session."""
    entry = reading.entry(dialogue, call["entry"])
    names.learn([entry])
    kept = ("handle", "entry", "about", "version", "status", "outcome", "declared", "explanation", "reason")
    held: dict[str, list[str]] = {"agreed": [], "objected": []}
    for position in call["positions"]:
        side = {"object": "objected"}.get(position["position"], "agreed" if position["position"] in AGREEMENT else "")
        if side and not position["late"]:
            held[side].append(position["participant"]["name"] if position["participant"] else "not named")
    return {
        **{name: call[name] for name in kept},
        "procedure": call["procedure"]["name"],
        **held,
        "conveyed": len(call["conveyed"]),
        "session": session(entry, names),
    }


def amendments_behind(reading: Reading, dialogue: UUID, versions: list[Shown], names: Names) -> dict[str, Shown]:
    """By handle, the amendments that led to these versions: who proposed each, why, and who agreed to it."""
    found = {}
    for version in versions:
        if version["amendment"] is None:
            continue
        fact: Any = reading.entry(dialogue, version["entry"]).fact
        row = reading.one(reading.t.amendments, fact.amendment, "amendment")
        proposed = reading.entry(dialogue, row["born"])
        names.learn([proposed])
        found[version["amendment"]] = {
            "handle": version["amendment"],
            "entry": row["born"],
            "by": names.who(row["by"]),
            "base": row["base"],
            "restated": row["restated"],
            "reason": row["reason"],
            "answer": row["answer"],
            "session": session(proposed, names),
            "calls": [called(reading, dialogue, one, names) for one in calls_on(reading, dialogue, fact.amendment)],
        }
    return found


def session(entry: Entry, names: Names) -> str | None:
    """The session and meeting in which the act took place, if that was recorded."""
    id = getattr(entry.fact, "session", None)
    return None if id is None else names.thing(id)


def brought(reading: Reading, row: Row, phrase: str, occurrence: int, names: Names) -> list[Shown]:
    """The phrase in runs of words, each with the entry that brought it in, told. Raises Refused."""
    table = reading.t.texts
    query = select(table.c.credit).where(table.c.subject == row["id"], table.c.version == row["version"])
    credit = decode(reading.conn.execute(query).scalar_one())
    words = reading.words(row["sha256"])
    try:
        runs = brought_in(words, credit, phrase, occurrence)
    except PhraseNotFound as missing:
        raise Refused("not-quoted", str(missing), occurrences=occurrences(words, phrase)) from None
    dialogue = UUID(row["dialogue"])
    entries = {number: reading.entry(dialogue, number) for number in {number for _, number in runs}}
    names.learn(list(entries.values()))
    return [
        {
            "words": run,
            "entry": number,
            "by": names.who(entries[number].actor) if entries[number].actor else None,
            "sentence": sentence(entries[number], names),
        }
        for run, number in runs
    ]
