"""Tables: Excel's ListObjects are Calc's database ranges. Calc has no table styles and one filter per sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.hosts.calc.xl.cells import Range
from addin.hosts.calc.xl.guarded import Guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.hosts.calc.xl.sheets import Sheet


class Tables(Guarded, base_classes.Tables):
    """The tables of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.office = sheet.office

    @property
    def api(self) -> Any:
        return self.sheet.book.document.DatabaseRanges

    @property
    def parent(self) -> Sheet:
        return self.sheet

    def __iter__(self) -> Iterator[Table]:
        ranges, index = self.api, self.sheet.index - 1
        names = [name for name in ranges.ElementNames if ranges.getByName(name).DataArea.Sheet == index]
        return iter([Table(self.sheet, name) for name in names])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, key: str | int) -> Table:
        tables = list(self)
        if isinstance(key, int):
            return tables[key - 1]
        for table in tables:
            if table.name.lower() == key.lower():
                return table
        raise KeyError(key)

    def __contains__(self, key: str | int) -> bool:
        try:
            self(key)
        except (KeyError, IndexError):
            return False
        return True

    def add(
        self,
        source_type: Any = None,
        source: Any = None,
        link_source: Any = None,
        has_headers: bool | None = None,
        destination: Any = None,
        table_style_name: str | None = None,
        name: str | None = None,
    ) -> Table:
        """A table over a range, with filter buttons. The style's name has no meaning in Calc."""
        ranges, number = self.api, 1
        while name is None or (number > 1 and ranges.hasByName(name)):
            name, number = f"Table{number}", number + 1
        ranges.addNewByName(name, source.api.RangeAddress)
        made = ranges.getByName(name)
        made.ContainsHeader = has_headers is not False
        made.AutoFilter = True
        return Table(self.sheet, name)


class Table(Guarded, base_classes.Table):
    """One table."""

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.sheet = sheet
        self.office = sheet.office
        self._name = name

    @property
    def api(self) -> Any:
        return self.sheet.book.document.DatabaseRanges.getByName(self._name)

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property
    def name(self) -> str:
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = value
        self._name = value

    display_name = name

    @property
    def range(self) -> Range:
        return Range.of(self.sheet.book, self.api.ReferredCells)

    def _rows(self, first: int, count: int) -> Range | None:
        whole = self.range
        return Range(self.sheet, whole.row + first, whole.column, count, whole.shape[1]) if count > 0 else None

    @property
    def header_row_range(self) -> Range | None:
        return self._rows(0, 1) if self.show_headers else None

    @property
    def data_body_range(self) -> Range | None:
        headers = int(self.show_headers)
        return self._rows(headers, self.range.shape[0] - headers - int(self.show_totals))

    @property
    def totals_row_range(self) -> Range | None:
        return self._rows(self.range.shape[0] - 1, 1) if self.show_totals else None

    @property
    def insert_row_range(self) -> None:
        return None

    def resize(self, range: Any) -> None:
        self.api.DataArea = range.api.RangeAddress

    @property
    def show_autofilter(self) -> bool:
        return bool(self.api.AutoFilter)

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self.api.AutoFilter = bool(value)

    @property
    def show_headers(self) -> bool:
        return bool(self.api.ContainsHeader)

    @show_headers.setter
    def show_headers(self, value: bool) -> None:
        self.api.ContainsHeader = bool(value)

    @property
    def show_totals(self) -> bool:
        return bool(self.api.TotalsRow)

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        self.api.TotalsRow = bool(value)

    @property  # type: ignore[misc]  # there is none to set
    def table_style(self) -> None:
        return None
