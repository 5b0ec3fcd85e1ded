"""Chosen values opened for an auditor: what the record committed to is opened, and nothing else passes for it."""

from __future__ import annotations

import itertools
import json
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest

from dialogue.audit import Wrong
from dialogue.disclosure import Disclosures, Opened, Shown, check
from dialogue.fact import Personal, Refused
from dialogue.participant import CorrectParticipant, Invite
from dialogue.vault import seal, seal_entry
from spec import did, given, who

SALTS = itertools.count()


def salt():
    return next(SALTS).to_bytes(16)


def recorded():
    """Entries as a record holds them, and the disclosures of their values by (entry, name)."""
    haneul = Invite(("participant",), Personal("KIM Haneul"), descriptor=Personal("Former harbour master"))
    story = given(
        did("Office", haneul),
        did("Office", CorrectParticipant(who("N11"), "spelling", name=Personal("KIM Hanul"))),
    )
    entries, shown = [], {}
    for entry in story.entries:
        sealed, seals = seal_entry(entry, None, salt)
        entries.append(replace(sealed, fact=entry.fact))
        shown |= {(entry.number, one.name_and_value[0]): one.disclosure for one in seals}
    return entries, shown


ENTRIES, SHOWN = recorded()
LAST, BEFORE = ENTRIES[-1].number, ENTRIES[-2].number


def the(*disclosures):
    entry = ENTRIES[0]
    return Disclosures(str(entry.dialogue), entry.source, tuple(Shown(*one) for one in disclosures))


def test_what_is_shown_is_what_the_record_committed_to():
    opened = check(the((BEFORE, SHOWN[BEFORE, "name"]), (LAST, SHOWN[LAST, "name"])), ENTRIES)
    assert opened == [Opened(BEFORE, "name", "KIM Haneul"), Opened(LAST, "name", "KIM Hanul")]


def test_a_set_says_nothing_of_the_values_that_are_not_in_it():
    file = the((BEFORE, SHOWN[BEFORE, "name"])).file()
    assert SHOWN[BEFORE, "descriptor"].encode() not in file
    for digest in ENTRIES[-2].sealed:
        assert digest.encode() not in file


def test_a_set_is_written_and_read_alike():
    some = the((BEFORE, SHOWN[BEFORE, "name"]))
    assert Disclosures.parse(some.file()) == some


def forged(name, value):
    return seal(name, Personal(value), bytes(16)).disclosure


def spaced(disclosure):
    """The same value in another spelling of its JSON."""
    padded = disclosure + "=" * (-len(disclosure) % 4)
    content = json.loads(__import__("base64").urlsafe_b64decode(padded))
    return urlsafe_b64encode(json.dumps(content, indent=1).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("disclosures", "says"),
    [
        ([(BEFORE, forged("name", "KIM Bora"))], "forged"),
        ([(BEFORE, SHOWN[LAST, "name"])], "forged"),
        ([(LAST, SHOWN[BEFORE, "name"])], "forged"),
        ([(BEFORE, spaced(SHOWN[BEFORE, "name"]))], "forged"),
        ([(BEFORE, "not base64!")], "cannot be read"),
        ([(BEFORE, "é")], "cannot be read"),
        ([(BEFORE, urlsafe_b64encode(b"[1,2]").decode())], "cannot be read"),
        ([(BEFORE, SHOWN[BEFORE, "name"])] * 2, "shown twice"),
        ([(999, SHOWN[BEFORE, "name"])], "entry 999, which is not there"),
        ([(0, SHOWN[BEFORE, "name"])], "entry 0, which is not there"),
    ],
)
def test_what_the_record_did_not_commit_to_is_refused(disclosures, says):
    with pytest.raises(Wrong, match=says):
        check(the(*disclosures), ENTRIES)


def test_a_value_passes_under_no_other_name():
    entry = ENTRIES[-1]
    odd = seal("nickname", Personal("Hani"), bytes(16))
    with pytest.raises(Wrong, match="none of its values"):
        check(the((LAST, odd.disclosure)), [replace(entry, sealed=(odd.digest,))])


def test_a_set_of_another_record_is_refused():
    some = the((BEFORE, SHOWN[BEFORE, "name"]))
    with pytest.raises(Wrong, match="another record, elsewhere"):
        check(replace(some, origin="elsewhere"), ENTRIES)
    with pytest.raises(Wrong, match="another record"):
        check(replace(some, dialogue=str(who("Rin"))), ENTRIES)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'{"format": 1, "more": 2}',
        b'{"disclosures": [{"entry": "5", "disclosure": ""}]}',
        b"[" * 9999,
    ],
)
def test_what_is_no_set_is_told(content):
    with pytest.raises(Refused, match="disclose"):
        Disclosures.parse(content)


def test_a_later_format_is_told():
    with pytest.raises(Refused, match="upgrade"):
        Disclosures.parse(b'{"format": 2}')
