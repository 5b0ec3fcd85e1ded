"""The tables of the stores that can forget: the vault, and apart from it the keys.

design.md's table of stores. Nothing here can be rebuilt from the record.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, Text

from projections.schema import Id


class VaultTables:
    """The vault: what may be forgotten, and what is nobody's business but the house's."""

    name = "vault"

    def __init__(self, schema: str | None = None) -> None:
        self.meta = MetaData(schema=schema)
        self.disclosures = Table(
            "disclosures",
            self.meta,
            Column("digest", String(43), primary_key=True),
            Column("dialogue", Id, nullable=False, index=True),
            Column("about", Id, nullable=False, index=True),
            Column("sealed", LargeBinary, nullable=False),
        )
        self.addresses = Table(  # which of the sealed values are e-mail addresses, to be found without opening any
            "addresses",
            self.meta,
            Column("digest", String(43), primary_key=True),
            Column("dialogue", Id, nullable=False),
            Column("about", Id, nullable=False, index=True),
            Column("mac", LargeBinary, nullable=False, index=True),
        )
        self.acts = Table(
            "acts",
            self.meta,
            Column("dialogue", Id, primary_key=True),
            Column("act", String, primary_key=True),
            Column("mac", LargeBinary, nullable=False),
        )
        self.waiting = Table(  # what was said under the Chatham House Rule, until it enters the record
            "waiting",
            self.meta,
            Column("id", String(64), primary_key=True),
            Column("dialogue", Id, nullable=False, index=True),
            Column("session", Id, nullable=False),
            Column("call", Id),
            Column("state", String, nullable=False),
            Column("body", LargeBinary),
            Column("who", LargeBinary),
            Column("act", String),
            Column("received", String(10), nullable=False),  # to the day
            Column("thing", Id, index=True),
        )
        self.places = Table(  # where some of it was about to enter
            "places",
            self.meta,
            Column("id", String(64), primary_key=True),
            Column("entry", BigInteger, primary_key=True),
            Column("token", String(43), primary_key=True),
            Column("thing", Id, nullable=False),
        )
        self.tokens = Table(
            "tokens",
            self.meta,
            Column("id", String(12), primary_key=True),
            Column("sha256", String(64), nullable=False, unique=True),
            Column("dialogue", Id, nullable=False),
            Column("participant", Id, nullable=False, index=True),
            Column("scopes", JSON, nullable=False),
            Column("label", Text, nullable=False),
            Column("created", String, nullable=False),
            Column("expires", String, nullable=False),
            Column("last_used", String(10)),  # to the day
            Column("revoked", String),
        )
        self.links = Table(
            "links",
            self.meta,
            Column("sha256", String(64), primary_key=True),
            Column("dialogue", Id, nullable=False),
            Column("participant", Id, nullable=False, index=True),
            Column("expires", String, nullable=False),
            Column("used", String),
        )
        self.sign_ins = Table(  # begun with an identity provider, and not ended yet
            "sign_ins",
            self.meta,
            Column("state", String(64), primary_key=True),
            Column("browser", String(64), nullable=False),
            Column("dialogue", Id),
            Column("expires", String, nullable=False),
        )
        self.counters = Table(
            "counters",
            self.meta,
            Column("key", String(64), primary_key=True),
            Column("window", BigInteger, primary_key=True),
            Column("count", Integer, nullable=False),
        )


class KeyTables:
    """Subject keys, wrapped by a master key that is in no store."""

    name = "keys"

    def __init__(self, schema: str | None = None) -> None:
        self.meta = MetaData(schema=schema)
        self.keys = Table(
            "keys",
            self.meta,
            Column("subject", Id, primary_key=True),
            Column("wrapped", LargeBinary, nullable=False),
        )
