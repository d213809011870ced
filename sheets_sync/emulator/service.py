"""One request answered: found in the discovery documents, checked, carried out whole or not at all, checked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from sheets_sync.emulator import batch, discovery, drive, drive_v2, fields, files, filters, schema, values, view, wire
from sheets_sync.emulator.batch.ranges import matching
from sheets_sync.emulator.colors import normalized, without_nulls
from sheets_sync.emulator.errors import ApiError, invalid, not_found, not_implemented, violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.discovery import Method
    from sheets_sync.emulator.state import Book
    from sheets_sync.emulator.store import Store
    from sheets_sync.emulator.users import Users


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply: JSON (``json``), or bytes of a type of their own (an export)."""

    json: Any = None
    content: bytes = b""
    type: str = ""


#: Methods of Sheets on one spreadsheet: ``call(context, spreadsheet, parameters, body)``. The set below writes.
_ON_BOOK: dict[str, Callable[[Context, Book, dict[str, Any], dict[str, Any]], dict[str, Any]]] = {
    "sheets.spreadsheets.get": lambda ctx, book, p, body: view.spreadsheet(
        book,
        ranges=p.get("ranges"),
        data=p.get("includeGridData", False) or _asks_data(p.get("fields", "")),
    ),
    "sheets.spreadsheets.getByDataFilter": lambda ctx, book, p, body: view.spreadsheet(
        book,
        ranges=[filters.held(book, f, noun="sheet") for f in body.get("dataFilters") or []] or None,
        data=body.get("includeGridData", False) or _asks_data(p.get("fields", "")),
    ),
    "sheets.spreadsheets.batchUpdate": lambda ctx, book, p, body: batch.run(ctx, book, body),
    "sheets.spreadsheets.values.get": lambda ctx, book, p, body: values.get(ctx, book, **p),
    "sheets.spreadsheets.values.batchGet": lambda ctx, book, p, body: values.batch_get(ctx, book, **p),
    "sheets.spreadsheets.values.update": lambda ctx, book, p, body: values.update(ctx, book, body=body, **p),
    "sheets.spreadsheets.values.append": lambda ctx, book, p, body: values.append(ctx, book, body=body, **p),
    "sheets.spreadsheets.values.clear": lambda ctx, book, p, body: values.clear(ctx, book, body=body, range=p["range"]),
    "sheets.spreadsheets.values.batchUpdate": lambda ctx, book, p, body: values.batch_update(ctx, book, body),
    "sheets.spreadsheets.values.batchClear": lambda ctx, book, p, body: values.batch_clear(ctx, book, body),
    "sheets.spreadsheets.values.batchGetByDataFilter": lambda ctx, book, p, body: filters.batch_get(ctx, book, body),
    "sheets.spreadsheets.values.batchUpdateByDataFilter": lambda ctx, book, p, body: filters.batch_updated(
        ctx, book, body
    ),
    "sheets.spreadsheets.values.batchClearByDataFilter": lambda ctx, book, p, body: filters.batch_cleared(
        ctx, book, body
    ),
    "sheets.spreadsheets.sheets.copyTo": lambda ctx, book, p, body: files.copy_tab(ctx, book, p["sheetId"], body),
    "sheets.spreadsheets.developerMetadata.get": lambda ctx, book, p, body: _metadata(book, p["metadataId"]),
    "sheets.spreadsheets.developerMetadata.search": lambda ctx, book, p, body: _search(book, body),
}
_WRITES = {
    "sheets.spreadsheets.batchUpdate",
    "sheets.spreadsheets.values.update",
    "sheets.spreadsheets.values.append",
    "sheets.spreadsheets.values.clear",
    "sheets.spreadsheets.values.batchUpdate",
    "sheets.spreadsheets.values.batchClear",
    "sheets.spreadsheets.values.batchUpdateByDataFilter",
    "sheets.spreadsheets.values.batchClearByDataFilter",
}


def kind(method: Method) -> str:
    """Which of Sheets' quotas a request counts against: ``Read`` or ``Write``; "" for Drive's."""
    if method.service != "sheets":
        return ""
    reads = method.verb == "GET" or method.id.endswith(("getByDataFilter", "GetByDataFilter", "Metadata.search"))
    return "Read" if reads else "Write"


def find(verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
    """The method a request means and the values in its path; `None` for no method of Google's."""
    path = path.removesuffix("/")  # as some clients end every path
    methods = discovery.methods("sheets") if path.startswith("/v4/") else discovery.methods("drive") + drive_v2.METHODS
    for method in methods:
        match = method.pattern.fullmatch(path)
        if match and method.verb == verb:
            return method, {key: unquote(value) for key, value in match.groupdict().items()}
    return (drive_v2.not_here(verb, path), {}) if path.startswith(("/drive/", "/upload/", "/batch")) else None


def answer(
    store: Store, users: Users, user: str, method: Method, path: dict[str, str], query: dict[str, list[str]], body: Any
) -> Answer:
    """Carry a request out. Raises `ApiError`; then nothing was changed."""
    given = discovery.query(method, query)
    if method is not drive_v2.UPLOAD:
        body = without_nulls(body or {} if method in drive_v2.METHODS else schema.body(method, body))
    if method.id in {"sheets.spreadsheets.batchUpdate", "sheets.spreadsheets.create"}:
        body = normalized(body)
    asked = str(given.get("fields") or "")
    _check_mask(method, asked)
    parameters = {key: value for key, value in given.items() if key != "fields"}
    for key, value in path.items():
        known = method.parameters.get(key, {})
        parameters[key] = _number(value, key) if known.get("type") == "integer" else value
    if method.service == "sheets":
        whole = _sheets(store, users, user, method, parameters | {"fields": asked} if asked else parameters, body)
    else:
        found = files.answer(store, users, user, method, parameters, body)
        if isinstance(found, tuple):
            return Answer(content=found[0], type=found[1])
        if found is None:
            return Answer()
        whole = found if given.get("fields") != "" else {}  # an empty mask chooses nothing
        asked = asked or drive.DEFAULT_FIELDS.get(method.id, "")
    schema.check_reply(method, whole)
    if method.service == "sheets":
        whole = wire.written(method, whole)
    return Answer(fields.chosen(whole, fields.parse(asked)) if asked and asked != "*" else whole)


def _number(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        sentence = f"Invalid value at '{discovery.snake(name)}' (TYPE_INT32), \"{text}\""
        raise violations([(discovery.snake(name), sentence)]) from None


def _check_mask(method: Method, mask: str) -> None:
    if not mask or mask == "*":
        return
    try:
        found = fields.paths(mask)
    except fields.BadMask:
        raise _bad_mask(method, mask) from None
    for path in found:
        if method.response and not discovery.knows(method.service, method.response, path):
            raise _bad_mask(method, ".".join(path))


def _bad_mask(method: Method, path: str) -> ApiError:
    if method.service == "drive":
        name = path.replace(".", "/")
        return ApiError(
            400, f"Invalid field selection {name}", reason="invalidParameter", location=("parameter", "fields")
        )
    sentence = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    error = violations([(path, sentence)])
    error.message = "Request contains an invalid argument."
    return error


def _sheets(
    store: Store, users: Users, user: str, method: Method, parameters: dict[str, Any], body: dict[str, Any]
) -> dict[str, Any]:
    if method.id == "sheets.spreadsheets.create":
        users.check_storage(user)
        return files.create_spreadsheet(store, users, user, body)
    call = _ON_BOOK.get(method.id)
    if call is None:
        raise not_implemented(method.id)
    file, book = store.book(parameters.pop("spreadsheetId"), user, write=method.id in _WRITES)
    if method.id not in {"sheets.spreadsheets.get", "sheets.spreadsheets.getByDataFilter"}:
        parameters.pop("fields", None)
    if method.id not in _WRITES:
        reply = call(store.context(user, file), book, parameters, body)
    else:
        before = book.copy()
        try:
            reply = call(store.context(user, file), book, parameters, body)
        except BaseException:
            changes = book.changes
            book.restore(before)
            book.changes = changes + 1  # what was calculated halfway must not be found again
            raise
        store.touch(file, user)
        file.name = book.title
    return reply


def _asks_data(mask: str) -> bool:
    """A mask that names cells brings them, whatever ``includeGridData`` says."""
    if not mask:
        return False
    return any(path[:2] == ("sheets", "data") for path in fields.paths(mask))


def _metadata(book: Book, id: int) -> dict[str, Any]:
    for item in book.metadata:
        if item["metadataId"] == id:
            return item
    raise not_found()


def _search(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    if not body.get("dataFilters"):
        raise invalid("Must specify at least one dataFilter.")
    found = [
        {"developerMetadata": item, "dataFilters": by} for item, by in matching(book, body.get("dataFilters") or [])
    ]
    return {"matchedDeveloperMetadata": found} if found else {}
