"""The shapes of the record itself, of who comes in, and of what an act or a refusal is answered with."""

from __future__ import annotations

from api.shapes import CALL, COMMENT, JOINT_ACT
from api.shaping import ANY, DIGEST, ENTRY, FLAG, ID, STRING, TIME, WHOLE, WORDS, handle, many, maybe, shape

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
STATEMENT = shape("StatementToSign", nonce=STRING, statement={**STRING, "description": "The exact text to be signed."})
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
