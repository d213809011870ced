"""The head office's workbook as a sync sees it: read once, every partner behind the choke point, written once.

What partners filled in goes to danggol's own columns beside the requests, found by id wherever the row stands now; new
entries and oddities to tabs of danggol's own. One plan, one write, one backup, one line in the log, one undo.
"""

from __future__ import annotations

import difflib
from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any

from addin.actions.columns import put_ids
from addin.actions.dates import now
from addin.actions.door import path_of, write
from addin.actions.kpi import measured
from addin.actions.ours import lang_marker
from addin.actions.partner_columns import PARTNER_TABLE, plan_partner_cells
from addin.actions.partners import resolve
from addin.actions.results import reasons_of
from addin.actions.tabs import around_notes, give_up_tab, log_line, log_of, names_of, put_tabs
from addin.actions.views.parts import Say
from addin.actions.workspace import open_workspace
from addin.books.cells import MAX_TEXT
from addin.books.edits import Edits
from addin.books.heap import give_back
from addin.books.journal import Journal
from addin.crm.calendar import date_of
from addin.crm.partners import resolve_partners
from addin.crm.text import tidy
from addin.errors import BookError, BookLocked, DanggolError, UsageError
from sheets_sync.choke import SHOWN_KPIS, MasterSnapshot, PartnerView, check_fields, view
from sheets_sync.master_tabs import entries_tab, parse_entries_tab, parse_review_tab, review_line, review_tab
from sheets_sync.model import Hq, Review

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from addin.actions.partners import Resolved
    from addin.actions.workspace import Workspace
    from addin.books.live import LiveBook
    from addin.books.tab import Tab
    from sheets_sync.cycle import Changes
    from sheets_sync.layout import Layout
    from sheets_sync.model import Cell, MasterRow


class LiveMaster:
    """The master that is open in Excel or LibreOffice (`sheets_sync.cycle.MasterSource`): read when first asked for."""

    def __init__(self, book: LiveBook, layout: Layout, *, clock: Callable[[], dt.datetime] = now) -> None:
        check_fields(layout)
        self.book, self.layout, self.clock = book, layout, clock
        self._opened: OpenMaster | None = None

    @property
    def version(self) -> str:
        """Never the same: nobody can tell cheaply whether an open workbook changed."""
        return f"open {self.clock().isoformat()}"

    @property
    def master(self) -> OpenMaster:
        """The workbook as it was when first asked for."""
        if self._opened is None:
            self._opened = open_master(self.book, self.layout, give_ids=True, when=self.clock())
        return self._opened


class MasterFile:
    """The master on disk (`sheets_sync.cycle.MasterSource`): opened when first asked for, anew when the file changed.

    ``give_ids``: requests without an id column get danggol's own ids when the book is opened (never on a dry run).
    """

    def __init__(
        self, path: Path, layout: Layout, *, give_ids: bool = True, clock: Callable[[], dt.datetime] = now
    ) -> None:
        check_fields(layout)
        self.path, self.layout, self.give_ids, self.clock = path, layout, give_ids, clock
        self._opened: OpenMaster | None = None
        self._seen = ""

    @property
    def version(self) -> str:
        """Changes whenever the file does (time and size), and with the day: flags count days. `BookError` if gone."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise BookError("sync.master.gone", where=str(self.path), value=error.strerror or "") from error
        return f"{found.st_mtime_ns:x}.{found.st_size:x}.{self.clock():%y%m%d}"

    @property
    def master(self) -> OpenMaster:
        """The book as it is now."""
        version = self.version
        if self._opened is None or version != self._seen:
            self._opened = open_master(self.path, self.layout, give_ids=self.give_ids, when=self.clock())
            self._seen = self.version
        return self._opened


def open_master(
    book: Path | LiveBook, layout: Layout, *, give_ids: bool = False, when: dt.datetime | None = None
) -> OpenMaster:
    """Read the master. `BookError` where it can't be read, `DanggolError` without a list of requests or any id."""
    path, workspace = path_of(book), open_workspace(book)
    if PARTNER_TABLE not in workspace.records:
        have = ", ".join(workspace.records) or "–"
        raise DanggolError("error.no_such_table", where=str(path), value=PARTNER_TABLE, have=have)
    if give_ids and _put_ids(book, workspace, when or now()):
        workspace = open_workspace(book)
    if "request_id" not in workspace.records[PARTNER_TABLE].frame.columns:
        raise DanggolError("sync.master.no_ids", where=path.name)
    return OpenMaster(book, layout, workspace)


def _put_ids(book: Path | LiveBook, workspace: Workspace, when: dt.datetime) -> bool:
    """Give ids to the requests that have none; a book that is open elsewhere gets them another time."""
    match = workspace.mapping.table(PARTNER_TABLE)
    assert match is not None
    edits = Edits("sync")
    put_ids(edits, match, workspace.ours, workspace.grids, when.date(), Say(workspace.lang), set(),
            set(workspace.snapshot.names))  # fmt: skip
    if not edits:
        return False
    try:
        write(book, workspace.snapshot, edits, when)
    except BookLocked:
        return False
    return True


class OpenMaster:
    """One reading of the master (`sheets_sync.cycle.Master`)."""

    def __init__(self, book: Path | LiveBook, layout: Layout, workspace: Workspace) -> None:
        self.book, self.path, self.layout, self.workspace = book, path_of(book), layout, workspace
        self._snapshot = _snapshot(workspace, layout)
        self._partners = tuple(sorted({*self._snapshot.spellings.values()}))
        self._names: dict[str, str] = {}  # as configured → key
        self._last: tuple[str, PartnerView] | None = None
        self._withheld: dict[str, Sequence[Review]] = {}
        ours, snapshot = workspace.ours.tabs, workspace.snapshot
        grid = snapshot.grid(ours["entries"]) if "entries" in ours else None
        self._entries, self._entry_ticks = parse_entries_tab(grid) if grid else ({}, {})
        grid = snapshot.grid(ours["sync"]) if "sync" in ours else None
        self._reviews, self._ticks = parse_review_tab(grid) if grid else ([], {})

    # -- reading -------------------------------------------------------------------------------------------------------

    @property
    def partners(self) -> tuple[str, ...]:
        """The partners of the book, by the name each is known by."""
        return self._partners

    def rows(self, partner: str) -> Sequence[MasterRow]:
        """The partner's requests, as it may see them. `UsageError` for a partner the book doesn't have."""
        return self._view(partner).rows

    def hq(self, partner: str) -> Hq:
        """The partner's KPIs and what head office asks of it."""
        found = self._view(partner)
        return Hq((), found.kpis, found.asks)

    def entries(self, partner: str) -> Mapping[str, Mapping[str, Cell]]:
        """What the list of new entries holds of this partner, by key."""
        name = self.key_of(partner)
        return {key: cells for (whose, key), cells in self._entries.items() if whose == name}

    def key_of(self, partner: str) -> str:
        """The partner a configured name means: a name, a spelling a person confirmed, or an id.

        `UsageError` where there is none, or where two configured names mean the same partner.
        """
        if partner not in self._names:
            key = self._resolved(partner)
            other = next((name for name, known in self._names.items() if known == key), None)
            if other is not None:
                raise UsageError("sync.master.same_partner", where=partner, value=other)
            self._names[partner] = key
        return self._names[partner]

    def _resolved(self, partner: str) -> str:
        if tidy(partner) in self._partners:
            return tidy(partner)
        import polars as pl

        partners = self.workspace.records.get("partners")
        asked = pl.DataFrame({"partner": [partner]}, schema={"partner": pl.String})
        done = resolve_partners(asked, None if partners is None else partners.frame, self.workspace.aliases)
        key = done.requests["partner_key"][0]
        if key not in self._partners:
            near = next(iter(difflib.get_close_matches(partner, self._partners, n=1, cutoff=0.5)), "–")
            raise UsageError("sync.master.unknown_partner", where=self.path.name, value=partner, near=near)
        return str(key)

    def _view(self, partner: str) -> PartnerView:
        if self._last is None or self._last[0] != partner:
            self._last = (partner, view(self._snapshot, self.key_of(partner), self.layout))
            self._withheld[partner] = self._last[1].withheld
        return self._last[1]

    # -- writing -------------------------------------------------------------------------------------------------------

    def apply(self, changes: Mapping[str, Changes], when: dt.datetime) -> bool:
        """Write fills, new entries and the review list in one plan; False where nothing had to be written.

        Raises `BookError` (open elsewhere, changed meanwhile …) and leaves the book as it was.
        """
        if not changes.keys() <= self._names.keys():  # planned from an earlier reading: the file changed meanwhile
            raise BookLocked("book.changed_meanwhile", where=self.path.name)

        def written(met: set[str]) -> bool:
            for cell in met:
                give_up_tab(self.workspace, cell)
            edits = self.plan(changes, when)
            if edits:
                give_back()  # writing needs room of its own
                write(self.book, self.workspace.snapshot, edits, when)
            return bool(edits)

        return around_notes(written)

    def plan(self, changes: Mapping[str, Changes], when: dt.datetime) -> Edits:
        """The edits of `apply`, for a dry run. Empty where the book already says it all."""
        edits, say = Edits("sync"), Say(self.workspace.lang)
        reviews = {name: [*change.reviews, *self._withheld_of(name)] for name, change in changes.items()}
        cells: dict[int, dict[str, Cell]] = {}
        for name, change in changes.items():
            places = self._places(name) if change.fills else {}
            for fill in change.fills:
                if isinstance(fill.value, str) and _too_long(fill.value):
                    reviews[name].append(Review("too_long", fill.key, fill.field, fill.value))
                elif fill.key in places:
                    cells.setdefault(places[fill.key], {})[fill.field] = fill.value
        taken, names = set[tuple[str, int]](), set(self.workspace.snapshot.names)
        homeless = plan_partner_cells(edits, self.workspace, cells, say, taken, names)
        if homeless:
            whose = {at: (name, key) for name in changes for key, at in self._places(name).items()}
            for row, field in sorted(homeless):
                name, key = whose[row]
                reviews[name].append(Review("no_room", key, field, cells[row][field]))
        count = sum(map(len, cells.values())) - len(homeless)
        written = put_tabs(edits, self.workspace, [*self._entries_tab(changes, say), *self._review_tab(reviews, say)])
        if written and not self.workspace.ours.lang:
            edits.mark(lang_marker(self.workspace.lang), written[0])
        if edits:
            run = Journal(self.path).new_id(when)
            line = log_line(run, when, "sync", count, written, say)
            put_tabs(edits, self.workspace, [log_of(self.workspace, line)])
        return edits

    def _withheld_of(self, partner: str) -> Sequence[Review]:
        if partner not in self._withheld:
            self._view(partner)
        return self._withheld[partner]

    def _places(self, partner: str) -> dict[str, int]:
        """Request id → row of the records, of the partner's own rows; an id that stands twice is nobody's."""
        at = self._snapshot.rows_of(self.key_of(partner))
        keys = self._snapshot.requests["request_id"].gather(at).to_list()
        counts = Counter(keys)
        return {key: row for key, row in zip(keys, at, strict=True) if key is not None and counts[key] == 1}

    def _entries_tab(self, changes: Mapping[str, Changes], say: Say) -> list[Tab]:
        entries, waiting = dict(self._entries), {partner for partner, _ in self._entries}
        for name, change in changes.items():
            partner = self.key_of(name)
            for key in self._places(name) if partner in waiting else ():
                entries.pop((partner, key), None)  # taken over into the team's own list
            for entry in change.entries:
                place = (partner, entry.key)
                fitting = {f: _fitting(cell) for f, cell in entry.cells.items()}
                if fitting:
                    entries[place] = fitting
                else:
                    entries.pop(place, None)
        if not entries and "entries" not in self.workspace.ours.tabs:
            return []
        fields = [c.field for c in self.layout.of("hq", "partner")]
        return [entries_tab(entries, self._entry_ticks, fields, say, names_of(self.workspace))]

    def _review_tab(self, reviews: Mapping[str, Sequence[Review]], say: Say) -> list[Tab]:
        """The whole list: those of the partners that were read are new, the others' stay as they stand."""
        read = {self.key_of(name) for name in reviews}
        lines = [line for line in self._reviews if line.partner not in read]
        lines += [review_line(self.key_of(name), review) for name, found in reviews.items() for review in found]
        if not lines and "sync" not in self.workspace.ours.tabs:
            return []
        return [review_tab(lines, self._ticks, say, names_of(self.workspace))]


def _snapshot(workspace: Workspace, layout: Layout) -> MasterSnapshot:
    """Everything the choke point chooses from; no more is counted than partners are shown. The workspace keeps of the
    requests only where each stands.
    """
    resolved = resolve(workspace)
    frames = {name: records.frame for name, records in workspace.records.items()} | resolved.frames
    measures = measured(frames, workspace.settings, (), None)  # no KPI that is shown looks at the steps
    del frames
    requests, side = resolved.requests, workspace.partner_side
    assert requests is not None
    give_back()
    values = measures.current(SHOWN_KPIS)
    reasons = array("q")
    for found in reasons_of(workspace, resolved, measures, date_of(measures.as_of)):
        reasons.frombytes(found.to_numpy().tobytes())
    del measures
    own: Any = requests if side is None else side.own
    columns = {c.field for c in layout.of("hq", "partner")}
    own = own.with_columns(requests["partner_key"], requests["request_id"])
    columns |= {"partner_key", "request_id"}
    own = own.select(n for n in own.columns if n.removesuffix("__time") in columns)
    spellings = _spellings(workspace, resolved)
    records = workspace.records[PARTNER_TABLE]
    records.frame = records.frame.select("request_id", "_sheet", "_row")
    workspace.resolved = workspace.partner_side = None
    give_back()
    return MasterSnapshot(
        requests=own,
        values=values,
        spellings=spellings,
        filled=side.columns if side else {},
        unread=side.unread if side else frozenset(),
        reasons=reasons,
    )


def _spellings(workspace: Workspace, resolved: Resolved) -> dict[str, str]:
    """Every spelling of a partner in the book → its key."""
    out: dict[str, str] = {}
    for frame, column in ((resolved.requests, "partner"), (resolved.frames.get("partners"), "name")):
        if frame is not None and {column, "partner_key"} <= set(frame.columns):
            out |= {name: key for name, key in frame.select(column, "partner_key").unique().rows() if name and key}
    for spelling, master in workspace.aliases.items():
        if master in out:
            out[spelling] = out[master]
    return out | {key: key for key in out.values()}


def _too_long(text: str) -> bool:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT


def _fitting(cell: Cell) -> Cell:
    """A text no cell of a workbook can hold, cut; the partner's sheet has all of it."""
    return cell[: MAX_TEXT // 2] if isinstance(cell, str) and _too_long(cell) else cell
