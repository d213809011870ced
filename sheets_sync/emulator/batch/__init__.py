"""``spreadsheets.batchUpdate``: its requests by family; all of a batch or nothing.

A request the real service knows and this one doesn't is a 501 that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets_sync.emulator import discovery
from sheets_sync.emulator.batch import content, dimensions, edit, looks, ranges, tabs
from sheets_sync.emulator.errors import ApiError, invalid, not_implemented
from sheets_sync.emulator.view import spreadsheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.state import Book

REQUESTS: dict[str, Callable[[Context, Book, dict[str, Any]], dict[str, Any]]] = {
    **tabs.REQUESTS,
    **dimensions.REQUESTS,
    **content.REQUESTS,
    **edit.REQUESTS,
    **looks.REQUESTS,
    **ranges.REQUESTS,
}


def run(ctx: Context, book: Book, body: dict[str, Any]) -> dict[str, Any]:
    """Apply every request in order. Raises Google's 400 naming the one that can't be."""
    requests = body.get("requests") or []
    if not requests:
        raise invalid("Must specify at least one request.")
    replies: list[dict[str, Any]] = []
    for index, request in enumerate(requests):
        kinds = [kind for kind, given in request.items() if given is not None]
        if not kinds:
            raise invalid(f"Invalid requests[{index}]: No request set.")
        act = REQUESTS.get(kinds[0])
        if act is None:
            raise not_implemented(f"batchUpdate's {kinds[0]}")
        try:
            found = act(ctx, book, request[kinds[0]])
        except ApiError as refused:
            raise refused.within(f"requests[{index}].{kinds[0]}") from None
        book.changes += 1
        replies.append({kinds[0]: found} if kinds[0] in _answered() else {})
    reply: dict[str, Any] = {"spreadsheetId": book.id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        reply["updatedSpreadsheet"] = spreadsheet(
            book, ranges=body.get("responseRanges"), data=bool(body.get("responseIncludeGridData"))
        )
    return reply


def _answered() -> dict[str, Any]:
    """The requests that have a reply of their own; one without anything to say is still ``{"kind": {}}``."""
    found: dict[str, Any] = discovery.document("sheets")["schemas"]["Response"]["properties"]
    return found
