"""Each closed week's flag: windows that grow as those of flags, and no bad order counts twice."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.catalogue import KPIS
from addin.crm.flags import judge
from addin.crm.ladder_weeks import Series, flagged_weeks, weekly_sums
from addin.crm.points import share
from addin.crm.settings import Settings, shipped_threshold
from addin.crm.tally import Tally

RESP, CLAIM = KPIS["RESP_10M"], KPIS["CLAIM_RATE"]


def answered(*weeks: tuple[int, int, int], who: str = "김도윤") -> pl.DataFrame:
    """(week, answered in time, cases)."""
    columns = {"subject": who, "week": [w[0] for w in weeks]}
    return pl.DataFrame({**columns, "resp_hit": [w[1] for w in weeks], "resp_n": [w[2] for w in weeks]})


def claimed(*weeks: tuple[int, int, int]) -> pl.DataFrame:
    """(week, claims, orders)."""
    columns = {"subject": "김도윤", "week": [w[0] for w in weeks]}
    return pl.DataFrame({**columns, "claims": [w[1] for w in weeks], "won": [w[2] for w in weeks]})


def series(sums: pl.DataFrame, kpi: str = "RESP_10M") -> Series | None:
    return flagged_weeks(sums, KPIS[kpi], shipped_threshold(KPIS[kpi])).get("김도윤")


def test_a_week_takes_as_many_weeks_before_it_as_the_smallest_sample_needs() -> None:
    found = series(answered((1, 4, 4), (2, 2, 8), (3, 0, 3)))
    assert found is not None
    assert found.flags == ["small_sample", "breach", "breach"]
    assert (found.at(2).n, found.at(2).weeks, found.at(3).n, found.at(3).weeks) == (12, 2, 11, 2)


def test_a_window_reaches_back_thirteen_weeks_and_no_further() -> None:
    found = series(answered((1, 0, 9), (14, 0, 1), (30, 0, 10)))
    assert found is not None
    assert found.flags == ["small_sample", "small_sample", "breach"]
    near = series(answered((1, 0, 9), (13, 0, 1)))
    assert near is not None
    assert near.at(13).flag == "breach"
    assert near.at(13).weeks == 13


def test_one_bad_order_does_not_count_in_two_weeks() -> None:
    weeks = [(1, 6, 20), (2, 0, 4), (3, 1, 4)]
    found = series(claimed(*weeks), "CLAIM_RATE")
    assert found is not None
    assert found.flags == ["breach", "breach", "breach"]
    assert found.taken == ["breach", "warn", "breach"]


def test_a_week_without_a_case_is_left_out() -> None:
    found = series(answered((1, 0, 10), (2, 0, 0), (5, 10, 10)))
    assert found is not None
    assert found.weeks == [1, 5]


def test_who_never_was_in_breach_is_not_listed() -> None:
    assert series(answered((1, 10, 10), (2, 9, 10))) is None
    assert series(answered((1, 0, 9))) is None
    assert flagged_weeks(answered((1, 0, 10)), CLAIM, shipped_threshold(CLAIM)) == {}
    assert flagged_weeks(answered((1, 0, 10)).clear(), RESP, shipped_threshold(RESP)) == {}


NAMES = st.sampled_from(["가", "나", "다", None])
#: A mistyped year may lie a century back, and some days are still to come.
MINUTES = st.one_of(st.integers(-37_000_000, 600_000), st.integers(500_000, 520_000), st.none())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, MINUTES, st.integers(0, 30)), max_size=12), st.sampled_from([1, 30, 200_000]))
def test_each_week_adds_up_to_the_facts_of_its_days(
    rows: list[tuple[str | None, int | None, int]], at_once: int
) -> None:
    columns = {"assignee": pl.String, "received_at": pl.Int64, "took": pl.Int64}
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        confirmed_at=pl.col("received_at") + pl.col("took"), received_at__time=True, confirmed_at__time=True
    )
    tally = Tally({"requests": frame.drop("took")}, Settings(), 360, ())
    facts = tally.facts(("assignee",))[0].frame
    expected: dict[tuple[str, int], list[int]] = {}
    for who, day, hit, n in facts.select("assignee", "day", "resp_hit", "resp_n").iter_rows():
        if who is not None and day is not None and day <= 360 and n:
            line = expected.setdefault((who, (day * 1440 - 5760) // 10080), [0, 0])
            line[0] += hit
            line[1] += n
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("addin.crm.ladder_weeks._AT_ONCE", at_once)
        sums = weekly_sums(tally, "assignee")
    known = sums.filter(pl.col("resp_n") > 0) if "resp_n" in sums.columns else sums.clear()
    found = {(row["subject"], row["week"]): [row["resp_hit"], row["resp_n"]] for row in known.iter_rows(named=True)}
    last = (360 * 1440 - 5760) // 10080 - (0 if (360 + 4) % 7 == 0 else 1)
    assert found == {key: line for key, line in expected.items() if key[1] <= last}
    assert list(found) == sorted(found)


CASES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 12), st.integers(0, 12)), max_size=12)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["가", "나", "다"]), CASES, min_size=1), st.sampled_from([1, 5, 20]))
def test_each_week_is_what_judging_its_window_by_hand_gives(
    people: dict[str, list[tuple[int, int, int]]], min_n: int
) -> None:
    threshold = replace(shipped_threshold(RESP), min_n=min_n)
    own: dict[str, dict[int, tuple[int, int]]] = {}
    for name, cases in people.items():
        own[name] = {week: (hit, hit + miss) for week, hit, miss in cases}
    frame = pl.DataFrame(
        [(name, week, *pair) for name, weeks in own.items() for week, pair in weeks.items()],
        schema={"subject": pl.String, "week": pl.Int64, "resp_hit": pl.Int64, "resp_n": pl.Int64},
        orient="row",
    ).sort("subject", "week")
    found = flagged_weeks(frame, RESP, threshold)
    for name, weeks in own.items():
        expected = {}
        for week, (hit, n) in weeks.items():
            if not n:
                continue
            hits = cases_ = 0
            for back in range(13):
                there = weeks.get(week - back, (0, 0))
                hits, cases_ = hits + there[0], cases_ + there[1]
                if cases_ >= min_n:
                    break
            flag = judge(RESP, share(hits, cases_), threshold).flag
            expected[week] = flag, "warn" if flag == "breach" and hit == n else flag
        listed = found.get(name)
        if any(taken == "breach" for _, taken in expected.values()):
            assert listed is not None
            order = sorted(expected)
            assert listed.weeks == order
            assert listed.flags == [expected[week][0] for week in order]
            assert listed.taken == [expected[week][1] for week in order]
        else:
            assert listed is None


@pytest.mark.parametrize("kpi", [kpi for kpi in KPIS.values() if kpi.escalates], ids=lambda kpi: kpi.id)
def test_every_escalating_kpi_is_a_share_judged_by_growing_weeks(kpi: object) -> None:
    from addin.crm.catalogue import Kpi
    from addin.crm.points import SHARES

    assert isinstance(kpi, Kpi)
    assert kpi.id in SHARES
    assert kpi.window.kind == "growing"
    assert not kpi.own_past
