"""One measured number with everything that explains it, and its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.catalogue import KPIS
from addin.crm.flags import reason
from addin.crm.message import Message, msg

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping
    from decimal import Decimal

    from addin.crm.catalogue import Rule, TargetKind
    from addin.crm.flags import Flag
    from addin.crm.settings import Threshold

#: How a group without a name is shown: money on no partner.
UNASSIGNED = msg("kpi.unassigned")


class KpiValue(NamedTuple):
    """A KPI of one group over one window.

    ``by``        the group, e.g. ``{"partner": "한빛"}``; ``{}`` is the whole; None = rows that name none;
                  a funnel's ``step`` may be a `Message`.
    ``value``     None where the denominator is 0 or the KPI is off. Money is in whole units.
    ``n``         the cases behind it, to be shown beside it.
    ``window``    first and last day, both inclusive; None where there is no date at all.
    ``excluded``  rows that could not take part (an intake with a date but no time).
    ``off``       the fields (``table.field``) that would switch the KPI on.
    ``detail``    names that go with it: substitutes for a partner we depend on, candidates of a cluster.
    ``rule``      the rule that raised the flag; ``past`` the value of the 12 weeks before, where it is judged by that.
    ``note``      said instead of the numbers: why the KPI is off.
    """

    kpi: str
    by: Mapping[str, str | Message | None]
    value: float | None
    numerator: float | None
    denominator: float | None
    n: int
    threshold: Threshold
    flag: Flag
    window: tuple[dt.date, dt.date] | None
    excluded: int = 0
    off: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    rule: Rule | None = None
    past: float | None = None
    note: Message | None = None

    @property
    def on(self) -> bool:
        """Whether it could be computed from the columns there are, by this grouping."""
        return self.note is None or self.value is not None

    @property
    def target(self) -> Decimal | None:
        """The target it was judged by."""
        return self.threshold.target

    @property
    def target_kind(self) -> TargetKind:
        """Where the shipped target comes from."""
        return KPIS[self.kpi].target_kind

    @property
    def reason(self) -> Message:
        """Why it has its flag, in one sentence with the numbers."""
        return self.note or reason(KPIS[self.kpi], self, self.threshold)


def to_json(values: Iterable[KpiValue], say: Callable[[Message], str]) -> list[dict[str, Any]]:
    """The rows ``danggol kpi --json`` prints; values are rounded to 6 decimals, money sums to 2.

    ``say`` turns a `Message` into text. ``excluded``, ``off`` and ``detail`` appear only where they say something.
    """
    return [_row(value, say) for value in values]


def _row(value: KpiValue, say: Callable[[Message], str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kpi": value.kpi,
        "by": {k: say(v or UNASSIGNED) if not isinstance(v, str) else v for k, v in value.by.items()},
        "value": _rounded(value.value, 6),
        "numerator": _rounded(value.numerator, 2),
        "denominator": _rounded(value.denominator, 2),
        "n": value.n,
        "target": _plain(value.target),
        "target_kind": value.target_kind,
        "flag": value.flag,
        "window": [day.isoformat() for day in value.window] if value.window else None,
        "reason": say(value.reason),
    }
    for name in ("excluded", "off", "detail"):
        extra = getattr(value, name)
        if extra:
            row[name] = list(extra) if isinstance(extra, tuple) else extra
    return row


def _plain(target: Decimal | None) -> float | None:
    if target is None:
        return None
    return int(target) if target == int(target) else float(target)


def _rounded(number: float | None, digits: int) -> float | None:
    return round(number, digits) if isinstance(number, float) else number
