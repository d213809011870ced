"""Ranges that stand side by side (steps and their counts): read as lists of one length, a header row left out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from addin.crm.amounts import MONEY_SCALE, parse_amount, parse_number
from addin.crm.calendar import iso_text
from addin.crm.dates import parse_instant
from addin.crm.grid import CellError
from addin.crm.message import msg
from addin.crm.text import shown, tidy
from addin.functions.ranges import WHOLE_COLUMN, Block, line, rows_of
from addin.functions.registry import Problem, named

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from addin.crm.dates import Instant
    from addin.crm.grid import CellValue
    from addin.functions.registry import Range


_HUGE = 1e300  # as `parse_number` has it
_WHOLE = 1e14  # as `addin.crm.clean` reads whole amounts
_FIFTEEN_DIGITS = 10**15  # a spreadsheet keeps no more of a number


def side_by_side(
    ranges: dict[str, Range], numeric: tuple[str, ...], dated: tuple[str, ...] = ()
) -> dict[str, list[CellValue]]:
    """Ranges as lists of equal length: rows blank in all of them (merged cells) and a header row are left out.

    ``numeric`` names those that hold numbers, ``dated`` those that hold dates: words above them are a header.
    `Problem` where the ranges differ in length; blanks at their ends, and whole columns, count as wanted.

    >>> side_by_side({"steps": [["단계"], ["가입"], [None]], "counts": [["건수"], [100.0], [None]]}, ("counts",))
    {'steps': ['가입'], 'counts': [100.0]}
    """
    blocks = {name: rows if isinstance(rows, Block) else rows_of(rows) for name, rows in ranges.items()}
    lists = {name: line(rows, name) for name, rows in blocks.items()}
    lengths = {len(cells) for cells in lists.values() if cells}
    if len(lengths) > 1 and len({rows.given for rows in blocks.values() if rows and rows.given < WHOLE_COLUMN}) > 1:
        sizes = tuple(msg("fn.size", name=named(name), size=rows.given) for name, rows in blocks.items() if rows)
        raise Problem("fn.error.lengths", sizes=sizes)
    for name in (*numeric, *dated):
        if lists[name] and _is_header(lists[name], _is_date if name in dated else _is_number):
            lists = {name: cells[1:] for name, cells in lists.items()}
            break
    if len(lengths) == 1 and not any(None in cells for cells in lists.values()):
        return lists
    longest = max(map(len, lists.values()))
    filled = {name: [*cells, *[None] * (longest - len(cells))] if cells else [] for name, cells in lists.items()}
    kept = [i for i in range(longest) if any(cells[i] is not None for cells in filled.values() if cells)]
    return {name: [cells[i] for i in kept] if cells else [] for name, cells in filled.items()}


def _is_header(cells: list[CellValue], fits: Callable[[CellValue], bool]) -> bool:
    """Whether a column of numbers or dates begins with words."""
    if not isinstance(cells[0], str) or fits(cells[0]):
        return False
    rest = [value for value in cells[1:21] if value is not None]
    return bool(rest) and all(map(fits, rest))


def _is_number(value: CellValue) -> bool:
    return parse_number(value).value is not None or parse_amount(value).value is not None


def _is_date(value: CellValue) -> bool:
    return parse_instant(value).value is not None


def number(value: CellValue, name: str) -> float | None:
    """A cell as a number: text like ``1,200건`` or ``90%`` too; None where blank. `Problem` where it is none.

    >>> number("1,200건", "counts"), number("90%", "rate"), number(None, "rate")
    (1200.0, 0.9, None)
    """
    if type(value) is float and abs(value) < _HUGE:
        return value
    _no_error(value)
    if isinstance(value, bool):
        raise Problem("fn.error.not_number", value=shown(value), name=named(name))
    read = parse_number(value)
    if read.value is None and value is not None:
        raise Problem("fn.error.not_number", value=shown(value), name=named(name))
    return read.value


def count(value: CellValue, name: str) -> int | None:
    """A cell as how many there are: a whole number from 0; None where blank. `Problem` where it is none."""
    found = number(value, name)
    if found is None:
        return None
    if not 0 <= found < _FIFTEEN_DIGITS or not float(found).is_integer():
        raise Problem("fn.error.not_count", value=shown(value), name=named(name))
    return int(found)


def share(value: CellValue, name: str) -> float | None:
    """A cell as a share: 0.45, ``45%``, or 45 meant as per cent; None where blank or 0.

    >>> share(0.45, "target"), share("45%", "target"), share(45.0, "target")
    (0.45, 0.45, 0.45)
    """
    found = number(value, name)
    if not found:
        return None
    if 1 < found <= 100:
        found /= 100
    if not 0 < found <= 1:
        raise Problem("fn.error.not_share", value=shown(value), name=named(name))
    return found


def cents(value: CellValue, name: str) -> int | None:
    """A cell as money in hundredths; None where blank. `Problem` where it can't be read for sure."""
    if type(value) is float and value.is_integer() and -_WHOLE < value < _WHOLE:
        return int(value) * MONEY_SCALE
    if value is None:
        return None
    _no_error(value)
    read = _amount(value)
    if read.fault is None:
        return read.value
    if read.value is None and not read.fault.repair:
        raise Problem("fn.error.not_amount", value=shown(value), name=named(name), fix=read.fault.fix)
    return read.value


def money(hundredths: int | Decimal) -> float:
    """Hundredths in whole units: an int where it is one."""
    whole, rest = divmod(int(hundredths), 100)
    return int(hundredths) / 100 if rest else whole


def moment(value: CellValue, name: str) -> Instant | None:
    """A cell as an instant; None where blank, or 0 (an empty cell in some hosts). `Problem` where it can't be read."""
    _no_error(value)
    if type(value) in (int, float) and value == 0:
        return None
    read = parse_instant(value)
    if read.value is None and read.fault is not None and not read.fault.repair:
        raise Problem("fn.error.not_date", value=shown(value), name=named(name), fix=read.fault.fix)
    return read.value


def told(instant: Instant) -> str:
    """An instant as people read it: ``2026-11-23 09:00``, or the date alone."""
    return iso_text(*instant).replace("T", " ")


def text(value: CellValue) -> str | None:
    """A cell as tidy text; None where blank. `Problem` where it shows an error."""
    if value is None:
        return None
    if type(value) is str:
        return _tidy(value) or None
    _no_error(value)
    return tidy(value if isinstance(value, str) else shown(value)) or None


#: A cell stands in the ranges of many formulas. TRUE equals 1 and is no amount.
_tidy = lru_cache(maxsize=4096)(tidy)
_amount = lru_cache(maxsize=4096, typed=True)(parse_amount)


def yes(value: CellValue) -> bool:
    """Whether a cell says yes: TRUE, 1, Y, 예, 포함, 영업일 …; `Problem` for anything that is neither yes nor no.

    >>> yes(True), yes("포함"), yes(0.0), yes("별도"), yes(None)
    (True, True, False, False, False)
    """
    _no_error(value)
    if value is None:
        return False
    word = tidy(shown(value)).casefold().replace(" ", "")
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Problem("fn.error.not_yes", value=shown(value))


_YES = frozenset(
    ("true", "1", "y", "yes", "o", "예", "네", "참", "포함", "부가세포함", "vat포함", "included", "영업일", "business")
)
_NO = frozenset(
    (
        "false",
        "0",
        "n",
        "no",
        "x",
        "아니오",
        "아니요",
        "거짓",
        "별도",
        "부가세별도",
        "vat별도",
        "excluded",
        "달력일",
        "calendar",
    )
)


def _no_error(value: CellValue) -> None:
    if isinstance(value, CellError):
        raise Problem("fn.error.cell_error", value=value.code)
