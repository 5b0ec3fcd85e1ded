"""Every command of the domain is accepted in some test beside this one, and refused in some.

The tests are read, not run: a test that says `.when(CallConsensus(…)).then(…)` accepts the command, one that
ends in `.refused(…)` refuses it. What they say is then run by pytest like any other test.
"""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from dialogue.acts import COMMANDS

ACCEPTED = {"then", "then_accepted"}
REFUSED = {"refused"}


def put(call):
    """The command in the nearest `.when(…)` to the left in a chain of calls, or None."""
    while isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        if call.func.attr == "when":
            command = call.args[0]
            named = isinstance(command, ast.Call) and isinstance(command.func, ast.Name)
            return command.func.id if named else None
        call = call.func.value
    return None


def endings(source):
    """For each command put, how the chains it is put in go on."""
    found = defaultdict(set)
    for test in ast.walk(ast.parse(source)):
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            held = {}  # variables that hold what came of a command
            for node in ast.walk(test):
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    held.setdefault(node.targets[0].id, set()).add(put(node.value))
            for node in ast.walk(test):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    start = node
                    while isinstance(start, ast.Call) and isinstance(start.func, ast.Attribute):
                        start = start.func.value
                    command = put(node)
                    commands = {command} if command else held.get(start.id, ()) if isinstance(start, ast.Name) else ()
                    for one in commands:
                        found[one].add(node.func.attr)
    return found


FOUND = defaultdict(set)
for file in sorted(Path(__file__).parent.glob("test_*.py")):
    for command, ends in endings(file.read_text(encoding="utf-8")).items():
        FOUND[command] |= ends


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_accepted_in_a_test_and_refused_in_one(command):
    assert FOUND[command] & ACCEPTED, f"no test says given(…).when({command}(…)).then(…)"
    assert FOUND[command] & REFUSED, f"no test says given(…).when({command}(…)).refused(…)"


def test_a_command_put_without_an_ending_does_not_count():
    source = """
def test_it():
    story = given(A()).when(Accepted(1)).then(Fact)
    story.when(Refused(2), by="X").refused("code")
    later = given().when(Later())
    later.then(Fact)
    given().when(Put())
    given().when(Nothing()).then_nothing()
"""
    found = {command: ends & (ACCEPTED | REFUSED) for command, ends in endings(source).items()}
    assert {command: ends for command, ends in found.items() if ends} == {
        "Accepted": {"then"},
        "Refused": {"refused"},
        "Later": {"then"},
    }
