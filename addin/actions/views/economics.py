"""The tab of unit economics: what each funnel step costs and is worth, what cohorts of customers were worth by age,
personas side by side, and up-selling by service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import Say, merged, new_tab, section, title
from addin.actions.views.upsell import upsell_block
from addin.books.look import BAR_BLUE, BAR_ORANGE, HEAT, fit_heights
from addin.books.tab import Bars, Tab, TabValue

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from addin.crm.cohort_value import Cell, Cohort, Triangle
    from addin.crm.message import Message
    from addin.crm.personas import Persona
    from addin.crm.unit_economics import UnitEconomics
    from addin.crm.up_sell import UpSell

STEP_LABELS: Final = tuple(
    f"view.economics.h.{name}" for name in ("step", "reached", "rate", "cost", "value", "margin")
)
PERSONA_LABELS: Final = tuple(
    f"view.economics.p.{name}" for name in ("persona", "customers", "orders", "conversion", "net", "score", "members")
)
_WIDTHS: Final = (26, 14, 14, 16, 16, 16, 14)
_LAST: Final = len(_WIDTHS)


def economics_tab(
    units: UnitEconomics | None,
    triangle: Triangle | None,
    people: Sequence[Persona],
    say: Say,
    as_of: dt.date,
    *,
    notes: Sequence[Message] = (),
    upsell: UpSell | None = None,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab; ``notes``: what to mind when reading the steps."""
    tab = new_tab("economics", say, names)
    for column, width in enumerate(_WIDTHS, 1):
        tab.widths[column] = width
    row = title(tab, say("view.economics.title"), (say("view.regulars.as_of", day=as_of.isoformat()),)) + 1
    if units is not None:
        row = _steps(tab, row, units, notes, say) + 1
    if triangle is not None:
        row = _triangle(tab, row, triangle, say) + 1
    if people:
        row = _personas(tab, row, people, say) + 1
    if upsell is not None:
        upsell_block(tab, row, upsell, say, _LAST)
    tab.pages_tall = 1
    fit_heights(tab, 3)
    return tab


def _heads(tab: Tab, row: int, labels: Sequence[str]) -> None:
    for column, label in enumerate(labels, 1):
        tab.put(row, column, label, "header")
    tab.heights[row] = 34


def _note(tab: Tab, row: int, text: str) -> int:
    merged(tab, (row, 1, row, _LAST), text, "note")
    return row + 1


def _steps(tab: Tab, row: int, units: UnitEconomics, notes: Sequence[Message], say: Say) -> int:
    row = section(tab, row, 1, _LAST, say("view.economics.steps"))
    row = _note(tab, row, say("view.economics.steps.how"))
    _heads(tab, row, [say(label) for label in STEP_LABELS])
    first = row + 1
    for step in units.steps:
        row += 1
        margin = step.margin
        values: tuple[tuple[TabValue, str], ...] = (
            (say(step.label) if not isinstance(step.label, str) else step.label, "strong"),
            (step.reached, "number"),
            (step.rate, "percent.warn" if step.odd else "percent"),
            (_whole(step.cost), "money"),
            (_whole(step.value), "money"),
            (_whole(margin), "money.breach" if margin is not None and margin < 0 else "money"),
        )
        for column, (value, style) in enumerate(values, 1):
            tab.put(row, column, "–" if value is None and column in (4, 5, 6) else value, style)
    tab.bars.append(Bars((first, 4, row, 4), BAR_ORANGE, 0, None))
    tab.bars.append(Bars((first, 5, row, 5), BAR_BLUE, 0, None))
    row += 1
    if units.spend is not None and units.net is not None:
        text = say("view.economics.totals", spend=f"{units.spend:,.0f}", net=f"{units.net:,.0f}", orders=units.orders)
        row = _note(tab, row, text)
    if any(step.odd for step in units.steps):
        row = _note(tab, row, say("view.economics.odd"))
    for message in (*units.missing, *notes):
        row = _note(tab, row, say(message))
    return row


def _triangle(tab: Tab, row: int, found: Triangle, say: Say) -> int:
    row = section(tab, row, 1, _LAST, say("view.economics.cohorts"))
    row = _note(tab, row, say("view.economics.cohorts.how"))
    weeks = [say("view.economics.weeks", weeks=weeks) for weeks in found.horizons]
    _heads(tab, row, [say("view.economics.cohort"), say("view.economics.customers"), *weeks])
    values = sorted(cell.value for one in found.cohorts for cell in one.cells if cell is not None)
    for cohort in found.cohorts:
        row += 1
        _cohort(tab, row, cohort, values, say)
    row += 1
    _cohort(tab, row, found.total, [], say)
    return row + 1


def _cohort(tab: Tab, row: int, cohort: Cohort, values: Sequence[float], say: Say) -> None:
    total = cohort.label is None
    tab.put(row, 1, cohort.label or say("view.economics.all"), "total_cell" if total else "strong")
    tab.put(row, 2, cohort.customers, "total_number" if total else "number")
    for column, cell in enumerate(cohort.cells, 3):
        if cell is None:
            tab.put(row, column, say("view.economics.not_yet"), "unripe")
            continue
        tab.put(row, column, _whole(cell.value), "total_money" if total else _heat(cell, values))
        if not cell.complete:
            tab.notes[row, column] = say("view.economics.part", aged=cell.aged, customers=cohort.customers)


def _heat(cell: Cell, values: Sequence[float]) -> str:
    """The shade of a value among all of them; a cohort of which only some are old enough stands in italics."""
    low, high = values[0], values[-1]
    shade = 0 if high <= low else min(int((cell.value - low) / (high - low) * HEAT), HEAT - 1)
    return f"heat{shade}" if cell.complete else f"heat{shade}_part"


def _personas(tab: Tab, row: int, people: Sequence[Persona], say: Say) -> int:
    row = section(tab, row, 1, _LAST, say("view.economics.personas"))
    _heads(tab, row, [say(label) for label in PERSONA_LABELS])
    for one in people:
        row += 1
        values: tuple[tuple[TabValue, str], ...] = (
            (one.name or say("view.economics.nobody"), "strong" if one.name else "pale_cell"),
            (one.customers, "number"),
            (one.orders, "number"),
            (one.conversion, "percent"),
            (one.net / 100, "money"),
            (one.score, "decimal"),
            (one.members, "number"),
        )
        for column, (value, style) in enumerate(values, 1):
            tab.put(row, column, value, style)
    return row + 1


def _whole(value: float | None) -> int | None:
    """Money as people read it: whole units."""
    return None if value is None else round(value)
