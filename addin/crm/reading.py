"""What a parser gives back: a typed value, a fault, or a value with the repair that made it.

Every fault code of values and rows is listed here; the catalogue holds ``fault.<code>`` (what is
wrong) and ``fault.<code>.fix`` (what to do), and ``expected.<kind>`` (what would be right).
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from addin.crm.fault import Fault
from addin.crm.grid import CellError
from addin.crm.message import Message, Scalar, msg
from addin.crm.text import plain, shown
from addin.crm.words import words

T = TypeVar("T")


class Reading(NamedTuple, Generic[T]):
    """One cell read. Both None = the cell is empty; both set = a repair, or a value that is kept but doubted."""

    value: T | None
    fault: Fault | None


EMPTY: Reading[Any] = Reading(None, None)

#: Fault codes of single cells.
CELL_CODES = (
    "error_cell", "no_cached_value", "lost_text", "read_as_blank",
    "bad_date", "ambiguous_date", "incomplete_date", "date_out_of_range", "swapped_date", "date_from_number",
    "weekday_mismatch", "year_from_tab", "bad_time", "ditto",
    "bad_amount", "ambiguous_amount", "amount_rounded", "amount_note", "amount_out_of_range",
    "foreign_currency", "refund_sign", "bad_number", "bad_phone", "phone_note", "lost_zero", "bad_brn",
    "brn_checksum", "bad_email", "bad_flag", "id_became_date", "long_number", "unknown_value", "respelled",
    "not_there_yet",
)  # fmt: skip
#: Fault codes of rows that contradict themselves or each other.
ROW_CODES = ("duplicate_id", "number_restarts", "blank_id", "time_order", "refund_over_amount", "negative_amount")
#: Fixes that say more than their code's own.
SPECIAL_FIXES = ("fault.ambiguous_date.no_year.fix", "fault.unknown_value.nearest.fix", "fault.unknown_value.own.fix")
#: Field types with a sentence ``expected.<kind>``, and what times of day and the rules on rows expect.
KINDS = ("text", "id", "phone", "email", "brn", "category", "instant", "money", "number", "flag", "refund")
ROW_KINDS = ("clock", "unique_id", "not_before", "refund_within", "not_negative")

#: Marks that fill a cell without saying anything.
_DASHES = frozenset(("-", "--", "---", ".", "..", "·", "/", "n/a", "na", "null", "none", "nan"))
#: Words that say a value isn't there (yet).
_WORDS = frozenset(
    words(
        "미정 없음 해당없음 해당사항없음 미입력 미기재 미상 추후 추후협의 추후결정 추후입력 협의중 확인중 tbd tba "
        "미확인 미방문 미완료 미계약 미접수 미발송 미제출"
    )
)
#: No word for nothing begins with one of these (most cells do).
_DIGITS = frozenset("0123456789")
_NO_VALUE: dict[str, frozenset[str]] = {
    "text": frozenset(),
    "category": _DASHES,
    "id": _DASHES | {"없음", "미정"},
    "flag": _DASHES | {"미정", "미확인", "확인중"},
    "refund": _DASHES | {"미정", "미확인", "확인중"},
    "instant": _DASHES | _WORDS | {"x"},
}
#: What a reader says about a cell that Excel itself shows no error in.
_ERRORS = {"#NOCACHE": "no_cached_value", "#LOST": "lost_text"}
_EXCEL_ERRORS = frozenset(
    words("#n/a #ref! #value! #div/0! #name? #num! #null! #spill! #calc! #getting_data #blocked! #field!")
)


def wrong(
    code: str, value: object, kind: str, suggestion: str | None = None, *, fix: str | None = None, keep: Any = None,
    expected: Message | None = None, **params: Scalar,
) -> Reading[Any]:  # fmt: skip
    """A value that can't be used (or, with ``keep``, one that is kept but doubted)."""
    text = shown(value)
    cure = msg(fix or f"fault.{code}.fix", value=text, suggestion=suggestion or "", **params)
    return Reading(keep, Fault(code, text, expected or _expected(kind), cure, suggestion=suggestion))


def repaired(result: T | None, code: str, value: object, kind: str, suggestion: str, **params: Scalar) -> Reading[T]:
    """A value whose meaning was certain although it wasn't written as expected."""
    text = shown(value)
    cure = msg(f"fault.{code}.fix", value=text, suggestion=suggestion, **params)
    return Reading(result, Fault(code, text, _expected(kind), cure, repair=True, suggestion=suggestion))


@cache
def _expected(kind: str) -> Message:
    return msg(f"expected.{kind}")


def opening(value: object, kind: str) -> Reading[Any] | None:
    """What every parser asks first: is the cell empty, an error, or a word for "nothing"? None = read on.

    >>> opening("", "money"), opening("미정", "instant").fault.code, opening("1", "money")
    (Reading(value=None, fault=None), 'read_as_blank', None)
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return EMPTY
    if isinstance(value, CellError):
        return wrong(_ERRORS.get(value.code, "error_cell"), value, kind)
    if isinstance(value, str):
        if value[:1] in _DIGITS:
            return None
        text = plain(value).casefold()
        if not text:
            return EMPTY
        if text[0] == "#" and text in _EXCEL_ERRORS:
            return wrong("error_cell", value, kind)
        if text.replace(" ", "").strip("()") in _NO_VALUE.get(kind, _DASHES | _WORDS):
            return repaired(None, "read_as_blank", value, kind, "")
    elif value != value:  # NaT and its like
        return EMPTY
    return None
