"""The KPI tab: every partner against its thresholds, n beside each number, worst on top, KPIs grouped by topic."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.actions.views.parts import UNIT_STYLE, Say, amount_text, clip, merged, new_tab, section, step_text, title
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

#: Columns before the numbers. Status and partner stay in view, and stand on every printed page.
_HEAD: Final = {"flag": 14.0, "partner": 24.0, "cluster": 16.0, "reason": 38.0}
_STAY: Final = 2
#: Columns of the lower lists, and how many of the tab's columns each takes.
_OTHER: Final = {"kpi": 2, "of": 1, "reason": 1, "value": 1, "n": 1, "flag": 2, "rule": 2, "window": 4}
_LAST: Final = sum(_OTHER.values())
LABELS: Final = tuple(f"view.kpi.h.{name}" for name in (*_HEAD, *_OTHER, "needs"))
#: What the KPIs of the matrix are about, in order; funnel: all that are told nowhere else.
TOPICS: Final = {
    "promise": (
        *("RESP_10M", "SAMEDAY", "FIRST_PROPOSAL", "FOLLOWUP_24H", "LEAD_TIME", "D7_ALERT"),
        *("SILENCE_4W", "REPORT_MONTHLY"),
    ),
    "quality": ("CLAIM_RATE", "REFUND_RATE", "REWORK_RATE"),
    "money": ("DEPENDENCY", "MONTHLY_GOAL", "VOLATILITY", "CAC", "LTV", "LTV_CAC", "HHI", "BACKUP", "QUARTER_TIER"),
    "customers": (
        *("REVISIT_RATE", "RET_RATE", "REF_RATE", "CROSS_SELL", "THROUGHPUT", "REGULAR_POOL"),
        "QUALITY_SCORE",
    ),
    "funnel": (),
}
TOPIC_IDS: Final = tuple(f"view.kpi.topic.{name}" for name in TOPICS)
#: Units a number does not show by itself: they stand in its header.
UNIT_IDS: Final = {unit: f"view.kpi.unit.{unit}" for unit in ("hours", "days", "people", "points")}
_PLACE: Final = {id: (i, j) for i, ids in enumerate(TOPICS.values()) for j, id in enumerate(ids)}
#: Partners drawn at most, the worst; the rest are counted.
MOST: Final = 1000
#: What a printed page (A4 landscape) holds at this scale, in the screen's pixels: a digit is 8 of them in 맑은 고딕 11.
_SCALE, _PAGE = 65, 1500
#: Partners that surely stand on one page, header and all.
_ONE_PAGE: Final = 20
_VALUE, _WIDE, _N = 10.0, 13.0, 6.0
#: Partnerships on their way have a tab of their own; here stand those that wait too long.
_STAGED: Final = ("PIPE_STAGE",)
_OP = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


class PartnerPlace(NamedTuple):
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
    """One table of the tab: a line for the whole and for each name."""

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
    def last(self) -> int:
        """The tab's last column of the matrix."""
        return self.at(len(self.columns)) - 1


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
    for (first, last), flag in zip(((1, 1), (2, 2), (3, 3), (4, 4), (5, 6)), FLAGS, strict=True):
        merged(tab, (row, first, row, last), say.flag(flag), f"center.{flag}")
    row += 2
    on = [value for value in values if not value.off]
    shown: set[int] = set()
    lower = 0
    for dimension in SUBJECTS:
        matrix = _matrix(on, dimension, say)
        if not matrix.names:
            continue
        if shown:
            lower = lower or row
            row = section(tab, row + 1, 1, _LAST, say(f"view.kpi.by.{dimension}"))
        row = _table(tab, row, matrix, say, places or {}, first=not shown)
        shown |= {id(value) for value in matrix.cells.values()}
    rest = [value for value in on if id(value) not in shown and not _unsaid(value)]
    if rest:
        lower = lower or row
        row = _others(tab, row + 1, rest, say)
    off = {value.kpi: value for value in values if value.off}
    if off:
        _off(tab, row + 1, list(off.values()), say)
    for column in range(1, _LAST + 1):
        tab.widths.setdefault(column, [*_HEAD.values(), *(_VALUE, _N) * _LAST][column - 1])
    _pages(tab, lower)
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
        by = value.by
        stepped = "step" in by
        if len(by) - stepped > 1 or (len(by) > stepped and dimension not in by):
            continue
        column = (value.kpi, group_name(by["step"], say) if stepped else "")
        if len(by) > stepped:
            cells[column, group_name(by[dimension], say)] = value
        else:
            whole[column, ""] = value
    told = {column for (column, _), value in cells.items() if value.value is not None}
    cells = {key: value for key, value in cells.items() if key[0] in told}
    met = dict.fromkeys(column for column, _ in (*whole, *cells) if column in told)  # conversions in the funnel's order
    columns = sorted(met, key=lambda column: _place(column[0]))
    own: dict[str, list[KpiValue]] = {}
    for (_, name), value in cells.items():
        own.setdefault(name, []).append(value)
    named = [
        value if isinstance(value.by[dimension], str) else value._replace(by={**value.by, dimension: name})
        for name, found in own.items()
        for value in found
    ]
    cells |= {key: value for key, value in whole.items() if key[0] in told}
    matrix = _Matrix(dimension, columns, list(own), cells, partner_flags(named, dimension), own)
    matrix.names.sort(key=lambda name: _rank(matrix, name))
    return matrix


def _place(id: str) -> tuple[int, int]:
    """Where a KPI stands among the others: its topic, and within it."""
    return _PLACE.get(id, (len(TOPICS) - 1, list(KPIS).index(id)))


def _rank(matrix: _Matrix, name: str) -> tuple[int, int, int, float, str]:
    """Worst flag first, then most breaches, most warnings, the largest share of revenue."""
    flags = [value.flag for value in matrix.values[name]]
    share = matrix.cells.get((("DEPENDENCY", ""), name))
    worst = ORDER.index(matrix.flags[name].flag)
    return worst, -flags.count("breach"), -flags.count("warn"), -((share and share.value) or 0.0), name


def _table(tab: Tab, row: int, matrix: _Matrix, say: Say, places: Mapping[str, PartnerPlace], *, first: bool) -> int:
    """One matrix from ``row`` on: topics, limits, header, a row a name, the whole. The first one is what the tab is
    about."""
    rules, head = row + 1, row + 2
    for column, (name, width) in enumerate(_HEAD.items(), 1):
        label = matrix.dimension if name == "partner" else name
        tab.put(row, column, None, "rule")
        tab.put(rules, column, say("view.kpi.limits") if column == len(_HEAD) else None, "rule")
        tab.put(head, column, None if name == "cluster" and not first else say(f"view.kpi.h.{label}"), "header")
        tab.widths[column] = width
    _topics(tab, row, matrix, say)
    for i, (name, step) in enumerate(matrix.columns):
        kpi, column = KPIS[name], matrix.at(i)
        threshold = next(value.threshold for (at, _), value in matrix.cells.items() if at == (name, step))
        merged(tab, (rules, column, rules, column + 1), rules_text(kpi, threshold, say), "rule")
        tab.put(head, column, step_text(step) or kpi_name(kpi, say, "\n"), "header")
        tab.put(head, column + 1, "n", "header")
        if first:  # the same numbers of others below mean the same
            tab.notes[head, column] = say(kpi.explain)
        tab.widths.setdefault(column, _WIDE if kpi.unit == "money" else _VALUE)
        tab.widths.setdefault(column + 1, _N)
    tab.heights |= {row: 18, head: 44}
    top = head + 1
    for name in matrix.names[:MOST]:
        head += 1
        _line(tab, head, name, matrix, say, places.get(name, PartnerPlace()) if first else PartnerPlace())
    for i, (name, _) in enumerate(matrix.columns):
        if name == "DEPENDENCY":  # how much hangs on one partner is seen, not read
            tab.bars.append(Bars((top, matrix.at(i), head, matrix.at(i)), BAR_BLUE, 0, None))
    if first:
        tab.filter = (top - 1, 1, head, matrix.last)
        tab.freeze = (top, _STAY + 1)
        if len(matrix.names) > _ONE_PAGE:
            tab.repeat = (row, top - 1)
    if any(not name for _, name in matrix.cells):
        head += 1
        _total(tab, head, matrix, say)
    if len(matrix.names) > MOST:
        head += 1
        tab.put(head, 1, say("view.kpi.more", n=len(matrix.names) - MOST, by=matrix.dimension), "subtitle")
    return head + 1


def _topics(tab: Tab, row: int, matrix: _Matrix, say: Say) -> None:
    """What the columns below are about, over all columns of a topic."""
    for place, name in enumerate(TOPICS):
        inside = [i for i, column in enumerate(matrix.columns) if _place(column[0])[0] == place]
        if inside:
            rect = (row, matrix.at(inside[0]), row, matrix.at(inside[-1]) + 1)
            merged(tab, rect, say(f"view.kpi.topic.{name}"), "group")


def kpi_name(kpi: Kpi, say: Say, gap: str = " ") -> str:
    """What a KPI is called, with its unit where the number alone does not show it."""
    name = say(kpi.name)
    return f"{name}{gap}({say(UNIT_IDS[kpi.unit])})" if kpi.unit in UNIT_IDS else name


def _pages(tab: Tab, lower: int) -> None:
    """A tab too wide to be read on one page is printed over several, each with status and partner; a number and its n
    stay together. The lists from row ``lower`` on begin a page."""
    if lower:
        tab.row_breaks = (lower,)
    pixels = {column: round(8 * width + 5) for column, width in tab.widths.items()}
    if sum(pixels.values()) <= _PAGE:
        return
    stay = sum(pixels[column] for column in range(1, _STAY + 1))
    breaks, used = [], sum(pixels[column] for column in range(1, len(_HEAD) + 1))
    for column in range(len(_HEAD) + 1, max(pixels), 2):
        pair = pixels[column] + pixels[column + 1]
        if used + pair > _PAGE:
            breaks.append(column - 1)
            used = stay
        used += pair
    tab.print_scale, tab.repeat_columns, tab.breaks = _SCALE, _STAY, tuple(breaks)
    for rect in [rect for rect in tab.merges if tab.styles[rect[:2]] == "group"]:
        cuts = [column for column in breaks if rect[1] <= column < rect[3]]
        if cuts:  # a topic over several pages is named on each
            tab.merges.remove(rect)
            for left, right in pairwise([rect[1] - 1, *cuts, rect[3]]):
                merged(tab, (rect[0], left + 1, rect[2], right), tab.cells[rect[:2]], "group")


def _line(tab: Tab, row: int, name: str, matrix: _Matrix, say: Say, place: PartnerPlace) -> None:
    found = matrix.flags[name]
    shown = [clip(reason_text(v, say), 90) for v in found.values[:2] if v.flag in ("breach", "warn")]
    tab.put(row, 1, say.flag(found.flag), f"cell.{found.flag}")
    tab.put(row, 2, Link(name, place.sheet, place.cell) if place.sheet else name, "link" if place.sheet else "strong")
    tab.put(row, 3, place.cluster or None, "cell")
    tab.put(row, 4, "\n".join(shown) or None, "small")
    for i, column in enumerate(matrix.columns):
        value = matrix.cells.get((column, name))
        style = _style(KPIS[column[0]])
        tab.put(row, matrix.at(i), value.value if value else None, f"{style}.{value.flag}" if value else style)
        tab.put(row, matrix.at(i) + 1, value.n if value else None, "count")


def reason_text(value: KpiValue, say: Say) -> str:
    """Why a number has its flag, with the names that go with it (substitutes, candidates)."""
    names = say("view.kpi.detail", names=", ".join(value.detail)) if value.detail else ""
    return f"{FLAG_SYMBOL[value.flag]} {say(value.reason)}{names}"


def _total(tab: Tab, row: int, matrix: _Matrix, say: Say) -> None:
    tab.line(row, 1, (say("view.kpi.total"), *[None] * (len(_HEAD) - 1)), "total_cell")
    for i, column in enumerate(matrix.columns):
        value = matrix.cells.get((column, ""))
        tab.put(row, matrix.at(i), value.value if value else None, f"total_{_style(KPIS[column[0]])}")
        tab.put(row, matrix.at(i) + 1, value.n if value else None, "total_count")
        if value and value.excluded:
            tab.notes[row, matrix.at(i)] = say("view.kpi.excluded", n=value.excluded)


def _spans(row: int) -> dict[str, tuple[int, int, int, int]]:
    """Where each column of the lower lists stands: they borrow the matrix's narrow columns."""
    out, column = {}, 1
    for name, span in _OTHER.items():
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
    row = section(tab, row, 1, _LAST, say("view.kpi.others"))
    _list_row(tab, row, {name: (say(f"view.kpi.h.{name}"), "header") for name in _OTHER})
    for value in sorted(values, key=lambda v: _place(v.kpi)):
        row += 1
        kpi = KPIS[value.kpi]
        cells: dict[str, tuple[TabValue, str]] = {
            "kpi": (kpi_name(kpi, say), "strong"),
            "of": (" · ".join(group_name(g, say) for g in value.by.values()) or say("view.kpi.whole"), "wrap"),
            "value": (value.value, f"{_style(kpi)}.{value.flag}"),
            "n": (value.n, "count"),
            "rule": (rules_text(kpi, value.threshold, say), "small"),
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
    row = section(tab, row, 1, _LAST, say("view.kpi.off"))
    for value in values:
        fields = ", ".join(_field_name(name, say) for name in value.off)
        needs = say(value.note) if value.note else say("view.kpi.needs", fields=fields)
        tab.line(row, 1, (say(KPIS[value.kpi].name), None, needs), "pale_cell")
        tab.merges += [(row, 1, row, 2), (row, 3, row, _LAST)]
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
