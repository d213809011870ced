"""Where the lists on a messy sheet are. Sheets are drawn as rows; `_` is an empty cell."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.grid import CellError, Grid
from addin.crm.regions import Found, find_regions

if TYPE_CHECKING:
    from addin.crm.mapping import Region

_ = None
D = dt.datetime(2026, 9, 1, 9, 0)
DAY = dt.date(2026, 9, 1)
HEAD = ["접수번호", "접수일", "고객", "금액"]


def row(n: int) -> list[Any]:
    return [f"R{n}", D + dt.timedelta(days=n), f"고객{n}", 100.0 * n]


def find(*rows: list[Any], ignore: frozenset[int] = frozenset(), **grid: Any) -> Found:
    return find_regions(Grid("접수", rows, **grid), ignore)


def only(*rows: list[Any], **grid: Any) -> Region:
    found = find(*rows, **grid)
    assert len(found.regions) == 1, found
    return found.regions[0]


def texts(region: Region) -> list[str]:
    return [h.text for h in region.headers]


def test_a_plain_list() -> None:
    region = only(HEAD, row(1), row(2))
    assert (region.header_first, region.header_last, region.first_column, region.last_column) == (1, 1, 1, 4)
    assert texts(region) == HEAD
    assert region.rows == (2, 3)


def test_title_subtitle_and_unit_line_above() -> None:
    region = only(["9월 접수 대장"], ["작성: 운영팀"], [_, _, _, "(단위: 원)"], HEAD, row(1), row(2))
    assert (region.header_last, region.rows) == (4, (5, 6))


@pytest.mark.parametrize("more", [20, 293])
def test_many_columns_prepared_and_not_filled_hide_no_list(more: int) -> None:
    region = only([*HEAD, *(f"여분{n}" for n in range(more))], row(1), row(2))
    assert (region.last_column, region.rows) == (4 + more, (2, 3))


def test_a_list_away_from_a1() -> None:
    region = only([], [], [_, _, *HEAD], [_, _, *row(1)])
    assert (region.first_column, region.last_column, region.rows) == (3, 6, (4,))


def test_a_header_in_row_15() -> None:
    assert only(["우리 회사"], *([[]] * 13), HEAD, row(1)).header_last == 15


@pytest.mark.parametrize(
    "label",
    ["합계", "합 계", "총계", "소계", "계", "Total", "총 합계", "합계(12건)", "9월 소계", "[합계]", "Grand Total"],
)
def test_a_total_row_is_no_data(label: str) -> None:
    assert only(HEAD, row(1), row(2), [label, _, _, 300.0]).rows == (2, 3)


def test_totals_at_the_top_in_the_middle_and_twice_below() -> None:
    region = only(
        HEAD,
        ["총계", _, _, 600.0],
        row(1),
        ["소계", _, _, 100.0],
        row(2),
        row(3),
        ["소계", _, _, 500.0],
        ["합계", _, _, 600.0],
    )
    assert region.rows == (3, 5, 6)


def test_a_total_whose_label_stands_further_right() -> None:
    assert only(HEAD, row(1), row(2), [_, _, "합계", 300.0]).rows == (2, 3)


@pytest.mark.parametrize("at_top", [False, True])
def test_a_sum_without_a_label_is_a_total(at_top: bool) -> None:
    total = [_, _, _, 300.0]
    rows = [total, row(1), row(2)] if at_top else [row(1), row(2), total]
    assert len(only(HEAD, *rows).rows) == 2


def test_a_sum_that_was_never_calculated_is_a_total_too() -> None:
    assert only(HEAD, row(1), row(2), [_, _, _, CellError("#NOCACHE")]).rows == (2, 3)


def test_an_amount_alone_that_is_no_sum_stays_data() -> None:
    assert only(HEAD, row(1), row(2), [_, _, _, 777.0]).rows == (2, 3, 4)


def test_a_customer_whose_name_ends_like_a_total_stays_data() -> None:
    assert only(HEAD, row(1), ["R2", D, "김합계", 100.0]).rows == (2, 3)


@pytest.mark.parametrize(
    "note",
    [
        "※ 10월부터 단가 인상",
        "* 부가세 별도",
        "■ 하반월",
        "[특판]",
        "10월",
        "설 연휴라 이번 주는 접수를 받지 않았음을 알려 드립니다",
    ],
)
def test_a_note_between_rows_is_no_data(note: str) -> None:
    assert only(HEAD, row(1), [note], row(2)).rows == (2, 4)


def test_a_banner_merged_across_the_list_is_no_data() -> None:
    assert only(HEAD, row(1), ["휴무"], row(2), merged=[(3, 1, 3, 4)]).rows == (2, 4)


def test_blank_rows_between_data_are_gaps() -> None:
    assert only(HEAD, row(1), [], row(2), [], [], [" ", "\u00a0"], row(3)).rows == (2, 4, 8)


def test_a_row_with_one_short_cell_is_a_row_somebody_began() -> None:
    assert only(HEAD, row(1), ["R2"], row(3)).rows == (2, 3, 4)


def test_signature_and_date_below_the_list_are_no_data() -> None:
    assert only(HEAD, row(1), row(2), [], [_, _, "작성자: 김"], [], ["2026. 11. 20."]).rows == (2, 3)


def test_a_row_begun_after_a_gap_belongs_to_the_list() -> None:
    wide = [*HEAD, "연락처", "경로", "담당", "상태", "비고", "완료일"]
    full = [*row(1), "010-1234-5678", "전화", "김", "완료", "x", D]
    assert only(wide, full, full, [], [_, _, "홍", _, "010-1234-5679"]).rows == (2, 3, 5)


def test_rows_below_a_gap_that_are_no_part_of_the_list_are_named() -> None:
    found = find(HEAD, row(1), row(2), [], ["담당", "김반장"], ["팀장", "이팀장"])
    assert found.regions[0].rows == (2, 3)
    assert [(s.header_row, s.reason.id, s.reason.params["rows"]) for s in found.skipped] == [
        (5, "map.skipped.loose", "5, 6")
    ]


def test_a_header_printed_again_is_skipped() -> None:
    assert only(HEAD, row(1), HEAD, row(2)).rows == (2, 4)


def test_monthly_blocks_under_each_other_are_one_list() -> None:
    region = only(["9월"], HEAD, row(1), ["소계", _, _, 100.0], [], ["10월"], HEAD, row(2), ["소계", _, _, 200.0])
    assert region.rows == (3, 8)


TWO = (
    ["접수번호", "접수", _, "처리", _, "비고"],
    [_, "일시", "경로", "확인일시", "방문일시", _],
    ["R1", D, "전화", D, D, _],
)
NAMES = ["접수번호", "접수 › 일시", "접수 › 경로", "처리 › 확인일시", "처리 › 방문일시", "비고"]
MERGED = [(1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5), (1, 6, 2, 6)]


@pytest.mark.parametrize("merged", [MERGED, []], ids=["merged", "a reader without merges"])
def test_a_two_row_header_reads_group_and_name(merged: list[tuple[int, int, int, int]]) -> None:
    region = only(*TWO, merged=merged)
    assert (region.header_first, region.header_last) == (1, 2)
    assert texts(region) == NAMES
    assert region.rows == (3,)


def test_a_two_row_header_printed_again_is_skipped() -> None:
    again = [(r1 + 3, c1, r2 + 3, c2) for r1, c1, r2, c2 in MERGED]
    assert only(*TWO, *TWO, merged=MERGED + again).rows == (3, 6)


def test_a_two_row_header_under_a_title_merged_over_it() -> None:
    shifted = [(r1 + 1, c1, r2 + 1, c2) for r1, c1, r2, c2 in MERGED]
    region = only(["접수·처리 현황"], *TWO, merged=[(1, 1, 1, 6), *shifted])
    assert (region.header_first, texts(region)) == (2, NAMES)


def test_of_a_three_row_header_the_two_lower_rows_count() -> None:
    rows = (
        ["접수번호", "업무", _, _, "비고"],
        [_, "접수", _, "처리", _],
        [_, "일시", "경로", "확인일시", _],
        ["R1", D, "전화", D, _],
    )
    region = only(*rows, merged=[(1, 1, 3, 1), (1, 2, 1, 4), (2, 2, 2, 3), (1, 5, 3, 5)])
    assert texts(region) == ["접수번호", "접수 › 일시", "접수 › 경로", "처리 › 확인일시", "비고"]
    assert (region.header_first, region.header_last, region.rows) == (1, 3, (4,))


def test_headers_merged_over_two_rows_each_are_one_header() -> None:
    region = only(HEAD, [], row(1), merged=[(1, c, 2, c) for c in range(1, 5)])
    assert (region.header_last, region.rows) == (2, (3,))


def test_a_narrow_empty_column_does_not_cut_a_list_in_two() -> None:
    region = only(["접수번호", "접수일", _, "고객", "금액"], ["R1", D, _, "홍", 1.0], ["R2", D, _, "김", 2.0])
    assert texts(region) == HEAD
    assert (region.last_column, region.rows) == (5, (2, 3))


def test_two_tables_of_equal_length_beside_each_other_stay_two() -> None:
    found = find([*HEAD, _, "업체명", "세대수", "사업자번호"], [*row(1), _, "한빛", 500.0, "123-45-67890"])
    assert [r.first_column for r in found.regions] == [1, 6]


def test_a_header_merged_over_two_columns_names_both() -> None:
    region = only(
        ["고객", "주소", _, "접수일"], ["홍", "서울", "마포", D], ["김", "서울", "은평", D], merged=[(1, 2, 1, 3)]
    )
    assert region.header_last == 1
    assert region.rows == (2, 3)
    assert region.last_column == 4


def test_a_row_of_units_belongs_to_the_header() -> None:
    region = only(HEAD, [_, _, _, "(원)"], row(1))
    assert (region.header_last, region.rows) == (2, (3,))


SPEND = ["지출일", "항목", "비용"]


def test_lists_below_each_other_with_a_title_between() -> None:
    found = find(HEAD, row(1), row(2), [], ["비용 내역"], SPEND, [D, "광고", 5.0])
    assert [(r.header_last, r.rows) for r in found.regions] == [(1, (2, 3)), (6, (7,))]


def test_lists_of_one_width_directly_below_each_other() -> None:
    found = find(SPEND, [D, "광고", 5.0], [D, "전단", 6.0], ["고객", "연락처", "가입일"], ["홍", "010-1234-5678", D])
    assert [(r.header_last, r.rows) for r in found.regions] == [(1, (2, 3)), (4, (5,))]


def test_a_wider_list_below_a_narrow_one() -> None:
    found = find(["품목", "단가"], ["전등", 100.0], ["문", 50.0], [], HEAD, row(1))
    assert [(r.last_column, r.rows) for r in found.regions] == [(2, (2, 3)), (4, (6,))]


def test_lists_of_words_only_below_each_other() -> None:
    found = find(
        ["업체명", "담당자", "상태"], ["한빛", "김", "운영"], [], ["업체", "기사", "단계"], ["두리", "박", "완료"]
    )
    assert [r.header_last for r in found.regions] == [1, 4]


def test_lists_side_by_side_of_different_length() -> None:
    found = find(
        [*HEAD, _, "품목", "단가"], [*row(1), _, "전등", 5.0], [*row(2), _, "문", 6.0], [_, _, _, _, _, "창", 7.0]
    )
    assert [(r.first_column, r.rows) for r in found.regions] == [(1, (2, 3)), (6, (2, 3, 4))]


def test_lists_side_by_side_that_begin_in_different_rows() -> None:
    found = find(HEAD, [*row(1), _, "품목", "단가"], [*row(2), _, "문", 6.0], [], SPEND, [D, "광고", 5.0])
    assert [(r.header_last, r.first_column, r.rows) for r in found.regions] == [
        (1, 1, (2, 3)),
        (2, 6, (3,)),
        (5, 1, (6,)),
    ]


def test_the_same_headers_twice_without_a_gap_are_two_lists() -> None:
    found = find([*HEAD, *HEAD], [*row(1), *row(2)])
    assert [(r.first_column, texts(r)) for r in found.regions] == [(1, HEAD), (5, HEAD)]


def test_two_lists_under_merged_month_titles_are_not_grouped() -> None:
    rows = (["9월", _, _, _, "10월"], [*HEAD, *HEAD], [*row(1), *row(2)])
    found = find(*rows, merged=[(1, 1, 1, 4), (1, 5, 1, 8)])
    assert [texts(r) for r in found.regions] == [HEAD, HEAD]


def test_headers_with_line_breaks_odd_spaces_and_in_nfd_are_tidied() -> None:
    nfd = unicodedata.normalize("NFD", "접수일")
    region = only(["연락처\n(HP)", "업체\u00a0명", nfd], ["010-1234-5678", "한빛", D])
    assert texts(region) == ["연락처 (HP)", "업체 명", "접수일"]


def test_headers_of_one_name_are_numbered() -> None:
    assert texts(only(["접수일", "금액", "금액", "금액"], [D, 1.0, 2.0, 3.0])) == [
        "접수일",
        "금액",
        "금액 (2)",
        "금액 (3)",
    ]


def test_a_blank_header_over_data_is_named_by_its_place() -> None:
    region = only(["접수일", _, "금액", _], [D, "홍", 1.0, "x"], [D, "김", 2.0, "y"])
    assert texts(region) == ["접수일", "(B)", "금액", "(D)"]


def test_a_list_of_one_column() -> None:
    assert only(["업체명"], ["한빛"], ["두리"]).rows == (2, 3)


def test_columns_that_begin_empty_belong_to_the_list() -> None:
    rows = [[f"R{n}", D, _, _] for n in range(20)]
    region = only([*HEAD[:3], "완료일"], *rows, ["R20", D, "홍", D])
    assert (region.last_column, len(region.rows)) == (4, 21)


def test_a_header_without_rows_is_an_empty_list() -> None:
    region = only(HEAD)
    assert (region.rows, region.last_row) == ((), 1)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["이 파일은 참고용입니다"], [], ["문의: 02-123-4567"]],
        [["제목"]],
        [[1.0, 2.0], [3.0, 4.0]],
        [["a"]],
    ],
)
def test_notes_and_charts_only_are_no_list(rows: list[list[Any]]) -> None:
    found = find(*rows)
    assert not found.regions
    assert not found.skipped


@pytest.mark.parametrize(
    "months",
    [
        ["1월", "2월", "3월", "4월"], ["2026-01", "2026-02", "2026-03"], ["26.01", "26.02", "26.03"],
        ["1주차", "2주차", "3주차"],
        ["Jan", "Feb", "Mar"], [dt.datetime(2026, 1, 1), dt.datetime(2026, 2, 1), dt.datetime(2026, 3, 1)],
        [2024.0, 2025.0, 2026.0], ["11월", "12월", "1월"], ["W01", "W02", "W03"],
    ],
)  # fmt: skip
def test_periods_across_make_a_cross_tab_which_is_left_alone(months: list[Any]) -> None:
    found = find(["파트너", *months, "합계"], ["한빛", *range(len(months)), 6.0], ["두리", *range(len(months)), 6.0])
    assert [s.reason.id for s in found.skipped] == ["map.skipped.cross_tab"]
    assert not found.regions


def test_a_cross_tab_with_plan_and_result_under_each_month() -> None:
    rows = (
        ["파트너", "1월", _, "2월", _, "3월", _],
        [_, *["목표", "실적"] * 3],
        ["한빛", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    )
    found = find(*rows, merged=[(1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5), (1, 6, 1, 7)])
    assert [s.reason.id for s in found.skipped] == ["map.skipped.cross_tab"]


def test_three_date_columns_in_a_row_are_no_cross_tab() -> None:
    assert only(["접수일", "확인일", "방문일", "완료일"], [DAY, DAY, DAY, DAY]).rows == (2,)


@pytest.mark.parametrize(
    "head", [["품목", "규격", "현재고", "입고", "출고"], ["품명", "재고수량", "단위", "단가", "위치"]]
)
def test_a_stock_list_is_left_alone(head: list[str]) -> None:
    found = find(head, ["전등", 3.0, 2.0, 1.0, 1.0])
    assert [s.reason.id for s in found.skipped] == ["map.skipped.stock"]


def test_a_list_beside_a_cross_tab_is_still_found() -> None:
    found = find([*HEAD, _, "파트너", "1월", "2월", "3월"], [*row(1), _, "한빛", 1.0, 2.0, 3.0])
    assert len(found.regions) == len(found.skipped) == 1


def test_a_quote_form_gives_its_lines_not_its_labels() -> None:
    region = only(
        ["견 적 서"], ["수신", "한빛아파트", "견적일", DAY], ["담당자", "김", "연락처", "010-1234-5678"], [],
        ["품목", "규격", "수량", "단가", "금액"], ["전등", "A", 1.0, 100.0, 100.0], ["합계", _, _, _, 100.0],
    )  # fmt: skip
    assert (region.header_last, region.rows) == (5, (6,))


def test_a_list_object_says_itself_where_it_is() -> None:
    region = only(["아무", "말", "x"], ["가", "나", "x"], ["다", "라", "x"], tables=[(1, 1, 2, 2)])
    assert (region.last_column, region.rows) == (2, (2,))


def test_an_autofilter_marks_a_header_of_unknown_words() -> None:
    assert only(["가나", "다라"], ["마", "바"], ["사", "아"], filters=[(1, 1, 3, 2)]).header_last == 1


def test_our_own_columns_are_looked_past_wherever_people_moved_them() -> None:
    head = ["접수번호", "파트너 상태", "접수일", "금액", "이유"]
    region = only(head, ["R1", "주의", D, 1.0, "늦음"], [_, "주의", _, _, "빈 줄"], ignore=frozenset((2, 5)))
    assert texts(region) == ["접수번호", "접수일", "금액"]
    assert (region.rows, region.last_column) == ((2,), 4)


def test_csv_text_is_judged_like_typed_cells() -> None:
    rows = [
        ["opportunity_id", "deal_stage", "engage_date", "close_value"],
        ["A1", "Won", "2016-10-20", "1054"],
        ["A2", "Prospecting", "", ""],
    ]
    assert only(*rows).rows == (2, 3)


def long_list(n: int, *, as_text: bool) -> list[list[Any]]:
    rows = [[f"R{i:05d}", D, f"고객{i % 50}", float(i)] for i in range(n)]
    return [[str(v) for v in r] for r in rows] if as_text else rows


@pytest.mark.parametrize("as_text", [False, True])
def test_a_long_list_is_judged_like_a_short_one(as_text: bool) -> None:
    rows = long_list(1200, as_text=as_text)
    odd = {300: [], 500: HEAD, 700: ["※ 단가 인상"], 900: ["소계", _, _, 5.0]}
    for at, line in odd.items():
        rows[at] = line
    rows += [["합계", _, _, 1.0], [], ["비용"], SPEND, [D, "광고", 5.0]]
    found = find(HEAD, *rows)
    assert len(found.regions) == 2
    assert len(found.regions[0].rows) == 1196
    assert not {at + 2 for at in odd} & set(found.regions[0].rows)
    assert found.regions[1].rows == (1206,)


CELL = st.one_of(
    st.none(), st.just(""), st.text("가나다접수일금액합계12 ", max_size=6), st.floats(0, 1e6), st.just(D), st.booleans()
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(CELL, max_size=6), max_size=14))
def test_no_sheet_breaks_it_and_no_row_is_claimed_twice(rows: list[list[Any]]) -> None:
    found = find(*rows)
    seen: set[tuple[int, int]] = set()
    for region in found.regions:
        assert list(region.rows) == sorted(set(region.rows))
        assert all(region.header_last < r <= len(rows) for r in region.rows)
        cells = {(r, h.column) for r in (*region.rows, region.header_last) for h in region.headers}
        assert not cells & seen
        seen |= cells


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(0, 4), st.integers(0, 3), st.booleans())
def test_a_list_is_found_whole_wherever_it_stands(count: int, down: int, right: int, total: bool) -> None:
    pad = [_] * right
    rows = [*([[]] * down), [*pad, *HEAD], *([*pad, *row(n)] for n in range(1, count + 1))]
    if total:
        rows.append([*pad, "합계", _, _, 1.0])
    region = only(*rows)
    assert (region.first_column, region.rows) == (right + 1, tuple(range(down + 2, down + 2 + count)))


def test_a_sheet_looked_through_before_is_seen_as_it_is_now() -> None:
    rows: list[list[Any]] = [["업체명", "접수일", "금액"], ["한빛", "2026-10-01", 100.0], ["두리", "2026-10-02", 50.0]]
    grid = Grid("접수", rows)
    first = find_regions(grid)
    assert find_regions(grid) == first
    first.regions.clear()  # what a caller does with its answer is its own
    rows.append(["새봄", "2026-10-03", 70.0])
    assert [region.rows for region in find_regions(grid).regions] == [(2, 3, 4)]
    rows[3] = ["합계", None, 220.0]
    assert [region.rows for region in find_regions(grid).regions] == [(2, 3)]
    assert [region.headers[0].text for region in find_regions(grid, frozenset({1})).regions] == ["접수일"]


@pytest.mark.parametrize("one", [1.0, True])
def test_a_tick_where_a_number_stood_is_another_sheet(one: object) -> None:
    rows = [["업체명", "접수일", "클레임"], ["한빛", "2026-10-01", 1.0], ["두리", "2026-10-02", one]]
    find_regions(Grid("접수", [line[:] for line in rows[:2]] + [["두리", "2026-10-02", 1.0]]))
    fresh = find_regions(Grid(f"접수 {one}", rows)).regions
    assert [r.rows for r in find_regions(Grid("접수", rows)).regions] == [r.rows for r in fresh]


def test_a_very_long_list_s_rows_are_a_range() -> None:
    rows: list[list[Any]] = [["업체명", "접수일", "금액"], *(["한빛", "2026-10-01", 100.0] for _ in range(2_100))]
    (region,) = find_regions(Grid("접수", rows)).regions
    assert region.rows == range(2, 2_102)
