"""What a sync of one partner does: a pure function of what was agreed, the master's rows and the partner's sheet.

One writer per cell makes it correct without a compare-and-swap: the partner's columns are only read, leads are only
appended, ``_hq`` and danggol's columns of the master are only written by us. What is odd goes to the review list.
The seven promises are tested in ``tests/unit/sync``; every pair of changes has a scenario in ``docs/sync.md``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from addin.i18n import say
from sheets_sync.brakes import as_given, find_brakes
from sheets_sync.cells import JUDGED, partner_cells, plain, same, shown, wrong
from sheets_sync.model import Agreed, Base, Entry, Fill, Hq, HqRow, Lead, Plan, Review

#: The keys of pre-keyed rows: a letter, the day they were given, a running number.
ENTRY_KEY: Final = re.compile(r"N\d{6}-\d{3,}", re.ASCII)
#: So many rows of one kind that are none of ours are named one by one; the rest (a paste of thousands) in one line.
NAMED: Final = 20

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sheets_sync.layout import Layout
    from sheets_sync.model import Cell, MasterRow, PartnerRow, PartnerSheet

_NEW: Final = Agreed({})


def plan(
    base: Base,
    master: Sequence[MasterRow],
    sheet: PartnerSheet,
    layout: Layout,
    hq: Hq,
    *,
    entries: Mapping[str, Mapping[str, Cell]],
    fresh_keys: Iterator[str],
    accept: Collection[str] = (),
    former: Mapping[str, Sequence[Agreed]] | None = None,
) -> Plan:
    """The operations that bring one partner and the master together, and what a person has to look at.

    ``hq``: KPIs and asks the partner is to see (its rows are made here). ``entries``: what the master's list of new
    entries holds, by key. ``fresh_keys``: keys nobody has, for pre-keyed rows. ``accept``: brakes a person let go of.
    ``former``: what other partners' ledgers agreed of these keys, for requests that changed hands.
    """
    rows = _by_key(sheet)
    untouched = as_given(rows, master)
    for brake in find_brakes(base, sheet, layout, rows, master, untouched):
        if brake.kind not in accept:
            return Plan(base, brake=brake)
    merging = _Merge(base, sheet, layout, rows, former or {}, untouched)
    for one in master:
        merging.row(one)
    masters = {one.key for one in master}
    spare = merging.spare(masters, entries)
    merging.strangers(masters, spare)
    wanted = layout.spare - len([key for key in spare if key in rows and not merging.content(rows[key][0])])
    fresh = list(islice(fresh_keys, wanted)) if wanted * 2 > layout.spare else []
    merging.leads += [Lead(key, {}) for key in fresh]
    shown = [*merging.shown, *(HqRow(key) for key in sorted(spare) if key in rows), *(HqRow(key) for key in fresh)]
    by_key = tuple(sorted(shown, key=attrgetter("key")))  # a master that was sorted is no news
    whole = Hq(by_key, hq.kpis, hq.asks)
    requested = bool(base.header) and sheet.refresh != base.refresh
    return Plan(
        base=Base(sheet.header, merging.agreed, base.issued | spare | set(fresh), sheet.refresh),
        leads=tuple(merging.leads),
        hq=whole if requested or whole != sheet.hq else None,  # who asked sees a new time of the last sync
        fills=tuple(merging.fills),
        entries=tuple(merging.entries),
        reviews=tuple(merging.reviews),
        requested=requested,
    )


def _by_key(sheet: PartnerSheet) -> dict[str, list[PartnerRow]]:
    rows: dict[str, list[PartnerRow]] = {}
    for row in sheet.rows:
        if row.key:
            rows.setdefault(row.key, []).append(row)
    return rows


class _Merge:
    """One partner's plan in the making."""

    def __init__(
        self,
        base: Base,
        sheet: PartnerSheet,
        layout: Layout,
        rows: Mapping[str, list[PartnerRow]],
        former: Mapping[str, Sequence[Agreed]],
        untouched: Collection[str],
    ) -> None:
        self.base, self.sheet, self.layout, self.rows, self.former = base, sheet, layout, rows, former
        self.untouched = untouched
        self.columns, self.given = layout.of("partner"), layout.of("hq")
        self.fields = tuple(column.field for column in self.columns)
        self.typed = tuple(column.field for column in layout.of("hq", "partner"))
        self.filled = [(column, column.field, column.type in JUDGED) for column in self.columns]
        self.judged = [(column, column.field) for column in self.columns if column.type in JUDGED]
        self.there = frozenset(row.key for row in sheet.hq.rows)  # keys we once showed: they were appended
        self.agreed: dict[str, Agreed] = {}
        self.leads: list[Lead] = []
        self.fills: list[Fill] = []
        self.entries: list[Entry] = []
        self.reviews: list[Review] = []
        self.shown: list[HqRow] = []

    # -- a row of the master -------------------------------------------------------------------------------------------

    def row(self, master: MasterRow) -> None:
        """One of the partner's requests: appended, read, or missed."""
        known = self.base.keys.get(master.key)
        if master.key in self.rows:
            self._read(master, known or _NEW)
        elif known is not None or master.key in self.there:
            self.agreed[master.key] = (known or _NEW)._replace(deleted=True)
            self.reviews.append(Review("deleted", master.key))
            self.shown.append(HqRow(master.key))  # stays as the mark that it was there, should the ledger be lost
        else:
            self.leads.append(Lead(master.key, master.given))
            self.shown.append(HqRow(master.key, master.flag, master.ask))

    def _read(self, master: MasterRow, known: Agreed) -> None:
        found = self.rows[master.key]
        cells, theirs, ours = found[0].cells, master.own, master.filled
        now = partner_cells(cells, self.fields)
        differ = len(found) > 1 and self._copies(master.key, found, now)
        asks = [master.ask] if master.ask else []
        if master.key not in self.untouched:
            asks += self._changed_since(master, found[0])
        replaced: dict[str, Cell] = {}
        for column, field, judged in self.filled if differ or not self._agree(now, ours, theirs) else ():
            typed, stands = now[field], ours.get(field)
            if typed is not None:
                own = theirs.get(field)
                if own is not None and own != typed and not same(own, typed, column) and plain(own) is not None:
                    own = plain(own)
                    asks.append(say("sync.ask.own", self.layout.lang, field=column.header, value=shown(own)))
                    self.reviews.append(Review("both", master.key, field, typed, own, found[0].row))
                if judged and wrong(typed, column):
                    self.reviews.append(Review("bad_value", master.key, field, typed, None, found[0].row))
            if typed == stands:
                continue  # most cells
            stands = plain(stands)
            if differ or typed == stands:
                continue
            if stands is not None and not self._ours(master.key, known, field, stands):
                self.reviews.append(Review("edited_master", master.key, field, typed, stands, found[0].row))
                continue
            self.fills.append(Fill(master.key, field, typed))
            replaced[field] = stands
        if differ:
            self.agreed[master.key] = known._replace(deleted=False)
        elif replaced or known.replaced or known.deleted or known.cells != now:
            self.agreed[master.key] = Agreed(now, replaced=replaced)
        else:
            self.agreed[master.key] = known
        self.shown.append(HqRow(master.key, master.flag, "\n".join(asks)))

    def _agree(self, now: Mapping[str, Cell], ours: Mapping[str, Cell], theirs: Mapping[str, Cell]) -> bool:
        """Whether all sides say the same of what the partner filled in, and it can be read: most rows by far."""
        return (
            list(now.values()) == list(map(ours.get, now))
            and theirs.items() <= now.items()
            and not any(wrong(now[field], column) for column, field in self.judged if now[field] is not None)
        )

    def _ours(self, key: str, known: Agreed, field: str, stands: Cell) -> bool:
        """Whether what stands in our column of the master is what a sync wrote there, for this partner or the last."""
        agreed = (known, *self.former.get(key, ()))
        return any(stands in (plain(one.cells.get(field)), one.replaced.get(field)) for one in agreed)

    def _copies(self, key: str, found: list[PartnerRow], first: Mapping[str, Cell]) -> bool:
        """Report a key that stands in several rows; True where they differ, so that none can be taken."""
        every = [partner_cells(row.cells, self.fields) for row in found]
        if all(cells == first for cells in every):
            self.reviews.append(Review("duplicate_key", key, row=found[1].row))
            return False
        for column in self.columns:
            values = list(dict.fromkeys(cells[column.field] for cells in every))
            if len(values) > 1:
                text = " / ".join(shown(value) or "–" for value in values)
                self.reviews.append(Review("duplicate_key", key, column.field, text, None, found[1].row))
        return True

    def _changed_since(self, master: MasterRow, row: PartnerRow) -> list[str]:
        """What head office changed of what the row was given: said beside it, never written over it."""
        given, stands, out = master.given, row.cells, []
        for column in self.given:
            value, there = plain(given.get(column.field)), stands.get(column.field)
            if value is not None and not same(value, there, column):
                out.append(say("sync.ask.changed", self.layout.lang, field=column.header, value=shown(value)))
        return out

    # -- rows that are no row of the master ----------------------------------------------------------------------------

    def spare(self, masters: Collection[str], entries: Mapping[str, Mapping[str, Cell]]) -> set[str]:
        """Pre-keyed rows: those filled in become entries. Returns their keys."""
        told = (key for key in self.there if ENTRY_KEY.fullmatch(key))  # where the ledger was lost
        spare = {key for key in (*self.base.issued, *entries, *told) if key not in masters}
        for key in sorted(spare):
            found = self.rows.get(key)
            if found is None:
                if key in entries:
                    self.agreed[key] = self.base.keys.get(key, _NEW)._replace(deleted=True)
                    self.reviews.append(Review("deleted", key))
                continue
            first, differ = self.content(found[0]), any(self.content(row) != self.content(found[0]) for row in found)
            if len(found) > 1 and (first or differ):
                self.reviews.append(Review("duplicate_key", key, row=found[1].row))
            if differ:
                self.agreed[key] = self.base.keys.get(key, _NEW)._replace(deleted=False)
                continue
            if first:
                self.agreed[key] = Agreed(first)
            if first != {f: c for f, c in entries.get(key, {}).items() if plain(c) is not None}:
                self.entries.append(Entry(key, first))
        return spare

    def content(self, row: PartnerRow) -> dict[str, Cell]:
        """What stands in a row, blanks and formulas of ours left out."""
        cells = partner_cells(row.cells, self.typed)
        return {field: cell for field, cell in cells.items() if cell is not None}

    def strangers(self, masters: Collection[str], spare: Collection[str]) -> None:
        """Rows without a key, with one nobody gave, or whose request head office no longer has."""
        typed = [(row, content) for row in self.sheet.rows if not row.key and (content := self.content(row))]
        self._name([Review("no_key", "", partner=next(iter(cells.values())), row=row.row) for row, cells in typed])
        unknown: list[Review] = []
        for key, found in self.rows.items():
            if key in masters or key in spare:
                continue
            known = self.base.keys.get(key)
            if known is not None:
                self.agreed[key] = known._replace(deleted=False)
            if known is not None or key in self.there:
                self.reviews.append(Review("left_master", key, partner=self._said(found[0]), row=found[0].row))
            else:
                unknown.append(Review("unknown_key", key, partner=self._said(found[0]), row=found[0].row))
        self._name(unknown)
        for key, known in self.base.keys.items():
            if key not in self.agreed and key not in masters and key not in spare:
                self.agreed[key] = known._replace(deleted=True)

    def _said(self, row: PartnerRow) -> str | None:
        """What a partner filled in of a row that goes nowhere, in one line."""
        cells = partner_cells(row.cells, self.fields)
        said = [f"{c.header}: {shown(cells[c.field])}" for c in self.columns if cells[c.field] is not None]
        return ", ".join(said) or None

    def _name(self, found: list[Review]) -> None:
        """Put rows of one kind on the review list: the first ones one by one, the rest in one line."""
        self.reviews += found[:NAMED]
        if found[NAMED:]:
            more = say("sync.review.more", self.layout.lang, count=len(found) - NAMED)
            self.reviews.append(replace(found[NAMED], key="", partner=more))
