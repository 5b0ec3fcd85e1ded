"""Signed notes: C2SP signed-note 1.0, with Ed25519 keys (signature type 0x01).

A note is text, an empty line and signature lines; the bytes signed are the text's, with its last newline:

    This is an example message.

    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYj…

Keys travel as one line of text: `name+key id+base64` for whoever verifies, `PRIVATE+KEY+…` for whoever signs.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100


class BadNote(ValueError):
    """A note that must not be believed; the message says why, in a sentence."""


class BadKey(ValueError):
    """A key's text that cannot be read."""


class Verifier(Protocol):
    """A known public key: name and key id tell which signatures are its own."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether `signature` (without the key id) is this key's, over `text`."""


@dataclass(frozen=True)
class Signature:
    """One signature line of a note."""

    name: str
    key_id: bytes
    body: bytes

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line without its newline; raises BadNote."""
        dash, _, rest = line.partition(" ")
        name, space, encoded = rest.partition(" ")
        if dash != "—" or not space or not is_key_name(name):
            raise BadNote(f"a signature line is not of the form «— name base64»: {line[:80]!r}")
        signature = unbase64(encoded)
        if len(signature) < 5:
            raise BadNote(f"the signature of {name} is too short")
        return cls(name, signature[:4], signature[4:])

    def line(self) -> str:
        return f"— {self.name} {base64(self.key_id + self.body)}\n"


@dataclass(frozen=True)
class OpenNote:
    """A note's text and those of its signatures that known keys made."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class VerifierKey:
    """A public key that signs notes."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read `name+key id+base64`; raises BadKey."""
        return cls(*parse_vkey(vkey, ED25519))

    def __str__(self) -> str:
        return format_vkey(self.name, ED25519, self.public)

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, ED25519, self.public)

    def verifies(self, text: str, signature: bytes) -> bool:
        return ed25519_verifies(self.public, text.encode(), signature)


@dataclass(frozen=True)
class Signer:
    """A secret key that signs notes, made of 32 random bytes."""

    name: str
    seed: bytes = field(repr=False)

    @classmethod
    def parse(cls, skey: str) -> Self:
        """Read `PRIVATE+KEY+name+key id+base64`; raises BadKey."""
        return cls(*parse_skey(skey, ED25519))

    def secret(self) -> str:
        """The text to keep in a file that only its owner may read."""
        return format_skey(self.name, ED25519, self.seed)

    @property
    def key(self) -> VerifierKey:
        return VerifierKey(self.name, public_key(self.seed))

    def sign(self, text: str) -> Signature:
        return Signature(self.name, self.key.key_id, ed25519_sign(self.seed, text.encode()))


def sign(text: str, *signers: Signer) -> bytes:
    """The note of `text`, which ends in a newline, signed by each of `signers`."""
    if not text.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise ValueError("a note's text ends in a newline and has no other control characters")
    return (text + "\n" + "".join(signer.sign(text).line() for signer in signers)).encode()


def split_note(note: bytes) -> tuple[str, list[Signature]]:
    """A note's text and all its signatures, none of them verified; raises BadNote."""
    if len(note) > MAX_NOTE:
        raise BadNote(f"the note is longer than {MAX_NOTE} bytes")
    try:
        content = note.decode()
    except UnicodeDecodeError as error:
        raise BadNote("the note is not valid UTF-8") from error
    if any(c < " " and c != "\n" for c in content):
        raise BadNote("the note holds a control character")
    before, empty_line, after = content.rpartition("\n\n")
    if not empty_line:
        raise BadNote("the note has no empty line between its text and its signatures")
    if not after.endswith("\n"):
        raise BadNote("the note does not end in a newline after a signature")
    lines = after[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise BadNote(f"the note has more than {MAX_SIGNATURES} signatures")
    return before + "\n", [Signature.parse(line) for line in lines]


def open_note(note: bytes, verifiers: Iterable[Verifier]) -> OpenNote:
    """Verify a note: signatures of unknown keys are ignored, a bad one by a known key is fatal.

    Raises BadNote, also when no known key signed.
    """
    text, signatures = split_note(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    verified = []
    for signature in signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is None:
            continue
        if not verifier.verifies(text, signature.body):
            raise BadNote(f"the signature of {signature.name} does not verify")
        verified.append(signature)
    if not verified:
        raise BadNote("the note is not signed by any known key")
    return OpenNote(text, tuple(verified))


def is_key_name(name: str) -> bool:
    """Whether a key may be called so: signed-note, Format, and no lone surrogates, which are not UTF-8."""
    return name != "" and not any(c.isspace() or c == "+" or c < " " or "\ud800" <= c < "\ue000" for c in name)


def key_id(name: str, kind: int, public: bytes) -> bytes:
    # signed-note, Signatures: SHA-256(key name || 0x0A || signature type || public key)[:4]
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def format_vkey(name: str, kind: int, public: bytes) -> str:
    return f"{name}+{key_id(name, kind, public).hex()}+{base64(bytes([kind]) + public)}"


def parse_vkey(vkey: str, kind: int) -> tuple[str, bytes]:
    """The name and public key in `name+key id+base64`, of signature type `kind`; raises BadKey."""
    name, public = _parse_key(vkey.split("+", 2), kind)
    if format_vkey(name, kind, public) != vkey:
        raise BadKey(f"the key id of {name} does not belong to its key")
    return name, public


def format_skey(name: str, kind: int, seed: bytes) -> str:
    return f"PRIVATE+KEY+{name}+{key_id(name, kind, public_key(seed)).hex()}+{base64(bytes([kind]) + seed)}"


def parse_skey(skey: str, kind: int) -> tuple[str, bytes]:
    """The name and seed in `PRIVATE+KEY+name+key id+base64`, of signature type `kind`; raises BadKey."""
    if not skey.startswith("PRIVATE+KEY+"):
        raise BadKey("a secret key begins with PRIVATE+KEY+")
    name, seed = _parse_key(skey.removeprefix("PRIVATE+KEY+").split("+", 2), kind)
    if format_skey(name, kind, seed) != skey:
        raise BadKey(f"the key id of {name} does not belong to its key")
    return name, seed


def _parse_key(parts: list[str], kind: int) -> tuple[str, bytes]:
    if len(parts) != 3 or not is_key_name(parts[0]):
        raise BadKey("a key is written name+key id+base64")
    try:
        material = unbase64(parts[2])
    except BadNote as error:
        raise BadKey(f"the key of {parts[0]}: {error}") from error
    if len(material) != 33 or material[0] != kind:
        raise BadKey(f"the key of {parts[0]} is not an Ed25519 key of signature type {kind:#04x}")
    return parts[0], material[1:]


def public_key(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def ed25519_sign(seed: bytes, message: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def ed25519_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def base64(data: bytes) -> str:
    return b64encode(data).decode()


def unbase64(text: str) -> bytes:
    """The bytes of standard base64 (RFC 4648, section 4) in its one canonical spelling; raises BadNote."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise BadNote(f"this is not base64: {text[:80]!r}") from error
    if base64(data) != text:
        raise BadNote(f"this base64 is not in its canonical form: {text[:80]!r}")
    return data
