"""The tabs people see: what they say, and what people write in them is found again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin import i18n
from addin.actions.views import check, dashboard, funnel, kpi, mapping, names, parts, status
from addin.actions.views import settings as settings_view
from addin.actions.views.log import LogLine, log_tab, parse_log_tab
from addin.actions.views.mapping_answers import parse_mapping_tab
from addin.actions.views.parts import Say
from addin.books.look import FLAGS, STYLES, text_width
from addin.books.render import render
from addin.books.tab import Link, Tab
from addin.crm import setting_rows, tables
from addin.crm.calendar import day_of, last_closed_week
from addin.crm.catalogue import KPIS
from addin.crm.cohorts import weeks
from addin.crm.constraint import VERDICTS, Constraint, Step, diagnose
from addin.crm.dedupe import Duplicates, Name
from addin.crm.fault import Fault
from addin.crm.fault_groups import FaultGroup
from addin.crm.funnel import Funnel, Slowest
from addin.crm.grid import Grid, cell_address
from addin.crm.kpi_values import KpiValue
from addin.crm.mapping import ColumnMatch, Header, Question, Region, Skipped, TableMatch
from addin.crm.mapping import Mapping as BookMapping
from addin.crm.message import msg
from addin.crm.settings import Settings

if TYPE_CHECKING:
    import random

KO, EN = Say("ko"), Say("en")
AS_OF = dt.date(2026, 11, 20)
WINDOW = (dt.date(2026, 10, 19), dt.date(2026, 11, 15))
Golden = Callable[[str, str], None]


# -- what a tab says, as text ------------------------------------------------------------------------------------------


def told(tab: Tab) -> str:
    """A tab as lines: address, style, value; then everything that is not a cell."""
    out = [f"tab {tab.name} · freeze {tab.freeze} · filter {tab.filter} · repeat {tab.repeat}"]
    for (row, column), value in sorted(tab.cells.items()):
        style = tab.styles.get((row, column), "")
        if style == "key":
            continue
        shown = f"[{value.text}]({value.sheet}!{value.cell})" if isinstance(value, Link) else repr(value)
        note = "  (note)" if (row, column) in tab.notes else ""
        out.append(f"{cell_address(row, column):5} {style:18} {shown}{note}")
    out += [f"bars {_rect(b.rect)}" for b in tab.bars]
    out += [f"people {_rect(rect)}" for rect in tab.people]
    for chart in tab.charts:
        series = ", ".join(f"{s.name} {s.kind} {_rect(s.values)}" for s in chart.series)
        out.append(f"chart {chart.title} at {cell_address(chart.row, chart.column)} of {chart.sheet}: {series}")
    return "\n".join(out)


def _rect(rect: tuple[int, int, int, int]) -> str:
    return f"{cell_address(rect[0], rect[1])}:{cell_address(rect[2], rect[3])}"


def grid_of(tab: Tab, lines: list[list[object]] | None = None) -> Grid:
    """The tab as a reader finds it."""
    if lines is None:
        last_row, last_column = tab.last
        lines = [[_cell(tab, r, c) for c in range(1, last_column + 1)] for r in range(1, last_row + 1)]
    return Grid(tab.name, lines)  # type: ignore[arg-type]


def _cell(tab: Tab, row: int, column: int) -> object:
    value = tab.cells.get((row, column))
    if isinstance(value, Link):
        return value.text
    return float(value) if isinstance(value, int | Decimal) else value


# -- tiny results ------------------------------------------------------------------------------------------------------


def tiny_funnel() -> Funnel:
    """Three steps, four weeks, the last one under way."""
    steps = [Step("접수", 100), Step("제안", 60), Step("수주", 18, target=0.5, target_by_person=True)]
    judged = diagnose(steps)
    why = Constraint("likely", msg("제안→수주가 전체를 붙잡습니다."), "제안", "수주", 1, probability=0.7, lift=0.67)
    now = last_closed_week(day_of(AS_OF)) + 1
    reached = {now - 3: (20, 12, 10), now - 2: (30, 20, 2), now - 1: (28, 16, 5), now: (22, 12, 1)}
    found = weeks(reached, steps, last=now, limit=52, as_of=day_of(AS_OF))
    return Funnel(replace(judged, constraint=why), (), (), Slowest("제안", "수주", 6.44), None, weeks=found, undated=3)


def number(id: str, by: dict[str, object], value: float | None, flag: str = "ok", **more: object) -> KpiValue:
    """One KPI value."""
    threshold = Settings().thresholds[id]
    base = KpiValue(id, by, value, None, None, 25, threshold, flag, WINDOW, note=msg(f"{id} 이유"))  # type: ignore[arg-type]
    return base._replace(**more)  # type: ignore[arg-type]


def tiny_values() -> list[KpiValue]:
    """Three partners (one nameless), two KPIs, a total, a cluster, a conversion, and one that is off."""
    return [
        number("RESP_10M", {}, 0.83, "warn", n=120, excluded=4),
        number("RESP_10M", {"partner": "한빛"}, 0.95),
        number("RESP_10M", {"partner": "푸른숲"}, 0.61, "breach"),
        number("RESP_10M", {"partner": None}, 0.5, "small_sample", n=2),
        number("DEPENDENCY", {"partner": "한빛"}, 0.351, "breach", detail=("별내", "솔빛")),
        number("DEPENDENCY", {"partner": "푸른숲"}, 0.2),
        number("RESP_10M", {"assignee": "이서연"}, 0.7, "breach"),
        number("LTV", {"partner": "한빛"}, None, "no_data", n=0),
        number("LTV", {}, None, "no_data", n=0),
        number("BACKUP", {"cluster": "아파트"}, 1, "warn", detail=("별내",)),
        number("CONV", {"step": "제안→수주"}, 0.3),
        number("CAC", {}, None, "no_data", off=("spend.amount", "requests.customer"), n=0, note=None),
    ]


PLACES = {"한빛": kpi.PartnerPlace("아파트", "파트너", "B5")}


def tiny_mapping() -> BookMapping:
    """Two monthly tabs, one question, one column without use, one list left alone."""
    heads = ("접수일", "업체명", "비고2")

    def region(sheet: str) -> Region:
        return Region(sheet, 3, 3, 1, 3, tuple(Header(i, t) for i, t in enumerate(heads, 1)), (4, 5))

    columns = {
        "received_at": ColumnMatch("received_at", "접수일", 0.98, msg("아는 머리글"), ("2026-03-01", "2026-03-02")),
        "partner": ColumnMatch("partner", "업체명", 0.8, msg("내용이 맞음"), ("한빛",), source="person"),
    }
    months = (region("1월"), region("2월"), region("3월"))
    return BookMapping(
        tables=[TableMatch("requests", months, columns, ("비고2",))],
        questions=[
            Question("1월", "날짜", ("received_at", "visited_at"), msg("날짜 열이 둘입니다"), "requests", ("3/1",), 3),
            Question("거래처", "", ("partners", "customers"), msg("어느 목록인지 모릅니다"), header_row=2),
        ],
        skipped=[Skipped("월별 현황", 2, msg("집계표"))],
    )


def tiny_groups() -> list[FaultGroup]:
    """One thing to mend, one read in spite of its form."""
    bad = Fault("bad_date", "2026-13-40", msg("날짜"), msg("다시 적어 주세요"))
    zero = Fault("lost_zero", "1012345678", msg("전화"), msg("0을 붙여 읽었습니다"), True, "010-1234-5678")
    cells = (("1월", 5, 1), ("2월", 9, 1))
    return [FaultGroup("requests", "received_at", bad, 12, cells), FaultGroup("requests", "phone", zero, 40, cells[:1])]


def tiny_page(say: Say) -> dashboard.Dashboard:
    """A dashboard of the tiny results."""
    found = tiny_funnel()
    chart = funnel.funnel_tab(found, say, as_of=AS_OF).charts[0]
    return dashboard.Dashboard(
        AS_OF,
        WINDOW,
        found.constraint.why,
        funnel.slowest_text(say, found.slowest),
        [
            dashboard.Card("requests", 100, "count"),
            dashboard.Card("response", 0.83, "share", "기준 90% · n 120", "warn"),
        ],
        [
            dashboard.PartnerLine("한빛", "breach", 0.351, 40, 9, "매출 의존도 35.1%", "파트너", "B5"),
            dashboard.PartnerLine("푸른숲", "no_data", None, 0, 0),
        ],
        [
            dashboard.Todo("질문 2개에 답해 주세요", "breach", "CRM_매핑"),
            dashboard.Todo("날짜 12개를 고치세요", "warn"),
        ],
        chart,
    )


def tiny_settings(lang: str) -> list[setting_rows.SettingRow]:
    """A clock, a choice, a share."""
    wanted = ("hours.open", "hours.clock", "DEPENDENCY.target")
    return [row for row in setting_rows.rows(Settings(), lang) if row.key in wanted]


TABS: dict[str, Callable[[Say], Tab]] = {
    "dashboard": lambda say: dashboard.dashboard_tab(tiny_page(say), say),
    "funnel": lambda say: funnel.funnel_tab(tiny_funnel(), say, as_of=AS_OF, window=WINDOW),
    "kpi": lambda say: kpi.kpi_tab(tiny_values(), say, as_of=AS_OF, places=PLACES),
    "check": lambda say: check.check_tab(
        tiny_groups(),
        say,
        duplicates=[Duplicates((Name("㈜한빛"), Name("주식회사 한빛")), "㈜한빛", (msg("형태만 다릅니다"),))],
        questions=tiny_mapping().questions,
    ),
    "mapping": lambda say: mapping.mapping_tab(tiny_mapping(), say, {("requests", "1월", "비고2"): "메모"}),
    "settings": lambda say: settings_view.settings_tab(tiny_settings(say.lang), say),
    "log": lambda say: log_tab(
        [
            LogLine("2026-11-20 20:30", "20261120-203000-1", "adopt", 12, 2, "매핑"),
            LogLine("2026-11-20 20:35", "20261120-203500-1", "refresh", 340, 5),
        ],
        say,
    ),
    "status": lambda say: status.status_tab([status.StatusRow("거래처", 5, 2, "한빛", "breach", "10분 확인율")], say),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("key", list(TABS))
def test_a_tab_says_what_it_said_before(key: str, lang: str, golden: Golden) -> None:
    golden(f"tabs/{key}.{lang}.txt", told(TABS[key](Say(lang))))


def test_every_tab_can_be_drawn_in_one_workbook() -> None:
    data = render([make(KO) for make in TABS.values()])
    assert data[:2] == b"PK"


@pytest.mark.parametrize("key", list(TABS))
def test_a_tab_has_its_name_and_mark_and_no_unknown_words(key: str) -> None:
    for lang in i18n.LANGUAGES:
        tab = TABS[key](Say(lang))
        assert tab.name == names.NAMES[lang][key]
        assert tab.marker == f"_danggol.tab.{key}"
        words = [v.text if isinstance(v, Link) else v for v in tab.cells.values()]
        assert not [w for w in words if isinstance(w, str) and re.match(r"view\.|flag\.|constraint\.", w)]
        assert set(tab.styles.values()) <= set(STYLES)


def cut_words(tab: Tab) -> list[str]:
    """Headers with a word wider than their column: people would read half of it."""
    spans = {rect[:2]: rect[3] for rect in tab.merges}
    out = []
    for (row, column), value in tab.cells.items():
        if tab.styles.get((row, column)) == "header" and isinstance(value, str):
            room = sum(tab.widths.get(c, 8.43) for c in range(column, spans.get((row, column), column) + 1))
            out += [word for word in value.split() if room and text_width(word) > room]
    return out


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("key", list(TABS))
def test_no_header_is_cut_in_either_language(key: str, lang: str) -> None:
    assert cut_words(TABS[key](Say(lang))) == []


def test_the_catalogue_has_every_word_the_tabs_use() -> None:
    used = {
        *mapping.LABELS.values(), *mapping.STATUSES, *settings_view.LABELS.values(), *status.LABELS.values(),
        *check.LABELS.values(), *check.KIND_IDS, *funnel.LABELS.values(), *funnel.NOTES.values(), *funnel.VERDICT_IDS,
        *funnel.MOVE_IDS, *kpi.LABELS, *kpi.TOPIC_IDS, *kpi.UNIT_IDS.values(), *dashboard.CARD_IDS, *dashboard.LABELS,
        *(f"view.{kind}.{flag}" for kind in ("flag", "legend") for flag in FLAGS),
    }  # fmt: skip
    for path in Path(mapping.__file__).parent.glob("*.py"):
        used |= set(re.findall(r'"(view\.[a-z_0-9.]*[a-z0-9])"', path.read_text("utf-8")))
    for lang in i18n.LANGUAGES:
        assert [word for word in sorted(used) if not i18n.known(word, lang)] == []


# -- names -------------------------------------------------------------------------------------------------------------


def test_a_team_that_has_a_tab_of_our_name_keeps_it() -> None:
    assert names.tab_names("ko", ["crm_kpi", "접수"])["kpi"] == "CRM_KPI (2)"


# -- the dashboard and the funnel --------------------------------------------------------------------------------------


def test_the_dashboard_is_one_page() -> None:
    assert TABS["dashboard"](KO).pages_tall == 1


def test_the_dashboards_chart_draws_the_funnel_tabs_cells() -> None:
    chart = TABS["dashboard"](KO).charts[0]
    assert chart.sheet == "CRM_퍼널"
    assert chart.labels[-1] == "2026-W47"
    assert chart.series[0].shown == (20, 30, 28, 22)


def test_a_long_list_of_partners_leads_on_to_the_kpi_tab() -> None:
    page = replace(tiny_page(KO), partners=[dashboard.PartnerLine(f"곳{i}", "ok", 0.1, 1, 1) for i in range(12)])
    tab = dashboard.dashboard_tab(page, KO)
    assert Link("그 밖의 파트너 2곳은 KPI 탭에 →", "CRM_KPI", "A1") in tab.cells.values()


def test_a_dashboard_of_an_empty_book_still_stands() -> None:
    page = dashboard.Dashboard(AS_OF, None, msg("자료가 없습니다"), "", [], [], [])
    assert KO("view.dashboard.nothing") in dashboard.dashboard_tab(page, KO).cells.values()


def test_the_dashboard_leads_to_the_other_tabs() -> None:
    names = [f"CRM_{i}" for i in range(7)]
    tab = dashboard.dashboard_tab(replace(tiny_page(KO), leads=names), KO)
    assert [v.text for v in tab.cells.values() if isinstance(v, Link) and v.text in names] == names
    assert KO("view.dashboard.leads") not in dashboard.dashboard_tab(tiny_page(KO), KO).cells.values()


def test_a_week_under_way_is_pale_and_has_no_rate() -> None:
    tab = TABS["funnel"](KO)
    row = next(r for (r, c), v in tab.cells.items() if c == 1 and v == "2026-W47")
    assert tab.styles[row, 2] == "pale_number"
    assert (row, 5) not in tab.cells


def test_the_step_that_holds_the_whole_back_is_marked_in_the_list() -> None:
    tab = TABS["funnel"](KO)
    row = next(r for (r, c), v in sorted(tab.cells.items()) if c == 1 and v == "수주")
    assert tab.cells[row, 10] == "◀ 여기가 막힘 (유력)"
    assert tab.styles[row, 1] == "cell.warn"


def test_a_funnel_without_any_row_says_so_and_draws_nothing() -> None:
    empty = Funnel(diagnose([Step("접수", 0), Step("수주", 0)]), (), (), None, None)
    tab = funnel.funnel_tab(empty, KO, as_of=AS_OF)
    assert tab.charts == []
    render([tab])


def test_every_verdict_has_a_colour() -> None:
    assert set(VERDICTS) <= set(funnel.VERDICT_FLAG)


# -- KPI ---------------------------------------------------------------------------------------------------------------


def test_n_stands_beside_every_number() -> None:
    tab = TABS["kpi"](KO)
    row = next(r for (r, c), v in tab.cells.items() if c == 2 and v == "푸른숲")
    assert (tab.cells[row, 5], tab.cells[row, 6]) == (0.61, 25)
    assert tab.styles[row, 5] == "percent.breach"


def test_a_kpi_nobody_has_a_number_for_takes_no_column_but_is_told_once() -> None:
    tab = TABS["kpi"](KO)
    assert list(tab.cells.values()).count(KO(KPIS["LTV"].name)) == 1


def test_whom_the_ladder_trains_has_a_matrix_too() -> None:
    tab = TABS["kpi"](KO)
    row = next(r for (r, c), v in tab.cells.items() if c == 2 and v == "이서연")
    assert (tab.cells[row, 5], tab.styles[row, 5]) == (0.7, "percent.breach")


def wide_values() -> list[KpiValue]:
    """Every KPI for two partners."""
    ids = [id for id, found in KPIS.items() if "partner" in found.grains or found.grains == ("total", "partner")]
    return [number(id, {"partner": name}, 0.5) for name in ("한빛", "푸른숲") for id in ids]


def test_status_and_partner_stay_in_view_and_stand_on_every_printed_page() -> None:
    tab = kpi.kpi_tab(wide_values(), KO, as_of=AS_OF)
    head = next(row for (row, column), value in tab.cells.items() if value == "파트너" and column == 2)
    assert (tab.cells[head, 1], tab.cells[head, 2], tab.cells[head, 4]) == ("상태", "파트너", "이유")
    assert tab.freeze == (head + 1, 3)
    assert (tab.repeat_columns, tab.print_scale) == (2, 65)
    assert all(tab.cells[head, column] == "n" for column in tab.breaks)  # a page never parts a number from its n
    widths = [tab.widths[column] for column in range(1, tab.last[1] + 1)]
    edges = [0, *tab.breaks, len(widths)]
    pages = [widths[a:b] + (widths[:2] if a else []) for a, b in pairwise(edges)]
    assert max(sum(8 * width + 5 for width in page) for page in pages) <= 1607  # A4 landscape at 65 %


def test_a_narrow_tab_is_printed_on_one_page() -> None:
    tab = TABS["kpi"](KO)
    assert (tab.print_scale, tab.breaks) == (0, ())


def test_kpis_stand_by_topic_and_every_topic_is_named_on_each_page() -> None:
    tab = kpi.kpi_tab(wide_values(), KO, as_of=AS_OF)
    row = next(row for (row, _), value in tab.cells.items() if value == KO("view.kpi.topic.promise"))
    named = {column: str(value) for (at, column), value in tab.cells.items() if at == row}
    order = [KO(id) for id in kpi.TOPIC_IDS]
    assert [order.index(named[column]) for column in sorted(named)] == sorted(order.index(n) for n in named.values())
    assert all(column + 1 in named for column in tab.breaks)


def test_a_unit_the_number_does_not_show_stands_in_the_header() -> None:
    assert kpi.kpi_name(KPIS["SILENCE_4W"], KO) == "4주 무접촉 (일)"
    assert kpi.kpi_name(KPIS["FIRST_PROPOSAL"], EN) == "Time to first proposal (hours)"
    assert kpi.kpi_name(KPIS["SAMEDAY"], KO) == "당일 방문율"


def test_a_kpi_has_one_topic() -> None:
    listed = [id for ids in kpi.TOPICS.values() for id in ids]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(KPIS)


def test_ten_thousand_partners_are_not_all_drawn_but_told_how_to_list() -> None:
    values = [number("RESP_10M", {"partner": f"곳{i}"}, 0.5) for i in range(kpi.MOST + 5)]
    tab = kpi.kpi_tab(values, KO, as_of=AS_OF)
    assert tab.last[0] < kpi.MOST + 20
    assert any("그 밖에 5곳" in str(value) and "danggol kpi" in str(value) for value in tab.cells.values())


def test_requests_of_no_partner_are_shown_not_dropped() -> None:
    tab = TABS["kpi"](KO)
    assert KO("kpi.unassigned") in [v for (_, c), v in tab.cells.items() if c == 2]


def test_a_kpi_that_is_off_says_which_column_would_switch_it_on() -> None:
    assert "필요한 열: 비용 · 금액, 의뢰 · 고객" in TABS["kpi"](KO).cells.values()


def test_limits_read_short() -> None:
    shipped = Settings().thresholds
    assert kpi.rules_text(KPIS["DEPENDENCY"], shipped["DEPENDENCY"], KO, " ") == "▲ ≥ 25% ● > 30%"
    assert kpi.rules_text(KPIS["CAC"], shipped["CAC"], KO, " ") == "▲ 평소의 > 1.2배 ● 평소의 > 1.5배"


def test_a_book_without_partners_still_shows_its_numbers() -> None:
    values = [number("RESP_10M", {}, 0.9), number("CONV", {"step": "접수→수주"}, 0.2)]
    tab = kpi.kpi_tab(values, EN, as_of=AS_OF)
    assert 0.9 in tab.cells.values()
    render([tab])


# -- check -------------------------------------------------------------------------------------------------------------


def test_what_must_be_mended_stands_above_what_was_read_anyway() -> None:
    tab = TABS["check"](KO)
    kinds = [v for (_, c), v in sorted(tab.cells.items()) if c == 1 and v in map(KO, check.KIND_IDS)]
    assert kinds == ["● 고치기", "✓ 알아서 읽음"]


def test_an_example_leads_to_its_cell() -> None:
    assert Link("1월!A5", "1월", "A5") in TABS["check"](KO).cells.values()


def test_a_clean_book_says_so() -> None:
    assert KO("view.check.clean") in check.check_tab([], KO).cells.values()


def test_a_huge_value_is_cut_short() -> None:
    fault = Fault("bad_date", "가" * 40_000, msg("날짜"), msg("고치세요"), suggestion="나" * 40_000)
    tab = check.check_tab([FaultGroup("requests", "received_at", fault, 1, (("1월", 5, 0),))], KO)
    assert max(len(v) for v in tab.cells.values() if isinstance(v, str)) < 500
    render([tab])


# -- mapping: what people answer ---------------------------------------------------------------------------------------


def answered(tab: Tab, answers: dict[str, str]) -> list[list[object]]:
    """The tab's rows with words written in the correction column, by the header they stand beside."""
    lines = [list(line) for line in grid_of(tab).rows]
    head = next(line for line in lines if "머리글" in line or "Header" in line)
    header = head.index("머리글") if "머리글" in head else head.index("Header")
    answer = next(i for i, v in enumerate(head) if v in (KO(mapping.LABELS["answer"]), EN(mapping.LABELS["answer"])))
    for line in lines:
        if line[header] in answers:
            line[answer] = answers[str(line[header])]
    return lines  # type: ignore[return-value]


def corrections(lines: list[list[object]]) -> list[tuple[str, str, str, str]]:
    """What was understood: (table, sheet, header, field)."""
    found = parse_mapping_tab(Grid("CRM_매핑", lines))  # type: ignore[arg-type]
    return sorted((c.table, c.sheet, c.header, c.field) for c in found.corrections)


@pytest.mark.parametrize("say", [KO, EN])
@pytest.mark.parametrize(
    ("word", "field"),
    [("visited_at", "visited_at"), ("방문일시", "visited_at"), ("방문 일시", "visited_at"), ("Visited", "visited_at"),
     ("requests.visited_at", "visited_at"), ("의뢰.방문일시", "visited_at"), ("visit", "visited_at"),
     ("-", ""), ("무시", ""), ("ignore", ""), ("customers.phone", "customers.phone")],
)  # fmt: skip
def test_a_correction_is_understood_by_id_name_or_ignore(say: Say, word: str, field: str) -> None:
    lines = answered(mapping.mapping_tab(tiny_mapping(), say), {"접수일": word})
    assert corrections(lines) == [("requests", "1월", "접수일", field)]


@pytest.mark.parametrize("word", ["", "  ", "맞음", "예", "OK", "✓"])
def test_blank_or_yes_means_agreed(word: str) -> None:
    assert corrections(answered(TABS["mapping"](KO), {"접수일": word, "비고2": ""})) == []


def test_a_question_about_a_whole_list_is_answered_with_a_table() -> None:
    tab = mapping.mapping_tab(tiny_mapping(), KO)
    lines = answered(tab, {KO("view.mapping.whole_list", row=2): "고객"})
    assert ("", "거래처", "", "customers") in corrections(lines)


def test_a_whole_list_can_be_left_alone() -> None:
    lines = answered(mapping.mapping_tab(tiny_mapping(), KO), {KO("view.mapping.whole_list", row=3): "무시"})
    assert ("", "1월", "", "") in corrections(lines)


def test_a_word_that_names_no_field_is_a_fault_with_the_nearest_name_and_stays() -> None:
    found = parse_mapping_tab(grid_of(TABS["mapping"](KO), answered(TABS["mapping"](KO), {"접수일": "방문일지"})))
    [placed] = [f for f in found.faults if f.fault.value == "방문일지"]
    assert (placed.fault.code, placed.fault.suggestion) == ("unknown_field", "방문일시")
    assert placed.sheet == "CRM_매핑"
    again = mapping.mapping_tab(tiny_mapping(), KO, found.texts)
    assert "방문일지" in again.cells.values()


def test_an_unused_column_can_be_given_a_field() -> None:
    assert corrections(answered(mapping.mapping_tab(tiny_mapping(), KO), {"비고2": "비고"})) == [
        ("requests", "1월", "비고2", "note")
    ]


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 3), st.integers(0, 3))
def test_answers_are_found_after_sorting_inserting_and_moving(rng: random.Random, rows: int, columns: int) -> None:
    tab = mapping.mapping_tab(tiny_mapping(), KO)
    lines = answered(tab, {"접수일": "방문일시", "비고2": "-", "날짜": "접수일시"})
    expected = corrections(lines)
    assert len(expected) == 3
    head = next(i for i, line in enumerate(lines) if "머리글" in line)
    body = lines[head + 1 :]
    rng.shuffle(body)
    for _ in range(rows):
        body.insert(rng.randrange(len(body) + 1), [None] * len(lines[0]))
    lines = lines[: head + 1] + body
    for _ in range(columns):
        place = rng.randrange(len(lines[0]) + 1)
        lines = [[*line[:place], "메모" if i == head else None, *line[place:]] for i, line in enumerate(lines)]
    assert corrections(lines) == expected


def test_a_row_whose_hidden_key_is_gone_is_known_by_its_words() -> None:
    tab = mapping.mapping_tab(tiny_mapping(), KO)
    lines = [
        [None if isinstance(v, str) and v.startswith("[") else v for v in line]
        for line in answered(tab, {"접수일": "방문일시"})
    ]
    assert [(c[0], c[2], c[3]) for c in corrections(lines)] == [("requests", "접수일", "visited_at")]


def test_a_list_over_many_sheets_is_given_another_table_on_all_of_them() -> None:
    tab = mapping.mapping_tab(tiny_mapping(), KO)
    lines = answered(tab, {KO("view.mapping.whole_list", row=3): "고객"})
    assert corrections(lines) == [("", sheet, "", "customers") for sheet in ("1월", "2월", "3월")]


def test_a_list_left_alone_can_be_claimed() -> None:
    book = replace(tiny_mapping(), questions=[])
    lines = answered(mapping.mapping_tab(book, KO), {KO("view.mapping.whole_list", row=2): "비용"})
    assert corrections(lines) == [("", "월별 현황", "", "spend")]


def test_an_answer_stays_in_force_when_its_question_is_gone() -> None:
    lines = answered(mapping.mapping_tab(tiny_mapping(), KO), {KO("view.mapping.whole_list", row=2): "고객"})
    found = parse_mapping_tab(Grid("CRM_매핑", lines))  # type: ignore[arg-type]
    answered_book = replace(tiny_mapping(), questions=[], skipped=[])
    again = parse_mapping_tab(grid_of(mapping.mapping_tab(answered_book, KO, found.texts)))
    assert {(c.sheet, c.field) for c in again.corrections} == {("거래처", "customers"), ("월별 현황", "customers")}


def test_answers_given_before_stand_in_the_next_tab() -> None:
    found = parse_mapping_tab(grid_of(TABS["mapping"](KO)))
    assert found.texts == {("requests", "1월", "비고2"): "메모"}
    assert told(mapping.mapping_tab(tiny_mapping(), KO, found.texts)) == told(TABS["mapping"](KO))


def test_a_sheet_that_is_no_mapping_tab_has_no_answers() -> None:
    assert parse_mapping_tab(Grid("x", [["a", "b"], [1.0, 2.0]])).texts == {}


@pytest.mark.parametrize("table", tables.TABLES, ids=lambda table: table.id)
def test_every_name_in_a_dropdown_is_understood_as_its_field(table: tables.Table) -> None:
    for field in table.fields:
        for word in (field.ko, field.en, field.id):
            found = tables.fields_named(word, (table,))
            assert found, word
            assert found[0][1].id == field.id


# -- settings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("say", [KO, EN])
def test_a_fresh_settings_tab_reads_back_as_the_shipped_settings(say: Say) -> None:
    tab = settings_view.settings_tab(setting_rows.rows(Settings(), say.lang), say)
    answers = settings_view.parse_settings_tab(grid_of(tab))
    found, faults = setting_rows.from_rows(answers.cells)
    assert faults == []
    assert found == Settings()


def test_a_changed_cell_is_read_kept_as_typed_and_found_wherever_its_row_went() -> None:
    rows = setting_rows.rows(Settings())
    lines = [list(line) for line in grid_of(settings_view.settings_tab(rows, KO)).rows]
    line = next(line for line in lines if "DEPENDENCY.target" in line)
    line[1], line[3] = "25%", "✓"
    lines.remove(line)
    lines.append(line)
    answers = settings_view.parse_settings_tab(Grid("CRM_설정", lines))  # type: ignore[arg-type]
    found, _ = setting_rows.from_rows(answers.cells)
    assert found.thresholds["DEPENDENCY"].target == Decimal("0.25")
    assert answers.mine == {"DEPENDENCY.target"}
    assert answers.places["DEPENDENCY.target"] == (len(lines), 2)
    again = settings_view.settings_tab(setting_rows.rows(found), KO, answers)
    assert "25%" in again.cells.values()


def test_a_cell_that_makes_no_sense_stays_as_typed() -> None:
    rows = tiny_settings("ko")
    answers = settings_view.SettingsAnswers([setting_rows.SettingCell("hours.open", "아침")])
    assert "아침" in settings_view.settings_tab(rows, KO, answers).cells.values()


def test_an_excel_time_in_a_settings_cell_is_shown_as_a_time() -> None:
    answers = settings_view.SettingsAnswers([setting_rows.SettingCell("hours.open", dt.time(8, 30))])
    assert "08:30" in settings_view.settings_tab(tiny_settings("ko"), KO, answers).cells.values()


# -- log ---------------------------------------------------------------------------------------------------------------


def test_the_log_reads_back_newest_first() -> None:
    runs = [line.run for line in parse_log_tab(grid_of(TABS["log"](EN)))]
    assert runs == ["20261120-203500-1", "20261120-203000-1"]
    assert parse_log_tab(grid_of(TABS["log"](KO)))[1] == LogLine(
        "2026-11-20 20:30", "20261120-203000-1", "adopt", 12, 2, "매핑"
    )


def test_numbers_in_sentences_read_plainly() -> None:
    assert [parts.amount_text(Decimal(v), u) for v, u in (("0.075", "share"), ("3", "ratio"), ("28", "days"))] == [
        "7.5%",
        "3",
        "28",
    ]
