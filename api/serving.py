"""Serving with waitress: says where, finishes what is under way when told to stop, streams included."""

from __future__ import annotations

import logging
import signal
import sys
import time
from threading import Event
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore

GRACE = 4.0  # seconds for running requests once SIGTERM has come


def serve(app: Flask, host: str, port: int, threads: int) -> None:
    """Serves until SIGTERM or SIGINT, then finishes running requests within the grace and returns."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    closing: Event = app.extensions["closing"]
    server: Any = create_server(
        app, host=host, port=port, threads=threads, ident="", clear_untrusted_proxy_headers=True
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: closing.set())
    address = f"http://{host}:{server.effective_port}"
    say(f"serving {address}/v1, documented at {address}/docs")
    say("a token for somebody: dialogue token create NAME")
    while not closing.is_set():
        wasyncore.loop(timeout=0.5, map=server._map, count=1)  # noqa: SLF001  # waitress gives no other way to stop softly
    deadline = time.monotonic() + GRACE
    for channel in [one for one in server._map.values() if getattr(one, "accepting", False)]:  # noqa: SLF001
        channel.close()
    while busy(server) and time.monotonic() < deadline:
        wasyncore.loop(timeout=0.05, map=server._map, count=1)  # noqa: SLF001
    server.task_dispatcher.shutdown(timeout=1)


def busy(server: Any) -> bool:
    """Whether a request is still worked on, or an answer still being sent."""
    return any(one.requests or one.total_outbufs_len for one in server.active_channels.values())


def say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
