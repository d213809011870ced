"""Who: the lists of partners and of customers, and the words offices write over their columns."""

from __future__ import annotations

from addin.crm.table_types import NOTE, Table, f, groups
from addin.crm.words import words

PARTNERS = Table("partners", "파트너", "Partners", (
    f("partner_id", "id", "파트너ID", "Partner ID", 3,
       "파트너id 파트너코드 파트너번호 업체코드 업체번호 거래처코드 거래처번호 제휴처코드 제휴번호 단지코드 "
       "partner_id partner_code account_id vendor_id company_id",
       weak="코드 관리번호 id code"),
    f("name", "text", "파트너명", "Partner", 2,
       "@partner",
       also="account account_name 지점 지점명 관리사무소명 기관 기관명",
       weak="이름 명칭 name"),
    f("cluster", "category", "클러스터", "Cluster", 2,
       "클러스터 파트너유형 파트너구분 업체유형 업체구분 거래처구분 제휴유형 업종 업태 cluster segment sector "
       "industry partner_type",
       also="유형 분류 그룹 group",
       weak="구분 종류 type category"),
    f("region", "text", "지역", "Region", 1,
       "지역 권역 소재지 시군구 행정구역 지역구 상권 region area territory office_location",
       also="주소 위치 address city location",
       weak="시 구 동 country"),
    f("households", "number", "세대수", "Households", 3,
       "세대수 총세대수 세대 가구수 세대규모 단지세대수 households units",
       also="규모"),
    f("stage", "category", "제휴단계", "Stage", 2,
       "제휴단계 협의단계 진행단계 단계 제휴진행단계 파트너단계 stage partner_stage",
       also="진행상황 진행현황",
       weak="진행"),
    f("stage_at", "instant", "단계변경일", "Stage since", 3,
       "단계변경@ 단계진입@ 단계이동@ stage_at stage_date stage_since",
       also="최근변경@ 상태변경@"),
    f("owner", "text", "우리 담당", "Our owner", 2,
       "우리담당 우리담당자 당사담당 당사담당자 자사담당 자사담당자 영업담당 영업담당자 내부담당자 관리담당 "
       "관리자 담당매니저 담당 owner account_owner our_owner account_manager",
       also="담당자 담당자명 매니저 manager"),
    f("contact", "text", "상대 담당자", "Their contact", 2,
       "담당자 담당자명 업체담당자 거래처담당자 파트너담당자 상대담당자 실무자 관리소장 소장 소장명 대표 "
       "대표자 대표자명 점주 원장 사장 contact contact_name contact_person",
       also="성명 성함",
       weak="이름"),
    f("phone", "phone", "연락처", "Phone", 1,
       "@phone 업체연락처 담당자연락처 담당자전화 담당자전화번호 담당연락처 대표번호 대표전화 사무실번호"),
    f("email", "email", "이메일", "E-mail", 1,
       "이메일 이메일주소 메일 메일주소 email e-mail mail"),
    f("business_no", "brn", "사업자번호", "Business no.", 3,
       "사업자번호 사업자등록번호 사업자no 사업자 등록번호 business_no business_number brn tax_id vat_no "
       "business_registration_number"),
    f("sla_minutes", "number", "확인기준(분)", "SLA minutes", 3,
       "sla sla분 확인기준 확인기준분 응답기준 응답기준분 응답약속 확인약속 확인sla sla_minutes sla_min"),
    f("same_day_target", "number", "당일방문 목표", "Same-day target", 3,
       "당일방문목표 당일방문율 당일방문기준 당일방문 당일방문약속 same_day_target same-day_target"),
    f("monthly_goal", "number", "월 목표", "Monthly goal", 3,
       "월목표 월거래목표 월목표건수 월간목표 목표건수 거래목표 월목표거래 monthly_goal monthly_target",
       also="목표"),
    f("contract_at", "instant", "제휴일", "Contract date", 2,
       "제휴@ 협약@ 계약@ 체결@ 제휴시작@ 거래시작@ 제휴체결@ 계약체결@ contract_date contract_at "
       "partner_since",
       also="등록@ 시작@ 거래개시일"),
    f("our_benefit", "text", "우리 이익", "Our benefit", 3,
       "우리이익 우리혜택 당사이익 당사혜택 자사이익 자사혜택 우리측이익 우리측혜택 당사이점 our_benefit"),
    f("their_benefit", "text", "상대 이익", "Their benefit", 3,
       "상대이익 상대혜택 파트너이익 파트너혜택 상대측이익 상대측혜택 제휴처혜택 제휴처이익 업체혜택 업체이익 "
       "their_benefit partner_benefit"),
    f("status", "category", "운영상태", "Status", 2,
       "상태 운영상태 거래상태 제휴상태 운영여부 거래여부 활성여부 계약상태 status",
       also="현황 진행상태",
       weak="비활성"),
    NOTE,
    f("turnover", "number", "회전", "Turnover", 1,
       "월회전 월회전수 전월세회전 전월세회전수 월입주건수 월이사건수 월방문객 월방문객수 "
       "monthly_turnover move_ins footfall",
       also="회전 회전수 월거래건수 전월세거래 전월세거래건수 월방문자수 turnover"),
    f("evidence", "text", "단계 증빙", "Stage evidence", 1,
       "단계증빙 단계근거 진행근거 stage_evidence",
       also="증빙 증빙자료 evidence"),
    f("case", "text", "제휴 이유", "Internal case", 1,
       "제휴이유 제휴사유 제휴배경 추진사유 추진배경 추진이유 business_case rationale",
       also="선정사유 선정이유"),
    f("expected_revenue", "money", "예상 매출", "Expected revenue", 1,
       "예상월매출 월예상매출 월예상매출액 expected_revenue",
       also="예상매출 예상매출액 기대매출 기대매출액"),
    f("effort", "number", "예상 공수(일)", "Effort in days", 1,
       "예상공수 예상공수일 투입공수 예상투입일 effort_days man_days",
       also="공수 공수일 effort"),
    f("approved_at", "instant", "최종 승인일", "Approved on", 1,
       "최종승인@ 결재@ 결재승인@ 결재완료@ 내부승인@ 제휴승인@ 대표승인@ 대표결재@ approved_at approved_on "
       "approval_date final_approval_date",
       also="승인@ 최종승인 결재"),
    f("approved", "category", "최종 승인", "Final approval", 1,
       "최종승인 최종승인여부 승인여부 결재여부 결재완료여부 내부승인 내부승인여부 제휴승인 대표승인 approved "
       "final_approval",
       also="승인 결재"),
), "partner_id",
   sheet_words=words("파트너 제휴처 제휴 업체 거래처 협력사 단지 partner account vendor"),
   needs=groups(
       "name partner_id",
       "cluster region households stage owner contact phone business_no sla_minutes monthly_goal contract_at "
       "our_benefit their_benefit status"))  # fmt: skip

CUSTOMERS = Table("customers", "고객", "Customers", (
    f("customer_id", "id", "고객번호", "Customer ID", 3,
       "고객번호 고객id 고객코드 회원번호 회원id customer_id client_id member_id contact_id",
       weak="번호 id"),
    f("name", "text", "고객명", "Customer", 1,
       "고객명 고객 고객성함 고객이름 회원명 회원 성명 성함 이름 customer customer_name client client_name "
       "full_name",
       also="name account 신청자 입주민"),
    f("phone", "phone", "연락처", "Phone", 1,
       "@phone 고객연락처 고객전화번호"),
    f("email", "email", "이메일", "E-mail", 1,
       "이메일 이메일주소 메일 메일주소 email e-mail mail"),
    f("persona", "category", "페르소나", "Persona", 3,
       "페르소나 고객유형 고객구분 고객등급 등급 세그먼트 persona customer_type segment",
       also="유형 분류",
       weak="구분"),
    f("service_kind", "category", "정기/맞춤", "Service kind", 3,
       "정기맞춤 정기/맞춤 서비스구분 이용구분 이용유형 정기여부 service_kind plan",
       also="구분"),
    f("joined_at", "instant", "가입일", "Joined", 2,
       "가입@ 회원가입@ 첫이용@ 최초이용@ 첫거래@ 최초거래@ 단골등록@ joined joined_at join_date signup_date "
       "signed_up_at customer_since",
       also="등록@ 시작@"),
    f("left_at", "instant", "이탈일", "Left", 3,
       "탈퇴@ 해지@ 이탈@ 해약@ left_at churned_at churn_date cancelled_at",
       also="종료@"),
    f("preference", "text", "선호", "Preference", 3,
       "선호 선호사항 취향 기호 선호도 preference preferences"),
    f("strategic", "flag", "전략고객", "Strategic", 3,
       "전략고객 전략고객여부 전략 vip vip여부 strategic"),
    NOTE,
), "customer_id",
   sheet_words=words("고객 회원 단골 입주민 customer client member contact"),
   needs=groups(
       "name customer_id",
       "phone email persona service_kind joined_at left_at preference strategic"))  # fmt: skip
