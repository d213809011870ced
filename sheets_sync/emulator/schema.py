"""Messages held against the discovery documents: every field, every type, every word of an enum.

A request with a field Google doesn't know is refused in Google's words. What it accepts in more than one spelling
(a number as text, a word by its number, one item for a list of one) is settled here, so that nobody behind meets it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.discovery import INTEGERS, PACKAGE, TRUTHS, camel, document, snake, type_name, word_of
from sheets_sync.emulator.errors import violations

if TYPE_CHECKING:
    from sheets_sync.emulator.discovery import Method


def body(method: Method, given: Any) -> Any:
    """The request's body, checked: numbers given as text are numbers, words given by number words. Raises the 400."""
    if not method.request or given is None:
        return {}
    wrong: list[tuple[str, str]] = []
    prefix = _BODY_FIELD.get(method.id, "")
    settled = _check(method.service, {"$ref": method.request}, given, prefix, wrong, method.request)
    if wrong:
        raise violations(wrong)
    return settled


#: Where a method's body is one field of the request message, refusals name that field first.
_BODY_FIELD = {
    "sheets.spreadsheets.create": "spreadsheet",
    "sheets.spreadsheets.values.update": "data",
    "sheets.spreadsheets.values.append": "data",
}


#: Messages of which only one field, or one of these, may be given; with what the refusal calls the choice.
_ONE_OF: dict[str, tuple[str, tuple[str, ...]]] = {
    "ColorStyle": ("kind", ()),
    "DataFilter": ("filter", ()),
    "DeveloperMetadataLocation": ("location", ("spreadsheet", "sheetId", "dimensionRange")),
    "ExtendedValue": ("value", ()),
    "PasteDataRequest": ("kind", ("delimiter", "html")),
    "Request": ("kind", ()),
    "UpdateCellsRequest": ("area", ("start", "range")),
}


def check_reply(method: Method, reply: Any) -> None:
    """Hold a reply of ours against the document: a mistake here is the emulator's, so it is an `AssertionError`."""
    if not method.response:
        return
    wrong: list[tuple[str, str]] = []
    _check(method.service, {"$ref": method.response}, reply, "", wrong, method.response)
    if wrong:
        raise AssertionError(f"{method.id}: {wrong[0][1]}")


def _check(service: str, schema: dict[str, Any], value: Any, path: str, wrong: list[tuple[str, str]], name: str) -> Any:
    """The value as the schema's type; what doesn't fit goes to ``wrong`` and comes back as it is."""
    if "$ref" in schema:
        name = schema["$ref"]
        schema = document(service)["schemas"][name]
    if value is None:
        return value
    kind = schema["type"]
    if kind == "any":
        return value
    if kind == "object":
        if not isinstance(value, dict):
            wrong.append((path, f"Invalid value at '{path}' (type.googleapis.com/{PACKAGE}.{name}), {_shown(value)}"))
            return value
        settled: dict[str, Any] = {}
        properties, others = schema.get("properties", {}), schema.get("additionalProperties")
        for given, inner in value.items():
            key = given if given in properties else camel(given)
            known = properties.get(key)
            if known is None:
                key, known = given, others
            settled[key] = inner
            if known is None:
                if service == "drive":
                    continue  # Drive's front end lets unknown ones pass: gspread sends ``withLink`` to it
                where = f" at '{path}'" if path else ""
                sentence = f'Invalid JSON payload received. Unknown name "{given}"{where}: Cannot find field.'
                wrong.append((path, sentence))
                continue
            settled[key] = _check(
                service, known, inner, f"{path}.{snake(given)}" if path else snake(given), wrong, given
            )
        field, members = _ONE_OF.get(name, ("", ()))
        several = [key for key, inner in settled.items() if inner is not None and (key in members or not members)]
        for key in several[1:] if field else ():
            sentence = f"Invalid value at '{path}' (oneof), oneof field '{field}' is already set. Cannot set '{key}'"
            wrong.append((path, sentence))
        return settled
    if kind == "array":
        if not isinstance(value, list):
            if schema["items"].get("type") == "array":
                wrong.append(
                    (
                        path,
                        f"Invalid value at '{path}' (type.googleapis.com/google.protobuf.ListValue), {_shown(value)}",
                    )
                )
                return value
            return [_check(service, schema["items"], value, path, wrong, name)]
        if schema["items"].get("items", {}).get("type") == "any":
            for index, inner in enumerate(value):
                _check_cells(inner, f"{path}[{index}]", wrong)
            return value
        return [
            _check(service, schema["items"], inner, f"{path}[{index}]", wrong, name)
            for index, inner in enumerate(_flat(value))
        ]
    if not _fits(schema, value):
        wrong.append((path, f"Invalid value at '{path}' ({type_name(schema, name)}), {_shown(value)}"))
        return value
    return _settled(schema, value)


def _flat(items: list[Any]) -> list[Any]:
    """The items of a list; a list among them is its items, as the service takes pygsheets' ``[[{…}]]``."""
    found: list[Any] = []
    for item in items:
        found += _flat(item) if isinstance(item, list) else [item]
    return found


def _settled(schema: dict[str, Any], value: Any) -> Any:
    kind = schema["type"]
    if kind == "integer":
        return int(float(value))
    if kind == "boolean" and isinstance(value, str):
        return TRUTHS[value.casefold()]
    if kind == "number" and isinstance(value, str):
        return float(value)
    if "enum" in schema and value not in schema["enum"]:
        return word_of(schema["enum"], str(value))
    return value


def _check_cells(row: Any, path: str, wrong: list[tuple[str, str]]) -> None:
    if not isinstance(row, list):
        wrong.append(
            (path, f"Invalid value at '{path}' (type.googleapis.com/google.protobuf.ListValue), {_shown(row)}")
        )


def _fits(schema: dict[str, Any], value: Any) -> bool:
    kind, form = schema["type"], schema.get("format", "")
    if kind == "boolean":
        return isinstance(value, bool) or (isinstance(value, str) and value.casefold() in TRUTHS)
    if kind in {"integer", "number"} or form in INTEGERS:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return False
        try:
            found = float(value)
        except ValueError:
            return False
        if form in INTEGERS:
            return found == int(found) and abs(found) <= 2 ** INTEGERS[form]
        return True
    if "enum" in schema and not isinstance(value, bool):
        text = str(value)
        return text in schema["enum"] or (bool(re.fullmatch(r"\+?[0-9]+", text)) and int(text) < len(schema["enum"]))
    if not isinstance(value, str):
        return False
    if form == "byte":
        try:
            base64.b64decode(value)
        except binascii.Error:
            return False
    return True


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return "" if isinstance(value, dict | list) else json.dumps(value)
