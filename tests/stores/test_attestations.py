"""Checkpoints on both engines: the tree, the key, attestations in order and once, standbys."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.archive import Tar
from dialogue.drafting import SubmitProposal
from dialogue.exported import audit_export
from dialogue.fact import Refused
from dialogue.merkle import Frontier, leaf_hash
from places import Model, Place, act
from projections import attesting, export, ledger, log_keys
from projections.importing_record import import_record
from projections.live import audit_live
from projections.secretariat import Secretariat
from spec import DIALOGUE


def signing(house: Secretariat, folder: Path) -> Secretariat:
    house.log_key_file = folder / "log.key"
    assert log_keys.renew(house, house.log_key_file) == []
    return house


def test_the_root_is_that_of_the_leaves(place: Place) -> None:
    with place.opened() as house, house.reading() as reading:
        tree = Frontier()
        for leaf in house.record.leaves(DIALOGUE):
            tree.append(leaf_hash(leaf))
        head = ledger.head(reading, DIALOGUE)
        assert (head.size, head.root) == (tree.size, tree.root())


def test_attestations_come_in_the_order_of_size_and_arrival_and_each_once(place: Place) -> None:
    with place.opened() as house:
        rows = house.record.rows
        for size, body in ((5, b"b"), (5, b"a"), (3, b"c"), (5, b"b")):
            rows.attest(DIALOGUE, size, "cosignature", body)
        assert rows.attestations(DIALOGUE, "cosignature", 1, 9, 9) == [(3, b"c"), (5, b"b"), (5, b"a")]
        assert rows.attestations(DIALOGUE, "cosignature", 4, 9, 1) == [(5, b"b")]
        assert rows.attestations(DIALOGUE, "checkpoint", 1, 9, 9) == []
        assert rows.last_attested(DIALOGUE, "cosignature") == 5
        assert rows.last_attested(DIALOGUE, "checkpoint") == 0


def test_a_record_is_signed_exported_and_in_order(place: Place, tmp_path: Path) -> None:
    with place.opened() as house:
        signing(house, tmp_path)
        attesting.make_checkpoint(house, DIALOGUE)
        act(house, SubmitProposal("Later", "Words that are not signed yet."), "Tuya")
        export.export_file(house, DIALOGUE, tmp_path / "e.tar")
    report = audit_export(tmp_path / "e.tar")
    assert report.fault is None
    assert report.signed == report.size - 1
    assert "README.md" in Tar(tmp_path / "e.tar").sizes


def test_without_standbys_everything_that_is_committed_is_settled(place: Place) -> None:
    with place.opened() as house:
        assert house.record.rows.settled()


def test_nothing_is_signed_while_standbys_may_lack_entries(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.opened() as house:
        signing(house, tmp_path)
        monkeypatch.setattr(house.record.rows, "settled", lambda: False)
        with pytest.raises(Refused, match="standbys are asynchronous"):
            attesting.make_checkpoint(house, DIALOGUE)
        assert attesting.latest(house.record.rows, DIALOGUE) is None


def test_a_record_comes_from_one_installation_to_another(place: Place, model: Model, tmp_path: Path) -> None:
    with place.opened() as house:
        signing(house, tmp_path)
        attesting.make_checkpoint(house, DIALOGUE)
        export.export_file(house, DIALOGUE, tmp_path / "e.tar")
    elsewhere = model.empty(tmp_path / "elsewhere")
    elsewhere.init()
    with elsewhere.opened() as house:
        import_record(house, tmp_path / "e.tar")
        export.export_file(house, DIALOGUE, tmp_path / "again.tar")
        assert (tmp_path / "again.tar").read_bytes() == (tmp_path / "e.tar").read_bytes()
        with pytest.raises(Refused, match="only read here"):
            act(house, SubmitProposal("Here", "Words."), "Tuya")
        assert house.compare() == []
        assert audit_live(house, DIALOGUE, [], None).fault is None
        with pytest.raises(Refused, match="here already"):
            import_record(house, tmp_path / "e.tar")
