"""The tabs of experiments and of the two factories, on a small book as a team keeps it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from addin.actions.adopt import adopt_book
from addin.actions.refresh import refresh_book
from addin.actions.views.experiments import (
    LABELS,
    SHOWN,
    STEP_IDS,
    SUGGESTION_IDS,
    beside_funnel,
    experiments_tab,
)
from addin.actions.views.factories import LABELS as FACTORY_LABELS
from addin.actions.views.factories import SIDE_IDS, factories_tab
from addin.actions.views.parts import Say
from addin.books.read import read_book
from addin.crm.before_after import Window, judge
from addin.crm.constraint import Step, diagnose
from addin.crm.experiments import Trial
from addin.crm.factories import Flow, factories
from addin.crm.message import msg
from addin.i18n import LANGUAGES, known
from tests.unit.actions.teambook import made
from tests.unit.actions.test_views import told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

AS_OF = dt.date(2026, 4, 20)
BEGAN = dt.date(2026, 3, 2)


def trial(number: str, **more: Any) -> Trial:
    base: dict[str, Any] = {
        "sheet": "실험", "row": 4, "step": "제안→수주", "transition": 1, "cause": "연락이 늦음",
        "solution": "24시간 뒤 전화",
        "started": 20514, "ended": None, "own_before": None, "own_after": None, "own_verdict": "",
        "progress": ("done", "done", "done", "now", "open"), "suggestion": "wait",
        "why": msg("experiment.why.not_begun"),
    }  # fmt: skip
    return Trial(number, **{**base, **more})


def two() -> list[Trial]:
    found = judge(Window(20486, 20513, 100, 30), Window(20514, 20541, 100, 48))
    numbers = {"before": 30, "after": 48, "change": 18, "low": 4, "high": 31, "worth": 10, "chance": 0.9}
    judged = trial(
        "E-1", compared=found, suggestion="double_down", why=msg("experiment.why.better", **numbers),
        own_before=0.3, own_after=0.5, notes=(msg("experiment.note.elsewhere", step="접수→제안"),),
    )  # fmt: skip
    return [judged, trial("E-2", transition=None, step="청소", started=None, suggestion="none")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tabs_say_what_they_said_before(lang: str, golden: Callable[[str, str], None]) -> None:
    say = Say(lang)
    tab = experiments_tab(two(), say, as_of=AS_OF, constraint=msg("constraint.why.no_data"), columns={"실험": 9})
    golden(f"tabs/experiments.{lang}.txt", told(tab))
    partners = diagnose([Step("미팅", 40), Step("운영", 20)])
    customers = diagnose([Step("접수", 600), Step("제안", 540), Step("수주", 108)])
    found = factories(partners, customers, Flow(10, 130, 13))
    golden(f"tabs/factories.{lang}.txt", told(factories_tab(found, say, AS_OF)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_tabs_is_in_the_catalogue(lang: str) -> None:
    ids = (*LABELS, *SUGGESTION_IDS, *STEP_IDS, *FACTORY_LABELS, *SIDE_IDS)
    assert [id for id in ids if not known(id, lang)] == []


def test_the_funnel_names_experiments_no_person_has_judged_yet() -> None:
    lines = beside_funnel([*two(), trial("E-3", own_verdict="확대")])
    assert [line.params["number"] for line in lines] == ["E-1"]


def test_a_long_list_says_how_many_more() -> None:
    tab = experiments_tab([trial(f"E-{i}") for i in range(SHOWN + 5)], Say("ko"), as_of=AS_OF)
    assert any("5건이 더" in str(value) for value in tab.cells.values())


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two a day are won of ten proposals; from March on six are."""
    path = tmp_path_factory.mktemp("실험") / "장부.xlsx"
    lines: list[list[object]] = [["접수번호", "파트너", "접수일", "제안일", "수주일", "진행상태"]]
    for back in range(-28, 28):
        on = BEGAN + dt.timedelta(back)
        for i in range(10):
            won = i < (2 if back < 0 else 6)
            end = (on + dt.timedelta(3)).isoformat() if won else None
            lines.append([f"R{len(lines)}", "한빛", on.isoformat(), on.isoformat(), end, "수주" if won else "제안"])
    log = [
        ["실험번호", "병목 단계", "원인", "해결책", "시작일", "종료일", "전", "후", "판정"],
        ["E-1", "제안→수주", "연락이 늦음", "24시간 뒤 전화", "2026-03-02", "2026-03-29", 0.2, 0.6, "더 볼게요"],
        ["E-2", "접수→제안", "양식이 김", "한 장으로", "2026-03-02", None, None, None, None],
    ]
    partners = [["파트너명", "제휴단계"], ["한빛", "운영"], ["샛별", "미팅"], ["별빛", "기회 발견"]]
    made(path, {"접수": lines, "실험": log, "파트너": partners})
    adopt_book(path)
    refresh_book(path)
    return path


def rows(path: Path, sheet: str) -> Sequence[Sequence[object]]:
    grid = read_book(path).grid(sheet)
    assert grid is not None
    return grid.rows


def cells(path: Path, sheet: str) -> str:
    return "\n".join(" | ".join(str(value) for value in row if value not in (None, "")) for row in rows(path, sheet))


def test_refresh_draws_before_and_after_and_leaves_the_persons_own_list_alone(book: Path) -> None:
    text = cells(book, "CRM_실험")
    assert "20 %에서 60 %로 올랐습니다" in text
    assert "판정: 더 볼게요" in text
    assert "병목이 아닌 단계를 고치고 있습니다(시작할 때 병목: 제안→수주)" in text
    assert list(rows(book, "실험")[1][6:]) == [0.2, 0.6, "더 볼게요"]


def test_the_experiment_stands_beside_the_funnel(book: Path) -> None:
    assert "실험 E-2(접수→제안): 100 % → 100 %" in cells(book, "CRM_퍼널")


def test_the_factories_say_what_links_them(book: Path) -> None:
    text = cells(book, "CRM_공장")
    assert "파트너 공장" in text
    assert "활동 파트너(접수를 보낸 곳) | 1" in text


def test_a_second_refresh_writes_nothing(book: Path) -> None:
    assert refresh_book(book).run is None


def test_an_experiment_on_a_partnership_is_counted_by_its_activities_and_stands_beside_no_funnel_of_requests(
    tmp_path: Path,
) -> None:
    acts: list[list[object]] = [["활동일", "파트너", "활동유형", "활동내용"]]
    for back in range(-28, 28):
        on = (BEGAN + dt.timedelta(back)).isoformat()
        for i in range(5):
            acts.append([on, f"단지 {back + 28}-{i}", "미팅", "제안서 발송"])
            if i < (1 if back < 0 else 4):
                acts.append([on, f"단지 {back + 28}-{i}", "미팅", "시나리오 합의"])
    names = sorted({str(row[1]) for row in acts[1:]})
    log = [
        ["실험번호", "병목 단계", "원인", "해결책", "시작일"],
        ["E-9", "미팅→실무자 접촉", "김", "한 장", "2026-03-02"],
    ]
    requests = [["접수번호", "파트너", "접수일", "수주일", "진행상태"]]
    requests += [[f"R{i}", names[0], "2026-04-10", "2026-04-11", "수주"] for i in range(5)]
    partners = [["파트너명", "제휴단계"], *([name, "실무자 접촉"] for name in names)]
    path = made(tmp_path / "장부.xlsx", {"접수": requests, "실험": log, "파트너": partners, "활동": acts})
    adopt_book(path)
    refresh_book(path)
    text = cells(path, "CRM_실험")
    assert "20 %에서 80 %로 올랐습니다" in text
    assert "활동에 적힌 첫 접촉과 단계 증빙, 제휴일의 날짜로 셌습니다" in text
    assert "E-9" not in cells(path, "CRM_퍼널")


def test_a_team_without_experiments_or_stages_has_no_such_tabs(tmp_path: Path) -> None:
    lines = [["접수번호", "접수일", "수주일", "진행상태"], ["R1", "2026-03-02", "2026-03-03", "수주"]]
    path = made(tmp_path / "장부.xlsx", {"접수": lines})
    adopt_book(path)
    refresh_book(path)
    assert not {"CRM_실험", "CRM_공장"} & set(read_book(path).tabs)
