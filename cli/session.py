"""What every command shares: settings, the open installation, output as text or JSON, errors as sentences."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import click

from projections.settings import Settings, SettingsError, load

if TYPE_CHECKING:
    from projections.read import Reading
    from projections.secretariat import Secretariat

F = TypeVar("F", bound=Callable[..., Any])

NUMBER = click.IntRange(1, 2**53 - 1)  # of an entry, a version or an edition; a record counts no further
EXIT_STATUSES = {
    0: "done",
    1: "refused by a rule",
    2: "wrong usage",
    3: "somebody acted first",
    4: "not found",
    5: "integrity failure",
}


class Session:
    """One run of the command line."""

    def __init__(self, flags: Mapping[str, object]) -> None:
        self.flags = flags
        self.json = False
        self.as_of: str | None = None
        self.reader: str | None = None

    @cached_property
    def settings(self) -> Settings:
        return load(self.flags)

    @cached_property
    def secretariat(self) -> Secretariat:
        """The installation, opened when it is first needed."""
        from projections.founding import open_installation

        opened = open_installation(self.settings)

        def close() -> None:
            if opened.custody.trouble:
                echo_error(f"dialogue: names are withheld: {opened.custody.trouble}")
            opened.close()

        click.get_current_context().call_on_close(close)
        return opened

    @contextmanager
    def reading(self, *, published: bool = False) -> Iterator[Reading]:
        """A read as of what --as-of says, for whom --reader says; nothing is opened for a person not looked up yet.

        Raises Refused for the public, which reads only what is `published`.
        """
        from dialogue.fact import Refused
        from projections.audience import PUBLIC, SECRETARIAT

        if self.reader == "public" and not published:
            raise Refused(
                "role", "the public reads only what is published: `dialogue publish --reader public` shows it"
            )
        with self.secretariat.reading(self.as_of, SECRETARIAT if self.reader is None else PUBLIC) as reading:
            yield reading

    def dialogue(self, reading: Reading, reference: str | None) -> UUID:
        """The dialogue that the reference names, or the only one."""
        from projections.resolve import audience_named, dialogue_named

        dialogue = dialogue_named(reading, reference)
        if self.reader is not None:
            reading.audience = audience_named(reading, dialogue, self.reader)
        return dialogue

    def out(self, data: Any, text: str) -> None:
        """Prints the data as JSON where --json was given, and otherwise the text."""
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str) if self.json else text)


def showing(command: F) -> F:
    """Adds --json, --as-of and --reader, which every command that shows something to others has."""
    command = click.option(
        "--reader",
        metavar="WHO",
        expose_value=False,
        callback=kept("reader"),
        help="As far as this participant may see it, or the public; else as the secretariat does.",
    )(with_as_of(command))
    return with_json(command)


def with_as_of(command: F) -> F:
    """Adds --as-of."""
    return click.option(
        "--as-of",
        metavar="WHEN",
        expose_value=False,
        callback=kept("as_of"),
        help="As it stood at an entry number, an instant, or happened:INSTANT.",
    )(command)


def kept(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Keeps an option's value in the session."""

    def callback(ctx: click.Context, _: click.Parameter, value: Any) -> Any:
        setattr(ctx.obj, name, value)
        return value

    return callback


def with_json(command: F) -> F:
    """Adds --json."""

    def callback(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        ctx.obj.json = value

    return click.option(
        "--json", is_flag=True, expose_value=False, is_eager=True, callback=callback, help="Print JSON."
    )(command)


def dialogue_option(command: F) -> F:
    """Adds --in, which names the dialogue where there are several."""
    return click.option("--in", "where", metavar="DIALOGUE", help="The dialogue: an id or a fragment of its title.")(
        command
    )


def explain(error: Exception, session: Session | None) -> int:
    """Prints one sentence about a failure, on stderr; the exit status for it. Raises again what is none of ours."""
    status, code = classified(error)
    sentence = str(error)
    if session is not None and session.json:
        say_json(code, sentence, getattr(error, "details", {}))
    else:
        click.echo(f"dialogue: {sentence}", err=True)
    return status


def say_json(code: str, sentence: str, details: Mapping[str, object] | None = None) -> None:
    """One failure as JSON, on stderr."""
    content = {"error": {"code": code, "sentence": sentence, **({"details": details} if details else {})}}
    click.echo(json.dumps(content, ensure_ascii=False, default=str), err=True)


def classified(error: Exception) -> tuple[int, str]:
    """Exit status and stable code of a failure. Raises it again where it is a fault of the program."""
    if isinstance(error, SettingsError):
        return 2, "settings"
    from dialogue.fact import Conflict, Refused, Unknown
    from dialogue.record import Damaged
    from dialogue.vault import Sealed
    from projections.stores import NoStore, StoreFailed

    known: list[tuple[type[Exception], int, str]] = [
        (Unknown, 4, "unknown"),
        (Refused, 1, getattr(error, "code", "refused")),
        (Conflict, 3, "conflict"),
        (NoStore, 4, "no-store"),
        (Damaged, 5, "damaged"),
        (Sealed, 5, "sealed"),
        (StoreFailed, 5, "store"),
    ]
    for kind, status, code in known:
        if isinstance(error, kind):
            return status, code
    raise error


def echo_error(sentence: str) -> None:
    """A remark for the person, which does not mix with the output."""
    click.echo(sentence, err=True)
    sys.stderr.flush()
