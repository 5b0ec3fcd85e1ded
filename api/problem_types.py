"""The one table of problem types: every `type` that a problem of this API can have, its status and what it means.

/problems/<code> shows one of them, /problems all. A code never changes its meaning; the title of a problem is
the sentence for the case at hand, and may be worded better at any time.
"""

from __future__ import annotations

from typing import NamedTuple

NOT_FOUND = "There is no such thing here."  # the same, byte for byte, for what is hidden and what is absent


class Type(NamedTuple):
    """The status that such a problem is answered with, and what it means and asks for."""

    status: int
    meaning: str


OF_REQUESTS = {
    "bad-request": Type(400, "The request cannot be understood: it is no JSON, or names a host not served here."),
    "unauthorized": Type(401, "No token was sent, or one that is unknown, expired or revoked. Send a bearer token."),
    "scope": Type(403, "The token may read and not act."),
    "sign-in": Type(
        403, "Signing in with the identity provider did not bring you in; nobody is told why. Begin again."
    ),
    "unknown": Type(404, "There is no such thing, or it is not for you to see; nobody is told which."),
    "method-not-allowed": Type(405, "The address does not know that method; `Allow` lists those that it knows."),
    "not-acceptable": Type(406, "None of the formats in `Accept` can be had; see the documentation of the address."),
    "conflict": Type(409, "Somebody acted first, or the Idempotency-Key was used before for something else."),
    "too-large": Type(413, "The body is larger than a million bytes."),
    "unsupported-media-type": Type(415, "The body is not application/json."),
    "misshapen": Type(422, "Fields are missing, unknown or misshapen; `errors` says which, by the path of the field."),
    "too-deep": Type(422, "The JSON is nested deeper than any act needs."),
    "too-many-requests": Type(429, "Too many requests in a short time; `Retry-After` says how many seconds to wait."),
    "fault": Type(500, "A fault of this program. Nothing was half done; the same Idempotency-Key may be sent again."),
    "provider": Type(502, "The identity provider cannot be reached, or does not answer as it should. Try again later."),
    "damaged": Type(503, "The stores cannot be read or written just now; their keepers must look at them."),
    "busy": Type(503, "Too many are served just now, or all places for streams are taken; come back a little later."),
}
OF_RULES = {
    "already": Type(422, "It has been done already, and cannot be done again in another way."),
    "ambiguous": Type(409, "What was named may be any of several things; name it by its handle or id."),
    "attribution": Type(422, "This version of the record keeps attributed sessions only."),
    "bad-signature": Type(422, "The signature with a key of your own does not hold; the title says why."),
    "brackets": Type(422, "Brackets are open, or are not well formed; lift or mend them first."),
    "call-open": Type(409, "A consensus call is open on this already."),
    "challenged": Type(409, "The ruling has been challenged, and the dialogue decides on it: call it."),
    "clock": Type(503, "The clock of the server runs behind the record's last entry; its keepers must set it right."),
    "closed": Type(422, "The thing is closed: accepted, withdrawn, retracted or done. Begin a new one."),
    "concluded": Type(422, "The dialogue has been concluded; only what was published is still looked after."),
    "decided": Type(422, "The text or change has been decided and is frozen, until it is reopened or corrected."),
    "declined": Type(422, "The mandate was declined; the dialogue does not take place."),
    "empty": Type(422, "The document has nothing in it that could be issued."),
    "excepted": Type(422, "What the signature excepts goes on in another item; name what it excepts now."),
    "forgotten": Type(422, "What this is about has been forgotten; the record keeps only that there was something."),
    "future": Type(422, "The time given lies in the future."),
    "in-conflict": Type(409, "The text has moved in the same words since; `places` says where. Restate the amendment."),
    "inactive": Type(403, "Whoever has left a dialogue, or has died, takes no further part in it."),
    "key-unknown": Type(422, "The record does not name its signing key yet."),
    "mandate-decided": Type(422, "The mandate has been granted or declined already."),
    "meeting-cancelled": Type(422, "The meeting was cancelled; plan another."),
    "meeting-held": Type(422, "The meeting has been held already."),
    "moved": Type(409, "The text has changed since it was reopened; first give it back the words that were decided."),
    "no-actor": Type(422, "Say who acts."),
    "no-basis": Type(422, "What is entered later or for somebody else needs a basis: room, email, letter …"),
    "no-change": Type(422, "Nothing would change by this."),
    "no-edition": Type(422, "No edition of the document has been issued yet."),
    "no-expiry": Type(422, "A silence needs the exact instant at which it expires."),
    "no-key": Type(422, "There is no key to sign checkpoints with; the keepers of the server make one."),
    "no-mandate": Type(422, "Only a mandate that was granted can be extended."),
    "no-paragraph": Type(422, "The text has no paragraph of that number."),
    "no-reason": Type(422, "This needs a reason."),
    "no-secretariat": Type(422, "Somebody must keep the record: name a secretariat."),
    "no-version": Type(422, "The text has no version of that number."),
    "no-library": Type(503, "The server lacks what timestamps need; its keepers install it."),
    "no-room": Type(503, "There is no room to write the export in; the keepers of the server make some."),
    "not-addressed": Type(403, "The circulation was addressed to others."),
    "not-challenged": Type(422, "The ruling has not been challenged."),
    "not-contested": Type(422, "The outcome is not contested."),
    "not-decided": Type(422, "Nothing has been decided of it yet."),
    "not-entered": Type(422, "Only what the secretariat entered for somebody can be entered in error."),
    "not-entitled": Type(403, "You are not among those entitled in this call."),
    "not-later": Type(422, "An extension gives a later date or instant than the one now set."),
    "not-open": Type(422, "It is not open for signature."),
    "not-quoted": Type(422, "The quoted words do not stand in the text, or stand there several times."),
    "not-ready": Type(422, "The document may not be published yet; the title gives every reason."),
    "not-requested": Type(422, "Nobody has requested this yet; a second person confirms what a first requested."),
    "not-voidable": Type(422, "Such an entry cannot be entered in error; mend a text by amendment or correction."),
    "not-yours": Type(403, "It belongs to somebody else, who alone may change it."),
    "notice": Type(422, "Signatories may still object to an editorial change; publish when the period is over."),
    "observers": Type(403, "In this dialogue observers do not comment."),
    "open-key": Type(503, "The key that signs checkpoints can be read by others; the keepers of the server mend it."),
    "other-checkpoint": Type(422, "The timestamp is about another checkpoint."),
    "other-key": Type(503, "The server's key is not the one that the record names; its keepers restore that one."),
    "outdated": Type(412, "The text has moved on since; `current` is its version, `comparison` shows what changed."),
    "outside-mandate": Type(422, "The act lies outside the dates of the mandate, and this dialogue refuses such acts."),
    "procedure": Type(422, "In this dialogue another procedure decides that; call it first."),
    "published": Type(422, "The document is public already."),
    "read-only": Type(422, "The record came from elsewhere and is only read here, until it is taken over."),
    "reopen": Type(422, "The text was decided by another procedure, which alone reopens it."),
    "replaced": Type(409, "Another ruling has taken the place of this one; challenge that."),
    "retired": Type(422, "That signing key has been retired."),
    "role": Type(403, "Your roles may not do this; the title lists those that may."),
    "timestamp": Type(422, "That is no timestamp to be believed; the title says why."),
    "too-late": Type(422, "The deadline or period is over."),
    "too-long": Type(422, "The act holds more than an entry can carry."),
    "too-many": Type(422, "More are named than one act may name; do it in several."),
    "too-soon": Type(422, "The time for this has not come yet."),
    "unfit": Type(422, "A value does not fit what it is given for; `errors` names the field where one is at fault."),
    "two-people": Type(403, "This needs two people: whoever requested it cannot confirm it."),
    "unsettled": Type(503, "A standby of the database lacks entries; nothing is signed until it has them."),
    "used": Type(422, "That signed statement was used before; sign a new one."),
    "wrong-digest": Type(422, "The digest is not that of the version it was given with."),
}
TYPES = {**OF_REQUESTS, **OF_RULES}

BY_STATUS = {
    400: "bad-request",
    401: "unauthorized",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
    422: "misshapen",
    429: "too-many-requests",
    500: "fault",
    503: "busy",
}  # the type of what the framework finds wrong
TITLES = {
    400: "This request cannot be understood.",
    401: "Say who you are: send a bearer token that works.",
    405: "That method is not for this address.",
    406: "None of the formats asked for can be had here.",
    413: "This request is too large: a body has at most a million bytes.",
    415: "Send JSON: Content-Type: application/json.",
    422: "Some fields are missing or misshapen.",
    429: "Too many requests; wait a little.",
    500: "Something went wrong here. Nothing was half done.",
    503: "Too many are served just now; come back a little later.",
}
UNREADABLE = "The record cannot be read or written just now; its keepers must look at it first."
