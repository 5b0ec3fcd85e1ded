"""The databases themselves refuse every change of what stands in the record, to the application and to its owner."""

from __future__ import annotations

import sqlite3

import pytest

from places import Place

SQLITE = {
    "stored_events": "originator_id, originator_version, topic, state, dialogue, entry, act, n",
    "texts": "sha256, bytes",
    "attestations": "id, dialogue, size, kind, body",
    "about": "name, value",
}
POSTGRES = {
    "record_events": "notification_id, originator_id, originator_version, topic, state, dialogue, entry, act, n",
    "texts": "sha256, bytes",
    "attestations": "dialogue, size, kind, body",
    "about": "name, value",
}
KEYS = {"record_events": "notification_id", "texts": "sha256", "attestations": "id", "about": "name"}


@pytest.fixture
def attested(place: Place) -> Place:
    """A place with a row in every table of its record."""
    with place.opened() as house:
        house.record.rows.attest(house.draw(), 1, "checkpoint", b"invented")
    return place


def tables(place: Place) -> dict[str, str]:
    return POSTGRES if place.postgres else SQLITE


def content(place: Place) -> list[list[tuple[object, ...]]]:
    return [place.sql("record", f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables(place)]


def refusals(place: Place, statement: str, *, owner: bool = False) -> str:
    """The database's refusal of the statement."""
    if place.postgres:
        from psycopg import Error

        errors: tuple[type[Exception], ...] = (Error,)
    else:
        errors = (sqlite3.IntegrityError,)
    with pytest.raises(errors) as refusal:
        place.sql("record", statement, owner=owner)
    return str(refusal.value)


@pytest.mark.parametrize("table", range(4))
def test_no_row_of_the_record_is_updated_deleted_or_replaced(attested: Place, table: int) -> None:
    name, columns = list(tables(attested).items())[table]
    before = content(attested)
    assert all(before), "a table without rows would refuse nothing"
    column = columns.rpartition(" ")[2]
    rows = f"({columns}) SELECT {columns} FROM {name} WHERE true"
    target = f"({KEYS[name]})" if attested.postgres else ""
    statements = [
        f"UPDATE {name} SET {column} = {column}",
        f"DELETE FROM {name}",
        f"INSERT INTO {name} {rows} ON CONFLICT {target} DO UPDATE SET {column} = excluded.{column}",
    ]
    if attested.postgres:
        statements.append(f"TRUNCATE {name}")
    else:
        statements += [
            f"INSERT OR REPLACE INTO {name} ({columns}) SELECT {columns} FROM {name}",
            f"REPLACE INTO {name} SELECT * FROM {name}",
            f"UPDATE OR REPLACE {name} SET {column} = {column}",
        ]
    for statement in statements:
        said = refusals(attested, statement)
        assert "permission denied" in said if attested.postgres else "append-only" in said, (statement, said)
    assert content(attested) == before


def test_each_key_of_a_fact_alone_keeps_it_from_being_replaced(embedded: Place) -> None:
    free = {"rowid": 999, "originator_id": "'x'", "entry": 999, "act": "'x'"}
    for taken in ("rowid", "originator_id", "entry", "act"):
        values = {**free, taken: taken}
        statement = (
            "INSERT OR REPLACE INTO stored_events (rowid, originator_id, originator_version, topic, state, dialogue,"
            f" entry, act, n) SELECT {values['rowid']}, {values['originator_id']}, originator_version, topic, 'forged',"
            f" dialogue, {values['entry']}, {values['act']}, n FROM stored_events WHERE rowid = 3"
        )
        assert "append-only" in refusals(embedded, statement), taken


@pytest.mark.parametrize("pragma", ["recursive_triggers = ON", "recursive_triggers = OFF", "foreign_keys = ON"])
def test_no_setting_of_sqlite_lets_a_replacement_through(embedded: Place, pragma: str) -> None:
    with embedded.driver("record") as connection:
        connection.execute(f"PRAGMA {pragma}")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("REPLACE INTO texts SELECT sha256, 'forged' FROM texts")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE {table}",
        "DROP SCHEMA record CASCADE",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} DISABLE TRIGGER append_only",
        "DROP TRIGGER append_only ON {table}",
        "ALTER TABLE {table} RENAME TO gone",
        "CREATE RULE gone AS ON INSERT TO {table} DO INSTEAD NOTHING",
        "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION append_only()",
        "CREATE OR REPLACE FUNCTION record.append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE record.mine (x int)",
        "SET session_replication_role = replica",
        "SELECT setval('record.attestations_id_seq', 1)",
        "GRANT UPDATE ON {table} TO dialogue_app",
        "SET ROLE dialogue_owner",
        "MERGE INTO {table} USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE",
    ],
)
@pytest.mark.parametrize("model", ["postgres"], indirect=True)
def test_the_applications_role_may_not_get_round_it(place: Place, statement: str) -> None:
    from psycopg import Error

    for table in POSTGRES:
        if statement.startswith("GRANT"):  # PostgreSQL warns only; the right is not there afterwards
            place.sql("record", statement.format(table=table))
            assert "permission denied" in refusals(place, f"DELETE FROM {table}")
            continue
        with pytest.raises(Error, match=r"permission denied|must be owner"):
            place.sql("record", statement.format(table=table))


@pytest.mark.parametrize("model", ["postgres"], indirect=True)
def test_the_tables_refuse_even_their_owner(attested: Place) -> None:
    for table, columns in POSTGRES.items():
        column = columns.rpartition(" ")[2]
        changes = f"({columns}) SELECT {columns} FROM {table} ON CONFLICT ({KEYS[table]}) DO UPDATE"
        for statement in (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"MERGE INTO {table} USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE",
            f"INSERT INTO {table} {changes} SET {column} = excluded.{column}",
        ):
            assert "append-only" in refusals(attested, statement, owner=True), statement
