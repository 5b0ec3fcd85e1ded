"""The vault's keeper: sealed values and what acts asked for, and the keys they are sealed with.

design.md, stores `vault` and `keys`. A value is encrypted under its subject's own key; the keys are wrapped
by a master key that is in no store.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, bindparam, select

from dialogue.fact import Conflict
from dialogue.vault import NONCE_BYTES, Seal, Sealed, act_digest, decrypt, encrypt, unwrap, wrap
from projections import prepared
from projections.prepared import Prepared
from projections.schema import KeyTables, VaultTables
from projections.stores import Stores

ACTS = UUID(int=0)  # whose key the digests of acts are made with: the house's own
KEY_BYTES = 32
AT_ONCE = 500  # values in one IN (…)


class Custody:
    """Keeps and opens sealed values. `random(n)` gives n random bytes."""

    def __init__(self, stores: Stores, master: bytes, random: Callable[[int], bytes]) -> None:
        self.stores = stores
        self.vault: Engine = stores.vault
        self.keys_engine: Engine = stores.keys
        self.v = VaultTables(stores.schema("vault"))
        self.k = KeyTables(stores.schema("keys"))
        self.master = master
        self.random = random
        self.known: dict[UUID, bytes] = {}
        acts, dialect = self.v.acts, stores.vault.dialect
        self.add_act = prepared.insert_once(acts, dialect)
        self.add_key = prepared.insert_once(self.k.keys, dialect)
        self.add_disclosure = prepared.insert(self.v.disclosures, dialect)
        mine = select(acts.c.mac).where(acts.c.dialogue == bindparam("d"), acts.c.act == bindparam("a"))
        self.find_act = Prepared(mine, dialect)

    def same_act(self, dialogue: UUID, act: str, content: bytes) -> bool:
        """Whether the act with this id asked for the same; True where the vault no longer knows."""
        with self.vault.connect() as conn:
            mac = self.mac(conn, dialogue, act)
        return mac is None or hmac.compare_digest(mac, self.digest(content))

    def keep(self, dialogue: UUID, asked: Mapping[str, bytes], seals: Sequence[Seal]) -> None:
        """Keeps what acts ask for, by act id, and their seals, in one transaction. Raises Conflict."""
        keys = self.subject_keys({seal.about for seal in seals})
        sealed = [
            {
                "digest": seal.digest,
                "dialogue": str(dialogue),
                "about": str(seal.about),
                "sealed": encrypt(seal.disclosure, keys[seal.about], self.random(NONCE_BYTES), seal.digest),
            }
            for seal in seals
        ]
        macs = {act: self.digest(content) for act, content in asked.items()}
        with self.stores.writing(self.vault) as conn, conn.begin():
            # Kept first and looked up then: another process may be keeping an act of the same id.
            if macs:
                self.add_act.many(
                    conn, [{"dialogue": str(dialogue), "act": act, "mac": macs[act]} for act in sorted(macs)]
                )
            for act, mac in macs.items():
                known = self.mac(conn, dialogue, act)
                if known is None or not hmac.compare_digest(known, mac):
                    raise Conflict(f"the act id {act} was used before, for something else; use a new one")
            if sealed:
                self.add_disclosure.many(conn, sealed)

    def mac(self, conn: Connection, dialogue: UUID, act: str) -> bytes | None:
        found = self.find_act.run(conn, d=str(dialogue), a=act).scalar()
        return None if found is None else bytes(found)

    def digest(self, content: bytes) -> bytes:
        return act_digest(content, self.subject_keys({ACTS})[ACTS])

    def open(self, digests: Iterable[str]) -> dict[str, tuple[str, str]]:
        """(name, value) by digest, of those that can still be opened; what was forgotten is left out."""
        wanted = list(dict.fromkeys(digests))
        table = self.v.disclosures
        found: list[Any] = []
        with self.vault.connect() as conn:
            for start in range(0, len(wanted), AT_ONCE):
                part = table.c.digest.in_(wanted[start : start + AT_ONCE])
                found += conn.execute(select(table.c.digest, table.c.about, table.c.sealed).where(part)).all()
        subjects = {row.about: UUID(row.about) for row in found}
        keys = self.subject_keys(set(subjects.values()), make=False)
        opened = {}
        for row in found:
            key = keys.get(subjects[row.about])
            if key is not None:
                disclosure = decrypt(bytes(row.sealed), key, row.digest)
                opened[row.digest] = Seal(row.digest, subjects[row.about], disclosure).name_and_value
        return opened

    def subject_keys(self, subjects: set[UUID], *, make: bool = True) -> dict[UUID, bytes]:
        """The keys of these subjects; with `make`, new ones for those who have none yet."""
        missing = [subject for subject in subjects if subject not in self.known]
        if missing:
            self.load(missing)
            new = [subject for subject in missing if subject not in self.known]
            if make and new:
                self.create(new)
        return {subject: self.known[subject] for subject in subjects if subject in self.known}

    def load(self, subjects: Sequence[UUID]) -> None:
        table = self.k.keys
        with self.keys_engine.connect() as conn:
            for start in range(0, len(subjects), AT_ONCE):
                part = [str(subject) for subject in subjects[start : start + AT_ONCE]]
                for row in conn.execute(select(table).where(table.c.subject.in_(part))):
                    self.known[UUID(row.subject)] = self.unwrapped(UUID(row.subject), bytes(row.wrapped))

    def unwrapped(self, subject: UUID, wrapped: bytes) -> bytes:
        try:
            return unwrap(wrapped, self.master, subject)
        except Sealed as error:
            raise Sealed(
                "the master key is not the one that these keys were made with: put the right one in its file, "
                "which `dialogue config show` names, or in DIALOGUE_MASTER_KEY"
            ) from error

    def create(self, subjects: Sequence[UUID]) -> None:
        """Makes keys; where another process was faster, its keys hold."""
        with self.stores.writing(self.keys_engine) as conn, conn.begin():
            for subject in sorted(subjects):
                wrapped = wrap(self.random(KEY_BYTES), self.master, self.random(NONCE_BYTES), subject)
                self.add_key.run(conn, subject=str(subject), wrapped=wrapped)
        self.load(subjects)


def master_key(secret: str) -> bytes:
    """The master key from its text: base64url of 32 bytes. Raises Sealed for anything else."""
    try:
        key = urlsafe_b64decode(secret.strip() + "=" * (-len(secret.strip()) % 4))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Sealed("the master key is no key: 43 base64url characters are needed, as `dialogue init` makes them")
    return key
