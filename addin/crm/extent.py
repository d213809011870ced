"""How far a list goes below its header, and which of its rows hold data.

Short lists are judged row by row. Of a long one only the odd rows are: those where a column that is always
filled is blank, or a date column holds words; everything else is data. So 100,000 rows take a glance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from addin.crm.grid import CellError, LongRows
from addin.crm.heads import TYPED, Head
from addin.crm.lexicon import known
from addin.crm.odd_rows import odd_rows
from addin.crm.rowkinds import Cells, is_nameless_sum, is_note, is_total
from addin.crm.shapes import FLAG, NUMBER, TEXT, is_blank, shape, spread
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.sheet import Sheet

_SHORT = 200
_PROFILE = 40
_SPREAD = 160


@dataclass(slots=True)
class Extent:
    """The data rows (1-based, rising) and the last row that belongs to the list, totals and notes included.

    ``loose``: rows below a gap that look like no part of the list; to be shown, not dropped silently.
    """

    last: int
    rows: list[int] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Profile:
    """What the rows of a list look like."""

    typical: float
    typed: frozenset[int]
    numeric: frozenset[int]
    columns: int


def measure(sheet: Sheet, head: Head, bottom: int) -> Extent:
    """Walk down from a header to the end of its list: the next header, or rows that are no continuation."""
    bottom = min(bottom, head.last or bottom)
    first = head.bottom + 1
    if first > bottom:
        return Extent(head.bottom)
    profile = _profile(sheet, head, first, bottom)
    odd = range(first, bottom + 1) if bottom - first < _SHORT else _odd_rows(sheet, head, profile, first, bottom)
    walk = _Walk(sheet, head, profile, bottom)
    return walk.down(first, odd)


def _profile(sheet: Sheet, head: Head, first: int, bottom: int) -> _Profile:
    """What the first rows look like: how full, and which columns hold dates, numbers, phones."""
    counts: dict[int, list[int]] = {}
    sizes: list[int] = []
    for cells in _until_gap(sheet, head, first, bottom):
        if _repeats(cells, head):
            continue
        sizes.append(len(cells))
        for column, value in cells:
            kind = shape(value)
            seen = counts.setdefault(column, [0, 0, 0])
            seen[0] += 1
            seen[1] += kind in TYPED
            seen[2] += kind == NUMBER
    typed = frozenset(c for c, (n, t, _) in counts.items() if t >= 0.6 * n)
    numeric = frozenset(c for c, (n, _, m) in counts.items() if m >= 0.6 * n)
    sizes.sort()
    half = len(sizes) // 2
    median = (sizes[half] + sizes[~half]) / 2 if sizes else 0.0
    return _Profile(median, typed, numeric, len(counts))


def _until_gap(sheet: Sheet, head: Head, first: int, bottom: int) -> Sequence[Cells]:
    rows: list[Cells] = []
    for row in range(first, min(bottom, first + 4 * _PROFILE) + 1):
        if cells := sheet.cells(row, head.left, head.right):
            rows.append(cells)
        elif len(rows) >= 2:
            break
        if len(rows) >= _PROFILE:
            break
    return rows


def _odd_rows(sheet: Sheet, head: Head, profile: _Profile, first: int, bottom: int) -> Sequence[int]:
    """The rows of a long list that need a look: a blank where there never is one, a word in a date column."""
    sample = spread(range(first, bottom + 1), _SPREAD)
    seen = sheet.columns(sample, head.left, head.right)
    columns = [c for c in seen if c not in sheet.ignore]
    fill = {c: sum(1 for v in seen[c] if v and not (type(v) is str and is_blank(v))) for c in columns}
    full = [c for c in sorted(columns, key=lambda c: (c in profile.numeric, -fill[c])) if fill[c] >= 0.97 * len(sample)]
    if len(full) < 2:
        return range(first, bottom + 1)
    x, y, z = full[0] - 1, full[1] - 1, full[min(2, len(full) - 1)] - 1
    native = [c for c in full if not any(isinstance(v, str) and not is_blank(v) for v in seen[c])]
    digits = [c for c in full if c in profile.typed and c not in native]
    t = (native or digits or [0])[0] - 1
    titles = {v for v in (head.raw.get(x + 1), head.raw.get(y + 1)) if v is not None}
    if isinstance(sheet.rows, LongRows):
        dates = {"words": t} if native else {"letters": t} if digits else {}
        told = odd_rows(sheet.rows, (first, bottom), (x, y, z), titles=titles, **dates)
        if told is not None:
            return told
    if native and sheet.grid.columns:  # column by column it takes a glance to see that no row is odd
        a, b, c, dates = (sheet.grid.columns[at][first - 1 : bottom].tolist() for at in (x, y, z, t))
        if all(a) and all(b) and all(c) and str not in map(type, dates) and titles.isdisjoint(a):
            return ()
    block = sheet.rows[first - 1 : bottom]
    try:
        if native:
            return [
                i for i, row in enumerate(block, first)
                if not (row[x] and row[y] and row[z]) or type(row[t]) is str or row[x] in titles
            ]  # fmt: skip
        if digits:
            return [
                i for i, row in enumerate(block, first)
                if not (row[x] and row[y] and row[z]) or (row[t] and not str(row[t])[0].isdigit()) or row[x] in titles
            ]  # fmt: skip
        return [i for i, row in enumerate(block, first) if not (row[x] and row[y] and row[z]) or row[x] in titles]
    except IndexError:  # rows of uneven length
        return range(first, bottom + 1)


def _repeats(cells: Cells, head: Head) -> bool:
    """The header printed again (either of its rows)."""
    for line in head.lines:
        if not any(isinstance(v, str) and line.get(c) == header_key(v) for c, v in cells[:3]):
            continue
        same = sum(isinstance(v, str) and line.get(c) == header_key(v) for c, v in cells)
        if same and same >= 0.8 * max(len(cells), len(line)) and (same >= 2 or len(line) == 1):
            return True
    return False


class _Walk:
    """The walk down one list."""

    def __init__(self, sheet: Sheet, head: Head, profile: _Profile, bottom: int) -> None:
        self.sheet = sheet
        self.head = head
        self.profile = profile
        self.bottom = bottom
        self.rows: list[int] = []
        self.pending: list[int] = []  # rows after a gap, not yet known to continue the list
        self.last = head.bottom
        self.gap = False

    def down(self, first: int, odd: Sequence[int]) -> Extent:
        at = first
        for row in odd:
            if row > at:
                self._plain(at, row)
            at = row + 1
            if self._stops(row):
                return self._done()
        if at <= self.bottom:
            self._plain(at, self.bottom + 1)
        return self._done()

    def _plain(self, start: int, stop: int) -> None:
        self._confirm()
        self.rows.extend(range(start, stop))
        self.last = stop - 1
        self.gap = False

    def _confirm(self) -> None:
        self.rows.extend(self.pending)
        if self.pending:
            self.last = max(self.last, self.pending[-1])
        self.pending = []

    def _stops(self, row: int) -> bool:
        """Take one odd row in; True where the list has ended above it."""
        cells = self.sheet.cells(row, self.head.left, self.head.right)
        if not cells:
            if self.pending:
                return True
            self.gap = True
            return False
        if _repeats(cells, self.head):
            self.last, self.gap = row, False
            return False
        if self._new_header(row, cells):
            while self.rows and self._part_of_header(self.rows[-1], row):
                self.rows.pop()
                self.last = row - 2
            return True
        typical, typed = self.profile.typical, self.profile.typed
        if is_total(cells, typical) or is_note(cells, typical, typed) or self._banner(row, cells):
            if not self.gap and not self.pending:
                self.last = row
            return False
        if not self.gap or not self.rows:
            self.rows.append(row)
            self.last = row
            return False
        self.pending.append(row)
        if self._continues(cells):
            self._confirm()
            self.gap = False
        return False

    def _banner(self, row: int, cells: Cells) -> bool:
        """One cell merged across most of the list, ``── 설 연휴 휴무 ──``: words to the reader, not a row."""
        left, right = self.head.left, self.head.right
        merges = self.sheet.merges(row, left, right) if len(cells) == 1 else []
        return any(2 * (min(m[3], right) - max(m[1], left) + 1) > right - left + 1 > 2 for m in merges)

    def _continues(self, cells: Cells) -> bool:
        """A row after a gap goes on with the list: as full, or with dates and numbers where the list has them."""
        typical = self.profile.typical
        if len(cells) < 2 <= typical:
            return False
        if len(cells) < typical and any(isinstance(v, str) and known(header_key(v)) == 1 for _, v in cells):
            return False
        typed = [shape(v) != TEXT for c, v in cells if c in self.profile.typed]
        return 2 * sum(typed) >= len(typed) if typed else len(cells) >= 0.4 * typical

    def _new_header(self, row: int, cells: Cells) -> bool:
        """Another list's header stands here: words instead of dates, words we know, values unlike it below."""
        if len(cells) < 2 or not all(shape(v) in (TEXT, FLAG) for _, v in cells):
            return False
        keys = [header_key(str(v)) for _, v in cells]
        if len(set(keys)) < 0.5 * len(keys):
            return False
        words = sum(map(known, keys))
        below = dict(self.sheet.cells(row + 1, self.head.left, self.head.right)) if row < len(self.sheet.rows) else {}
        if row + 1 < len(self.sheet.rows) and not any(shape(v) in TYPED for v in below.values()):
            below = dict(self.sheet.cells(row + 2, self.head.left, self.head.right)) or below
        over_values = sum(shape(below.get(c)) in TYPED for c, _ in cells)
        instead = sum(c in self.profile.typed for c, _ in cells)
        apart = self.gap or (row - 1 not in self.rows[-1:])
        if instead and words >= 2 and words >= 0.4 * len(cells):
            return True
        if apart and instead and over_values and len(cells) > 2:
            return True
        unlike_below = over_values > 0 or not below or words == len(cells)
        return apart and words >= 2 and words >= 0.5 * len(cells) and unlike_below

    def _part_of_header(self, row: int, header: int) -> bool:
        """The row just above a new header is its group row."""
        cells = self.sheet.cells(row, self.head.left, self.head.right)
        return (
            row == header - 1
            and all(shape(v) == TEXT for _, v in cells)
            and any(m[3] > m[1] for m in self.sheet.merges(row, self.head.left, self.head.right))
        )

    def _done(self) -> Extent:
        self._drop_tail()
        self._drop_nameless_sums()
        loose = [r for r in self.pending if len(self.sheet.cells(r, self.head.left, self.head.right)) > 1]
        return Extent(max(self.last, self.head.bottom), self.rows, loose)

    def _drop_tail(self) -> None:
        """A signature, a printing date: one lonely text after the last gap is no data."""
        while len(self.rows) >= 2 and self.rows[-1] - self.rows[-2] > 1:
            cells = self.sheet.cells(self.rows[-1], self.head.left, self.head.right)
            if self.profile.typical < 3 or len(cells) > 1:
                return
            self.rows.pop()

    def _drop_nameless_sums(self) -> None:
        """A first or last row of nothing but sums is a total whose label is missing."""
        for at in (-1, 0):
            if len(self.rows) < 3:
                return
            row = self.rows[at]
            cells = self.sheet.cells(row, self.head.left, self.head.right)
            if len(cells) >= self.profile.typical or any(shape(v) == TEXT for _, v in cells):
                continue
            others = self.rows[:-1] if at else self.rows[1:]
            sums = {c: self._sum(c, others) for c, v in cells if isinstance(v, int | float)}
            uncached = all(isinstance(v, CellError) for _, v in cells)
            if uncached or is_nameless_sum(cells, sums, self.profile.numeric, self.profile.typical):
                self.rows.pop(at)

    def _sum(self, column: int, rows: Sequence[int]) -> float:
        values = (self.sheet.value(r, column) for r in rows)
        return sum(float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool))
