"""The task tab: today's first, then what is overdue; people's marks stay theirs, run twice it says the same."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from addin.actions.refresh import refresh_book
from addin.actions.tasks import tasks_of
from addin.actions.views.parts import Say
from addin.actions.views.tasks import LABELS, MARKS, MOST, SAME, SECTIONS, Mark, parse_task_tab, task_tab
from addin.books import CLEAR, Edits, open_book
from addin.books.read import read_book
from addin.books.tab import Link, Tab
from addin.cli import main
from addin.crm.calendar import day_of
from addin.crm.message import msg
from addin.crm.tasks import Task
from addin.i18n import LANGUAGES, known

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2026, 3, 10)
DUE = day_of(TODAY) * 1440


def task(about: str, days: int = 0) -> Task:
    """A task due some days from today."""
    return Task(
        "silence", about, DUE + days * 1440, msg("task.silence.why", days=40), partner=about, sheet="파트너", row=3
    )


def words(tab: Tab) -> list[str]:
    """Every text of the tab, top to bottom."""
    return [v.text if isinstance(v, Link) else str(v) for _, v in sorted(tab.cells.items())]


def test_overdue_ones_stand_out_and_the_counts_are_said() -> None:
    tab = task_tab([task("가", -2), task("나"), task("다", 3)], Say("ko"), TODAY)
    assert "남은 일 3건 · 기한 지남 1건 · 오늘 1건" in words(tab)
    assert [tab.styles[row, 1] for row in range(5, 8)] == ["cell.breach", "cell.warn", "cell"]


@pytest.mark.parametrize(
    ("until", "style"),
    [
        (dt.datetime(2026, 12, 1), "input_date"),
        (dt.date(2026, 12, 1), "input_date"),
        (dt.datetime(2026, 12, 1, 14, 30), "input_instant"),
        ("다음 주", "input"),
    ],
)
def test_a_day_a_person_typed_is_shown_as_a_day_and_not_as_its_number(until: object, style: str) -> None:
    one = task("가")
    tab = task_tab([one], Say("ko"), TODAY, {one.id: Mark("미룸", until)})  # type: ignore[arg-type]
    [place] = [place for place, value in tab.cells.items() if value == until]
    assert tab.styles[place] == style


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (Mark(None, "다음 주"), True),
        (Mark("확인 중", "다음 주"), True),
        (Mark("미룸", "다음 주"), False),
        (Mark("완료", "다음 주"), False),
        (Mark(None, "2026-03-20"), False),
        (Mark("확인 중"), False),
    ],
)
def test_a_day_nobody_can_read_is_said_where_the_task_stays_open(mark: Mark, said: bool) -> None:
    one = task("가")
    text = " ".join(words(task_tab([one], Say("ko"), TODAY, {one.id: mark})))
    assert ("미룰 날짜 ‘다음 주’: 읽지 못했습니다. 2026-11-30처럼 적으세요." in text) is said


@pytest.mark.parametrize(
    ("mark", "state"),
    [
        (Mark("완료"), "done"),
        (Mark("Done "), "done"),
        (Mark("미룸"), "later"),
        (Mark("미룸", "2026-03-20"), "later"),
        (Mark("미룸", dt.datetime(2026, 3, 20)), "later"),
        (Mark("미룸", "2026-03-10"), "open"),
        (Mark(None, "2026-03-20"), "later"),
        (Mark(None, None, "전화함"), "open"),
    ],
)
def test_what_a_mark_means(mark: Mark, state: str) -> None:
    assert mark.state(day_of(TODAY)) == state


def test_nothing_a_person_typed_is_lost_even_when_the_cause_is_gone() -> None:
    kept = Mark("완료", None, "고객과 통화", {"reason": "40일째 소식이 없습니다", "partner": "라"})
    tab = task_tab([task("가")], Say("ko"), TODAY, {"silence:가": Mark(None, None, "내일"), "silence:라": kept})
    assert {"내일", "고객과 통화", "40일째 소식이 없습니다"} <= set(words(tab))


def test_more_than_the_tab_holds_are_counted_by_kind() -> None:
    tab = task_tab([task(str(i)) for i in range(MOST + 7)], Say("ko"), TODAY)
    assert any("7건이 더 있습니다(소식 없음 7)" in word for word in words(tab))


def _book(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "접수"
    sheet.append(["접수번호", "업체명", "접수일시", "확인일시", "진행상태", "금액"])
    for i in range(12):
        stage = "수주" if i % 3 else "접수"
        sheet.append([f"R{i}", "한빛", f"2026-03-{i + 1:02d} 10:00", None if i % 3 == 0 else "2026-03-12", stage, 1000])
    book.save(path)
    return path


def test_marks_survive_refreshes_and_sorting_and_a_second_refresh_writes_nothing(tmp_path: Path) -> None:
    book = _book(tmp_path / "b.xlsx")
    refresh_book(book, as_of="2026-03-13")
    before = read_book(book).grid("CRM_할일")
    assert before is not None
    first, second = [r for r in range(1, len(before.rows) + 1) if str(before.value(r, 12) or "").startswith('["')][:2]
    id = json.loads(str(before.value(second, 12)))[0]
    cells = {row: [before.value(row, c) or CLEAR for c in range(1, 13)] for row in (first, second)}
    cells[second][8], cells[second][10] = "완료", "통화했음"
    edits = Edits()
    edits.write("CRM_할일", first, 1, [cells[second]])  # as if a person marked one and sorted
    edits.write("CRM_할일", second, 1, [cells[first]])
    open_book(book).apply(edits)
    refresh_book(book, as_of="2026-03-13")
    grid = read_book(book).grid("CRM_할일")
    assert grid is not None
    assert parse_task_tab(grid)[id].memo == "통화했음"
    assert {t.id for t in tasks_of(book, as_of="2026-03-13").open()} == {
        t.id for t in tasks_of(book, as_of="2026-03-13").tasks
    } - {id}
    assert refresh_book(book, as_of="2026-03-13").run is None


def test_the_command_prints_every_task_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = _book(tmp_path / "b.xlsx")
    with pytest.raises(SystemExit) as done:
        main(["tasks", str(book), "--as-of", "2026-03-13", "--json"])
    assert done.value.code == 0
    found = json.loads(capsys.readouterr().out)
    assert {(t["kind"], t["request"], t["link"], t["status"]) for t in found} >= {
        ("first_answer", "R0", "접수!D2", "open")
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tab_has_its_words(lang: str) -> None:
    assert [id for id in (*LABELS.values(), *MARKS, *SECTIONS) if not known(id, lang)] == []


def test_the_same_chore_many_times_over_takes_ten_lines_and_the_rest_is_counted() -> None:
    tab = task_tab([task(str(i), -i - 1) for i in range(SAME + 3)], Say("ko"), TODAY)
    assert sum(value == "소식 없음" for value in tab.cells.values()) == SAME
    assert any("3건이 더 있습니다(소식 없음 3)" in word for word in words(tab))


def test_a_line_people_wrote_beside_is_drawn_though_its_kind_is_full() -> None:
    marks = {f"silence:{SAME + 2}": Mark(None, None, "월요일에 전화")}
    tab = task_tab([task(str(i), -i - 1) for i in range(SAME + 3)], Say("ko"), TODAY, marks)
    assert "월요일에 전화" in words(tab)
    assert any("2건이 더 있습니다(소식 없음 2)" in word for word in words(tab))
