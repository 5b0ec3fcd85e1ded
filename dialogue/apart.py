"""Acts put to the rules in a second process, while the first goes on reading: so an audit takes half the time.

The first process looks at the bytes: hashes, tree, spelling, clocks, checkpoints, disclosures. What it has read it
sends over, an act at a time, exactly where the rules would otherwise have been asked at once; so whatever is wrong
with an act that was sent comes before whatever the first process finds afterwards, and is what is reported. Acts
are sent in batches through a pipe that holds little, so neither process gets far ahead, and memory stays flat.
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys
from contextlib import suppress
from subprocess import PIPE, Popen
from typing import BinaryIO

from dialogue.archive import Files, read
from dialogue.audit import Here, Report, Wrong
from dialogue.fact import Entry

WORTHWHILE = 4 * 1024 * 1024  # bytes of entries; less is put to the rules before another process has begun
BATCH = 128  # acts
# Not multiprocessing, which would run the caller's main module again in the new process.
BEGIN = "import sys; sys.path[:] = {path!r}; from dialogue.apart import begin; begin()"


def worthwhile(files: Files) -> bool:
    """Whether a second process pays, and there can be one."""
    return files.sizes.get("entries.jsonl", 0) >= WORTHWHILE and bool(sys.executable)


class Apart:
    """The rules, in a process of their own (`Rules` in audit.py), which reads the texts in these files."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.batch: list[list[Entry]] = []
        self.other: Popen[bytes] | None = None

    def put(self, entries: list[Entry], report: Report) -> None:
        self.batch.append(entries)
        if len(self.batch) == BATCH and not self.sent(report):
            self.end(report)

    def sent(self, report: Report) -> bool:
        """Sends what has been put; False if the other process takes no more, having found something wrong."""
        batch, self.batch = self.batch, []
        try:
            if self.other is None:
                code = BEGIN.format(path=sys.path)
                self.other = Popen([sys.executable, "-c", code], stdin=PIPE, stdout=PIPE)  # noqa: S603  # ourselves
                self.send(self.files)
            self.send((batch, report))
        except BrokenPipeError:
            return False
        return True

    def send(self, value: object) -> None:
        assert self.other is not None
        assert self.other.stdin is not None
        self.other.stdin.write(pickle.dumps(value))
        self.other.stdin.flush()

    def end(self, report: Report) -> None:
        if self.batch:
            self.sent(report)
        if self.other is None:
            return
        other, self.other = self.other, None
        assert other.stdin is not None
        assert other.stdout is not None
        with other:
            with suppress(BrokenPipeError):
                other.stdin.write(pickle.dumps(None))
                other.stdin.flush()
            with suppress(BrokenPipeError):
                other.stdin.close()
            answer = other.stdout.read()
        if not answer:
            raise ChildProcessError("the process that puts the acts to the rules has broken off; try again")
        wrong = pickle.loads(answer)  # noqa: S301  # what this very software has written
        if isinstance(wrong, Wrong):
            raise wrong


def begin() -> None:
    """What the second process does."""
    gc.freeze()  # what has been imported stays
    gc.set_threshold(100_000)  # entries and states hold no cycles, so looking for some after every 700 is idle
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt ends the first process, and that ends this one
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(acts: BinaryIO, answer: BinaryIO) -> None:
    """Takes files, batches of acts and None, and answers with the Wrong that it found, or None.

    There is no answer where the first process has broken off.
    """
    found: Wrong | None = None
    report: Report | None = None
    try:
        files = pickle.load(acts)  # noqa: S301  # as above
        rules = Here(lambda digest: text(files, digest))
        while (sent := pickle.load(acts)) is not None:  # noqa: S301
            batch, report = sent
            for entries in batch:
                rules.put(entries, report)
    except EOFError:
        return
    except Wrong as wrong:
        wrong.read = report
        found = wrong
    acts.close()  # so that whoever still sends is told, and listens
    answer.write(pickle.dumps(found))
    answer.flush()


def text(files: Files, digest: str) -> bytes | None:
    """The stored text with this digest, or None."""
    name = f"texts/{digest}"
    return read(files, name) if name in files.sizes else None
