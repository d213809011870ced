"""``--into``: a .csv is never written to; its rows go into a workbook of their own, or into a tab of one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from addin.errors import BookError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from addin.books.tab import Tab, TabValue
    from addin.crm.grid import Grid

MAX_ROWS = 1_048_576


@dataclass(frozen=True, slots=True)
class Made:
    """The workbook that holds the .csv now; ``fresh`` where this run made it."""

    path: Path
    fresh: bool


def check_target(book: Path, into: Path | None, *, needed: bool, dry_run: bool) -> None:
    """A .csv needs ``--into``, anything else must not have it. `UsageError`."""
    is_csv = book.suffix.lower() == ".csv"
    if is_csv and into is None and needed and not dry_run:
        raise UsageError("error.csv_needs_into", where=str(book), suggestion=book.with_suffix(".xlsx").name)
    if into is not None and not is_csv:
        raise UsageError("error.into_without_csv", where=str(book))
    if into is not None and into.suffix.lower() != ".xlsx":
        raise UsageError("error.into_not_xlsx", where=str(into))


def fill_target(csv: Path, into: Path, maps: Sequence[str]) -> Made:
    """Put the .csv's rows into a workbook: a new one, or a tab of an existing one that we made before or that is new.

    Money, numbers and dates become such; everything else stays text as typed.
    """
    from addin.actions.dates import now
    from addin.actions.ours import tab_marker
    from addin.actions.same import same_tab
    from addin.actions.workspace import open_workspace
    from addin.books import Edits, open_book
    from addin.books.read import read_book
    from addin.books.render import render

    workspace = open_workspace(csv, maps=maps)
    grid = read_book(csv).sheets[0]  # a workspace lets go of a large sheet's cells
    if len(grid.rows) > MAX_ROWS:
        raise BookError("error.too_many_rows", where=str(csv), rows=len(grid.rows), most=MAX_ROWS)
    tab = _tab(grid, _typed_columns(workspace.mapping, workspace.records))
    key = f"csv_{hash_text(grid.name):x}"
    tab.marker = tab_marker(key)
    if not into.exists():
        try:
            into.write_bytes(render([tab]))
        except OSError as error:
            raise BookError("error.cannot_write", where=str(into), reason=error.strerror or str(error)) from error
        made = Made(into, fresh=True)
        try:
            _mark(into, key, tab.name)
        except BaseException:
            remove_target(made)
            raise
        return made
    present = read_book(into)
    known = present.names.get(tab.marker)
    if known is not None:
        tab.name = known.sheet  # as people call it now
    elif any(name.casefold() == tab.name.casefold() for name in present.tabs):
        raise BookError("error.into_has_sheet", where=f"{into}: {tab.name}")
    edits = Edits("into")
    if not same_tab(tab, present.grid(tab.name), present.drawn.get(tab.name)):
        edits.put_tab(tab)
    if known is None:
        edits.mark(tab.marker, tab.name)
    if edits:
        open_book(into).apply(edits, when=now())
    return Made(into, fresh=False)


def _mark(path: Path, key: str, sheet: str) -> None:
    """Say in the workbook that this sheet holds a .csv's rows, so that the next run may bring in its new ones."""
    from addin.actions.dates import now
    from addin.actions.ours import tab_marker
    from addin.books import Edits, open_book

    edits = Edits("into")
    edits.mark(tab_marker(key), sheet)
    open_book(path).apply(edits, when=now())


def hash_text(text: str) -> int:
    """A number for a name, the same on every machine.

    >>> hash_text("a") == hash_text("a")
    True
    """
    import zlib

    return zlib.crc32(text.encode())


def remove_target(made: Made | None) -> None:
    """Take back a workbook this run made and did not finish."""
    if made is not None and made.fresh:
        made.path.unlink(missing_ok=True)


def _typed_columns(mapping: object, records: object) -> dict[int, str]:
    from addin.crm.mapping import Mapping
    from addin.crm.tables import table as table_of

    assert isinstance(mapping, Mapping)
    out: dict[int, str] = {}
    for match in mapping.tables:
        table = table_of(match.table)
        for region in match.regions:
            for id in match.columns:
                field = table.field(id) if table else None
                column = match.column_in(region, id)
                if field is not None and column is not None and field.type in ("money", "number", "instant"):
                    out[column] = field.type
    return out


def _tab(grid: Grid, typed: dict[int, str]) -> Tab:
    from addin.books.tab import Tab

    tab = Tab(grid.name)
    for r, line in enumerate(grid.rows, 1):
        for c, value in enumerate(line, 1):
            if value not in (None, ""):
                tab.cells[r, c] = _value(str(value), typed.get(c, ""))
    for c in range(1, grid.width + 1):
        shown = [len(str(line[c - 1])) for line in grid.rows[:200] if len(line) >= c]
        tab.widths[c] = min(max([8, *shown]) + 3, 40)
    tab.freeze = (2, 1)
    return tab


def _value(text: str, kind: str) -> TabValue:
    plain = text.strip()
    if kind in ("money", "number"):
        body = plain.removeprefix("-")
        whole, _, part = body.partition(".")
        if whole.isascii() and whole.isdigit() and (whole == "0" or not whole.startswith("0")) and len(body) <= 15:
            if part == "" and "." not in body:
                return int(plain)
            if part.isascii() and part.isdigit():
                return Decimal(plain)
    if kind == "instant" and len(plain) == 10 and plain[4] == plain[7] == "-":
        try:
            return dt.date.fromisoformat(plain)
        except ValueError:
            return text
    return text
