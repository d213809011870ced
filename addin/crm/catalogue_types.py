"""What a KPI of the catalogue is made of: its kind, unit, rules, window, and whose number its target is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from addin.crm.message import Message, msg

if TYPE_CHECKING:
    from decimal import Decimal

#: flow: a sum of daily facts · derived: a function of summed facts · stock: a state at ``as_of`` ·
#: cohort: customers keyed by the day of their first order, or the day they became regulars · rows: exact from rows
#: only. Only flow and derived promise to merge across books.
Kind = Literal["flow", "derived", "stock", "cohort", "rows"]
Unit = Literal["share", "ratio", "money", "days", "hours", "count", "people", "points"]
Direction = Literal["higher", "lower", "neutral"]
#: Where a target comes from: stated in a source document, stated there without a number, or ours.
TargetKind = Literal["seed_number", "seed_rule", "assumed", "assumed_none"]
Comparison = Literal["<", "<=", ">", ">="]
Limit = Literal["target", "warn", "breach"]
#: What a rule compares with its limit: the value · a bound of its 95 % Wilson interval · the value as a multiple of its
#: own past, or of what 85 % of its peers stay within · ``tight``: the share of items that kept the warning's limit
#: too, where warn and breach are limits of a single item.
Reading = Literal["value", "wilson_low", "wilson_high", "history", "peers", "tight"]
#: What raises a flag without a number, always on the bad side: outside the XmR limits, or the eighth week in a row
#: beyond the mean · fewer than the week before, or four weeks running · among the last of the ranks, or twice · within
#: 2 % of another step · still not done on the month's 25th.
Sign = Literal[
    "xmr_limits", "xmr_run", "falling", "falling_month", "bottom", "bottom_twice", "co_constraint", "month_late"
]
SIGNS: tuple[Sign, ...] = get_args(Sign)


class Given(NamedTuple):
    """A rule holds only while another KPI of the same group stands like this."""

    kpi: str
    op: Comparison
    limit: Limit


class Rule(NamedTuple):
    """``flag`` when ``on`` ``op`` the number of ``limit``; or, without a limit, when the sign ``on`` is seen.

    ``>`` is strict: 30.0 % is not over 30 %.
    """

    flag: Literal["warn", "breach"]
    op: Comparison | None
    limit: Limit | None
    on: Reading | Sign = "value"
    given: Given | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The span a flag looks at.

    ``growing``: 1 to ``weeks`` closed ISO weeks, until n reaches min_n · ``weeks``: that many closed ISO weeks ·
    ``to_date``: those and the days since · ``month``, ``quarter``: the last closed one · ``now``: all up to ``as_of``.
    """

    kind: Literal["growing", "weeks", "to_date", "month", "quarter", "now"]
    weeks: int = 13


@dataclass(frozen=True, slots=True)
class Kpi:
    """One measure.

    ``needs``   groups of ``table.field``; one of each group must be mapped, or the KPI is off.
    ``target``, ``warn``, ``breach``  the shipped numbers (shares as 0.9; multiples for ``history``, ``peers``).
    ``item``    the unit of warn and breach where they are limits of a single item (LEAD_TIME: 8 and 7 days).
    ``stated``  which of warn and breach stand in a source; the others are our assumption.
    ``grains``  the groups it is shown by without ``--by``; ``total`` is the whole.
    ``by``      the dimensions it makes sense for; empty = any.
    ``escalates`` a breach moves the ladder (training, ride-along, suspension).
    """

    id: str
    kind: Kind
    unit: Unit
    direction: Direction
    target: Decimal | None
    target_kind: TargetKind
    rules: tuple[Rule, ...]
    min_n: int
    needs: tuple[tuple[str, ...], ...]
    grains: tuple[str, ...] = ("total", "partner")
    by: tuple[str, ...] = ()
    warn: Decimal | None = None
    breach: Decimal | None = None
    item: Unit | None = None
    stated: tuple[Limit, ...] = ()
    window: Window = Window("growing")
    escalates: bool = False

    @property
    def name(self) -> Message:
        """The KPI's name."""
        return msg(f"kpi.{self.id}.name")

    @property
    def formula(self) -> Message:
        """How it is computed, in one line."""
        return msg(f"kpi.{self.id}.formula")

    @property
    def source(self) -> Message:
        """Where the rule and its number come from."""
        return msg(f"kpi.{self.id}.source")

    @property
    def window_text(self) -> Message:
        """The span its flags look at."""
        return msg(f"kpi.window.{self.window.kind}", weeks=self.window.weeks)

    @property
    def explain(self) -> Message:
        """Formula, window and source, for the note at the header."""
        return msg("kpi.explain", formula=self.formula, window=self.window_text, source=self.source)

    @property
    def own_past(self) -> bool:
        """Whether it is judged by its own past instead of a number."""
        return self.reads("history")

    @property
    def relative(self) -> bool:
        """Whether warn and breach are multiples of something instead of values."""
        return self.reads("history", "peers")

    @property
    def charted(self) -> bool:
        """Whether it is judged by its weekly XmR chart."""
        return self.reads("xmr_limits", "xmr_run")

    def reads(self, *readings: Reading | Sign) -> bool:
        """Whether any rule looks at one of these."""
        return any(rule.on in readings for rule in self.rules)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limits people can set, in the order shown: the target, then what the rules use."""
        used = {rule.limit for rule in self.rules}
        if self.target is not None and used != {None}:
            used.add("target")
        if self.item:
            used |= {limit for limit in ("warn", "breach") if getattr(self, limit) is not None}
        order: tuple[Limit, ...] = ("target", "warn", "breach")
        return tuple(limit for limit in order if limit in used)
