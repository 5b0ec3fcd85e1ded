"""Over HTTP: whoever acted is given proof that their entry stands in the signed record; nobody else learns of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dialogue.document import Group
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature, OrderItems
from dialogue.note import VerifierKey
from dialogue.policy import Policy, format_policy
from dialogue.proof import BadProof, Proof
from dialogue.releasing import PublishDocument
from dialogue.signing import GiveEndorsement
from door import Door
from house import House
from projections import log_keys


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """A house with a key that signs its record."""
    house = House(tmp_path)
    house.secretariat.log_key_file = tmp_path / "log.key"
    assert log_keys.renew(house.secretariat, house.secretariat.log_key_file) == []
    yield Door(house)
    house.close()


def proposed(door: Door) -> dict[str, Any]:
    """Tuya's entry, as the answer to her act tells it."""
    [entry] = door.did("proposals", {"title": "Hotlines", "text": "Open one hotline."}, by="Tuya")["entries"]
    return dict(entry)


def verified(door: Door, receipt: dict[str, Any]) -> dict[str, Any]:
    """The entry that a receipt proves, under the key that the dialogue names."""
    policy = Policy.parse(format_policy([VerifierKey.parse(vkey(door))], {}, 0))
    proof = Proof.parse(receipt["proof"].encode())
    assert proof.index == receipt["entry"] - 1
    proof.verify(receipt["leaf"].encode(), policy)
    with pytest.raises(BadProof):
        proof.verify(receipt["leaf"].replace("Submitted", "Withdrawn").encode() + b" ", policy)
    return dict(json.loads(receipt["leaf"]))


def vkey(door: Door) -> str:
    return str(door.shown("log-keys", by="Tuya")["vkey"])


def test_whoever_acted_has_a_receipt_once_a_checkpoint_covers_the_act(door: Door) -> None:
    entry = proposed(door)
    early = door.get(entry["proof"], by="Tuya")
    assert (early.status_code, early.json["type"]) == (422, "/problems/too-soon")
    assert door.post("checkpoint", by="Tuya").status_code == 404, "that is for the secretariat"
    assert door.post("checkpoint", by="Office").status_code == 200
    receipt = door.shown(entry["proof"], by="Tuya")
    told = verified(door, receipt)
    assert (told["type"], told["entry"]) == ("ProposalSubmitted", entry["entry"])
    assert told["actor"] == str(door.house.person("Tuya"))


def test_checkpoints_that_are_made_every_so_many_entries_bring_receipts_too(door: Door) -> None:
    door.house.secretariat.checkpoint_every = 1
    entry = proposed(door)
    assert verified(door, door.shown(entry["proof"], by="Tuya"))["entry"] == entry["entry"]


def test_other_people_s_software_verifies_a_receipt(door: Door) -> None:
    theirs = pytest.importorskip("proofbundle.tlogproof")
    door.house.secretariat.checkpoint_every = 1
    receipt = door.shown(proposed(door)["proof"], by="Tuya")
    key = vkey(door)
    for leaf, holds in ((receipt["leaf"], True), (receipt["leaf"] + " ", False)):
        said = theirs.verify_tlog_proof(
            receipt["proof"], leaf.encode(), key, [], threshold=0, expected_origin=key.partition("+")[0]
        )
        assert said["ok"] == holds, said


def test_a_receipt_is_for_those_who_read_the_record_and_absent_for_everybody_else(door: Door) -> None:
    door.house.secretariat.checkpoint_every = 1
    entry, here = proposed(door), door.house.dialogue
    absent = f"/v1/dialogues/{here}/entries/{entry['entry'] + 1}/proof"
    for reader in ("Rin", "Office", "Auditor", "Observer", "Pavel"):
        assert door.get(entry["proof"], by=reader).status_code == 200
        assert door.get(absent, by=reader).status_code == 404
    assert door.get(entry["proof"]).status_code == door.get(absent).status_code == 401
    assert door.get(entry["proof"]).data == door.get(absent).data
    hidden = [door.get(place, by="Committee") for place in (entry["proof"], absent)]
    door.house.open("Another Invented Dialogue")
    hidden += [door.get(place, by="Tuya") for place in (entry["proof"], absent)]
    assert {one.status_code for one in hidden} == {404}
    assert len({one.data for one in hidden}) == 1, "a stranger is not told that there is such an entry"


def test_an_addressee_who_acknowledges_receipt_has_a_receipt_of_that_and_of_nothing_else(door: Door) -> None:
    house: House = door.house
    house.secretariat.checkpoint_every = 1
    entry, document = proposed(door), house.thing("D1")
    house.act(DraftDocument("Quiet Waters"), by="Office")
    house.act(OrderItems(document, (Group("", (house.thing("P1"),)),)), by="Office")
    house.act(IssueEdition(document), by="Office")
    house.act(OpenForSignature(document=document))
    house.act(GiveEndorsement(document=document, publish=True), by="Tuya")
    house.act(PublishDocument(document), by="Office")
    to: UUID = house.person("Committee")
    door.did("documents/D1/circulations", {"addressees": [str(to)]}, by="Office")
    [mine] = door.did("circulations/K1/receipts", by="Committee")["entries"]
    assert verified(door, door.shown(mine["proof"], by="Committee"))["type"] == "ReceiptAcknowledged"
    assert door.get(entry["proof"], by="Committee").status_code == 404
