"""The choke point: the only way from the master to a partner. What is not named here, no partner sees.

Deny by default: rows of that partner only (aliases resolved), fields of the layout only, KPIs on the list below only,
sentences of our own only. Hidden means absent: what is left out here is in no file, request, log line or error.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from addin.actions.partner_columns import instants_as_text
from addin.actions.views.parts import Say, amount_text
from addin.crm.catalogue import KPIS
from addin.crm.clean import readable
from addin.crm.flags import percent
from addin.crm.request_flags import REASONS
from addin.crm.tables import REQUESTS
from addin.errors import UsageError
from sheets_sync.model import KpiLine, MasterRow, Review

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from addin.crm.kpi_values import KpiValue
    from sheets_sync.layout import Column, Layout
    from sheets_sync.model import Cell

#: Fields no partner is ever shown, whatever a configuration says: whose row it is, what we earn, what we think.
NEVER: Final = frozenset(("partner", "cost", "referrer", "bypass", "discount_asked"))
#: KPIs of a partner's own work. None of them is made of other partners' numbers (a share of the whole would be).
SHOWN_KPIS: Final = (
    "RESP_10M", "SAMEDAY", "CLAIM_RATE", "REFUND_RATE", "REWORK_RATE", "REVISIT_RATE", "MONTHLY_GOAL",
)  # fmt: skip
#: Reasons of a row's flag a partner is told, and the fields one of which answers them (() = none has to).
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "claim": (),
    "rework": (),
    "not_visited": ("visited_at",),
    "silent": ("stage", "note", "completed_at"),
    "quiet": ("stage", "note", "completed_at"),
    "lost_no_reason": ("lost_reason",),
}
ASK_IDS: Final = tuple(f"sync.ask.{code}" for code in ASKED)
#: Fields that say who and where the job is: they may bear any name. In other text the name of another partner is
#: left out, with the whole cell.
_JOB: Final = frozenset(("customer", "phone", "request_id"))
_REMEMBERED: Final = 50_000
_FIELDS: Final = {f.id: f for f in REQUESTS}
_BITS: Final = {reason.code: (1 << i, reason.flag) for i, reason in enumerate(REASONS)}


@dataclass(slots=True)
class MasterSnapshot:
    """The whole master, as the head office sees it: never to be handed to anything but `view`.

    ``requests``  people's own cells, one row a request, with ``request_id`` and ``partner_key``.
    ``filled``    what danggol's columns hold of what partners filled in: field → cells, in the order of ``requests``.
    ``unread``    (row index, field) of those that can't be read as what they should be.
    ``reasons``   each request's reasons, as bits of `addin.crm.request_flags.REASONS`.
    ``spellings`` every spelling of every partner's name → its key.
    """

    requests: pl.DataFrame
    values: Sequence[KpiValue]
    spellings: Mapping[str, str]
    filled: Mapping[str, Sequence[Cell] | pl.Series | pl.DataFrame] = field(default_factory=dict)
    unread: frozenset[tuple[int, str]] = frozenset()
    reasons: Sequence[int] = ()
    _parts: dict[str, pl.Series] | None = None
    _names: _Names | None = None
    _kpis: dict[str, list[KpiValue]] | None = None

    def rows_of(self, partner: str) -> list[int]:
        """The indexes of one partner's rows."""
        if self._parts is None:
            found = self.requests.with_row_index("_at").group_by("partner_key").agg("_at")
            self._parts = {key: at for key, at in zip(*found.get_columns(), strict=True) if key is not None}
        return self._parts[partner].to_list() if partner in self._parts else []

    def kpis_of(self, partner: str) -> list[KpiValue]:
        """The KPIs one partner may see that are its own and nobody else's."""
        if self._kpis is None:
            self._kpis = {}
            for value in self.values:
                by = dict(value.by)
                if value.kpi in SHOWN_KPIS and by.keys() == {"partner"} and value.value is not None:
                    self._kpis.setdefault(str(by["partner"]), []).append(value)
        return self._kpis.get(partner, [])

    def shown(self, name: str, at: list[int]) -> list[Cell]:
        """Some rows' cells of a field as they are shown: ISO dates, money in units."""
        kind = _FIELDS[name].type
        if kind == "instant":
            return _instants(self.requests, name, at)
        cells = self.requests[name].gather(at).to_list()
        return [readable(cell, kind) for cell in cells] if kind in ("money", "refund", "number") else cells

    @property
    def names(self) -> _Names:
        """All partners' names."""
        if self._names is None:
            self._names = _Names(self.spellings)
        return self._names


@dataclass(frozen=True, slots=True)
class PartnerView:
    """Everything a partner may see. ``withheld``: cells left out because they name another partner, for head office."""

    rows: tuple[MasterRow, ...]
    kpis: tuple[KpiLine, ...]
    asks: tuple[str, ...]
    withheld: tuple[Review, ...] = ()


def check_fields(layout: Layout) -> None:
    """Raise `UsageError` for a layout that would show a partner what no partner is shown."""
    for column in layout.columns:
        if column.field in NEVER:
            raise UsageError("sync.choke.never", where=column.header, value=column.field)


def view(master: MasterSnapshot, partner: str, layout: Layout) -> PartnerView:
    """What one partner may see of the master; ``partner`` is its key (`addin.crm.partners`).

    Rows without an id, or with one that two of the partner's rows bear, are left out: nobody could tell them apart.
    """
    at = master.rows_of(partner)
    keys: list[str | None] = master.requests["request_id"].gather(at).to_list()
    counts = Counter(keys)
    withheld: list[Review] = []
    given = _cells(master, at, layout.of("hq"), keys, partner, withheld)
    own = _cells(master, at, [c for c in layout.of("partner") if c.type != "text"], keys, partner, withheld)
    filled = _lines({name: _picked(stands, name, at) for name, stands in master.filled.items()}, len(at))
    asking = _Asking(master, layout)
    rows = [
        MasterRow(key, given[n], filled[n], own[n], *asking.row(at[n]))
        for n, key in enumerate(keys)
        if key is not None and counts[key] == 1
    ]
    lines = [_kpi(value, layout.lang) for value in master.kpis_of(partner)]
    return PartnerView(tuple(rows), tuple(lines), _asks(rows, lines, layout.lang), tuple(withheld))


def _cells(
    master: MasterSnapshot,
    at: list[int],
    columns: Iterable[Column],
    keys: Sequence[str | None],
    partner: str,
    withheld: list[Review],
) -> list[dict[str, Cell]]:
    """The named columns' filled cells of one partner's rows, and of nobody else's from here on."""
    out: dict[str, list[Cell]] = {}
    names = master.names
    for column in columns:
        id = column.field
        if id in NEVER or id not in master.requests.columns:
            continue
        kind, cells = _FIELDS[id].type, master.shown(id, at)
        free = kind in ("text", "category", "email") and id not in _JOB
        telling = {text for text in {*cells} if isinstance(text, str) and names.another(text, partner)} if free else ()
        if telling:
            withheld += [
                Review("withheld", k or "", id, None, c) for k, c in zip(keys, cells, strict=True) if c in telling
            ]
            cells = [None if cell in telling else cell for cell in cells]
        out[id] = cells
    return _lines(out, len(at))


def _instants(frame: pl.DataFrame, name: str, at: list[int]) -> list[Cell]:
    """Some rows' cells of a field of dates as ISO text."""
    return instants_as_text(frame.select(name, f"{name}__time")[at], name).to_list()


def _picked(cells: Sequence[Cell] | pl.Series | pl.DataFrame, name: str, at: list[int]) -> Sequence[Cell]:
    """Some of a column's cells."""
    import polars as pl

    if isinstance(cells, pl.DataFrame):
        return _instants(cells, name, at)
    return cells.gather(at).to_list() if isinstance(cells, pl.Series) else [cells[n] for n in at]


def _lines(columns: Mapping[str, Sequence[Cell]], count: int) -> list[dict[str, Cell]]:
    """Columns as so many rows, each without its blanks."""
    if not columns:
        return [{} for _ in range(count)]
    names, rows = tuple(columns), zip(*columns.values(), strict=True)
    if not any(None in cells for cells in columns.values()):
        return [dict(zip(names, cells, strict=True)) for cells in rows]
    return [{name: cell for name, cell in zip(names, cells, strict=True) if cell is not None} for cells in rows]


class _Asking:
    """A row's flag in words and what the partner is asked, of the reasons it may know."""

    def __init__(self, master: MasterSnapshot, layout: Layout) -> None:
        self._master, self._say = master, Say(layout.lang)
        columns = layout.of("partner")
        can_fill = {c.field for c in columns}
        self._asked = [(code, *_BITS[code]) for code, fields in ASKED.items() if not fields or can_fill & {*fields}]
        self._columns = columns
        self._known: dict[int, tuple[str, str]] = {}  # many rows share few reasons

    def row(self, at: int) -> tuple[str, str]:
        """(flag, ask) of the master's row at an index."""
        mask = self._master.reasons[at] if self._master.reasons else 0
        wrong = [c.header for c in self._columns if (at, c.field) in self._master.unread] if self._master.unread else ()
        if wrong:
            return self._spoken(mask, wrong)
        if mask not in self._known:
            self._known[mask] = self._spoken(mask, ())
        return self._known[mask]

    def _spoken(self, mask: int, unread: Iterable[str]) -> tuple[str, str]:
        held = [(code, flag) for code, bit, flag in self._asked if mask & bit]
        flags = {flag for _, flag in held} | ({"warn"} if unread else set())
        asks = [self._say(f"sync.ask.{code}") for code, _ in held]
        asks += [self._say("sync.ask.unread", field=header) for header in unread]
        worst = "breach" if "breach" in flags else "warn" if flags else ""
        return self._say.flag(worst) if worst else "", "\n".join(dict.fromkeys(asks))


def _kpi(value: KpiValue, lang: str) -> KpiLine:
    """A KPI in words."""
    kpi, say, target = KPIS[value.kpi], Say(lang), value.threshold.target
    limit = ""
    if target is not None:
        side = "least" if kpi.direction == "higher" else "most"
        limit = say(f"sync.kpi.{side}", value=_amount(target, kpi.unit))
    window = f"{value.window[0]} ~ {value.window[1]}" if value.window else ""
    shown = say("sync.kpi.value", value=_amount(value.value, kpi.unit), n=value.n)
    return KpiLine(say(kpi.name), shown, limit, say.flag(value.flag), window)


def _amount(value: Any, unit: str) -> str:
    return percent(value) if unit == "share" else amount_text(value, unit)


def _asks(rows: Sequence[MasterRow], kpis: Sequence[KpiLine], lang: str) -> tuple[str, ...]:
    """What head office asks of the partner as a whole."""
    say = Say(lang)
    out = []
    waiting = sum(bool(row.ask) for row in rows)
    if waiting:
        out.append(say("sync.asks.rows", n=waiting))
    low = [kpi for kpi in kpis if kpi.flag in (say.flag("breach"), say.flag("warn"))]
    out += [say("sync.asks.kpi", kpi=kpi.name, value=kpi.value, target=kpi.target or "–") for kpi in low]
    return tuple(out)


class _Names:
    """Every spelling of every partner, to be found in a text whatever its spaces and case."""

    def __init__(self, spellings: Mapping[str, str]) -> None:
        self._keys = {plain: key for name, key in spellings.items() if len(plain := _plain(name)) > 1}
        self._told: dict[str, frozenset[str]] = {}  # text → the partners it names; most texts stand many times

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        names = sorted(self._keys, key=len, reverse=True)  # the longest first: 한빛2단지 is not 한빛
        return re.compile("|".join(map(re.escape, names))) if names else None

    def another(self, text: str, partner: str) -> bool:
        """Whether a text bears the name of another partner.

        >>> names = _Names({"한빛": "한빛", "한빛2단지": "한빛2단지"})
        >>> names.another("한빛 2단지 입주민", "한빛2단지"), names.another("한빛 소개", "한빛2단지")
        (False, True)
        """
        found = self._told.get(text)
        if found is None:
            if len(self._told) >= _REMEMBERED:
                self._told.clear()
            words = self._pattern.findall(_plain(text)) if self._pattern else ()
            found = self._told[text] = frozenset(self._keys[word] for word in words)
        return bool(found - {partner})


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
