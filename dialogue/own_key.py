"""What a signatory signs with a key of their own: the canonical statement of an endorsement, and its verification.

trust.md, section 6: RFC 8785 JSON that names the record's log, the item or document, version, digest and capacity.
`ssh-keygen -Y sign -n endorsement@dialogue` signs it. A nonce is good for one signature: what was withdrawn is not
given again by somebody else with the old one.
"""

from __future__ import annotations

from typing import Any

import rfc8785

from dialogue.endorsement import EndorsementGiven
from dialogue.sshsig import verify

NAMESPACE = "endorsement@dialogue"


def statement(fact: EndorsementGiven, origin: str) -> bytes:
    """The exact bytes that are signed. `origin` is the source of the record's entries."""
    signed: dict[str, Any] = {
        "type": "dialogue-endorsement/v1",
        "origin": origin,
        "version": fact.version,
        "text_sha256": fact.text.sha256,
        "assent": fact.assent,
        "capacity": fact.capacity,
        "excepting": [str(one) for one in fact.excepting],
        "nonce": fact.nonce,
    }
    subject = {"proposal": str(fact.proposal)} if fact.proposal is not None else {"document": str(fact.document)}
    return rfc8785.dumps(signed | subject)


def signed_by(fact: EndorsementGiven, origin: str, signature: str) -> str:
    """The fingerprint of the key that signed the statement of this endorsement. Raises BadSignature."""
    return verify(signature, statement(fact, origin), NAMESPACE)
