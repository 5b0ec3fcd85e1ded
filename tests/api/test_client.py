"""A client that openapi-python-client generates from our description works as it is."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from door import Door
from house import House
from serving import served

GENERATOR = shutil.which("openapi-python-client")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(GENERATOR is None, reason="openapi-python-client is absent (it wants a typer of its own)"),
]
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


def test_a_generated_client_submits_reads_revises_and_understands_a_refusal(tmp_path):
    assert GENERATOR is not None
    house = House(tmp_path / "house")
    (tmp_path / "openapi.json").write_text(json.dumps(Door(house).described.spec), encoding="utf-8")
    generate = [GENERATOR, "generate", "--path", "openapi.json", "--meta", "none", "--output-path", "client"]
    made = subprocess.run(generate, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    (tmp_path / "story.py").write_text(STORY, encoding="utf-8")
    house.now = datetime.now(UTC)  # the server's clock is the machine's
    secret, _ = house.secretariat.access.create(house.dialogue, house.person("Tuya"))
    interpreter = Path(GENERATOR).resolve().parent / "python"  # which has what the client needs
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
