"""The demo's workbook is what its story promises, and the same everywhere."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from addin.actions.sample import AS_OF, make_sample
from addin.actions.sample.candidates import CANDIDATES
from addin.actions.sample.cast import CLUSTERS, PARTNERS, STAFF
from addin.actions.sample.clerk import BACKWARDS, REPEATED_IDS, SLIPS
from addin.actions.sample.staff import DAYS
from addin.actions.sample.story import Story, tell

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def story() -> Story:
    return tell(AS_OF)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "파트너관리.xlsx"
    make_sample(path)
    return path


def test_the_sample_has_at_least_6_partners_and_1500_requests_over_a_year(story: Story) -> None:
    assert len({r.partner.name for r in story.requests if r.partner}) >= 6
    assert 1500 <= len(story.requests) <= 1800
    assert (story.requests[-1].received - story.requests[0].received).days > 345


def test_one_partner_has_over_30_percent_of_the_revenue(story: Story) -> None:
    won = [r for r in story.requests if r.won]
    revenue = Counter[str]()
    for r in won:
        if r.partner and r.amount:
            revenue[r.partner.name] += r.amount
    (first, most), (_, second) = revenue.most_common(2)
    assert first == "㈜한빛"
    assert most / revenue.total() > 0.33 > 0.2 > second / revenue.total()


def test_from_quote_to_order_is_the_weakest_step(story: Story) -> None:
    reached = [
        sum(getattr(r, step) is not None for r in story.requests)
        for step in ("received", "confirmed", "visited", "proposed", "won")
    ]
    rates = [b / a for a, b in itertools.pairwise(reached)]
    assert min(rates) == rates[-1]
    assert rates[-1] < 0.6 < 0.9 < rates[-2]


def test_one_partner_fell_silent_and_one_has_the_claims(story: Story) -> None:
    last = {r.partner.name: r.received.date() for r in story.requests if r.partner}
    assert [name for name, day in last.items() if (AS_OF - day).days > 28] == ["열린공인중개사"]
    claims = Counter(r.partner.name for r in story.requests if r.claim and r.partner)
    assert claims.most_common(1)[0][0] == "솔내음마을 3단지 관리사무소"


def test_nothing_happens_after_the_last_day(story: Story) -> None:
    end = dt.datetime.combine(AS_OF, dt.time(23, 59))
    for r in story.requests:
        for moment in (r.received, r.confirmed, r.visited):
            assert moment is None or moment <= end
        for day in (r.proposed, r.won, r.completed):
            assert day is None or day <= AS_OF


@pytest.mark.parametrize("as_of", [dt.date(2024, 2, 29), dt.date(2027, 1, 1)])
def test_any_last_day_gives_twelve_months_that_end_with_it(as_of: dt.date) -> None:
    story = tell(as_of)
    assert len(story.months) == 12
    assert story.months[-1] == (as_of.year, as_of.month)
    assert story.requests[-1].received.date() <= as_of


def test_the_same_day_gives_the_same_bytes(book: Path, tmp_path: Path) -> None:
    make_sample(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def test_every_request_stands_on_its_months_tab(book: Path, story: Story) -> None:
    opened = CalamineWorkbook.from_path(str(book))
    for year, month in story.months:
        rows = opened.get_sheet_by_name(Story.tab(year, month)).to_python(skip_empty_area=False)
        want = sum((r.received.year, r.received.month) == (year, month) for r in story.requests)
        assert rows[3][1] == "접수번호"
        assert sum(1 for line in rows[5:] if line[5] or line[6]) >= want
        assert next(line for line in rows if line[1] == "합계")[2] == f"{want}건"


def test_what_the_clerk_got_wrong_is_in_the_book(book: Path) -> None:
    opened = CalamineWorkbook.from_path(str(book))
    cells = {
        cell for name in opened.sheet_names for line in opened.get_sheet_by_name(name).to_python() for cell in line
    }
    assert {value for value in SLIPS.values() if value is not None} <= cells
    assert {"주식회사 한빛", "㈜한빛", "=견적서 참고"} <= cells
    assert len(REPEATED_IDS) == 2
    assert len(BACKWARDS) == 3


def test_every_formula_has_a_value_and_the_totals_are_right(book: Path) -> None:
    with zipfile.ZipFile(book) as package:
        names = package.namelist()
        sheets = [package.read(n).decode() for n in names if n.startswith("xl/worksheets/sheet")]
    formulas = [f for xml in sheets for f in re.findall(r"<c [^>]*><f>[^<]*</f>(<v>|</c>)?", xml)]
    assert len(formulas) > 3000
    assert set(formulas) == {"<v>"}
    assert any('t="e"><f>' in xml for xml in sheets)
    assert {"xl/charts/chart1.xml", "xl/drawings/drawing1.xml", "xl/comments1.xml"} <= set(names)
    with zipfile.ZipFile(book) as package:
        assert b'ObjectType="Button"' in package.read("xl/drawings/vmlDrawing1.vml")


def test_partners_of_the_list_and_of_the_requests_are_the_same_people(book: Path) -> None:
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("파트너").to_python(skip_empty_area=False)
    assert [line[3] for line in rows[5:16]] == [p.name for p in PARTNERS]
    assert [p.name for p in PARTNERS if p.status == "후보"] == ["늘푸른 5단지 관리사무소", "라운지 한평"]


def test_one_technicians_last_weeks_go_badly_and_the_others_troubles_are_evenly_shared(story: Story) -> None:
    def late(staff: str, since: dt.date, until: dt.date) -> float:
        own = [r for r in story.requests if r.staff == staff and r.visited and since < r.received.date() <= until]
        return sum(r.visited is not None and r.visited.date() > r.received.date() for r in own) / len(own)

    turn = AS_OF - dt.timedelta(DAYS)
    before = [late(staff, dt.date.min, turn) for staff in STAFF]
    after = [late(staff, turn, AS_OF) for staff in STAFF]
    assert max(before) < 0.2
    assert max(after[:-1]) * 2 < after[-1]


def test_twenty_candidates_of_three_clusters_are_listed() -> None:
    stages = Counter(line[5] for line in CANDIDATES)
    early = sum(stages[stage] for stage in ("기회 발견", "미팅", "실무자 접촉"))
    assert early + sum(p.status == "후보" for p in PARTNERS) == 20
    assert {line[1] for line in CANDIDATES} == set(CLUSTERS)


def test_of_three_experiments_one_worked_one_attacks_another_step_and_one_still_runs(book: Path) -> None:
    from addin.actions.experiments import trials_of
    from addin.actions.results import results_of
    from addin.actions.workspace import open_workspace

    workspace = open_workspace(book)
    told = {trial.number: trial for trial in trials_of(workspace, results_of(workspace))}
    assert {number: trial.suggestion for number, trial in told.items()} == {
        "E-01": "double_down",
        "E-02": "drop",
        "E-03": "keep",
    }
    assert [note.id for note in told["E-02"].notes] == ["experiment.note.elsewhere"]
