"""The keys of a dialogue's log, introduced one after another."""

from dialogue.keys import IntroduceLogKey, Log, LogKeyIntroduced, log_id
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
