"""The tree of hashes as a view, the log's keys, and checkpoints as attestations."""

from pathlib import Path

import pytest
from sqlalchemy import text

from dialogue.checkpoint import open_checkpoint, read_checkpoint
from dialogue.drafting import SubmitProposal
from dialogue.fact import Refused, Unknown
from dialogue.keys import IntroduceLogKey
from dialogue.merkle import Frontier, leaf_hash, verify_consistency, verify_inclusion
from dialogue.note import VerifierKey
from dialogue.record import Damaged
from house import House
from projections import attesting, ledger, log_keys


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    for number in range(8):
        made.act(SubmitProposal(f"Invented proposal {number}", "Открыть линию.\n\n열린 회선."), by="Tuya")
    return made


def leaves(house: House) -> list[bytes]:
    return list(house.secretariat.record.leaves(house.dialogue))


def roots(house: House) -> list[bytes]:
    with house.reading() as reading:
        return [ledger.root(reading, house.dialogue, size) for size in range(len(leaves(house)) + 1)]


def expected(house: House) -> list[bytes]:
    tree = Frontier()
    found = [tree.root()]
    for leaf in leaves(house):
        tree.append(leaf_hash(leaf))
        found.append(tree.root())
    return found


def keyed(house: House, folder: Path) -> Path:
    path = folder / "log.key"
    house.secretariat.log_key_file = path
    assert log_keys.renew(house.secretariat, path) == []
    return path


def test_every_root_is_that_of_the_leaves(house: House) -> None:
    assert roots(house) == expected(house)


def test_rebuilding_the_views_gives_the_same_roots(house: House) -> None:
    before = roots(house)
    house.secretariat.rebuild()
    assert roots(house) == before
    assert house.secretariat.compare() == []


def test_a_comparison_finds_a_hash_that_was_changed(house: House) -> None:
    with house.secretariat.stores.views.begin() as conn:
        conn.execute(text('UPDATE hashes_a SET hash = zeroblob(32) WHERE level = 1 AND "index" = 0'))
    assert any(difference.startswith("hashes") for difference in house.secretariat.compare())


def test_two_dialogues_have_trees_of_their_own(house: House) -> None:
    first, before = house.dialogue, roots(house)
    house.open("Another invented dialogue")
    house.act(SubmitProposal("Elsewhere", "Other words."), by="Tuya")
    assert roots(house) == expected(house)
    house.dialogue = first
    assert roots(house) == before


def test_inclusion_and_consistency_are_proved_for_all_sizes(house: House) -> None:
    all_leaves, all_roots = leaves(house), expected(house)
    size = len(all_leaves)
    with house.reading() as reading:
        for number, leaf in enumerate(all_leaves, start=1):
            proof = ledger.inclusion(reading, house.dialogue, number, size)
            verify_inclusion(leaf_hash(leaf), number - 1, size, proof, all_roots[size])
            proof = ledger.consistency(reading, house.dialogue, number, size)
            verify_consistency(number, size, proof, all_roots[number], all_roots[size])


def test_what_is_not_recorded_yet_is_not_proved(house: House) -> None:
    size = len(leaves(house))
    with house.reading() as reading:
        for ask in (
            lambda: ledger.root(reading, house.dialogue, size + 1),
            lambda: ledger.inclusion(reading, house.dialogue, size + 1, size),
            lambda: ledger.inclusion(reading, house.dialogue, 0, size),
            lambda: ledger.consistency(reading, house.dialogue, size, size - 1),
        ):
            with pytest.raises(Unknown):
                ask()


def test_a_key_file_is_its_owners_alone(house: House, tmp_path: Path) -> None:
    path = keyed(house, tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        log_keys.read_secret(path)


def test_a_new_key_is_a_fact_and_signs_from_there_on(house: House, tmp_path: Path) -> None:
    path = keyed(house, tmp_path)
    first = log_keys.in_use(house.secretariat, house.dialogue)
    old = attesting.make_checkpoint(house.secretariat, house.dialogue)
    keyed(house, tmp_path)
    second = log_keys.in_use(house.secretariat, house.dialogue)
    assert first
    assert second
    assert first != second
    new = attesting.make_checkpoint(house.secretariat, house.dialogue)
    assert open_checkpoint(old, [VerifierKey.parse(first)]).checkpoint.size + 1 == read_checkpoint(new).size
    assert open_checkpoint(new, [VerifierKey.parse(second)])
    assert not path.with_name("log.key.new").exists()
    with pytest.raises(Refused, match="retired"):
        house.act(IntroduceLogKey(first), by="Office")


def test_a_key_of_another_name_is_not_introduced(house: House) -> None:
    stranger = str(log_keys.signer_of(bytes(32), "elsewhere.example/1").key)
    for vkey in (stranger, "no key"):
        with pytest.raises(Refused, match="key"):
            house.act(IntroduceLogKey(vkey), by="Office")


def test_an_interrupted_change_of_keys_goes_on_with_the_same_key(house: House, tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    log_keys.write_secret(path.with_name("log.key.new"), house.secretariat.record.origin, bytes(range(32)))
    keyed(house, tmp_path)
    assert log_keys.read_secret(path) == bytes(range(32))


def test_without_the_key_that_the_record_names_nothing_is_signed(house: House, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="keys new"):
        attesting.make_checkpoint(house.secretariat, house.dialogue)
    path = keyed(house, tmp_path)
    path.unlink()
    log_keys.write_secret(path, "another.example", bytes(32))
    with pytest.raises(Refused, match="not the one"):
        attesting.make_checkpoint(house.secretariat, house.dialogue)


def test_checkpoints_are_made_every_so_many_entries(house: House, tmp_path: Path) -> None:
    keyed(house, tmp_path)
    house.secretariat.checkpoint_every = 4
    for number in range(8):
        house.act(SubmitProposal(f"More {number}", "Invented words."), by="Pavel")
    rows = house.secretariat.record.rows
    sizes = [size for size, _ in attesting.checkpoints(rows, house.dialogue, 10_000)]
    assert len(sizes) == 2
    assert all(size % 4 == 0 for size in sizes)


def test_a_checkpoint_is_kept_once_and_never_replaced(house: House, tmp_path: Path) -> None:
    keyed(house, tmp_path)
    note = attesting.make_checkpoint(house.secretariat, house.dialogue)
    assert attesting.make_checkpoint(house.secretariat, house.dialogue) == note
    rows = house.secretariat.record.rows
    assert len(list(attesting.checkpoints(rows, house.dialogue, 10_000))) == 1
    with pytest.raises(Exception, match="append-only"):
        rows.rows("UPDATE attestations SET body = x'00'")  # type: ignore[attr-defined]


def test_a_record_that_was_rewritten_is_not_signed_again(house: House, tmp_path: Path) -> None:
    keyed(house, tmp_path)
    attesting.make_checkpoint(house.secretariat, house.dialogue)
    with house.secretariat.stores.views.begin() as conn:
        conn.execute(text("UPDATE hashes_a SET hash = zeroblob(32) WHERE level = 4"))
    house.act(SubmitProposal("Later", "Words."), by="Tuya")
    with pytest.raises(Damaged, match="entries were signed"):
        attesting.make_checkpoint(house.secretariat, house.dialogue)


def test_an_entry_is_proved_under_the_last_checkpoint(house: House, tmp_path: Path) -> None:
    keyed(house, tmp_path)
    with pytest.raises(Unknown, match="dialogue checkpoint"):
        attesting.prove(house.secretariat, house.dialogue, 3)
    note = attesting.make_checkpoint(house.secretariat, house.dialogue)
    proof = attesting.prove(house.secretariat, house.dialogue, 3)
    head = read_checkpoint(note)
    verify_inclusion(leaf_hash(leaves(house)[2]), proof.index, head.size, proof.path, head.root)
    house.act(SubmitProposal("Later", "Words."), by="Tuya")
    with pytest.raises(Unknown):
        attesting.prove(house.secretariat, house.dialogue, head.size + 1)
