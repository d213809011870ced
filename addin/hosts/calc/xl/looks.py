"""Fonts, borders, notes, frozen panes and the printed area of a Calc sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.hosts.calc.xl.guarded import Guarded

if TYPE_CHECKING:
    from addin.hosts.calc.xl.box import Box
    from addin.hosts.calc.xl.sheets import Sheet

SCRIPTS = ("", "Asian", "Complex")  # a cell has a font for each; Excel has one for all
BOLD = 150.0  # com.sun.star.awt.FontWeight
#: xlwings' border weights → width in 1/100 mm.
WEIGHTS = {"hairline": 2, "thin": 26, "medium": 53, "thick": 88}
#: xlwings' border lines → com.sun.star.table.BorderLineStyle.
LINES = {
    "none": 0x7FFF,
    "continuous": 0,
    "dot": 1,
    "dash": 2,
    "double": 3,
    "dash_dot": 16,
    "dash_dot_dot": 17,
    "slant_dash_dot": 16,
}
SIDES = {
    "edge_top": "TopLine",
    "edge_bottom": "BottomLine",
    "edge_left": "LeftLine",
    "edge_right": "RightLine",
    "inside_horizontal": "HorizontalLine",
    "inside_vertical": "VerticalLine",
}
DIAGONALS = {"diagonal_down": "DiagonalTLBR2", "diagonal_up": "DiagonalBLTR2"}


class _OfRange(Guarded):
    """Something of a range."""

    def __init__(self, range: Box) -> None:
        self.range = range
        self.office = range.office

    @property
    def api(self) -> Any:
        return self.range.cells


class Font(_OfRange, base_classes.Font):
    """The font of a range; what is set is set for Korean text too."""

    def _set(self, name: str, value: Any) -> None:
        self.range._writable()
        for script in SCRIPTS:
            setattr(self.range.cells, name + script, value)

    @property
    def bold(self) -> bool:
        return bool(self.range.cells.CharWeight >= BOLD)

    @bold.setter
    def bold(self, value: bool) -> None:
        self._set("CharWeight", BOLD if value else 100.0)

    @property
    def italic(self) -> bool:
        return bool(self.range.cells.CharPosture.value == "ITALIC")

    @italic.setter
    def italic(self, value: bool) -> None:
        import uno

        self._set("CharPosture", uno.Enum("com.sun.star.awt.FontSlant", "ITALIC" if value else "NONE"))

    @property
    def size(self) -> float:
        return float(self.range.cells.CharHeight)

    @size.setter
    def size(self, value: float) -> None:
        self._set("CharHeight", float(value))

    @property
    def name(self) -> str:
        return str(self.range.cells.CharFontName)

    @name.setter
    def name(self, value: str) -> None:
        self._set("CharFontName", value)

    @property
    def color(self) -> tuple[int, int, int]:
        """The colour; an automatic one is black."""
        from addin.hosts.calc.xl.styled import rgb

        return rgb(max(self.range.cells.CharColor, 0))

    @color.setter
    def color(self, value: Any) -> None:
        from addin.hosts.calc.xl.styled import number_of

        self.range._writable()
        self.range.cells.CharColor = -1 if value is None else number_of(value)


class Borders(_OfRange, base_classes.Borders):
    """The lines around and inside a range, set side by side."""

    def set(self, which: Any = "all", *, line_style: Any = ..., weight: Any = ..., color: Any = ...) -> None:
        """Set the named sides (xlwings gives a tuple of side names)."""
        from addin.hosts.calc.xl.styled import number_of

        self.range._writable()
        border = self.range.cells.TableBorder2
        for side in (which,) if isinstance(which, str) else which:
            diagonal = DIAGONALS.get(side)
            line = getattr(self.range.cells, diagonal) if diagonal else getattr(border, SIDES[side])
            if _given(line_style):
                line.LineStyle = LINES[line_style or "none"]
            if _given(weight) or (_given(line_style) and not line.LineWidth):
                line.LineWidth = WEIGHTS[weight if _given(weight) else "thin"]
            if line_style is None or line_style == "none":
                line.LineWidth = line.OuterLineWidth = 0
            line.OuterLineWidth = line.LineWidth
            if _given(color):
                line.Color = number_of(color) if color is not None else 0
            if diagonal:
                setattr(self.range.cells, diagonal, line)
            else:
                setattr(border, SIDES[side], line)
                setattr(border, f"Is{SIDES[side]}Valid", True)
        self.range.cells.TableBorder2 = border


def _given(value: Any) -> bool:
    return value is not ... and value is not base_classes._UNSET


class Note(_OfRange, base_classes.Note):
    """The note of a cell."""

    @property
    def api(self) -> Any:
        return self.range.first.Annotation

    @property
    def text(self) -> str:
        return str(self.range.first.Annotation.String)

    @text.setter
    def text(self, value: str) -> None:
        self.range.first.Annotation.setString(value)

    @property
    def author(self) -> str:
        return str(self.range.first.Annotation.Author)

    @property
    def location(self) -> Box:
        return self.range

    def delete(self) -> None:
        notes, at = self.range.sheet.sheet.Annotations, self.range.first.CellAddress
        for index in range(notes.Count):
            place = notes.getByIndex(index).Position
            if (place.Row, place.Column) == (at.Row, at.Column):
                notes.removeByIndex(index)
                return


class _OfSheet(Guarded):
    """Something of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.office = sheet.office

    @property
    def api(self) -> Any:
        return self.sheet.sheet


class FreezePanes(_OfSheet, base_classes.FreezePanes):
    """The frozen rows and columns; the sheet a person looks at stays in front."""

    def freeze_at(self, frozen_range: str) -> None:
        """Freeze so that the given cells stay in view: ``"A1:B3"`` keeps two columns and three rows."""
        found = self.sheet.range(frozen_range)
        rows = 0 if found.shape[0] == self.sheet.sheet.Rows.Count else found.row + found.shape[0] - 1
        columns = 0 if found.shape[1] == self.sheet.sheet.Columns.Count else found.column + found.shape[1] - 1
        with self.sheet.shown() as view:
            view.freezeAtPosition(columns, rows)

    def unfreeze(self) -> None:
        with self.sheet.shown() as view:
            view.freezeAtPosition(0, 0)


class PageSetup(_OfSheet, base_classes.PageSetup):
    """The printed area."""

    @property
    def print_area(self) -> str | None:

        from addin.hosts.calc.xl.cells import Range

        areas = self.sheet.sheet.PrintAreas
        cells = [
            self.sheet.sheet.getCellRangeByPosition(a.StartColumn, a.StartRow, a.EndColumn, a.EndRow) for a in areas
        ]
        return ",".join(Range.of(self.sheet.book, each).address for each in cells) or None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        ranges = [self.sheet.range(part) for part in value.split(",")] if value else []
        self.sheet.sheet.PrintAreas = tuple(each.cells.RangeAddress for each in ranges)
