"""Measure the spreadsheet functions by themselves: importing them, a whole KPI table, a cell's formula.

``python benchmarks/functions.py [--rows N] [--rounds N]`` prints one line a number: medians, and beside them what
they are compared with in the same run. Importing is a fresh process each; the rest is warm, as in a running host.
A rented machine's speed changes by half from minute to minute: a whole KPI table is also timed between two turns of a
plain Python loop, and told at the speed at which that loop ran when it ran fastest.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from by_pandas import measures as by_pandas
from make_book import HEADERS

from addin.functions import call
from addin.functions.rows import forget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parents[1]


def requests(count: int) -> list[list[Any]]:
    """A header and so many requests of 40 partners, as a host hands a range over."""
    chance, first = random.Random(7), dt.datetime(2025, 9, 1, 9)
    rows: list[list[Any]] = [HEADERS]
    for i in range(count):
        came = first + dt.timedelta(minutes=chance.randrange(500_000))
        rows.append([
            f"R{i:06d}", f"파트너 {chance.randrange(40)}호점", f"담당{chance.randrange(9)}", f"고객{i * 7 % 2000}",
            f"010-{chance.randrange(10**4):04d}-{chance.randrange(10**4):04d}", chance.choice(("소개", "광고", "검색")),
            came, came + dt.timedelta(minutes=chance.randrange(40)), came + dt.timedelta(hours=chance.randrange(40)),
            chance.choice(("접수", "상담", "완료", "취소")), float(chance.randrange(50, 500) * 1000), None,
        ])  # fmt: skip
    return rows


def as_calc(rows: list[list[Any]]) -> tuple[tuple[Any, ...], ...]:
    """The same as Calc hands a range over: tuples, and dates are numbers."""
    zero, day = dt.datetime(1899, 12, 30), dt.timedelta(days=1)
    return tuple(tuple((cell - zero) / day if isinstance(cell, dt.datetime) else cell for cell in row) for row in rows)


def timed(job: Callable[[], object], rounds: int) -> float:
    """The median of so many turns after one warm-up, in milliseconds."""
    job()
    return median(timed_once(job) for _ in range(rounds))


def at_full_speed(job: Callable[[], object], rounds: int) -> float:
    """The same, in milliseconds of the machine at its fastest: the median of how many plain loops a turn takes, times
    the fastest loop.
    """

    def loop() -> None:
        total = 0
        for number in range(100_000):
            total += number

    job()
    turns = [[timed_once(one) for one in (loop, job, loop)] for _ in range(rounds)]
    fastest = min(min(before, after) for before, _, after in turns)
    return median(2 * turn / (before + after) for before, turn, after in turns) * fastest


def timed_once(job: Callable[[], object]) -> float:
    """Milliseconds of one turn."""
    start = time.perf_counter()
    job()
    return (time.perf_counter() - start) * 1000


def importing(code: str, rounds: int) -> float:
    """A fresh Python that runs one line, in milliseconds."""
    return timed(lambda: subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True), rounds)


def show(what: str, milliseconds: float, against: str = "", base: float = 0.0) -> None:
    """One line: what, how long, and how many times what it is compared with."""
    ratio = f"  {milliseconds / base:6.2f} × {against} ({base:.3f} ms)" if base else ""
    print(f"{what:<58} {milliseconds:9.3f} ms{ratio}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    rows, rounds = requests(chosen.rows), chosen.rounds
    chance = random.Random(3)

    bare = importing("pass", 5)
    show("import addin.functions, less an empty Python", importing("import addin.functions", 5) - bare)

    import pandas as pd

    given = as_calc(rows)
    assert call("KPI_TABLE", given) == call("KPI_TABLE", rows)

    def first_time(given: Sequence[Sequence[Any]] = given) -> None:
        forget()
        call("KPI_TABLE", given)

    def one_changed() -> None:
        place = chance.randrange(1, len(given))
        row = (*given[place][:10], float(chance.randrange(1_000, 9_000) * 1000), *given[place][11:])
        call("KPI_TABLE", (*given[:place], row, *given[place + 1 :]))

    def with_pandas() -> None:
        by_pandas(pd.DataFrame(rows[1:], columns=HEADERS))

    for what, job in (("never seen", first_time), ("with one amount changed", one_changed)):
        show(f"KPI_TABLE at the machine's full speed, a range {what}", at_full_speed(job, 4 * rounds))
    frame = timed(with_pandas, rounds)
    size = f"{chosen.rows:,} × {len(HEADERS)}"
    show(
        f"KPI_TABLE over {size} of Calc, a range never seen", timed(first_time, rounds), "six measures by pandas", frame
    )
    show("  the range with one amount changed", timed(one_changed, rounds), "six measures by pandas", frame)
    show("  the same range again", timed(lambda: call("KPI_TABLE", given), rounds), "six measures by pandas", frame)
    excels = timed(lambda: first_time(rows), rounds)
    show("  a range of Excel never seen, its dates as such", excels, "six measures by pandas", frame)
    show(
        "  one KPI of one partner, the range known",
        timed(lambda: call("KPI", "RESP_10M", rows, "파트너 3호점"), rounds),
    )

    steps = [[f"단계 {i}"] for i in range(10)]
    empty = timed(lambda: call("DUE", None, None), 2000)
    ranges = iter([[[float(5000 + k - i * 90)] for i in range(10)] for k in range(5000)])
    show("a formula of empty cells", empty)
    show("  BOTTLENECK over 10 × 2, ranges never seen", timed(lambda: call("BOTTLENECK", steps, next(ranges)), 1000))
    known = [[float(1000 - i * 90)] for i in range(10)]
    show("  BOTTLENECK over 10 × 2, the range known", timed(lambda: call("BOTTLENECK", steps, known), 1000))
    show("  HHI over 10 × 2", timed(lambda: call("HHI", steps, known), 1000))
    show("  VOLATILITY over 10 × 1", timed(lambda: call("VOLATILITY", known), 1000))
    phones = [[f"010-{i % 9000 + 1000}-{i % 9000 + 1000:04d}"] for i in range(100_000)]
    show("PHONE over 100,000 cells", timed(lambda: call("PHONE", phones), 3))


if __name__ == "__main__":
    main()
