"""Cosignatures of witnesses: C2SP tlog-cosignature v1, timestamped Ed25519 (signature type 0x04).

A witness signs these lines; the first two give domain and time, the rest is the checkpoint's text:

    cosignature/v1
    time 1679315147
    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

It says: at that time this was the largest tree of that log I had seen, and it had only grown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from dialogue.note import (
    BadNote,
    Signature,
    ed25519_sign,
    ed25519_verifies,
    format_skey,
    format_vkey,
    key_id,
    open_note,
    parse_skey,
    parse_vkey,
    public_key,
    split_note,
)

COSIGNATURE = 0x04


@dataclass(frozen=True)
class WitnessKey:
    """A witness's public key."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read `name+key id+base64`; raises BadKey, also for a key of another signature type."""
        return cls(*parse_vkey(vkey, COSIGNATURE))

    def __str__(self) -> str:
        return format_vkey(self.name, COSIGNATURE, self.public)

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, COSIGNATURE, self.public)

    def verifies(self, text: str, signature: bytes) -> bool:
        return (
            len(signature) == 72
            and timestamp(signature) < 2**63
            and ed25519_verifies(self.public, _message(text, timestamp(signature)), signature[8:])
        )


@dataclass(frozen=True)
class WitnessSigner:
    """A witness's secret key, made of 32 random bytes. A key serves one witness and no other purpose."""

    name: str
    seed: bytes = field(repr=False)

    @classmethod
    def parse(cls, skey: str) -> Self:
        """Read `PRIVATE+KEY+name+key id+base64`; raises BadKey."""
        return cls(*parse_skey(skey, COSIGNATURE))

    def secret(self) -> str:
        """The text to keep in a file that only its owner may read."""
        return format_skey(self.name, COSIGNATURE, self.seed)

    @property
    def key(self) -> WitnessKey:
        return WitnessKey(self.name, public_key(self.seed))

    def cosign(self, text: str, time: int) -> Signature:
        """Sign a checkpoint's text at POSIX second `time`."""
        if not 0 < time < 2**63:
            raise ValueError("a cosignature needs the time, in seconds since 1970")
        signed = ed25519_sign(self.seed, _message(text, time))
        return Signature(self.name, self.key.key_id, time.to_bytes(8, "big") + signed)


def timestamp(signature: bytes) -> int:
    """When a cosignature was made: POSIX seconds. Believe it only once the signature is verified."""
    return int.from_bytes(signature[:8], "big")


def cosign(note: bytes, signer: WitnessSigner, time: int) -> bytes:
    """The note with `signer`'s cosignature after the signatures it has; verify the note before."""
    text, _ = split_note(note)
    return note + signer.cosign(text, time).line().encode()


def add_cosignatures(note: bytes, answer: bytes, witnesses: Iterable[WitnessKey]) -> bytes:
    """The note with those lines of a witness's answer that known witnesses signed and it lacks.

    tlog-witness, add-checkpoint: the client ignores unknown keys. Raises BadNote for a bad signature of a
    known witness, and when no known one has signed.
    """
    text, present = split_note(note)
    opened = open_note(note + answer, witnesses)
    if opened.text != text:  # an empty line in the answer would make the note's own signatures part of its text
        raise BadNote("the witness's answer is not made of signature lines")
    fresh = [signature for signature in opened.signatures if signature not in present]
    return note + "".join(signature.line() for signature in dict.fromkeys(fresh)).encode()


def _message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
