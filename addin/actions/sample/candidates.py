"""The demo's second partner list: who might become one, kept apart by whoever visits them."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Final

from addin.actions.sample import clerk
from addin.actions.sample.cast import APARTMENT, CAFE, ESTATE, STAFF
from addin.actions.sample.story import SEED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.actions.sample.story import Story

HEADERS: Final = (
    "업체명|text|27; 클러스터|center|14; 지역|center|9; 세대수|money|9; 월회전|money|8; 제휴단계|center|12; "
    "단계변경일|day|13; 우리 담당|center|10; 우리 이익|text|22; 파트너 이익|text|22; 제휴 이유|text|28; "
    "예상 월매출|money|12; 예상 공수(일)|money|10; 단계 증빙|text|26; 상태|center|8"
)
_OURS, _THEIRS = "단지 안 홍보", "당일 방문"
#: Name, cluster, region, households, moves a month, stage, days in it, our benefit, theirs, why, revenue a month in
#: 10,000 won, days of effort, evidence.
_Line = tuple[str, str, str, int | None, int | None, str, int | None, str, str, str, int | None, int | None, str]
CANDIDATES: Final[Sequence[_Line]] = (
    ("해솔마을 1단지 관리사무소", APARTMENT, "은평", 1520, 31, "실무자 접촉", 12, _OURS, _THEIRS,
     "1,500세대, 하자 접수를 한 창구로 모으려 함", 620, 9, "제안서 10/14 발송, 시나리오 합의"),
    ("별빛타운 관리사무소", APARTMENT, "마포", 980, 22, "미팅", 9, "공용부 일감", "월 1회 하자 보고서",
     "㈜한빛과 같은 지역이라 이동이 짧음", 410, 6, "제안서 발송"),
    ("도담마을 7단지 관리사무소", APARTMENT, "서대문", 760, 15, "미팅", 21, _OURS, "", "", None, None, ""),
    ("누리채 관리사무소", APARTMENT, "용산", 430, 12, "기회 발견", 6, "", "", "", None, None, ""),
    ("한가람 2차 관리사무소", APARTMENT, "강서", None, None, "기회 발견", 3, "", "", "", None, None, ""),
    ("새뜰아파트 관리사무소", APARTMENT, "양천", 540, 9, "기회 발견", 95, "", "", "", None, None, ""),
    ("푸른숲 관리사무소", APARTMENT, "노원", 1105, 18, "실무자 접촉", 17, "안정된 물량", "관리비 앱 쿠폰",
     "앱 쿠폰을 함께 돌릴 수 있음", 380, 8, "제안서 발송"),
    ("카페 물든", CAFE, "성동", None, 640, "미팅", 14, "주말 데모", "매장 보수 할인", "주 1회 데모를 원함",
     95, 2, "제안서"),
    ("공유오피스 이음 성수", CAFE, "성동", None, 1150, "실무자 접촉", 10, "입주사 소개", "공용 공간 관리",
     "입주사 70곳", 210, 4, "제안서, 시나리오 합의서"),
    ("공유오피스 터전 을지로", CAFE, "중구", None, 900, "미팅", 26, "입주사 소개", "공용 공간 관리", "",
     180, 5, "제안서"),
    ("카페 느티나무", CAFE, "마포", None, 310, "기회 발견", 11, "", "", "", None, None, ""),
    ("북카페 여백", CAFE, "종로", None, None, "기회 발견", 15, "", "", "", None, None, ""),
    ("카페 숨고르기", CAFE, "은평", None, 280, "미팅", 73, "", "매장 보수 할인", "", None, None, ""),
    ("으뜸공인중개사", ESTATE, "마포", None, 26, "실무자 접촉", 8, "잔금일 D-7 견적", "입주 전 점검 무료",
     "전월세 회전이 이 동네에서 가장 빠름", 260, 3, "제안서, 시나리오"),
    ("가온부동산", ESTATE, "영등포", None, 19, "미팅", 12, "빈집 작업", "수리 사진 보고", "", 150, 3, ""),
    ("햇살공인중개사", ESTATE, "강서", None, 19, "기회 발견", 4, "빈집 작업", "수리 사진 보고", "", 140, 3, ""),
    ("우리동네부동산", ESTATE, "구로", None, 8, "기회 발견", 13, "", "", "", None, None, ""),
    ("미래공인중개사", ESTATE, "동작", None, 14, "실무자 접촉", 41, "빈집 작업", "", "", 120, 4, "제안서"),
    ("온누리 관리사무소", APARTMENT, "송파", 1870, 40, "기획서 완성", 19, "안정된 물량", "하자 접수 창구 일원화",
     "우리 파트너 가운데 가장 큰 단지", 900, 15, "제안서, 시나리오, 기획서 확정 11/1"),
    ("공유오피스 모퉁이", CAFE, "강남", None, 1400, "개발 구축", 24, "입주사 소개", "예약 연동",
     "예약 창구를 앱에 붙임", 320, 20, "제안서, 시나리오, 기획서"),
    ("든든중개법인", ESTATE, "서초", None, 33, "QA 테스트", 6, "잔금일 알림", "사진 보고 연동", "중개 앱과 연동",
     480, 18, "제안서, 시나리오, 기획서, 데이터 연동 확인, 테스트 계정"),
)  # fmt: skip


def rows(story: Story) -> list[list[clerk.Cell]]:
    """The lines as the clerk has typed them."""
    rng = random.Random(SEED + 4)
    lines: list[list[clerk.Cell]] = []
    for n, one in enumerate(CANDIDATES):
        name, cluster, region, homes, moves, stage, days, ours, theirs, why, revenue, effort, evidence = one
        since = story.as_of - dt.timedelta(days) if days is not None else None
        status = "후보" if stage in ("기회 발견", "미팅", "실무자 접촉") else "진행"
        lines.append(
            [
                *(name, cluster, region, homes, moves, stage, clerk.day(rng, since, 0.85), STAFF[n % len(STAFF)]),
                *(ours or None, theirs or None, why or None),
                *(revenue * 10_000 if revenue else None, effort, evidence or None, status),
            ]
        )
    return lines
