"""The KPI tab: every partner against its thresholds, n beside each number, worst on top."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import UNIT_STYLE, Say, amount_text, clip, merged, new_tab, section, title, worst
from addin.books.look import BAR_BLUE, FLAG_SYMBOL, FLAGS, fit_heights
from addin.books.tab import Bars, Link, Tab
from addin.crm.catalogue import KPIS, Kpi, Rule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from addin.crm.message import Message
    from addin.crm.settings import Threshold

_HEAD = ("flag", "partner", "cluster")
_HEAD_WIDTH = (14.0, 24.0, 18.0)
_OTHER: Final = ("kpi", "of", "value", "n", "flag", "rule", "window", "reason")
LABELS: Final = tuple(f"view.kpi.h.{name}" for name in (*_HEAD, "reason", "n", *_OTHER, "needs"))
_OP = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


@dataclass(frozen=True, slots=True)
class KpiCell:
    """One number as the tab shows it: a KPI of one group (``by``: {} = the whole), its flag and why.

    ``value`` None = nothing to compute it from. ``off``: names of the fields that would switch the KPI on.
    """

    kpi: str
    by: Mapping[str, str]
    value: float | Decimal | None
    n: int
    flag: str
    reason: Message | None = None
    window: tuple[dt.date, dt.date] | None = None
    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnerPlace:
    """What the tab knows of a partner beside its numbers: its cluster, and its own row in the book."""

    cluster: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(slots=True)
class _Matrix:
    kpis: list[Kpi]
    partners: list[str]
    cells: dict[tuple[str, str], KpiCell]  # (kpi, partner), partner "" = the whole
    flags: dict[str, str] = field(default_factory=dict)


def kpi_tab(
    cells: Sequence[KpiCell],
    thresholds: Mapping[str, Threshold],
    say: Say,
    *,
    as_of: dt.date,
    places: Mapping[str, PartnerPlace] | None = None,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab: partners × KPIs, then what is not by partner, then what is switched off and which field would help."""
    tab = new_tab("kpi", say, names)
    matrix = _matrix(cells)
    places = places or {}
    row = title(tab, say("view.kpi.title"), (say("view.as_of", day=as_of.isoformat()) + " · " + say("view.kpi.how"),))
    for (first, last), flag in zip(((1, 1), (2, 2), (3, 3), (4, 5), (6, 7)), reversed(FLAGS), strict=True):
        merged(tab, (row, first, row, last), say.flag(flag), f"center.{flag}")
    row += 2
    if matrix.partners:
        row = _partners(tab, row, matrix, thresholds, say, places)
    shown = {id(cell) for cell in matrix.cells.values()}
    rest = [cell for cell in cells if not cell.off and id(cell) not in shown]
    if rest:
        row = _others(tab, row + 1, rest, thresholds, say)
    off = [cell for cell in cells if cell.off]
    if off:
        _off(tab, row + 1, off, say)
    fit_heights(tab, 4)
    return tab


def _matrix(cells: Sequence[KpiCell]) -> _Matrix:
    by_partner = {(c.kpi, c.by["partner"]): c for c in cells if set(c.by) == {"partner"} and not c.off}
    partners = list(dict.fromkeys(partner for _, partner in by_partner))
    kpis = [kpi for kpi in KPIS.values() if any(name == kpi.id for name, _ in by_partner)]
    totals = {(c.kpi, ""): c for c in cells if not c.by and not c.off and any(k.id == c.kpi for k in kpis)}
    matrix = _Matrix(kpis, partners, by_partner | totals)
    for partner in partners:
        matrix.flags[partner] = worst(c.flag for (_, p), c in by_partner.items() if p == partner)

    def rank(partner: str) -> tuple[int, int, int, float, str]:
        flags = [c.flag for (_, p), c in by_partner.items() if p == partner]
        share = by_partner.get(("DEPENDENCY", partner))
        order = ("breach", "warn", "ok", "small_sample", "no_data").index(matrix.flags[partner])
        value = float(share.value) if share and share.value is not None else 0.0
        return order, -flags.count("breach"), -flags.count("warn"), -value, partner

    matrix.partners.sort(key=rank)
    return matrix


def _partners(
    tab: Tab, row: int, matrix: _Matrix, thresholds: Mapping[str, Threshold], say: Say,
    places: Mapping[str, PartnerPlace],
) -> int:  # fmt: skip
    head = row + 1
    reason = len(_HEAD) + 1 + 2 * len(matrix.kpis)
    for column, (name, width) in enumerate(zip(_HEAD, _HEAD_WIDTH, strict=True), 1):
        tab.put(row, column, say("view.kpi.limits") if column == len(_HEAD) else None, "rule")
        tab.put(head, column, say(f"view.kpi.h.{name}"), "header")
        tab.widths[column] = width
    for i, kpi in enumerate(matrix.kpis):
        column = len(_HEAD) + 1 + 2 * i
        tab.put(row, column, rules_text(kpi, thresholds[kpi.id], say), "rule")
        tab.merges.append((row, column, row, column + 1))
        tab.put(head, column, say(kpi.name), "header")
        tab.put(head, column + 1, "n", "header")
        tab.notes[head, column] = say(kpi.explain)
        tab.widths[column], tab.widths[column + 1] = (16 if kpi.unit == "money" else 11), 5.5
    tab.put(row, reason, None, "rule")
    tab.put(head, reason, say("view.kpi.h.reason"), "header")
    tab.widths[reason] = 56
    tab.heights[head] = 34
    first = head + 1
    for partner in matrix.partners:
        head += 1
        _partner(tab, head, partner, matrix, say, places.get(partner, PartnerPlace()))
    _bars(tab, first, head, matrix)
    tab.filter = (first - 1, 1, head, reason)
    tab.freeze = (first, len(_HEAD))
    tab.repeat = (first - 2, first - 1)
    if any(partner == "" for _, partner in matrix.cells):
        head += 1
        _total(tab, head, matrix, say)
    return head + 1


def _partner(tab: Tab, row: int, partner: str, matrix: _Matrix, say: Say, place: PartnerPlace) -> None:
    flag = matrix.flags[partner]
    tab.put(row, 1, say.flag(flag), f"cell.{flag}")
    tab.put(
        row, 2, Link(partner, place.sheet, place.cell) if place.sheet else partner, "link" if place.sheet else "strong"
    )
    tab.put(row, 3, place.cluster or None, "cell")
    reasons = []
    for i, kpi in enumerate(matrix.kpis):
        column = len(_HEAD) + 1 + 2 * i
        cell = matrix.cells.get((kpi.id, partner))
        style = UNIT_STYLE[kpi.unit]
        tab.put(row, column, cell.value if cell else None, f"{style}.{cell.flag}" if cell else style)
        tab.put(row, column + 1, cell.n if cell else None, "count")
        if cell and cell.reason and cell.flag in ("breach", "warn"):
            reasons.append((FLAGS.index(cell.flag), f"{FLAG_SYMBOL[cell.flag]} {say(cell.reason)}"))
    words = [text for _, text in sorted(reasons, key=lambda pair: pair[0])]
    tab.put(
        row, len(_HEAD) + 1 + 2 * len(matrix.kpis), "\n".join(clip(text, 80) for text in words[:2]) or None, "small"
    )


def _bars(tab: Tab, first: int, last: int, matrix: _Matrix) -> None:
    """Bars for the share of revenue: how much hangs on one partner is seen, not read."""
    for i, kpi in enumerate(matrix.kpis):
        if kpi.id == "DEPENDENCY":
            column = len(_HEAD) + 1 + 2 * i
            tab.bars.append(Bars((first, column, last, column), BAR_BLUE, 0, None))


def _total(tab: Tab, row: int, matrix: _Matrix, say: Say) -> None:
    tab.line(row, 1, (say("view.kpi.total"), None, None), "total_cell")
    for i, kpi in enumerate(matrix.kpis):
        cell = matrix.cells.get((kpi.id, ""))
        column = len(_HEAD) + 1 + 2 * i
        tab.put(row, column, cell.value if cell else None, f"total_{UNIT_STYLE[kpi.unit]}")
        tab.put(row, column + 1, cell.n if cell else None, "total_count")
    tab.put(row, len(_HEAD) + 1 + 2 * len(matrix.kpis), None, "total_cell")


_OTHER_SPAN: Final = {"kpi": 2, "of": 1, "value": 1, "n": 1, "flag": 2, "rule": 4, "window": 4, "reason": 10}


def _spans(row: int) -> dict[str, tuple[int, int, int, int]]:
    """Where each column of the lower lists stands: they borrow the matrix's narrow columns."""
    out, column = {}, 1
    for name, span in _OTHER_SPAN.items():
        out[name] = (row, column, row, column + span - 1)
        column += span
    return out


def _list_row(tab: Tab, row: int, values: Mapping[str, tuple[object, str]]) -> None:
    for name, rect in _spans(row).items():
        value, style = values.get(name, (None, "wrap"))
        tab.put(rect[0], rect[1], value, style)  # type: ignore[arg-type]
        if rect[1] != rect[3]:
            tab.merges.append(rect)


def _others(tab: Tab, row: int, cells: Sequence[KpiCell], thresholds: Mapping[str, Threshold], say: Say) -> int:
    last = sum(_OTHER_SPAN.values())
    row = section(tab, row, 1, last, say("view.kpi.others"))
    _list_row(tab, row, {name: (say(f"view.kpi.h.{name}"), "header") for name in _OTHER})
    order = {name: i for i, name in enumerate(KPIS)}
    for cell in sorted(cells, key=lambda c: order[c.kpi]):
        row += 1
        kpi = KPIS[cell.kpi]
        window = " ~ ".join(day.isoformat() for day in cell.window) if cell.window else None
        _list_row(
            tab,
            row,
            {
                "kpi": (say(kpi.name), "strong"),
                "of": (" · ".join(cell.by.values()) or say("view.kpi.whole"), "cell"),
                "value": (cell.value, f"{UNIT_STYLE[kpi.unit]}.{cell.flag}"),
                "n": (cell.n, "number"),
                "rule": (rules_text(kpi, thresholds[kpi.id], say, " "), "wrap"),
                "flag": (say.flag(cell.flag), f"cell.{cell.flag}"),
                "window": (window, "cell"),
                "reason": (say(cell.reason) if cell.reason else None, "wrap"),
            },
        )
    return row + 1


def _off(tab: Tab, row: int, cells: Sequence[KpiCell], say: Say) -> int:
    last = sum(_OTHER_SPAN.values())
    row = section(tab, row, 1, last, say("view.kpi.off"))
    for cell in {cell.kpi: cell for cell in cells}.values():
        needs = say("view.kpi.needs", fields=", ".join(cell.off))
        tab.line(row, 1, (say(KPIS[cell.kpi].name), None, needs), "pale_cell")
        tab.merges += [(row, 1, row, 2), (row, 3, row, last)]
        row += 1
    return row


def rules_text(kpi: Kpi, threshold: Threshold, say: Say, between: str = "\n") -> str:
    """A KPI's limits, short: ``▲ ≥ 25%`` and ``● > 30%``."""
    parts = [_rule(kpi, rule, threshold, say) for rule in reversed(kpi.rules)]
    return between.join(dict.fromkeys(part for part in parts if part))


def _rule(kpi: Kpi, rule: Rule, threshold: Threshold, say: Say) -> str:
    number = threshold.limit(rule.limit)
    if number is None:
        return ""
    symbol = FLAG_SYMBOL[rule.flag]
    if rule.on == "history":
        return f"{symbol} " + say("view.kpi.rule.past", op=_OP[rule.op], times=amount_text(number, "ratio"))
    text = f"{_OP[rule.op]} {amount_text(number, kpi.unit)}"
    return f"{symbol} " + (say("view.kpi.rule.sure", rule=text) if rule.on != "value" else text)
