"""Schemathesis against a running server: every operation of the description, and walks from one to another.

    python tests/fuzz.py 100            # examples an operation, on SQLite
    python tests/fuzz.py 100 postgres

The dialogue has one of everything, and who asks has every role, so that requests come as far as the rules. The
same seed gives the same requests. What a rule refuses (403, 404, 409, 412, 422) is no failure of a well-formed
request: a rule sees more than a shape.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from dialogue.amendment import ProposeAmendment
from dialogue.circulation import Circulate
from dialogue.comment import MakeComment
from dialogue.consensus import CallConsensus
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.fact import Personal
from dialogue.issuing import DraftDocument, Group, IssueEdition, OpenForSignature, OrderItems
from dialogue.meeting import OpenSession, PlanMeeting
from dialogue.participant import Invite
from dialogue.roles import EVERYBODY
from dialogue.ruling import RuleOnChange
from dialogue.signing import GiveEndorsement
from house import House
from serving import GENEROUS, served
from stores import postgres_server

SEED = "20260302"
CONFIG = """
[parameters]
dialogue = "{dialogue}"
"path.participant" = "N6"
"path.meeting" = "M1"
"path.session" = "S1"
"path.proposal" = "P1"
"path.amendment" = "A1"
"path.comment" = "C1"
"path.call" = "Q1"
"path.ruling" = "R1"
"path.document" = "D1"
"path.endorsement" = "P1"
"path.circulation" = "K1"
"path.joint" = "J1"

[checks]
positive_data_acceptance.expected-statuses = [200, 201, 204, 304, 403, 404, 409, 412, 422, 503]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429]
missing_required_header.expected-statuses = [400, 401, 422]
"""


def furnished(house: House) -> str:
    """One of everything; the secret of somebody who has every role."""
    item, document = house.thing("P1"), house.thing("D1")
    house.act(SubmitProposal("Hotlines", "Open one."), by="Tuya")
    house.act(ReviseProposal(item, "Open one line."), by="Tuya")
    house.act(RuleOnChange("editorial", "The same.", item))
    house.act(ProposeAmendment(item, "Open two lines."), by="Pavel")
    house.act(MakeComment("Why?", proposal=item), by="Pavel")
    house.act(PlanMeeting("First"), by="Office")
    house.act(OpenSession(house.thing("M1"), attribution="attributed"))
    house.act(DraftDocument("Quiet Waters", preamble="We met."), by="Office")
    house.act(OrderItems(document, (Group("Sea", (item,)),)), by="Office")
    house.act(IssueEdition(document), by="Office")
    house.act(Circulate(document, (house.thing("N10"),)), by="Office")
    house.act(OpenForSignature(proposal=item))
    house.act(GiveEndorsement(proposal=item), by="Pavel")
    house.act(SubmitProposal("Drills", "Hold one drill."), by="Pavel")
    house.act(CallConsensus(proposal=house.thing("P2")))
    everything = Invite(tuple(sorted(EVERYBODY | {"auditor"})), Personal("Somebody of every role"))
    number = house.act(everything, by="Office")[0].fact.number
    house.now = datetime.now(UTC)  # the server's clock is the machine's
    secret, _ = house.secretariat.access.create(house.dialogue, house.thing(f"N{number}"))
    return secret


ALL = "examples,coverage,fuzzing,stateful"


def fuzz(folder: Path, examples: int, *, postgres: bool = False, phases: str = ALL) -> int:
    """Runs all checks with so many examples an operation; the exit status of schemathesis."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server()) if postgres else None
        house = House(folder / "house", database=server.fresh() if server else None)
        secret = furnished(house)
        house.close()
        config = folder / "schemathesis.toml"
        config.write_text(CONFIG.format(dialogue=house.dialogue), encoding="utf-8")
        running = stack.enter_context(served(house.environ, *GENEROUS))
        run = [
            sys.executable,
            "-m",
            "schemathesis.cli",
            "--config-file",
            str(config),
            "run",
            f"{running.url}/openapi.json",
        ]
        run += ["-H", f"Authorization: Bearer {secret}", "--seed", SEED, "-n", str(examples), "--checks", "all"]
        run += ["--exclude-path-regex", "/feed$|/departure$|/conclusion$|/v1/tokens", "--request-timeout", "60"]
        run += ["--phases", phases]
        done = subprocess.run(run, cwd=folder, check=False, env={**os.environ, "NO_COLOR": "1"}).returncode
        faults = [line for line in running.log.read_text(encoding="utf-8").splitlines() if not line.startswith("{")]
        sys.stdout.write("\n".join([*faults[2:], ""]))
        return done


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as place:
        sys.exit(fuzz(Path(place), int(sys.argv[1]), postgres="postgres" in sys.argv))
