"""R1C1 notation in ranges: ``R2C3``, ``R[1]C[2]`` counted from A1, ``R1C1:R5C2``; rows or columns alone beside them.

Its rules are as others measured them with the real service: both ends in this notation or neither, no sign before a
number, no row 0, and a range written backwards by exactly one is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sheets_sync.emulator.a1 import Area

_END = re.compile(r"(?:R(?:(\d+)|\[(\d+)\])?)?(?:C(?:(\d+)|\[(\d+)\])?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Side:
    """Row or column of one end: where it is (``None`` is open), and the number as written with its kind."""

    at: int | None
    written: tuple[int, bool] | None


def parse_r1c1(text: str) -> Area | None:
    """The area of a range in this notation; `None` if it is none.

    >>> parse_r1c1("R1C1:R2C2"), parse_r1c1("R[1]C[1]")
    (Area(row=0, end_row=2, col=0, end_col=2), Area(row=1, end_row=2, col=1, end_col=2))
    >>> parse_r1c1("R1C1:R2"), parse_r1c1("C[1]"), parse_r1c1("RC")
    (Area(row=0, end_row=2, col=0, end_col=None), Area(row=None, end_row=None, col=1, end_col=2), \
Area(row=0, end_row=1, col=0, end_col=1))
    >>> parse_r1c1("R2C2:R1C1") is parse_r1c1("R0C1") is parse_r1c1("R1C1:B2") is parse_r1c1("") is None
    True
    """
    ends = [_end(part) for part in text.split(":")]
    if len(ends) > 2 or not all(ends):
        return None
    first, last = ends[0] or (), ends[-1] or ()
    sides: list[tuple[int | None, int | None]] = []
    for a, b in zip(first, last, strict=True):
        if a.written and b.written and a.written[1] == b.written[1] and a.written[0] == b.written[0] + 1:
            return None
        if a.at is None or b.at is None:
            sides.append((a.at, None if b.at is None else b.at + 1) if len(ends) > 1 else (None, None))
        else:
            sides.append((min(a.at, b.at), max(a.at, b.at) + 1))
    (row, end_row), (col, end_col) = sides
    return Area(row, end_row, col, end_col)


def _end(text: str) -> tuple[_Side, _Side] | None:
    match = _END.fullmatch(text)
    if not text or not match or "0" in {_plain(match[1]), _plain(match[3])}:
        return None
    row, col = _number(match[1], match[2]), _number(match[3], match[4])
    has_row, has_col = text[:1] in "Rr", "c" in text.casefold()
    return _side(row, has_row, col), _side(col, has_col, row)


def _plain(digits: str | None) -> str:
    return digits.lstrip("0") or "0" if digits else ""


def _number(absolute: str | None, offset: str | None) -> tuple[int, bool] | None:
    """The number as written and whether it is an offset."""
    if absolute:
        return int(absolute), False
    return (int(offset), True) if offset else None


def _side(own: tuple[int, bool] | None, there: bool, other: tuple[int, bool] | None) -> _Side:
    if own:
        return _Side(own[0] if own[1] else own[0] - 1, own)
    return _Side(0 if there or not other else None, None)
