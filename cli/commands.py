"""The table of commands: by section, each with the module that has it and its help in a line."""

from __future__ import annotations

COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "Begin": {},
    "Show": {},
    "Audit": {},
    "Act": {},
    "Keep": {},
}
