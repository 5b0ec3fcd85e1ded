"""What a witness keeps, and its conversation with logs: C2SP tlog-witness, one request at a time."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from dialogue.checkpoint import Checkpoint
from dialogue.cosignature import WitnessSigner
from dialogue.fact import Conflict, Refused
from dialogue.note import VerifierKey
from dialogue.witness import BadRequest, Refusal, Request, decide

LARGEST_REQUEST = 1_100_000  # a note and its proof
SIZE = "text/x.tlog.size"
STATUS = {"unknown": 404, "unsigned": 403, "outdated": 409, "inconsistent": 422}
PATIENCE = 30  # seconds that a witness has to answer
TABLES = """
    CREATE TABLE IF NOT EXISTS witness (key TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS logs (vkey TEXT PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS kept (origin TEXT PRIMARY KEY, note BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS evidence (time INTEGER, reason TEXT, kept BLOB, shown BLOB, UNIQUE (kept, shown));
"""


class Witness:
    """A witness's state, in one file that only its owner can read: key, logs, last checkpoints, evidence."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise Refused("no-witness", f"there is no witness in {path}; `dialogue witness new` makes one")
        self.db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        [(secret,)] = self.db.execute("SELECT key FROM witness").fetchall()
        self.signer = WitnessSigner.parse(secret)

    @classmethod
    def make(cls, path: Path, name: str, seed: bytes) -> Witness:
        """A new witness. Raises Refused where there is one already, or the name is none."""
        from dialogue.note import is_key_name

        if not is_key_name(name):
            raise Refused("unfit", "a witness's name is one word without +, such as witness.example.org")
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise Refused("no-room", f"no witness can be made in {path}: {error.strerror}") from error
        with sqlite3.connect(path) as db:
            db.executescript(TABLES)
            db.execute("INSERT INTO witness VALUES (?)", (WitnessSigner(name, seed).secret(),))
        db.close()
        return cls(path)

    def watch(self, vkey: str) -> None:
        """Watches a log from now on. Raises BadKey."""
        VerifierKey.parse(vkey)
        self.db.execute("INSERT OR IGNORE INTO logs VALUES (?)", (vkey,))

    def answer(self, body: bytes) -> bytes | Refusal:
        """The signature line for a request, once its checkpoint is kept; or why there is none. Raises BadRequest."""
        request = Request.parse(body)
        origin = request.checkpoint.origin
        self.db.execute("BEGIN IMMEDIATE")  # compare with the last checkpoint and keep the new one in one step
        try:
            row = self.db.execute("SELECT note FROM kept WHERE origin = ?", (origin,)).fetchone()
            logs = [VerifierKey.parse(vkey) for (vkey,) in self.db.execute("SELECT vkey FROM logs").fetchall()]
            decided = decide(row[0] if row else None, request, logs)
            if isinstance(decided, Refusal):
                if decided.evidence:
                    told = (int(time.time()), decided.reason, *decided.evidence)
                    self.db.execute("INSERT OR IGNORE INTO evidence VALUES (?, ?, ?, ?)", told)
                return decided
            self.db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (origin, request.note))
        finally:
            self.db.execute("COMMIT")
        return self.cosigned(decided)

    def cosigned(self, checkpoint: Checkpoint) -> bytes:
        return self.signer.cosign(checkpoint.text(), int(time.time())).line().encode()

    def evidence(self) -> list[tuple[int, str, bytes, bytes]]:
        """(POSIX seconds, reason, note kept, note shown) of every contradiction seen."""
        return self.db.execute("SELECT time, reason, kept, shown FROM evidence ORDER BY time").fetchall()


def handler(witness: Witness) -> type[BaseHTTPRequestHandler]:
    """The HTTP side of a witness: POST /add-checkpoint."""

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_POST(self) -> None:  # http.server calls it so
            length = self.headers.get("Content-Length", "")
            if self.path.rpartition("/")[2] != "add-checkpoint":
                return self.reply(404, b"there is only add-checkpoint here\n")
            if not length.isdigit() or int(length) > LARGEST_REQUEST:
                return self.reply(413, b"the request is too long, or does not say how long it is\n")
            try:
                answer = witness.answer(self.rfile.read(int(length)))
            except BadRequest as error:
                return self.reply(400, f"{error}\n".encode())
            if isinstance(answer, bytes):
                return self.reply(200, answer)
            if answer.kind == "outdated":
                return self.reply(409, f"{answer.size}\n".encode(), SIZE)
            return self.reply(STATUS[answer.kind], f"{answer.reason}\n".encode())

        def reply(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: who asks a witness is nobody's business."""

    return Handler


def ask(url: str, request: Callable[[int], Request]) -> tuple[Request, bytes]:
    """What a witness was asked in the end, and the signature lines that it answered.

    It is asked from the size it says that it knows. Raises Refused where it does not cosign, Conflict where it
    is asked by others at the same time.
    """
    if not url.startswith(("https://", "http://")):
        raise Refused("unfit", "a witness is reached by a URL that begins with https:// or http://")
    old = 0
    for _ in range(3):
        asked = request(old)
        post = HttpRequest(f"{url.rstrip('/')}/add-checkpoint", asked.body(), method="POST")  # noqa: S310  # http(s)
        try:
            with urlopen(post, timeout=PATIENCE) as response:  # noqa: S310  # the scheme was looked at above
                return asked, response.read(LARGEST_REQUEST)
        except HTTPError as error:
            told = error.read(2000).decode(errors="replace").strip()
            if error.code != 409 or not told.isdigit():
                raise Refused("not-cosigned", f"the witness does not cosign ({error.code}): {told}") from error
            old = int(told)
        except (URLError, TimeoutError) as error:
            raise Refused("no-witness", f"the witness cannot be reached at {url}: {error}") from error
    raise Conflict("the witness is being asked by others; try again")
