"""Documents: drafted, ordered, issued, opened, published, corrected."""

import json
from datetime import timedelta

import pytest

from dialogue.bracketing import BracketText
from dialogue.call import CallVoided
from dialogue.circulation import Circulate, DocumentCirculated
from dialogue.consensus import CallConsensus, DeclareOutcome
from dialogue.document import (
    ClosedForSignature,
    CorrectionIssued,
    Document,
    DocumentDrafted,
    DocumentPublished,
    DocumentRevised,
    EditionIssued,
    EmbargoSet,
    Group,
    ItemsOrdered,
    ItemsRenumbered,
    MinorityViewAttached,
    Numbered,
    OpenedForSignature,
)
from dialogue.drafting import MoveItem, ReviseProposal, SubmitProposal, WithdrawProposal
from dialogue.endorsement import Endorsement
from dialogue.fact import Personal
from dialogue.issuing import (
    AttachMinorityView,
    CloseForSignature,
    DraftDocument,
    IssueEdition,
    OpenForSignature,
    OrderItems,
    RenumberItems,
    ReviseDocument,
)
from dialogue.mandate import AgreeSettings, Settings
from dialogue.proposal import ItemClosedForSignature, ItemOpenedForSignature, Proposal, TextCorrected
from dialogue.releasing import IssueCorrection, PublishDocument, SetEmbargo
from dialogue.ruling import RuleOnChange, RulingGiven
from dialogue.signing import GiveEndorsement
from dialogue.text import digest
from spec import did, given, hours, signature, thing, waited, who

P1, P2, D1, Q1 = thing("P1"), thing("P2"), thing("D1"), thing("Q1")
WORDS, OTHER = "Open one hotlin between the coast guards.", "Открыть линию связи."
ITEMS = (did("Tuya", SubmitProposal("Hotlines", WORDS)), did("Pavel", SubmitProposal("Линии", OTHER)))
GROUPS = (Group("Sea", (P2,)), Group("", (P1,)))
DRAFTED = (*ITEMS, did("Office", DraftDocument("Recommendations", preamble="We met.")))
ORDERED = (*DRAFTED, did("Office", OrderItems(D1, GROUPS)))
ISSUED = (*ORDERED, did("Office", IssueEdition(D1)))
SIGNING = (*ISSUED, did("Rin", OpenForSignature(D1)))
SIGNED = (*SIGNING, did("Pavel", GiveEndorsement(document=D1)))
MINE = signature("Pavel", "D1")
ADOPTED = (*ISSUED, did("Rin", CallConsensus("edition", document=D1)), did("Rin", DeclareOutcome(Q1)))
SUMMARY = DraftDocument("What was said", "co-chairs' summary", preamble="It was said.", disclaimer="Ours alone.",
                        authors=(who("Rin"), who("Maral")))  # fmt: skip


def test_recommendations_are_drafted_without_authors_and_a_summary_with_them_and_a_disclaimer():
    given().when(DraftDocument("Recommendations", preamble="We met."), by="Office").then(
        DocumentDrafted, document="D1", kind="recommendations", preamble="We met.", numbered=True
    )
    given().when(SUMMARY).then(DocumentDrafted, kind="co-chairs' summary", authors=("Rin", "Maral"))
    for kind in ("co-chairs' summary", "meeting report"):
        given().when(DraftDocument("S", kind, authors=(who("Rin"),))).refused("unfit", "disclaimer")
        given().when(DraftDocument("S", kind, disclaimer="Ours.")).refused("unfit", "authors")
    given().when(DraftDocument("S", authors=(who("N99"),))).refused("unknown")


def test_a_draft_is_revised_and_what_is_not_given_stays():
    revised = given(*DRAFTED).when(ReviseDocument(D1, title="Proposals"), by="Office")
    revised.then(DocumentRevised, title="Proposals", preamble="We met.").then_nothing()
    revised.when(ReviseDocument(D1, title="Proposals"), by="Office").then_nothing()
    frame = {"subtitle": "A subtitle", "preamble": "We met.", "acknowledgement": "Thanks.", "disclaimer": "Not ours."}
    for member, words in frame.items():
        other = given(*DRAFTED, did("Office", ReviseDocument(D1, **{**frame, member: "Something else."})))
        other.when(ReviseDocument(D1, **{member: words}), by="Office").then(DocumentRevised, **frame)
    given().when(ReviseDocument(D1), by="Office").refused("unknown", "document")


def test_an_adopted_document_is_frozen_but_for_editorial_changes_with_notice():
    story = given(*ADOPTED)
    story.when(ReviseDocument(D1, title="Proposals"), by="Office").refused("decided", "D1")
    story.when(OrderItems(D1, GROUPS[:1]), by="Office").refused("decided")
    moved = story.when(ReviseProposal(P1, "Other words."), by="Tuya").then_accepted()
    moved.when(IssueEdition(D1), by="Office").refused("decided", "issue a correction instead")
    ruled = moved.when(RuleOnChange("editorial", "a slip", P1)).then_accepted()
    ruled.when(IssueEdition(D1), by="Office").then(EditionIssued, change="editorial")


def test_items_are_ordered_by_theme_each_once_and_only_living_ones():
    ordered = given(*DRAFTED).when(OrderItems(D1, GROUPS), by="Rin").then(ItemsOrdered, groups=GROUPS)
    ordered.when(OrderItems(D1, GROUPS), by="Rin").then_nothing()
    twice = (Group("Sea", (P1,)), Group("Land", (P1,)))
    given(*DRAFTED).when(OrderItems(D1, twice)).refused("unfit", "once")
    given(*DRAFTED, did("Tuya", WithdrawProposal(P1))).when(OrderItems(D1, GROUPS)).refused("closed", "P1")
    given(*DRAFTED).when(OrderItems(D1, (Group("two\nlines", (P1,)),))).refused("unfit", "groups[0].theme")


def test_items_are_numbered_in_order_or_as_they_are_renumbered():
    issued = given(*ORDERED).when(IssueEdition(D1), by="Office").then(EditionIssued, version=1, change="substantive")
    assert [(i.proposal, i.number, i.theme) for i in issued.find(Document, D1).items] == [
        (P2, "1", "Sea"),
        (P1, "2", ""),
    ]
    numbers = (Numbered(P2, "4 bis"), Numbered(P1, "7"))
    renumbered = issued.when(RenumberItems(D1, numbers), by="Office").then(ItemsRenumbered, numbers=numbers)
    renumbered.when(RenumberItems(D1, numbers), by="Office").then_nothing()
    second = renumbered.when(IssueEdition(D1), by="Office").then(EditionIssued, version=2, change="editorial")
    assert [item.number for item in second.find(Document, D1).items] == ["4 bis", "7"]


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ((Numbered(P1, "1"), Numbered(P2, "1")), "unfit"),
        ((Numbered(P1, "x" * 17),), "unfit"),
        ((Numbered(P1, " "),), "unfit"),
        ((Numbered(thing("P9"), "1"),), "unknown"),
    ],
)
def test_numbers_are_short_and_unlike_and_of_items_in_the_document(numbers, code):
    given(*ORDERED).when(RenumberItems(D1, numbers), by="Office").refused(code)


def test_an_edition_s_manifest_names_every_text_by_its_digest():
    issued = given(*ORDERED).when(IssueEdition(D1), by="Office").then(EditionIssued)
    manifest = json.loads(issued.entries[-1].fact.text.words)
    assert manifest == {
        "kind": "recommendations",
        "title": "Recommendations",
        "preamble": digest("We met."),
        "edition": 1,
        "items": [
            {"number": "1", "theme": "Sea", "title": "Линии", "text": digest(OTHER)},
            {"number": "2", "theme": "", "title": "Hotlines", "text": digest(WORDS)},
        ],
    }


def test_an_edition_is_issued_when_something_changed_and_there_is_something():
    given(*ISSUED).when(IssueEdition(D1), by="Office").then_nothing()
    given(did("Office", DraftDocument("Empty"))).when(IssueEdition(D1), by="Office").refused("empty")
    given(*ORDERED, did("Tuya", WithdrawProposal(P1))).when(IssueEdition(D1), by="Office").refused("closed", "P1")
    given(*ISSUED, did("Rin", OrderItems(D1, GROUPS[::-1]))).when(IssueEdition(D1), by="Office").then(
        EditionIssued, change="substantive"
    )


def test_a_document_or_an_item_is_opened_and_closed_for_signature():
    opened = given(*ISSUED).when(OpenForSignature(D1, closes=hours(9))).then(OpenedForSignature, closes=hours(9))
    opened.when(OpenForSignature(D1, closes=hours(9))).then_nothing()
    closed = opened.when(CloseForSignature(D1)).then(ClosedForSignature, document="D1")
    closed.when(CloseForSignature(D1)).then_nothing()
    item = given(*ITEMS).when(OpenForSignature(proposal=P1)).then(ItemOpenedForSignature, proposal="P1")
    item.when(OpenForSignature(proposal=P1)).then_nothing()
    item.when(CloseForSignature(proposal=P1)).then(ItemClosedForSignature).when(
        CloseForSignature(proposal=P1)
    ).then_nothing()
    assert item.find(Proposal, P1).status == "open", "signed without a call it is signed, never adopted"


def test_what_is_opened_for_signature_is_one_thing_and_is_whole():
    story = given(*DRAFTED, did("Tuya", ReviseProposal(P1, "Open [one / two] hotlines.")))
    story.when(OpenForSignature()).refused("unfit", "one item, or one document")
    story.when(OpenForSignature(D1, P1)).refused("unfit")
    story.when(CloseForSignature()).refused("unfit")
    story.when(OpenForSignature(D1)).refused("no-edition")
    story.when(OpenForSignature(proposal=P1)).refused("brackets", "[one / two]")
    story.when(OpenForSignature(proposal=P2, closes=hours(-1))).refused("unfit", "before the opening")
    ordered = given(*ORDERED, did("Tuya", ReviseProposal(P1, "Open [one / two].")), did("Office", IssueEdition(D1)))
    ordered.when(OpenForSignature(D1)).refused("brackets", "item 2")


def test_an_embargo_is_set_before_publication_and_moved_while_it_holds():
    embargoed = given(*SIGNING).when(SetEmbargo(D1, hours(50)), by="Office").then(EmbargoSet, until=hours(50))
    embargoed.when(SetEmbargo(D1, hours(50)), by="Office").then_nothing()
    published = embargoed.when(PublishDocument(D1), by="Office").then(DocumentPublished, edition=1)
    published.when(SetEmbargo(D1, hours(60)), by="Office").then(EmbargoSet)
    published.when(SetEmbargo(D1, hours(90)), by="Office", at=hours(50)).refused("published")
    published.when(SetEmbargo(D1, hours(90)), by="Office", at=hours(51)).refused("published", "public already")
    given(*SIGNING, did("Office", PublishDocument(D1))).when(SetEmbargo(D1, hours(50)), by="Office").refused(
        "published"
    )


def test_opening_a_document_for_signature_leaves_the_call_on_it_open():
    story = given(*ISSUED, did("Rin", CallConsensus("edition", document=D1)))
    opened = story.when(OpenForSignature(D1)).then(OpenedForSignature).then_nothing()
    assert opened.find(Document, D1).call == Q1


# ------------------------------------------------------------------ publishing


def test_what_was_opened_for_signature_is_published_once_an_edition():
    published = given(*SIGNED).when(PublishDocument(D1), by="Office").then(DocumentPublished, document="D1", edition=1)
    published.when(PublishDocument(D1), by="Office").then_nothing()


def test_what_was_signed_and_closed_is_published_and_what_changed_in_substance_since_is_not():
    closed = (*SIGNED, did("Rin", CloseForSignature(D1)))
    given(*closed).when(PublishDocument(D1), by="Office").then(DocumentPublished, edition=1)
    changed = (did("Tuya", ReviseProposal(P1, "Close every hotline.")), did("Office", IssueEdition(D1)))
    given(*closed, *changed).when(PublishDocument(D1), by="Office").refused("not-ready", "neither adopted nor opened")
    given(*SIGNED, *changed, did("Rin", CloseForSignature(D1))).when(PublishDocument(D1), by="Office").then(
        DocumentPublished, edition=2
    )
    published = (*closed, did("Office", PublishDocument(D1)))
    given(*published, *changed).when(PublishDocument(D1), by="Office").refused("not-ready", "neither adopted nor")
    corrected = given(*published, did("Office", IssueCorrection(D1, "a typo", P1, "Open one hotline.")), waited(80))
    corrected.when(PublishDocument(D1), by="Office").then(DocumentPublished, edition=2)


def test_no_bracket_is_open_in_the_preamble_of_what_is_signed_adopted_or_published():
    draft = did("Office", DraftDocument("Recommendations", preamble="We [agree / demand]."))
    issued = (*ITEMS, draft, did("Office", OrderItems(D1, GROUPS)), did("Office", IssueEdition(D1)))
    for command in (OpenForSignature(D1), CallConsensus("edition", document=D1)):
        given(*issued).when(command).refused("brackets", "the preamble", "[agree / demand]")
    settled = did("Office", ReviseDocument(D1, preamble="We agree."))
    given(*issued, settled).when(OpenForSignature(D1)).refused(
        "brackets", "the preamble"
    )  # it is the draft's, not the edition's
    reissued = given(*issued, settled, did("Office", IssueEdition(D1))).when(OpenForSignature(D1)).then_accepted()
    drafting = reissued.when(ReviseDocument(D1, preamble="We [agree / urge]."), by="Office").then_accepted()
    drafting.when(PublishDocument(D1), by="Office").then(DocumentPublished, edition=2)
    again = drafting.when(IssueEdition(D1), by="Office").then_accepted()
    again.when(PublishDocument(D1), by="Office").refused("not-ready", "brackets are open in the preamble")


def test_recommendations_are_published_adopted_or_opened_for_signature_and_a_summary_without_either():
    given(*ISSUED).when(PublishDocument(D1), by="Office").refused("not-ready", "neither adopted nor opened")
    given(*ADOPTED).when(PublishDocument(D1), by="Office").then(DocumentPublished)
    adopted = [did("Rin", CallConsensus(proposal=item)) for item in (P1, P2)]
    declared = [did("Rin", DeclareOutcome(call)) for call in (Q1, thing("Q2"))]
    given(*ISSUED, *adopted, *declared).when(PublishDocument(D1), by="Office").then(DocumentPublished)
    given(did("Rin", SUMMARY), did("Office", IssueEdition(D1))).when(PublishDocument(D1), by="Office").then(
        DocumentPublished
    )


def test_every_reason_against_publishing_is_told_at_once():
    given(*DRAFTED).when(PublishDocument(D1), by="Office").refused("not-ready", "no edition of D1")
    steps = (*ORDERED, did("Tuya", ReviseProposal(P1, "Open [one / two] hotlines.")), did("Office", IssueEdition(D1)))
    story = given(*steps, did("Rin", CallConsensus(proposal=P2)))
    refusal = story.when(PublishDocument(D1), by="Office").refused("not-ready", "Q1 is open on P2", "item 2", "neither")
    assert str(refusal.refusal).count(";") >= 2


def test_publication_waits_out_the_notice_of_an_editorial_change_to_its_last_instant():
    steps = (*SIGNED, did("Tuya", ReviseProposal(P1, WORDS.replace("hotlin ", "hotline "))))
    story = given(
        *steps, did("Rin", RuleOnChange("editorial", "a slip", P1)), did("Office", IssueEdition(D1), at=hours(1))
    )
    story.when(PublishDocument(D1), by="Office", at=hours(73)).refused("not-ready", "until 2026-03-05 13:00 UTC")
    story.when(PublishDocument(D1), by="Office", at=hours(73) + timedelta(microseconds=1)).then(DocumentPublished)


def test_publication_waits_out_the_notice_to_those_who_signed_an_item_by_itself():
    opened = (did("Rin", OpenForSignature(proposal=P1)), did("Rin", CloseForSignature(proposal=P1)))
    changed = (did("Tuya", ReviseProposal(P1, "Open a hotline.")), did("Rin", RuleOnChange("editorial", "a slip", P1)))
    issued = (did("Office", IssueEdition(D1)), did("Rin", OpenForSignature(D1)))
    given(*ORDERED, *opened, *changed, *issued).when(PublishDocument(D1), by="Office").refused("not-ready", "of P1 may")
    given(*ORDERED, *changed, *issued).when(PublishDocument(D1), by="Office").then(DocumentPublished)


# ------------------------------------------------------------------ correcting


def test_a_correction_of_an_adopted_item_is_a_new_edition_an_editorial_ruling_and_a_notice():
    steps = (*SIGNED, did("Rin", CallConsensus(proposal=P1)), did("Rin", DeclareOutcome(Q1)))
    fixed = WORDS.replace("hotlin ", "hotline ")
    corrected = given(*steps).when(IssueCorrection(D1, "a typo", P1, fixed), by="Office", at=hours(5))
    corrected.then(TextCorrected, version=2, title="Hotlines", text=fixed)
    corrected.then(RulingGiven, proposal="P1", version=2, change="editorial", notice_until=hours(77))
    corrected.then(CorrectionIssued, version=2, change="editorial", reason="a typo", proposal="P1")
    corrected.then(RulingGiven, document="D1", version=2, change="editorial", notice_until=hours(77)).then_nothing()
    document = corrected.find(Document, D1)
    assert [item.text.sha256 for item in document.items] == [digest(OTHER), digest(fixed)]
    assert corrected.find(Endorsement, MINE).standing(document.versions) == "stands"
    assert corrected.find(Proposal, P1).status == "adopted"
    corrected.when(IssueCorrection(D1, "a typo", P1, fixed), by="Office").then_nothing()


def test_a_summary_is_corrected_for_a_period_after_its_edition_and_a_recommendation_at_any_time():
    summary = (*ITEMS, did("Rin", SUMMARY), did("Office", OrderItems(D1, GROUPS)), did("Office", IssueEdition(D1)))
    erratum = IssueCorrection(D1, "a typo", P1, "Open one hotline.")
    story = given(*summary, correction_hours=48)
    issued = story.entries[-1].time
    story.when(erratum, by="Office", at=issued + timedelta(hours=48)).then_accepted()
    after = issued + timedelta(hours=48, microseconds=1)
    story.when(erratum, by="Office", at=after).refused("too-late", "48 hours", "issue a new edition")
    waits = given(*summary, waited(60), correction_hours=48)
    waits.when(erratum, by="Office", at=issued + timedelta(hours=9), basis="email").then_accepted()
    more = story.when(erratum, by="Office", at=issued + timedelta(hours=40)).then_accepted()
    second = IssueCorrection(D1, "another typo", P2, "Открыть одну линию.")
    more.when(second, by="Office", at=after).refused("too-late")  # a correction does not prolong the period
    anew = (waited(60), did("Pavel", ReviseProposal(P2, "Открыть линии.")), did("Office", IssueEdition(D1)))
    given(*summary, *anew, correction_hours=48).when(erratum, by="Office").then_accepted()
    given(*SIGNED, waited(60), correction_hours=48).when(erratum, by="Office").then_accepted()


def test_a_correction_that_the_co_chairs_find_substantive_lapses_what_it_kept():
    corrected = (
        given(*SIGNED).when(IssueCorrection(D1, "a typo", P1, "Close every hotline."), by="Office").then_accepted()
    )
    ruled = corrected.when(RuleOnChange("substantive", "the very opposite", P1)).then(RulingGiven, editions=("D1",))
    assert ruled.find(Endorsement, MINE).standing(ruled.find(Document, D1).versions) == "lapsed"


def test_a_correction_voids_a_call_on_the_item_and_on_the_document():
    steps = (did("Rin", CallConsensus(proposal=P1)), did("Rin", CallConsensus("edition", document=D1)))
    corrected = given(*SIGNED, *steps).when(IssueCorrection(D1, "a typo", P1, "Open a hotline."), by="Office")
    voided = [entry.fact.call for entry in corrected.left if isinstance(entry.fact, CallVoided)]
    assert voided == [Q1, thing("Q2")]


def test_a_notice_that_runs_is_not_cut_short_by_that_of_a_later_edition():
    issue, number = did("Office", IssueEdition(D1)), did("Office", RenumberItems(D1, (Numbered(P1, "4 bis"),)))
    hasty = did("Rin", AgreeSettings(Settings(chairs="any", notice_hours=1)))
    first = given(*SIGNED, number, issue)
    running = first.find(Document, D1).notice_until
    second = given(*SIGNED, number, issue, hasty, did("Office", RenumberItems(D1, (Numbered(P1, "5"),))), issue)
    assert second.find(Document, D1).notice_until == running
    second.when(PublishDocument(D1), by="Office", at=hours(3)).refused("not-ready", "signatories may object")


def test_a_correction_opens_no_bracket():
    for steps in (ISSUED, (*ISSUED, did("Rin", CallConsensus(proposal=P1)), did("Rin", DeclareOutcome(Q1)))):
        opened = given(*steps).when(IssueCorrection(D1, "a typo", P1, "Open [one / two] hotlines."), by="Office")
        opened.refused("brackets", "[one / two]")


def test_an_adopted_document_has_no_edition_with_an_open_bracket():
    bracketed = did("Rin", BracketText(P1, WORDS.replace("one", "[one / two]")))
    story = given(*ADOPTED, bracketed, did("Rin", RuleOnChange("editorial", "only a mark", P1)))
    story.when(IssueEdition(D1), by="Office").refused("brackets", "[one / two]")


def test_a_signatory_s_line_is_corrected_and_every_signature_stands():
    corrected = given(*SIGNED).when(
        IssueCorrection(D1, "misspelt", endorsement=MINE, name=Personal("Pavel ORLIN")), by="Office"
    )
    corrected.then(CorrectionIssued, version=2, endorsement=MINE, name=Personal("Pavel ORLIN", who("Pavel")))
    corrected.then_nothing()
    assert corrected.find(Endorsement, MINE).standing(corrected.find(Document, D1).versions) == "stands"


def test_a_correction_says_what_is_corrected_in_an_edition():
    given(*DRAFTED).when(IssueCorrection(D1, "a typo", P1, "x"), by="Office").refused("no-edition")
    story = given(*SIGNED, did("Tuya", SubmitProposal("Third", "A third.")))
    story.when(IssueCorrection(D1, "a typo"), by="Office").refused("unfit", "say what is corrected")
    story.when(IssueCorrection(D1, "a typo", P1), by="Office").refused("unfit")
    story.when(IssueCorrection(D1, "a typo", thing("P3"), "x"), by="Office").refused("unknown", "P3")
    story.when(IssueCorrection(D1, "a typo", endorsement=MINE), by="Office").refused(
        "unfit", "the name or the descriptor"
    )
    story.when(IssueCorrection(D1, "a typo", endorsement=signature("Tuya", "D1")), by="Office").refused("unknown")
    item = (did("Rin", OpenForSignature(proposal=P1)), did("Pavel", GiveEndorsement(P1)))
    elsewhere = IssueCorrection(D1, "a typo", endorsement=signature("Pavel", "P1"), name=Personal("P"))
    given(*SIGNED, *item).when(elsewhere, by="Office").refused("unknown", "under this document")


@pytest.mark.parametrize("moved", [ReviseProposal(P1, WORDS, "Other title"), MoveItem(P1, "Land")])
def test_a_correction_takes_no_new_title_or_theme_along_as_editorial(moved):
    story = given(*SIGNED, did("Rin", moved))
    story.when(IssueCorrection(D1, "a typo", P1, "Open one hotline."), by="Office").refused("outdated")


def test_an_item_that_has_moved_since_its_edition_is_not_corrected_back():
    story = given(*SIGNED, did("Tuya", ReviseProposal(P1, "Open ten hotlines.")))
    story.when(IssueCorrection(D1, "a typo", P1, "Open one hotline."), by="Office").refused("outdated", "new edition")


# ------------------------------------------------------------------ minority views


def test_a_minority_view_is_bound_to_a_document_by_one_of_those_who_hold_it():
    attached = given(*ISSUED).when(AttachMinorityView(D1, "We differ.", "A view"), by="Tuya")
    attached.then(MinorityViewAttached, view=1, words="We differ.", holders=("Tuya",), title="A view")
    both = attached.when(AttachMinorityView(D1, "So do we.", holders=(who("Pavel"), who("Seoyun"))), by="Pavel")
    both.then(MinorityViewAttached, view=2, holders=("Pavel", "Seoyun"))
    attached.when(AttachMinorityView(D1, "They differ.", holders=(who("Pavel"),)), by="Tuya").refused("not-yours")
    attached.when(AttachMinorityView(D1, "We.", holders=(who("Tuya"), who("N99"))), by="Tuya").refused("unknown")
    given(waited(1)).when(AttachMinorityView(D1, "We differ."), by="Tuya").refused("unknown", "document")


def test_a_document_has_the_attribution_it_was_drafted_with_or_else_the_dialogue_s_own():
    for setting in ("attributed", "chatham-house", "closed"):
        story = given(*ITEMS, documents=setting)
        assert story.when(DraftDocument("Notes"), by="Office").find(Document, D1).attribution == setting
        for chosen in ("attributed", "chatham-house", "closed"):
            drafted = story.when(DraftDocument("Notes", attribution=chosen), by="Office")
            assert drafted.find(Document, D1).attribution == chosen
    [entry] = given(*ITEMS).when(DraftDocument("Notes"), by="Office").left
    assert entry.fact.attribution is None


def test_a_closed_document_is_issued_and_signed_and_circulated_but_not_published():
    steps = (did("Office", DraftDocument("Notes", attribution="closed")), *ISSUED[len(DRAFTED) :])
    story = given(*ITEMS, *steps, did("Rin", OpenForSignature(D1)), did("Pavel", GiveEndorsement(document=D1)))
    story.when(Circulate(D1, (who("Committee"),)), by="Office").then(DocumentCirculated)
    story.when(PublishDocument(D1), by="Office").refused("not-ready", "it is closed")
