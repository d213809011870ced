"""Daily facts that leave their book: what a branch hands on, and the KPIs the head office reads from many of them.

Only KPIs of kind flow and derived add up across books; the others say that they need the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from addin.crm.catalogue import KPIS, Kpi
from addin.crm.facts import Facts, merge
from addin.crm.funnel_steps import StepSpec
from addin.crm.kpi_values import KpiValue
from addin.crm.measures import Measures
from addin.crm.message import Message, msg
from addin.crm.points import MEASURES
from addin.crm.roster import roster
from addin.crm.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl

    from addin.crm.settings import Settings

#: Of the files' shape; facts of another one are refused.
VERSION: Final = 1
MERGING: Final = ("flow", "derived")
#: Dimensions kept where requests have them.
DIMENSIONS: Final = ("partner", "assignee", "source", "service")
#: What the head office needs to know of a partner.
ROSTER: Final = ("partner_key", "cluster", "region", "monthly_goal", "stage", "status")


@dataclass(frozen=True, slots=True)
class FactSet:
    """One branch's facts as of a day.

    ``frame``: ``day`` (Int64, null = undated), the dimensions (String), one Int64 column a measure (`Facts`).
    ``steps``: the labels of its funnel; ``columns``: table → the field ids it has; ``partners``: rows of `ROSTER`.
    """

    branch: str
    as_of: int
    frame: pl.DataFrame
    dimensions: tuple[str, ...]
    steps: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] | None = None
    partners: tuple[Mapping[str, Any], ...] = ()


def fact_set(measures: Measures, branch: str, say: Callable[[Message], str], also: Sequence[str] = ()) -> FactSet:
    """The facts of one book's measures that add up, by partner, assignee, source, service and ``also``.

    ``say`` turns a step's label into text.
    """
    import polars as pl

    tally = measures.tally
    dimensions = tuple(d for d in dict.fromkeys((*DIMENSIONS, *also)) if tally.has("requests", d))
    found = merge(tally.facts(dimensions), dimensions)
    kept = [m for m in found.measures if m not in _rows_only()]
    frame = found.frame.group_by("day", *dimensions).agg(pl.col(kept).sum())
    frame = frame.filter(pl.any_horizontal(pl.col(kept) != 0)) if kept else frame.clear()
    return FactSet(
        branch=branch,
        as_of=tally.as_of,
        frame=frame.sort("day", *dimensions),
        dimensions=dimensions,
        steps=tuple(s.label if isinstance(s.label, str) else say(s.label) for s in tally.steps),
        columns={table: tuple(names) for table, names in tally.columns.items()},
        partners=tuple(_roster_rows(tally.tables.get("partners"))),
    )


def fact_measures(sets: Sequence[FactSet], settings: Settings, as_of: int | None = None) -> Measures:
    """The KPIs of some branches' facts added up; as of the last day any of them knows of."""
    return FactMeasures(sets, settings, as_of)


class FactMeasures(Measures):
    """`Measures` without rows. A branch that lacks a column takes no part in the KPIs that need it."""

    def __init__(self, sets: Sequence[FactSet], settings: Settings, as_of: int | None) -> None:
        self.settings = settings
        self.tally = FactTally(sets, settings, as_of)

    def _off(self, kpi: Kpi, by: str | None) -> KpiValue | None:
        if kpi.kind in MERGING:
            return super()._off(kpi, by)
        threshold = self.settings.thresholds[kpi.id]
        note = msg("flag.needs_rows", kpi=kpi.name)
        return KpiValue(kpi.id, {}, None, None, None, 0, threshold, "no_data", None, note=note)


class FactTally(Tally):
    """A tally whose facts are given. ``branch`` is a dimension of its own."""

    def __init__(self, sets: Sequence[FactSet], settings: Settings, as_of: int | None) -> None:
        import polars as pl

        last = max((one.as_of for one in sets), default=0)
        super().__init__({}, settings, last if as_of is None else min(as_of, last), _common_steps(sets))
        parts = [Facts(one.frame.with_columns(branch=pl.lit(one.branch)), (*one.dimensions, "branch")) for one in sets]
        found = merge(parts)
        steps = [m for m in found.measures if m.startswith("step_")]
        if not self.steps:
            found = Facts(found.frame.drop(steps), found.dimensions)
        self._facts[found.dimensions] = [found], None
        for one in sets:
            for table, names in (one.columns or {}).items():
                self.columns.setdefault(table, {}).update(dict.fromkeys(names, False))
        self.columns.setdefault("requests", {}).update(dict.fromkeys(found.dimensions, True))
        rows = [dict(row) for one in sets for row in one.partners]
        self.roster = roster(pl.DataFrame(rows, infer_schema_length=None)) if rows else roster(None)
        days = found.frame.select(first=pl.col("day").min(), last=pl.col("day").max()).row(0)
        # a book may know of later days than its facts: of an activity, of a day nothing happened
        self.span = (days[0], max(days[1], last)) if days[0] is not None else None


def unequal_steps(sets: Iterable[FactSet]) -> bool:
    """Whether branches count different funnels, whose conversions can't be added."""
    return len({one.steps for one in sets if len(one.steps) > 1}) > 1


def _common_steps(sets: Sequence[FactSet]) -> tuple[StepSpec, ...]:
    if unequal_steps(sets):
        return ()
    return tuple(StepSpec(label) for label in next((one.steps for one in sets if len(one.steps) > 1), ()))


def _rows_only() -> set[str]:
    """Measures that only KPIs of other kinds are made of: a customer in two books would count twice."""
    by_rows = {m for kpi in KPIS.values() if kpi.kind not in MERGING for m in MEASURES.get(kpi.id, ())}
    return by_rows - {m for kpi in KPIS.values() if kpi.kind in MERGING for m in MEASURES.get(kpi.id, ())}


def _roster_rows(partners: Any) -> Iterable[Mapping[str, Any]]:
    if partners is None:
        return ()
    from addin.crm.engines import to_polars

    frame = to_polars(partners)
    named = frame if "partner_key" in frame.columns else frame.rename({"name": "partner_key"}, strict=False)
    return named.select(c for c in ROSTER if c in named.columns).iter_rows(named=True)
