"""The demo's customers: who haggled, who didn't show up, who sent whom, who pays for whom, how satisfied they were, and
who joined the regulars."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import TYPE_CHECKING

from addin.actions.sample import clerk
from addin.actions.sample.cast import APARTMENT, CAFE
from addin.actions.sample.story import SEED

if TYPE_CHECKING:
    from addin.actions.sample.story import Customer, Request, Story

#: Headers of the customer list: ``name|look|width``.
HEADERS = (
    "고객명|center|10; 휴대폰|phone|16; 페르소나|center|14; 구분|center|8; "
    "가입일|day|13; 해지일|day|13; 선호사항|text|24"
)
TASTES = ("오전 방문", "작업 전 문자", "친환경 자재", None, None, None)
#: Share of customers who pay for what another uses: an owner for a tenant, an office for a resident, a boss for a shop.
_PAYS_FOR_OTHERS = {APARTMENT: 0.06, CAFE: 0.15}
#: Regulars listed at most.
LISTED = 90


def marks(story: Story) -> dict[str, dict[str, clerk.Cell]]:
    """Request id → what the clerk noted about the customer: ``discount``, ``no_show``, ``referrer``."""
    rng = random.Random(SEED + 11)
    asked = Counter(id(r.customer) for r in story.requests)
    found: dict[str, dict[str, clerk.Cell]] = {}
    before: dict[str, list[Customer]] = {}
    for request in story.requests:
        draws = rng.random(), rng.random(), rng.random(), rng.random()
        place = request.partner.name if request.partner else ""
        known = before.setdefault(place, [])
        lost = request.stage in ("실주", "취소")
        sent = known and draws[2] < 0.07 and asked[id(request.customer)] == 1
        found[request.id] = {
            "discount": "O" if draws[0] < (0.16 if lost else 0.05) else None,
            "no_show": "O" if draws[1] < (0.06 if request.stage == "취소" else 0.012) else None,
            "referrer": known[int(draws[3] * len(known))].name if sent else None,
        }
        if request.won:
            known.append(request.customer)
    return found


def answers(story: Story) -> dict[str, dict[str, clerk.Cell]]:
    """Request id → ``user``, where who pays is not who lives or works there, and ``satisfaction``, 1 to 5, of finished
    work where somebody asked."""
    rng = random.Random(SEED + 17)
    found: dict[str, dict[str, clerk.Cell]] = {}
    known: dict[str, list[Customer]] = {}
    uses: dict[int, str | None] = {}
    for request in story.requests:
        draws = rng.random(), rng.random(), rng.random(), rng.random()
        cluster = request.partner.cluster if request.partner else ""
        here = known.setdefault(request.partner.name if request.partner else "", [])
        share = _PAYS_FOR_OTHERS.get(cluster, 0.25)
        other = here[int(draws[1] * len(here))].name if here and draws[0] < share else None
        user = uses.setdefault(id(request.customer), other)
        asked = request.completed is not None and draws[2] < 0.45
        grades = (1, 2, 2, 3) if request.claim or request.rework else (5, 5, 5, 5, 4, 4, 4, 3)
        found[request.id] = {
            "user": user if user != request.customer.name else None,
            "satisfaction": grades[int(draws[3] * len(grades))] if asked else None,
        }
        if request.won:
            here.append(request.customer)
    return found


def rows(story: Story) -> list[list[clerk.Cell]]:
    """The customer list: those who order again and again, and those who accepted an invitation after their job."""
    rng = random.Random(SEED + 2)
    won: dict[int, list[Request]] = {}
    for request in story.requests:
        if request.won:
            won.setdefault(id(request.customer), []).append(request)
    out = []
    for requests in won.values():
        first = requests[0]
        invited = len(requests) < 3
        if first.won is None or (invited and rng.random() > 0.12):
            continue
        joined = first.won + dt.timedelta(rng.randint(2, 20) if invited else 0)
        left = joined + dt.timedelta(rng.randint(60, 200)) if rng.random() < 0.12 else None
        if joined > story.as_of:
            continue
        customer = first.customer
        out.append(
            (
                joined,
                [
                    customer.name,
                    clerk.phone(rng, customer.phone),
                    _persona(rng, first),
                    "맞춤" if invited else "정기",
                    joined,
                    left if left and left <= story.as_of else None,
                    rng.choice(TASTES),
                ],
            )
        )
    out.sort(key=lambda line: line[0])
    return [line for _, line in out[-LISTED:]]


def _persona(rng: random.Random, request: Request) -> str | None:
    """Who asks depends on where the request comes from; the clerk forgets now and then."""
    cluster = request.partner.cluster if request.partner else ""
    kinds = {APARTMENT: ("입주민 가족", "1인 가구"), CAFE: ("점포 주인", "프리랜서")}.get(
        cluster, ("이사 손님", "집주인")
    )
    return None if rng.random() < 0.08 else rng.choices(kinds, (2, 1))[0]
