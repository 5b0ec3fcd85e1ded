"""The labelled values on top of a form: "Label: value" lines, tabbed lines, and table rows."""

import re

from projections.reading.source import Remark, excerpt

Row = tuple[int, list[str]]  # the line, from 1, and its cells
Values = dict[str, tuple[int, str]]  # for each known label the line it stands on and the words beside it

_LABELS = {
    "title": "(proposed |working )?(title|name|topic)( of .*)?|название|тема|제목|명칭|名称|題名|标题",
    "submitted": "(date of submission|submission date|date submitted|submitted( on)?|date)"
    "|дата( подачи)?|제출일|提出日|提交日期",
    "applicant": "applicants?|proposed by|proposer|submitted by|заявитель|신청자|신청인|申請者|申请者|申请方",
    "cochairs": "co-?chairs?|co-?chairpersons?|сопредседатели|공동의장|共同議長|共同主席|联合主席",
    "meetings": "((planned )?number of |planned )?meetings|число встреч|회의 횟수|会議数|会议次数",
    "start": "(start|beginning)( of (the )?mandate)?|(mandate )?start( date)?|from|начало.*|시작일|開始日?|开始日期",
    "end": "end( of (the )?mandate)?|(mandate )?end( date)?|until|окончание.*|종료일|終了日?|结束日期",
    "timeframe": r"time-?\s?frame|period|duration|mandate|term( of (the )?mandate)?|срок.*|기간|期間|期限",
}
_LABEL = {name: re.compile(label, re.IGNORECASE) for name, label in _LABELS.items()}
_COLON = re.compile(r"\s*(?:[-*+•]\s+)?((?:\*\*|__)?[^:：|.!?。]{1,60})[:：](?:\*\*|__)?[ \t\u3000]*(.*)")
_RULED = re.compile(r"[\s|:-]+")
_RANGE = re.compile(r"\s+(?:[–—-]|to|until|до)\s+|\s*[~～〜至]\s*|から")


def rows_of(lines: list[str], start: int, end: int) -> tuple[list[Row], int]:
    """The rows from a line on, and the first line below them; none where no row has a label that is known."""
    rows: list[Row] = []
    below = start
    for at in range(start, end):
        if not lines[at].strip() or (rows and "|" in lines[at] and _RULED.fullmatch(lines[at])):
            continue
        cells = cells_of(lines[at])
        if cells is None:
            break
        rows.append((at + 1, cells))
        below = at + 1
    if not any(_named(cell) for _, cells in rows for cell in cells):
        return [], start
    return rows, below


def cells_of(line: str) -> list[str] | None:
    """A line's cells: a label (empty where the row goes on) and what stands beside it; None for prose."""
    if line.lstrip().startswith("|"):
        cells = line.strip().strip("|").split("|")
    elif "\t" in line.rstrip():
        cells = line.rstrip().split("\t")
    elif found := _COLON.fullmatch(line):
        cells = [found[1], found[2]]
    else:
        return None
    return [cell.strip() for cell in cells]


def values_of(rows: list[Row], remarks: list[Remark]) -> Values:
    """The words beside each known label. What has no known label, no value, or a second one is a remark."""
    values: Values = {}
    columns: list[str] = []  # labels that stand above their values instead of beside them
    for line, cells in rows:
        filled = [cell for cell in cells if cell]
        names = [_named(cell) for cell in filled]
        found: list[tuple[str | None, str]]
        if columns and len(names) == len(columns) and not any(names):
            found, columns = list(zip(columns, filled, strict=True)), []
        elif heads := _heads(names):
            columns = heads
            continue
        elif cells[0] and names[0] == "timeframe":
            ends = _RANGE.split(" ".join(filled[1:]))
            found = list(zip(("start", "end"), ends, strict=True)) if len(ends) == 2 else [(None, "")]
        else:
            found = [(names[0] if cells[0] and names else None, " ".join(filled[1:]))]
        for name, words in found:
            if name is None or not words or name in values:
                remarks.append(Remark(line, "not placed in the form", excerpt(" ".join(filled))))
            else:
                values[name] = (line, words)
    return values


def _heads(names: list[str | None]) -> list[str]:
    """The labels start and end where they head columns: alone, or beside "Timeframe"."""
    heads = names[1:] if names[0] == "timeframe" else names
    return [name for name in heads if name] if len(heads) == 2 and {*heads} == {"start", "end"} else []


def _named(cell: str) -> str | None:
    label = cell.strip(" *_:：")
    return next((name for name, words in _LABEL.items() if words.fullmatch(label)), None)
