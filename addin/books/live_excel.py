"""Excel on Windows: what its own objects (COM, behind xlwings' ``api``) tell and take beyond plain xlwings."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from addin.books.live_areas import area, joined
from addin.books.live_host import BUDGET, Host
from addin.books.live_values import plain, rgb
from addin.crm.grid import column_letter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from addin.crm.grid import Rect

_NONE: Final = -4142  # xlColorIndexNone
_AUTOMATIC: Final = -4105  # xlColorIndexAutomatic
_NOTE: Final = 4  # msoComment


class ExcelHost(Host):
    """Excel with its own objects, which tell locks, filters, hidden names and many areas at once."""

    def raw(self, sheet: Any, rect: Rect) -> list[list[Any]]:
        """See `Host`."""
        found = self.block(sheet, rect).api.Value2
        lines = found if isinstance(found, list | tuple) else ((found,),)
        return [[plain(value) for value in line] for line in lines]

    def filter(self, sheet: Any) -> Rect | None:
        """See `Host`."""
        return area(sheet.api.AutoFilter.Range.Address) if sheet.api.AutoFilterMode else None

    def widen_filter(self, sheet: Any, rect: Rect) -> bool:
        """See `Host`. Excel can only switch an autofilter off and on: never while a person filters by it."""
        if sheet.api.FilterMode:
            return False
        sheet.api.AutoFilterMode = False
        self.block(sheet, rect).api.AutoFilter()
        return True

    def drawn(self, sheet: Any) -> list[Rect]:
        """See `Host`."""
        out = []
        for shape in list(sheet.api.Shapes)[:BUDGET]:
            if shape.Type != _NOTE:
                first, last = shape.TopLeftCell, shape.BottomRightCell
                out.append((int(first.Row), int(first.Column), int(last.Row), int(last.Column)))
        return out

    def protected(self, sheet: Any) -> bool:
        """See `Host`."""
        return bool(sheet.api.ProtectContents)

    def frozen_structure(self) -> bool:
        """See `Host`."""
        return bool(self.book.api.ProtectStructure)

    def color(self, sheet: Any, rect: Rect) -> tuple[bool, str | None]:
        """See `Host`."""
        look = self.block(sheet, rect).api.Interior
        index = look.ColorIndex
        if index in (_NONE, _AUTOMATIC):
            return False, None
        number = look.Color if index is not None else None
        if number is None:
            return True, None
        number = int(number)
        return False, f"{number & 255:02X}{number >> 8 & 255:02X}{number >> 16 & 255:02X}"

    def paint(self, sheet: Any, column: int, runs: Sequence[tuple[int, int]], color: str | None) -> None:
        """See `Host`. Stretches go together, as many as an address may name."""
        letter = column_letter(column)
        for text in joined(f"{letter}{first}:{letter}{last}" for first, last in runs):
            look = sheet.api.Range(text).Interior
            if color is None:
                look.ColorIndex = _NONE
            else:
                red, green, blue = rgb(color)
                look.Color = red | green << 8 | blue << 16

    def set_name(self, name: str, formula: str, sheet: Any = None) -> None:
        """See `Host`."""
        home = self.book if sheet is None else sheet
        home.api.Names.Add(Name=name, RefersTo=f"={formula}", Visible=False)

    def own_links(self, drawn: Path) -> None:
        """See `Host`."""
        for link in self.book.api.LinkSources(1) or ():  # xlExcelLinks
            if str(link).casefold().endswith(drawn.name.casefold()):
                self.book.api.ChangeLink(link, self.book.api.FullName, 1)

    @cached_property
    def last_column(self) -> int:  # type: ignore[override]
        """The sheet's last column: 256 in an .xls that is open in compatibility mode."""
        return int(self.book.sheets[0].api.Columns.Count)
