"""What the report's pages say: every word is in both catalogues, signals name their weeks, nothing typed is hidden."""

from __future__ import annotations

import json

import pytest

from addin.crm import report as rules
from addin.crm import report_sides
from addin.crm.catalogue import KPIS
from addin.crm.kpi_values import KpiValue
from addin.crm.report import KpiLine, PartnerReport
from addin.crm.report_defects import Defect, Defects
from addin.crm.report_sides import Reciprocity
from addin.crm.report_trends import trend
from addin.crm.settings import shipped_threshold
from addin.documents.report import face as pages
from addin.documents.report.face import DEFECTS_SHOWN, face
from addin.i18n import LANGUAGES, known


def report(**given: object) -> PartnerReport:
    base: dict[str, object] = {
        "partner": "한빛",
        "month": 2026 * 12 + 9,
        "as_of": 20_760,
        "span": (20_727, 20_757),
        "weeks": range(2930, 2956),
    }
    return PartnerReport(**{**base, **given})  # type: ignore[arg-type]


def value(kpi: str, hit: int, n: int, flag: str) -> KpiValue:
    number = hit / n if n else None
    return KpiValue(kpi, {"partner": "한빛"}, number, hit, n, n, shipped_threshold(KPIS[kpi]), flag, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("id", sorted({*pages.IDS, *rules.IDS, *report_sides.IDS}))
def test_every_word_is_in_the_catalogue(id: str, lang: str) -> None:
    assert known(id, lang)


def test_a_month_with_too_few_cases_is_judged_by_the_weeks_before_and_says_so() -> None:
    line = KpiLine("RESP_10M", value("RESP_10M", 1, 2, "small_sample"), None, value("RESP_10M", 2, 20, "breach"))
    assert line.by_window
    assert line.judged is line.recent
    enough = KpiLine("RESP_10M", value("RESP_10M", 10, 10, "ok"), None, value("RESP_10M", 2, 20, "breach"))
    assert enough.judged is enough.month


def test_a_share_stands_with_its_cases_and_its_target() -> None:
    told = face(report(kpis=(KpiLine("RESP_10M", value("RESP_10M", 18, 25, "breach"), None, None),)), "ko")["kpis"][0]
    assert (told["value"], told["cases"], told["target"], told["before"]) == ("72 %", "18/25", "90 % 이상", "–")
    assert told["symbol"] == "●"


def test_a_run_is_told_by_its_first_and_last_week() -> None:
    line = trend("RESP_10M", range(2930, 2950), [5] * 8 + [10] * 12, [10] * 20, None)
    caption = face(report(trends=(line,)), "ko")["trends"][0]["caption"]
    assert "주: 8주 넘게 평균의 한쪽에 있음" in caption


def test_a_quiet_chart_says_that_it_is_quiet() -> None:
    line = trend("REQUESTS", range(2930, 2940), [0] * 10, [3, 4] * 5, None)
    assert "모두 보통 범위 안에 있음" in face(report(trends=(line,)), "ko")["trends"][0]["caption"]


def test_more_defects_than_a_page_holds_are_counted() -> None:
    many = Defects(tuple(Defect(f"D{i}", "옥상", "누수", 20_730, None, 30) for i in range(DEFECTS_SHOWN + 5)))
    told = face(report(defects=many, office=True), "ko")["defects"]
    assert len(told["rows"]) == DEFECTS_SHOWN
    assert any("5건이 더" in note for note in told["notes"])


def test_a_month_without_defects_says_so() -> None:
    told = face(report(defects=Defects(), office=True), "ko")["defects"]
    assert told["rows"] == []
    assert "없습니다" in told["notes"][0]


def test_the_pages_are_plain_data_that_travels_as_json() -> None:
    shared = Reciprocity((), (), "우리\u202e\x00 이익", "가" * 5000)
    told = face(report(shared=shared, contact="김\n소장"), "ko")
    assert json.loads(json.dumps(told)) == told
    assert told["our_benefit"] == "우리 이익"
    assert len(told["their_benefit"]) == 300
    assert told["contact"] == "김 소장"


def test_what_was_mended_after_the_month_is_no_longer_open_but_not_mended_in_it() -> None:
    defects = Defects(
        (Defect("D1", "옥상", "누수", 20_730, 20_740, 10), Defect("D2", "옥상", "누수", 20_730, 20_759, 29))
    )
    card = face(report(defects=defects, office=True), "ko")["cards"][-1]
    assert (card["value"], card["note"]) == ("0", "이번 달 보수 1")
