"""The same nine KPIs by partner × week on every engine, from one .parquet of 5 million requests.

``python benchmarks/engines.py [--rows N] [--spark-rows N] [--rounds N]``. Each engine in a process of its own, beside
polars written by hand: seconds of the wall and of the processor, peak memory (Spark's own process not counted), and
no two may differ in a digit. Starting and importing count in the memory, not in the seconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NINE = (
    *("RESP_10M", "SAMEDAY", "CLAIM_RATE", "REFUND_RATE", "REVISIT_RATE"),
    *("DEPENDENCY", "CAC", "LTV", "VOLATILITY"),
)
PARTNERS, WEEKS = 200, 104
AS_OF = dt.date(2026, 3, 29)  # a Sunday
_DAY, _PART = 1440, 500_000


def make(folder: Path, rows: int) -> None:
    """``requests.parquet`` and ``spend.parquet`` as `danggol rows --out` writes them; a fixed seed."""
    folder.mkdir(exist_ok=True)
    import numpy as np
    import polars as pl

    from addin.actions.rows import ROWS_MARK
    from addin.crm.calendar import day_of

    rng = np.random.default_rng(36)
    end, parts = (day_of(AS_OF) + 1) * _DAY, []
    names = pl.Series([f"파트너{i}" for i in range(PARTNERS)])
    stages = pl.Series(["수주", "수주", "취소", "제안", "접수"])
    for start in range(0, rows, _PART):
        n = min(_PART, rows - start)
        day = rng.integers(end // _DAY - WEEKS * 7, end // _DAY, n)
        came = day * _DAY + rng.integers(8 * 60, 20 * 60, n)

        def later(share: float, most: int, n: int = n, came: Any = came) -> pl.Series:
            moment = pl.Series(came + rng.integers(1, most, n))
            return pl.select(pl.when(pl.Series(rng.random(n) < share) & (moment < end)).then(moment)).to_series()

        def flags(share: float, n: int = n) -> pl.Series:
            return pl.Series(rng.random(n) < share)

        frame = pl.DataFrame(
            {
                "request_id": pl.Series(np.arange(start, start + n)).cast(pl.String),
                "partner": names.gather(rng.integers(0, PARTNERS, n)),
                "customer": "고객" + pl.Series(rng.integers(0, rows // 3, n)).cast(pl.String),
                "stage": stages.gather(rng.integers(0, len(stages), n)),
                "received_at": came,
                "confirmed_at": later(0.9, 40),
                "visited_at": later(0.8, 2 * _DAY),
                "won_at": later(0.5, 9 * _DAY),
                "amount": rng.integers(1, 10_000, n) * 10_000,
                "claim": flags(0.04),
                "refund": pl.select(pl.when(flags(0.03)).then(pl.lit(100_000, dtype=pl.Int64))).to_series(),
                "refund__yes": pl.Series([None] * n, dtype=pl.Boolean),
            }
        )
        clocks = [c for c in frame.columns if c.endswith("_at")]
        timed = {f"{c}__time": pl.when(pl.col(c).is_not_null()).then(True) for c in clocks}
        placed = frame.with_columns(_sheet=pl.lit("접수"), _row=pl.int_range(start + 2, start + n + 2), **timed)
        parts.append(folder / f"part{start}.tmp")
        placed.write_parquet(parts[-1])
    told = {ROWS_MARK: json.dumps({"table": "requests"})}
    pl.scan_parquet(parts).sink_parquet(folder / "requests.parquet", metadata=told)
    for part in parts:
        part.unlink()
    lines = WEEKS * PARTNERS
    spend = {
        "spent_at": (end // _DAY - 1 - pl.Series(rng.integers(0, WEEKS * 7, lines))) * _DAY,
        "partner": names.gather(rng.integers(0, PARTNERS, lines)),
        "amount": pl.Series(rng.integers(1, 900, lines) * 1_000_000),
    }
    told = {ROWS_MARK: json.dumps({"table": "spend"})}
    pl.DataFrame(spend).write_parquet(folder / "spend.parquet", metadata=told)


# -- the two ways ------------------------------------------------------------------------------------------------------


def by_danggol(folder: Path, engine: str) -> dict[str, Any]:
    """As `danggol kpi FOLDER --engine …` reads and measures it."""
    from addin.actions.kpi import measured
    from addin.actions.sources import find_sources, unite

    united = unite(find_sources(folder), engine=engine)
    measures = measured(united.frames, united.settings, (), AS_OF, engine)
    whole = measures.compute(NINE, by="partner")
    tally, last = measures.tally, _last_week()
    counted = (*("resp_hit", "resp_n", "visit_hit", "visit_n", "claims", "refunds", "won", "net"), *_COHORTS, "spend")
    weekly = tally.weekly(counted, range(last - WEEKS + 1, last + 1), ("partner",))
    return {
        "kpis": {f"{v.kpi} {v.by['partner']}": v.value for v in whole},
        "weeks": {key[0]: [sums[m] for m in counted] for key, sums in sorted(weekly.items(), key=str)},
    }


def by_hand(folder: Path) -> dict[str, Any]:
    """The same nine as somebody writes them who has only these nine to think of."""
    import polars as pl

    from addin.crm.business_time import BusinessCalendar
    from addin.crm.calendar import day_of, week_bounds

    as_of, last = day_of(AS_OF), _last_week()
    end, first = (as_of + 1) * _DAY, week_bounds(last - WEEKS + 1)[0]
    col = pl.col
    rows = pl.scan_parquet(folder / "requests.parquet")
    calendar = BusinessCalendar(9 * 60, 18 * 60)
    days = calendar.table(first, as_of + 1)
    before, is_open = pl.lit(days["minutes_before"]), pl.lit(days["is_open"].cast(pl.Int64))

    def position(moment: pl.Expr) -> pl.Expr:
        at = moment // _DAY - first
        inside = (moment % _DAY - calendar.open_minute).clip(0, calendar.minutes_a_day)
        return before.gather(at) + is_open.gather(at) * inside

    received, visit = col("received_at") // _DAY, col("visited_at") // _DAY
    waited = position(col("confirmed_at").fill_null(end)) - position(col("received_at"))
    came = rows.select(
        "partner",
        day=received,
        resp_hit=(waited <= 10) & col("confirmed_at").is_not_null(),
        resp_n=(waited > 10) | col("confirmed_at").is_not_null(),
        visit_hit=(visit == received).fill_null(False),
        visit_n=(visit >= received).fill_null(received < as_of),
    )
    intake = came.group_by("partner", "day").agg(pl.all().sum())
    won = rows.filter(
        pl.when(col("stage").is_null()).then(col("won_at").is_not_null()).otherwise(col("stage") == "수주")
    )
    orders = won.select(
        "partner",
        "customer",
        day=pl.coalesce("won_at", "received_at") // _DAY,
        claims=col("claim").fill_null(False),
        refunds=(col("refund") > 0).fill_null(False) | col("refund__yes").fill_null(False),
        won=pl.lit(1),
        net=col("amount").fill_null(0) - col("refund").fill_null(0),
    )
    sold = orders.group_by("partner", "day").agg(col("claims", "refunds", "won", "net").sum())
    known = orders.filter(col("customer").is_not_null()).select("partner", "customer", "net", "day")
    age = col("day") - col("day").min().over("customer", "partner")
    people = (
        known.select(
            "partner", "customer", "day", soon=age <= 90, net=pl.when(age < 52 * 7).then(col("net")).otherwise(0)
        )
        .group_by("customer", "partner")
        .agg(col("soon").sum(), col("net").sum(), col("day").min())
    )
    aged, grown = col("day") + 90 <= as_of, col("day") + 52 * 7 <= as_of
    cohorts = (
        people.select(
            *("partner", "day"),
            new=pl.lit(1),
            aged=aged,
            returned=aged & (col("soon") >= 2),
            ltv_n=grown,
            ltv_net=pl.when(grown).then(col("net")).otherwise(0),
        )
        .group_by("partner", "day")
        .agg(pl.all().sum())
    )
    spent = pl.scan_parquet(folder / "spend.parquet").group_by("partner", day=col("spent_at") // _DAY)
    parts = pl.collect_all([intake, sold, cohorts, spent.agg(spend=col("amount").sum())], engine="streaming")
    return _told(parts, first, last)


def _told(parts: list[Any], first: int, last: int) -> dict[str, Any]:
    """KPIs by partner, and every sum by partner and week, from the daily sums."""
    import polars as pl

    daily = pl.concat([part.with_columns(pl.exclude("partner").cast(pl.Int64)) for part in parts], how="diagonal")
    measures = ["resp_hit", "resp_n", "visit_hit", "visit_n", "claims", "refunds", "won", "net", *_COHORTS, "spend"]
    sums = daily.group_by("partner").agg(pl.col(measures).sum()).rows_by_key("partner", named=True, unique=True)
    net = sum(own["net"] for own in sums.values())
    week = ((pl.col("day") - first) // 7).alias("week")
    weekly = daily.group_by("partner", week).agg(pl.col(measures).sum())
    sheets = {name: [[0] * WEEKS for _ in measures] for name in sums}
    for name, at, *numbers in weekly.iter_rows():
        for line, number in zip(sheets[name], numbers, strict=True):
            line[at] = number
    ratios = {
        "RESP_10M": ("resp_hit", "resp_n"),
        "SAMEDAY": ("visit_hit", "visit_n"),
        "CLAIM_RATE": ("claims", "won"),
        "REFUND_RATE": ("refunds", "won"),
        "REVISIT_RATE": ("returned", "aged"),
        "CAC": ("spend", "new"),
        "LTV": ("ltv_net", "ltv_n"),
    }
    kpis = {}
    for name, own in sums.items():
        for kpi, (above, below) in ratios.items():
            kpis[f"{kpi} {name}"] = own[above] / (own[below] * (100 if kpi in ("CAC", "LTV") else 1))
        kpis[f"DEPENDENCY {name}"] = own["net"] / net
        orders = sheets[name][measures.index("won")]
        mean = sum(orders) / len(orders)
        kpis[f"VOLATILITY {name}"] = (sum((n - mean) ** 2 for n in orders) / len(orders)) ** 0.5 / mean
    return {"kpis": kpis, "weeks": sheets}


_COHORTS = ("new", "aged", "returned", "ltv_n", "ltv_net")


def _last_week() -> int:
    from addin.crm.calendar import day_of, last_closed_week

    return last_closed_week(day_of(AS_OF))


# -- processes ---------------------------------------------------------------------------------------------------------


def child(way: str, folder: Path, out: Path) -> None:
    """Work one way, after a small folder that loads what the way needs, and write what came out and what it took."""
    work = by_hand if way == "by hand" else partial(by_danggol, engine=way)
    work(folder / "small")
    wall, cpu = time.perf_counter(), _cpu()
    found = work(folder / "large")
    took = {"wall": time.perf_counter() - wall, "cpu": _cpu() - cpu}
    took["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out.write_text(json.dumps({"took": took, "found": found}), "utf-8")


def _cpu() -> float:
    """Seconds of the processor, of this process and its children: Spark's is one, and tells only while it runs."""
    times = resource.getrusage(resource.RUSAGE_SELF)
    own = times.ru_utime + times.ru_stime
    return own + sum(_of_child(page) for page in Path("/proc").glob("[0-9]*/stat")) if Path("/proc").is_dir() else own


def _of_child(page: Path) -> float:
    try:
        told = page.read_text("utf-8").rpartition(")")[2].split()
    except OSError:  # it ended while we looked
        return 0.0
    ticks = os.sysconf("SC_CLK_TCK")
    return (int(told[11]) + int(told[12])) / ticks if int(told[1]) == os.getpid() else 0.0


def measure(ways: Sequence[str], folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """The median of each way's seconds and its highest peak; ends where two ways tell different numbers."""
    took: dict[str, list[dict[str, float]]] = {}
    expected: Any = None
    for _ in range(rounds):
        for way in ways:
            out = folder / "out.json"
            subprocess.run([sys.executable, __file__, "--child", way, str(folder), str(out)], check=True)
            told = json.loads(out.read_text("utf-8"))
            found = told["found"]
            found["weeks"].pop("null", None)
            expected = expected or found
            if found != expected:
                raise SystemExit(f"{way} tells other numbers than {ways[0]}")
            took.setdefault(way, []).append(told["took"])
    return {
        way: {"wall": median(t["wall"] for t in own), "cpu": median(t["cpu"] for t in own),
              "peak": max(t["peak"] for t in own)}
        for way, own in took.items()
    }  # fmt: skip


def show(rows: int, found: Mapping[str, Mapping[str, float]]) -> None:
    """A line a way, its processor time beside the first's."""
    first = next(iter(found.values()))
    print(f"{rows:,} requests, {PARTNERS} partners × {WEEKS} weeks: the same numbers, by")
    for way, own in found.items():
        ratio = own["cpu"] / first["cpu"]
        print(f"  {way:8} {own['wall']:6.1f} s, processor {own['cpu']:6.1f} s ({ratio:.2f} ×), {own['peak']:5.0f} MB")


def main() -> None:
    """Make the rows, work them every way, and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--spark-rows", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        way, folder, out = asked.child
        child(way, Path(folder), Path(out))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make(folder / "small", 20_000)
        for rows, ways, rounds in (
            (asked.rows, ("by hand", "polars", "duckdb"), asked.rounds),
            (asked.spark_rows, ("by hand", "polars", "spark"), 1),
        ):
            if rows:
                make(folder / "large", rows)
                show(rows, measure(ways, folder, rounds))


if __name__ == "__main__":
    main()
