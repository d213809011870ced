"""A reply as Sheets writes it: a message's fields in its own order, whatever the order they came in; no empty lists.

Who echoes what a client sent (a format, a protected range, a validation) must not echo its order. The discovery
documents list fields by name, so the orders stand here; a message that isn't here keeps the order it was built in.
"""

from __future__ import annotations

from typing import Any, Final

from sheets_sync.emulator.discovery import Method, document

#: Fields of messages clients write. Those with a ``…Style`` came later than what they replace, so they stand last.
ORDER: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(fields.split())
    for name, fields in {
        "BandedRange": "bandedRangeId range rowProperties columnProperties",
        "BandingProperties": "headerColor firstBandColor secondBandColor footerColor headerColorStyle"
        " firstBandColorStyle secondBandColorStyle footerColorStyle",
        "BasicFilter": "range sortSpecs criteria filterSpecs",
        "BooleanCondition": "type values",
        "Border": "style width color colorStyle",
        "Borders": "top bottom left right",
        "CellFormat": "numberFormat backgroundColor borders padding horizontalAlignment verticalAlignment wrapStrategy"
        " textDirection textFormat hyperlinkDisplayType textRotation backgroundColorStyle",
        "Color": "red green blue alpha",
        "DataValidationRule": "condition inputMessage strict showCustomUi",
        "DeveloperMetadata": "metadataId metadataKey metadataValue location visibility",
        "DimensionGroup": "range depth collapsed",
        "DeveloperMetadataLocation": "locationType spreadsheet sheetId dimensionRange",
        "DimensionRange": "sheetId dimension startIndex endIndex",
        "FilterSpec": "columnIndex filterCriteria",
        "FilterView": "filterViewId title range namedRangeId sortSpecs criteria filterSpecs",
        "GridProperties": "rowCount columnCount frozenRowCount frozenColumnCount hideGridlines rowGroupControlAfter"
        " columnGroupControlAfter",
        "GridRange": "sheetId startRowIndex endRowIndex startColumnIndex endColumnIndex",
        "NumberFormat": "type pattern",
        "Padding": "top right bottom left",
        "ProtectedRange": "protectedRangeId range namedRangeId description warningOnly requestingUserCanEdit"
        " unprotectedRanges editors",
        "SheetProperties": "sheetId title index sheetType gridProperties hidden tabColor rightToLeft tabColorStyle",
        "SortSpec": "dimensionIndex sortOrder",
        "TextFormat": "foregroundColor fontFamily fontSize bold italic strikethrough underline foregroundColorStyle"
        " link",
    }.items()
}
#: What names a tab by its id leaves out the first tab's.
_RANGES = {"DimensionRange", "GridCoordinate", "GridRange"}


def written(method: Method, reply: Any) -> Any:
    """The reply of a method of Sheets as it goes out. It has been held against the document before."""
    return _written({"$ref": method.response}, reply) if method.response else reply


def _written(schema: dict[str, Any], value: Any) -> Any:
    name = schema.get("$ref", "")
    if name:
        schema = document("sheets")["schemas"][name]
    if isinstance(value, list):
        items = schema.get("items", {})
        plain = "$ref" not in items and items.get("type") != "object"
        return value if plain else [_written(items, one) for one in value]
    if not isinstance(value, dict):
        return value
    properties = schema.get("properties", {})
    found = {
        key: _written(properties.get(key) or schema.get("additionalProperties") or {}, one)
        for key, one in value.items()
        if one != [] and not (key == "sheetId" and one == 0 and name in _RANGES)
    }
    order = ORDER.get(name)
    if order is None:
        return found
    return {key: found[key] for key in order if key in found} | found
