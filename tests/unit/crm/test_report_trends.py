"""A partner's weeks: a week without a case is no zero, limits need six, signals stand at the right week."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from addin.crm.report_trends import REQUESTS, trend
from addin.crm.stats import FEWEST


def test_a_week_without_a_request_has_no_share_but_counts_as_zero_requests() -> None:
    assert trend("RESP_10M", range(3), [1, 0, 2], [2, 0, 2], None).values == (0.5, None, 1.0)
    assert trend(REQUESTS, range(3), [2, 0, 2], [2, 0, 2], None).values == (2.0, 0.0, 2.0)


def test_five_weeks_are_too_few_for_limits() -> None:
    assert trend("RESP_10M", range(6), [1] * 6, [1, 1, 0, 1, 1, 1], None).chart is None
    assert trend("RESP_10M", range(6), [1] * 6, [1] * 6, None).chart is not None


def test_a_signal_stands_at_its_own_week_though_weeks_before_it_are_empty() -> None:
    hits, cases = [9, 9, 0, 9, 9, 9, 9, 1], [10, 10, 0, 10, 10, 10, 10, 10]
    line = trend("RESP_10M", range(100, 108), hits, cases, 0.9)
    assert line.signals == {7: (1,)}
    assert line.labels[7] == "1972-W04"


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=52))
def test_signals_only_stand_where_there_is_a_value(weeks: list[tuple[int, int]]) -> None:
    cases = [max(a, b) for a, b in weeks]
    hits = [min(a, b) for a, b in weeks]
    line = trend("SAMEDAY", range(len(weeks)), hits, cases, None)
    assert all(line.values[i] is not None for i in line.signals)
    assert (line.chart is None) == (len(line.known) < FEWEST)
    assert all(v is None or 0 <= v <= 1 for v in line.values)
