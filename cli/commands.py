"""The table of commands: by section, each with the module that has it and its help in a line."""

from __future__ import annotations

from cli.verbs import VERBS

COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "Begin": {
        "demo": ("demo", "Play an invented dialogue, to look around in."),
        "init": ("begin", "Make the stores, once."),
        "new": ("begin", "Open a dialogue, with every default set."),
        "import": ("exchange", "Bring in a document or a mandate form that exists already."),
        "apply": ("apply", "Bring in a history, written as commands."),
        "commands": ("begin", "List every command of the domain with its fields."),
    },
    "Show": {
        "open": ("show", "What is open, and whom to chase."),
        "list": ("show", "All dialogues."),
        "show": ("show", "One dialogue: its mandate, officers and settings."),
        "texts": ("show_texts", "All proposals and recommendations."),
        "text": ("show_texts", "The words of an item, in any version."),
        "signatories": ("show_decisions", "Who signed which text, and whether it stands."),
        "amendments": ("show_texts", "Amendments: open, in conflict, answered."),
        "comments": ("show_texts", "Comments with their answers and dispositions."),
        "decisions": ("show_decisions", "Consensus calls, positions, outcomes, rulings."),
        "documents": ("show_decisions", "Documents, their editions and items."),
        "participants": ("show_people", "Who takes part."),
        "meetings": ("show_people", "Meetings, sessions and who attended."),
        "session-notes": ("room", "What was said under the Chatham House Rule and waits."),
        "publish": ("exchange", "Write a document as it is published: Markdown, HTML or JSON."),
    },
    "Weigh": {
        "ready": ("duties", "Whether a document may be published, and every reason if not."),
        "notices": ("duties", "What each participant must be told, each notice once."),
        "explain": ("duties", "Why an outcome is what it is, by entry number."),
        "what-if": ("duties", "What a procedure would make of given positions."),
        "who-had-seen": ("duties", "Who had been sent, acknowledged and answered an edition."),
    },
    "Serve": {
        "serve": ("serve", "Serve this record over HTTP."),
        "token": ("serve", "Tokens, with which participants come in."),
    },
    "Audit": {
        "log": ("audit", "Tell the entries, each in a sentence."),
        "replay": ("audit", "Tell the deliberation, with marked-up texts and signatories."),
        "compare": ("audit", "Compare two versions of an item, word by word."),
        "trace": ("audit", "Trace how an item came to read as it does."),
        "verify": ("verify", "Audit an exported record, or the one kept here."),
        "import-record": ("verify", "Bring in an exported record, to be read here."),
        "disclose": ("disclose", "Open chosen values for an auditor, and nothing else."),
        "export": ("ledger", "Write a record out, for anybody to check."),
        "prove": ("ledger", "Write the proof that an entry stands in the signed record."),
        "checkpoint": ("ledger", "Sign the record as it stands."),
        "keys": ("ledger", "Make, introduce and show the key that signs."),
        "policy": ("ledger", "Show or keep whom the dialogue proposes to trust."),
        "cosign": ("ledger", "Ask a witness to cosign the last checkpoint."),
        "timestamp": ("ledger", "Have an authority confirm when a checkpoint was there."),
        "witness": ("witness", "Watch a record for its parties, on a machine of your own."),
        "rebuild": ("audit", "Make all views anew from the record, or check them."),
        "doctor": ("audit", "Examine the installation."),
    },
    "Act": {"withdraw": ("act", "Take something back: P7, A3, Q4 or D1.")},
    "People's own data": {
        "subject-access": ("forget", "Show a person what is held about them."),
        "forget": ("forget", "Forget a person, by two people; the record stays whole."),
    },
    **{title: {verb.name: ("act", verb.help) for verb in verbs} for title, verbs in VERBS.items()},
    "Keep": {
        "receipt": ("room", "What became of something said under the Chatham House Rule."),
        "retention": ("room", "Remove who said what under the Rule when its time is over."),
        "config": ("begin", "Show the settings and where each came from."),
        "completion": ("begin", "Print the completion script of a shell."),
    },
}
