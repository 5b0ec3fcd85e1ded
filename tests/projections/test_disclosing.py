"""Values opened for auditors; and a value that was removed in silence is seen by whoever may see all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dialogue.comment import MakeComment
from dialogue.drafting import SubmitProposal
from dialogue.erasure import ConfirmErasure, RequestErasure
from dialogue.meeting import PlanMeeting, RecordAttendance
from dialogue.record import Damaged
from house import House
from projections.disclosing import every_disclosure


@pytest.fixture
def house(tmp_path: Path):
    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya", evidence="ab" * 32)
    house.act(PlanMeeting("First"), by="Office")
    house.act(RecordAttendance(house.thing("M1"), house.person("Tuya")), by="Office")
    house.act(MakeComment("Who pays?", house.thing("P1")), by="Pavel")
    yield house
    house.close()


def forgotten(house: House) -> int:
    """Tuya is forgotten; the entry that says so."""
    house.act(RequestErasure(house.person("Tuya")), by="Office")
    return house.act(ConfirmErasure(house.person("Tuya")), by="Rin")[0].number


def every(house: House):
    with house.reading() as reading:
        return list(every_disclosure(reading, house.dialogue))


def disclosed(house: House, folder: Path, entries: str, fields: str) -> Path:
    out = folder / "shown.json"
    result = house.run("disclose", "--entries", entries, "--fields", fields, "--to", str(out))
    assert result.exit_code == 0, result.stderr
    return out


def test_an_auditor_checks_what_was_opened_for_them_against_an_export(house, tmp_path):
    out = disclosed(house, tmp_path, "2-6", "name")
    assert house.run("export", "--to", str(tmp_path / "export")).exit_code == 0
    result = house.run("verify", str(tmp_path / "export"), "--disclosures", str(out))
    assert result.exit_code == 0, result.stdout
    assert "Entry 6: name is Tuya ENKH" in result.stdout
    assert "Former Envoy" not in result.stdout
    told = house.run("verify", str(tmp_path / "export"), "--disclosures", str(out), "--json")
    assert {"entry": 6, "name": "name", "value": "Tuya ENKH", "key": None} in json.loads(told.stdout)["disclosed"]
    assert house.run("verify", "--disclosures", str(out)).exit_code == 0, "and against the record where it is kept"


def test_only_the_chosen_fields_of_the_chosen_entries_are_opened(house, tmp_path):
    content = json.loads(disclosed(house, tmp_path, "6", "descriptor,country").read_text())
    assert [one["entry"] for one in content["disclosures"]] == [6]
    assert len(content["disclosures"]) == 1
    assert out_mode(tmp_path / "shown.json") == 0o600


def out_mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_forged_set_is_refused(house, tmp_path):
    out = disclosed(house, tmp_path, "4-6", "name")
    content = json.loads(out.read_text())
    shown = content["disclosures"]
    shown[0]["disclosure"], shown[-1]["disclosure"] = shown[-1]["disclosure"], shown[0]["disclosure"]
    out.write_text(json.dumps(content))
    result = house.run("verify", "--disclosures", str(out))
    assert result.exit_code == 5
    assert "it is forged" in result.stdout
    assert "ENKH" not in result.stdout


@pytest.mark.parametrize("entries", ["", "x", "0", "5-", "1-999999999"])
def test_entries_are_numbers_and_ranges(house, tmp_path, entries):
    assert house.run("disclose", "--entries", entries, "--fields", "name", "--to", str(tmp_path / "x")).exit_code == 2


def test_an_entry_that_is_not_there_is_told(house, tmp_path):
    result = house.run("disclose", "--entries", "999", "--fields", "name", "--to", str(tmp_path / "x"))
    assert result.exit_code == 4


def test_whoever_may_see_all_sees_each_value_or_the_entry_of_its_erasure(house):
    sealed = {(entry.number, one) for entry in house.secretariat.record.entries(house.dialogue) for one in entry.sealed}
    assert {(one.entry, one.digest) for one in every(house)} == sealed
    assert all(one.disclosure for one in every(house))
    entry = forgotten(house)
    gone = [one for one in every(house) if one.disclosure is None]
    assert len(gone) == 4, "name, descriptor, evidence and who attended"
    assert {one.erased for one in gone} == {entry}


def test_a_value_that_was_removed_in_silence_is_seen(house):
    gone = next(one for one in every(house) if one.name == "descriptor")
    with house.secretariat.stores.vault.begin() as conn:
        conn.exec_driver_sql(f"DELETE FROM disclosures WHERE digest = '{gone.digest}'")
    with pytest.raises(Damaged, match=f"entry {gone.entry} .*erasure"):
        every(house)


def test_a_full_export_opens_what_is_left_and_fails_where_something_is_missing(house, tmp_path):
    forgotten(house)
    result = house.run("export", "--full", "-o", str(tmp_path / "full.tar"))
    assert result.exit_code == 0, result.stderr
    assert house.run("verify", str(tmp_path / "full.tar")).exit_code == 0
    content = (tmp_path / "full.tar").read_bytes()
    assert json.loads(content[content.index(b'{"audience"') :].split(b"\n")[0])["audience"] == "full"
    with house.secretariat.stores.vault.begin() as conn:
        conn.exec_driver_sql(f"DELETE FROM disclosures WHERE about = '{house.person('Pavel')}'")
    result = house.run("export", "--full", "-o", str(tmp_path / "other.tar"))
    assert result.exit_code == 5
    assert not (tmp_path / "other.tar").exists()


def test_what_is_erased_is_told_when_it_is_asked_for(house, tmp_path):
    entry = forgotten(house)
    result = house.run("disclose", "--entries", "6", "--fields", "name", "--to", str(tmp_path / "x"))
    assert f"erased, as entry {entry} says" in result.stderr
    assert json.loads((tmp_path / "x").read_text())["disclosures"] == []


@pytest.mark.parametrize("later", ["record", "vault"])
def test_a_vault_older_or_newer_than_the_record_is_told_and_what_is_known_is_read(house, later):
    folder = Path(house.environ["DIALOGUE_DATA"])
    stores = ("vault", "keys") if later == "record" else ("record", "views")
    house.secretariat.close()
    kept = {folder / f"{name}.db": (folder / f"{name}.db").read_bytes() for name in stores}
    assert house.run("invite", "BAT Sarnai", "--descriptor", "Envoy").exit_code == 0
    for path, content in kept.items():
        path.write_bytes(content)
    names = house.run("participants")
    assert names.exit_code == 0
    assert "Tuya ENKH" in names.stdout
    assert "BAT Sarnai" not in names.stdout
    assert house.run("verify").exit_code == 0
    findings = {one["what"]: one for one in house.shown("doctor")}
    assert findings["vault"]["status"] == ("warning" if later == "record" else "ok")
    full = house.run("export", "--full", "-o", str(folder.parent / "full.tar"))
    assert full.exit_code == (5 if later == "record" else 0)
