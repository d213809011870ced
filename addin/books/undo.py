"""Taking a run back: the backup byte for byte while the file is as the run left it, else cell by cell.

Cell by cell, a cell goes back only if it still holds what the run wrote; what a person changed since is left alone and
listed. Columns are found by their marker, rows by what stands beside them, so inserting, moving and sorting is fine.
An undo is a run like any other: it is in the journal and can be taken back.
Not taken back cell by cell: column widths, number formats, and the look of a tab that was drawn anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.books.file import Receipt, open_book
from addin.books.gate import check_whole
from addin.books.journal import Journal, Run
from addin.books.present import FilePresent
from addin.books.undoplan import Kept, undo_plan
from addin.errors import BookError, SafetyBrake
from addin.today import now

if TYPE_CHECKING:
    import datetime as dt

SHOWN = 5


class EditedSince(SafetyBrake):
    """Some cells were edited since the run and stay; the others are taken back.

    ``edited`` lists them (`Kept`: place, what the run wrote, what stands there), ``receipt`` says what was done.
    """

    def __init__(self, where: str, edited: list[Kept], receipt: Receipt) -> None:
        places = ", ".join(kept.where for kept in edited[:SHOWN]) + (" …" if len(edited) > SHOWN else "")
        super().__init__("undo.edited", where=where, count=len(edited), places=places)
        self.edited = edited
        self.receipt = receipt


def runs(path: str | Path) -> list[Run]:
    """The runs that wrote to a book, oldest first."""
    return Journal(_real(path)).runs()


def undo(path: str | Path, run: str | None = None, *, when: dt.datetime | None = None, lock: bool = True) -> Receipt:
    """Take a run back; without ``run`` the last one in force that is no undo itself.

    Raises `EditedSince` (a `SafetyBrake`) after taking back everything but the cells people edited since, `BookError`
    where there is nothing to undo or no such run.
    """
    path = _real(path)
    journal = Journal(path)
    choose(found := journal.runs(), run, path)  # says so where there is none, whatever became of the file
    book = open_book(path)
    chosen = choose(found, run, path, book.sha256)
    header = {"action": "undo", "undoes": chosen.id, "cells": chosen.cells, "fills": chosen.fills, "tabs": chosen.tabs}
    entries = list(journal.entries(chosen.id))
    if book.sha256 == chosen.after and chosen.backup:
        old = journal.backup(chosen.id).read_bytes()
        if hashlib.sha256(old).hexdigest() == chosen.before:
            back = [inverted(entry) for entry in reversed(entries)]
            return book.replace(
                lambda temp: _write(temp, old), lambda temp: check_whole(temp, old), header, back, when, lock
            )
    plan, kept = undo_plan(FilePresent(book.package()), entries)
    plan.action = "undo"
    receipt = book.apply(plan, when=when, lock=lock, undoes=chosen.id)
    if receipt.run is None and not kept:
        receipt = Receipt(note(journal, book.sha256, chosen.id, when), sha256=book.sha256)
    if kept:
        raise EditedSince(path.name, kept, receipt)
    return receipt


def note(journal: Journal, sha256: str, undoes: str, when: dt.datetime | None) -> str:
    """Journal an undo that found everything as it was before the run already."""
    when = when or now()
    run = journal.new_id(when)
    header = {"run": run, "book": journal.book.name, "before": sha256, "after": sha256, "action": "undo"}
    journal.record(run, header | {"undoes": undoes, "when": when.isoformat()})
    return run


def _real(path: str | Path) -> Path:
    path = Path(path)
    return path.resolve() if path.is_symlink() else path


def _write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def choose(found: list[Run], run: str | None, path: Path, sha256: str = "") -> Run:
    """The run to take back: the one asked for, else the last in force that is no undo itself. May raise `BookError`.

    The one that left the file of this sum was the last, whatever the clocks of two computers say.
    """
    if run is None:
        last = [r for r in found if not r.undoes and not r.undone_by]
        if not last:
            raise BookError("undo.nothing", where=path.name)
        return next((r for r in reversed(last) if r.after == sha256), last[-1])
    chosen = next((r for r in found if r.id == run), None)
    if chosen is None:
        raise BookError("undo.no_such_run", where=path.name, value=run)
    if chosen.undone_by:
        raise BookError("undo.already", where=path.name, value=run)
    return chosen


def inverted(entry: dict[str, Any]) -> dict[str, Any]:
    """A journal line the other way round.

    >>> inverted({"k": "name", "name": "x", "old": None, "new": "'a'!$A$1"})
    {'k': 'name', 'name': 'x', 'old': "'a'!$A$1", 'new': None}
    """
    other = {"tab": "gone", "gone": "tab", "join": "unjoin", "unjoin": "join"}
    out = dict(entry) | {"k": other.get(entry["k"], entry["k"])}
    if entry["k"] in ("cells", "results", "fill", "name"):
        out |= {"old": entry.get("new"), "new": entry.get("old")}
    return out
