"""The weeks of the funnel tab: closed, late, corrected, out of the ordinary; and remembered in a hidden cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from addin import i18n
from addin.actions.views import funnel, funnel_weeks
from addin.actions.views.parts import Say
from addin.books.look import STYLES
from addin.crm.calendar import day_of, week_of_label
from addin.crm.cohorts import weeks
from addin.crm.constraint import Step, diagnose
from addin.crm.funnel import Funnel
from addin.crm.weekly import Rhythm, rhythm
from tests.unit.actions.test_views import Golden, grid_of, told

KO = Say("ko")
AS_OF = dt.date(2026, 11, 20)
STEPS = [Step("접수", 400), Step("제안", 240), Step("수주", 120)]
LAST = week_of_label("2026-W46") or 0


def year(first: tuple[int, int, int] = (40, 24, 12), last: tuple[int, int, int] = (40, 8, 3)) -> Funnel:
    """Ten weeks of forty, the last of them bad; ``first`` is what the first one counts today."""
    reached: dict[int, tuple[int | None, ...]] = {LAST - i: (40, 24, 12) for i in range(1, 9)}
    found = weeks(reached | {LAST - 9: first, LAST: last, LAST + 1: (9, 2, 0)}, STEPS, last=LAST + 1, limit=52,
                  as_of=day_of(AS_OF))  # fmt: skip
    return Funnel(diagnose(STEPS), (), (), None, None, weeks=found)


def corrected() -> Rhythm:
    """A year whose first week lost two orders after it was closed, and where the second won one more since."""
    before = rhythm(year(), as_of=day_of(AS_OF)).history
    found = rhythm(year((40, 24, 10)), as_of=day_of(AS_OF), before=before)
    later = replace(found.lines[1], late=(0, 0, 1))
    return replace(found, lines=(found.lines[0], later, *found.lines[2:]))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_closed_late_corrected_and_unusual_weeks_say_what_they_said_before(lang: str, golden: Golden) -> None:
    tab = funnel.funnel_tab(year((40, 24, 10)), Say(lang), as_of=AS_OF, told=corrected())
    golden(f"tabs/funnel_weeks.{lang}.txt", told(tab))
    assert set(tab.styles.values()) <= set(STYLES)


def test_a_week_that_fell_is_told_from_noise() -> None:
    tab = funnel.funnel_tab(year(), KO, as_of=AS_OF)
    column = funnel_weeks.columns_of(3)["change"]
    row = next(r for (r, c), v in tab.cells.items() if c == 1 and v == "2026-W46")
    assert "▼ 접수→제안 60% → 20%" in str(tab.cells[row, column])
    assert "◆ 접수→제안 평소" in str(tab.cells[row, column])
    assert tab.styles[row, funnel_weeks.columns_of(3)["rates"]] == "percent.warn"
    assert not [r for (r, c), value in tab.cells.items() if c == column and "▼" in str(value) and r != row]


def test_the_tab_remembers_its_weeks_wherever_they_were_moved_to() -> None:
    found = corrected()
    grid = grid_of(funnel.funnel_tab(year(), KO, as_of=AS_OF, told=found))
    assert funnel_weeks.parse_history(grid) == found.history
    moved = [list[object](["", *row]) for row in reversed(grid.rows)]
    assert funnel_weeks.parse_history(grid_of(funnel.funnel_tab(year(), KO, as_of=AS_OF), moved)) == found.history


def test_a_tab_without_memory_begins_anew() -> None:
    grid = grid_of(funnel.funnel_tab(year(), KO, as_of=AS_OF))
    lines = [list[object](None if str(value).startswith("{") else value for value in row) for row in grid.rows]
    assert funnel_weeks.parse_history(grid_of(funnel.funnel_tab(year(), KO, as_of=AS_OF), lines)) is None


def test_many_corrections_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(funnel_weeks, "MOST", 0)
    tab = funnel.funnel_tab(year(), KO, as_of=AS_OF, told=corrected())
    assert KO("view.funnel.more_corrections", n=1) in tab.cells.values()


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_word_of_the_weeks_is_in_the_catalogue(lang: str) -> None:
    assert [id for id in (*funnel_weeks.SIGN_IDS, *funnel_weeks.WORDS) if not i18n.known(id, lang)] == []


def test_what_is_hidden_covers_no_column_of_the_steps() -> None:
    assert all(funnel_weeks.columns_of(steps)["key"] > len(funnel.COLUMNS) for steps in range(1, 9))
