"""The tests' PostgreSQL is what the record runs on: version, roles, and nothing shared between tests."""

import pytest

from projections.settings import load
from stores import APP, LEAST_VERSION, OWNER, Database, Server

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL tests need the extra 'postgres'")
pytestmark = pytest.mark.postgres


def answer(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


def test_the_server_is_new_enough_for_the_right_to_maintain(postgres: Server, postgres_url: Database) -> None:
    assert postgres.version >= LEAST_VERSION
    query = f"SELECT has_table_privilege('{APP}', 'pg_class', 'MAINTAIN')"
    assert answer(postgres_url.owner_url, query) is False


def test_each_url_connects_as_its_role(postgres_url: Database) -> None:
    assert answer(postgres_url.owner_url, "SELECT current_user") == OWNER
    assert answer(postgres_url.app_url, "SELECT current_user") == APP == postgres_url.app_role


@pytest.mark.parametrize("role", [OWNER, APP])
def test_neither_role_is_a_superuser_nor_makes_roles_or_databases(postgres_url: Database, role: str) -> None:
    query = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = "
    assert answer(postgres_url.owner_url, f"{query} '{role}'") is False


def test_the_owner_may_make_a_schema_and_the_application_may_not(fresh_postgres: Database) -> None:
    with psycopg.connect(fresh_postgres.owner_url) as owner:
        owner.execute("CREATE SCHEMA record")
    with psycopg.connect(fresh_postgres.app_url) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("CREATE SCHEMA views")


@pytest.mark.parametrize("turn", [1, 2])
def test_a_fresh_database_is_empty(fresh_postgres: Database, turn: int) -> None:
    with psycopg.connect(fresh_postgres.owner_url) as owner:
        owner.execute("CREATE SCHEMA left_by_the_other_turn")


def test_a_copy_has_what_its_model_has_and_then_goes_its_own_way(postgres: Server) -> None:
    model = postgres.fresh()
    with psycopg.connect(model.owner_url) as owner:
        owner.execute("CREATE SCHEMA record")
        owner.execute("CREATE TABLE record.facts (state bytea)")
    copy = postgres.fresh(like=model)
    with psycopg.connect(copy.owner_url) as owner:
        owner.execute("INSERT INTO record.facts VALUES ('x')")
    assert answer(copy.owner_url, "SELECT count(*) FROM record.facts") == 1
    assert answer(model.owner_url, "SELECT count(*) FROM record.facts") == 0
    postgres.drop(copy)
    postgres.drop(model)


def test_a_database_is_dropped_even_while_somebody_is_connected(postgres: Server) -> None:
    database = postgres.fresh()
    left_open = psycopg.connect(database.app_url)
    postgres.drop(database)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    left_open.close()


def test_texts_of_every_script_are_stored_as_utf8(postgres_url: Database) -> None:
    assert answer(postgres_url.app_url, "SELECT '韓半島 한반도 Төв Азия'::text") == "韓半島 한반도 Төв Азия"
    assert answer(postgres_url.app_url, "SHOW server_encoding") == "UTF8"


def test_the_settings_take_the_url_as_it_is(postgres_url: Database) -> None:
    assert load({"database": postgres_url.app_url}, {}).database == postgres_url.app_url
