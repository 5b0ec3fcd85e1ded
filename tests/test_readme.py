"""What the README shows is what happens: every console block is run, in order, in one fresh data folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def session() -> list[tuple[str, str]]:
    """(command, what it prints), in the order of the README."""
    steps: list[tuple[str, str]] = []
    for block in BLOCK.findall(README.read_text()):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            steps.append((command, printed))
    return steps


def matches(shown: str, printed: str) -> bool:
    """Whether the output is as shown, `...` standing for anything within a line."""
    pattern = re.escape(shown.strip()).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, printed.strip()) is not None


def test_the_session_in_the_readme_runs_and_prints_what_it_says(tmp_path: Path) -> None:
    environ = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "DIALOGUE_DATA": str(tmp_path / "data"),
        "DIALOGUE_MASTER_KEY_FILE": str(tmp_path / "master.key"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
    }
    steps = session()
    assert len(steps) > 20
    for command, shown in steps:
        done = subprocess.run(
            command, check=False, shell=True, cwd=tmp_path, env=environ, capture_output=True, text=True
        )
        printed = done.stdout if done.returncode == 0 else done.stderr
        assert matches(shown, printed), f"$ {command}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("command", ["dialogue --data demo demo", "pytest -q -n 2"])
def test_the_two_commands_of_the_readme_each_stand_on_one_line(command: str) -> None:
    [line] = [one for one in README.read_text().splitlines() if one.endswith(command)]
    assert line.startswith("python3 -m venv .venv && .venv/bin/pip install")


def test_the_exit_statuses_of_the_readme_are_those_of_the_program() -> None:
    from cli.session import EXIT_STATUSES

    table = dict(re.findall(r"^\| (\d) \| (.+?) \|$", README.read_text(), re.MULTILINE))
    assert {int(status) for status in table} == set(EXIT_STATUSES)
    for status, meaning in EXIT_STATUSES.items():
        assert set(meaning.split()) <= set(table[str(status)].replace(",", "").split()), (status, meaning)


def test_every_room_and_file_that_the_readme_names_is_there() -> None:
    for name in re.findall(r"`((?:dialogue|projections|cli|api|tests)/[\w/.]*)`", README.read_text()):
        assert (README.parent / name).exists(), name
