"""What a formula in Calc can't say: the settings and the confirmed partner spellings of its own book.

Read from danggol's tabs of the document the formula stands in, at most once a second for a document: a column of ten
thousand formulas reads them once. A book that was never adopted has none, and the shipped settings hold.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any, Final

from addin.functions import Context

_KEPT: Final[dict[str, tuple[float, Context]]] = {}
_SECONDS: Final = 1.0
_DATE: Final = 2  # com.sun.star.util.NumberFormat.DATE
_MOST: Final = 20


def context_of(document: Any) -> Context:
    """The document's `Context`, read anew when a second has passed."""
    key, now = str(document.RuntimeUID), time.monotonic()
    kept = _KEPT.get(key)
    if kept is not None and now - kept[0] < _SECONDS:
        return kept[1]
    if len(_KEPT) > _MOST:
        _KEPT.clear()
    found = read_context(document)
    _KEPT[key] = (time.monotonic(), found)
    return found


def read_context(document: Any) -> Context:
    """Settings and aliases from the tabs that danggol's hidden names point at."""
    settings, aliases = tab_of(document, "settings"), tab_of(document, "aliases")
    if settings is None and aliases is None:
        return Context()
    from addin.actions.views.aliases import parse_alias_tab
    from addin.actions.views.settings import parse_settings_tab
    from addin.crm.grid import Grid
    from addin.crm.setting_rows import from_rows

    chosen = from_rows(parse_settings_tab(Grid("", rows_of(document, settings))).cells)[0] if settings else None
    merged = parse_alias_tab(Grid("", rows_of(document, aliases))).merged if aliases else {}
    return Context(chosen, merged)


def tab_of(document: Any, key: str) -> Any:
    """The sheet danggol's name for this tab points at, None where there is none."""
    name, names = f"_danggol.tab.{key}", document.NamedRanges
    if not names.hasByName(name):
        return None
    cells = names.getByName(name).getReferredCells()
    return cells.Spreadsheet if cells is not None else None


def rows_of(document: Any, sheet: Any) -> list[list[Any]]:
    """A small sheet's values; a number that is shown as a date is a date."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end, formats = cursor.RangeAddress, document.NumberFormats
    null = document.NullDate
    start = dt.datetime(null.Year, null.Month, null.Day)
    block = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)

    def value(given: Any, column: int, row: int) -> Any:
        if not isinstance(given, float):
            return given or None
        kind = formats.getByKey(block.getCellByPosition(column, row).NumberFormat).Type
        return start + dt.timedelta(days=given) if kind & _DATE else given

    rows = block.getDataArray()
    return [[value(given, column, row) for column, given in enumerate(line)] for row, line in enumerate(rows)]
