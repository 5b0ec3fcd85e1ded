"""The tables of the views, per generation.

A row of a view holds from its `from_entry` until the next row of the same id: "as of entry n" is the last row
at or before n, and "now" the same question without a bound. Nothing is updated, so the past stays as it was.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

PROJECTION_VERSION = 4  # raise it whenever a table or what is written to it changes: the views are then rebuilt

Id = String(36)


class Tables:
    """The views of one generation ("a" or "b"), as SQLAlchemy tables."""

    def __init__(self, generation: str, schema: str | None = None) -> None:
        self.generation = generation
        self.meta = MetaData(schema=schema)
        self.progress = self._plain(
            "progress",
            Column("name", String, primary_key=True),
            Column("position", BigInteger, nullable=False),
            Column("leaf", String, nullable=False),
            Column("version", Integer, nullable=False),
        )
        self.heads = self._plain(
            "heads",
            Column("dialogue", Id, primary_key=True),
            Column("entry", BigInteger, nullable=False),
            Column("recordedtime", String, nullable=False),
            Column("happened", String, nullable=False),
            Column("source", Text, nullable=False),
        )
        self.broken = self._plain(
            "broken",
            Column("dialogue", Id, primary_key=True),
            Column("entry", BigInteger, nullable=False),
            Column("reason", Text, nullable=False),
        )
        self.states = self._plain(
            "states",
            Column("dialogue", Id, primary_key=True),
            Column("kind", String, primary_key=True),
            Column("id", Id, primary_key=True),
            Column("version", BigInteger, nullable=False),
            Column("body", Text),
        )
        self.timeline = self._plain(
            "timeline",
            Column("dialogue", Id, primary_key=True),
            Column("entry", BigInteger, primary_key=True),
            Column("type", String, nullable=False),
            Column("time", String, nullable=False),
            Column("recordedtime", String, nullable=False),
            Column("happened", String, nullable=False),  # the latest `time` so far
            Column("actor", Id),
            Column("recordedby", Id),
            Column("outside", Boolean, nullable=False),
        )
        Index(f"timeline_recorded_{generation}", *self._columns(self.timeline, "dialogue", "recordedtime", "entry"))
        Index(f"timeline_happened_{generation}", *self._columns(self.timeline, "dialogue", "happened", "entry"))
        self.mentions = self._plain(
            "mentions",
            Column("id", Id, primary_key=True),
            Column("entry", BigInteger, primary_key=True),
            Column("dialogue", Id, nullable=False),
        )
        self.hashes = self._plain(
            "hashes",
            Column("dialogue", Id, primary_key=True),
            Column("level", Integer, primary_key=True),
            Column("index", BigInteger, primary_key=True),
            Column("hash", LargeBinary(32), nullable=False),
        )
        self.things = self._plain(
            "things",
            Column("id", Id, primary_key=True),
            Column("dialogue", Id, nullable=False),
            Column("kind", String, nullable=False),
            Column("parent", Id, nullable=False),
            Column("number", BigInteger, nullable=False),
            Column("entry", BigInteger, nullable=False),
        )
        Index(f"things_listed_{generation}", *self._columns(self.things, "dialogue", "kind", "number", "id"))
        Index(f"things_of_{generation}", *self._columns(self.things, "parent", "kind", "number", "id"))
        self._domain()

    def _domain(self) -> None:
        """What readers ask for, a table a noun."""
        self.dialogues = self._temporal(
            "dialogues",
            Column("title", Text, nullable=False),
            Column("track", String, nullable=False),
            Column("status", String, nullable=False),
            Column("submitted", String),
            Column("applicant", Text),
            Column("meetings", Integer),
            Column("start", String),
            Column("end", String),
            Column("sections", JSON),
            Column("objectives", JSON),
            Column("predecessors", JSON),
            Column("parent", Id),
            Column("settings", JSON, nullable=False),
            Column("reason", Text),
        )
        self.participants = self._temporal(
            "participants",
            Column("number", Integer, nullable=False),
            Column("roles", JSON, nullable=False),
            Column("capacity", String, nullable=False),
            Column("status", String, nullable=False),
            Column("body", Text),
            Column("name_order", String),
            Column("alternate", Id),
            Column("represents", Id),
            Column("sealed", JSON, nullable=False),
        )
        self.meetings = self._temporal(
            "meetings",
            Column("number", Integer, nullable=False),
            Column("status", String, nullable=False),
            Column("title", Text),
            Column("host", Text),
            Column("place", Text),
            Column("starts", String),
            Column("ends", String),
            Column("planned_starts", String),
            Column("planned_ends", String),
            Column("reason", Text),
        )
        self.sessions = self._temporal(
            "sessions",
            Column("number", Integer, nullable=False),
            Column("meeting", Id, nullable=False),
            Column("attribution", String, nullable=False),
            Column("open", Boolean, nullable=False),
            Column("title", Text),
        )
        self.attendance = self._temporal(
            "attendance",
            Column("meeting", Id, nullable=False),
            Column("session", Id),
            Column("manner", String, nullable=False),
            Column("status", String, nullable=False),
            Column("sealed", JSON, nullable=False),
        )
        self.proposals = self._temporal(
            "proposals",
            Column("number", Integer, nullable=False),
            Column("title", Text, nullable=False),
            Column("theme", Text),
            Column("status", String, nullable=False),
            Column("version", Integer, nullable=False),
            Column("substantive", Integer, nullable=False),  # the last version that came by a substantive change
            Column("editorial", JSON, nullable=False),  # the versions that came by one that is ruled editorial
            Column("heard", JSON, nullable=False),  # versions with the instants until which objections are heard
            Column("sha256", String, nullable=False),
            Column("by", Id),
            Column("outside", Boolean, nullable=False),
            Column("opened", Boolean, nullable=False),  # whether it was ever open for signature by itself
            Column("stated", Boolean, nullable=False),  # whether anybody said how they understand a decision on it
            Column("signing", Boolean, nullable=False),
            Column("closes", String),
            Column("call", Id),
            Column("decision", Id),
            Column("decided_by", String),
            Column("sources", JSON, nullable=False),
            Column("becomes", JSON, nullable=False),
            Column("notice_until", String),
        )
        self.texts = self._plain(
            "texts",
            Column("subject", Id, primary_key=True),
            Column("version", Integer, primary_key=True),
            Column("dialogue", Id, nullable=False),
            Column("entry", BigInteger, nullable=False),
            Column("cause", String, nullable=False),
            Column("title", Text, nullable=False),
            Column("sha256", String, nullable=False),
            Column("amendment", Id),
            Column("credit", JSON, nullable=False),
        )
        self.amendments = self._temporal(
            "amendments",
            Column("number", Integer, nullable=False),
            Column("proposal", Id, nullable=False),
            Column("status", String, nullable=False),
            Column("base", Integer, nullable=False),
            Column("sha256", String, nullable=False),
            Column("title", Text),
            Column("reason", Text),
            Column("answer", Text),
            Column("by", Id),
            Column("version", Integer),
            Column("restated", Integer, nullable=False),
        )
        self.comments = self._temporal(
            "comments",
            Column("number", Integer, nullable=False),
            Column("subject", Id),
            Column("version", Integer),
            Column("words", Text),
            Column("quotation", JSON),
            Column("reply_to", Id),
            Column("session", Id),
            Column("by", Id),
            Column("status", String, nullable=False),
            Column("disposition", String),
            Column("reason", Text),
            Column("sealed", JSON, nullable=False),
        )
        self.erasures = self._temporal(
            "erasures",
            Column("participant", Id, nullable=False),
            Column("status", String, nullable=False),
            Column("askers", JSON, nullable=False),
            Column("digests", JSON, nullable=False),
            Column("sealed", JSON, nullable=False),
        )
        self.sponsorships = self._temporal(
            "sponsorships", Column("proposal", Id, nullable=False), Column("participant", Id, nullable=False)
        )
        self._decisions()
        self._documents()

    def _decisions(self) -> None:
        self.calls = self._temporal(
            "calls",
            Column("number", Integer, nullable=False),
            Column("about", String, nullable=False),
            Column("subject", Id, nullable=False),
            Column("version", Integer),
            Column("sha256", String),
            Column("procedure", JSON, nullable=False),
            Column("entitled", JSON, nullable=False),
            Column("question", Text),
            Column("status", String, nullable=False),
            Column("opened", String, nullable=False),
            Column("expires", String),
            Column("declared", String),
            Column("effective", String),
            Column("outcome_entry", BigInteger),
            Column("explanation", JSON),
            Column("reason", Text),
            Column("conveyed", JSON, nullable=False),
            Column("cause", BigInteger),
            Column("session", Id),
            Column("entered", BigInteger),  # the entry of the positions that were held under the Rule
            Column("sealed", JSON, nullable=False),  # and their digest
        )
        self.positions = self._temporal(
            "positions",
            Column("call", Id, nullable=False),
            Column("participant", Id),
            Column("name", String),
            Column("reason", Text),
            Column("paragraphs", JSON, nullable=False),
            Column("late", Boolean, nullable=False),
            Column("taken", BigInteger, nullable=False),  # the entry of the position now held
        )
        self.statements = self._temporal(
            "statements",
            Column("number", Integer, nullable=False),
            Column("call", Id, nullable=False),
            Column("participant", Id, nullable=False),
            Column("words", Text, nullable=False),
        )
        self.rulings = self._temporal(
            "rulings",
            Column("number", Integer, nullable=False),
            Column("subject", Id, nullable=False),
            Column("version", Integer, nullable=False),
            Column("change", String, nullable=False),
            Column("reason", Text, nullable=False),
            Column("status", String, nullable=False),
            Column("challenge", Text),
            Column("notice_until", String),
        )
        self.joints = self._temporal(
            "joints",
            Column("number", Integer, nullable=False),
            Column("command", String, nullable=False),
            Column("fields", Text, nullable=False),
            Column("needed", Integer, nullable=False),
            Column("assents", JSON, nullable=False),
            Column("status", String, nullable=False),
        )
        self.endorsements = self._temporal(
            "endorsements",
            Column("subject", Id, nullable=False),
            Column("participant", Id, nullable=False),
            Column("status", String, nullable=False),
            Column("version", Integer, nullable=False),
            Column("sha256", String, nullable=False),
            Column("assent", String, nullable=False),
            Column("capacity", String, nullable=False),
            Column("publish", Boolean, nullable=False),
            Column("confirmed", Boolean, nullable=False),
            Column("entered", Boolean, nullable=False),
            Column("excepting", JSON, nullable=False),
            Column("reservations", JSON, nullable=False),
            Column("objected", Integer),
            Column("since", Integer),  # the first change that was objected to
            Column("given", BigInteger, nullable=False),  # the entry that this signature rests on
            Column("signed", String, nullable=False),  # when it was given or reaffirmed
            Column("sealed", JSON, nullable=False),
            Column("own_key", Boolean, nullable=False),
        )

    def _documents(self) -> None:
        self.documents = self._temporal(
            "documents",
            Column("number", Integer, nullable=False),
            Column("kind", String, nullable=False),
            Column("title", Text, nullable=False),
            Column("subtitle", Text),
            Column("preamble", String),
            Column("acknowledgement", Text),
            Column("disclaimer", Text),
            Column("authors", JSON, nullable=False),
            Column("numbered", Boolean, nullable=False),
            Column("attribution", String, nullable=False),
            Column("groups", JSON, nullable=False),
            Column("views", JSON, nullable=False),
            Column("edition", Integer, nullable=False),
            Column("substantive", Integer, nullable=False),
            Column("editorial", JSON, nullable=False),  # as of proposals
            Column("heard", JSON, nullable=False),
            Column("opened", Integer, nullable=False),  # the last edition that was open for signature, or 0
            Column("stated", Boolean, nullable=False),  # as of proposals
            Column("signing", Boolean, nullable=False),
            Column("closes", String),
            Column("embargo", String),
            Column("published", Integer),
            Column("published_entry", BigInteger),
            Column("call", Id),
            Column("decision", Id),
            Column("decided_by", String),
            Column("notice_until", String),
        )
        self.editions = self._plain(
            "editions",
            Column("document", Id, primary_key=True),
            Column("edition", Integer, primary_key=True),
            Column("dialogue", Id, nullable=False),
            Column("entry", BigInteger, nullable=False),
            Column("sha256", String, nullable=False),
            Column("frame", JSON, nullable=False),
            Column("items", JSON, nullable=False),
            Column("change", String, nullable=False),
            Column("correction", JSON),
            Column("sealed", JSON, nullable=False),
        )
        self.circulations = self._temporal(
            "circulations",
            Column("number", Integer, nullable=False),
            Column("document", Id, nullable=False),
            Column("edition", Integer, nullable=False),
            Column("addressees", JSON, nullable=False),
            Column("note", Text),
            Column("sent", String, nullable=False),
        )
        self.answers = self._temporal(
            "answers",
            Column("kind", String, nullable=False),
            Column("circulation", Id, nullable=False),
            Column("participant", Id, nullable=False),
            Column("words", Text),
            Column("time", String, nullable=False),
            Column("status", String, nullable=False),
        )

    def every(self) -> list[Table]:
        """All tables of the generation."""
        return list(self.meta.sorted_tables)

    def _plain(self, name: str, *columns: Column[object]) -> Table:
        return Table(f"{name}_{self.generation}", self.meta, *columns)

    def _temporal(self, name: str, *columns: Column[object]) -> Table:
        """A table whose rows hold from an entry on."""
        return self._plain(
            name,
            Column("id", Id, primary_key=True),
            Column("from_entry", BigInteger, primary_key=True),
            Column("dialogue", Id, nullable=False),
            *columns,
        )

    @staticmethod
    def _columns(table: Table, *names: str) -> list[Column[object]]:
        return [table.c[name] for name in names]


def pointer(schema: str | None = None) -> Table:
    """Which generation of the views is read now."""
    return Table(
        "generation",
        MetaData(schema=schema),
        Column("name", String, primary_key=True),
        Column("current", String, nullable=False),
    )
