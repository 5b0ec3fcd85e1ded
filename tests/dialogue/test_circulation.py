from dialogue.circulation import (
    AcknowledgeReceipt,
    Circulate,
    Circulation,
    DocumentCirculated,
    ReceiptAcknowledged,
    RespondToCirculation,
    ResponseReceived,
)
from dialogue.issuing import DraftDocument, IssueEdition, ReviseDocument
from dialogue.participant import LeaveDialogue
from spec import did, given, hours, thing, waited, who

D1, K1 = thing("D1"), thing("K1")
ISSUED = (did("Office", DraftDocument("Recommendations", preamble="We met.")), did("Office", IssueEdition(D1)))
TO = (who("Committee"), who("Pavel"))
CIRCULATED = (*ISSUED, did("Office", Circulate(D1, TO)))


def test_the_current_edition_goes_to_its_addressees_each_once():
    sent = given(*ISSUED).when(Circulate(D1, (*TO, who("Pavel")), note="for comment"), by="Office")
    sent.then(DocumentCirculated, circulation="K1", number=1, edition=1, addressees=("Committee", "Pavel"))
    assert sent.find(Circulation, K1).addressees == TO


def test_an_earlier_edition_may_be_circulated_and_one_that_never_was_may_not():
    second = (*ISSUED, did("Office", ReviseDocument(D1, preamble="We met twice.")), did("Office", IssueEdition(D1)))
    given(*second).when(Circulate(D1, TO), by="Office").then(DocumentCirculated, edition=2)
    given(*second).when(Circulate(D1, TO, 1), by="Office").then(DocumentCirculated, edition=1)
    for edition in (0, 3):
        given(*second).when(Circulate(D1, TO, edition), by="Office").refused("no-version")


def test_a_circulation_names_an_edition_and_addressees_who_take_part():
    given(ISSUED[0]).when(Circulate(D1, TO), by="Office").refused("no-edition")
    story = given(*ISSUED, did("Pavel", LeaveDialogue()))
    story.when(Circulate(D1, ()), by="Office").refused("unfit", "at least one addressee")
    story.when(Circulate(D1, TO), by="Office").refused("inactive")
    story.when(Circulate(D1, (who("N99"),)), by="Office").refused("unknown")
    story.when(Circulate(D1, tuple(thing(f"N{n}") for n in range(1001))), by="Office").refused("too-many", "1000")


def test_receipt_is_acknowledged_once_by_those_addressed_also_long_after():
    story = given(*CIRCULATED, waited(100))
    received = story.when(AcknowledgeReceipt(K1), by="Committee", at=hours(3), basis="email", entered_by="Office")
    received.then(ReceiptAcknowledged, circulation="K1", participant="Committee")
    received.when(AcknowledgeReceipt(K1), by="Committee").then_nothing()
    story.when(AcknowledgeReceipt(K1), by="Tuya").refused("not-addressed")
    story.when(AcknowledgeReceipt(thing("K9")), by="Committee").refused("unknown", "circulation")


def test_those_addressed_respond_as_often_as_they_like():
    answered = given(*CIRCULATED).when(RespondToCirculation(K1, "Agreed."), by="Committee")
    answered.then(ResponseReceived, circulation="K1", participant="Committee", words="Agreed.")
    again = answered.when(RespondToCirculation(K1, "Agreed."), by="Committee").then(ResponseReceived)
    assert again.entries[-1].stream != again.entries[-2].stream
    given(*CIRCULATED).when(RespondToCirculation(K1, "Mine."), by="Tuya").refused("not-addressed")


def test_what_was_circulated_stays_that_edition_when_another_is_issued():
    story = given(
        *CIRCULATED, did("Office", ReviseDocument(D1, preamble="We met twice.")), did("Office", IssueEdition(D1))
    )
    assert story.find(Circulation, K1).edition == 1
