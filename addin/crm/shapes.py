"""What a value looks like, quickly: blank, text, number, date, phone … For finding lists and vetoing columns.

Reading values strictly is `addin.crm.values`' work; here a glance is enough, and text works as well as
typed cells (a .csv is all text).
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.grid import CellError, CellValue
from addin.crm.stages import stage_kind
from addin.crm.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: One letter a shape: blank, text, number, date, time of day, phone, e-mail, business number, flag word, error.
BLANK, TEXT, NUMBER, DATE, CLOCK, PHONE, EMAIL, BRN, FLAG, ERROR = " tndcpmrfe"

WHITE = " \t\r\n\u00a0\u3000\u200b\ufeff"
_NUMBER = re.compile(
    r"[(△▲▼+\-₩￦$]*\s*(krw\s*)?[\d,]*\.?\d+\s*\)?\s*(억|천만|백만|십만|만|천|백|원|개|건|명|분|점|회|세대|시간|%|krw|usd)*"
    r"(\s*[\d,.]+\s*(천만|백만|십만|만|천|백|원)+)*\s*\)?",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"((19|20)?\d\d\s*[-./년]\s*(0?[1-9]|1[0-2])\s*[-./월]\s*(0?[1-9]|[12]\d|3[01])(\D.*)?"
    r"|(0?[1-9]|[12]\d|3[01])\s*[-./]\s*(0?[1-9]|[12]\d|3[01])\s*[-./]\s*(19|20)\d\d(\D.*)?"
    r"|(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{4}(\d\d)?)?"
    r"|(0?[1-9]|1[0-2])\s*[월/]\s*(0?[1-9]|[12]\d|3[01])\s*일?(\s.*)?)"
)
_CLOCK = re.compile(r"(오전|오후|am|pm)?\s*\d{1,2}\s*(:|시)\s*(\d{1,2}\s*(:\d{1,2}|분)?)?\s*(am|pm)?")
_MOBILE = re.compile(r"(\+?82[-\s.)]*)?\(?0?1[016789][-\s.)]*\d{3,4}[-\s.]*\d{4}")
_LANDLINE = re.compile(r"\(?0(2|[3-6]\d|70|80|50\d)[-\s.)]+\d{3,4}[-\s.]+\d{4}|1[5-9]\d\d-\d{4}|0(2|[3-6]\d|70)\d{7,8}")
_PHONE_AND_MORE = re.compile(r"\(?01[016789][-\s.)]*\d{3,4}[-\s.]*\d{4}\s*[/,;(\[]")
_BRN = re.compile(r"\d{3}-\d{2}-\d{5}")
#: A day and its time as a file without formats has it: 46105.5, a text in a .csv.
_SERIAL_TEXT = re.compile(r"\d{5}\.\d+", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FLAGS = frozenset(
    [
        "y",
        "n",
        "o",
        "x",
        "yes",
        "no",
        "true",
        "false",
        "t",
        "f",
        "v",
        "예",
        "네",
        "아니오",
        "아니요",
        "유",
        "무",
        "있음",
        "없음",
        "해당",
        "해당없음",
        "○",
        "×",
        "✓",
        "✔",
        "√",
        "●",
    ]
)


def is_blank(value: CellValue) -> bool:
    """None, '' or only white space (NBSP and zero-width too).

    >>> is_blank("\\u00a0 "), is_blank(0.0)
    (True, False)
    """
    return value is None or (isinstance(value, str) and not value.strip(WHITE))


def shape(value: CellValue) -> str:
    """The letter of a value's shape.

    >>> "".join(map(shape, (None, "홍길동", "120만원", "2024.3.5", "010-1234-5678", 1012345678.0, "Y", 3.5)))
    ' tndppfn'
    """
    if value is None:
        return BLANK
    if isinstance(value, str):
        return _text_shape(value) if len(value) <= 60 else TEXT
    if isinstance(value, bool):
        return FLAG
    if isinstance(value, int | float):
        if value != value:  # NaN: what pandas hands over for a blank
            return BLANK
        return PHONE if 1_000_000_000 <= value < 1_100_000_000 and value == int(value) else NUMBER
    if isinstance(value, CellError):
        return ERROR
    return CLOCK if isinstance(value, dt.timedelta | dt.time) else DATE


@lru_cache(maxsize=65536)
def _text_shape(value: str) -> str:
    text = value.strip(WHITE)
    if not text:
        return BLANK
    if text.isascii() and text.isalpha():  # most English words, cheaply
        return FLAG if text.casefold() in _FLAGS else TEXT
    text = plain(text).casefold()
    if "@" in text:
        return EMAIL if _EMAIL.fullmatch(text) else TEXT
    if any(c.isdigit() for c in text):
        if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text) or _PHONE_AND_MORE.match(text):
            return PHONE
        if _BRN.fullmatch(text):
            return BRN
        if _DATE.fullmatch(text):
            return DATE
        if _CLOCK.fullmatch(text):
            return CLOCK
        if _NUMBER.fullmatch(text):
            return NUMBER
    return FLAG if text in _FLAGS else TEXT


class Look(NamedTuple):
    """What a column's sampled values look like: how many are filled, and the share of each shape among them.

    ``serials``: share of numbers that may be dates (Excel serials of 1990–2079, or 20240305); ``small``: share of
    numbers that are whole and below 1000; ``stages``: share of texts that are stage words, ``outcomes``: that
    mean won or lost; ``distinct``: different values per filled value; ``binary``: share of numbers that are 0 or 1;
    ``ordinal``: the values count 1, 2, 3 …
    """

    filled: int
    shares: dict[str, float]
    serials: float
    small: float
    stages: float
    distinct: float
    binary: float
    ordinal: bool
    outcomes: float = 0.0

    def share(self, *shapes: str) -> float:
        """The share of filled values with one of these shapes."""
        return sum(self.shares.get(s, 0.0) for s in shapes)


def look_at(values: Sequence[CellValue]) -> Look:
    """Sum up a column's sample.

    >>> look = look_at(["2024.3.5", "2024-03-06", None, "미정"])
    >>> look.filled, round(look.share(DATE), 2)
    (3, 0.67)
    """
    return _look(tuple(values), tuple(map(type, values)))


@lru_cache(maxsize=512)
def _look(values: tuple[CellValue, ...], _types: tuple[type, ...]) -> Look:
    counts: dict[str, int] = {}
    numbers: list[float] = []
    texts: list[str] = []
    distinct: set[CellValue] = set()
    for value in values:
        kind = shape(value)
        if kind == BLANK:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        distinct.add(value)
        if isinstance(value, str):
            if kind == TEXT:
                texts.append(value)
            elif (value.isascii() and value.isdigit() and len(value) < 15) or _SERIAL_TEXT.fullmatch(value):
                numbers.append(float(value))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            numbers.append(float(value))
    filled = sum(counts.values())
    share = {kind: n / filled for kind, n in counts.items()}
    return Look(
        filled=filled,
        shares=share,
        serials=_part((32874 <= n < 65746 or 19900101 <= n <= 20791231 for n in numbers), filled),
        small=_part((n.is_integer() and 0 <= n < 1000 for n in numbers), filled),
        stages=_part((stage_kind(text) is not None for text in texts), filled),
        distinct=len(distinct) / filled if filled else 0.0,
        binary=_part((n in (0, 1) for n in numbers), filled),
        ordinal=_counts_up(numbers, filled),
        outcomes=_part((stage_kind(text) in ("won", "lost") for text in texts), filled),
    )


def _part(hits: Iterable[bool], of: int) -> float:
    return sum(hits) / of if of else 0.0


def _counts_up(numbers: Sequence[float], filled: int) -> bool:
    """Running numbers, also sampled or starting again on the next tab: never falling but to begin anew, and small."""
    if len(numbers) < max(2, 0.9 * filled) or max(numbers) > 1_000_000:
        return False
    falls = sum(b <= a for a, b in itertools.pairwise(numbers))
    return all(n.is_integer() for n in numbers) and falls <= len(numbers) // 8 and min(numbers) <= 3


def spread(rows: Sequence[int], most: int) -> Sequence[int]:
    """At most ``most`` of the rows: the first few, then evenly spread.

    >>> list(spread(range(1, 101), 8))
    [1, 2, 3, 4, 13, 37, 61, 85]
    """
    if len(rows) <= most:
        return rows
    head = most // 2
    step = (len(rows) - head) / (most - head)
    return [*rows[:head], *(rows[min(len(rows) - 1, int(head + step * (i + 0.35)))] for i in range(most - head))]
