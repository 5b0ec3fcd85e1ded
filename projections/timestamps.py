"""RFC 3161 timestamps on a checkpoint: asked for, attached, verified.

A timestamp authority says that a checkpoint was there at a time. It is about the checkpoint as the log signed it,
without cosignatures. Needs the extra `timestamps` (rfc3161-client).
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from dialogue.exported import as_signed
from dialogue.fact import Refused
from dialogue.record import Rows
from projections.attesting import cosigned


def library() -> Any:
    """rfc3161-client. Raises Refused where it is not installed."""
    try:
        import rfc3161_client
    except ImportError:
        raise Refused("no-library", "timestamps need the extra: pip install 'dialogue-record[timestamps]'") from None
    return rfc3161_client


def request(rows: Rows, dialogue: UUID, size: int) -> bytes:
    """The query (DER) to send to an authority about the checkpoint of so many entries. Raises Unknown."""
    client = library()
    builder = client.TimestampRequestBuilder().data(as_signed(cosigned(rows, dialogue, size)))
    query: bytes = builder.hash_algorithm(client.HashAlgorithm.SHA256).build().as_bytes()
    return query


def attach(rows: Rows, dialogue: UUID, size: int, reply: bytes, authorities: bytes | None = None) -> datetime:
    """Keeps an authority's reply (DER) with the checkpoint; the time that it tells.

    With the PEM certificates of `authorities` its signature is verified up to one of them. Raises Refused.
    """
    signed = as_signed(cosigned(rows, dialogue, size))
    time = told(reply, signed, authorities)
    rows.attest(dialogue, size, "timestamp", reply)
    return time


def told(reply: bytes, signed: bytes, authorities: bytes | None = None) -> datetime:
    """The time that a reply tells of these bytes. Raises Refused where it is about others, or not to be believed."""
    client = library()
    try:
        response = client.decode_timestamp_response(reply)
        if response.tst_info.message_imprint.message != sha256(signed).digest():
            raise Refused("other-checkpoint", "that timestamp is not about this checkpoint")
        if authorities is not None:
            verifier(client, authorities).verify_message(response, signed)
        time: datetime = response.tst_info.gen_time
    except (ValueError, client.VerificationError) as error:
        raise Refused("timestamp", f"that is no timestamp to be believed: {error}") from error
    return time


def verifier(client: Any, authorities: bytes) -> Any:
    """Trusts these certificates alone: one that a reply brings along would vouch for itself."""
    from cryptography.x509 import load_pem_x509_certificates

    builder = client.VerifierBuilder()
    for root in load_pem_x509_certificates(authorities):
        builder = builder.add_root_certificate(root)
    return builder.build()
