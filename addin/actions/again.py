"""One run that opens a book many times (a demo, several documents): bytes that were read before aren't read again.

Only inside `read_once`; every opening gets lists and records of its own, so what one command lets go of or changes
reaches no other.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from addin.actions.results import Results
    from addin.actions.workspace import Workspace
    from addin.books.live import LiveBook

Key = tuple[str, tuple[str, ...]]
_KEEP = 2  # books; a demo goes back and forth between two


class _Kept:
    def __init__(self) -> None:
        self.books: dict[Key, Workspace] = {}
        self.results: dict[tuple[str, dt.date | None], Results] = {}


_kept: ContextVar[_Kept | None] = ContextVar("kept", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Until it ends, books of the same bytes are read, mapped and counted once."""
    token = _kept.set(_Kept())
    try:
        yield
    finally:
        _kept.reset(token)


def opened_before(book: Path | LiveBook, maps: Sequence[str]) -> Workspace | None:
    """The workspace of a file whose bytes were opened before, None outside `read_once` and for other bytes."""
    kept = _kept.get()
    if kept is None or not kept.books or not isinstance(book, Path) or not book.is_file():
        return None
    found = kept.books.get((hashlib.sha256(book.read_bytes()).hexdigest(), tuple(maps)))
    return None if found is None else _own(found, book)


def keep_opened(book: Path | LiveBook, workspace: Workspace, maps: Sequence[str]) -> None:
    """Keep a file that was opened; one not adopted yet depends on more than its bytes (what is remembered)."""
    kept = _kept.get()
    if kept is None or not workspace.adopted or not isinstance(book, Path):
        return
    key = workspace.snapshot.sha256, tuple(maps)
    kept.books = dict([*kept.books.items(), (key, _own(workspace, book))][-_KEEP:])
    shas = {sha for sha, _ in kept.books}
    kept.results = {at: results for at, results in kept.results.items() if at[0] in shas}


def counted_before(workspace: Workspace, as_of: dt.date | None) -> Results | None:
    """The results of the same bytes as of the same day, as an object of one's own."""
    kept = _kept.get()
    found = None if kept is None else kept.results.get((workspace.snapshot.sha256, as_of))
    if found is None:
        return None
    workspace.resolved = found.resolved
    return copy(found)


def keep_counted(workspace: Workspace, as_of: dt.date | None, results: Results) -> None:
    """Keep the results of a book that is kept."""
    kept = _kept.get()
    sha = workspace.snapshot.sha256
    if kept is not None and any(sha == known for known, _ in kept.books):
        kept.results[sha, as_of] = copy(results)


def _own(workspace: Workspace, path: Path) -> Workspace:
    """A workspace with lists of its own over the same cells and frames."""
    from addin.books.package import Inflated

    sheets = [replace(grid) for grid in workspace.snapshot.sheets]
    snapshot = replace(
        workspace.snapshot, path=path, sheets=sheets, names=dict(workspace.snapshot.names), inflated=Inflated()
    )
    mapping = workspace.mapping
    return replace(
        workspace,
        snapshot=snapshot,
        ours=replace(workspace.ours, tabs=dict(workspace.ours.tabs), columns=list(workspace.ours.columns)),
        mapping=replace(mapping, tables=[*mapping.tables], questions=[*mapping.questions], skipped=[*mapping.skipped]),
        records={table: copy(records) for table, records in workspace.records.items()},
        faults=list(workspace.faults),
        grids={grid.name: grid for grid in sheets},
    )
