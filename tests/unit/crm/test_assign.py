"""The pairing with the greatest total."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.assign import best_pairs

SCORES = st.lists(st.lists(st.sampled_from((0.0, 0.5, 0.6, 0.86, 1.0)), min_size=4, max_size=4), min_size=1, max_size=4)


def test_a_field_gives_way_when_the_whole_gains() -> None:
    assert best_pairs({"a": {1: 1.0, 2: 0.9}, "b": {1: 0.95}}) == {"a": 2, "b": 1}


def test_what_fits_nothing_stays_alone() -> None:
    assert best_pairs({"a": {}, "b": {1: 0.0}}) == {}


@settings(max_examples=150, deadline=None)
@given(SCORES)
def test_no_other_pairing_scores_more(rows: list[list[float]]) -> None:
    pairs = best_pairs({i: dict(enumerate(line)) for i, line in enumerate(rows)})
    assert len(set(pairs.values())) == len(pairs)
    found = sum(rows[i][j] for i, j in pairs.items())
    best = max(sum(rows[i][j] for i, j in enumerate(order[: len(rows)])) for order in permutations(range(4)))
    assert abs(found - best) < 1e-9
