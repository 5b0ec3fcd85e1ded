"""Who reads, and what may be opened for whom: one table, which every reading goes by.

domain.md, "Who may learn what". Rights are those of now, also where the past is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

Kind: TypeAlias = Literal["public", "participant", "present", "secretariat", "co-chair", "auditor"]
What: TypeAlias = Literal[
    "people", "e-mail", "words", "closed", "waiting", "attendance", "speakers", "holders", "counts"
]

INSIDE: frozenset[Kind] = frozenset({"participant", "secretariat", "co-chair", "auditor"})
ROOM: frozenset[Kind] = frozenset({"present", "secretariat"})
CHAIRING: frozenset[Kind] = frozenset({"secretariat", "co-chair"})

# What may be opened, for whom. "present" is whoever is recorded as present where it was said.
MAY: dict[What, frozenset[Kind]] = {
    "people": INSIDE,  # names, descriptors, affiliations; a signatory's by their consent besides
    "e-mail": frozenset({"secretariat"}),
    "words": INSIDE,  # what was said in a session under the Chatham House Rule, once it is in the record
    "closed": ROOM,  # the same of a closed session
    "waiting": ROOM,  # what was said and is not in the record yet
    "attendance": ROOM,  # of a session in which nobody may be named
    "speakers": frozenset({"secretariat"}),  # who said what under the Rule
    "holders": CHAIRING,  # who holds which position in a call under the Rule
    "counts": CHAIRING,  # fewer than the dialogue's batch of those who hold one
}
READERS = frozenset({"participant", "observer", "co-chair", "secretariat", "steering-committee"})


@dataclass(frozen=True)
class Audience:
    """A reader: `participant` is None for the public, and for whoever keeps the installation."""

    kinds: frozenset[Kind]
    participant: str | None = None

    def may(self, what: What, *, present: bool = False) -> bool:
        """Whether this may be opened for them; `present` says that they were in the room."""
        kinds = self.kinds | {"present"} if present else self.kinds
        return bool(MAY[what] & kinds)


PUBLIC = Audience(frozenset({"public"}))
SECRETARIAT = Audience(frozenset({"secretariat"}))


def audience_of(participant: UUID | str, roles: Iterable[str]) -> Audience:
    """A participant as a reader, by the roles that they have now."""
    held = frozenset(roles)
    kinds: set[Kind] = {"public"}
    if held & READERS:
        kinds.add("participant")
    if "secretariat" in held:
        kinds.add("secretariat")
    if "co-chair" in held:
        kinds.add("co-chair")
    if "auditor" in held:
        kinds.add("auditor")
    return Audience(frozenset(kinds), str(participant))
