"""The KPI catalogue: what each number means, what it needs, when it speaks, and where it comes from.

A `Kpi` is data. `addin.crm.measures` computes it, `addin.crm.flags` judges it by its `Rule`s, and the
numbers in the rules are cells in the settings tab (`addin.crm.settings`).

Where warn and breach are limits of a single item, a flag of the rate means: breach, fewer than the target kept the
breach's limit (7 days before the event); warn, fewer than the target kept the warning's limit too (8 days).
"""

from __future__ import annotations

from decimal import Decimal

from addin.crm.catalogue_types import Given, Kpi, Rule, TargetKind, Window
from addin.crm.message import Message

__all__ = [
    "CONVERSIONS", "KPIS", "Given", "Kpi", "Rule", "TargetKind", "Window", "conversion_id", "is_conversion",
]  # fmt: skip

# -- rules that many share ---------------------------------------------------------------------------------------------

#: Higher is better: warn under the target, breach under the lower limit; and the other way round.
_BELOW = (Rule("breach", "<", "breach"), Rule("warn", "<", "target"))
_ABOVE = (Rule("breach", ">", "breach"), Rule("warn", ">", "target"))
#: The target is the breach, and the warning comes before it.
_ABOVE_TARGET = (Rule("breach", ">", "target"), Rule("warn", ">", "warn"))
#: A share that chance alone may push over its target: sure (Wilson), or too far either way.
_SURELY_ABOVE = (
    Rule("breach", ">", "breach"), Rule("breach", ">", "target", "wilson_low"), Rule("warn", ">", "target"),
)  # fmt: skip
_SURELY_BELOW = (Rule("breach", "<", "target", "wilson_high"), Rule("warn", "<", "target"))
#: Warn and breach are limits of one item.
_EACH = (Rule("breach", "<", "target"), Rule("warn", "<", "target", "tight"))
#: No target: real change instead of noise (seed 004), and the target once a team sets one.
_CHART = (Rule("breach", None, None, "xmr_limits"), Rule("warn", None, None, "xmr_run"))
_CHART_OR_TARGET = (_CHART[0], _SURELY_BELOW[0], _CHART[1], _SURELY_BELOW[1])
_MORE_THAN_BEFORE = (Rule("breach", ">", "breach", "history"), Rule("warn", ">", "warn", "history"))
_LESS_THAN_BEFORE = (Rule("breach", "<", "breach", "history"), Rule("warn", "<", "warn", "history"))

# -- fields that many need ---------------------------------------------------------------------------------------------

_RECEIVED = ("requests.received_at",)
_PROPOSED = ("requests.proposed_at",)
_ORDER = ("requests.won_at", "requests.stage")
_ORDER_DAY = ("requests.won_at", "requests.completed_at", "requests.received_at")
_MONEY = ("requests.amount",)
_PARTNER = ("requests.partner",)
_CUSTOMER = ("requests.customer", "requests.phone")
_BUYERS = (_CUSTOMER, _ORDER, _ORDER_DAY)
_SPENT = (("spend.amount",), ("spend.spent_at",))
_CONTACT = (
    "activities.acted_at", "requests.received_at", "requests.confirmed_at", "requests.proposed_at",
    "requests.visited_at", "requests.won_at", "requests.completed_at",
)  # fmt: skip
_PLACE = ("partner", "cluster", "region", "owner")

# fmt: off
_PROMISES = (
    Kpi("RESP_10M", "derived", "share", "higher", Decimal("0.9"), "assumed", _BELOW, 10, breach=Decimal("0.8"),
        needs=(_RECEIVED, ("requests.confirmed_at",)), escalates=True),
    Kpi("SAMEDAY", "derived", "share", "higher", Decimal("0.9"), "seed_number", _BELOW, 10, breach=Decimal("0.8"),
        needs=(_RECEIVED, ("requests.visited_at",)), escalates=True),
)

_QUALITY = (
    Kpi("CLAIM_RATE", "derived", "share", "lower", Decimal("0.05"), "assumed", _SURELY_ABOVE, 20,
        breach=Decimal("0.10"), needs=(("requests.claim",), _ORDER), escalates=True),
    Kpi("REFUND_RATE", "derived", "share", "lower", Decimal("0.03"), "assumed", _ABOVE, 20, breach=Decimal("0.06"),
        needs=(("requests.refund",), _ORDER), escalates=True),
    Kpi("REWORK_RATE", "derived", "share", "lower", Decimal("0.05"), "assumed", _SURELY_ABOVE, 20,
        breach=Decimal("0.10"), needs=(("requests.rework",), _ORDER), escalates=True),
)

_ANSWERS = (
    Kpi("FIRST_PROPOSAL", "rows", "hours", "lower", Decimal(24), "assumed", _ABOVE_TARGET, 10, warn=Decimal(12),
        needs=(_RECEIVED, _PROPOSED), grains=("total",)),
    Kpi("FOLLOWUP_24H", "derived", "share", "higher", Decimal(1), "seed_number", _EACH, 1,
        warn=Decimal(20), breach=Decimal(24),
        needs=(_PROPOSED, ("activities.acted_at",), ("activities.request",)),
        item="hours", stated=("breach",), grains=("total",), window=Window("to_date", 1)),
    Kpi("LEAD_TIME", "derived", "share", "higher", Decimal("0.9"), "assumed", _EACH, 10,
        warn=Decimal(8), breach=Decimal(7), needs=(_RECEIVED, ("requests.event_at",)),
        item="days", stated=("warn", "breach"), grains=("total",)),
    Kpi("D7_ALERT", "derived", "share", "higher", Decimal(1), "seed_number", _EACH, 1, breach=Decimal(7),
        needs=(("requests.event_at",), ("activities.request", "requests.proposed_at")),
        item="days", stated=("breach",), grains=("total",), window=Window("to_date", 1)),
    Kpi("SILENCE_4W", "stock", "days", "lower", Decimal(28), "seed_number", _ABOVE_TARGET, 1, warn=Decimal(21),
        needs=(_PARTNER, _CONTACT), grains=("partner",), by=("partner", "customer"), window=Window("now")),
    Kpi("REPORT_MONTHLY", "rows", "share", "higher", Decimal(1), "seed_number",
        (Rule("breach", "<", "target"), Rule("warn", None, None, "month_late")), 1,
        needs=(("activities.acted_at",), ("activities.partner",), ("activities.kind", "activities.text"),
               ("partners.name", "partners.partner_id")),
        by=(*_PLACE, "month"), window=Window("month")),
)

_CUSTOMERS = (
    Kpi("REVISIT_RATE", "cohort", "share", "higher", Decimal("0.3"), "assumed", _BELOW, 20,
        breach=Decimal("0.2"), needs=_BUYERS),
    Kpi("RET_RATE", "cohort", "share", "higher", Decimal("0.8"), "assumed", _SURELY_BELOW, 30, needs=_BUYERS),
    Kpi("REF_RATE", "cohort", "share", "higher", Decimal("0.2"), "assumed", _SURELY_BELOW, 30,
        needs=(("requests.referrer",), *_BUYERS), grains=("total",)),
    Kpi("THROUGHPUT", "cohort", "people", "higher", None, "seed_rule", _CHART, 6, needs=_BUYERS,
        grains=("total",), window=Window("weeks", 1)),
    Kpi("REGULAR_POOL", "stock", "people", "higher", None, "seed_rule",
        (Rule("breach", None, None, "falling_month"), Rule("warn", None, None, "falling")), 1,
        needs=(("requests.membership_at", "customers.joined_at"), _CUSTOMER), window=Window("now")),
    Kpi("CROSS_SELL", "cohort", "share", "higher", Decimal("0.2"), "assumed", _BELOW, 20, breach=Decimal("0.1"),
        needs=(("requests.service",), *_BUYERS), window=Window("now")),
    Kpi("QUALITY_SCORE", "rows", "points", "higher", Decimal(2), "seed_rule", _BELOW, 1, breach=Decimal(0),
        needs=(_CUSTOMER, _ORDER,
               ("requests.discount_asked", "requests.bypass", "requests.no_show", "requests.referrer")),
        grains=("total",), window=Window("now")),
)

_VALUE = (
    Kpi("DEPENDENCY", "derived", "share", "lower", Decimal("0.3"), "seed_number",
        (Rule("breach", ">", "target"), Rule("warn", ">=", "warn")), 1, warn=Decimal("0.25"),
        needs=(_PARTNER, _MONEY, _ORDER), grains=("partner",), window=Window("weeks")),
    Kpi("HHI", "derived", "ratio", "lower", Decimal("0.18"), "assumed", _ABOVE, 2, breach=Decimal("0.25"),
        needs=(_PARTNER, _MONEY, _ORDER), grains=("total", "cluster"), window=Window("weeks")),
    Kpi("BACKUP", "stock", "count", "higher", Decimal(1), "seed_rule",
        (Rule("breach", "<", "target", given=Given("DEPENDENCY", ">=", "warn")), Rule("warn", "<=", "target")), 1,
        needs=(("partners.cluster",), ("partners.stage", "partners.status")),
        grains=("cluster",), by=("cluster",), window=Window("now")),
    Kpi("CAC", "cohort", "money", "lower", None, "seed_rule", _MORE_THAN_BEFORE, 5,
        warn=Decimal("1.2"), breach=Decimal("1.5"), needs=(*_SPENT, *_BUYERS)),
    Kpi("LTV", "cohort", "money", "higher", None, "seed_rule", _LESS_THAN_BEFORE, 20,
        warn=Decimal("0.8"), breach=Decimal("0.6"), needs=(_CUSTOMER, _MONEY, _ORDER, _ORDER_DAY)),
    Kpi("LTV_CAC", "cohort", "ratio", "higher", Decimal(3), "assumed", _BELOW, 20, breach=Decimal(1),
        needs=(*_SPENT, _CUSTOMER, _MONEY, _ORDER, _ORDER_DAY)),
    Kpi("VOLATILITY", "derived", "ratio", "lower", Decimal("0.5"), "assumed", _ABOVE, 6, breach=Decimal(1),
        needs=(_ORDER, _ORDER_DAY), window=Window("weeks")),
    Kpi("MONTHLY_GOAL", "derived", "share", "higher", Decimal(1), "seed_rule", _BELOW, 1, breach=Decimal("0.7"),
        needs=(("partners.monthly_goal",), _PARTNER, _ORDER, _ORDER_DAY), by=(*_PLACE, "month"),
        window=Window("month")),
)

_PARTNERSHIPS = (
    Kpi("PIPE_STAGE", "stock", "days", "lower", None, "seed_rule",
        (Rule("breach", ">", "breach", "peers"), Rule("warn", ">", "warn", "peers")), 5,
        warn=Decimal(1), breach=Decimal(2), needs=(("partners.stage",), ("partners.stage_at",)),
        grains=("partner",), by=("partner",), window=Window("now")),
    Kpi("QUARTER_TIER", "rows", "share", "lower", Decimal("0.5"), "seed_number",
        (Rule("breach", None, None, "bottom_twice"), Rule("warn", None, None, "bottom")), 4,
        needs=(_PARTNER, _MONEY, _ORDER, _ORDER_DAY), grains=("partner",), by=("partner", "quarter"),
        window=Window("quarter")),
)


def _conversion(
    id: str, target: str | None = None, kind: TargetKind = "assumed_none",
    rules: tuple[Rule, ...] = _SURELY_BELOW, min_n: int = 30,
) -> Kpi:
    return Kpi(id, "derived", "share", "higher", Decimal(target) if target else None, kind, rules, min_n, needs=())


_FUNNEL = (
    _conversion("CONV"),
    _conversion("ACQ_CONV", rules=_CHART_OR_TARGET, min_n=100),
    _conversion("ACT_CONV", "0.45", "assumed"),
    _conversion("PAY_CONV", "0.4", "assumed"),
    _conversion("APPLY_TO_TRIAL", kind="seed_rule", rules=_CHART_OR_TARGET),
    _conversion("TRIAL_TO_DECIDE", kind="seed_rule", rules=_CHART_OR_TARGET),
    Kpi("BOTTLENECK", "derived", "share", "neutral", None, "seed_rule",
        (Rule("breach", ">=", "breach"), Rule("warn", ">=", "warn"), Rule("warn", None, None, "co_constraint")), 30,
        warn=Decimal("0.5"), breach=Decimal("0.8"), needs=(), grains=("total",)),
    Kpi("STAGE_TIME", "rows", "days", "lower", None, "assumed_none", _MORE_THAN_BEFORE, 20,
        warn=Decimal("1.5"), breach=Decimal(2), needs=(), grains=("total",), window=Window("weeks")),
    Kpi("AGEING", "rows", "share", "lower", Decimal("0.15"), "assumed", _ABOVE, 10, breach=Decimal("0.30"),
        needs=(), grains=("total",), window=Window("now")),
)
# fmt: on

#: Every KPI by id, in the order people see them.
KPIS: dict[str, Kpi] = {
    kpi.id: kpi
    for theme in (_PROMISES, _QUALITY, _CUSTOMERS, _VALUE, _ANSWERS, _PARTNERSHIPS, _FUNNEL)
    for kpi in theme
}

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

    >>> from addin.crm.message import msg
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
