"""The wheel: it holds the four packages with all their files, and `dialogue` starts from it."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = ("dialogue", "projections", "api", "cli")

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path = HOUSE, **environ: str) -> str:
    """What the command prints; it must succeed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env={**os.environ, **environ}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    [built] = folder.glob("dialogue_record-*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_four_packages_and_no_other_top_level(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    tracked = run("git", "ls-files", "-z", *ROOMS).rstrip("\0").split("\0")
    assert "dialogue/__init__.py" in tracked
    assert set(tracked) <= inside
    assert {name.partition("/")[0] for name in inside} == set(ROOMS)


def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in zipfile.ZipFile(wheel).namelist())


def test_dialogue_starts_from_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    # Its dependencies are the ones already installed here; the folder comes first on the path, so that
    # it is the wheel's code that runs.
    folder = tmp_path / "installed"
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", folder, wheel)
    path = str(folder)
    where = run(sys.executable, "-c", "import cli; print(cli.__file__)", cwd=tmp_path, PYTHONPATH=path)
    assert where.startswith(path)
    version = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert version in run(folder / "bin" / "dialogue", "--version", cwd=tmp_path, PYTHONPATH=path)


def test_the_demo_plays_without_the_extras(tmp_path: Path) -> None:
    """`pip install .` brings no PostgreSQL driver: nothing on the way of the embedded stores may ask for one."""
    extras = ("psycopg", "psycopg_pool", "rfc3161_client", "granian", "authlib", "joserfc", "requests")
    absent = f"import sys; sys.modules.update(dict.fromkeys({extras}))"
    play = f"{absent}; from cli.main import main; main(sys.argv[1:])"
    folder, key = str(tmp_path / "data"), str(tmp_path / "master.key")
    environ = {"DIALOGUE_MASTER_KEY_FILE": key, "PYTHONPATH": str(HOUSE)}
    shown = run(sys.executable, "-c", play, "--data", folder, "demo", cwd=tmp_path, **environ)
    assert "Try next:" in shown
    run(sys.executable, "-c", play, "--data", folder, "doctor", cwd=tmp_path, **environ)
    served = f"{absent}; import api.__main__"
    run(sys.executable, "-c", served, cwd=tmp_path, **environ)
    oidc = {"ISSUER": "https://login.example", "CLIENT": "the-record"}
    signing_in = {f"DIALOGUE_OIDC_{name}": value for name, value in oidc.items()}
    signing_in["DIALOGUE_PUBLIC_URL"] = "https://record.example"
    command = [sys.executable, "-c", f"{served}; sys.exit(api.__main__.main())", "--data", folder, "--port", "0"]
    told = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **environ, **signing_in}, capture_output=True, text=True, check=False
    )
    assert (told.returncode, "pip install 'dialogue-record[oidc]'" in told.stderr) == (2, True), told.stderr
    assert "Traceback" not in told.stderr
