"""Two houses that differ only in who spoke under the Chatham House Rule, in which order and at which second.

Whoever may not know that must be given the very same bytes by both: over every route and command, in every export,
and at every failure.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from click.testing import CliRunner

from cli.main import main
from dialogue.fact import Command
from door import Door
from house import House
from projections.founding import open_installation
from projections.settings import load
from stores import Database


@dataclass(frozen=True)
class Turns:
    """What one person says in turn, whoever it is; `held` by one person who says nothing else of that kind."""

    commands: tuple[Command, ...]
    held: bool = False
    by: tuple[str, ...] = ()  # of whom, where not anybody


class Twin:
    """A copy of a furnished house in which the same is said; `database` is the copy of its database, if it has one."""

    def __init__(self, model: House, folder: Path, database: Database | None = None) -> None:
        shutil.copytree(Path(model.environ["DIALOGUE_DATA"]).parent, folder)
        self.folder = folder
        self.environ = {
            "DIALOGUE_DATA": str(folder / "data"),
            "DIALOGUE_MASTER_KEY_FILE": str(folder / "master.key"),
            "NO_COLOR": "1",
            **({"DIALOGUE_DATABASE": database.app_url} if database else {}),
        }
        self.model = model
        self.dialogue = model.dialogue
        self.now = model.now
        self.secretariat = open_installation(load({}, self.environ))
        self.secretariat.clock = self.secretariat.record.clock = lambda: self.now
        self.door = Door(self)  # type: ignore[arg-type]  # as much of a house as a door needs
        tokens = random.Random("tokens")  # what a person is told is held about them names their tokens
        self.secretariat.access.random = tokens.randbytes

    def person(self, name: str) -> UUID:
        return self.model.person(name)

    def seed(self, number: int) -> None:
        """From here on the same random bytes are drawn in both houses."""
        drawn = random.Random(number).randbytes
        self.secretariat.random = self.secretariat.custody.random = drawn

    def act(self, command: Command, by: str) -> None:
        self.secretariat.execute(self.dialogue, command, self.secretariat.moment(self.person(by)))

    def speak(self, said: Sequence[Turns], chance: random.Random, speakers: Sequence[str]) -> None:
        """Says all of it, by whoever, in some order, at some second within the hour."""
        holders = chance.sample(speakers, len(speakers))
        queues = []
        for one in said:
            by = holders.pop() if one.held else chance.choice(one.by or speakers)
            queues.append([(command, by) for command in one.commands])
        start, total = self.now, sum(map(len, queues))
        for second in sorted(chance.sample(range(3000), total)):
            self.now = start + timedelta(seconds=second)
            queue = chance.choice([one for one in queues if one])
            self.act(*queue.pop(0))
        self.now = start + timedelta(hours=1)

    def command(self, *arguments: str) -> str:
        """Everything that comes back from `dialogue ARGUMENTS`."""
        result = CliRunner(env=self.environ).invoke(main, arguments)
        return f"{result.exit_code}\n{result.stdout}\n{result.stderr}\n{result.exception}"

    def asked(self, method: str, path: str, by: str | None, body: Any = None, **headers: str) -> tuple[Any, ...]:
        """Everything that comes back from a route: status, headers and bytes; with the pages that a list goes on to."""
        place = path if path.startswith("/") else f"/v1/dialogues/{self.dialogue}/{path}".rstrip("/")
        sent = {**({"Authorization": f"Bearer {self.door.secret(by)}"} if by else {}), **headers}
        answer = self.door.client.open(place, method=method, headers=sent, json=body, buffered=True)
        told = sorted((name, value) for name, value in answer.headers.items() if name != "Date")
        found: tuple[Any, ...] = (answer.status_code, told, answer.data)
        after = answer.json.get("after") if answer.mimetype == "application/json" and method == "GET" else None
        if after and "after=" not in path:
            found += self.asked(method, f"{path}{'&' if '?' in path else '?'}after={after}", by, **headers)
        return found

    def fed(self, by: str) -> list[bytes]:
        """The live feed from the first entry to the last."""
        sent = {"Authorization": f"Bearer {self.door.secret(by)}", "Last-Event-ID": "0"}
        answer = self.door.client.get(f"/v1/dialogues/{self.dialogue}/feed", headers=sent)
        assert answer.status_code == 200, answer.data
        events: list[bytes] = []
        chunks: Iterator[bytes] = iter(answer.response)  # type: ignore[arg-type]  # bytes, as they are written
        while len(events) <= len(self.record()):  # the welcome, and one for each
            events.append(next(chunks))
        answer.close()
        return events

    def record(self) -> list[bytes]:
        return list(self.secretariat.record.leaves(self.dialogue))

    def close(self) -> None:
        self.secretariat.close()


def contents(place: Path) -> dict[str, bytes]:
    """Every file of a folder, or the one file."""
    if place.is_file():
        return {"": place.read_bytes()}
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def alike(twins: Iterable[Twin], ask: Any, what: str) -> None:
    """Demands the same answer of both houses."""
    one, other = (ask(twin) for twin in twins)
    assert one == other, f"{what} tells the two apart:\n{one}\n{other}"
