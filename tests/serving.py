"""The API served by a process of its own, as `dialogue serve` does it, on a port that is free.

with served(house.environ) as server:
    server.get(path, token)
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
GENEROUS = ("--acts-a-minute", "1000000", "--reads-a-second", "1000000", "--exports-a-minute", "1000000")
GENEROUS += ("--logins-a-minute", "1000000")


@dataclass
class Server:
    """A running server: its process, its address, what it said when it started, and where it logs."""

    process: subprocess.Popen[bytes]
    url: str
    said: str
    log: Path

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tells it to stop; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@contextmanager
def served(environ: Mapping[str, str], *options: str, command: tuple[str, ...] = ("-m", "api")) -> Iterator[Server]:
    """The server, stopped at the end."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as log:  # a pipe that nobody reads would fill and block it
        process = subprocess.Popen(
            [sys.executable, *command, *(() if "bare" in command else ("--port", "0")), *options],
            cwd=ROOT,
            env={**os.environ, **environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
            stderr=open(log.name, "w", encoding="utf-8"),  # noqa: PTH123, SIM115  # the process's from now on
        )
        try:
            said = ""
            while said.count("\n") < 2 and process.poll() is None:
                said += log.read()
                time.sleep(0.02)
            address = re.search(r"http://[\w.]+:\d+", said)
            assert address is not None, said
            yield Server(process, address[0], said, Path(log.name))
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
