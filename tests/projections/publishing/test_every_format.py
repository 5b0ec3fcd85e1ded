"""Whatever happens, no format prints a name that does not stand."""

from __future__ import annotations

import json

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from accord import COUNTER, FORMATS, FORMATS_OF_API, NAMES, SIGNERS, changed, corrected, drafted, names, page, signature
from dialogue.fact import Command, Refused, Unknown
from dialogue.releasing import PublishDocument
from dialogue.ruling import RuleOnChange
from dialogue.signing import (
    ConsentToPublication,
    GiveEndorsement,
    ObjectToChange,
    ReaffirmEndorsement,
    WithdrawConsent,
    WithdrawEndorsement,
)
from dialogue.voiding import MarkEnteredInError
from door import Door
from house import START, House
from projections import signatories
from projections.audience import PUBLIC
from projections.publish import markdown
from projections.publish.publication import Publication
from projections.reading.document import read_document


class Model:
    """Rule 1 by itself, in plain dictionaries: who may be named under which edition."""

    def __init__(self) -> None:
        self.kinds = {1: "substantive"}
        self.heard: dict[int, int] = {}  # until when objections to an editorial edition are heard, in hours
        self.hour = 0
        self.signed: dict[str, set[int]] = {}  # the editions that somebody has put their name to
        self.objected: dict[str, set[int]] = {}  # the editions that somebody objects to
        self.silent: set[str] = set()  # those who do not agree to be named

    @property
    def edition(self) -> int:
        return max(self.kinds)

    def reach(self, name: str, edition: int) -> set[int]:
        """The editorial editions between this one and the last that somebody signed at or before it."""
        last = max(one for one in self.signed[name] if one <= edition)
        return set(range(last + 1, edition + 1))

    def stands(self, name: str, edition: int) -> bool:
        if not any(one <= edition for one in self.signed.get(name, ())):
            return False
        between = self.reach(name, edition)
        return all(self.kinds[one] == "editorial" for one in between) and not between & self.objected.get(name, set())

    def in_time(self, name: str, edition: int) -> set[int]:
        """The editions up to this one that somebody may still object to."""
        return {one for one in self.reach(name, edition) if self.heard.get(one, -1) >= self.hour}

    def waits(self, name: str, edition: int) -> bool:
        return bool(self.in_time(name, edition))

    def printed(self) -> tuple[int, set[str]]:
        """The edition that is published now without asking for one, and the names in it."""
        edition = self.edition
        while self.waited_for(edition):
            edition -= 1
        return edition, self.named(edition)

    def waited_for(self, edition: int) -> bool:
        return any(self.stands(name, edition) and self.waits(name, edition) for name in SIGNERS)

    def named(self, edition: int) -> set[str]:
        return {name for name in SIGNERS if self.stands(name, edition)} - self.silent


STEP = st.one_of(
    st.tuples(
        st.sampled_from(["sign", "sign", "enter", "void", "withdraw", "object", "reaffirm", "hide", "show"]),
        st.sampled_from(SIGNERS),
    ),
    st.tuples(st.sampled_from(["correct", "correct", "change", "overrule", "wait", "publish"]), st.just("")),
)


# A failure is shown as it was found: to make it smaller would replay histories for minutes.
@settings(deadline=None, max_examples=30, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(steps=st.lists(STEP, min_size=5, max_size=14))
def test_no_format_prints_a_name_whose_signature_does_not_stand(door: Door, steps: list[tuple[str, str]]) -> None:
    house, model = door.house, Model()
    house.now = START
    house.open(f"Invented history {next(COUNTER)}")
    drafted(house)
    for verb, name in steps:
        step(house, model, verb, name)
        edition, expected = model.printed()
        found = page(house)
        assert found.edition == edition, (verb, name)
        names_just_these(found, expected)
    for edition in range(1, model.edition + 1):
        if model.waited_for(edition):
            with pytest.raises(Refused, match="may object"):
                page(house, edition)
        else:
            names_just_these(page(house, edition), model.named(edition))
        lists_just_these(house, model, edition)
    prints_just_these(door, model, max(1, model.edition - 1))  # under the last one a notice mostly runs


def lists_just_these(house: House, model: Model, edition: int) -> None:
    """Demands that the list of signatories has these names standing; for the public, those who may be printed."""
    document = house.thing("D1")
    with house.reading() as reading:
        listed = signatories.page(reading, document, version=edition).items
        assert {one["name"] for one in listed if one["standing"] == "stands"} == {
            NAMES[name] for name in SIGNERS if model.stands(name, edition)
        }
        reading.audience = PUBLIC
        told = json.dumps(signatories.page(reading, document, version=edition).items, ensure_ascii=False)
    expected = {name for name in model.named(edition) if not model.waits(name, edition)}
    assert {name for name in SIGNERS if NAMES[name] in told} == expected


def prints_just_these(door: Door, model: Model, edition: int) -> None:
    """Demands the same of `dialogue publish`, long after; and of the API now."""
    house = door.house
    here, number = str(house.dialogue), str(edition)
    outs = [house.run("publish", here, "--edition", number, "--format", form) for form in ("markdown", "html", "json")]
    for out in outs:
        assert out.exit_code == 0, out.stderr
        assert {one for one in SIGNERS if NAMES[one] in out.stdout} == model.named(edition)
    for media in FORMATS_OF_API:
        for reader in (None, "Office"):
            answer = door.get(f"documents/D1/editions/{number}", by=reader, headers={"Accept": media})
            if answer.status_code == 200:
                assert not model.waited_for(edition)
            shown = {one for one in SIGNERS if NAMES[one] in answer.text}
            assert shown == (model.named(edition) if answer.status_code == 200 else set())
            assert reader is None or answer.status_code == (422 if model.waited_for(edition) else 200)


def names_just_these(found: Publication, expected: set[str]) -> None:
    """Demands that every format prints these names and no other signatory's."""
    shown = {*names(found), *(late.line.name for late in found.late_signatories)}
    assert shown == {NAMES[one] for one in expected}
    for render in FORMATS:
        out = render(found)
        assert {one for one in SIGNERS if NAMES[one] in out} == expected
    offered = read_document(markdown.render(found)).signatories
    assert [one.name for one in offered] == names(found), "what an import would offer"


def step(house: House, model: Model, verb: str, name: str) -> None:
    """One act in both, or in neither where a rule refuses it."""
    mine = signature(house, name) if name else None
    words = f"Keep line {next(COUNTER)} open."
    edition = model.edition
    act: dict[str, Command] = {
        "sign": GiveEndorsement(document=house.thing("D1"), publish=True),
        "reaffirm": ReaffirmEndorsement(mine),
        "withdraw": WithdrawEndorsement(mine, "enough"),
        "object": ObjectToChange(mine),
        "hide": WithdrawConsent(mine),
        "show": ConsentToPublication(mine),
        "publish": PublishDocument(house.thing("D1")),
        "overrule": RuleOnChange("substantive", "it says more", document=house.thing("D1"), version=edition),
        "enter": GiveEndorsement(document=house.thing("D1"), version=1, publish=True),
        "void": MarkEnteredInError("the wrong one", endorsement=mine),
    }
    try:
        if verb == "wait":
            house.wait(hours=40)
            model.hour += 40
        elif verb == "correct":
            corrected(house, words)
            model.kinds[edition + 1], model.heard[edition + 1] = "editorial", model.hour + 72
        elif verb == "change":
            changed(house, words)
            model.kinds[edition + 1] = "substantive"
        elif verb == "enter":
            house.act(act[verb], by=name, recordedby="Office", basis="letter")
        elif not house.act(act[verb], by={"void": "Office", "overrule": "Rin"}.get(verb, name or "Office")):
            return
    except (Refused, Unknown):
        return
    if verb == "overrule":
        model.kinds[edition] = "substantive"
    elif verb in ("sign", "enter"):
        model.signed[name] = {edition if verb == "sign" else 1}
        model.silent.discard(name)
        model.objected.pop(name, None)
    elif verb == "reaffirm":
        model.signed[name].add(edition)
    elif verb in ("withdraw", "void"):
        model.signed[name] = set()
    elif verb == "object":
        model.objected[name] = model.in_time(name, edition)
    elif verb == "hide":
        model.silent.add(name)
    elif verb == "show":
        model.silent.discard(name)
