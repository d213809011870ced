"""What a cell holds: values, formulas, errors, and the JSON forms the service gives them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as typed, with its ``=``."""

    text: str


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value: ``type`` as in ``ErrorType`` (``DIVIDE_BY_ZERO``…), and what people read about it."""

    type: str
    message: str = ""

    @property
    def text(self) -> str:
        """What the cell shows.

        >>> CellError("DIVIDE_BY_ZERO").text, CellError("N_A").text
        ('#DIV/0!', '#N/A')
        """
        return _SHOWN.get(self.type, "#ERROR!")


_SHOWN = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}

#: What a cell shows or computes to. Numbers are floats, dates are serial numbers.
Value: TypeAlias = "str | float | bool | CellError | None"
#: What was entered.
Entered: TypeAlias = "str | float | bool | Formula | None"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; never changed in place, so a copy of a row copies its cells. Dicts are the API's own JSON."""

    value: Entered = None
    format: dict[str, Any] | None = None
    note: str = ""
    validation: dict[str, Any] | None = None
    runs: tuple[dict[str, Any], ...] = ()
    chips: tuple[dict[str, Any], ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing at all is kept here."""
        return self == EMPTY


EMPTY = Cell()


def plain(value: float) -> float | int:
    """A number as the service writes it in JSON: whole ones without a point.

    >>> plain(3.0), plain(0.5)
    (3, 0.5)
    """
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        return int(value)
    return value


def extended(value: Value | Formula) -> dict[str, Any] | None:
    """The ``ExtendedValue`` of a value; `None` for an empty cell."""
    match value:
        case None:
            return None
        case bool():
            return {"boolValue": value}
        case float() | int():
            return {"numberValue": plain(value)}
        case Formula():
            return {"formulaValue": value.text}
        case CellError():
            found = {"type": value.type}
            if value.message:
                found["message"] = value.message
            return {"errorValue": found}
        case str():
            return {"stringValue": value}


def from_extended(value: dict[str, Any] | None) -> Entered:
    """What an ``ExtendedValue`` enters."""
    if not value:
        return None
    if "formulaValue" in value:
        return Formula(value["formulaValue"])
    if "numberValue" in value:
        return float(value["numberValue"])
    if "boolValue" in value:
        return bool(value["boolValue"])
    text = value.get("stringValue")
    return None if text in {None, ""} else str(text)
