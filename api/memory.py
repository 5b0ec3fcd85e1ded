"""Answers remembered in one process, for as long as the views that they were made from stand where they stood.

Only for reads that depend on nothing but the views and on names: not on the hour, nor on what waits in the vault.
An answer is remembered only once the dialogue has been quiet for a while: whoever is forgotten is forgotten in the
stores within moments after the record says so, and no answer of those moments may outlast them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from threading import Lock
from typing import Any

from flask import Response, current_app, request

from api.answers import PRIVATE, VARY
from api.callers import access, myself
from dialogue.shape import instant

QUIET = timedelta(seconds=10)
LARGEST = 200_000  # bytes of one answer
ROOM = 32_000_000  # bytes of all


class Memory:
    """Answers by who asked and what, the least used forgotten first."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.known: OrderedDict[Any, tuple[Any, bytes, str]] = OrderedDict()
        self.stand: dict[Any, Any] = {}
        self.size = 0

    def recall(self, key: Any, at: Any) -> tuple[bytes, str] | None:
        """Content and ETag, if the views still stand there; `key` begins with the dialogue.

        Where they have moved on, every answer of that dialogue is dropped: it may hold the name of somebody who was
        forgotten since.
        """
        with self.lock:
            if self.stand.setdefault(key[0], at) != at:
                self.stand[key[0]] = at
                for old in [one for one in self.known if one[0] == key[0]]:
                    self.size -= len(self.known.pop(old)[1])
            found = self.known.get(key)
            if found is None or found[0] != at:
                return None
            self.known.move_to_end(key)
            return found[1], found[2]

    def keep(self, key: Any, at: Any, content: bytes, tag: str) -> None:
        with self.lock:
            before = self.known.pop(key, None)
            self.size += len(content) - (len(before[1]) if before else 0)
            self.known[key] = at, content, tag
            while self.size > ROOM:
                _, (_, oldest, _) = self.known.popitem(last=False)
                self.size -= len(oldest)


def remembered(view: Callable[..., Response]) -> Callable[..., Response]:
    """The view, answered from memory where that still holds."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Response:
        memory: Memory = current_app.extensions["memory"]
        me = myself()
        key = me.dialogue, me.participant, me.roles, request.full_path
        found = memory.recall(key, me.at)
        if found is not None:
            content, tag = found
            kept = {"ETag": tag, "Cache-Control": PRIVATE, "Vary": VARY}
            seen = request.headers.get("If-None-Match")
            if seen is not None and seen.removeprefix("W/") == tag:
                return Response(status=304, headers=kept)
            answer = Response(content, headers=kept, mimetype="application/json")
            if seen is not None:
                answer.make_conditional(request)
            return answer
        answer = view(*args, **kwargs)
        if answer.status_code == 200 and access().clock() - instant(me.recorded) > QUIET:
            content = answer.get_data()
            if len(content) <= LARGEST:
                memory.keep(key, me.at, content, answer.headers["ETag"])
        return answer

    return answered
