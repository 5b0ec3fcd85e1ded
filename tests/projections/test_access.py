"""Tokens, invitation links and counters."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dialogue.fact import Refused, Unknown
from house import House
from projections.access import Access


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture
def access(house: House) -> Access:
    return Access(house.secretariat.stores, lambda: house.now, house.secretariat.random)


def test_a_token_is_shown_once_and_no_usable_one_is_kept(house: House, access: Access, tmp_path: Path) -> None:
    secret, token = access.create(house.dialogue, house.person("Bora"), label="laptop")
    assert secret.startswith("drt_")
    assert len(secret) == 4 + 43
    checked = access.check(secret)
    assert checked is not None
    assert checked.id == token.id
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert secret.encode() not in kept
    assert secret[4:].encode() not in kept


def test_a_tokens_id_can_be_typed_after_a_command(house: House, access: Access) -> None:
    """None begins with a hyphen, which would make it an option."""
    assert all(access.create(house.dialogue, house.person("Bora"))[1].id.isalnum() for _ in range(60))


def test_an_expired_a_revoked_and_a_truncated_token_do_not_work(house: House, access: Access) -> None:
    secret, token = access.create(house.dialogue, house.person("Bora"), lifetime=timedelta(hours=1))
    assert access.check(secret[:-1]) is None
    house.wait(hours=2)
    assert access.check(secret) is None
    secret, token = access.create(house.dialogue, house.person("Bora"))
    access.revoke(token.id, house.dialogue)
    assert access.check(secret) is None
    with pytest.raises(Unknown):
        access.revoke(token.id, house.secretariat.draw())


def test_the_last_use_is_kept_to_the_day(house: House, access: Access) -> None:
    secret, token = access.create(house.dialogue, house.person("Bora"))
    assert token.last_used is None
    access.check(secret)
    [listed] = access.tokens(house.dialogue)
    assert listed.last_used == f"{house.now:%Y-%m-%d}"


def test_an_invitation_link_works_once_and_a_new_one_ends_the_old(house: House, access: Access) -> None:
    old = access.invite(house.dialogue, house.person("Lin"))
    code = access.invite(house.dialogue, house.person("Lin"))
    with pytest.raises(Unknown):
        access.redeem(old)
    secret, token = access.redeem(code)
    assert token.participant == str(house.person("Lin"))
    assert access.check(secret) is not None
    with pytest.raises(Unknown):
        access.redeem(code)
    late = access.invite(house.dialogue, house.person("Lin"), timedelta(minutes=5))
    house.wait(minutes=6)
    with pytest.raises(Unknown):
        access.redeem(late)


def test_who_is_forgotten_keeps_no_token_and_no_link(house: House, access: Access) -> None:
    secret, _ = access.create(house.dialogue, house.person("Lin"))
    code = access.invite(house.dialogue, house.person("Lin"))
    access.forget(house.person("Lin"))
    assert access.check(secret) is None
    with pytest.raises(Unknown):
        access.redeem(code)


def test_counters_count_within_their_window_only(house: House, access: Access) -> None:
    assert [access.count("somebody", 60) for _ in range(3)] == [1, 2, 3]
    assert access.count("somebody else", 60) == 1
    house.wait(seconds=61)
    assert access.count("somebody", 60) == 1


def test_scopes_and_lifetimes_that_make_no_sense_are_refused(house: House, access: Access) -> None:
    with pytest.raises(Refused, match="scopes"):
        access.create(house.dialogue, house.person("Lin"), scopes=("everything",))
    with pytest.raises(Refused, match="at most"):
        access.create(house.dialogue, house.person("Lin"), lifetime=timedelta(days=4000))
