"""How a value looks: number formats, dates from serial numbers, and what each ``valueRenderOption`` gives."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final

from sheets_sync.emulator.cells import CellError, Value, plain

#: Day 0 of serial numbers.
EPOCH: Final = datetime(1899, 12, 30)
#: What a number format without a pattern means, by locale; other locales look like en_US.
PATTERNS: Final = {
    "en_US": {
        "DATE": "m/d/yyyy",
        "TIME": "h:mm:ss am/pm",
        "DATE_TIME": "m/d/yyyy h:mm:ss",
        "CURRENCY": '"$"#,##0.00',
    },
    "ko_KR": {
        "DATE": "yyyy. m. d",
        "TIME": "am/pm h:mm:ss",
        "DATE_TIME": "yyyy. m. d am/pm h:mm:ss",
        "CURRENCY": "[$₩]#,##0",
    },
}
_COMMON: Final = {"TEXT": "@", "NUMBER": "#,##0.00", "PERCENT": "0.00%", "SCIENTIFIC": "0.00E+00"}
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[(h+|m+|s+)\]|\[[^\]]*\]|(am/pm|a/p)'
    r"|(y+|m+|d+|h+|s+)|(0?\.0+)|(.)",
    re.IGNORECASE,
)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = {
    "en_US": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "ko_KR": ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"],
}


def is_date(format: dict[str, Any] | None) -> bool:
    """Whether a number in this cell format is a date or a time.

    >>> is_date({"numberFormat": {"type": "DATE"}}), is_date(None)
    (True, False)
    """
    kind = (format or {}).get("numberFormat", {}).get("type")
    return kind in {"DATE", "TIME", "DATE_TIME"}


def pattern_of(format: dict[str, Any] | None, locale: str) -> str:
    """The pattern of a cell format; "" is automatic."""
    number = (format or {}).get("numberFormat", {})
    kind = number.get("type", "")
    known = PATTERNS.get(locale, PATTERNS["en_US"])
    return str(number.get("pattern") or known.get(kind) or _COMMON.get(kind, ""))


def shown(value: Value, format: dict[str, Any] | None = None, locale: str = "en_US") -> str:
    """What people see in the cell.

    >>> shown(1234.5, {"numberFormat": {"type": "NUMBER", "pattern": "#,##0.00"}})
    '1,234.50'
    >>> shown(45000.0, {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}})
    '2023-03-15'
    """
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case CellError():
            return value.text
        case str():
            return value
    pattern = pattern_of(format, locale)
    if not pattern or pattern.lower() == "general" or pattern == "@":
        return general(value)
    return _formatted(value, pattern, locale, dates=is_date(format))


def unformatted(value: Value, format: dict[str, Any] | None, locale: str, *, dates_as_text: bool) -> Any:
    """The value of ``UNFORMATTED_VALUE``; errors are their text."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, CellError):
        return value.text
    if dates_as_text and is_date(format):
        return shown(value, format, locale)
    return plain(value)


def general(value: float) -> str:
    """A number without a format.

    >>> general(3.0), general(0.1 + 0.2), general(3.14159265358979), general(1e16), general(-0.00001)
    ('3', '0.3', '3.141592654', '1E+16', '-0.00001')
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    if abs(value) >= 1e15 or abs(value) < 1e-9:
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}E{exponent[0]}{exponent[1:].lstrip('0').zfill(2)}"
    text = f"{Decimal(repr(float(f'{value:.10g}'))):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=65536)
def _formatted(value: float, pattern: str, locale: str, *, dates: bool) -> str:
    sections = _sections(pattern)
    if dates or _looks_like_date(sections[0]):
        return _date(value, sections[0], locale)
    if value < 0 and len(sections) > 1:
        return _number(-value, sections[1])
    if value == 0 and len(sections) > 2:
        return _number(value, sections[2])
    text = _number(abs(value), sections[0])
    return "-" + text if value < 0 and re.search(r"[1-9]", text) else text


def _sections(pattern: str) -> list[str]:
    parts, quoted = [""], False
    for letter in pattern:
        quoted ^= letter == '"'
        if letter == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _looks_like_date(section: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[\$[^\]]*\]', "", section)
    return bool(re.search(r"[ydhs]|m|am/pm", bare, re.IGNORECASE)) and not re.search(
        r"[0#?]", re.sub(r"\.0+", "", bare)
    )


def _number(value: float, section: str) -> str:
    match = re.search(r"[#0?][#0?,]*(?:\.[#0?]*)?(?:E[+-][0#]+)?|\.[#0?]+", _masked(section))
    percent = section.count("%")
    if not match:
        return _literals(section)
    body = section[match.start() : match.end()]
    number = Decimal(repr(float(value))).scaleb(2 * percent)
    whole, _, rest = body.partition(".")
    exponent = re.search(r"E([+-])([0#]+)", body)
    if exponent:
        rest = rest.partition("E")[0]
        power = number.adjusted() if number else 0
        shown_number = _digits(number.scaleb(-power), "0", rest)
        text = (
            f"{shown_number}E{'-' if power < 0 else '+' if exponent[1] == '+' else ''}{abs(power):0{len(exponent[2])}d}"
        )
    else:
        thousands = len(whole) - len(whole.rstrip(","))
        text = _digits(number.scaleb(-3 * thousands), whole.rstrip(","), rest)
    return _literals(section[: match.start()]) + text + _literals(section[match.end() :])


def _masked(section: str) -> str:
    """The section with quoted text blanked, so that positions stay."""
    return re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', lambda m: "\x00" * len(m[0]), section)


def _literals(text: str) -> str:
    text = re.sub(r"\[\$([^\]-]*)(?:-[^\]]*)?\]", r"\1", text)
    text = re.sub(r"\[[^\]]*\]", "", text)
    text = re.sub(r"_.|\*.", "", text)
    return re.sub(r'"([^"]*)"|\\(.)', lambda m: m[1] if m[1] is not None else m[2], text)


def _digits(number: Decimal, whole: str, rest: str) -> str:
    places = len(rest)
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    integer, _, fraction = f"{rounded:f}".partition(".")
    least = len(re.sub(r"[^0]", "", whole))
    integer = integer.lstrip("0").zfill(least) if integer != "0" or least == 0 else "0".zfill(least)
    if "," in whole:
        integer = re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", integer)
    keep = max((i + 1 for i, letter in enumerate(rest) if letter == "0"), default=0)
    fraction = fraction[:keep] + fraction[keep:].rstrip("0")
    return f"{integer}.{fraction}" if fraction else integer


def _date(value: float, section: str, locale: str) -> str:
    moment = EPOCH + timedelta(days=value)
    places = max((len(m[7]) - m[7].index(".") - 1 for m in _TOKEN.finditer(section) if m[7]), default=0)
    step = 10 ** (6 - min(places, 6))
    micro = round((moment - EPOCH) / timedelta(microseconds=1) / step) * step
    moment = EPOCH + timedelta(microseconds=micro)
    tokens = list(_TOKEN.finditer(section))
    half = any(m[5] for m in tokens)
    out: list[str] = []
    before = ""
    for index, m in enumerate(tokens):
        letter = (m[6] or "").lower()
        if m[1] is not None or m[2] or m[3]:
            out.append(m[1] if m[1] is not None else m[2] or m[3])
        elif m[4]:
            hours = int(value * 24 + 1e-9)
            out.append(str(hours).zfill(len(m[4])) if m[4][0] in "hH" else str(int(value * 1440 + 1e-9)))
            before = m[4][0].lower()
        elif m[5]:
            words = ("오전", "오후") if locale == "ko_KR" else ("AM", "PM")
            out.append(words[moment.hour >= 12])
        elif letter:
            following = next((t[6][0].lower() for t in tokens[index + 1 :] if t[6]), "")
            minute = letter[0] == "m" and (before == "h" or following == "s") and len(letter) <= 2
            out.append(_part(moment, letter, locale, minute=minute, half=half))
            before = letter[0]
        elif m[7]:
            out.append(f"{moment.microsecond / 1e6:.{places}f}"[1:])
        elif m[8]:
            out.append(m[8])
    return "".join(out)


def _part(moment: datetime, letters: str, locale: str, *, minute: bool, half: bool) -> str:
    size = len(letters)
    if minute:
        return str(moment.minute).zfill(min(size, 2))
    match letters[0]:
        case "y":
            return f"{moment.year:04d}" if size > 2 else f"{moment.year % 100:02d}"
        case "m":
            if size >= 3:
                name = _MONTHS[moment.month - 1] if locale != "ko_KR" else f"{moment.month}월"
                return name[:3] if size == 3 else name[:1] if size == 5 else name
            return str(moment.month).zfill(size)
        case "d":
            if size >= 3:
                day = _DAYS.get(locale, _DAYS["en_US"])[moment.weekday()]
                return day if size > 3 else day[:1] if locale == "ko_KR" else day[:3]
            return str(moment.day).zfill(size)
        case "h":
            return str((moment.hour - 1) % 12 + 1 if half else moment.hour).zfill(min(size, 2))
        case _:
            return str(moment.second).zfill(min(size, 2))
