"""One command for each command of the domain, built from the table of verbs and the command's own fields.

All go the same way: what was said becomes JSON members, references become ids, the secretariat executes, and the
answer says which entries it became.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from cli.answer import answer, say_that_it_waits, say_what_moved
from cli.fields import contents, main_text, member, members, metavar, options, simple
from cli.session import NUMBER, Session
from cli.verbs import BY_NAME, Verb
from dialogue.acts import COMMANDS, command_from
from dialogue.fact import OPERATOR, Basis, Command, Refused
from dialogue.mandate import AgreeSettings, ProposeDialogue
from dialogue.shape import hints
from dialogue.voiding import VOIDABLE, MarkEnteredInError
from projections.read import Reading
from projections.referring import References, bare, when

SUBJECTS = ("proposal", "document", "amendment", "ruling")
ABOUT = {"proposal": "text", "document": "edition", "amendment": "amendment", "ruling": "ruling", "": "mandate"}
TAKEN_BACK = {"P": "withdraw-proposal", "A": "withdraw-amendment", "Q": "withdraw-position", "D": "withdraw-signature"}
FILLED_IN = {"ConfirmErasure": ("digests", "others")}  # by whoever keeps the vault, so no option
STANDS_FOR = {"subject": SUBJECTS, "signature": ("endorsement",), "entry": tuple(VOIDABLE)}


def __getattr__(name: str) -> click.Command:
    """The command `withdraw_proposal` for the verb `withdraw-proposal`, built when it is called."""
    if name == "withdraw":
        return withdrawing()
    if name == "sign":
        from cli.sign import sign

        return sign
    verb = BY_NAME.get(name.replace("_", "-"))
    if verb is None:
        raise AttributeError(name)
    return built(verb)


def withdrawing() -> click.Command:
    """`withdraw`, one word for the four ways of taking something back."""
    callback = click.pass_obj(lambda session, /, **values: take_back(session, values))
    given = [click.Argument(["thing"]), click.Option(["--reason"], metavar="WORDS"), *common()]
    kinds = "a proposal (P7), an amendment (A3), your position in a call (Q4) or your signature (D1)"
    text = f"Take back {kinds}.\n\n\b\nExample: dialogue withdraw A3"
    return click.Command("withdraw", callback=callback, params=given, help=text)


def built(
    verb: Verb,
    *more: click.Parameter,
    without: tuple[str, ...] = (),
    callback: Callable[[Session, dict[str, Any]], None] | None = None,
    notes: str = "",
) -> click.Command:
    """The click command for a verb: its arguments, an option for each other field, and what every act can be given.

    A command with more options of its own says which fields these stand for, and what is done with the values.
    """
    arguments = [argument(verb, word) for word in verb.takes.split()]
    without = (*without, *FILLED_IN.get(verb.command, ()))
    given = [*arguments, *more, *options(COMMANDS[verb.command], (*taken(verb), *without)), *common()]

    @click.pass_obj
    def called(session: Session, /, **values: Any) -> None:
        if callback is not None:
            callback(session, values)
        else:
            run(session, verb, values)

    example = f"Example: dialogue {verb.name} {verb.example}".rstrip()
    paragraphs = [verb.help, *([f"\b\n{notes}"] if notes else []), f"\b\n{example}"]
    return click.Command(verb.name, callback=called, params=given, help="\n\n".join(paragraphs))


def taken(verb: Verb) -> tuple[str, ...]:
    """The command's fields that are no options: those given as arguments, and those that these stand for."""
    names = [word.rstrip("?…") for word in verb.takes.split()]
    return tuple(field for name in names for field in STANDS_FOR.get(name, (name,)))


def argument(verb: Verb, word: str) -> click.Argument:
    name = word.rstrip("?…")
    hint = hints(COMMANDS[verb.command]).get(name)  # type: ignore[arg-type]  # a type is hashable
    several = word.endswith("…")
    kind = bare(get_args(bare(hint))[0]) if several else bare(hint)
    shown = {"entry": "ENTRY", "subject": "THING", "signature": "ITEM|DOCUMENT"}.get(
        name, metavar(kind, name) and name.upper()
    )
    return click.Argument(
        [name],
        nargs=-1 if several else 1,
        required=not word.endswith("?"),
        type=NUMBER if name == "entry" else simple(kind),
        metavar=shown,
    )


def common() -> list[click.Parameter]:
    """What every act can be given besides its fields."""

    def keep_json(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        ctx.obj.json = value

    return [
        click.Option(["--in", "where"], metavar="DIALOGUE", help="The dialogue: an id or a fragment of its title."),
        click.Option(["--for", "on_behalf"], metavar="PERSON", help="Whose act the secretariat enters."),
        click.Option(["--when", "at"], metavar="TIME", help="When it happened, if not now."),
        click.Option(["--basis"], type=click.Choice(get_args(Basis)), help="How that is known."),
        click.Option(["--evidence"], metavar="FILE", help="The letter or message that shows it; its SHA-256 is kept."),
        click.Option(["--act-id", "act"], metavar="ID", help="Done once, however often it is sent with this id."),
        click.Option(["--dry-run"], is_flag=True, help="Say what would be recorded, and record nothing."),
        click.Option(
            ["--json"], is_flag=True, expose_value=False, is_eager=True, callback=keep_json, help="Print JSON."
        ),
    ]


def run(session: Session, verb: Verb, values: dict[str, Any]) -> None:
    """Executes what was said, and answers."""
    dialogue, command, actor, recordedby = asked(session, verb, values)
    carry_out(session, dialogue, command, values, actor=actor, recordedby=recordedby)


def asked(session: Session, verb: Verb, values: dict[str, Any]) -> tuple[UUID, Command, UUID, UUID]:
    """The dialogue, what is to be done in it, who acts and who enters it."""
    with session.reading() as reading:
        dialogue = session.dialogue(reading, values["where"])
    cls = COMMANDS[verb.command]
    references = References(session.secretariat, dialogue, zone(session), looked_for=True)
    actor, recordedby = who(session, references, values["on_behalf"])
    said = members(cls, values) | stood_for(cls, references, values)
    text = main_text(cls, taken(verb))
    if text is not None:
        words = written(session, cls, text, references.fields(cls, said, actor), values)
        said |= {} if words is None else {text: words}
    if cls is AgreeSettings:
        with session.reading() as reading:
            said["settings"] = reading.one(reading.t.dialogues, dialogue, "dialogue")["settings"] | said["settings"]
    return dialogue, command_from(verb.command, references.fields(cls, said, actor)), actor, recordedby


def carry_out(
    session: Session, dialogue: UUID, command: Command, values: dict[str, Any], *, actor: UUID, recordedby: UUID
) -> None:
    """Executes the command and answers; a refusal for words that have moved shows how they moved."""
    moment = session.secretariat.moment(
        actor,
        recordedby=recordedby,
        time=when(values["at"], zone(session)) if values["at"] else None,
        basis=values["basis"],
        evidence=digest(values["evidence"]) if values["evidence"] else None,
        act=values["act"],
    )
    try:
        [entries] = session.secretariat.execute_all(dialogue, [(command, moment)], dry_run=values["dry_run"])
    except Refused as refused:
        say_what_moved(session, command, refused)
        if refused.code == "role" and not isinstance(command, ProposeDialogue):
            raise Refused("role", f"{refused}; say whose act it is with --actor, or --for and --basis") from None
        raise
    if not entries and (ticket := session.secretariat.room.held_for(dialogue, moment.act)):
        say_that_it_waits(session, dialogue, ticket)
        return
    answer(session, dialogue, entries, dry_run=values["dry_run"])


def take_back(session: Session, values: dict[str, Any]) -> None:
    """`withdraw THING`: what is taken back depends on what it is."""
    letter = values["thing"].strip()[:1].upper()
    if letter not in TAKEN_BACK:
        raise click.UsageError(f"{values['thing']} is no handle such as P7, A3, Q4 or D1; see dialogue withdraw --help")
    verb = BY_NAME[TAKEN_BACK[letter]]
    run(session, verb, {**values, verb.takes: values["thing"]})


def who(session: Session, references: References, on_behalf: str | None) -> tuple[UUID, UUID]:
    """(who acts, who enters it): --for somebody, or --actor, or whoever keeps the record. Raises Refused."""
    me = session.settings.actor
    if on_behalf is None:
        return (references.actor(me) if me else references.secretariat_participant()), OPERATOR
    keeper = references.actor(me) if me else references.secretariat_participant()
    return references.actor(on_behalf), keeper


def stood_for(cls: type[Command], references: References, values: dict[str, Any]) -> dict[str, Any]:
    """The members that an argument stands for which is no field itself."""
    found: dict[str, Any] = {}
    fields = hints(cls)  # type: ignore[arg-type]  # a type is hashable
    kind = ""
    if values.get("subject") is not None:
        kind, id = references.subject(values["subject"], [name for name in SUBJECTS if name in fields])
        found[kind] = str(id)
    if "about" in fields and values.get("about") is None:
        found["about"] = ABOUT[kind]
    if values.get("signature") is not None:
        found["endorsement"] = values["signature"]
    if cls is MarkEnteredInError:
        kind, id = references.voidable(values["entry"])
        found[kind] = str(id)
    return found


def written(
    session: Session, cls: type[Command], field: str, said: dict[str, Any], values: dict[str, Any]
) -> str | None:
    """The words that the command is about: given, from a file, or written in the editor on a terminal."""
    text, file = values["main_text"], values["main_file"]
    if text is not None and file is not None:
        raise click.UsageError("give the words by --text or by --file, not both")
    if file is not None:
        return contents(file)
    if text is not None:
        return str(member(str, text))
    optional = type(None) in get_args(hints(cls)[field])  # type: ignore[arg-type]  # a type is hashable
    if optional:
        return None
    edited = None
    if sys.stdin.isatty() and sys.stdout.isatty():
        with session.reading() as reading:
            edited = click.edit(as_it_stands(reading, said), extension=".txt")
    if edited is None:
        raise click.UsageError("give the words: --text WORDS, --file FILE, or --file - for standard input")
    return edited


def as_it_stands(reading: Reading, said: dict[str, Any]) -> str:
    """The words to begin from: those of the amendment or the item that is meant."""
    for kind, table in (("amendment", reading.t.amendments), ("proposal", reading.t.proposals)):
        row = reading.row(table, said[kind]) if said.get(kind) else None
        if row is not None:
            return reading.words(row["sha256"])
    return ""


def zone(session: Session) -> tzinfo | None:
    """The zone in which times without one are read: --tz, else this machine's."""
    tz = session.settings.tz
    return ZoneInfo(tz) if tz else datetime.now().astimezone().tzinfo


def digest(path: str) -> str:
    """The SHA-256 of a file, read piece by piece."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise click.UsageError(f"the evidence {path} cannot be read: {error.strerror}") from error
