"""Names that may be one partner are proposed; only a person's answer merges them, and answers are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.actions.views.aliases import AliasAnswers, alias_tab, parse_alias_tab
from addin.actions.views.parts import Say
from addin.crm.dedupe import Name, find_duplicates
from addin.crm.grid import Grid

if TYPE_CHECKING:
    from addin.books.tab import Tab

PROPOSED = find_duplicates([Name("㈜한빛", 10, listed=True), Name("주식회사 한빛", 3)])


def grid(tab: Tab) -> Grid:
    rows, columns = tab.last
    return Grid(tab.name, [[tab.cells.get((r, c)) for c in range(1, columns + 1)] for r in range(1, rows + 1)])  # type: ignore[misc]


def answered(text: str) -> Tab:
    tab = alias_tab(PROPOSED, Say("ko"))
    [rect] = tab.people
    tab.cells[rect[0], rect[1]] = text
    return tab


def test_a_proposal_without_an_answer_merges_nothing() -> None:
    assert parse_alias_tab(grid(alias_tab(PROPOSED, Say("ko")))).merged == {}


@pytest.mark.parametrize("word", ["같음", "예", "Y", "ok", "same", "✓"])
def test_a_yes_merges_the_spelling_into_the_name_beside_it(word: str) -> None:
    assert parse_alias_tab(grid(answered(word))).merged == {"주식회사 한빛": "㈜한빛"}


@pytest.mark.parametrize("word", ["다름", "아니요", "x", "-"])
def test_a_no_merges_nothing_and_is_remembered(word: str) -> None:
    answers = parse_alias_tab(grid(answered(word)))
    assert answers.merged == {}
    assert answers.texts == {("주식회사 한빛", "㈜한빛"): word}


def test_another_name_merges_into_that_one() -> None:
    assert parse_alias_tab(grid(answered("한빛전기"))).merged == {"주식회사 한빛": "한빛전기"}


def test_answers_stand_in_the_next_tab_again_also_when_nothing_is_proposed_any_more() -> None:
    answers = parse_alias_tab(grid(answered("같음")))
    again = parse_alias_tab(grid(alias_tab([], Say("ko"), answers)))
    assert again == answers


def test_answers_that_point_at_each_other_are_said_beside_both_and_merge_nothing() -> None:
    texts = {("㈜한빛", "한빛전기"): "같음", ("한빛전기", "㈜한빛"): "같음", ("한빛", "㈜한빛"): "같음"}
    merged = {"㈜한빛": "한빛전기", "한빛전기": "㈜한빛", "한빛": "㈜한빛"}
    tab = alias_tab([], Say("ko"), AliasAnswers(merged, texts))
    lines = {tab.cells[row, 1]: tab.cells[row, 5] for row, column in tab.cells if column == 1 and (row, 5) in tab.cells}
    assert "(㈜한빛 → 한빛전기 → ㈜한빛)" in str(lines["㈜한빛"])
    assert "(한빛전기 → ㈜한빛 → 한빛전기)" in str(lines["한빛전기"])
    assert "→" not in str(lines["한빛"])
