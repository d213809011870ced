"""Spreadsheets as files: created, copied tab by tab, exported, and filled from an uploaded CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator import drive, drive_v2, sharing
from sheets_sync.emulator.batch import ranges, tabs
from sheets_sync.emulator.batch.content import enter
from sheets_sync.emulator.batch.parts import changed
from sheets_sync.emulator.calc import shown_values
from sheets_sync.emulator.errors import ApiError, file_not_found, forbidden, invalid, not_implemented
from sheets_sync.emulator.rendering import shown
from sheets_sync.emulator.state import Book, Sheet
from sheets_sync.emulator.view import sheet_properties, spreadsheet

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.discovery import Method
    from sheets_sync.emulator.store import Store
    from sheets_sync.emulator.users import Users

_CSV, _TSV = "text/csv", "text/tab-separated-values"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def create_spreadsheet(store: Store, users: Users, user: str, body: dict[str, Any]) -> dict[str, Any]:
    """``spreadsheets.create`` with its tabs, their cells, named ranges."""
    wanted = body.get("properties") or {}
    if body.get("spreadsheetId") in store.files:
        raise invalid("A spreadsheet with this id exists already.")
    file, book = store.create(
        wanted.get("title") or "Untitled spreadsheet",
        user,
        locale=wanted.get("locale") or "en_US",
        zone=wanted.get("timeZone") or "Etc/GMT",
        tabs=not body.get("sheets"),
    )
    ctx = store.context(user, file)
    book.recalculation = wanted.get("autoRecalc", book.recalculation)
    try:
        for index, given in enumerate(body.get("sheets") or []):
            try:
                _tab(ctx, book, given)
            except ApiError as refused:
                raise refused.within(f"sheets[{index}]") from None
        for given in body.get("namedRanges") or []:
            ranges.add_named_range(ctx, book, {"namedRange": given})
        book.check_size()
    except ApiError:
        del store.files[file.id], store.books[file.id]
        raise
    users.created(store, file)
    return spreadsheet(book)


def _tab(ctx: Context, book: Book, given: dict[str, Any]) -> None:
    properties = given.get("properties") or {}
    if "sheetId" not in properties and not book.sheets:
        properties = {**properties, "sheetId": 0}
    sheet = tabs.new_sheet(ctx, book, properties)
    book.sheets.append(sheet)
    for data in given.get("data") or []:
        row, col = data.get("startRow", 0), data.get("startColumn", 0)
        for r, line in enumerate(data.get("rowData") or [], row):
            for c, one in enumerate(line.get("values") or [], col):
                if r >= sheet.rows or c >= sheet.cols:
                    sheet.resize(max(sheet.rows, r + 1), max(sheet.cols, c + 1))
                sheet.put(r, c, changed(sheet.cell(r, c), one, "*"))
    for protected in given.get("protectedRanges") or []:
        ranges.add_protected_range(ctx, book, {"protectedRange": protected})


def copy_tab(ctx: Context, book: Book, sheet_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """``sheets.copyTo``: the tab at the end of another spreadsheet (or of this one) as ``Copy of …``."""
    source = book.sheet(sheet_id, noun="sheet")
    file, target = ctx.store.book(body.get("destinationSpreadsheetId", ""), ctx.user, write=True)
    title = f"Copy of {source.title}"
    count = 1
    while target.titled(title):
        count += 1
        title = f"Copy of {source.title} {count}"
    made = tabs.new_sheet(ctx, target, {"title": title})
    copied = source.copy()
    copied.id, copied.title = made.id, made.title
    tabs.retarget(ctx, copied)
    target.sheets.append(copied)
    target.check_size()
    target.changes += 1
    ctx.store.touch(file, ctx.user)
    return sheet_properties(target, copied)


def answer(
    store: Store, users: Users, user: str, method: Method, parameters: dict[str, Any], body: Any
) -> dict[str, Any] | tuple[bytes, str] | None:
    """A method of Drive: JSON, bytes with their type, or nothing."""
    ctx = store.context(user)
    if method is drive_v2.UPLOAD:
        return _uploaded(ctx, parameters, body)
    if method.id == "drive.files.export":
        return exported(ctx, parameters["fileId"], parameters.get("mimeType", ""))
    call: Any = drive.METHODS.get(method.id) or sharing.METHODS.get(method.id) or drive_v2.CALLS.get(method.id)
    if call is None:
        raise not_implemented(method.id)
    if method.id in {"drive.files.create", "drive.files.copy", "drive.v2.files.copy"}:
        users.check_storage(user)
    if method.verb in {"POST", "PATCH"}:
        parameters["body"] = body
    found: dict[str, Any] | None = call(ctx, **parameters)
    if method.id == "drive.files.create" and found:
        users.created(store, store.files[found["id"]])
    return found


def _uploaded(ctx: Context, parameters: dict[str, Any], body: Any) -> dict[str, Any]:
    """Content of a file replaced by a CSV: one tab is left, filled as if the text had been typed."""
    file = ctx.store.file(parameters.get("fileId", ""), ctx.user)
    if file.role(ctx.user) not in {"owner", "writer"}:
        raise forbidden()
    if not isinstance(body, bytes):
        raise not_implemented("uploads of other types than CSV")
    book = ctx.store.books[file.id]
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    width = max(map(len, rows), default=0)
    sheet = Sheet(ctx.store.number(), file.name[:100], max(1000, len(rows)), max(26, width))
    book.sheets = [sheet]
    book.zone = "America/Los_Angeles"  # as the real service leaves an imported file
    book.named.clear()
    for r, line in enumerate(rows):
        for c, text in enumerate(line):
            enter(book, sheet, r, c, text)
    book.changes += 1
    ctx.store.touch(file, ctx.user)
    return drive_v2.file_json(file, ctx.user)


def exported(ctx: Context, id: str, mime: str) -> tuple[bytes, str]:
    """``files.export``: the first tab as CSV or TSV, all of them as .xlsx; other types are 501."""
    file = ctx.store.file(id, ctx.user)
    book = ctx.store.books.get(file.id)
    if book is None:
        raise file_not_found(id)
    if mime in {_CSV, _TSV}:
        out = io.StringIO()
        lines = _lines(book, book.sheets[0])
        csv.writer(out, delimiter="," if mime == _CSV else "\t", lineterminator="\r\n").writerows(lines)
        return out.getvalue().removesuffix("\r\n").encode(), mime
    if mime == _XLSX:
        return _workbook(book), mime
    if mime not in drive_v2.EXPORTS:
        raise ApiError(
            400,
            "The requested conversion is not supported.",
            reason="badRequest",
            location=("parameter", "convertTo"),
        )
    raise not_implemented(f"exports as {mime}")


def _lines(book: Book, sheet: Sheet) -> list[list[str]]:
    known = shown_values(book, sheet)
    rows = [
        [shown(known.at(r, c), known.format(r, c), book.locale) for c in range(known.width)]
        for r in range(known.height)
    ]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _workbook(book: Book) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    for sheet in book.sheets:
        page = made.add_worksheet(sheet.title[:31])
        known = shown_values(book, sheet)
        for r in range(known.height):
            for c in range(known.width):
                value = known.at(r, c)
                if isinstance(value, bool):
                    page.write_boolean(r, c, value)
                elif isinstance(value, float | int):
                    page.write_number(r, c, value)
                elif value is not None:
                    page.write_string(r, c, shown(value))
    made.close()
    return out.getvalue()
