"""The ladder tab: what it says, and what people answer in it stays theirs and is about one suspension."""

from __future__ import annotations

import datetime as dt
import random
import re
from typing import TYPE_CHECKING, cast

import pytest

from addin import i18n
from addin.actions.views import ladder as view
from addin.actions.views.kpi import PartnerPlace
from addin.actions.views.parts import Say
from addin.books.look import STYLES
from addin.books.tab import Link, Tab
from addin.crm.calendar import day_of, week_of_day
from addin.crm.ladder import GROUND, RULES, State
from addin.crm.ladder_weeks import Series
from addin.crm.settings import Settings
from addin.crm.standings import Ladder, Standing
from addin.crm.tasks import KIND_IDS
from tests.unit.actions.test_views import Golden, grid_of, told

if TYPE_CHECKING:
    from addin.crm.flags import Flag
    from addin.crm.grid import Grid

KO = Say("ko")
W = week_of_day(day_of(dt.date(2026, 11, 9)))  # 2026-W46
AT = {name: place for place, name in enumerate(view.COLUMNS, 1)}


def stood(who: str, state: State, kpi: str = "RESP_10M", fell: int | None = None, before: State = GROUND) -> Standing:
    """Somebody with four weeks, the last of them bad, or good for who came down."""
    weeks = [W - 3, W - 2, W - 1, W]
    bad: list[Flag] = ["ok", "breach", "breach", "breach"]
    flags: list[Flag] = ["ok"] * 4 if fell else bad
    hits = [11, 10, 10, 12] if fell else [12, 7, 6, 7]
    if kpi == "CLAIM_RATE":
        hits, cases = [0, 7, 6, 6], [20, 22, 21, 20]
    else:
        cases = [12, 11, 10, 12]
    series = Series(weeks, flags, flags, hits, cases, [1, 1, 1, 2])
    return Standing(kpi, who, state, series, fell, before)


PROPOSED = State("suspension", W, W, asked=W)
APPROVED = PROPOSED._replace(approved=True)


def people(state: State = PROPOSED) -> Ladder:
    """One on each rung, and one who came down."""
    found = (
        stood("정민재", state),
        stood("이서연", State("ride_along", W - 1, W - 1), "SAMEDAY"),
        stood("최하린", State("training", W - 1, W - 1), "CLAIM_RATE"),
        stood("박지후", GROUND, fell=W - 1, before=State("training", W - 7, W - 7)),
    )
    return Ladder("assignee", W, RULES, Settings().thresholds, found)


def typed(tab: Tab, subject: str, /, **cells: object) -> Grid:
    """The tab as a reader finds it after a person typed into the line of somebody."""
    grid = grid_of(tab)
    lines = [list(line) for line in grid.rows]
    line = next(line for line in lines if line[0] == subject)
    for name, value in cells.items():
        line[AT[name] - 1] = value  # type: ignore[call-overload]
    return grid_of(tab, lines)  # type: ignore[arg-type]


def line_of(tab: Tab, who: str) -> dict[str, object]:
    row = next(r for (r, c), value in sorted(tab.cells.items()) if c == 1 and value == who)
    return {name: tab.cells.get((row, column)) for name, column in AT.items()}


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_tab_says_what_it_said_before(lang: str, golden: Golden) -> None:
    marks = {
        ("RESP_10M", "김도윤", "2026-W30"): view.Mark("예", "김팀장", None, {"subject": "김도윤", "rung": "일시 중단"})
    }
    golden(f"tabs/ladder.{lang}.txt", told(view.ladder_tab(people(), Say(lang), marks)))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_word_of_the_tab_is_in_the_catalogue(lang: str) -> None:
    used = (*view.LABELS.values(), *view.NOTES.values(), *view.TODOS, *view.SUBJECTS, *view.YES_NO, *KIND_IDS)
    assert [id for id in used if not i18n.known(id, lang)] == []
    tab = view.ladder_tab(people(), Say(lang))
    words = [v.text if isinstance(v, Link) else v for v in tab.cells.values()]
    assert not [w for w in words if isinstance(w, str) and re.match(r"(view|flag|ladder|kpi)\.", w)]
    assert set(tab.styles.values()) <= set(STYLES)


def test_a_suspension_is_asked_for_in_yellow_cells_and_begins_with_a_yes() -> None:
    tab = view.ladder_tab(people(), KO)
    assert line_of(tab, "정민재")["rung"] == "일시 중단 승인 대기"
    assert tab.styles[6, AT["approve"]] == "input"
    marks = view.parse_ladder_tab(typed(tab, "정민재", approve="예", who="김팀장"))
    assert view.answers_of(marks) == {("RESP_10M", "정민재"): {W: True}}
    assert line_of(view.ladder_tab(people(APPROVED), KO, marks), "정민재")["rung"] == "일시 중단"


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("예", True),
        (" 승인 ", True),
        ("Yes", True),
        (True, True),
        ("아니오", False),
        ("해제", False),
        ("생각 중", None),
    ],
)
def test_yes_and_no_are_read_as_people_write_them(word: str | bool, answer: bool | None) -> None:
    assert view.Mark(word).answer is answer


def test_an_answer_that_is_neither_yes_nor_no_is_said_beside_it() -> None:
    tab = view.ladder_tab(people(), KO)
    marks = view.parse_ladder_tab(typed(tab, "정민재", approve="생각 중"))
    line = line_of(view.ladder_tab(people(), KO, marks), "정민재")
    assert line["approve"] == "생각 중"
    assert line["todo"] == "‘승인’에 적힌 ‘생각 중’: 예인지 아니오인지 알 수 없습니다. 예 또는 아니오로 적으세요"
    assert view.answers_of(marks) == {}


def test_what_people_typed_survives_a_redraw_a_sort_and_the_other_language() -> None:
    tab = view.ladder_tab(people(), KO)
    grid = typed(tab, "정민재", approve="아니오", who="김팀장", memo="다음 달에 다시 봄")
    body = [list(line) for line in grid.rows]
    shuffled = body[5:]
    random.Random(1).shuffle(shuffled)
    marks = view.parse_ladder_tab(grid_of(tab, body[:5] + shuffled))  # type: ignore[arg-type]
    line = line_of(view.ladder_tab(people(), Say("en"), marks), "정민재")
    assert (line["approve"], line["who"], line["memo"]) == ("아니오", "김팀장", "다음 달에 다시 봄")


def test_an_answer_is_for_its_suspension_and_a_memo_goes_with_the_person() -> None:
    tab = view.ladder_tab(people(), KO)
    marks = view.parse_ladder_tab(typed(tab, "정민재", approve="예", memo="교육 자료 보냄"))
    later = PROPOSED._replace(since=W + 6, clock=W + 6, asked=W + 6)
    after = view.ladder_tab(people(later), KO, marks)
    line = line_of(after, "정민재")
    assert (line["approve"], line["memo"]) == (None, "교육 자료 보냄")
    kept = view.parse_ladder_tab(grid_of(after))
    assert view.answers_of(kept) == {("RESP_10M", "정민재"): {W: True}}
    assert told(view.ladder_tab(people(later), KO, kept)) == told(after)


def test_what_was_written_about_somebody_no_longer_on_the_ladder_stays_below() -> None:
    marks = view.parse_ladder_tab(typed(view.ladder_tab(people(), KO), "이서연", memo="동행 11/20"))
    empty = Ladder("assignee", W, RULES, Settings().thresholds, ())
    tab = view.ladder_tab(empty, KO, marks)
    assert KO("view.ladder.none") in tab.cells.values()
    line = line_of(tab, "이서연")
    assert (line["rung"], line["memo"]) == ("현장동행", "동행 11/20")
    assert view.parse_ladder_tab(grid_of(tab)).keys() == marks.keys()


def test_lines_are_where_the_tasks_lead() -> None:
    tab = view.ladder_tab(people(), KO)
    for (kpi, who), row in view.rows_of(people()).items():
        assert tab.cells[row, 1] == who
        assert cast("str", tab.cells[row, len(view.COLUMNS) + 1]).startswith(f'["{kpi}"')


def test_many_are_counted_and_lines_with_something_typed_are_never_left_out() -> None:
    many = tuple(stood(f"기사{i}", State("training", W, W)) for i in range(view.MOST + 20))
    crowd = Ladder("assignee", W, RULES, Settings().thresholds, many)
    last = many[-1].subject
    marks = {("RESP_10M", last, ""): view.Mark(memo="본사와 상의")}
    tab = view.ladder_tab(crowd, KO, marks)
    assert line_of(tab, last)["memo"] == "본사와 상의"
    assert KO("view.ladder.more", n=19) in tab.cells.values()


def test_a_partner_leads_to_its_own_row() -> None:
    found = Ladder("partner", W, RULES, Settings().thresholds, (stood("한빛", State("training", W, W)),))
    tab = view.ladder_tab(found, KO, places={"한빛": PartnerPlace("카페", "거래처", "C7")})
    assert tab.cells[6, 1] == Link("한빛", "거래처", "C7")


@pytest.mark.parametrize(("hits", "fine"), [(12, True), (7, False)])
def test_who_is_in_order_again_is_said_to_be_though_the_rung_stays(hits: int, fine: bool) -> None:
    weeks = [W - 1, W]
    series = Series(weeks, ["breach", "ok"], ["breach", "ok" if fine else "breach"], [6, hits], [10, 12], [1, 1])
    waits = Standing("RESP_10M", "정민재", State("suspension", W - 1, W - 1, 1, asked=W - 1), series)
    tab = view.ladder_tab(Ladder("assignee", W, RULES, Settings().thresholds, (waits,)), KO)
    why = str(line_of(tab, "정민재")["why"])
    assert ("지금은 정상" in why) == fine
    assert "2026-W45" in why
