"""What Calc hands a function and what it gets back: ranges, empty cells, errors, dates, missing arguments.

No UNO here: the add-in component (`macros/calc/danggol_functions.py`) forwards every call to `Bridge.answer`.

- A range that must be given is declared as ``XCellRange`` and read here: an error cell in it is one cell's error
  (declared as values, Calc answers Err:504 before Python is asked), a whole column is cut to the sheet's used rows.
- Everything else is ``any``: a value, a range of values, or nothing where the argument is left out. An error cell
  there is Calc's own error; an empty cell comes as 0, which for words and dates means empty.
- Dates are day numbers both ways, counted from the document's own null date where a function deals in dates.
- Answers: None is an empty text (Calc would show #N/A), a yes is 1, a table is rows for an array formula.

Measured on 10,000 cells over two ranges of ten: an empty function 24 µs with values, 57 µs with ``XCellRange``;
reading a range costs 16 µs, its address 4 µs.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from addin.crm.grid import CellError
from addin.functions import FUNCTIONS
from addin.functions.calling import reply
from addin.hosts.calc.context import context_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from addin.functions import Argument, Function

SERVICE: Final = "CRM"
RANGE: Final = "com::sun::star::table::XCellRange"
VALUE: Final = "any"
CALLER: Final = "com::sun::star::beans::XPropertySet"
TABLE: Final = "sequence< sequence< any > >"

#: Cells that hold a date, and cells that hold words: in both 0 can only be an empty cell.
DATES: Final = frozenset(
    {"start", "end", "received", "confirmed", "date", "today", "as_of", "from", "to", "entered", "left", "rows"}
)
WORDS: Final = frozenset({"text", "id", "partner", "by", "item", "step"})
#: Calc's error numbers by the name people see.
ERRORS: Final = {
    503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A",
}  # fmt: skip
EPOCH: Final = dt.datetime(1899, 12, 30)
#: Answers of a whole column end here: no array formula stands that deep.
MOST_ROWS: Final = 65_536
#: How the address of a whole column ends.
LAST_ROW: Final = ("$1048576", "$65536", "$16777216")


def is_range(argument: Argument) -> bool:
    """Whether Calc hands the argument over as a range object."""
    return argument.shape == "range" and not argument.optional


def is_dated(function: Function) -> bool:
    """Whether the function takes or gives dates, and so needs the document's null date."""
    result = function.example.result
    return any(a.name in DATES for a in function.arguments) or isinstance(result, dt.date)


def needs_document(function: Function) -> bool:
    """Whether Calc hands over the document before the arguments: for its null date, or its settings."""
    return is_dated(function) or function.asks_context


def is_table(function: Function) -> bool:
    """Whether the answer may have rows, and so is declared as a table."""
    return function.spills or function.maps


def signature(function: Function) -> tuple[str, list[tuple[str, str]]]:
    """The IDL of one function: the type of its answer, and its parameters as (name, type).

    >>> signature(FUNCTIONS["HHI"])[0], [kind.rsplit("::")[-1] for _, kind in signature(FUNCTIONS["HHI"])[1]]
    ('any', ['XCellRange', 'XCellRange'])
    """
    parameters = [("document", CALLER)] if needs_document(function) else []
    parameters += [(f"a{i}", RANGE if is_range(a) else VALUE) for i, a in enumerate(function.arguments)]
    return (TABLE if is_table(function) else VALUE), parameters


class Bridge:
    """Calls of one function, from Calc's values to Calc's values."""

    __slots__ = ("blank", "dated", "document", "function", "ranges", "table")

    def __init__(self, function: Function) -> None:
        self.function = function
        self.dated = is_dated(function)
        self.document = needs_document(function)
        self.table = is_table(function)
        self.ranges = [is_range(a) for a in function.arguments]
        self.blank = [a.name in DATES or a.name in WORDS for a in function.arguments]

    def answer(self, *given: Any) -> Any:
        """The function's answer; ``given`` begins with the document where `signature` says so."""
        shift, context = 0, None
        if self.document:
            shift = null_shift(given[0]) if self.dated else 0
            context = context_of(given[0]) if self.function.asks_context else None
            given = given[1:]
        arguments = [
            cells_of(value) if is_object else (None if value == 0 and blank and value is not False else plain(value))
            for value, is_object, blank in zip(given, self.ranges, self.blank, strict=False)
        ]
        if shift:
            arguments = [
                moved(value, shift) if a.name in DATES or a.name == "text" else value
                for a, value in zip(self.function.arguments, arguments, strict=False)
            ]
        while arguments and arguments[-1] is None and len(arguments) > self.function.required:
            arguments.pop()
        found = reply(self.function, arguments, context=context)
        if not self.table:
            return found if type(found) is float else shown(found, shift)
        if not isinstance(found, list):
            return ((shown(found, shift),),)
        table = tuple(tuple(shown(value, shift) for value in row) for row in found)
        return padded(table, arguments) if self.function.maps else table


def padded(table: tuple[tuple[Any, ...], ...], arguments: list[Any]) -> tuple[tuple[Any, ...], ...]:
    """Answers cell by cell, with empty rows to the end of the range: Calc repeats a single row over the whole array.

    >>> padded((("a",),), [(("x",), ("",), ("",))])
    (('a',), ('',), ('',))
    """
    height = max((len(one) for one in arguments if isinstance(one, tuple)), default=1)
    lacking = min(height, MOST_ROWS) - len(table)
    return table + ((("",) * len(table[0]),) * lacking if lacking > 0 else ())


def cells_of(cells: Any) -> Any:
    """A range object's cells as rows: "" is an empty cell; a whole column ends with the sheet's last used row."""
    if cells.AbsoluteName.endswith(LAST_ROW):
        cells = cut(cells)
        if cells is None:
            return []
    rows = cells.DataArray  # as a property: PyUNO takes a fifth longer for the method
    for row in rows:
        if None in row:
            return with_errors(rows, cells)
    return rows


def cut(cells: Any) -> Any:
    """A range without the rows below the sheet's last used one; None where nothing of it is used."""
    sheet, place = cells.Spreadsheet, cells.RangeAddress
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = min(cursor.RangeAddress.EndRow, place.EndRow)
    if last < place.StartRow:
        return None
    return sheet.getCellRangeByPosition(place.StartColumn, place.StartRow, place.EndColumn, last)


def with_errors(rows: Iterable[Iterable[Any]], cells: Any) -> list[list[Any]]:
    """Rows in which None, an error cell, is a `CellError` with its name.

    By its number: while Calc reckons, the text of another cell may still be "...".
    """

    def error(column: int, row: int) -> CellError:
        number = cells.getCellByPosition(column, row).getError()
        return CellError(ERRORS.get(number, f"Err:{number}"))

    return [
        [error(column, row) if value is None else value for column, value in enumerate(line)]
        for row, line in enumerate(rows)
    ]


def plain(value: Any) -> Any:
    """An ``any`` argument: a value, or rows of one cell as that cell."""
    if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], tuple) and len(value[0]) == 1:
        return value[0][0]
    return value


def null_shift(document: Any) -> int:
    """Days between 1899-12-30 and the day the document counts from (1462 in books of old Macs)."""
    day = document.NullDate
    return (dt.date(day.Year, day.Month, day.Day) - EPOCH.date()).days


def moved(value: Any, days: int) -> Any:
    """Day numbers of a document with another null date, as from 1899-12-30; only numbers that can be days are moved.

    >>> moved(((44000.0, "가", 3.0),), 1462)
    ((45462.0, '가', 3.0),)
    """
    if isinstance(value, tuple | list):
        return type(value)(moved(one, days) for one in value)
    return value + days if isinstance(value, float) and 20_000 <= value < 80_000 else value


def shown(value: Any, shift: int = 0) -> float | str:
    """One answer as Calc keeps it.

    >>> shown(None), shown(True), shown(3), shown(dt.datetime(2026, 1, 2, 12)), shown(CellError("#N/A"))
    ('', 1.0, 3.0, 46024.5, '#N/A')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return float(value)
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return (value.replace(tzinfo=None) - EPOCH) / dt.timedelta(days=1) - shift
    if isinstance(value, dt.date):
        return float((value - EPOCH.date()).days - shift)
    return value.code if isinstance(value, CellError) else str(value)


BRIDGES: Final[dict[str, Bridge]] = {id: Bridge(function) for id, function in FUNCTIONS.items()}
#: Functions whose answer depends on today.
VOLATILE: Final = frozenset(id for id, function in FUNCTIONS.items() if function.volatile)
