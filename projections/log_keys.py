"""The secret that signs checkpoints: kept in a file of its own, and its public keys introduced in the record.

One secret serves the installation; each dialogue's log has a key of its own, derived from it, so that nobody
can tell from two logs that they are kept in one house.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from dialogue.adopted import Adopting
from dialogue.fact import OPERATOR, Refused
from dialogue.keys import IntroduceLogKey, Log, log_id
from dialogue.note import BadKey, Signer
from projections import ledger
from projections.read import Reading

if TYPE_CHECKING:
    from projections.secretariat import Secretariat

GONE = ("left", "died", "void")


def read_secret(path: Path) -> bytes | None:
    """The secret of the key file; None where there is no file. Raises Refused for one that others may read."""
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Refused("open-key", f"{path} can be read by others; make it its owner's alone with chmod 600")
        return Signer.parse(path.read_text(encoding="utf-8").strip()).seed
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, BadKey) as error:
        raise Refused("no-key", f"the log's key cannot be read from {path}: {error}") from error


def write_secret(path: Path, name: str, seed: bytes) -> None:
    """Writes a new key file for its owner only. Raises Refused where that cannot be done."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(Signer(name, seed).secret() + "\n")
    except OSError as error:
        raise Refused("no-key", f"the log's key cannot be written to {path}: {error.strerror}") from error


def signer_of(secret: bytes, origin: str) -> Signer:
    """The key that signs for this log."""
    return Signer(origin, hmac.digest(secret, origin.encode(), "sha256"))


def renew(secretariat: Secretariat, path: Path) -> list[UUID]:
    """Makes a secret, introduces its keys in every dialogue, and only then puts it in the old one's place.

    Called again after an interruption it goes on with the same secret. Returns the dialogues where the key
    could not be introduced, as nobody or more than one is their secretariat. Raises Refused where the file holds a
    secret that none of them ever signed with: another record, kept elsewhere, may have no other copy of it.
    """
    rows = secretariat.record.rows
    own = [dialogue for dialogue in rows.dialogues() if cast(Adopting, rows).brought(dialogue) is None]
    old = read_secret(path)
    if old is not None and not any(named(secretariat, dialogue, old) for dialogue in own):
        raise Refused(
            "other-key",
            f"no dialogue here names the key in {path}, so another record may be signed with it: name another file "
            "with DIALOGUE_LOG_KEY_FILE, or log_key_file in the config file; or, if it was made for this record, let "
            "`dialogue keys introduce` record it",
        )
    prepared = path.with_name(path.name + ".new")
    seed = read_secret(prepared)
    if seed is None:
        seed = secretariat.random(32)
        write_secret(prepared, secretariat.record.origin, seed)
    left = [dialogue for dialogue in own if not introduce(secretariat, dialogue, seed)]
    prepared.replace(path)
    return left


def introduce(secretariat: Secretariat, dialogue: UUID, secret: bytes) -> bool:
    """Introduces the dialogue's key for its secretariat; False where it has none, or more than one."""
    with secretariat.reading() as reading:
        key = str(signer_of(secret, ledger.origin(reading, dialogue)).key)
        people = keepers(reading, dialogue)
    if in_use(secretariat, dialogue) == key:
        return True
    if len(people) != 1:
        return False
    secretariat.execute(dialogue, IntroduceLogKey(key), secretariat.moment(people[0], recordedby=OPERATOR))
    return True


def keepers(reading: Reading, dialogue: UUID) -> list[UUID]:
    """The participants who are the dialogue's secretariat now."""
    rows = reading.all(reading.t.participants, "participant", dialogue)
    return [UUID(row["id"]) for row in rows if "secretariat" in row["roles"] and row["status"] not in GONE]


def named(secretariat: Secretariat, dialogue: UUID, secret: bytes) -> bool:
    """Whether the dialogue's record names, or ever named, the key that this secret makes for it."""
    with secretariat.reading() as reading:
        key = str(signer_of(secret, ledger.origin(reading, dialogue)).key)
    return any(one.vkey == key for one in log(secretariat, dialogue).keys)


def in_use(secretariat: Secretariat, dialogue: UUID) -> str | None:
    """The public key that was introduced last; None where none was."""
    keys = log(secretariat, dialogue).keys
    return keys[-1].vkey if keys else None


def log(secretariat: Secretariat, dialogue: UUID) -> Log:
    """The keys that were introduced in a dialogue."""
    with secretariat.desk(dialogue) as desk:
        state, _ = desk.state("log", log_id(dialogue))
    return state if isinstance(state, Log) else Log()
