"""What comes back or breaks behind the program's back: a backup, another's export, a key or a store that is gone.

Through both doors, the command line and a server of its own: nobody who was forgotten is shown, what cannot be opened
is withheld, and the record is read and verified all the same.
"""

from __future__ import annotations

import http.client
import json
import secrets
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import Engine, Table

from dialogue.document import Group
from dialogue.drafting import SubmitProposal
from dialogue.erasure import ConfirmErasure, RequestErasure
from dialogue.fact import Command, Personal
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature, OrderItems
from dialogue.meeting import PlanMeeting, RecordAttendance
from dialogue.participant import Invite
from dialogue.releasing import PublishDocument
from dialogue.signing import GiveEndorsement, WithdrawConsent
from dialogue.vault import Seal, disclosure_digest
from door import Door
from house import PEOPLE, House
from projections.custody import Custody
from projections.disclosing import every_disclosure
from projections.export import export_folder
from serving import GENEROUS, served

FORMATS = ("application/json", "text/html", "text/markdown")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    database = request.getfixturevalue("postgres").fresh() if request.param == "postgres" else None
    made = furnished(House(tmp_path / "home", database=database))
    yield made
    made.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[House]:
    made = furnished(House(tmp_path / "home"))
    yield made
    made.close()


def furnished(house: House) -> House:
    """Mark (N14), every value of whom is a word found nowhere else, has signed what is published, as has Tuya."""
    names = ("name", "family", "given", "forms", "descriptor", "affiliation", "country", "email")
    house.act(Invite(("participant",), **{one: Personal(f"MARK{one}") for one in names}), by="Office")  # type: ignore[arg-type]
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    house.act(PlanMeeting("First"), by="Office")
    house.act(RecordAttendance(house.thing("M1"), mark(house)), by="Office")
    document = house.thing("D1")
    house.act(DraftDocument("Quiet Waters"), by="Office")
    house.act(OrderItems(document, (Group("", (house.thing("P1"),)),)), by="Office")
    house.act(IssueEdition(document), by="Office")
    house.act(OpenForSignature(document=document))
    by_mark(house, GiveEndorsement(document=document, publish=True, name=Personal("MARKprinted")))
    house.act(GiveEndorsement(document=document, publish=True), by="Tuya")
    house.act(PublishDocument(document), by="Office")
    return house


def mark(house: House) -> UUID:
    return house.thing(f"N{len(PEOPLE) + 1}")


def by_mark(house: House, command: Command) -> None:
    house.wait(minutes=1)
    house.secretariat.execute(house.dialogue, command, house.secretariat.moment(mark(house)))


def forget(house: House) -> None:
    house.act(RequestErasure(mark(house)), by="Office")
    house.act(ConfirmErasure(mark(house)), by="Rin")


def signed_entry(house: House) -> int:
    """The entry as of which Mark's signature stood."""
    with house.reading() as reading:
        return reading.bound(house.dialogue)


def ok(house: House, *arguments: str) -> str:
    """What a command says; it must have been done."""
    done = house.run(*arguments)
    assert done.exit_code == 0, (arguments, done.stderr)
    return done.stdout + done.stderr


def told(house: House, as_of: int) -> Iterator[tuple[str, str]]:
    """What commands tell that would name Mark if anything did."""
    dialogue = str(house.dialogue)
    for past in ((), ("--as-of", str(as_of))):
        for command in ("participants", "signatories D1", "meetings"):
            yield command, ok(house, *command.split(), "--in", dialogue, *past)
        yield "log", ok(house, "log", dialogue, *past)
        for form in ("markdown", "html", "json"):
            yield form, ok(house, "publish", dialogue, "--format", form, *past)


def answered(url: str, path: str, secret: str | None = None, accept: str = "application/json", body: Any = None):  # type: ignore[no-untyped-def]
    """(status, body) of a server's answer."""
    where = urlsplit(url)
    sent = {"Accept": accept, **({"Authorization": f"Bearer {secret}"} if secret else {})}
    content = None if body is None else json.dumps(body)
    if content is not None:
        sent["Content-Type"] = "application/json"
    with closing(http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)) as connection:
        connection.request("GET" if body is None else "POST", path, content, sent)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


# what was forgotten does not come back


def test_a_record_brought_in_shows_nothing_of_who_was_forgotten_though_the_file_discloses_it(
    house: House, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disclosed() -> set[tuple[int, str]]:
        with house.reading() as reading:
            every = every_disclosure(reading, house.dialogue)
            return {(one.entry, one.disclosure) for one in every if one.disclosure is not None}

    before, past = disclosed(), signed_entry(house)
    forget(house)
    gone = before - disclosed()
    assert len(gone) > 8, "the values that were erased are in the file, from a copy that somebody kept"
    shown = sorted(before | disclosed(), key=lambda one: (one[0], disclosure_digest(one[1])))
    export_folder(house.secretariat, house.dialogue, tmp_path / "export", "full", shown)
    other = request.getfixturevalue("postgres").fresh() if house.secretariat.stores.schemas else None
    elsewhere = House(tmp_path / "elsewhere", database=other)
    taken: list[Seal] = []
    keep = Custody.keep
    monkeypatch.setattr(Custody, "keep", lambda self, *a: (taken.extend(a[2]), keep(self, *a))[1])
    assert "Imported" in ok(elsewhere, "import-record", str(tmp_path / "export"))
    assert taken
    assert not {one.digest for one in taken} & {disclosure_digest(one) for _, one in gone}, "they were taken in"
    elsewhere.dialogue = house.dialogue
    for what, said in told(elsewhere, past):
        assert "MARK" not in said, what
    assert "Tuya ENKH" in ok(elsewhere, "participants", "--in", str(house.dialogue))
    door = Door(elsewhere)
    for place in ("participants/N14", f"participants/N14?as_of={past}", "documents/D1/signatories", "entries"):
        assert "MARK" not in door.get(place, by="Tuya").text, place
    for form in FORMATS:
        assert "MARK" not in door.get("documents/D1/editions/1", by="Tuya", headers={"Accept": form}).text
    elsewhere.close()


def tables(house: House) -> list[tuple[Engine, Table]]:
    """The tables of vault and keys."""
    stores, custody = house.secretariat.stores, house.secretariat.custody
    vault = [(stores.vault, table) for table in custody.v.meta.sorted_tables]
    return [*vault, *((stores.keys, table) for table in custody.k.meta.sorted_tables)]


def copied(house: House) -> list[list[dict[str, Any]]]:
    """A backup of vault and keys."""
    kept = []
    for engine, table in tables(house):
        with engine.connect() as conn:
            kept.append([dict(row) for row in conn.execute(table.select()).mappings()])
    return kept


def restored(house: House, kept: list[list[dict[str, Any]]]) -> None:
    """The backup put back, while nothing runs."""
    for (engine, table), rows in zip(tables(house), kept, strict=True):
        with house.secretariat.stores.writing(engine) as conn, conn.begin():
            conn.execute(table.delete())
            if rows:
                conn.execute(table.insert(), rows)
    house.secretariat.close()


def held(house: House) -> int:
    """How many values and keys of Mark's are there, by the bare rows."""
    who = str(mark(house))
    with house.secretariat.stores.vault.connect() as vault, house.secretariat.stores.keys.connect() as keys:
        custody = house.secretariat.custody
        v, k = custody.v.disclosures, custody.k.keys
        values = len(vault.execute(v.select().where(v.c.about == who)).all())
        return values + sum(len(row.wrapped) > 1 for row in keys.execute(k.select().where(k.c.subject == who)))


@pytest.mark.parametrize("by", ["serve", "command"])
def test_a_restored_backup_is_erased_again_before_a_server_or_a_command_shows_anything(house: House, by: str) -> None:
    past = signed_entry(house)
    secrets_of = {name: house.shown("token", "create", name)["token"] for name in ("MARKname", "Tuya ENKH")}
    kept = copied(house)
    forget(house)
    restored(house, kept)
    assert held(house) > 8, "it is all there again"
    if by == "serve":
        with served(house.environ, *GENEROUS) as server:
            here = f"/v1/dialogues/{house.dialogue}"
            status, said = answered(server.url, f"{here}/participants/N14", secrets_of["Tuya ENKH"])
            assert (status, json.loads(said)["name"]) == (200, "participant 14 (name withheld)")
            assert answered(server.url, f"{here}/me", secrets_of["MARKname"])[0] == 401
            for place in (f"participants/N14?as_of={past}", "documents/D1/signatories", f"entries?as_of={past}"):
                assert "MARK" not in answered(server.url, f"{here}/{place}", secrets_of["Tuya ENKH"])[1]
            for form in FORMATS:
                assert "MARK" not in answered(server.url, f"{here}/documents/D1/publication", None, form)[1]
    else:
        for what, said in told(house, past):
            assert "MARK" not in said, what
    assert held(house) == 0


# consent


def test_consent_that_was_withdrawn_hides_the_name_in_the_past_too_and_in_every_format(embedded: House) -> None:
    house, past = embedded, signed_entry(embedded)
    door = Door(house)
    places = ("documents/D1/publication", "documents/D1/editions/1", f"documents/D1/publication?as_of={past}",
              f"documents/D1/editions/1?as_of={past}", f"documents/D1/signatories?as_of={past}")  # fmt: skip

    def public() -> str:
        return "".join(door.get(place, headers={"Accept": form}).text for place in places for form in FORMATS)

    assert "MARKprinted" in public()
    assert any("MARKprinted" in said for what, said in told(house, past) if what == "markdown")
    with house.reading() as reading:
        table = reading.t.endorsements
        [row] = [
            one for one in reading.all(table, "endorsement", house.dialogue) if one["participant"] == str(mark(house))
        ]
    by_mark(house, WithdrawConsent(UUID(row["id"])))
    shown = public()
    assert "MARK" not in shown
    assert "Tuya ENKH" in shown
    for what, said in told(house, past):
        if what in ("markdown", "html", "json"):
            assert "MARK" not in said, what


# keys and stores that are gone


def harmed(house: House, how: str) -> None:
    """The same house after a mishap."""
    house.secretariat.close()
    folder, key = Path(house.environ["DIALOGUE_DATA"]), Path(house.environ["DIALOGUE_MASTER_KEY_FILE"])
    for name in ("vault", "keys"):
        with closing(sqlite3.connect(folder / f"{name}.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store = folder / ("keys.db" if how.startswith("keys") else "vault.db")
    match how:
        case "wrong master key":
            key.write_bytes(urlsafe_b64encode(secrets.token_bytes(32)))
        case "no master key":
            key.unlink()
        case "keys cut" | "vault cut":
            store.write_bytes(store.read_bytes()[: store.stat().st_size // 2])
        case "vault empty":
            store.write_bytes(b"")


@pytest.mark.parametrize(
    ("how", "erased"),
    [
        ("wrong master key", True),
        ("no master key", True),
        ("keys cut", True),
        ("vault cut", True),
        ("vault cut", False),
        ("vault empty", True),
    ],
)
def test_whatever_is_gone_the_record_is_read_and_verified_with_names_withheld(
    embedded: House, how: str, erased: bool, tmp_path: Path
) -> None:
    house, past = embedded, signed_entry(embedded)
    if erased:
        forget(house)
    token = house.shown("token", "create", "Tuya ENKH")["token"]
    harmed(house, how)
    for command in (("participants", "--as-of", str(past)), ("publish", "--format", "markdown"), ("log",)):
        said = ok(house, *command)
        assert "MARK" not in said, command
        assert "Tuya" not in said, command
    people = house.run("participants")
    assert "participant 5 (name withheld)" in people.stdout
    assert people.stderr.startswith("dialogue: names are withheld: ")
    assert people.stderr.count("\n") == 1
    assert "Open one hotline." in ok(house, "text", "P1")
    assert "In order" in ok(house, "verify")
    ok(house, "export", "-o", str(tmp_path / "export.tar"))
    assert "In order" in ok(house, "verify", str(tmp_path / "export.tar"))
    for refused in (house.run("invite", "BAT Sarnai"), house.run("export", "--full", "-o", str(tmp_path / "full.tar"))):
        assert refused.exit_code == 5
        assert refused.stderr.splitlines()[-1].startswith("dialogue: ")
        assert "restore" in refused.stderr or "put the right one" in refused.stderr or "init" in refused.stderr
    with served(house.environ, *GENEROUS) as server:
        here = f"/v1/dialogues/{house.dialogue}"
        for form in FORMATS:
            status, said = answered(server.url, f"{here}/documents/D1/publication", None, form)
            assert (status, "MARK" in said, "Tuya" in said, "hotline" in said) == (200, False, False, True)
        status, said = answered(server.url, f"{here}/participants/N5", token)
        if how.startswith("vault"):  # tokens are looked up there
            assert (status, json.loads(said)["type"]) == (503, "/problems/damaged")
        else:
            assert (status, json.loads(said)["name"]) == (200, "participant 5 (name withheld)")
        status, said = answered(server.url, f"{here}/proposals", token, body={"title": "Drills", "text": "Hold one."})
        assert (status, json.loads(said)["type"]) == (503, "/problems/damaged")
        assert "Traceback" not in server.log.read_text()
    assert "In order" in ok(house, "verify"), "nothing was recorded that does not fit"
