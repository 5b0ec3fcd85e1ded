"""Only who takes part, by the address that the vault has now, is let in."""

from __future__ import annotations

from pathlib import Path

from dialogue.erasure import ConfirmErasure, RequestErasure
from dialogue.fact import Personal
from dialogue.participant import CorrectParticipant, LeaveDialogue, RecordDeath
from dialogue.vault import seal
from dialogue.voiding import MarkEnteredInError
from house import House
from sign_ins import MAIL, invited, is_refused, signs_in


def test_a_correction_of_the_address_counts_at_once(door, house, idp):
    house.act(CorrectParticipant(house.sarnai, "It has changed.", email=Personal("new@example.org")), by="Office")
    is_refused(signs_in(door, idp))
    idp.person["email"] = "new@example.org"
    assert signs_in(door, idp).json["participant"] == str(house.sarnai)
    house.act(CorrectParticipant(house.sarnai, "Spelling.", forms=Personal("Сарнай")), by="Office")
    assert signs_in(door, idp).json["participant"] == str(house.sarnai)
    house.act(CorrectParticipant(house.sarnai, "It was right.", email=Personal(MAIL)), by="Office")
    is_refused(signs_in(door, idp))
    idp.person["email"] = MAIL
    assert signs_in(door, idp).status_code == 200


def test_an_address_that_was_kept_for_an_act_that_failed_counts_for_nothing(door, house, idp):
    value = seal("email", Personal("tuya@example.org", house.person("Tuya")), b"s" * 16)
    house.secretariat.custody.keep(house.dialogue, {}, [value])
    idp.person["email"] = "tuya@example.org"
    is_refused(signs_in(door, idp))


def test_everybody_who_is_not_let_in_is_refused_alike(door, house, idp):
    """Byte for byte, their headers too: unknown, twice there, gone, dead, entered in error, forgotten."""
    people = {name: invited(house, f"{name}@example.org", name) for name in ("left", "died", "void", "forgotten")}
    for _ in range(2):
        invited(house, "desk@example.org", "Somebody at the desk")
    for name in people:
        idp.person["email"] = f"{name}@example.org"
        assert signs_in(door, idp).status_code == 200
    office = house.person("Office")
    execute, moment = house.secretariat.execute, house.secretariat.moment
    execute(house.dialogue, LeaveDialogue(), moment(people["left"], recordedby=office, basis="email"))
    house.act(RecordDeath(people["died"]), by="Office")
    house.act(MarkEnteredInError("The wrong one.", participant=people["void"]), by="Office")
    house.act(RequestErasure(people["forgotten"]), by="Office")
    house.act(ConfirmErasure(people["forgotten"]), by="Rin")
    answers = []
    for name in ("unknown", "desk", *people):
        idp.person["email"] = f"{name}@example.org"
        answers.append(signs_in(door, idp))
        is_refused(answers[-1])
    assert len({(one.data, tuple(sorted(one.headers))) for one in answers}) == 1


def test_of_two_with_one_address_the_one_who_is_still_there_comes_in(door, house, idp):
    other = invited(house, MAIL, "BAT Sarnai the elder")
    is_refused(signs_in(door, idp))
    house.act(RecordDeath(other), by="Office")
    assert signs_in(door, idp).json["participant"] == str(house.sarnai)


def test_who_takes_part_in_several_dialogues_says_in_which(door, house, idp):
    first = house.dialogue
    second = house.open("Another Invented Dialogue")
    other = invited(house, MAIL)
    is_refused(signs_in(door, idp))
    assert signs_in(door, idp, first).json["participant"] == str(house.sarnai)
    assert signs_in(door, idp, second).json["participant"] == str(other)
    is_refused(signs_in(door, idp, house.secretariat.draw()))


def test_whoever_is_forgotten_is_not_found_by_their_address_and_no_trace_of_it_is_left(door, house, idp):
    custody = house.secretariat.custody
    mac = custody.address(MAIL)
    folder = Path(house.environ["DIALOGUE_DATA"])
    assert any(mac in path.read_bytes() for path in folder.iterdir())
    assert not any(MAIL.lower().encode() in path.read_bytes().lower() for path in folder.iterdir())
    house.act(RequestErasure(house.sarnai), by="Office")
    house.act(ConfirmErasure(house.sarnai), by="Rin")
    assert not any(mac in path.read_bytes() for path in folder.iterdir())
    is_refused(signs_in(door, idp))


def test_addresses_are_found_by_another_key_in_every_house(house, tmp_path_factory):
    other = House(tmp_path_factory.mktemp("other"))
    assert other.secretariat.custody.address(MAIL) != house.secretariat.custody.address(MAIL)
    other.close()


def test_without_the_master_key_nobody_is_looked_up_and_nothing_is_told(door, house, idp):
    custody = house.secretariat.custody
    custody.known.clear()
    custody.master, custody.trouble = None, "the master key cannot be read from /secret/place"
    answer = signs_in(door, idp)
    assert (answer.status_code, answer.json["type"], "/secret" in answer.text) == (503, "/problems/damaged", False)
