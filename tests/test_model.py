"""Random histories over all commands, held against an independent model at every entry.

`Kept` has them in a whole installation with its stores and views, `Folded` on folded states alone, which is cheap,
and so goes further. DIALOGUE_LONG=1 makes both run for long, and each time on other histories.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import rule
from sqlalchemy import select

from asking import fresh
from deliberation import SEEDS, Deliberation
from dialogue import releasing
from dialogue.acts import COMMANDS, act
from dialogue.document import Document
from dialogue.endorsement import Endorsement
from dialogue.envelope import from_leaf, to_leaf
from dialogue.fact import OPERATOR, Command, Conflict, Entry, Moment, Refused, named
from dialogue.history import History
from dialogue.proposal import Proposal
from dialogue.shape import encode
from model import Model, Told, told
from projections import readiness, signatories
from projections.founding import found, open_installation
from projections.read import Reading
from projections.secretariat import Secretariat
from projections.settings import load
from spec import CAST

LONG = bool(os.environ.get("DIALOGUE_LONG"))
MEMORY = Path("/dev/shm")  # where files are fastest, on machines that have it


class Folded(Deliberation):
    """On folded states alone: the rules and their folding, without any store."""

    def __init__(self) -> None:
        super().__init__()
        self.history = History(self.dialogue, f"tests.example/{self.dialogue}")
        self.refolded = History(self.dialogue, self.history.source)
        self.head: datetime | None = None

    def words(self, digest: str) -> str:
        return self.history.texts[digest]

    def perform(self, command: Command, moment: Moment) -> list[Entry]:
        backdated = self.head is not None and moment.time < self.head and moment.basis is None
        if backdated or moment.time > moment.recorded:
            raise Refused("clock", "the record itself refuses such a time")
        tried, again = self.history.copy(), self.history.copy()
        entries = act(command, tried, moment)
        repeated = replace(moment, draw=fresh(named(self.dialogue, moment.act)))
        assert act(command, again, repeated) == entries, "the same act on the same history is decided alike"
        assert tried.head == self.history.head + len(entries), "what is decided is all that is applied"
        self.history = tried
        for entry in entries:
            leaf = to_leaf(entry)
            self.refolded.apply(from_leaf(leaf))
            self.leaves.append(leaf)
            self.law.take(leaf)
        for kind, id in {moved for entry in entries for moved in entry.moves()}:
            assert self.refolded.at(kind, id) == tried.at(kind, id), "folded from bytes as it was decided"
        self.head = moment.recorded if entries else self.head
        return entries

    def teardown(self) -> None:
        for history in (self.history, self.refolded):
            for id in self.model.ids("endorsement"):
                state = history.one(Endorsement, UUID(id))
                subject = self.model.endorsement(id)["subject"]
                kind = Proposal if state.proposal else Document
                assert state.standing(history.one(kind, UUID(subject)).versions) == self.model.standing(id)
            for kind, noun in ((Proposal, "proposal"), (Document, "document")):
                for id in self.model.ids(noun):
                    state, row = history.one(kind, UUID(id)), getattr(self.model, noun)(id)
                    for name in ("call", "decision", "notice_until", "opened", "closes", "signing"):
                        assert encode(getattr(state, name)) == row[name], f"{noun} {name}"


class Kept(Deliberation):
    """In a whole installation: every view is held against the model at every entry."""

    founded: Path | None = None  # an installation in which nothing has happened, to copy

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="dialogue-model-", dir=MEMORY if MEMORY.is_dir() else None))
        self.secretariat = self.installation("kept")
        self.lookouts = [sqlite3.connect(self.folder / "kept" / f"{name}.db") for name in STORES]
        self.elsewhere = UUID("d1a10900-0000-4000-8000-00000000000e")
        self.folded = History(self.dialogue, f"tests.example/{self.dialogue}")
        self.last: tuple[Command, Moment, list[Entry]] | None = None
        people = tuple(CAST.values())
        self.other(COMMANDS["ProposeDialogue"]("Another Dialogue", officers=people), OPERATOR)

    def installation(self, name: str) -> Secretariat:
        """A new installation, opened, with the clock of this history."""
        assert Kept.founded is not None
        shutil.copytree(Kept.founded / "data", self.folder / name)
        shutil.copy(Kept.founded / "master.key", self.folder)
        secretariat = open_installation(chosen(self.folder / name))
        secretariat.clock = secretariat.record.clock = lambda: self.now
        return secretariat

    def words(self, digest: str) -> str:
        content = self.secretariat.record.rows.text(digest)
        assert content is not None, "every text is kept with the fact that names it"
        return content.decode()

    def other(self, command: Command, actor: UUID) -> None:
        """Something happens in another dialogue of the same record."""
        self.secretariat.execute(self.elsewhere, command, self.secretariat.moment(actor))

    def perform(self, command: Command, moment: Moment) -> list[Entry]:
        before = self.seen()
        try:
            entries = self.secretariat.execute(self.dialogue, command, moment)
        except (Refused, Conflict):
            assert self.seen() == before, "a refused act leaves nothing behind, in no store"
            raise
        if not entries:
            assert self.seen() == before, "an act that changes nothing leaves nothing behind, in no store"
            return []
        leaves = list(self.secretariat.record.leaves(self.dialogue))
        assert leaves[: len(self.leaves)] == self.leaves, "rule 10: what was recorded stays as it was"
        assert leaves[len(self.leaves) :] == [to_leaf(entry) for entry in entries]
        self.last = command, moment, entries
        for leaf in leaves[len(self.leaves) :]:
            assert to_leaf(from_leaf(leaf)) == leaf, "a leaf is written again as it was read"
            self.leaves.append(leaf)
            self.law.take(leaf)
            self.folded.apply(from_leaf(leaf))
            self.folded.texts |= {text: self.words(text) for text in named_texts(told(leaf))}
            if len(self.leaves) > len(CAST):  # all of them come in one act with the form
                with self.secretariat.reading(len(self.leaves)) as reading:
                    assert_shown(reading, self.model)
                    self.assert_publishing(reading)
        return entries

    def seen(self) -> list[int]:
        """What changes as soon as anything is written to any of the stores."""
        return [store.execute("PRAGMA data_version").fetchone()[0] for store in self.lookouts]

    @rule(seed=SEEDS)
    def the_same_act_is_put_again(self, seed: int) -> None:
        """An act's id gives the same answer again, and is good for nothing else."""
        dice = Random(seed)
        if self.last is None:
            return
        command, moment, entries = self.last
        before = self.seen()
        self.now += timedelta(hours=dice.choice((0, 1)))
        again = replace(moment, recorded=self.now, time=self.now if moment.time == moment.recorded else moment.time)
        answer = self.secretariat.execute(self.dialogue, command, again)
        assert list(map(to_leaf, answer)) == list(map(to_leaf, entries))
        if not self.model.typed["ErasureConfirmed"]:  # what was asked for is forgotten with who asked for it
            with pytest.raises(Conflict):
                self.secretariat.execute(self.dialogue, COMMANDS["SendRegrets"]("something else"), again)
        if type(command) is not COMMANDS["ConfirmErasure"]:  # which is carried out again, should it be cut short
            assert self.seen() == before

    @rule()
    def something_happens_elsewhere(self) -> None:
        self.other(COMMANDS["SubmitProposal"]("Elsewhere", "Another text."), named(self.elsewhere, "N5"))

    @rule(seed=SEEDS)
    def the_views_are_made_anew(self, seed: int) -> None:
        dice = Random(seed)
        if dice.randrange(4) == 0:
            self.secretariat.rebuild()

    def teardown(self) -> None:
        try:
            self.check()
        finally:
            for store in self.lookouts:
                store.close()
            self.secretariat.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def check(self) -> None:
        if not self.leaves:
            return
        with self.secretariat.reading() as reading:
            assert_shown(reading, self.model, whole=True)
            assert not reading.conn.execute(select(reading.t.broken)).all()
        assert self.secretariat.compare() == [], "the views are what a rebuild makes of the record"
        self.replay()

    def assert_publishing(self, reading: Reading) -> None:
        """Whoever asks whether an edition may be published is told by the rules what the recorder would be."""
        for id in map(UUID, self.model.ids("document")):
            state = self.folded.one(Document, id)
            if state.versions is not None:
                row = reading.one(reading.t.documents, id, "document")
                assert readiness.candidate(reading, row) == releasing.candidate(state, self.folded)

    def replay(self) -> None:
        """As of an entry the views read as those of an installation in which nothing more ever happened."""
        alone, model, size = self.installation("alone"), Model(self.words), len(self.leaves)
        try:
            for prefix in sorted({size // 3, self.acts * 7919 % size, size} - {0}):
                for leaf in self.leaves[len(model.facts) : prefix]:
                    model.take(leaf)
                copy_record(self.folder / "kept", self.folder / "alone", self.dialogue, prefix)
                alone.catch_up()
                with self.secretariat.reading(prefix) as reading, alone.reading() as other:
                    assert until(reading, self.dialogue, prefix) == until(other, self.dialogue, prefix)
                    assert_shown(reading, model)
        finally:
            alone.close()


STORES = ("record", "vault", "keys", "views")
LISTED = {
    "dialogue": "dialogues", "participant": "participants", "meeting": "meetings", "session": "sessions",
    "attendance": "attendance", "proposal": "proposals", "sponsorship": "sponsorships", "amendment": "amendments",
    "comment": "comments", "call": "calls", "position": "positions", "statement": "statements", "ruling": "rulings",
    "joint": "joints", "endorsement": "endorsements", "document": "documents", "circulation": "circulations",
    "receipt": "answers", "response": "answers",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _founded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """An installation in which nothing has happened: to copy one is faster than to found one."""
    Kept.founded = tmp_path_factory.mktemp("founded")
    found(chosen(Kept.founded / "data"))
    open_installation(chosen(Kept.founded / "data")).close()


def chosen(data: Path) -> Any:
    return load({}, {"DIALOGUE_DATA": str(data), "DIALOGUE_MASTER_KEY_FILE": str(data.parent / "master.key")})


def named_texts(fact: Told) -> Iterator[str]:
    """The digests of the texts that a fact names."""
    for name in ("text", "preamble"):
        if name in fact:
            yield fact[name]


def assert_shown(reading: Reading, model: Model, *, whole: bool = False) -> None:
    """Every view shows what the model says; with `whole`, also that there is nothing where it says nothing."""
    dialogue = UUID(model.facts[0]["@dialogue"])
    for kind, expected in model.tables().items():
        if not expected and not whole:
            continue
        table = getattr(reading.t, LISTED[kind])
        rows = {row["id"]: row for row in reading.listed(table, kind, dialogue, limit=1000)}
        assert rows.keys() == expected.keys(), f"{kind}: other things are listed"
        for id, row in expected.items():
            shown = {name: rows[id][name] for name in row}
            assert shown == row, f"{kind} {id} as of {len(model.facts)}"
    for table, field, number, texts in (
        (reading.t.texts, "subject", "version", {id: model.text(id) for id in model.ids("proposal")}),
        (reading.t.editions, "document", "edition", {id: model.editions(id) for id in model.ids("document")}),
    ):
        query = select(table).where(table.c.dialogue == str(dialogue), table.c.entry <= reading.bound(dialogue))
        found = {(row[field], row[number]): row for row in reading.conn.execute(query).mappings()}
        expected = {(id, version): row for id, versions in texts.items() for version, row in versions.items()}
        assert found.keys() == expected.keys()
        for key, row in expected.items():
            assert {name: found[key][name] for name in row} == row, f"{field} {key}"
    table = reading.t.timeline
    query = select(table).where(table.c.dialogue == str(dialogue), table.c.entry <= reading.bound(dialogue))
    lines = {row["entry"]: row for row in reading.conn.execute(query).mappings()}
    for entry, line in model.timeline().items():
        assert {name: lines[entry][name] for name in line} == line, f"entry {entry}"
    for subject in {model.endorsement(id)["subject"] for id in model.ids("endorsement")}:
        page = signatories.page(reading, UUID(subject), limit=1000)
        shown = {one["id"]: one["standing"] for one in page.items}
        assert shown == {id: model.standing(id) for id in model.signatures(subject)}, "rule 1"


def until(reading: Reading, dialogue: UUID, size: int) -> dict[str, list[Any]]:
    """All rows of a dialogue's views that came with its first entries."""
    rows = {}
    for table in reading.t.every():
        name = table.name.removesuffix(f"_{reading.t.generation}")
        column = next((table.c[one] for one in ("from_entry", "entry") if one in table.c), None)
        if column is not None and name not in ("heads", "broken"):
            query = select(table).where(table.c.dialogue == str(dialogue), column <= size)
            rows[name] = [dict(row) for row in reading.conn.execute(query.order_by(*table.primary_key)).mappings()]
    return rows


def copy_record(kept: Path, alone: Path, dialogue: UUID, size: int) -> None:
    """The first entries of one dialogue, and the texts, into another record."""
    columns = "originator_id, originator_version, topic, state, dialogue, entry, act, n"
    with contextlib.closing(sqlite3.connect(alone / "record.db")) as conn, conn:
        conn.execute("ATTACH ? AS kept", (str(kept / "record.db"),))
        conn.execute(
            f"INSERT INTO stored_events ({columns}) SELECT {columns} FROM kept.stored_events"
            " WHERE dialogue = ?1 AND entry <= ?2"
            " AND entry > (SELECT coalesce(max(entry), 0) FROM main.stored_events) ORDER BY entry",
            (dialogue.hex, size),
        )
        conn.execute("INSERT INTO texts SELECT * FROM kept.texts WHERE sha256 NOT IN (SELECT sha256 FROM main.texts)")


def tried(machine: type[Deliberation], examples: int, steps: int) -> Any:
    """The machine as a test of so many histories of so many steps: the same ones each time, unless run for long."""
    case = machine.TestCase
    case.settings = settings(
        max_examples=examples * (50 if LONG else 1),
        stateful_step_count=steps,
        derandomize=not LONG,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    return case


TestTheFoldedStatesAndTheModelAgree = tried(Folded, 50, 30)
TestTheViewsAndTheModelAgree = tried(Kept, 12, 12)


def test_every_command_may_be_asked() -> None:
    asked = (Path(__file__).parent / "asking.py").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f'"{name}"' not in asked and name != "ProposeDialogue"] == []
