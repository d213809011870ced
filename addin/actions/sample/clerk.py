"""How a clerk types: dates as text, ``120만원``, a phone without its zero, a partner spelled another way.

Every function takes what is meant and gives what stands in the cell. Most cells are as they should be.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from addin.actions.sample.cast import Partner
    from addin.actions.sample.story import Request

Cell = str | int | float | dt.datetime | dt.date | None

#: What is plainly wrong, once each: (n-th request, field) → what was typed. The check tab must find them all.
SLIPS: dict[tuple[int, str], Cell] = {
    (41, "received"): "2026.13.4",
    (230, "received"): "2/30",
    (402, "received"): "03/05",
    (777, "received"): "내일 오전",
    (1200, "visited"): "미정",
    (118, "amount"): "협의",
    (505, "amount"): "약 35만",
    (931, "amount"): "1.250.000",
    (60, "stage"): "완뇨",
    (644, "stage"): "수쥬",
    (1010, "stage"): "실주 ",
    (1402, "stage"): "완 료",
    (700, "phone"): "010-0123-45",
    (1333, "phone"): "연락처 없음",
    (820, "id"): None,
    (821, "id"): None,
    (1490, "id"): None,
}
#: These requests carry the id of the one before them.
REPEATED_IDS = (333, 1105)
#: Confirmed, it says, before they came in.
BACKWARDS = (250, 880, 1290)


def moment(rng: random.Random, value: dt.datetime | None, neat: float = 0.9) -> Cell:
    """A day with a time of day; now and then as text, rarely the day alone."""
    if value is None or rng.random() < neat:
        return value
    half, hour = ("오전", value.hour) if value.hour < 12 else ("오후", (value.hour - 12) or 12)
    day = f"{value.year}.{value.month}.{value.day}"
    return rng.choice(
        (
            f"{day} {value:%H:%M}",
            f"{value:%y-%m-%d %H:%M}",
            f"{value.year}년 {value.month}월 {value.day}일 {half} {hour}:{value:%M}",
            f"{value.year}. {value.month}. {value.day}. {half} {hour}시 {value.minute}분",
            f"{value:%Y-%m-%d %H:%M}",
            day,
        )
    )


def day(rng: random.Random, value: dt.date | None, neat: float = 0.92) -> Cell:
    """A day; now and then as text."""
    if value is None or rng.random() < neat:
        return value
    return rng.choice(
        (
            f"{value.year}.{value.month}.{value.day}",
            f"{value:%y-%m-%d}",
            f"{value:%Y%m%d}",
            f"{value.year}년 {value.month}월 {value.day}일",
            f"{value:%Y-%m-%d}({'월화수목금토일'[value.weekday()]})",
        )
    )


def money(rng: random.Random, value: int | None, neat: float = 0.95) -> Cell:
    """Won; now and then with words in the cell."""
    if value is None or rng.random() < neat:
        return value
    if value % 10_000 == 0 and rng.random() < 0.6:
        return f"{value // 10_000}만원"
    return rng.choice((f"{value:,}원", f"₩{value:,}", f"{value:,} 원"))


def phone(rng: random.Random, value: str) -> Cell:
    """A mobile number: with hyphens, without, as a number that lost its zero, with a country code."""
    digits = value.replace("-", "")
    draw = rng.random()
    if draw < 0.14:
        return float(int(digits))
    if draw < 0.2:
        return digits
    if draw < 0.22:
        return f"+82 {digits[1:3]}-{digits[3:7]}-{digits[7:]}"
    return value.replace("-", ".") if draw < 0.23 else value


def partner(rng: random.Random, who: Partner | None) -> str | None:
    """The partner's name, or one of its other spellings as often as the story says."""
    if who is None:
        return None
    draw = rng.random()
    for spelling, share in who.spellings:
        if draw < share:
            return spelling
        draw -= share
    return who.name


def source(rng: random.Random, value: str) -> str:
    """Where the request came from; the same place is written more than one way."""
    if value == "네이버 검색":
        return rng.choices((value, "네이버", "naver"), (8, 3, 1))[0]
    return value


def cells(rng: random.Random, index: int, request: Request, before: Request | None) -> dict[str, Cell]:
    """Everything the clerk typed for one request, by the column's key."""
    confirmed = request.confirmed
    if index in BACKWARDS and confirmed is not None:
        confirmed = request.received - dt.timedelta(minutes=50)
    refund: Cell = money(rng, request.refund)
    if request.refund and index % 5 == 0:
        refund = "Y"
    typed: dict[str, Cell] = {
        "id": before.id if before is not None and index in REPEATED_IDS else request.id,
        "received": moment(rng, request.received),
        "source": source(rng, request.source),
        "partner": partner(rng, request.partner),
        "customer": request.customer.name,
        "phone": phone(rng, request.customer.phone),
        "home": request.customer.home or None,
        "service": request.service.name,
        "words": request.words,
        "staff": request.staff,
        "confirmed": moment(rng, confirmed, 0.96),
        "visited": moment(rng, request.visited, 0.95),
        "proposed": day(rng, request.proposed),
        "won": day(rng, request.won),
        "completed": day(rng, request.completed),
        "stage": request.stage,
        "amount": money(rng, request.amount),
        "cost": request.cost,
        "refund": refund,
        "claim": request.claim or None,
        "rework": "O" if request.rework else None,
        "lost_reason": request.lost_reason or None,
        "handover": day(rng, request.handover),
        "note": _note(rng, request),
    }
    for key in typed.keys() & {field for at, field in SLIPS if at == index}:
        typed[key] = SLIPS[index, key]
    return typed


def _note(rng: random.Random, request: Request) -> str | None:
    if request.claim and rng.random() < 0.7:
        return "사과 전화함, 재방문 일정 조율"
    if rng.random() < 0.05:
        return rng.choice(
            (
                "주차 등록 필요",
                "오후만 가능",
                "반려견 있음",
                "=견적서 참고",
                "-",
                "@관리실 열쇠",
                "+추가 견적 문의",
                "문자로 연락",
            )
        )
    return None
