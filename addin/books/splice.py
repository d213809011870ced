"""Cells put into a sheet's bytes: values and fills by column, and what stood there before.

A row is cut at the first edited column; what is before it is never looked at. Rows that all end before that column
(a column appended to a list) are done a few thousand at a time.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, filterfalse, repeat
from typing import IO, TYPE_CHECKING, Any

from addin.books.cells import MAX_TEXT, Held, Raw, body, held, read, same
from addin.books.edits import CLEAR, EditValue
from addin.books.longpart import let_go, windows
from addin.books.names import MAX_COLUMN, MAX_ROW, column_number
from addin.books.sheetxml import STYLE, cells_in, cells_of
from addin.crm.grid import column_letter
from addin.crm.lazy import pattern
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from addin.books.sheetxml import SheetXml

_CONTROL = pattern("[\x00-\x09\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_REF = pattern(rb'<c r="([A-Z]{1,3})(?=\d|$)')
_SPANS = pattern(rb"\sspans=[\"'][^\"']*[\"']")
_KEPT = pattern(rb"\sph=[\"'][^\"']*[\"']")
_CUSTOM = pattern(rb"\scustomFormat=[\"'](?:1|true)[\"']")
_FORMULA = pattern(rb"<f(?=[\s/>])([^>]*)>")

#: Rows that are appended to in one go.
CHUNK = 4096
#: Different cells of a column that are remembered.
_MEMO = 20_000

_TEXT_END = "</t></is></c>"


class Keep:
    """No fill is asked for: the cell's background stays."""


KEEP = Keep()
#: (format index, new value or None, color or KEEP) → the cell's new format index.
Restyle = Callable[[int, EditValue | Raw | None, str | Keep | None], int]


@dataclass(slots=True)
class ColumnEdit:
    """What to do in one column: values and fills by row. ``marker`` names the column for the journal."""

    values: dict[int, EditValue | Raw] = field(default_factory=dict)
    fills: dict[int, str | None] = field(default_factory=dict)
    marker: str = ""


@dataclass(slots=True)
class Spliced:
    """What a splice did: the new rows and, per column, what stood there before.

    ``rows`` is what stands between ``<sheetData>`` and ``</sheetData>`` now; None where nothing changed.
    ``changed`` rows whose value is another now, in order; ``old`` what of them was not blank.
    ``filled`` row → format index before the fill; ``formulas`` the cells whose formula went.
    """

    rows: IO[bytes] | None = None
    changed: dict[int, list[int]] = field(default_factory=dict)
    old: dict[int, dict[int, Held]] = field(default_factory=dict)
    filled: dict[int, dict[int, int]] = field(default_factory=dict)
    formulas: list[tuple[int, int]] = field(default_factory=list)


def splice(
    sheet: SheetXml,
    columns: dict[int, ColumnEdit],
    *,
    string: Callable[[int], str | Raw],
    restyle: Restyle,
    column_style: Callable[[int], int],
    refuse: Callable[[int, int, bytes], None],
    epoch_1904: bool = False,
    into: IO[bytes] | None = None,
) -> Spliced:
    """Write values and fills into a sheet; gives the new rows and what stood there before.

    ``restyle(format, value, color)`` gives a cell's new format index, ``column_style`` the format of a
    column's blank cells. ``refuse(row, column, formula attributes)`` is asked before a formula goes.
    ``into``: where the new rows are written, memory by default.
    """
    return _Splicer(sheet, columns, string, restyle, column_style, refuse, epoch_1904, into or BytesIO()).run()


class _Splicer:
    """One pass over the touched rows. A row is cut at the first edited column; only what is behind is taken apart."""

    def __init__(
        self,
        sheet: SheetXml,
        columns: dict[int, ColumnEdit],
        string: Callable[[int], str | Raw],
        restyle: Restyle,
        column_style: Callable[[int], int],
        refuse: Callable[[int, int, bytes], None],
        epoch_1904: bool,
        into: IO[bytes],
    ) -> None:
        self.sheet, self.string, self.restyle, self.refuse = sheet, string, restyle, refuse
        self.epoch_1904 = epoch_1904
        self.columns = {c: columns[c] for c in sorted(columns)}
        self.first = min(columns, default=0)
        self.letters = {c: column_letter(c) for c in self.columns}
        self.base = {c: column_style(c) for c in self.columns}
        self.ends: dict[int, dict[object, bytes]] = {c: {} for c in self.columns}
        self.plain = {c: _all_plain(e.values) for c, e in self.columns.items()}
        self.marks: dict[bytes, int] = {}
        self.bytes = into
        self.done = sheet.start
        self.appended: list[int] = []
        self.out = Spliced()

    def run(self) -> Spliced:
        sheet = self.sheet
        touched = array("L", sorted(set().union(*(k for e in self.columns.values() for k in (e.values, e.fills)))))
        if touched and (touched[0] < 1 or touched[-1] > MAX_ROW or self.first < 1 or max(self.columns) > MAX_COLUMN):
            cell = f"{column_letter(max(self.columns))}{touched[-1]}"
            raise BookRefused("book.outside_sheet", where=sheet.where, value=cell)
        at = k = 0
        while k < len(touched):
            at = bisect_left(sheet.rows, touched[k], at)
            length = min(CHUNK, len(touched) - k, len(sheet.rows) - at)
            while length > 1 and sheet.rows[at : at + length] != touched[k : k + length]:
                length //= 2
            length = max(length, 1)
            numbers = touched[k : k + length].tolist()
            ends = [self._column_ends(column, edit, numbers) for column, edit in self.columns.items()]
            if length < 16 or not self._dense(at, numbers, ends):
                for i, (number, new) in enumerate(zip(numbers, self._fresh(numbers, ends), strict=True)):
                    self._one(at + i, number, new)
            k += length
            at += length - 1
        self._finish()
        return self.out

    def _finish(self) -> None:
        if self.bytes.tell() or self.done > self.sheet.start:
            self._keep(self.sheet.end)
            self.out.rows = self.bytes
        for column, edit in self.columns.items():
            values, fills, base = edit.values, edit.fills, self.base[column]
            every = len(values) == len(self.appended) and list(values) == self.appended
            rows = self.appended if every else list(filter(values.__contains__, self.appended))
            if not self.plain[column]:
                rows = [r for r in rows if not is_blank(values[r])]
            if rows:
                self.out.changed[column] = sorted([*self.out.changed.get(column, ()), *rows])
            if fills:
                filled = dict.fromkeys(filter(fills.__contains__, self.appended), base)
                if None in fills.values():
                    filled = {r: base for r in filled if fills[r] is not None}
                if filled:
                    self.out.filled.setdefault(column, {}).update(filled)

    def _emit(self, begin: int, stop: int, new: bytes) -> None:
        """What stood before ``begin`` as it was, then ``new`` instead of what stood from there to ``stop``."""
        self._keep(begin)
        self.bytes.write(new)
        let_go(self.sheet.data, begin, stop)
        self.done = stop

    def _keep(self, stop: int) -> None:
        for piece in windows(self.sheet.data, self.done, stop) if stop > self.done else ():
            self.bytes.write(piece)

    def _dense(self, at: int, numbers: list[int], ends: list[list[bytes]]) -> bool:
        """A run of rows that all end before the first edited column, in one go; False where they don't."""
        sheet, data = self.sheet, self.sheet.data
        starts = sheet.starts[at : at + len(numbers) + 1].tolist()
        begin, stop = starts[0], starts[-1]
        last = sheet.last_columns[at : at + len(numbers)]
        if min(last) == 0 or max(last) >= self.first or not sheet.own_rows or sheet.row_formats:
            return False
        number = len(f'<row r="{numbers[0]}')  # behind it (most of) the opening tags are alike
        opened = sheet.opened[at : at + len(numbers)].tolist()
        openings = [data[start + number : end] for start, end in zip(starts, opened, strict=False)]
        without = {opening: _SPANS().sub(b"", opening, count=1) for opening in dict.fromkeys(openings)}
        heads = [data[start : start + number] for start in starts[:-1]]
        cells = [data[start : end - 6] for start, end in zip(opened, starts[1:], strict=True)]
        parts: list[Iterable[bytes]] = [heads, map(without.__getitem__, openings), cells]
        rows = str(numbers)[1:-1].encode().split(b", ")
        for letter, column in zip(self.letters.values(), ends, strict=True):
            mark = f'<c r="{letter}'.encode()
            if all(column):
                parts += (repeat(mark), rows, column)
            else:  # b"" where no cell needs to stand
                parts.append([mark if end else end for end in column])
                parts.append([row if end else end for row, end in zip(rows, column, strict=True)])
                parts.append(column)
        self._emit(begin, stop, b"".join(chain.from_iterable(zip(*parts, repeat(b"</row>"), strict=False))))
        self.appended += numbers
        return True

    def _one(self, at: int, number: int, new: bytes) -> None:
        """One row: there or not, touched behind its last cell or in its midst."""
        sheet, data = self.sheet, self.sheet.data
        begin = sheet.starts[at]
        if at == len(sheet.rows) or sheet.rows[at] != number:
            if new:
                self._emit(begin, begin, b'<row r="%d">%b</row>' % (number, new))
                self.appended.append(number)
            return
        stop = sheet.starts[at + 1]
        close = data.rfind(b"</row>", begin, stop)
        opening = data[begin : data.find(b">", begin) + 1]
        if close > 0 and b"customFormat" not in opening:
            cut = data.find(f'<c r="{self.letters[self.first]}{number}"'.encode(), begin, close)
            if cut > 0:
                inside = data[cut:close]
                if inside != new and (after := self._mixed(number, inside, 0)) != inside:
                    self._emit(
                        begin, close, _SPANS().sub(b"", opening, count=1) + data[begin + len(opening) : cut] + after
                    )
                return
            last = data.rfind(b"<c ", begin, close)
            if last > 0 and self._column(data[last : last + 9]) < self.first and _closed(data, last, close):
                if new:
                    self._emit(
                        begin, close, _SPANS().sub(b"", opening, count=1) + data[begin + len(opening) : close] + new
                    )
                    self.appended.append(number)
                return
        opening, cells, rest = cells_of(data[begin:stop], sheet.where)
        inside = b"".join(cell for _, cell in cells)
        after = self._mixed(number, inside, _row_style(opening))
        if after != inside:
            self._emit(begin, stop, _SPANS().sub(b"", opening, count=1) + after + rest)

    def _column(self, mark: bytes) -> int:
        """The column of a cell by its first bytes; past the last column where they don't tell."""
        column = self.marks.get(mark)
        if column is None:
            found = _REF().match(mark)
            column = self.marks[mark] = column_number(found[1].decode()) if found else MAX_COLUMN + 1
        return column

    def _fresh(self, rows: list[int], ends: list[list[bytes]]) -> list[bytes]:
        """For each row, all its cells as they stand where none was, in the columns' formats."""
        begins = [f'<c r="{letter}%d%b'.encode() for letter in self.letters.values()]
        cells = [
            [begin % (row, end) if end else b"" for row, end in zip(rows, column, strict=True)]
            for begin, column in zip(begins, ends, strict=True)
        ]
        return list(map(b"".join, zip(*cells, strict=True)))

    def _column_ends(self, column: int, edit: ColumnEdit, rows: list[int]) -> list[bytes]:
        """The new cells of one column from behind their addresses; equal ones are made once."""
        base, memo, plain = self.base[column], self.ends[column], self.plain[column]
        values = list(map(edit.values.get, rows))
        if len(memo) > _MEMO:
            memo.clear()
        if plain:
            heads: dict[object, str] = {}
            looks: list[Any] = values
            if edit.fills:
                looks = list(zip(values, map(edit.fills.get, rows, repeat(KEEP)), strict=True))
            for look in filterfalse(memo.__contains__, looks):  # one that repeats is known by then
                value, color = look if edit.fills else (look, KEEP)
                if value is None:
                    memo[look] = b"" if color is KEEP else self._end(rows[0], column, None, color, base).encode()
                    continue
                if color not in heads:
                    heads[color] = self._end(rows[0], column, "x", color, base).removesuffix(_TEXT_END)[:-1]
                memo[look] = f"{heads[color]}{value}{_TEXT_END}".encode()
            return list(map(memo.__getitem__, looks))
        fills = map(edit.fills.get, rows, repeat(KEEP))
        # 1, 1.0 and True are equal, but no equal cells
        kinds = list(zip(map(type, values), values, fills, strict=True))
        for kind, row in zip(kinds, rows, strict=True):
            if kind not in memo:
                _, value, color = kind
                nothing = value is None and color is KEEP
                memo[kind] = b"" if nothing else self._end(row, column, value, color, base).encode()
        return list(map(memo.__getitem__, kinds))

    def _end(self, row: int, column: int, value: EditValue | Raw, color: str | Keep | None, base: int) -> str:
        """A new cell from behind its address; "" where nothing needs to stand."""
        blank = is_blank(value)
        style = self.restyle(base, None if blank else value, color)
        if blank:
            return f'" s="{style}"/>' if style != base else ""
        end = body(value, epoch_1904=self.epoch_1904, where=f"{self.sheet.where}!{self.letters[column]}{row}")
        return f'" s="{style}"{end}' if style else f'"{end}'

    def _mixed(self, row: int, inside: bytes, row_style: int) -> bytes:
        """Cells with the work of one row done among them."""
        present = dict(cells_in(inside, self.sheet.where))
        for column, edit in self.columns.items():
            value = edit.values.get(row)
            color = edit.fills.get(row, KEEP)
            if value is None and color is KEEP:
                continue
            old = present.get(column)
            if old is None:
                base = row_style or self.base[column]
                end = self._end(row, column, value, color, base)
                if end:
                    present[column] = f'<c r="{self.letters[column]}{row}{end}'.encode()
                    if not is_blank(value):
                        self.out.changed.setdefault(column, []).append(row)
                    if color is not KEEP and color is not None:
                        self.out.filled.setdefault(column, {})[row] = base
            else:
                new = self._over(row, column, value, color, old)
                if new:
                    present[column] = new
                else:
                    del present[column]
        return b"".join(present[column] for column in sorted(present))

    def _over(self, row: int, column: int, value: EditValue | Raw, color: str | Keep | None, cell: bytes) -> bytes:
        """A cell that is there, with its new value, fill or both; b"" where nothing is left of it."""
        opening = cell[: cell.find(b">") + 1]
        found = STYLE.search(opening)
        base = int(found[1]) if found else 0
        if value is not None:
            present = read(cell, self.string)
            if same(present, held(value, epoch_1904=self.epoch_1904)):
                value = None
            else:
                formula = _FORMULA().search(cell)
                if formula:
                    self.refuse(row, column, formula[1])
                    self.out.formulas.append((row, column))
                if present is not None:
                    self.out.old.setdefault(column, {})[row] = present
                self.out.changed.setdefault(column, []).append(row)
        style = self.restyle(base, None if is_blank(value) else value, color)
        if style != base and color is not KEEP:
            self.out.filled.setdefault(column, {})[row] = base
        if value is None:
            return cell if style == base else _restyled(cell, opening, style)
        address = f"{self.letters[column]}{row}"
        if is_blank(value):
            return f'<c r="{address}" s="{style}"/>'.encode() if style else b""
        kept = _KEPT().search(opening)
        extra = (f' s="{style}"' if style else "") + (kept[0].decode() if kept else "")
        end = body(value, epoch_1904=self.epoch_1904, where=f"{self.sheet.where}!{address}")
        return f'<c r="{address}"{extra}{end}'.encode()


def _all_plain(values: dict[int, EditValue | Raw]) -> bool:
    """Whether every value is short text that stands in XML as it is: looked at once, not cell by cell."""
    if set(map(type, values.values())) != {str}:
        return False
    texts = [str(value) for value in set(values.values())]
    if not 0 < min(map(len, texts)) <= max(map(len, texts)) < MAX_TEXT // 2:
        return False
    joined = "\n" + "\n".join(texts) + "\n"
    return (
        not any(mark in joined for mark in ("&", "<", ">", "_x", "  ", "\n ", " \n"))
        and _CONTROL().search(joined) is None
        and joined.count("\n") == len(texts) + 1
    )


def is_blank(value: EditValue | Raw) -> bool:
    """Whether writing this leaves no value: None (leave alone), `CLEAR` or ""."""
    return value is None or value is CLEAR or value == ""


def _closed(data: bytes, last: int, close: int) -> bool:
    """Whether the cell that begins at ``last`` is the last thing before ``close``."""
    return data.startswith(b"</c>", close - 4) or (
        data.startswith(b"/>", close - 2) and data.find(b">", last) == close - 1
    )


def _row_style(opening: bytes) -> int:
    """The format of a row's blank cells, 0 where it has none of its own."""
    found = STYLE.search(opening) if _CUSTOM().search(opening) else None
    return int(found[1]) if found else 0


def _restyled(cell: bytes, opening: bytes, style: int) -> bytes:
    without = STYLE.sub(b"", opening, count=1)
    cut = without.find(b" ", 3) if without.startswith(b"<c r=") else -1
    if cut < 0:
        cut = len(without) - (2 if without.endswith(b"/>") else 1)
    return without[:cut] + b' s="%d"' % style + without[cut:] + cell[len(opening) :]
