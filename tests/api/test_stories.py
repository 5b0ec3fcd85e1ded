"""A story for each role, told over HTTP. Every answer is held against the API's own description."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dialogue.mandate import Settings
from door import Door, Doors
from house import House
from serving import GENEROUS, served

WORDS = "Open one hotline.\n\nKeep it open at night."


@pytest.fixture(
    params=["here", pytest.param("two servers on PostgreSQL", marks=[pytest.mark.postgres, pytest.mark.slow])]
)
def door(request, tmp_path):
    """The API in this process on SQLite; and over HTTP, as two processes on one PostgreSQL, asked in turn."""
    if request.param == "here":
        house = House(tmp_path, settings=Settings(chairs="any"))
        yield Door(house)
    else:
        database = request.getfixturevalue("fresh_postgres")
        house = House(tmp_path, settings=Settings(chairs="any"), database=database)
        house.now = datetime.now(UTC)  # the servers' clock is the machine's
        with served(house.environ, *GENEROUS) as one, served(house.environ, *GENEROUS) as other:
            yield Doors(house, [one.url, other.url])
    house.close()


def test_a_participant_submits_amends_comments_signs_and_reaffirms(door):
    submitted = door.did("proposals", {"title": "Hotlines", "text": WORDS, "theme": "Sea"}, by="Tuya")
    assert submitted["entries"][0]["handle"] == "P1"
    assert submitted["entry"] == submitted["entries"][-1]["entry"]
    door.did("proposals/P1/amendments", {"text": WORDS.replace("one", "two"), "reason": "Two coasts."}, by="Pavel")
    door.did("comments", {"proposal": "P1", "words": "Зачем ночью?", "quotation": {"exact": "at night"}}, by="Pavel")
    door.did("amendments/A1/acceptance", {"change": "substantive", "reason": "It was agreed."}, by="Rin")
    assert door.shown("proposals/P1", by="Tuya")["words"] == WORDS.replace("one", "two")
    assert door.shown("comments/C1", by="Seoyun")["anchor"] is not None
    door.did("signing/opening", {"proposal": "P1"}, by="Rin")
    door.did("endorsements", {"proposal": "P1", "publish": True}, by="Seoyun")
    door.did("proposals/P1/text", {"text": "Open three hotlines."}, by="Tuya", method="PUT")
    [lapsed] = door.shown("proposals/P1/signatories", by="Seoyun")["items"]
    assert (lapsed["standing"], lapsed["version"]) == ("lapsed", 2)
    door.did("endorsements/P1", {"version": 3}, by="Seoyun", method="PUT")
    mine = door.shown("proposals/P1/signatories/N7", by="Seoyun")
    assert (mine["standing"], mine["version"]) == ("stands", 3)
    assert door.shown("me", by="Seoyun")["roles"] == ["participant"]


def test_the_secretariat_invites_and_enters_a_signature_that_came_by_mail(door):
    door.did("proposals", {"title": "Hotlines", "text": WORDS}, by="Tuya")
    door.did("signing/opening", {"proposal": "P1"}, by="Office")
    invited = door.did("participants", {"name": "BAT Sarnai", "roles": ["participant"]}, by="Office")
    handle = invited["entries"][0]["handle"]
    link = door.post(f"participants/{handle}/invitation-link", by="Office")
    assert link.status_code == 201
    came_in = door.post("/v1/invitations", {"code": link.json["code"]})
    assert came_in.status_code == 201
    assert door.post("/v1/invitations", {"code": link.json["code"]}).status_code == 404
    new = {"Authorization": f"Bearer {came_in.json['token']}"}
    assert door.shown("me", headers=new)["handle"] == handle
    assert door.post("participants/me/acceptance", headers=new).status_code == 201
    received = door.now - timedelta(seconds=1)
    moment = {"on_behalf_of": "BAT Sarnai", "basis": "email", "time": received.isoformat(), "evidence": "ab" * 32}
    door.did("endorsements", {"proposal": "P1", "publish": True, "moment": moment}, by="Office")
    [signature] = door.shown("proposals/P1/signatories", by="Office")["items"]
    assert (signature["name"], signature["confirmed"], signature["entered"]) == ("BAT Sarnai", False, True)
    assert door.post("endorsements/P1/confirmation", headers=new).status_code == 201
    assert door.shown("proposals/P1/signatories", by="Office")["items"][0]["confirmed"]
    line = door.shown(f"entries/{signature['entry']}", by="Auditor")
    assert (line["basis"], line["recordedtime"] is not None) == ("email", True)


def test_a_co_chair_calls_rules_and_declares(door):
    door.did("proposals", {"title": "Hotlines", "text": WORDS}, by="Tuya")
    door.did("proposals/P1/text", {"text": WORDS.replace("at night", "by night")}, by="Tuya", method="PUT")
    door.did("rulings", {"proposal": "P1", "change": "editorial", "reason": "The same sense."}, by="Maral")
    assert door.shown("rulings/R1", by="Tuya")["change"] == "editorial"
    door.did("calls", {"proposal": "P1", "procedure": {"name": "consensus"}}, by="Rin")
    door.did("calls/Q1/positions/mine", {"name": "agree"}, by="Tuya", method="PUT")
    door.did("calls/Q1/positions/mine", {"name": "object", "reason": "Too few."}, by="Pavel", method="PUT")
    door.did("calls/Q1/positions/mine", {"name": "stand-aside"}, by="Pavel", method="PUT")
    door.did("calls/Q1/outcome", by="Rin")
    explained = door.shown("calls/Q1/explanation", by="Observer")
    assert "Reached by consensus" in explained["sentence"]
    assert door.shown("proposals/P1", by="Observer")["status"] == "adopted"
    assert door.shown("what-if?procedure=majority&threshold=2/3&entitled=9&position=agree=5", by="Rin")["sentence"]


def test_an_auditor_replays_traces_and_compares_two_instants(door):
    first = door.did("proposals", {"title": "Hotlines", "text": WORDS}, by="Tuya")["entry"]
    then = door.now.isoformat().replace("+00:00", "Z")
    door.house.wait(hours=1)
    door.did("proposals/P1/text", {"text": WORDS.replace("one", "two")}, by="Tuya", method="PUT")
    assert door.shown(f"proposals/P1?as_of={then}", by="Auditor")["version"] == 1
    assert door.shown(f"proposals/P1?as_of={first}", by="Auditor")["words"] == WORDS
    assert door.shown("proposals/P1", by="Auditor")["version"] == 2
    compared = door.shown("proposals/P1/comparison?since=v1&until=v2", by="Auditor")
    assert {"kind": "inserted", "words": "two"} in compared["changes"]
    [step] = door.shown(f"replay?start={first}&stop={first}", by="Auditor")["items"]
    assert step["moved"]["changes"][0]["kind"] == "inserted"
    traced = door.shown("proposals/P1/trace?phrase=at night", by="Auditor")
    assert traced["handle"] == "P1"
    door.did("calls", {"proposal": "P1"}, by="Rin")
    door.did("calls/Q1/positions/mine", {"name": "agree"}, by="Tuya", method="PUT")
    judged = door.shown("calls/Q1/what-if?procedure=majority&threshold=1/2", by="Auditor")
    assert judged["tally"]["agree"] == 1
    assert door.get("calls/Q1/what-if?procedure=majority&threshold=1/2", by="Tuya").status_code == 404
    refused = door.post("comments", {"proposal": "P1", "words": "I object."}, by="Auditor")
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/role")


def test_the_public_reads_what_is_published_and_past_its_embargo(door):
    here = not isinstance(door, Doors)  # where the clock can be moved to the end of an embargo
    assert door.shown("/v1/published")["items"] == []
    published = publish(door, embargo=here)
    edition = f"documents/D1/editions/{published}"
    hidden = door.get(edition if here else "documents/D1/editions/9")
    assert hidden.status_code == 404
    assert door.get(edition, by="Observer").status_code == 200
    if here:
        assert door.shown("/v1/published")["items"] == []
        door.house.wait(days=2)
    [listed] = door.shown("/v1/published")["items"]
    assert listed["document"]["title"] == "Recommendations on Quiet Waters"
    assert door.shown(listed["url"])["edition"] == published
    page = door.get(listed["url"], headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert "Recommendations on Quiet Waters" in page.text
    marked = door.get(listed["url"], headers={"Accept": "text/markdown"})
    assert marked.mimetype == "text/markdown"
    assert door.get(listed["url"], headers={"Accept": "image/png"}).status_code == 406
    assert door.get(f"documents/D1/editions/{published + 1}").data == hidden.data
    door.did("proposals/P1/text", {"text": "Open three hotlines."}, by="Tuya", method="PUT")
    [passed_over] = door.did("documents/D1/editions", by="Office")["entries"]
    door.did("proposals/P1/text", {"text": "Open four hotlines."}, by="Tuya", method="PUT")
    [last] = door.did("documents/D1/editions", by="Office")["entries"]
    door.did("documents/D1/publication", by="Office")
    assert door.shown("documents/D1/publication")["edition"] == last["version"]
    assert door.shown(edition)["edition"] == published
    unpublished = f"documents/D1/editions/{passed_over['version']}"
    assert door.get(unpublished).data == hidden.data
    assert door.get(unpublished, by="Observer").status_code == 200
    for path in ("", "proposals", "entries", "documents/D1", "participants"):
        assert door.get(path).status_code == 401


def publish(door, *, embargo=False):
    """A document of one signed item is published, if asked under an embargo of a day; the number of its edition."""
    door.did("proposals", {"title": "Hotlines", "text": WORDS}, by="Tuya")
    door.did("documents", {"title": "Recommendations on Quiet Waters", "preamble": "We met."}, by="Office")
    groups = [{"theme": "Sea", "items": ["P1"]}]
    door.did("documents/D1/items", {"groups": groups}, by="Office", method="PUT")
    edition = door.did("documents/D1/editions", by="Office")["entries"][0]["version"]
    door.did("signing/opening", {"document": "D1"}, by="Office")
    door.did("endorsements", {"document": "D1", "publish": True}, by="Tuya")
    if embargo:
        until = (door.now + timedelta(days=1)).isoformat()
        door.did("documents/D1/embargo", {"until": until}, by="Office", method="PUT")
    assert door.shown("documents/D1/readiness", by="Office")["ready"]
    door.did("documents/D1/publication", by="Office")
    return edition
