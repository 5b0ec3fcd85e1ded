import pytest

from dialogue.call import ConsensusNotReached, ConsensusReached
from dialogue.consensus import CallConsensus, DeclareOutcome, TakePosition
from dialogue.document import Document, EditionIssued, Group
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.endorsement import Endorsement
from dialogue.issuing import DraftDocument, IssueEdition, OpenForSignature, OrderItems
from dialogue.proposal import Proposal
from dialogue.ruling import (
    ChallengeRuling,
    RuleOnChange,
    Ruling,
    RulingChallenged,
    RulingGiven,
    RulingOverturned,
    RulingUpheld,
)
from dialogue.signing import GiveEndorsement, ReaffirmEndorsement
from spec import did, given, hours, signature, thing, waited

P1, D1, R1, Q1 = thing("P1"), thing("D1"), thing("R1"), thing("Q1")
WORDS = "Open one hotline between the coast guards."
SIGNED = (
    did("Tuya", SubmitProposal("Hotlines", WORDS)),
    did("Rin", OpenForSignature(proposal=P1)),
    did("Pavel", GiveEndorsement(proposal=P1)),
)
REVISED = (*SIGNED, did("Tuya", ReviseProposal(P1, WORDS.replace("one", "two"))))
EDITORIAL = (*REVISED, did("Rin", RuleOnChange("editorial", "a slip", P1)))
CHALLENGED = (*EDITORIAL, did("Tuya", ChallengeRuling(R1, "two is not one")))
CALLED = (*CHALLENGED, did("Rin", CallConsensus("ruling", ruling=R1)))


def standing(story, subject="P1", name="Pavel"):
    state = story.find(Proposal, thing(subject)) if subject[0] == "P" else story.find(Document, thing(subject))
    return story.find(Endorsement, signature(name, subject)).standing(state.versions)


def test_a_change_that_nobody_ruled_on_is_substantive_and_lapses_signatures():
    assert standing(given(*SIGNED)) == "stands"
    assert standing(given(*REVISED)) == "lapsed"


def test_a_change_ruled_editorial_keeps_signatures_and_gives_notice():
    ruled = given(*REVISED).when(RuleOnChange("editorial", "a slip", P1), at=hours(1))
    ruled.then(RulingGiven, ruling="R1", version=2, change="editorial", reason="a slip", notice_until=hours(73))
    assert standing(ruled) == "stands"
    short = given(*REVISED, notice_hours=1).when(RuleOnChange("editorial", "a slip", P1), at=hours(1))
    short.then(RulingGiven, notice_until=hours(2))


def test_a_notice_that_runs_is_not_cut_short_by_a_ruling_entered_for_an_earlier_day():
    again = did("Tuya", ReviseProposal(P1, WORDS.replace("one", "three")))
    story = given(*EDITORIAL, again)
    until = story.find(Proposal, P1).notice_until
    ruled = story.when(RuleOnChange("editorial", "again", P1), at=hours(-100), basis="room").then(
        RulingGiven, version=3
    )
    assert ruled.find(Proposal, P1).notice_until == until


def test_a_ruling_says_substantive_once_and_gives_no_notice():
    ruled = given(*REVISED).when(RuleOnChange("substantive", "another number", P1))
    ruled.then(RulingGiven, change="substantive", notice_until=None)
    assert standing(ruled) == "lapsed"
    ruled.when(RuleOnChange("substantive", "again", P1)).then_nothing()


@pytest.mark.parametrize("version", [-1, 0, 1, 3])
def test_a_ruling_is_on_a_change_that_was_made(version):
    given(*REVISED).when(RuleOnChange("editorial", "a slip", P1, version=version)).refused(
        "no-version", "versions 2 to 2"
    )
    given(*REVISED[:1]).when(RuleOnChange("editorial", "a slip", P1)).refused("no-version", "it never changed")


def test_a_ruling_is_on_one_thing_and_has_a_reason():
    given(*REVISED).when(RuleOnChange("editorial", "a slip")).refused("unfit", "one item, or of one document")
    given(*REVISED).when(RuleOnChange("editorial", "", P1)).refused("unfit", "reason")
    drafted = given(did("Office", DraftDocument("Recommendations")))
    drafted.when(RuleOnChange("editorial", "a slip", document=D1)).refused("no-edition")


def test_an_earlier_change_is_ruled_on_by_its_version():
    story = given(*REVISED, did("Tuya", ReviseProposal(P1, WORDS)))
    first = story.when(RuleOnChange("editorial", "a slip", P1, version=2)).then(RulingGiven, version=2)
    assert standing(first) == "lapsed", "version 3 was not ruled on"
    both = first.when(RuleOnChange("editorial", "and back", P1)).then(RulingGiven, version=3)
    assert standing(both) == "stands"


def test_any_participant_challenges_a_ruling_once_and_observers_do_not():
    challenged = given(*EDITORIAL).when(ChallengeRuling(R1, "not one"), by="Seoyun").then(RulingChallenged)
    challenged.when(ChallengeRuling(R1, "not one"), by="Tuya").then_nothing()
    given(*EDITORIAL).when(ChallengeRuling(R1, "no"), by="Observer").refused("role")
    given(*EDITORIAL).when(ChallengeRuling(thing("R9"), "no"), by="Tuya").refused("unknown", "ruling")
    assert standing(challenged) == "stands", "a challenge alone changes nothing"


def test_an_overturned_ruling_lapses_the_signatures_that_rested_on_it_from_then_on():
    overturned = given(*CALLED, did("Tuya", TakePosition(Q1, "agree"))).when(DeclareOutcome(Q1))
    overturned.then(ConsensusReached, about="ruling", ruling="R1")
    overturned.then(RulingOverturned, ruling="R1", version=2, change="substantive", decision="Q1").then_nothing()
    assert standing(overturned) == "lapsed"
    assert overturned.find(Ruling, R1).status == "overturned"
    reaffirmed = overturned.when(ReaffirmEndorsement(signature("Pavel", "P1")), by="Pavel").then_accepted()
    assert standing(reaffirmed) == "stands"


def test_a_ruling_that_is_not_overturned_is_upheld():
    upheld = given(*CALLED, did("Tuya", TakePosition(Q1, "object", "fine"))).when(DeclareOutcome(Q1))
    upheld.then(ConsensusNotReached, ruling="R1").then(RulingUpheld, decision="Q1").then_nothing()
    assert standing(upheld) == "stands"
    upheld.when(ChallengeRuling(R1, "again"), by="Tuya").refused("decided", "R1 has been upheld")


@pytest.mark.parametrize(("position", "change"), [("agree", "editorial"), ("object", "substantive")])
def test_what_the_dialogue_decided_on_a_ruling_the_co_chairs_do_not_rule_on_anew(position, change):
    story = given(*CALLED, did("Tuya", TakePosition(Q1, position, "so")), did("Rin", DeclareOutcome(Q1)))
    story.when(RuleOnChange(change, "after all", P1)).refused("decided", "R1")


def test_a_challenged_ruling_is_for_the_dialogue_to_decide_and_not_replaced_by_the_co_chairs():
    for change in ("editorial", "substantive"):
        given(*CHALLENGED).when(RuleOnChange(change, "after all", P1)).refused("challenged", "R1 has been challenged")


def test_a_ruling_that_another_took_the_place_of_is_challenged_no_more():
    story = given(*EDITORIAL, did("Rin", RuleOnChange("substantive", "on reflection", P1)))
    story.when(ChallengeRuling(R1, "no"), by="Tuya").refused("replaced", "R2 has taken the place of R1")
    story.when(ChallengeRuling(thing("R2"), "no"), by="Tuya").then(RulingChallenged)


def test_a_substantive_ruling_overturned_makes_the_change_editorial_with_notice():
    ruled = (*REVISED, did("Rin", RuleOnChange("substantive", "another number", P1)))
    story = given(*ruled, did("Tuya", ChallengeRuling(R1, "a slip")), did("Rin", CallConsensus("ruling", ruling=R1)),
                  did("Tuya", TakePosition(Q1, "agree")))  # fmt: skip
    overturned = story.when(DeclareOutcome(Q1), at=hours(10)).then(ConsensusReached)
    overturned.then(RulingOverturned, change="editorial", notice_until=hours(82))
    assert (standing(overturned), overturned.find(Proposal, P1).notice_until) == ("stands", hours(82))


# ------------------------------------------------------------------ editions that rest on rulings

DOCUMENT = (
    *SIGNED,
    did("Office", DraftDocument("Recommendations")),
    did("Office", OrderItems(D1, (Group("", (P1,)),))),
    did("Office", IssueEdition(D1)),
    did("Rin", OpenForSignature(D1)),
    did("Seoyun", GiveEndorsement(document=D1)),
)
SECOND = (
    *DOCUMENT,
    did("Tuya", ReviseProposal(P1, WORDS.replace("one", "two"))),
    did("Rin", RuleOnChange("editorial", "a slip", P1)),
    did("Office", IssueEdition(D1)),
)


def test_an_edition_that_differs_by_editorial_changes_only_is_editorial_and_gives_notice_anew():
    story = given(*SECOND[:-1], waited(200))
    issued = story.when(IssueEdition(D1), by="Office", at=hours(201))
    issued.then(EditionIssued, version=2, change="editorial", notice_until=hours(273)).then_nothing()
    assert standing(issued, "D1", "Seoyun") == "stands"
    assert issued.find(Document, D1).notice_until == hours(273)


def test_an_edition_with_a_change_nobody_ruled_on_lapses_the_signatures_under_the_one_before():
    unruled = given(*SECOND[:-2]).when(IssueEdition(D1), by="Office")
    unruled.then(EditionIssued, change="substantive", notice_until=None, rests=())
    assert standing(unruled, "D1", "Seoyun") == "lapsed"


def test_an_overturned_ruling_makes_the_editions_that_rested_on_it_substantive_too():
    challenged = (did("Tuya", ChallengeRuling(R1, "no")), did("Rin", CallConsensus("ruling", ruling=R1)))
    story = given(*SECOND, *challenged, did("Tuya", TakePosition(Q1, "agree")))
    assert standing(story, "D1", "Seoyun") == "stands"
    overturned = story.when(DeclareOutcome(Q1)).then(ConsensusReached).then(RulingOverturned, editions=("D1",))
    assert standing(overturned, "D1", "Seoyun") == "lapsed"


def test_a_change_ruled_substantive_after_all_takes_its_editions_along():
    story = given(*SECOND)
    ruled = story.when(RuleOnChange("substantive", "on reflection", P1)).then(RulingGiven, editions=("D1",))
    assert (standing(ruled), standing(ruled, "D1", "Seoyun")) == ("lapsed", "lapsed")


def test_an_edition_is_ruled_on_like_an_item():
    story = given(*SECOND[:-2], did("Office", IssueEdition(D1)))
    ruled = story.when(RuleOnChange("editorial", "a slip", document=D1)).then(RulingGiven, document="D1", version=2)
    assert standing(ruled, "D1", "Seoyun") == "stands"
    assert standing(ruled) == "lapsed", "the item itself was not ruled on"
