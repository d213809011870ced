"""The KPI catalogue: what each number means, what it needs, when it speaks, and where it comes from.

A `Kpi` is data. `addin.crm.measures` computes it, `addin.crm.flags` judges it by its `Rule`s, and the
numbers in the rules are cells in the settings tab (`addin.crm.settings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from addin.crm.message import Message, msg

#: flow: a sum of daily facts · derived: a function of summed facts · stock: a state at ``as_of`` ·
#: cohort: customers keyed by the day of their first order · rows: exact from rows only.
#: Only flow and derived promise to merge across books.
Kind = Literal["flow", "derived", "stock", "cohort", "rows"]
Unit = Literal["share", "ratio", "money", "days", "count"]
Direction = Literal["higher", "lower", "neutral"]
#: Where a target comes from: stated in a source document, stated there without a number, or ours.
TargetKind = Literal["seed_number", "seed_rule", "assumed", "assumed_none"]
Comparison = Literal["<", "<=", ">", ">="]
Limit = Literal["target", "warn", "breach"]
#: What is compared: the value, a bound of its 95 % Wilson interval, or the value as a multiple of its own past.
Reading = Literal["value", "wilson_low", "wilson_high", "history"]


@dataclass(frozen=True, slots=True)
class Given:
    """A rule holds only while another KPI of the same group stands like this."""

    kpi: str
    op: Comparison
    limit: Limit


@dataclass(frozen=True, slots=True)
class Rule:
    """``flag`` when ``on`` ``op`` the number of ``limit``. ``>`` is strict: 30.0 % is not over 30 %."""

    flag: Literal["warn", "breach"]
    op: Comparison
    limit: Limit
    on: Reading = "value"
    given: Given | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The closed span a flag looks at.

    ``growing``: 1 to ``weeks`` closed ISO weeks, until n reaches min_n · ``weeks``: that many closed ISO weeks ·
    ``month``: the last closed month · ``now``: the state at ``as_of``.
    """

    kind: Literal["growing", "weeks", "month", "now"]
    weeks: int = 13


@dataclass(frozen=True, slots=True)
class Kpi:
    """One measure.

    ``needs``   groups of ``table.field``; one of each group must be mapped, or the KPI is off.
    ``target``, ``warn``, ``breach``  the shipped numbers (shares as 0.9; multiples of the past for ``history`` rules).
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
        """Whether warn and breach are multiples of the KPI's own past instead of values."""
        return any(rule.on == "history" for rule in self.rules)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limits people can set, in the order shown: the target, then what the rules use."""
        used = {rule.limit for rule in self.rules} | {"target"}
        if self.own_past:
            used.discard("target")
        order: tuple[Limit, ...] = ("target", "warn", "breach")
        return tuple(limit for limit in order if limit in used)


def _below(breach: Limit = "breach") -> tuple[Rule, ...]:
    """Higher is better: warn under the target, breach under the lower limit."""
    return (Rule("breach", "<", breach), Rule("warn", "<", "target"))


def _above() -> tuple[Rule, ...]:
    """Lower is better: warn over the target, breach over the higher limit."""
    return (Rule("breach", ">", "breach"), Rule("warn", ">", "target"))


#: A share that chance alone may push over its target: sure (Wilson), or too far either way.
_SURELY_ABOVE = (
    Rule("breach", ">", "breach"),
    Rule("breach", ">", "target", on="wilson_low"),
    Rule("warn", ">", "target"),
)
_SURELY_BELOW = (Rule("breach", "<", "target", on="wilson_high"), Rule("warn", "<", "target"))

_ORDER = ("requests.won_at", "requests.stage")
_RECEIVED = ("requests.received_at",)
_MONEY = ("requests.amount",)
_PARTNER = ("requests.partner",)
_CUSTOMER = ("requests.customer", "requests.phone")
_ORDER_DAY = ("requests.won_at", "requests.completed_at", "requests.received_at")


def _conversion(id: str, target: str | None = None, kind: TargetKind = "assumed_none", min_n: int = 30) -> Kpi:
    return Kpi(
        id,
        kind="derived",
        unit="share",
        direction="higher",
        target=Decimal(target) if target else None,
        target_kind=kind,
        rules=_SURELY_BELOW,
        min_n=min_n,
        needs=(),
    )


_ALL = (
    Kpi(
        "RESP_10M",
        kind="derived",
        unit="share",
        direction="higher",
        target=Decimal("0.9"),
        target_kind="assumed",
        breach=Decimal("0.8"),
        rules=_below(),
        min_n=10,
        needs=(_RECEIVED, ("requests.confirmed_at",)),
        escalates=True,
    ),
    Kpi(
        "SAMEDAY",
        kind="derived",
        unit="share",
        direction="higher",
        target=Decimal("0.9"),
        target_kind="seed_number",
        breach=Decimal("0.8"),
        rules=_below(),
        min_n=10,
        needs=(_RECEIVED, ("requests.visited_at",)),
        escalates=True,
    ),
    Kpi(
        "CLAIM_RATE",
        kind="derived",
        unit="share",
        direction="lower",
        target=Decimal("0.05"),
        target_kind="assumed",
        breach=Decimal("0.10"),
        rules=_SURELY_ABOVE,
        min_n=20,
        needs=(("requests.claim",), _ORDER),
        escalates=True,
    ),
    Kpi(
        "REFUND_RATE",
        kind="derived",
        unit="share",
        direction="lower",
        target=Decimal("0.03"),
        target_kind="assumed",
        breach=Decimal("0.06"),
        rules=_above(),
        min_n=20,
        needs=(("requests.refund",), _ORDER),
        escalates=True,
    ),
    Kpi(
        "REVISIT_RATE",
        kind="cohort",
        unit="share",
        direction="higher",
        target=Decimal("0.3"),
        target_kind="assumed",
        breach=Decimal("0.2"),
        rules=_below(),
        min_n=20,
        needs=(_CUSTOMER, _ORDER, _ORDER_DAY),
    ),
    Kpi(
        "REWORK_RATE",
        kind="derived",
        unit="share",
        direction="lower",
        target=Decimal("0.05"),
        target_kind="assumed",
        breach=Decimal("0.10"),
        rules=_SURELY_ABOVE,
        min_n=20,
        needs=(("requests.rework",), _ORDER),
        escalates=True,
    ),
    Kpi(
        "DEPENDENCY",
        kind="derived",
        unit="share",
        direction="lower",
        target=Decimal("0.3"),
        target_kind="seed_number",
        warn=Decimal("0.25"),
        rules=(Rule("breach", ">", "target"), Rule("warn", ">=", "warn")),
        min_n=1,
        needs=(_PARTNER, _MONEY, _ORDER),
        grains=("partner",),
        window=Window("weeks"),
    ),
    Kpi(
        "HHI",
        kind="derived",
        unit="ratio",
        direction="lower",
        target=Decimal("0.18"),
        target_kind="assumed",
        breach=Decimal("0.25"),
        rules=_above(),
        min_n=2,
        needs=(_PARTNER, _MONEY, _ORDER),
        grains=("total", "cluster"),
        window=Window("weeks"),
    ),
    Kpi(
        "BACKUP",
        kind="stock",
        unit="count",
        direction="higher",
        target=Decimal(1),
        target_kind="seed_rule",
        rules=(
            Rule("breach", "<", "target", given=Given("DEPENDENCY", ">=", "warn")),
            Rule("warn", "<=", "target"),
        ),
        min_n=1,
        needs=(("partners.cluster",), ("partners.stage", "partners.status")),
        grains=("cluster",),
        by=("cluster",),
        window=Window("now"),
    ),
    Kpi(
        "CAC",
        kind="cohort",
        unit="money",
        direction="lower",
        target=None,
        target_kind="seed_rule",
        warn=Decimal("1.2"),
        breach=Decimal("1.5"),
        rules=(Rule("breach", ">", "breach", on="history"), Rule("warn", ">", "warn", on="history")),
        min_n=5,
        needs=(("spend.amount",), ("spend.spent_at",), _CUSTOMER, _ORDER, _ORDER_DAY),
    ),
    Kpi(
        "LTV",
        kind="cohort",
        unit="money",
        direction="higher",
        target=None,
        target_kind="seed_rule",
        warn=Decimal("0.8"),
        breach=Decimal("0.6"),
        rules=(Rule("breach", "<", "breach", on="history"), Rule("warn", "<", "warn", on="history")),
        min_n=20,
        needs=(_CUSTOMER, _MONEY, _ORDER, _ORDER_DAY),
    ),
    Kpi(
        "LTV_CAC",
        kind="cohort",
        unit="ratio",
        direction="higher",
        target=Decimal(3),
        target_kind="assumed",
        breach=Decimal(1),
        rules=_below(),
        min_n=20,
        needs=(("spend.amount",), ("spend.spent_at",), _CUSTOMER, _MONEY, _ORDER, _ORDER_DAY),
    ),
    Kpi(
        "VOLATILITY",
        kind="derived",
        unit="ratio",
        direction="lower",
        target=Decimal("0.5"),
        target_kind="assumed",
        breach=Decimal(1),
        rules=_above(),
        min_n=6,
        needs=(_ORDER, _ORDER_DAY),
        window=Window("weeks"),
    ),
    Kpi(
        "MONTHLY_GOAL",
        kind="derived",
        unit="share",
        direction="higher",
        target=Decimal(1),
        target_kind="seed_rule",
        breach=Decimal("0.7"),
        rules=_below(),
        min_n=1,
        needs=(("partners.monthly_goal",), _PARTNER, _ORDER, _ORDER_DAY),
        by=("partner", "cluster", "region", "month"),
        window=Window("month"),
    ),
    Kpi(
        "SILENCE_4W",
        kind="stock",
        unit="days",
        direction="lower",
        target=Decimal(28),
        target_kind="seed_number",
        warn=Decimal(21),
        rules=(Rule("breach", ">", "target"), Rule("warn", ">", "warn")),
        min_n=1,
        needs=(
            _PARTNER,
            (
                "activities.acted_at",
                "requests.received_at",
                "requests.confirmed_at",
                "requests.proposed_at",
                "requests.visited_at",
                "requests.won_at",
                "requests.completed_at",
            ),
        ),
        grains=("partner",),
        by=("partner", "customer"),
        window=Window("now"),
    ),
    _conversion("CONV"),
    _conversion("ACQ_CONV", min_n=100),
    _conversion("ACT_CONV", "0.45", "assumed"),
    _conversion("PAY_CONV", "0.4", "assumed"),
    _conversion("APPLY_TO_TRIAL", kind="seed_rule"),
    _conversion("TRIAL_TO_DECIDE", kind="seed_rule"),
)

#: Every KPI by id, in the order people see them.
KPIS: dict[str, Kpi] = {kpi.id: kpi for kpi in _ALL}

#: Steps the source documents name, and the conversion between them; every other pair of steps is ``CONV``.
CONVERSIONS: dict[tuple[str, str], str] = {
    ("인식", "가입"): "ACQ_CONV",
    ("가입", "활성화"): "ACT_CONV",
    ("활성화", "유료"): "PAY_CONV",
    ("신청", "경험"): "APPLY_TO_TRIAL",
    ("경험", "결정"): "TRIAL_TO_DECIDE",
}
_STEP_NAMES = {"aware": "인식", "signup": "가입", "activated": "활성화", "paid": "유료"} | {
    "apply": "신청",
    "experience": "경험",
    "decide": "결정",
}


def conversion_id(start: str | Message, end: str | Message) -> str:
    """The KPI id of the conversion between two steps of a funnel, by their labels.

    >>> conversion_id("가입", "활성화"), conversion_id(msg("funnel.step.apply"), msg("funnel.step.experience"))
    ('ACT_CONV', 'APPLY_TO_TRIAL')
    >>> conversion_id("접수", "수주")
    'CONV'
    """
    return CONVERSIONS.get((_step_name(start), _step_name(end)), "CONV")


def _step_name(label: str | Message) -> str:
    name = label.id.rpartition(".")[2] if isinstance(label, Message) else label
    return _STEP_NAMES.get(name, name)


def is_conversion(id: str) -> bool:
    """Whether a KPI is the passing rate between two consecutive steps of the funnel."""
    return id == "CONV" or id in CONVERSIONS.values()
