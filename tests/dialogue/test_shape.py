import json
from dataclasses import MISSING, fields, make_dataclass
from datetime import datetime
from fractions import Fraction
from typing import get_args
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.acts import COMMANDS, command_from
from dialogue.anchor import Quotation
from dialogue.comment import MakeComment
from dialogue.consensus import CallConsensus
from dialogue.drafting import Part, SplitProposal
from dialogue.fact import Personal, Refused, Text, id_under
from dialogue.kinds import FACTS, OWN
from dialogue.mandate import ProposeDialogue, Section, Settings
from dialogue.participant import Invite
from dialogue.procedure import Procedure
from dialogue.shape import Misshapen, decode, encode, hints, instant, json_schema, stamp
from shapes import instances, sample

STATES = {state.__name__: state for state, _ in OWN.values()}
SHAPES = {**FACTS, **{f"command {name}": command for name, command in COMMANDS.items()},
          **{f"state {name}": state for name, state in STATES.items()}}  # fmt: skip
PROPOSE = {"title": "T", "officers": [{"roles": ["secretariat"], "name": "A"}]}


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=20)
@given(data=st.data())
def test_any_value_comes_back_from_plain_json_as_it_was(name, data):
    shape = SHAPES[name]
    value = data.draw(instances(shape))
    plain = encode(value)
    assert decode(shape, json.loads(json.dumps(plain))) == value
    assert encode(decode(shape, plain)) == plain


@pytest.mark.parametrize("name", SHAPES)
def test_a_member_that_is_not_of_the_shape_is_refused_with_its_name(name):
    plain = encode(sample(SHAPES[name], name))
    with pytest.raises(Misshapen, match="is not a field here") as refused:
        decode(SHAPES[name], {**plain, "surprise": 1})
    assert refused.value.path == "surprise"
    for member in plain:
        with pytest.raises(Misshapen) as refused:
            decode(SHAPES[name], {**plain, member: {"surprise": []}})
        assert refused.value.path.startswith(member)


@pytest.mark.parametrize("name", SHAPES)
def test_a_member_without_a_default_may_not_be_missing(name):
    plain = encode(sample(SHAPES[name], name))
    for one in fields(SHAPES[name]):
        less = {member: value for member, value in plain.items() if member != one.name}
        if one.default is not MISSING or type(None) in get_args(hints(SHAPES[name])[one.name]):
            decode(SHAPES[name], less)
        else:
            with pytest.raises(Misshapen, match="is missing") as refused:
                decode(SHAPES[name], less)
            assert refused.value.path == one.name


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_absent_is_not_written(name):
    @given(instances(SHAPES[name]))
    @settings(max_examples=10)
    def no_null(value):
        assert "null" not in json.dumps(shallow(encode(value)))

    no_null()


def shallow(plain):
    """The structure without its words, which may say null."""
    if isinstance(plain, dict):
        return {name: shallow(value) for name, value in plain.items()}
    return [shallow(one) for one in plain] if isinstance(plain, list) else "" if isinstance(plain, str) else plain


@pytest.mark.parametrize(
    ("command", "members", "path"),
    [
        (ProposeDialogue, {}, "title"),
        (ProposeDialogue, {"title": 1}, "title"),
        (ProposeDialogue, {"title": "T", "start": "2026-13"}, "start"),
        (ProposeDialogue, {"title": "T", "start": "2026-02-30"}, "start"),
        (ProposeDialogue, {"title": "T", "track": "3"}, "track"),
        (ProposeDialogue, {"title": "T", "meetings": "4"}, "meetings"),
        (ProposeDialogue, {"title": "T", "meetings": True}, "meetings"),
        (ProposeDialogue, {"title": "T", "meetings": 2**53}, "meetings"),
        (ProposeDialogue, {"title": "T", "meetings": -(2**53)}, "meetings"),
        (ProposeDialogue, {"title": "T", "meetings": 4.0}, "meetings"),
        (ProposeDialogue, {"title": "T", "officers": [{}, {"roles": ["king"]}]}, "officers[1].roles[0]"),
        (ProposeDialogue, {"title": "T", "officers": {}}, "officers"),
        (ProposeDialogue, {"title": "T", "officers": [7]}, "officers[0]"),
        (ProposeDialogue, {"title": "T", "sections": [{"heading": "H"}]}, "sections[0].text"),
        (ProposeDialogue, {"title": "T", "settings": {"chairs": "most"}}, "settings.chairs"),
        (ProposeDialogue, {"title": "T", "settings": {"chairs": True}}, "settings.chairs"),
        (ProposeDialogue, {"title": "T", "settings": {"ruling": {"threshold": "1"}}}, "settings.ruling.threshold"),
        (ProposeDialogue, {"title": "T", "settings": {"ruling": {"threshold": "1/0"}}}, "settings.ruling.threshold"),
        (ProposeDialogue, {"title": "T", "parent": "P7"}, "parent"),
        (CallConsensus, {"expires": "2026-03-02"}, "expires"),
        (CallConsensus, {"expires": "2026-03-02T12:00:00Z"}, "expires"),
        (CallConsensus, {"entitled": ["x"]}, "entitled[0]"),
        (MakeComment, {"words": "W", "quotation": {"exact": None}}, "quotation.exact"),
        (MakeComment, [], ""),
    ],
)  # fmt: skip
def test_the_path_says_where_a_value_is_misshapen(command, members, path):
    with pytest.raises(Misshapen) as refused:
        decode(command, members)
    assert refused.value.path == path
    assert str(refused.value).startswith(path)
    assert refused.value.sentence


def test_members_that_are_not_given_have_their_defaults():
    command = decode(ProposeDialogue, PROPOSE)
    assert command == ProposeDialogue("T", officers=(Invite(("secretariat",), Personal("A")),))
    assert decode(ProposeDialogue, {**PROPOSE, "settings": {"chairs": 2}}).settings == Settings(chairs=2)


def test_personal_values_are_read_but_never_written():
    assert decode(Invite, {"name": "Tuya ENKH"}) == Invite(name=Personal("Tuya ENKH"))
    assert encode(Invite(name=Personal("Tuya ENKH"))) == {"roles": ["participant"], "capacity": "unstated"}


def test_values_are_written_as_the_record_writes_them():
    procedure = encode(Procedure("majority", Fraction(1, 2), Fraction(2, 3), (UUID(int=10),)))
    assert procedure == {
        "name": "majority",
        "quorum": "1/2",
        "threshold": "2/3",
        "excluded": ["00000000-0000-0000-0000-00000000000a"],
    }
    assert decode(Procedure, {"quorum": 3}) == Procedure(quorum=3)
    assert encode(SplitProposal(UUID(int=0), (Part("a", "b"),)))["parts"] == [{"title": "a", "text": "b"}]
    assert encode(Text("0" * 64, "words")) == "0" * 64
    assert encode(Section("H", "T")) == {"heading": "H", "text": "T"}
    assert encode(Quotation("a")) == {"exact": "a", "before": "", "after": ""}


@given(instances(datetime))
def test_an_instant_is_read_as_it_was_written_in_any_year(when):
    assert len(stamp(when)) == 27
    assert instant(stamp(when)) == when


@pytest.mark.parametrize(
    "spelling",
    [
        "2026-03-02T12:00:00Z",
        "2026-03-02T12:00:00.000000z",
        "2026-03-02 12:00:00.000000Z",
        "2026-03-02T12:00:00,000000Z",
        "2026-W10-1T12:00:00.000000Z",
        "2026-03-02T12:00:00.000+00:0",
        "2026-02-30T12:00:00.000000Z",
        "2026-03-02T12:00:61.000000Z",
        "２026-03-02T12:00:00.000000Z",
        "",
    ],
)
def test_an_instant_has_one_spelling(spelling):
    with pytest.raises(ValueError, match=r".+"):
        instant(spelling)


@pytest.mark.parametrize("name", SHAPES)
def test_the_schema_of_a_shape_names_its_members_and_those_it_needs(name):
    schema = json_schema(SHAPES[name])
    plain = encode(sample(SHAPES[name], name))
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(hints(SHAPES[name])) >= set(plain)
    decode(SHAPES[name], {member: plain[member] for member in schema["required"]})


def test_a_command_that_is_not_known_is_refused_in_a_sentence():
    with pytest.raises(Refused, match="there is no command Tabled") as refused:
        command_from("Tabled", {})
    assert refused.value.code == "no-command"
    with pytest.raises(Refused, match="SubmitProposal: title: is missing") as refused:
        command_from("SubmitProposal", {"text": "x"})
    assert (refused.value.code, refused.value.details) == ("unfit", {"path": "title"})


def test_a_type_of_value_that_the_record_does_not_speak_is_found_out_at_once():
    shape = make_dataclass("Shape", [("number", float)], frozen=True)
    with pytest.raises(KeyError):
        decode(shape, {"number": 1.5})


def test_ids_under_others_are_those_of_the_standard_library() -> None:
    for name in ("P7", "version 3", "참가자"):
        assert id_under(NAMESPACE_OID, name) == uuid5(NAMESPACE_OID, name)
