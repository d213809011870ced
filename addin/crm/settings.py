"""What a team can set: hours, thresholds, funnel, targets, and the values we ship.

`addin.crm.setting_rows` shows them as lines of a tab and reads its cells back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from addin.crm.catalogue import KPIS, Kpi
from addin.crm.ladder import Rules
from addin.crm.task_settings import TaskSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addin.crm.catalogue_types import Limit

#: Stages and services that need no visit, as teams write them.
NO_VISIT_WORDS = ("방문불필요", "방문없음", "전화상담", "원격", "no visit", "remote")


@dataclass(frozen=True, slots=True)
class Threshold:
    """The numbers a KPI's rules compare with, as they stand in the settings tab."""

    target: Decimal | None = None
    warn: Decimal | None = None
    breach: Decimal | None = None
    min_n: int = 1

    def limit(self, name: Limit) -> Decimal | None:
        """The number of one limit."""
        return {"target": self.target, "warn": self.warn, "breach": self.breach}[name]


def shipped_threshold(kpi: Kpi) -> Threshold:
    """The catalogue's own numbers of a KPI."""
    return Threshold(kpi.target, kpi.warn, kpi.breach, kpi.min_n)


@dataclass(frozen=True, slots=True)
class Settings(TaskSettings):
    """What a team can set. Minutes of the day, days since 1970-01-01, shares as 0.9.

    ``steps``        funnel steps as ``LABEL=FIELD_OR_HEADER[=V1|V2]``; empty = from the columns there are.
    ``step_targets`` ``접수→확인`` → share; always a person's.
    ``by_person``    keys a person has set; only their targets take part in choosing the constraint.
    """

    open_minute: int = 540
    close_minute: int = 1080
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    clock: Literal["business", "clock"] = "business"
    holidays_add: tuple[int, ...] = ()
    holidays_drop: tuple[int, ...] = ()
    response_minutes: int = 10
    same_day_cutoff: int | None = None
    no_visit_words: tuple[str, ...] = NO_VISIT_WORDS
    revisit_days: int = 90
    ltv_weeks: int = 52
    margin: Decimal = Decimal(1)
    dependency_weeks: int = 13
    won_words: tuple[str, ...] = ()
    lost_words: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    step_targets: tuple[tuple[str, Decimal], ...] = ()
    ladder_subject: Literal["auto", "assignee", "partner"] = "auto"
    ladder_again: int = 4
    ladder_clean: int = 4
    first_owner: Literal["person", "partner"] = "person"
    thresholds: Mapping[str, Threshold] = field(
        default_factory=lambda: {kpi.id: shipped_threshold(kpi) for kpi in KPIS.values()}
    )
    by_person: frozenset[str] = frozenset()

    @property
    def ladder_rules(self) -> Rules:
        """The ladder's weeks."""
        return Rules(self.ladder_again, self.ladder_clean)

    def step_target(self, start: str, end: str) -> Decimal | None:
        """The share a person expects to pass from one step to the next, or None."""
        return dict(self.step_targets).get(f"{start}→{end}")

    def target_by_person(self, kpi: str) -> bool:
        """Whether a person has set this KPI's target."""
        return f"{kpi}.target" in self.by_person
