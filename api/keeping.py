"""What makes the record checkable: its key, checkpoints, witnesses, timestamps; and what of it is handed out."""

from __future__ import annotations

import tempfile
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import ValidationError, fields, validate

from api.asking import LARGEST, read
from api.callers import KEEPERS, access, limits, myself, secretariat
from api.deeds import deed
from api.record_shapes import ATTESTED, CHECKPOINT, DISCLOSURES, LOG_KEY, POLICY, STAMPED
from api.schemas import Strict, clean
from api.shaping import STRING
from api.streams import streamed
from dialogue.checkpoint import read_checkpoint
from dialogue.cosignature import WitnessKey
from dialogue.fact import Refused, Unknown
from dialogue.note import BadKey, BadNote
from dialogue.shape import stamp
from projections import attesting, ledger, timestamps
from projections.disclosing import Unnumbered, disclose, every_disclosure, numbered
from projections.export import export_file
from projections.log_keys import in_use
from projections.read import Reading

blue = Blueprint("keeping", __name__, description="What makes the record checkable, and what of it is handed out.")
TAR = "application/x-tar"
PIECE = 65_536  # bytes of an export sent in one go
SIZE = {"size": fields.Integer(validate=validate.Range(1, LARGEST), metadata={"description": "Else the last."})}


@read(blue, "/checkpoint", "The last signed checkpoint of the record, with its cosignatures.", CHECKPOINT)
def checkpoint(_: Reading, dialogue: UUID, __: dict[str, Any]) -> Any:
    note = attesting.latest(secretariat.record.rows, dialogue)
    if note is None:
        raise Unknown("checkpoint yet")
    return told_of(note, dialogue)


@deed(blue, "/checkpoint", "Sign the record as it stands.", CHECKPOINT)
def sign_checkpoint(dialogue: UUID, _: dict[str, Any]) -> Any:
    return told_of(attesting.make_checkpoint(secretariat, dialogue), dialogue)


def told_of(note: bytes, dialogue: UUID) -> dict[str, Any]:
    head = read_checkpoint(note)
    told = {"origin": head.origin, "size": head.size, "root": head.root.hex(), "note": note.decode()}
    return {**told, "key": in_use(secretariat, dialogue)}


@read(blue, "/log-keys", "The public key with which checkpoints are signed.", LOG_KEY)
def log_key(_: Reading, dialogue: UUID, __: dict[str, Any]) -> Any:
    return {"vkey": in_use(secretariat, dialogue)}


@read(blue, "/policy", "Whom the dialogue proposes to trust: a C2SP tlog-policy.", POLICY)
def policy(reading: Reading, dialogue: UUID, _: dict[str, Any]) -> Any:
    kept = attesting.policy(secretariat.record.rows, dialogue, reading.bound(dialogue))
    return {"policy": kept.decode() if kept else None}


class NewPolicy(Strict):
    """A C2SP tlog-policy. Let a majority be needed: with fewer, two views of one record could both pass."""

    policy = fields.String(
        required=True,
        validate=validate.Length(1, 100_000),
        metadata={"example": "log dialogue.example.org/d1+4f9a3c11+AbCd\nquorum none\n"},
    )


@deed(blue, "/policy", "Keep whom the dialogue proposes to trust.", POLICY, body=NewPolicy, method="PUT")
def keep_policy(dialogue: UUID, asked: dict[str, Any]) -> Any:
    with secretariat.reading() as reading:
        size = ledger.head(reading, dialogue).size
    attesting.keep_policy(secretariat.record.rows, dialogue, size, asked["policy"].encode())
    return {"policy": asked["policy"]}


@read(
    blue,
    "/checkpoint/request",
    "What to ask a witness (C2SP tlog-witness) that last cosigned a tree of `old` entries.",
    STRING,
    roles=KEEPERS,
    more={"old": fields.Integer(load_default=0, validate=validate.Range(0, LARGEST))},
    media_type="text/plain",
)
def witness_request(_: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    return Response(attesting.request(secretariat, dialogue, asked["old"]).body(), mimetype="text/plain")


class Answer(Strict):
    """What a witness answered about the checkpoint of so many entries, and the keys of the witnesses one knows."""

    size = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST), metadata={"example": 142})
    answer = fields.String(
        required=True,
        validate=validate.Length(1, 10_000),
        metadata={"example": "— witness.example.org jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHe\n"},
    )
    keys = fields.List(
        fields.String(validate=[validate.Length(1, 1000), clean]),
        required=True,
        validate=validate.Length(1, 100),
        metadata={"example": ["witness.example.org+12ab34cd+BAbC"]},
    )


@deed(blue, "/checkpoint/cosignatures", "Keep what a witness cosigned.", ATTESTED, body=Answer)
def keep_cosignatures(dialogue: UUID, asked: dict[str, Any]) -> Any:
    rows, size = secretariat.record.rows, asked["size"]
    try:
        witnesses = [WitnessKey.parse(one) for one in asked["keys"]]
        names = attesting.add_answer(rows, dialogue, size, asked["answer"].encode(), witnesses)
    except (BadNote, BadKey) as error:
        raise Refused("unfit", f"that is no cosignature of this checkpoint: {error}", path="answer") from None
    return {"size": size, "witnesses": names}


@read(
    blue,
    "/checkpoint/timestamp-query",
    "What to ask a timestamp authority about a checkpoint (RFC 3161).",
    STRING,
    roles=KEEPERS,
    more=SIZE,
    media_type="application/timestamp-query",
)
def timestamp_query(_: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    size = asked.get("size") or secretariat.record.rows.last_attested(dialogue, "checkpoint")
    query = timestamps.request(secretariat.record.rows, dialogue, size)
    return Response(query, mimetype="application/timestamp-query")


class Reply(Strict):
    """An authority's reply, and the certificates up to which its signature is verified."""

    size = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST), metadata={"example": 142})
    reply = fields.String(
        required=True, validate=validate.Length(1, 100_000), metadata={"format": "byte", "example": "MIIE1TAVAgEA"}
    )
    authorities = fields.String(validate=validate.Length(1, 100_000), metadata={"description": "PEM."})


@deed(blue, "/checkpoint/timestamps", "Keep an authority's reply with its checkpoint.", STAMPED, body=Reply)
def keep_timestamp(dialogue: UUID, asked: dict[str, Any]) -> Any:
    try:
        reply = b64decode(asked["reply"], validate=True)
    except (NotBase64, ValueError):
        raise Refused("unfit", "send the reply, which is DER, in Base64", path="reply") from None
    pem = asked["authorities"].encode() if "authorities" in asked else None
    time = timestamps.attach(secretariat.record.rows, dialogue, asked["size"], reply, pem)
    return {"size": asked["size"], "time": stamp(time), "verified": pem is not None}


def place_in_record(value: str) -> None:
    """Refuses what names no entries."""
    clean(value)
    try:
        numbered(value)
    except Unnumbered as error:
        raise ValidationError(str(error)) from None


@read(
    blue,
    "/disclosures",
    "Chosen values of chosen entries opened for an auditor, who learns nothing else. It cannot be recalled.",
    DISCLOSURES,
    roles=KEEPERS,
    more={
        "entries": fields.String(
            required=True, validate=[validate.Length(1, 2000), place_in_record], metadata={"example": "5,9-12"}
        ),
        "fields": fields.String(
            required=True, validate=[validate.Length(1, 500), clean], metadata={"example": "name,descriptor"}
        ),
    },
)
def disclosures(reading: Reading, dialogue: UUID, asked: dict[str, Any]) -> Any:
    limits.export(access(), myself().token.id)
    wanted = {one.strip() for one in asked["fields"].split(",")}
    made, _ = disclose(reading, dialogue, numbered(asked["entries"]), wanted)
    return Response(made.file(), mimetype="application/json", headers={"Cache-Control": "no-store"})


@read(
    blue,
    "/export",
    "The record written out, for anybody to check offline; personal values only as salted digests.",
    STRING,
    media_type=TAR,
)
def export(_: Reading, dialogue: UUID, __: dict[str, Any]) -> Any:
    return exported(dialogue, "public", [])


@read(
    blue,
    "/export/full",
    "The same with every name and other sealed value, for whoever may see them all.",
    STRING,
    roles=KEEPERS,
    media_type=TAR,
)
def full_export(reading: Reading, dialogue: UUID, _: dict[str, Any]) -> Any:
    every = every_disclosure(reading, dialogue)
    return exported(dialogue, "full", [(one.entry, one.disclosure) for one in every if one.disclosure is not None])


def exported(dialogue: UUID, audience: str, shown: list[tuple[int, str]]) -> Response:
    """An export, made in a file that is gone when it has been sent."""
    limits.export(access(), myself().token.id)
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "record.tar"
    try:
        export_file(secretariat, dialogue, path, audience, shown)
        answer = streamed(pieces(path), TAR)
    except BaseException:
        folder.cleanup()
        raise
    answer.call_on_close(folder.cleanup)
    return answer


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
