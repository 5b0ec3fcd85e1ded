"""A whole installation in a temporary folder, for tests of what stands on the record: views, commands, doors.

    house = House(tmp_path)
    house.act(SubmitProposal("Hotlines", "Open one hotline."), by="Tuya")
    with house.reading() as reading: ...
    house.run("texts", "--json")

The people are those of spec.py and a few more; all are invented. The house's clock starts at START, long past for
every machine that runs the tests, and moves by a minute with each act; what is run as a command has the machine's.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dialogue.endorsement import endorsement_id
from dialogue.fact import OPERATOR, Command, Entry, Personal, named
from dialogue.mandate import ProposeDialogue, Settings
from dialogue.participant import Invite
from projections.founding import found, open_installation
from projections.read import Reading
from projections.settings import load
from spec import CAST, OFFICERS
from stores import Database

if TYPE_CHECKING:
    from click.testing import Result

START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
TITLE = "An Invented Dialogue on Quiet Waters"
MORE = {
    "Haneul": Invite(("participant",), Personal("KIM Haneul"), forms=Personal("김하늘"), order="family-first"),
    "Bora": Invite(("participant",), Personal("KIM Bora"), forms=Personal("김보라"), order="family-first"),
    "Lin": Invite(("participant",), Personal("林 静海"), descriptor=Personal("前 水利部顧問")),
}
PEOPLE = {**CAST, **MORE}


class House:
    """One installation with one dialogue. `now` may be set; `dialogue` is the id of the dialogue that is acted in.

    `database` is an empty PostgreSQL database; without one the stores are SQLite files in `folder`.
    """

    def __init__(self, folder: Path, *, settings: Settings | None = None, database: Database | None = None) -> None:
        self.environ = {
            "DIALOGUE_DATA": str(folder / "data"),
            "DIALOGUE_MASTER_KEY_FILE": str(folder / "master.key"),
        }
        self.now = START
        if database is None:
            found(load({}, self.environ))
        else:
            found(load({"database": database.owner_url}, self.environ), app_role=database.app_role)
            self.environ["DIALOGUE_DATABASE"] = database.app_url
        self.secretariat = open_installation(load({}, self.environ))
        self.secretariat.clock = self.secretariat.record.clock = lambda: self.now
        self.dialogue = self.open(TITLE, settings or Settings(chairs="any"))

    def open(self, title: str, settings: Settings | None = None) -> UUID:
        """Another dialogue, with the same people; the acts that follow are in it."""
        self.dialogue = self.secretariat.draw()
        people = list(PEOPLE.values())
        officers = tuple(people[:OFFICERS])
        self.act(ProposeDialogue(title, officers=officers, settings=settings or Settings(chairs="any")), by="")
        for invitation in people[OFFICERS:]:
            self.act(invitation, by="Office")
        return self.dialogue

    def act(self, command: Command, by: str = "Rin", *, recordedby: str | None = None, **moment: Any) -> list[Entry]:
        """The act's entries. `by` is one of PEOPLE ("" the operator), as is `recordedby`, who enters it for them;
        `moment` may have time, basis, evidence and act.
        """
        self.now += timedelta(minutes=1)
        actor = self.person(by) if by else OPERATOR
        enters = self.person(recordedby) if recordedby else None
        given = self.secretariat.moment(actor, recordedby=enters, **moment)
        return self.secretariat.execute(self.dialogue, command, given)

    def person(self, name: str) -> UUID:
        """The id of one of PEOPLE."""
        return self.thing(f"N{list(PEOPLE).index(name) + 1}")

    def thing(self, handle: str) -> UUID:
        """The id of what has this handle: P1, A2, Q1, D1 …"""
        return named(self.dialogue, handle)

    def signature(self, name: str, handle: str) -> UUID:
        """The id of somebody's signature under an item or document."""
        return endorsement_id(self.dialogue, self.person(name), self.thing(handle))

    def wait(self, **period: float) -> datetime:
        """Moves the clock by so many hours, days …; the instant it then shows."""
        self.now += timedelta(**period)
        return self.now

    def reading(self, as_of: str | int | None = None) -> AbstractContextManager[Reading]:
        """A read of the views."""
        return self.secretariat.reading(as_of)

    def run(self, *arguments: str, input: str | None = None) -> Result:
        """What `dialogue ARGUMENTS` does in this house: its exit_code, stdout and stderr."""
        from click.testing import CliRunner

        from cli.main import main

        return CliRunner(env={**self.environ, "NO_COLOR": "1"}).invoke(main, arguments, input=input)

    def shown(self, *arguments: str) -> Any:
        """The JSON that `dialogue ARGUMENTS --json` prints."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    def close(self) -> None:
        self.secretariat.close()
