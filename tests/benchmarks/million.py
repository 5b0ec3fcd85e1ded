"""Costs do not grow with history: acts, reads and rebuilds with a thousand facts in the store and with a million.

Run by hand: PYTHONPATH=.:tests python tests/benchmarks/million.py [facts] [folder]. A folder that was filled
before is measured again without being filled anew. Prints ratios and milliseconds; see README for a table.
"""

from __future__ import annotations

import json
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from dialogue.amendment import AcceptAmendment, ProposeAmendment
from dialogue.comment import MakeComment
from dialogue.drafting import SubmitProposal
from dialogue.fact import OPERATOR, Command, Personal, named
from dialogue.issuing import OpenForSignature
from dialogue.mandate import ProposeDialogue
from dialogue.mandate import Settings as Terms
from dialogue.participant import Invite
from dialogue.signing import GiveEndorsement
from projections import signatories, texts
from projections.founding import found, open_installation
from projections.secretariat import Secretariat
from projections.settings import load

DIALOGUE = UUID("d1a10900-0000-4000-8000-00000000bebc")
NAMES = 10_000
TOGETHER = 2_000  # acts in one save while filling
SECRETARIAT, CHAIR, ITEM = (named(DIALOGUE, handle) for handle in ("N1", "N2", "P1"))


def installation(folder: Path) -> Secretariat:
    settings = load({"data": str(folder)}, {"DIALOGUE_MASTER_KEY_FILE": str(folder / "master.key")})
    if not (folder / "record.db").exists():
        found(settings)
    return open_installation(settings)


def fill(house: Secretariat, facts: int) -> None:
    """One dialogue, one proposal: up to 10,000 signatures under it, a few versions, and comments for the rest."""
    begun = time.perf_counter()
    officers = (Invite(("secretariat",), body="Secretariat"), Invite(("co-chair",), Personal("CHAIR One")))
    terms = Terms(chairs="any")
    house.execute(DIALOGUE, ProposeDialogue("A million facts", officers=officers, settings=terms), by(house, OPERATOR))
    house.execute(DIALOGUE, SubmitProposal("A title", "The first words."), by(house, CHAIR))
    house.execute(DIALOGUE, OpenForSignature(proposal=ITEM), by(house, CHAIR))
    names = min(NAMES, facts // 4)
    invite = [(Invite(name=Personal(f"SIGNER {n}")), SECRETARIAT) for n in range(names)]
    together(house, invite)
    together(
        house, [(GiveEndorsement(proposal=ITEM, publish=True), named(DIALOGUE, f"N{n + 3}")) for n in range(names)]
    )
    rest = facts - 2 * names - 30
    for number in range(10):
        house.execute(DIALOGUE, ProposeAmendment(ITEM, f"The first words, and {number} more."), by(house, CHAIR))
        house.execute(DIALOGUE, AcceptAmendment(named(DIALOGUE, f"A{number + 1}")), by(house, CHAIR))
        part = [(MakeComment(f"Comment {number}.{n}", proposal=ITEM), CHAIR) for n in range(rest // 10)]
        together(house, part)
        print(f"\r{(number + 1) * 10} %, {time.perf_counter() - begun:.0f} s", end="", file=sys.stderr)
    print(file=sys.stderr)


def together(house: Secretariat, acts: list[tuple[Command, UUID]]) -> None:
    for start in range(0, len(acts), TOGETHER):
        part = acts[start : start + TOGETHER]
        house.execute_all(DIALOGUE, [(command, by(house, who)) for command, who in part])


def by(house: Secretariat, who: UUID) -> Any:
    return house.moment(who)


def clocked(work: Callable[[int], object], times: int) -> float:
    """The median time of one, in milliseconds, after a few that do not count."""
    for number in range(3):
        work(number)
    taken = []
    for number in range(times):
        begun = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000


def measure(house: Secretariat) -> dict[str, float]:
    chance = random.Random(7)
    with house.reading() as reading:
        head = reading.bound(DIALOGUE)

    def act(number: int) -> None:
        house.execute(DIALOGUE, MakeComment(f"One more, {number}.", proposal=ITEM), by(house, CHAIR))

    def text(as_of: int | None) -> None:
        with house.reading(as_of) as reading:
            texts.version(reading, ITEM)

    def page(_: int) -> None:
        with house.reading(chance.randint(head // 2, head)) as reading:
            signatories.page(reading, ITEM, limit=100)

    return {
        "facts": head,
        "act, ms": clocked(act, 100),
        "text now, ms": clocked(lambda _: text(None), 200),
        "text as of any entry, ms": clocked(lambda _: text(chance.randint(head // 2, head)), 200),
        "page of 100 names as of any entry, ms": clocked(page, 50),
    }


def rebuilt(house: Secretariat, folder: Path) -> dict[str, float]:
    """A rebuild against reading, decoding and bulk-inserting the same rows with the bare driver."""
    begun = time.perf_counter()
    facts = house.rebuild()
    ours = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    source = sqlite3.connect(folder / "views.db")
    with tempfile.TemporaryDirectory() as target:
        copy = sqlite3.connect(Path(target, "views.db"), isolation_level=None)
        copy.execute("PRAGMA journal_mode = WAL")
        copy.execute("PRAGMA synchronous = NORMAL")
        tables = []
        for kind, name, sql in source.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
            copy.execute(sql)
            tables += [name] if kind == "table" else []
        record = sqlite3.connect(folder / "record.db")
        begun = time.perf_counter()
        for (leaf,) in record.execute("SELECT state FROM stored_events ORDER BY rowid"):
            json.loads(leaf)
        for table in tables:
            cursor = source.execute(f"SELECT * FROM {table}")
            while rows := cursor.fetchmany(1000):
                copy.execute("BEGIN")
                copy.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
                copy.execute("COMMIT")
        floor = time.perf_counter() - begun
    return {"facts/s": facts / ours, "of the floor": floor / ours, "peak memory, MB": peak}


def main(facts: int, folder: Path) -> None:
    results = {}
    for size, place in ((1_000, folder / "small"), (facts, folder / "large")):
        fresh = not (place / "record.db").exists()
        place.mkdir(parents=True, exist_ok=True)
        house = installation(place)
        if fresh:
            fill(house, size)
        results[size] = measure(house)
        house.close()
    house = installation(folder / "large")
    results["rebuild"] = rebuilt(house, folder / "large")  # type: ignore[index]
    house.close()
    small, large = results[1_000], results[facts]
    for name in small:
        print(f"{name:<40}{small[name]:>12.2f}{large[name]:>14.2f}{large[name] / small[name]:>8.2f}")
    for name, value in results["rebuild"].items():  # type: ignore[index]
        print(f"rebuild, {name:<31}{'':>12}{value:>14.2f}")


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    main(size, Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp()))
