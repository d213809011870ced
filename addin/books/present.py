"""A book as it stands now, as far as taking a run back must see it: a file's parts here, an open book in `live`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from addin.books.cells import read
from addin.books.formulacells import stored
from addin.books.formulas import blocks
from addin.books.listobjects import list_objects
from addin.books.names import Names, marked_columns
from addin.books.rowkeys import row_keys
from addin.books.sheethead import auto_filter
from addin.books.sheetpatch import can_shrink
from addin.books.sheetxml import SheetXml, all_cells, cells_of, format_of
from addin.books.strings import Strings
from addin.books.styles import Styles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from addin.books.cells import Held
    from addin.books.formulacells import Stored
    from addin.books.package import Package, SheetRef
    from addin.crm.grid import Rect


class Present(Protocol):
    """What `addin.books.undoplan` asks. Sheets go by the name they have now; rows and columns are 1-based."""

    def names(self) -> dict[str, str]:
        """The workbook's defined names and what they say, ``'접수'!$N$4``."""

    def sheet(self, name: str) -> str | None:
        """A tab as it is written now; None where there is none."""

    def has_cells(self, sheet: str) -> bool:
        """Whether the tab is a worksheet, no chart sheet."""

    def column(self, sheet: str, column: int) -> dict[int, Held]:
        """Row → what stands there, for one column."""

    def fills(self, sheet: str, column: int) -> dict[int, str | None]:
        """Row → its background, in the same form as `fill`."""

    def fill(self, color: str | None) -> str | None:
        """A background of the journal in the form `fills` gives."""

    def keys(self, sheet: str, column: int, rows: Sequence[int]) -> list[int]:
        """What tells some rows apart, our own columns left out (`addin.books.rowkeys`)."""

    def all_keys(self, sheet: str, column: int) -> dict[int, int]:
        """Row → key, for every row."""

    def cells(self, sheet: str) -> dict[tuple[int, int], Held]:
        """Every cell that holds something."""

    def list_ends(self, sheet: str, row: int, column: int) -> bool:
        """Whether the cell is a header of a ListObject."""

    def can_unjoin(self, sheet: str, row: int, column: int, header: str, going: AbstractSet[int]) -> bool:
        """Whether that list can give up this, its last column but those that are ``going``."""

    def filter(self, sheet: str) -> Rect | None:
        """The sheet's own autofilter."""

    def results(self, sheet: str, column: int, rows: Sequence[int]) -> dict[int, Stored]:
        """Row → the result stored there, of cells that show one; {} where the program calculates by itself."""


class FilePresent:
    """A workbook on disk."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._strings, self._styles = Strings(package), Styles(package)
        self._sheets: dict[str, SheetXml] = {}

    def names(self) -> dict[str, str]:
        """See `Present`."""
        return {name.name: name.formula for name in Names(self.package).all() if name.local is None}

    def sheet(self, name: str) -> str | None:
        """See `Present`."""
        found = self.package.sheet(name)
        return found.name if found else None

    def has_cells(self, sheet: str) -> bool:
        """See `Present`."""
        return self._ref(sheet).kind == "worksheet"

    def column(self, sheet: str, column: int) -> dict[int, Held]:
        """See `Present`."""
        return {row: read(cell, self._strings.get) for row, cell in self._column(sheet, column)}

    def fills(self, sheet: str, column: int) -> dict[int, str | None]:
        """See `Present`."""
        return {row: self._styles.fill_xml(format_of(cell)) for row, cell in self._column(sheet, column)}

    def fill(self, color: str | None) -> str | None:
        """See `Present`."""
        if color is None or color.startswith("<"):
            return color
        return self._styles.fill_xml(self._styles.with_fill(0, color))

    def keys(self, sheet: str, column: int, rows: Sequence[int]) -> list[int]:
        """See `Present`."""
        mine = marked_columns(Names(self.package), sheet) | {column}
        return row_keys(self._xml(sheet), rows, mine, self._strings.get)

    def all_keys(self, sheet: str, column: int) -> dict[int, int]:
        """See `Present`."""
        rows = self._xml(sheet).rows.tolist()
        return dict(zip(rows, self.keys(sheet, column, rows), strict=True))

    def cells(self, sheet: str) -> dict[tuple[int, int], Held]:
        """See `Present`."""
        return {(row, column): value for row, column, value in all_cells(self._xml(sheet), self._strings.get)}

    def list_ends(self, sheet: str, row: int, column: int) -> bool:
        """See `Present`."""
        return any(table.is_header(row, column) for table in list_objects(self.package, self._ref(sheet).part))

    def can_unjoin(self, sheet: str, row: int, column: int, header: str, going: AbstractSet[int]) -> bool:
        """See `Present`."""
        tables = list_objects(self.package, self._ref(sheet).part)
        return all(can_shrink(table, row, column, header, going) for table in tables if table.is_header(row, column))

    def filter(self, sheet: str) -> Rect | None:
        """See `Present`."""
        return auto_filter(self._xml(sheet).tail)

    def results(self, sheet: str, column: int, rows: Sequence[int]) -> dict[int, Stored]:
        """See `Present`."""
        xml = self._xml(sheet)
        arrays = list(blocks(xml.data))
        out: dict[int, Stored] = {}
        for row in rows:
            cell = xml.cell(row, column)
            filled = any(r[0] <= row <= r[2] and r[1] <= column <= r[3] for r in arrays)
            if cell is not None and (filled or b"<f" in cell):
                out[row] = stored(cell, self._strings)
        return out

    def _ref(self, name: str) -> SheetRef:
        found = self.package.sheet(name)
        assert found is not None, name
        return found

    def _xml(self, sheet: str) -> SheetXml:
        ref = self._ref(sheet)
        found = self._sheets.get(ref.part)
        if found is None:
            found = self._sheets[ref.part] = SheetXml(self.package.read(ref.part), ref.name)
        return found

    def _column(self, sheet: str, column: int) -> list[tuple[int, bytes]]:
        xml = self._xml(sheet)
        out: list[tuple[int, bytes]] = []
        for at, number in enumerate(xml.rows):
            for here, cell in cells_of(xml.data[xml.starts[at] : xml.starts[at + 1]], xml.where)[1]:
                if here == column:
                    out.append((int(number), cell))
                    break
        return out
