"""What is open in a dialogue, and whom to chase for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from dialogue.shape import stamp
from projections import amendments, comments, erasures, outcomes, signatories
from projections.read import Reading, Shown

SHOWN = 20  # of each kind; the lists themselves show the rest


def waiting(reading: Reading, dialogue: UUID) -> Shown:
    """Everything in the dialogue that waits for somebody, at most SHOWN of each kind (`more` names the cut ones)."""
    t = reading.t
    open_amendments = amendments.page(reading, dialogue, limit=SHOWN, where=t.amendments.c.status == "open")
    open_calls = outcomes.page(reading, dialogue, limit=SHOWN, where=t.calls.c.status.in_(("open", "contested")))
    undisposed = comments.page(
        reading,
        dialogue,
        limit=SHOWN,
        where=(t.comments.c.status == "open") & t.comments.c.disposition.is_(None) & t.comments.c.reply_to.is_(None),
    )
    lists: dict[str, Any] = {
        "amendments": [one for one in open_amendments.items if one["item"]["status"] == "open"],
        "calls": open_calls.items,
        "joint_acts": outcomes.joint_acts(reading, dialogue),
        "signatures": unsettled(reading, dialogue),
        "comments": undisposed.items,
        "notices": notices(reading, dialogue),
        "erasures": erasures.waiting(reading, dialogue),
    }
    pages = {"amendments": open_amendments, "calls": open_calls, "comments": undisposed}
    more = [name for name, page in pages.items() if page.after is not None]
    return {**lists, "more": more, "chase": chase(lists, gone(reading, dialogue))}


def gone(reading: Reading, dialogue: UUID) -> set[str]:
    """Who has left or died, or was invited in error: nothing is asked of them."""
    table = reading.t.participants
    absent = table.c.status.in_(("left", "died", "void"))
    return {row["id"] for row in reading.all(table, "participant", dialogue, where=absent)}


def unsettled(reading: Reading, dialogue: UUID) -> list[Shown]:
    """The unconfirmed and the lapsed signatures under documents, and under items that have not fallen away."""
    documents, proposals = reading.t.documents, reading.t.proposals
    subjects = [(f"D{row['number']}", row) for row in reading.all(documents, "document", dialogue)]
    alive = proposals.c.status.in_(("open", "adopted"))
    subjects += [(f"P{row['number']}", row) for row in reading.all(proposals, "proposal", dialogue, where=alive)]
    return [
        {**one, "on": handle}
        for handle, row in subjects
        for one in signatories.unsettled(reading, row, limit=SHOWN).items
    ]


def notices(reading: Reading, dialogue: UUID) -> list[Shown]:
    """The periods, still running, in which signatories may object to an editorial change."""
    now = stamp(reading.instant(dialogue))
    return [
        {"on": f"{letter}{row['number']}", "until": row["notice_until"]}
        for kind, table, letter in (
            ("document", reading.t.documents, "D"),
            ("proposal", reading.t.proposals, "P"),
        )
        for row in reading.all(table, kind, dialogue, where=table.c.notice_until >= now)
    ]


def chase(lists: dict[str, Any], gone: Collection[str]) -> list[Shown]:
    """Whom to remind of what: by person, in the order in which they first come up. The dead are asked nothing."""
    asked: dict[str, Shown] = {}
    for person, what in errands(lists):
        if person["id"] in gone:
            continue
        entry = asked.setdefault(person["id"], {"participant": person, "what": []})
        entry["what"].append(what)
    return list(asked.values())


def errands(lists: dict[str, Any]) -> Iterable[tuple[Shown, str]]:
    """(person, what is wanted of them), from what is open."""
    for one in lists["joint_acts"]:
        for person in one["awaited"]:
            yield person, f"assent to {one['handle']}"
        for person in () if one["awaited"] else one["assents"]:
            yield person, f"assent to {one['handle']} again, as nobody else is left to"
    for one in lists["calls"]:
        if one["status"] == "open" and one["procedure"]["name"] not in ("silence", "chair"):
            for person in one["silent"]:
                yield person, f"take a position in {one['handle']}"
            for person in one["awaited"]:
                yield person, f"say whether the agreement ad referendum in {one['handle']} holds"
    for one in lists["amendments"]:
        if one["status"] == "in conflict" and one["by"] is not None:
            yield one["by"], f"restate {one['handle']}"
    for one in lists["signatures"]:
        if one["standing"] == "lapsed":
            yield one["participant"], f"reaffirm the signature of {one['on']}"
        elif not one["confirmed"]:
            yield one["participant"], f"confirm the signature of {one['on']}"
