"""Facts as bytes (design.md): RFC 8785 canonical JSON of a CloudEvents 1.0 envelope."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.comment import CommentMade
from dialogue.envelope import LEAF_LIMIT, Unreadable, from_leaf, to_leaf
from dialogue.fact import Entry, Personal, Refused
from dialogue.kinds import FACTS
from dialogue.mandate import MandateDeclined
from dialogue.participant import ParticipantInvited
from shapes import ANY, SPACE, WORDS, instances, sample
from spec import DIALOGUE, START

INSTANTS, IDS = ANY[datetime], ANY[type(SPACE)]
ENTRIES = st.builds(
    Entry,
    source=WORDS,
    dialogue=IDS,
    number=st.integers(1, 2**53 - 1),
    version=st.integers(1, 2**53 - 1),
    fact=st.sampled_from(list(FACTS.values())).flatmap(instances),
    time=INSTANTS,
    recordedtime=INSTANTS,
    actor=st.none() | IDS,
    recordedby=st.none() | IDS,
    act=st.none() | WORDS,
    basis=st.sampled_from([None, "room", "email", "letter", "telephone", "document"]),
    sealed=st.lists(st.text("abcXYZ-_09", min_size=43, max_size=43), max_size=2).map(tuple),
)
ENTRY = Entry("name.example/x", DIALOGUE, 7, 3, MandateDeclined("No."), START, START, SPACE, SPACE, "act-1", "room")


@settings(max_examples=400)
@given(ENTRIES)
def test_a_leaf_is_the_canonical_json_that_rfc_8785_says_and_reads_back(entry):
    leaf = to_leaf(entry)
    assert leaf == rfc8785.dumps(json.loads(leaf))
    assert from_leaf(leaf) == entry
    assert to_leaf(from_leaf(leaf)) == leaf


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_type_is_written_canonically_with_every_member_filled(fact):
    entry = replace(ENTRY, fact=sample(FACTS[fact], fact))
    leaf = to_leaf(entry)
    assert leaf == rfc8785.dumps(json.loads(leaf))
    assert from_leaf(leaf) == entry
    assert json.loads(leaf)["type"] == fact


def test_an_envelope_has_the_members_of_cloudevents_and_of_the_record():
    assert json.loads(to_leaf(ENTRY)) == {
        "specversion": "1.0",
        "id": f"{DIALOGUE}/3",
        "source": "name.example/x",
        "type": "MandateDeclined",
        "time": "2026-03-02T12:00:00.000000Z",
        "recordedtime": "2026-03-02T12:00:00.000000Z",
        "dialogue": str(DIALOGUE),
        "entry": 7,
        "act": "act-1",
        "actor": str(SPACE),
        "recordedby": str(SPACE),
        "basis": "room",
        "data": {"reason": "No."},
    }


def test_what_is_absent_is_left_out():
    bare = json.loads(to_leaf(replace(ENTRY, actor=None, recordedby=None, act=None, basis=None)))
    assert not {"actor", "recordedby", "act", "basis"} & set(bare)
    assert from_leaf(rfc8785.dumps(bare)).actor is None


def test_personal_values_are_in_no_leaf_only_their_digests():
    fact = ParticipantInvited(SPACE, 1, ("participant",), name=Personal("Tuya ENKH"), email=Personal("t@example.org"))
    leaf = to_leaf(replace(ENTRY, fact=fact, sealed=("digest-a", "digest-b")))
    assert b"ENKH" not in leaf
    assert b"example.org" not in leaf
    assert json.loads(leaf)["data"]["_sd"] == ["digest-a", "digest-b"]
    assert from_leaf(leaf).sealed == ("digest-a", "digest-b")


def test_text_is_written_as_it_is_and_control_characters_in_their_one_form():
    words = '新しい\u2028𠮷\ue000\ufb01 e\u0301 \x00\x1f\x7f\b\t\n\f\r"\\/'
    leaf = to_leaf(replace(ENTRY, fact=MandateDeclined(words)))
    written = '新しい\u2028𠮷\ue000\ufb01 e\u0301 \\u0000\\u001f\x7f\\b\\t\\n\\f\\r\\"\\\\/'
    assert f'"reason":"{written}"'.encode() in leaf
    assert unicodedata.normalize("NFC", words) != words, "the record normalises words, the envelope nothing"


@pytest.mark.parametrize("letter", ["x", "я", "水", "𠮷", '"', "\x00"])
def test_a_leaf_is_at_most_what_tlog_tiles_can_carry(letter):
    size = len(to_leaf(replace(ENTRY, fact=MandateDeclined(""))))
    each = len(json.dumps(letter, ensure_ascii=False).encode()) - 2
    fits, over = divmod(LEAF_LIMIT - size, each)
    padded = letter * fits + "x" * over
    assert len(to_leaf(replace(ENTRY, fact=MandateDeclined(padded)))) == LEAF_LIMIT == 65_535
    with pytest.raises(Refused, match="64 KiB") as refused:
        to_leaf(replace(ENTRY, fact=MandateDeclined(padded + "x")))
    assert refused.value.code == "too-long"


def test_half_of_a_surrogate_pair_is_never_written():
    with pytest.raises(UnicodeEncodeError):
        to_leaf(replace(ENTRY, fact=MandateDeclined("\ud800")))


def envelope(**changed):
    return json.dumps({**json.loads(to_leaf(ENTRY)), **changed}).encode()


@pytest.mark.parametrize("name", ["ProposalTabled", "MandateDeclined.v2", "Fact", "Entry", "", "object"])
def test_a_fact_type_of_a_newer_version_stops_the_reading(name):
    with pytest.raises(Unreadable, match="upgrade first"):
        from_leaf(envelope(type=name))


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"7",
        b"\xff\xfe",
        to_leaf(ENTRY)[:-1],
        to_leaf(ENTRY) + b"}",
        envelope(id="no slash"),
        envelope(id="a/b/c"),
        envelope(id=None),
        envelope(data={}),
        envelope(data=None),
        envelope(data={"reason": "No.", "more": 1}),
        envelope(data={"reason": 7}),
        envelope(time="2026-03-02"),
        envelope(time=None),
        envelope(dialogue="P7"),
        envelope(actor=7),
        envelope(type=["MandateDeclined"]),
    ],
)
def test_bytes_that_are_no_entry_are_not_read(leaf):
    with pytest.raises(Unreadable):
        from_leaf(leaf)


def test_an_entry_is_named_by_its_stream_and_its_place_in_it():
    comment = replace(ENTRY, fact=CommentMade(SPACE, 1, "Whose?"))
    assert json.loads(to_leaf(comment))["id"] == f"{SPACE}/3"


def test_instants_are_written_in_utc():
    assert b'"time":"0999-01-01T00:00:00.000000Z"' in to_leaf(replace(ENTRY, time=datetime(999, 1, 1, tzinfo=UTC)))
