"""KPIs in a cell are those of ``danggol kpi`` on the same rows; flags and the ladder speak the team's words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from addin.actions.kpi import kpis_of
from addin.crm.grid import CellError
from addin.crm.settings import Settings
from addin.functions import Context, call
from addin.i18n import say

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ["접수번호", "업체명", "고객명", "접수일시", "확인일시", "방문일시", "진행상태", "금액", "유입경로"]
MONDAY = dt.datetime(2026, 3, 2, 9, 0)
TODAY = Context(today=dt.date(2026, 11, 21))


def request(i: int) -> list[Any]:
    """One of many requests: three partners, answers early and late, some won."""
    came = MONDAY + dt.timedelta(days=i % 50, minutes=13 * i % 400)
    won = i % 3 == 0
    return [
        f"R{i:03d}",
        ("한빛", "샛별", "두리")[i * i % 7 % 3],
        f"고객{i % 17}",
        came,
        came + dt.timedelta(minutes=i * 7 % 23),
        came + dt.timedelta(days=i % 2) if i % 4 else None,
        "수주" if won else "취소" if i % 5 == 0 else "상담",
        float(100_000 + i * 1_000) if won else None,
        ("소개", "광고")[i % 2],
    ]


ROWS = [HEAD, *(request(i) for i in range(90))]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import xlsxwriter

    path = tmp_path_factory.mktemp("kpi") / "접수.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as made:
        sheet = made.add_worksheet("접수")
        for r, row in enumerate(ROWS):
            for c, value in enumerate(row):
                if isinstance(value, dt.datetime):
                    sheet.write_datetime(r, c, value)
                elif value is not None:
                    sheet.write(r, c, value)
    return path


DAYS = pytest.mark.parametrize(
    ("start", "end"), [(None, None), ("2026-03-09", None), ("2026-03-09", "2026-03-31"), (None, "2026-03-31")]
)


@DAYS
def test_every_kpi_in_a_cell_is_the_one_of_the_command(book: Path, start: str | None, end: str | None) -> None:
    values = [v for v in kpis_of(book, start=start, end=end).values if not v.by and v.on]
    assert {"RESP_10M", "SAMEDAY", "HHI", "VOLATILITY"} <= {v.kpi for v in values}
    for value in values:
        assert call("KPI", value.kpi, ROWS, None, start, end, context=TODAY) == value.value, value.kpi


@DAYS
def test_each_partner_s_kpi_is_the_one_of_the_command(book: Path, start: str | None, end: str | None) -> None:
    values = kpis_of(book, kpis=["RESP_10M", "DEPENDENCY", "VOLATILITY"], by="partner", start=start, end=end).values
    assert len(values) == 9
    for value in values:
        assert call("KPI", value.kpi, ROWS, value.by["partner"], start, end, context=TODAY) == value.value, value.by


@pytest.mark.parametrize("by", ["partner", "source", "유입경로", "week", "month"])
def test_the_table_by_groups_is_the_one_of_the_command(book: Path, by: str) -> None:
    values = kpis_of(book, by=by).values
    heads, *lines = call("KPI_TABLE", ROWS, None, by, context=TODAY)
    assert heads[:4] == ["KPI", "이름", "대상", "값"]
    assert [(line[0], line[3], line[4]) for line in lines] == [(v.kpi, v.value, v.n) for v in values]


def test_the_table_has_one_line_a_kpi_and_those_asked_for_in_their_order() -> None:
    lines = call("KPI_TABLE", ROWS, [["HHI", "10분 확인율"]], context=TODAY)[1:]
    assert [line[0] for line in lines] == ["HHI", "RESP_10M"]
    whole = call("KPI_TABLE", ROWS, context=TODAY)[1:]
    names = [line[0] for line in whole if line[0] not in ("CONV", "STAGE_TIME", "AGEING")]  # a line a step
    assert len(names) == len(set(names)) > 10


def test_a_kpi_without_a_whole_answers_for_the_partner_we_lean_on_most() -> None:
    shares = [call("KPI", "DEPENDENCY", ROWS, name) for name in ("한빛", "샛별", "두리")]
    assert call("KPI", "DEPENDENCY", ROWS) == max(shares)


def test_a_missing_column_is_named() -> None:
    assert "클레임" in call("KPI", "CLAIM_RATE", ROWS)
    assert "Claim" in call("KPI", "CLAIM_RATE", ROWS, lang="en")


@pytest.mark.parametrize("id", ["RESP_10M", "resp_10m", "10분 확인율", "10분확인율"])
def test_a_kpi_is_known_by_id_and_by_name(id: str) -> None:
    assert call("KPI", id, ROWS) == call("KPI", say("kpi.RESP_10M.name", "en"), ROWS) == call("KPI", "RESP_10M", ROWS)


def test_a_conversion_is_asked_for_by_its_steps() -> None:
    lines = {line[2]: line[3] for line in call("KPI_TABLE", ROWS, [["CONV"]])[1:]}
    assert lines
    for steps, rate in lines.items():
        assert call("KPI", steps, ROWS) == rate
    assert all(steps in call("KPI", "CONV", ROWS) for steps in lines)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_wrong_kpi_partner_or_group_names_the_nearest(lang: str) -> None:
    assert "RESP_10M" in call("KPI", "RESP_10", ROWS, lang=lang)
    assert "한빛" in call("KPI", "RESP_10M", ROWS, "한빗", lang=lang)
    assert "partner" in call("KPI_TABLE", ROWS, None, "partnr", lang=lang)[0][0]


def test_days_the_wrong_way_round_are_said() -> None:
    assert "2026-05-01 > 2026-04-01" in call("KPI", "HHI", ROWS, None, "2026-05-01", "2026-04-01")


# -- what hosts hand over ----------------------------------------------------------------------------------------------


def serials(rows: list[list[Any]]) -> list[list[Any]]:
    """As Calc hands dates over: numbers."""
    zero = dt.datetime(1899, 12, 30)
    return [[(v - zero) / dt.timedelta(days=1) if isinstance(v, dt.datetime) else v for v in row] for row in rows]


def as_text(rows: list[list[Any]]) -> list[list[Any]]:
    return [
        [
            f"{v:%Y-%m-%d %H:%M}" if isinstance(v, dt.datetime) else f"{v:,.0f}원" if isinstance(v, float) else v
            for v in r
        ]
        for r in rows
    ]


@pytest.mark.parametrize("id", ["RESP_10M", "SAMEDAY", "HHI", "VOLATILITY"])
@pytest.mark.parametrize(
    "rows",
    [
        serials(ROWS),
        as_text(ROWS),
        tuple(map(tuple, ROWS)),
        [*ROWS, *([[None] * 9] * 50_000)],
        [["3월 접수 현황", *[None] * 8], [None] * 9, *ROWS],
        [[*row, None, ""] for row in ROWS],
    ],
    ids=["dates as numbers", "all as text", "tuples", "whole columns", "a title above", "blank columns beside"],
)
def test_the_number_does_not_depend_on_how_the_range_is_handed_over(rows: Any, id: str) -> None:
    assert call("KPI", id, rows) == call("KPI", id, ROWS)


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("rows", [ROWS[1:4], [[1.0, 2.0]], [["가"]]])
def test_a_range_without_its_header_row_is_asked_for_it(rows: Any, lang: str) -> None:
    assert "업체명" in call("KPI", "HHI", rows, lang=lang)


def test_a_list_without_rows_or_with_one() -> None:
    assert call("KPI", "RESP_10M", ROWS[:2]) in (0.0, 1.0)
    empty = call("KPI", "RESP_10M", ROWS[:1])
    assert empty is None or isinstance(empty, str)


def test_error_cells_in_the_rows_are_read_as_the_command_reads_them() -> None:
    broken = [list(row) for row in ROWS]
    broken[5][7] = CellError("#REF!")
    assert isinstance(call("KPI", "HHI", broken), float)


def test_the_same_range_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from addin.functions import rows as module

    module.forget()
    read: list[int] = []
    real = module._measured
    monkeypatch.setattr(module, "_measured", lambda *args: read.append(1) or real(*args))
    for id in ("HHI", "RESP_10M", "VOLATILITY"):
        call("KPI", id, [list(row) for row in ROWS], context=TODAY)
    assert len(read) == 1
    changed = [list(row) for row in ROWS]
    changed[1][7] = True  # TRUE equals 1 and is no amount
    first = [list(row) for row in changed]
    first[1][7] = 1.0
    call("KPI", "HHI", changed, context=TODAY)
    call("KPI", "HHI", first, context=TODAY)
    call("KPI", "HHI", ROWS, context=Context(settings=Settings(response_minutes=30), today=TODAY.today))
    assert len(read) == 4


def test_a_column_of_partners_spills_and_the_range_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from addin.functions import rows as module

    module.forget()
    read: list[int] = []
    real = module._measured
    monkeypatch.setattr(module, "_measured", lambda *args: read.append(1) or real(*args))
    names = [["한빛"], ["샛별"], [None], ["두리"]]
    spilled = call("KPI", "DEPENDENCY", ROWS, names, context=TODAY)
    each = [call("KPI", "DEPENDENCY", ROWS, name, context=TODAY) if name else None for (name,) in names]
    assert [row[0] for row in spilled] == each
    assert len(read) == 1


def test_the_book_s_own_settings_and_spellings_are_used() -> None:
    slow = Context(settings=Settings(response_minutes=600), today=TODAY.today)
    assert call("KPI", "RESP_10M", ROWS, context=slow) > call("KPI", "RESP_10M", ROWS, context=TODAY)
    merged = Context(aliases={"샛별": "한빛", "두리": "한빛"}, today=TODAY.today)
    assert call("KPI", "HHI", ROWS, context=merged) == 1.0
    assert call("KPI", "DEPENDENCY", ROWS, "샛별", context=merged) == 1.0


# -- plain numbers -----------------------------------------------------------------------------------------------------


def test_shares_concentration_and_costs_over_plain_ranges() -> None:
    names, amounts = (
        [["업체"], ["한빛"], ["샛별"], [" 한빛"], [None]],
        [["금액"], ["50만원"], [300000.0], [None], [200000.0]],
    )
    assert call("SHARE", "한빛", names, amounts) == 0.5
    assert call("HHI", names, amounts) == pytest.approx(0.25 / 0.64 + 0.09 / 0.64)  # rows on no partner aside
    assert "한빛" in call("SHARE", "한빗", names, amounts)
    assert call("CAC", 100.0, 0.0) is None
    assert call("LTV", "1,000,000원", 4.0, "30%") == 75000


def test_ranges_of_different_length_are_said() -> None:
    assert "파트너 목록 1, 금액 2" in call("HHI", [["가"]], [[1.0], [2.0]])


# -- flags and the ladder ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "value", "n", "word"),
    [
        ("DEPENDENCY", 0.3, None, "주의"),
        ("DEPENDENCY", "30.1%", None, "위반"),
        ("DEPENDENCY", 0.2, 5.0, "정상"),
        ("RESP_10M", 0.72, 25.0, "위반"),
        ("RESP_10M", 0.88, 25.0, "주의"),
        ("RESP_10M", 0.5, 3.0, "표본부족"),
        ("RESP_10M", None, None, "자료없음"),
        ("RESP_10M", 0.5, 0.0, "자료없음"),
    ],
)
def test_a_value_is_flagged_by_the_shipped_thresholds(id: str, value: Any, n: Any, word: str) -> None:
    assert call("FLAG", id, value, n) == word


def test_the_flag_of_a_value_is_the_flag_of_the_measure() -> None:
    from addin.functions.rows import measured

    measures = measured(ROWS, TODAY).measures
    for value in measures.compute(["RESP_10M", "SAMEDAY", "DEPENDENCY", "HHI", "VOLATILITY"]):
        if value.value is not None and not (value.kpi == "VOLATILITY" and value.n < 6):
            assert call("FLAG", value.kpi, value.value, float(value.n)) == say(f"view.flag.{value.flag}"), value


def test_the_team_s_own_threshold_decides() -> None:
    settings = Settings()
    mine = {**settings.thresholds, "HHI": replace(settings.thresholds["HHI"], target=Decimal("0.5"), breach=Decimal(1))}
    assert call("FLAG", "HHI", 0.3, 9.0) == "위반"
    assert call("FLAG", "HHI", 0.3, 9.0, context=Context(settings=replace(settings, thresholds=mine))) == "정상"


@pytest.mark.parametrize(
    ("weeks", "rung"),
    [
        (["위반"], "교육"),
        (["위반", "주의", "위반"], "현장동행"),
        (["위반", "위반", "위반", "위반"], "일시 중단 승인 대기"),
        (["위반", "정상", "정상", "표본부족", "정상", "정상"], "조치 없음"),
        (["상태", "breach", "small sample", "BREACH"], "현장동행"),
        (["표본부족", "자료없음"], "조치 없음"),
        (["위반", None, None, None, "위반"], "현장동행"),
        (["위반", None, None, None, None, "위반"], "교육"),
    ],
)
def test_weeks_climb_the_ladder(weeks: list[str | None], rung: str) -> None:
    assert call("LADDER", [[week] for week in weeks]) == rung


def test_a_word_that_is_no_flag_is_said() -> None:
    assert "‘나쁨’" in call("LADDER", [["위반"], ["나쁨"]])
