"""Who asks: a bearer token, looked up at each request, and what it may reach.

Everything is denied unless the sets here, or the domain's table of roles, say otherwise. Another dialogue's
things, hidden things and absent things are all answered alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import current_app, g, request
from werkzeug.exceptions import Unauthorized
from werkzeug.local import LocalProxy

from api.limits import Limits
from dialogue.fact import Unknown
from projections.access import Access
from projections.admission import Admission, Admitted
from projections.audience import PUBLIC as THE_PUBLIC
from projections.audience import Audience, audience_of
from projections.secretariat import Secretariat

F = TypeVar("F", bound=Callable[..., Any])

# Who may read what: the audiences of the routes. "public" needs no token.
READERS = frozenset({"participant", "observer", "co-chair", "secretariat", "steering-committee", "auditor"})
KEEPERS = frozenset({"secretariat"})
AUDITORS = frozenset({"auditor"})
EVERYBODY = READERS | {"addressee"}
PUBLIC = EVERYBODY | {"public"}

UNASKED = object()  # in the place of who asks, until that is looked up
HERE = "/v1/dialogues/<uuid:dialogue>"


secretariat: Secretariat = LocalProxy(lambda: current_app.extensions["secretariat"])  # type: ignore[assignment]
admission: Admission = LocalProxy(lambda: current_app.extensions["admission"])  # type: ignore[assignment]
limits: Limits = LocalProxy(lambda: current_app.extensions["limits"])  # type: ignore[assignment]


def access() -> Access:
    return secretariat.access


def caller() -> Admitted | None:
    """Who asks, or None where nobody says who. Looked up once a request. Raises Unauthorized for a bad token."""
    found: Admitted | object | None = g.get("caller", UNASKED)
    if found is UNASKED:
        g.caller = found = identified()
    return cast("Admitted | None", found)


def identified() -> Admitted | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    found = admission.admit(header)
    if found is None:
        raise Unauthorized
    return found


def audience(dialogue: UUID) -> Audience:
    """Who asks, as a reader of this dialogue."""
    me = caller()
    return audience_of(me.participant, me.roles) if me and me.dialogue == dialogue else THE_PUBLIC


def myself() -> Admitted:
    """Who asks. Raises Unauthorized for the public."""
    me = caller()
    if me is None:
        raise Unauthorized
    return me


def readers(roles: frozenset[str]) -> Callable[[F], F]:
    """Lets these roles read a route; who has no token is asked for one, unless the public is among them."""

    def decorate(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            me = caller()
            limits.read(me.token.id if me else None)
            if "public" not in roles:
                if me is None:
                    raise Unauthorized
                admitted(me, kwargs.get("dialogue"), roles)
            return view(*args, **kwargs)

        guarded.readers = roles  # type: ignore[attr-defined]  # what the test of all routes reads
        return guarded  # type: ignore[return-value]

    return decorate


def actors(view: F) -> F:
    """Lets those act who are of the dialogue and whose token may; which roles may do what, the domain's table says."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        me = myself()
        limits.act(access(), me.token.id)
        admitted(me, kwargs.get("dialogue"), EVERYBODY)
        return view(*args, **kwargs)

    guarded.acts = True  # type: ignore[attr-defined]  # what the test of all routes reads
    return guarded  # type: ignore[return-value]


def admitted(me: Admitted, dialogue: UUID | None, roles: frozenset[str]) -> None:
    """Demands that the caller is of this dialogue and has one of the roles. Raises Unknown: nobody learns which."""
    if dialogue not in (None, me.dialogue) or not me.roles & roles:
        raise Unknown("thing")
