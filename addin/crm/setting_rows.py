"""The settings tab's lines: every setting as a `SettingRow`, and the cells read back.

A wrong cell is a `Fault` and the shipped value is used; a cell equal to the shipped value is not "set by a person".
"""

from __future__ import annotations

import difflib
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm import setting_values as read
from addin.crm.catalogue import KPIS, Kpi, TargetKind
from addin.crm.fault import Fault
from addin.crm.message import Message, msg
from addin.crm.setting_specs import CHOICES, SCALARS, SPECS, THRESHOLDS, Spec, limit_unit, read_limit
from addin.crm.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SettingValue = str | int | Decimal
_EXPECT = {"funnel.steps": "steps", "funnel.targets": "step_targets", "quote.tiers": "tiers"}


class SettingRow(NamedTuple):
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


class SettingCell(NamedTuple):
    """A row's key and its value cell; ``by_person`` where the person-set column says so."""

    key: str
    value: object
    by_person: bool = False


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
            choices=tuple(c[2 if lang == "en" else 1] for c in CHOICES.get(spec.field, ())),
        )
        for spec in SPECS
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
            unit=limit_unit(kpi, name),
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
        if key in SCALARS:
            default: object = getattr(shipped, SCALARS[key].field)
        elif key in THRESHOLDS:
            kpi, name = THRESHOLDS[key]
            default = getattr(shipped.thresholds[kpi.id], name)
        else:
            faults.append((key, _unknown(key)))
            continue
        if _is_blank(cell.value):
            continue
        value = SCALARS[key].parse(cell.value) if key in SCALARS else read_limit(*THRESHOLDS[key], cell.value)
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
        if key in SCALARS:
            scalars[SCALARS[key].field] = value
        else:
            kpi, name = THRESHOLDS[key]
            limit: dict[str, Any] = {name: value}
            thresholds[kpi.id] = replace(thresholds[kpi.id], **limit)
    return replace(shipped, **scalars, thresholds=thresholds, by_person=person)


def _is_blank(value: object) -> bool:
    return value is None or read.plain(value) == ""


def _shown(spec: Spec, value: object, lang: str) -> SettingValue:
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
            shown = next(c[2 if lang == "en" else 1] for c in CHOICES[spec.field] if c[0] == value)
        case _, int() | Decimal():
            shown = value
        case _:
            raise TypeError(spec.key)
    return shown


def _or_blank(value: Decimal | int | None) -> SettingValue:
    return "" if value is None else value


def _bad(key: str, value: object) -> Fault:
    if key in SCALARS and (choices := CHOICES.get(SCALARS[key].field)):
        expected = msg("settings.expect.choice", ko="·".join(c[1] for c in choices), en="·".join(c[2] for c in choices))
    else:
        unit = SCALARS[key].unit if key in SCALARS else limit_unit(*THRESHOLDS[key])
        expected = msg(f"settings.expect.{_EXPECT.get(key, unit)}")
    return Fault("bad_setting", read.plain(value), expected, msg("settings.fix.bad"))


def _unknown(key: str) -> Fault:
    near = difflib.get_close_matches(key, [*SCALARS, *THRESHOLDS], n=1, cutoff=0.75)
    return Fault(
        code="unknown_setting",
        value=key,
        expected=msg("settings.expect.key"),
        fix=msg("settings.fix.near", near=near[0]) if near else msg("settings.fix.unknown"),
        suggestion=near[0] if near else None,
    )
