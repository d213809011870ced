"""What a team can set about its tasks: how early one shows, how long one waits, when the monthly report is due.

Part of `addin.crm.settings.Settings`; each is a row of the settings tab. What the sources state (D-7, 24 hours, four
weeks) stands in the KPIs' thresholds or in the rules themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.crm import setting_values as read
from addin.crm.partnership_settings import PartnershipSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from addin.crm.catalogue import TargetKind


@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)  # made only as `Settings`
class TaskSettings(PartnershipSettings):
    """Days: a D-7 task shows ``notice_ahead`` before it is due; a lost request without its reason is asked about for
    ``lost_look_back``; the monthly report is due on ``report_day`` and shows ``report_ahead`` before."""

    notice_ahead: int = 3
    lost_look_back: int = 28
    report_day: int = 25
    report_ahead: int = 7


def _days(low: int, high: int) -> Callable[[object], object]:
    return lambda cell: read.whole_number(cell, low, high)


#: Key, field, unit, where the shipped value comes from, reader.
TASK_SPECS: Final[tuple[tuple[str, str, str, TargetKind, Callable[[object], object] | None], ...]] = (
    ("tasks.notice_ahead", "notice_ahead", "days", "assumed", _days(0, 60)),
    ("tasks.lost_look_back", "lost_look_back", "days", "assumed", _days(1, 3650)),
    ("tasks.report_day", "report_day", "days", "assumed", _days(1, 28)),
    ("tasks.report_ahead", "report_ahead", "days", "assumed", _days(0, 28)),
)
