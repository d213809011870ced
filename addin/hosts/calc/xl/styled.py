"""How a range looks: number format, colours, font, borders, alignment."""

from __future__ import annotations

from typing import Any

from addin.hosts.calc.xl.layout import Layout

HORIZONTAL = {
    "general": "STANDARD",
    "left": "LEFT",
    "center": "CENTER",
    "right": "RIGHT",
    "fill": "REPEAT",
    "justify": "BLOCK",
}
VERTICAL = {"top": 1, "center": 2, "bottom": 3, "justify": 4}


class Styled(Layout):
    """A range and its formats."""

    @property
    def number_format(self) -> str | None:
        """Excel's code; None where the cells differ."""
        if not self:
            return ""
        areas = self.book.formats.areas(self.cells)
        keys = {area[4] for area in areas}
        return self.book.formats.code(keys.pop()) if len(keys) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        if self:
            self._writable()
            self.cells.NumberFormat = self.book.formats.key(value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        if not self or self.cells.CellBackColor == -1:
            return None
        return rgb(self.cells.CellBackColor)

    @color.setter
    def color(self, value: Any) -> None:
        if self:
            self._writable()
            self.cells.CellBackColor = -1 if value is None else number_of(value)

    def set_colors(self, colors: Any) -> None:
        for i, line in enumerate(colors, 1):
            for j, value in enumerate(line, 1):
                if value is not ...:
                    self(i, j).color = value

    @property
    def font(self) -> Any:
        from addin.hosts.calc.xl.looks import Font

        return Font(self)

    @property
    def borders(self) -> Any:
        from addin.hosts.calc.xl.looks import Borders

        return Borders(self)

    @property
    def wrap_text(self) -> bool | None:
        ambiguous = self.cells.getPropertyState("IsTextWrapped").value == "AMBIGUOUS_VALUE"
        return None if ambiguous else bool(self.cells.IsTextWrapped)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self._writable()
        self.cells.IsTextWrapped = bool(value)

    @property
    def horizontal_alignment(self) -> str | None:
        found = self.cells.HoriJustify.value
        return next((ours for ours, theirs in HORIZONTAL.items() if theirs == found), None)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        import uno

        self._writable()
        self.cells.HoriJustify = uno.Enum("com.sun.star.table.CellHoriJustify", HORIZONTAL[value])

    @property
    def vertical_alignment(self) -> str | None:
        found = self.cells.VertJustify
        return next((ours for ours, theirs in VERTICAL.items() if theirs == found), "bottom")

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self._writable()
        self.cells.VertJustify = VERTICAL[value]


def rgb(number: int) -> tuple[int, int, int]:
    """LibreOffice's colour number (0xRRGGBB) as a tuple.

    >>> rgb(0xFFC7CE)
    (255, 199, 206)
    """
    return number >> 16 & 255, number >> 8 & 255, number & 255


def number_of(color: Any) -> int:
    """A colour as xlwings takes it ("#rrggbb", (r, g, b), or Excel's number 0xBBGGRR) as LibreOffice's number.

    >>> number_of("#ffc7ce") == number_of((255, 199, 206)) == number_of(0xCEC7FF) == 0xFFC7CE
    True
    """
    if isinstance(color, str):
        return int(color.removeprefix("#"), 16)
    red, green, blue = (color & 255, color >> 8 & 255, color >> 16 & 255) if isinstance(color, int) else color
    return int(red) << 16 | int(green) << 8 | int(blue)
