"""Over HTTP: what is said under the Chatham House Rule, and what is done beside the record."""

from __future__ import annotations

import json
import subprocess
from base64 import b64encode

import pytest

from dialogue.disclosure import Disclosed, Disclosures
from dialogue.exported import audit_export
from dialogue.mandate import Settings
from dialogue.witness import Request
from door import Door
from house import House
from logs import NOON, WITNESSES
from projections import log_keys

SAID = ("Who pays?", "Not I.", "Да, конечно.", "좋습니다.", "静かに。")
SPEAKERS = ("Tuya", "Pavel", "Seoyun", "Haneul", "Bora")


@pytest.fixture
def door(tmp_path):
    """A session under the Chatham House Rule is open, in which Lin is recorded as present."""
    house = House(tmp_path / "house")
    door = Door(house)
    door.did("proposals", {"title": "Hotlines", "text": "Open one hotline."}, by="Tuya")
    door.did("meetings", {"title": "First"}, by="Office")
    door.did("meetings/M1/sessions", {}, by="Rin")
    lin = door.shown("me", by="Lin")["handle"]
    door.did("meetings/M1/attendance", {"participant": lin, "session": "S1"}, by="Office")
    yield door
    house.close()


def say(door, words, by, **more):
    return door.post("comments", {"proposal": "P1", "session": "S1", "words": words}, by=by, **more)


def entries(door):
    return door.shown("", by="Office")["entries"]


def test_what_is_said_under_the_rule_is_answered_with_a_ticket_and_waits(door):
    before = entries(door)
    said = say(door, SAID[0], "Tuya", headers={"Idempotency-Key": "said"})
    assert (said.status_code, said.json["entries"]) == (202, [])
    again = say(door, SAID[0], "Tuya", headers={"Idempotency-Key": "said"})
    assert (again.status_code, again.json) == (202, said.json), "the same key gives the same answer"
    assert entries(door) == before
    told = door.shown("sessions/S1/notes", by="Lin")
    assert told["notes"] == [{"words": SAID[0], "on": "P1", "version": 1, "reply_to": None}]
    assert door.shown("sessions/S1/notes", by="Office")["notes"][0]["by"]["name"] == "Tuya ENKH"
    absent = door.get("sessions/S9/notes", by="Pavel")
    for name in ("Pavel", "Tuya", "Rin", "Auditor"):
        hidden = door.get("sessions/S1/notes", by=name)
        assert (hidden.status_code, hidden.data) == (404, absent.data), f"{name} was not in the room"


def test_whoever_has_a_ticket_is_told_what_became_of_it_and_nobody_else_is(door):
    tickets = [say(door, words, name).json["ticket"] for words, name in zip(SAID, SPEAKERS, strict=True)]
    waiting = door.post("receipts", {"ticket": tickets[0]}, by="Tuya")
    assert (waiting.status_code, waiting.json) == (200, {"state": "waiting", "comment": None})
    door.did("sessions/S1/closing", by="Rin")
    told = [door.post("receipts", {"ticket": one}, by="Tuya").json for one in tickets]
    assert {one["state"] for one in told} == {"released"}
    words = {door.shown(f"comments/{one['comment']}", by="Pavel")["words"] for one in told}
    assert words == set(SAID)
    assert [door.shown(f"comments/{one['comment']}", by="Pavel")["words"] for one in told] == list(SAID)
    absent = door.post("receipts", {"ticket": "0" * 32}, by="Tuya")
    here = door.house.dialogue
    door.house.open("Another Invented Dialogue")
    foreign = door.post("receipts", {"ticket": tickets[0]}, by="Tuya")
    door.house.dialogue = here
    assert (absent.status_code, foreign.status_code, absent.data) == (404, 404, foreign.data)


def test_a_position_under_the_rule_is_answered_with_a_ticket_too(door):
    door.did("calls", {"proposal": "P1", "session": "S1"}, by="Rin")
    taken = door.put("calls/Q1/positions/mine", {"name": "agree"}, by="Tuya")
    assert (taken.status_code, sorted(taken.json)) == (202, ["entries", "ticket"])
    back = door.post("calls/Q1/positions/mine/withdrawal", by="Tuya")
    assert back.status_code == 202
    changed = door.post("receipts", {"ticket": taken.json["ticket"]}, by="Tuya")
    assert changed.json["state"] == "changed"


def test_who_said_it_is_removed_when_its_time_is_over(door):
    for words, name in zip(SAID, SPEAKERS, strict=True):
        say(door, words, name)
    door.did("sessions/S1/closing", by="Rin")
    assert door.post("retention", by="Rin").status_code == 404, "that is for the secretariat"
    assert door.post("retention", by="Office").json == {"removed": 0, "left": None}
    door.house.wait(days=Settings().retention_days + 2)
    assert door.post("retention", by="Office").json == {"removed": 5, "left": None}


def test_an_act_may_be_tried_first_and_nothing_is_recorded(door):
    before = entries(door)
    tried = door.post("proposals?dry_run=true", {"title": "Drills", "text": "Hold one."}, by="Tuya")
    assert (tried.status_code, tried.json["dry_run"], tried.json["entries"][0]["handle"]) == (200, True, "P2")
    revised = door.put("proposals/P1/text?dry_run=true", {"text": "No."}, by="Tuya", headers={"If-Match": '"v1"'})
    assert (revised.status_code, revised.json["entries"][0]["version"]) == (200, 2)
    refused = door.put("proposals/P1/text?dry_run=true", {"text": "No."}, by="Pavel")
    assert refused.status_code == 403
    assert entries(door) == before


def test_a_signature_with_a_key_of_ones_own_is_given_over_what_the_statement_says(door, tmp_path):
    door.did("signing/opening", {"proposal": "P1"}, by="Rin")
    asked = {"proposal": "P1", "assent": "general thrust"}
    told = door.post("signing/statement", asked, by="Pavel")
    assert told.status_code == 200
    assert json.loads(told.json["statement"])["nonce"] == told.json["nonce"]
    key = tmp_path / "key"
    for command in (
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)],
        ["ssh-keygen", "-q", "-Y", "sign", "-n", "endorsement@dialogue", "-f", str(key), str(tmp_path / "statement")],
    ):
        (tmp_path / "statement").write_bytes(told.json["statement"].encode())
        subprocess.run(command, check=True, capture_output=True)
    signature = (tmp_path / "statement.sig").read_text()
    given = {**asked, "nonce": told.json["nonce"], "signature": signature}
    other = door.post("endorsements", {**given, "assent": "text"}, by="Pavel")
    assert (other.status_code, other.json["type"]) == (422, "/problems/bad-signature")
    door.did("endorsements", given, by="Pavel")
    [listed] = door.shown("proposals/P1/signatories", by="Pavel")["items"]
    assert listed["recorded_by"] == "own key"


@pytest.fixture
def signed(door, tmp_path):
    """The same with a key that signs it, and a first checkpoint."""
    house = door.house
    assert door.post("checkpoint", by="Office").json["type"] == "/problems/no-key"
    assert door.get("checkpoint", by="Auditor").status_code == 404
    house.secretariat.log_key_file = tmp_path / "log.key"
    assert log_keys.renew(house.secretariat, house.secretariat.log_key_file) == []
    made = door.post("checkpoint", by="Office")
    assert (made.status_code, made.json["size"]) == (200, entries(door))
    return door


def test_the_record_is_signed_as_it_stands_and_witnessed(signed):
    door = signed
    assert door.post("checkpoint", by="Rin").status_code == 404, "that is for the secretariat"
    seen = door.shown("checkpoint", by="Auditor")
    assert seen["key"] == door.shown("log-keys", by="Auditor")["vkey"]
    asked = door.get("checkpoint/request?old=0", by="Office")
    request = Request.parse(asked.data)
    assert request.checkpoint.size == seen["size"]
    witness = WITNESSES[0]
    body = {
        "size": seen["size"],
        "answer": witness.cosign(request.checkpoint.text(), NOON).line(),
        "keys": [str(witness.key)],
    }
    kept = door.post("checkpoint/cosignatures", body, by="Office")
    assert (kept.status_code, kept.json["witnesses"]) == (200, [witness.name])
    assert witness.name in door.shown("checkpoint", by="Auditor")["note"]
    forged = door.post("checkpoint/cosignatures", {**body, "answer": "— nobody AAAA\n"}, by="Office")
    assert (forged.status_code, forged.json["type"]) == (422, "/problems/unfit")
    assert "nobody" not in door.shown("checkpoint", by="Auditor")["note"]


def test_whom_to_trust_is_kept_and_shown(signed):
    door = signed
    assert door.shown("policy", by="Auditor") == {"policy": None}
    policy = f"log {door.shown('log-keys', by='Auditor')['vkey']}\nquorum none\n"
    assert door.put("policy", {"policy": policy}, by="Office").status_code == 200
    assert door.shown("policy", by="Auditor") == {"policy": policy}
    assert door.put("policy", {"policy": "trust everybody"}, by="Office").status_code == 422


def test_an_export_passes_its_audit_with_names_only_for_the_secretariat(signed, tmp_path):
    door = signed
    for place, name, opened in (("export", "Auditor", 0), ("export/full", "Office", 1)):
        told = door.get(place, by=name)
        assert (told.status_code, told.mimetype) == (200, "application/x-tar")
        file = tmp_path / "record.tar"
        file.write_bytes(told.data)
        disclosed = Disclosed(Disclosures())
        report = audit_export(file, [], None, disclosed.beside)
        assert report.fault is None
        assert report.size == entries(door)
        assert ("ENKH" in told.data.decode("latin-1") or b'"disclosure"' in told.data) == bool(opened)
    assert door.get("export/full", by="Auditor").status_code == 404


def test_chosen_values_are_disclosed_and_no_others(signed):
    door = signed
    told = door.get("disclosures?entries=2-6&fields=name", by="Office")
    assert told.status_code == 200
    shown = Disclosures.parse(told.data)
    assert shown.disclosures
    assert all(1 < one.entry < 7 for one in shown.disclosures)
    assert door.get("disclosures?entries=2-6&fields=name", by="Auditor").status_code == 404
    assert door.get("disclosures?entries=6-2-1&fields=name", by="Office").status_code == 422


def test_a_person_sees_what_is_held_about_them_and_the_secretariat_shows_it(door):
    mine = door.shown("me/data", by="Tuya")
    assert "Tuya ENKH" in {one["value"] for one in mine["values"]}
    handle = mine["participant"]["handle"]
    assert door.shown(f"participants/{handle}/data", by="Office")["values"] == mine["values"]
    assert door.get(f"participants/{handle}/data", by="Pavel").status_code == 404


def test_two_people_forget_a_third_over_http(door):
    handle = door.shown("me", by="Bora")["handle"]
    door.did(f"participants/{handle}/erasure", by="Office")
    alone = door.post(f"participants/{handle}/erasure/confirmation", by="Office")
    assert (alone.status_code, alone.json["type"]) == (403, "/problems/two-people")
    door.did(f"participants/{handle}/erasure/confirmation", by="Rin")
    assert door.get("me", by="Bora").status_code == 401
    assert "Bora" not in door.get(f"participants/{handle}", by="Office").text


def test_a_timestamp_is_asked_for_and_what_is_none_is_refused(signed):
    door = signed
    query = door.get("checkpoint/timestamp-query", by="Office")
    assert (query.status_code, query.mimetype) == (200, "application/timestamp-query")
    size = door.shown("checkpoint", by="Office")["size"]
    reply = {"size": size, "reply": b64encode(b"no reply").decode()}
    refused = door.post("checkpoint/timestamps", reply, by="Office")
    assert (refused.status_code, refused.json["type"]) == (422, "/problems/timestamp")
    assert door.post("checkpoint/timestamps", {**reply, "reply": "%"}, by="Office").status_code == 422


def test_notices_come_as_mail_drafts_where_they_are_wanted(door):
    door.did("participants", {"name": "BAT Sarnai", "email": "sarnai@invented.example"}, by="Office")
    drafts = [one["draft"] for one in door.shown("notices?drafts=true", by="Office")["items"]]
    assert any(one and "To: BAT Sarnai <sarnai@invented.example>" in one for one in drafts)
    assert None in drafts, "whoever has no address has no draft"
    assert "draft" not in door.shown("notices", by="Office")["items"][0]


def test_lists_are_asked_for_by_what_they_are_on(door):
    door.did("proposals", {"title": "Drills", "text": "Hold [one / two] drills."}, by="Tuya")
    for item in ("P1", "P2"):
        door.did(f"proposals/{item}/amendments", {"text": "Open two."}, by="Pavel")
        door.did("comments", {"proposal": item, "words": "Why?"}, by="Pavel")
    door.did("comments/C1/disposition", {"disposition": "noted", "reason": "Heard."}, by="Rin", method="PUT")
    door.did("calls", {"proposal": "P1"}, by="Rin")

    def handles(place):
        return [one["handle"] for one in door.shown(place, by="Lin")["items"]]

    assert handles("amendments?on=P2") == ["A2"]
    assert handles("comments?on=P2") == ["C2"]
    assert handles("comments/undisposed") == ["C2"]
    assert (handles("calls?on=P1"), handles("calls?on=P2"), handles("rulings?on=P1")) == (["Q1"], [], [])
    assert door.get("comments?on=P9", by="Lin").status_code == 404
    assert door.shown("proposals/P2/versions/1", by="Lin")["holders"] == []


def test_the_latest_edition_that_need_not_wait_is_published_in_every_format(door):
    door.did("documents", {"title": "Quiet Waters", "preamble": "We met."}, by="Office")
    door.did("documents/D1/items", {"groups": [{"theme": "", "items": ["P1"]}]}, by="Office", method="PUT")
    door.did("documents/D1/editions", by="Office")
    for form in ("application/json", "text/html", "text/markdown"):
        answer = door.get("documents/D1/publication", by="Lin", headers={"Accept": form})
        assert (answer.status_code, answer.mimetype) == (200, form)
        edition = door.get("documents/D1/editions/1", by="Lin", headers={"Accept": form})
        assert answer.data == edition.data
    assert door.get("documents/D1/publication").status_code == 404, "it is not public"
    assert door.shown("documents/D1?edition=1", by="Lin")["items"][0]["handle"] == "P1"
    assert door.get("documents/D1?edition=2", by="Lin").status_code == 404
