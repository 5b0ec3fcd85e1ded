"""What sealing costs: a page of 100 names opened against the same page of a table that holds them in clear, and an
act with five sealed fields against the same act without any.

Run by hand: PYTHONPATH=.:tests python tests/benchmarks/sealed.py. Prints ratios of the process's own time, and for
acts by the clock too, which goes on while the disk is waited for at every commit; both sides are measured in the same
run, in turn, so that a noisy machine disturbs both. The best of each is compared.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, select

from dialogue.drafting import SubmitProposal
from dialogue.fact import OPERATOR, Command, Personal, named
from dialogue.issuing import OpenForSignature
from dialogue.mandate import ProposeDialogue
from dialogue.mandate import Settings as Terms
from dialogue.participant import CorrectParticipant, Invite
from dialogue.signing import GiveEndorsement
from projections import participants, signatories
from projections.founding import found, open_installation
from projections.secretariat import Secretariat
from projections.settings import load

PEOPLE = 1000
PAGE = 100
TURNS = 60
FIELDS = ("name", "family", "given", "descriptor", "affiliation")


def installation(folder: Path) -> Secretariat:
    settings = load({"data": str(folder / "data")}, {"DIALOGUE_MASTER_KEY_FILE": str(folder / "master.key")})
    found(settings)
    return open_installation(settings)


def furnished(house: Secretariat) -> UUID:
    """A dialogue with many people, all of whom sign one item."""
    dialogue = house.draw()
    officers = (Invite(("co-chair",), Personal("ASADA Rin")), Invite(("secretariat",), Personal("Jonas HOLT")))
    act(house, dialogue, ProposeDialogue("Quiet Waters", officers=officers, settings=Terms(chairs="any")), OPERATOR)
    chair, office = named(dialogue, "N1"), named(dialogue, "N2")
    act(house, dialogue, SubmitProposal("Hotlines", "Open one hotline."), chair)
    act(house, dialogue, OpenForSignature(proposal=named(dialogue, "P1")), chair)
    for number in range(PEOPLE):
        act(house, dialogue, invitation(number), office)
        act(house, dialogue, GiveEndorsement(proposal=named(dialogue, "P1")), named(dialogue, f"N{number + 3}"))
    return dialogue


def act(house: Secretariat, dialogue: UUID, command: Command, by: UUID) -> None:
    house.execute(dialogue, command, house.moment(by))


def invitation(number: int) -> Invite:
    values = {name: Personal(f"{name.title()} of Somebody Invented {number}") for name in FIELDS}
    return Invite(("participant",), **values)  # type: ignore[arg-type]


def in_clear(folder: Path) -> Callable[[], object]:
    """A page of the same values from a table of a file of its own, in one transaction."""
    engine = create_engine(f"sqlite:///{folder / 'clear.db'}")
    table = Table("people", MetaData(), Column("id", String, primary_key=True), Column("number", Integer, index=True),
                  *(Column(name, String) for name in FIELDS))  # fmt: skip
    table.metadata.create_all(engine)
    rows = [
        {"id": str(uuid4()), "number": number, **{name: getattr(invitation(number), name).value for name in FIELDS}}
        for number in range(PEOPLE)
    ]
    with engine.begin() as conn:
        conn.execute(table.insert(), rows)
    query = select(table).where(table.c.number > 200).order_by(table.c.number).limit(PAGE)

    def read() -> object:
        with engine.connect() as conn:
            return [dict(row) for row in conn.execute(query).mappings()]

    return read


def unsealed(house: Secretariat, read: Callable[[], object]) -> Callable[[], object]:
    """The same read with its values given in clear: everything but the opening."""

    def run() -> object:
        custody = house.custody
        opened = custody.open
        known: dict[str, object] = {}

        def remembered(digests):  # type: ignore[no-untyped-def]
            wanted = list(digests)
            missing = [one for one in wanted if one not in known]
            if missing:
                known.update(opened(missing))
            return {one: known[one] for one in wanted if one in known}

        custody.open = remembered  # type: ignore[method-assign]
        try:
            read()
            start = time.process_time()
            read()
            return time.process_time() - start
        finally:
            del custody.open

    return run


def spent(what: Callable[[], object]) -> float:
    start = time.process_time()
    what()
    return time.process_time() - start


def pages(house: Secretariat, dialogue: UUID, folder: Path) -> None:
    after = str(named(dialogue, "N200"))

    def people() -> object:
        with house.reading() as reading:
            return participants.page(reading, dialogue, after=after, limit=PAGE)

    def signed() -> object:
        with house.reading() as reading:
            return signatories.page(reading, named(dialogue, "P1"), limit=PAGE)

    floor = in_clear(folder)
    for name, read in (("participants", people), ("signatories", signed)):
        clear = unsealed(house, read)
        best = {"opened": 9.0, "the same read, values at hand": 9.0, "five columns of a table in clear": 9.0}
        for _ in range(TURNS):
            best["opened"] = min(best["opened"], spent(read))
            took = clear()
            assert isinstance(took, float)
            best["the same read, values at hand"] = min(best["the same read, values at hand"], took)
            bare = "five columns of a table in clear"
            best[bare] = min(best[bare], spent(floor))
        opened = best["opened"]
        for what, took in best.items():
            print(f"{PAGE} {name}, {what}: {took * 1000:.2f} ms; opened is {opened / took:.2f} x")


def acts(house: Secretariat, dialogue: UUID) -> None:
    """The same act with five sealed fields and with none: of somebody who is there, and of somebody new, for whom a
    key is made besides.
    """
    office, who = named(dialogue, "N2"), named(dialogue, "N9")
    orders = ("family-first", "given-first")
    kinds = ("a correction without", "a correction with five", "an invitation without", "an invitation with five")
    best = dict.fromkeys(kinds, (9.0, 9.0))
    for number in range(PEOPLE, PEOPLE + 4 * TURNS):
        values = {name: Personal(f"{name} {number}") for name in ("name", "family", "given", "forms", "email")}
        put = (
            CorrectParticipant(who, "spelling", order=orders[number % 2]),
            CorrectParticipant(who, "spelling", **values),
            Invite(("addressee",), body=f"Committee {number}"),
            invitation(number),
        )
        for what, command in zip(kinds, put, strict=True):
            begun = time.perf_counter()
            own = spent(lambda command=command: act(house, dialogue, command, office))
            best[what] = min(best[what][0], own), min(best[what][1], time.perf_counter() - begun)
    for without, sealed in (kinds[:2], kinds[2:]):
        for clock, one, other in zip(("own time", "by the clock"), best[sealed], best[without], strict=True):
            print(f"{sealed} sealed fields, {clock}: {one * 1000:.2f} ms, {one / other:.2f} x one without")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        house = installation(Path(made))
        dialogue = furnished(house)
        pages(house, dialogue, Path(made))
        acts(house, dialogue)
        house.close()
