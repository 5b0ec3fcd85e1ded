"""A client that openapi-python-client generates from our description works as it is.

It wants a typer of its own, so it is installed in an environment of its own; where no package index can be reached,
the test is skipped.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from door import Door
from house import House
from serving import served

pytestmark = pytest.mark.slow
NEEDED = "openapi-python-client>=0.26,<1"
PATIENCE = 180  # seconds for the package index
STORY = """
import sys
from uuid import UUID
from client import AuthenticatedClient
from client.api.acts import revise_proposal, submit_proposal
from client.api.texts import proposal, proposals_list
from client.models import Acted, Item, Problem, ReviseProposal, SubmitProposal

url, token, dialogue = sys.argv[1], sys.argv[2], UUID(sys.argv[3])
client = AuthenticatedClient(base_url=url, token=token)
made = submit_proposal.sync(dialogue, client=client, body=SubmitProposal(title="Hotlines", text="Open one."))
assert isinstance(made, Acted) and made.entries[0].handle == "P1", made
seen = proposal.sync_detailed(dialogue, "P1", client=client)
assert isinstance(seen.parsed, Item) and seen.parsed.words == "Open one."
tag = seen.headers["ETag"]
first = revise_proposal.sync(dialogue, "P1", client=client, body=ReviseProposal(text="Open two."), if_match=tag)
assert isinstance(first, Acted) and first.entries[0].version == 2
late = revise_proposal.sync(dialogue, "P1", client=client, body=ReviseProposal(text="Open six."), if_match=tag)
assert isinstance(late, Problem) and (late.status, late.current) == (412, 2), late
assert [one.handle for one in proposals_list.sync(dialogue, client=client).items] == ["P1"]
print("done")
"""


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    """The generator's command, beside a Python that has what a generated client needs."""
    found = shutil.which("openapi-python-client")
    if found is not None:
        return Path(found).resolve()
    folder = tmp_path_factory.mktemp("generator")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--only-binary=:all:", NEEDED]
    try:
        installed = subprocess.run(install, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("the package index does not answer")
    if installed.returncode:
        pytest.skip(f"openapi-python-client cannot be installed here: {installed.stderr.strip()[-200:]}")
    return folder / "bin" / "openapi-python-client"


def test_a_generated_client_submits_reads_revises_and_understands_a_refusal(tmp_path, generator):
    house = House(tmp_path / "house")
    (tmp_path / "openapi.json").write_text(json.dumps(Door(house).described.spec), encoding="utf-8")
    generate = [generator, "generate", "--path", "openapi.json", "--meta", "none", "--output-path", "client"]
    made = subprocess.run(generate, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    (tmp_path / "story.py").write_text(STORY, encoding="utf-8")
    house.now = datetime.now(UTC)  # the server's clock is the machine's
    secret, _ = house.secretariat.access.create(house.dialogue, house.person("Tuya"))
    interpreter = generator.parent / "python"
    with served(house.environ) as server:
        told = subprocess.run(
            [interpreter, "story.py", server.url, secret, str(house.dialogue)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    house.close()
    assert (told.returncode, told.stdout) == (0, "done\n"), told.stderr
