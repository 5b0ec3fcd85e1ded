"""The keys of a dialogue's log, introduced one after another."""

from dialogue.keys import IntroduceLogKey, Log, LogKeyIntroduced, RecordTakenOver, TakeOverRecord, log_id
from dialogue.note import Signer
from spec import DIALOGUE, given

SOURCE = f"tests.example/{DIALOGUE}"
FIRST, SECOND = (str(Signer(SOURCE, bytes([number]) * 32).key) for number in (1, 2))


def test_a_key_is_introduced_and_retired_by_the_next():
    first = given().when(IntroduceLogKey(FIRST), by="Office").then(LogKeyIntroduced, vkey=FIRST).then_nothing()
    first.when(IntroduceLogKey(FIRST), by="Office").then_nothing()
    second = first.when(IntroduceLogKey(SECOND), by="Office").then(LogKeyIntroduced, vkey=SECOND)
    second.when(IntroduceLogKey(FIRST), by="Office").refused("retired")
    entry = len(second.entries)
    log = second.find(Log, log_id(DIALOGUE))
    assert [log.key(size) for size in (entry - 2, entry - 1, entry)] == [None, FIRST, SECOND]


def test_what_is_no_key_of_this_log_is_refused():
    given().when(IntroduceLogKey("no key"), by="Office").refused("unfit", "no public key")
    another = str(Signer("another.example/log", bytes(32)).key)
    given().when(IntroduceLogKey(another), by="Office").refused("unfit", "another.example/log")


def test_a_record_is_taken_over_with_a_key_of_this_installations_own():
    taken = given().when(TakeOverRecord(FIRST, "new.example"), by="Office")
    taken.then(RecordTakenOver, vkey=FIRST, holder="new.example").then_nothing()


def test_a_record_is_not_taken_over_with_a_key_that_was_retired_or_is_another_logs():
    first = given().when(IntroduceLogKey(FIRST), by="Office")
    second = first.when(IntroduceLogKey(SECOND), by="Office")
    second.when(TakeOverRecord(FIRST, "new.example"), by="Office").refused("retired")
    given().when(TakeOverRecord(str(Signer("another.example/log", bytes(32)).key), "x"), by="Office").refused("unfit")
