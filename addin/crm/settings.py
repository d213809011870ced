"""The team's own settings: hours, thresholds, funnel, targets; shipped values, their source, cells read strictly.

Every row of the settings tab is one `SettingRow`; `from_rows` reads the cells back. A wrong cell is a `Fault`
and the shipped value is used; a cell equal to the shipped value is not "set by a person".
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from addin.crm import setting_values as read
from addin.crm.catalogue import KPIS, Kpi, TargetKind
from addin.crm.customer_settings import CUSTOMER_CHOICES, CUSTOMER_SPECS
from addin.crm.fault import Fault
from addin.crm.ladder import Rules
from addin.crm.message import Message, msg
from addin.crm.partnership_settings import PARTNERSHIP_SPECS
from addin.crm.quote_settings import QUOTE_CHOICES, QUOTE_SPECS
from addin.crm.task_settings import TASK_SPECS, TaskSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from addin.crm.catalogue_types import Limit

SettingValue = str | int | Decimal

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


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of the settings tab.

    ``value`` and ``default`` are shares as 0.9 where ``unit`` is ``share``; text is as a person would type it.
    ``source`` is where the shipped value comes from; ``choices`` the only words allowed, where there are such.
    """

    section: str
    key: str
    label: Message
    value: SettingValue
    default: SettingValue
    unit: str
    source: TargetKind
    explain: Message
    by_person: bool = False
    choices: tuple[str, ...] = ()

    @property
    def unit_text(self) -> Message:
        """The unit's name."""
        return msg(f"settings.unit.{self.unit}")

    @property
    def section_text(self) -> Message:
        """The section's name."""
        return msg(f"settings.section.{self.section}")

    @property
    def source_text(self) -> Message:
        """Where the shipped value comes from, in words."""
        return msg(f"settings.source.{self.source}")


@dataclass(frozen=True, slots=True)
class SettingCell:
    """A row's key and its value cell; ``by_person`` where the person-set column says so."""

    key: str
    value: object
    by_person: bool = False


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
_CHOICES: dict[str, tuple[tuple[str, str, str], ...]] = {  # field → (value, Korean, English)
    "clock": (("business", "영업시간", "business"), ("clock", "24시간", "clock")),
    "ladder_subject": (("auto", "자동", "auto"), ("assignee", "담당자", "assignee"), ("partner", "파트너", "partner")),
    "first_owner": (("person", "우리", "us"), ("partner", "파트너", "partner")),
    **QUOTE_CHOICES,
    **CUSTOMER_CHOICES,
}


@dataclass(frozen=True, slots=True)
class _Spec:
    """One scalar setting: its key, the `Settings` field it fills, how its cell is read."""

    key: str
    field: str
    unit: str
    source: TargetKind
    parse: Callable[[object], object]

    @property
    def section(self) -> str:
        return self.key.partition(".")[0]


def _choice(name: str) -> Callable[[object], object]:
    words = {word.casefold(): values[0] for values in _CHOICES[name] for word in values}
    return lambda cell: words.get(read.plain(cell).casefold())


def _whole(low: int, high: int) -> Callable[[object], object]:
    return lambda cell: read.whole_number(cell, low, high)


_SPECS = (
    _Spec("hours.open", "open_minute", "clock", "assumed", read.clock),
    _Spec("hours.close", "close_minute", "clock", "assumed", read.clock),
    _Spec("hours.weekdays", "weekdays", "weekdays", "assumed", read.weekdays),
    _Spec("hours.clock", "clock", "none", "assumed", _choice("clock")),
    _Spec("hours.holidays_add", "holidays_add", "dates", "assumed", read.dates),
    _Spec("hours.holidays_drop", "holidays_drop", "dates", "assumed", read.dates),
    _Spec("service.response_minutes", "response_minutes", "minutes", "seed_number", _whole(1, 100_000)),
    _Spec("service.same_day_cutoff", "same_day_cutoff", "clock", "assumed", read.clock),
    _Spec("service.no_visit", "no_visit_words", "words", "assumed", read.words),
    _Spec("service.revisit_days", "revisit_days", "days", "assumed", _whole(1, 3650)),
    _Spec("money.margin", "margin", "share", "assumed", read.share),
    _Spec("money.ltv_weeks", "ltv_weeks", "weeks", "assumed", _whole(1, 520)),
    _Spec("money.dependency_weeks", "dependency_weeks", "weeks", "assumed", _whole(1, 520)),
    _Spec("stages.won", "won_words", "words", "assumed", read.words),
    _Spec("stages.lost", "lost_words", "words", "assumed", read.words),
    _Spec("funnel.steps", "steps", "words", "assumed", read.steps),
    _Spec("funnel.targets", "step_targets", "words", "assumed_none", read.step_targets),
    _Spec("people.ladder_subject", "ladder_subject", "none", "assumed", _choice("ladder_subject")),
    _Spec("people.ladder_again", "ladder_again", "weeks", "assumed", _whole(1, 52)),
    _Spec("people.ladder_clean", "ladder_clean", "weeks", "assumed", _whole(1, 52)),
    _Spec("people.first_owner", "first_owner", "none", "assumed", _choice("first_owner")),
    *(
        _Spec(key, field, unit, source, parse or _choice(field))
        for key, field, unit, source, parse in (*TASK_SPECS, *CUSTOMER_SPECS, *PARTNERSHIP_SPECS, *QUOTE_SPECS)
    ),
)
_SCALARS = {spec.key: spec for spec in _SPECS}
_THRESHOLDS = {f"{kpi.id}.{name}": (kpi, name) for kpi in KPIS.values() for name in (*kpi.limits, "min_n")}
_EXPECT = {"funnel.steps": "steps", "funnel.targets": "step_targets", "quote.tiers": "tiers"}
SETTING_KEYS = tuple(_SCALARS)


def rows(settings: Settings, lang: str = "ko") -> list[SettingRow]:
    """Every setting as a line of the settings tab, thresholds last, in the catalogue's order.

    >>> [(r.key, r.value, r.unit) for r in rows(Settings())][1:3]
    [('hours.close', '18:00', 'clock'), ('hours.weekdays', '월,화,수,목,금', 'weekdays')]
    """
    shipped = Settings()
    found = [
        SettingRow(
            section=spec.section,
            key=spec.key,
            label=msg(f"settings.{spec.key}"),
            value=_shown(spec, getattr(settings, spec.field), lang),
            default=_shown(spec, getattr(shipped, spec.field), lang),
            unit=spec.unit,
            source=spec.source,
            explain=msg(f"settings.{spec.key}.explain"),
            by_person=spec.key in settings.by_person,
            choices=tuple(c[2 if lang == "en" else 1] for c in _CHOICES.get(spec.field, ())),
        )
        for spec in _SPECS
    ]
    for kpi in KPIS.values():
        found.extend(_threshold_rows(kpi, settings, shipped))
    return found


def _threshold_rows(kpi: Kpi, settings: Settings, shipped: Settings) -> list[SettingRow]:
    mine, theirs = settings.thresholds[kpi.id], shipped.thresholds[kpi.id]
    return [
        SettingRow(
            section="kpi",
            key=f"{kpi.id}.{name}",
            label=msg(f"settings.limit.{name}", kpi=kpi.name),
            value=_or_blank(getattr(mine, name)),
            default=_or_blank(getattr(theirs, name)),
            unit=_limit_unit(kpi, name),
            source=kpi.target_kind if name == "target" else "seed_number" if name in kpi.stated else "assumed",
            explain=kpi.formula if name == "target" else msg(f"settings.limit.{name}.explain"),
            by_person=f"{kpi.id}.{name}" in settings.by_person,
        )
        for name in (*kpi.limits, "min_n")
    ]


def from_rows(cells: Iterable[SettingCell]) -> tuple[Settings, list[tuple[str, Fault]]]:
    """The settings that stand in the cells, and what is wrong with them, as (key, fault).

    An empty cell means the shipped value; so does a wrong one, with a fault.

    >>> settings, faults = from_rows([SettingCell("hours.open", "10:00"), SettingCell("hours.opn", 1)])
    >>> settings.open_minute, sorted(settings.by_person), [(k, f.code, f.suggestion) for k, f in faults]
    (600, ['hours.open'], [('hours.opn', 'unknown_setting', 'hours.open')])
    """
    shipped = Settings()
    found: dict[str, object] = {}
    person: set[str] = set()
    faults: list[tuple[str, Fault]] = []
    for cell in cells:
        key = read.plain(cell.key)
        if key in _SCALARS:
            default: object = getattr(shipped, _SCALARS[key].field)
        elif key in _THRESHOLDS:
            kpi, name = _THRESHOLDS[key]
            default = getattr(shipped.thresholds[kpi.id], name)
        else:
            faults.append((key, _unknown(key)))
            continue
        if _is_blank(cell.value):
            continue
        value = _SCALARS[key].parse(cell.value) if key in _SCALARS else _read_limit(*_THRESHOLDS[key], cell.value)
        if value is None:
            faults.append((key, _bad(key, cell.value)))
            continue
        found[key] = value
        if value != default or cell.by_person:
            person.add(key)
    closed = found.get("hours.open", shipped.open_minute), found.get("hours.close", shipped.close_minute)
    if closed[0] >= closed[1]:  # type: ignore[operator]
        faults.append(("hours.close", _bad("hours.close", read.clock_text(closed[1]))))  # type: ignore[arg-type]
        for key in ("hours.open", "hours.close"):
            found.pop(key, None)
            person.discard(key)
    return _with(shipped, found, frozenset(person)), faults


def _with(shipped: Settings, found: Mapping[str, object], person: frozenset[str]) -> Settings:
    thresholds = dict(shipped.thresholds)
    scalars: dict[str, Any] = {}
    for key, value in found.items():
        if key in _SCALARS:
            scalars[_SCALARS[key].field] = value
        else:
            kpi, name = _THRESHOLDS[key]
            limit: dict[str, Any] = {name: value}
            thresholds[kpi.id] = replace(thresholds[kpi.id], **limit)
    return replace(shipped, **scalars, thresholds=thresholds, by_person=person)


def _is_blank(value: object) -> bool:
    return value is None or read.plain(value) == ""


def _read_limit(kpi: Kpi, name: str, value: object) -> Decimal | int | None:
    if name == "min_n":
        return read.whole_number(value, 1, 1_000_000)
    if _limit_unit(kpi, name) == "share":
        return read.share(value, whole=Decimal(3) if kpi.id == "MONTHLY_GOAL" else Decimal(1))
    found = read.number(value)
    return found if found is not None and found >= 0 else None


def _limit_unit(kpi: Kpi, name: str) -> str:
    if name == "min_n":
        return "count"
    if kpi.item and name != "target":
        return kpi.item
    return "times" if kpi.relative else kpi.unit


def _shown(spec: _Spec, value: object, lang: str) -> SettingValue:
    shown: SettingValue
    match spec.unit, value:
        case "clock", int() | None:
            shown = read.clock_text(value)
        case "weekdays", tuple():
            shown = read.weekdays_text(value, lang)
        case "dates", tuple():
            shown = read.dates_text(value)
        case "words", tuple() if spec.field == "step_targets":
            shown = read.step_targets_text(value)
        case "words", tuple():
            shown = ("; " if spec.field == "steps" else ", ").join(value)
        case "text" | "brn", str():
            shown = value
        case "none", str():
            shown = next(c[2 if lang == "en" else 1] for c in _CHOICES[spec.field] if c[0] == value)
        case _, int() | Decimal():
            shown = value
        case _:
            raise TypeError(spec.key)
    return shown


def _or_blank(value: Decimal | int | None) -> SettingValue:
    return "" if value is None else value


def _bad(key: str, value: object) -> Fault:
    if key in _SCALARS and (choices := _CHOICES.get(_SCALARS[key].field)):
        expected = msg("settings.expect.choice", ko="·".join(c[1] for c in choices), en="·".join(c[2] for c in choices))
    else:
        unit = _SCALARS[key].unit if key in _SCALARS else _limit_unit(*_THRESHOLDS[key])
        expected = msg(f"settings.expect.{_EXPECT.get(key, unit)}")
    return Fault("bad_setting", read.plain(value), expected, msg("settings.fix.bad"))


def _unknown(key: str) -> Fault:
    near = difflib.get_close_matches(key, [*_SCALARS, *_THRESHOLDS], n=1, cutoff=0.75)
    return Fault(
        code="unknown_setting",
        value=key,
        expected=msg("settings.expect.key"),
        fix=msg("settings.fix.near", near=near[0]) if near else msg("settings.fix.unknown"),
        suggestion=near[0] if near else None,
    )
