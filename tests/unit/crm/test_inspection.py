"""What stands on an inspection form: which requests may have one, whose defects, which photos belong together."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.calendar import DAY
from addin.crm.inspection import (
    REMARK_HEADERS,
    Marked,
    Shot,
    defect,
    defects_of,
    first_of,
    marked,
    photo_paths,
    refusal,
    shots,
)

TODAY = 20_000


def request(**more: Any) -> dict[str, Any]:
    return {"request_id": "R-1", "_won": 1, "_lost": False, "completed_at": TODAY * DAY, "partner": "한빛", **more}


@pytest.mark.parametrize(
    ("row", "dated", "why"),
    [
        (request(), True, None),
        (request(_won=0), True, "inspect.not_won"),
        (request(_lost=True), True, "inspect.lost"),
        (request(completed_at=None), True, "inspect.not_done"),
        (request(completed_at=(TODAY + 1) * DAY), True, "inspect.not_done"),
        (request(completed_at=None), False, None),
    ],
)
def test_only_won_and_completed_work_is_inspected(row: dict[str, Any], dated: bool, why: str | None) -> None:
    found = refusal(row, TODAY, dated=dated)
    assert (found.id if found else None) == why


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("욕실_전.jpg", Marked("욕실", "before")),
        ("욕실 후.JPG", Marked("욕실", "after")),
        ("욕실(작업 후).png", Marked("욕실", "after")),
        ("주방시공전3.png", Marked("주방 3", "before")),
        ("before_2.jpeg", Marked("2", "before")),
        ("전.jpg", Marked("", "before")),
        ("안전.jpg", Marked("안전", "")),
        ("오전 오후.jpg", Marked("오전 오후", "")),
        ("IMG_0042.jpg", Marked("IMG_0042", "")),
        ("사진", Marked("사진", "")),
    ],
)
def test_a_file_name_says_before_or_after_only_where_it_is_a_word_of_its_own(name: str, said: Marked) -> None:
    assert marked(name) == said


def test_pairs_come_first_and_nothing_is_shown_twice() -> None:
    photos = [("a", Marked("현관", "")), ("b", Marked("욕실", "after")), ("c", Marked("욕실", "before"))]
    assert shots([*photos, ("d", Marked("욕실", "before"))]) == (
        Shot("욕실", "c", "b"),
        Shot("현관", alone="a"),
        Shot("욕실", before="d"),
    )


@given(
    st.lists(st.tuples(st.sampled_from(("욕실", "주방", "")), st.sampled_from(("", "before", "after"))), max_size=12)
)
def test_no_photo_is_lost_or_doubled(said: list[tuple[str, str]]) -> None:
    photos = [(f"p{n}", Marked(*one)) for n, one in enumerate(said)]
    shown = [name for shot in shots(photos) for name in (shot.before, shot.after, shot.alone) if name]
    assert sorted(shown) == sorted(name for name, _ in photos)


def test_paths_come_from_photo_columns_only() -> None:
    row = {"작업 사진": "a.jpg\nb.jpg", "사진(전)": "c.jpg", "photo_after": "d.jpg", "비고": "e.jpg", "사진": None}
    assert photo_paths(row) == [("a.jpg", ""), ("b.jpg", ""), ("c.jpg", "before"), ("d.jpg", "after")]


def test_the_teams_own_note_is_no_remark_for_the_customer() -> None:
    assert first_of({"비고": "까다로움", "note": "x", "검수 의견": "문 다시 칠함"}, REMARK_HEADERS) == "문 다시 칠함"
    assert first_of({"비고": "까다로움", "note": "x"}, REMARK_HEADERS) == ""


ROWS = [
    {"partner": "한빛", "place": "지하주차장", "text": "누수", "found_at": (TODAY - 3) * DAY, "fixed_at": None},
    {"partner": "한빛", "place": "101동 1203호", "text": "문틀", "found_at": (TODAY - 3) * DAY, "fixed_at": None},
    {"partner": "한빛", "place": "옥상", "text": "옛것", "found_at": (TODAY - 90) * DAY, "fixed_at": None},
    {"partner": "푸른솔", "place": "복도", "text": "타일", "found_at": (TODAY - 3) * DAY, "fixed_at": None},
    {"partner": "한빛", "접수번호": "R 1", "place": "로비", "text": "실리콘", "found_at": None, "fixed_at": None},
    {"partner": "한빛", "접수번호": "R-9", "place": "지하주차장", "text": "남의 건", "found_at": TODAY * DAY},
]


def texts(row: dict[str, Any], site: str, *, office: bool) -> list[Any]:
    return [one["text"] for one in defects_of(ROWS, row, site, TODAY - 10, TODAY, office=office)]


def test_an_office_sees_its_common_areas_of_the_time_of_the_work() -> None:
    assert texts(request(request_id="R 1"), "", office=True) == ["누수", "실리콘"]


def test_a_customer_sees_only_the_own_home_and_what_names_the_request() -> None:
    assert texts(request(request_id="R 1"), "101동1203호", office=False) == ["문틀", "실리콘"]
    assert texts(request(request_id="R-2"), "", office=False) == []


def test_without_a_partner_nobody_elses_defects_are_shown() -> None:
    assert texts(request(request_id="R-2", partner=None), "", office=True) == []


def test_what_was_mended_later_is_still_open_on_the_day() -> None:
    row = {"defect_id": "D-1", "place": "옥상", "text": "누수", "found_at": 10 * DAY, "fixed_at": 20 * DAY}
    assert (defect(row, 15).fixed, defect(row, 15).open_days, defect(row, 25).fixed) == (None, 5, 20)
