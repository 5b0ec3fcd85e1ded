"""An invented accord of two items in an edition that is open for signature, and what is done with it."""

from __future__ import annotations

from itertools import count
from typing import Any

from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Group
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.endorsement import endorsement_id
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature, OrderItems
from dialogue.releasing import IssueCorrection
from dialogue.signing import GiveEndorsement
from house import PEOPLE, House
from projections.publish import html, json_, markdown
from projections.publish.publication import Item, Publication
from projections.publishing import publication

FORMATS = (markdown.render, html.render, json_.render)
FORMATS_OF_API = ("text/markdown", "text/html", "application/json")
NAMES = {name: invite.name.value for name, invite in PEOPLE.items() if invite.name}
COUNTER = count()
SIGNERS = ("Tuya", "Pavel")  # few, so that much happens to each


def drafted(house: House) -> None:
    """Two items under two themes, an edition of them, open for signature."""
    house.act(SubmitProposal("Hotlines", "Keep one line open.\n\nTest it weekly.", "Lines"), by="Tuya")
    house.act(SubmitProposal("Maps", r"Draw \[all\] maps.", "Maps"), by="Pavel")
    house.act(DraftDocument("Invented Accord", preamble="We agree:\n\n1. Water is wet.\n\nTherefore:"), by="Office")
    groups = (Group("Lines", (house.thing("P1"),)), Group("Maps", (house.thing("P2"),)))
    house.act(OrderItems(house.thing("D1"), groups), by="Office")
    house.act(IssueEdition(house.thing("D1")), by="Office")
    house.act(OpenForSignature(house.thing("D1")), by="Rin")


def page(house: House, edition: int | None = None, as_of: str | int | None = None) -> Publication:
    with house.reading(as_of) as reading:
        return publication(reading, house.dialogue, house.thing("D1"), edition)


def signed(house: House, by: str, **given: Any) -> int:
    """Signs the document, or the item given by handle; the entry."""
    subject = {"document": house.thing("D1")} if "proposal" not in given else {}
    return house.act(GiveEndorsement(**{"publish": True, **subject, **given}), by=by)[-1].number


def signature(house: House, name: str, handle: str = "D1") -> Any:
    return endorsement_id(house.dialogue, house.person(name), house.thing(handle))


def corrected(house: House, text: str = "Keep one line open!\n\nTest it weekly.") -> None:
    command = IssueCorrection(house.thing("D1"), "a stop too few", proposal=house.thing("P1"), text=text)
    house.act(command, by="Office")


def changed(house: House, text: str = "Keep two lines open.") -> None:
    """A substantive change, and the edition that has it."""
    house.act(ReviseProposal(house.thing("P1"), text), by="Tuya")
    house.act(IssueEdition(house.thing("D1")), by="Office")


def names(found: Publication) -> list[str]:
    return [line.name for line in found.signatories]


def items(found: Publication) -> list[Item]:
    return [item for theme in found.themes for item in theme.items]


def adopted(house: House, handle: str, **positions: tuple[str, dict[str, Any]]) -> int:
    """A consensus on an item; the entry of its outcome."""
    [called] = house.act(CallConsensus(proposal=house.thing(handle)))
    for name in ("Rin", "Maral", "Tuya", "Pavel", "Seoyun", "Haneul", "Bora", "Lin"):
        position, more = positions.get(name, ("agree", {}))
        house.act(TakePosition(called.stream, position, **more), by=name)  # type: ignore[arg-type]
    [reached] = house.act(DeclareOutcome(called.stream))
    return reached.number
