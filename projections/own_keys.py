"""Signatures with a signatory's own key, verified when they come in; and the statement that is to be signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from dialogue.endorsement import EndorsementGiven
from dialogue.fact import Entry, Moment, Personal, Refused
from dialogue.own_key import signed_by, statement
from dialogue.record import Asked
from dialogue.signing import GiveEndorsement
from dialogue.sshsig import BadSignature
from projections.stores import told

if TYPE_CHECKING:
    from projections.secretariat import Secretariat

NOT_YET = Personal("not signed yet")


def with_own_keys(secretariat: Secretariat, dialogue: UUID, asked: Sequence[Asked]) -> list[Asked]:
    """The acts, each signature with an own key verified and bound to the very version that it is of.

    Raises Refused for a signature that does not hold, and as the acts themselves would.
    """
    checked: list[Asked] = []
    for ask in asked:
        checked.append(ask)
        command = ask.command
        if isinstance(command, GiveEndorsement) and command.signature is not None:
            given = would_give(secretariat, dialogue, checked)
            if given is not None:
                fact, origin = given
                try:
                    signed_by(fact, origin, command.signature.value)
                except BadSignature as error:
                    raise Refused("bad-signature", f"this signature is not accepted: {error}") from None
                bound = replace(command, version=fact.version, text=fact.text, capacity=fact.capacity)
                checked[-1] = replace(ask, command=bound)
    return checked


def would_give(secretariat: Secretariat, dialogue: UUID, asked: Sequence[Asked]) -> tuple[EndorsementGiven, str] | None:
    """The endorsement that the last of these acts would be, or was, and the source of its entry."""
    with told():
        answers: list[list[Entry]] = secretariat.record.execute(dialogue, asked, secretariat.desk, dry_run=True)
    for entry in answers[-1]:
        if isinstance(entry.fact, EndorsementGiven):
            return entry.fact, entry.source
    return None


def to_sign(secretariat: Secretariat, dialogue: UUID, command: GiveEndorsement, moment: Moment) -> bytes:
    """The statement for this endorsement, which names a nonce, to be signed with `ssh-keygen -Y sign`.

    Raises Refused as the endorsement itself would.
    """
    ask = Asked(replace(command, signature=NOT_YET), moment, b"")
    given = would_give(secretariat, dialogue, [ask])
    if given is None:
        raise Refused("already", "that text is signed already; the signature stands")
    return statement(*given)
