"""Signing in with an identity provider: what is remembered between leaving for it and coming back, and who comes.

OpenID Connect Core 1.0, 3.1; RFC 7636 (PKCE). `state` goes through the provider, the browser's own secret stays in
a cookie, and the vault keeps hashes of both: neither alone is of use, and nothing in the vault is. The nonce and
the PKCE verifier follow from the two, so that no server has to remember them.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, insert

from dialogue.shape import stamp
from dialogue.vault import Sealed
from projections.access import Token, hashed, secret_text
from projections.resolve import ACTIVE
from projections.stores import StoreFailed, told

if TYPE_CHECKING:
    from projections.secretariat import Secretariat

PATIENCE = timedelta(minutes=10)  # for somebody to sign in at the provider
LIFETIME = timedelta(hours=12)  # of the token: who signs in today can sign in tomorrow


@dataclass(frozen=True)
class Begun:
    """A sign-in under way. `state` and `browser` are random; the one is sent to the provider, the other never."""

    state: str
    browser: str

    @property
    def nonce(self) -> str:
        return self.derived("nonce")

    @property
    def verifier(self) -> str:
        """43 characters that no URL has to escape, as RFC 7636, 4.1 asks."""
        return self.derived("verifier")

    def derived(self, use: str) -> str:
        return secret_text(hmac.digest(self.browser.encode(), f"{use} {self.state}".encode(), "sha256"))


class SignIns:
    """The sign-ins of one installation, whichever of its processes they begin and end in."""

    def __init__(self, secretariat: Secretariat) -> None:
        self.secretariat = secretariat
        self.stores = secretariat.stores
        self.t = secretariat.custody.v.sign_ins

    def begin(self, dialogue: UUID | None) -> Begun:
        """A new sign-in, to one dialogue or to whichever one it will be; those that came to no end are swept."""
        begun = Begun(*(secret_text(self.secretariat.random(32)) for _ in range(2)))
        now = self.secretariat.now()
        row = {"state": hashed(begun.state), "browser": hashed(begun.browser), "expires": stamp(now + PATIENCE)}
        with told(), self.stores.writing(self.stores.vault) as conn, conn.begin():
            conn.execute(delete(self.t).where(self.t.c.expires <= stamp(now)))
            conn.execute(insert(self.t), {**row, "dialogue": None if dialogue is None else str(dialogue)})
        return begun

    def end(self, begun: Begun) -> tuple[bool, UUID | None]:
        """Whether this sign-in was begun by this browser and not ended yet, and the dialogue that it is to."""
        known = (self.t.c.state == hashed(begun.state)) & (self.t.c.browser == hashed(begun.browser))
        waiting = self.t.c.expires > stamp(self.secretariat.now())
        with told(), self.stores.writing(self.stores.vault) as conn, conn.begin():
            # One statement, so that of two who come with the same only one finds it.
            row = conn.execute(delete(self.t).where(known, waiting).returning(self.t.c.dialogue)).first()
        return row is not None, UUID(row[0]) if row is not None and row[0] is not None else None

    def participant(self, email: str, dialogue: UUID | None) -> tuple[UUID, UUID] | None:
        """The dialogue, and the one participant who has this address now and is taking part.

        None for nobody, and for several. Raises StoreFailed where no address can be looked up.
        """
        custody = self.secretariat.custody
        with self.secretariat.reading() as reading:
            try:
                known = custody.addressed(email, dialogue)
            except Sealed as error:
                raise StoreFailed(str(error)) from error
            found = []
            for id, (where, digests) in known.items():
                row = reading.row(reading.t.participants, id)
                if row is None or row["status"] not in ACTIVE:
                    continue
                # A correction adds a later value; what was kept of an act that failed stands in no row.
                every = custody.addresses(id)
                last = [digest for digest in row["sealed"] if digest in every][-1:]
                if digests.issuperset(last) and last:
                    found.append((UUID(where), UUID(id)))
        return found[0] if len(found) == 1 else None

    def token(self, dialogue: UUID, participant: UUID) -> tuple[str, Token]:
        """A token for who has signed in, and its secret, which is shown this once."""
        return self.secretariat.access.create(dialogue, participant, label="sign-in", lifetime=LIFETIME)
