"""Blocks of cell values between Python and Calc, in the shapes Excel gives xlwings.

Read:   number → float, text → str, date format → datetime, truth value → bool, empty → None,
        error → Excel's error number (xlwings makes None or ``#N/A`` of it).
Write:  ``=…`` is a formula, text that looks like a number or a date becomes one (`xl.typed`) unless the
        cell's format is ``@`` or the text begins with ``'``; a date gives a General cell a date format.

Every block is a few calls, whatever its size: one for the values, one for each kind of number format found.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from addin.hosts.calc.bridge_uno import struct
from addin.hosts.calc.xl.formulas import to_calc
from addin.hosts.calc.xl.typed import DATE_FORMAT, TIME_FORMAT, typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# com.sun.star.util.NumberFormat
DATE, TIME, LOGICAL, TEXT = 2, 4, 1024, 256
#: An error as Calc shows it → Excel's number for it, as Excel's programming interface gives it.
EXCEL_ERRORS = {
    "#DIV/0!": -2146826281,
    "#N/A": -2146826246,
    "#NAME?": -2146826259,
    "#NULL!": -2146826288,
    "#NUM!": -2146826252,
    "#REF!": -2146826265,
    "#VALUE!": -2146826273,
    "Err:503": -2146826252,
    "Err:521": -2146826288,
    "Err:524": -2146826265,
    "Err:525": -2146826259,
}
#: Kinds of formats in a block that are still asked one by one (each a few calls).
MANY = 100
OTHER_ERROR = -2146826273  # #VALUE!, as Calc itself writes its others into an .xlsx
ERROR_FORMULAS = {"#N/A": "=NA()", "#DIV/0!": "=1/0", "#NUM!": "=10^309", "#VALUE!": '=VALUE("x")', "#NAME?": "=#NAME?"}
#: Text that begins otherwise is plain text.
SPECIAL = frozenset(" 0123456789+-.₩$#tTfF='")

Rows = list[list[Any]]


class Formats:
    """A document's number formats: key ↔ code, and what kind a key is."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self._kinds: dict[int, int] = {0: 16}
        self._keys: dict[str, int] = {"General": 0}

    def kind(self, key: int) -> int:
        """The type bits of a number format."""
        if key not in self._kinds:
            self._kinds[key] = self.document.NumberFormats.getByKey(key).Type
        return self._kinds[key]

    def key(self, code: str) -> int:
        """The key of an Excel number format, made where the document hasn't it."""
        if code not in self._keys:
            formats, english = (
                self.document.NumberFormats,
                struct("com.sun.star.lang.Locale", Language="en", Country="US"),
            )
            if code == "BOOLEAN":
                found = formats.getStandardFormat(LOGICAL, english)
            else:
                found = formats.queryKey(code, english, False)
            self._keys[code] = formats.addNew(code, english) if found == -1 else found
        return self._keys[code]

    def code(self, key: int) -> str:
        """A key's number format as Excel writes it."""
        code: str = self.document.NumberFormats.getByKey(key).FormatString
        return "General" if code in ("General", "Standard") else excel_code(code)

    def areas(self, cells: Any, kinds: int | None = None) -> list[tuple[int, int, int, int, int]]:
        """(top, left, bottom, right, key), 0-based inside the range, for each area of one number format.

        ``kinds``: of formats of no such kind the areas may be left out.
        """
        whole = cells.RangeAddress
        if cells.getPropertyState("NumberFormat").value != "AMBIGUOUS_VALUE":
            size = whole.EndRow - whole.StartRow, whole.EndColumn - whole.StartColumn
            return [(0, 0, *size, cells.NumberFormat)]
        found, groups = [], cells.UniqueCellFormatRanges
        if groups.Count > MANY:  # mostly colours and fonts: number formats are looked for alone
            return list(_halved(cells, 0, 0, whole.EndRow - whole.StartRow, whole.EndColumn - whole.StartColumn))
        top, left = whole.StartRow, whole.StartColumn
        for index in range(groups.Count):
            group = groups.getByIndex(index)
            key = group.NumberFormat
            if kinds is not None and not kinds & self.kind(key):
                continue
            addresses = group.RangeAddresses
            found += [
                (a.StartRow - top, a.StartColumn - left, a.EndRow - top, a.EndColumn - left, key) for a in addresses
            ]
        return found


def _halved(cells: Any, top: int, left: int, bottom: int, right: int) -> Iterator[tuple[int, int, int, int, int]]:
    """Areas of one number format, found by halving what isn't of one."""
    part = cells.getCellRangeByPosition(left, top, right, bottom)
    if part.getPropertyState("NumberFormat").value != "AMBIGUOUS_VALUE":
        yield top, left, bottom, right, part.NumberFormat
    elif right > left:
        middle = (left + right) // 2
        yield from _halved(cells, top, left, bottom, middle)
        yield from _halved(cells, top, middle + 1, bottom, right)
    else:
        middle = (top + bottom) // 2
        yield from _halved(cells, top, left, middle, right)
        yield from _halved(cells, middle + 1, left, bottom, right)


def excel_code(code: str) -> str:
    """LibreOffice's spelling of a number format → Excel's: date letters are small, outside of quotes and brackets.

    >>> excel_code('YYYY-MM-DD HH:MM'), excel_code('#,##0"원"'), excel_code('[RED]0;[H]:MM AM/PM')
    ('yyyy-mm-dd hh:mm', '#,##0"원"', '[Red]0;[h]:mm AM/PM')
    """
    out, quoted, index = [], False, 0
    while index < len(code):
        char = code[index]
        if char == '"':
            quoted = not quoted
        if quoted:
            out.append(char)
        elif char == "\\":
            out.append(code[index : index + 2])
            index += 1
        elif char == "[" and "]" in code[index:]:
            end = code.index("]", index)
            inside = code[index + 1 : end]
            clock = set(inside) <= set("HMS")
            out.append(f"[{inside.lower() if clock else inside.capitalize() if inside.isalpha() else inside}]")
            index = end
        elif code[index : index + 5] == "AM/PM":
            out.append("AM/PM")
            index += 4
        else:
            out.append(char.lower() if char in "YMDHSA" else char)
        index += 1
    return "".join(out)


def read(cells: Any, formats: Formats, epoch: dt.datetime) -> Rows:
    """A range's values as Excel gives them, row by row."""
    data = cells.getDataArray()
    rows: Rows = [[None if value == "" else value for value in row] for row in data]
    errors = [(i, j) for i, line in enumerate(data) if None in line for j, value in enumerate(line) if value is None]
    if errors:
        _name_errors(cells, rows, errors, formats)
    for top, left, bottom, right, key in formats.areas(cells, DATE | LOGICAL):
        kind = formats.kind(key)
        if not kind & (DATE | LOGICAL):
            continue
        for row in rows[top : bottom + 1]:
            for j in range(left, right + 1):
                if type(row[j]) is float:
                    row[j] = moment(row[j], epoch) if kind & DATE else bool(row[j])
    return rows


def _name_errors(cells: Any, rows: Rows, errors: list[tuple[int, int]], formats: Formats) -> None:
    """Which error stands in each of the cells: the texts Calc shows, one call for each column (a chart reads so)."""
    texts = formats.document.createInstance("com.sun.star.chart2.data.DataProvider")
    columns: dict[int, list[int]] = defaultdict(list)
    for i, j in errors:
        columns[j].append(i)
    for j, places in columns.items():
        area = cells.getCellRangeByPosition(j, places[0], j, places[-1]).AbsoluteName
        shown = texts.createDataSequenceByRangeRepresentation(area).getTextualData()
        for i in places:
            rows[i][j] = EXCEL_ERRORS.get(shown[i - places[0]], OTHER_ERROR)


def moment(days: float, epoch: dt.datetime) -> dt.datetime | float:
    """A serial number as a datetime, to the millisecond; a number no date stands for stays one.

    >>> moment(46347.5, dt.datetime(1899, 12, 30)), moment(-1.0, dt.datetime(1899, 12, 30))
    (datetime.datetime(2026, 11, 21, 12, 0), -1.0)
    """
    if days < 0:
        return days
    try:
        return epoch + dt.timedelta(milliseconds=round(days * 86_400_000))
    except OverflowError:
        return days


def write(cells: Any, rows: Sequence[Sequence[Any]], formats: Formats, epoch: dt.datetime) -> None:
    """Put a block into a range of exactly its size."""
    height, width = len(rows), len(rows[0])
    kinds = _kinds(formats, cells, height, width)
    plain: list[tuple[Any, ...]] = []
    formulas: dict[int, dict[int, str]] = defaultdict(dict)  # column → row → formula
    looks: dict[str, list[tuple[int, int]]] = defaultdict(list)  # number format → cells that take it
    for i, row in enumerate(rows):
        line: list[Any] = []
        for j, value in enumerate(row):
            if type(value) is str and value and value[0] not in SPECIAL:
                line.append(value)
                continue
            kind = kinds if isinstance(kinds, int) else kinds[i][j]
            value, look = _put(value, kind, epoch)
            if look.startswith("="):
                formulas[j][i] = look
            elif look:
                looks[look].append((i, j))
            line.append(value)
        plain.append(tuple(line))
    cells.setDataArray(tuple(plain))
    for look, places in looks.items():
        for top, bottom, column in runs(places):
            cells.getCellRangeByPosition(column, top, column, bottom).NumberFormat = formats.key(look)
    for column, texts in formulas.items():
        for top, bottom, _ in runs((i, column) for i in texts):
            block = tuple((to_calc(texts[i]),) for i in range(top, bottom + 1))
            cells.getCellRangeByPosition(column, top, column, bottom).setFormulaArray(block)


def _kinds(formats: Formats, cells: Any, height: int, width: int) -> int | list[list[int]]:
    areas = formats.areas(cells)
    if len(areas) == 1:
        return formats.kind(areas[0][4])
    grid = [[16] * width for _ in range(height)]
    for top, left, bottom, right, key in areas:
        if (kind := formats.kind(key)) != 16 or key:
            for row in grid[top : bottom + 1]:
                row[left : right + 1] = [kind] * (right - left + 1)
    return grid


def _put(value: Any, kind: int, epoch: dt.datetime) -> tuple[Any, str]:
    """What goes into the cell, and the number format it takes (or its formula)."""
    if type(value) is float and kind == 16 and value == value:
        return value, ""
    if isinstance(value, str):
        return _put_text(value, kind)
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return float(value), "" if kind & LOGICAL else "BOOLEAN"
    if isinstance(value, dt.date):
        if not isinstance(value, dt.datetime):
            value = dt.datetime(value.year, value.month, value.day)
        days = (value.replace(tzinfo=None) - epoch) / dt.timedelta(days=1)
        return days, "" if kind & DATE else DATE_FORMAT if days == int(days) else TIME_FORMAT
    if isinstance(value, (int, float, Decimal)):
        number = float(value)
        if math.isnan(number):
            return "", ""
        if kind & TEXT:
            return f"{number:.15g}", ""
        return number, "General" if kind & LOGICAL else ""
    raise TypeError(f"no cell can hold a {type(value).__name__}")


def _put_text(text: str, kind: int) -> tuple[Any, str]:
    if kind & TEXT or not text:
        return text, ""
    if text[0] == "'":
        return text[1:], ""
    if text[0] == "=" and len(text) > 1:
        return "", text
    found = typed(text)
    if found is None:
        return text, ""
    value, look = found
    if isinstance(value, bool):
        return float(value), "" if kind & LOGICAL else "BOOLEAN"
    if isinstance(value, str):
        return ("", ERROR_FORMULAS[value]) if value in ERROR_FORMULAS else (text, "")
    return value, look if kind == 16 else "General" if kind & LOGICAL else ""


def runs(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Cells (row, column) as vertical runs: (first row, last row, column).

    >>> list(runs([(1, 0), (2, 0), (4, 0), (1, 3)]))
    [(1, 2, 0), (4, 4, 0), (1, 1, 3)]
    """
    columns: dict[int, list[int]] = defaultdict(list)
    for row, column in places:
        columns[column].append(row)
    for column, found in columns.items():
        found.sort()
        top = bottom = found[0]
        for row in found[1:]:
            if row != bottom + 1:
                yield top, bottom, column
                top = row
            bottom = row
        yield top, bottom, column
