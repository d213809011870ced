"""An open workbook as it stands now, in the terms the journal and the undo speak (`addin.books.present`)."""

from __future__ import annotations

import re
import zlib
from html import escape
from typing import TYPE_CHECKING, Any

from addin.books.cells import Held, Raw, plain_text
from addin.books.names import PREFIX, parse_cell
from addin.books.rowkeys import VALUES
from addin.books.sheetpatch import last_but
from addin.crm.grid import CellError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from collections.abc import Set as AbstractSet

    from addin.books.live_host import Host
    from addin.crm.grid import Rect

_RGB = re.compile(r'<fgColor[^>]*?\brgb="(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})"')


class LivePresent:
    """See `addin.books.present.Present`."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._sheets = {sheet.name.casefold(): sheet for sheet in host.book.sheets}

    def names(self) -> dict[str, str]:
        """See `Present`."""
        return self.host.names()

    def sheet(self, name: str) -> str | None:
        """See `Present`."""
        found = self._sheets.get(name.casefold())
        return str(found.name) if found is not None else None

    def has_cells(self, sheet: str) -> bool:
        """See `Present`; xlwings only knows worksheets."""
        return True

    def column(self, sheet: str, column: int) -> dict[int, Held]:
        """See `Present`."""
        here = self.live(sheet)
        rows, _ = self.host.used(here)
        lines = held_block(self.host, here, (1, column, rows, column))
        return {row: line[0] for row, line in enumerate(lines, 1)}

    def fills(self, sheet: str, column: int) -> dict[int, str | None]:
        """See `Present`."""
        here = self.live(sheet)
        rows, _ = self.host.used(here)
        return self.host.fills(here, column, range(1, rows + 1))

    def fill(self, color: str | None) -> str | None:
        """See `Present`."""
        return color_of(color)

    def keys(self, sheet: str, column: int, rows: Sequence[int]) -> list[int]:
        """See `Present`."""
        here = self.live(sheet)
        first, last = min(rows), max(rows)
        _, columns = self.host.used(here)
        lines = held_block(self.host, here, (first, 1, last, columns))
        mine = self.marked(sheet) | {column}
        return [row_key(lines[row - first], mine) for row in rows]

    def all_keys(self, sheet: str, column: int) -> dict[int, int]:
        """See `Present`."""
        rows, _ = self.host.used(self.live(sheet))
        return dict(enumerate(self.keys(sheet, column, range(1, rows + 1)), 1))

    def cells(self, sheet: str) -> dict[tuple[int, int], Held]:
        """See `Present`."""
        return cells_of(self.host, self.live(sheet))

    def list_ends(self, sheet: str, row: int, column: int) -> bool:
        """See `Present`."""
        found = (listed for listed in self.host.lists(self.live(sheet)) if listed.header_row == row)
        return any(listed.rect[1] <= column <= listed.rect[3] for listed in found)

    def can_unjoin(self, sheet: str, row: int, column: int, header: str, going: AbstractSet[int]) -> bool:
        """See `Present`."""
        found = (listed for listed in self.host.lists(self.live(sheet)) if listed.header_row == row)
        return any(listed.rect[1] < column == last_but(listed.rect[3], going) for listed in found)

    def filter(self, sheet: str) -> Rect | None:
        """See `Present`."""
        return self.host.filter(self.live(sheet))

    def results(self, sheet: str, column: int, rows: Sequence[int]) -> dict[int, Any]:
        """See `Present`: an open workbook calculates by itself."""
        return {}

    def live(self, sheet: str) -> Any:
        """The xlwings sheet of that name."""
        return self._sheets[sheet.casefold()]

    def marked(self, sheet: str) -> set[int]:
        """The columns of a sheet one of our names points at."""
        places = (parse_cell(text) for name, text in self.host.names().items() if name.startswith(PREFIX))
        return {place[2] for place in places if place and place[0].casefold() == sheet.casefold()}


def cells_of(host: Host, sheet: Any) -> dict[tuple[int, int], Held]:
    """What the cells of a sheet hold; blank ones are left out."""
    lines = held_block(host, sheet, (1, 1, *host.used(sheet)))
    return {(r, c): v for r, line in enumerate(lines, 1) for c, v in enumerate(line, 1) if v is not None}


def held_block(host: Host, sheet: Any, rect: Rect) -> list[list[Held]]:
    """What a rectangle's cells hold: formulas as `Raw` with their result, dates as serial numbers. Two block reads."""
    values = host.raw(sheet, rect)
    if all(value is None for line in values for value in line):
        return values
    if not host.any_formulas(sheet, rect):
        return [[_held(value, None) for value in line] for line in values]
    typed = host.formulas(sheet, rect)
    return [
        [_held(value, text) for value, text in zip(line, texts, strict=True)]
        for line, texts in zip(values, typed, strict=True)
    ]


def _held(value: Any, typed: Any) -> Held:
    if isinstance(typed, str) and typed.startswith("=") and typed != value:
        shown = "" if value is None else str(value)
        kind = "e" if isinstance(value, CellError) else "str" if isinstance(value, str) else ""
        kind = "b" if isinstance(value, bool) else kind
        shown = str(int(value)) if isinstance(value, bool) else shown
        return Raw(kind, f"<f>{escape(typed[1:], quote=False)}</f><v>{escape(shown, quote=False)}</v>")
    if isinstance(value, CellError):
        return Raw("e", f"<v>{value.code}</v>")
    found: Held = value
    return found


def row_key(line: Sequence[Held], leave_out: Collection[int]) -> int:
    """A number for a row's first values, as `addin.books.rowkeys` counts it for a file.

    >>> row_key([None, None], ()), row_key(["가", 1.0], ()) == row_key(["가", None, 1], ())
    (0, True)
    """
    parts: list[str] = []
    for column, value in enumerate(line, 1):
        if value is None or column in leave_out or (isinstance(value, Raw) and value.formula is not None):
            continue
        parts.append(plain_text(value) if isinstance(value, Raw | str) else f"{float(value)!r}")
        if len(parts) == VALUES:
            break
    return zlib.crc32("\x1f".join(parts).encode("utf-8", "surrogatepass")) if parts else 0


def color_of(color: str | None) -> str | None:
    """A background of the journal as RRGGBB: that of a file's run is XML.

    >>> color_of('<fill><patternFill patternType="solid"><fgColor rgb="FFfad0b8"/></patternFill></fill>')
    'FAD0B8'
    """
    if color is None or not color.startswith("<"):
        return color.upper() if color else None
    found = _RGB.search(color)
    return found[1].upper() if found else None
