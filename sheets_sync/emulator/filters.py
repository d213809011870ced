"""values.*ByDataFilter: ranges named by a data filter, a grid range or A1 notation. Metadata lookups are 501."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.errors import ApiError, invalid, not_implemented
from sheets_sync.emulator.values import batch_clear, batch_update, get

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.state import Book


def named(book: Book, filter_: dict[str, Any], *, noun: str = "grid") -> str:
    """The A1 range a data filter names; "" for a ``gridRange`` that holds no cell."""
    if "a1Range" in filter_:
        return str(filter_["a1Range"])
    if "gridRange" in filter_:
        sheet, area = book.grid_range(filter_["gridRange"], noun=noun)
        box = sheet.box(area)
        return "" if area.empty else sheet.shown(box)
    if "developerMetadataLookup" in filter_:
        raise not_implemented("data filters by developer metadata")
    raise invalid("dataFilter.filter must be specified.")


def held(book: Book, filter_: dict[str, Any], *, noun: str = "grid") -> str:
    """The A1 range a data filter names. Raises our 501 for one that holds no cell."""
    found = named(book, filter_, noun=noun)
    if not found:
        raise not_implemented("data filters that hold no cell")
    return found


def batch_get(ctx: Context, book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """``values.batchGetByDataFilter``."""
    options = {k: v for k, v in body.items() if k != "dataFilters"}
    found: list[dict[str, Any]] = []
    for index, filter_ in enumerate(body.get("dataFilters") or []):
        try:
            text = named(book, filter_)
            nothing = {"range": "#REF!", "majorDimension": options.get("majorDimension", "ROWS")}
            values = get(ctx, book, text, **options) if text else nothing
        except ApiError as refused:
            raise refused.within(f"dataFilter[{index}]") from None
        found.append({"valueRange": values, "dataFilters": [filter_]})
    if not found:
        raise invalid("Must specify at least one dataFilter.")
    return {"spreadsheetId": book.id, "valueRanges": found}


def batch_updated(ctx: Context, book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """``values.batchUpdateByDataFilter``."""
    filters = [data.get("dataFilter", {}) for data in body.get("data") or []]
    data = [
        {**{k: v for k, v in given.items() if k != "dataFilter"}, "range": held(book, filter_)}
        for given, filter_ in zip(body.get("data") or [], filters, strict=True)
    ]
    reply = batch_update(ctx, book, {**body, "data": data})
    if "responses" in reply:
        reply["responses"] = [
            {**{k: v for k, v in r.items() if k != "spreadsheetId"}, "dataFilter": f}
            for r, f in zip(reply["responses"], filters, strict=True)
        ]
    return reply


def batch_cleared(ctx: Context, book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """``values.batchClearByDataFilter``."""
    return batch_clear(ctx, book, {"ranges": [held(book, f) for f in body.get("dataFilters") or []]})
