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

# Seconds. A request hands the interpreter on at every look into a store, and waits for it this long at most, where
# others compute; Python's own 5 ms are longer than most requests take.
TURN_OF_A_THREAD = 0.0005
GRACE = 3.0  # seconds for running requests once SIGTERM has come
LAST = 0.5  # and for their threads after that; the process itself has the rest of five seconds to end


def serve(app: Flask, host: str, port: int, threads: int) -> None:
    """Serves until SIGTERM or SIGINT, then finishes running requests within the grace and returns."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    sys.setswitchinterval(TURN_OF_A_THREAD)
    closing: Event = app.extensions["closing"]
    sockets: dict[int, Any] = {}  # waitress keeps its listeners and connections here
    server: Any = create_server(
        app, sockets, host=host, port=port, threads=threads, ident="", clear_untrusted_proxy_headers=True
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: closing.set())
    listeners = [one for one in sockets.values() if hasattr(one, "effective_port")]
    address = f"http://{host}:{listeners[0].effective_port}"
    say(f"serving {address}/v1, documented at {address}/docs")
    say("a token for somebody: dialogue token create NAME")
    while not closing.is_set():
        wasyncore.loop(timeout=0.5, map=sockets, count=1)
    deadline = time.monotonic() + GRACE
    for listener in listeners:
        wasyncore.dispatcher.close(listener)  # its own close would also take away what sends the running answers
    while busy(listeners) and time.monotonic() < deadline:
        wasyncore.loop(timeout=0.05, map=sockets, count=1)
    server.task_dispatcher.shutdown(timeout=LAST)


def serve_for_load(application: str, host: str, port: int, threads: int) -> int:
    """Serves with granian, which is compiled and takes more load; the exit status."""
    try:
        from granian import Granian
        from granian.constants import Interfaces
    except ImportError:
        say("dialogue: granian is not installed: pip install 'dialogue-record[granian]'")
        return 2
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    say(f"serving http://{host}:{port}/v1, documented at http://{host}:{port}/docs")
    say("a token for somebody: dialogue token create NAME")
    Granian(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=threads,
        factory=True,
        workers_kill_timeout=int(GRACE),
        log_enabled=False,
    ).serve()
    return 0


def busy(listeners: list[Any]) -> bool:
    """Whether a request is still worked on, or an answer still being sent."""
    channels = [channel for listener in listeners for channel in listener.active_channels.values()]
    return any(one.requests or one.total_outbufs_len for one in channels)


def say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
