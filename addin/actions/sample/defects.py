"""The demo's list of defects in two apartment complexes' common areas, as their offices report them."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Final

from addin.actions.sample import clerk
from addin.actions.sample.story import SEED

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT: Final = 34
#: The offices that keep reporting, and how often each does.
OFFICES: Final = ("솔내음마을 3단지 관리사무소", "솔내음마을 3단지 관리사무소", "푸른솔 2단지 관리사무소")
WHERE: Final = (
    ("301동 지하 1층 계단", "천장 누수 자국", "급함"),
    ("302동 1층 로비", "출입문 도어클로저 고장", "보통"),
    ("303동 옥상", "방수층 들뜸", "급함"),
    ("지하주차장 B2", "LED등 3개 소등", "보통"),
    ("단지 놀이터", "미끄럼틀 볼트 풀림", "급함"),
    ("경로당", "수전 누수", "보통"),
    ("관리동 화장실", "변기 물 내림 불량", "보통"),
    ("301동 엘리베이터 홀", "벽 타일 깨짐", "보통"),
    ("정문 경비실", "콘센트 접촉 불량", "보통"),
    ("303동 1204호", "베란다 창틀 실리콘 갈라짐", "보통"),
)
HEADERS: Final = (
    "하자번호|center|10; 파트너|text|27; 위치|text|22; 발견일|day|12; 내용|text|26; 조치일|day|12; 긴급도|center|8"
)


def rows(as_of: dt.date) -> Iterator[list[clerk.Cell]]:
    """The list's rows, the oldest first: four months, most mended within a fortnight."""
    rng = random.Random(SEED + 31)
    days = sorted(as_of - dt.timedelta(rng.randint(0, 120)) for _ in range(COUNT))
    for n, found in enumerate(days, 1):
        place, text, hurry = rng.choice(WHERE)
        took = rng.randint(1, 4) if hurry == "급함" else rng.randint(2, 14)
        mended = found + dt.timedelta(took) if rng.random() < 0.85 else None
        fixed = mended if mended is not None and mended <= as_of else None
        yield [f"H-{n:03d}", rng.choice(OFFICES), place, clerk.day(rng, found), text, clerk.day(rng, fixed), hurry]
