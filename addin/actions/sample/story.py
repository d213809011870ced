"""The year a small repair company had, as plain rows: what the demo's workbook is written from.

Everything is invented. The story has what the rules look for: one partner with over 30 % of the revenue, one that is
confirmed late, one with claims, one that fell silent, two candidates, and a weak step from quote to order.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from addin.actions.sample.cast import APARTMENT, CAFE, ESTATE, PARTNERS, SERVICES, STAFF, Partner, Service
from addin.actions.sample.staff import share_out

SEED = 20261138
REQUESTS = 1640
FAMILY = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = "가온나래다온라희마루보람소담아린예솔은결이든주하지안찬솔하람한결"
REASONS = ("가격", "일정 안 맞음", "타업체 선정", "직접 수리", "연락두절")
#: Days when hardly anyone asks for repairs (fixed public holidays, month and day).
QUIET_DAYS = {(1, 1), (3, 1), (5, 5), (6, 6), (8, 15), (10, 3), (10, 9), (12, 25)}
#: Share of a year's repairs by month: frost, moving seasons, monsoon leaks.
SEASON = (0.9, 1.1, 1.25, 1.0, 0.9, 0.95, 1.15, 1.1, 1.2, 1.15, 0.95, 0.85)


@dataclass(frozen=True, slots=True)
class Customer:
    """Someone who asks for repairs, perhaps again and again."""

    name: str
    phone: str
    home: str
    regular: bool


@dataclass(slots=True)
class Request:
    """One request as it truly went; the sheet holds what the clerk made of it."""

    id: str
    partner: Partner | None
    customer: Customer
    service: Service
    words: str
    source: str
    staff: str
    received: dt.datetime
    confirmed: dt.datetime | None = None
    visited: dt.datetime | None = None
    proposed: dt.date | None = None
    won: dt.date | None = None
    completed: dt.date | None = None
    stage: str = "접수"
    amount: int | None = None
    cost: int | None = None
    refund: int | None = None
    claim: str = ""
    rework: bool = False
    lost_reason: str = ""
    handover: dt.date | None = None


@dataclass(slots=True)
class Story:
    """The whole year: months covered, requests in order, spend and activities."""

    as_of: dt.date
    months: list[tuple[int, int]]
    requests: list[Request] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    spend: list[tuple[dt.date, str, str, int]] = field(default_factory=list)
    activities: list[tuple[dt.date, str, str, str, str, dt.date | None]] = field(default_factory=list)

    @staticmethod
    def tab(year: int, month: int) -> str:
        """The name of a month's tab."""
        return f"{year}년 {month}월"


def tell(as_of: dt.date) -> Story:
    """The twelve months up to ``as_of``: the same story for the same day, on every machine.

    >>> story = tell(dt.date(2026, 11, 20))
    >>> story.months[0], story.months[-1], len(story.requests)
    ((2025, 12), (2026, 11), 1640)
    """
    rng = random.Random(SEED)
    index = as_of.year * 12 + as_of.month - 1
    months = [divmod(i, 12) for i in range(index - 11, index + 1)]
    story = Story(as_of, [(year, month + 1) for year, month in months])
    first = dt.date(*story.months[0], 1)
    days = [first + dt.timedelta(i) for i in range((as_of - first).days + 1)]
    weights = [_day_weight(day, (day - first).days) for day in days]
    counts: dict[tuple[int, int], int] = {}
    for day, hour in sorted((d, _hour(rng)) for d in rng.choices(days, weights, k=REQUESTS)):
        month = (day.year, day.month)
        counts[month] = counts.get(month, 0) + 1
        number = f"{day:%y%m}-{counts[month]:03d}"
        received = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=hour)
        story.requests.append(_request(rng, story, number, received))
    _spend(rng, story)
    _activities(rng, story)
    share_out(story)
    return story


def _day_weight(day: dt.date, age: int) -> float:
    if (day.month, day.day) in QUIET_DAYS:
        return 0.06
    return SEASON[day.month - 1] * (1, 1, 1, 1, 1, 0.5, 0.06)[day.weekday()] * (1 + age / 1500)


def _hour(rng: random.Random) -> int:
    """Minutes after midnight: mostly office hours, some evenings."""
    low, high, peak = (18 * 60 + 30, 22 * 60, 19 * 60) if rng.random() < 0.025 else (8 * 60 + 40, 17 * 60 + 50, 10 * 60)
    return int(rng.triangular(low, high, peak))


def _request(rng: random.Random, story: Story, number: str, received: dt.datetime) -> Request:
    day = received.date()
    open_partners = [p for p in PARTNERS if p.weight and (story.as_of - day).days >= p.silent_days]
    partner = rng.choices(open_partners, [p.weight * _cluster_season(p, day) for p in open_partners])[0]
    service = rng.choices(SERVICES, [_fit(s, partner) for s in SERVICES])[0]
    request = Request(
        id=number,
        partner=None if rng.random() < 0.008 else partner,
        customer=_customer(rng, story, partner),
        service=service,
        words=rng.choice(service.words),
        source=_source(rng, partner),
        staff=rng.choice(STAFF),
        received=received,
    )
    _proceed(rng, request, partner)
    if partner.cluster == ESTATE and rng.random() < 0.6:
        request.handover = day + dt.timedelta(rng.randint(4, 24))
    _stop_at(request, story.as_of)
    return request


def _cluster_season(partner: Partner, day: dt.date) -> float:
    return 1.5 if partner.cluster == ESTATE and day.month in (2, 3, 8, 9) else 1.0


def _fit(service: Service, partner: Partner) -> float:
    """Management offices order work on common parts; estate agents inspections before moving in."""
    if service.code == "E01":
        return service.weight * (2 if partner.cluster == APARTMENT else 0)
    return service.weight * (3 if service.code == "D01" and partner.cluster == ESTATE else 1)


def _source(rng: random.Random, partner: Partner) -> str:
    own = {APARTMENT: "관리사무소", CAFE: "카페 데모", ESTATE: "부동산 소개"}[partner.cluster]
    return rng.choices((own, "네이버 검색", "지인 추천", "인스타그램", "재이용"), (60, 14, 11, 6, 9))[0]


def _customer(rng: random.Random, story: Story, partner: Partner) -> Customer:
    known = [r.customer for r in story.requests[-350:] if r.partner is partner]
    regulars = [c for c in known if c.regular]
    if regulars and rng.random() < 0.45:
        return rng.choice(regulars)
    given = 2 * rng.randrange(len(GIVEN) // 2)
    name = rng.choice(FAMILY) + GIVEN[given : given + 2]
    phone = f"010-0{rng.randrange(1000):03d}-{rng.randrange(10000):04d}"  # 010-0… is given to nobody
    home = (
        f"{rng.randint(101, 118)}동 {rng.randint(1, 24)}0{rng.randint(1, 6)}호" if partner.cluster == APARTMENT else ""
    )
    customer = Customer(name, phone, home, rng.random() < 0.35)
    story.customers.append(customer)
    return customer


def _proceed(rng: random.Random, request: Request, partner: Partner) -> None:
    """Confirmation, visit, quote, order, completion: each may not happen, and takes its time."""
    received = request.received
    if rng.random() < 0.008:
        request.stage, request.lost_reason = "취소", _reason(rng, "연락두절")
        return
    minutes = rng.randint(2, 9) if rng.random() < partner.fast else rng.randint(14, 95)
    opening = dt.datetime.combine(received.date(), dt.time(9))
    start = received if opening <= received < opening.replace(hour=18) else _next_opening(received)
    request.confirmed = start + dt.timedelta(minutes=minutes)
    if rng.random() < 0.01:
        request.stage, request.lost_reason = "취소", _reason(rng, rng.choice(("직접 수리", "일정 안 맞음")))
        return
    late = received.hour >= 18 or rng.random() > partner.same_day
    visit_day = _working_day(request.confirmed.date() + dt.timedelta(1 if late else 0))
    earliest = request.confirmed + dt.timedelta(minutes=45) if visit_day == request.confirmed.date() else None
    visit = earliest or dt.datetime.combine(visit_day, dt.time(9, 30))
    request.visited = visit + dt.timedelta(minutes=10 * rng.randint(0, 15))
    request.stage = "방문"
    if rng.random() < 0.08:
        request.stage, request.lost_reason = "취소", _reason(rng, "직접 수리")
        return
    request.proposed = request.visited.date() + dt.timedelta(rng.choices((0, 1, 2, 4), (55, 25, 12, 8))[0])
    request.stage = "견적"
    request.amount = _price(rng, request.service.price * partner.price)
    if rng.random() > partner.win - (0.06 if partner.cluster == CAFE else 0):
        request.stage, request.lost_reason = "실주", _reason(rng, rng.choices(REASONS, (45, 12, 28, 10, 5))[0])
        return
    request.won = request.proposed + dt.timedelta(rng.choices((0, 1, 3, 7, 12), (25, 30, 25, 14, 6))[0])
    request.completed = _working_day(request.won + dt.timedelta(rng.choices((0, 2, 5, 9), (25, 40, 25, 10))[0]))
    request.stage = "완료"
    request.cost = int(round(request.amount * rng.uniform(0.18, 0.36), -3))
    if rng.random() < partner.claim:
        request.claim = rng.choice(("O", "O", "마감 불량", "시간 미준수", "재방문 요청"))
        request.rework = rng.random() < 0.6
        if rng.random() < 0.35:
            request.refund = int(round(request.amount * rng.choice((0.1, 0.2, 0.5)), -3))
    elif rng.random() < 0.02:
        request.rework = True


def _reason(rng: random.Random, reason: str) -> str:
    return "" if rng.random() < 0.18 else reason  # a clerk forgets


def _price(rng: random.Random, base: float) -> int:
    """A quote in won; large ones are round."""
    amount = base * rng.lognormvariate(0, 0.28) * rng.choices((1, 2), (90, 10))[0]
    return max(30_000, int(round(amount, -4 if amount >= 200_000 else -3)))


def _next_opening(moment: dt.datetime) -> dt.datetime:
    day = moment.date() if moment.hour < 9 else moment.date() + dt.timedelta(1)
    return dt.datetime.combine(_working_day(day), dt.time(9))


def _working_day(day: dt.date) -> dt.date:
    while day.weekday() == 6 or (day.month, day.day) in QUIET_DAYS:
        day += dt.timedelta(1)
    return day


def _stop_at(request: Request, as_of: dt.date) -> None:
    """Forget what lies after the last day: an open request stands at the last step it reached."""
    last = dt.datetime.combine(as_of, dt.time(17, 30))
    for step, stage in (
        ("completed", "수주"),
        ("won", "견적"),
        ("proposed", "방문"),
        ("visited", "확인"),
        ("confirmed", "접수"),
    ):
        moment = getattr(request, step)
        if moment is None:
            continue
        if (moment > last) if isinstance(moment, dt.datetime) else (moment > as_of):
            setattr(request, step, None)
            request.stage, request.lost_reason = stage, ""
            request.claim, request.rework, request.refund = "", False, None
            if step == "proposed":
                request.amount = None
            request.cost = None
    if request.stage == "실주" and request.proposed and (as_of - request.proposed).days < 6:
        request.stage, request.lost_reason = "견적", ""


def _spend(rng: random.Random, story: Story) -> None:
    items = {APARTMENT: ("게시판 홍보물", 180_000), CAFE: ("미니 수리 데모", 220_000), ESTATE: ("소개 수수료", 150_000)}
    for year, month in story.months:
        for partner in PARTNERS[:9]:
            day = dt.date(year, month, rng.randint(3, 25))
            item, amount = items[partner.cluster]
            if day <= story.as_of:
                story.spend.append((day, partner.name, item, int(round(amount * rng.uniform(0.85, 1.2), -3))))
        day = dt.date(year, month, 5)
        if day <= story.as_of:
            story.spend.append((day, "", "네이버 광고", rng.randint(35, 60) * 10_000))
    story.spend.sort(key=lambda line: line[0])


def _activities(rng: random.Random, story: Story) -> None:
    kinds = ("전화", "방문", "카톡", "미팅")
    words = (
        "월간 하자 보고서 전달",
        "게시판 안내문 교체",
        "SLA 점검 회의",
        "데모 일정 조율",
        "정산 확인",
        "신규 담당자 인사",
        "쿠폰 문안 협의",
    )
    for partner in PARTNERS:
        day = story.as_of - dt.timedelta(
            max(partner.silent_days, rng.randint(2, 12)) + (3 if partner.silent_days else 0)
        )
        for _ in range(9 if partner.weight else 2):
            follow = day + dt.timedelta(rng.randint(7, 21)) if rng.random() < 0.4 else None
            story.activities.append(
                (day, partner.name, rng.choice(kinds), rng.choice(words), rng.choice(STAFF), follow)
            )
            day -= dt.timedelta(rng.randint(14, 45))
    story.activities.sort(key=lambda line: line[0])
