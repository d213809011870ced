"""What tells of decisions and demos in the demo's activities: who met whom, the weekly demo; and the boss's yes."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Final

from addin.actions.sample.cast import STAFF
from addin.actions.sample.story import SEED

if TYPE_CHECKING:
    from addin.actions.sample.cast import Partner

Act = tuple[dt.date, str, str, str, str, dt.date | None]
#: Café → days ago of its demos, and days until the one that is set.
DEMOS: Final[tuple[tuple[str, tuple[int, ...], int | None], ...]] = (
    ("카페 온더코너 강남점", (2, 9, 16, 23, 37, 44, 51, 58), None),
    ("카페 온더코너 서초점", (12, 19, 26, 40), None),
    ("모아스페이스 성수", (4,), 3),
)
#: Who met whom: partner, days ago, what was noted.
MET: Final = (
    ("해솔마을 1단지 관리사무소", 41, "의사결정권자 미팅 (소장, 입주자대표)"),
    ("해솔마을 1단지 관리사무소", 22, "실무자와 시나리오 협의"),
    ("으뜸공인중개사", 36, "대표 미팅"),
    ("으뜸공인중개사", 18, "실무자 미팅, 견적 양식"),
    ("푸른숲 관리사무소", 30, "실무자 미팅"),
    ("공유오피스 터전 을지로", 33, "실무자 협의"),
    ("공유오피스 터전 을지로", 26, "의사결정권자 미팅"),
)
#: The boss agreed to this one only after it had begun, and to this one not yet.
_LATE, _NOT_YET = "P-09", "P-06"


def rows(as_of: dt.date) -> list[Act]:
    """The activities: day, partner, kind, text, who of us, what comes next."""
    rng = random.Random(SEED + 41)
    found: list[Act] = []
    for cafe, ago, ahead in DEMOS:
        for days in ago:
            text = f"미니 수리 데모, 현장 예약 {rng.randint(0, 4)}건"
            then = as_of + dt.timedelta(ahead) if ahead is not None and days == min(ago) else None
            found.append((as_of - dt.timedelta(days), cafe, "데모", text, rng.choice(STAFF), then))
    for partner, days, text in MET:
        found.append((as_of - dt.timedelta(days), partner, "미팅", text, rng.choice(STAFF), None))
    return found


def approved(partner: Partner, signed: dt.date | None) -> dt.date | None:
    """When the boss agreed: some days before the contract."""
    if signed is None or partner.code == _NOT_YET:
        return None
    return signed + dt.timedelta(16 if partner.code == _LATE else -(3 + len(partner.name) % 5))
