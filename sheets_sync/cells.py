"""One cell of a partner's sheet: blank or not, the same as another, what its field expects, how people read it.

Never rewritten.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from addin.crm.clean import clean_column
from addin.crm.dates import iso_instant
from addin.crm.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from addin.crm.tables import Field
    from sheets_sync.layout import Column
    from sheets_sync.model import Cell

#: What `iso_instant` remembers: one entry a day that was ever written.
_days: dict[str, int | None] = {}
#: What may stand behind a day.
_TIMES = frozenset(["", *(f"T{minute // 60:02d}:{minute % 60:02d}" for minute in range(1440))])
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)", re.ASCII)
#: Types of which a typed value can be wrong.
JUDGED = frozenset(("instant", "money", "number", "phone", "flag"))


def plain(cell: Cell) -> Cell:
    """A cell for comparing: blank text is None, a whole number is no fraction.

    >>> plain("  "), plain("완료 "), plain(3.0), plain(True)
    (None, '완료 ', 3, True)
    """
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell


def shown(cell: Cell) -> str:
    """A cell as people write and read it, "" where blank; a moment without the T that travels with it.

    >>> shown("2026-11-18T10:00"), shown("11월 3일"), shown(250000.0), shown(True), shown(None)
    ('2026-11-18 10:00', '11월 3일', '250000', 'TRUE', '')
    """
    cell = plain(cell)
    if isinstance(cell, str):
        return f"{found[1]} {found[2]}" if (found := _MOMENT.fullmatch(cell)) else cell
    return "" if cell is None else str(cell).upper() if isinstance(cell, bool) else str(cell)


def partner_cells(cells: Mapping[str, Cell], fields: Iterable[str]) -> dict[str, Cell]:
    """The cells of these fields of a row, compared as `plain` says."""
    get = cells.get
    return {  # text that isn't blank is itself for comparing, as most cells are
        field: cell
        if (cell := get(field)) is None or (cell.__class__ is str and cell and not cell.isspace())
        else plain(cell)
        for field in fields
    }


def same(one: Cell, other: Cell, column: Column) -> bool:
    """Whether two cells mean the same: dates and amounts by what they say, not how they are written.

    >>> from sheets_sync.layout import layout_of
    >>> visited = layout_of().of("partner")[0]
    >>> same("2026.11.3 14:00", "2026-11-03T14:00", visited), same("완료", "완료 ", visited)
    (True, True)
    """
    if one.__class__ is other.__class__ and one == other:
        return True
    one, other = plain(one), plain(other)
    if one is None or other is None or one == other:
        return one == other
    if str(one).strip() == str(other).strip():
        return True
    first, second = meaning(one, column), meaning(other, column)
    return first is not None and first == second


def meaning(cell: Cell, column: Column) -> object:
    """The typed value of a cell by its field's rules; None where it has none (see `wrong`)."""
    if column.type == "instant" and isinstance(cell, str) and (read := iso_instant(cell, _days)) is not None:
        return read.value.minutes if read.value else None
    return _cleaned(column.field, cell)


@lru_cache(maxsize=100_000, typed=True)
def _cleaned(field: str, cell: Cell) -> object:
    """Sheets say the same few days and amounts again and again."""
    return clean_column(_field(field), [cell]).values[0]


def wrong(cell: Cell, column: Column) -> bool:
    """Whether a filled cell is not what its field expects.

    >>> from sheets_sync.layout import layout_of
    >>> visited = layout_of().of("partner")[0]
    >>> wrong("내일쯤", visited), wrong("11월 3일쯤?", visited), wrong("2026-11-03", visited), wrong(None, visited)
    (True, True, False, False)
    """
    if column.type == "instant" and isinstance(cell, str) and _days.get(cell[:10]) is not None and cell[10:] in _TIMES:
        return False  # most: a day that was read before
    if column.type not in JUDGED or plain(cell) is None:
        return False
    return meaning(cell, column) is None


@cache
def _field(id: str) -> Field:
    requests = table("requests")
    found = requests.field(id) if requests is not None else None
    assert found is not None  # a layout is made of the fields of requests
    return found
