"""Checkpoints and what others add to them: the attestations of a dialogue's log, kept beside its entries.

design.md, "The ledger": attestations are kept and never replaced. A checkpoint is kept as the log signed it;
cosignatures are kept as the signature lines that they are, and timestamps (RFC 3161) as the replies that came.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from dialogue.checkpoint import read_checkpoint, sign_checkpoint
from dialogue.cosignature import WitnessKey, add_cosignatures
from dialogue.fact import Entry, Refused, Unknown
from dialogue.policy import BadPolicy, Policy
from dialogue.proof import Proof
from dialogue.record import Damaged, Rows
from dialogue.witness import Request
from projections import ledger
from projections.log_keys import in_use, read_secret, signer_of

if TYPE_CHECKING:
    from projections.secretariat import Secretariat

PAGE = 1000


def make_checkpoint(secretariat: Secretariat, dialogue: UUID) -> bytes:
    """Signs the head of the dialogue's log and keeps the checkpoint. Returns the note.

    Raises Refused without the key that the record names, or while a standby lacks entries; Damaged where the
    tree does not grow from the one that was signed last.
    """
    secret = read_secret(secretariat.log_key_file) if secretariat.log_key_file else None
    if secret is None:
        raise Refused("no-key", "there is no key to sign with; `dialogue keys new` makes one")
    rows = secretariat.record.rows
    last = latest(rows, dialogue)
    with secretariat.reading() as reading:
        head = ledger.head(reading, dialogue)
        if last is not None:
            signed = read_checkpoint(last)
            if signed.size > head.size or ledger.root(reading, dialogue, signed.size) != signed.root:
                raise Damaged(f"the record is not the one whose first {signed.size} entries were signed; find out why")
    signer = signer_of(secret, head.origin)
    known = in_use(secretariat, dialogue)
    if known is None:
        raise Refused("key-unknown", "this record does not name its key yet; `dialogue keys introduce` records it")
    if known != str(signer.key):
        raise Refused("other-key", "the key in the key file is not the one that this record names; restore that one")
    if not rows.settled():
        raise Refused("unsettled", "the standbys are asynchronous and may lack entries; make one synchronous first")
    note = sign_checkpoint(head, signer)
    rows.attest(dialogue, head.size, "checkpoint", note)
    return note


def due(secretariat: Secretariat, dialogue: UUID, entries: Sequence[Entry]) -> None:
    """Makes a checkpoint where these new entries reach the next multiple of so many. They are recorded already,
    so a key that is missing or not introduced yet is no failure here.
    """
    every = secretariat.checkpoint_every
    if not every or not entries:
        return
    if entries[-1].number // every > (entries[0].number - 1) // every:
        try:
            make_checkpoint(secretariat, dialogue)
        except Refused:
            return


def latest(rows: Rows, dialogue: UUID, least: int = 1) -> bytes | None:
    """The last checkpoint with its cosignatures; None where there is none of at least so many entries."""
    size = rows.last_attested(dialogue, "checkpoint")
    return None if size < least else cosigned(rows, dialogue, size)


def cosigned(rows: Rows, dialogue: UUID, size: int) -> bytes:
    """The checkpoint of so many entries, with the cosignatures that came. Raises Unknown."""
    notes = rows.attestations(dialogue, "checkpoint", size, size, 1)
    if not notes:
        raise Unknown(f"checkpoint of {size} entries")
    return notes[0][1] + b"".join(body for _, body in rows.attestations(dialogue, "cosignature", size, size, PAGE))


def checkpoints(rows: Rows, dialogue: UUID, stop: int) -> Iterator[tuple[int, bytes]]:
    """(size, note with its cosignatures) of every checkpoint of up to `stop` entries, a page at a time."""
    start = 1
    while page := rows.attestations(dialogue, "checkpoint", start, stop, PAGE):
        for size, _ in page:
            yield size, cosigned(rows, dialogue, size)
        start = page[-1][0] + 1


def add_answer(rows: Rows, dialogue: UUID, size: int, answer: bytes, witnesses: Sequence[WitnessKey]) -> list[str]:
    """Keeps what known witnesses cosigned in the answer; their names. Raises Unknown, and BadNote for a bad one."""
    note = cosigned(rows, dialogue, size)
    lines = add_cosignatures(note, answer, witnesses)[len(note) :].decode().splitlines(keepends=True)
    for line in lines:
        rows.attest(dialogue, size, "cosignature", line.encode())
    return [line.split(" ")[1] for line in lines]


def request(secretariat: Secretariat, dialogue: UUID, old: int) -> Request:
    """What a witness is asked that last cosigned a tree of `old` entries. Raises Unknown without a checkpoint."""
    note = latest(secretariat.record.rows, dialogue, old)
    if note is None:
        raise Unknown(f"checkpoint of {old} entries or more; `dialogue checkpoint` makes one")
    with secretariat.reading() as reading:
        proof = ledger.consistency(reading, dialogue, old, read_checkpoint(note).size)
    return Request(old, tuple(proof), note)


def prove(secretariat: Secretariat, dialogue: UUID, entry: int) -> Proof:
    """The proof that the entry stands in the log, under the last checkpoint that covers it.

    Raises Unknown where no checkpoint does.
    """
    note = latest(secretariat.record.rows, dialogue, entry)
    if note is None:
        raise Unknown(f"checkpoint that covers entry {entry} yet; `dialogue checkpoint` makes one")
    head = read_checkpoint(note)
    with secretariat.reading() as reading:
        return Proof(entry - 1, tuple(ledger.inclusion(reading, dialogue, entry, head.size)), note)


def timestamps(rows: Rows, dialogue: UUID, size: int) -> Iterator[tuple[str, bytes]]:
    """(name, RFC 3161 reply) of the timestamps on the checkpoint of so many entries."""
    for _, reply in rows.attestations(dialogue, "timestamp", size, size, PAGE):
        yield f"{size}-{sha256(reply).hexdigest()}.tsr", reply


def keep_policy(rows: Rows, dialogue: UUID, size: int, policy: bytes) -> None:
    """Keeps whom the dialogue proposes to trust, from this size on. Raises Refused for what is no policy."""
    try:
        Policy.parse(policy)
    except BadPolicy as error:
        raise Refused("unfit", str(error)) from error
    rows.attest(dialogue, size, "policy", policy)


def policy(rows: Rows, dialogue: UUID, size: int) -> bytes | None:
    """The policy that was kept last, up to this size."""
    last = min(rows.last_attested(dialogue, "policy"), size)
    found = rows.attestations(dialogue, "policy", last, last, PAGE)
    return found[-1][1] if found else None
