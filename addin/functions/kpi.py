"""KPIs: any number of the catalogue over a range of rows, the plain ones over plain ranges, flags and the ladder."""

from __future__ import annotations

import difflib
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from addin.crm.calendar import DAY, date_of
from addin.crm.catalogue import KPIS, Kpi
from addin.crm.flags import FLAGS, Flag, judge
from addin.crm.kpi_values import UNASSIGNED
from addin.crm.ladder import climb
from addin.crm.message import Message, msg
from addin.crm.points import Point, concentration, dependency, ratio, volatility
from addin.crm.text import shown, spelling_key
from addin.crm.words import header_key
from addin.functions.registry import Example, Problem, function
from addin.functions.vectors import cents, count, moment, number, share, side_by_side, text
from addin.i18n import LANGUAGES, say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from addin.crm.kpi_values import KpiValue
    from addin.functions.registry import Answer, Cell, Context, Range, Rows
    from addin.functions.rows import Measured

HEADS = ("kpi", "name", "group", "value", "n", "target", "flag", "reason")
_LIST = [
    ["업체명", "접수일시", "확인일시", "진행상태", "금액"],
    ["한빛", "2026-11-16 09:00", "2026-11-16 09:05", "수주", 300000],
    ["샛별", "2026-11-16 10:00", "2026-11-16 10:30", "수주", 700000],
    ["한빛", "2026-11-17 11:00", "2026-11-17 11:08", "상담", None],
]


# -- the catalogue over rows -------------------------------------------------------------------------------------------


@function("kpi", example=Example(("DEPENDENCY", _LIST, "한빛"), 0.3), helps={"from_": "from"})
def kpi(id: Cell, rows: Rows, partner: Cell = None, from_: Cell = None, to: Cell = None, *, context: Context) -> Answer:
    """One KPI over rows with their header: the whole, or one partner's; all days or some."""
    chosen, step = _chosen(id)
    found = _measured(rows, context)
    start, end = _days(from_, to)
    name = text(partner)
    values = found.compute([chosen.id], by="partner" if name else None, start=start, end=end)
    values = [value for value in values if step is None or _step_is(value, step)]
    if values and not values[0].on:
        return values[0].reason
    value = _of_partner(values, name, context) if name else _whole(chosen, values)
    return None if value is None else value.value


@function(
    "kpi",
    spills=True,
    example=Example(
        (_LIST, [["RESP_10M"], ["HHI"]]),
        [
            ["KPI", "이름", "대상", "값", "표본", "목표", "상태", "이유"],
            ["RESP_10M", "10분 확인율", "전체", 0.6667, 3, 0.9, "표본부족", None],
            ["HHI", "매출 집중도(HHI)", "전체", 0.58, 2, 0.18, "위반", "매출 집중도(HHI) 0.58 · 기준 0.25"],
        ],
    ),
    helps={"from_": "from"},
)
def kpi_table(
    rows: Rows,
    ids: Range = None,  # type: ignore[assignment]
    by: Cell = None,
    from_: Cell = None,
    to: Cell = None,
    *,
    context: Context,
) -> Answer:
    """Every KPI (or some) over rows with their header, a line each; a line for each group with ``by``."""
    asked = [_chosen(value)[0] for row in ids or () for value in row if text(value)]
    found = _measured(rows, context)
    start, end = _days(from_, to)
    chosen = list(dict.fromkeys(one.id for one in asked)) or None
    group = text(by)
    values = _grouped(found, chosen, group, start, end) if group else _wholes(found, chosen, start, end)
    return [[msg(f"fn.kpi.{head}") for head in HEADS], *map(_line, values)]


def _measured(rows: Rows, context: Context) -> Measured:
    from addin.functions.rows import measured

    return measured(rows, context)


def _wholes(found: Measured, ids: Sequence[str] | None, start: dt.date | None, end: dt.date | None) -> list[KpiValue]:
    """A line a KPI: its whole, or where it has none the group that is worst off; a funnel's conversions a line each."""
    lines: list[KpiValue] = []
    by_kpi: dict[str, list[KpiValue]] = {}
    for value in found.compute(ids, start=start, end=end, whole=True):
        by_kpi.setdefault(value.kpi, []).append(value)
    for id, values in by_kpi.items():
        wholes = [value for value in values if not value.by.keys() - {"step"}]
        worst = _worst(KPIS[id], values)
        lines += wholes or ([worst] if worst else [])
    return lines


def _grouped(
    found: Measured, ids: Sequence[str] | None, by: str, start: dt.date | None, end: dt.date | None
) -> list[KpiValue]:
    from addin.crm.measures import UnknownDimensionError

    group = by if by in found.measures.dimensions() else found.names.get(by, by)
    try:
        return found.compute(ids, by=group, start=start, end=end)
    except UnknownDimensionError as error:
        known = ", ".join(error.known)
        raise Problem("error.unknown_dimension", value=error.name, near=error.near or "–", known=known) from error


def _line(value: KpiValue) -> list[object]:
    kpi = KPIS[value.kpi]
    groups = tuple(_group(group) for group in value.by.values())
    return [
        value.kpi,
        kpi.name,
        msg("fn.kpi.groups", groups=groups) if groups else msg("fn.kpi.all"),
        value.value,
        value.n,
        None if value.target is None else float(value.target),
        msg(f"view.flag.{value.flag}"),
        value.reason if value.flag in ("warn", "breach") or value.note else None,
    ]


def _group(name: str | Message | None) -> Message:
    return name if isinstance(name, Message) else UNASSIGNED if name is None else msg("fn.kpi.one", name=name)


def _days(start: Cell, end: Cell) -> tuple[dt.date | None, dt.date | None]:
    first, last = moment(start, "from"), moment(end, "to")
    if first and last and first.minutes // DAY > last.minutes // DAY:
        raise Problem("error.from_after_to", value=f"{shown(start)} > {shown(end)}")
    return (date_of(first.minutes // DAY) if first else None), (date_of(last.minutes // DAY) if last else None)


@cache
def _by_name() -> dict[str, str]:
    names = {header_key(id): id for id in KPIS}
    for lang in LANGUAGES:
        for id, kpi in KPIS.items():
            names.setdefault(header_key(say(kpi.name, lang)), id)
    return names


def _chosen(value: Cell) -> tuple[Kpi, str | None]:
    """A KPI by its id or name, or a conversion by its steps (``접수→수주``). `Problem` with the nearest id."""
    wanted = text(value) or ""
    if "→" in wanted:
        return KPIS["CONV"], wanted
    id = _by_name().get(header_key(wanted))
    if id is None:
        near = difflib.get_close_matches(wanted.upper(), KPIS, n=1, cutoff=0.5)
        raise Problem("error.unknown_kpi", value=wanted, near=near[0] if near else "–", known=", ".join(KPIS))
    return KPIS[id], None


def _step_is(value: KpiValue, wanted: str) -> bool:
    step = value.by.get("step")
    names = [step] if isinstance(step, str) else [say(step, lang) for lang in LANGUAGES] if step else []
    return header_key(wanted) in map(header_key, names)


def _whole(kpi: Kpi, values: Sequence[KpiValue]) -> KpiValue | None:
    wholes = [value for value in values if not value.by.keys() - {"step"}]
    if len(wholes) > 1:
        steps = tuple(_group(value.by.get("step")) for value in wholes)
        raise Problem("fn.error.which_step", value=kpi.id, steps=msg("fn.kpi.groups", groups=steps))
    return wholes[0] if wholes else _worst(kpi, values)


def _worst(kpi: Kpi, values: Sequence[KpiValue]) -> KpiValue | None:
    """Of a KPI that no whole has, the group that is worst off: the partner we lean on most."""
    known = [value for value in values if value.value is not None and None not in value.by.values()]
    if not known:
        return values[0] if values else None
    sign = 1 if kpi.direction == "lower" else -1
    return max(known, key=lambda value: sign * (value.value or 0.0))


def _of_partner(values: Sequence[KpiValue], name: str, context: Context) -> KpiValue | None:
    """One partner's value. `Problem` with the nearest name."""
    by_name: dict[str, list[KpiValue]] = {}
    for value in values:
        partner = value.by.get("partner")
        names = [partner] if isinstance(partner, str) else [say(UNASSIGNED, lang) for lang in LANGUAGES]
        for one in names:
            by_name.setdefault(spelling_key(one), []).append(value)
    aliases = {spelling_key(spelling): spelling_key(master) for spelling, master in context.aliases.items()}
    key = spelling_key(name)
    there = by_name.get(key) or by_name.get(aliases.get(key, key))
    if there is None:
        known = [str(value.by["partner"]) for value in values if isinstance(value.by.get("partner"), str)]
        raise _no_partner(name, known)
    if len(there) > 1:
        steps = tuple(_group(value.by.get("step")) for value in there)
        raise Problem("fn.error.which_step", value=there[0].kpi, steps=msg("fn.kpi.groups", groups=steps))
    return there[0]


def _no_partner(name: str, known: Sequence[str]) -> Problem:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    return Problem("fn.error.no_partner", value=name, near=near[0] if near else "–")


# -- plain numbers -----------------------------------------------------------------------------------------------------


@function("kpi", example=Example((3000000, 12), 250000))
def cac(cost: Cell, customers: Cell) -> Answer:
    """Cost of winning one customer; empty where none came."""
    return ratio(
        "CAC", {"spend": cents(cost, "cost") or 0, "new": count(customers, "customers") or 0}, Decimal(1)
    ).value


@function("kpi", example=Example((12000000, 40, 0.3), 90000))
def ltv(revenue: Cell, customers: Cell, margin: Cell = None) -> Answer:
    """What one customer brought; with a margin, what was earned on it. Empty where there are no customers."""
    part = Decimal(f"{share(margin, 'margin') or 1:.15g}")
    return ratio(
        "LTV", {"ltv_net": cents(revenue, "revenue") or 0, "ltv_n": count(customers, "customers") or 0}, part
    ).value


_EARNED = ([["한빛"], ["샛별"], ["두리"]], [[500000], [300000], [200000]])


def _earned(partners: Range, amounts: Range) -> dict[str | None, int]:
    """Amounts by partner; rows without a name are their own group."""
    lists = side_by_side({"partners": partners, "amounts": amounts}, ("amounts",))
    sums: dict[str | None, int] = {}
    for cell, amount in zip(lists["partners"], lists["amounts"], strict=True):
        name = text(cell)
        sums[name] = sums.get(name, 0) + (cents(amount, "amounts") or 0)
    return sums


@function("kpi", example=Example(("한빛", *_EARNED), 0.5))
def share_(partner: Cell, partners: Range, amounts: Range) -> Answer:
    """One partner's share of all amounts."""
    sums = _earned(partners, amounts)
    names = {spelling_key(name): name for name in sums if name is not None}
    wanted = text(partner) or ""
    if spelling_key(wanted) not in names:
        raise _no_partner(wanted, list(names.values()))
    return dependency({(name,): {"net": net} for name, net in sums.items()})[names[spelling_key(wanted)],].value


@function("kpi", example=Example(_EARNED, 0.38))
def hhi(partners: Range, amounts: Range) -> Answer:
    """How concentrated the amounts are: the sum of squared shares."""
    sums = _earned(partners, amounts)
    return concentration([net for name, net in sums.items() if name is not None]).value


@function("kpi", example=Example(([[2], [4], [4], [4], [5], [5], [7], [9]],), 0.4))
def volatility_(weekly: Range) -> Answer:
    """How much weekly orders vary: standard deviation ÷ mean; empty below two weeks. Blank weeks are 0."""
    lists = side_by_side({"weekly": weekly}, ("weekly",))
    return volatility([count(value, "weekly") or 0 for value in lists["weekly"]]).value


# -- flags and the ladder ----------------------------------------------------------------------------------------------


@function("kpi", blank=("value",), example=Example(("RESP_10M", 0.72, 25), "위반"))
def flag(id: Cell, value: Cell, n: Cell = None, *, context: Context) -> Answer:
    """How a KPI's value stands against the team's thresholds; without n only what the value alone tells."""
    chosen, _ = _chosen(id)
    found, cases = number(value, "value"), count(n, "n")
    if found is None or cases == 0:
        return msg("view.flag.no_data")
    return msg(f"view.flag.{_judged(chosen, found, cases, context)}")


def _judged(kpi: Kpi, value: float, cases: int | None, context: Context) -> Flag:
    threshold = context.chosen().thresholds[kpi.id]
    exact = Decimal(f"{value:.15g}").as_integer_ratio()
    n = threshold.min_n if cases is None else cases
    plain = Point(*exact, n, None, None)
    for rule in kpi.rules:
        point = plain
        if rule.on.startswith("wilson"):
            if cases is None or not 0 <= value <= 1:
                continue
            point = Point(round(value * cases), cases, n, None, None)
        elif rule.on == "tight":
            continue
        judged = judge(replace(kpi, rules=(rule,)), point, threshold).flag
        if judged != "ok":
            return judged
    return judge(replace(kpi, rules=()), plain, threshold).flag


@cache
def _flag_words() -> dict[str, Flag]:
    words: dict[str, Flag] = {flag: flag for flag in FLAGS}
    for one in FLAGS:
        words |= {header_key(say(f"view.flag.{one}", lang)): one for lang in LANGUAGES}
    return words


@function("kpi", example=Example(([["위반"], ["표본부족"], ["위반"], ["정상"]],), "현장동행"))
def ladder(weekly_flags: Range, *, context: Context) -> Answer:
    """The rung after a series of weeks, oldest first, a blank being a week without cases; a suspension is only
    proposed."""
    cells = [text(value) for row in weekly_flags for value in row]
    weeks: list[Flag] = []
    for place, word in enumerate(cells):
        if word is None:
            weeks.append("no_data")
            continue
        found = _flag_words().get(header_key(word)) or _flag_words().get(word)
        if found is not None:
            weeks.append(found)
        elif place or len(cells) == 1:
            known = ", ".join(say(f"view.flag.{one}") for one in FLAGS)
            raise Problem("fn.error.flag", value=word, known=known)
    return climb(enumerate(weeks), rules=context.chosen().ladder_rules).name
