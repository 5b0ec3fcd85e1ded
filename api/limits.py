"""How often one may ask: acts, logins and exports are counted in the vault store, so that it holds across processes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from flask import request
from werkzeug.exceptions import TooManyRequests

from projections.access import Access

MINUTE = 60
REMEMBERED = 10_000  # who asked lately, in one process


@dataclass(frozen=True)
class Rates:
    """How much one token may do, and one address that says no token."""

    acts_a_minute: int = 120
    logins_a_minute: int = 10
    exports_a_minute: int = 6
    reads_a_second: int = 200


class Limits:
    """Counts requests. Every method raises TooManyRequests, with when to come back."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self.lock = Lock()
        self.left: dict[str, tuple[float, float]] = {}

    def act(self, access: Access, token: str) -> None:
        """One act of this token."""
        counted(access, f"acts {token}", self.rates.acts_a_minute)

    def login(self, access: Access) -> None:
        """One attempt to come in, from this address."""
        counted(access, f"logins {request.remote_addr}", self.rates.logins_a_minute)

    def export(self, access: Access, token: str) -> None:
        """One whole record asked for with this token."""
        counted(access, f"exports {token}", self.rates.exports_a_minute)

    def read(self, token: str | None) -> None:
        """One plain read, counted in this process only: a bucket that fills again with time."""
        key, most, now = token or request.remote_addr or "", float(self.rates.reads_a_second), time.monotonic()
        with self.lock:
            if len(self.left) > REMEMBERED:
                self.left.clear()
            tokens, last = self.left.get(key, (most, now))
            tokens = min(most, tokens + (now - last) * most)
            if tokens < 1:
                raise TooManyRequests(retry_after=1)
            self.left[key] = tokens - 1, now


def counted(access: Access, key: str, most: int) -> None:
    if access.count(key, MINUTE) > most:
        raise TooManyRequests(retry_after=MINUTE - int(access.clock().timestamp()) % MINUTE)
