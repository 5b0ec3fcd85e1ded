"""What HTTP costs, as ratios within one run.

    PYTHONPATH=.:tests python tests/benchmarks/over_http.py [postgres]

Reads are held against a bare Flask route that returns the same bytes from the same server (waitress, as many
threads, a process of its own), authentication on our side included; both are asked in turn, by clients that keep
their connections. The POST of an endorsement is held against `execute` of the same command in a process.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from flask import Flask, Response, request

from api.serving import serve
from dialogue.drafting import SubmitProposal
from dialogue.fact import Personal
from dialogue.issuing import OpenForSignature
from dialogue.participant import Invite
from dialogue.signing import GiveEndorsement
from house import PEOPLE, House
from serving import GENEROUS, served
from stores import postgres_server

SIGNATORIES = 100
CLIENTS = 4
SECONDS = 1.0
ROUNDS = 5


def bare(folder: Path) -> None:
    """Serves the files of a folder from memory, each under its name."""
    app = Flask("bare")
    app.extensions["closing"] = Event()
    contents = {file.name: file.read_bytes() for file in folder.iterdir()}

    @app.get("/<name>")
    def _file(name: str) -> Response:
        content = contents[name]
        if "If-None-Match" in request.headers:
            return Response(status=304)
        return Response(content, mimetype="application/json")

    serve(app, "127.0.0.1", 0, 64)


def rate(url: str, path: str, headers: dict[str, str], status: int) -> float:
    """Requests a second of several clients together."""
    place = urlsplit(url)

    def ask(_: int) -> int:
        connection = http.client.HTTPConnection(place.hostname or "", place.port)
        count, until = 0, time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status, (path, answer.status)
            count += 1
        connection.close()
        return count

    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        total = sum(pool.map(ask, range(CLIENTS)))
    return total / (time.perf_counter() - begun)


def compared(
    ours: tuple[str, str], theirs: tuple[str, str], headers: dict[str, str], status: int
) -> tuple[float, float]:
    """The medians of both, asked in turn."""
    rates = [(rate(*ours, headers, status), rate(*theirs, headers, status)) for _ in range(ROUNDS)]
    return statistics.median(one for one, _ in rates), statistics.median(one for _, one in rates)


def furnished(house: House) -> list[str]:
    """Two items that are open for signature, and many who may sign them; their secrets."""
    for title in ("Hotlines", "Drills"):
        house.act(
            SubmitProposal(title, "Open one hotline between the coast guards, and keep it open. " * 10), by="Tuya"
        )
    for handle in ("P1", "P2"):
        house.act(OpenForSignature(proposal=house.thing(handle)))
    for number in range(SIGNATORIES):
        house.act(Invite(("participant",), Personal(f"Signatory {number}")), by="Office")
    everybody = [house.thing(f"N{len(PEOPLE) + 1 + number}") for number in range(SIGNATORIES)]
    house.now = datetime.now(UTC)
    return [house.secretariat.access.create(house.dialogue, person)[0] for person in everybody]


def signing(house: House, url: str, here: str, secrets: list[str]) -> tuple[float, float]:
    """Signatures a second by POST, and by `execute` in this process, given in turn by one after another."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    posted, executed = [], []
    for number, secret in enumerate(secrets):
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        begun = time.perf_counter()
        connection.request("POST", f"{here}/endorsements", json.dumps({"proposal": "P1", "publish": True}), headers)
        answer = connection.getresponse()
        answer.read()
        posted.append(time.perf_counter() - begun)
        assert answer.status == 201
        house.now = datetime.now(UTC)
        moment = house.secretariat.moment(house.thing(f"N{len(PEOPLE) + 1 + number}"))
        command = GiveEndorsement(proposal=house.thing("P2"), publish=True)
        begun = time.perf_counter()
        house.secretariat.execute(house.dialogue, command, moment)
        executed.append(time.perf_counter() - begun)
    return 1 / statistics.median(posted), 1 / statistics.median(executed)


def measured(postgres: bool) -> None:
    with ExitStack() as stack:
        base = "/dev/shm" if Path("/dev/shm").is_dir() else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=base)))
        server = stack.enter_context(postgres_server()) if postgres else None
        house = House(folder / "house", database=server.fresh() if server else None)
        stack.callback(house.close)
        secrets = furnished(house)
        ours = stack.enter_context(served(house.environ, *GENEROUS))
        here = f"/v1/dialogues/{house.dialogue}"
        rows = [("POST of an endorsement / execute", *signing(house, ours.url, here, secrets))]
        time.sleep(11)  # answers are remembered once the dialogue has been quiet for ten seconds
        me = {"Authorization": f"Bearer {secrets[0]}"}
        asked = {
            "current text": f"{here}/proposals/P1",
            "page of 100 names": f"{here}/proposals/P1/signatories?limit=100",
            "text as of an entry": f"{here}/proposals/P1?as_of=30",
            "entries, a page of 100": f"{here}/entries?limit=100",
        }
        plain = folder / "plain"
        plain.mkdir()
        tags = {}
        for number, (name, path) in enumerate(asked.items()):
            tags[name], content = fetched(ours.url, path, me)
            (plain / str(number)).write_bytes(content)
        theirs = stack.enter_context(served({}, command=(__file__, "bare", str(plain))))
        for number, (name, path) in enumerate(asked.items()):
            rows.append((f"GET {name} / bare route", *compared((ours.url, path), (theirs.url, f"/{number}"), me, 200)))
        known = {**me, "If-None-Match": tags["current text"]}
        pair = (ours.url, asked["current text"]), (theirs.url, "/0")
        rows.append(("GET current text, 304 / bare route", *compared(*pair, known, 304)))
        pair = (ours.url, asked["text as of an entry"]), (ours.url, asked["current text"])
        rows.append(("GET text as of an entry / current", *compared(*pair, me, 200)))
    print(f"{'PostgreSQL' if postgres else 'SQLite'}: requests a second, medians of {ROUNDS}; {CLIENTS} clients")
    for name, one, other in rows:
        print(f"{name:40} {one:8.0f} {other:8.0f}  {one / other:5.2f}")


def fetched(url: str, path: str, headers: dict[str, str]) -> tuple[str, bytes]:
    """The ETag and the bytes of an answer."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert answer.status == 200, content
    return answer.headers["ETag"] or "", content


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        bare(Path(sys.argv[2]))
    else:
        measured("postgres" in sys.argv)
