"""Amounts in Korean letters, as a quote's 일금 line wants them: every 일 written out, so that no digit can be added.

Source: the style of official documents (행정업무운영 편람: 금 일십이만삼천원), as Excel's ``NUMBERSTRING(n, 1)``.
"""

from __future__ import annotations

_DIGITS = "영일이삼사오육칠팔구"
_PLACES = ("", "십", "백", "천")
_GROUPS = ("", "만", "억", "조", "경")
#: The first amount that has no letters here: 10,000경.
TOO_LARGE = 10_000 ** len(_GROUPS)


def hangul_number(number: int) -> str:
    """A whole number in letters; negative ones begin with 마이너스. `ValueError` from 10,000경 on.

    >>> hangul_number(3_691_270), hangul_number(0), hangul_number(-10_000), hangul_number(10**16)
    ('삼백육십구만일천이백칠십', '영', '마이너스 일만', '일경')
    """
    if abs(number) >= TOO_LARGE:
        raise ValueError(f"{number} is 10,000경 or more")
    if number == 0:
        return _DIGITS[0]
    text, rest = "", abs(number)
    for group in _GROUPS:
        rest, four = divmod(rest, 10_000)
        if four:
            text = _four(four) + group + text
    return f"마이너스 {text}" if number < 0 else text


def hangul_amount(won: int) -> str:
    """The amount line of a quote.

    >>> hangul_amount(3_691_270)
    '일금 삼백육십구만일천이백칠십원정'
    """
    return f"일금 {hangul_number(won)}원정"


def _four(number: int) -> str:
    text = ""
    for place in _PLACES:
        number, digit = divmod(number, 10)
        if digit:
            text = _DIGITS[digit] + place + text
    return text
