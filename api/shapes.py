"""The shapes of what a dialogue is made of: people, meetings, texts, decisions, signatures, documents."""

from __future__ import annotations

from api.shaping import (
    ANY,
    DIGEST,
    ENTRY,
    FLAG,
    ID,
    STRING,
    TIME,
    WHOLE,
    WORDS,
    handle,
    many,
    maybe,
    one_of,
    page,
    shape,
)

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
STATEMENT = shape("Statement", handle=handle("T"), call=handle("Q"), participant=REFERENCE, words=STRING, entry=ENTRY)
BESIDE = {
    "holders": {**many(ANY), "description": "Who holds which bracketed alternative."},
    "dissociations": many(ANY),
    "statements": {**many(STATEMENT), "description": "How somebody understands a decision on the text."},
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
ONE_AMENDMENT = shape(
    "Amendment", **AMENDMENT, words=STRING, changes=many(ANY), wordings=many(ANY), statements=many(STATEMENT)
)
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
    awaited=many(REFERENCE),
    outcome=maybe(ENTRY),
    explanation=WORDS,
    so_far=WORDS,
    statements=many(STATEMENT),
)
EXPLANATION = shape(
    "Explanation",
    call=handle("Q"),
    status=STRING,
    procedure=ANY,
    entitled=many(REFERENCE),
    awaited=many(REFERENCE),
    statements=many(STATEMENT),
    sentence=STRING,
)
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
    until=maybe(TIME),
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
    statements=many(STATEMENT),
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
