"""Provenance measured: is the credit right, and how long does it take to ask for it?

Run by hand from the project's root: PYTHONPATH=tests python tests/benchmarks/provenance.py

Credit: histories of 200 entries in five languages, with a merge and a split, whose true authors are known
because the words are invented here. Speed: sentences of a text of 1,000 versions, looked up in stored credit,
and asked of `git blame -L` on the same history, one commit a version: with a paragraph a line, as texts are
kept, and with a word a line, which is what it takes for git to answer for words.
"""

import json
import random
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import mean, median
from time import perf_counter

from histories import VOCABULARIES, History, Language, credited_right
from projections.credit import Credit, brought_in, carry, decode, encode, wholly

SEEDS = range(1, 6)
ENTRIES = 200
VERSIONS = 1_000
PHRASES = 20


def main() -> None:
    print(f"Words credited right, {len(SEEDS)} histories of {ENTRIES} entries each (96% needed, none below 93%)")
    means = []
    for language in VOCABULARIES:
        shares = [credited_right(language, seed, ENTRIES) for seed in SEEDS]
        means.append(mean(shares))
        print(f"  {language:9} {means[-1]:.1%}, least {min(shares):.1%}")
    print(f"  on average {mean(means):.1%}\n")

    texts = list(versions())
    last = texts[-1]
    started = perf_counter()
    stored = json.dumps(encode(carried(texts)))
    carrying = (perf_counter() - started) / VERSIONS
    print(f"A text of {VERSIONS:,} versions, the last of {len(last):,} characters. Who brought in a sentence?")
    print(f"  (carrying the credit: {carrying * 1e3:.1f} ms a version; stored: {len(stored):,} bytes of JSON)")
    sentences = [sentence.strip() for sentence in last.split(". ") if sentence.strip()]
    phrases = random.Random(1).sample(sentences, PHRASES)
    looked_up = typical(lambda phrase: brought_in(last, decode(json.loads(stored)), phrase), phrases)
    print(f"  stored credit               {looked_up * 1e3:8.3f} ms")
    breakers: dict[str, Callable[[str], list[str]]] = {"paragraph": str.splitlines, "word": str.split}
    for name, lines in breakers.items():
        with tempfile.TemporaryDirectory() as folder:
            repository = committed(Path(folder), ["\n".join(lines(text)) + "\n" for text in texts])
            blamed = typical(partial(blame, repository, last, lines), phrases)
        print(f"  git blame, a {name:9} a line {blamed * 1e3:8.3f} ms, {blamed / looked_up:,.0f} x")
    print(print("  (50 x needed; with a paragraph a line git names who last touched it, not who wrote the words)"))


def versions() -> Iterator[str]:
    text = History(Language("English", random.Random(1)), 1, paragraphs=12, sentences=6)
    yield text.version().words
    for entry in range(2, VERSIONS + 1):
        text.revise(entry)
        yield text.version().words


def carried(texts: list[str]) -> Credit:
    credit = wholly(texts[0], 1)
    for entry in range(2, len(texts) + 1):
        credit = carry(texts[entry - 2], credit, texts[entry - 1], entry)
    return credit


def committed(folder: Path, contents: list[str]) -> Path:
    """A repository with a commit for each of the contents, packed and with the index that speeds up blame."""
    stream = bytearray()
    for number, content in enumerate(contents, 1):
        data = content.encode()
        stream += b"commit refs/heads/main\ncommitter invented <invented@example.org> %d +0000\n" % number
        stream += b"data 0\nM 100644 inline text\ndata %d\n%b\n" % (len(data), data)
    git = ["git", "-C", str(folder)]
    subprocess.run([*git, "init", "-q", "--bare", "-b", "main"], check=True)
    subprocess.run([*git, "fast-import", "--quiet"], input=bytes(stream), check=True)
    subprocess.run([*git, "gc", "-q"], check=True)
    subprocess.run([*git, "commit-graph", "write", "--reachable", "--changed-paths"], check=True)
    return folder


def blame(repository: Path, text: str, lines: Callable[[str], list[str]], phrase: str) -> None:
    at = text.index(phrase)
    first, last = len(lines(text[:at] + "x")), len(lines(text[: at + len(phrase)]))
    command = ["git", "-C", str(repository), "blame", "-s", "-L", f"{first},{last}", "main", "--", "text"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def typical(ask: Callable[[str], object], phrases: list[str]) -> float:
    """The median seconds of asking for one of the phrases."""
    seconds = []
    for phrase in phrases:
        started = perf_counter()
        ask(phrase)
        seconds.append(perf_counter() - started)
    return median(seconds)


if __name__ == "__main__":
    main()
