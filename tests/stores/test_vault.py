"""The vault and its keys: nothing in clear, nothing without the right key, and a clear word where the key is not."""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path
from uuid import UUID

import pytest

from dialogue.comment import MakeComment
from dialogue.fact import Personal
from dialogue.participant import Invite
from dialogue.vault import Sealed
from places import P1, SECRET, Place, act
from projections.stores import NoStore
from spec import DIALOGUE


def dumped(place: Place, store: str) -> bytes:
    """All bytes of a store."""
    if not place.postgres:
        return b"".join(path.read_bytes() for path in place.folder.glob(f"{store}.db*"))
    tables = place.sql(store, f"SELECT tablename FROM pg_tables WHERE schemaname = '{store}'", owner=True)
    rows = [row for (table,) in tables for row in place.sql(store, f"SELECT * FROM {store}.{table}")]
    return b"".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


def clear_hashes(content: bytes) -> list[bytes]:
    """The spellings of a plain hash of this content."""
    return [
        spelling
        for digest in (hashlib.sha256(content), hashlib.sha512(content), hashlib.md5(content), hashlib.sha1(content))
        for spelling in (digest.digest(), digest.hexdigest().encode(), urlsafe_b64encode(digest.digest()).rstrip(b"="))
    ]


def test_no_store_holds_a_personal_value_or_a_plain_hash_of_one(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from projections import secretariat

    asked: list[bytes] = []
    content = secretariat.content
    monkeypatch.setattr(secretariat, "content", lambda *act: asked.append(content(*act)) or asked[-1])
    with place.opened() as house:
        act(
            house, Invite(name=Personal(SECRET)), "Office", named="secret", evidence=hashlib.sha256(b"file").hexdigest()
        )
        assert SECRET.encode() in asked[0], "the act's digest must tell names apart"
        stores = {store: dumped(place, store) for store in ("record", "vault", "keys", "views")}
    forbidden = [SECRET.encode(), hashlib.sha256(b"file").hexdigest().encode()]
    forbidden += clear_hashes(SECRET.encode()) + clear_hashes(asked[0])
    for store, content_of_store in stores.items():
        for value in forbidden:
            assert value not in content_of_store, store
    assert b"secret" in stores["vault"], "what was looked through was not the vault"


def test_what_an_act_asked_for_is_known_by_a_keyed_digest(place: Place) -> None:
    with place.opened() as house:
        for _ in range(2):
            act(house, MakeComment("The same.", proposal=P1), "Tuya")
        macs = [bytes(mac) for (mac,) in place.sql("vault", "SELECT mac FROM acts")]
        assert {len(mac) for mac in macs} == {32}
        assert len(set(macs)) < len(macs)  # the same asked twice is known again
        assert place.sql("keys", "SELECT count(*) FROM keys WHERE subject = ?", str(UUID(int=0))) == [(1,)]


def test_a_value_is_opened_only_with_its_own_subjects_key(place: Place) -> None:
    with place.opened() as house:
        [one] = act(house, Invite(name=Personal(SECRET)), "Office")
        [two] = act(house, Invite(name=Personal("Another invented name")), "Office")
        assert house.custody.open(one.sealed) == {one.sealed[0]: ("name", SECRET)}
    first, second = str(one.stream), str(two.stream)
    swap = "UPDATE disclosures SET about = ? WHERE digest = ?"
    place.sql("vault", swap, second, one.sealed[0])
    with place.opened() as house:
        assert house.custody.open(one.sealed) == {}
        assert house.custody.trouble
    place.sql("vault", swap, first, one.sealed[0])
    place.sql(
        "keys",
        "UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE subject = ?) WHERE subject = ?",
        second,
        first,
    )
    with place.opened() as house:
        assert house.custody.open(one.sealed) == {}
        assert house.custody.trouble


def test_a_sealed_value_put_under_another_digest_is_not_opened(place: Place) -> None:
    with place.opened() as house:
        [entry] = act(house, Invite(name=Personal(SECRET), country=Personal("Nowhere")), "Office")
    one, other = entry.sealed
    for digest, put in ((one, "x" * 43), (other, one)):
        place.sql("vault", "UPDATE disclosures SET digest = ? WHERE digest = ?", put, digest)
    with place.opened() as house:
        assert house.custody.open([one]) == {}
        assert house.custody.open(entry.sealed) == {}


def test_a_value_whose_key_is_gone_is_left_out(place: Place) -> None:
    with place.opened() as house:
        [entry] = act(house, Invite(name=Personal(SECRET)), "Office")
    place.sql("keys", "DELETE FROM keys WHERE subject = ?", str(entry.stream))
    with place.opened() as house:
        assert house.custody.open(entry.sealed) == {}


def key_file(place: Place) -> Path:
    return Path(place.environ["DIALOGUE_MASTER_KEY_FILE"])


def test_without_its_key_file_an_installation_can_be_read_and_says_what_is_missing(place: Place) -> None:
    with place.opened() as house:
        [entry] = act(house, Invite(name=Personal(SECRET)), "Office")
    before = place.numbers()
    key_file(place).unlink()
    with place.opened() as house:
        assert house.custody.open(entry.sealed) == {}
        with pytest.raises(Sealed, match="set DIALOGUE_MASTER_KEY or restore the file") as told:
            act(house, MakeComment("Sealed how?", proposal=P1), "Tuya")
        assert str(key_file(place)) in str(told.value)
    assert place.numbers() == before


def test_init_makes_no_other_key_where_one_was_used(place: Place) -> None:
    key_file(place).unlink()
    with pytest.raises(NoStore, match="set DIALOGUE_MASTER_KEY or restore the file"):
        place.init()
    assert not key_file(place).exists()


@pytest.mark.parametrize("content", [b"", b"too short", b"\xff\xfe" * 20, b"=" * 43, "한".encode() * 43])
def test_a_key_that_is_none_is_told(place: Place, content: bytes) -> None:
    key_file(place).write_bytes(content)
    with place.opened() as house, pytest.raises(Sealed, match="43 base64url characters"):
        act(house, MakeComment("Sealed how?", proposal=P1), "Tuya")


def test_another_installations_key_opens_nothing_and_the_message_says_what_to_do(place: Place) -> None:
    with place.opened() as house:
        [entry] = act(house, Invite(name=Personal(SECRET)), "Office")
    before = place.numbers()
    key_file(place).write_bytes(urlsafe_b64encode(secrets.token_bytes(32)))
    with place.opened() as house:
        assert house.custody.open(entry.sealed) == {}
        assert "put the right one in its file" in house.custody.trouble
        with pytest.raises(Sealed, match=r"put the right one in its file.* or in DIALOGUE_MASTER_KEY"):
            act(house, MakeComment("Sealed how?", proposal=P1), "Tuya")
    assert place.numbers() == before


def test_the_vault_is_written_before_the_record_refers_to_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with place.opened() as house:
        save = house.record.save

        def save_after_a_look(*facts: object, **kept: object) -> object:
            for entry in facts:
                for digest in entry.sealed:  # type: ignore[attr-defined]
                    found = place.sql("vault", "SELECT count(*) FROM disclosures WHERE digest = ?", digest)
                    assert found == [(1,)]
            return save(*facts, **kept)  # type: ignore[arg-type]

        monkeypatch.setattr(house.record, "save", save_after_a_look)
        [entry] = act(house, Invite(name=Personal(SECRET), country=Personal("Nowhere")), "Office")
        assert len(entry.sealed) == 2
        assert next(house.record.entries(DIALOGUE, entry.number)).sealed == entry.sealed


def test_an_act_under_another_key_leaves_no_key_behind_so_the_right_one_records_it_later(place: Place) -> None:
    with place.opened() as house:
        act(house, MakeComment("Kept.", proposal=P1), "Tuya")
    right, before = key_file(place).read_bytes(), place.sql("keys", "SELECT count(*) FROM keys")
    key_file(place).write_bytes(urlsafe_b64encode(secrets.token_bytes(32)))
    with place.opened() as house, pytest.raises(Sealed, match="put the right one in its file"):
        act(house, Invite(name=Personal(SECRET)), "Office")
    assert place.sql("keys", "SELECT count(*) FROM keys") == before
    key_file(place).write_bytes(right)
    with place.opened() as house:
        [entry] = act(house, Invite(name=Personal(SECRET)), "Office")
        assert house.custody.open(entry.sealed) == {entry.sealed[0]: ("name", SECRET)}


def test_of_two_processes_that_make_a_key_for_the_same_person_the_first_ones_holds(place: Place) -> None:
    people = {UUID(int=77), UUID(int=78)}
    with place.opened() as one, place.opened() as two:
        first = one.custody.subject_keys({UUID(int=77)})
        both = two.custody.subject_keys(people)
        assert both[UUID(int=77)] == first[UUID(int=77)]
        assert one.custody.subject_keys(people) == both
    with place.opened() as house:
        assert house.custody.subject_keys(people, make=False) == both


def test_a_key_that_was_not_kept_is_not_used(place: Place) -> None:
    people = {UUID(int=77), UUID(int=78)}
    with place.opened() as house:
        draw, drawn = house.custody.random, []

        def cut_short(size: int) -> bytes:
            drawn.append(size)
            if len(drawn) > 2:  # the first key is put in its place, and then the transaction fails
                raise OSError("no randomness left")
            return draw(size)

        house.custody.subject_keys(set())
        house.custody.random = cut_short
        with pytest.raises(OSError, match="no randomness"):
            house.custody.subject_keys(people)
        assert house.custody.subject_keys(people, make=False) == {}
