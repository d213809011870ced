"""A workbook that is open in Excel or LibreOffice: the same snapshot, the same `Edits`, the same journal as a file.

`LiveBook` is handed an xlwings book; it does not know which program made it. Values go and come in blocks. Nothing of
the person's view changes: selection, shown tab, filters, locks. What can't be done is refused before the first write;
if a write fails midway, what was written is taken back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import pickle
import re
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.books.file import Receipt
from addin.books.journal import Journal, encoded
from addin.books.live_host import Host, host_of
from addin.books.live_values import ERROR_NUMBERS, ERRORS
from addin.books.lock import locked
from addin.books.names import BLOCK, parse_cell
from addin.books.numfmt import shown
from addin.books.read import Place, Snapshot
from addin.crm.grid import CellError, Grid
from addin.crm.message import msg
from addin.errors import BookError, DanggolError
from addin.i18n import say
from addin.today import now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.books.edits import Edits
    from addin.books.live_run import Run
    from addin.books.undoplan import Kept
    from addin.crm.grid import CellValue

#: Cells read in one block.
CHUNK: Final = 2_000_000
#: Cells of a column whose number format is asked one by one: most dates have a time of day and are never asked about.
FEW: Final = 40
_PLAIN: Final = frozenset({float, str, type(None), dt.datetime, bool})
_ZERO: Final = dt.date(1899, 12, 30)


class LiveBook:
    """One open workbook."""

    def __init__(self, book: Any, host: Host | None = None) -> None:
        self.book = book
        self.host = host or host_of(book)
        self.path = journal_path(str(book.name), str(book.fullname))

    # ---- reading

    def snapshot(self) -> Snapshot:
        """The workbook as it stands, unsaved changes too; one block of values a sheet."""
        digest = hashlib.sha256()
        grids, drawn = [], dict[str, int]()
        for sheet in self.book.sheets:
            grid = self._grid(sheet)
            digest.update(grid.name.encode())
            digest.update(_bytes(grid.rows))
            grids.append(grid)
            if (block := self.host.block_of(sheet, BLOCK)) is not None:
                drawn[grid.name] = block[2]
        tabs = tuple(grid.name for grid in grids)
        return Snapshot(self.path, "xlsx", digest.hexdigest(), grids, tabs, self.places(), drawn=drawn)

    def places(self) -> dict[str, Place]:
        """The defined names that point at one cell."""
        return {name: Place(*place) for name, text in self.host.names().items() if (place := parse_cell(text))}

    def show(self, tab: str) -> bool:
        """Bring a tab to the front, because a person asked to see it; False where there is none."""
        found = next((sheet for sheet in self.book.sheets if sheet.name.casefold() == tab.casefold()), None)
        if found is not None:
            found.activate()
        return found is not None

    def _grid(self, sheet: Any) -> Grid:
        host = self.host
        rows, columns = host.used(sheet)
        step = max(1, CHUNK // max(columns, 1))
        lines: list[list[CellValue]] = []
        for first in range(1, rows + 1, step):
            lines += host.values(sheet, (first, 1, min(first + step - 1, rows), columns))
        for line in lines:
            if not _PLAIN.issuperset(map(type, line)) or not ERRORS.isdisjoint(line):
                line[:] = map(_cell, line)
        while lines and all(value is None or value == "" for value in lines[-1]):
            lines.pop()
        found = host.filter(sheet)
        used = (1, 1, max(len(lines), 1), columns)
        return Grid(
            sheet.name,
            lines,
            _TimeOfDay(host, sheet, lines),
            host.merges(sheet, used) if lines else (),
            [listed.rect for listed in host.lists(sheet)],
            [found] if found else [],
            host.drawn(sheet),
            hidden=host.hidden(sheet),
        )

    # ---- writing

    def apply(self, edits: Edits, *, when: dt.datetime | None = None, undoes: str = "") -> Receipt:
        """Write the plan into the open workbook, and into the journal; nothing is saved to disk.

        Raises `DanggolError`: before the first write where something can't be done without harm, else after taking
        back what was written.
        """
        from addin.books.live_check import check
        from addin.books.live_run import Run
        from addin.books.live_write import carry_out

        if not edits:
            return Receipt(None)
        when = when or now()
        journal = Journal(self.path)
        with self._locked(journal):
            check(self.host, edits)
            run = Run(self.host, edits)
            number = journal.new_id(when)
            with self.host.quiet(say(msg("live.status"))):
                try:
                    carry_out(run)
                    if not run.entries:
                        return Receipt(None)
                    counts = {"cells": run.cells, "fills": run.fills, "tabs": run.tabs}
                    header: dict[str, Any] = {
                        "run": number,
                        "book": self.path.name,
                        "before": "",
                        "after": f"live:{number}",
                    }
                    header |= {"action": edits.action} | counts | ({"undoes": undoes} if undoes else {})
                    journal.record(number, header | {"when": when.isoformat()}, encoded(run.entries))
                except BaseException as error:
                    _taken_back(run, self.book.name, error)
                    raise
        return Receipt(number, None, run.cells, run.fills, run.tabs)

    def undo(self, run: str | None = None, *, when: dt.datetime | None = None) -> Receipt:
        """Take a run back cell by cell; without ``run`` the last one in force.

        Raises `EditedSince` after taking back all but the cells people edited since, `BookError` where there is none.
        """
        from addin.books.live_present import LivePresent
        from addin.books.undo import EditedSince, choose, note
        from addin.books.undoplan import undo_plan

        journal = Journal(self.path)
        chosen = choose(journal.runs(), run, self.path)
        kept: list[Kept]
        plan, kept = undo_plan(LivePresent(self.host), list(journal.entries(chosen.id)))
        receipt = self.apply(plan, when=when, undoes=chosen.id)
        if receipt.run is None and not kept:
            receipt = Receipt(note(journal, f"live:{chosen.id}", chosen.id, when))
        if kept:
            raise EditedSince(self.path.name, kept, receipt)
        return receipt

    @contextmanager
    def _locked(self, journal: Journal) -> Iterator[None]:
        try:
            journal.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.path, journal.lock):
                yield
        except OSError as error:
            raise BookError("book.unwritable", where=str(journal.folder), value=error.strerror or str(error)) from error


class _TimeOfDay:
    """`Grid.has_time` of one open sheet: one question where a column has one format from the cell asked for down.

    Else a few cells' number formats one by one, then a whole column's at once.
    """

    def __init__(self, host: Host, sheet: Any, lines: list[list[CellValue]]) -> None:
        self.host, self.sheet, self.lines = host, sheet, lines
        self._columns: dict[int, list[tuple[int, int, bool | None]]] = {}
        self._cells: dict[int, dict[int, bool | None]] = {}

    def __call__(self, row: int, column: int) -> bool | None:
        """Whether the date at a 1-based cell is shown with a time; None where that is not known."""
        if column not in self._columns:
            alone = self._cells.get(column)
            if alone is None:
                alone = self._cells[column] = {}
                code = self.host.number_format(self.sheet, (row, column, len(self.lines), column))
                if code is not None:
                    alone.update(dict.fromkeys(range(row, len(self.lines) + 1), _timed(code)))
            if row not in alone and len(alone) < FEW:
                alone[row] = _timed(self.host.number_format(self.sheet, (row, column, row, column)))
            if row in alone:
                return alone[row]
            self._columns[column] = self._asked(column)
        return next((timed for first, last, timed in self._columns[column] if first <= row <= last), None)

    def _asked(self, column: int) -> list[tuple[int, int, bool | None]]:
        dates = [
            r for r, line in enumerate(self.lines, 1) if len(line) >= column and isinstance(line[column - 1], dt.date)
        ]
        out: list[tuple[int, int, bool | None]] = []
        for first, last, code in self.host.number_formats(self.sheet, column, dates):
            out.append((first, last, _timed(code)))
        return out


def _timed(code: str | None) -> bool | None:
    """Whether a number format shows a time beside its date; None where it shows no date."""
    look = shown(code) if code else None
    return look.time if look and look.date else None


def journal_path(name: str, fullname: str) -> Path:
    """Where the journal takes the book to be: its own place on disk; a folder of the user's for one never saved or one
    that lives on the net (OneDrive gives an address there).

    >>> journal_path("견적.xlsx", "/home/kim/견적.xlsx").as_posix()
    '/home/kim/견적.xlsx'
    """
    path = Path(fullname)
    if path.is_absolute() and not re.match(r"[A-Za-z][\w+.-]+://?", fullname):
        return path.resolve() if path.is_symlink() else path
    home = os.environ.get("DANGGOL_HOME")
    if home:
        folder = Path(home)
    else:
        from platformdirs import user_state_path

        folder = user_state_path("danggol", appauthor=False)
    tag = hashlib.sha256(fullname.encode()).hexdigest()[:8]
    return folder / "open" / tag / (re.sub(r'[\\/:*?"<>|]', "_", name) or "book")


def _taken_back(run: Run, name: str, error: BaseException) -> None:
    """After a failed write: put back what was there, and say what happened; a person's mistake speaks for itself."""
    stuck = run.take_back()
    if stuck:
        raise BookError("live.stuck", where=name, count=len(stuck), places=", ".join(stuck[:5])) from error
    if isinstance(error, Exception) and not isinstance(error, DanggolError):
        raise BookError("live.taken_back", where=name, value=_reason(error)) from error


def _reason(error: Exception) -> str:
    """What the program said; COM wraps it in a tuple."""
    info = getattr(error, "excepinfo", None)
    if info and len(info) > 2 and info[2]:
        return str(info[2])
    return str(error) or type(error).__name__


def _cell(value: Any) -> CellValue:
    """What xlwings hands over, as a `Grid` holds it."""
    kind = type(value)
    if kind is str:
        return CellError(value) if value in ERRORS else value
    if kind is int:
        return CellError(ERROR_NUMBERS[value]) if value in ERROR_NUMBERS else float(value)
    if isinstance(value, dt.datetime):
        bare = value.replace(tzinfo=None)
        return bare.time() if bare.date() == _ZERO else bare
    if value is None or kind in (bool, float) or isinstance(value, dt.date | dt.time | dt.timedelta):
        found: CellValue = value
        return found
    return float(value)  # Decimal: what Excel gives for cells formatted as money


def _bytes(rows: object) -> bytes:
    """The same bytes for the same values, whatever objects hold them."""
    buffer = BytesIO()
    pickler = pickle.Pickler(buffer, 5)
    pickler.fast = True
    pickler.dump(rows)
    return buffer.getvalue()
