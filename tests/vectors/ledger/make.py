"""Writes the vectors of this folder anew: `PYTHONPATH=.:tests python tests/vectors/ledger/make.py`.

A file is named for its lie; `reasons.json` holds the sentence it must be refused with. Do not run this to
make a failing test pass: a stored vector that is suddenly accepted, or refused otherwise, is the finding.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from pathlib import Path

from dialogue.checkpoint import Checkpoint, sign_checkpoint
from dialogue.cosignature import WitnessSigner, cosign
from dialogue.merkle import EMPTY
from dialogue.note import Signer, sign
from dialogue.policy import format_policy
from logs import NOON, ORIGIN, WITNESSES, Log, seed

HERE = Path(__file__).parent
LOG, FORGED = Log(40), Log(40, word="forged")
STRANGER = Signer(ORIGIN, seed("stranger"))
INDEX, SIZE, KEPT, GROWN = 11, 20, 20, 33

honest = LOG.proof(INDEX, SIZE, WITNESSES[:2])
head = LOG.head(SIZE)
note = honest.checkpoint
policy = format_policy([LOG.signer.key], {w.name.partition("/")[2]: w.key for w in WITNESSES}, 2)
request = LOG.request(KEPT, GROWN)


def witnessed(checkpoint: Checkpoint, signer: Signer = LOG.signer) -> bytes:
    signed = sign_checkpoint(checkpoint, signer)
    for witness in WITNESSES[:2]:
        signed = cosign(signed, witness, NOON)
    return signed


def cosigned_text(text: str) -> bytes:
    signed = sign(text, LOG.signer)
    for witness in WITNESSES[:2]:
        signed = cosign(signed, witness, NOON)
    return signed


def damaged(note: bytes, line: int) -> bytes:
    """The last byte of one signature flipped, in canonical base64 still."""
    lines = note.decode().split("\n")
    start, _, encoded = lines[line].rpartition(" ")
    raw = bytearray(b64decode(encoded))
    raw[-1] ^= 1
    lines[line] = f"{start} {b64encode(raw).decode()}"
    return "\n".join(lines).encode()


def other_id(note: bytes, line: int) -> bytes:
    lines = note.decode().split("\n")
    start, _, encoded = lines[line].rpartition(" ")
    raw = b64decode(encoded)
    lines[line] = f"{start} {b64encode(bytes([raw[0] ^ 1]) + raw[1:]).decode()}"
    return "\n".join(lines).encode()


path = honest.path
file = honest.file()
text = head.text()
other_root = FORGED.head(SIZE).root
loose = text.replace("=\n", "\n")
small, large = LOG.head(SIZE - 1), LOG.head(SIZE)

PROOFS = {
    "honest": file,
    "with-extra": replace(honest, extra=b"invented").file(),
    "unknown-cosigner": replace(honest, checkpoint=cosign(note, WitnessSigner("w.example", seed("w")), NOON)).file(),
    "proof-too-short": replace(honest, path=path[:-1]).file(),
    "proof-too-long": replace(honest, path=(*path, EMPTY)).file(),
    "proof-far-too-long": replace(honest, path=path * 16).file(),
    "proof-swapped": replace(honest, path=(path[1], path[0], *path[2:])).file(),
    "for-another-index": replace(honest, index=INDEX + 1).file(),
    "index-beyond-size": replace(honest, index=SIZE).file(),
    "index-with-leading-zero": file.replace(b"index 11", b"index 011"),
    "no-index": file.replace(b"index 11\n", b""),
    "hash-cut": replace(honest, path=(path[0][:31], *path[1:])).file(),
    "hash-not-base64": file.replace(b"index 11\n", b"index 11\n!"),
    "swapped-roots": replace(honest, checkpoint=FORGED.signed(SIZE, WITNESSES[:2])).file(),
    "smaller-tree": replace(honest, checkpoint=witnessed(small)).file(),
    "too-few-witnesses": replace(honest, checkpoint=LOG.signed(SIZE, WITNESSES[:1])).file(),
    "another-header": file.replace(b"@v1", b"@v2"),
    "no-checkpoint": file.partition(b"\n\n")[0] + b"\n",
    "trailing-garbage": file + b"and so on\n",
    "windows-lines": file.replace(b"\n", b"\r\n"),
}
CHECKPOINTS = {
    "honest": note,
    "unknown-key-beside": note + STRANGER.sign(text).line().encode(),
    "same-witness-twice": cosign(note, WITNESSES[0], NOON + 60),
    "wrong-root": note.replace(text.split("\n")[2].encode(), FORGED.head(SIZE).text().split("\n")[2].encode()),
    "wrong-size": note.replace(b"\n20\n", b"\n21\n"),
    "wrong-origin": witnessed(
        replace(head, origin="record.example/other"), Signer("record.example/other", seed("log"))
    ),
    "wrong-key": witnessed(head, STRANGER),
    "wrong-key-id": other_id(note, 4),
    "bad-signature-of-the-log": damaged(note, 4),
    "bad-signature-of-a-witness": damaged(note, 5),
    "cosignature-at-another-time": cosign(LOG.signed(SIZE, WITNESSES[:1]), WITNESSES[1], NOON).replace(
        WITNESSES[1].cosign(text, NOON).line().encode(),
        replace(
            WITNESSES[1].cosign(text, NOON),
            body=(NOON + 1).to_bytes(8, "big") + WITNESSES[1].cosign(text, NOON).body[8:],
        )
        .line()
        .encode(),
    ),
    "one-witness-twice": cosign(LOG.signed(SIZE, WITNESSES[:1]), WITNESSES[0], NOON + 60),
    "signed-by-no-log": (text + "\n" + "".join(w.cosign(text, NOON).line() for w in WITNESSES)).encode(),
    "extension-line": cosigned_text(text + "extension\n"),
    "size-with-leading-zero": cosigned_text(text.replace("\n20\n", "\n020\n")),
    "size-signed": cosigned_text(text.replace("\n20\n", "\n+20\n")),
    "size-in-other-digits": cosigned_text(text.replace("\n20\n", "\n２０\n")),
    "size-too-large": cosigned_text(text.replace("\n20\n", f"\n{2**63}\n")),
    "root-without-padding": cosigned_text(loose),
    "root-loose-bits": cosigned_text(text[:-3] + chr(ord(text[-3]) + 1) + "=\n"),
    "root-cut": cosigned_text(replace(head, root=head.root[:30]).text()),
    "root-missing": cosigned_text(f"{ORIGIN}\n20\n"),
    "no-origin": cosigned_text("\n20\n" + text.split("\n")[2] + "\n"),
    "empty-tree-with-a-root": cosigned_text(replace(head, size=0).text()),
    "no-signature": text.encode() + b"\n",
    "no-empty-line": text.encode(),
    "trailing-garbage": note + b"and so on\n",
    "second-empty-line": note + b"\n",
    "cut": note[:-1],
    "hyphen-for-dash": note.replace("—".encode(), b"-"),
    "signature-too-short": note + "— w.example AAAA\n".encode(),
    "control-character": note.replace(b"\n20\n", b"\n20\t\n"),
    "not-utf-8": note + b"\xff\n",
    "hundred-and-one-signatures": note + STRANGER.sign(text).line().encode() * 98,
}
REQUESTS = {
    "honest": request.body(),
    "same-head-again": LOG.request(KEPT, KEPT).body(),
    "split-view": FORGED.request(KEPT, KEPT).body(),
    "split-view-from-nothing": FORGED.request(0, KEPT).body(),
    "another-history": FORGED.request(KEPT, GROWN).body(),
    "went-backwards": LOG.request(10, 15).body(),
    "old-size-too-small": LOG.request(10, GROWN).body(),
    "from-nothing": LOG.request(0, GROWN).body(),
    "old-size-larger-than-new": replace(request, old=GROWN + 1).body(),
    "old-size-with-leading-zero": request.body().replace(b"old 20", b"old 020"),
    "no-old-size": request.body().replace(b"old 20\n", b""),
    "proof-too-short": replace(request, proof=request.proof[:-1]).body(),
    "proof-too-long": replace(request, proof=(*request.proof, EMPTY)).body(),
    "proof-far-too-long": replace(request, proof=request.proof * 16).body(),
    "proof-swapped": replace(request, proof=request.proof[::-1]).body(),
    "unknown-log": Log(40, origin="record.example/other").request(KEPT, GROWN).body(),
    "wrong-key": replace(request, note=sign_checkpoint(LOG.head(GROWN), STRANGER)).body(),
    "bad-signature": replace(request, note=damaged(request.note, 4)).body(),
    "no-checkpoint": request.body().partition(b"\n\n")[0] + b"\n\n",
}
log = policy.decode().split("\n")[0] + "\n"
first, second = policy.decode().split("\n")[1:3]
POLICIES = {
    "honest": policy,
    "wrong-key-id": policy.replace(WITNESSES[0].key.key_id.hex().encode(), b"00000000"),
    "log-key-as-witness": policy.replace(str(WITNESSES[0].key).encode(), str(LOG.signer.key).encode()),
    "one-key-two-witnesses": (log + f"{first}\nwitness again {WITNESSES[0].key}\nquorum none\n").encode(),
    "one-key-two-logs": (log + log + "quorum none\n").encode(),
    "name-taken": (log + f"{first}\n{second.replace('ulaanbaatar', 'seoul', 1)}\nquorum none\n").encode(),
    "group-called-none": (log + f"{first}\ngroup none 1 seoul\nquorum none\n").encode(),
    "member-twice": (log + f"{first}\ngroup g any seoul seoul\nquorum g\n").encode(),
    "member-of-two-groups": (log + f"{first}\ngroup g any seoul\ngroup h any seoul\nquorum g\n").encode(),
    "member-undefined": (log + f"{first}\ngroup g any seoul ulaanbaatar\n{second}\nquorum g\n").encode(),
    "threshold-too-high": policy.replace(b"witnesses 2", b"witnesses 4"),
    "threshold-zero": policy.replace(b"witnesses 2", b"witnesses 0"),
    "threshold-word": policy.replace(b"witnesses 2", b"witnesses most"),
    "group-of-none": (log + "group g any\nquorum none\n").encode(),
    "quorum-undefined": (log + "quorum g\n").encode(),
    "two-quorums": policy + b"quorum none\n",
    "no-quorum": log.encode(),
    "log-with-two-addresses": (log.strip() + " https://a.example https://b.example\nquorum none\n").encode(),
    "witness-with-two-addresses": (log + f"{first} https://a.example https://b.example\nquorum none\n").encode(),
    "unknown-word": policy + b"trust everybody\n",
    "control-character": policy.replace(b"\n", b"\r\n"),
}


def refusals() -> dict[str, str]:
    from ledger_vectors import refusal  # late, since it reads the files written below

    return {path.name: reason for path in sorted(HERE.iterdir()) if (reason := refusal(path))}


for suffix, vectors in (
    ("tlog-proof", PROOFS),
    ("checkpoint", CHECKPOINTS),
    ("add-checkpoint", REQUESTS),
    ("policy", POLICIES),
):
    for name, data in vectors.items():
        (HERE / f"{name}.{suffix}").write_bytes(data)
(HERE / "leaf.json").write_bytes(LOG.leaves[INDEX])
(HERE / "kept.checkpoint").write_bytes(LOG.signed(KEPT, WITNESSES[:2]))
(HERE / "reasons.json").write_text(json.dumps(refusals(), ensure_ascii=False, indent=2) + "\n")
