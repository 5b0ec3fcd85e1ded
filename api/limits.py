"""How often one may ask: acts and logins are counted in the vault store, so that it holds across processes."""

from __future__ import annotations

import time
from threading import Lock

from werkzeug.exceptions import TooManyRequests

from projections.access import Access

ACTS_A_MINUTE = 120
LOGINS_A_MINUTE = 10
EXPORTS_A_MINUTE = 6
READS_A_SECOND = 200
MINUTE = 60


def limited(access: Access, key: str, most: int) -> None:
    """Counts one request of this key. Raises TooManyRequests, with when to come back, beyond so many a minute."""
    if access.count(key, MINUTE) > most:
        raise TooManyRequests(retry_after=MINUTE - int(access.clock().timestamp()) % MINUTE)


class Reads:
    """Plain reads, counted in this process only: a bucket that fills again with time."""

    def __init__(self, a_second: int = READS_A_SECOND) -> None:
        self.a_second = a_second
        self.lock = Lock()
        self.left: dict[str, tuple[float, float]] = {}

    def count(self, key: str) -> None:
        """Raises TooManyRequests."""
        now = time.monotonic()
        with self.lock:
            if len(self.left) > 10_000:
                self.left.clear()
            tokens, last = self.left.get(key, (float(self.a_second), now))
            tokens = min(float(self.a_second), tokens + (now - last) * self.a_second)
            if tokens < 1:
                raise TooManyRequests(retry_after=1)
            self.left[key] = tokens - 1, now
