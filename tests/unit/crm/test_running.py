"""Facts as running totals: any days and groups add up to what the lines say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from addin.crm import running
from addin.crm.facts import Facts
from addin.crm.running import Running

if TYPE_CHECKING:
    import pytest

Line = tuple[int | None, str | None, int]

_DAYS = st.none() | st.integers(-40, 40)
_LINES = st.lists(
    st.tuples(_DAYS, st.sampled_from(["한빛", "샛별", None]), st.integers(-(10**12), 10**12)), max_size=30
)


def facts(lines: list[Line], measure: str = "net") -> Facts:
    schema = {"day": pl.Int64, "partner": pl.String, "source": pl.String, measure: pl.Int64}
    return Facts(
        pl.DataFrame([(d, p, "광고", n) for d, p, n in lines], schema=schema, orient="row"), ("partner", "source")
    )


def added(lines: list[Line], first: int | None, last: int) -> dict[str | None, int]:
    """What stands in the lines themselves: without a first day all up to the last, undated ones too."""
    found: dict[str | None, int] = {}
    for day, partner, number in lines:
        if first is None if day is None else (first is None or first <= day) and day <= last:
            found[partner] = found.get(partner, 0) + number
    return found


@given(_LINES, st.none() | st.integers(-45, 45), st.integers(-45, 45))
def test_any_days_add_up_to_what_the_lines_say(lines: list[Line], first: int | None, last: int) -> None:
    found = Running([facts(lines)], ("partner",))
    days = None if first is None else (first, last)
    told = {
        group[0]: int(number)
        for _, there, sums in found.sums(days, last)
        for group, some, number in zip(found.groups, there, sums[:, 0], strict=True)
        if some
    }
    assert told == added(lines, first, last)


@given(_LINES, st.integers(-45, 30))
def test_weeks_are_the_days_in_them(lines: list[Line], first: int) -> None:
    found = Running([facts(lines)], ("partner",))
    for _, _, sums in found.spans(first, 7, 3, ["net"]):
        for group, weeks in zip(found.groups, sums[0].tolist(), strict=True):
            spans = [(first + 7 * i, first + 7 * i + 6) for i in range(3)]
            assert weeks == [added(lines, *span).get(group[0], 0) for span in spans]


def test_undated_lines_count_only_where_no_days_are_asked_for() -> None:
    found = Running([facts([(None, "한빛", 5), (1, "한빛", 1)])], ("partner",))
    assert [sums.tolist() for _, _, sums in found.sums(None, 9)] == [[[6]]]
    assert [sums.tolist() for _, _, sums in found.sums((-9, 9))] == [[[1]]]
    assert [(m, n.tolist()) for m, n in found.until(9, ["net"])] == [("net", [1])]


def test_parts_keep_their_own_measures_and_share_the_groups() -> None:
    found = Running([facts([(1, "한빛", 5)]), facts([(1, "샛별", 2)], "spend")], ("partner",))
    assert found.groups == [("한빛",), ("샛별",)]
    assert [(m, there.tolist()) for m, there, _ in found.sums((1, 1))] == [
        (["net"], [True, False]),
        (["spend"], [False, True]),
    ]
    assert [(m, n.tolist()) for m, n in found.within((1, 1), ["spend"])] == [("spend", [0, 2])]


def test_the_whole_is_one_group_and_nothing_is_none() -> None:
    assert Running([facts([(1, "한빛", 5), (2, None, 1)])], ()).groups == [()]
    assert Running([], ("partner",)).groups == []
    assert list(Running([], ()).sums(None)) == []


@given(st.lists(st.lists(st.sampled_from(["한빛", "샛별", "두리", "", None]), max_size=6), min_size=1, max_size=3))
def test_groups_by_one_text_stand_as_they_are_met_like_those_by_several(texts: list[list[str | None]]) -> None:
    frames = [pl.DataFrame({"partner": own, "source": own}, schema=dict.fromkeys(("partner", "source"), pl.String))
              for own in texts]  # fmt: skip
    alone, several = running._coded(frames, ("partner",)), running._coded(frames, ("partner", "source"))
    assert [(text, text) for (text,) in alone[0]] == several[0]
    assert [part.tolist() for part in alone[1]] == [part.tolist() for part in several[1]]


def test_very_many_lines_are_added_up_first_and_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[Line] = [(day % 7, name, day) for day in range(50) for name in ("한빛", None)]
    few = [sums.tolist() for _, _, sums in Running([facts(lines)], ("partner",)).sums((1, 5))]
    monkeypatch.setattr(running, "_MANY", 10)
    assert sorted(*[sums.tolist() for _, _, sums in Running([facts(lines)], ("partner",)).sums((1, 5))]) == sorted(*few)


def test_a_measure_that_a_part_of_the_lines_lacks_is_nothing_there() -> None:
    frame = pl.DataFrame({"day": [1, 1], "partner": ["한빛", "한빛"], "net": [3, None]})
    assert [sums.tolist() for _, _, sums in Running([Facts(frame, ("partner",))], ("partner",)).sums((1, 1))] == [[[3]]]
