"""Requests for what hangs on ranges: named and protected ranges, filter views, developer metadata."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.a1 import parse_cells, to_grid_range
from sheets_sync.emulator.batch.parts import both_criteria, mask, place_of
from sheets_sync.emulator.errors import invalid, not_implemented
from sheets_sync.emulator.fields import paths, updated
from sheets_sync.emulator.protection import may_edit
from sheets_sync.emulator.view import named_range

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.state import Book, Sheet


def _check_name(book: Book, name: str, own: str = "") -> None:
    valid = re.fullmatch(r"[^\W\d]\w{0,249}", name) and not parse_cells(name) and name.upper() not in {"TRUE", "FALSE"}
    if not valid or re.fullmatch(r"[Rr]\d*[Cc]\d*", name):
        raise invalid(f"The name of the named range is invalid: {name}")
    if any(id != own and other.casefold() == name.casefold() for id, (other, _, _) in book.named.items()):
        raise invalid(f"Cannot add named range with name {name}, a named range with that name already exists.")


def add_named_range(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``addNamedRange``."""
    wanted = given.get("namedRange", {})
    name = wanted.get("name", "")
    _check_name(book, name)
    sheet, area = book.grid_range(wanted.get("range", {}))
    sheet.box(area)
    id = wanted.get("namedRangeId") or str(ctx.store.number())
    if id in book.named:
        raise invalid(f"Duplicate named range id: {id}")
    book.named[id] = (name, sheet.id, area)
    return {"namedRange": named_range(id, name, sheet.id, area)}


def update_named_range(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateNamedRange``."""
    fields = mask(given)
    wanted = given.get("namedRange", {})
    id = wanted.get("namedRangeId", "")
    if id not in book.named:
        raise invalid(f"Cannot find named range with id {id}")
    name, sheet_id, area = book.named[id]
    new = updated(named_range(id, name, sheet_id, area), wanted, fields)
    if new.get("name", "") != name:
        _check_name(book, new.get("name", ""), id)
    sheet, found = book.grid_range(new.get("range", {}))
    book.named[id] = (new["name"], sheet.id, found)
    return {}


def delete_named_range(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteNamedRange``."""
    id = given.get("namedRangeId", "")
    if id not in book.named:
        raise invalid(f"Cannot find named range with id {id}")
    del book.named[id]
    return {}


def add_protected_range(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``addProtectedRange``: its editors are those named and the owner, who is not in this reply yet."""
    wanted = copy.deepcopy(given.get("protectedRange", {}))
    if "namedRangeId" in wanted and "range" not in wanted:
        if wanted["namedRangeId"] not in book.named:
            raise invalid(f"Cannot find named range with id {wanted['namedRangeId']}")
        _, sheet_id, area = book.named[wanted["namedRangeId"]]
        sheet = book.sheet(sheet_id)
    elif "range" in wanted:
        sheet, area = book.grid_range(wanted["range"])
        sheet.box(area)
    else:
        raise invalid("No range specified: set range, namedRangeId or tableId.")
    wanted.setdefault("protectedRangeId", ctx.store.number())
    if any(p["protectedRangeId"] == wanted["protectedRangeId"] for s in book.sheets for p in s.protected):
        raise invalid(f"Duplicate protected range id: {wanted['protectedRangeId']}")
    wanted["range"] = to_grid_range(sheet.id, area)
    sheet.protected.append(_seen(ctx, wanted))
    return {"protectedRange": sheet.protected[-1] | {"editors": wanted.get("editors", {})}}


def _seen(ctx: Context, protected: dict[str, Any]) -> dict[str, Any]:
    found = {k: v for k, v in protected.items() if k != "requestingUserCanEdit" and v is not False}
    editors = dict(found.get("editors", {}))
    owner = ctx.file.owner if ctx.file else ctx.user
    users = editors.get("users", [])
    editors["users"] = users if owner in users else [*users, owner]
    return found | {"editors": editors, "requestingUserCanEdit": True}


def _protected(book: Book, id: int) -> tuple[Sheet, int]:
    return place_of(book, lambda sheet: sheet.protected, "protectedRangeId", id, "protected range")


def update_protected_range(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateProtectedRange``."""
    fields = mask(given)
    wanted = given.get("protectedRange", {})
    sheet, index = _protected(book, wanted.get("protectedRangeId", 0))
    _check_editor(ctx, sheet.protected[index])
    sheet.protected[index] = _seen(ctx, updated(sheet.protected[index], wanted, fields))
    return {}


def delete_protected_range(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteProtectedRange``."""
    sheet, index = _protected(book, given.get("protectedRangeId", 0))
    _check_editor(ctx, sheet.protected[index])
    del sheet.protected[index]
    return {}


def _check_editor(ctx: Context, protected: dict[str, Any]) -> None:
    if not may_edit(ctx, protected):
        raise invalid("You don't have permission to edit this protected range.")


def add_filter_view(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``addFilterView``."""
    wanted = copy.deepcopy(given.get("filter", {}))
    sheet, area = book.grid_range(wanted.get("range", {}))
    wanted.setdefault("filterViewId", ctx.store.number())
    wanted.setdefault("title", f"Filter {len(sheet.filter_views) + 1}")
    wanted["range"] = to_grid_range(sheet.id, area)
    wanted = both_criteria(wanted, wanted)
    sheet.filter_views.append(wanted)
    return {"filter": wanted}


def _view(book: Book, id: int) -> tuple[Sheet, int]:
    return place_of(book, lambda sheet: sheet.filter_views, "filterViewId", id, "filter view")


def update_filter_view(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateFilterView``."""
    fields = mask(given)
    wanted = given.get("filter", {})
    sheet, index = _view(book, wanted.get("filterViewId", 0))
    named = {path[0] for path in paths(fields)}
    meant = wanted if "*" in named else {key: value for key, value in wanted.items() if key in named}
    sheet.filter_views[index] = both_criteria(updated(sheet.filter_views[index], wanted, fields), meant)
    return {}


def delete_filter_view(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteFilterView``."""
    sheet, index = _view(book, given.get("filterId", 0))
    del sheet.filter_views[index]
    return {}


def duplicate_filter_view(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``duplicateFilterView``."""
    sheet, index = _view(book, given.get("filterId", 0))
    source = sheet.filter_views[index]
    made = {**copy.deepcopy(source), "filterViewId": ctx.store.number(), "title": f"Copy of {source['title']}"}
    sheet.filter_views.append(made)
    return {"filter": made}


def create_metadata(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``createDeveloperMetadata`` on the spreadsheet or on a tab."""
    wanted = copy.deepcopy(given.get("developerMetadata", {}))
    if not wanted.get("metadataKey"):
        raise invalid("metadataKey must be specified.")
    wanted["location"] = _location(book, wanted.get("location", {}))
    wanted.setdefault("metadataId", ctx.store.number())
    wanted.setdefault("visibility", "DOCUMENT")
    book.metadata.append(wanted)
    return {"developerMetadata": wanted}


def _location(book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """Where metadata hangs, with the word for it that only replies have."""
    if "dimensionRange" in given:
        raise not_implemented("developer metadata on rows and columns")
    if "sheetId" not in given:
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    return {"locationType": "SHEET", "sheetId": book.sheet(given["sheetId"], noun="sheet").id}


def matching(book: Book, filters: list[dict[str, Any]]) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The metadata these data filters find, each with the filters that found it."""
    for filter_ in filters:
        _check_lookup(book, filter_.get("developerMetadataLookup", {}))
    found: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
    for item in book.metadata:
        by = [f for f in filters if _matches(item, f)]
        if by:
            found.append((item, by))
    return found


def _check_lookup(book: Book, lookup: dict[str, Any]) -> None:
    """Raises Google's 400 for a lookup that contradicts itself, and our 501 for rows and columns."""
    kind, strategy = lookup.get("locationType"), lookup.get("locationMatchingStrategy")
    at = lookup.get("metadataLocation", {})
    place = next((name for name in ("spreadsheet", "sheetId", "dimensionRange") if name in at), "")
    if kind == "SPREADSHEET" and place and not at.get("spreadsheet"):
        raise invalid(f"Cannot limit by location type of SPREADSHEET for the location {place}")
    if strategy == "EXACT_LOCATION" and kind:
        raise invalid(
            "The locationMatchingStrategy was specified as EXACT_LOCATION, but a locationType was also specified: "
            "lookups cannot limit by a location type when matching an exact location."
        )
    if strategy and not place:
        raise invalid(
            "A locationMatchingStrategy was specified, but no metadataLocation was specified: lookups must always "
            "specify a metadataLocation when specifying a locationMatchingStrategy."
        )
    if strategy == "INTERSECTING_LOCATION" and at.get("spreadsheet"):
        raise invalid(
            "DeveloperMetadataLookup.spreadsheet is true, but locationMatchingStrategy was specified as INTERSECTING."
        )
    if place == "sheetId":
        book.sheet(at["sheetId"])
    if place == "dimensionRange":
        raise not_implemented("developer metadata on rows and columns")


def _matches(item: dict[str, Any], filter_: dict[str, Any]) -> bool:
    lookup = filter_.get("developerMetadataLookup")
    if lookup is None:
        raise not_implemented("developer metadata by range")
    wanted = {k: v for k, v in lookup.items() if k in {"metadataId", "metadataKey", "metadataValue", "visibility"}}
    if not all(item.get(k) == v for k, v in wanted.items()):
        return False
    place = item["location"]
    if lookup.get("locationType", place["locationType"]) != place["locationType"]:
        return False
    at = lookup.get("metadataLocation", {})
    return all(place.get(k) == v for k, v in at.items() if k != "locationType")


def update_metadata(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateDeveloperMetadata``."""
    fields = mask(given)
    changed = [item for item, _ in matching(book, given.get("dataFilters") or [])]
    for item in changed:
        new = updated(item, given.get("developerMetadata", {}), fields)
        item.update(new, metadataId=item["metadataId"], location=_location(book, new.get("location", {})))
    return {"developerMetadata": changed} if changed else {}


def delete_metadata(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteDeveloperMetadata``."""
    gone = [item for item, _ in matching(book, [given.get("dataFilter", {})])]
    book.metadata = [item for item in book.metadata if item not in gone]
    return {"deletedDeveloperMetadata": gone} if gone else {}


REQUESTS = {
    "addNamedRange": add_named_range,
    "updateNamedRange": update_named_range,
    "deleteNamedRange": delete_named_range,
    "addProtectedRange": add_protected_range,
    "updateProtectedRange": update_protected_range,
    "deleteProtectedRange": delete_protected_range,
    "addFilterView": add_filter_view,
    "updateFilterView": update_filter_view,
    "deleteFilterView": delete_filter_view,
    "duplicateFilterView": duplicate_filter_view,
    "createDeveloperMetadata": create_metadata,
    "updateDeveloperMetadata": update_metadata,
    "deleteDeveloperMetadata": delete_metadata,
}
