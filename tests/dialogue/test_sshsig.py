"""OpenSSH signatures: what ssh-keygen signs is verified, for every kind of key, and nothing else is."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from dialogue.sshsig import BadSignature, string, verify

KEPT = Path(__file__).parent.parent / "vectors" / "sshsig"
KINDS = ("ed25519", "rsa", "ecdsa-256", "ecdsa-384", "ecdsa-521")
MESSAGE = b'{"an":"invented statement"}'
NAMESPACE = "endorsement@dialogue"
keygen = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


def kept(name):
    return (KEPT / f"{name}.sig").read_text()


def ssh_keygen(*arguments, **more):
    return subprocess.run(["ssh-keygen", *map(str, arguments)], capture_output=True, check=True, **more).stdout


def armored(blob):
    return f"-----BEGIN SSH SIGNATURE-----\n{b64encode(blob).decode()}\n-----END SSH SIGNATURE-----\n"


def parts(name):
    """The fields of a kept signature: public key, namespace, reserved, hash, signature."""
    blob, fields = b64decode("".join(kept(name).splitlines()[1:-1]))[10:], []
    while blob:
        length = int.from_bytes(blob[:4])
        fields.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    return fields


def remade(fields, version=1, after=b""):
    return armored(b"SSHSIG" + version.to_bytes(4) + b"".join(map(string, fields)) + after)


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_of_every_kind_of_key_holds_with_its_fingerprint(kind):
    fingerprint = (KEPT / "fingerprints").read_text().splitlines()[KINDS.index(kind)]
    assert verify(kept(kind), MESSAGE, NAMESPACE) == fingerprint


@pytest.mark.parametrize("kind", KINDS)
def test_it_holds_for_no_other_message_and_no_other_namespace(kind):
    with pytest.raises(BadSignature, match="not of this statement"):
        verify(kept(kind), MESSAGE + b"\n", NAMESPACE)
    with pytest.raises(BadSignature, match="another purpose"):
        verify(kept(kind), MESSAGE, "file")


@keygen
@pytest.mark.parametrize("kind", KINDS)
def test_what_ssh_keygen_signs_now_holds(kind, tmp_path):
    name, _, bits = kind.partition("-")
    size = ["-b", bits or "2048"] if name in ("rsa", "ecdsa") else []
    ssh_keygen("-q", "-t", name, *size, "-N", "", "-C", "invented", "-f", tmp_path / "key")
    (tmp_path / "statement").write_bytes(MESSAGE)
    ssh_keygen("-Y", "sign", "-n", NAMESPACE, "-f", tmp_path / "key", tmp_path / "statement")
    told = ssh_keygen("-l", "-f", tmp_path / "key.pub").split()[1].decode()
    assert verify((tmp_path / "statement.sig").read_text(), MESSAGE, NAMESPACE) == told


def by_hardware(curve, flags=b"\x01"):
    """A signature as a hardware key makes it (PROTOCOL.u2f), of an invented one."""
    application, counter = b"ssh:", (7).to_bytes(4)
    preamble = [NAMESPACE.encode(), b"", b"sha512", hashlib.sha512(MESSAGE).digest()]
    signed = b"SSHSIG" + b"".join(map(string, preamble))
    whole = hashlib.sha256(application).digest() + flags + counter + hashlib.sha256(signed).digest()
    if curve:
        secret = ec.derive_private_key(12345, ec.SECP256R1())
        kind = b"sk-ecdsa-sha2-nistp256@openssh.com"
        point = secret.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        key = [kind, b"nistp256", point, application]
        body = b"".join(map(string, map(mpint, decode_dss_signature(secret.sign(whole, ec.ECDSA(hashes.SHA256()))))))
    else:
        own = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        kind = b"sk-ssh-ed25519@openssh.com"
        key = [kind, own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), application]
        body = own.sign(whole)
    public = b"".join(map(string, key))
    signature = string(kind) + string(body) + flags + counter
    return remade([public, *preamble[:3], signature])


def mpint(number):
    return number.to_bytes(number.bit_length() // 8 + 1)


@pytest.mark.parametrize("curve", [False, True])
def test_a_hardware_keys_signature_holds_if_somebody_touched_it(curve):
    assert verify(by_hardware(curve), MESSAGE, NAMESPACE).startswith("SHA256:")
    with pytest.raises(BadSignature, match="touched"):
        verify(by_hardware(curve, flags=b"\x00"), MESSAGE, NAMESPACE)
    with pytest.raises(BadSignature, match="not of this statement"):
        verify(by_hardware(curve), b"another", NAMESPACE)


@keygen
@pytest.mark.parametrize("curve", [False, True])
def test_ssh_keygen_agrees_about_hardware_keys(curve, tmp_path):
    (tmp_path / "sig").write_text(by_hardware(curve))
    told = ssh_keygen("-Y", "check-novalidate", "-n", NAMESPACE, "-s", tmp_path / "sig", input=MESSAGE).decode()
    assert verify(by_hardware(curve), MESSAGE, NAMESPACE) in told


@pytest.mark.parametrize(
    ("signature", "says"),
    [
        ("", "no signature file"),
        ("x" * 20_000, "no signature file"),
        ("-----BEGIN SSH SIGNATURE-----\nAAA\n-----END SSH SIGNATURE-----", "damaged"),
        (armored(b"SSHSIG"), "cut short"),
        (armored(b"PGPSIG" + bytes(40)), "version 1"),
        (remade(parts("ed25519"), version=2), "version 1"),
        (remade(parts("ed25519"), after=b"more"), "after its end"),
        (remade([*parts("ed25519")[:3], b"md5", parts("ed25519")[4]]), "hash"),
        (remade([*parts("ed25519")[:3], b"sha256", parts("ed25519")[4]]), "not of this statement"),
        (remade([parts("rsa")[0], *parts("ed25519")[1:]]), "another type than its key"),
        (remade([string(b"ssh-dss") + bytes(9), *parts("ed25519")[1:]]), "type ssh-dss"),
        (remade([string(b"ssh-ed25519") + string(b"short"), *parts("ed25519")[1:]]), "key is damaged"),
        (remade([parts("ed25519")[0] + b"more", *parts("ed25519")[1:]]), "after its end"),
        (remade([*parts("rsa")[:4], string(b"ssh-rsa") + string(bytes(256))]), "rsa-sha2"),
        (remade([string(b"ssh-rsa") + string(b"\3") + string(b"\1" * 65), *parts("rsa")[1:]]), "2048 bits"),
        (remade([parts("ecdsa-384")[0].replace(b"nistp384", b"nistp999"), *parts("ecdsa-384")[1:]]), "not known"),
        (
            remade([*parts("ecdsa-256")[:4], string(b"ecdsa-sha2-nistp256") + string(string(b"\0") + string(b"\0"))]),
            "not of this",
        ),
    ],
)
def test_what_is_no_signature_is_told(signature, says):
    with pytest.raises(BadSignature, match=says):
        verify(signature, MESSAGE, NAMESPACE)


@given(st.binary(max_size=400))
def test_bytes_from_anywhere_are_refused_in_a_sentence(content):
    with pytest.raises(BadSignature):
        verify(armored(b"SSHSIG\0\0\0\1" + content), MESSAGE, NAMESPACE)


@given(st.sampled_from(KINDS), st.data())
def test_no_byte_of_a_signature_may_be_another(kind, data):
    blob = bytearray(b64decode("".join(kept(kind).splitlines()[1:-1])))
    place = data.draw(st.integers(0, len(blob) - 1))
    blob[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BadSignature):
        verify(armored(bytes(blob)), MESSAGE, NAMESPACE)
