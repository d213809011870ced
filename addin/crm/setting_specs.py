"""Every setting a team can change: its key, the field of `Settings` it fills, its unit, how its cell is read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from addin.crm import setting_values as read
from addin.crm.catalogue import KPIS, Kpi, TargetKind
from addin.crm.customer_settings import CUSTOMER_CHOICES, CUSTOMER_SPECS
from addin.crm.partnership_settings import PARTNERSHIP_SPECS
from addin.crm.quote_settings import QUOTE_CHOICES, QUOTE_SPECS
from addin.crm.task_settings import TASK_SPECS

if TYPE_CHECKING:
    from collections.abc import Callable

#: Ids of the words around a setting, so that a test can check the catalogue has them.
SECTIONS = (
    *("hours", "service", "money", "stages", "funnel", "people", "tasks"),
    *("customers", "partnership", "company", "quote", "kpi"),
)
UNITS = (
    *("none", "clock", "weekdays", "dates", "words", "text", "brn"),
    *("minutes", "hours", "days", "weeks", "share", "money", "ratio", "count", "people", "points", "times"),
)
LIMITS = ("target", "warn", "breach", "min_n")
#: What may be chosen, by `Settings` field: (value, Korean, English).
CHOICES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "clock": (("business", "영업시간", "business"), ("clock", "24시간", "clock")),
    "ladder_subject": (("auto", "자동", "auto"), ("assignee", "담당자", "assignee"), ("partner", "파트너", "partner")),
    "first_owner": (("person", "우리", "us"), ("partner", "파트너", "partner")),
    **QUOTE_CHOICES,
    **CUSTOMER_CHOICES,
}


class Spec(NamedTuple):
    """One scalar setting: its key, the `Settings` field it fills, how its cell is read."""

    key: str
    field: str
    unit: str
    source: TargetKind
    parse: Callable[[object], object]

    @property
    def section(self) -> str:
        """Its section of the tab."""
        return self.key.partition(".")[0]


def _choice(name: str) -> Callable[[object], object]:
    words = {word.casefold(): values[0] for values in CHOICES[name] for word in values}
    return lambda cell: words.get(read.plain(cell).casefold())


def _whole(low: int, high: int) -> Callable[[object], object]:
    return lambda cell: read.whole_number(cell, low, high)


#: Every scalar setting, in the order of the tab.
SPECS = (
    Spec("hours.open", "open_minute", "clock", "assumed", read.clock),
    Spec("hours.close", "close_minute", "clock", "assumed", read.clock),
    Spec("hours.weekdays", "weekdays", "weekdays", "assumed", read.weekdays),
    Spec("hours.clock", "clock", "none", "assumed", _choice("clock")),
    Spec("hours.holidays_add", "holidays_add", "dates", "assumed", read.dates),
    Spec("hours.holidays_drop", "holidays_drop", "dates", "assumed", read.dates),
    Spec("service.response_minutes", "response_minutes", "minutes", "seed_number", _whole(1, 100_000)),
    Spec("service.same_day_cutoff", "same_day_cutoff", "clock", "assumed", read.clock),
    Spec("service.no_visit", "no_visit_words", "words", "assumed", read.words),
    Spec("service.revisit_days", "revisit_days", "days", "assumed", _whole(1, 3650)),
    Spec("money.margin", "margin", "share", "assumed", read.share),
    Spec("money.ltv_weeks", "ltv_weeks", "weeks", "assumed", _whole(1, 520)),
    Spec("money.dependency_weeks", "dependency_weeks", "weeks", "assumed", _whole(1, 520)),
    Spec("stages.won", "won_words", "words", "assumed", read.words),
    Spec("stages.lost", "lost_words", "words", "assumed", read.words),
    Spec("funnel.steps", "steps", "words", "assumed", read.steps),
    Spec("funnel.targets", "step_targets", "words", "assumed_none", read.step_targets),
    Spec("people.ladder_subject", "ladder_subject", "none", "assumed", _choice("ladder_subject")),
    Spec("people.ladder_again", "ladder_again", "weeks", "assumed", _whole(1, 52)),
    Spec("people.ladder_clean", "ladder_clean", "weeks", "assumed", _whole(1, 52)),
    Spec("people.first_owner", "first_owner", "none", "assumed", _choice("first_owner")),
    *(
        Spec(key, field, unit, source, parse or _choice(field))
        for key, field, unit, source, parse in (*TASK_SPECS, *CUSTOMER_SPECS, *PARTNERSHIP_SPECS, *QUOTE_SPECS)
    ),
)
SCALARS = {spec.key: spec for spec in SPECS}
#: A threshold's key, ``CLAIM_RATE.target`` → its KPI and which number it is.
THRESHOLDS = {f"{kpi.id}.{name}": (kpi, name) for kpi in KPIS.values() for name in (*kpi.limits, "min_n")}
SETTING_KEYS = tuple(SCALARS)


def read_limit(kpi: Kpi, name: str, value: object) -> Decimal | int | None:
    """A threshold's cell; None where it makes no sense. A share is 0.9, at most 1 (a monthly goal 3)."""
    if name == "min_n":
        return read.whole_number(value, 1, 1_000_000)
    if limit_unit(kpi, name) == "share":
        return read.share(value, whole=Decimal(3) if kpi.id == "MONTHLY_GOAL" else Decimal(1))
    found = read.number(value)
    return found if found is not None and found >= 0 else None


def limit_unit(kpi: Kpi, name: str) -> str:
    """The unit of one of a KPI's numbers, as `UNITS` has them."""
    if name == "min_n":
        return "count"
    if kpi.item and name != "target":
        return kpi.item
    return "times" if kpi.relative else kpi.unit
