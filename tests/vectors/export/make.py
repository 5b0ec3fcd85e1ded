"""Writes the vectors of this folder anew: `PYTHONPATH=.:tests python tests/vectors/export/make.py`.

An export is named for its lie; `reasons.json` holds what its audit must say of it. They are compressed to be small
here; the audit reads them uncompressed. Do not run this to make a failing test pass: a stored vector that is
suddenly accepted, or refused otherwise, is the finding.
"""

import gzip
import json
import lzma
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from dialogue.archive import header
from dialogue.bracketing import BracketText
from dialogue.call import ConsensusCalled, ConsensusReached, Explanation, PositionTaken, Tally
from dialogue.checkpoint import Checkpoint, sign_checkpoint
from dialogue.consensus import CallConsensus, TakePosition
from dialogue.cosignature import WitnessSigner, cosign
from dialogue.document import DocumentPublished
from dialogue.endorsement import EndorsementGiven, endorsement_id
from dialogue.fact import Text, version_id
from dialogue.issuing import OpenForSignature
from dialogue.merkle import EMPTY
from dialogue.note import Signer
from dialogue.participant import RolesAssigned
from dialogue.procedure import Procedure
from dialogue.proposal import Proposal, ProposalRevised
from dialogue.text import digest
from dialogue.vault import base64url
from dialogue.versions import Version
from exports import (
    D1,
    ORIGIN,
    P1,
    P2,
    Q1,
    SIGNER,
    Files,
    Show,
    archive,
    changed,
    files,
    lied,
    sealed,
    story,
)
from logs import NOON, WITNESSES, seed
from spec import MEMBERS, Did, Story, position, thing, who

COMPLEMENT = str.maketrans("0123456789", "9876543210")
HERE = Path(__file__).parent
HONEST = story()
SHOW = Show(HONEST, shown=("name",))
LEAVES = SHOW.leaves()
NOTES = {size: SHOW.checkpoint(size) for size in SHOW.sizes}
SIZE = len(LEAVES)
MADE = SHOW.files()
STRANGER = Signer(ORIGIN, seed("stranger"))
SHOWN = SHOW.disclosures()


def leaves(*changes: Callable[[list[bytes]], object], notes: dict[int, bytes] = NOTES) -> Files:
    """The honest export with its leaves changed, its tiles and sums made to fit, and the checkpoints left."""
    after = list(LEAVES)
    for change in changes:
        change(after)
    return files(after, SHOW.texts(), notes, SHOWN)


def only(**made: bytes) -> Files:
    """The honest export with some files in other words, and the sums made to fit."""
    return sealed({**MADE, **made})


def lines(content: list[bytes]) -> Files:
    """The honest export with other lines of entries, and nothing else made to fit but the sums."""
    return only(**{"entries.jsonl": b"".join(line + b"\n" for line in content)})


def without(name: str) -> Files:
    return sealed({known: content for known, content in MADE.items() if known != name})


def noted(note: bytes, size: int = SIZE) -> Files:
    """The honest export with another last checkpoint."""
    return only(**{f"checkpoints/{size}": note, "checkpoint": note})


def signed(head: Checkpoint, signer: Signer = SIGNER) -> bytes:
    note = sign_checkpoint(head, signer)
    for witness in WITNESSES[:2]:
        note = cosign(note, witness, NOON)
    return note


def flipped(note: bytes, line: int) -> bytes:
    """A note with the last byte of a signature changed, in canonical base64 still."""
    from base64 import b64decode, b64encode

    parts = note.decode().split("\n")
    start, _, encoded = parts[line].rpartition(" ")
    raw = bytearray(b64decode(encoded))
    raw[-1] ^= 1
    parts[line] = f"{start} {b64encode(raw).decode()}"
    return "\n".join(parts).encode()


def broken(after: Story) -> Files:
    """A record that breaks a rule, signed by its true key."""
    return Show(after).files()


def edited(number: int, old: bytes, new: bytes) -> Callable[[list[bytes]], object]:
    return lambda all_leaves: all_leaves.__setitem__(number - 1, changed(all_leaves[number - 1], old, new))


def respelled(leaf: bytes, *, blanks: bool = False, backwards: bool = False) -> bytes:
    """The same JSON otherwise spelled."""
    members = dict(sorted(json.loads(leaf).items(), reverse=backwards))
    return json.dumps(members, ensure_ascii=False, separators=None if blanks else (",", ":")).encode()


def other(number: int, leaf: bytes) -> list[bytes]:
    return [*LEAVES[: number - 1], leaf, *LEAVES[number:]]


def moved(number: int, to: int) -> list[bytes]:
    after = list(LEAVES)
    after.insert(to - 1, after.pop(number - 1))
    return after


def bracketed() -> Story:
    """The second text with a bracket that is open."""
    after = HONEST.copy()
    after.step(Did("Rin", BracketText(P2, "Survey [all / some] rivers together.")))
    return after


def opened(*steps: Did) -> Story:
    """A second text, on which a call is open."""
    after = HONEST.copy()
    for step in (Did("Rin", CallConsensus(proposal=P2)), *steps):
        after.step(step)
    return after


def signing() -> Story:
    """The decided text is open for signature, in its second version."""
    after = HONEST.copy()
    after.step(Did("Rin", OpenForSignature(proposal=P1)))
    return after


def reached(after: Story, explanation: Explanation, by: str = "Rin") -> Story:
    fact = ConsensusReached(thing("Q2"), "text", Procedure(), explanation, proposal=P2, version=1)
    return lied(after, fact, by)


def signs(subject: UUID, version: int, text: Text, **what: UUID) -> EndorsementGiven:
    """Maral's signature, whatever she signs."""
    endorsement = endorsement_id(HONEST.history.dialogue, who("Maral"), subject)
    return EndorsementGiven(endorsement, who("Maral"), version, text, True, **what)


EVERYBODY = Explanation(5, 5, 1, 0, (Tally("agree", 1),), 0, (SIZE + 2,), (), ())
head = SHOW.head(SIZE)
last = NOTES[SIZE]
text = SHOW.texts()[0]
forged = base64url(b'["AAAAAAAAAAAAAAAAAAAAAA", "name", "Somebody ELSE"]')
OUTDATED = Text(digest("Open one hotline.\n\nОткрыть линию.\n\n회선을 연다."))
MANIFEST = HONEST.find(Version, version_id(D1, 1)).text
CALLED = ConsensusCalled(
    thing("Q2"),
    2,
    "text",
    Procedure(),
    tuple(who(name) for name in MEMBERS),
    proposal=P2,
    version=2,
    text=bracketed().find(Proposal, P2).versions.text,
)


def disclosed(shown: list[tuple[int, str]]) -> Files:
    return files(LEAVES, SHOW.texts(), NOTES, shown)


def tar(name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """The honest export with one more member as some archiver writes it, before all others."""
    made = tarfile.TarInfo(name)
    made.size, made.type, made.linkname = len(content), kind, link
    return made.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512) + archive(MADE)


def tiny(members: int) -> Iterator[bytes]:
    """An archive of so many empty files. Their names are chosen to have one sum, so that it packs well."""
    for number in range(members):
        digits = f"{number:06}"
        yield header(f"texts/{digits}{digits.translate(COMPLEMENT)}", 0)
    yield bytes(1024)


def foreign(name: str) -> bytes:
    """The honest export with one more member before all others, its header as ours are."""
    return header(name, 6) + b"gotcha" + bytes(506) + archive(MADE)


EXPORTS: dict[str, Files | bytes] = {
    "honest": MADE,
    "honest-unsigned": files(LEAVES[:11], [], {}),
    "honest-signature-by-an-unknown-key": noted(cosign(last, WitnessSigner("w.example", seed("w")), NOON)),
    # leaves changed by somebody who makes all else fit but the signatures
    "edited-leaf": leaves(edited(15, b"Which rivers?", b"Which waters?")),
    "edited-leaf-and-nothing-else": lines(other(15, LEAVES[14].replace(b"Which", b"Whose"))),
    "dropped-leaf": leaves(lambda all_leaves: all_leaves.pop(14)),
    "dropped-last-leaf": lines(LEAVES[:-1]),
    "inserted-leaf": leaves(lambda all_leaves: all_leaves.insert(15, LEAVES[14].replace(b'"entry":15', b'"entry":16'))),
    "reordered-leaves": lines(moved(21, 22)),
    "duplicated-leaf": lines([*LEAVES[:15], LEAVES[14], *LEAVES[15:]]),
    "truncated-leaf": lines(other(15, LEAVES[14][:-20])),
    "last-line-cut": only(**{"entries.jsonl": MADE["entries.jsonl"][:-1]}),
    "leaf-with-blanks": lines(other(15, respelled(LEAVES[14], blanks=True))),
    "leaf-with-another-order-of-members": lines(other(15, respelled(LEAVES[14], backwards=True))),
    "leaf-with-escapes": lines(other(15, LEAVES[14].replace(b"Which", rb"\u0057hich"))),
    "duplicate-json-keys": leaves(
        edited(15, b'"words":"Which rivers?"', b'"words":"Whose rivers?","words":"Which rivers?"')
    ),
    "unknown-member": leaves(edited(15, b'"specversion"', b'"note":"none","specversion"')),
    "unknown-fact": leaves(edited(15, b'"CommentMade"', b'"CommentMade.v9"')),
    "number-as-a-float": leaves(edited(15, b'"entry":15', b'"entry":15.0')),
    "words-not-in-nfc": leaves(edited(15, b"Which", "Whic\u0327h".encode())),
    "id-in-capitals": leaves(edited(15, str(P2).encode(), str(P2).upper().encode())),
    "not-utf-8": leaves(edited(15, b"Which", b"\xffhich")),
    "not-json": leaves(lambda all_leaves: all_leaves.__setitem__(14, b"Which rivers?")),
    "deeply-nested": leaves(edited(15, b'"Which rivers?"', b"[" * 20_000 + b"]" * 20_000)),
    "leaf-of-another-record": leaves(
        edited(15, ORIGIN.encode(), b"other.example/" + ORIGIN.partition("/")[2].encode())
    ),
    "skipped-version": leaves(edited(18, b'/2"', b'/3"')),
    "recorded-backwards": leaves(
        edited(15, b'"recordedtime":"2026-03-02T12:', b'"recordedtime":"2026-03-02T11:'),
        edited(15, b'"time":"2026-03-02T12:', b'"time":"2026-03-02T11:'),
    ),
    "recorded-before-it-happened": leaves(edited(15, b'"time":"2026-03-02T12:', b'"time":"2026-03-02T13:')),
    "past-without-a-basis": leaves(edited(15, b'"time":"2026-03-02T12:', b'"time":"2026-03-02T11:')),
    # checkpoints
    "wrong-root": noted(signed(replace(head, root=EMPTY))),
    "wrong-size": noted(signed(SHOW.head(SIZE - 1))),
    "wrong-origin": noted(signed(Checkpoint("other.example", SIZE, head.root), Signer("other.example", seed("o")))),
    "wrong-key": noted(signed(head, STRANGER)),
    "wrong-key-id": noted(
        last.replace(b"\xe2\x80\x94 " + ORIGIN.encode() + b" ", b"\xe2\x80\x94 " + ORIGIN.encode() + b"x ")
    ),
    "bad-signature-of-the-log": noted(flipped(last, 4)),
    "bad-signature-of-a-witness": noted(flipped(last, 5)),
    "earlier-checkpoint-of-another-history": only(**{"checkpoints/20": signed(replace(SHOW.head(20), root=head.root))}),
    "checkpoint-beyond-the-end": only(**{f"checkpoints/{SIZE + 1}": signed(replace(head, size=SIZE + 1))}),
    "checkpoint-not-the-last": only(checkpoint=NOTES[20]),
    "key-of-a-stranger": only(keys=f"12 {STRANGER.key}\n".encode()),
    "policy-unreadable": only(policy=b"trust me\n"),
    # disclosures
    "forged-disclosure": disclosed([(31, forged)]),
    "swapped-disclosures": disclosed([(2, SHOWN[1][1]), (3, SHOWN[0][1]), *SHOWN[2:]]),
    "disclosure-shown-twice": disclosed([SHOWN[0], *SHOWN]),
    "disclosure-out-of-order": disclosed([SHOWN[1], SHOWN[0], *SHOWN[2:]]),
    "disclosure-of-no-entry": disclosed([*SHOWN, (SIZE + 1, SHOWN[0][1])]),
    "missing-disclosure": only(**{"disclosures.jsonl": MADE["disclosures.jsonl"].partition(b"\n")[2]}),
    "disclosure-not-base64": disclosed([(2, "ä".encode().hex() + "!")]),
    # rules broken by whoever holds the key
    "breaks-rule-1-signs-an-outdated-text": broken(lied(signing(), signs(P1, 1, OUTDATED, proposal=P1), "Maral")),
    "breaks-rule-1-signs-another-digest": broken(lied(HONEST, signs(D1, 1, OUTDATED, document=D1), "Maral")),
    "breaks-rule-1-signs-for-another": broken(lied(HONEST, signs(D1, 1, MANIFEST, document=D1), "Rin")),
    "breaks-rule-3-moves-a-decided-text": broken(
        lied(HONEST, ProposalRevised(P1, 3, "Hotlines", Text(digest("Open no hotline."), "Open no hotline.")))
    ),
    "breaks-rule-3-leaves-a-call-on-a-text-that-moved": broken(
        lied(
            opened(), ProposalRevised(P2, 2, "Surveys", Text(digest("Survey nothing."), "Survey nothing."), "A reason.")
        )
    ),
    "breaks-rule-4-position-of-somebody-not-entitled": broken(
        lied(opened(), PositionTaken(position("Observer", "Q2"), thing("Q2"), "agree", who("Observer")), "Observer")
    ),
    "breaks-rule-4-second-position-beside-the-first": broken(
        lied(
            opened(Did("Tuya", TakePosition(thing("Q2"), "object", "No."))),
            PositionTaken(thing("another"), thing("Q2"), "agree", who("Tuya")),
            "Tuya",
        )
    ),
    "breaks-rule-4-position-for-somebody-else": broken(
        lied(opened(), PositionTaken(position("Tuya", "Q2"), thing("Q2"), "agree", who("Tuya")), "Pavel")
    ),
    "breaks-rule-4-position-after-the-outcome": broken(
        lied(HONEST, PositionTaken(position("Tuya"), Q1, "object", who("Tuya"), "No."), "Tuya")
    ),
    "breaks-rule-5-outcome-despite-an-objection": broken(
        reached(opened(Did("Tuya", TakePosition(thing("Q2"), "object", "No."))), EVERYBODY)
    ),
    "breaks-rule-5-tally-of-its-own": broken(
        reached(opened(Did("Tuya", TakePosition(thing("Q2"), "agree"))), replace(EVERYBODY, tally=(Tally("agree", 5),)))
    ),
    "breaks-rule-6-calls-on-an-open-bracket": broken(lied(bracketed(), CALLED)),
    "breaks-roles-outcome-by-a-participant": broken(
        reached(opened(Did("Tuya", TakePosition(thing("Q2"), "agree"))), EVERYBODY, "Tuya")
    ),
    "breaks-roles-participant-makes-herself-co-chair": broken(
        lied(HONEST, RolesAssigned(who("Tuya"), ("participant", "co-chair")), "Tuya")
    ),
    "publishes-before-it-may": broken(lied(HONEST, DocumentPublished(D1, 2), "Office")),
    # texts and other files
    "edited-text": only(**{f"texts/{digest(text.decode())}": text + b" "}),
    "missing-text": without(f"texts/{digest(text.decode())}"),
    "text-that-no-entry-names": only(**{f"texts/{digest('Unasked.')}": b"Unasked."}),
    "edited-tile": only(**{f"tile/0/000.p/{SIZE}": MADE[f"tile/0/000.p/{SIZE}"][:-1] + b"\0"}),
    "edited-bundle": only(**{f"tile/entries/000.p/{SIZE}": MADE[f"tile/entries/000.p/{SIZE}"][:-1] + b"\0"}),
    "missing-tile": without(f"tile/0/000.p/{SIZE}"),
    "missing-policy": without("policy"),
    "missing-sums": {name: content for name, content in MADE.items() if name != "SHA256SUMS"},
    "edited-readme": {**MADE, "README.md": b"Believe everything.\n"},
    "sums-of-a-file-that-is-not-there": {**MADE, "SHA256SUMS": MADE["SHA256SUMS"] + b"0" * 64 + b"  zero\n"},
    "timestamp-of-another-checkpoint": only(**{f"timestamps/20-{digest('reply')}.tsr": b"reply"}),
    "unknown-file": only(**{"notes.txt": b"Trust me.\n"}),
    "another-format": only(**{"about.json": MADE["about.json"].replace(b'"format":1', b'"format":99')}),
    "another-size-told": only(
        **{"about.json": MADE["about.json"].replace(b'"size":%d' % SIZE, b'"size":%d' % (SIZE + 1))}
    ),
    "empty": {},
    # archives
    "path-upwards": foreign("../outside"),
    "path-absolute": foreign("/etc/outside"),
    "link-outwards": tar("AAA", kind=tarfile.SYMTYPE, link="/etc/passwd"),
    "folder-member": tar("AAA/", kind=tarfile.DIRTYPE),
    "name-of-control-characters": foreign("A\x1b[2J"),
    "same-file-twice": header("README.md", 5) + b"mine\n" + bytes(507) + archive(MADE),
    "member-with-a-date": tar("AAA", b"gotcha").replace(b"00000000000\0", b"14000000000\0", 1),
    "trailing-garbage": archive(MADE) + b"garbage",
    "garbage-between-files": archive(MADE).replace(
        b"Invented.\n" + bytes(502), b"Invented.\n" + b"hidden" + bytes(496)
    ),
    "archive-cut": archive(MADE)[:-700],
    "bomb-that-claims-eight-gigabytes": header("AAA", 8**11 - 1) + archive(MADE),
    "compressed": gzip.compress(archive(MADE), mtime=0),
}
AGAINST = {
    "went-backwards": signed(replace(head, size=SIZE + 7)),
    "fork": signed(replace(SHOW.head(20), root=head.root)),
    "fork-that-another-key-signed": signed(replace(SHOW.head(20), root=head.root), STRANGER),
    "other-log": signed(Checkpoint("other.example", 5, head.root), Signer("other.example", seed("o"))),
    "honest": NOTES[20],
}

for name, made in EXPORTS.items():
    packed = made if isinstance(made, bytes) else archive(made)
    (HERE / f"{name}.tar.gz").write_bytes(gzip.compress(packed, mtime=0))
with lzma.open(HERE / "a-million-tiny-members.tar.xz", "wb", preset=9) as file:
    file.writelines(tiny(1_000_000))
for name, note in AGAINST.items():
    (HERE / f"{name}.checkpoint").write_bytes(note)

from export_vectors import verdicts  # noqa: E402  # late, since it reads the files written above

(HERE / "reasons.json").write_text(json.dumps(verdicts(), ensure_ascii=False, indent=2) + "\n")
