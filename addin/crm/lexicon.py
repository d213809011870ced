"""Every header word we know, turned around: word → the fields it may name, and how surely."""

from __future__ import annotations

from functools import cache

from addin.crm.stages import stage_kind
from addin.crm.tables import TABLES
from addin.crm.words import header_key, words

#: How sure a header's word makes us, by the strength of the word (see `addin.crm.tables`).
STRONG, ALSO, WEAK = 1.0, 0.86, 0.6

#: Header words of columns that are no field of ours, so that they are headers and no misspelt field.
_OTHERS = words(
    "번호 no 순번 연번 nr 수량 개수 부가세 세액 미수금 미수 잔액 할인 할인액 할인율 나이 연령 성별 생년월일 "
    "생일 직급 부서 팀 직책 은행 계좌 "
    "계좌번호 우편번호 팩스 fax 홈페이지 사이트 url website 링크 사진 첨부 파일 서명 확인자 승인자 결재 "
    "접수방법 접수건수 의뢰건수 "
    "계약건수 수주건수 방문건수 건수 신청인원 인원 비율 비중 전환율 달성률 누계 평균 순위 재고 현재고 입고 출고 "
    "이월 차변 대변 "
    "동호수 동호 호수 평수 면적 층 차량번호 모델 브랜드 제조사 시작 끝 목표 실적 증감 year month quarter age "
    "gender id status employees "
    "revenue fax zip state series manager regional_office parent subsidiary_of 담당자연락처 담당연락처 요일 월 "
    "분기 연도 년도 상세주소 "
    "계약금 잔금 중도금 선금 착수금 수수료 수수료율 중개수수료 결제수수료 정산금액 정산예정금액 배달비 배송비 출장비 "
    "결제수단 결제방법 결제종류 카드종류 옵션 옵션정보 주소 배송지 우편번호 평형 학년 학교 반 제휴혜택 혜택 "
    "개인정보동의 동의여부 deal_name opportunity_name probability next_step currency lost_time lost_date "
    "modified_time last_modified last_modified_date last_activity last_activity_date last_contacted "
    "소요시간 응답시간분 처리시간 방문시간대 희망시간 부가세포함 공급대가"
)

#: Words of a store's stock list.
STOCK_WORDS = frozenset(
    header_key(w)
    for w in words(
        "재고 현재고 재고량 재고수량 입고 출고 입고량 출고량 입고수량 출고수량 안전재고 적정재고 기초재고 "
        "기말재고 전월재고 이월재고 "
        "실사재고 최소재고 최소수량 보관위치 입고일 출고일 발주점 stock on_hand qty_on_hand inventory "
        "reorder_level reorder_point"
    )
)


@cache
def fields_by_word() -> dict[str, tuple[tuple[str, str, float], ...]]:
    """Header key → (table id, field id, strength), in the order of the tables.

    >>> [(t, f, s) for t, f, s in fields_by_word()["접수일시"]]
    [('requests', 'received_at', 1.0), ('defects', 'found_at', 0.86)]
    """
    out: dict[str, dict[tuple[str, str], float]] = {}
    for table in TABLES:
        for field in table.fields:
            stem = field.id.removesuffix("_at")
            own = (field.id, field.ko, field.en, field.id if table.field(stem) else stem)
            for strength, group in ((STRONG, (*own, *field.synonyms)), (ALSO, field.also), (WEAK, field.weak)):
                for word in group:
                    found = out.setdefault(header_key(word), {})
                    found[table.id, field.id] = max(strength, found.get((table.id, field.id), 0.0))
    return {word: tuple((t, f, s) for (t, f), s in found.items()) for word, found in out.items()}


@cache
def _other_words() -> frozenset[str]:
    return frozenset(header_key(w) for w in _OTHERS) | STOCK_WORDS


@cache
def known(key: str) -> float:
    """How much a word is a header: 1 for a header word, ½ for one that is a stage's name too (접수, 확인), else 0.

    >>> known("접수일"), known("확인"), known("홍길동")
    (1.0, 0.5, 0.0)
    """
    if not key or (key not in fields_by_word() and key not in _other_words()):
        return 0.0
    return 0.5 if stage_kind(key) is not None else 1.0
