"""All 36 KPIs beside the nine of the first set, on the same 100,000 requests: ``python benchmarks/catalogue.py``."""

from __future__ import annotations

import datetime as dt
import gc
import random
import time
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import polars as pl

from addin.crm.calendar import day_of
from addin.crm.catalogue import KPIS
from addin.crm.funnel_steps import steps_of
from addin.crm.measures import Measures
from addin.crm.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS, PARTNERS, DAYS = 100_000, 200, 700
NINE = (
    *("RESP_10M", "SAMEDAY", "CLAIM_RATE", "REFUND_RATE", "REVISIT_RATE"),
    *("DEPENDENCY", "CAC", "LTV", "VOLATILITY"),
)
AS_OF = dt.date(2026, 3, 31)
_DAY = 1440


def frames(rows: int = ROWS) -> dict[str, pl.DataFrame]:
    """Requests with every field the KPIs read, and the tables beside them; a fixed seed."""
    rng = random.Random(36)
    end = day_of(AS_OF) * _DAY
    came = [end - rng.randrange(DAYS * _DAY) for _ in range(rows)]

    def later(share: float, most: int) -> list[int | None]:
        return [c + rng.randrange(most) if rng.random() < share else None for c in came]

    def flags(share: float) -> list[bool]:
        return [rng.random() < share for _ in range(rows)]

    requests: dict[str, list[object]] = {
        "request_id": [f"R{i}" for i in range(rows)],
        "partner": [f"파트너{rng.randrange(PARTNERS)}" if rng.random() < 0.97 else None for _ in range(rows)],
        "customer": [f"고객{rng.randrange(rows // 3)}" for _ in range(rows)],
        "source": [rng.choice(("전화", "앱", "소개", "쿠폰")) for _ in range(rows)],
        "service": [rng.choice(("청소", "수리", "정기 청소", None)) for _ in range(rows)],
        "stage": [rng.choice(("수주", "수주", "취소", "제안", "접수")) for _ in range(rows)],
        "received_at": list(came),
        "confirmed_at": list(later(0.9, 40)),
        "proposed_at": list(later(0.7, 3 * _DAY)),
        "visited_at": list(later(0.8, 2 * _DAY)),
        "won_at": list(later(0.5, 9 * _DAY)),
        "event_at": list(later(0.4, 20 * _DAY)),
        "membership_at": list(later(0.1, 30 * _DAY)),
        "amount": [rng.randrange(10_000) * 100 for _ in range(rows)],
        "refund": [1_000 if rng.random() < 0.03 else None for _ in range(rows)],
        "referrer": [f"고객{rng.randrange(rows // 3)}" if rng.random() < 0.1 else None for _ in range(rows)],
        **{name: list(flags(0.04)) for name in ("claim", "rework", "no_show", "discount_asked", "bypass")},
    }
    frame = pl.DataFrame(requests, strict=False)
    frame = frame.with_columns(_row=pl.int_range(2, rows + 2), _sheet=pl.lit("접수"))
    clocks = [c for c in frame.columns if c.endswith("_at")]
    frame = frame.with_columns(**{f"{c}__time": pl.col(c).is_not_null() for c in clocks})
    partners = pl.DataFrame(
        {
            "name": [f"파트너{i}" for i in range(PARTNERS)],
            "cluster": [("아파트", "카페", "부동산")[i % 3] for i in range(PARTNERS)],
            "stage": [("운영", "미팅", "기회 발견")[i % 3] for i in range(PARTNERS)],
            "stage_at": [end - rng.randrange(100) * _DAY for _ in range(PARTNERS)],
            "monthly_goal": [float(rng.randrange(1, 20)) for _ in range(PARTNERS)],
        }
    )
    spend = pl.DataFrame(
        {
            "spent_at": [end - rng.randrange(DAYS) * _DAY for _ in range(2_000)],
            "partner": [f"파트너{rng.randrange(PARTNERS)}" for _ in range(2_000)],
            "amount": [rng.randrange(1, 900) * 10_000 for _ in range(2_000)],
        }
    )
    acts = rows // 5
    activities = pl.DataFrame(
        {
            "acted_at": [end - rng.randrange(DAYS * _DAY) for _ in range(acts)],
            "request": [f"R{rng.randrange(rows)}" for _ in range(acts)],
            "partner": [f"파트너{rng.randrange(PARTNERS)}" for _ in range(acts)],
            "kind": [rng.choice(("안내", "통화", "하자 보고")) for _ in range(acts)],
            "acted_at__time": [True] * acts,
        }
    )
    customers = pl.DataFrame(
        {
            "customer_id": [f"고객{i}" for i in range(rows // 3)],
            "service_kind": [("정기", "맞춤", None)[i % 3] for i in range(rows // 3)],
            "left_at": [end - rng.randrange(90) * _DAY if i % 40 == 0 else None for i in range(rows // 3)],
        }
    )
    tables = {"requests": frame, "partners": partners, "spend": spend}
    return {**tables, "activities": activities, "customers": customers}


def only_for(tables: dict[str, pl.DataFrame], kpis: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    """The tables with no more than the fields some KPIs read."""
    wanted = {field for id in kpis for group in KPIS[id].needs for field in group}
    found = {}
    for name, frame in tables.items():
        fields = {field.partition(".")[2] for field in wanted if field.startswith(f"{name}.")}
        keep = [c for c in frame.columns if c.removesuffix("__time") in fields | {"partner", "_row", "_sheet"}]
        if fields:
            found[name] = frame.select(keep)
    return found


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    gc.collect()
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> None:
    """Print how long the nine take, how long all 36, and their ratio: as flags look at them, and by partner.

    ``alone``: the nine on a book that has no more columns than they need, so that nothing else is prepared for them.
    """
    tables = frames()
    steps, settings = steps_of(tables["requests"], Settings()), Settings()
    few = only_for(tables, NINE)
    partners = [id for id, kpi in KPIS.items() if not kpi.by or "partner" in kpi.by]
    seconds: dict[tuple[str, str], list[float]] = {}
    for _ in range(5):
        for way, all_of_them in (("flags", list(KPIS)), ("by partner", partners)):
            for what, chosen, own, funnel in (
                ("nine alone", list(NINE), few, ()),
                ("nine", list(NINE), tables, steps),
                ("all", all_of_them, tables, steps),
            ):
                measures = Measures(own, settings, as_of=AS_OF, steps=funnel)
                ask = (
                    partial(measures.current, chosen)
                    if way == "flags"
                    else partial(measures.compute, chosen, by="partner")
                )
                seconds.setdefault((way, what), []).append(timed(ask))
    on = {v.kpi for v in Measures(tables, settings, as_of=AS_OF, steps=steps).current() if not v.off}
    print(f"{ROWS:,} requests, {PARTNERS} partners; {len(on)} KPIs on; processor time, medians of five in turns")
    for way in ("flags", "by partner"):
        alone, nine, every = (median(seconds[way, what][1:]) for what in ("nine alone", "nine", "all"))
        print(
            f"{way}: nine KPIs {nine * 1000:.0f} ms, all {every * 1000:.0f} ms: {every / nine:.2f} × (asked: ≤ 3); "
            f"nine on their own columns alone {alone * 1000:.0f} ms: {every / alone:.2f} ×"
        )


if __name__ == "__main__":
    main()
