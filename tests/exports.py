"""Exports in memory, honest and otherwise, for the audit's tests: an invented story, its leaves, its files.

    files = Show(story()).files()         # an honest export: names and contents
    write(files, path)                    # as one archive

Ids, salts, keys and times are fixed, so the same story gives the same bytes. `sealed` again after a change, an
export's sums hold, as they would if somebody who lies had made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import count
from pathlib import Path

from dialogue.amendment import AcceptAmendment, ProposeAmendment
from dialogue.archive import END, header
from dialogue.checkpoint import Checkpoint, sign_checkpoint
from dialogue.comment import MakeComment
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.cosignature import cosign
from dialogue.drafting import SubmitProposal
from dialogue.envelope import to_leaf
from dialogue.exported import FORMAT, about_file
from dialogue.fact import Entry, Fact, Personal, Text
from dialogue.issuing import DraftDocument, Group, IssueEdition, OpenForSignature, OrderItems
from dialogue.keys import IntroduceLogKey
from dialogue.merkle import Frontier, leaf_hash
from dialogue.note import Signer
from dialogue.policy import format_policy
from dialogue.signing import EnterReservation, GiveEndorsement
from dialogue.tiles import TileWriter
from dialogue.vault import seal_entry
from logs import NOON, WITNESSES, seed
from spec import DIALOGUE, Did, Story, did, given, hours, signature, thing

ORIGIN = f"tests.example/{DIALOGUE}"
SIGNER = Signer(ORIGIN, seed("the log of an export"))
P1, P2, Q1, D1 = (thing(handle) for handle in ("P1", "P2", "Q1", "D1"))
Files = dict[str, bytes]


def story() -> Story:
    """From the form to signatures: a text amended, decided, issued and signed, with a remark and a reservation."""
    return given(
        did("Office", IntroduceLogKey(str(SIGNER.key))),
        did("Tuya", SubmitProposal("Hotlines", "Open one hotline.\n\nОткрыть линию.\n\n회선을 연다.")),
        did("Pavel", SubmitProposal("Surveys", "Survey the rivers together.")),
        did("Seoyun", MakeComment("Which rivers?", proposal=P2)),
        did("Pavel", ProposeAmendment(P1, "Open two hotlines.\n\nОткрыть линию.\n\n회선을 연다.")),
        did("Rin", AcceptAmendment(thing("A1"), "substantive", "The number changes.")),
        did("Rin", CallConsensus(proposal=P1)),
        *(did(name, TakePosition(Q1, "agree")) for name in ("Rin", "Maral", "Tuya", "Pavel")),
        did("Seoyun", TakePosition(Q1, "agree"), hours(0.3), "email", "Office"),
        did("Rin", DeclareOutcome(Q1)),
        did("Office", DraftDocument("Recommendations on Quiet Waters", preamble="We, who met, recommend:")),
        did("Office", OrderItems(D1, (Group("Trust", (P1,)), Group("", (P2,))))),
        did("Office", IssueEdition(D1)),
        did("Rin", OpenForSignature(D1)),
        did("Tuya", GiveEndorsement(document=D1, publish=True, name=Personal("Tuya ENKH"))),
        did("Pavel", GiveEndorsement(document=D1, descriptor=Personal("Гидролог")), hours(0.5), "letter", "Office"),
        did("Tuya", EnterReservation(signature("Tuya", "D1"), "Two lines are few.", P1)),
        sessions="attributed",
    )


def lied(story: Story, fact: Fact, by: str = "Rin") -> Story:
    """The story with a fact that no rule was asked about."""
    after = story.copy()
    after.entries += after.history.extend([fact], after.moment(Did(by, None)))  # type: ignore[arg-type]
    return after


@dataclass
class Show:
    """What an export is made from; everything that a liar may want to change is a field."""

    story: Story
    sizes: Sequence[int] = ()
    signer: Signer = SIGNER
    shown: Sequence[str] = ()  # names of personal values that the audience may read
    salts: Iterable[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        salts = iter(self.salts)
        self.seals = []
        self.entries: list[Entry] = []
        for entry in self.story.entries:
            closed, seals = seal_entry(entry, None, lambda: sha256(b"%d" % next(salts)).digest()[:16])
            self.entries.append(closed)
            self.seals += [(closed.number, seal) for seal in seals]
        self.sizes = self.sizes or (20, len(self.entries))

    def leaves(self) -> list[bytes]:
        return [to_leaf(entry) for entry in self.entries]

    def files(self) -> Files:
        return files(
            self.leaves(),
            self.texts(),
            {size: self.checkpoint(size) for size in self.sizes},
            self.disclosures(),
        )

    def disclosures(self) -> list[tuple[int, str]]:
        by_digest = sorted(self.seals, key=lambda pair: (pair[0], pair[1].digest))
        return [(number, seal.disclosure) for number, seal in by_digest if seal.name_and_value[0] in self.shown]

    def texts(self) -> list[bytes]:
        found = {
            value.sha256: self.story.history.texts[value.sha256].encode()
            for entry in self.entries
            for value in vars(entry.fact).values()
            if isinstance(value, Text)
        }
        return list(found.values())

    def head(self, size: int) -> Checkpoint:
        tree = Frontier()
        for leaf in self.leaves()[:size]:
            tree.append(leaf_hash(leaf))
        return Checkpoint(self.signer.name, size, tree.root())

    def checkpoint(self, size: int) -> bytes:
        note = sign_checkpoint(self.head(size), self.signer)
        for witness in WITNESSES[:2]:
            note = cosign(note, witness, NOON)
        return note


def files(
    leaves: Sequence[bytes],
    texts: Iterable[bytes],
    checkpoints: dict[int, bytes],
    disclosures: Sequence[tuple[int, str]] = (),
    vkeys: Sequence[str] = (str(SIGNER.key),),
) -> Files:
    """The files of an export of these leaves, whatever they say."""
    covered = max(checkpoints, default=0)
    introduced = [
        f"{number} {vkey}\n" for number, leaf in enumerate(leaves, 1) for vkey in vkeys if vkey.encode() in leaf
    ]
    told = {"audience": "tests", "dialogue": str(DIALOGUE), "disclosures": len(disclosures), "format": FORMAT}
    made = {
        "README.md": b"Invented.\n",
        "about.json": about_file({**told, "origin": ORIGIN, "size": len(leaves)}),
        "entries.jsonl": b"".join(leaf + b"\n" for leaf in leaves),
        "disclosures.jsonl": b"".join(b'{"disclosure":"%s","entry":%d}\n' % (d.encode(), n) for n, d in disclosures),
        "keys": "".join(introduced).encode(),
        **{f"texts/{sha256(text).hexdigest()}": text for text in texts},
        **{f"checkpoints/{size}": note for size, note in checkpoints.items()},
    }
    if covered:
        tiles = TileWriter()
        for leaf in leaves[:covered]:
            made.update(tiles.append(leaf))
        made.update(tiles.finish())
        witnesses = {witness.name.partition("/")[2]: witness.key for witness in WITNESSES}
        made["policy"] = format_policy([SIGNER.key], witnesses, 2)
        made["checkpoint"] = checkpoints[covered]
    return sealed(made)


def sealed(made: Files) -> Files:
    """The files with sums that hold."""
    names = sorted(name for name in made if name != "SHA256SUMS")
    sums = "".join(f"{sha256(made[name]).hexdigest()}  {name}\n" for name in names)
    return {**made, "SHA256SUMS": sums.encode()}


def archive(made: Files) -> bytes:
    """The files as one archive."""
    parts = [
        part
        for name in sorted(made)
        for part in (header(name, len(made[name])), made[name], bytes(-len(made[name]) % 512))
    ]
    return b"".join([*parts, END])


def write(made: Files, path: Path) -> Path:
    path.write_bytes(archive(made))
    return path


def changed(leaf: bytes, old: bytes, new: bytes) -> bytes:
    assert leaf.count(old) == 1, (old, leaf)
    return leaf.replace(old, new)


def resigned(show: Show, **changes: object) -> Show:
    """The same with something changed, signed by the true key all the same."""
    return replace(show, **changes)  # type: ignore[arg-type]
