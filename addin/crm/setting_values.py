"""A settings cell, read strictly and written the way a person would type it.

Each kind of value has one reader (cell → value, or None where the cell makes no sense) and one writer.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation

_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})")
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*시?")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
WEEKDAYS = (
    ("월", "mon"),
    ("화", "tue"),
    ("수", "wed"),
    ("목", "thu"),
    ("금", "fri"),
    ("토", "sat"),
    ("일", "sun"),
)
_EPOCH = dt.date(1970, 1, 1).toordinal()


def plain(value: object) -> str:
    """A cell's text: NFKC, trimmed, whole numbers without '.0'."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


def number(value: object) -> Decimal | None:
    """A plain number, never a bool; thousands separators are fine.

    >>> number("1,200"), number(0.3), number("많이")
    (Decimal('1200'), Decimal('0.3'), None)
    """
    if isinstance(value, bool):
        return None
    text = plain(value).replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits no such text
        return None


def share(value: object, whole: Decimal = Decimal(1)) -> Decimal | None:
    """A share: ``30%``, ``0.3`` and ``30`` all mean 30 %. Up to ``whole`` a bare number is a share, from 2 (or past
    ``whole``) on it is a percentage; between the two (1.2) nobody can tell, so None.

    >>> share("30%"), share(0.3), share(30), share(1.2), share("1.2%")
    (Decimal('0.3'), Decimal('0.3'), Decimal('0.3'), None, Decimal('0.012'))
    >>> share(1.2, whole=Decimal(3))
    Decimal('1.2')
    """
    text = plain(value)
    percent = text.endswith("%")
    read = number(text.rstrip("% ") if percent else value)
    if read is None or read < 0:
        return None
    if not percent and read <= whole:
        return read
    if not percent and read < 2:
        return None
    read = read / 100
    return read if read <= max(whole, Decimal(1)) else None


def whole_number(value: object, low: int, high: int) -> int | None:
    """A whole number from ``low`` to ``high``, both inclusive.

    >>> whole_number("13", 1, 53), whole_number(1.5, 1, 53), whole_number(0, 1, 53)
    (13, None, None)
    """
    read = number(value)
    if read is None or read != read.to_integral_value() or not low <= read <= high:
        return None
    return int(read)


def clock(value: object) -> int | None:
    """A time of day in minutes: ``09:00``, ``9``, ``18시``, an Excel time.

    >>> clock("09:30"), clock("18시"), clock(dt.time(9, 0)), clock(0.375), clock("25:00")
    (570, 1080, 540, 540, None)
    """
    if isinstance(value, dt.datetime | dt.time):
        return value.hour * 60 + value.minute
    if isinstance(value, dt.timedelta):
        return int(value.total_seconds() // 60)
    if isinstance(value, float) and 0 < value < 1:
        return round(value * 1440)
    match = _TIME.fullmatch(plain(value))
    if not match:
        return None
    minutes = int(match[1]) * 60 + int(match[2] or 0)
    return minutes if minutes <= 1440 and int(match[2] or 0) < 60 else None


def clock_text(minutes: int | None) -> str:
    """540 → '09:00', None → ''."""
    return "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


def weekdays(value: object) -> tuple[int, ...] | None:
    """Weekdays, 0 = Monday: ``월화수목금``, ``월,수``, ``Mon Tue``.

    >>> weekdays("월화수목금"), weekdays("Mon, Wed"), weekdays("가")
    ((0, 1, 2, 3, 4), (0, 2), None)
    """
    rest = plain(value).lower().replace("요일", " ")
    found = set()
    for day, names in enumerate(WEEKDAYS):
        for name in (names[1], names[0]):
            if name in rest:
                found.add(day)
                rest = rest.replace(name, " ")
    return tuple(sorted(found)) if found and not re.sub(r"[\s,·/]", "", rest) else None


def weekdays_text(days: tuple[int, ...], lang: str) -> str:
    """(0, 1) → '월,화' or 'Mon,Tue'."""
    return ",".join(WEEKDAYS[d][1].title() if lang == "en" else WEEKDAYS[d][0] for d in days)


def dates(value: object) -> tuple[int, ...] | None:
    """Days (since 1970-01-01): dates with a year, apart by commas, blanks or lines.

    >>> dates("2026-05-04, 2026.10.2"), dates("2026-13-01"), dates("5월 4일")
    ((20577, 20728), None, None)
    """
    if isinstance(value, dt.date):  # a datetime is one too
        return (value.toordinal() - _EPOCH,)
    text = plain(value)
    found = []
    for match in _DATE.finditer(text):
        try:
            found.append(dt.date(int(match[1]), int(match[2]), int(match[3])).toordinal() - _EPOCH)
        except ValueError:
            return None
    return tuple(sorted(set(found))) if found and not re.search(r"\d", _DATE.sub("", text)) else None


def dates_text(days: tuple[int, ...]) -> str:
    """Days as '2026-05-04, 2026-10-02'."""
    return ", ".join(dt.date.fromordinal(d + _EPOCH).isoformat() for d in days)


def words(value: object) -> tuple[str, ...]:
    """Words apart by commas, bars or lines.

    >>> words("수주, 계약완료 | 결제")
    ('수주', '계약완료', '결제')
    """
    return tuple(w for w in (part.strip() for part in re.split(r"[,|;\n]", plain(value))) if w)


def steps(value: object) -> tuple[str, ...] | None:
    """Funnel steps, ``접수=received_at; 수주=stage=수주|완료``: two or more, each with a column, no label twice; or a
    shipped funnel's name.

    >>> steps("접수=received_at; 수주=stage=수주|완료")
    ('접수=received_at', '수주=stage=수주|완료')
    >>> steps("접수") is None
    True
    """
    found = tuple(part.strip() for part in re.split(r"[;\n]", plain(value)) if part.strip())
    from addin.crm.funnel_steps import FUNNELS, shipped_name

    if shipped_name(found) in FUNNELS:
        return found
    labels = [part.partition("=")[0].strip() for part in found]
    complete = all(label and part.partition("=")[2].strip() for label, part in zip(labels, found, strict=True))
    return found if len(found) >= 2 and complete and len(set(labels)) == len(labels) else None


def step_targets(value: object) -> tuple[tuple[str, Decimal], ...] | None:
    """Targets of transitions, ``접수→확인=90%; 확인>수주=40%``.

    >>> step_targets("접수→확인=90%; 확인>수주=40%")
    (('접수→확인', Decimal('0.9')), ('확인→수주', Decimal('0.4')))
    >>> step_targets("접수=90%") is None
    True
    """
    found = []
    for part in (p.strip() for p in re.split(r"[;\n]", plain(value)) if p.strip()):
        pair, _, text = part.rpartition("=")
        ends = [end.strip() for end in re.split(r"→|->|>", pair)]
        target = share(text)
        if len(ends) != 2 or not all(ends) or target is None or not 0 < target <= 1:
            return None
        found.append(("→".join(ends), target))
    return tuple(found) or None


def step_targets_text(targets: tuple[tuple[str, Decimal], ...]) -> str:
    """(('접수→확인', 0.9),) → '접수→확인=90%'."""
    return "; ".join(f"{pair}={percent_text(target)}" for pair, target in targets)


def percent_text(value: Decimal) -> str:
    """0.905 → '90.5%'."""
    text = f"{value * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
