"""Who is in the demo's story: services with their prices, partners with how their year goes. All invented."""

from __future__ import annotations

from dataclasses import dataclass

CLUSTERS = ("아파트 단지", "카페·공유오피스", "부동산")
STAFF = ("김도윤", "이서연", "박지후", "최하린", "정민재")


@dataclass(frozen=True, slots=True)
class Service:
    """What is sold: price in won, how often it is asked for, what people write."""

    code: str
    name: str
    spec: str
    unit: str
    price: int
    weight: float
    words: tuple[str, ...]


SERVICES = (
    Service(
        "A01",
        "수전 교체",
        "주방·욕실 일반형",
        "개",
        92_000,
        15,
        ("주방 수전 누수", "욕실 수전 교체 요청", "온수 안 나옴"),
    ),
    Service(
        "A02", "조명 교체", "LED 방등·거실등", "개", 85_000, 13, ("거실등 깜빡임", "방등 LED 교체", "현관 센서등 고장")
    ),
    Service("A03", "콘센트·스위치", "2구 기준", "개", 48_000, 9, ("콘센트 불꽃", "스위치 불량", "벽 콘센트 추가")),
    Service(
        "B01",
        "누수 점검",
        "탐지 장비 포함",
        "회",
        165_000,
        10,
        ("천장 얼룩, 윗집 누수 의심", "보일러 배관 누수", "베란다 누수 점검"),
    ),
    Service(
        "B02", "실리콘·줄눈", "욕실 1칸", "칸", 128_000, 11, ("욕실 실리콘 곰팡이", "싱크대 실리콘", "줄눈 벌어짐")
    ),
    Service("B03", "타일 보수", "5장 이내", "식", 284_000, 6, ("욕실 타일 깨짐", "현관 타일 들뜸", "주방 벽타일")),
    Service("C01", "도배 부분보수", "방 1칸", "칸", 350_000, 8, ("벽지 찢어짐", "곰팡이 도배", "천장 도배 들뜸")),
    Service("C02", "문·손잡이", "방문 1짝", "짝", 76_000, 10, ("방문 안 닫힘", "손잡이 교체", "도어클로저 교체")),
    Service("C03", "방충망", "거실 기준", "개", 68_000, 6, ("방충망 찢어짐", "방충망 롤러 불량", "미세촘촘망 문의")),
    Service(
        "D01",
        "입주 전 점검",
        "30평 이하",
        "회",
        230_000,
        7,
        ("입주 전 하자점검", "잔금 전 점검 패키지", "빈집 점검+소형 보수"),
    ),
    Service(
        "D02",
        "욕실 부분시공",
        "세면대·양변기",
        "식",
        980_000,
        3,
        ("양변기·세면대 교체", "욕실 부분 리모델링", "세면대 파손"),
    ),
    Service("E01", "공용부 보수", "단지 공용부", "식", 640_000, 2, ("지하주차장 조명", "공동현관 도어", "경비실 누수")),
)


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as the team's list has it, and how its year goes (weight and after)."""

    code: str
    name: str
    cluster: str
    region: str
    households: int | None
    stage: str
    status: str
    contact: str
    business_no: str
    goal: int | None
    ours: str
    theirs: str
    sla: int | None = 10
    weight: float = 0.0
    price: float = 1.0
    fast: float = 0.955
    same_day: float = 0.99
    win: float = 0.52
    claim: float = 0.014
    silent_days: int = 0
    spellings: tuple[tuple[str, float], ...] = ()


APARTMENT, CAFE, ESTATE = CLUSTERS
RUNNING, CANDIDATE = "운영", "후보"
PARTNERS = (
    Partner(
        "P-01",
        "㈜한빛",
        APARTMENT,
        "마포",
        1240,
        "운영",
        RUNNING,
        "문가람 소장",
        "100-00-01371",
        20,
        "안정된 물량, 공용부 일감",
        "민원 처리 시간 단축, 월 1회 하자 보고서",
        weight=25,
        price=1.9,
        win=0.55,
        spellings=(("주식회사 한빛", 0.05), ("㈜ 한빛", 0.03)),
    ),
    Partner(
        "P-02",
        "푸른솔 2단지 관리사무소",
        APARTMENT,
        "은평",
        860,
        "운영",
        RUNNING,
        "배온유 과장",
        "100-00-02744",
        9,
        "단지 내 홍보 게시판",
        "당일 방문, 관리비 앱 쿠폰",
        weight=14,
        fast=0.52,
        same_day=0.84,
        spellings=(("푸른솔2단지 관리사무소", 0.05),),
    ),
    Partner(
        "P-03",
        "솔내음마을 3단지 관리사무소",
        APARTMENT,
        "서대문",
        640,
        "운영",
        RUNNING,
        "노을찬 소장",
        "100-00-04117",
        8,
        "세대 유상 수리",
        "하자 접수 창구 일원화",
        weight=12,
        claim=0.13,
        win=0.48,
    ),
    Partner(
        "P-04",
        "카페 온더코너 강남점",
        CAFE,
        "강남",
        None,
        "운영",
        RUNNING,
        "서하늘 점장",
        "100-00-05488",
        6,
        "주 1회 미니 수리 데모",
        "매장 보수 할인",
        weight=9,
        price=0.8,
        spellings=(("카페온더코너 강남점", 0.06),),
    ),
    Partner(
        "P-05",
        "카페 온더코너 서초점",
        CAFE,
        "서초",
        None,
        "운영",
        RUNNING,
        "유단비 점장",
        "100-00-06852",
        5,
        "주 1회 미니 수리 데모",
        "매장 보수 할인",
        weight=7,
        price=0.8,
    ),
    Partner(
        "P-06",
        "모아스페이스 성수",
        CAFE,
        "성동",
        None,
        "현장 테스트",
        RUNNING,
        "구슬아 매니저",
        "100-00-08227",
        6,
        "입주사 소개",
        "",
        weight=9,
        price=0.95,
        win=0.56,
    ),
    Partner(
        "P-07",
        "새봄공인중개사",
        ESTATE,
        "마포",
        None,
        "운영",
        RUNNING,
        "도예찬 대표",
        "100-00-09596",
        9,
        "잔금일 D-7 견적 고정",
        "입주 전 점검 무료",
        weight=11,
        price=1.05,
    ),
    Partner(
        "P-08",
        "둥지부동산",
        ESTATE,
        "은평",
        None,
        "운영",
        RUNNING,
        "명채이 대표",
        "100-00-10962",
        6,
        "빈집 작업",
        "수리 사진 보고",
        weight=8,
        price=1.05,
        same_day=0.9,
    ),
    Partner(
        "P-09",
        "열린공인중개사",
        ESTATE,
        "영등포",
        None,
        "운영",
        RUNNING,
        "표다솜 실장",
        "100-00-12335",
        4,
        "빈집 작업",
        "소개 수수료",
        sla=15,
        weight=5,
        silent_days=39,
    ),
    Partner(
        "P-10",
        "늘푸른 5단지 관리사무소",
        APARTMENT,
        "마포",
        720,
        "미팅",
        CANDIDATE,
        "감우리 소장",
        "",
        None,
        "",
        "",
        sla=None,
    ),
    Partner("P-11", "라운지 한평", CAFE, "용산", None, "기회 발견", CANDIDATE, "", "", None, "", "", sla=None),
)
