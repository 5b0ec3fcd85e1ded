"""The ledger on the command line: sign, prove, be witnessed, be timestamped, export, verify."""

import json
import re
import shutil
import sqlite3
import subprocess
import threading
from datetime import UTC, datetime
from http.server import HTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import pytest

from cli.witnessing import Witness, handler
from dialogue.checkpoint import sign_checkpoint
from dialogue.cosignature import WitnessKey
from dialogue.drafting import ReviseProposal, SubmitProposal
from dialogue.fact import Command, Personal, Refused
from dialogue.merkle import leaf_hash
from dialogue.note import VerifierKey
from dialogue.participant import Invite
from dialogue.policy import Policy, format_policy
from dialogue.proof import Proof
from dialogue.vault import Seal
from house import House
from logs import Log
from projections import attesting

NAME = "witness.example"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    for number in range(3):
        made.act(SubmitProposal(f"Invented proposal {number}", f"Открыть линию {number}.\n\n열린 회선."), by="Tuya")
    return made


@pytest.fixture
def signed(house: House) -> House:
    for command in (("keys", "new"), ("checkpoint",)):
        done = house.run(*command)
        assert done.exit_code == 0, done.stderr
    return house


def ok(house: House, *arguments: object) -> str:
    done = house.run(*map(str, arguments))
    assert done.exit_code == 0, (done.stdout, done.stderr)
    return done.stdout


def later(house: House, command: Command) -> None:
    """An act of Tuya's after what was run as a command, which has the machine's clock."""
    house.now = datetime.now(UTC)
    house.act(command, by="Tuya")


def exported(house: House, folder: Path, name: str = "record.tar") -> Path:
    ok(house, "export", "-o", folder / name)
    return folder / name


# keys and checkpoints


def test_a_key_is_made_kept_apart_and_introduced(house: House, tmp_path: Path) -> None:
    assert "No key" in ok(house, "keys", "show")
    ok(house, "keys", "new")
    path = tmp_path / "log.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert not path.is_relative_to(house.environ["DIALOGUE_DATA"])
    assert ok(house, "keys", "show").startswith(f"dialogue.localhost/{house.dialogue}+")


def test_a_dialogue_that_began_later_has_the_key_introduced(signed: House) -> None:
    signed.open("A later invented dialogue")
    refused = signed.run("checkpoint", "--in", "later")
    assert (refused.exit_code, "keys introduce" in refused.stderr) == (1, True)
    assert str(signed.dialogue) in ok(signed, "keys", "introduce", "--in", "later")
    assert str(signed.dialogue) in ok(signed, "checkpoint", "--in", "later")


def test_two_records_that_share_a_folder_for_keys_do_not_take_each_others(
    signed: House, elsewhere: House, tmp_path: Path
) -> None:
    path = tmp_path / "log.key"
    before = path.read_bytes()
    elsewhere.environ["DIALOGUE_LOG_KEY_FILE"] = str(path)
    refused = elsewhere.run("keys", "new")
    assert (refused.exit_code, str(path) in refused.stderr) == (1, True)
    assert "DIALOGUE_LOG_KEY_FILE" in refused.stderr
    assert path.read_bytes() == before
    assert not path.with_name("log.key.new").exists()
    assert "No key" in ok(elsewhere, "keys", "show")
    elsewhere.environ["DIALOGUE_LOG_KEY_FILE"] = str(tmp_path / "elsewhere.key")
    ok(elsewhere, "keys", "new")
    ok(elsewhere, "checkpoint")
    ok(signed, "checkpoint")
    ok(signed, "keys", "new")  # who signed with it may still renew it
    assert path.read_bytes() != before


def test_without_a_key_nothing_is_signed(house: House) -> None:
    refused = house.run("checkpoint")
    assert (refused.exit_code, "keys new" in refused.stderr) == (1, True)


# proofs


def test_an_entry_and_an_item_are_proved(signed: House, tmp_path: Path) -> None:
    policy = Policy.parse(format_policy([VerifierKey.parse(ok(signed, "keys", "show").strip())], {}, 0))
    ok(signed, "prove", "3", "-o", tmp_path / "three", "--leaf", tmp_path / "leaf")
    Proof.parse((tmp_path / "three").read_bytes()).verify((tmp_path / "leaf").read_bytes(), policy)
    later(signed, ReviseProposal(signed.thing("P1"), "Открыть две линии."))
    ok(signed, "checkpoint")
    found = json.loads(ok(signed, "prove", "P1", "-o", tmp_path / "p1", "--leaf", tmp_path / "leaf", "--json"))
    assert b"ProposalRevised" in (tmp_path / "leaf").read_bytes()
    proof = Proof.parse((tmp_path / "p1").read_bytes())
    assert proof.index == found["entry"] - 1
    proof.verify((tmp_path / "leaf").read_bytes(), policy)


def test_proofbundle_verifies_a_proof(signed: House, tmp_path: Path) -> None:
    theirs = pytest.importorskip("proofbundle.tlogproof")
    ok(signed, "prove", "5", "-o", tmp_path / "five", "--leaf", tmp_path / "leaf")
    vkey = ok(signed, "keys", "show").strip()
    said = theirs.verify_tlog_proof(
        (tmp_path / "five").read_text(),
        (tmp_path / "leaf").read_bytes(),
        vkey,
        [],
        threshold=0,
        expected_origin=vkey.partition("+")[0],
    )
    assert said["ok"], said


def test_what_is_not_signed_yet_is_not_proved(signed: House) -> None:
    later(signed, SubmitProposal("Later", "Words."))
    refused = signed.run("prove", "10000")
    assert (refused.exit_code, "dialogue checkpoint" in refused.stderr) == (4, True)


# witnesses


@pytest.fixture
def witness(signed: House, tmp_path: Path) -> Witness:
    made = Witness.make(tmp_path / "witness.db", NAME, bytes(range(32)))
    made.watch(ok(signed, "keys", "show").strip())
    return made


@pytest.fixture
def listening(witness: Witness, tmp_path: Path):  # type: ignore[no-untyped-def]  # a generator of an address
    class Own(HTTPServer):
        """Opens the witness in the thread that answers, as SQLite asks for."""

        def finish_request(self, request: object, client_address: object) -> None:
            handler(Witness(tmp_path / "witness.db"))(request, client_address, self)  # type: ignore[arg-type]

    server = Own(("127.0.0.1", 0), handler(witness))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_witness_cosigns_and_the_cosignature_is_kept(
    signed: House, witness: Witness, listening: str, tmp_path: Path
) -> None:
    vkey = str(witness.signer.key)
    assert NAME in ok(signed, "cosign", "--witness", listening, "--key", vkey)
    later(signed, SubmitProposal("Later", "Words."))
    ok(signed, "checkpoint")
    assert NAME in ok(signed, "cosign", "--witness", listening, "--key", vkey)
    policy = tmp_path / "policy"
    policy.write_bytes(
        format_policy([VerifierKey.parse(ok(signed, "keys", "show").strip())], {"w": witness.signer.key}, 1)
    )
    ok(signed, "policy", policy)
    assert "witness w" in ok(signed, "policy")
    said = json.loads(ok(signed, "verify", exported(signed, tmp_path), "--policy", policy, "--json"))
    assert (said["ok"], said["checkpoints"], list(said["witnesses"])) == (True, 2, [NAME])


def test_a_witness_answers_each_wrong_request_with_its_status(signed: House, listening: str) -> None:
    def status(path: str, body: bytes) -> tuple[int, str]:
        try:
            urlopen(HttpRequest(f"{listening}/{path}", body, method="POST"))
        except HTTPError as error:
            return error.code, error.read().decode()
        raise AssertionError("it was cosigned")

    rows = signed.secretariat.record.rows
    request = attesting.request(signed.secretariat, signed.dialogue, 0)
    assert status("elsewhere", b"")[0] == 404
    assert status("add-checkpoint", b"old nothing")[0] == 400
    assert status("add-checkpoint", Log(9).request(0, 9).body())[0] == 404
    forged = request.body().replace(b"\n\xe2\x80\x94 ", b"\n\xe2\x80\x94 x", 1)
    assert status("add-checkpoint", forged)[0] == 403
    with urlopen(HttpRequest(f"{listening}/add-checkpoint", request.body(), method="POST")) as answer:
        assert attesting.add_answer(
            rows,
            signed.dialogue,
            request.checkpoint.size,
            answer.read(),
            [WitnessKey.parse(str(Witness(Path(signed.environ["DIALOGUE_DATA"]).parent / "witness.db").signer.key))],
        ) == [NAME]
    assert status("add-checkpoint", request.body()) == (409, f"{request.checkpoint.size}\n")


def test_a_witness_refuses_a_fork_and_keeps_both_heads(signed: House, witness: Witness, tmp_path: Path) -> None:
    from dialogue.checkpoint import Checkpoint
    from projections.log_keys import read_secret, signer_of

    request = attesting.request(signed.secretariat, signed.dialogue, 0)
    (tmp_path / "request").write_bytes(request.body())
    state = ("--state", tmp_path / "witness.db")
    assert ok(signed, "witness", "cosign", tmp_path / "request", *state).startswith(f"— {NAME} ")
    secret = read_secret(tmp_path / "log.key")
    assert secret
    head = request.checkpoint
    fork = sign_checkpoint(Checkpoint(head.origin, head.size, leaf_hash(b"other")), signer_of(secret, head.origin))
    (tmp_path / "fork").write_bytes(f"old {head.size}\n\n".encode() + fork)
    refused = signed.run("witness", "cosign", str(tmp_path / "fork"), *map(str, state))
    assert (refused.exit_code, "split view" in refused.stderr) == (5, True)
    [kept] = json.loads(ok(signed, "witness", "evidence", *state, "--json"))
    assert (kept["kept"].encode(), kept["shown"].encode()) == (request.note, fork)


def test_a_witness_is_its_owners_alone_and_made_once(signed: House, witness: Witness, tmp_path: Path) -> None:
    path = tmp_path / "witness.db"
    assert path.stat().st_mode & 0o777 == 0o600
    assert signed.run("witness", "new", "--name", NAME, "--state", str(path)).exit_code == 1
    assert signed.run("witness", "new", "--name", "two words", "--state", str(tmp_path / "w2")).exit_code == 1
    assert signed.run("witness", "watch", "no key", "--state", str(path)).exit_code == 2


# timestamps


def authority(folder: Path) -> Path:
    """A timestamp authority of the test's own; its certificate."""
    (folder / "tsa.cnf").write_text(
        "[req]\ndistinguished_name = dn\nx509_extensions = ext\nprompt = no\n[dn]\nCN = An Invented Authority\n"
        "[ext]\nextendedKeyUsage = critical,timeStamping\nbasicConstraints = critical,CA:false\n"
        "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\nsigner_cert = tsa.pem\nsigner_key = tsa.key\n"
        "signer_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256\ness_cert_id_alg = sha256\n"
    )
    (folder / "serial").write_text("01\n")
    run(folder, "req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.pem -config tsa.cnf -days 2")
    return folder / "tsa.pem"


def run(folder: Path, command: str) -> str:
    done = subprocess.run(["openssl", *command.split()], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_a_checkpoint_is_timestamped(signed: House, tmp_path: Path) -> None:
    pytest.importorskip("rfc3161_client")
    certificate = authority(tmp_path)
    ok(signed, "timestamp", "--request", tmp_path / "query")
    run(tmp_path, "ts -reply -queryfile query -config tsa.cnf -section one -out reply")
    assert "not verified" in ok(signed, "timestamp", "--attach", tmp_path / "reply")
    ok(signed, "timestamp", "--attach", tmp_path / "reply", "--authority", certificate)
    ok(signed, "export", "--to", tmp_path / "e")
    assert json.loads(ok(signed, "verify", tmp_path / "e", "--json"))["ok"]
    [stamp] = (tmp_path / "e" / "timestamps").iterdir()
    assert stamp.read_bytes() == (tmp_path / "reply").read_bytes()
    size = stamp.name.partition("-")[0]
    head = b"".join((tmp_path / "e" / "checkpoints" / size).read_bytes().splitlines(keepends=True)[:5])
    (tmp_path / "head").write_bytes(head)
    assert "OK" in run(tmp_path, f"ts -verify -data head -in {stamp} -CAfile tsa.pem -partial_chain")

    later(signed, SubmitProposal("Later", "Words."))
    ok(signed, "checkpoint")
    other = signed.run("timestamp", "--attach", str(tmp_path / "reply"))
    assert (other.exit_code, "not about this checkpoint" in other.stderr) == (1, True)
    (tmp_path / "two").mkdir()
    stranger = signed.run(
        "timestamp",
        "--size",
        size,
        "--attach",
        str(tmp_path / "reply"),
        "--authority",
        str(authority(tmp_path / "two")),
    )
    assert (stranger.exit_code, "no timestamp to be believed" in stranger.stderr) == (
        1,
        True,
    )


# export and verify


def test_the_same_record_exports_to_the_same_bytes(signed: House, tmp_path: Path) -> None:
    one, other = exported(signed, tmp_path, "one"), exported(signed, tmp_path, "other")
    assert one.read_bytes() == other.read_bytes()
    signed.secretariat.rebuild()
    assert exported(signed, tmp_path, "again").read_bytes() == one.read_bytes()


def test_an_export_holds_no_personal_value(signed: House, tmp_path: Path) -> None:
    content = exported(signed, tmp_path).read_bytes()
    for value in ("ENKH", "ASADA", "ОРЛИН", "林 静海", "Former Envoy"):
        assert value.encode() not in content


def test_a_failed_export_leaves_what_was_there(signed: House, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    assert signed.run("export", "--to", str(tmp_path / "full")).exit_code == 1
    assert signed.run("export", "-o", str(tmp_path / "nowhere" / "e.tar")).exit_code == 1
    assert signed.run("export").exit_code == 2
    assert sorted(path.name for path in (tmp_path / "full").iterdir()) == ["mine"]


def test_the_auditors_readme_is_right(signed: House, tmp_path: Path) -> None:
    if shutil.which("openssl") is None or shutil.which("basenc") is None:
        pytest.skip("needs openssl and coreutils")
    later(signed, SubmitProposal("Later", "Not signed yet."))
    ok(signed, "export", "--to", tmp_path / "e")
    script = "\n".join(re.findall(r"```bash\n(.*?)```", (tmp_path / "e" / "README.md").read_text(), re.DOTALL))

    def audit() -> subprocess.CompletedProcess[str]:
        return subprocess.run(["bash", "-c", script], cwd=tmp_path / "e", capture_output=True, text=True, check=False)

    done = audit()
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "the entries are those that were signed"), done.stderr
    assert "Signature Verified Successfully" in done.stdout
    entries = tmp_path / "e" / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"Invented proposal 1", b"Invented proposal 9"))
    assert audit().returncode != 0


def test_verify_says_what_is_wrong_in_a_sentence_in_json_and_by_its_status(signed: House, tmp_path: Path) -> None:
    path = exported(signed, tmp_path)
    assert ok(signed, "verify", path).startswith("In order: ")
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Invented proposal 1", b"Invented proposal 9", 1))
    wrong = signed.run("verify", str(path))
    assert (wrong.exit_code, wrong.stdout.startswith("NOT IN ORDER: entry ")) == (5, True)
    said = json.loads(signed.run("verify", str(path), "--json").stdout)
    assert (said["ok"], said["fault"]["code"]) == (False, "tile")
    assert f"entry {said['fault']['entry']}: " in wrong.stdout


def test_a_live_record_is_audited_against_what_was_kept(signed: House, tmp_path: Path) -> None:
    ok(signed, "checkpoint", "-o", tmp_path / "kept")
    assert "kept from earlier" in ok(signed, "verify", "--against", tmp_path / "kept")
    signed.close()
    record = Path(signed.environ["DIALOGUE_DATA"]) / "record.db"
    with sqlite3.connect(record) as db:
        db.execute("DROP TRIGGER stored_events_update")
        db.execute("UPDATE stored_events SET state = CAST(replace(state, 'proposal 1', 'proposal 9') AS BLOB)")
        [(number,)] = db.execute("SELECT min(entry) FROM stored_events WHERE instr(CAST(state AS TEXT), 'proposal 9')")
        db.execute("DROP TRIGGER attestations_delete")
        db.execute("DELETE FROM attestations")
    db.close()
    edited = signed.run("verify", "--data", signed.environ["DIALOGUE_DATA"], "--against", str(tmp_path / "kept"))
    assert edited.exit_code == 5
    assert "not those of the checkpoint kept from earlier" in edited.stdout
    assert edited.stdout.startswith(f"NOT IN ORDER: entry {number}: ")
    assert "which its key signed: one was changed since" in edited.stdout
    for views in record.parent.glob("views*"):
        views.unlink()
    without = signed.run("verify", "--against", str(tmp_path / "kept"))
    assert (without.exit_code, "not those of the checkpoint" in without.stdout) == (5, True)


# import


@pytest.fixture
def elsewhere(tmp_path: Path) -> House:
    """Another installation, with a dialogue of its own."""
    return House(tmp_path / "elsewhere")


def test_an_imported_record_is_read_as_at_home_and_proves_the_same(
    signed: House, elsewhere: House, tmp_path: Path
) -> None:
    path, dialogue = exported(signed, tmp_path), str(signed.dialogue)
    assert "Imported" in ok(elsewhere, "import-record", path)
    again = tmp_path / "again.tar"
    ok(elsewhere, "export", dialogue, "-o", again)
    assert again.read_bytes() == path.read_bytes()
    assert elsewhere.secretariat.compare() == []
    ok(signed, "prove", "3", "-o", tmp_path / "one")
    ok(elsewhere, "prove", "3", "-o", tmp_path / "other", "--in", dialogue)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert ok(elsewhere, "verify", "--in", dialogue).startswith("In order")
    texts = [house.shown("texts", "--in", dialogue) for house in (signed, elsewhere)]
    assert [one["title"] for one in texts[0]] == [one["title"] for one in texts[1]]


def test_an_imported_record_is_read_only_until_it_is_taken_over(
    signed: House, elsewhere: House, tmp_path: Path
) -> None:
    dialogue = str(signed.dialogue)
    ok(elsewhere, "import-record", exported(signed, tmp_path))
    own, elsewhere.dialogue = elsewhere.dialogue, signed.dialogue
    with pytest.raises(Refused, match="take-over"):
        later(elsewhere, SubmitProposal("Here", "Words."))
    refused = elsewhere.run("checkpoint", "--in", dialogue)
    assert refused.exit_code == 1
    ok(elsewhere, "keys", "new")
    ok(elsewhere, "keys", "take-over", "--in", dialogue)
    later(elsewhere, SubmitProposal("Here", "Words."))
    ok(elsewhere, "checkpoint", "--in", dialogue)
    said = json.loads(ok(elsewhere, "verify", exported_as(elsewhere, dialogue, tmp_path / "on.tar"), "--json"))
    assert (said["ok"], len(said["keys"]), said["signed"]) == (True, 2, said["size"])
    elsewhere.dialogue = own
    later(elsewhere, SubmitProposal("Still here", "Words."))


def exported_as(house: House, dialogue: str, path: Path) -> Path:
    ok(house, "export", dialogue, "-o", path)
    return path


def test_a_record_is_imported_once_and_only_in_order(signed: House, elsewhere: House, tmp_path: Path) -> None:
    path = exported(signed, tmp_path)
    bad = tmp_path / "bad.tar"
    bad.write_bytes(path.read_bytes().replace(b"Invented proposal 1", b"Invented proposal 9"))
    wrong = elsewhere.run("import-record", str(bad))
    assert (wrong.exit_code, "nothing was imported" in wrong.stderr) == (5, True)
    assert elsewhere.secretariat.record.rows.dialogues() == [elsewhere.dialogue]
    ok(elsewhere, "import-record", path)
    again = elsewhere.run("import-record", str(path))
    assert (again.exit_code, "here already" in again.stderr) == (1, True)
    at_home = signed.run("import-record", str(path))
    assert (at_home.exit_code, "here already" in at_home.stderr) == (1, True)


def test_an_import_that_breaks_off_leaves_nothing(
    signed: House, elsewhere: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projections import importing_record

    path = exported(signed, tmp_path)

    def broken(self: object) -> object:
        yield "0" * 64, b""
        raise OSError("the disk is gone")

    monkeypatch.setattr(importing_record.Coming, "texts", broken)
    with pytest.raises(OSError, match="disk"):
        importing_record.import_record(elsewhere.secretariat, path)
    assert elsewhere.secretariat.record.rows.last(signed.dialogue) is None
    assert elsewhere.secretariat.record.rows.text("0" * 64) is None


def test_what_an_export_discloses_is_read_after_the_import(
    house: House, elsewhere: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projections.export import export_folder
    from projections.importing_record import import_record

    kept: list[Seal] = []
    custody = house.secretariat.custody
    keep = custody.keep
    monkeypatch.setattr(
        custody, "keep", lambda dialogue, asked, seals: (kept.extend(seals), keep(dialogue, asked, seals))
    )
    [entry] = house.act(Invite(("participant",), Personal("SŎ Nari (invented)")), by="Office")
    shown = [(entry.number, seal.disclosure) for seal in kept]
    export_folder(house.secretariat, house.dialogue, tmp_path / "e", "participants", shown)
    assert import_record(elsewhere.secretariat, tmp_path / "e").fault is None
    with elsewhere.reading() as reading:
        found = reading.persons([entry.stream, house.person("Tuya")])
    assert found[str(entry.stream)].name == "SŎ Nari (invented)"
    assert found[str(house.person("Tuya"))].name is None
