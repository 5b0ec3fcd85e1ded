"""Commands for what has to be done and why: ready, notices, explain, what-if, who-had-seen."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import click

from cli.printing import when
from cli.session import NUMBER, Session, dialogue_option, showing, with_as_of, with_json
from cli.show_decisions import apart, besides


@click.command()
@click.argument("document", required=False)
@dialogue_option
@showing
@click.pass_obj
def ready(session: Session, document: str | None, where: str | None) -> None:
    """Say in one line whether a document may be published and, if not, every reason.

    Example: dialogue ready D1
    """
    from projections.readiness import ready as readiness
    from projections.resolve import thing_named

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        answer = readiness(reading, dialogue, thing_named(reading, dialogue, "document", document or "D1"))
        session.out(answer, answer["sentence"])


@click.command()
@click.argument("where", metavar="DIALOGUE", required=False)
@click.option(
    "--since", type=click.IntRange(0, 2**53 - 1), default=0, metavar="ENTRY", help="Only what came after this entry."
)
@click.option("--eml", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write mail drafts here.")
@with_as_of
@with_json
@click.pass_obj
def notices(session: Session, where: str | None, since: int, eml: Path | None) -> None:
    """List what each participant must be told, each notice once; or write it as mail drafts.

    A draft that is there already is left alone, so the command can be run again.

    Example: dialogue notices --since 120 --eml drafts
    """
    from projections.notices import draft
    from projections.notices import notices as due
    from projections.read import Reading

    def told(reading: Reading, dialogue: UUID) -> None:
        title = reading.one(reading.t.dialogues, dialogue, "dialogue")["title"]
        count = 0
        for notice in due(reading, dialogue, since):
            person = reading.person(notice.to)
            assert person is not None
            count += 1
            if eml is not None:
                mail = draft(notice, person, title)
                path = eml / f"{notice.entry:06}-{person.handle}-{notice.id[:8]}.eml"
                if mail is None:
                    click.echo(f"{person.shown} has no address here: {notice.words}", err=True)
                elif not path.exists():
                    path.write_bytes(mail)
            elif session.json:
                click.echo(json.dumps({**vars(notice), "to": person.reference}, ensure_ascii=False))
            else:
                click.echo(f"{person.shown} (entry {notice.entry}): {notice.words}")
        if not count:
            click.echo("There is nothing new to tell anybody.", err=True)

    if eml is not None:
        eml.mkdir(parents=True, exist_ok=True)
    with session.reading() as reading:
        told(reading, session.dialogue(reading, where))


@click.command()
@click.argument("decision")
@dialogue_option
@showing
@click.pass_obj
def explain(session: Session, decision: str, where: str | None) -> None:
    """Explain an outcome: the procedure, who was entitled, the quorum, the tally, what was counted and what blocked.

    Example: dialogue explain Q4
    """
    from projections.explaining import explained
    from projections.resolve import thing_named

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        answer = explained(reading, thing_named(reading, dialogue, "call", decision))
        lines = [answer["sentence"], f"Entitled: {apart(answer['entitled'])}.", *besides(answer)]
        session.out(answer, "\n".join(lines))


@click.command(name="what-if")
@click.option("--procedure", "name", required=True, help="consensus, consensus-minus, silence, majority or ballot.")
@click.option("--threshold", metavar="FRACTION", help="For a majority: a fraction such as 2/3.")
@click.option("--quorum", help="A count, or a fraction of those entitled.")
@click.option("--entitled", type=click.IntRange(1, 1000), help="How many are entitled.")
@click.option("--excluded", type=click.IntRange(0, 1000), default=0, help="How many are not counted (consensus-minus).")
@click.option("--position", "positions", multiple=True, metavar="NAME=N", help="N of them hold this position.")
@click.option("--call", "call", metavar="DECISION", help="Instead: the real positions of this call (auditors only).")
@dialogue_option
@with_json
@click.pass_obj
def what_if(
    session: Session,
    name: str,
    threshold: str | None,
    quorum: str | None,
    entitled: int | None,
    excluded: int,
    positions: tuple[str, ...],
    call: str | None,
    where: str | None,
) -> None:
    """Say what a procedure would make of given positions, before a call opens.

    Example: dialogue what-if --procedure majority --threshold 2/3 --entitled 9 --position agree=5 --position object=2
    """
    from projections.explaining import supposed, supposed_of

    terms = {"name": name, "threshold": threshold, "quorum": quorum, "excluded": excluded}
    if call is None:
        if entitled is None:
            raise click.UsageError("say how many are entitled, or name a --call")
        answer = supposed(terms, entitled, positions)
    else:
        from projections.resolve import thing_named

        with session.reading() as reading:
            dialogue = session.dialogue(reading, where)
            auditor = session.settings.actor and thing_named(reading, dialogue, "participant", session.settings.actor)
            answer = supposed_of(reading, thing_named(reading, dialogue, "call", call), terms, auditor or None)
    session.out(answer, answer["sentence"])


@click.command(name="who-had-seen")
@click.argument("document")
@click.option("--edition", type=NUMBER, help="The edition; the current one without this.")
@dialogue_option
@showing
@click.pass_obj
def who_had_seen(session: Session, document: str, edition: int | None, where: str | None) -> None:
    """Say who had been sent an edition, who had acknowledged it and who had answered, at any instant.

    --as-of INSTANT says what the record knew then; --as-of happened:INSTANT counts all that had happened by then,
    however late it was entered: who had seen the text when the silence expired.

    Example: dialogue who-had-seen D1 --edition 2 --as-of happened:2026-03-01T12:00Z
    """
    from projections.hearing import who_had_seen as heard
    from projections.resolve import thing_named

    with session.reading() as reading:
        dialogue = session.dialogue(reading, where)
        answer = heard(reading, dialogue, thing_named(reading, dialogue, "document", document), edition)
    lines = [f"{answer['document']}, edition {answer['edition']}:"]
    for one in answer["addressees"]:
        received = f"acknowledged {when(session, one['acknowledged'])}" if one["acknowledged"] else "not acknowledged"
        lines.append(f"  {one['handle']} {one['name']}: sent {when(session, one['sent'])}, {received}")
        lines += [f"    answered {when(session, back['time'])}: {back['words']}" for back in one["answers"]]
    if not answer["addressees"]:
        lines = [f"{answer['document']}, edition {answer['edition']}, was sent to nobody."]
    session.out(answer, "\n".join(lines))
