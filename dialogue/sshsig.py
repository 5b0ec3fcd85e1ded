"""OpenSSH signatures (`ssh-keygen -Y sign`), verified: pure, for every kind of key that OpenSSH signs with.

openssh/PROTOCOL.sshsig: what is signed is SSHSIG || namespace || reserved || hash algorithm || H(message);
openssh/PROTOCOL.u2f: a hardware key signs SHA-256(application) || flags || counter || SHA-256(that). The public
key is in the signature; whose it is, is for the reader to know.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

ARMOR = re.compile(r"\s*-----BEGIN SSH SIGNATURE-----\s+([A-Za-z0-9+/=\s]+?)-----END SSH SIGNATURE-----\s*")
LONGEST = 10_000  # characters of an armored signature; those of the longest RSA keys have 3,000
LEAST_RSA = 2048  # bits
PRESENT = 0x01  # the flag of a hardware key that somebody touched it
HASHES = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}
CURVES: dict[bytes, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
    b"nistp256": (ec.SECP256R1(), hashes.SHA256()),
    b"nistp384": (ec.SECP384R1(), hashes.SHA384()),
    b"nistp521": (ec.SECP521R1(), hashes.SHA512()),
}
RSA_HASHES: dict[bytes, hashes.HashAlgorithm] = {
    b"rsa-sha2-256": hashes.SHA256(),
    b"rsa-sha2-512": hashes.SHA512(),
}


class BadSignature(ValueError):
    """A signature that is none, or not of this message; the message says why."""


class Reader:
    """The fields of a blob, one after the other (RFC 4251, section 5)."""

    def __init__(self, blob: bytes) -> None:
        self.blob = blob

    def take(self, length: int) -> bytes:
        if length > len(self.blob):
            raise BadSignature("the signature is cut short")
        taken, self.blob = self.blob[:length], self.blob[length:]
        return taken

    def number(self) -> int:
        return int.from_bytes(self.take(4))

    def string(self) -> bytes:
        return self.take(self.number())

    def mpint(self) -> int:
        return int.from_bytes(self.string(), signed=True)

    def end(self) -> None:
        if self.blob:
            raise BadSignature("the signature has something after its end")


Check = Callable[[Reader, Reader, bytes, bytes], None]  # (key, signature, algorithm, what is signed)


def string(value: bytes) -> bytes:
    return len(value).to_bytes(4) + value


def verify(armored: str, message: bytes, namespace: str) -> str:
    """The fingerprint (SHA256:…) of the key that signed the message in this namespace. Raises BadSignature."""
    blob = Reader(unarmored(armored))
    if blob.take(6) != b"SSHSIG" or blob.number() != 1:
        raise BadSignature("that is no signature of ssh-keygen -Y sign, version 1")
    key, signed_in, reserved, algorithm, signature = (blob.string() for _ in range(5))
    blob.end()
    if signed_in != namespace.encode():
        raise BadSignature(f"it was signed for another purpose; sign with -n {namespace}")
    if algorithm.decode(errors="replace") not in HASHES:
        raise BadSignature("it uses a hash that is not known here")
    digest = HASHES[algorithm.decode()](message).digest()
    signed = b"SSHSIG" + b"".join(map(string, (signed_in, reserved, algorithm, digest)))
    try:
        verified(Reader(key), Reader(signature), signed)
    except InvalidSignature:
        raise BadSignature("the signature is not of this statement by this key") from None
    return "SHA256:" + b64encode(hashlib.sha256(key).digest()).rstrip(b"=").decode()


def unarmored(armored: str) -> bytes:
    match = ARMOR.fullmatch(armored) if len(armored) <= LONGEST else None
    if match is None:
        raise BadSignature("that is no signature file of ssh-keygen -Y sign")
    try:
        return b64decode("".join(match[1].split()), validate=True)
    except NotBase64:
        raise BadSignature("the signature file is damaged: it is no base64") from None


def verified(key: Reader, signature: Reader, signed: bytes) -> None:
    """Raises InvalidSignature where the key did not sign this, BadSignature for a kind that is not known."""
    kind, algorithm = key.string(), signature.string()
    if kind not in KINDS:
        raise BadSignature(f"keys of the type {kind.decode(errors='replace')} are not known here")
    if algorithm != kind and not (kind == b"ssh-rsa" and algorithm in RSA_HASHES):
        raise BadSignature("the signature is of another type than its key")
    try:
        KINDS[kind](key, signature, algorithm, signed)
    except BadSignature:
        raise
    except (ValueError, OverflowError) as error:  # numbers and points that are none
        raise BadSignature(f"the signature's key is damaged: {error}") from None
    key.end()
    signature.end()


def by_ed25519(key: Reader, signature: Reader, algorithm: bytes, signed: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(key.string()).verify(signature.string(), signed)


def by_rsa(key: Reader, signature: Reader, algorithm: bytes, signed: bytes) -> None:
    exponent, modulus = key.mpint(), key.mpint()
    if modulus.bit_length() < LEAST_RSA or algorithm not in RSA_HASHES:
        raise BadSignature(f"an RSA key has {LEAST_RSA} bits or more, and signs with rsa-sha2-512 or rsa-sha2-256")
    public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    public.verify(signature.string(), signed, padding.PKCS1v15(), RSA_HASHES[algorithm])


def by_ecdsa(key: Reader, signature: Reader, algorithm: bytes, signed: bytes) -> None:
    curve = key.string()
    if algorithm not in (b"ecdsa-sha2-" + curve, b"sk-ecdsa-sha2-" + curve + b"@openssh.com") or curve not in CURVES:
        raise BadSignature("the key is on a curve that is not known here")
    numbers = Reader(signature.string())
    r, s = numbers.mpint(), numbers.mpint()
    numbers.end()
    if r <= 0 or s <= 0:
        raise InvalidSignature
    on, hashed = CURVES[curve]
    public = ec.EllipticCurvePublicKey.from_encoded_point(on, key.string())
    public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashed))


def by_hardware(simple: Check) -> Check:
    """The same by a hardware key, whose public key ends with the application, and whose signature tells of a touch."""

    def check(key: Reader, signature: Reader, algorithm: bytes, signed: bytes) -> None:
        body, flags, counter = signature.string(), signature.take(1), signature.take(4)
        if not flags[0] & PRESENT:
            raise BadSignature("nobody touched the hardware key for this signature")
        fields = [key.string() for _ in range(1 if simple is by_ed25519 else 2)]
        application = hashlib.sha256(key.string()).digest()
        whole = application + flags + counter + hashlib.sha256(signed).digest()
        simple(Reader(b"".join(map(string, fields))), Reader(string(body)), algorithm, whole)

    return check


KINDS: dict[bytes, Check] = {
    b"ssh-ed25519": by_ed25519,
    b"ssh-rsa": by_rsa,
    b"ecdsa-sha2-nistp256": by_ecdsa,
    b"ecdsa-sha2-nistp384": by_ecdsa,
    b"ecdsa-sha2-nistp521": by_ecdsa,
    b"sk-ssh-ed25519@openssh.com": by_hardware(by_ed25519),
    b"sk-ecdsa-sha2-nistp256@openssh.com": by_hardware(by_ecdsa),
}
