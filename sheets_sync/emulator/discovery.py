"""Requests and replies held against Google's discovery documents: every field, every type, every word of an enum.

The documents (``documents/*.json``) are those of google-api-python-client (Apache License 2.0), reduced by
``scripts/discovery.py``. A request with a field Google doesn't know is refused in Google's words.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sheets_sync.emulator.errors import violations

_INTEGERS = {"int32": 31, "uint32": 32, "int64": 63, "uint64": 64}
_WORDS = {"true": True, "false": False, "True": True, "False": False, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class Method:
    """One method of a service: ``sheets.spreadsheets.values.get``."""

    id: str
    service: str
    verb: str
    pattern: re.Pattern[str]
    parameters: dict[str, Any]
    request: str
    response: str


@cache
def document(service: str) -> dict[str, Any]:
    """The reduced discovery document of ``sheets`` or ``drive``."""
    name = {"sheets": "sheets.v4.json", "drive": "drive.v3.json"}[service]
    found: dict[str, Any] = json.loads((files("sheets_sync.emulator") / "documents" / name).read_text("utf-8"))
    return found


@cache
def methods(service: str) -> tuple[Method, ...]:
    """Every method of the service, longest paths first."""
    found: list[Method] = []

    def walk(resource: dict[str, Any]) -> None:
        for method in resource.get("methods", {}).values():
            path = method["path"] if service == "sheets" else "drive/v3/" + method["path"]
            found.append(
                Method(
                    method["id"],
                    service,
                    method["httpMethod"],
                    _pattern(path),
                    method.get("parameters", {}),
                    method.get("request", {}).get("$ref", ""),
                    method.get("response", {}).get("$ref", ""),
                )
            )
        for inner in resource.get("resources", {}).values():
            walk(inner)

    walk(document(service))
    return tuple(sorted(found, key=lambda m: -len(m.pattern.pattern)))


def _pattern(path: str) -> re.Pattern[str]:
    """``v4/spreadsheets/{id}/values/{range}:append`` as an expression over the still encoded path."""
    text = re.escape("/" + path).replace(r"\{", "{").replace(r"\}", "}")
    return re.compile(re.sub(r"{\\?\+?(\w+)}", lambda m: f"(?P<{m[1]}>{_SEGMENT.get(m[1], '[^/:]*?')})", text))


_SEGMENT = {"range": "[^/]*?"}


def snake(name: str) -> str:
    """A field as Google's refusals write it.

    >>> snake("addSheet"), snake("sheetId")
    ('add_sheet', 'sheet_id')
    """
    return re.sub(r"(?<!^)([A-Z])", lambda m: "_" + m[1].lower(), name)


def query(method: Method, given: dict[str, list[str]]) -> dict[str, Any]:
    """The query's parameters, typed. Raises Google's 400 for an unknown one, a wrong word or type."""
    system = document(method.service)["parameters"]
    found: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for name, values in given.items():
        known = method.parameters.get(name) or method.parameters.get(_camel(name)) or system.get(name)
        if known is None:
            if method.service == "drive":
                continue  # Drive's front end lets unknown ones pass
            sentence = (
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message."
            )
            wrong.append(("", sentence))
            continue
        try:
            typed = [_typed(known, v) for v in values]
        except ValueError:
            wrong.append(
                (snake(name), f"Invalid value at '{snake(name)}' ({_type_name(known, name)}), \"{values[0]}\"")
            )
            continue
        key = name if name in method.parameters or name in system else _camel(name)
        found[key] = typed if known.get("repeated") else typed[-1]
    if wrong:
        raise violations(wrong)
    return found


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda m: m[1].upper(), name)


def _typed(known: dict[str, Any], text: str) -> Any:
    if known["type"] == "boolean":
        if text not in _WORDS:
            raise ValueError(text)
        return _WORDS[text]
    if known["type"] == "integer":
        return int(text)
    if "enum" in known and text not in known["enum"]:
        raise ValueError(text)
    return text


def body(method: Method, given: Any) -> Any:
    """The request's body, checked. Raises Google's 400."""
    if not method.request or given is None:
        return {}
    wrong: list[tuple[str, str]] = []
    prefix = _BODY_FIELD.get(method.id, "")
    _check(method.service, {"$ref": method.request}, given, prefix, wrong, method.request)
    if wrong:
        raise violations(wrong)
    return given


#: Where a method's body is one field of the request message, refusals name that field first.
_BODY_FIELD = {
    "sheets.spreadsheets.create": "spreadsheet",
    "sheets.spreadsheets.values.update": "data",
    "sheets.spreadsheets.values.append": "data",
}


def check_reply(method: Method, reply: Any) -> None:
    """Hold a reply of ours against the document: a mistake here is the emulator's, so it is an `AssertionError`."""
    if not method.response:
        return
    wrong: list[tuple[str, str]] = []
    _check(method.service, {"$ref": method.response}, reply, "", wrong, method.response)
    if wrong:
        raise AssertionError(f"{method.id}: {wrong[0][1]}")


def knows(service: str, schema: str, path: tuple[str, ...]) -> bool:
    """Whether a field mask's path exists in the schema.

    >>> knows("sheets", "Spreadsheet", ("sheets", "properties", "title")), knows("sheets", "Spreadsheet", ("sheet",))
    (True, False)
    """
    node: dict[str, Any] = {"$ref": schema}
    for name in path:
        while "$ref" in node or node.get("type") == "array":
            node = document(service)["schemas"][node["$ref"]] if "$ref" in node else node["items"]
        if name == "*" or node.get("type") == "any" or "additionalProperties" in node:
            return True
        properties = node.get("properties", {})
        node = properties.get(name) or properties.get(_camel(name))
        if node is None:
            return False
    return True


def _check(
    service: str, schema: dict[str, Any], value: Any, path: str, wrong: list[tuple[str, str]], name: str
) -> None:
    if "$ref" in schema:
        name = schema["$ref"]
        schema = document(service)["schemas"][name]
    if value is None:
        return
    kind = schema["type"]
    if kind == "any":
        return
    if kind == "object":
        if not isinstance(value, dict):
            wrong.append((path, f"Invalid value at '{path}' (type.googleapis.com/{_PACKAGE}.{name}), {_shown(value)}"))
            return
        properties, others = schema.get("properties", {}), schema.get("additionalProperties")
        for key, inner in value.items():
            known = properties.get(key) or properties.get(_camel(key)) or others
            if known is None:
                if service == "drive":
                    continue  # Drive's front end lets unknown ones pass: gspread sends ``withLink`` to it
                where = f" at '{path}'" if path else ""
                sentence = f'Invalid JSON payload received. Unknown name "{key}"{where}: Cannot find field.'
                wrong.append((path, sentence))
                continue
            _check(service, known, inner, f"{path}.{snake(key)}" if path else snake(key), wrong, key)
    elif kind == "array":
        if not isinstance(value, list):
            if schema["items"].get("type") == "array":
                wrong.append(
                    (
                        path,
                        f"Invalid value at '{path}' (type.googleapis.com/google.protobuf.ListValue), {_shown(value)}",
                    )
                )
            else:
                _check(service, schema["items"], value, path, wrong, name)
            return
        if schema["items"].get("items", {}).get("type") == "any":
            for index, inner in enumerate(value):
                _check_cells(inner, f"{path}[{index}]", wrong)
            return
        for index, inner in enumerate(value):
            _check(service, schema["items"], inner, f"{path}[{index}]", wrong, name)
    elif not _fits(schema, value):
        wrong.append((path, f"Invalid value at '{path}' ({_type_name(schema, name)}), {_shown(value)}"))


_PACKAGE = "google.apps.sheets.v4"


def _check_cells(row: Any, path: str, wrong: list[tuple[str, str]]) -> None:
    if not isinstance(row, list):
        wrong.append(
            (path, f"Invalid value at '{path}' (type.googleapis.com/google.protobuf.ListValue), {_shown(row)}")
        )


def _fits(schema: dict[str, Any], value: Any) -> bool:
    kind, form = schema["type"], schema.get("format", "")
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in {"integer", "number"} or form in _INTEGERS:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return False
        try:
            found = float(value)
        except ValueError:
            return False
        if form in _INTEGERS:
            return found == int(found) and abs(found) <= 2 ** _INTEGERS[form]
        return True
    if not isinstance(value, str):
        return isinstance(value, int) and not isinstance(value, bool) and "enum" in schema
    if "enum" in schema:
        return value in schema["enum"]
    if form == "byte":
        try:
            base64.b64decode(value)
        except binascii.Error:
            return False
    return True


def _type_name(schema: dict[str, Any], name: str) -> str:
    form: str = schema.get("format", "")
    if "enum" in schema:
        word: str = name[:1].upper() + _camel(name)[1:]
        return f"type.googleapis.com/{_PACKAGE}.{word}"
    if form in _INTEGERS or form in {"float", "double"}:
        return "TYPE_" + form.upper()
    kind: str = schema["type"]
    return {"boolean": "TYPE_BOOL", "integer": "TYPE_INT32", "number": "TYPE_DOUBLE"}.get(kind, "TYPE_STRING")


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return "" if isinstance(value, dict | list) else json.dumps(value)
