"""A dialogue's record brought in from an export: audited first, then taken in whole or not at all.

Leaves, checkpoints and cosignatures stay as they are, and so do all roots and proofs. The record is then read here
like any other, as far as the export discloses what is sealed; nothing is recorded in it until it is taken over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from dialogue.adopted import IMPORTED, Adopted, Adopting, Attested
from dialogue.archive import WHOLE, chunks, lines, opened, read
from dialogue.audit import Report
from dialogue.endorsement import EndorsementGiven
from dialogue.envelope import from_leaf
from dialogue.erasure import ErasureConfirmed, MoreErased
from dialogue.exported import TEXT, TIMESTAMP, Exported, as_signed, audit_export
from dialogue.fact import OPERATOR, Entry, Refused
from dialogue.keys import TakeOverRecord
from dialogue.merkle import Frontier, leaf_hash
from dialogue.policy import Policy
from dialogue.record import Damaged
from dialogue.vault import Seal, disclosure_digest, unpadded
from projections import ledger
from projections.forgetting import forget_again
from projections.log_keys import keepers, signer_of

if TYPE_CHECKING:
    from projections.secretariat import Secretariat

ENTRIES = 5_000_000
BYTES = 16 * 1024**3
AT_ONCE = 500  # disclosures kept together


def import_record(
    secretariat: Secretariat, path: Path, kept: Sequence[bytes] = (), policy: Policy | None = None
) -> Report:
    """Takes in the export at this path, if its audit finds nothing wrong; the audit's report.

    Raises Damaged where something is wrong, Refused where the dialogue is here already, or the export too large.
    """
    if path.is_file() and path.stat().st_size > BYTES:
        raise Refused("too-large", f"an export of more than {BYTES} bytes is not taken in")
    report = audit_export(path, kept, policy)
    if report.fault is not None:
        raise Damaged(f"nothing was imported, for the record is not in order: {report.fault}")
    dialogue = UUID(report.dialogue)
    if secretariat.record.rows.last(dialogue) is not None:
        raise Refused("exists", "this dialogue is here already; its record is not imported again")
    if report.size > ENTRIES:
        raise Refused("too-large", f"a record of more than {ENTRIES} entries is not taken in")
    coming = Coming(path, report)
    seals = coming.seals()
    while some := list(islice(seals, AT_ONCE)):
        secretariat.custody.keep(dialogue, {}, some)
    coming_to = cast(Adopting, secretariat.record.rows)
    coming_to.adopt(dialogue, coming.events(), coming.texts(), coming.attested())
    forget_again(secretariat)  # before anything of it is shown
    secretariat.catch_up()
    return report


class Coming:
    """What stands in an export that was audited. Raises Damaged where it is not that export any more."""

    def __init__(self, path: Path, report: Report) -> None:
        self.files = opened(path)
        self.report = report

    def events(self) -> Iterator[Adopted]:
        tree, act, place = Frontier(), None, 0
        for leaf in lines(self.files, "entries.jsonl"):
            tree.append(leaf_hash(leaf))
            entry = from_leaf(leaf)
            place = place + 1 if entry.act == act else 1
            act = entry.act
            topic = type(entry.fact).__name__
            yield Adopted(entry.stream, entry.version, topic, leaf, entry.number, act, place)
        if (tree.size, tree.root()) != (self.report.size, self.report.root):
            raise Damaged("nothing was imported, for the file was changed while it was read")

    def texts(self) -> Iterator[tuple[str, bytes]]:
        for name in self.files.sizes:
            if match := TEXT.fullmatch(name):
                yield match[1], b"".join(chunks(self.files, name))

    def attested(self) -> Iterator[Attested]:
        for size, note in Exported(self.files).checkpoints():
            yield size, "checkpoint", as_signed(note)
            for line in note.splitlines(keepends=True)[5:]:
                yield size, "cosignature", line
        for name in self.files.sizes:
            if match := TIMESTAMP.fullmatch(name):
                yield int(match[1]), "timestamp", read(self.files, name)
        if "policy" in self.files.sizes:
            yield self.report.size, "policy", read(self.files, "policy")
        yield 0, IMPORTED, str(self.report.size).encode()

    def seals(self) -> Iterator[Seal]:
        """What the export discloses, each value under the participant whose it is; but nothing that was erased."""
        people, erased = self.erased()
        leaves = enumerate(lines(self.files, "entries.jsonl"), start=1)
        number, leaf = 0, b""
        signers: dict[UUID, UUID] = {}
        for line in lines(self.files, "disclosures.jsonl", WHOLE):
            shown = json.loads(line)
            while number < shown["entry"]:
                number, leaf = next(leaves)
                if b'"EndorsementGiven"' in leaf and isinstance(fact := from_leaf(leaf).fact, EndorsementGiven):
                    signers[fact.endorsement] = fact.participant
            _, name, value = json.loads(unpadded(shown["disclosure"]))
            owner = about(from_leaf(leaf), name, value, signers)
            digest = disclosure_digest(shown["disclosure"])
            if owner not in people and digest not in erased:
                yield Seal(digest, owner, shown["disclosure"])

    def erased(self) -> tuple[set[UUID], set[str]]:
        """Who is forgotten, and the digests that the record lists in clear as erased."""
        people: set[UUID] = set()
        digests: set[str] = set()
        for leaf in lines(self.files, "entries.jsonl"):
            if b'"type":"ErasureConfirmed"' in leaf or b'"type":"MoreErased"' in leaf:
                fact = from_leaf(leaf).fact
                assert isinstance(fact, ErasureConfirmed | MoreErased)
                digests.update(fact.digests)
                if isinstance(fact, ErasureConfirmed):
                    people.add(fact.participant)
        return people, digests


def about(entry: Entry, name: str, value: str, signers: Mapping[UUID, UUID]) -> UUID:
    """Whose the personal value of that name in an entry is. `signers` are the owners of signatures."""
    fact = entry.fact
    if name == "attendee":
        with suppress(ValueError):  # whoever made the export may have written something else there
            return UUID(value)
    if isinstance(fact, ErasureConfirmed):
        return entry.dialogue
    owner = getattr(fact, "participant", None) or signers.get(getattr(fact, "endorsement", None) or entry.stream)
    return owner if isinstance(owner, UUID) and name != "evidence" else entry.actor or entry.dialogue


def take_over(secretariat: Secretariat, dialogue: UUID, secret: bytes) -> None:
    """Goes on with an imported record, in the name of its one secretariat, under this installation's key.

    Raises Refused.
    """
    if cast(Adopting, secretariat.record.rows).brought(dialogue) is None:
        raise Refused("not-imported", "this record was not imported, or has been taken over already")
    with secretariat.reading() as reading:
        key = str(signer_of(secret, ledger.origin(reading, dialogue)).key)
        people = keepers(reading, dialogue)
    if len(people) != 1:
        raise Refused("no-secretariat", "this dialogue has not exactly one secretariat; let one of them take it over")
    command = TakeOverRecord(key, secretariat.record.origin)
    secretariat.execute(dialogue, command, secretariat.moment(people[0], recordedby=OPERATOR))
