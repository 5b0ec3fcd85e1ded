"""The table of acts: each command of the domain, its name on the command line, what it takes, help and example.

`takes` are the command's fields given as arguments; a `?` after one says that it may be left out, a `…` that
it may be several. Three of them stand for whichever field the reference fits: `subject` for the item, document,
amendment or ruling that is meant, `signature` for the actor's own under that item or document, and `entry` for
what the entry with that number put down. Every other field is an option. This module imports nothing of the
domain, so that `dialogue --help` starts at once.
"""

from __future__ import annotations

from typing import NamedTuple


class Verb(NamedTuple):
    """One act: its name here, the domain's command, its arguments, one line of help, and an example's rest."""

    name: str
    command: str
    takes: str
    help: str
    example: str


VERBS: dict[str, tuple[Verb, ...]] = {
    "Act: texts": (
        Verb("propose", "SubmitProposal", "title", "Submit a proposal.", '"Hotlines" --theme Sea --file hotlines.txt'),
        Verb("revise", "ReviseProposal", "proposal", "Put your own new words to a proposal.", "P7 --file new.txt"),
        Verb("withdraw-proposal", "WithdrawProposal", "proposal", "Take a proposal back.", 'P7 --reason "Now in P9."'),
        Verb("cosponsor", "CoSponsorProposal", "proposal", "Stand beside a proposal.", 'P7 --for "KIM Haneul"'),
        Verb(
            "merge",
            "MergeProposals",
            "sources…",
            "Make one proposal of several.",
            'P3 P5 --title "Drills" --file one.txt',
        ),
        Verb(
            "split",
            "SplitProposal",
            "proposal",
            "Make several proposals of one.",
            "P8 --part Sea @sea.txt --part Air @air.txt",
        ),
        Verb(
            "move",
            "MoveItem",
            "proposal theme",
            "Move an item to another theme.",
            'P7 "Track 2" --reason "It is informal."',
        ),
        Verb(
            "reopen",
            "ReopenText",
            "proposal",
            "Open a text that the co-chairs decided alone.",
            'P7 --reason "New facts."',
        ),
        Verb(
            "amend",
            "ProposeAmendment",
            "proposal",
            "Propose how a text should read.",
            "P7 --file as-it-should-read.txt",
        ),
        Verb(
            "restate",
            "RestateAmendment",
            "amendment",
            "Write an amendment anew for the current text.",
            "A3 --file anew.txt",
        ),
        Verb(
            "accept",
            "AcceptAmendment",
            "amendment",
            "Take an amendment into the text.",
            'A3 --change editorial --reason "A typo."',
        ),
        Verb("reject", "RejectAmendment", "amendment", "Turn an amendment down.", 'A3 --reason "Outside the mandate."'),
        Verb("bracket", "BracketText", "proposal", "Put alternatives into a text: [a / b].", "P7 --file bracketed.txt"),
        Verb("lift-brackets", "LiftBrackets", "proposal", "Settle a bracket.", "P7 --bracket 1 --alternative 2"),
        Verb("withdraw-amendment", "WithdrawAmendment", "amendment", "Take an amendment back.", "A3"),
    ),
    "Act: comments": (
        Verb(
            "comment",
            "MakeComment",
            "subject?",
            "Comment on an item, a document or the whole.",
            'P7 --quote "at all times" --text "Who pays?"',
        ),
        Verb(
            "be-named",
            "NameSpeaker",
            "comment",
            "Consent to be named as who made a comment.",
            'C12 --for "KIM Haneul" --basis email',
        ),
        Verb("retract", "RetractComment", "comment", "Take a comment back.", "C12"),
        Verb(
            "dispose",
            "DisposeComment",
            "comment disposition",
            "Say what became of a comment.",
            'C12 partly --reason "See version 3."',
        ),
    ),
    "Act: decisions": (
        Verb("call", "CallConsensus", "subject?", "Put a question to those entitled.", 'P7 --procedure "majority 2/3"'),
        Verb(
            "position",
            "TakePosition",
            "call name",
            "Take a position in a call.",
            'Q4 object --reason "Paragraph 2 goes too far."',
        ),
        Verb("withdraw-position", "WithdrawPosition", "call", "Take a position back.", "Q4"),
        Verb(
            "object-through-chair",
            "ObjectThroughChair",
            "call",
            "Convey an objection, unnamed.",
            'Q4 --reason "Not without costs."',
        ),
        Verb("extend-deadline", "ExtendDeadline", "call expires", "Give a call more time.", "Q4 2026-03-01T12:00Z"),
        Verb("declare", "DeclareOutcome", "call", "Declare what the positions amount to.", "Q4"),
        Verb(
            "confirm-outcome",
            "ConfirmOutcome",
            "call",
            "Let a contested outcome hold.",
            'Q4 --reason "It was withdrawn."',
        ),
        Verb(
            "set-aside",
            "SetAsideOutcome",
            "call",
            "Set a contested outcome aside.",
            'Q4 --reason "The objection came in time."',
        ),
        Verb(
            "rule",
            "RuleOnChange",
            "subject change",
            "Rule a change editorial or substantive.",
            'P7 editorial --reason "Spelling only."',
        ),
        Verb("challenge", "ChallengeRuling", "ruling", "Challenge a ruling.", 'R2 --reason "It changes who pays."'),
        Verb(
            "statement",
            "EnterStatement",
            "call",
            "Say how you understand a decision.",
            'Q4 --text "We read this as voluntary."',
        ),
        Verb("assent", "AssentToAct", "joint", "Assent to what another co-chair proposed to do.", "J1"),
        Verb("settle", "Settle", "", "Declare the silences that have run out.", ""),
    ),
    "Act: signatures": (
        Verb("sign", "GiveEndorsement", "subject", "Sign an item or a document.", "D1 --publish --except P4"),
        Verb("confirm", "ConfirmEndorsement", "signature", "Confirm a signature entered for you.", "D1"),
        Verb("reaffirm", "ReaffirmEndorsement", "signature", "Sign the current text again.", "D1 --version 2"),
        Verb("withdraw-signature", "WithdrawEndorsement", "signature", "Take a signature back.", "D1"),
        Verb("object-to-change", "ObjectToChange", "signature", "Not sign on to an editorial change.", "D1"),
        Verb("consent", "ConsentToPublication", "signature", "Consent to be named as a signatory.", "D1"),
        Verb("withdraw-consent", "WithdrawConsent", "signature", "No longer be named as a signatory.", "D1"),
        Verb(
            "reserve",
            "EnterReservation",
            "signature",
            "Enter a reservation to your signature.",
            'D1 --item P4 --text "Within existing budgets."',
        ),
        Verb("lift-reservation", "LiftReservation", "signature reservation", "Lift a reservation.", "D1 1"),
    ),
    "Act: documents": (
        Verb("draft", "DraftDocument", "title", "Begin a document.", '"Recommendations" --preamble @preamble.txt'),
        Verb(
            "revise-document",
            "ReviseDocument",
            "document",
            "Change the words around the items.",
            'D1 --subtitle "Final"',
        ),
        Verb(
            "order",
            "OrderItems",
            "document",
            "Order the items under themes.",
            'D1 --group "Sea" P1,P4 --group "Air" P2',
        ),
        Verb(
            "renumber",
            "RenumberItems",
            "document",
            "Give items numbers that do not simply count.",
            'D1 --number P4 "4 bis"',
        ),
        Verb(
            "minority-view",
            "AttachMinorityView",
            "document",
            "Bind a minority view to a document.",
            "D1 --file view.txt",
        ),
        Verb("issue", "IssueEdition", "document", "Issue the next edition.", "D1"),
        Verb(
            "open-signature",
            "OpenForSignature",
            "subject",
            "Open an item or document for signature.",
            "D1 --closes 2026-05-01T12:00Z",
        ),
        Verb("close-signature", "CloseForSignature", "subject", "Close it for signature.", "D1"),
        Verb("embargo", "SetEmbargo", "document until", "Hold publication to an instant.", "D1 2026-05-01T09:00+09:00"),
        Verb("publish-document", "PublishDocument", "document", "Make the current edition public.", "D1"),
        Verb(
            "correct",
            "IssueCorrection",
            "document",
            "Mend a typo in an item or a signatory's line.",
            'D1 --item P4 --file mended.txt --reason "Typo."',
        ),
        Verb(
            "circulate",
            "Circulate",
            "document addressees…",
            "Send an edition to addressees.",
            'D1 N12 "Harbour Institute"',
        ),
        Verb(
            "acknowledge",
            "AcknowledgeReceipt",
            "circulation",
            "Acknowledge that it arrived.",
            "K1 --for N12 --basis email",
        ),
        Verb(
            "respond",
            "RespondToCirculation",
            "circulation",
            "Respond to what was circulated.",
            'K1 --text "We support it."',
        ),
    ),
    "Act: people": (
        Verb(
            "invite",
            "Invite",
            "name?",
            "Invite a person, or an institution (--body).",
            '"KIM Haneul" --descriptor "Former harbour master"',
        ),
        Verb("accept-invitation", "AcceptInvitation", "", "Accept the invitation.", '--for "KIM Haneul" --basis email'),
        Verb("regrets", "SendRegrets", "", "Send regrets.", '--for N12 --basis telephone --reason "Ill."'),
        Verb("alternate", "NameAlternate", "alternate", "Name an alternate.", "N14 --for N12 --basis letter"),
        Verb(
            "roles",
            "AssignRoles",
            "participant roles…",
            "Say in which roles somebody takes part.",
            "N12 participant co-chair",
        ),
        Verb(
            "affiliation",
            "ChangeAffiliation",
            "",
            "Change affiliation, descriptor or capacity.",
            '--affiliation "Harbour Institute"',
        ),
        Verb(
            "correct-participant",
            "CorrectParticipant",
            "participant",
            "Put right a name taken down wrongly.",
            'N12 --name "KIM Hanul" --reason "Spelling."',
        ),
        Verb("leave", "LeaveDialogue", "", "Leave the dialogue.", "--for N12 --basis letter"),
        Verb("request-erasure", "RequestErasure", "participant", "Ask that somebody be forgotten.", "N12"),
        Verb("confirm-erasure", "ConfirmErasure", "participant", "Confirm it, as another person.", "N12"),
        Verb("death", "RecordDeath", "participant", "Record that somebody has died.", "N12 --on 2026-02"),
        Verb(
            "entered-in-error",
            "MarkEnteredInError",
            "entry",
            "Void what was entered for the wrong person.",
            '142 --reason "The other KIM."',
        ),
    ),
    "Act: meetings and mandate": (
        Verb("plan", "PlanMeeting", "", "Plan a meeting.", '--title "First meeting" --place Incheon --starts 2026-05'),
        Verb("hold", "HoldMeeting", "meeting starts", "Record that a meeting took place.", "M1 2026-05-12"),
        Verb("cancel", "CancelMeeting", "meeting", "Cancel a meeting.", 'M2 --reason "No host."'),
        Verb(
            "attend",
            "RecordAttendance",
            "meeting participant",
            "Record who was there, and how.",
            'M1 "KIM Haneul" --manner online',
        ),
        Verb("open-session", "OpenSession", "meeting", "Open a session of a meeting.", 'M1 --title "Drafting"'),
        Verb("close-session", "CloseSession", "session", "Close a session.", "S1"),
        Verb("grant", "GrantMandate", "", "Grant the mandate.", "--start 2026-01 --end 2027-12 --meetings 4"),
        Verb("decline", "DeclineMandate", "", "Decline the mandate.", '--reason "It doubles another one."'),
        Verb("extend", "ExtendMandate", "end", "Extend the mandate.", "2028-06"),
        Verb("conclude", "ConcludeDialogue", "", "Conclude the dialogue.", ""),
        Verb("settings", "AgreeSettings", "", "Agree on how the dialogue works.", "--chairs any --notice-hours 48"),
        Verb(
            "introduce-log-key",
            "IntroduceLogKey",
            "vkey",
            "Say with which key checkpoints are signed.",
            "dialogue.example.org/…+4f9a3c11+AbCd…",
        ),
        Verb(
            "take-over",
            "TakeOverRecord",
            "vkey holder",
            "Go on here with a record that was imported.",
            "dialogue.example.org/…+4f9a3c11+AbCd… new.example.org",
        ),
    ),
}

BEGIN = Verb(
    "new", "ProposeDialogue", "", "Open a dialogue, with every default set.", '--like apln --title "Quiet Waters"'
)  # built in begin.py, which adds --like, --secretariat and --chair

BY_NAME = {verb.name: verb for verbs in VERBS.values() for verb in verbs}
