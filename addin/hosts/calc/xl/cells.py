"""Range: values, formulas, notes, names and links of a rectangle of cells."""

from __future__ import annotations

from typing import Any

from addin.hosts.calc.xl import values
from addin.hosts.calc.xl.formulas import moved, to_calc, to_excel
from addin.hosts.calc.xl.styled import Styled

EVERYTHING, CONTENTS, FORMATS = 1023, 1 | 2 | 4 | 16, 32 | 64  # com.sun.star.sheet.CellFlags


class Range(Styled):
    """What xlwings calls a range."""

    options: Any = None

    @property
    def raw_value(self) -> Any:
        if not self:
            return None
        rows = values.read(self.cells, self.book.formats, self.book.epoch)
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        if not self:
            return
        self._writable()
        values.write(self.cells, self._block(data), self.book.formats, self.book.epoch)

    def _block(self, data: Any) -> list[list[Any]]:
        if not isinstance(data, (list, tuple)):
            return [[data] * self.shape[1]] * self.shape[0]
        return [list(row) for row in data] if isinstance(data[0], (list, tuple)) else [list(data)]

    @property
    def formula(self) -> Any:
        """Formulas as Excel writes them; a constant as the text it would be typed as."""
        if not self:
            return None
        texts = self.cells.getFormulaArray()
        raw = self.raw_value if len(self) > 1 else [[self.raw_value]]
        rows = tuple(tuple(map(_formula, line, found)) for line, found in zip(texts, raw, strict=True))
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        """One formula fills the range and moves its relative references along; a block goes cell by cell."""
        if not self:
            return
        self._writable()
        if isinstance(value, (list, tuple)) or len(self) == 1 or not str(value).startswith("="):
            self.raw_value = value
            return
        rows, columns = self.shape
        texts = tuple(tuple(to_calc(moved(value, i, j)) for j in range(columns)) for i in range(rows))
        self.cells.setFormulaArray(texts)

    formula2 = formula

    @property
    def formula_array(self) -> str | None:
        return to_excel(self.cells.ArrayFormula.strip("{}")) or None if self else None

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        if self:
            self._writable()
            self.cells.setArrayFormula(to_calc(value))

    @property
    def has_array(self) -> bool:
        return bool(self) and bool(self.first.ArrayFormula)

    def clear(self) -> None:
        if self:
            self._writable()
            self.cells.clearContents(EVERYTHING)

    def clear_contents(self) -> None:
        if self:
            self._writable()
            self.cells.clearContents(CONTENTS)

    def clear_formats(self) -> None:
        if self:
            self._writable()
            self.cells.clearContents(FORMATS)

    @property
    def note(self) -> Any:
        from addin.hosts.calc.xl.looks import Note

        return Note(self) if self.first.Annotation.String else None

    def add_note(self, text: str) -> Any:
        from addin.hosts.calc.xl.looks import Note

        self._writable()
        at = self.first.CellAddress
        self.sheet.sheet.Annotations.insertNew(at, text)
        return Note(self)

    @property
    def name(self) -> Any:
        for _, name in self.book.names.snapshot():
            found = name.referred()
            if found is not None and found.coords[1:] == self.coords[1:] and found.sheet.name == self.sheet.name:
                return name
        return None

    @name.setter
    def name(self, value: str) -> None:
        sheet = self.sheet.name.replace("'", "''")
        self.book.names.add(value, f"='{sheet}'!{self.address}")

    @property
    def table(self) -> Any:
        for table in self.sheet.tables:
            found = table.range
            inside = 0 <= self.row - found.row < found.shape[0] and 0 <= self.column - found.column < found.shape[1]
            if inside:
                return table
        return None

    @property
    def hyperlink(self) -> str:
        fields = self.first.TextFields
        if not fields.hasElements():
            raise KeyError(self.address)
        return str(fields.createEnumeration().nextElement().URL)

    def add_hyperlink(self, address: str, text_to_display: str | None = None, screen_tip: str | None = None) -> None:
        self._writable()
        field = self.book.document.createInstance("com.sun.star.text.TextField.URL")
        field.URL, field.Representation = address, text_to_display or address
        self.first.String = ""
        self.first.insertTextContent(self.first.createTextCursor(), field, False)


def _formula(text: str, value: Any) -> str:
    if text.startswith("="):
        return to_excel(text)
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, str) else text
