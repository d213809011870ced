"""The list of requests, one row each, and the words offices write over its columns."""

from __future__ import annotations

from addin.crm.table_types import NOTE, Table, f, groups
from addin.crm.words import words

REQUESTS = Table("requests", "의뢰", "Requests", (
    f("request_id", "id", "접수번호", "Request ID", 3,
       "접수번호 접수no 접수id 의뢰번호 의뢰id 주문번호 주문id 신청번호 신청id 문의번호 예약번호 요청번호 "
       "건번호 티켓번호 딜번호 계약번호 as번호 상담번호 상담id 콜번호 job_id job_no ticket_no case_no "
       "request_id request_no order_id order_no opportunity_id deal_id lead_id "
       "ticket_id case_id",
       also="관리번호 일련번호 record_id",
       weak="번호 no id 코드 순번 연번"),
    f("partner", "text", "파트너", "Partner", 1,
       "@partner 의뢰처 소개처 발주처 접수처",
       also="account account_name associated_company 지점 지점명 현장 현장명 site site_name "
            "파트너id 파트너코드 파트너번호 업체코드 업체번호 거래처코드 거래처번호 제휴처코드 "
            "partner_id partner_code"),
    f("assignee", "text", "담당", "Assignee", 1,
       "담당 담당자 담당자명 담당기사 기사 기사명 작업자 작업기사 처리자 처리담당 영업담당 영업담당자 시공자 "
       "시공기사 배정기사 방문기사 처리기사 수리기사 담당엔지니어 배정자 technician_name tech assignee "
       "assigned_to owner sales_agent sales_rep sales_person "
       "salesperson agent technician deal_owner opportunity_owner lead_owner",
       also="매니저 코치 강사 상담원 상담사 상담자 접수자 접수담당 접수담당자 상담담당 직원 rep manager staff"),
    f("customer", "text", "고객", "Customer", 1,
       "고객 고객명 고객성함 고객이름 신청자 신청자명 신청인 의뢰인 의뢰자 의뢰고객 입주민 입주자 세대주 "
       "주문자 주문자명 예약자 예약자명 고객닉네임 구매자 구매자명 회원명 문의자 요청자 학생명 학생 원생명 원생 "
       "수강생 수강생명 "
       "학부모 학부모명 보호자 보호자명 세입자 임차인 의뢰인명 입주자명 입주민명 customer customer_name client "
       "client_name buyer lead_name requester",
       also="성함 성명 이름 contact contact_name contact_person associated_contact 계약자 이용자 고객사 account "
            "account_name full_name "
            "고객번호 고객id 고객코드 회원번호 회원id customer_id client_id member_id contact_id",
       weak="name"),
    f("phone", "phone", "연락처", "Phone", 1,
       "@phone 고객연락처 고객전화 고객전화번호 고객휴대폰 신청자연락처"),
    f("source", "category", "유입경로", "Source", 3,
       "유입경로 경로 유입채널 채널 유입 접수경로 접수채널 신청경로 문의경로 문의채널 알게된경로 알게되신경로 "
       "어떻게알고오셨나요 방문경로 매체 "
       "광고매체 source lead_source channel utm_source acquisition_channel marketing_channel",
       also="출처 접수방법 신청방법 medium origin"),
    f("service", "category", "서비스", "Service", 1,
       "서비스 서비스명 서비스종류 서비스구분 상품 상품명 품목 작업종류 작업구분 의뢰종류 의뢰유형 시공종류 "
       "공사종류 시공항목 제품 제품명 프로그램 service service_type product product_name job_type",
       also="서비스항목 작업내용 의뢰내용 신청내용 시공내용 공사내용 작업 항목 과정 종류 유형 item",
       weak="구분 type category"),
    f("received_at", "instant", "접수일시", "Received", 3,
       "접수@ 신청@ 의뢰@ 문의@ 상담시작@ 상담접수@ 상담신청@ 요청@ 인입@ 유입@ 접수 received received_at "
       "received_date request_date "
       "requested_at inquiry_date engage_date lead_date created created_at created_date create_date "
       "date_created submitted_at opened_at open_date received_time created_time deal_created lead_created added_on "
       "add_time",
       also="등록@ 주문@ 작성@ 생성@ 타임스탬프 timestamp order_date ordered_at 상담일 상담일자",
       weak="날짜 일자 일시 날@ date day 시작일 start_date"),
    f("confirmed_at", "instant", "확인일시", "Confirmed", 3,
       "확인@ 최초응답@ 첫응답@ 응답@ 회신@ 답변@ 최초연락@ 첫연락@ 콜백@ 접수확인@ 최초확인@ 연락완료@ "
       "1차연락@ 최초응답 첫응답 회신 확인 confirmed confirmed_at first_response first_response_at first_reply "
       "responded_at acknowledged_at contacted_at first_contact replied_at",
       also="연락@ 배정@ 통화@ 연락"),
    f("proposed_at", "instant", "제안일", "Proposed", 3,
       "견적@ 견적발송@ 견적제출@ 견적송부@ 견적안내@ 제안@ 제안발송@ 제안서발송@ 제안제출@ 견적발송 제안 "
       "proposed proposed_at proposal_date proposal_sent quoted quoted_at quote_date quote_sent",
       also="견적"),
    f("visited_at", "instant", "방문일시", "Visited", 3,
       "방문@ 실방문@ 방문완료@ 현장방문@ 실측@ 출동@ 현장확인@ 방문 실방문 visited visited_at visit_date "
       "visit_at site_visit",
       also="점검@ 미팅@"),
    f("won_at", "instant", "수주일", "Won", 3,
       "수주@ 계약@ 성사@ 체결@ 계약체결@ 수주확정@ 계약확정@ won won_at won_date closed_won_date "
       "contract_date signed_at order_won_date won_time",
       also="계약 수주 계약완료 결제@ 결제완료@ 입금@ 입금완료@ 구매@ 판매@ 확정@ 주문확정@ paid_at paid "
            "payment_date paid_date "
            "purchase_date conversion_date",
       weak="등록@ 가입@"),
    f("completed_at", "instant", "완료일", "Completed", 3,
       "완료@ 작업완료@ 시공완료@ 처리완료@ 서비스완료@ 종료@ 종결@ 준공@ completed completed_at "
       "상담종료@ completion_date closed_at close_date closed_date closing_date finished_at resolved_at date_closed",
       also="완료 시공완료 작업완료 작업@ 시공@ 배달@ 납품@ 처리@ 서비스@ end_date delivered_at",
       weak="마감일 마감일자"),
    f("stage", "category", "진행상태", "Stage", 2,
       "진행상태 상태 단계 진행단계 처리현황 진행현황 처리상태 진행상황 처리단계 영업단계 계약단계 상담상태 "
       "접수상태 예약상태 주문상태 의뢰상태 신청상태 작업상태 시공상태 상담단계 stage status deal_stage "
       "sales_stage pipeline_stage opportunity_stage lead_status order_status",
       also="처리결과 결과 진행결과 상담결과 방문결과 현황 계약여부 수주여부 성사여부 등록여부 계약유무 완료여부 "
            "결제상태 state progress",
       weak="진행 입금여부 결제여부 paid"),
    f("amount", "money", "금액", "Amount", 2,
       "금액 수주금액 수주액 계약금액 계약액 매출 매출액 매출금액 판매금액 판매액 거래금액 거래액 주문금액 "
       "확정금액 최종금액 공급가액 amount close_value deal_value deal_amount revenue sales sales_amount "
       "order_amount contract_value opportunity_amount net_amount",
       also="결제금액 결제액 입금액 입금금액 견적금액 견적가 견적액 제안금액 예상금액 합계 합계금액 총액 "
            "총금액 총주문금액 총결제금액 총매출 수강료 교육비 시공금액 시공비 작업금액 공사금액 서비스금액 "
            "quote_amount total total_amount value",
       weak="가격 단가 price 견적"),
    f("cost", "money", "원가", "Cost", 2,
       "원가 매입가 매입금액 시공원가 작업원가 재료비 자재비 인건비 외주비 기사비 cost cogs job_cost",
       also="비용 지출 expense"),
    f("refund", "refund", "환불", "Refund", 3,
       "환불 환불액 환불금액 환불여부 환불금 취소환불 refund refunded refund_amount"),
    f("claim", "flag", "클레임", "Claim", 3,
       "클레임 클레임여부 클레임내용 클레임접수 불만 불만여부 불만접수 컴플레인 민원 민원여부 claim complaint "
       "complaints",
       also="하자 하자여부"),
    f("lost_reason", "text", "실주 사유", "Lost reason", 3,
       "실주사유 취소사유 거절사유 미계약사유 실패사유 불발사유 이탈사유 미성사사유 미진행사유 탈락사유 "
       "lost_reason loss_reason cancel_reason cancellation_reason close_reason closed_lost_reason",
       weak="사유 reason"),
    f("event_at", "instant", "이용 예정일", "Event date", 2,
       "행사@ 잔금@ 입주@ 이사@ 예식@ 촬영@ 대관@ 이용예정@ 이용@ 입주예정@ 명도@ 퇴거@ 공실@ event_date event_at "
       "move-in_date move_in_date",
       also="희망@ 희망방문@ 희망작업@ 방문예정@ 방문희망@ 작업예정@ 시공예정@ 예정@ 예약@ 시공희망@ due_date "
            "requested_date 예상계약일 expected_close_date"),
    f("referrer", "text", "추천인", "Referrer", 3,
       "추천인 추천자 소개자 소개인 소개고객 소개 referrer referred_by referral",
       weak="지인"),
    f("no_show", "flag", "노쇼", "No-show", 3,
       "노쇼 노쇼여부 no_show no-show noshow",
       also="부재 부재여부"),
    f("discount_asked", "flag", "할인 요구", "Discount asked", 3,
       "할인요구 할인요청 할인요청여부 네고 네고요청 가격흥정 할인문의 discount_asked discount_requested"),
    f("bypass", "flag", "직거래 시도", "Bypass", 3,
       "직거래 직거래시도 직거래요구 직거래여부 우회거래 bypass",
       also="우회"),
    f("rework", "flag", "재방문", "Rework", 3,
       "재방문 재방문여부 재작업 재작업여부 재시공 재출동 as여부 a/s여부 as a/s as접수 rework redo "
       "warranty_visit",
       also="하자보수 as내용"),
    f("membership_at", "instant", "멤버십 가입일", "Joined membership", 3,
       "멤버십@ 멤버십가입@ 단골등록@ 단골가입@ 단골@ 정기전환@ 구독시작@ 회원가입@ 멤버십가입 membership_at "
       "membership_date joined_membership",
       also="가입@"),
    f("satisfaction", "number", "만족도", "Satisfaction", 2,
       "만족도 고객만족도 평점 별점 후기점수 만족도점수 satisfaction rating csat nps stars",
       also="점수 평가 score"),
    NOTE,
    f("user", "text", "실이용자", "End user", 1,
       "실이용자 실이용자명 실사용자 실사용자명 이용고객 이용고객명 이용인 사용자명 사용고객 실수령인 수령인 수령인명 "
       "수령자 수령자명 수취인 수취인명 받는분 받는사람 받으시는분 받으실분 참석자 참석자명 참가자 참가자명 투숙객 "
       "투숙객명 end_user end_user_name recipient recipient_name attendee attendee_name consignee service_user",
       also="이용자 사용자"),
    f("move_in_at", "instant", "빈집 종료일", "House empty until", 2,
       "",
       also="입주@ 입주예정@ move-in_date move_in_date"),
), "request_id",
   sheet_words=words("의뢰 접수 신청 주문 문의 예약 리드 딜 영업 상담 계약 수주 매출 파이프라인 설문지응답 "
                      "request order lead deal pipeline opportunit sales"),
   needs=groups(
       "received_at confirmed_at proposed_at visited_at won_at completed_at stage request_id",
       "partner customer phone service amount"))  # fmt: skip
