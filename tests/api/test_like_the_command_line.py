"""Everything that the command line can do to a dialogue can be done over HTTP: one table, which says where.

A command that is in no line of it fails the test, and so does a line whose route is not there.
"""

from __future__ import annotations

import importlib

import click
import pytest

from api.acts import ACTS
from cli.commands import COMMANDS
from cli.verbs import VERBS
from door import Door
from house import House

HERE = "/v1/dialogues/<uuid:dialogue>"
ITEM, DOCUMENT, CALL = "proposals/<proposal>", "documents/<document>", "calls/<call>"
# The routes that do what a command does, within a dialogue unless they begin with a slash.
ROUTES = {
    "open": ["GET waiting"],
    "list": ["GET /v1/dialogues"],
    "show": ["GET "],
    "texts": ["GET proposals"],
    "text": [f"GET {ITEM}", f"GET {ITEM}/versions", f"GET {ITEM}/versions/<int(max=2147483647):number>"],
    "signatories": [f"GET {ITEM}/signatories", f"GET {DOCUMENT}/signatories"],
    "amendments": ["GET amendments"],
    "comments": ["GET comments", "GET comments/undisposed"],
    "decisions": ["GET calls", "GET rulings", "GET joint-acts"],
    "documents": ["GET documents", f"GET {DOCUMENT}"],
    "participants": ["GET participants"],
    "meetings": ["GET meetings", "GET meetings/<meeting>"],
    "session-notes": ["GET sessions/<session>/notes"],
    "publish": [f"GET {DOCUMENT}/publication", f"GET {DOCUMENT}/editions/<int(max=2147483647):number>"],
    "ready": [f"GET {DOCUMENT}/readiness"],
    "notices": ["GET notices"],
    "explain": [f"GET {CALL}/explanation"],
    "what-if": ["GET what-if", f"GET {CALL}/what-if"],
    "who-had-seen": [f"GET {DOCUMENT}/circulation"],
    "token create": ["POST participants/<participant>/invitation-link", "POST /v1/tokens"],
    "token list": ["GET tokens", "GET /v1/tokens"],
    "token revoke": ["DELETE /v1/tokens/<id>"],
    "log": ["GET entries"],
    "replay": ["GET replay"],
    "compare": [f"GET {ITEM}/comparison"],
    "trace": [f"GET {ITEM}/trace"],
    "disclose": ["GET disclosures"],
    "export": ["GET export", "GET export/full"],
    "prove": ["GET entries/<int(max=2147483647):number>/proof"],
    "checkpoint": ["POST checkpoint", "GET checkpoint"],
    "keys introduce": ["POST log-keys"],
    "keys take-over": ["POST log-keys/takeover"],
    "keys show": ["GET log-keys"],
    "policy": ["GET policy", "PUT policy"],
    "cosign": ["GET checkpoint/request", "POST checkpoint/cosignatures"],
    "timestamp": ["GET checkpoint/timestamp-query", "POST checkpoint/timestamps"],
    "withdraw": [
        f"POST {ITEM}/withdrawal",
        "POST amendments/<amendment>/withdrawal",
        f"POST {CALL}/positions/mine/withdrawal",
        "POST endorsements/<endorsement>/withdrawal",
    ],
    "sign": ["POST endorsements", "POST signing/statement"],
    "subject-access": ["GET participants/<participant>/data", "GET me/data"],
    "forget": [
        "POST participants/<participant>/erasure",
        "POST participants/<participant>/erasure/confirmation",
    ],
    "receipt": ["POST receipts"],
    "retention run": ["POST retention"],
    "commands": ["GET /openapi.json"],
}
# Why the rest is done on the command line only.
ELSEWHERE = {
    "new": "nobody takes part yet who could come in: a dialogue is opened by the installation's operator",
    "import": "a file as commands, each of which has its route",
    "apply": "a file of commands, each of which has its route",
    "verify": "an auditor runs it over what they fetched; a server that audits itself proves nothing",
    "import-record": "of the installation: a record that was kept elsewhere comes in",
    "demo": "of the installation: makes one, to look around in",
    "init": "of the installation: makes the stores",
    "serve": "of the installation: is this API",
    "keys new": "of the installation: makes the file with its secret",
    "witness new": "run by a delegation, on a machine of its own",
    "witness watch": "run by a delegation, on a machine of its own",
    "witness cosign": "run by a delegation, on a machine of its own",
    "witness serve": "run by a delegation, on a machine of its own",
    "witness evidence": "run by a delegation, on a machine of its own",
    "rebuild": "of the installation: makes the views anew",
    "doctor": "of the installation: examines it",
    "config show": "of the installation: its settings",
    "completion": "of a shell",
}


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    """Every method and address that is answered."""
    house = House(tmp_path_factory.mktemp("house"))
    app = Door(house).app
    yield {
        f"{method} {rule.rule.removeprefix(HERE + '/') if rule.rule != HERE else ''}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    house.close()


def command_names():
    """Every command, and of a group its commands."""
    for section in COMMANDS.values():
        for name, (module, _) in section.items():
            command = getattr(importlib.import_module(f"cli.{module}"), name.replace("-", "_"))
            if isinstance(command, click.Group):
                yield from (f"{name} {inner}" for inner in command.commands)
            else:
                yield name


def test_every_command_has_its_routes_or_a_reason_to_have_none(routes):
    acts = {act.command.__name__: f"{act.method} {act.path}" for act in ACTS}
    table = {verb.name: [acts[verb.command]] for verbs in VERBS.values() for verb in verbs} | ROUTES
    for name in command_names():
        assert (name in table) != (name in ELSEWHERE), f"{name}: say which routes do it, or why there is none"
    assert set(table) | set(ELSEWHERE) == set(command_names()), "the table has a command that is not there"
    assert {one for found in table.values() for one in found} <= routes
