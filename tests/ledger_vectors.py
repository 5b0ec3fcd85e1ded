"""The files in tests/vectors/ledger, each named for its lie: how each is read, and why it is refused."""

import json
from pathlib import Path

from dialogue.policy import Policy
from dialogue.proof import Proof
from dialogue.witness import Refusal, Request, decide

FOLDER = Path(__file__).parent / "vectors" / "ledger"


def vectors(suffix: str) -> list[str]:
    return sorted(path.name for path in FOLDER.glob(f"*.{suffix}"))


def reason(name: str) -> str | None:
    """The sentence a vector must be refused with; None for one that must be accepted."""
    return json.loads((FOLDER / "reasons.json").read_text()).get(name)


def read(path: Path) -> None:
    """Do what the file's kind is for; raises ValueError where it lies."""
    data = path.read_bytes()
    match path.suffix:
        case ".tlog-proof":
            Proof.parse(data).verify((FOLDER / "leaf.json").read_bytes(), policy())
        case ".checkpoint":
            policy().check(data)
        case ".add-checkpoint":
            answer = decide((FOLDER / "kept.checkpoint").read_bytes(), Request.parse(data), policy().logs)
            if isinstance(answer, Refusal):
                raise ValueError(f"{answer.kind}: {answer.reason}")
        case ".policy":
            Policy.parse(data)


def policy() -> Policy:
    return Policy.parse((FOLDER / "honest.policy").read_bytes())


def refusal(path: Path) -> str | None:
    try:
        read(path)
    except ValueError as error:
        return str(error)
    return None
