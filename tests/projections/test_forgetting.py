"""A person is forgotten: no byte of theirs is left, the record stays as it was, and no backup brings them back."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.audit import audit
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Group
from dialogue.drafting import SubmitProposal
from dialogue.erasure import ConfirmErasure, RequestErasure
from dialogue.exported import audit_export
from dialogue.fact import Personal, Refused
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature, OrderItems
from dialogue.meeting import PlanMeeting, RecordAttendance
from dialogue.participant import ChangeAffiliation, CorrectParticipant, Invite
from dialogue.releasing import PublishDocument
from dialogue.signing import GiveEndorsement
from house import PEOPLE, House
from projections import participants
from projections.erasures import erasing_entries
from projections.export import export_folder
from projections.forgetting import forget_again, held
from projections.founding import open_installation
from projections.ledger import head
from projections.live import Live
from projections.publish import html, json_, markdown
from projections.publishing import publication
from projections.settings import load

MARKS = ("MARKname", "MARKfamily", "MARKgiven", "MARKforms", "MARKdescriptor", "MARKaffiliation", "MARKcountry")
LATER = ("MARKother", "MARKsigned", "MARKprinted", "MARKcorrected", "MARKlabel")
FORMATS = (html, json_, markdown)


@pytest.fixture
def house(tmp_path):
    house = furnished(House(tmp_path))
    yield house
    house.close()


def furnished(house):
    """A house in which Mark (N14) did and signed this and that, every value of theirs a word found nowhere else."""
    name, family, given, forms, descriptor, affiliation, country = map(Personal, MARKS)
    house.act(
        Invite(("participant",), name, None, family, given, "given-first", forms, descriptor, affiliation, country,
               Personal("MARKmail@example.org")),
        by="Office",
    )  # fmt: skip
    house.mark = house.thing(f"N{len(PEOPLE) + 1}")
    by_mark(house, SubmitProposal("Hotlines", "Open one hotline."), evidence="ab" * 32)
    by_mark(house, ChangeAffiliation(descriptor=Personal("MARKother")))
    house.act(PlanMeeting("First"), by="Office")
    house.act(RecordAttendance(house.thing("M1"), house.mark), by="Office")
    house.act(RecordAttendance(house.thing("M1"), house.person("Tuya")), by="Office")
    house.act(CallConsensus(proposal=house.thing("P1")))
    by_mark(house, TakePosition(house.thing("Q1"), "agree"))
    house.act(DeclareOutcome(house.thing("Q1")))
    house.act(DraftDocument("Recommendations"), by="Office")
    house.act(OrderItems(house.thing("D1"), (Group("", (house.thing("P1"),)),)), by="Office")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    house.act(OpenForSignature(document=house.thing("D1")))
    signed = GiveEndorsement(document=house.thing("D1"), publish=True, name=Personal("MARKprinted"))
    by_mark(house, GiveEndorsement(**{**vars(signed), "descriptor": Personal("MARKsigned")}), act="signed")
    house.act(GiveEndorsement(document=house.thing("D1"), publish=True), by="Tuya")
    house.act(PublishDocument(house.thing("D1")), by="Office")
    house.act(CorrectParticipant(house.mark, "spelling", forms=Personal("MARKcorrected")), by="Office")
    house.secret, _ = house.secretariat.access.create(house.dialogue, house.mark, label="MARKlabel")
    house.code = house.secretariat.access.invite(house.dialogue, house.mark)
    return house


def by_mark(house, command, **moment):
    house.wait(minutes=1)
    given = house.secretariat.moment(house.mark, **moment)
    return house.secretariat.execute(house.dialogue, command, given)


def forget(house):
    house.act(RequestErasure(house.mark), by="Office")
    return house.act(ConfirmErasure(house.mark), by="Rin")


def reopened(house):
    """The same house, opened by another process after this one has ended."""
    house.secretariat.close()
    house.secretariat = open_installation(load({}, house.environ))
    house.secretariat.clock = house.secretariat.record.clock = lambda: house.now
    return house


def files(house):
    """Every file of the data folder, by name."""
    folder = Path(house.environ["DIALOGUE_DATA"])
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sealed(house, table, column):
    """What stands in the vault or keys store about Mark, in its bytes."""
    engine, about = {
        "disclosures": (house.secretariat.stores.vault, "about"),
        "keys": (house.secretariat.stores.keys, "subject"),
    }[table]
    with engine.connect() as conn:
        query = f"SELECT {column} FROM {table} WHERE {about} = '{house.mark}'"
        return [bytes(row[0]) for row in conn.exec_driver_sql(query)]


def shown(house, as_of=None):
    with house.reading(as_of) as reading:
        return participants.one(reading, house.mark)


def printed(house, as_of=None):
    with house.reading(as_of) as reading:
        page = publication(reading, house.dialogue, house.thing("D1"))
        return "".join(one.render(page) for one in FORMATS)


def test_before_it_every_value_is_there_to_be_read(house):
    assert shown(house)["name"] == "MARKname"
    assert "MARKprinted" in printed(house)
    assert {one.value for one in held(house.secretariat, house.dialogue, house.mark)} >= {*MARKS, "MARKcorrected"}


def test_afterwards_the_name_is_withheld_everywhere_and_in_the_past_too(house):
    before = house.now
    forget(house)
    assert shown(house)["name"] == "participant 14 (name withheld)"
    assert shown(house, str(before.isoformat()))["name"] == "participant 14 (name withheld)"
    assert not {name: value for name, value in shown(house).items() if "MARK" in str(value)}
    assert "MARK" not in printed(house)
    assert "MARK" not in printed(house, before.isoformat())


def test_the_published_list_shows_the_place_as_withheld(house):
    forget(house)
    with house.reading() as reading:
        [mark, tuya] = publication(reading, house.dialogue, house.thing("D1")).signatories
    assert mark.withheld
    assert (mark.number, mark.name, mark.descriptor) == (1, "", "")
    assert tuya.name == "Tuya ENKH"


def test_no_byte_of_it_is_left_in_any_file_nor_of_its_key_or_its_sealed_form(house):
    traces = [*sealed(house, "disclosures", "sealed"), *sealed(house, "keys", "wrapped")]
    assert len(traces) > 12
    assert any(traces[0] in content for content in files(house).values()), "it was in a file before"
    forget(house)
    kept = files(house)
    assert {"vault.db", "keys.db", "record.db", "views.db"} <= kept.keys()
    for name, content in kept.items():
        assert b"MARK" not in content, name
        assert not [trace for trace in traces if trace in content or trace[12:] in content], name


def of_mark(house, reading):
    """The rows of the text that Mark proposed and of the call in which it was decided."""
    return (reading.t.proposals, house.thing("P1")), (reading.t.calls, house.thing("Q1"))


def test_texts_decisions_proofs_and_earlier_exports_are_unchanged(house, tmp_path):
    export_folder(house.secretariat, house.dialogue, tmp_path / "before")
    with house.reading() as reading:
        text, call = (reading.row(*what) for what in of_mark(house, reading))
        root = head(reading, house.dialogue)
    forget(house)
    with house.reading(root.size) as reading:
        assert [reading.row(*what) for what in of_mark(house, reading)] == [text, call]
        assert head(reading, house.dialogue) == root
    assert house.secretariat.compare() == []
    assert audit(Live(house.secretariat, house.dialogue)).fault is None
    assert audit_export(tmp_path / "before").fault is None
    export_folder(house.secretariat, house.dialogue, tmp_path / "after")
    assert audit_export(tmp_path / "after").fault is None


def test_a_digest_is_listed_in_clear_only_where_its_entry_says_whose_it_is(house):
    found = held(house.secretariat, house.dialogue, house.mark)
    listed = set(forget(house)[0].fact.digests)
    assert {one.name for one in found if one.digest not in listed} == {"attendee"}
    assert {one.name for one in found if one.digest in listed} >= {"name", "email", "descriptor", "evidence"}
    with house.reading() as reading:
        erased = erasing_entries(reading, house.dialogue)
    assert erased.keys() == {one.digest for one in found}, "the others stand in a list that is sealed"


def test_nobody_else_loses_anything(house):
    with house.reading() as reading:
        before = participants.one(reading, house.person("Tuya"))
        attended = held(house.secretariat, house.dialogue, house.person("Tuya"))
    forget(house)
    with house.reading() as reading:
        assert participants.one(reading, house.person("Tuya")) == before
    assert held(house.secretariat, house.dialogue, house.person("Tuya")) == attended


def test_tokens_and_links_of_theirs_work_no_more(house):
    assert house.secretariat.access.check(house.secret) is not None
    forget(house)
    assert house.secretariat.access.check(house.secret) is None
    with pytest.raises(Refused):
        house.secretariat.access.redeem(house.code)


def test_an_act_of_theirs_that_is_sent_again_is_known_though_what_it_asked_for_is_not(house):
    again = GiveEndorsement(document=house.thing("D1"), publish=True, name=Personal("MARKprinted"))
    forget(house)
    assert by_mark(house, again, act="signed")[0].act == "signed"
    with house.secretariat.stores.vault.connect() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM acts WHERE act = 'signed'").scalar() == 0


def copied(house, *names):
    """Copies of these stores, as a backup has them."""
    house.secretariat.close()
    folder, kept = Path(house.environ["DIALOGUE_DATA"]), {}
    for name in names:
        kept[folder / name] = (folder / name).read_bytes()
    reopened(house)
    return kept


def restored(house, kept):
    house.secretariat.close()
    for path, content in kept.items():
        for beside in ("-wal", "-shm"):
            Path(f"{path}{beside}").unlink(missing_ok=True)
        path.write_bytes(content)


@pytest.mark.parametrize("names", [("vault.db", "keys.db"), ("vault.db",), ("keys.db",)])
def test_a_restored_backup_is_erased_again_before_anything_is_served(house, names):
    kept = copied(house, *names)
    forget(house)
    restored(house, kept)
    if "vault.db" in names:
        assert b"MARKlabel" in files(house)["vault.db"]
    reopened(house)
    assert house.secretariat.access.check(house.secret) is None
    assert shown(house)["name"] == "participant 14 (name withheld)"
    assert house.secretariat.custody.about(house.mark) == set()
    assert all(b"MARK" not in content for content in files(house).values())


def test_an_old_vault_alone_cannot_be_opened_even_by_who_restores_it_elsewhere(house):
    kept = copied(house, "vault.db")
    digests = house.secretariat.custody.about(house.mark)
    forget(house)
    restored(house, kept)
    house.secretariat.stores.vault.dispose()
    assert house.secretariat.custody.about(house.mark) == digests, "nothing has erased it again yet"
    house.secretariat.custody.known.clear()
    assert house.secretariat.custody.open(digests) == {}
    reopened(house)


@pytest.mark.parametrize("where", ["views", "vault"])
def test_a_process_that_stops_between_the_stores_is_made_good_when_the_next_one_starts(house, monkeypatch, where):
    def stops(*_):
        raise KeyboardInterrupt

    house.act(RequestErasure(house.mark), by="Office")
    if where == "views":
        monkeypatch.setattr(house.secretariat, "catch_up", stops)
    else:
        monkeypatch.setattr(house.secretariat.custody, "forget", stops)
    with pytest.raises(KeyboardInterrupt):
        house.act(ConfirmErasure(house.mark), by="Rin")
    monkeypatch.undo()
    assert house.secretariat.custody.about(house.mark)
    reopened(house)
    assert shown(house)["name"] == "participant 14 (name withheld)"
    assert house.secretariat.custody.about(house.mark) == set()


def test_what_is_sealed_while_it_is_listed_is_listed_too(house, monkeypatch):
    house.act(RequestErasure(house.mark), by="Office")
    perform = house.secretariat.perform

    def overtaken(*args, **more):
        monkeypatch.undo()
        by_mark(house, ChangeAffiliation(country=Personal("MARKlast")))
        return perform(*args, **more)

    monkeypatch.setattr(house.secretariat, "perform", overtaken)
    [confirmed] = house.act(ConfirmErasure(house.mark), by="Rin")
    last = [entry for entry in house.secretariat.record.entries(house.dialogue) if entry.sealed][-2]
    assert set(last.sealed) <= set(confirmed.fact.digests)
    assert last.number == confirmed.number - 1


def test_while_others_read_traces_may_be_left_and_are_removed_later(house, monkeypatch):
    monkeypatch.setattr("projections.stores.LOCK_TIMEOUT", 0)
    reopened(house)
    with house.secretariat.stores.vault.connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM disclosures").scalar()
        forget(house)
        assert "--finish" in forget_again(house.secretariat)
        assert shown(house)["name"] == "participant 14 (name withheld)", "it is erased all the same"
    assert forget_again(house.secretariat) == ""
    assert all(b"MARK" not in content for content in files(house).values())


def test_what_is_asked_with_other_acts_at_once_is_refused(house):
    house.act(RequestErasure(house.mark), by="Office")
    acts = [
        (ConfirmErasure(house.mark), house.secretariat.moment(house.person("Rin"))),
        (SubmitProposal("Two", "Open two hotlines."), house.secretariat.moment(house.person("Tuya"))),
    ]
    with pytest.raises(Refused, match="by itself"):
        house.secretariat.execute_all(house.dialogue, acts)


def test_a_dry_run_erases_nothing(house):
    house.act(RequestErasure(house.mark), by="Office")
    moment = house.secretariat.moment(house.person("Rin"))
    [[entry]] = house.secretariat.execute_all(house.dialogue, [(ConfirmErasure(house.mark), moment)], dry_run=True)
    assert entry.fact.digests
    assert shown(house)["name"] == "MARKname"


@pytest.mark.postgres
def test_on_postgresql_the_tables_are_written_anew_without_it(tmp_path, fresh_postgres):
    house = furnished(House(tmp_path, database=fresh_postgres))
    traces = len(held(house.secretariat, house.dialogue, house.mark))
    forget(house)
    assert forget_again(house.secretariat) == ""
    with house.secretariat.stores.vault.connect() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM vault.disclosures").scalar() > 0
    assert traces > 12
    assert held(house.secretariat, house.dialogue, house.mark) == []
    assert shown(house)["name"] == "participant 14 (name withheld)"
    reopened(house)
    assert house.secretariat.compare() == []
    house.close()
