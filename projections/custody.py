"""The vault's keeper: sealed values and what acts asked for, and the keys they are sealed with.

design.md, stores `vault` and `keys`. A value is encrypted under its subject's own key; the keys are wrapped
by a master key that is in no store. Reading goes on without what cannot be opened, and `trouble` says why;
nothing is written then.
"""

from __future__ import annotations

import hmac
import json
import string
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Select,
    String,
    Table,
    any_,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError

from dialogue.fact import Conflict, Refused
from dialogue.vault import NONCE_BYTES, Seal, Sealed, act_digest, deciphered, encrypt, name_and_value, unwrap, wrap
from projections import prepared
from projections.erasable import KeyTables, VaultTables
from projections.prepared import Prepared
from projections.stores import Stores

ACTS = UUID(int=0)  # whose key the digests of acts are made with: the house's own
ADDRESSES = UUID(int=1)  # whose key e-mail addresses are found with: the house's own too
HOUSE = {str(ACTS), str(ADDRESSES)}
LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
KEY_BYTES = 32
AT_ONCE = 500  # values in one IN (…)
FORGOTTEN, PURGED = b"", b"-"  # in the place of a key: whose it was is forgotten; and no file holds a trace any more
DAMAGED = ("malformed", "not a database", "no such table", "does not exist")  # a store that cannot be read at all


class Custody:
    """Keeps and opens sealed values. `random(n)` gives n random bytes.

    Without a master key nothing is opened or kept; `trouble` says then, and wherever something cannot be opened,
    what to do about it.
    """

    def __init__(self, stores: Stores, master: bytes | None, random: Callable[[int], bytes], trouble: str = "") -> None:
        self.stores = stores
        self.vault: Engine = stores.vault
        self.keys_engine: Engine = stores.keys
        self.v = VaultTables(stores.schema("vault"))
        self.k = KeyTables(stores.schema("keys"))
        self.master = master
        self.random = random
        self.trouble = trouble
        self.known: dict[str, bytes] = {}  # by the subject's text, as rows have it: to make a UUID of each takes longer
        acts, dialect = self.v.acts, stores.vault.dialect
        self.add_act = prepared.insert_once(acts, dialect)
        self.add_key = prepared.insert_once(self.k.keys, dialect)
        self.add_address = prepared.insert(self.v.addresses, dialect)
        self.add_disclosure = prepared.insert(self.v.disclosures, dialect)
        self.find_sealed = Prepared(among(self.v.disclosures, dialect), dialect)
        keys = self.k.keys
        self.find_key = Prepared(select(keys.c.wrapped).where(keys.c.subject == bindparam("s")), dialect)
        mine = select(acts.c.mac).where(acts.c.dialogue == bindparam("d"), acts.c.act == bindparam("a"))
        self.find_act = Prepared(mine, dialect)

    def same_act(self, dialogue: UUID, act: str, content: bytes) -> bool:
        """Whether the act with this id asked for the same; True where the vault no longer knows."""
        with self.vault.connect() as conn:
            mac = self.mac(conn, dialogue, act)
        return mac is None or hmac.compare_digest(mac, self.digest(content))

    def keep(self, dialogue: UUID, asked: Mapping[str, bytes], seals: Sequence[Seal]) -> None:
        """Keeps what acts ask for, by act id, and their seals, in one transaction.

        Raises Conflict, Refused for a value of somebody who was forgotten, and Sealed.
        """
        keys = self.subject_keys({seal.about for seal in seals})
        if any(seal.about not in keys for seal in seals):
            raise Refused("forgotten", "that person was forgotten; nothing more is kept about them")
        sealed = [
            {
                "digest": seal.digest,
                "dialogue": str(dialogue),
                "about": str(seal.about),
                "sealed": encrypt(seal.disclosure, keys[seal.about], self.random(NONCE_BYTES), seal.digest),
            }
            for seal in seals
        ]
        addresses = [
            {"digest": seal.digest, "dialogue": str(dialogue), "about": str(seal.about), "mac": self.address(value)}
            for seal in seals
            for name, value in [seal.name_and_value]
            if name == "email"
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
            if addresses:
                self.add_address.many(conn, addresses)

    def mac(self, conn: Connection, dialogue: UUID, act: str) -> bytes | None:
        found = self.find_act.run(conn, d=str(dialogue), a=act).scalar()
        return None if found is None else bytes(found)

    def digest(self, content: bytes) -> bytes:
        return act_digest(content, self.subject_keys({ACTS})[ACTS])

    def address(self, email: str) -> bytes:
        """What an e-mail address is found by: an HMAC of it, blind to capitals and blanks around it.

        Capitals of ASCII only: other foldings take letters that merely look alike for one, and so two mailboxes.
        """
        folded = email.strip().translate(LOWER)
        return act_digest(folded.encode(errors="surrogatepass"), self.subject_keys({ADDRESSES})[ADDRESSES])

    def addressed(self, email: str, dialogue: UUID | None = None) -> dict[str, tuple[str, set[str]]]:
        """Those who have, or had, this address: by participant the dialogue, and the digests of it.

        Raises Sealed where there is no master key.
        """
        table, found = self.v.addresses, dict[str, tuple[str, set[str]]]()
        query = select(table.c.about, table.c.dialogue, table.c.digest).where(table.c.mac == self.address(email))
        if dialogue is not None:
            query = query.where(table.c.dialogue == str(dialogue))
        with self.vault.connect() as conn:
            for about, where, digest in conn.execute(query):
                found.setdefault(about, (where, set()))[1].add(digest)
        return found

    def addresses(self, subject: str) -> set[str]:
        """The digests of every e-mail address that somebody has or had."""
        table = self.v.addresses
        with self.vault.connect() as conn:
            return set(conn.execute(select(table.c.digest).where(table.c.about == subject)).scalars())

    def open(self, digests: Iterable[str]) -> dict[str, tuple[str, str]]:
        """(name, value) by digest, of those that can still be opened; what was forgotten is left out."""
        return {digest: name_and_value(disclosure) for digest, _, disclosure in self.opened(digests)}

    def seals(self, digests: Iterable[str]) -> dict[str, Seal]:
        """The disclosures themselves, by digest, of those that can still be opened."""
        return {digest: Seal(digest, UUID(about), disclosure) for digest, about, disclosure in self.opened(digests)}

    def opened(self, digests: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """Digest, subject and disclosure of each that can still be opened."""
        wanted = list(dict.fromkeys(digests))
        if not wanted:
            return
        try:
            found = self.rows(wanted)
            self.load({row.about for row in found})
        except Sealed as error:
            self.trouble = str(error)
            return
        except DBAPIError as error:
            self.trouble = damaged(error)
            return
        known = {row.about for row in found} & self.known.keys()
        ciphers = {about: AESGCM(self.known[about]) for about in known}  # one for all the values of a person
        for digest, about, sealed in found:
            if about in ciphers:
                try:
                    yield digest, about, deciphered(bytes(sealed), ciphers[about], digest)
                except Sealed as error:
                    self.trouble = str(error)

    def close(self, error: DBAPIError) -> None:
        """Opens and keeps nothing from here on, as a store is damaged. Raises the error if it says something else."""
        self.trouble = damaged(error)
        self.master = None
        self.known.clear()

    def rows(self, digests: Sequence[str]) -> Sequence[Any]:
        """What the vault has for these digests, still closed."""
        wanted = json.dumps(digests) if self.vault.dialect.name == "sqlite" else list(digests)
        with self.vault.connect() as conn:
            return self.find_sealed.run(conn, digests=wanted).all()

    def about(self, subject: UUID) -> set[str]:
        """The digests of everything that the vault holds about somebody."""
        table = self.v.disclosures
        with self.vault.connect() as conn:
            return set(conn.execute(select(table.c.digest).where(table.c.about == str(subject))).scalars())

    def forget(self, dialogue: UUID, subject: UUID, acts: Iterable[str]) -> None:
        """Removes somebody's key, every value of theirs, and what tells these acts from others, for good."""
        table = self.k.keys
        with self.stores.writing(self.keys_engine) as conn, conn.begin():
            conn.execute(delete(table).where(table.c.subject == str(subject)))
            self.add_key.run(conn, subject=str(subject), wrapped=FORGOTTEN)  # so that none is made anew
        self.known.pop(str(subject), None)
        known = self.v.acts
        done = sorted(set(acts))
        with self.stores.writing(self.vault) as conn, conn.begin():
            for values in (self.v.disclosures, self.v.addresses):
                conn.execute(delete(values).where(values.c.about == str(subject)))
            for start in range(0, len(done), AT_ONCE):
                part = known.c.act.in_(done[start : start + AT_ONCE])
                conn.execute(delete(known).where(known.c.dialogue == str(dialogue), part))

    def unforgotten(self, subjects: Sequence[UUID]) -> set[UUID]:
        """Those of whom something is there, though they are forgotten: a store was restored, or a process stopped."""
        values, keys, left = self.v.disclosures, self.k.keys, set(subjects)
        for start in range(0, len(subjects), AT_ONCE):
            part = [str(one) for one in subjects[start : start + AT_ONCE]]
            with self.keys_engine.connect() as conn:
                done = select(keys.c.subject).where(keys.c.subject.in_(part), keys.c.wrapped == PURGED)
                gone = set(conn.execute(done).scalars())
            with self.vault.connect() as conn:
                there = set(conn.execute(select(values.c.about).where(values.c.about.in_(part)).distinct()).scalars())
            left -= {UUID(one) for one in gone - there}
        return left

    def purged(self, subjects: Iterable[UUID]) -> None:
        """Takes note that no file holds a trace of them any more."""
        table = self.k.keys
        with self.stores.writing(self.keys_engine) as conn, conn.begin():
            for subject in sorted(subjects):
                conn.execute(delete(table).where(table.c.subject == str(subject)))
                self.add_key.run(conn, subject=str(subject), wrapped=PURGED)

    def subject_keys(self, subjects: set[UUID], *, make: bool = True) -> dict[UUID, bytes]:
        """The keys of these subjects; with `make`, new ones for those who have none yet, but for the forgotten.

        Raises Sealed under another master key than the house's own key was made with, before any is made with it.
        """
        named = {str(subject): subject for subject in subjects}
        self.load(HOUSE & named.keys() | {str(ACTS)} if make else named)
        new = [subject for text, subject in named.items() if text not in self.known]
        if make and new:
            self.create(new)
        return {subject: self.known[text] for text, subject in named.items() if text in self.known}

    def load(self, subjects: Iterable[str]) -> None:
        """Sees to it that the keys of these are known, of those who have one."""
        missing = [subject for subject in subjects if subject not in self.known]
        if not missing:
            return
        table = self.k.keys
        with self.keys_engine.connect() as conn:
            for start in range(0, len(missing), AT_ONCE):
                part = table.c.subject.in_(missing[start : start + AT_ONCE])
                for row in conn.execute(select(table).where(part)):
                    self.remember(row.subject, bytes(row.wrapped))

    def remember(self, subject: str, wrapped: bytes) -> None:
        """Takes a stored key for known, unless it stands for somebody who was forgotten."""
        if wrapped not in (FORGOTTEN, PURGED):
            self.known[subject] = self.unwrapped(UUID(subject), wrapped)

    def unwrapped(self, subject: UUID, wrapped: bytes) -> bytes:
        master = self.present()
        try:
            return unwrap(wrapped, master, subject)
        except Sealed as error:
            raise Sealed(
                "the master key is not the one that these keys were made with: put the right one in its file, "
                "which `dialogue config show` names, or in DIALOGUE_MASTER_KEY"
            ) from error

    def create(self, subjects: Sequence[UUID]) -> None:
        """Makes keys for those of these who have none; where one is there, or another process was faster, that holds.

        Putting a key in its place tells whether it holds, so that nothing is looked up for somebody new. A key is
        known only when it is kept for good: what is sealed with it comes after.
        """
        made: dict[str, bytes] = {}
        with self.stores.writing(self.keys_engine) as conn, conn.begin():
            for subject in sorted(subjects):
                key, text = self.random(KEY_BYTES), str(subject)
                wrapped = wrap(key, self.present(), self.random(NONCE_BYTES), subject)
                if self.add_key.run(conn, subject=text, wrapped=wrapped).rowcount:
                    made[text] = key
                else:
                    self.remember(text, bytes(self.find_key.run(conn, s=text).scalar_one()))
        self.known |= made

    def present(self) -> bytes:
        """The master key. Raises Sealed where there is none."""
        if self.master is None:
            raise Sealed(self.trouble)
        return self.master


def damaged(error: DBAPIError) -> str:
    """What to do about vault or keys that cannot be read at all. Raises the error where it says something else."""
    if not any(words in str(error.orig) for words in DAMAGED):
        raise error
    return f"a store is damaged; restore vault and keys from their backups ({error.orig})"


def among(disclosures: Table, dialect: Dialect) -> Select[Any]:
    """What is sealed under some of many `digests`: in one parameter, as a page of names has hundreds of them."""
    t = disclosures.c
    if dialect.name == "sqlite":
        wanted: ColumnElement[bool] = t.digest.in_(
            select(func.json_each(bindparam("digests")).table_valued("value").c.value)
        )
    else:
        wanted = t.digest == any_(bindparam("digests", type_=ARRAY(String)))
    return select(t.digest, t.about, t.sealed).where(wanted)


def master_key(secret: str) -> bytes:
    """The master key from its text: base64url of 32 bytes. Raises Sealed for anything else."""
    try:
        key = urlsafe_b64decode(secret.strip() + "=" * (-len(secret.strip()) % 4))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Sealed("the master key is no key: 43 base64url characters are needed, as `dialogue init` makes them")
    return key
