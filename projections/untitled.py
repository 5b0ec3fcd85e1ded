"""Recommendations that have no title, or no text besides it.

The record gives every item both. Where a document has only one of them, the other is taken from it, and print
shows the words once, as they stood.
"""

from projections.reading.blocks import finished
from projections.reading.source import excerpt

LABEL = 80  # characters


def label(text: str) -> str:
    """What stands for the title of a text without one: its first words."""
    return excerpt(text, LABEL)


def entered(title: str, text: str) -> tuple[str, str]:
    """Title and text of an item as the record takes them; one of the two may be empty."""
    return title or label(text), text or title


def printed(title: str, text: str, first: str) -> tuple[str, str]:
    """Title and text as a document prints them. `first` is the text as it stood in its first version."""
    if title == text and not finished(title):
        return title, ""
    return ("", text) if title == label(first) else (title, text)
