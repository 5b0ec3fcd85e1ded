"""Where one sequence became another, by the greedy algorithm of E. W. Myers.

"An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), figure 2.
"""

from array import array
from collections.abc import Sequence


def changes(old: Sequence[str], new: Sequence[str], steps: int) -> list[tuple[int, int, int, int]]:
    """Where old[a:b] became new[c:d], as (a, b, c, d) in order; all as one place if `steps` run out."""
    head, tail = in_common(old, new)
    width, height = len(old) - head - tail, len(new) - head - tail
    if not width and not height:
        return []
    rows = _search(old[head : head + width], new[head : head + height], steps) if width and height else None
    if rows is None:
        return [(head, head + width, head, head + height)]
    return [(head + a, head + b, head + c, head + d) for a, b, c, d in _path(rows, width, height)]


def in_common(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many items at the beginning, and how many of the others at the end, are the same in both."""
    most = min(len(old), len(new))
    head = 0
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _search(old: Sequence[str], new: Sequence[str], steps: int) -> "list[array[int]] | None":
    """Myers' rows: after d changes, entry i is the furthest x reached on diagonal x - y = 2i - d."""
    width, height = len(old), len(new)
    rows: list[array[int]] = []
    for d in range(width + height + 1):
        row = array("l", bytes(array("l").itemsize * (d + 1)))
        for i in range(d + 1):
            x = (rows[-1][i] if _downward(rows[-1], d, i) else rows[-1][i - 1] + 1) if d else 0
            y = begun = x - (2 * i - d)
            while x < width and y < height and old[x] == new[y]:
                x += 1
                y += 1
            row[i] = x
            steps -= 1 + y - begun
            if x >= width and y >= height:
                return [*rows, row]
        if steps < 0:
            return None
        rows.append(row)
    raise AssertionError("deleting all and inserting all always arrives")


def _downward(above: "array[int]", d: int, i: int) -> bool:
    """Whether the furthest way to entry i of row d inserts an item (else it takes one out)."""
    return i == 0 or (i < d and above[i - 1] < above[i])


def _path(rows: "list[array[int]]", width: int, height: int) -> list[tuple[int, int, int, int]]:
    """Walk back from the end, gathering steps with nothing kept between them into one change."""
    found: list[tuple[int, int, int, int]] = []
    i = (width - height + len(rows) - 1) // 2
    for d in range(len(rows) - 1, 0, -1):
        down = _downward(rows[d - 1], d, i)
        if not down:
            i -= 1
        x = rows[d - 1][i]
        y = x - (2 * i - (d - 1))
        b, e = (x, y + 1) if down else (x + 1, y)
        if found and found[-1][0] == b and found[-1][2] == e:
            found[-1] = (x, found[-1][1], y, found[-1][3])
        else:
            found.append((x, b, y, e))
    return found[::-1]
