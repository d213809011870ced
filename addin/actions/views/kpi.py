"""The KPI tab: every partner against its thresholds, n beside each number, worst on top."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import UNIT_STYLE, Say, amount_text, clip, merged, new_tab, section, title
from addin.books.look import BAR_BLUE, FLAG_SYMBOL, FLAGS, fit_heights
from addin.books.tab import Bars, Link, Tab, TabValue
from addin.crm import tables
from addin.crm.catalogue import KPIS, Kpi, Rule
from addin.crm.flags import FLAGS as ORDER
from addin.crm.flags import item_limit, partner_flags
from addin.crm.kpi_values import UNASSIGNED, KpiValue

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.crm.flags import PartnerFlag
    from addin.crm.message import Message
    from addin.crm.settings import Threshold

_HEAD = ("flag", "partner", "cluster")
_HEAD_WIDTH = (14.0, 24.0, 18.0)
_OTHER: Final = ("kpi", "of", "value", "n", "flag", "rule", "window", "reason")
LABELS: Final = tuple(f"view.kpi.h.{name}" for name in (*_HEAD, "reason", "n", *_OTHER, "needs"))
#: Partnerships on their way have a tab of their own; here stand those that wait too long.
_STAGED: Final = ("PIPE_STAGE",)
_OP = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


@dataclass(frozen=True, slots=True)
class PartnerPlace:
    """What the tab knows of a partner beside its numbers: its cluster, and its own row in the book."""

    cluster: str = ""
    sheet: str = ""
    cell: str = ""


#: What the tab has a matrix for, in order: partners, then whom the ladder trains where that is somebody else.
SUBJECTS: Final = ("partner", "assignee")

#: A column of the matrix: KPI id, and for a conversion the step's name.
_Column = tuple[str, str]


@dataclass(slots=True)
class _Matrix:
    dimension: str
    columns: list[_Column]
    names: list[str]
    cells: dict[tuple[_Column, str], KpiValue]  # name "" = the whole
    flags: dict[str, PartnerFlag]
    values: dict[str, list[KpiValue]]  # each name's own

    def at(self, index: int) -> int:
        """The tab's column of a matrix column's value; its n stands right of it."""
        return len(_HEAD) + 1 + 2 * index

    @property
    def reason(self) -> int:
        """The tab's column of the reasons."""
        return self.at(len(self.columns))


def kpi_tab(
    values: Sequence[KpiValue],
    say: Say,
    *,
    as_of: dt.date,
    places: Mapping[str, PartnerPlace] | None = None,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab: partners × KPIs, then what is not by partner, then what is switched off and which field would help."""
    tab = new_tab("kpi", say, names)
    row = title(tab, say("view.kpi.title"), (say("view.as_of", day=as_of.isoformat()) + " · " + say("view.kpi.how"),))
    for (first, last), flag in zip(((1, 1), (2, 2), (3, 3), (4, 5), (6, 7)), reversed(FLAGS), strict=True):
        merged(tab, (row, first, row, last), say.flag(flag), f"center.{flag}")
    row += 2
    on = [value for value in values if not value.off]
    shown: set[int] = set()
    for dimension in SUBJECTS:
        matrix = _matrix(on, dimension, say)
        if not matrix.names:
            continue
        if shown:
            row = section(tab, row + 1, 1, sum(_OTHER_SPAN.values()), say(f"view.kpi.by.{dimension}"))
        row = _table(tab, row, matrix, say, places or {}, first=not shown)
        shown |= {id(value) for value in matrix.cells.values()}
    rest = [value for value in on if id(value) not in shown and not _unsaid(value)]
    if rest:
        row = _others(tab, row + 1, rest, say)
    off = {value.kpi: value for value in values if value.off}
    if off:
        _off(tab, row + 1, list(off.values()), say)
    fit_heights(tab, 4)
    return tab


def group_name(value: str | Message | None, say: Say) -> str:
    """What a group is called: money and requests on no partner are shown, never dropped."""
    return value if isinstance(value, str) else say(value or UNASSIGNED)


def _unsaid(value: KpiValue) -> bool:
    """A part nobody has a number for (the whole says so once), or a partnership that moves on as it should."""
    if value.kpi in _STAGED:
        return value.flag not in ("warn", "breach")
    return value.value is None and bool(set(value.by) & set(SUBJECTS))


def _matrix(values: Sequence[KpiValue], dimension: str, say: Say) -> _Matrix:
    cells: dict[tuple[_Column, str], KpiValue] = {}
    whole: dict[tuple[_Column, str], KpiValue] = {}
    for value in values:
        if value.kpi in _STAGED:
            continue
        column = (value.kpi, group_name(value.by["step"], say) if "step" in value.by else "")
        groups = set(value.by) - {"step"}
        if groups == {dimension}:
            cells[column, group_name(value.by[dimension], say)] = value
        elif not groups:
            whole[column, ""] = value
    told = {column for (column, _), value in cells.items() if value.value is not None}
    cells = {key: value for key, value in cells.items() if key[0] in told}
    order = list(KPIS)
    met = dict.fromkeys(column for column, _ in (*whole, *cells) if column in told)  # conversions in the funnel's order
    columns = sorted(met, key=lambda column: order.index(column[0]))
    own: dict[str, list[KpiValue]] = {}
    for (_, name), value in cells.items():
        own.setdefault(name, []).append(value)
    named = [
        value if isinstance(value.by[dimension], str) else replace(value, by={**value.by, dimension: name})
        for name, found in own.items()
        for value in found
    ]
    cells |= {key: value for key, value in whole.items() if key[0] in told}
    matrix = _Matrix(dimension, columns, list(own), cells, partner_flags(named, dimension), own)
    matrix.names.sort(key=lambda name: _rank(matrix, name))
    return matrix


def _rank(matrix: _Matrix, name: str) -> tuple[int, int, int, float, str]:
    """Worst flag first, then most breaches, most warnings, the largest share of revenue."""
    flags = [value.flag for value in matrix.values[name]]
    share = matrix.cells.get((("DEPENDENCY", ""), name))
    worst = ORDER.index(matrix.flags[name].flag)
    return worst, -flags.count("breach"), -flags.count("warn"), -((share and share.value) or 0.0), name


def _table(tab: Tab, row: int, matrix: _Matrix, say: Say, places: Mapping[str, PartnerPlace], *, first: bool) -> int:
    """One matrix from ``row`` on: limits, header, a row a name, the whole. The first one is what the tab is about."""
    head = row + 1
    for column, (name, width) in enumerate(zip(_HEAD, _HEAD_WIDTH, strict=True), 1):
        label = matrix.dimension if name == "partner" else name
        tab.put(row, column, say("view.kpi.limits") if column == len(_HEAD) else None, "rule")
        tab.put(head, column, None if name == "cluster" and not first else say(f"view.kpi.h.{label}"), "header")
        tab.widths[column] = width
    for i, (name, step) in enumerate(matrix.columns):
        kpi, column = KPIS[name], matrix.at(i)
        threshold = next(value.threshold for (at, _), value in matrix.cells.items() if at == (name, step))
        tab.put(row, column, rules_text(kpi, threshold, say), "rule")
        tab.merges.append((row, column, row, column + 1))
        tab.put(head, column, step or say(kpi.name), "header")
        tab.put(head, column + 1, "n", "header")
        tab.notes[head, column] = say(kpi.explain)
        tab.widths.setdefault(column, 16 if kpi.unit == "money" else 11)
        tab.widths.setdefault(column + 1, 5.5)
    last = matrix.reason if first else matrix.reason + 5
    merged(tab, (row, matrix.reason, row, last), None, "rule")
    merged(tab, (head, matrix.reason, head, last), say("view.kpi.h.reason"), "header")
    tab.heights[head] = 34
    top = head + 1
    for name in matrix.names:
        head += 1
        _line(tab, head, name, matrix, say, places.get(name, PartnerPlace()) if first else PartnerPlace(), first)
    for i, (name, _) in enumerate(matrix.columns):
        if name == "DEPENDENCY":  # how much hangs on one partner is seen, not read
            tab.bars.append(Bars((top, matrix.at(i), head, matrix.at(i)), BAR_BLUE, 0, None))
    if first:
        tab.widths[matrix.reason] = 56
        tab.filter = (top - 1, 1, head, matrix.reason)
        tab.freeze = (top, len(_HEAD))
        tab.repeat = (top - 2, top - 1)
    if any(not name for _, name in matrix.cells):
        head += 1
        _total(tab, head, matrix, say)
    return head + 1


def _line(tab: Tab, row: int, name: str, matrix: _Matrix, say: Say, place: PartnerPlace, wide: bool) -> None:
    found = matrix.flags[name]
    tab.put(row, 1, say.flag(found.flag), f"cell.{found.flag}")
    tab.put(row, 2, Link(name, place.sheet, place.cell) if place.sheet else name, "link" if place.sheet else "strong")
    tab.put(row, 3, place.cluster or None, "cell")
    for i, column in enumerate(matrix.columns):
        value = matrix.cells.get((column, name))
        style = _style(KPIS[column[0]])
        tab.put(row, matrix.at(i), value.value if value else None, f"{style}.{value.flag}" if value else style)
        tab.put(row, matrix.at(i) + 1, value.n if value else None, "count")
    shown = [clip(reason_text(v, say), 90) for v in found.values[:2] if v.flag in ("breach", "warn")]
    # the first matrix has a wide column for reasons; further down they go over several narrow ones
    last = matrix.reason if wide else matrix.reason + 5
    merged(tab, (row, matrix.reason, row, last), "\n".join(shown) or None, "small")


def reason_text(value: KpiValue, say: Say) -> str:
    """Why a number has its flag, with the names that go with it (substitutes, candidates)."""
    names = say("view.kpi.detail", names=", ".join(value.detail)) if value.detail else ""
    return f"{FLAG_SYMBOL[value.flag]} {say(value.reason)}{names}"


def _total(tab: Tab, row: int, matrix: _Matrix, say: Say) -> None:
    tab.line(row, 1, (say("view.kpi.total"), None, None), "total_cell")
    for i, column in enumerate(matrix.columns):
        value = matrix.cells.get((column, ""))
        tab.put(row, matrix.at(i), value.value if value else None, f"total_{_style(KPIS[column[0]])}")
        tab.put(row, matrix.at(i) + 1, value.n if value else None, "total_count")
        if value and value.excluded:
            tab.notes[row, matrix.at(i)] = say("view.kpi.excluded", n=value.excluded)
    tab.put(row, matrix.reason, None, "total_cell")


_OTHER_SPAN: Final = {"kpi": 2, "of": 1, "value": 1, "n": 1, "flag": 2, "rule": 4, "window": 4, "reason": 10}


def _spans(row: int) -> dict[str, tuple[int, int, int, int]]:
    """Where each column of the lower lists stands: they borrow the matrix's narrow columns."""
    out, column = {}, 1
    for name, span in _OTHER_SPAN.items():
        out[name] = (row, column, row, column + span - 1)
        column += span
    return out


def _list_row(tab: Tab, row: int, values: Mapping[str, tuple[TabValue, str]]) -> None:
    for name, rect in _spans(row).items():
        value, style = values.get(name, (None, "wrap"))
        tab.put(rect[0], rect[1], value, style)
        if rect[1] != rect[3]:
            tab.merges.append(rect)


def _others(tab: Tab, row: int, values: Sequence[KpiValue], say: Say) -> int:
    last = sum(_OTHER_SPAN.values())
    row = section(tab, row, 1, last, say("view.kpi.others"))
    _list_row(tab, row, {name: (say(f"view.kpi.h.{name}"), "header") for name in _OTHER})
    order = list(KPIS)
    for value in sorted(values, key=lambda v: order.index(v.kpi)):
        row += 1
        kpi = KPIS[value.kpi]
        cells: dict[str, tuple[TabValue, str]] = {
            "kpi": (say(kpi.name), "strong"),
            "of": (" · ".join(group_name(g, say) for g in value.by.values()) or say("view.kpi.whole"), "cell"),
            "value": (value.value, f"{_style(kpi)}.{value.flag}"),
            "n": (value.n, "number"),
            "rule": (rules_text(kpi, value.threshold, say, "  "), "wrap"),
            "flag": (say.flag(value.flag), f"cell.{value.flag}"),
            "window": (" ~ ".join(day.isoformat() for day in value.window) if value.window else None, "cell"),
            "reason": (_why(value, say), "wrap"),
        }
        _list_row(tab, row, cells)
    return row + 1


def _why(value: KpiValue, say: Say) -> str | None:
    if value.flag in ("breach", "warn"):
        return reason_text(value, say)
    return say("view.kpi.excluded", n=value.excluded) if value.excluded and value.value is None else None


def _off(tab: Tab, row: int, values: Sequence[KpiValue], say: Say) -> None:
    last = sum(_OTHER_SPAN.values())
    row = section(tab, row, 1, last, say("view.kpi.off"))
    for value in values:
        fields = ", ".join(_field_name(name, say) for name in value.off)
        needs = say(value.note) if value.note else say("view.kpi.needs", fields=fields)
        tab.line(row, 1, (say(KPIS[value.kpi].name), None, needs), "pale_cell")
        tab.merges += [(row, 1, row, 2), (row, 3, row, last)]
        row += 1


def _field_name(dotted: str, say: Say) -> str:
    """``requests.won_at`` → ``의뢰 · 수주일``."""
    name, _, field_id = dotted.partition(".")
    table = tables.table(name)
    found = table.field(field_id) if table else None
    if table is None or found is None:
        return dotted
    return f"{table.ko} · {found.ko}" if say.lang == "ko" else f"{table.en} · {found.en}"


def _style(kpi: Kpi) -> str:
    """A median of days may be minutes."""
    return "decimal" if kpi.unit == "days" and kpi.kind == "rows" else UNIT_STYLE[kpi.unit]


def rules_text(kpi: Kpi, threshold: Threshold, say: Say, between: str = "\n") -> str:
    """A KPI's limits, short: ``▲ ≥ 25%`` and ``● > 30%``."""
    parts = [_rule(kpi, rule, threshold, say) for rule in reversed(kpi.rules)]
    return between.join(dict.fromkeys(part for part in parts if part))


def _rule(kpi: Kpi, rule: Rule, threshold: Threshold, say: Say) -> str:
    symbol = FLAG_SYMBOL[rule.flag]
    if rule.limit is None or rule.op is None:
        return f"{symbol} " + say(f"view.kpi.rule.{rule.on}")
    number = threshold.limit(rule.limit)
    if number is None:
        return ""
    if rule.on in ("history", "peers"):
        name = "past" if rule.on == "history" else "peers"
        return f"{symbol} " + say(f"view.kpi.rule.{name}", op=_OP[rule.op], times=amount_text(number, "ratio"))
    text = f"{_OP[rule.op]} {amount_text(number, kpi.unit)}"
    each = threshold.warn if rule.on == "tight" else threshold.breach
    if kpi.item and each is not None:
        return f"{symbol} " + say("view.kpi.rule.each", rule=text, limit=item_limit(kpi, each))
    return f"{symbol} " + (say("view.kpi.rule.sure", rule=text) if rule.on.startswith("wilson") else text)
