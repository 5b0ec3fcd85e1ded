r"""Words as Markdown that shows exactly those words, and back.

A published text must read byte for byte as it was decided, and nothing in it may become a heading, a list,
a link or HTML. So `literal` escapes only where CommonMark 0.31 would otherwise see markup, and ordinary prose
passes untouched:

* at the start of a line: headings, bullets, ordered numbers, quotes, rules, underlines, fences, table rows
  and task boxes; leading blanks, which would make a code block, become a character reference;
* inside a line: `*` and `_` that could open or close emphasis, backticks, doubled tildes, `<` before a tag,
  `&` before a character reference, `]` before a link's target, and a backslash that would itself escape.

`unliteral(literal(text)) == text` for every text whose lines are parted by "\n".
"""

import re

_PUNCTUATION = r"[!-/:-@\[-`{-~]"

_INLINE = re.compile(
    rf"""\\(?={_PUNCTUATION}|$)
    | `
    | \*(?!\s) | (?<!\s)\*
    | (?<![^\W_])_ | _(?![^\W_])
    | ~(?=~) | (?<=~)~
    | <(?=[A-Za-z/!?])
    | &(?=\#[0-9xX]|[A-Za-z][A-Za-z0-9]*;)
    | \](?=[(\[:])
    | !(?=\[)""",
    re.VERBOSE,
)
_BLOCK = re.compile(
    r"""\#{1,6}(?=[ \t]|$)
    | >
    | [-+*](?=[ \t]|$)
    | [-=][-= \t]*$
    | \|
    | :?-+:?[ \t]*\|
    | \[[ xX]\](?=[ \t])""",
    re.VERBOSE,
)
_ORDINAL = re.compile(r"([0-9]+)([.)])(?=[ \t]|$)")
_BLANKS = {" ": "&#32;", "\t": "&#9;"}
_ESCAPE = re.compile(rf"\\({_PUNCTUATION})")


def inline(words: str) -> str:
    """Words for the middle of a line; line breaks become blanks, so that they cannot start anything."""
    return _INLINE.sub(r"\\\g<0>", " ".join(words.split("\n")))


def literal(text: str) -> str:
    """Text of any number of lines, each safe at the start of a Markdown line."""
    return "\n".join(map(_line, text.split("\n")))


def unliteral(markdown: str) -> str:
    """The words that Markdown shows: the inverse of `literal` and `inline`."""
    return "\n".join(map(_unline, markdown.split("\n")))


def _line(line: str) -> str:
    escaped = inline(line)
    if line[:1] in _BLANKS and line:
        return _BLANKS[line[0]] + escaped[1:]
    if _BLOCK.match(line) and not escaped.startswith("\\"):
        return "\\" + escaped
    return _ORDINAL.sub(r"\1\\\2", escaped, count=1) if _ORDINAL.match(escaped) else escaped


def _unline(line: str) -> str:
    for blank, reference in _BLANKS.items():
        if line.startswith(reference):
            line = blank + line.removeprefix(reference)
    return _ESCAPE.sub(r"\1", line)
