"""Where one sequence became another.

What stands once in each, in the same order, is taken for unchanged (B. Cohen's "patience"), so that what is
near decides and a change here does not shift one there. Between these landmarks the fewest changes are found
by the greedy algorithm of E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1
(1986), figure 2.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence


def changes(old: Sequence[str], new: Sequence[str], steps: int) -> list[tuple[int, int, int, int]]:
    """Where old[a:b] became new[c:d], as (a, b, c, d), in order.

    A place whose search would take more than its share of `steps` counts as changed throughout.
    """
    found = []
    left, above = 0, 0
    for right, below in [*_landmarks(old, new), (len(old), len(new))]:
        head, tail = in_common(old[left:right], new[above:below])
        a, b, c, d = left + head, right - tail, above + head, below - tail
        share = steps * (b - a + d - c) // max(1, len(old) + len(new))
        rows = _search(old[a:b], new[c:d], share) if a < b and c < d else None
        if rows:
            found += [(a + e, a + f, c + g, c + h) for e, f, g, h in _path(rows, b - a, d - c)]
        elif a < b or c < d:
            found.append((a, b, c, d))
        left, above = right + 1, below + 1
    return found


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


def _landmarks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest series of items, as places in both, that stand once in each and in the same order."""
    olds, news = Counter(old), Counter(new)
    at = {item: j for j, item in enumerate(new) if news[item] == 1}
    pairs = [(i, at[item]) for i, item in enumerate(old) if olds[item] == 1 and item in at]
    # Piles of patience: `tops` holds the least end of a series of each length, `last` the pair it belongs to.
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for n, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        tops[pile : pile + 1] = [j]
        last[pile : pile + 1] = [n]
        before.append(last[pile - 1] if pile else -1)
    series = []
    n = last[-1] if last else -1
    while n >= 0:
        series.append(pairs[n])
        n = before[n]
    return series[::-1]


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
