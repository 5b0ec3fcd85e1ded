"""The shapes of answers, as JSON Schema: what the documentation says, and what the tests hold every answer against.

A member that may be null is always there; more members may come with later versions.
"""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

STRING: Shape = {"type": "string"}
WHOLE: Shape = {"type": "integer"}
FLAG: Shape = {"type": "boolean"}
ANY: Shape = {"type": "object"}
ID: Shape = {"type": "string", "format": "uuid", "examples": ["149a3409-a766-58a7-807b-7985f46a1b92"]}
ENTRY: Shape = {"type": "integer", "minimum": 1, "examples": [142]}
DIGEST: Shape = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of the exact UTF-8 bytes."}
TIME: Shape = {"type": "string", "format": "date-time", "examples": ["2026-03-02T10:00:00.000000Z"]}


def handle(letter: str) -> Shape:
    return {"type": "string", "pattern": f"^{letter}[1-9][0-9]*$", "examples": [f"{letter}7"]}


def maybe(shape: Shape) -> Shape:
    """The same, or null."""
    if "type" in shape and isinstance(shape["type"], str):
        return {**shape, "type": [shape["type"], "null"]}
    return {"oneOf": [shape, {"type": "null"}]}


def many(shape: Shape) -> Shape:
    return {"type": "array", "items": shape}


def one_of(*values: str) -> Shape:
    return {"type": "string", "enum": list(values)}


SHAPES: dict[str, Shape] = {}  # by their names in the documentation


def shape(called: str, optional: dict[str, Shape] | None = None, /, **members: Shape) -> Shape:
    """Keeps an object's shape under a name, and returns a reference to it."""
    known = {member.rstrip("_"): value for member, value in members.items()}
    SHAPES[called] = {"type": "object", "properties": {**known, **(optional or {})}, "required": list(known)}
    return {"$ref": f"#/components/schemas/{called}"}


def page(name: str, item: Shape) -> Shape:
    """A page of a list: its items, and where to go on."""
    after = maybe({**STRING, "description": "What to ask for as `after` for the next page; null at the end."})
    return shape(f"{name}Page", items=many(item), after=after)


WORDS = maybe(STRING)
REFERENCE = shape("Reference", id=ID, handle=handle("N"), name={**STRING, "examples": ["Tuya ENKH"]})
CHANGE = shape("Change", kind=one_of("same", "deleted", "inserted"), words=STRING)

DIALOGUE = shape(
    "Dialogue",
    id=ID,
    title=STRING,
    track=STRING,
    status=one_of("proposed", "granted", "declined", "concluded"),
    submitted=WORDS,
    applicant=WORDS,
    meetings=maybe(WHOLE),
    start=WORDS,
    end=WORDS,
    sections=many(ANY),
    objectives=many(STRING),
    predecessors=many(ANY),
    parent=maybe(ID),
    settings=ANY,
    reason=WORDS,
    entries=WHOLE,
    counts={"type": "object", "additionalProperties": WHOLE},
    cochairs=many(REFERENCE),
    secretariat=many(REFERENCE),
)
PARTICIPANT = shape(
    "Participant",
    id=ID,
    handle=handle("N"),
    name=STRING,
    body=FLAG,
    roles=many(STRING),
    capacity=STRING,
    status=STRING,
    family=WORDS,
    given=WORDS,
    order=WORDS,
    forms=WORDS,
    descriptor=WORDS,
    affiliation=WORDS,
    country=WORDS,
    alternate=maybe(REFERENCE),
    represents=maybe(REFERENCE),
)
NOTES = shape(
    "SessionNotes",
    session=handle("S"),
    attribution=STRING,
    open=FLAG,
    notes=many(
        shape(
            "Note",
            {
                "by": {**maybe(REFERENCE), "description": "For the secretariat only, while it is kept."},
                "comment": {**maybe(handle("C")), "description": "What it became; for the secretariat only."},
            },
            words=WORDS,
            on=WORDS,
            version=maybe(WHOLE),
            reply_to=maybe(handle("C")),
        )
    ),
)
RECEIPT = shape("Receipt", state=one_of("waiting", "released", "changed", "destroyed"), comment=maybe(handle("C")))
REMOVED = shape("Removed", removed=WHOLE, left={**WORDS, "description": "What is left to do, if anything is."})
SUBJECT_ACCESS = shape(
    "SubjectAccess",
    participant=PARTICIPANT,
    values=many(ANY),
    tokens=many(ANY),
    signatures=many(ANY),
    positions=many(ANY),
    comments=many(ANY),
    acts=many(ANY),
    removed_by_erasure=ANY,
)
SESSION = shape("Session", id=ID, handle=handle("S"), title=WORDS, attribution=STRING, open=FLAG)
MEETING = shape(
    "Meeting",
    {"attendance": many(ANY)},
    id=ID,
    handle=handle("M"),
    status=STRING,
    title=WORDS,
    host=WORDS,
    place=WORDS,
    starts=WORDS,
    ends=WORDS,
    planned_starts=WORDS,
    planned_ends=WORDS,
    reason=WORDS,
    other_date=FLAG,
    sessions=many(SESSION),
)

LISTED_ITEM = {
    "id": ID,
    "handle": handle("P"),
    "number": {**WORDS, "description": "In the latest edition that prints it."},
    "entry": ENTRY,
    "title": STRING,
    "theme": WORDS,
    "status": STRING,
    "version": WHOLE,
    "substantive": {**WHOLE, "description": "The last version that changed the substance."},
    "sha256": DIGEST,
    "signing": maybe(FLAG),
    "closes": maybe(TIME),
    "decided_by": WORDS,
    "by": maybe(REFERENCE),
    "call": maybe(handle("Q")),
    "decision": maybe(handle("Q")),
    "sources": many(handle("P")),
    "becomes": many(handle("P")),
    "outside": FLAG,
    "notice_until": maybe(TIME),
}
LISTED_ITEMS = page("ListedItem", shape("ListedItem", **LISTED_ITEM))
BESIDE = {
    "holders": {**many(ANY), "description": "Who holds which bracketed alternative."},
    "dissociations": many(ANY),
    "statements": {**many(ANY), "description": "How somebody understands the decision."},
}
ITEM = shape("Item", **LISTED_ITEM, **BESIDE, words=STRING, sponsors=many(REFERENCE))
LISTED_VERSION = {
    "version": WHOLE,
    "entry": ENTRY,
    "time": TIME,
    "cause": {**STRING, "examples": ["TextAmended"]},
    "change": WORDS,
    "amendment": maybe(handle("A")),
    "title": STRING,
    "sha256": DIGEST,
}
VERSIONS = page("ListedVersion", shape("ListedVersion", **LISTED_VERSION))
VERSION = shape("Version", **LISTED_VERSION, id=ID, handle=handle("P"), current=WHOLE, words=STRING)
ONE_VERSION = shape(
    "OneVersion",
    **LISTED_VERSION,
    **BESIDE,
    id=ID,
    handle=handle("P"),
    current=WHOLE,
    words=STRING,
    decision={**maybe(ANY), "description": "The decision on this text, if there is one."},
)
COMPARISON = shape("Comparison", before=VERSION, after=VERSION, changes=many(CHANGE))
EDITIONS_COMPARED = shape(
    "EditionsCompared",
    since=WHOLE,
    until=WHOLE,
    items=many(shape("ItemCompared", heading=STRING, changes=many(CHANGE))),
)
TRACE = shape("Trace", {"text": STRING, "versions": many(ANY)}, id=ID, handle=handle("P"), title=STRING)
AMENDMENT = {
    "id": ID,
    "handle": handle("A"),
    "item": shape("AmendedItem", id=ID, handle=handle("P"), title=STRING, status=STRING),
    "entry": ENTRY,
    "status": one_of("open", "in conflict", "accepted", "rejected", "withdrawn"),
    "base": WHOLE,
    "current": WHOLE,
    "conflicts": many(ANY),
    "by": maybe(REFERENCE),
    "title": WORDS,
    "reason": WORDS,
    "answer": WORDS,
    "version": maybe(WHOLE),
    "restated": WHOLE,
    "sha256": DIGEST,
}
AMENDMENTS = page("ListedAmendment", shape("ListedAmendment", **AMENDMENT))
ONE_AMENDMENT = shape("Amendment", **AMENDMENT, words=STRING)
COMMENT = shape(
    "Comment",
    id=ID,
    handle=handle("C"),
    entry=ENTRY,
    on=WORDS,
    version=maybe(WHOLE),
    by=maybe(REFERENCE),
    words=WORDS,
    quotation=maybe(ANY),
    anchor=maybe(ANY),
    reply_to=maybe(handle("C")),
    session=maybe(handle("S")),
    status=STRING,
    disposition=WORDS,
    reason=WORDS,
)

CALL = shape(
    "Call",
    id=ID,
    handle=handle("Q"),
    entry=ENTRY,
    on=WORDS,
    about=STRING,
    version=maybe(WHOLE),
    sha256=maybe(DIGEST),
    question=WORDS,
    opened=TIME,
    expires=maybe(TIME),
    declared=maybe(TIME),
    effective=maybe(TIME),
    reason=WORDS,
    cause=maybe(WHOLE),
    procedure=ANY,
    status=STRING,
    entitled=WHOLE,
    tally={"type": "object", "additionalProperties": WHOLE},
    conveyed=many(WHOLE),
    positions=many(
        shape(
            "Position",
            participant=maybe(REFERENCE),
            position=STRING,
            reason=WORDS,
            paragraphs=many(WHOLE),
            late=FLAG,
            entry=ENTRY,
        )
    ),
    silent=many(REFERENCE),
    outcome=maybe(ENTRY),
    explanation=WORDS,
    so_far=WORDS,
    statements=many(shape("Statement", handle=handle("T"), participant=REFERENCE, words=STRING, entry=ENTRY)),
)
EXPLANATION = shape("Explanation", call=handle("Q"), status=STRING, procedure=ANY, sentence=STRING)
SUPPOSED = shape("Supposed", reached=FLAG, tally=ANY, sentence=STRING)
RULING = shape(
    "Ruling",
    id=ID,
    handle=handle("R"),
    entry=ENTRY,
    on=WORDS,
    version=WHOLE,
    change=one_of("editorial", "substantive"),
    reason=STRING,
    status=STRING,
    challenge=WORDS,
    notice_until=maybe(TIME),
)
JOINT_ACT = shape(
    "JointAct",
    id=ID,
    handle=handle("J"),
    entry=ENTRY,
    command=STRING,
    fields=ANY,
    on=WORDS,
    needed=WHOLE,
    assents=many(REFERENCE),
    awaited=many(REFERENCE),
)
SIGNATORY = shape(
    "Signatory",
    id=ID,
    place=WHOLE,
    participant=REFERENCE,
    name=STRING,
    descriptor=WORDS,
    capacity=STRING,
    standing=one_of("stands", "lapsed", "objected", "withdrawn", "void"),
    version=WHOLE,
    sha256=DIGEST,
    signed=TIME,
    entry=ENTRY,
    late=FLAG,
    confirmed=FLAG,
    entered=FLAG,
    recorded_by=one_of("own key", "the secretariat", "the server"),
    assent=STRING,
    publish=FLAG,
    excepting=many(ANY),
    reservations=many(ANY),
    died=FLAG,
)
EDITION = shape("Edition", edition=WHOLE, entry=ENTRY, time=TIME, sha256=DIGEST, change=WORDS, correction=WORDS)
DOCUMENT = {
    "id": ID,
    "handle": handle("D"),
    "entry": ENTRY,
    "kind": STRING,
    "title": STRING,
    "subtitle": WORDS,
    "attribution": STRING,
    "edition": WHOLE,
    "substantive": WHOLE,
    "signing": maybe(FLAG),
    "closes": maybe(TIME),
    "embargo": maybe(TIME),
    "published": maybe(WHOLE),
    "public": FLAG,
    "authors": many(REFERENCE),
    "call": maybe(handle("Q")),
    "decision": maybe(handle("Q")),
    "decided_by": WORDS,
    "notice_until": maybe(TIME),
}
DOCUMENTS = page("ListedDocument", shape("ListedDocument", **DOCUMENT))
ONE_DOCUMENT = shape(
    "Document",
    **DOCUMENT,
    preamble=WORDS,
    acknowledgement=WORDS,
    disclaimer=WORDS,
    editions=many(EDITION),
    items=many(ANY),
    minority_views=many(ANY),
    circulations=many(ANY),
)
EDITIONS = shape("Editions", items=many(EDITION))
READINESS = shape(
    "Readiness",
    document=handle("D"),
    edition=WHOLE,
    ready=FLAG,
    reasons=many(STRING),
    remarks=many(STRING),
    sentence=STRING,
)
HEARD = shape("Heard", document=handle("D"), edition=WHOLE, addressees=many(ANY))
PUBLISHED = shape(
    "Published",
    dialogue=shape("DialogueTitle", id=ID, title=STRING),
    document=shape("DocumentTitle", id=ID, handle=handle("D"), title=STRING),
    edition=WHOLE,
    url={**STRING, "description": "The edition itself, in the format that you accept."},
)
PUBLICATION = shape("Publication", title=STRING, kind=STRING, edition=WHOLE, signatories=many(ANY))

LINE = shape(
    "Entry",
    entry=ENTRY,
    time=TIME,
    recordedtime={**maybe(TIME), "description": "Where it differs from `time`."},
    actor=WORDS,
    enteredby=WORDS,
    basis=WORDS,
    outside=FLAG,
    type={**STRING, "examples": ["ProposalSubmitted"]},
    sentence=STRING,
)
STEP = shape("Step", line=LINE, moved=maybe(ANY), signatories=many(ANY))
NOTICE = shape(
    "Notice",
    {"draft": {**WORDS, "description": "As mail (RFC 5322); null for whoever has no address here."}},
    id=STRING,
    entry=ENTRY,
    to=ID,
    kind=STRING,
    words=STRING,
    until=maybe(TIME),
)
NOTICES = shape("Notices", items=many(NOTICE))
WAITING = shape(
    "Waiting",
    amendments=many(ANY),
    calls=many(CALL),
    joint_acts=many(JOINT_ACT),
    signatures=many(ANY),
    comments=many(COMMENT),
    notices=many(ANY),
    erasures=many(ANY),
    more=many(STRING),
    chase=many(ANY),
)
CHECKPOINT = shape("Checkpoint", origin=STRING, size=WHOLE, root=DIGEST, note=STRING, key=WORDS)
LOG_KEY = shape("LogKey", vkey=WORDS)
POLICY = shape("Policy", policy=WORDS)
ATTESTED = shape("Attested", size=WHOLE, witnesses=many(STRING))
STAMPED = shape("Stamped", size=WHOLE, time=TIME, verified=FLAG)
DISCLOSURES = shape(
    "Disclosures",
    dialogue=ID,
    origin=STRING,
    format=WHOLE,
    disclosures=many(shape("Disclosure", entry=ENTRY, disclosure=STRING)),
)
PROOF = shape("Proof", entry=ENTRY, size=WHOLE, leaf=STRING, proof={**STRING, "description": "A C2SP tlog-proof."})

TOKEN = shape(
    "Token",
    {"token": {**STRING, "description": "The secret; shown this once."}},
    id=STRING,
    dialogue=ID,
    participant=ID,
    scopes=many(STRING),
    label=STRING,
    created=TIME,
    expires=TIME,
    last_used={**WORDS, "description": "To the day."},
    revoked=maybe(TIME),
)
TOKENS = shape("Tokens", items=many(TOKEN))
LINK = shape(
    "InvitationLink",
    code={**STRING, "description": "Shown this once; POST it to /v1/invitations, which gives a token, once."},
    expires=TIME,
)
MYSELF = shape("Myself", dialogue=ID, participant=ID, handle=handle("N"), roles=many(STRING), scopes=many(STRING))
RECORDED = shape(
    "Recorded",
    {
        "handle": {**STRING, "examples": ["P7"]},
        "version": WHOLE,
        "proof": {**STRING, "description": "Where the proof of the entry is had once a checkpoint covers it."},
    },
    entry=ENTRY,
    fact={**STRING, "examples": ["ProposalSubmitted"]},
    id=ID,
)
ACTED = shape(
    "Acted",
    {
        "entry": {**ENTRY, "description": "The last entry of the act."},
        "dry_run": {**FLAG, "description": "True where this would be recorded, and nothing was."},
    },
    entries=many(RECORDED),
)
HELD = shape(
    "Held",
    entries=many(RECORDED),
    ticket={
        **STRING,
        "description": "For the speaker alone: POST it to the dialogue's receipts to hear what became of it.",
        "examples": ["5a31f8d09f3b4c6e8d7a60b1c2d3e4f5"],
    },
)
STATEMENT = shape("Statement", nonce=STRING, statement={**STRING, "description": "The exact text to be signed."})
PROBLEM = shape(
    "Problem",
    {
        "errors": {
            "type": "object",
            "additionalProperties": many(STRING),
            "description": "By the path of the field: what is wrong with it.",
        },
        "current": {**WHOLE, "description": "The version that is current, where an older one was meant."},
        "comparison": {**STRING, "description": "Where what changed can be read."},
        "places": {**many(ANY), "description": "Where words are in conflict."},
    },
    type={**STRING, "examples": ["/problems/outdated"]},
    title={**STRING, "examples": ["That was version 1; the text now stands at version 2: look at what changed first."]},
    status={**WHOLE, "examples": [412]},
)
DIALOGUES = shape(
    "Dialogues",
    items=many(
        shape(
            "ListedDialogue",
            id=ID,
            title=STRING,
            track=STRING,
            status=STRING,
            start=WORDS,
            end=WORDS,
            entries=WHOLE,
            broken=WORDS,
        )
    ),
)
