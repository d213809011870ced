"""What a stage cell means: won, lost or still open, and how far along; Korean and English, as teams write it."""

from __future__ import annotations

from functools import lru_cache

from addin.crm.words import header_key, words

#: A request's stages in order, and the words for each. The first word is the canonical spelling.
REQUEST_STAGES: dict[str, tuple[str, ...]] = {
    "received": words(
        "접수 신규 신청 문의 의뢰 대기 접수완료 신규접수 접수대기 미처리 미확인 확인전 prospecting new lead "
        "open received inquiry "
        "prospect qualification appointment_scheduled lead_in not_contacted attempted_to_contact uncontacted"
    ),
    "confirmed": words(
        "확인 상담 연락 확인완료 상담중 상담완료 연락완료 응답 배정 배정완료 접수확인 진행 진행중 처리중 "
        "engaging contacted "
        "qualified in_progress working confirmed needs_analysis contact_made contact_in_future qualified_to_buy "
        "pre_qualified value_proposition id_decision_makers perception_analysis"
    ),
    "proposed": words(
        "제안 견적 견적발송 견적완료 제안완료 견적중 제안중 협의 협의중 검토 검토중 협상 협상중 proposal "
        "proposed quoted quote_sent "
        "negotiation proposal_price_quote decision_maker_bought_in contract_sent proposal_made "
        "negotiations_started negotiation_review quotation"
    ),
    "visited": words(
        "방문 방문완료 방문예정 미팅 미팅예정 미팅완료 실측 실측완료 현장방문 방문예약 예약 예약완료 예약중 예약대기 "
        "visited visit_done scheduled demo demo_scheduled presentation_scheduled"
    ),
    "won": words(
        "수주 계약 결제 성사 계약완료 수주완료 결제완료 입금 입금완료 체결 계약체결 구매 구매완료 주문완료 확정 낙찰 "
        "성공 가입 가입완료 등록 등록완료 전환 확정완료 예약확정 구매확정 won closed_won paid sold converted "
        "customer signed"
    ),
    "completed": words(
        "완료 작업완료 시공완료 처리완료 서비스완료 배송완료 배달완료 조치완료 수리완료 종료 정산 정산완료 "
        "납품완료 이용완료 completed complete "
        "done delivered fulfilled"
    ),
}  # fmt: skip

LOST_WORDS: tuple[str, ...] = words(
    "취소 실주 거절 실패 미계약 미수주 취소됨 고객취소 접수취소 계약취소 이탈 불발 탈락 포기 미성사 미진행 반려 "
    "철회 무산 예약취소 주문취소 결제취소 취소완료 미등록 노쇼 반품 반품완료 환불 환불완료 계약불발 no_show refunded "
    "junk_lead lost_lead not_qualified "
    "lost closed_lost cancelled canceled rejected declined abandoned churned disqualified unqualified dropped"
)
#: Waiting, but neither won nor lost.
HOLD_WORDS: tuple[str, ...] = words("보류 연기 대기중 잠정보류 중지 hold on_hold paused stalled pending nurturing")
WON_WORDS: tuple[str, ...] = REQUEST_STAGES["won"] + REQUEST_STAGES["completed"]
OPEN_WORDS: tuple[str, ...] = (
    *(word for stage in ("received", "confirmed", "proposed", "visited") for word in REQUEST_STAGES[stage]),
    *HOLD_WORDS,
)

#: seed 001: a partnership's seven stages in order, then 운영 or 중단.
PARTNER_STAGES: tuple[str, ...] = (
    "기회 발견", "미팅", "실무자 접촉", "기획서 완성", "개발 구축", "QA 테스트", "현장 테스트", "운영", "중단",
)  # fmt: skip

#: What teams write for a partnership's stage beside its own name, by its place.
_PARTNER_WORDS: dict[int, tuple[str, ...]] = {
    0: words("기회 발굴 후보발굴 opportunity found prospecting"),
    1: words("첫미팅 미팅완료 미팅중 의사결정권자미팅 meeting first_meeting"),
    2: words("실무접촉 실무협의 실무미팅 실무자미팅 실무자협의 working_level working_contact"),
    3: words("기획 기획서 기획서작성 기획중 기획완료 plan planning plan_done"),
    4: words("개발 구축 개발중 연동 연동개발 build development building integration"),
    5: words("qa 테스트 qa중 qa_test"),
    6: words("현장 현장테스트중 필드테스트 파일럿 시범운영 field_test pilot"),
    7: words("운영중 운영시작 정식운영 running live active"),
    8: words("중단됨 제휴중단 종료 해지 stopped ended terminated"),
}

_KINDS = (("open", OPEN_WORDS), ("won", WON_WORDS), ("lost", LOST_WORDS))
_KIND = {header_key(word): kind for kind, group in _KINDS for word in group}
_RANK = {header_key(w): i for i, group in enumerate(REQUEST_STAGES.values()) for w in group}
_PARTNER_RANK = {header_key(word): i for i, stage in enumerate(PARTNER_STAGES) for word in (stage, *_PARTNER_WORDS[i])}


@lru_cache(maxsize=4096)
def stage_kind(text: str) -> str | None:
    """``won``, ``lost``, ``open``, or None for a word we don't know.

    >>> [stage_kind(t) for t in ("수주", "Closed Won", "고객 취소", "Engaging", "보류", "3단계")]
    ['won', 'won', 'lost', 'open', 'open', None]
    """
    return _KIND.get(header_key(text))


@lru_cache(maxsize=4096)
def stage_rank(text: str) -> int | None:
    """How far along, 0 = received … 5 = completed; None for lost, hold and unknown words.

    >>> [stage_rank(t) for t in ("Prospecting", "Engaging", "견적 발송", "Won", "Lost")]
    [0, 1, 2, 4, None]
    """
    return _RANK.get(header_key(text))


@lru_cache(maxsize=4096)
def partner_stage_rank(text: str) -> int | None:
    """A partnership stage's place among the seven of seed 001, then 운영 (7), 중단 (8).

    >>> partner_stage_rank("QA테스트"), partner_stage_rank("파일럿"), partner_stage_rank("견적")
    (5, 6, None)
    """
    return _PARTNER_RANK.get(header_key(text))
