"""What the headings of published documents are called, in the languages of the region and its neighbours."""

import re
from typing import Literal

Role = Literal["preamble", "theme", "signatories", "acknowledgement", "annex"]

_WORDS: dict[Role, str] = {
    "preamble": "preamble|前文|序言|전문|преамбула|оршил|préambule",
    "signatories": r"(the |full )?(list of )?signator(y|ies)|signatures|signed by|endorsed by|endorsers"
    r"|[联聯連]?[署簽签]名|[簽签連联聯]署|서명|연명|подписавш|подписали|подписанты|гарын үсэг|signataires",
    "acknowledgement": "acknowledge?ments?|致[谢謝]|[鸣鳴][谢謝]|謝辞|감사의|благодарност|талархал",
    "annex": r"annex(es)?\b|appendix|minority view|dissent|interpretative statement|corrections\b"
    r"|reservations and dissociations|signed after|附[件录錄]|부록|приложени|хавсралт",
}
_ROLES = {role: re.compile(rf"(?:{words})(?!\w*\s+\w+\s+\w+\s+\w+)", re.IGNORECASE) for role, words in _WORDS.items()}


def role_of(heading: str) -> Role | None:
    """The part that a heading of a few words opens, where its first words name one."""
    return next((role for role, words in _ROLES.items() if words.match(heading.strip())), None)
