"""The amendments of the invented dialogue: which words should become which, why, and what became of it."""

from __future__ import annotations

from typing import Literal, NamedTuple

Answer = Literal["accepted", "editorial", "rejected", "withdrawn", "restated", "open"]


class Amended(NamedTuple):
    """`old` words of the item should become `new`; `answer` says what became of it, with the reason `because`.

    One that is restated was made for a version that had moved by then; `old` still stands in that version.
    `base` is that version, where it is not the current one.
    """

    item: str
    by: str
    old: str
    new: str
    reason: str
    answer: Answer
    because: str = ""
    base: int | None = None


FIRST = (
    Amended("P1", "Hargreave", "in times of tension", "at all times", "Tension has no official beginning.", "accepted"),
    Amended("P1", "Okafor", "military and coast guard hotline", "military, coast guard and air traffic hotline",
            "Most near misses of the last decade were in the air.", "accepted"),
    Amended("P1", "Polyarny", "should commit to keep", "should try to keep", "A commitment needs a mandate.",
            "rejected", "The word commit is why the proposal was made."),
    Amended("P1", "Ryu", "within two years", "within three years", "Budgets are made every second year.", "withdrawn"),
    Amended("P1", "Gleb", "Existing lines should be used before new ones are built.",
            "Existing lines should be used and repaired before new ones are built.",
            "Two of the lines I knew were simply broken.", "accepted"),
    Amended("P1", "Lin", "in times of tension", "above all in times of tension",
            "The worst moments should still be named.", "restated", base=1),
    Amended("P2", "Polyarny", "14 days", "7 days", "Fourteen is more than navies can keep.", "rejected",
            "Fishing crews need two weeks to change their plans."),
    Amended("P2", "Mulgyeol", "large exercises", "exercises of more than five ships", "Large means nothing.",
            "accepted"),
    Amended("P2", "Minase", "a telephone number that is answered",
            "a telephone number that is answered at any hour in English and in the host's language",
            "A number that rings is not yet one that answers.", "accepted"),
    Amended("P2", "Gleb", "fishing crews can read them", "fishing crews can read and hear them",
            "At sea one listens to the radio.", "accepted"),
    Amended("P3", "Yukishiro", "two hundred terms", "one hundred terms", "Nobody reads two hundred.", "withdrawn"),
    Amended("P3", "Anna", "all languages of the region", "all official languages of the region",
            "Otherwise the list of languages is itself a dispute.", "rejected", "It is to be of use, not of rank."),
    Amended("P4", "Seo", "once a year", "twice a year", "Duty officers change every summer.", "withdrawn"),
    Amended("P5", "Mizuhara", "hold a rescue drill each year", "hold a rescue and oil spill drill each year",
            "The same ships do both.", "rejected", "Oil has its own proposal, P6."),
    Amended("P5", "Nalgae", "in turn in each other's waters", "in turn in each other's rescue regions",
            "Waters is a word of claims; rescue regions are agreed.", "accepted"),
    Amended("P5", "Ferreira", "fishing ports", "fishing ports and relief organisations", "They bring blankets.",
            "accepted"),
    Amended("P6", "Gleb", "within six hours", "within three hours", "In six hours the oil is ashore.", "rejected",
            "Small ports have nobody on duty at night."),
    Amended("P6", "Lan", "oil spills and drifting debris", "oil spills, drifting debris and lost containers",
            "Containers break cables and hulls.", "accepted"),
    Amended("P6", "Jiang", "whatever flag the ship flies", "whatever flag the ship flies and whoever is at fault",
            "Questions of fault delay warnings.", "accepted"),
    Amended("P7", "Anna", "every hour", "every three hours", "Not all stations report hourly.", "withdrawn"),
)  # fmt: skip
SECOND = (
    Amended("P8", "Maria", "within two days", "within one day", "Two days are two ships.", "accepted"),
    Amended("P8", "Hoshikawa", "Reports should hold numbers and never names.",
            "Reports should hold numbers and never names, and should be deleted after a year.",
            "People who fear a list do not come to a doctor.", "accepted"),
    Amended("P8", "Polyarny", "A small joint office should keep the list of contacts.",
            "Each hospital should keep the list of contacts.", "No new offices.", "rejected",
            "Lists kept twenty times are twenty lists."),
    Amended("P9", "Shen", "without delay", "without delay, on notice to the coastal state",
            "Coastal states want to know who is there.", "accepted"),
    Amended("P9", "Hargreave", "three days", "two days", "A repair ship costs a fortune a day.", "withdrawn"),
    Amended("P10", "Enkh", "thirty young experts", "forty young experts", "Five from each place.", "rejected",
            "No funder could be found for forty."),
    Amended("P10", "Kazahaya", "questions of their own", "questions of their own, with a mentor from another country",
            "A question grows in company.", "accepted"),
    Amended("P10", "Saran", "outside the capitals", "outside the capital cities", "The word was read as money.",
            "editorial", "The meaning is the same; only the reading is sure."),
    Amended("P11", "Pado", "museums and harbour museums", "museums and harbours", "Museums stood there twice.",
            "editorial", "A slip in drafting."),
    Amended("P11", "Vera", "meet once a year in a different port", "meet once a year, each time in another port",
            "It reads better.", "editorial", "Language only."),
    Amended("P12", "Tsend", "report to all governments alike", "report to all governments alike and to the public",
            "What only governments read is forgotten.", "accepted"),
    Amended("P12", "Polyarny", "a standing Track 2 forum", "an occasional Track 2 forum",
            "Standing bodies outlive their use.", "rejected", "It was the point of the proposal."),
    Amended("P12", "Baek", "It should begin with incidents at sea and in the air.",
            "It should begin with incidents at sea and in the air, where all have something to lose.",
            "Say why it begins there.", "accepted"),
    Amended("P12", "Lin", "arms racing", "military competition", "A phrase that all capitals use.", "accepted"),
    Amended("P12", "Okafor", "arms racing", "an arms race", "The noun is clearer.", "restated", base=1),
    Amended("P13", "Lindqvist", "two pages", "two pages in any language of the region", "English shuts doors.",
            "accepted"),
    Amended("P13", "Bai", "civil society groups", "registered civil society groups", "Funders will ask.", "rejected",
            "Registration is what many such groups are refused."),
    Amended("P14", "Nalgae", "in one open archive", "in one open archive, with copies in three countries",
            "Archives burn.", "accepted"),
    Amended("P18", "Bai", "in one format", "in one open format", "Formats can be owned.", "accepted"),
    Amended("P19", "Maria", "the same advice on the same day", "the same advice within the same day",
            "Midnight differs by country.", "accepted"),
    Amended("P15", "Okafor", "for three years", "for two years", "Two years have been done before.", "accepted"),
    Amended("P15", "Tsend", "for three years", "for five years", "Three is one election.", "open", base=1),
)  # fmt: skip
AFTER_REOPENING = Amended(
    "P9", "Lan", "fees should cover costs only", "fees should cover costs only and be published",
    "Since the second meeting one port has asked for fees that nobody could foresee.", "accepted",
)  # fmt: skip
RESTATED = {
    ("P1", "Lin"): ("at all times", "at all times, and above all in times of tension"),
    ("P12", "Okafor"): ("military competition", "military competition and of an arms race"),
}  # how two amendments in conflict read once they were restated for the current text
