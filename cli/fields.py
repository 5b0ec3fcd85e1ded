"""A command's fields as options, by their type hints; and what was given for them as JSON members.

The same members stand in an `apply` file, so that both doors speak one language.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from uuid import UUID

import click

from dialogue.anchor import Quotation
from dialogue.fact import Personal, Text
from dialogue.mandate import Settings
from dialogue.procedure import Procedure, ProcedureName
from dialogue.shape import hints
from projections.referring import bare

FLAGS = {
    "addressees": "to",
    "authors": "author",
    "entitled": "entitled",
    "excepting": "except",
    "groups": "group",
    "holders": "holder",
    "numbers": "number",
    "objectives": "objective",
    "paragraphs": "paragraph",
    "parts": "part",
    "predecessors": "predecessor",
    "proposal": "item",
    "endorsement": "signature",
    "roles": "role",
    "sections": "section",
}  # options that read better under another name, such as one given several times
MAIN = ("text", "words")  # the fields that a command is about: from --text, a file, or the editor
PROCEDURE = re.compile(
    r"(?P<name>[a-z-]+)(?:\s+(?P<threshold>\d+/\d+))?(?:\s+quorum\s+(?P<quorum>\d+(?:/\d+)?))?"
    r"(?:\s+except\s+(?P<excluded>.+))?"
)
PROCEDURES = "|".join(get_args(ProcedureName))


def main_text(cls: type, taken: tuple[str, ...]) -> str | None:
    """The field that holds the words which the command is about, if it has one."""
    known = hints(cls)
    return next((name for name in MAIN if name in known and name not in taken and bare(known[name]) is str), None)


def options(cls: type, taken: tuple[str, ...]) -> Iterator[click.Option]:
    """An option for each field that is not taken as an argument."""
    main = main_text(cls, taken)
    for name, hint in hints(cls).items():
        if name == main:
            yield click.Option(["--text", "main_text"], metavar="WORDS", help="The words.")
            yield click.Option(["--file", "main_file"], metavar="FILE|-", help="The words, from a file or -.")
        elif name not in taken:
            yield from option(name, hint)


def option(name: str, hint: Any) -> Iterator[click.Option]:
    """The option for one field, or several where the field has parts of its own."""
    flag = f"--{FLAGS.get(name, name).replace('_', '-')}"
    mark, kind = get_args(hint)[1] if get_origin(hint) is Annotated else "", bare(hint)
    if get_origin(kind) is tuple:
        inner = bare(get_args(kind)[0])
        if paired(inner):
            first, second = hints(inner)
            yield click.Option(
                [flag, name], nargs=2, multiple=True, metavar=f"{first.upper()} {second.upper()}", help="Repeat it."
            )
        else:
            yield click.Option(
                [flag, name], multiple=True, type=simple(inner), metavar=metavar(inner), help="Repeat it."
            )
    elif kind is Quotation:
        yield click.Option(["--quote", "quote"], metavar="WORDS", help="The exact words that it is about.")
        yield click.Option(["--before", "before"], metavar="WORDS", help="What stands right before them.")
        yield click.Option(["--after", "after"], metavar="WORDS", help="What stands right after them.")
    elif kind is Procedure:
        form = "NAME [FRACTION] [quorum N] [except WHO, WHO]"
        yield click.Option([flag, name], metavar=f'"{form}"', help=f"Where NAME is {PROCEDURES}.")
    elif kind is Settings:
        yield from settings_options()
    elif kind is bool:
        yield click.Option([f"{flag}/--no-{flag[2:]}", name], default=None, help="")
    elif kind is Text:
        yield click.Option(["--sha256", name], metavar="HEX", help="The digest of the very text that is meant.")
    else:
        long = mark in ("words", "prose") or any(
            get_args(one)[1:] in (("words",), ("prose",)) for one in get_args(hint)
        )
        yield click.Option([flag, name], type=simple(kind), metavar="WORDS|@FILE" if long else metavar(kind, name))


def settings_options() -> Iterator[click.Option]:
    """What a dialogue decides about itself, option by option."""
    procedures = []
    for name, hint in hints(Settings).items():
        kind = bare(hint)
        if kind is Procedure:
            procedures.append(name)
            continue
        flag, field = f"--{name.replace('_', '-')}", f"settings_{name}"
        if kind is bool:
            yield click.Option([f"{flag}/--no-{flag[2:]}", field], default=None)
        else:
            yield click.Option([flag, field], type=simple(kind), metavar="N|any|all" if name == "chairs" else None)
    yield click.Option(
        ["--decide", "settings_procedures"],
        nargs=2,
        multiple=True,
        metavar="WHAT PROCEDURE",
        help=f'How {", ".join(procedures)} is decided, as in --decide text "majority 2/3". Repeat it.',
    )


def paired(kind: Any) -> bool:
    """Whether values of this type are given as two words: a dataclass of two fields, such as a theme and its items."""
    return is_dataclass(kind) and kind not in (Text, Personal) and len(hints(kind)) == 2  # type: ignore[arg-type]


def simple(kind: Any) -> click.ParamType[Any] | None:
    if get_origin(kind) is Literal:
        return click.Choice([str(one) for one in get_args(kind)])
    return click.INT if kind is int else None


def metavar(kind: Any, name: str = "") -> str | None:
    if get_origin(kind) is Literal or kind is int:
        return None
    if kind is UUID:
        return FLAGS.get(name, name).upper() or "WHICH"
    return "WHEN" if kind is datetime else None


def members(cls: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON members for what was given; what was not given is left out. Raises click.UsageError."""
    found = {}
    for name, hint in hints(cls).items():
        kind = bare(hint)
        if kind is Quotation and given.get("quote") is not None:
            parts = {"exact": given["quote"], "before": given.get("before"), "after": given.get("after")}
            found[name] = {part: words for part, words in parts.items() if words is not None}
        elif kind is Settings:
            found[name] = settings_members(given)
        elif given.get(name) not in (None, ()):
            found[name] = member(kind, given[name])
    return found


def member(kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        inner = bare(get_args(kind)[0])
        return [pair(inner, one) if paired(inner) else member(inner, one) for one in value]
    if kind is Procedure:
        return procedure(value)
    if isinstance(value, str) and value.startswith("@") and kind is str:
        return contents(value[1:])
    return value


def pair(cls: type, words: tuple[str, str]) -> dict[str, Any]:
    """A dataclass of two fields from two words; a list in it is parted by commas."""
    return {
        name: [one.strip() for one in word.split(",") if one.strip()]
        if get_origin(bare(hint)) is tuple
        else member(bare(hint), word)
        for (name, hint), word in zip(hints(cls).items(), words, strict=True)
    }


def procedure(words: str) -> dict[str, Any]:
    """The procedure from "majority 2/3 quorum 10" or "consensus-minus except N4, N7". Raises click.UsageError."""
    match = PROCEDURE.fullmatch(words.strip())
    if match is None:
        raise click.UsageError(f'"{words}" is no procedure: write {PROCEDURES}, then 2/3, quorum N, except WHO')
    said: dict[str, Any] = {name: part for name, part in match.groupdict().items() if part is not None}
    if "quorum" in said and said["quorum"].isdecimal():
        said["quorum"] = int(said["quorum"])
    if "excluded" in said:
        said["excluded"] = [one.strip() for one in said["excluded"].split(",")]
    return said


def settings_members(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that were given, and only these."""
    found = {name: given[f"settings_{name}"] for name in hints(Settings) if given.get(f"settings_{name}") is not None}
    if str(found.get("chairs", "")).isdecimal():
        found["chairs"] = int(found["chairs"])
    for name, words in given.get("settings_procedures", ()):
        if bare(hints(Settings).get(name)) is not Procedure:
            raise click.UsageError(f"nothing called {name} is decided by a procedure")
        found[name] = procedure(words)
    return found


def contents(path: str) -> str:
    """What stands in a file, or comes in by "-". Raises click.UsageError."""
    try:
        content: bytes = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path} is not UTF-8: save it as UTF-8 text") from error
