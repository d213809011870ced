"""Which list is which table, which column which field; what is asked; who wins. `_` is an empty cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm import matching
from addin.crm.corrections import MapArgument, confirmed, header_signature
from addin.crm.grid import Grid
from addin.crm.headers import UnknownHeader, propose
from addin.crm.matching import REASONS
from addin.crm.tables import TABLES
from addin.i18n import LANGUAGES, known

if TYPE_CHECKING:
    from addin.crm.mapping import Mapping, TableMatch

_ = None
D = dt.datetime(2026, 9, 1, 9, 0)
#: Values that look like what the header says, two a kind.
LOOKS: dict[str, tuple[Any, ...]] = {
    "date": (D, D + dt.timedelta(days=1), D + dt.timedelta(days=2), D + dt.timedelta(days=3)),
    "textdate": ("2024.3.5", "24-03-06", "2024년 3월 7일 오후 3:20", "20240308"),
    "clock": (dt.time(9, 30), dt.time(10, 0), dt.time(11, 0), dt.time(12, 0)),
    "money": (120000.0, "1,200,000원", "120만원", 55000.0),
    "count": (3.0, 1.0, 2.0, 5.0),
    "phone": ("010-1234-5678", 1012345679.0, "02-123-4567", "010 9999 0000"),
    "name": ("홍길동", "김영희", "이철수", "박민수"),
    "place": ("한빛아파트", "두리카페", "세모부동산", "네모상가"),
    "again": ("한빛아파트", "한빛아파트", "두리카페", "두리카페"),
    "stage": ("접수", "완료", "취소", "완료"),
    "id": ("R001", "R002", "R003", "R004"),
    "running": (1.0, 2.0, 3.0, 4.0),
    "mail": ("a@b.kr", "c@d.kr", "e@f.kr", "g@h.kr"),
    "brn": ("123-45-67890", "123-45-67891", "123-45-67892", "123-45-67893"),
    "yes": ("Y", _, "N", "Y"),
    "kind": ("아파트", "카페", "아파트", "부동산"),
    "words": ("천천히", "조용히", "빨리요", "오후만"),
    "blank": (_, _, _, _),
}


@dataclass(frozen=True)
class Said:
    """A correction as the mapping tab gives it."""

    table: str
    sheet: str
    header: str
    field: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """What was confirmed last month."""

    table: str
    columns: dict[str, str] = field(default_factory=dict)


def listed(name: str, *columns: str) -> Grid:
    """A sheet of columns written ``header:look``."""
    pairs = [c.rsplit(":", 1) for c in columns]
    values = [LOOKS[look] for _h, look in pairs]
    return Grid(name, [[h for h, _look in pairs], *([list(line) for line in zip(*values, strict=True)])])


def table(mapping: Mapping, name: str) -> TableMatch:
    found = mapping.table(name)
    assert found is not None, mapping
    return found


def fields(match: TableMatch) -> dict[str, str]:
    return {f: c.header for f, c in match.columns.items()}


def requests(*columns: str, **more: Any) -> dict[str, str]:
    return fields(table(propose([listed("접수", *columns)], **more), "requests"))


def test_an_ordinary_sheet_needs_no_answer() -> None:
    grid = listed(
        "접수",
        "접수번호:id",
        "업체명:again",
        "접수일시:date",
        "확인시각:date",
        "방문일:date",
        "담당기사:name",
        "고객명:name",
        "연락처:phone",
        "진행상태:stage",
        "견적금액:money",
        "클레임:yes",
        "환불:blank",
        "유입경로:kind",
        "비고:words",
        "차량번호:words",
    )
    mapping = propose([grid])
    assert not mapping.questions
    assert fields(table(mapping, "requests")) == {
        "request_id": "접수번호", "partner": "업체명", "assignee": "담당기사", "customer": "고객명", "phone": "연락처",
        "source": "유입경로", "received_at": "접수일시", "confirmed_at": "확인시각", "visited_at": "방문일",
        "stage": "진행상태", "amount": "견적금액", "refund": "환불", "claim": "클레임", "note": "비고",
    }  # fmt: skip
    assert table(mapping, "requests").unmatched == ("차량번호",)


def test_every_match_says_why_how_sure_and_shows_three_examples() -> None:
    match = table(propose([listed("접수", "업체명:place", "접수일:date", "금액:money")]), "requests").columns["partner"]
    assert (match.source, match.reason.id, match.examples) == (
        "auto",
        "map.reason.word",
        ("한빛아파트", "두리카페", "세모부동산"),
    )
    assert 0.9 < match.confidence <= 1


@pytest.mark.parametrize("id", REASONS)
def test_every_reason_has_words_in_both_languages(id: str) -> None:
    assert all(known(id, lang) for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("header", "look", "expected"),
    [
        ("접수일(필수)", "date", "received_at"),
        ("※접수 일*", "date", "received_at"),
        ("1. 접수일", "date", "received_at"),
        ("접수일자", "textdate", "received_at"),
        ("금액(원)", "money", "amount"),
        ("최종 금액", "money", "amount"),
        ("연락처\n(HP)", "phone", "phone"),
        ("고객님", "name", "customer"),
        ("날짜(방문)", "date", "visited_at"),
        ("Deal Stage", "stage", "stage"),
        ("CLOSE_VALUE", "money", "amount"),
        ("담당기사님", "name", "assignee"),
    ],
)
def test_spacing_brackets_numbers_and_politeness_do_not_hide_a_header(header: str, look: str, expected: str) -> None:
    other = "상태:stage" if expected == "received_at" else "의뢰일:date"
    assert requests("의뢰번호:id", "업체명:again", other, f"{header}:{look}")[expected] == " ".join(header.split())


@pytest.mark.parametrize(
    ("header", "look", "expected"),
    [
        ("접숙일시", "date", "received_at"),
        ("진행상테", "stage", "stage"),
        ("유입겅로", "kind", "source"),
        ("확인일싲", "date", "confirmed_at"),
    ],
)
def test_a_typing_slip_is_read_by_its_letters(header: str, look: str, expected: str) -> None:
    mapping = propose([listed("접수", "접수번호:id", "업체명:again", "견적일:date", f"{header}:{look}")])
    match = table(mapping, "requests").columns[expected]
    assert (match.header, match.reason.id) == (header, "map.reason.typo")
    assert match.confidence < 0.9


def test_a_word_with_something_added_is_another_word_and_no_slip() -> None:
    found = requests("접수번호:id", "업체명:again", "접수일:date", "서비스비:money", "비고2:words")
    assert "service" not in found
    assert "note" not in found


def test_a_person_is_no_date_though_one_letter_apart() -> None:
    found = requests("접수번호:id", "업체명:again", "견적일:date", "접수인:name")
    assert "received_at" not in found


def test_an_amount_that_holds_phone_numbers_is_no_amount() -> None:
    found = requests("접수번호:id", "접수일:date", "업체명:again", "금액:phone")
    assert "amount" not in found
    assert "phone" not in found


def test_times_of_day_beside_the_date_are_no_second_date() -> None:
    mapping = propose([listed("접수", "접수번호:id", "업체명:again", "접수일:date", "접수시간:clock")])
    assert not mapping.questions
    assert fields(table(mapping, "requests"))["received_at"] == "접수일"


def test_the_person_in_charge_and_their_phone_are_two_things() -> None:
    found = requests("접수번호:id", "접수일:date", "담당자:name", "담당자 연락처:phone", "업체명:again")
    assert found["assignee"] == "담당자"
    assert "phone" not in found


def test_the_better_word_for_an_amount_wins() -> None:
    found = requests("접수번호:id", "접수일:date", "견적금액:money", "수주금액:money")
    assert found["amount"] == "수주금액"


@pytest.mark.parametrize(
    ("one", "other", "look", "asked"),
    [
        ("날짜", "일자", "date", "received_at"),
        ("수주금액", "계약금액", "money", "amount"),
        ("금액", "금액", "money", "amount"),
    ],
)
def test_two_columns_with_an_equal_claim_are_asked_about_never_guessed(
    one: str, other: str, look: str, asked: str
) -> None:
    mapping = propose(
        [listed("접수", "접수번호:id", "업체명:again", "진행상태:stage", f"{one}:{look}", f"{other}:{look}")]
    )
    assert asked not in fields(table(mapping, "requests"))
    second = f"{other} (2)" if one == other else other
    assert [q.header for q in mapping.questions] == [one, second]
    assert {q.candidates[0] for q in mapping.questions} == {asked}
    assert all(q.sheet == "접수" and q.table == "requests" and q.examples for q in mapping.questions)


def test_an_empty_column_is_no_rival() -> None:
    mapping = propose(
        [
            listed(
                "접수",
                "접수번호:id",
                "업체명:again",
                "접수일:date",
                "수주금액:blank",
                "계약금액:money",
            )
        ]
    )
    assert not mapping.questions
    assert fields(table(mapping, "requests"))["amount"] == "계약금액"


def test_of_two_notes_or_phones_the_first_is_taken_unasked() -> None:
    mapping = propose(
        [
            listed(
                "접수",
                "접수일:date",
                "업체명:again",
                "금액:money",
                "연락처:phone",
                "연락처:phone",
            )
        ]
    )
    assert not mapping.questions
    match = table(mapping, "requests").columns["phone"]
    assert (match.header, match.reason.id) == ("연락처", "map.reason.first")
    assert match.confidence <= 0.7


def test_one_general_word_is_believed_when_its_values_fit() -> None:
    assert requests("날짜:date", "업체명:again", "진행상태:stage", "금액:money")["received_at"] == "날짜"
    assert "received_at" not in requests("날짜:words", "업체명:again", "진행상태:stage", "금액:money")


def test_running_numbers_are_no_ids() -> None:
    base = ("접수일:date", "업체명:again", "금액:money")
    assert "request_id" not in requests("No:running", *base)
    assert requests("번호:id", *base)["request_id"] == "번호"


def test_content_alone_gives_phones_mails_and_stages_away() -> None:
    found = requests("접수번호:id", "접수일:date", "업체명:again", "가나다:phone", "라마바:stage")
    assert (found["phone"], found["stage"]) == ("가나다", "라마바")


def test_dates_under_a_header_that_says_nothing_are_asked_about() -> None:
    mapping = propose([listed("접수", "접수번호:id", "업체명:again", "상태:stage", "언제:date")])
    assert [(q.header, q.candidates[0]) for q in mapping.questions] == [("언제", "received_at")]


def test_a_csv_of_text_is_mapped_like_typed_cells() -> None:
    head = "opportunity_id sales_agent product account deal_stage engage_date close_date close_value"
    rows = [head.split(),
            ["1C1I", "Moses", "GTX", "Cancity", "Won", "2016-10-20", "2017-03-01", "1054"],
            ["Z063", "Darcel", "GTXPro", "Isdom", "Engaging", "2016-10-25", "", ""],
            ["EC4Q", "Darcel", "MG", "Cancity", "Lost", "2016-10-25", "2017-03-07", "0"]]  # fmt: skip
    mapping = propose([Grid("sales_pipeline", rows)])
    assert not mapping.questions
    assert fields(table(mapping, "requests")) == {
        "request_id": "opportunity_id", "partner": "account", "assignee": "sales_agent", "service": "product",
        "received_at": "engage_date", "completed_at": "close_date", "stage": "deal_stage", "amount": "close_value",
    }  # fmt: skip
    found = fields(
        table(propose([Grid("sales_pipeline", rows)], arguments=[MapArgument("partner", "product")]), "requests")
    )
    assert (found["partner"], found["customer"], found.get("service")) == ("product", "account", None)


GROUPED = Grid(
    "대장",
    [
        ["접수번호", "접수", _, "처리", _, _],
        [_, "일시", "담당", "일시", "담당", "금액"],
        *([f"R{n}", D, "김", D, "박", 100.0] for n in range(4)),
    ],
    merged=[(1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 6)],
)


def test_group_and_name_are_read_together() -> None:
    mapping = propose([GROUPED])
    found = fields(table(mapping, "requests"))
    assert found["received_at"] == "접수 › 일시"
    assert found["completed_at"] == "처리 › 일시"
    assert found["assignee"] == "처리 › 담당"


@pytest.mark.parametrize(
    ("name", "columns", "expected"),
    [
        (
            "파트너",
            ("업체명:place", "클러스터:kind", "세대수:count", "담당자:name", "연락처:phone", "사업자번호:brn"),
            "partners",
        ),
        ("Sheet1", ("단지명:place", "세대수:count", "관리소장:name", "연락처:phone"), "partners"),
        ("고객", ("고객명:name", "휴대폰:phone", "가입일:date", "구분:kind"), "customers"),
        ("비용", ("지출일:date", "파트너:again", "항목:kind", "금액:money"), "spend"),
        ("상담일지", ("활동일:date", "파트너:again", "구분:kind", "내용:words", "다음 일정:date"), "activities"),
        ("가격표", ("코드:id", "품목:words", "규격:kind", "단위:kind", "단가:money"), "price_list"),
        ("견적대장", ("견적번호:id", "고객명:name", "견적일:date", "유효기간:date", "견적금액:money"), "quotes"),
        ("견적품목", ("견적번호:id", "품목:words", "수량:count", "단가:money"), "quote_lines"),
        ("하자", ("하자번호:id", "단지명:again", "하자내용:words", "발견일:date", "보수일:date"), "defects"),
        (
            "실험",
            ("실험번호:id", "원인:words", "해결책:words", "시작일:date", "실험전:count", "실험후:count"),
            "experiments",
        ),
        ("주간", ("주차:words", "단계:kind", "인원:count"), "step_counts"),
        ("Sheet1", ("문의일:date", "입주민:name", "휴대폰:phone", "처리현황:stage"), "requests"),
    ],
)
def test_every_table_is_known_by_its_columns(name: str, columns: tuple[str, ...], expected: str) -> None:
    mapping = propose([listed(name, *columns)])
    assert [t.table for t in mapping.tables] == [expected], mapping
    assert not mapping.questions


def test_a_list_that_may_be_two_things_is_asked_about() -> None:
    mapping = propose([listed("Sheet1", "일자:date", "거래처:again", "항목:kind", "금액:money")])
    assert not mapping.tables
    question = mapping.questions[0]
    assert (question.header, question.header_row) == ("", 1)
    assert set(question.candidates) == {"requests", "spend"}
    for name, expected in (("비용", "spend"), ("접수", "requests")):
        assert propose([Grid(name, listed("x", "일자:date", "거래처:again", "항목:kind", "금액:money").rows)]
                       ).tables[0].table == expected  # fmt: skip


def test_a_list_of_visits_is_no_list_of_partners() -> None:
    rows = [
        ["업체명", "연락처", "상태", "계약일"],
        *(["한빛" if n % 2 else "두리", "010-1234-5678", "완료", D] for n in range(9)),
    ]
    assert [t.table for t in propose([Grid("Sheet1", rows)]).tables] == ["requests"]


@pytest.mark.parametrize(
    ("name", "columns", "some"),
    [
        (
            "9월",
            (
                "No:running 접수일:date 현장명:again 고객명:name 연락처:phone "
                "작업내용:words 작업일:date 금액:money 결제:kind"
            ),
            "partner=현장명 received_at=접수일 completed_at=작업일 amount=금액",
        ),
        (
            "주문",
            (
                "주문번호:id 주문일:date 행사일:date 업체명:again 주문자:name "
                "인원:count 단가:money 합계금액:money 상태:stage"
            ),
            "received_at=주문일 event_at=행사일 customer=주문자 amount=합계금액 stage=상태",
        ),
        (
            "리드",
            "이름:name 연락처:phone 유입경로:kind 신청일:date 결제일:date 결제금액:money 단계:stage",
            "customer=이름 won_at=결제일 amount=결제금액",
        ),
        (
            "deals",
            (
                "Record_ID:id Deal_Name:words Deal_Stage:stage Close_Date:date "
                "Deal_owner:name Amount:money Create_Date:date"
            ),
            "request_id=Record_ID received_at=Create_Date completed_at=Close_Date assignee=Deal_owner",
        ),
        (
            "매출장",
            "일자:date 거래처:again 품목:words 규격:kind 수량:count 단가:money 공급가액:money 세액:money 합계:money",
            "received_at=일자 partner=거래처 service=품목 amount=공급가액",
        ),
        (
            "설문지 응답 시트1",
            "타임스탬프:date 성함을_입력해주세요:name 연락처:phone 원하시는_서비스:words 희망_방문일:date",
            "received_at=타임스탬프 customer=성함을_입력해주세요 service=원하시는_서비스 event_at=희망_방문일",
        ),
    ],
)
def test_lists_as_real_offices_keep_them_are_requests_without_a_question(name: str, columns: str, some: str) -> None:
    mapping = propose([listed(name, *columns.split())])
    assert not mapping.questions
    expected = dict(pair.split("=") for pair in some.split())
    found = fields(table(mapping, "requests"))
    assert {f: found.get(f) for f in expected} == expected


@pytest.mark.parametrize(
    ("columns", "customer", "user"),
    [
        ("고객명 이용자", "고객명", "이용자"),
        ("성함 이용자", "성함", "이용자"),
        ("주문자명 받는_분", "주문자명", "받는_분"),
        ("구매자명 수취인명", "구매자명", "수취인명"),
        ("신청자 참석자", "신청자", "참석자"),
        ("customer end_user", "customer", "end_user"),
        ("이용자", "이용자", None),
        ("이용자명", "이용자명", None),
        ("수령인", "수령인", None),
        ("받는분", "받는분", None),
        ("입주민 담당자", "입주민", None),
        ("고객명 담당자", "고객명", None),
    ],
)
def test_who_uses_is_told_from_who_buys_and_alone_is_the_customer(
    columns: str, customer: str, user: str | None
) -> None:
    found = requests("접수일:date", *(f"{name}:name" for name in columns.split()), "상태:stage")
    assert (found.get("customer"), found.get("user")) == (customer, user)


@pytest.mark.parametrize(
    ("columns", "event", "move_in"),
    [
        ("잔금일 입주일", "잔금일", "입주일"),
        ("퇴거일 입주예정일", "퇴거일", "입주예정일"),
        ("입주일", "입주일", None),
        ("이사일", "이사일", None),
        ("입주일 희망방문일", "입주일", None),
        ("잔금일 희망방문일", "잔금일", None),
    ],
)
def test_a_house_is_empty_only_between_two_days_that_are_told(columns: str, event: str, move_in: str | None) -> None:
    found = requests("접수일:date", "고객명:name", *(f"{name}:date" for name in columns.split()), "상태:stage")
    assert (found.get("event_at"), found.get("move_in_at")) == (event, move_in)


def test_of_two_customers_one_may_be_answered_as_the_user() -> None:
    mapping = propose([listed("접수", "접수일:date", "학부모명:name", "학생명:name", "상태:stage")])
    assert [(q.header, q.candidates) for q in mapping.questions] == [
        ("학부모명", ("customer", "user")),
        ("학생명", ("customer", "user")),
    ]


@pytest.mark.parametrize(
    "columns",
    [
        ("이름:name", "나이:count"),
        ("Item:words", "Amount:money"),
        ("Name:name", "Date:date"),
        ("담당:blank", "팀장:blank", "대표:blank"),
        ("업체명:place",),
        ("업체명:place", "접수건수:count", "수주건수:count", "매출:money"),
        ("할일:words", "담당:name", "마감일:date", "상태:stage"),
        ("이름:name", "부서:kind", "연락처:phone", "입사일:date"),
    ],
)
def test_a_list_without_our_columns_is_left_alone(columns: tuple[str, ...]) -> None:
    mapping = propose([listed("Sheet1", *columns)])
    assert not mapping.tables
    assert not mapping.questions


def test_cross_tabs_stock_hidden_and_our_own_sheets_are_left_alone() -> None:
    grids = [
        Grid("월별", [["파트너", "1월", "2월", "3월"], ["한빛", 1.0, 2.0, 3.0]]),
        Grid("재고", [["품목", "현재고", "입고"], ["전등", 1.0, 2.0]]),
        Grid("옛날", listed("접수", "접수번호:id", "접수일:date", "업체명:again").rows, hidden=True),
        Grid("CRM_점검", listed("접수", "접수번호:id", "접수일:date", "업체명:again").rows),
    ]
    mapping = propose(grids, ignore_sheets={"CRM_점검"})
    assert not mapping.tables
    assert [(s.sheet, s.reason.id) for s in mapping.skipped] == [
        ("월별", "map.skipped.cross_tab"), ("재고", "map.skipped.stock"), ("옛날", "map.skipped.hidden"),
    ]  # fmt: skip


MONTH = ("접수번호:id", "업체명:again", "접수일:date", "금액:money")


def month(name: str, prefix: str, *extra: str, reverse: bool = False) -> Grid:
    grid = listed(name, *(reversed(MONTH) if reverse else MONTH), *extra)
    at = list(grid.rows[0]).index("접수번호")
    rows = [list(r) for r in grid.rows]
    for n, line in enumerate(rows[1:]):
        line[at] = f"{prefix}{n}"
    return Grid(name, rows)


def test_monthly_tabs_are_one_table_also_in_another_order() -> None:
    mapping = propose([month("9월", "A"), month("10월", "B", reverse=True), Grid("11월", [month("x", "C").rows[0]])])
    match = table(mapping, "requests")
    assert [r.sheet for r in match.regions] == ["9월", "10월", "11월"]
    assert [match.column_in(r, "request_id") for r in match.regions] == [1, 4, 1]
    assert sum(len(r.rows) for r in match.regions) == 8


def test_months_on_an_old_form_keep_their_own_header() -> None:
    old = month("1월", "A")
    old.rows[0][1] = "거래처"  # type: ignore[index]
    match = table(propose([old, month("2월", "B", "방문일:date"), month("3월", "C", "방문일:date")]), "requests")
    assert match.columns["partner"].header == "업체명"
    assert match.also == {"partner": ("거래처",)}
    assert [match.column_in(r, "partner") for r in match.regions] == [2, 2, 2]
    assert [match.column_in(r, "visited_at") for r in match.regions] == [None, 5, 5]
    assert not match.unmatched


def test_a_tab_that_repeats_rows_of_another_is_not_counted_twice() -> None:
    whole = Grid("전체", [*month("9월", "A").rows, *month("10월", "B").rows[1:]])
    mapping = propose([month("9월", "A"), month("10월", "B"), whole])
    assert [r.sheet for r in table(mapping, "requests").regions] == ["전체"]
    assert [(s.sheet, s.reason.id) for s in mapping.skipped] == [
        ("9월", "map.skipped.copy"),
        ("10월", "map.skipped.copy"),
    ]


def test_ids_that_begin_anew_every_month_make_no_copies() -> None:
    later = Grid(
        "10월",
        [[D + dt.timedelta(days=40) if isinstance(v, dt.datetime) else v for v in r] for r in month("9월", "A").rows],
    )
    match = table(propose([month("9월", "A"), later]), "requests")
    assert len(match.regions) == 2


def test_several_tables_of_a_book_at_once() -> None:
    grids = [
        month("9월", "A"),
        listed("파트너", "업체명:place", "세대수:count", "연락처:phone"),
        listed("비용", "지출일:date", "항목:kind", "금액:money"),
    ]
    assert [t.table for t in propose(grids).tables] == ["partners", "requests", "spend"]


def test_our_own_columns_are_no_candidates() -> None:
    grid = listed("접수", *MONTH, "진행상태:stage")
    assert "stage" not in fields(table(propose([grid], ignore_columns={("접수", 5)}), "requests"))


# What people say


def test_a_person_wins_over_a_guess_and_takes_the_column() -> None:
    said = [Said("requests", "접수", "업체명", "customer")]
    found = table(propose([listed("접수", *MONTH, "고객명:name")], corrections=said), "requests")
    assert fields(found)["customer"] == "업체명"
    assert (found.columns["customer"].source, found.columns["customer"].confidence) == ("person", 1.0)
    assert "partner" not in fields(found)
    assert found.unmatched == ("고객명",)


def test_a_person_may_leave_a_column_alone() -> None:
    found = fields(
        table(propose([listed("접수", *MONTH)], corrections=[Said("requests", "접수", "금액", "")]), "requests")
    )
    assert "amount" not in found


def test_a_correction_holds_on_every_tab_of_the_table() -> None:
    said = [Said("requests", "9월", "비고", "lost_reason")]
    grids = [month("9월", "A", "비고:words"), month("10월", "B", "비고:words", "방문일:date")]
    match = table(propose(grids, corrections=said), "requests")
    assert [match.column_in(r, "lost_reason") for r in match.regions] == [5, 5]


def test_an_answered_question_is_not_asked_again() -> None:
    grid = listed("접수", "접수번호:id", "업체명:again", "진행상태:stage", "날짜:date", "일자:date")
    assert len(propose([grid]).questions) == 2
    for said in ([Said("requests", "접수", "일자", "received_at")], [Said("requests", "접수", "날짜", "")]):
        mapping = propose([grid], corrections=said)
        assert not mapping.questions
        assert fields(table(mapping, "requests"))["received_at"] == "일자"


def test_a_person_says_what_a_list_is_or_that_it_is_none() -> None:
    grid = listed("Sheet1", "일자:date", "거래처:again", "항목:kind", "금액:money")
    assert propose([grid], corrections=[Said("", "Sheet1", "", "spend")]).tables[0].table == "spend"
    left = propose([grid], corrections=[Said("", "Sheet1", "", "")])
    assert not left.tables
    assert not left.questions
    assert [s.reason.id for s in left.skipped] == ["map.skipped.told"]


def test_what_was_confirmed_is_remembered_by_its_headers_and_asks_nothing() -> None:
    grid = listed("9월", "접수번호:id", "업체명:again", "진행상태:stage", "날짜:date", "일자:date")
    answered = propose([grid], corrections=[Said("requests", "9월", "일자", "received_at")])
    memory = {key: Kept(c.table, c.columns) for key, c in confirmed(answered).items()}
    next_month = propose([Grid("10월", grid.rows)], remembered=memory)
    assert not next_month.questions
    match = table(next_month, "requests")
    assert fields(match)["received_at"] == "일자"
    assert {c.source for c in match.columns.values()} == {"remembered"}


def test_argument_beats_person_beats_memory_beats_guess() -> None:
    grid = listed("접수", *MONTH, "단지명:place", "매장명:place")
    signature = header_signature(table(propose([grid]), "requests").regions[0])
    memory = {signature: Kept("requests", {"단지명": "partner"})}
    said = [Said("requests", "접수", "매장명", "partner")]
    argument = [MapArgument("partner", "업체명")]
    partner = [
        table(propose([grid], remembered=memory, corrections=c, arguments=a), "requests").columns["partner"]
        for c, a in (([], []), (said, []), (said, argument))
    ]  # fmt: skip
    assert [(p.header, p.source) for p in partner] == [
        ("단지명", "remembered"),
        ("매장명", "person"),
        ("업체명", "argument"),
    ]


def test_the_signature_ignores_order_spacing_and_brackets_but_not_words() -> None:
    def signature(*headers: str) -> str:
        values: list[Any] = [D, "한빛", 1.0]
        return header_signature(table(propose([Grid("접수", [list(headers), values, values])]), "requests").regions[0])

    plain = signature("접수일", "업체명", "금액")
    assert plain == signature("접수 일*", "업체명(필수)", "금액(원)")
    assert plain != signature("접수일", "업체명", "매출")


def test_an_argument_may_name_the_lower_row_of_a_header_and_a_sheet() -> None:
    found = table(propose([GROUPED], arguments=[MapArgument("cost", "금액", "requests", "대장")]), "requests")
    assert found.columns["cost"].header == "처리 › 금액"
    assert "amount" not in found.columns


def test_an_argument_decides_what_a_list_is() -> None:
    grid = listed("Sheet1", "가:name", "나:money")
    assert not propose([grid]).tables
    match = propose([grid], arguments=[MapArgument("amount", "나", "spend", "Sheet1")]).tables[0]
    assert (match.table, fields(match)) == ("spend", {"amount": "나"})


def test_an_empty_argument_unmaps_a_field() -> None:
    assert "amount" not in requests(*MONTH, arguments=[MapArgument("amount", "")])


def test_an_argument_for_a_header_nobody_has_lists_those_there_are() -> None:
    with pytest.raises(UnknownHeader) as caught:
        propose([listed("접수", *MONTH)], arguments=[MapArgument("partner", "없는열")])
    assert caught.value.message.id == "map.unknown_header"
    assert caught.value.message.params["headers"] == "접수번호, 업체명, 접수일, 금액"
    with pytest.raises(UnknownHeader) as caught:
        propose([listed("접수", *MONTH)], arguments=[MapArgument("partner", "업체명", "requests", "없는시트")])
    assert caught.value.message.params["sheets"] == "접수"


def test_an_argument_for_a_field_its_list_cannot_have_says_so() -> None:
    grid = listed("가격표", "품목:words", "단가:money")
    with pytest.raises(UnknownHeader) as caught:
        propose([grid], arguments=[MapArgument("partner", "품목")])
    assert caught.value.message.id == "map.field_elsewhere"


def test_an_argument_reaches_every_table_that_has_the_field_and_no_other() -> None:
    grids = [
        listed("products", "product:words", "price:money"),
        listed("pipeline", "order_id:id", "product:kind", "created:date", "amount:money"),
    ]
    mapping = propose(grids, arguments=[MapArgument("partner", "product")])
    assert fields(table(mapping, "requests"))["partner"] == "product"
    assert fields(table(mapping, "price_list"))["name"] == "product"


HEADER = st.sampled_from(
    [
        "업체명",
        "접수일",
        "금액",
        "날짜",
        "일자",
        "비고",
        "연락처",
        "담당자",
        "담당자 연락처",
        "상태",
        "No",
        "가나다",
        "금액",
        "구분",
        "이름",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.builds("{}:{}".format, HEADER, st.sampled_from(sorted(LOOKS))), min_size=1, max_size=9))
def test_a_column_never_serves_two_fields_and_every_header_is_accounted_for(columns: list[str]) -> None:
    mapping = propose([listed("접수", *columns)])
    for match in mapping.tables:
        for region in match.regions:
            used = [c for f in match.columns if (c := match.column_in(region, f)) is not None]
            assert len(set(used)) == len(used)
            matched = {c.header for c in match.columns.values()} | {h for hs in match.clocks.values() for h in hs}
            assert matched | set(match.unmatched) == {h.text for h in region.headers}
            assert not matched & set(match.unmatched)


#: What the columns of any table are called.
ANY_HEADER = HEADER | st.sampled_from(sorted({field.ko for table in TABLES for field in table.fields}))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.builds("{}:{}".format, ANY_HEADER, st.sampled_from(sorted(LOOKS))), min_size=1, max_size=7))
def test_a_list_is_no_table_whose_needs_no_column_speaks_for_however_closely_it_is_read(columns: list[str]) -> None:
    sheets = [listed("목록", *columns)]
    glanced = propose(sheets)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_may_be", lambda *_: True)
        assert propose(sheets) == glanced
