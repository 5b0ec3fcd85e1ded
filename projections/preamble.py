"""A preamble as one text, and as its parts: paragraphs, numbered areas of agreement, paragraphs.

The record keeps one text, whose words are bound by one digest; a published document numbers the areas as a list.
An area is a line that begins with the next number ("1. …"), up to an empty line; a further paragraph of it is
indented by the width of its mark.
"""

import re


def joined(preamble: str, areas: tuple[str, ...], after_areas: str) -> str:
    """One text of the three parts; the parts are paragraphs parted by empty lines."""
    numbered = "\n".join(hanging(f"{number}. ", area) for number, area in enumerate(areas, 1))
    return "\n\n".join(filter(None, [preamble, numbered, after_areas]))


def parted(text: str) -> tuple[str, tuple[str, ...], str]:
    """The paragraphs before the areas, the areas, and the paragraphs after them: the inverse of `joined`."""
    lines = text.split("\n")
    areas: list[list[str]] = []
    start, end = next((at for at, line in enumerate(lines) if line.startswith("1. ")), len(lines)), 0
    for end in range(start, len(lines) + 1):
        mark = f"{len(areas) + 1}. "
        indent = " " * len(f"{len(areas)}. ")
        if end == len(lines):
            break
        if lines[end].startswith(mark):
            areas.append([lines[end].removeprefix(mark)])
        elif lines[end] and not lines[end - 1]:
            if not lines[end].startswith(indent):
                break
            areas[-1].append(lines[end].removeprefix(indent))
        else:
            areas[-1].append(lines[end])
    parts = ("\n".join(area).strip("\n") for area in areas)
    return "\n".join(lines[:start]).strip("\n"), tuple(parts), "\n".join(lines[end:]).strip("\n")


def hanging(mark: str, text: str) -> str:
    """A numbered paragraph: what stands below an empty line in it is indented, so that it stays in it."""
    return mark + re.sub(r"(\n[ \t]*\n)(?=[^\n])", rf"\1{' ' * len(mark)}", text)
