"""All edits of one worksheet at once: what may be changed is asked first, then the part is written anew once."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass, field
from io import BytesIO
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, cast

from addin.books.cells import Held, held, plain_text, read, same
from addin.books.formulas import blocks, is_master, shared_cells
from addin.books.listobjects import ListObject, list_objects, mentions, pivot_ranges
from addin.books.longpart import LongPart
from addin.books.results import with_results
from addin.books.sheethead import (
    auto_filter,
    column_style,
    extended_dimension,
    merges,
    with_auto_filter,
    with_width,
)
from addin.books.splice import KEEP, ColumnEdit, Keep, Spliced, is_blank, splice
from addin.books.styles import DATE_FORMAT, DATETIME_FORMAT
from addin.crm.grid import cell_address
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from addin.books.cells import Raw
    from addin.books.edits import EditValue, Fill, Join, Unjoin, Width, Write
    from addin.books.formulacells import Stored
    from addin.books.package import Package, SheetRef
    from addin.books.sheetxml import SheetXml
    from addin.books.strings import Strings
    from addin.books.styles import Styles
    from addin.crm.grid import Rect


@dataclass(slots=True)
class SheetWork:
    """The edits of one sheet, gathered: cells by column, widths, lists to grow or shrink."""

    columns: dict[int, ColumnEdit] = field(default_factory=dict)
    owners: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)  # column → (first, last row, marker)
    widths: list[Width] = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)
    unjoins: list[Unjoin] = field(default_factory=list)
    results: dict[tuple[int, int], Stored] = field(default_factory=dict)  # (row, column) → what a formula shows

    def rows(self) -> set[int]:
        """Every row that is looked at or written."""
        out = {row for row, _ in self.results}
        for edit in self.columns.values():
            out.update(edit.values, edit.fills)
        out.update(edit.row for edit in self.joins)
        out.update(edit.row for edit in self.unjoins)
        return out

    def write(self, edit: Write) -> None:
        """A block of values; of two writes to a cell the later counts."""
        span = (edit.row, edit.row + len(edit.values) - 1, edit.marker)
        lengths = set(map(len, edit.values))
        for j in range(max(lengths, default=0)):
            if len(lengths) == 1:
                values = dict(enumerate(map(itemgetter(j), edit.values), edit.row))
                if None in values.values():
                    values = {row: value for row, value in values.items() if value is not None}
            else:
                lines = enumerate(edit.values, edit.row)
                values = {row: line[j] for row, line in lines if j < len(line) and line[j] is not None}
            if values:
                column = self.columns.setdefault(edit.column + j, ColumnEdit())
                column.values = column.values | values if column.values else values
                self.owners.setdefault(edit.column + j, []).append(span)
                if edit.colors:
                    column.fills.update(edit.colors)

    def fill(self, edit: Fill) -> None:
        """A block of backgrounds."""
        for column in range(edit.column, edit.column + edit.columns):
            fills = self.columns.setdefault(column, ColumnEdit()).fills
            if edit.rows == 1:
                fills[edit.row] = edit.color
            else:
                fills.update(dict.fromkeys(range(edit.row, edit.row + edit.rows), edit.color))

    def marker(self, column: int, row: int) -> str:
        """Which marker the column has at a row."""
        owners = self.owners.get(column, ())
        marked = {owner[2] for owner in owners if owner[2]}
        if len(marked) <= 1:
            return next(iter(marked), "")
        return next((m for first, last, m in reversed(owners) if m and first <= row <= last), "")


@dataclass(slots=True)
class SheetChange:
    """What the edits did to one sheet, for the journal. ``new`` column → row → what stands there now."""

    before: SheetXml
    spliced: Spliced
    new: dict[int, dict[int, Held]] = field(default_factory=dict)
    fills: dict[int, dict[int, str | None]] = field(default_factory=dict)  # column → row → the fill's XML before
    joined: list[tuple[Join, bool]] = field(default_factory=list)  # and whether the sheet's autofilter grew
    unjoined: list[Unjoin] = field(default_factory=list)
    filter: Rect | None = None  # the sheet's autofilter, where it changed
    results: dict[tuple[int, int], Stored] = field(default_factory=dict)  # what was stored before
    wrote: bool = False


class SheetPatcher:
    """Applies a `SheetWork` to one sheet of a package. `BookRefused` before anything is put."""

    def __init__(
        self, package: Package, styles: Styles, strings: Strings, sheet: SheetRef, work: SheetWork, epoch_1904: bool
    ) -> None:
        if sheet.kind != "worksheet":
            raise BookRefused("book.not_a_worksheet", where=sheet.name)
        self.package, self.styles, self.strings = package, styles, strings
        self.sheet, self.work, self.epoch_1904 = sheet, work, epoch_1904
        self.xml = package.sheet_xml(sheet.part, sheet.name, spare=not work.results, rows=work.rows)
        self.tables = list_objects(package, sheet.part)
        self.head, self.tail = self.xml.head, self.xml.tail
        self._formats: dict[tuple[int, str, str | Keep | None], int] = {}

    def run(self) -> SheetChange:
        """Do it all; the part is put only if its bytes changed."""
        with TemporaryFile(prefix="danggol-") if isinstance(self.xml.data, LongPart) else BytesIO() as rows:
            return self._run(rows)

    def _run(self, rows_file: IO[bytes]) -> SheetChange:
        unjoined = [edit for edit in self.work.unjoins if self._unjoin(edit)]
        self._check()
        before = self.xml
        results: dict[tuple[int, int], Stored] = {}
        if self.work.results:
            self.xml, results = with_results(before, self._allowed(), self.strings)
        spliced = splice(
            self.xml,
            self.work.columns,
            string=self.strings.get,
            restyle=self._restyle,
            column_style=lambda column: column_style(self.head, column),
            refuse=self._refuse_formula,
            epoch_1904=self.epoch_1904,
            into=rows_file,
        )
        change = SheetChange(self.xml, spliced, unjoined=unjoined, results=results)
        for column, rows in spliced.changed.items():
            change.new[column] = self._held(self.work.columns[column].values, rows)
        self._rename_headers(change)
        fill_xml: dict[int, str | None] = {}
        for column, formats in spliced.filled.items():
            for xf in set(formats.values()):
                fill_xml.setdefault(xf, self.styles.fill_xml(xf))
            change.fills[column] = {row: fill_xml[xf] for row, xf in formats.items()}
        for width in self.work.widths:
            self.head = with_width(self.head, width.column, width.width)
        filtered = auto_filter(self.tail)
        for join in self.work.joins:
            self._join(join, change)
        if unjoined:
            self._shrink_filter(unjoined)
        after = auto_filter(self.tail)
        change.filter = after if after != filtered else None
        self._grow_dimension(change)
        if spliced.rows is not None or self.xml is not before or self.head != before.head or self.tail != before.tail:
            self.package.put(self.sheet.part, self.xml.composed(self.head, spliced.rows, self.tail))
            change.wrote = True
        return change

    def _held(self, values: dict[int, EditValue | Raw], rows: list[int]) -> dict[int, Held]:
        """What stands in the rows of one column once its values are written."""
        whole = len(rows) == len(values) and list(values) == rows
        there = list(values.values() if whole else map(values.__getitem__, rows))
        if set(map(type, there)) == {str} and "" not in there:  # text stands as it is
            return cast("dict[int, Held]", values if whole else dict(zip(rows, there, strict=True)))
        return {row: held(value, epoch_1904=self.epoch_1904) for row, value in zip(rows, there, strict=True)}

    # ---- may it be changed

    def _check(self) -> None:
        """No value into a merged cell's hidden part, an array formula, a spill, a data table or a pivot table."""
        for rect in merges(self.tail):
            for row, column in self._values_in(rect):
                if (row, column) != rect[:2]:
                    raise BookRefused("book.merged", where=self._at(row, column))
        for rect in blocks(self.xml.data) if self.xml.formulas else ():
            for row, column in self._values_in(rect):
                raise BookRefused("book.array", where=self._at(row, column))
        for rect in pivot_ranges(self.package, self.sheet.part):
            for row, column in self._values_in(rect):
                raise BookRefused("book.pivot", where=self._at(row, column))

    def _values_in(self, rect: Rect) -> Iterable[tuple[int, int]]:
        top, left, bottom, right = rect
        for column, edit in self.work.columns.items():
            if left <= column <= right and edit.values:
                values = edit.values
                rows = range(top, bottom + 1) if bottom - top < len(values) else values
                for row in rows:
                    if top <= row <= bottom and row in values and not self._as_it_is(row, column, values[row]):
                        yield row, column

    def _as_it_is(self, row: int, column: int, value: EditValue | Raw) -> bool:
        cell = self.xml.cell(row, column)
        return same(read(cell, self.strings.get) if cell else None, held(value, epoch_1904=self.epoch_1904))

    def _allowed(self) -> dict[tuple[int, int], Stored]:
        """The results asked for: of formulas, and of cells an array formula fills, which no value may go into."""
        arrays = list(blocks(self.xml.data))
        for row, column in self.work.results:
            cell = self.xml.cell(row, column)
            inside = any(r[0] <= row <= r[2] and r[1] <= column <= r[3] for r in arrays)
            if not inside and (cell is None or b"<f" not in cell):
                raise BookRefused("book.no_formula", where=self._at(row, column))
        return self.work.results

    def _refuse_formula(self, row: int, column: int, attributes: bytes) -> None:
        """A cell other cells take their formula from may only go together with all of them."""
        if is_master(attributes):
            for r, c in shared_cells(self.xml.data, attributes):
                edit = self.work.columns.get(c)
                if edit is None or edit.values.get(r) is None:
                    raise BookRefused("book.shared_formula", where=self._at(row, column), value=cell_address(r, c))

    def _at(self, row: int, column: int) -> str:
        return f"{self.sheet.name}!{cell_address(row, column)}"

    # ---- formats

    def _restyle(self, xf: int, value: EditValue | Raw | None, color: str | Keep | None) -> int:
        kind = "" if not isinstance(value, dt.date) else "t" if isinstance(value, dt.datetime) else "d"
        if not kind and color is KEEP:
            return xf
        key = (xf, kind, color)
        found = self._formats.get(key)
        if found is None:
            found = xf
            if kind and not self.styles.is_date(xf):
                found = self.styles.with_format(xf, DATETIME_FORMAT if kind == "t" else DATE_FORMAT)
            if isinstance(color, str):
                found = self.styles.with_fill(found, color)
            elif color is None and self.styles.fill_xml(found) is not None:
                found = self.styles.with_fill(found, None)
            self._formats[key] = found
        return found

    # ---- lists

    def _rename_headers(self, change: SheetChange) -> None:
        """A changed header cell of a list changes the list's column name, where no formula would lose it."""
        for table in self.tables:
            row = table.header_row
            for column, rows in change.spliced.changed.items():
                at = bisect_left(rows, row)
                if not table.is_header(row, column) or at == len(rows) or rows[at] != row:
                    continue
                value = self.work.columns[column].values[row]
                others = [h.casefold() for i, h in enumerate(table.headers) if i != column - table.rect[1]]
                where = self._at(row, column)
                if not isinstance(value, str) or not value or value.casefold() in others or table.linked:
                    raise BookRefused("book.list_header", where=where, value=str(value), table=table.name)
                old = table.headers[column - table.rect[1]]
                if any(mentions(self.package.read(part), old) for part in self._formula_parts()):
                    raise BookRefused("book.list_header_used", where=where, value=old, table=table.name)
                table.rename(column, value)
                table.save()

    def _formula_parts(self) -> Iterable[str]:
        yield self.package.workbook_part
        for sheet in self.package.sheets:
            yield sheet.part
            yield from (r.target for r in self.package.rels(sheet.part) if r.kind == "table" and not r.external)

    def _join(self, join: Join, change: SheetChange) -> None:
        """Let the ListObject or the autofilter that ends just left of the column grow by it, where there is room."""
        grown = False
        for table in self.tables:
            top, _, bottom, right = table.rect
            if table.header_row != join.row or right != join.column - 1 or table.linked:
                continue
            strip = (top, join.column, bottom, join.column)
            taken = [t.rect for t in self.tables if t is not table] + list(merges(self.tail))
            if any(_overlap(strip, rect) for rect in taken):
                continue
            text = self._text_after(join.row, join.column)
            if text != join.header or join.header.casefold() in (h.casefold() for h in table.headers):
                raise BookRefused(
                    "book.list_header", where=self._at(join.row, join.column), value=join.header, table=table.name
                )
            table.grow(join.header)
            table.save()
            grown = True
        rect = auto_filter(self.tail)
        widened = rect is not None and rect[0] == join.row and rect[3] == join.column - 1
        if widened and rect is not None:
            self.tail = with_auto_filter(self.tail, (*rect[:3], join.column))
        if grown or widened:
            change.joined.append((join, widened))

    def _text_after(self, row: int, column: int) -> str:
        edit = self.work.columns.get(column)
        value = edit.values.get(row) if edit else None
        if value is not None:
            return "" if is_blank(value) else str(value)
        cell = self.xml.cell(row, column)
        return plain_text(read(cell, self.strings.get)) if cell else ""

    def _unjoin(self, edit: Unjoin) -> bool:
        """Shrink the list whose last column this is; False where there is none to shrink."""
        for table in self.tables:
            if can_shrink(table, edit.row, edit.column, edit.header):
                table.shrink()
                table.save()
                return True
        rect = auto_filter(self.tail)
        others = {other.column for other in self.work.unjoins if other.row == edit.row and other is not edit}
        return rect is not None and rect[0] == edit.row and last_but(rect[3], others) == edit.column > rect[1]

    def _shrink_filter(self, unjoined: list[Unjoin]) -> None:
        for edit in sorted(unjoined, key=lambda e: -e.column):
            rect = auto_filter(self.tail)
            own = f'colId="{edit.column - rect[1]}"'.encode() if rect else b""
            if rect and rect[0] == edit.row and rect[3] == edit.column > rect[1] and own not in self.tail:
                self.tail = with_auto_filter(self.tail, (*rect[:3], edit.column - 1))

    # ---- the used range

    def _grow_dimension(self, change: SheetChange) -> None:
        touched = [(c, r) for c, rows in change.spliced.changed.items() if rows for r in (rows[0], rows[-1])]
        touched += [(c, r) for c, rows in change.fills.items() for r in (min(rows), max(rows)) if rows]
        if touched:
            columns, rows = [c for c, _ in touched], [r for _, r in touched]
            self.head = extended_dimension(self.head, (min(rows), min(columns), max(rows), max(columns)))


def last_but(last: int, going: AbstractSet[int]) -> int:
    """The last column once those that are going are gone.

    >>> last_but(9, {9, 8, 3})
    7
    """
    while last in going:
        last -= 1
    return last


def can_shrink(table: ListObject, row: int, column: int, header: str, going: AbstractSet[int] = frozenset()) -> bool:
    """Whether a list can give up its last column (but those that are ``going``): it is that one, and nothing filters
    by it."""
    last = last_but(table.rect[3], going)
    filtered = any(
        str(e.tag).endswith("}filterColumn") and int(e.get("colId", "-1")) == last - table.rect[1]
        for e in table.root.iter()
    )
    named = table.headers[last - table.rect[1] : last - table.rect[1] + 1] == [header]
    own = last == column > table.rect[1] and table.header_row == row and named
    return own and not filtered and not table.linked


def _overlap(a: Rect, b: Rect) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
