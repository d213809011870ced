"""Drive's search language: ``name = 'a' and mimeType != 'b' and trashed = false and 'x' in parents``."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheets_sync.emulator.drive import File

Test: TypeAlias = "Callable[[File, str], bool]"

_TOKEN = re.compile(r"""\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(<=|>=|!=|[=<>()])|([A-Za-z]+))""")
_TIMES = {"modifiedTime": "modified", "createdTime": "created"}
_TEXTS = {"name": "name", "mimeType": "mime", "fullText": "name"}
_COLLECTIONS = frozenset({"parents", "owners", "writers", "readers"})
_FLAGS = {"trashed": "trashed", "starred": "starred"}


class BadQuery(Exception):
    """The search can't be read."""


def compiled(text: str) -> Test:
    """The test of a search: ``test(file, user)``. Raises `BadQuery`."""
    if not text.strip():
        return lambda file, user: True
    tokens: list[str] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if not match:
            raise BadQuery(text)
        tokens.append(match[0].strip())
        at = match.end()
    test, rest = _either(tokens, 0)
    if rest != len(tokens):
        raise BadQuery(text)
    return test


def _either(tokens: list[str], at: int) -> tuple[Test, int]:
    left, at = _both(tokens, at)
    while tokens[at : at + 1] == ["or"]:
        right, at = _both(tokens, at + 1)
        left = _or(left, right)
    return left, at


def _both(tokens: list[str], at: int) -> tuple[Test, int]:
    left, at = _one(tokens, at)
    while tokens[at : at + 1] == ["and"]:
        right, at = _one(tokens, at + 1)
        left = _and(left, right)
    return left, at


def _or(a: Test, b: Test) -> Test:
    return lambda file, user: a(file, user) or b(file, user)


def _and(a: Test, b: Test) -> Test:
    return lambda file, user: a(file, user) and b(file, user)


def _one(tokens: list[str], at: int) -> tuple[Test, int]:
    if at >= len(tokens):
        raise BadQuery("ends early")
    word = tokens[at]
    if word == "(":
        test, at = _either(tokens, at + 1)
        if tokens[at : at + 1] != [")"]:
            raise BadQuery(")")
        return test, at + 1
    if word == "not":
        inner, at = _one(tokens, at + 1)
        return (lambda file, user: not inner(file, user)), at
    if len(tokens) < at + 3:
        if word == "sharedWithMe":
            return (lambda file, user: file.owner != user), at + 1
        raise BadQuery(word)
    operator, right = tokens[at + 1], tokens[at + 2]
    if word[0] in "'\"":
        return _member(_text(word), operator, right), at + 3
    if word in _COLLECTIONS and right[0] in "'\"":  # as gspread asks: ``parents in "ID"``
        return _member(_text(right), operator, word), at + 3
    if word == "sharedWithMe" and operator != "=":
        return (lambda file, user: file.owner != user), at + 1
    return _compared(word, operator, right), at + 3


def _text(token: str) -> str:
    if token[0] not in "'\"":
        raise BadQuery(token)
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _member(value: str, operator: str, collection: str) -> Test:
    if operator != "in" or collection not in _COLLECTIONS:
        raise BadQuery(collection)
    if collection == "parents":
        from sheets_sync.emulator.drive import ROOT

        wanted = ROOT if value == "root" else value
        return lambda file, user: wanted in file.parents
    if collection == "owners":
        return lambda file, user: file.owner == (user if value == "me" else value)
    least = {"writers": {"writer", "owner"}, "readers": {"reader", "commenter", "writer", "owner"}}[collection]
    return lambda file, user: file.role(user if value == "me" else value) in least


def _compared(name: str, operator: str, word: str) -> Test:
    if name in _FLAGS or name == "sharedWithMe":
        if word not in {"true", "false"} or operator not in {"=", "!="}:
            raise BadQuery(word)
        wanted = (word == "true") == (operator == "=")
        if name == "sharedWithMe":
            return lambda file, user: (file.owner != user) == wanted
        return lambda file, user: getattr(file, _FLAGS[name]) == wanted
    if name in _TEXTS:
        return _texts(_TEXTS[name], operator, _text(word))
    if name in _TIMES:
        return _times(_TIMES[name], operator, _text(word))
    raise BadQuery(name)


def _texts(attribute: str, operator: str, value: str) -> Test:
    folded = value.casefold()

    def read(file: File) -> str:
        found: str = getattr(file, attribute)
        return found.casefold()

    if operator == "=":
        return lambda file, user: read(file) == folded
    if operator == "!=":
        return lambda file, user: read(file) != folded
    if operator == "contains":
        return lambda file, user: any(word.startswith(folded) for word in [read(file), *read(file).split()])
    raise BadQuery(operator)


def _times(attribute: str, operator: str, value: str) -> Test:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise BadQuery(value) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    tests: dict[str, Callable[[Any], bool]] = {
        "=": lambda t: t == moment,
        "!=": lambda t: t != moment,
        "<": lambda t: t < moment,
        "<=": lambda t: t <= moment,
        ">": lambda t: t > moment,
        ">=": lambda t: t >= moment,
    }
    if operator not in tests:
        raise BadQuery(operator)
    return lambda file, user: tests[operator](getattr(file, attribute))
