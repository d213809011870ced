"""A number against its thresholds: ok, warn, breach, small_sample or no_data, and one sentence saying why.

seed 000: over the threshold → training, ride-along, suspension; a small sample never escalates.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from addin.crm.catalogue_types import SIGNS
from addin.crm.message import Message, msg
from addin.crm.stats import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from addin.crm.catalogue_types import Comparison, Kpi, Limit, Rule, Sign
    from addin.crm.kpi_values import KpiValue
    from addin.crm.points import Point
    from addin.crm.settings import Threshold

Flag = Literal["ok", "warn", "breach", "small_sample", "no_data"]
#: From the one to look at first to the one that says nothing.
FLAGS: tuple[Flag, ...] = ("breach", "warn", "ok", "small_sample", "no_data")
#: A flag is never told by colour alone.
SYMBOLS: dict[Flag, str] = {"ok": "✓", "warn": "▲", "breach": "●", "small_sample": "…", "no_data": "–"}
#: Parts of the net revenue of all partners.
_PARTS = ("DEPENDENCY", "HHI")
_PLACE = {flag: place for place, flag in enumerate(FLAGS)}

#: Reason ids, so that a test can check the catalogue has them.
REASONS = tuple(
    f"flag.{name}"
    for name in (
        *("share", "share_bare", "money", "ratio", "days", "hours", "count", "people", "points"),
        *("limit", "past", "peers", "sure_above", "sure_below", "small_sample", "no_data", "off", "field", "span"),
        *("tight", "span_hours", "few_weeks", "not_by", "unassigned", *SIGNS),
        *("whole_negative", "part_negative", "part_over_whole", "over_one"),
    )
)


class Judgement(NamedTuple):
    """A flag, and the rule that raised it (None for ok, small_sample, no_data)."""

    flag: Flag
    rule: Rule | None = None


def judge(
    kpi: Kpi,
    point: Point,
    threshold: Threshold,
    past: Point | None = None,
    given: Mapping[str, tuple[Point, Threshold]] | None = None,
    signs: frozenset[Sign] | None = frozenset(),
) -> Judgement:
    """Flag one number.

    ``past`` is the KPI's own value over the 12 weeks before, or its peers'; ``given`` holds the other KPIs of the same
    group that a rule may ask for; ``signs`` are those seen, None where a chart has too few weeks: then a KPI that has
    no target either is a small sample. Comparisons are exact: 30.0 % is not over 30 %.

    >>> from addin.crm.catalogue import KPIS
    >>> from addin.crm.points import share
    >>> from addin.crm.settings import shipped_threshold
    >>> kpi = KPIS["DEPENDENCY"]
    >>> [judge(kpi, share(n, 1000), shipped_threshold(kpi)).flag for n in (249, 250, 300, 301)]
    ['ok', 'warn', 'warn', 'breach']
    """
    if point.below <= 0:
        return Judgement("no_data")
    if point.n < threshold.min_n:
        return Judgement("small_sample")
    if signs is None and threshold.target is None:
        return Judgement("small_sample")
    for rule in kpi.rules:
        if rule.limit is None:
            if rule.on in (signs or ()):
                return Judgement(rule.flag, rule)
            continue
        limit = threshold.limit(rule.limit)
        if limit is not None and _holds(rule, limit, point, past) and _given(rule, given):
            return Judgement(rule.flag, rule)
    return Judgement("ok")


def _holds(rule: Rule, limit: Decimal, point: Point, past: Point | None) -> bool:
    assert rule.op is not None
    if rule.on == "value":
        return _compare(point.above, point.below, rule.op, limit)
    if rule.on == "tight":
        return point.tight[1] > 0 and _compare(*point.tight, rule.op, limit)
    if rule.on in ("history", "peers"):
        if past is None or past.below <= 0 or past.above <= 0:
            return False
        return _compare(point.above * past.below, point.below * past.above, rule.op, limit)
    bounds = wilson(point.above, point.below)
    return bounds is not None and _compare(*bounds[rule.on == "wilson_high"].as_integer_ratio(), rule.op, limit)


def _compare(above: int, below: int, op: Comparison, limit: Decimal) -> bool:
    part, parts = limit.as_integer_ratio()
    difference = above * parts - part * below
    return {"<": difference < 0, "<=": difference <= 0, ">": difference > 0, ">=": difference >= 0}[op]


def _given(rule: Rule, given: Mapping[str, tuple[Point, Threshold]] | None) -> bool:
    if rule.given is None:
        return True
    if given is None or rule.given.kpi not in given:
        return False
    point, threshold = given[rule.given.kpi]
    limit = threshold.limit(rule.given.limit)
    return limit is not None and point.below > 0 and _compare(point.above, point.below, rule.given.op, limit)


# -- the sentence ------------------------------------------------------------------------------------------------------


def reason(kpi: Kpi, value: KpiValue, threshold: Threshold) -> Message:
    """Why a value has its flag, in one sentence with the numbers: ``10분 확인율 72 % (18/25) · 기준 90 %``.

    Parts of the net revenue are odd where a partner gave back more than it earned: then why they are is said too.
    """
    told = _reason(kpi, value, threshold)
    if kpi.id not in _PARTS:
        return told
    if value.value is None and (value.denominator or 0) < 0:
        return msg("flag.whole_negative", kpi=kpi.name, whole=_amount(value.denominator or 0))
    if value.value is not None and not 0 <= value.value <= 1:
        name = "part_negative" if value.value < 0 else "part_over_whole" if kpi.unit == "share" else "over_one"
        return msg(f"flag.{name}", value=told)
    return told


def _reason(kpi: Kpi, value: KpiValue, threshold: Threshold) -> Message:
    if value.value is None:
        return msg("flag.no_data", kpi=kpi.name)
    rule = value.rule
    shown: Limit | None = rule.limit if rule else None if kpi.relative else "target"
    limit = threshold.limit(shown) if shown else None
    text = _value(kpi, value, limit if rule is None or rule.on == "value" else None)
    if value.flag == "small_sample":
        if value.n >= threshold.min_n:
            return msg("flag.few_weeks", value=text)
        return msg("flag.small_sample", value=text, n=value.n, min_n=threshold.min_n)
    if rule and rule.limit is None:
        return msg(f"flag.{rule.on}", value=text)
    if limit is None:
        return text
    if rule and rule.on in ("history", "peers"):
        times = f"{value.value / value.past:.2f}" if value.past else ""
        return msg(
            "flag.past" if rule.on == "history" else "flag.peers", value=text, times=times, limit=_decimal(limit)
        )
    if rule and rule.on == "tight":
        return msg("flag.tight", value=text, limit=item_limit(kpi, threshold.warn or threshold.breach or limit))
    kind = {"wilson_low": "sure_above", "wilson_high": "sure_below"}.get(rule.on if rule else "", "limit")
    return msg(f"flag.{kind}", value=text, limit=_limit(kpi, limit))


def _limit(kpi: Kpi, limit: Decimal) -> str | Message:
    if kpi.unit == "share":
        return percent(limit)
    return item_limit(kpi, limit)


def item_limit(kpi: Kpi, limit: Decimal) -> str | Message:
    """A limit with its unit where that is a span of time."""
    unit = kpi.item or kpi.unit
    spans = {"days": "flag.span", "hours": "flag.span_hours"}
    return msg(spans[unit], n=_decimal(limit)) if unit in spans else _decimal(limit)


def _value(kpi: Kpi, value: KpiValue, limit: Decimal | None) -> Message:
    """The KPI's name and value."""
    number = value.value or 0
    if kpi.unit == "share":
        text = percent(number, apart_from=limit)
        if value.numerator is None or value.denominator is None:
            return msg("flag.share_bare", kpi=kpi.name, value=text)
        above, below = _amount(value.numerator), _amount(value.denominator)
        return msg("flag.share", kpi=kpi.name, value=text, numerator=above, denominator=below)
    text = _apart(number, limit, (2, 3, 4, 6)) if kpi.unit == "ratio" else _amount(number)
    return msg(f"flag.{kpi.unit}", kpi=kpi.name, value=text)


def percent(value: float | Decimal, apart_from: Decimal | None = None) -> str:
    """A share for reading, with as many decimals as it takes to look different from the limit it is judged by.

    >>> from decimal import Decimal
    >>> percent(0.72), percent(0.35086), percent(0.30001, apart_from=Decimal("0.3")), percent(0.3, Decimal("0.3"))
    ('72 %', '35.1 %', '30.001 %', '30 %')
    """
    limit = None if apart_from is None else apart_from * 100
    text = _apart(float(value) * 100, limit, (1, 2, 3, 4, 6))
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def _apart(number: float, limit: Decimal | None, digits: tuple[int, ...]) -> str:
    """A number with the first of these many decimals that tells it from the limit, where it differs from it."""
    text = ""
    for places in digits:
        text = f"{number:.{places}f}"
        if limit is None or Decimal(text) != limit or abs(number - float(limit)) < 1e-9:
            break
    return text


def _decimal(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount(number: float) -> str:
    return f"{number:,.0f}" if float(number).is_integer() or abs(number) >= 1000 else f"{number:,.2f}"


# -- a partner as a whole ----------------------------------------------------------------------------------------------


class PartnerFlag(NamedTuple):
    """A partner's worst flag and the values behind it: worst first, at most three; none where all is well."""

    flag: Flag
    values: tuple[KpiValue, ...]

    @property
    def reasons(self) -> tuple[Message, ...]:
        """Why, a sentence each."""
        return tuple(value.reason for value in self.values)


def partner_flags(values: Iterable[KpiValue], dimension: str = "partner") -> dict[str, PartnerFlag]:
    """Each partner's worst flag over its KPIs: breaches before warnings, in the catalogue's order.

    A partner whose every KPI is a small sample or without data is that, not "ok".
    """
    by_name: dict[str, list[KpiValue]] = {}
    for value in values:
        name = value.by.get(dimension)
        if isinstance(name, str) and value.by.keys() <= {dimension, "step"}:
            by_name.setdefault(name, []).append(value)
    return {name: _worst(found) for name, found in by_name.items()}


def _worst(values: list[KpiValue]) -> PartnerFlag:
    worst = min((value.flag for value in values), key=_PLACE.__getitem__)
    off = ("breach", "warn") if worst in ("breach", "warn") else (worst,)
    telling = [] if worst == "ok" else sorted((v for v in values if v.flag in off), key=lambda v: _PLACE[v.flag])
    return PartnerFlag(worst, tuple(telling[:3]))
