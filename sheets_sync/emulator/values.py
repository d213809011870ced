"""``spreadsheets.values``: reading and writing plain values by A1 range."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sheets_sync.emulator.a1 import Area, Box
from sheets_sync.emulator.calc import shown_values
from sheets_sync.emulator.cells import Cell, Formula
from sheets_sync.emulator.entered import raw, typed
from sheets_sync.emulator.errors import ApiError, invalid
from sheets_sync.emulator.grid import insert
from sheets_sync.emulator.protection import check_writable
from sheets_sync.emulator.rendering import shown, unformatted
from sheets_sync.emulator.table import last_table

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.state import Book, Sheet

#: Characters one cell may hold.
TEXT_LIMIT: Final = 50_000


def read(book: Book, sheet: Sheet, box: Box, options: dict[str, Any]) -> dict[str, Any]:
    """The ``ValueRange`` of a block: trailing empties trimmed, ``values`` absent where there is nothing."""
    render = options.get("valueRenderOption", "FORMATTED_VALUE")
    as_text = options.get("dateTimeRenderOption") == "FORMATTED_STRING"
    major = options.get("majorDimension", "ROWS")
    if major == "DIMENSION_UNSPECIFIED":
        major = "ROWS"
    known = shown_values(book, sheet)
    rows: list[list[Any]] = []
    for r in range(box.row, min(box.end_row, known.height)):
        line: list[Any] = []
        for c in range(box.col, min(box.end_col, known.width)):
            value = known.at(r, c)
            formula = sheet.cell(r, c).value if render == "FORMULA" else None
            if value is None and not isinstance(formula, Formula):
                continue
            line.extend([""] * (c - box.col - len(line)))
            if isinstance(formula, Formula):
                line.append(formula.text)
            elif render in {"UNFORMATTED_VALUE", "FORMULA"}:
                line.append(unformatted(value, known.format(r, c), book.locale, dates_as_text=as_text))
            else:
                line.append(shown(value, known.format(r, c), book.locale))
        rows.append(line)
    while rows and not rows[-1]:
        rows.pop()
    if major == "COLUMNS":
        rows = _columns(rows)
    reply: dict[str, Any] = {"range": sheet.shown(box), "majorDimension": major}
    if rows:
        reply["values"] = rows
    return reply


def _columns(rows: list[list[Any]]) -> list[list[Any]]:
    width = max(map(len, rows), default=0)
    columns = [[row[c] if c < len(row) else "" for row in rows] for c in range(width)]
    for c, column in enumerate(columns):
        while column and (len(rows[len(column) - 1]) <= c or column[-1] == ""):
            column.pop()
    return columns


def get(ctx: Context, book: Book, range: str, **options: Any) -> dict[str, Any]:
    """``values.get``."""
    sheet, box = _block(book, range)
    return read(book, sheet, box, options)


def batch_get(ctx: Context, book: Book, ranges: list[str] | None = None, **options: Any) -> dict[str, Any]:
    """``values.batchGet``."""
    found = [get(ctx, book, text, **options) for text in ranges or []]
    reply: dict[str, Any] = {"spreadsheetId": book.id}
    if found:
        reply["valueRanges"] = found
    return reply


def _block(book: Book, text: str) -> tuple[Sheet, Box]:
    sheet, area = book.find(text)
    return sheet, sheet.box(area)


def update(ctx: Context, book: Book, range: str, body: dict[str, Any], **options: Any) -> dict[str, Any]:
    """``values.update``."""
    if "range" in body and _differ(book, range, body["range"]):
        raise invalid(f"Request range[{range}] does not match value's range[{body['range']}]")
    return _written(ctx, book, range, body, options)


def _differ(book: Book, one: str, other: str) -> bool:
    first, second = book.find(one), book.find(other)
    return first[0].id != second[0].id or first[1] != second[1]


def _written(ctx: Context, book: Book, text: str, body: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    _need_input_option(options)
    sheet, area = book.find(text)
    box = sheet.box(area)
    rows = _rows(body)
    height, width = len(rows), max((len(row) for row in rows), default=0)
    if not area.single:
        shown_range = sheet.shown(area) if area != Area() else sheet.shown(box)
        _within(sheet, area, box, height, width, shown_range)
    return write(ctx, book, sheet, box.row, box.col, rows, options)


def _within(sheet: Sheet, area: Area, box: Box, height: int, width: int, shown_range: str) -> None:
    """Google's refusal of more values than the range holds; an open side holds any number."""
    from sheets_sync.emulator.a1 import letters

    if area.end_col is not None and box.col + width > area.end_col:
        raise invalid(
            f"Requested writing within range [{shown_range}], but tried writing to column [{letters(area.end_col)}]"
        )
    if area.end_row is not None and box.row + height > area.end_row:
        raise invalid(f"Requested writing within range [{shown_range}], but tried writing to row [{area.end_row + 1}]")


def _need_input_option(options: dict[str, Any]) -> None:
    if options.get("valueInputOption", "INPUT_VALUE_OPTION_UNSPECIFIED") == "INPUT_VALUE_OPTION_UNSPECIFIED":
        raise invalid("'valueInputOption' is required but not specified")


def _rows(body: dict[str, Any]) -> list[list[Any]]:
    """The values by rows; raises where a cell is a list or an object."""
    lines: list[list[Any]] = body.get("values") or []
    for r, line in enumerate(lines):
        for c, value in enumerate(line):
            if isinstance(value, dict | list):
                raise invalid(f"Invalid values[{r}][{c}]: {_proto(value)}")
            if isinstance(value, str) and len(value) > TEXT_LIMIT:
                raise invalid(f"Your input contains more than the maximum of {TEXT_LIMIT} characters in a single cell.")
    if body.get("majorDimension") == "COLUMNS":
        height = max(map(len, lines), default=0)
        return [[line[r] if r < len(line) else None for line in lines] for r in range(height)]
    return lines


def _proto(value: Any, indent: str = "") -> str:
    """A value as Google's refusals print it."""
    deeper = indent + "  "
    if isinstance(value, list):
        inner = "".join(f"{deeper}values {{\n{deeper}  {_proto(v, deeper + '  ')}{deeper}}}\n" for v in value)
        return f"list_value {{\n{inner}{indent}}}\n"
    if isinstance(value, dict):
        inner = "".join(
            f"{deeper}fields {{\n{deeper}  key: {json.dumps(k)}\n{deeper}  value {{\n"
            f"{deeper}    {_proto(v, deeper + '    ')}{deeper}  }}\n{deeper}}}\n"
            for k, v in value.items()
        )
        return f"struct_value {{\n{inner}{indent}}}\n"
    if value is None:
        return "null_value: NULL_VALUE\n"
    if isinstance(value, bool):
        return f"bool_value: {json.dumps(value)}\n"
    if isinstance(value, str):
        return f"string_value: {json.dumps(value, ensure_ascii=False)}\n"
    return f"number_value: {value}\n"


def write(
    ctx: Context, book: Book, sheet: Sheet, row: int, col: int, rows: list[list[Any]], options: dict[str, Any]
) -> dict[str, Any]:
    """Put the rows from this cell on, growing the grid where they reach past it. The ``UpdateValuesResponse``."""
    height, width = len(rows), max(map(len, rows), default=0)
    _grow(book, sheet, row + height, col + width)
    box = Box(row, row + max(height, 1), col, col + max(width, 1))
    check_writable(ctx, sheet, box)
    places = _places(rows)
    for r, c in places:
        old = sheet.cell(row + r, col + c)
        sheet.put(row + r, col + c, _entered(old, rows[r][c], book.locale, options["valueInputOption"]))
    book.changes += 1
    reply: dict[str, Any] = {"spreadsheetId": book.id, "updatedRange": sheet.shown(box)}
    touched = (len({r for r, _ in places}), len({c for _, c in places}), len(places))
    if places:
        reply |= dict(zip(("updatedRows", "updatedColumns", "updatedCells"), touched, strict=True))
    if options.get("includeValuesInResponse"):
        reply["updatedData"] = read(
            book,
            sheet,
            box,
            {
                "valueRenderOption": options.get("responseValueRenderOption", "FORMATTED_VALUE"),
                "dateTimeRenderOption": options.get("responseDateTimeRenderOption", "SERIAL_NUMBER"),
            },
        )
    return reply


def _places(rows: list[list[Any]]) -> list[tuple[int, int]]:
    """Where a value is given: a null leaves its cell alone, and nobody counts it."""
    return [(r, c) for r, line in enumerate(rows) for c, given in enumerate(line) if given is not None]


def _entered(old: Cell, given: Any, locale: str, option: str) -> Cell:
    if option == "RAW":
        return replace(old, value=raw(given), runs=(), chips=())
    number = (old.format or {}).get("numberFormat", {})
    value, brought = typed(given, locale, text_format=number.get("type") == "TEXT")
    format_ = old.format
    if brought and not number:
        format_ = {**(old.format or {}), "numberFormat": brought}
    return replace(old, value=value, format=format_, runs=(), chips=())


def _grow(book: Book, sheet: Sheet, rows: int, cols: int) -> None:
    if rows <= sheet.rows and cols <= sheet.cols:
        return
    size = (sheet.rows, sheet.cols)
    sheet.resize(max(rows, sheet.rows), max(cols, sheet.cols))
    try:
        book.check_size()
    except ApiError:
        sheet.resize(*size)
        raise


def batch_update(ctx: Context, book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """``values.batchUpdate``: all of it or nothing."""
    _need_input_option(body)
    options = {key: value for key, value in body.items() if key != "data"}
    replies: list[dict[str, Any]] = []
    touched: set[tuple[int, str, int]] = set()
    for index, data in enumerate(body.get("data") or []):
        try:
            sheet, area = book.find(data.get("range", ""))
            replies.append(_written(ctx, book, data.get("range", ""), data, options))
        except ApiError as refused:
            raise refused.within(f"data[{index}]") from None
        box = sheet.box(area)
        for r, c in _places(_rows(data)):
            touched |= {(sheet.id, "row", box.row + r), (sheet.id, "col", box.col + c)}
    reply: dict[str, Any] = {"spreadsheetId": book.id}
    totals = {
        "totalUpdatedRows": sum(kind == "row" for _, kind, _ in touched),
        "totalUpdatedColumns": sum(kind == "col" for _, kind, _ in touched),
        "totalUpdatedCells": sum(r.get("updatedCells", 0) for r in replies),
        "totalUpdatedSheets": len({id for id, _, _ in touched}),
    }
    reply |= {key: value for key, value in totals.items() if value}
    if replies:
        reply["responses"] = replies
    return reply


def append(ctx: Context, book: Book, range: str, body: dict[str, Any], **options: Any) -> dict[str, Any]:
    """``values.append``: under the last table that touches the range, or where the range starts."""
    _need_input_option(options)
    sheet, area = book.find(range)
    box = sheet.box(area)
    rows = _rows(body)
    table = last_table(shown_values(book, sheet), box)
    row, col = (table.end_row, table.col) if table else (box.row, box.col)
    if options.get("insertDataOption") == "INSERT_ROWS" and row < sheet.rows and rows:
        insert(book, sheet, "ROWS", row, len(rows), inherit=row > 0)
    reply: dict[str, Any] = {"spreadsheetId": book.id}
    if table:
        reply["tableRange"] = sheet.shown(table)
    reply["updates"] = write(ctx, book, sheet, row, col, rows, options)
    return reply


def clear(ctx: Context, book: Book, range: str, body: dict[str, Any]) -> dict[str, Any]:
    """``values.clear``: values go, formats and notes stay."""
    return {"spreadsheetId": book.id, "clearedRange": _cleared(ctx, book, range)}


def batch_clear(ctx: Context, book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """``values.batchClear``."""
    cleared: list[str] = []
    for index, text in enumerate(body.get("ranges") or []):
        try:
            cleared.append(_cleared(ctx, book, text))
        except ApiError as refused:
            raise refused.within(f"range[{index}]") from None
    reply: dict[str, Any] = {"spreadsheetId": book.id}
    if cleared:
        reply["clearedRanges"] = cleared
    return reply


def _cleared(ctx: Context, book: Book, text: str) -> str:
    sheet, box = _block(book, text)
    check_writable(ctx, sheet, box)
    for r, c, cell in list(sheet.used(box)):
        sheet.put(r, c, replace(cell, value=None, runs=(), chips=()))
    book.changes += 1
    return sheet.shown(box)
