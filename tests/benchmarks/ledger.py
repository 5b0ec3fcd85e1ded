"""What the ledger costs: `PYTHONPATH=.:tests:tests/benchmarks python tests/benchmarks/ledger.py [FACTS]`, a million
by default.

Ratios within one run: auditing an export against reading it with sha256sum and parsing its lines as JSON, by the clock
and in time of the processor; an act with the ledger's rows against the same act without them, in turn.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from acts import installation

from dialogue.acts import act
from dialogue.archive import Folder, pack, sums
from dialogue.checkpoint import Checkpoint, sign_checkpoint
from dialogue.comment import DisposeComment, MakeComment
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.envelope import to_leaf
from dialogue.exported import FORMAT, about_file, audit_export
from dialogue.fact import OPERATOR, Command, Personal, Text, named
from dialogue.keys import IntroduceLogKey
from dialogue.mandate import ProposeDialogue
from dialogue.mandate import Settings as Terms
from dialogue.merkle import Frontier, inclusion_proof, leaf_hash, root, verify_inclusion
from dialogue.participant import Invite
from dialogue.policy import format_policy
from dialogue.tiles import TileWriter
from dialogue.vault import seal_entry
from exports import ORIGIN, SIGNER
from projections import ledger
from projections.ledger import StoredHashes
from projections.schema import Tables
from projections.stores import sqlite_engine
from spec import DIALOGUE, Did, given, thing


def acts(facts: int) -> Iterator[tuple[Command, str]]:
    """A long deliberation: many comments, answered; texts revised; one text open for signature, signed by the last."""
    yield IntroduceLogKey(str(SIGNER.key)), "Office"
    proposal, comment = 0, 0
    for number in range(facts):
        if number % 100 == 0:
            proposal += 1
            yield SubmitProposal(f"Item {proposal}", f"Do thing {proposal}.\n\nAnd report on it."), "Tuya"
        elif number % 10 == 5:
            yield DisposeComment(thing(f"C{comment}"), "noted", "Taken up in the next version."), "Rin"
        elif number % 50 == 7:
            words = f"Do thing {proposal} by year {number}.\n\nAnd report on it."
            yield ReviseProposal(thing(f"P{proposal}"), words), "Tuya"
        else:
            comment += 1
            words = f"Remark {comment}: what of the surveys that were made upstream, and who keeps what they found?"
            yield MakeComment(words, proposal=thing(f"P{proposal}")), ("Pavel", "Seoyun", "Maral")[number % 3]


def write(facts: int, folder: Path) -> int:
    """An export of so many facts; how many entries it has."""
    story, tiles = given(), TileWriter()
    keys, texts = "", set()
    (folder / "texts").mkdir(parents=True)
    with (folder / "entries.jsonl").open("wb") as out:

        def keep(entry: object) -> None:
            nonlocal keys
            closed, _ = seal_entry(entry, None, lambda: bytes(16))  # type: ignore[arg-type]
            leaf = to_leaf(closed)
            out.write(leaf + b"\n")
            for name, content in tiles.append(leaf):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
            if type(closed.fact).__name__ == "LogKeyIntroduced":
                keys = f"{closed.number} {SIGNER.key}\n"
            for value in vars(closed.fact).values():
                if isinstance(value, Text) and value.sha256 not in texts:
                    texts.add(value.sha256)
                    (folder / "texts" / value.sha256).write_bytes(story.history.texts[value.sha256].encode())

        for entry in story.entries:
            keep(entry)
        for command, name in acts(facts):
            for entry in act(command, story.history, story.moment(Did(name, command))):
                keep(entry)
    size = story.history.head
    files = dict(tiles.finish())
    note = sign_checkpoint(Checkpoint(ORIGIN, size, tiles.frontier.root()), SIGNER)
    told = {"audience": "tests", "dialogue": str(DIALOGUE), "disclosures": 0, "format": FORMAT, "origin": ORIGIN}
    files |= {
        "README.md": b"Invented.\n",
        "about.json": about_file({**told, "size": size}),
        "checkpoint": note,
        f"checkpoints/{size}": note,
        "disclosures.jsonl": b"",
        "keys": keys.encode(),
        "policy": format_policy([SIGNER.key], {}, 0),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "SHA256SUMS").write_bytes(b"".join(sums(Folder(folder), without="SHA256SUMS")))
    return size


def spent() -> tuple[float, float, float]:
    """The clock's time, and the processor's for this process and for those that it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), time.process_time(), children.ru_utime + children.ru_stime


def timed(label: str, work: object) -> tuple[float, float, float]:
    before = spent()
    found = work()  # type: ignore[operator]
    wall, own, others = (now - then for now, then in zip(spent(), before, strict=True))
    print(f"{label:<40}{wall:>9.2f} s   processor {own:.2f} s here, {others:.2f} s in another process   {found}")
    return wall, own, others


def proofs(size: int, folder: Path) -> None:
    """Inclusion in a stored tree of so many leaves, proved and verified, each a thousand times."""
    engine = sqlite_engine(folder / "views.db", "NORMAL")
    tables, tree = Tables("a"), Frontier()
    with engine.begin() as conn:
        tables.hashes.create(conn)
        for start in range(0, size, 10_000):
            rows = [
                {"dialogue": str(DIALOGUE), "level": level, "index": index, "hash": digest}
                for number in range(start, min(start + 10_000, size))
                for level, index, digest in tree.append(leaf_hash(b"%d" % number))
            ]
            conn.execute(tables.hashes.insert(), rows)
    dice = random.Random(1)
    indices = [dice.randrange(size) for _ in range(1000)]
    with engine.connect() as conn:
        stored = StoredHashes(conn, tables, DIALOGUE)
        assert root(size, stored) == tree.root()
        started = time.perf_counter()
        found = [inclusion_proof(index, size, stored) for index in indices]
        made = time.perf_counter() - started
        started = time.perf_counter()
        for index, proof in zip(indices, found, strict=True):
            verify_inclusion(leaf_hash(b"%d" % index), index, size, proof, tree.root())
        verified = time.perf_counter() - started
    print(f"an inclusion proof among {size} entries: made in {made:.2f} ms, verified in {verified:.3f} ms")


def appended(folder: Path) -> None:
    """The ledger's share of an act: the least time of many short runs with its rows and without, in turn."""
    house, project = installation(folder / "data"), ledger.project
    dialogues = {"with": uuid4(), "without": uuid4()}
    least = dict.fromkeys(dialogues, float("inf"))
    officers = (Invite(("secretariat",), body="Secretariat"), Invite(("co-chair",), name=Personal("CHAIR One")))
    form = ProposeDialogue("A benchmark", officers=officers, settings=Terms(chairs="any"))
    for dialogue in dialogues.values():
        house.execute(dialogue, form, house.moment(OPERATOR))
        house.execute(dialogue, SubmitProposal("A title", "Some words."), house.moment(named(dialogue, "N2")))
    for turn in range(80):
        for name, dialogue in dialogues.items():
            ledger.project = project if name == "with" else lambda *_: None  # type: ignore[assignment]
            started = time.process_time()
            for number in range(20):
                comment = MakeComment(f"Comment {turn}.{number}.", proposal=named(dialogue, "P1"))
                house.execute(dialogue, comment, house.moment(named(dialogue, "N2")))
            least[name] = min(least[name], (time.process_time() - started) / 20)
    house.close()
    share = 1 - least["without"] / least["with"]
    print(f"an act takes {least['with'] * 1000:.2f} ms, of which the ledger {share:.1%}")


def main() -> None:
    facts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as made:
        folder, path = Path(made) / "e", Path(made) / "e.tar"
        size = write(facts, folder)
        with path.open("wb") as file:
            pack(folder, file)
        print(f"{size} entries, {path.stat().st_size / 1e6:.0f} MB")

        def parse() -> int:
            with (folder / "entries.jsonl").open("rb") as lines:
                return sum(1 for line in lines if json.loads(line))

        def plainly() -> str:
            return f"exit {subprocess.run(['sha256sum', path], capture_output=True, check=True).returncode}, {parse()}"

        plain = [timed("sha256sum, and parsing the lines as JSON", plainly)]
        took = timed("audit", lambda: audit_export(path).fault or "in order")
        plain += [timed("sha256sum, and parsing the lines as JSON", plainly)]
        wall, processor = min(one[0] for one in plain), min(one[1] + one[2] for one in plain)
        print(f"{took[0] / wall:.1f} times as long by the clock")
        print(f"{max(took[1:]) / processor:.1f} times the processor's time in the busier of the two processes")
        print(f"{sum(took[1:]) / processor:.1f} times the processor's time in both")
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
        print(f"at most {peak:.0f} MB of memory in either process, the writing included")
        proofs(facts, Path(made))
        appended(Path(made))


if __name__ == "__main__":
    main()
