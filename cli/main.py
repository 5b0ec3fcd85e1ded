"""The command line: `dialogue`. What each command does is in act.py, show.py, audit.py and their neighbours.

Commands are imported when they are called, so that `dialogue --help` starts at once.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from cli.commands import COMMANDS
from cli.session import EXIT_STATUSES, Session, explain, say_json

WANTS_JSON = "cli.main.json"


class Commands(click.Group):
    """The table of commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for section in COMMANDS.values():
            if cmd_name in section:
                module, _ = section[cmd_name]
                command = getattr(import_module(f"cli.{module}"), cmd_name.replace("-", "_"))
                assert isinstance(command, click.Command)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, section in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl([(name, text) for name, (_, text) in section.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Notes besides whether --json is among the words, for a command that cannot be understood has no options."""
        ctx.meta[WANTS_JSON] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; whatever goes wrong becomes one sentence and an exit status."""
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            if not ctx.meta[WANTS_JSON]:
                raise
            say_json("usage", error.format_message())
            sys.exit(error.exit_code)
        except (click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001  # explain() raises again what is no known failure
            sys.exit(explain(error, ctx.obj))


EPILOG = "\b\nExit statuses: " + "; ".join(f"{status} {meaning}" for status, meaning in EXIT_STATUSES.items()) + "."


@click.group(cls=Commands, invoke_without_command=True, epilog=EPILOG)
@click.option("--data", metavar="DIR", help="The data folder.  [env: DIALOGUE_DATA]")
@click.option("--database", metavar="URL", help="A postgresql:// database instead.  [env: DIALOGUE_DATABASE]")
@click.option("--actor", metavar="WHO", help="The participant who acts.  [env: DIALOGUE_ACTOR]")
@click.option("--config", metavar="FILE", help="The config file.  [env: DIALOGUE_CONFIG]")
@click.option("--tz", metavar="ZONE", help="Show and read times in this zone, such as Asia/Seoul.")
@click.version_option(package_name="dialogue-record", prog_name="dialogue")
@click.pass_context
def main(ctx: click.Context, /, **flags: str | None) -> None:
    """Keep the record of a dialogue: who changed which words, who signed which text, which decision let it in.

    Without a command: what is open, and whom to chase.

    Example: dialogue demo
    """
    ctx.obj = Session(flags)
    if ctx.obj.settings.color == "never":
        ctx.color = False
    if ctx.invoked_subcommand is None:
        command = ctx.command.get_command(ctx, "open") if isinstance(ctx.command, Commands) else None
        assert command is not None
        ctx.invoke(command)
