"""XlsxWriter's worksheet with its innermost loops straightened: the same bytes in half the time.

A cell's opening is put together from its column's letters and its format's attribute, both made once. What is no text,
number or blank, or has no format of its own, goes XlsxWriter's way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

from addin.crm.grid import column_letter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsxwriter.format import Format


class DrawnSheet(Worksheet):  # type: ignore[misc]
    """A worksheet of `addin.books.render`."""

    def __init__(self) -> None:
        super().__init__()
        self._openings: dict[int, str] = {}
        self._endings: dict[Format, str] = {}

    def reach(self, top: int, left: int, bottom: int, right: int) -> bool:
        """Let the sheet reach these 0-based cells before they are put; False where a sheet ends before."""
        return not (self._check_dimensions(top, left) or self._check_dimensions(bottom, right))

    def put_blank(self, row: int, col: int, look: Format) -> None:
        """A blank cell in a format, within `reach`."""
        self.table[row][col] = CellBlankTuple(look)

    def put_number(self, row: int, col: int, number: float, look: Format) -> None:
        """A finite number within `reach`."""
        self.table[row][col] = CellNumberTuple(number, look)

    def put_text(self, row: int, col: int, text: str, look: Format) -> None:
        """A text no cell is too short for, within `reach`."""
        self.table[row][col] = CellStringTuple(self.str_table._get_shared_string_index(text), look)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Without the `=`. A reference calls no function, so none of the sixty newer ones is looked for in it."""
        if "(" in formula or "{" in formula or "}" in formula:
            return str(super()._prepare_formula(formula, expand_future_functions))
        return formula.removeprefix("=")

    def _calculate_spans(self) -> None:
        """The first and last column of every sixteen rows."""
        spans: dict[int, str] = {}
        columns: list[int] = []
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            for there in (self.table.get(row), self.comments.get(row)):
                if there:
                    columns += (min(there), max(there))
            if columns and ((row + 1) % 16 == 0 or row == self.dim_rowmax):
                spans[row // 16] = f"{min(columns) + 1}:{max(columns) + 1}"
                columns.clear()
        self.row_spans = spans

    def _write_rows(self) -> None:
        """Every row that has cells, a note or a height."""
        self._calculate_spans()
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells, info = self.table.get(row), self.row_info.get(row)
            if cells:
                self._write_row(row, self.row_spans.get(row // 16), info)
                self._write_cells(row, cells)
                self.fh.write("</row>")
            elif info is not None or row in self.comments:
                self._write_empty_row(row, self.row_spans.get(row // 16), info)

    def _write_cells(self, row: int, cells: Mapping[int, Any]) -> None:
        """A row's cells, from the left."""
        for col in sorted(cells):
            self._write_cell(row, col, cells[col])

    def _opening(self, col: int) -> str:
        """How a column's cells begin."""
        opening = self._openings[col] = f'<c r="{column_letter(col + 1)}'
        return opening

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        look = cell.format
        kind = type(cell).__name__
        if look is None or kind not in ("Number", "Datetime", "String", "Blank"):
            super()._write_cell(row, col, cell)
            return
        opening = self._openings.get(col) or self._opening(col)
        style = self._endings.get(look)
        if style is None:
            style = self._endings[look] = f'" s="{look._get_xf_index()}"'
        if kind == "String":
            self.fh.write(f'{opening}{row + 1}{style} t="s"><v>{cell.string}</v></c>')
        elif kind == "Blank":
            self.fh.write(f"{opening}{row + 1}{style}/>")
        else:
            self.fh.write(f"{opening}{row + 1}{style}><v>{cell.number:.16G}</v></c>")
