"""Formulas read: words, then a tree. Enough grammar for what people type into partners' sheets.

Operators, references (``A1``, ``$A$1:B``, ``A:C``, ``'a b'!A1``), named ranges, array literals ``{1,2;3,4}``, calls.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sheets_sync.emulator.a1 import Area, parse_cells, split


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, TRUE or FALSE, or nothing (an argument left out)."""

    value: Any


@dataclass(frozen=True, slots=True)
class Ref:
    """Cells: of the formula's own tab where ``sheet`` is `None`."""

    sheet: str | None
    area: Area


@dataclass(frozen=True, slots=True)
class Name:
    """A named range."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operator under its own sign."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ArrayLiteral:
    """``{a,b;c,d}``."""

    rows: tuple[tuple[Node, ...], ...]


Node: TypeAlias = Literal | Ref | Name | Call | ArrayLiteral

_CELLS = r"\$?[A-Za-z]{1,3}\$?[0-9]+|\$?[A-Za-z]{1,3}(?=\s*:)|\$?[0-9]+(?=\s*:\s*\$?[0-9])"
_ENDS = r"\$?[A-Za-z]{1,3}\$?[0-9]+|\$?[A-Za-z]{1,3}|\$?[0-9]+"
TOKEN: Final = re.compile(
    rf"""(?P<space>\s+)
    |(?P<text>"(?:[^"]|"")*")
    |(?P<ref>(?:(?:'(?:[^']|'')+'|[\w.]+)!)?(?:(?:{_CELLS})\s*:\s*(?:{_ENDS})|\$?[A-Za-z]{{1,3}}\$?[1-9][0-9]*)(?![\w(.]))
    |(?P<error>\#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|ERROR!))
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<word>[^\W\d][\w.]*)
    |(?P<sign><=|>=|<>|[-+*/^&=<>%(),;{{}}])""",
    re.VERBOSE,
)
_POWER = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 6}


class BadFormula(Exception):
    """Not a formula we can read: the cell shows ``#ERROR!``."""


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of a formula with its ``=``."""
    tokens: list[tuple[str, str]] = []
    at = 1
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise BadFormula(text)
        at = match.end()
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append((kind, match[0]))
    node, rest = _expression(tokens, 0, 0)
    if rest != len(tokens):
        raise BadFormula(text)
    return node


def _expression(tokens: list[tuple[str, str]], at: int, least: int) -> tuple[Node, int]:
    left, at = _prefix(tokens, at)
    while at < len(tokens):
        kind, word = tokens[at]
        if kind == "sign" and word == "%":
            left, at = Call("%", (left,)), at + 1
            continue
        power = _POWER.get(word, 0) if kind == "sign" else 0
        if not power or power <= least:
            return left, at
        right, at = _expression(tokens, at + 1, power)
        left = Call(word, (left, right))
    return left, at


def _prefix(tokens: list[tuple[str, str]], at: int) -> tuple[Node, int]:
    if at >= len(tokens):
        raise BadFormula("ends early")
    kind, word = tokens[at]
    if kind == "sign" and word in "+-":
        inner, at = _expression(tokens, at + 1, 7)  # -2^2 is 4, as in every spreadsheet
        return (Call("neg", (inner,)) if word == "-" else inner), at
    if kind == "sign" and word == "(":
        inner, at = _expression(tokens, at + 1, 0)
        return inner, _expect(tokens, at, ")")
    if kind == "sign" and word == "{":
        return _array(tokens, at + 1)
    if kind == "number":
        return Literal(float(word)), at + 1
    if kind == "text":
        return Literal(word[1:-1].replace('""', '"')), at + 1
    if kind == "error":
        return Call("#", (Literal(word),)), at + 1
    if kind == "ref":
        title, cells = split(word)
        area = parse_cells(re.sub(r"\s", "", cells))
        if area is None:
            raise BadFormula(word)
        return Ref(title, area), at + 1
    if kind == "word":
        if at + 1 < len(tokens) and tokens[at + 1] == ("sign", "("):
            return _call(tokens, at)
        if word.upper() in {"TRUE", "FALSE"}:
            return Literal(word.upper() == "TRUE"), at + 1
        return Name(word), at + 1
    raise BadFormula(word)


def _call(tokens: list[tuple[str, str]], at: int) -> tuple[Node, int]:
    name = tokens[at][1].upper()
    at += 2
    args: list[Node] = []
    if tokens[at : at + 1] == [("sign", ")")]:
        return Call(name, ()), at + 1
    while True:
        if tokens[at : at + 1] in ([("sign", ",")], [("sign", ")")]):
            args.append(Literal(None))
        else:
            arg, at = _expression(tokens, at, 0)
            args.append(arg)
        if tokens[at : at + 1] == [("sign", ",")]:
            at += 1
            continue
        return Call(name, tuple(args)), _expect(tokens, at, ")")


def _array(tokens: list[tuple[str, str]], at: int) -> tuple[Node, int]:
    rows: list[tuple[Node, ...]] = []
    row: list[Node] = []
    while True:
        item, at = _expression(tokens, at, 0)
        row.append(item)
        if at >= len(tokens):
            raise BadFormula("{")
        mark = tokens[at][1]
        at += 1
        if mark in {";", "}"}:
            rows.append(tuple(row))
            row = []
        if mark == "}":
            return ArrayLiteral(tuple(rows)), at
        if mark not in {",", ";"}:
            raise BadFormula(mark)


def _expect(tokens: list[tuple[str, str]], at: int, word: str) -> int:
    if tokens[at : at + 1] != [("sign", word)]:
        raise BadFormula(word)
    return at + 1
