"""Sealing and opening personal values: pure; what is sealed is kept by whoever keeps the vault.

A disclosure is RFC 9901's (SD-JWT): base64url of the JSON array [salt, name, value]; its digest is base64url
of the SHA-256 of that string. The record holds the digest; the vault holds the disclosure, encrypted with
AES-256-GCM under its subject's own key, which dies when the person is forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from binascii import a2b_base64
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dialogue.fact import Entry, Personal

SALT_BYTES = 16  # 128 bits, RFC 9901, 4.2.1
NONCE_BYTES = 12
DECODER = json.JSONDecoder()  # json.loads would look for options at each of the hundreds of values of a page


class Sealed(ValueError):
    """A sealed value that cannot be opened: the key is gone or wrong, or the bytes were changed."""


@dataclass(frozen=True)
class Seal:
    """A disclosure with the digest that names it, and whose value it is."""

    digest: str
    about: UUID
    disclosure: str

    @property
    def name_and_value(self) -> tuple[str, str]:
        return name_and_value(self.disclosure)


def name_and_value(disclosure: str) -> tuple[str, str]:
    """What a disclosure says, and of which member of the entry's data."""
    _, name, value = DECODER.decode(unpadded(disclosure).decode())
    return name, value


def unpadded(text: str) -> bytes:
    """The bytes of base64url without padding."""
    return a2b_base64(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def disclosure_digest(disclosure: str) -> str:
    """RFC 9901, 4.2.3: over the ASCII bytes of the disclosure as it is sent."""
    return base64url(hashlib.sha256(disclosure.encode("ascii")).digest())


def seal(name: str, value: Personal, salt: bytes) -> Seal:
    """The seal of one named value. `salt` is 16 fresh random bytes."""
    content = json.dumps([base64url(salt), name, value.value], ensure_ascii=False)
    disclosure = base64url(content.encode())
    return Seal(disclosure_digest(disclosure), value.about, disclosure)


def seal_entry(entry: Entry, evidence: str | None, salt: Callable[[], bytes]) -> tuple[Entry, list[Seal]]:
    """The entry with its personal values sealed, and their seals. `evidence`, a file's SHA-256, is sealed too."""
    personal = {f.name: getattr(entry.fact, f.name) for f in fields(entry.fact)}  # type: ignore[arg-type]
    if evidence is not None:
        personal["evidence"] = Personal(evidence, entry.actor or entry.dialogue)
    seals = [seal(name, value, salt()) for name, value in personal.items() if isinstance(value, Personal)]
    if not seals:
        return entry, []
    return replace(entry, sealed=tuple(sorted(one.digest for one in seals))), seals


def encrypt(disclosure: str, key: bytes, nonce: bytes, digest: str) -> bytes:
    """The disclosure under its subject's key (32 bytes), bound to its digest. `nonce` is 12 fresh random bytes."""
    return nonce + AESGCM(key).encrypt(nonce, disclosure.encode(), digest.encode())


def decrypt(sealed: bytes, key: bytes, digest: str) -> str:
    """The disclosure again. Raises Sealed if the key is not the one, or the bytes or the digest were changed."""
    return deciphered(sealed, AESGCM(key), digest)


def deciphered(sealed: bytes, cipher: AESGCM, digest: str) -> str:
    """The same with the cipher of a key, which opens many. Raises Sealed."""
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], digest.encode()).decode()
    except (InvalidTag, ValueError):  # ValueError: cut so short that no nonce is left
        raise Sealed("a sealed value cannot be opened: wrong key, or it was changed") from None


def wrap(subject_key: bytes, master: bytes, nonce: bytes, subject: UUID) -> bytes:
    """A subject's key under the master key, bound to the subject."""
    return nonce + AESGCM(master).encrypt(nonce, subject_key, subject.bytes)


def unwrap(wrapped: bytes, master: bytes, subject: UUID) -> bytes:
    """The subject's key again. Raises Sealed under another master key."""
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], subject.bytes)
    except (InvalidTag, ValueError):  # ValueError: cut so short that no nonce is left
        raise Sealed("the keys cannot be opened with this master key") from None


def act_digest(content: bytes, key: bytes) -> bytes:
    """What an act asked for, comparable only by who holds the vault: an HMAC, as the content may be personal."""
    return hmac.digest(key, content, "sha256")
