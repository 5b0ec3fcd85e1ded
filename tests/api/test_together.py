"""Two server processes on one PostgreSQL, and everybody acting at once.

A barrier lets all clients look at the text, and only then lets any of them act on what they saw: some sign it, some
move it. Whatever the order in which they come, nobody's name stands under a text that was not in force at its entry.
"""

from __future__ import annotations

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from api.problem_types import TYPES
from dialogue.drafting import SubmitProposal
from dialogue.endorsement import EndorsementGiven, EndorsementReaffirmed
from dialogue.fact import Personal
from dialogue.issuing import OpenForSignature
from dialogue.participant import Invite
from dialogue.proposal import ProposalRevised, ProposalSubmitted
from house import House
from serving import GENEROUS, served
from stores import Database

SIGNERS, MOVERS, ROUNDS = 56, 8, 2
pytestmark = [pytest.mark.postgres, pytest.mark.slow]


class Client:
    """Somebody who asks one of the servers at a time, and keeps every answer."""

    def __init__(self, urls: list[str], dialogue: object, secret: str) -> None:
        self.urls = urls
        self.place = f"/v1/dialogues/{dialogue}"
        self.secret = secret
        self.answers: list[tuple[int, dict[str, Any]]] = []

    def ask(self, server: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
        where = urlsplit(self.urls[server % len(self.urls)])
        with closing(http.client.HTTPConnection(where.hostname or "", where.port, timeout=120)) as connection:
            sent = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json", **headers}
            content = None if body is None else json.dumps(body)
            connection.request(method, self.place + path, content, sent)
            answer = connection.getresponse()
            found = answer.status, json.loads(answer.read() or b"null")
        self.answers.append(found)
        return found


@pytest.fixture
def house(tmp_path, fresh_postgres: Database):
    house = House(tmp_path, database=fresh_postgres)
    house.act(SubmitProposal("Hotlines", "Open 1 line."), by="Tuya")
    house.act(OpenForSignature(proposal=house.thing("P1")))
    yield house
    house.close()


def test_sixty_four_clients_sign_and_move_one_text_through_two_servers(house):
    numbers = [
        house.act(Invite(("participant",), Personal(f"Signatory {n}")), by="Office")[0].fact.number
        for n in range(SIGNERS)
    ]
    house.now = datetime.now(UTC)  # the servers' clock is the machine's
    access = house.secretariat.access
    secrets = [access.create(house.dialogue, house.thing(f"N{number}"))[0] for number in numbers]
    secrets += [access.create(house.dialogue, house.person("Tuya"))[0] for _ in range(MOVERS)]
    with served(house.environ, *GENEROUS) as one, served(house.environ, *GENEROUS) as other:
        clients = [Client([one.url, other.url], house.dialogue, secret) for secret in secrets]
        looked = threading.Barrier(len(clients), timeout=300)

        def live(index: int) -> None:
            for turn in range(ROUNDS):
                _, seen = clients[index].ask(index, "GET", "/proposals/P1")
                looked.wait()
                if index < SIGNERS or turn < ROUNDS - 1:  # at last the text rests, and somebody surely signs it
                    act(clients[index], index, turn, seen["version"])
                looked.wait()

        with ThreadPoolExecutor(len(clients)) as pool:
            for done in [pool.submit(live, index) for index in range(len(clients))]:
                done.result()
        logs = one.log.read_text(encoding="utf-8") + other.log.read_text(encoding="utf-8")

    answers = [answer for client in clients for answer in client.answers]
    assert {status for status, _ in answers} <= {200, 201, 409, 412, 422}, {status for status, _ in answers}
    assert "Traceback" not in logs
    for status, said in answers:
        if status >= 400:
            assert said["title"]
            assert said["type"].removeprefix("/problems/") in TYPES
        if status == 412:
            assert said["current"] > 1
            assert said["comparison"].startswith("/v1/dialogues/")
    assert sum(status == 412 for status, _ in answers) >= MOVERS - 1, "of those who move the same text one is first"
    nobody_signed_another_text(house)


def act(client: Client, index: int, turn: int, version: int) -> None:
    """Signs or moves the text that was seen; whatever came of it, the other server says the same when asked again."""
    key = {"Idempotency-Key": f"client-{index}-turn-{turn}"}
    if index >= SIGNERS:
        asked = ("PUT", "/proposals/P1/text", {"text": f"Open {100 * turn + index} lines.", "base": version})
    elif not any(status == 201 for status, _ in client.answers):
        asked = ("POST", "/endorsements", {"proposal": "P1", "version": version})
    else:
        asked = ("PUT", "/endorsements/P1", {"version": version})
    status, said = client.ask(index, *asked, **key)
    again = client.ask(index + 1, *asked, **key)
    if status == 201:
        assert again == (status, said)


def nobody_signed_another_text(house: House) -> None:
    """Reads the record from its beginning: each signature is of the version in force, and each is given once."""
    current, given, moved = 0, set(), 0
    for entry in house.secretariat.record.entries(house.dialogue):
        fact = entry.fact
        if isinstance(fact, ProposalSubmitted | ProposalRevised):
            current, moved = fact.version, moved + 1
        if isinstance(fact, EndorsementGiven):
            assert fact.endorsement not in given, f"entry {entry.number} gives a signature twice"
            given.add(fact.endorsement)
        if isinstance(fact, EndorsementGiven | EndorsementReaffirmed):
            assert fact.version == current, f"entry {entry.number} signs version {fact.version}, not {current}"
    assert given
    assert 2 <= moved <= ROUNDS + 1
