"""The CRM's tables and fields: ids, types, Korean and English names, and the words offices write over such a column.

Field ids are a door that stays put (people script against them). A field's type says how a cell is
read and how `addin.crm.records` stores it: ``text id phone email brn category instant money number flag refund``.

Words come in three strengths, used by `addin.crm.headers`:

``synonyms``  this is the column (접수일);
``also``      this is the column unless a better one stands beside it (견적금액 beside 수주금액);
``weak``      a general word, believed only with fitting content and no rival (날짜, 구분, 번호).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin.crm.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TYPES = ("text", "id", "phone", "email", "brn", "category", "instant", "money", "number", "flag", "refund")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table: id, type, names, header words by strength.

    ``weight`` is how much the column says about which table this is: 3 = only this table has it
    (세대수 → partners), 1 = nearly every list has it (비고, 연락처).
    """

    id: str
    type: str
    ko: str
    en: str
    synonyms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    weight: int = 2


@dataclass(frozen=True, slots=True)
class Table:
    """One CRM table: names, fields, key field, words for its sheet, and what a list must have to be it.

    ``needs``: groups of field ids; a list is this table only with at least one field of every group.
    """

    id: str
    ko: str
    en: str
    fields: tuple[Field, ...]
    key: str | None
    sheet_words: tuple[str, ...]
    needs: tuple[frozenset[str], ...]

    def field(self, id: str) -> Field | None:
        """The field with this id, None where the table has none."""
        return next((f for f in self.fields if f.id == id), None)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)


def _f(id: str, type: str, ko: str, en: str, weight: int, synonyms: str, also: str = "", weak: str = "") -> Field:
    """A field, its words written as in `addin.crm.words.words`: apart by spaces, 접수@ = every date header of 접수."""
    return Field(id, type, ko, en, words(synonyms), words(also), words(weak), weight)


def _groups(*groups: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(g.split()) for g in groups)


_NOTE = _f("note", "text", "비고", "Note", 1,
       "비고 비고란 메모 특이사항 참고 참고사항 note notes memo remark remarks comment comments",
       also="기타 기타사항 기타문의사항 기타문의 요청사항 전달사항 상세내용 문의내용",
       weak="내용 설명 description detail details")  # fmt: skip

PARTNERS = Table("partners", "파트너", "Partners", (
    _f("partner_id", "id", "파트너ID", "Partner ID", 3,
       "파트너id 파트너코드 파트너번호 업체코드 업체번호 거래처코드 거래처번호 제휴처코드 제휴번호 단지코드 "
       "partner_id partner_code account_id vendor_id company_id",
       weak="코드 관리번호 id code"),
    _f("name", "text", "파트너명", "Partner", 2,
       "@partner",
       also="account account_name 지점 지점명 관리사무소명 기관 기관명",
       weak="이름 명칭 name"),
    _f("cluster", "category", "클러스터", "Cluster", 2,
       "클러스터 파트너유형 파트너구분 업체유형 업체구분 거래처구분 제휴유형 업종 업태 cluster segment sector "
       "industry partner_type",
       also="유형 분류 그룹 group",
       weak="구분 종류 type category"),
    _f("region", "text", "지역", "Region", 1,
       "지역 권역 소재지 시군구 행정구역 지역구 상권 region area territory office_location",
       also="주소 위치 address city location",
       weak="시 구 동 country"),
    _f("households", "number", "세대수", "Households", 3,
       "세대수 총세대수 세대 가구수 세대규모 단지세대수 households units",
       also="규모"),
    _f("stage", "category", "제휴단계", "Stage", 2,
       "제휴단계 협의단계 진행단계 단계 제휴진행단계 파트너단계 stage partner_stage",
       also="진행상황 진행현황",
       weak="진행"),
    _f("stage_at", "instant", "단계변경일", "Stage since", 3,
       "단계변경@ 단계진입@ 단계이동@ stage_at stage_date stage_since",
       also="최근변경@ 상태변경@"),
    _f("owner", "text", "우리 담당", "Our owner", 2,
       "우리담당 우리담당자 당사담당 당사담당자 자사담당 자사담당자 영업담당 영업담당자 내부담당자 관리담당 "
       "관리자 담당매니저 담당 owner account_owner our_owner account_manager",
       also="담당자 담당자명 매니저 manager"),
    _f("contact", "text", "상대 담당자", "Their contact", 2,
       "담당자 담당자명 업체담당자 거래처담당자 파트너담당자 상대담당자 실무자 관리소장 소장 소장명 대표 "
       "대표자 대표자명 점주 원장 사장 contact contact_name contact_person",
       also="성명 성함",
       weak="이름"),
    _f("phone", "phone", "연락처", "Phone", 1,
       "@phone 업체연락처 담당자연락처 담당자전화 담당자전화번호 담당연락처 대표번호 대표전화 사무실번호"),
    _f("email", "email", "이메일", "E-mail", 1,
       "이메일 이메일주소 메일 메일주소 email e-mail mail"),
    _f("business_no", "brn", "사업자번호", "Business no.", 3,
       "사업자번호 사업자등록번호 사업자no 사업자 등록번호 business_no business_number brn tax_id vat_no "
       "business_registration_number"),
    _f("sla_minutes", "number", "확인기준(분)", "SLA minutes", 3,
       "sla sla분 확인기준 확인기준분 응답기준 응답기준분 응답약속 확인약속 확인sla sla_minutes sla_min"),
    _f("same_day_target", "number", "당일방문 목표", "Same-day target", 3,
       "당일방문목표 당일방문율 당일방문기준 당일방문 당일방문약속 same_day_target same-day_target"),
    _f("monthly_goal", "number", "월 목표", "Monthly goal", 3,
       "월목표 월거래목표 월목표건수 월간목표 목표건수 거래목표 월목표거래 monthly_goal monthly_target",
       also="목표"),
    _f("contract_at", "instant", "제휴일", "Contract date", 2,
       "제휴@ 협약@ 계약@ 체결@ 제휴시작@ 거래시작@ 제휴체결@ 계약체결@ contract_date contract_at "
       "partner_since",
       also="등록@ 시작@ 거래개시일"),
    _f("our_benefit", "text", "우리 이익", "Our benefit", 3,
       "우리이익 우리혜택 당사이익 당사혜택 자사이익 자사혜택 우리측이익 우리측혜택 당사이점 our_benefit"),
    _f("their_benefit", "text", "상대 이익", "Their benefit", 3,
       "상대이익 상대혜택 파트너이익 파트너혜택 상대측이익 상대측혜택 제휴처혜택 제휴처이익 업체혜택 업체이익 "
       "their_benefit partner_benefit"),
    _f("status", "category", "운영상태", "Status", 2,
       "상태 운영상태 거래상태 제휴상태 운영여부 거래여부 활성여부 계약상태 status",
       also="현황 진행상태",
       weak="비활성"),
    _NOTE,
    _f("turnover", "number", "회전", "Turnover", 1,
       "월회전 월회전수 전월세회전 전월세회전수 월입주건수 월이사건수 월방문객 월방문객수 "
       "monthly_turnover move_ins footfall",
       also="회전 회전수 월거래건수 전월세거래 전월세거래건수 월방문자수 turnover"),
    _f("evidence", "text", "단계 증빙", "Stage evidence", 1,
       "단계증빙 단계근거 진행근거 stage_evidence",
       also="증빙 증빙자료 evidence"),
    _f("case", "text", "제휴 이유", "Internal case", 1,
       "제휴이유 제휴사유 제휴배경 추진사유 추진배경 추진이유 business_case rationale",
       also="선정사유 선정이유"),
    _f("expected_revenue", "money", "예상 매출", "Expected revenue", 1,
       "예상월매출 월예상매출 월예상매출액 expected_revenue",
       also="예상매출 예상매출액 기대매출 기대매출액"),
    _f("effort", "number", "예상 공수(일)", "Effort in days", 1,
       "예상공수 예상공수일 투입공수 예상투입일 effort_days man_days",
       also="공수 공수일 effort"),
), "partner_id",
   sheet_words=words("파트너 제휴처 제휴 업체 거래처 협력사 단지 partner account vendor"),
   needs=_groups(
       "name partner_id",
       "cluster region households stage owner contact phone business_no sla_minutes monthly_goal contract_at "
       "our_benefit their_benefit status"))  # fmt: skip

REQUESTS = Table("requests", "의뢰", "Requests", (
    _f("request_id", "id", "접수번호", "Request ID", 3,
       "접수번호 접수no 접수id 의뢰번호 의뢰id 주문번호 주문id 신청번호 신청id 문의번호 예약번호 요청번호 "
       "건번호 티켓번호 딜번호 계약번호 as번호 상담번호 상담id 콜번호 job_id job_no ticket_no case_no "
       "request_id request_no order_id order_no opportunity_id deal_id lead_id "
       "ticket_id case_id",
       also="관리번호 일련번호 record_id",
       weak="번호 no id 코드 순번 연번"),
    _f("partner", "text", "파트너", "Partner", 1,
       "@partner 의뢰처 소개처 발주처 접수처",
       also="account account_name associated_company 지점 지점명 현장 현장명 site site_name "
            "파트너id 파트너코드 파트너번호 업체코드 업체번호 거래처코드 거래처번호 제휴처코드 "
            "partner_id partner_code"),
    _f("assignee", "text", "담당", "Assignee", 1,
       "담당 담당자 담당자명 담당기사 기사 기사명 작업자 작업기사 처리자 처리담당 영업담당 영업담당자 시공자 "
       "시공기사 배정기사 방문기사 처리기사 수리기사 담당엔지니어 배정자 technician_name tech assignee "
       "assigned_to owner sales_agent sales_rep sales_person "
       "salesperson agent technician deal_owner opportunity_owner lead_owner",
       also="매니저 코치 강사 상담원 상담사 상담자 접수자 접수담당 접수담당자 상담담당 직원 rep manager staff"),
    _f("customer", "text", "고객", "Customer", 1,
       "고객 고객명 고객성함 고객이름 신청자 신청자명 신청인 의뢰인 의뢰자 의뢰고객 입주민 입주자 세대주 "
       "주문자 주문자명 예약자 예약자명 고객닉네임 구매자 구매자명 회원명 문의자 요청자 학생명 학생 원생명 원생 "
       "수강생 수강생명 "
       "학부모 학부모명 보호자 보호자명 세입자 임차인 의뢰인명 입주자명 입주민명 customer customer_name client "
       "client_name buyer lead_name requester",
       also="성함 성명 이름 contact contact_name contact_person associated_contact 계약자 이용자 고객사 account "
            "account_name full_name "
            "고객번호 고객id 고객코드 회원번호 회원id customer_id client_id member_id contact_id",
       weak="name"),
    _f("phone", "phone", "연락처", "Phone", 1,
       "@phone 고객연락처 고객전화 고객전화번호 고객휴대폰 신청자연락처"),
    _f("source", "category", "유입경로", "Source", 3,
       "유입경로 경로 유입채널 채널 유입 접수경로 접수채널 신청경로 문의경로 문의채널 알게된경로 알게되신경로 "
       "어떻게알고오셨나요 방문경로 매체 "
       "광고매체 source lead_source channel utm_source acquisition_channel marketing_channel",
       also="출처 접수방법 신청방법 medium origin"),
    _f("service", "category", "서비스", "Service", 1,
       "서비스 서비스명 서비스종류 서비스구분 상품 상품명 품목 작업종류 작업구분 의뢰종류 의뢰유형 시공종류 "
       "공사종류 시공항목 제품 제품명 프로그램 service service_type product product_name job_type",
       also="서비스항목 작업내용 의뢰내용 신청내용 시공내용 공사내용 작업 항목 과정 종류 유형 item",
       weak="구분 type category"),
    _f("received_at", "instant", "접수일시", "Received", 3,
       "접수@ 신청@ 의뢰@ 문의@ 상담시작@ 상담접수@ 상담신청@ 요청@ 인입@ 유입@ 접수 received received_at "
       "received_date request_date "
       "requested_at inquiry_date engage_date lead_date created created_at created_date create_date "
       "date_created submitted_at opened_at open_date received_time created_time deal_created lead_created added_on "
       "add_time",
       also="등록@ 주문@ 작성@ 생성@ 타임스탬프 timestamp order_date ordered_at 상담일 상담일자",
       weak="날짜 일자 일시 날@ date day 시작일 start_date"),
    _f("confirmed_at", "instant", "확인일시", "Confirmed", 3,
       "확인@ 최초응답@ 첫응답@ 응답@ 회신@ 답변@ 최초연락@ 첫연락@ 콜백@ 접수확인@ 최초확인@ 연락완료@ "
       "1차연락@ 최초응답 첫응답 회신 확인 confirmed confirmed_at first_response first_response_at first_reply "
       "responded_at acknowledged_at contacted_at first_contact replied_at",
       also="연락@ 배정@ 통화@ 연락"),
    _f("proposed_at", "instant", "제안일", "Proposed", 3,
       "견적@ 견적발송@ 견적제출@ 견적송부@ 견적안내@ 제안@ 제안발송@ 제안서발송@ 제안제출@ 견적발송 제안 "
       "proposed proposed_at proposal_date proposal_sent quoted quoted_at quote_date quote_sent",
       also="견적"),
    _f("visited_at", "instant", "방문일시", "Visited", 3,
       "방문@ 실방문@ 방문완료@ 현장방문@ 실측@ 출동@ 현장확인@ 방문 실방문 visited visited_at visit_date "
       "visit_at site_visit",
       also="점검@ 미팅@"),
    _f("won_at", "instant", "수주일", "Won", 3,
       "수주@ 계약@ 성사@ 체결@ 계약체결@ 수주확정@ 계약확정@ won won_at won_date closed_won_date "
       "contract_date signed_at order_won_date won_time",
       also="계약 수주 계약완료 결제@ 결제완료@ 입금@ 입금완료@ 구매@ 판매@ 확정@ 주문확정@ paid_at paid "
            "payment_date paid_date "
            "purchase_date conversion_date",
       weak="등록@ 가입@"),
    _f("completed_at", "instant", "완료일", "Completed", 3,
       "완료@ 작업완료@ 시공완료@ 처리완료@ 서비스완료@ 종료@ 종결@ 준공@ completed completed_at "
       "상담종료@ completion_date closed_at close_date closed_date closing_date finished_at resolved_at date_closed",
       also="완료 시공완료 작업완료 작업@ 시공@ 배달@ 납품@ 처리@ 서비스@ end_date delivered_at",
       weak="마감일 마감일자"),
    _f("stage", "category", "진행상태", "Stage", 2,
       "진행상태 상태 단계 진행단계 처리현황 진행현황 처리상태 진행상황 처리단계 영업단계 계약단계 상담상태 "
       "접수상태 예약상태 주문상태 의뢰상태 신청상태 작업상태 시공상태 상담단계 stage status deal_stage "
       "sales_stage pipeline_stage opportunity_stage lead_status order_status",
       also="처리결과 결과 진행결과 상담결과 방문결과 현황 계약여부 수주여부 성사여부 등록여부 계약유무 완료여부 "
            "결제상태 state progress",
       weak="진행 입금여부 결제여부 paid"),
    _f("amount", "money", "금액", "Amount", 2,
       "금액 수주금액 수주액 계약금액 계약액 매출 매출액 매출금액 판매금액 판매액 거래금액 거래액 주문금액 "
       "확정금액 최종금액 공급가액 amount close_value deal_value deal_amount revenue sales sales_amount "
       "order_amount contract_value opportunity_amount net_amount",
       also="결제금액 결제액 입금액 입금금액 견적금액 견적가 견적액 제안금액 예상금액 합계 합계금액 총액 "
            "총금액 총주문금액 총결제금액 총매출 수강료 교육비 시공금액 시공비 작업금액 공사금액 서비스금액 "
            "quote_amount total total_amount value",
       weak="가격 단가 price 견적"),
    _f("cost", "money", "원가", "Cost", 2,
       "원가 매입가 매입금액 시공원가 작업원가 재료비 자재비 인건비 외주비 기사비 cost cogs job_cost",
       also="비용 지출 expense"),
    _f("refund", "refund", "환불", "Refund", 3,
       "환불 환불액 환불금액 환불여부 환불금 취소환불 refund refunded refund_amount"),
    _f("claim", "flag", "클레임", "Claim", 3,
       "클레임 클레임여부 클레임내용 클레임접수 불만 불만여부 불만접수 컴플레인 민원 민원여부 claim complaint "
       "complaints",
       also="하자 하자여부"),
    _f("lost_reason", "text", "실주 사유", "Lost reason", 3,
       "실주사유 취소사유 거절사유 미계약사유 실패사유 불발사유 이탈사유 미성사사유 미진행사유 탈락사유 "
       "lost_reason loss_reason cancel_reason cancellation_reason close_reason closed_lost_reason",
       weak="사유 reason"),
    _f("event_at", "instant", "이용 예정일", "Event date", 2,
       "행사@ 잔금@ 입주@ 이사@ 예식@ 촬영@ 대관@ 이용예정@ 이용@ 입주예정@ event_date event_at move-in_date "
       "move_in_date",
       also="희망@ 희망방문@ 희망작업@ 방문예정@ 방문희망@ 작업예정@ 시공예정@ 예정@ 예약@ 시공희망@ due_date "
            "requested_date 예상계약일 expected_close_date"),
    _f("referrer", "text", "추천인", "Referrer", 3,
       "추천인 추천자 소개자 소개인 소개고객 소개 referrer referred_by referral",
       weak="지인"),
    _f("no_show", "flag", "노쇼", "No-show", 3,
       "노쇼 노쇼여부 no_show no-show noshow",
       also="부재 부재여부"),
    _f("discount_asked", "flag", "할인 요구", "Discount asked", 3,
       "할인요구 할인요청 할인요청여부 네고 네고요청 가격흥정 할인문의 discount_asked discount_requested"),
    _f("bypass", "flag", "직거래 시도", "Bypass", 3,
       "직거래 직거래시도 직거래요구 직거래여부 우회거래 bypass",
       also="우회"),
    _f("rework", "flag", "재방문", "Rework", 3,
       "재방문 재방문여부 재작업 재작업여부 재시공 재출동 as여부 a/s여부 as a/s as접수 rework redo "
       "warranty_visit",
       also="하자보수 as내용"),
    _f("membership_at", "instant", "멤버십 가입일", "Joined membership", 3,
       "멤버십@ 멤버십가입@ 단골등록@ 단골가입@ 단골@ 정기전환@ 구독시작@ 회원가입@ 멤버십가입 membership_at "
       "membership_date joined_membership",
       also="가입@"),
    _f("satisfaction", "number", "만족도", "Satisfaction", 2,
       "만족도 고객만족도 평점 별점 후기점수 만족도점수 satisfaction rating csat nps stars",
       also="점수 평가 score"),
    _NOTE,
), "request_id",
   sheet_words=words("의뢰 접수 신청 주문 문의 예약 리드 딜 영업 상담 계약 수주 매출 파이프라인 설문지응답 "
                      "request order lead deal pipeline opportunit sales"),
   needs=_groups(
       "received_at confirmed_at proposed_at visited_at won_at completed_at stage request_id",
       "partner customer phone service amount"))  # fmt: skip

CUSTOMERS = Table("customers", "고객", "Customers", (
    _f("customer_id", "id", "고객번호", "Customer ID", 3,
       "고객번호 고객id 고객코드 회원번호 회원id customer_id client_id member_id contact_id",
       weak="번호 id"),
    _f("name", "text", "고객명", "Customer", 1,
       "고객명 고객 고객성함 고객이름 회원명 회원 성명 성함 이름 customer customer_name client client_name "
       "full_name",
       also="name account 신청자 입주민"),
    _f("phone", "phone", "연락처", "Phone", 1,
       "@phone 고객연락처 고객전화번호"),
    _f("email", "email", "이메일", "E-mail", 1,
       "이메일 이메일주소 메일 메일주소 email e-mail mail"),
    _f("persona", "category", "페르소나", "Persona", 3,
       "페르소나 고객유형 고객구분 고객등급 등급 세그먼트 persona customer_type segment",
       also="유형 분류",
       weak="구분"),
    _f("service_kind", "category", "정기/맞춤", "Service kind", 3,
       "정기맞춤 정기/맞춤 서비스구분 이용구분 이용유형 정기여부 service_kind plan",
       also="구분"),
    _f("joined_at", "instant", "가입일", "Joined", 2,
       "가입@ 회원가입@ 첫이용@ 최초이용@ 첫거래@ 최초거래@ 단골등록@ joined joined_at join_date signup_date "
       "signed_up_at customer_since",
       also="등록@ 시작@"),
    _f("left_at", "instant", "이탈일", "Left", 3,
       "탈퇴@ 해지@ 이탈@ 해약@ left_at churned_at churn_date cancelled_at",
       also="종료@"),
    _f("preference", "text", "선호", "Preference", 3,
       "선호 선호사항 취향 기호 선호도 preference preferences"),
    _f("strategic", "flag", "전략고객", "Strategic", 3,
       "전략고객 전략고객여부 전략 vip vip여부 strategic"),
    _NOTE,
), "customer_id",
   sheet_words=words("고객 회원 단골 입주민 customer client member contact"),
   needs=_groups(
       "name customer_id",
       "phone email persona service_kind joined_at left_at preference strategic"))  # fmt: skip

STEP_COUNTS = Table("step_counts", "단계수", "StepCounts", (
    _f("week", "text", "주", "Week", 2,
       "주 주차 주간 주시작일 week week_start iso_week",
       also="날짜 일자 일시 기간 date"),
    _f("step", "category", "단계", "Step", 2,
       "단계 스텝 퍼널단계 퍼널 step funnel_step",
       also="지표 stage"),
    _f("count", "number", "수", "Count", 2,
       "수 인원 인원수 명수 도달수 count reached users",
       also="건수 값 방문자수 number"),
    _f("partner", "text", "파트너", "Partner", 1,
       "@partner",
       also="account"),
), None,
   sheet_words=words("단계수 퍼널수 퍼널집계 stepcount step_count funnel"),
   needs=_groups("week", "step", "count"))  # fmt: skip

SPEND = Table("spend", "비용", "Spend", (
    _f("spent_at", "instant", "지출일", "Spent on", 2,
       "지출@ 집행@ 비용@ 지급@ 사용@ 광고집행@ spent_at spend_date expense_date",
       also="날짜 일자 일시 결제@ date 월 month"),
    _f("partner", "text", "파트너", "Partner", 1,
       "@partner",
       also="account vendor"),
    _f("item", "text", "항목", "Item", 2,
       "지출항목 비용항목 비목 지출내역 계정과목 비용구분 expense_item expense_type",
       also="항목 내역 적요 용도 매체 구분 계정 item category",
       weak="내용 description"),
    _f("amount", "money", "금액", "Amount", 2,
       "지출금액 지출액 집행금액 집행액 광고비 마케팅비 사용금액 비용금액 비용 지출 spend expense cost",
       also="금액 합계 amount"),
), None,
   sheet_words=words("비용 지출 광고비 마케팅비 경비 spend expense cost"),
   needs=_groups("spent_at", "amount"))  # fmt: skip

ACTIVITIES = Table("activities", "활동", "Activities", (
    _f("acted_at", "instant", "활동일시", "Acted", 2,
       "활동@ 접촉@ 미팅@ 통화@ 연락@ 면담@ 상담@ acted_at activity_date contacted_at meeting_date call_date",
       also="날짜 일자 일시 방문@ date"),
    _f("partner", "text", "파트너", "Partner", 1,
       "@partner",
       also="account"),
    _f("request", "id", "접수번호", "Request ID", 1,
       "접수번호 의뢰번호 주문번호 관련의뢰 관련접수 request_id order_id deal_id opportunity_id"),
    _f("customer", "text", "고객", "Customer", 1,
       "고객 고객명 customer customer_name client",
       also="성명"),
    _f("kind", "category", "활동 유형", "Kind", 3,
       "활동유형 활동구분 활동종류 활동 연락방법 접촉방법 접촉유형 연락수단 activity activity_type kind",
       also="방법 유형 종류 구분 type"),
    _f("text", "text", "활동 내용", "What", 3,
       "활동내용 상담내용 미팅내용 통화내용 면담내용 회의내용 협의내용 활동기록",
       also="내용 메모 비고 note notes description"),
    _f("next_at", "instant", "다음 일정", "Next", 3,
       "다음연락@ 다음활동@ 다음미팅@ 다음방문@ 차기방문@ 차기미팅@ 재방문예정@ 후속@ 차기@ 다음@ 후속연락@ "
       "다음일정 차기일정 "
       "후속일정 next_at next_date "
       "next_contact follow_up follow-up_date"),
), None,
   sheet_words=words("활동 미팅 연락이력 상담이력 상담일지 활동기록 활동일지 방문기록 방문일지 영업일지 접촉 "
                     "업무일지 "
                     "activit meeting call_log"),
   needs=_groups("acted_at", "partner customer request", "kind text next_at"))  # fmt: skip

PRICE_LIST = Table("price_list", "가격표", "PriceList", (
    _f("code", "id", "품목코드", "Code", 2,
       "품목코드 상품코드 제품코드 품번 sku product_code item_code product_id",
       also="코드 code",
       weak="번호"),
    _f("name", "text", "품목", "Item", 1,
       "품목 품명 품목명 상품 상품명 제품 제품명 서비스명 서비스 작업명 시공항목 항목 항목명 product "
       "product_name item item_name service",
       also="작업내용 작업 내용 구분",
       weak="이름 name"),
    _f("spec", "text", "규격", "Spec", 2,
       "규격 사양 스펙 spec specification",
       also="size series 옵션"),
    _f("unit", "text", "단위", "Unit", 2,
       "단위 unit uom"),
    _f("unit_price", "money", "단가", "Unit price", 3,
       "단가 표준단가 판매단가 판매가 판매가격 정가 가격 요금 표준가 이용요금 unit_price price sales_price "
       "list_price rate",
       also="금액 공급가 비용"),
    _f("tax", "category", "과세", "Tax", 1,
       "과세 과세구분 과세여부 부가세 부가세구분 세금 vat tax"),
), "code",
   sheet_words=words("가격표 단가표 요금표 가격 단가 요금 price product"),
   needs=_groups("name code", "unit_price"))  # fmt: skip

QUOTES = Table("quotes", "견적", "Quotes", (
    _f("quote_id", "id", "견적번호", "Quote ID", 3,
       "견적번호 견적서번호 견적no 견적id quote_id quote_no",
       weak="번호"),
    _f("request", "id", "접수번호", "Request ID", 1,
       "접수번호 의뢰번호 주문번호 신청번호 request_id order_id deal_id"),
    _f("partner", "text", "파트너", "Partner", 1,
       "@partner",
       also="account"),
    _f("customer", "text", "고객", "Customer", 1,
       "고객 고객명 수신 수신처 수신인 customer client bill_to"),
    _f("issued_at", "instant", "견적일", "Issued", 2,
       "견적@ 발행@ 견적발행@ 작성@ 견적작성@ issued_at issue_date quote_date",
       also="날짜 일자 일시"),
    _f("valid_until", "instant", "유효기한", "Valid until", 3,
       "유효@ 유효기간@ 유효기간 유효기한 견적유효기간 유효기일 valid_until expiry_date expires_at"),
    _f("status", "category", "견적상태", "Status", 1,
       "견적상태 상태 진행상태 quote_status status",
       also="결과"),
    _f("total", "money", "견적금액", "Total", 2,
       "견적금액 견적액 견적총액 견적합계 quote_amount quote_total",
       also="합계 합계금액 총액 금액 total amount"),
), "quote_id",
   sheet_words=words("견적대장 견적목록 견적서목록 견적 quote"),
   needs=_groups("quote_id valid_until", "total issued_at"))  # fmt: skip

QUOTE_LINES = Table("quote_lines", "견적품목", "QuoteLines", (
    _f("quote_id", "id", "견적번호", "Quote ID", 3,
       "견적번호 견적서번호 견적no 견적id quote_id quote_no"),
    _f("code", "id", "품목코드", "Code", 1,
       "품목코드 상품코드 제품코드 품번 product_code item_code sku",
       also="코드"),
    _f("name", "text", "품목", "Item", 1,
       "품목 품명 품목명 상품명 제품명 서비스명 항목 item product item_name",
       also="내역 내용"),
    _f("spec", "text", "규격", "Spec", 2,
       "규격 사양 스펙 spec"),
    _f("unit", "text", "단위", "Unit", 2,
       "단위 unit uom"),
    _f("quantity", "number", "수량", "Quantity", 2,
       "수량 개수 물량 quantity qty"),
    _f("unit_price", "money", "단가", "Unit price", 2,
       "단가 판매단가 unit_price price",
       also="금액 공급가액 amount"),
    _f("tax", "category", "과세", "Tax", 1,
       "과세 과세구분 부가세 세액 vat tax"),
    _NOTE,
), None,
   sheet_words=words("견적품목 견적내역 견적상세 quoteline quote_line quote_line"),
   needs=_groups("quote_id", "name code", "quantity unit_price"))  # fmt: skip

DEFECTS = Table("defects", "하자", "Defects", (
    _f("defect_id", "id", "하자번호", "Defect ID", 3,
       "하자번호 하자접수번호 하자id defect_id issue_id",
       weak="번호"),
    _f("partner", "text", "파트너", "Partner", 1,
       "@partner",
       also="account"),
    _f("place", "text", "위치", "Place", 2,
       "하자위치 하자부위 하자장소 동호수 동호 세대호수 place unit_no",
       also="위치 장소 부위 호수 location"),
    _f("found_at", "instant", "발견일", "Found", 3,
       "발견@ 하자접수@ 하자발견@ 하자발생@ 발생@ found_at found_date reported_at",
       also="접수@ 날짜 일자 일시"),
    _f("fixed_at", "instant", "보수일", "Fixed", 3,
       "보수@ 조치@ 보수완료@ 조치완료@ 수리@ 하자보수@ 수리완료@ fixed_at fixed_date repaired_at",
       also="완료@ 처리@ 처리완료@"),
    _f("text", "text", "하자 내용", "Defect", 3,
       "하자내용 하자 하자내역 하자유형 하자종류 하자사항 증상 defect issue",
       also="내용 상세내용 description"),
), "defect_id",
   sheet_words=words("하자 하자접수 하자대장 하자보수 defect"),
   needs=_groups("found_at fixed_at defect_id", "text place defect_id"))  # fmt: skip

EXPERIMENTS = Table("experiments", "실험", "Experiments", (
    _f("experiment_id", "id", "실험번호", "Experiment ID", 3,
       "실험번호 실험id experiment_id",
       weak="번호 id no"),
    _f("step", "category", "병목 단계", "Step", 2,
       "병목 병목단계 대상단계 bottleneck constraint",
       also="단계 step"),
    _f("cause", "text", "원인", "Cause", 3,
       "원인 근본원인 문제원인 root_cause cause"),
    _f("solution", "text", "해결책", "Solution", 3,
       "해결책 해결방안 해결안 가설 실험내용 개선안 solution hypothesis",
       also="대책"),
    _f("started_at", "instant", "시작일", "Started", 1,
       "시작@ 실험시작@ started_at start_date",
       also="날짜 일자 일시"),
    _f("ended_at", "instant", "종료일", "Ended", 1,
       "종료@ 실험종료@ ended_at end_date"),
    _f("before", "number", "전", "Before", 3,
       "전 실험전 개선전 적용전 before baseline"),
    _f("after", "number", "후", "After", 3,
       "후 실험후 개선후 적용후 after"),
    _f("verdict", "category", "판정", "Verdict", 2,
       "판정 결론 verdict conclusion",
       also="결과 result"),
), "experiment_id",
   sheet_words=words("실험 실험기록 experiment"),
   needs=_groups("cause solution experiment_id", "before after verdict step"))  # fmt: skip


#: Every table, in the order of the contract.
TABLES: tuple[Table, ...] = (
    PARTNERS, REQUESTS, CUSTOMERS, STEP_COUNTS, SPEND, ACTIVITIES, PRICE_LIST,
    QUOTES, QUOTE_LINES, DEFECTS, EXPERIMENTS,
)  # fmt: skip

#: Other names people use for a field id in ``--map``, ``--steps`` and ``--by``.
FIELD_ALIASES: dict[str, str] = {
    "intake": "received_at", "received": "received_at", "confirm": "confirmed_at", "confirmed": "confirmed_at",
    "proposal": "proposed_at", "proposed": "proposed_at", "visit": "visited_at", "visited": "visited_at",
    "won": "won_at", "paid": "won_at", "order": "won_at", "completed": "completed_at", "closed": "completed_at",
    "touch": "acted_at", "revenue": "amount", "membership": "membership_at", "product": "service",
    "agent": "assignee",
}  # fmt: skip


def table(id: str) -> Table | None:
    """The table with this id (or Korean or English name), None where there is none.

    >>> table("requests").ko, table("파트너").id
    ('의뢰', 'partners')
    """
    wanted = id.strip().casefold()
    return next((t for t in TABLES if wanted in (t.id, t.ko, t.en.casefold())), None)


def fields_named(text: str, tables: Iterable[Table] = TABLES) -> list[tuple[Table, Field]]:
    """Every field a person may mean by an id, an alias, or a Korean or English name, in table order.

    >>> [(t.id, f.id) for t, f in fields_named("접수일시")]
    [('requests', 'received_at')]
    >>> [(t.id, f.id) for t, f in fields_named("visit")]
    [('requests', 'visited_at')]
    """
    wanted = _plain(text)
    tables = tuple(tables)
    by_id = [(t, f) for t in tables for f in t.fields if f.id == wanted]
    if by_id:
        return by_id
    by_name = [(t, f) for t in tables for f in t.fields if wanted in (_plain(f.ko), _plain(f.en))]
    if by_name:
        return by_name
    alias = FIELD_ALIASES.get(wanted)
    return [(t, f) for t in tables for f in t.fields if f.id == alias] if alias else []


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
