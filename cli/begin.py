"""What comes before the first act: the stores, a new dialogue, the list of commands, settings, completion."""

from __future__ import annotations

from typing import Any

import click

from cli.act import built, carry_out
from cli.fields import members
from cli.session import Session, with_json
from cli.verbs import BEGIN
from dialogue.acts import COMMANDS, command_from
from dialogue.fact import OPERATOR
from dialogue.mandate import ProposeDialogue
from dialogue.shape import json_schema
from projections.applying import dialogue_id

# What each kind of dialogue starts with, unless it is said otherwise; the rest are the defaults of domain.md.
LIKE: dict[str, dict[str, Any]] = {
    "cscap": {
        "title": "Study group",
        "track": "2",
        "meetings": 4,
        "settings": {"chairs": "all", "text": {"name": "consensus"}, "edition": {"name": "consensus"}},
    },
    "apln": {
        "title": "Recommendations project",
        "track": "2",
        "settings": {"chairs": "any", "text": {"name": "consensus"}, "edition": {"name": "consensus"}},
    },
}


@click.command()
@click.option("--source", metavar="NAME", help="The origin named in every proof, such as dialogue.example.org.")
@click.option("--app-role", metavar="ROLE", help="PostgreSQL: the role that the application will use.")
@with_json
@click.pass_obj
def init(session: Session, source: str | None, app_role: str | None) -> None:
    """Make the stores: a data folder, or the schemas of a PostgreSQL database. Safe to run again.

    On PostgreSQL, --database names the owner's role; afterwards use the role given by --app-role.

    Example: dialogue --data ./record init --source dialogue.example.org
    """
    from projections.founding import found
    from projections.settings import load, without_password

    settings = load({**session.flags, "source": source})
    found(settings, app_role=app_role)
    place = without_password(settings.database) if settings.database else str(settings.data)
    session.out(
        {"place": place, "master_key_file": str(settings.master_key_file), "source": settings.source},
        f"the record is kept in {place}\n"
        f"its master key is {settings.master_key_file}: keep a copy of it elsewhere\n"
        "next: dialogue new --like cscap, or --like apln",
    )


def opened(session: Session, values: dict[str, Any]) -> None:
    """Opens a dialogue with the defaults of its kind, and whatever was said besides."""
    like = LIKE.get(values["like"] or "", {})
    said = members(ProposeDialogue, values)
    fields = {**like, **said, "settings": {**like.get("settings", {}), **said.get("settings", {})}}
    if "title" not in fields:
        raise click.UsageError("give the dialogue a --title, or say what it is --like: cscap or apln")
    # The co-chairs of a study group are institutions, for each of which a person acts; a project's are persons.
    chair = "body" if values["like"] == "cscap" else "name"
    fields["officers"] = [
        {"roles": ["secretariat"], "body": values["secretariat"]},
        *({"roles": ["co-chair"], chair: name} for name in values["chair"]),
    ]
    command = command_from("ProposeDialogue", fields)
    origin = session.secretariat.record.origin
    id = dialogue_id(origin, values["act"].encode()) if values["act"] else session.secretariat.draw()
    carry_out(session, id, command, values, actor=OPERATOR, recordedby=OPERATOR)


new = built(
    BEGIN,
    click.Option(["--like"], type=click.Choice(list(LIKE)), help="Begin with the defaults of such a dialogue."),
    click.Option(["--secretariat"], metavar="NAME", default="The secretariat", show_default=True),
    click.Option(["--chair"], metavar="NAME", multiple=True, help="A co-chair. Repeat it."),
    without=("officers",),
    callback=opened,
    notes="cscap: a study group of four meetings, whose co-chairs, institutions, all act together.\n"
    "apln: a project that ends in recommendations, signed as a whole; any co-chair may act.\n"
    "Both decide by consensus.",
)


@click.command()
@with_json
@click.pass_obj
def commands(session: Session) -> None:
    """List every command of the domain; with --json, the JSON Schema of its fields, as `apply` takes them.

    Example: dialogue commands --json
    """
    schemas = {name: json_schema(command) for name, command in COMMANDS.items()}
    session.out(
        schemas, "\n".join(f"{name:<22} {' '.join(members_of(schema))}".rstrip() for name, schema in schemas.items())
    )


def members_of(schema: dict[str, Any]) -> list[str]:
    """The fields' names, those that may be left out in square brackets."""
    return [name if name in schema["required"] else f"[{name}]" for name in schema["properties"]]


@click.group()
def config() -> None:
    """Show the settings and where each came from.

    Example: dialogue config show
    """


@config.command("show")
@with_json
@click.pass_obj
def config_show(session: Session) -> None:
    """Show each setting, its value (secrets are masked) and where it came from.

    Example: dialogue config show
    """
    rows = list(session.settings.rows())
    session.out(
        {name: {"value": value, "from": origin} for name, value, origin in rows},
        "\n".join(f"{name:<16} {value or '-':<40} {origin}" for name, value, origin in rows),
    )


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell; your shell's start file evaluates it.

    \b
    Example: eval "$(dialogue completion bash)"
    """  # noqa: D301  # to click the escape itself means: leave these lines as they are
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    assert complete is not None
    click.echo(complete(ctx.find_root().command, {}, "dialogue", "_DIALOGUE_COMPLETE").source())
