"""How much a line of steps lets through."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.throughput import lift, line, throughput

SEED = {"A": 100, "B": 80, "C": 30, "D": 90, "E": 70}


def test_seed_004_the_whole_is_locked_at_machine_cs_30() -> None:
    found = line(list(SEED), list(SEED.values()))
    assert (found.throughput, found.slowest, found.following) == (30, "C", "E")
    assert found.machines[2].gain == 40
    assert [m.gain for m in found.machines if m.name != "C"] == [0, 0, 0, 0]


def test_seed_004_raising_machine_a_to_200_changes_nothing() -> None:
    assert line(list(SEED), [200, 80, 30, 90, 70]).throughput == 30


def test_raising_c_to_100_moves_the_constraint_to_e() -> None:
    found = line(list(SEED), [100, 80, 100, 90, 70])
    assert (found.throughput, found.slowest) == (70, "E")


def test_a_yield_counts_against_every_machine_before_it() -> None:
    found = line(["자르기", "칠하기"], [100, 80], [1.0, 0.5])
    assert found.throughput == 40
    assert [m.finished for m in found.machines] == [50, 40]


def test_where_demand_is_lowest_no_machine_is_slow() -> None:
    found = line(["A", "B"], [100, 80], demand=20)
    assert (found.throughput, found.slowest, found.machines[1].load) == (20, None, 0.25)


def test_machines_equally_slow_are_named_together() -> None:
    assert line(["A", "B", "C"], [30, 90, 30]).co == ("C",)


@pytest.mark.parametrize(
    ("capacities", "yields"), [([1], [1, 1]), ([-1, 2], None), ([1, 2], [1.2, 1]), ([1, math.nan], None)]
)
def test_a_line_that_makes_no_sense_is_refused(capacities: list[float], yields: list[float] | None) -> None:
    with pytest.raises(ValueError):
        line(["A", "B"], capacities, yields)


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=6), st.integers(0, 5), st.floats(0.01, 1))
def test_lift_is_the_growth_of_the_whole(yields: list[float], step: int, reference: float) -> None:
    step %= len(yields)
    better = [max(p, reference) if i == step else p for i, p in enumerate(yields)]
    growth = throughput(better, demand=1000) / throughput(yields, demand=1000) - 1
    assert lift(yields, step, reference) == pytest.approx(growth, abs=1e-9)


def test_where_nothing_passes_the_lift_is_infinite() -> None:
    assert lift([0.5, 0.0], 1) == math.inf


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=6))
def test_no_line_is_faster_than_its_slowest_machine(capacities: list[float]) -> None:
    assert throughput([1.0] * len(capacities), capacities) == min(capacities)
