"""How much a line of steps lets through: ``T = min(λ·Πp, min_i cap_i·Π_{j≥i} p_j)``.

With every yield 1 this is a line of machines, with every capacity infinite a funnel. Capacities and
the demand λ are items per unit of time, yields p are fractions in [0, 1].
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


def throughput(yields: Sequence[float], capacities: Sequence[float] | None = None, demand: float = math.inf) -> float:
    """What comes out at the end; infinite where neither demand nor a capacity bounds it.

    >>> throughput([1] * 5, [100, 80, 30, 90, 70]), throughput([.1, .3, .3], demand=1000)
    (30.0, 9.0)
    """
    return min(_finished(yields, capacities, demand), default=math.inf)


def lift(yields: Sequence[float], step: int, reference: float = 1.0) -> float:
    """What a funnel gains by bringing one step to its reference: ``T(step at reference) / T − 1``.

    0 where the step is there already, infinite where nothing passes it now.

    >>> round(lift([.1, .3, .3], 1), 2), round(lift([.1, .3, .3], 1, reference=.45), 2)
    (2.33, 0.5)
    """
    here = yields[step]
    if here >= reference:
        return 0.0
    return math.inf if here <= 0 else reference / here - 1


class Machine(NamedTuple):
    """One machine: its capacity, that in finished pieces, its load at the line's pace, what relaxing it alone gains."""

    name: str
    capacity: float
    finished: float
    load: float
    gain: float


class Line(NamedTuple):
    """A line of machines: its throughput, the slowest machine, the next one after it.

    ``slowest`` is None where demand is below every machine; ``co`` are machines exactly as slow.
    """

    throughput: float
    slowest: str | None
    following: str | None
    co: tuple[str, ...]
    names: tuple[str, ...]
    capacities: tuple[float, ...]
    finished: tuple[float, ...]
    demanded: float

    @property
    def machines(self) -> tuple[Machine, ...]:
        """The machines, in the line's order."""
        finished, pace = self.finished, self.throughput
        order = sorted(range(len(finished)), key=finished.__getitem__)
        # what the line would let through without the slowest, and without any other
        without = [min(self.demanded, finished[order[i]]) if len(order) > i else self.demanded for i in (1, 0)]
        return tuple(
            Machine(
                name=self.names[i],
                capacity=self.capacities[i],
                finished=finished[i],
                load=pace / finished[i] if finished[i] else 1.0,
                gain=max(without[i != order[0]] - pace, 0.0),
            )
            for i in range(len(finished))
        )


def line(
    names: Sequence[str],
    capacities: Sequence[float],
    yields: Sequence[float] | None = None,
    demand: float = math.inf,
) -> Line:
    """Find the slowest machine (seed 004: A 100, B 80, C 30, D 90, E 70 an hour).

    ``capacities`` and ``demand``: items in one and the same time; ``yields``: the share of each machine's that go on.
    `ValueError` where lists differ in length, a capacity is negative or a yield lies outside [0, 1].

    >>> found = line("ABCDE", [100, 80, 30, 90, 70])
    >>> found.throughput, found.slowest, found.following
    (30.0, 'C', 'E')
    """
    share = list(yields) if yields is not None else [1.0] * len(names)
    if not len(names) == len(capacities) == len(share):
        raise ValueError(f"{len(names)} names, {len(capacities)} capacities, {len(share)} yields")
    if any(c < 0 or math.isnan(c) for c in capacities) or any(not 0 <= p <= 1 for p in share):
        raise ValueError("capacities must not be negative and yields must lie between 0 and 1")
    *finished, demanded = _finished(share, capacities, demand)
    pace = min(*finished, demanded)
    order = sorted(range(len(names)), key=finished.__getitem__)
    by_demand = not order or demanded < finished[order[0]]
    return Line(
        throughput=pace,
        slowest=None if by_demand else names[order[0]],
        following=None if by_demand or len(order) < 2 else names[order[1]],
        co=() if by_demand else tuple(names[i] for i in order[1:] if finished[i] == finished[order[0]]),
        names=tuple(names),
        capacities=tuple(capacities),
        finished=tuple(finished),
        demanded=demanded,
    )


def _finished(yields: Sequence[float], capacities: Sequence[float] | None, demand: float) -> list[float]:
    """Each step's capacity in finished pieces, then the demand's."""
    left = 1.0
    ends: list[float] = []
    for i in range(len(yields) - 1, -1, -1):
        left *= yields[i]
        if capacities is not None:
            ends.append(_times(capacities[i], left))
    return [*reversed(ends), _times(demand, left)]


def _times(amount: float, share: float) -> float:
    return 0.0 if share == 0 else float(amount * share)
