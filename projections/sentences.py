"""Every fact as one sentence in the domain's words, made when it is read.

Nothing told is stored: names are opened for a page of entries together, and whoever is forgotten is
"participant 12" from then on, in the past too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from dialogue.fact import Entry
from projections.telling import decisions, people, signing, texts
from projections.telling.names import Names

FIRST_PAGE = 20  # as many as the record reads at first: the first line comes at once
PAGE = 500

# A fact's stream: who tells it. Sponsorships are told with the proposal, sessions and attendance with meetings.
TELLERS: dict[str, Callable[[Entry, Names], str]] = {
    "dialogue": people.mandate,
    "log": people.key,
    "participant": people.participant,
    "meeting": people.meeting,
    "session": people.meeting,
    "attendance": people.meeting,
    "proposal": texts.proposal,
    "sponsorship": texts.proposal,
    "amendment": texts.amendment,
    "comment": texts.comment,
    "ruling": texts.ruling,
    "call": decisions.call,
    "position": decisions.position,
    "statement": decisions.statement,
    "joint": decisions.joint,
    "endorsement": signing.endorsement,
    "document": signing.document,
    "circulation": signing.circulation,
    "receipt": signing.circulation,
    "response": signing.circulation,
    "error": signing.error,
    "erasure": people.erasure,
}


def sentence(entry: Entry, names: Names) -> str:
    """What the entry says, without its number and times; `names` must have learnt it.

    Nobody is named whose name is withheld: they are "participant 12", or not named where even that is unknown.
    """
    return TELLERS[entry.fact.stream](entry, names)


def paged(entries: Iterable[Entry], names: Names) -> Iterator[list[Entry]]:
    """The entries in pages whose names are known, the first page small."""
    left, size = iter(entries), FIRST_PAGE
    while page := list(islice(left, size)):
        names.learn(page)
        yield page
        size = PAGE
