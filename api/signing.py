"""What one signs with a key of one's own, before the signature is given (POST endorsements)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import fields, validate

from api.acting import moment_of
from api.callers import READERS, myself, secretariat
from api.deeds import deed
from api.record_shapes import STATEMENT
from api.schemas import clean, command_schema
from dialogue.acts import command_from
from dialogue.signing import GiveEndorsement
from dialogue.text import LINE_LIMIT
from projections.own_keys import to_sign
from projections.referring import References

blue = Blueprint("signing", __name__, description="Signing with a key of one's own.")
UNSIGNED = type(
    "UnsignedEndorsement",
    (command_schema(GiveEndorsement, frozenset({"signature", "proposal"})),),
    {"proposal": fields.String(validate=[validate.Length(1, LINE_LIMIT), clean], metadata={"example": "P7"})},
)


@deed(
    blue,
    "/signing/statement",
    "What to sign with a key of your own: ssh-keygen -Y sign -n endorsement@dialogue.",
    STATEMENT,
    body=UNSIGNED,
    roles=READERS,
    only_asks=True,
)
def statement(dialogue: UUID, asked: dict[str, Any]) -> Any:
    references = References(secretariat, dialogue)
    moment = moment_of(asked.pop("moment", {}), references, myself().participant)
    asked.setdefault("nonce", str(secretariat.draw()))
    command = command_from("GiveEndorsement", references.fields(GiveEndorsement, asked, moment.actor))
    assert isinstance(command, GiveEndorsement)
    return {"nonce": asked["nonce"], "statement": to_sign(secretariat, dialogue, command, moment).decode()}
