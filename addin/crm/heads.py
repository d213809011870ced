"""Header rows: which row of a sheet heads a list, over which columns, in one row or two.

A header row is textual, says different things, and is either made of words we know, or stands over
values unlike itself. The best of the first few candidates wins: a title line is no match for the real one.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from addin.crm.lexicon import known
from addin.crm.periods import period, run_of_periods
from addin.crm.shapes import BRN, DATE, EMAIL, FLAG, NUMBER, PHONE, TEXT, shape
from addin.crm.text import shown
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.grid import CellValue
    from addin.crm.rowkinds import Cells
    from addin.crm.sheet import Sheet

GROUP = " › "
TYPED = frozenset((NUMBER, DATE, PHONE, BRN, EMAIL))
_LOOK_AHEAD = 8
_FIRST_ROWS = 400  # after so many full rows without a header, only a row below a blank one may be one
_UNIT = re.compile(r"[(\[（].{1,12}[)\]）]|단위\s*:.*|원|천원|만원|건|분|%")
_LONGEST = 40
_QUESTION = 300


@dataclass(frozen=True, slots=True)
class Head:
    """A header: its rows, its columns, each column's text and its raw cells.

    ``texts`` reads ``GROUP › NAME`` for two rows; ``raw`` is the lowest header cell of a column, ``groups`` the
    text spread over it from above; ``lines`` the raw cells of every header row, to know a printed repetition.
    """

    top: int
    bottom: int
    left: int
    right: int
    texts: dict[int, str]
    raw: dict[int, CellValue]
    score: float
    groups: dict[int, str] = field(default_factory=dict)
    lines: tuple[dict[int, str], ...] = ()
    last: int | None = None  # a ListObject's last row


def header_text(value: CellValue) -> str:
    """A header cell as one line: composed, line breaks and odd spaces as single spaces.

    >>> header_text("연락처\\n(HP)"), header_text(2026.0), header_text(dt.datetime(2026, 3, 1))
    ('연락처 (HP)', '2026', '2026-03-01')
    """
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value.replace("\u200b", "").replace("\ufeff", "")).split())
    return shown(value)


def best_head(sheet: Sheet, top: int, left: int, bottom: int, right: int) -> Head | None:
    """The first header in a rectangle: a real one a few rows lower beats a title that looks like one."""
    full = 0
    row = top
    while row <= bottom:
        cells = sheet.cells(row, left, right)
        full = full + 1 if cells else 0
        if cells and full <= _FIRST_ROWS:
            head = _head_at(sheet, row, left, right, bottom)
            if head is not None:
                return _better_below(sheet, head, left, right, bottom)
        row += 1
    return None


def _better_below(sheet: Sheet, first: Head, left: int, right: int, bottom: int) -> Head:
    best = first
    if len(best.raw) > right - left:  # every column has its cell: none can have more
        return best
    for row in range(first.top + 1, min(bottom, first.bottom + 6) + 1):
        head = _head_at(sheet, row, left, right, bottom)
        overlaps = head is not None and head.left <= best.right and head.right >= best.left
        if head is not None and overlaps and head.score >= 1.5 * best.score + 1 and len(head.raw) > len(best.raw):
            best = head
    return best


def _head_at(sheet: Sheet, row: int, left: int, right: int, bottom: int) -> Head | None:
    """The leftmost good header that begins in this row."""
    for rect in sheet.lists.get(row, ()):
        if rect[1] >= left and rect[3] <= right and rect[2] > rect[0]:
            return _list_object(sheet, rect)
    found = [h for a, b in _runs(sheet, row, left, right) if (h := _judge(sheet, row, a, b, left, right, bottom))]
    if not found:
        return None
    return max(found, key=lambda h: h.score) if found[0].score < 3 else found[0]


def _list_object(sheet: Sheet, rect: tuple[int, int, int, int]) -> Head:
    cells = {c: header_text(v) for c, v in sheet.cells(rect[0], rect[1], rect[3])}
    raw = dict(sheet.cells(rect[0], rect[1], rect[3]))
    return Head(rect[0], rect[0], rect[1], rect[3], cells, raw, 1000.0, lines=(_line(cells),), last=rect[2])


def _runs(sheet: Sheet, row: int, left: int, right: int) -> list[tuple[int, int]]:
    """The stretches of a row that may head one list: a gap is bridged where cells stand below it."""
    cells = sheet.cells(row, left, right)
    below = _below(sheet, row, left, right)
    merged = {c for m in sheet.merges(row, left, right) for c in range(m[1], m[3] + 1)}
    covered = {c for line in below[:3] for c, _ in line} | merged | sheet.ignore
    runs: list[list[int]] = []
    for column, _ in cells:
        if runs and all(c in covered for c in range(runs[-1][1] + 1, column)):
            runs[-1][1] = column
        else:
            runs.append([column, column])
    filled = [{c for c, _ in line} for line in below]
    often = {c for c in range(left, right + 1) if filled and 3 * sum(c in line for line in filled) >= len(filled)}
    for i, run in enumerate(runs):
        edge = runs[i + 1][0] if i + 1 < len(runs) else right + 1
        while run[1] + 1 < edge and (run[1] + 1 in often or run[1] + 1 in merged):
            run[1] += 1
        edge = runs[i - 1][1] if i else left - 1
        while run[0] - 1 > edge and run[0] - 1 in often:
            run[0] -= 1
    return [(a, b) for a, b in runs]


def _below(sheet: Sheet, row: int, left: int, right: int) -> list[Cells]:
    """The rows under a row, down to the first blank one, at most a few."""
    out: list[Cells] = []
    for r in range(row + 1, min(row + _LOOK_AHEAD, len(sheet.rows)) + 1):
        cells = sheet.cells(r, left, right)
        if not cells:
            break
        out.append(cells)
    return out


def _judge(sheet: Sheet, row: int, a: int, b: int, left: int, right: int, bottom: int) -> Head | None:
    """Whether a stretch of a row is a header, alone or with the row below; its score."""
    two = _two_rows(sheet, row, a, b, left, right) if row < bottom else None
    if two is not None:
        return two
    cells = sheet.cells(row, a, b)
    raw = dict(cells)
    texts = {c: header_text(v) for c, v in cells}
    score = _score(sheet, row, row, a, b, raw, texts)
    if score is None:
        return None
    last = max((m[2] for m in sheet.merges(row, a, b) if m[0] == row and m[1] in raw), default=row)
    if last > row and any(sheet.cells(r, a, b) for r in range(row + 1, last + 1)):
        last = row
    below = sheet.cells(last + 1, a, b) if last < bottom else []
    if below and all(isinstance(v, str) and _UNIT.fullmatch(v.strip()) for _, v in below):
        last += 1
    return Head(row, last, a, b, texts, raw, score, lines=(_line(texts),))


def _line(texts: dict[int, str]) -> dict[int, str]:
    return {c: header_key(t) or t for c, t in texts.items()}


def _score(
    sheet: Sheet, row: int, bottom: int, a: int, b: int, raw: dict[int, CellValue], texts: dict[int, str]
) -> float | None:
    """How much the cells are a header; None where they are none."""
    values = list(raw.values())
    periods = run_of_periods([raw.get(c) for c in range(a, b + 1)])
    textual = sum(shape(v) in (TEXT, FLAG) or (periods >= 3 and period(v) is not None) for v in values)
    if textual < 0.8 * len(values) or _sentences(texts):
        return None
    keys = [header_key(t.split(GROUP)[-1]) for t in texts.values()]
    words = sum(max(known(k), known(header_key(t))) for k, t in zip(keys, texts.values(), strict=True))
    under = _first_below(sheet, bottom, a, b)
    contrast = sum(shape(raw[c]) in (TEXT, FLAG) and shape(under.get(c)) in TYPED for c in raw)
    filters = (*sheet.filters.get(row, ()), *sheet.filters.get(bottom, ()))
    filtered = any(m[1] >= a and m[3] <= b for m in filters)
    score = 3 * words + contrast + 0.2 * len(values) + (5 if filtered else 0)
    if len(values) == 1:
        alone = words == 1 and a == b and len(under) == 1 and not filtered
        return score if alone and _column_only(sheet, bottom, a) else None
    if len(set(keys)) < 0.5 * len(keys) and len(set(texts.values())) < 0.5 * len(keys):
        return None
    labels = sum(known(header_key(str(under[c]))) == 1 == known(header_key(texts[c])) for c in raw if c in under)
    if labels >= 2 and words < 0.7 * len(values):
        return None  # a form: 고객명 | 홍길동 over 접수일 | …
    if filtered or (periods >= 3 and contrast + periods >= 3):
        return score
    if words >= 2 and words >= 0.3 * len(values):
        return score
    if words >= 3 and words >= 0.5 * sum(c in under for c in raw):
        return score  # columns prepared and not yet filled say nothing against it
    if contrast >= 1 and sum(c in under for c in raw) >= 0.5 * len(raw):
        return score if words or contrast >= 2 or len(raw) > 2 or _keeps_its_kind(sheet, bottom, a, b) else None
    return None


def _sentences(texts: dict[int, str]) -> bool:
    """Cells too long for a header's; a form's question may be long where most are short."""
    long = [t for t in texts.values() if len(t) > _LONGEST]
    return 3 * len(long) > len(texts) or any(len(t) > _QUESTION for t in long)


def _first_below(sheet: Sheet, row: int, a: int, b: int) -> dict[int, CellValue]:
    """Each column's first filled cell under a header, no further than the first blank row."""
    out: dict[int, CellValue] = {}
    for cells in _below(sheet, row, a, b):
        for c, v in cells:
            out.setdefault(c, v)
    return out


def _keeps_its_kind(sheet: Sheet, row: int, a: int, b: int) -> bool:
    """Under a header of two unknown words: at least two rows, alike."""
    below = _below(sheet, row, a, b)
    kinds = {tuple((c, shape(v)) for c, v in cells) for cells in below}
    return len(below) >= 2 and len(kinds) == 1


def _column_only(sheet: Sheet, row: int, column: int) -> bool:
    """At least two cells stand in the column and none beside it."""
    below = _below(sheet, row, max(1, column - 1), column + 1)
    return len(below) >= 2 and all(len(cells) == 1 and cells[0][0] == column for cells in below)


def _two_rows(sheet: Sheet, top: int, a: int, b: int, left: int, right: int) -> Head | None:
    """A header of two rows: group cells over names, known by merges, or by gaps that fit each other."""
    lower = sheet.cells(top + 1, left, right)
    runs = _runs(sheet, top + 1, left, right) if lower else []
    stretch = next(((x, y) for x, y in runs if x <= b and y >= a), None)
    if stretch is None:
        return None
    a, b = min(a, stretch[0]), max(b, stretch[1])
    upper, lower = sheet.cells(top, a, b), sheet.cells(top + 1, a, b)
    if len(lower) < 2 or not upper or not all(_like_header(v) for _, v in (*upper, *lower)):
        return None
    merges = sheet.merges(top, a, b)
    tall = [m for m in merges if m[0] <= top < m[2] == top + 1]
    high = {m[1]: v for m in tall if m[0] < top and (v := sheet.value(m[0], m[1])) is not None}
    ups, lows = {**high, **dict(upper)}, dict(lower)
    wide = [m for m in merges if m[0] == top == m[2] and m[3] > m[1] and m[1] in ups]
    if any(m[1] <= a and m[3] >= b for m in wide):
        return None  # a title
    groups = _spread_groups(ups, lows, wide, tall, a, b, bool(merges) or sheet.any_merges())
    texts = {c: _joined(groups.get(c, ""), header_text(ups.get(c)), header_text(lows.get(c))) for c in range(a, b + 1)}
    texts = {c: t for c, t in texts.items() if t}
    words = sum(max(known(header_key(t.split(GROUP)[-1])), known(header_key(t))) for c, t in texts.items() if c in lows)
    clash = sum(c in lows for c in ups if not any(m[1] <= c <= m[3] for m in wide))
    fits = all(c in lows or c in ups for c in range(a, b + 1) if c not in sheet.ignore)
    open_groups = sum(c not in ups and c in lows for c in range(a, b + 1))
    if tall:
        good = words >= 1 or bool(wide) or open_groups > 0
    elif wide:
        good = (clash == 0 and fits) or words >= 2
    else:
        good = len(ups) >= 2 and fits and open_groups >= 1 and words >= 2 and clash < len(ups)
    if not good or _looks_like_data(sheet, top + 1, lows):
        return None
    raw = {c: lows.get(c, ups.get(c)) for c in texts}
    score = _score(sheet, top, top + 1, a, b, raw, texts)
    if score is None:
        return None
    lines = (_line({c: header_text(v) for c, v in ups.items()}), _line({c: header_text(v) for c, v in lows.items()}))
    first = min([m[0] for m in tall if m[1] in high], default=top)  # a third row above, over all of these
    return Head(first, top + 1, a, b, texts, raw, score + 2, groups=groups, lines=lines)


def _like_header(value: CellValue) -> bool:
    return (shape(value) in (TEXT, FLAG) and len(str(value)) <= _LONGEST) or period(value) is not None


def _looks_like_data(sheet: Sheet, row: int, lows: dict[int, CellValue]) -> bool:
    """The lower row is a data row: nothing we know, and the row below it is of the same kind."""
    if sum(known(header_key(str(v))) for v in lows.values()) >= 1:
        return False
    after = dict(sheet.cells(row + 1, min(lows), max(lows)))
    return bool(after) and not any(shape(after.get(c)) in TYPED for c in lows)


def _spread_groups(
    ups: dict[int, CellValue], lows: dict[int, CellValue],
    wide: Sequence[tuple[int, int, int, int]], tall: Sequence[tuple[int, int, int, int]],
    a: int, b: int, merges_known: bool,
) -> dict[int, str]:  # fmt: skip
    """The group over each column: by merges where they are known, else rightwards over the empty cells."""
    out: dict[int, str] = {}
    for m in wide:
        out.update(dict.fromkeys(range(max(a, m[1]), min(b, m[3]) + 1), header_text(ups[m[1]])))
    alone = {c for m in tall for c in range(m[1], m[3] + 1)}
    current = ""
    for c in range(a, b + 1):
        if c in ups:
            current = header_text(ups[c]) if c in lows and c not in alone else ""
            if c not in out and current:
                out[c] = current
        elif c in lows and c not in out and c not in alone and current and not (wide and merges_known):
            out[c] = current
        elif c not in lows:
            current = ""
    return out


def _joined(group: str, upper: str, lower: str) -> str:
    if not lower:
        return upper or group
    return f"{group}{GROUP}{lower}" if group and group != lower else lower


def segments(head: Head) -> list[Head]:
    """A header whose words begin again is two lists side by side without a gap: 업체명 금액 업체명 금액."""
    columns = [c for c in range(head.left, head.right + 1) if head.texts.get(c)]
    names = [header_key(head.texts[c].split(GROUP)[-1]) for c in columns]
    for at in range(2, len(names) - 1):
        length = min(at, len(names) - at)
        if names[at : at + length] != names[:length] or (at * 2 != len(names) and length < at):
            continue
        if head.groups and not _groups_frame(head, columns, at):
            continue
        first, rest = columns[:at], columns[at:]
        left = _without_frame(_part(head, head.left, rest[0] - 1, first))
        return [left, *segments(_part(head, rest[0], head.right, rest))]
    return [_without_frame(head)]


def _groups_frame(head: Head, columns: list[int], at: int) -> bool:
    """The group row only titles each list: one group over the whole first list, another from there on."""
    return len({head.groups.get(c) for c in columns[:at]}) == 1 and at >= 3


def _part(head: Head, left: int, right: int, columns: list[int]) -> Head:
    keep = set(columns)
    return replace(
        head, left=left, right=right,
        texts={c: t for c, t in head.texts.items() if c in keep},
        raw={c: v for c, v in head.raw.items() if c in keep},
        groups={c: g for c, g in head.groups.items() if c in keep},
        lines=tuple({c: t for c, t in line.items() if left <= c <= right} for line in head.lines),
    )  # fmt: skip


def _without_frame(head: Head) -> Head:
    """One group over every column is the list's title, not a group."""
    if not head.groups or len(set(head.groups.values())) != 1 or set(head.groups) != set(head.texts):
        return head
    return replace(head, texts={c: t.split(GROUP)[-1] for c, t in head.texts.items()}, groups={})
