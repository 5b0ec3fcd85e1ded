"""The server as a process: started, streamed from, and stopped; on loopback only."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from api import streams
from api.__main__ import arguments, made
from api.serving import GRACE, LAST
from dialogue.drafting import SubmitProposal
from door import Door
from house import House
from projections.audience import SECRETARIAT
from serving import ROOT, served


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"))
    house.act(SubmitProposal("Hotlines", "Open one."), by="Tuya")
    yield house
    house.close()


@pytest.fixture(scope="module")
def token(house):
    house.now = datetime.now(UTC)  # the server's clock is the machine's
    secret, _ = house.secretariat.access.create(house.dialogue, house.person("Tuya"))
    return secret


def connected(server):
    place = urlsplit(server.url)
    return closing(http.client.HTTPConnection(place.hostname, place.port, timeout=30))


def asked(server, path, token=None, **headers):
    with connected(server) as connection:
        known = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request("GET", path, headers={**known, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()


def event(stream):
    """The next event of a feed: its fields."""
    fields = {}
    while line := stream.readline().decode().rstrip("\n"):
        name, _, value = line.partition(":")
        fields[name] = value.strip()
    return fields


def test_the_command_serves_says_where_and_stops_when_told_with_streams_open(house, token):
    with served(house.environ, command=("-c", "from cli.main import main; main()", "serve")) as server:
        assert "documented at http" in server.said
        assert "token create" in server.said
        assert asked(server, "/health") == (200, b'{"status":"alive"}\n')
        assert json.loads(asked(server, "/ready")[1]) == {"status": "ready"}
        feed = f"/v1/dialogues/{house.dialogue}/feed"
        with connected(server) as first, connected(server) as second:
            for connection in (first, second):
                connection.request("GET", feed, headers={"Authorization": f"Bearer {token}"})
            streams = [connection.getresponse() for connection in (first, second)]
            for stream in streams:
                assert stream.status == 200
                assert event(stream) == {"": "welcome"}
            assert server.stop() == 0
            assert streams[0].read() == b"", "the stream ended with the server"


def test_what_is_waited_for_when_told_to_stop_leaves_the_process_time_to_end_within_five_seconds():
    assert GRACE + LAST <= 4


RUNNING = """
import socket
import sys
from threading import Event
from flask import Flask, request
from api.serving import serve

app = Flask("slow")
app.extensions["closing"] = Event()

@app.get("/slow")
def slow():
    sys.stderr.write("asked\\n")
    sys.stderr.flush()
    while True:
        try:
            socket.create_connection(("127.0.0.1", int(request.environ["SERVER_PORT"]))).close()
        except ConnectionRefusedError:
            return "x" * 3_000_000  # nobody else is let in any more

serve(app, "127.0.0.1", 0, 4)
"""


def test_a_request_that_is_worked_on_when_the_server_is_told_to_stop_is_answered_whole():
    with served({}, command=("-c", RUNNING, "bare")) as server, connected(server) as connection:
        connection.request("GET", "/slow")
        while "asked" not in server.log.read_text(encoding="utf-8"):
            assert server.process.poll() is None
        server.process.send_signal(signal.SIGTERM)
        answer = connection.getresponse()
        assert (answer.status, len(answer.read())) == (200, 3_000_000)
        assert server.process.wait(timeout=30) == 0
        assert "Traceback" not in server.log.read_text(encoding="utf-8")


def test_a_feed_goes_on_where_its_reader_was_and_there_are_fewer_places_than_threads(house, token):
    with served(house.environ, "--threads", "8") as server:
        feed = f"/v1/dialogues/{house.dialogue}/feed"
        headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": "13"}
        with connected(server) as first, connected(server) as second, connected(server) as third:
            for connection in (first, second):
                connection.request("GET", feed, headers=headers)
            stream, _ = first.getresponse(), second.getresponse()
            assert event(stream) == {"": "welcome"}
            found = event(stream)
            assert (found["id"], found["event"]) == ("14", "entry")
            assert json.loads(found["data"])["entry"] == 14
            third.request("GET", feed, headers=headers)
            refused = third.getresponse()
            assert (refused.status, json.loads(refused.read())["type"]) == (503, "/problems/busy")
            assert asked(server, f"/v1/dialogues/{house.dialogue}/me", token)[0] == 200
            while int(found["id"]) < 15:
                found = event(stream)
            posted = json.dumps({"title": "Drills", "text": "Hold one."})
            with connected(server) as fourth:
                fourth.request(
                    "POST",
                    f"/v1/dialogues/{house.dialogue}/proposals",
                    posted,
                    {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                )
                assert fourth.getresponse().status == 201
            assert "Drills" in event(stream)["data"]


def test_a_feed_with_nothing_to_tell_says_so_every_fifteen_seconds(house, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(streams.time, "monotonic", lambda: clock[0])

    def wait(seconds):
        clock[0] += seconds

    lines = streams.tail(house.secretariat, house.dialogue, 10**6, lambda: clock[0] < 46, wait, SECRETARIAT)
    told = [(line, clock[0]) for line in lines]
    assert told == [(b": welcome\n\n", 0.0), *((b": still here\n\n", at) for at in (15.0, 30.0, 45.0))]


@pytest.mark.parametrize("threads", [1, 2, 3, 4, 64])
def test_streams_never_take_every_thread(house, threads):
    asked = arguments().parse_args(["--threads", str(threads)])
    places = made(house.secretariat, asked, None).extensions["streams"]
    taken = 0
    while places.acquire(blocking=False):
        taken += 1
    assert taken < threads


def test_a_server_that_cannot_read_its_vault_is_not_ready(tmp_path):
    house = House(tmp_path / "house")
    client = Door(house).client
    assert client.get("/ready").status_code == 200
    house.secretariat.stores.vault.dispose()
    (tmp_path / "house" / "data" / "vault.db").rename(tmp_path / "gone")
    (tmp_path / "house" / "data" / "vault.db").mkdir()
    refused = client.get("/ready")
    assert (refused.status_code, refused.json) == (503, {"status": "not ready"})
    house.close()


def test_a_place_for_a_stream_is_free_again_when_its_reader_has_gone(house, token):
    with served(house.environ, "--threads", "4") as server:
        path = f"/v1/dialogues/{house.dialogue}/entries"
        for _ in range(3):
            status, body = asked(server, path, token, Accept="application/x-ndjson")
            assert status == 200
        assert [json.loads(line)["entry"] for line in body.splitlines()][:3] == [1, 2, 3]


def test_a_record_that_is_not_there_is_said_in_a_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "api", "--data", str(tmp_path / "none")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert "there is no dialogue record" in done.stderr


def test_a_store_that_cannot_be_opened_is_told_in_one_sentence(tmp_path):
    house = House(tmp_path)
    house.close()
    (tmp_path / "data" / "record.db").write_bytes(b"no store at all" * 1000)
    done = subprocess.run(
        [sys.executable, "-m", "api", "--port", "0"],
        check=False,
        cwd=ROOT,
        env={**os.environ, **house.environ},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 5
    assert done.stderr.startswith("dialogue: a file in the data folder is no store, or damaged")
    assert done.stderr.count("\n") == 1
