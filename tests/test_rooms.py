"""The house keeps its rooms: api | cli -> projections -> dialogue, and imports go down only.

The domain learns of time, chance and its surroundings by argument. Every file of the four packages is
parsed, none is run.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent

MAY_SEE = {
    "dialogue": {"dialogue"},
    "projections": {"projections", "dialogue"},
    "api": {"api", "projections", "dialogue"},
    "cli": {"cli", "projections", "dialogue"},
}

LIBRARIES_OF_THE_DOMAIN = {"eventsourcing", "rfc8785", "cryptography"}

LIBRARIES_OF_THE_DOORS = {
    "api": {"flask", "flask_smorest", "marshmallow", "waitress", "webargs", "werkzeug"},
    "cli": {"click", "rich"},
}

READER_OF_THE_ENVIRONMENT = Path("projections/settings.py")

ENVIRONMENT = ("os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv")

CLOCKS_AND_DICE = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time",
    "random",
    "secrets",
    "os.urandom",
    "os.getrandom",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid6",
    "uuid.uuid7",
    "eventsourcing.domain.datetime_now_with_tzinfo",
    "eventsourcing.utils.datetime_now_with_tzinfo",
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM.generate_key",
    "cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PrivateKey.generate",
)


def faults(path: Path, source: str) -> Iterator[str]:
    """One sentence for each breach of the house's rules by `source`, which stands at `path` in the house."""
    room = path.parts[0]
    local: dict[str, str] = {}
    used: list[tuple[int, str]] = []
    tree = ast.parse(source, str(path))
    for node in ast.walk(tree):
        for name, dotted in _bound(path, node):
            local[name] = dotted
            used.append((node.lineno, dotted))
    used += _mentioned(tree, local)

    for line, dotted in sorted(set(used)):
        library = dotted.partition(".")[0]
        where = f"{path}:{line}: {dotted}"
        if library in MAY_SEE and library not in MAY_SEE[room]:
            yield f"{where}: {room} may not see {library}"
        if room == "dialogue" and library not in {
            "dialogue",
            *sys.stdlib_module_names,
            *LIBRARIES_OF_THE_DOMAIN,
        }:
            yield f"{where}: {library} is no library of the domain"
        for door, libraries in LIBRARIES_OF_THE_DOORS.items():
            if room != door and library in libraries:
                yield f"{where}: {library} belongs to {door}"
        if path != READER_OF_THE_ENVIRONMENT and _within(dotted, ENVIRONMENT):
            yield f"{where}: only {READER_OF_THE_ENVIRONMENT} reads the environment"
        if room == "dialogue" and _within(dotted, CLOCKS_AND_DICE):
            yield f"{where}: time and chance come into the domain as arguments"


def _bound(path: Path, node: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that an import binds, each with the dotted name of what it stands for."""
    match node:
        case ast.Import(names=names):
            for alias in names:
                top = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (top, top)
        case ast.ImportFrom(module=module, names=names, level=level):
            above = path.parts[:-level] if level else ()
            for alias in names:
                dotted = ".".join(part for part in (*above, module, alias.name) if part)
                yield alias.asname or alias.name, dotted


def _mentioned(tree: ast.AST, local: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Every dotted expression that begins with an imported name; every module imported by a string."""
    by_string = {"importlib.import_module", "__import__"}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute() | ast.Name():
                if dotted := _dotted(node, local):
                    yield node.lineno, dotted
            case ast.Call(func=called, args=[ast.Constant(value=str(module)), *_]):
                if _dotted(called, {"__import__": "__import__", **local}) in by_string:
                    yield node.lineno, module


def _dotted(node: ast.AST, local: dict[str, str]) -> str | None:
    match node:
        case ast.Name(id=name):
            return local.get(name)
        case ast.Attribute(value=value, attr=attribute) if (owner := _dotted(value, local)) is not None:
            return f"{owner}.{attribute}"
    return None


def _within(dotted: str, names: tuple[str, ...]) -> bool:
    return any(dotted == name or dotted.startswith(f"{name}.") for name in names)


FILES = sorted(path.relative_to(HOUSE) for room in MAY_SEE for path in (HOUSE / room).rglob("*.py"))


def test_there_is_a_file_in_every_room() -> None:
    assert {path.parts[0] for path in FILES} == set(MAY_SEE)


@pytest.mark.parametrize("name", ["oracle.py", "model.py", "rules.py"])
def test_what_the_rules_are_held_against_shares_no_code_with_them(name: str) -> None:
    path = Path("tests") / name
    tree = ast.parse((HOUSE / path).read_text(encoding="utf-8"), name)
    seen = {dotted.partition(".")[0] for node in ast.walk(tree) for _, dotted in _bound(path, node)}
    assert seen - sys.stdlib_module_names <= {"model"}


@pytest.mark.parametrize("path", FILES, ids=str)
def test_every_file_keeps_to_its_room(path: Path) -> None:
    assert list(faults(path, (HOUSE / path).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("path", "source", "says"),
    [
        ("dialogue/proposal.py", "import projections.texts", "dialogue may not see projections"),
        ("dialogue/proposal.py", "from projections import texts", "dialogue may not see projections"),
        ("dialogue/proposal.py", "def f():\n    from cli.main import main", "dialogue may not see cli"),
        ("dialogue/proposal.py", "from sqlalchemy import select", "no library of the domain"),
        ("dialogue/proposal.py", "import regex as re", "no library of the domain"),
        ("dialogue/sub/deep.py", "from ... import api", "dialogue may not see api"),
        ("projections/texts.py", "from api.app import create_app", "projections may not see api"),
        ("projections/texts.py", "import importlib\nimportlib.import_module('cli.main')", "may not see cli"),
        ("projections/texts.py", "__import__('cli')", "projections may not see cli"),
        ("projections/texts.py", "import click", "click belongs to cli"),
        ("projections/texts.py", "from flask import g", "flask belongs to api"),
        ("api/app.py", "import cli", "api may not see cli"),
        ("api/app.py", "from rich.table import Table", "rich belongs to cli"),
        ("cli/main.py", "from api import app", "cli may not see api"),
        ("cli/main.py", "import marshmallow", "marshmallow belongs to api"),
        ("cli/main.py", "import os\nos.environ['DIALOGUE_DATA']", "reads the environment"),
        ("cli/main.py", "from os import getenv as get", "reads the environment"),
        ("api/app.py", "import os as o\no.environ.get('X')", "reads the environment"),
        ("projections/schema.py", "import os.path\nos.getenv('X')", "reads the environment"),
        ("dialogue/fact.py", "from datetime import datetime\ndatetime.now()", "as arguments"),
        ("dialogue/fact.py", "import datetime as dt\nclock = dt.datetime.utcnow", "as arguments"),
        ("dialogue/fact.py", "from datetime import date\ndate.today()", "as arguments"),
        ("dialogue/fact.py", "import time\ntime.time()", "as arguments"),
        ("dialogue/fact.py", "from time import monotonic", "as arguments"),
        ("dialogue/fact.py", "from random import shuffle", "as arguments"),
        ("dialogue/fact.py", "import secrets", "as arguments"),
        ("dialogue/fact.py", "import os\nos.urandom(16)", "as arguments"),
        ("dialogue/fact.py", "from uuid import uuid4", "as arguments"),
        ("dialogue/fact.py", "import uuid\nuuid.uuid1()", "as arguments"),
        (
            "dialogue/vault.py",
            "from cryptography.hazmat.primitives.ciphers.aead import AESGCM\nAESGCM.generate_key(256)",
            "as arguments",
        ),
    ],
)
def test_a_planted_breach_is_found(path: str, source: str, says: str) -> None:
    assert any(says in fault for fault in faults(Path(path), source))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "dialogue/fact.py",
            "from datetime import UTC, datetime, time\ndatetime.fromisoformat('2026-01-01')",
        ),
        ("dialogue/fact.py", "import uuid\nuuid.uuid5(uuid.NAMESPACE_URL, 'x')"),
        ("dialogue/fact.py", "def f(random, time):\n    return random.random() + time.time()"),
        ("dialogue/record.py", "from eventsourcing.application import Application"),
        ("dialogue/record.py", "import os.path\nos.path.join('a', 'b')"),
        ("projections/settings.py", "import os\nos.environ.get('DIALOGUE_DATA')"),
        ("projections/secretariat.py", "from datetime import UTC, datetime\ndatetime.now(UTC)"),
        ("api/app.py", "from flask import Flask\nfrom dialogue.fact import Refused"),
        ("cli/main.py", "import click\nfrom projections import secretariat"),
    ],
)
def test_what_the_rules_allow_is_no_breach(path: str, source: str) -> None:
    assert list(faults(Path(path), source)) == []
