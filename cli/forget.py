"""Commands for what is held about a person: subject-access, and forget, which two people do."""

from __future__ import annotations

from typing import Any

import click

from cli.act import common, run
from cli.printing import columns, heading
from cli.session import Session, dialogue_option, echo_error, with_json
from cli.verbs import BY_NAME


def forgetting(session: Session, values: dict[str, Any]) -> None:
    """Asks or, where somebody else has asked before, confirms; or takes up what could not be finished."""
    from projections.forgetting import forget_again
    from projections.referring import References

    finish, participant = values.pop("finish"), values["participant"]
    if finish == (participant is not None):
        raise click.UsageError("name the person to forget, or give --finish alone")
    if finish:
        left = forget_again(session.secretariat)
        session.out({"left": left or None}, left or "Nothing of whoever was forgotten is left in the stores.")
        return
    with session.reading() as reading:
        dialogue = session.dialogue(reading, values["where"])
    who = References(session.secretariat, dialogue).thing("participant", participant)
    with session.reading() as reading:
        table = reading.t.erasures
        asked = table.select().where(table.c.participant == str(who), table.c.dialogue == str(dialogue))
        verb = BY_NAME["confirm-erasure" if reading.conn.execute(asked.limit(1)).first() else "request-erasure"]
    run(session, verb, {**values, "participant": str(who)})
    if verb.command == "RequestErasure":
        echo_error(
            "Another of the secretariat or the co-chairs confirms it with the same command; it is then for good."
        )
    elif not values["dry_run"] and (left := forget_again(session.secretariat)):
        echo_error(left)


forget = click.Command(
    "forget",
    callback=click.pass_obj(lambda session, /, **values: forgetting(session, values)),
    params=[
        click.Argument(["participant"], required=False),
        click.Option(["--finish"], is_flag=True, help="Remove traces that others kept from being removed."),
        *common(),
    ],
    help="Forget a person: one asks, another of the secretariat or the co-chairs confirms with the same command.\n\n"
    "Their name, descriptor, addresses, tokens and links are then removed for good, from every file. The record, its "
    "texts, decisions and proofs stay as they are; where they were named, the name is withheld.\n\n"
    "\b\nOn PostgreSQL, let write-ahead archives and backups from before expire; the key they would need is gone.\n\n"
    "\b\nExample: dialogue --actor HOLT forget N12; dialogue --actor ASADA forget N12",
)


@click.command()
@click.argument("participant")
@dialogue_option
@with_json
@click.pass_obj
def subject_access(session: Session, participant: str, where: str | None) -> None:
    """Show a person everything that is held about them: values, tokens, signatures, positions, comments, acts.

    Example: dialogue subject-access "KIM Haneul" --json
    """
    from projections.resolve import thing_named
    from projections.subject import subject_access as held

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        who = thing_named(reading, dialogue, "participant", participant)
        found = held(session.secretariat, reading, dialogue, who)
    session.out(found, told(found))


def told(found: dict[str, Any]) -> str:
    """All of it, a section each."""
    person = found["participant"]
    parts = [
        heading(f"{person['handle']} {person['name']}"),
        section(
            "Values that erasure removes",
            [[str(one["entry"]), one["name"] or "", one["value"] or "(cannot be opened)"] for one in found["values"]],
        ),
        section(
            "Tokens, which erasure removes too",
            [[one["id"], one["label"], f"until {one['expires'][:10]}"] for one in found["tokens"]],
        ),
        section(
            "Signatures, which stay without the name",
            [
                [one["on"], f"version {one['version']}", one["status"], "named" if one["publish"] else "not named"]
                for one in found["signatures"]
            ],
        ),
        section("Positions", [[one["in"], one["position"] or "", one["reason"] or ""] for one in found["positions"]]),
        section("Comments", [[one["handle"], one["words"] or ""] for one in found["comments"]]),
        section(
            "Said under the Chatham House Rule, which erasure unties from the name",
            [[one["in"], one["state"], one["became"] or "", one["said"] or ""] for one in found["under_the_rule"]],
        ),
        section("Entries", [[str(one["entry"]), one["sentence"]] for one in found["acts"]]),
    ]
    return "\n\n".join(filter(None, parts))


def section(title: str, rows: list[list[str]]) -> str:
    return f"{title}:\n{columns(rows)}" if rows else ""
