"""Text, ids, yes/no marks, refunds and categories: cells whose words matter."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.amounts import money_text, parse_amount
from addin.crm.message import msg
from addin.crm.reading import Reading, opening, repaired, wrong
from addin.crm.text import plain, shown, spelling_key, tidy, trimmed
from addin.crm.words import words

if TYPE_CHECKING:
    from collections.abc import Container

_YES = frozenset(
    words("y yes o ○ ◯ ◎ ● ■ ✓ ✔ ☑ ✅ √ v 예 네 넵 유 有 있음 있슴 true t 참 1 해당 해당됨 발생 발생함 함 맞음 오")
)
_NO = frozenset(
    words(
        "n no x × ✗ ✘ ❌ ✕ 아니오 아니요 아뇨 아님 무 無 없음 없슴 없습니다 없다 false f 거짓 0 미해당 "
        "해당없음 해당사항없음 미발생 안함 이상없음 이상무 문제없음 특이사항없음 불만없음 클레임없음 하자없음 "
        "민원없음 환불없음 정상 양호 ☐ □"
    )
)
_REFUNDED = frozenset(words(
    "환불 환불완료 환불함 전액 전액환불 부분환불 일부환불 환불처리 refunded full partial"
))  # fmt: skip


class Refund(NamedTuple):
    """Refunded money in hundredths (None = unknown), and whether there was a refund at all."""

    amount: int | None
    yes: bool


def parse_text(value: object) -> Reading[str]:
    """A cell as text as typed, only the white space around it gone; numbers and dates as they are shown.

    >>> parse_text(" ＝1+1 ").value, parse_text(101.0).value
    ('＝1+1', '101')
    """
    known = opening(value, "text")
    if known is not None:
        return known
    if isinstance(value, str):
        return Reading(trimmed(value), None)
    return Reading(shown(value), None)


def parse_id(value: object) -> Reading[str]:
    """A cell as an id: text, leading zeros kept, 123.0 → ``123``.

    >>> parse_id("００１２").value, parse_id(123.0).value, parse_id(dt.datetime(2024, 3, 1)).fault.code
    ('0012', '123', 'id_became_date')
    """
    known = opening(value, "id")
    if known is not None:
        return known
    if isinstance(value, str):
        return Reading(tidy(value), None)
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return wrong("id_became_date", value, "id")
    text = shown(value)
    if isinstance(value, (int, float)) and abs(value) >= 1e15:
        return wrong("long_number", value, "id", keep=text)
    return Reading(text, None)


def parse_flag(value: object, *, free_text: bool = False, yes: Container[str] = ()) -> Reading[bool]:
    """A cell as yes or no. ``free_text``: any other words mean yes (a complaint written into a claim column).

    ``yes`` holds more words for yes (`spelling_key`), such as the column's own name.

    >>> parse_flag("아니요").value, parse_flag("●").value, parse_flag("문 안 닫힘", free_text=True).value
    (False, True, True)
    >>> parse_flag("글쎄").fault.code
    'bad_flag'
    """
    if isinstance(value, bool):
        return Reading(value, None)
    known = opening(value, "flag")
    if known is not None:
        return known
    if isinstance(value, (int, float)):
        if value in (0, 1) or (free_text and value > 0):
            return Reading(bool(value), None)
    elif isinstance(value, str):
        word = plain(value).replace(" ", "").casefold().strip("().")
        if word in _YES or word in yes:
            return Reading(True, None)
        if word in _NO:
            return Reading(False, None)
        if free_text:
            return Reading(True, None)
    elif free_text:
        return Reading(True, None)
    return wrong("bad_flag", value, "flag")


def parse_refund(value: object, *, marks: bool = False) -> Reading[Refund]:
    """A cell as refunded money, or a yes/no of unknown amount. ``marks``: the column holds only 0 and 1.

    A refund written as a negative is the same refund, shown as a repair.

    >>> parse_refund("Y").value, parse_refund("5만원").value, parse_refund("N").value
    (Refund(amount=None, yes=True), Refund(amount=5000000, yes=True), Refund(amount=0, yes=False))
    """
    if isinstance(value, bool) or (marks and isinstance(value, (int, float)) and value in (0, 1)):
        return Reading(Refund(None, True) if value else Refund(0, False), None)
    known = opening(value, "refund")
    if known is not None:
        return known
    if isinstance(value, str):
        word = plain(value).replace(" ", "").casefold().strip("().")
        if word != "0" and (marks or word != "1"):
            if word in _YES or word in _REFUNDED:
                return Reading(Refund(None, True), None)
            if word in _NO:
                return Reading(Refund(0, False), None)
    read = parse_amount(value)
    if read.value is None:
        return Reading(None, read.fault._replace(expected=msg("expected.refund")) if read.fault else None)
    if read.value < 0:
        return repaired(Refund(-read.value, True), "refund_sign", value, "refund", money_text(-read.value))
    return Reading(Refund(read.value, read.value > 0), read.fault)


def parse_category(value: object, canonical: str | None = None) -> Reading[str]:
    """A cell as one of a few words. ``canonical`` is the spelling this column uses for it.

    >>> parse_category("google ", "Google")
    Reading(value='Google', fault=Fault(code='respelled', ...))
    """
    known = opening(value, "category")
    if known is not None:
        return known
    text = re.sub(r"\s+", " ", trimmed(value)) if isinstance(value, str) else shown(value)
    if canonical is None or canonical == text or spelling_key(canonical) != spelling_key(text):
        return Reading(text, None)
    return repaired(canonical, "respelled", value, "category", canonical)
