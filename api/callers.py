"""Who asks: a bearer token, looked up at each request, and what it may reach.

Everything is denied unless the table here, or the domain's table of roles, says otherwise. Another dialogue's
things, hidden things and absent things are all answered alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import current_app, g, request

from api.problems import problem
from dialogue.fact import Unknown
from projections.access import PREFIX, Access, Token
from projections.read import Reading
from projections.secretariat import Secretariat

F = TypeVar("F", bound=Callable[..., Any])

# Who may read what: the audiences of each kind of route. "public" needs no token.
READERS = frozenset({"participant", "observer", "co-chair", "secretariat", "steering-committee", "auditor"})
KEEPERS = frozenset({"secretariat"})
AUDITORS = frozenset({"auditor", "secretariat", "co-chair"})
PUBLIC = frozenset({"public", "addressee"}) | READERS


@dataclass(frozen=True)
class Caller:
    """A participant who came in with a token; their roles are those of now."""

    token: Token
    participant: UUID
    dialogue: UUID
    roles: frozenset[str]


def secretariat() -> Secretariat:
    """The installation that this application serves."""
    found: Secretariat = current_app.extensions["secretariat"]
    return found


def access() -> Access:
    return secretariat().access


def caller() -> Caller | None:
    """Who asks, or None for the public. Looked up once a request."""
    if "caller" not in g:
        g.caller = identified()
    found: Caller | None = g.caller
    return found


def identified() -> Caller | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not secret.startswith(PREFIX):
        return None
    token = access().check(secret.strip())
    if token is None:
        return None
    with secretariat().reading() as reading:
        row = reading.row(reading.t.participants, token.participant)
    if row is None or row["status"] in ("left", "died", "void"):
        return None
    return Caller(token, UUID(token.participant), UUID(token.dialogue), frozenset(row["roles"]))


def readers(roles: frozenset[str]) -> Callable[[F], F]:
    """Lets these roles read a route; who has no token is asked for one, unless the public is among them."""

    def decorate(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            me = caller()
            if me is None and "public" not in roles:
                return problem(401, "unauthorized", "Say who you are: send a bearer token.", CHALLENGE)
            if me is not None and not within(me, kwargs.get("dialogue"), roles):
                raise Unknown("thing")
            return view(*args, **kwargs)

        guarded.readers = roles  # type: ignore[attr-defined]  # what the test of all routes reads
        return guarded  # type: ignore[return-value]

    return decorate


CHALLENGE = {"WWW-Authenticate": 'Bearer realm="dialogue"'}


def within(me: Caller, dialogue: UUID | None, roles: frozenset[str]) -> bool:
    """Whether the caller is of this dialogue, and has one of the roles, or the public has."""
    here = dialogue is None or me.dialogue == dialogue
    if "public" in roles:
        return True
    return here and "read" in me.token.scopes and bool(me.roles & roles)


def addressed(reading: Reading, dialogue: str) -> UUID:
    """The dialogue that an address names. Raises Unknown for one that is not there or not the caller's."""
    me = caller()
    if me is None or str(me.dialogue) != dialogue:
        raise Unknown("dialogue")
    reading.bound(dialogue)
    return me.dialogue
