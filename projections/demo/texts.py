"""What is proposed in the invented dialogue, and what the mandate form and the document say around it."""

from __future__ import annotations

from typing import NamedTuple

TITLE = "Quiet Waters, Clear Air: an invented dialogue"
INVENTED = "This dialogue is invented: no person or institution named in it exists, and nothing in it was ever said."
PREAMBLE = f"""{INVENTED}

In 2025 and 2026 thirty-six scholars, former officials and practitioners met three times and wrote to each other \
between meetings. They asked what can be done now, with the trust there is, so that more becomes possible later. \
Two broad areas of agreement emerged:

1. Channels matter most when they are hardest to use. Whatever keeps a line open in bad times is worth its cost.
2. Practical work on sea, air and health builds habits that no declaration can build.

The following recommendations rest on these two areas of agreement."""
THANKS = "The participants thank the invented port of Maehwa, which lent its old customs house for all meetings."
SECTIONS = (
    ("Introduction", f"{INVENTED} It is here to show what a record holds."),
    ("Significance", "No standing forum links those who answer the telephones on the region's coasts."),
    ("Anticipated output", "A short list of recommendations, signed by those who stand by them."),
)
OBJECTIVES = (
    "To list the channels that exist, and what breaks them.",
    "To find work on sea, air and health that can start without a treaty.",
    "To leave a network that outlasts the mandate.",
)

CHANNELS = "Keep channels open"
WORK = "Work together on sea, air and health"
PEOPLE = "Grow networks of people"


class Proposed(NamedTuple):
    """A proposal as it was first submitted."""

    by: str
    theme: str
    title: str
    text: str


PROPOSALS = {
    "P1": Proposed(
        "Mulgyeol",
        CHANNELS,
        "Hotlines that stay on",
        "States in the region should commit to keep every military and coast guard hotline open in times of tension. "
        "A line that is cut when it is needed most protects nobody. Existing lines should be used before new ones are "
        "built.\n\n"
        "Where no line exists between two neighbouring coast guards, one should be opened within two years.",
    ),
    "P2": Proposed(
        "Hargreave",
        CHANNELS,
        "Notice of exercises at sea",
        "Navies should give each other notice of large exercises in shared waters at least 14 days ahead. The notice "
        "should name the area, the dates and a telephone number that is answered.\n\n"
        "Notices should be published where fishing crews can read them.",
    ),
    "P3": Proposed(
        "Lin",
        CHANNELS,
        "A glossary for crisis calls",
        "Those who answer crisis calls should share a glossary of two hundred terms in all languages of the region. "
        "The glossary should be short enough to lie beside a telephone.",
    ),
    "P4": Proposed(
        "Asagiri",
        CHANNELS,
        "A yearly test of all lines",
        "Every hotline should be tested once a year on a day agreed in advance. The results should be shared among "
        "those who took part.",
    ),
    "P5": Proposed(
        "Tokiwa",
        WORK,
        "Rescue drills at sea",
        "Coast guards should hold a rescue drill each year, in turn in each other's waters. Drills should practise the "
        "handover of a rescue from one coordination centre to another.\n\n"
        "Observers from fishing ports should be invited to every drill.",
    ),
    "P6": Proposed(
        "Mizuhara",
        WORK,
        "Alerts for oil and drifting debris",
        "Ports should warn each other of oil spills and drifting debris within six hours. The warning should go to all "
        "ports that the current may reach, whatever flag the ship flies.",
    ),
    "P7": Proposed(
        "Bai",
        WORK,
        "Dust, smoke and health",
        "Weather services should share measurements of dust and smoke every hour and in one format. Health services "
        "should give people on all shores the same advice on the same day.",
    ),
    "P8": Proposed(
        "Meng",
        WORK,
        "Early warning between port hospitals",
        "Hospitals in port cities should tell each other of unusual clusters of disease within two days. Reports "
        "should hold numbers and never names. A small joint office should keep the list of contacts.",
    ),
    "P9": Proposed(
        "Lan",
        WORK,
        "Repair of undersea cables",
        "States should let repair ships reach a broken undersea cable without delay. A permit should take no longer "
        "than three days, and fees should cover costs only.",
    ),
    "P10": Proposed(
        "Saran",
        PEOPLE,
        "Fellowships for young experts",
        "A fund should bring thirty young experts a year to institutes in other countries of the region. Fellows "
        "should work on questions of their own. Half of the places should go to people from outside the capitals.",
    ),
    "P11": Proposed(
        "Hoshikawa",
        PEOPLE,
        "Port to port exchange",
        "Port cities should link their schools, museums and harbour museums in a network of exchange. The network "
        "should meet once a year in a different port.",
    ),
    "P12": Proposed(
        "Okafor",
        PEOPLE,
        "A standing forum on risk reduction",
        "Scholars should convene a standing Track 2 forum on how to reduce the risks of arms racing in the region. The "
        "forum should report to all governments alike. It should begin with incidents at sea and in the air.",
    ),
    "P13": Proposed(
        "Pellegrin",
        PEOPLE,
        "Small grants for civil society",
        "Foundations in the region should give small grants to civil society groups that work across borders. "
        "Applications should take two pages and be answerd in two months.",
    ),
    "P14": Proposed(
        "Castellanos",
        PEOPLE,
        "An archive of dialogue records",
        "Institutes should keep the records of past dialogues in one open archive. Records made under a promise of "
        "confidence should stay closed until those who gave it agree.",
    ),
    "P15": Proposed(
        "Polyarny",
        CHANNELS,
        "A pause in new missile deployments",
        "States should pause new deployments of missiles within range of a neighbour's capital for three years. The "
        "pause should be verified by national means.",
    ),
    "P16": Proposed(
        "Vera",
        WORK,
        "One fee for all ports",
        "All ports in the region should charge the same fee for ships that carry relief goods.",
    ),
}
MERGED = Proposed(
    "Seo",
    CHANNELS,
    "Practise the lines every year",
    "Every hotline should be tested once a year on a day agreed in advance. The results should be shared among those "
    "who took part.\n\n"
    "Those who answer crisis calls should share a glossary of two hundred terms in all languages of the region. The "
    "glossary should be short enough to lie beside a telephone.",
)  # P17, of P3 and P4
SPLIT = {
    "Share dust and smoke measurements": "Weather services should share measurements of dust and smoke every hour and "
    "in one format. The measurements should be open to everybody.",
    "The same health advice on all shores": "Health services should give people on all shores the same advice on the "
    "same day. The advice should be written so that a child can read it.",
}  # P18 and P19, of P7
