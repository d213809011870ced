"""What happened: step counts, activities, defects and experiments, and the words offices write over their columns."""

from __future__ import annotations

from addin.crm.table_types import Table, f, groups
from addin.crm.words import words

STEP_COUNTS = Table("step_counts", "단계수", "StepCounts", (
    f("week", "text", "주", "Week", 2,
       "주 주차 주간 주시작일 week week_start iso_week",
       also="날짜 일자 일시 기간 date"),
    f("step", "category", "단계", "Step", 2,
       "단계 스텝 퍼널단계 퍼널 step funnel_step",
       also="지표 stage"),
    f("count", "number", "수", "Count", 2,
       "수 인원 인원수 명수 도달수 count reached users",
       also="건수 값 방문자수 number"),
    f("partner", "text", "파트너", "Partner", 1,
       "@partner",
       also="account"),
), None,
   sheet_words=words("단계수 퍼널수 퍼널집계 stepcount step_count funnel"),
   needs=groups("week", "step", "count"))  # fmt: skip

ACTIVITIES = Table("activities", "활동", "Activities", (
    f("acted_at", "instant", "활동일시", "Acted", 2,
       "활동@ 접촉@ 미팅@ 통화@ 연락@ 면담@ 상담@ acted_at activity_date contacted_at meeting_date call_date",
       also="날짜 일자 일시 방문@ date"),
    f("partner", "text", "파트너", "Partner", 1,
       "@partner",
       also="account"),
    f("request", "id", "접수번호", "Request ID", 1,
       "접수번호 의뢰번호 주문번호 관련의뢰 관련접수 request_id order_id deal_id opportunity_id"),
    f("customer", "text", "고객", "Customer", 1,
       "고객 고객명 customer customer_name client",
       also="성명"),
    f("kind", "category", "활동 유형", "Kind", 3,
       "활동유형 활동구분 활동종류 활동 연락방법 접촉방법 접촉유형 연락수단 activity activity_type kind",
       also="방법 유형 종류 구분 type"),
    f("text", "text", "활동 내용", "What", 3,
       "활동내용 상담내용 미팅내용 통화내용 면담내용 회의내용 협의내용 활동기록",
       also="내용 메모 비고 note notes description"),
    f("next_at", "instant", "다음 일정", "Next", 3,
       "다음연락@ 다음활동@ 다음미팅@ 다음방문@ 차기방문@ 차기미팅@ 재방문예정@ 후속@ 차기@ 다음@ 후속연락@ "
       "다음일정 차기일정 "
       "후속일정 next_at next_date "
       "next_contact follow_up follow-up_date"),
), None,
   sheet_words=words("활동 미팅 연락이력 상담이력 상담일지 활동기록 활동일지 방문기록 방문일지 영업일지 접촉 "
                     "업무일지 "
                     "activit meeting call_log"),
   needs=groups("acted_at", "partner customer request", "kind text next_at"))  # fmt: skip

DEFECTS = Table("defects", "하자", "Defects", (
    f("defect_id", "id", "하자번호", "Defect ID", 3,
       "하자번호 하자접수번호 하자id defect_id issue_id",
       weak="번호"),
    f("partner", "text", "파트너", "Partner", 1,
       "@partner",
       also="account"),
    f("place", "text", "위치", "Place", 2,
       "하자위치 하자부위 하자장소 동호수 동호 세대호수 place unit_no",
       also="위치 장소 부위 호수 location"),
    f("found_at", "instant", "발견일", "Found", 3,
       "발견@ 하자접수@ 하자발견@ 하자발생@ 발생@ found_at found_date reported_at",
       also="접수@ 날짜 일자 일시"),
    f("fixed_at", "instant", "보수일", "Fixed", 3,
       "보수@ 조치@ 보수완료@ 조치완료@ 수리@ 하자보수@ 수리완료@ fixed_at fixed_date repaired_at",
       also="완료@ 처리@ 처리완료@"),
    f("text", "text", "하자 내용", "Defect", 3,
       "하자내용 하자 하자내역 하자유형 하자종류 하자사항 증상 defect issue",
       also="내용 상세내용 description"),
), "defect_id",
   sheet_words=words("하자 하자접수 하자대장 하자보수 defect"),
   needs=groups("found_at fixed_at defect_id", "text place defect_id"))  # fmt: skip

EXPERIMENTS = Table("experiments", "실험", "Experiments", (
    f("experiment_id", "id", "실험번호", "Experiment ID", 3,
       "실험번호 실험id experiment_id",
       weak="번호 id no"),
    f("step", "category", "병목 단계", "Step", 2,
       "병목 병목단계 대상단계 bottleneck constraint",
       also="단계 step"),
    f("cause", "text", "원인", "Cause", 3,
       "원인 근본원인 문제원인 root_cause cause"),
    f("solution", "text", "해결책", "Solution", 3,
       "해결책 해결방안 해결안 가설 실험내용 개선안 solution hypothesis",
       also="대책"),
    f("started_at", "instant", "시작일", "Started", 1,
       "시작@ 실험시작@ started_at start_date",
       also="날짜 일자 일시"),
    f("ended_at", "instant", "종료일", "Ended", 1,
       "종료@ 실험종료@ ended_at end_date"),
    f("before", "number", "전", "Before", 3,
       "전 실험전 개선전 적용전 before baseline"),
    f("after", "number", "후", "After", 3,
       "후 실험후 개선후 적용후 after"),
    f("verdict", "category", "판정", "Verdict", 2,
       "판정 결론 verdict conclusion",
       also="결과 result"),
), "experiment_id",
   sheet_words=words("실험 실험기록 experiment"),
   needs=groups("cause solution experiment_id", "before after verdict step"))  # fmt: skip
