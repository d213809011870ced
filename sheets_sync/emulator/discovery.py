"""Google's discovery documents: methods, their parameters, what a message holds.

The documents (``documents/*.json``) are those of google-api-python-client (Apache License 2.0), reduced by
``scripts/discovery.py``. A request with a field Google doesn't know is refused in Google's words.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sheets_sync.emulator.errors import invalid, not_implemented, violations

#: Google's integers, with the powers of two they end at.
INTEGERS = {"int32": 31, "uint32": 32, "int64": 63, "uint64": 64}
#: How a query or a text says yes and no, whatever the case.
TRUTHS = dict.fromkeys(("true", "t", "yes", "y", "1"), True) | dict.fromkeys(("false", "f", "no", "n", "0"), False)

#: What Google calls the messages of Sheets.
PACKAGE = "google.apps.sheets.v4"


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


def system(method: Method, given: dict[str, list[str]]) -> bool:
    """Whether the answer is to be written without spaces (``prettyPrint``); what else a query asks of any method.

    Of a parameter given twice the first counts, of ``$.xgafv`` the last. Raises Google's 400 and our 501.
    """
    form = given.get("$.xgafv", ["2"])[-1]
    if form not in {"1", "2"}:
        raise invalid(f"Invalid query parameters. Invalid value '{form}' for system query parameter : $.xgafv")
    if form == "1" and method.service == "sheets":
        raise not_implemented("errors in the form of $.xgafv=1")
    if given.get("callback", [""])[0] and method.verb == "GET":
        raise not_implemented("answers as a script (callback)")
    forms = {"", "json", "media"} if method.id == "drive.files.export" else {"", "json"}
    if given.get("alt", ["json"])[0].casefold() not in forms:
        raise not_implemented(f"alt={given['alt'][0]}")
    return given.get("prettyPrint", ["true"])[0] in {"false", "0"}


def query(method: Method, given: dict[str, list[str]]) -> dict[str, Any]:
    """The query's parameters, typed. Raises Google's 400 for an unknown one, a wrong word or type.

    Of one given twice Drive takes the first and Sheets the last; of the system's (``fields``) both take the first.
    """
    system = document(method.service)["parameters"]
    found: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for name, values in given.items():
        known = method.parameters.get(name) or method.parameters.get(camel(name)) or system.get(name)
        if known is None:
            if method.service == "drive":
                continue  # Drive's front end lets unknown ones pass
            sentence = (
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message."
            )
            wrong.append(("", sentence))
            continue
        if name in system and name != "fields":
            continue
        try:
            typed = [_typed(known, v) for v in values]
        except ValueError:
            wrong.append((snake(name), f"Invalid value at '{snake(name)}' ({type_name(known, name)}), \"{values[0]}\""))
            continue
        key = name if name in method.parameters or name in system else camel(name)
        first = name in system or method.service == "drive"
        found[key] = typed if known.get("repeated") else typed[0 if first else -1]
    if wrong:
        raise violations(wrong)
    return found


def camel(name: str) -> str:
    """A field's name in JSON, from the name it has in refusals."""
    return re.sub(r"_([a-z])", lambda m: m[1].upper(), name)


def _typed(known: dict[str, Any], text: str) -> Any:
    if known["type"] == "boolean":
        if text.casefold() not in TRUTHS:
            raise ValueError(text)
        return TRUTHS[text.casefold()]
    if known["type"] == "integer":
        return int(text)
    if "enum" in known and text not in known["enum"]:
        return word_of(known["enum"], text)
    return text


def word_of(words: list[str], number: str) -> str:
    """The word of an enum that is meant by its number. Raises `ValueError`."""
    if not re.fullmatch(r"\+?[0-9]+", number) or int(number) >= len(words):
        raise ValueError(number)
    return words[int(number)]


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
        node = properties.get(name) or properties.get(camel(name))
        if node is None:
            return False
    return True


def type_name(schema: dict[str, Any], name: str) -> str:
    """The type of a value as Google's refusals write it."""
    form: str = schema.get("format", "")
    if "enum" in schema:
        word: str = name[:1].upper() + camel(name)[1:]
        return f"type.googleapis.com/{PACKAGE}.{word}"
    if form in INTEGERS or form in {"float", "double"}:
        return "TYPE_" + form.upper()
    kind: str = schema["type"]
    return {"boolean": "TYPE_BOOL", "integer": "TYPE_INT32", "number": "TYPE_DOUBLE"}.get(kind, "TYPE_STRING")
