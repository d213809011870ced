"""The functions formulas may call. One that isn't here makes the cell ``#ERROR!``: never a wrong value."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sheets_sync.emulator.cells import CellError, Value
from sheets_sync.emulator.rendering import EPOCH, general

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A block of values, by rows.
Array: TypeAlias = "list[list[Value]]"

NA = CellError("N_A", "Did not find value.")
BAD = CellError("VALUE", "An array value could not be found or a parameter has the wrong type.")
ZERO = CellError("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero.")


class Stop(Exception):
    """The formula's value is this error."""

    def __init__(self, error: CellError) -> None:
        super().__init__(error.text)
        self.error = error


def number(value: Value) -> float:
    """The value as a number. Raises `Stop` where it is none."""
    if isinstance(value, CellError):
        raise Stop(value)
    if value is None or value == "":
        return 0.0
    if isinstance(value, str):
        try:
            return float(value.replace(",", ""))
        except ValueError:
            raise Stop(CellError("VALUE", f"'{value}' is a text and cannot be coerced to a number.")) from None
    return float(value)


def text(value: Value) -> str:
    """The value as text."""
    if isinstance(value, CellError):
        raise Stop(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else general(float(value))


def truth(value: Value) -> bool:
    """The value as yes or no."""
    if isinstance(value, CellError):
        raise Stop(value)
    if isinstance(value, str):
        if value.upper() in {"TRUE", "FALSE"}:
            return value.upper() == "TRUE"
        if value:
            raise Stop(BAD)
        return False
    return bool(value)


def order(value: Value) -> tuple[int, Any]:
    """How values sort: numbers, then text (letters' case aside), then FALSE and TRUE."""
    if isinstance(value, CellError):
        raise Stop(value)
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, float(value or 0)


def same(left: Value, right: Value) -> bool:
    """``=`` between two cells: a blank equals "" and 0 and FALSE."""
    if type(left) is str and type(right) is str:
        return left.casefold() == right.casefold()
    if left is None and right is None:
        return True
    if left is None or right is None:
        other = right if left is None else left
        if isinstance(other, CellError):
            raise Stop(other)
        return other in {"", 0}
    return order(left) == order(right)


def _compare(test: Callable[[int], bool]) -> Callable[[Value, Value], Value]:
    def compared(left: Value, right: Value) -> Value:
        a, b = order(_blank_as(left, right)), order(_blank_as(right, left))
        return test((a > b) - (a < b))

    return compared


def _blank_as(value: Value, other: Value) -> Value:
    if value is not None:
        return value
    return "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0


def _divide(left: Value, right: Value) -> Value:
    a, b = number(left), number(right)
    if b == 0:
        raise Stop(ZERO)
    return a / b


def _power(left: Value, right: Value) -> Value:
    base, power = number(left), number(right)
    if base < 0 and power != int(power):
        raise Stop(CellError("NUM", "Function POWER parameter 1 value is negative."))
    return math.pow(base, power)


def _rounder(how: str) -> Callable[..., Value]:
    def rounded(value: Value, places: Value = 0.0) -> Value:
        step = Decimal(1).scaleb(-int(number(places)))
        return float(Decimal(repr(number(value))).quantize(step, rounding=how))

    return rounded


def _date(year: Value, month: Value, day: Value) -> Value:
    y, m = int(number(year)), int(number(month)) - 1
    return float((datetime(y + m // 12, m % 12 + 1, 1) - EPOCH).days + int(number(day)) - 1)


def _moment(value: Value) -> datetime:
    return EPOCH + timedelta(days=number(value))


def _place(needle: Value, hay: Value, start: Value, *, fold: bool) -> Value:
    a, b = text(needle), text(hay)
    found = (b.casefold() if fold else b).find(a.casefold() if fold else a, int(number(start)) - 1)
    if found < 0:
        raise Stop(CellError("VALUE", f"In SEARCH evaluation, cannot find '{a}' within '{b}'."))
    return float(found + 1)


def _as_value(value: Value) -> Value:
    from sheets_sync.emulator.entered import typed

    if not isinstance(value, str):
        return number(value)
    found, _ = typed(value, "en_US")
    if not isinstance(found, float):
        raise Stop(CellError("VALUE", f"VALUE parameter '{value}' cannot be parsed to number."))
    return found


def _as_text(value: Value, pattern: Value) -> Value:
    from sheets_sync.emulator.rendering import shown

    return shown(number(value), {"numberFormat": {"type": "NUMBER", "pattern": text(pattern)}})


#: Functions of single values: inside ARRAYFORMULA they run over every cell.
SCALAR: Final[dict[str, Callable[..., Value]]] = {
    "+": lambda a, b: number(a) + number(b),
    "-": lambda a, b: number(a) - number(b),
    "*": lambda a, b: number(a) * number(b),
    "/": _divide,
    "^": _power,
    "&": lambda a, b: text(a) + text(b),
    "%": lambda a: number(a) / 100,
    "neg": lambda a: -number(a),
    "=": same,
    "<>": lambda a, b: not same(a, b),
    "<": _compare(lambda x: x < 0),
    ">": _compare(lambda x: x > 0),
    "<=": _compare(lambda x: x <= 0),
    ">=": _compare(lambda x: x >= 0),
    "NOT": lambda a: not truth(a),
    "ABS": lambda a: abs(number(a)),
    "INT": lambda a: float(math.floor(number(a))),
    "MOD": lambda a, b: number(a) % number(b) if number(b) else _divide(a, b),
    "ROUND": _rounder(ROUND_HALF_UP),
    "ROUNDUP": _rounder(ROUND_UP),
    "ROUNDDOWN": _rounder(ROUND_DOWN),
    "LEN": lambda a: float(len(text(a))),
    "UPPER": lambda a: text(a).upper(),
    "LOWER": lambda a: text(a).lower(),
    "TRIM": lambda a: " ".join(text(a).split()),
    "LEFT": lambda a, n=1.0: text(a)[: int(number(n))],
    "RIGHT": lambda a, n=1.0: text(a)[-int(number(n)) :] if number(n) else "",
    "MID": lambda a, s, n: text(a)[int(number(s)) - 1 : int(number(s)) - 1 + int(number(n))],
    "SUBSTITUTE": lambda a, old, new: text(a).replace(text(old), text(new)),
    "REPT": lambda a, n: text(a) * int(number(n)),
    "EXACT": lambda a, b: text(a) == text(b),
    "FIND": lambda a, b, s=1.0: _place(a, b, s, fold=False),
    "SEARCH": lambda a, b, s=1.0: _place(a, b, s, fold=True),
    "CHAR": lambda a: chr(int(number(a))),
    "VALUE": _as_value,
    "TEXT": _as_text,
    "DATE": _date,
    "YEAR": lambda a: float(_moment(a).year),
    "MONTH": lambda a: float(_moment(a).month),
    "DAY": lambda a: float(_moment(a).day),
    "HYPERLINK": lambda url, label=None: text(url) if label is None else label,
    "ISBLANK": lambda a: a is None,
    "ISNUMBER": lambda a: isinstance(a, float | int) and not isinstance(a, bool),
    "ISTEXT": lambda a: isinstance(a, str),
    "ISERROR": lambda a: isinstance(a, CellError),
    "ISNA": lambda a: isinstance(a, CellError) and a.type == "N_A",
    "N": lambda a: number(a) if not isinstance(a, str) else 0.0,
    "T": lambda a: a if isinstance(a, str) else "",
}
#: Those above that take an error as a value.
TAKES_ERRORS: Final = frozenset({"ISERROR", "ISNA", "ISBLANK", "ISNUMBER", "ISTEXT"})


def numbers(args: list[Array]) -> Iterator[float]:
    """The numbers in these blocks; an error stops; a text in a single value counts if it reads as a number."""
    for block in args:
        single = len(block) == 1 and len(block[0]) == 1
        for row in block:
            for value in row:
                if isinstance(value, CellError):
                    raise Stop(value)
                if isinstance(value, float | int) and (single or not isinstance(value, bool)):
                    yield float(value)
                elif single and isinstance(value, str) and value:
                    yield number(value)


def cells(args: list[Array]) -> Iterator[Value]:
    """Every value in these blocks."""
    for block in args:
        for row in block:
            yield from row


def matches(criterion: Value) -> Callable[[Value], bool]:
    """The test of COUNTIF and SUMIF: ``">3"``, ``"서울*"``, a value."""
    import fnmatch

    if not isinstance(criterion, str):
        return lambda v: not isinstance(v, CellError) and v is not None and same(v, criterion)
    for sign in ("<=", ">=", "<>", "<", ">", "="):
        if criterion.startswith(sign):
            rest = criterion[len(sign) :]
            break
    else:
        sign, rest = "=", criterion
    try:
        wanted: Value = float(rest.replace(",", ""))
    except ValueError:
        wanted = rest
    if sign in {"=", "<>"} and isinstance(wanted, str):
        pattern = wanted.casefold()
        return lambda v: (
            (isinstance(v, str | None) and fnmatch.fnmatchcase((v or "").casefold(), pattern)) ^ (sign == "<>")
        )
    test = SCALAR[sign]

    def fits(value: Value) -> bool:
        if isinstance(value, CellError) or value is None or isinstance(value, str) != isinstance(wanted, str):
            return sign == "<>"
        return bool(test(value, wanted))

    return fits


def _average(args: list[Array]) -> Value:
    found = list(numbers(args))
    if not found:
        raise Stop(CellError("DIVIDE_BY_ZERO", "Evaluation of function AVERAGE caused a divide by zero error."))
    return sum(found) / len(found)


def _sum_if(args: list[Array]) -> Value:
    test = matches(args[1][0][0])
    sums = args[2] if len(args) > 2 else args[0]
    total = 0.0
    for r, row in enumerate(args[0]):
        for c, value in enumerate(row):
            if test(value) and r < len(sums) and c < len(sums[r]):
                found = sums[r][c]
                total += float(found) if isinstance(found, float | int) and not isinstance(found, bool) else 0
    return total


def _logic(join: Callable[[Iterator[bool]], bool]) -> Callable[[list[Array]], Value]:
    return lambda args: join(truth(v) for v in cells(args) if v is not None and not (isinstance(v, str) and v == ""))


def _product(args: list[Array]) -> Value:
    total = 0.0
    for r, row in enumerate(args[0]):
        for c in range(len(row)):
            part = 1.0
            for block in args:
                value = block[r][c]
                part *= float(value) if isinstance(value, float | int) and not isinstance(value, bool) else 0.0
            total += part
    return total


#: Functions of whole blocks to one value.
BLOCK: Final[dict[str, Callable[[list[Array]], Value]]] = {
    "SUM": lambda args: math.fsum(numbers(args)),
    "AVERAGE": _average,
    "MIN": lambda args: min(numbers(args), default=0.0),
    "MAX": lambda args: max(numbers(args), default=0.0),
    "COUNT": lambda args: float(sum(isinstance(v, float | int) and not isinstance(v, bool) for v in cells(args))),
    "COUNTA": lambda args: float(sum(v is not None for v in cells(args))),
    "COUNTBLANK": lambda args: float(sum(v is None or v == "" for v in cells(args))),
    "COUNTIF": lambda args: float(sum(map(matches(args[1][0][0]), cells(args[:1])))),
    "SUMIF": _sum_if,
    "SUMPRODUCT": _product,
    "CONCATENATE": lambda args: "".join(map(text, cells(args))),
    "JOIN": lambda args: text(args[0][0][0]).join(map(text, cells(args[1:]))),
    "AND": _logic(all),
    "OR": _logic(any),
    "ROWS": lambda args: float(len(args[0])),
    "COLUMNS": lambda args: float(len(args[0][0])),
}
