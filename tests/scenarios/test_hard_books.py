"""Books that are hard: each goes through adopt, refresh, kpi and tasks, twice, and the numbers still mean something."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from addin.actions.adopt import adopt_book
from addin.actions.check import check_book
from addin.actions.kpi import kpis_of
from addin.actions.refresh import refresh_book
from addin.actions.tasks import tasks_of
from addin.books.read import read_book

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from addin.crm.kpi_values import KpiValue

HEAD = (
    "접수번호",
    "파트너",
    "고객명",
    "연락처",
    "접수일시",
    "확인일시",
    "방문일시",
    "수주일",
    "진행상태",
    "금액",
    "환불",
    "소개자",
)
Row = dict[str, Any]


def row(n: int, on: str = "2026-03-03", **more: Any) -> Row:
    base = {
        "접수번호": f"R{n:04d}", "파트너": "한빛", "고객명": f"손님{n}", "연락처": f"010-1000-{n:04d}",
        "접수일시": f"{on} 10:00", "확인일시": f"{on} 10:05", "방문일시": f"{on} 14:00", "수주일": on,
        "진행상태": "수주", "금액": 100_000, "환불": None, "소개자": None,
    }  # fmt: skip
    return {**base, **more}


@dataclass
class Through:
    """A book that went through everything."""

    path: Path
    flags: dict[str, int]

    def kpi(self, kpi: str, as_of: str | None = None, **by: object) -> KpiValue:
        found = kpis_of(self.path, kpis=[kpi], as_of=as_of).values
        return next(value for value in found if value.by == by)

    def faults(self) -> set[str]:
        return {found.fault.code for found in check_book(self.path)}

    def tabs(self) -> Sequence[str]:
        return [tab for tab in read_book(self.path).tabs if tab.startswith("CRM_")]


def through(
    tmp_path: Path, rows: Sequence[Row], partners: Sequence[tuple[str, ...]] = (("한빛", "아파트"), ("샛별", "카페"))
) -> Through:
    """Write the book, adopt and refresh it; a second refresh has nothing to write, and tasks come out."""
    path = tmp_path / "장부.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("접수")
        sheet.write_row(0, 0, HEAD)
        for at, line in enumerate(rows, 1):
            sheet.write_row(at, 0, [line[name] for name in HEAD])
        listed = book.add_worksheet("파트너")
        listed.write_row(0, 0, ("파트너명", "클러스터", "별칭")[: max((len(p) for p in partners), default=2)])
        for at, partner in enumerate(partners, 1):
            listed.write_row(at, 0, partner)
    adopt_book(path)
    done = refresh_book(path)
    assert refresh_book(path).run is None
    tasks_of(path)
    return Through(path, done.partners)


def test_a_circle_of_referrers_ends_and_nobody_introduces_himself(tmp_path: Path) -> None:
    rows = [
        row(1, 고객명="가", 소개자="나"),
        row(2, 고객명="나", 소개자="다"),
        row(3, 고객명="다", 소개자="가"),
        row(4, 고객명="라", 소개자="라"),
    ]
    found = through(tmp_path, rows).kpi("QUALITY_SCORE", as_of="2026-09-01")
    assert (found.numerator, found.n) == (3, 4)


def test_a_request_of_a_partner_nobody_listed_is_named_once_and_counted(tmp_path: Path) -> None:
    book = through(tmp_path, [row(1), row(2, 파트너="처음듣는곳"), row(3, 파트너="처음듣는곳")])
    assert "unknown_partner" in book.faults()
    assert book.kpi("SAMEDAY").n == 3


def test_two_partners_of_one_name_in_two_clusters_stay_a_question(tmp_path: Path) -> None:
    book = through(tmp_path, [row(n) for n in range(1, 4)], [("한빛", "아파트"), ("한빛", "카페")])
    assert book.kpi("DEPENDENCY", partner="한빛").value == 1
    assert book.kpi("SAMEDAY").n == 3


def test_negative_amounts_and_refunds_over_the_amount_are_named(tmp_path: Path) -> None:
    book = through(tmp_path, [row(1), row(2, 금액=-50_000), row(3, 환불=150_000)])
    assert {"refund_over_amount", "negative_amount"} <= book.faults()
    assert book.kpi("REFUND_RATE").numerator == 1


def test_a_visit_before_the_request_is_named_and_no_same_day_visit(tmp_path: Path) -> None:
    book = through(tmp_path, [row(1), row(2, 방문일시="2026-03-01 14:00")])
    assert "time_order" in book.faults()
    assert (book.kpi("SAMEDAY").numerator, book.kpi("SAMEDAY").n) == (1, 1)


@pytest.mark.parametrize(
    ("first", "second", "weeks"),
    [
        ("2020-12-31", "2021-01-01", ["2020-W53"]),  # a leap week holds the year's end
        ("2021-01-03", "2021-01-04", ["2020-W53", "2021-W01"]),
        ("2025-12-28", "2025-12-29", ["2025-W52", "2026-W01"]),
    ],
)
def test_weeks_at_the_end_of_a_year_are_iso_weeks(tmp_path: Path, first: str, second: str, weeks: list[str]) -> None:
    book = through(tmp_path, [row(1, first), row(2, second)])
    found = kpis_of(book.path, kpis=["SAMEDAY"], by="week").values
    assert [(value.by["week"]) for value in found if value.n] == weeks
    assert sum(value.n for value in found) == 2


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_korea_has_no_summer_time(tmp_path: Path, day: str) -> None:
    """Days on which clocks change elsewhere have 24 hours here."""
    rows = [row(1, day, 접수일시=f"{day} 01:30", 확인일시=f"{day} 03:30", 방문일시=f"{day} 03:30")]
    settings = kpis_of(through(tmp_path, rows).path, kpis=["SAMEDAY"]).values
    assert [(value.numerator, value.n) for value in settings if not value.by] == [(1, 1)]


def test_tables_without_a_row_are_drawn_empty(tmp_path: Path) -> None:
    path = tmp_path / "장부.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("접수").write_row(0, 0, HEAD)
        book.add_worksheet("파트너").write_row(0, 0, ("파트너명", "클러스터"))
        book.add_worksheet("실험").write_row(0, 0, ("실험번호", "병목 단계", "원인", "해결책", "시작일", "판정"))
    adopt_book(path)
    refresh_book(path)
    assert refresh_book(path).run is None
    assert tasks_of(path).tasks == []


def test_one_partner_alone_is_no_comparison_and_its_share_is_all(tmp_path: Path) -> None:
    book = through(tmp_path, [row(n) for n in range(1, 31)], [("한빛", "아파트")])
    assert book.kpi("DEPENDENCY", partner="한빛").value == 1
    assert book.kpi("SAMEDAY", partner="한빛").n == 30


def test_small_samples_everywhere_raise_no_alarm(tmp_path: Path) -> None:
    late = {"확인일시": "2026-03-03 17:00", "방문일시": "2026-03-09 10:00"}
    book = through(tmp_path, [row(1, **late), row(2, 파트너="샛별", 금액=0, **late)])
    values = kpis_of(book.path, kpis=["RESP_10M", "SAMEDAY", "CLAIM_RATE", "REFUND_RATE"]).values
    assert {value.flag for value in values} <= {"small_sample", "no_data"}


def test_a_partner_renamed_mid_year_is_asked_about_and_loses_no_request(tmp_path: Path) -> None:
    rows = [row(n, f"2026-0{1 + n // 20}-05", 파트너="한빛" if n < 20 else "한빛리빙") for n in range(40)]
    book = through(tmp_path, rows)
    assert "unknown_partner" in book.faults()
    values = kpis_of(book.path, kpis=["SAMEDAY"], by="partner").values
    assert sum(value.n for value in values) == book.kpi("SAMEDAY").n > 0


def test_hundreds_of_partners_each_have_their_line(tmp_path: Path) -> None:
    start = dt.date(2026, 1, 5)
    rows = [row(n, (start + dt.timedelta(n % 70)).isoformat(), 파트너=f"가게{n:05d}") for n in range(400)]
    book = through(tmp_path, rows, [(f"가게{n:05d}", "카페") for n in range(400)])
    assert book.kpi("SAMEDAY").n == 400
    assert sum(book.flags.values()) == 400
