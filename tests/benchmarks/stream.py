"""A long record streamed over HTTP: how soon its first entry comes, how quickly the rest, and in how much memory.

    PYTHONPATH=.:tests python tests/benchmarks/stream.py FOLDER

FOLDER is one that million.py has filled (its `large`, say). The server is a process of its own; its memory is read
from /proc, so this runs on Linux only.
"""

from __future__ import annotations

import http.client
import statistics
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from million import DIALOGUE, SECRETARIAT, by, installation

from dialogue.fact import Personal
from dialogue.participant import Invite
from serving import GENEROUS, Server, served

TIMES = 15
PIECE = 1 << 20


def resident(server: Server, name: str = "VmRSS") -> float:
    """The memory of the server in MB; VmHWM is the most that it ever was."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def asked(server: Server, path: str, secret: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    place = urlsplit(server.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=600)
    headers = {"Authorization": f"Bearer {secret}", "Accept": "application/x-ndjson"}
    connection.request("GET", f"/v1/dialogues/{DIALOGUE}{path}", headers=headers)
    return connection, connection.getresponse()


def first_byte(server: Server, path: str, secret: str) -> float:
    """Milliseconds from the request to the first byte of the body; the rest is not read."""
    begun = time.perf_counter()
    connection, answer = asked(server, path, secret)
    with closing(connection):
        assert answer.status == 200
        assert answer.read(1)
        return (time.perf_counter() - begun) * 1000


def whole(server: Server, path: str, secret: str) -> tuple[int, float, list[float]]:
    """(lines, seconds, the server's memory at every tenth of a second or so) of the whole stream."""
    begun, lines, memory = time.perf_counter(), 0, []
    connection, answer = asked(server, path, secret)
    with closing(connection):
        while piece := answer.read(PIECE):
            lines += piece.count(b"\n")
            memory.append(resident(server))
    return lines, time.perf_counter() - begun, memory


def main(folder: Path) -> None:
    house = installation(folder)
    someone = house.execute(DIALOGUE, Invite(("auditor",), Personal("AUDITOR One")), by(house, SECRETARIAT))
    secret, _ = house.access.create(DIALOGUE, someone[0].stream)
    house.close()
    environ = {"DIALOGUE_DATA": str(folder), "DIALOGUE_MASTER_KEY_FILE": str(folder / "master.key")}
    with served(environ, *GENEROUS) as server:
        for path in ("/entries", "/leaves"):
            first_byte(server, path, secret)
            taken = [first_byte(server, path, secret) for _ in range(TIMES)]
            print(f"{path}: first byte {statistics.median(taken):.1f} ms (median), {max(taken):.1f} ms (most)")
            before = resident(server)
            lines, seconds, memory = whole(server, path, secret)
            tenth = max(1, len(memory) // 10)
            print(
                f"{path}: {lines:,} lines in {seconds:.0f} s; memory {before:.0f} MB before, "
                f"{statistics.median(memory[:tenth]):.0f} MB in the first tenth, "
                f"{statistics.median(memory[-tenth:]):.0f} MB in the last; at most {resident(server, 'VmHWM'):.0f} MB"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
