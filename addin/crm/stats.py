"""Small numbers, honestly: Wilson intervals, P(worst), sample needed, week over week, XmR.

Plain formulas; numpy only inside `p_worst`. Rates are fractions in [0, 1], counts are whole items.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Z95 = 1.959964
_ALPHA = 1.645  # one-sided 5 %
_POWER = 0.842  # 80 %
_POINTS = 257  # quadrature points a step
_REACH = 9.0  # half-width of each posterior's grid, in its standard deviations

#: Jeffreys' prior: what we assume of a rate before counting anything.
JEFFREYS = (0.5, 0.5)
#: With a target, the prior weighs as many items as this, at the target: a 6-item step can't shout.
PSEUDO_ITEMS = 10
#: Points an XmR chart needs: limits of fewer mean nothing.
FEWEST = 6


def wilson(passed: int, entered: int, z: float = Z95) -> tuple[float, float] | None:
    """Wilson's interval of the rate ``passed`` / ``entered``, two counts; None with nothing entered.

    ``z``: standard normal quantile, 1.96 for 95 %.

    >>> [round(x, 3) for x in wilson(30, 100)]
    [0.219, 0.396]
    """
    if entered <= 0:
        return None
    rate = passed / entered
    spread = 1 + z * z / entered
    centre = rate + z * z / (2 * entered)
    half = z * math.sqrt(rate * (1 - rate) / entered + z * z / (4 * entered * entered))
    return max((centre - half) / spread, 0.0), min((centre + half) / spread, 1.0)


def sample_needed(rate: float, target: float) -> int | None:
    """Items needed to tell ``rate`` from a higher ``target`` (one-sided 5 %, power 80 %); None where it isn't lower.

    >>> sample_needed(0.30, 0.45), sample_needed(0.45, 0.45)
    (65, None)
    """
    if not 0 <= rate < target <= 1:
        return None
    spread = _ALPHA * math.sqrt(target * (1 - target)) + _POWER * math.sqrt(rate * (1 - rate))
    return max(math.ceil((spread / (target - rate)) ** 2), 1)


def prior_for(target: float | None) -> tuple[float, float]:
    """The Beta prior of a step's rate: `JEFFREYS`, or `PSEUDO_ITEMS` items at the team's target, never less sure."""
    if target is None or not 0 < target < 1:
        return JEFFREYS
    return max(PSEUDO_ITEMS * target, JEFFREYS[0]), max(PSEUDO_ITEMS * (1 - target), JEFFREYS[1])


@lru_cache(maxsize=4096)
def p_worst(counts: tuple[tuple[int, int], ...], targets: tuple[float | None, ...]) -> tuple[float, ...]:
    """P(step i attains least), for steps of (passed, entered): Beta posteriors, 1-D quadrature, no dice.

    Attainment is rate ÷ target, a step without target being held against 1. The integral runs over
    ``asin √rate``, where a Beta posterior has no poles and nearly the same width everywhere.
    Sums to 1. Six steps take about half a millisecond; the same counts are not reckoned twice.

    >>> [round(p, 2) for p in p_worst(((30, 100), (9, 30), (6, 9)), (None, None, None))]
    [0.5, 0.49, 0.01]
    """
    if len(counts) == 1:
        return (1.0,)
    import numpy as np

    priors = np.array([prior_for(target) for target in targets])
    observed = np.array(counts, dtype=float)
    a, b = observed[:, 0] + priors[:, 0], observed[:, 1] - observed[:, 0] + priors[:, 1]
    middle, reach = np.arcsin(np.sqrt(a / (a + b))), _REACH / (2 * np.sqrt(a + b))
    edge = 1e-9
    grids = np.linspace(
        np.maximum(middle - reach, edge), np.minimum(middle + reach, math.pi / 2 - edge), _POINTS, axis=1
    )
    logs = (2 * a - 1)[:, None] * np.log(np.sin(grids)) + (2 * b - 1)[:, None] * np.log(np.cos(grids))
    density = np.exp(logs - logs.max(axis=1, keepdims=True))
    weights = density / density.sum(axis=1, keepdims=True)
    cumulated = np.cumsum(weights, axis=1) - weights / 2
    chances = []
    for i, grid in enumerate(grids):
        least = weights[i].copy()
        for j, other in enumerate(grids):
            if j == i:
                continue
            there = grid
            if targets[i] != targets[j]:
                same_attainment = np.sin(grid) ** 2 / (targets[i] or 1.0) * (targets[j] or 1.0)
                there = np.arcsin(np.sqrt(np.minimum(same_attainment, 1.0)))
            least *= np.maximum(1 - np.interp(there, other, cumulated[j], left=0.0, right=1.0), 0.0)
        chances.append(float(least.sum()))
    whole = sum(chances)
    return tuple(chance / whole for chance in chances)


class Change(NamedTuple):
    """A rate this week against the week before. ``p`` is one-sided: how easily chance alone makes such a fall.

    ``test``: ``z`` (pooled, every cell ≥ 5) or ``fisher`` (exact).
    """

    before: float
    after: float
    test: str
    p: float


def compare(passed_before: int, entered_before: int, passed: int, entered: int) -> Change | None:
    """Did the rate fall? Pooled z where every cell has 5 or more, else Fisher's exact test; None with an empty week.

    >>> [(c.test, round(c.p, 3)) for c in (compare(30, 100, 18, 100), compare(9, 30, 3, 25))]
    [('z', 0.023), ('fisher', 0.099)]
    """
    if entered_before <= 0 or entered <= 0:
        return None
    before, after = passed_before / entered_before, passed / entered
    if min(passed_before, entered_before - passed_before, passed, entered - passed) >= 5:
        pooled = (passed_before + passed) / (entered_before + entered)
        error = math.sqrt(pooled * (1 - pooled) * (1 / entered_before + 1 / entered))
        return Change(before, after, "z", 0.5 * math.erfc((before - after) / error / math.sqrt(2)))
    successes, items = passed_before + passed, entered_before + entered

    def log_choose(n: int, k: int) -> float:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

    whole = log_choose(items, successes)
    lowest = max(0, successes - entered_before)
    chance = sum(
        math.exp(log_choose(entered, x) + log_choose(entered_before, successes - x) - whole)
        for x in range(lowest, passed + 1)
    )
    return Change(before, after, "fisher", min(chance, 1.0))


@dataclass(frozen=True, slots=True)
class Signal:
    """A point that is no mere noise: its place and the XmR rule that says so.

    1 = outside the limits; 2 = eighth in a row on one side of the mean; 3 = three of four nearer a limit.
    """

    index: int
    rule: int


class Xmr(NamedTuple):
    """An XmR chart: mean, mean moving range, natural process limits, signals."""

    mean: float
    moving_range: float
    lower: float
    upper: float
    signals: tuple[Signal, ...]


def xmr(values: Sequence[float], base: int | None = None) -> Xmr | None:
    """The XmR chart of weekly values, limits from the first ``base`` of them (all by default).

    None below `FEWEST` points.

    >>> weeks = [.30, .32, .28, .31, .29, .33, .30, .27, .31, .18]
    >>> [(s.index, s.rule) for s in xmr(weeks, base=9).signals]
    [(9, 1)]
    """
    known = values[:base] if base is not None else values
    if len(known) < FEWEST:
        return None
    moving = sum(abs(b - a) for a, b in pairwise(known)) / (len(known) - 1)
    mean = sum(known) / len(known)
    lower, upper = mean - 2.66 * moving, mean + 2.66 * moving
    near_low, near_high = mean - 1.33 * moving, mean + 1.33 * moving
    slack = 1e-9 * max(abs(mean), 1)  # the mean of equal numbers is not always quite that number
    below, above = mean - slack, mean + slack
    signals = []
    for i, value in enumerate(values):
        eight, four = values[max(i - 7, 0) : i + 1], values[max(i - 3, 0) : i + 1]
        if value > upper + slack or value < lower - slack:
            signals.append(Signal(i, 1))
        if len(eight) == 8 and (all(v > above for v in eight) or all(v < below for v in eight)):
            signals.append(Signal(i, 2))
        if len(four) == 4 and (
            sum(v > near_high + slack for v in four) >= 3 or sum(v < near_low - slack for v in four) >= 3
        ):
            signals.append(Signal(i, 3))
    return Xmr(mean, moving, lower, upper, tuple(signals))
