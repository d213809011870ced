"""The folder beside the book: backups, one journal a run, and clearing up after a run that was cut short."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import TYPE_CHECKING

import pytest

from addin.books.journal import KEEP_BACKUPS, Journal, encoded
from addin.errors import BookError
from tests.unit.books.raised import raises

if TYPE_CHECKING:
    from pathlib import Path

WHEN = dt.datetime(2026, 11, 21, 20, 30, 15)


def journal(folder: Path, name: str = "파트너.xlsx") -> Journal:
    book = folder / name
    book.write_bytes(b"new")
    found = Journal(book)
    found.prepare()
    return found


def written(found: Journal, run: str, undoes: str = "", old: bytes = b"old") -> None:
    header = {"run": run, "action": "refresh", "when": "w", "before": "b", "after": "a", "cells": 2}
    found.keep(run, old)
    found.begin(run, header | ({"undoes": undoes} if undoes else {}), encoded([{"k": "cells", "새": ["\ud800"]}]))
    found.commit(run)


def test_a_run_is_named_by_its_time_and_never_twice(tmp_path: Path) -> None:
    found = journal(tmp_path)
    assert found.new_id(WHEN) == "20261121-203015-1"
    written(found, "20261121-203015-1")
    assert found.new_id(WHEN) == "20261121-203015-2"


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    found = journal(tmp_path)
    written(found, "20261121-203015-1")
    (run,) = found.runs()
    assert (run.id, run.action, run.before, run.after, run.cells, run.backup) == (
        "20261121-203015-1",
        "refresh",
        "b",
        "a",
        2,
        True,
    )
    assert list(found.entries(run.id)) == [{"k": "cells", "새": ["\ud800"]}]
    assert found.backup(run.id).read_bytes() == b"old"


def test_the_last_twenty_backups_are_kept_and_every_journal(tmp_path: Path) -> None:
    found = journal(tmp_path)
    ids = [f"20261121-203015-{n}" for n in range(1, KEEP_BACKUPS + 4)]
    for run in ids:
        written(found, run)
    assert [r.id for r in found.runs()] == ids
    assert [r.backup for r in found.runs()] == [False] * 3 + [True] * KEEP_BACKUPS


def test_an_undo_that_was_itself_taken_back_undoes_nothing(tmp_path: Path) -> None:
    found = journal(tmp_path)
    written(found, "20261121-203015-1")
    written(found, "20261121-203015-2", undoes="20261121-203015-1")
    assert [r.undone_by for r in found.runs()] == ["20261121-203015-2", ""]
    written(found, "20261121-203015-3", undoes="20261121-203015-2")
    assert [r.undone_by for r in found.runs()] == ["", "20261121-203015-3", ""]


def begun(found: Journal) -> str:
    run = "20261121-203015-1"
    found.temp(run).write_bytes(b"whole new file")
    found.keep(run, b"old")
    found.begin(run, {"run": run, "action": "x", "when": "", "before": "b", "after": "a"}, b"")
    return run


def test_a_run_killed_before_the_new_file_took_its_place_never_happened(tmp_path: Path) -> None:
    found = journal(tmp_path)
    run = begun(found)
    found.prepare()
    assert found.runs() == []
    assert not found.temp(run).exists()
    assert not found.backup(run).exists()


def test_a_run_killed_right_after_is_in_force(tmp_path: Path) -> None:
    found = journal(tmp_path)
    run = begun(found)
    found.temp(run).replace(found.book)
    found.prepare()
    assert [r.id for r in found.runs()] == [run]
    assert found.backup(run).exists()


def test_books_beside_each_other_have_journals_of_their_own(tmp_path: Path) -> None:
    one, other = journal(tmp_path, "a.xlsx"), journal(tmp_path, "a.xlsx.xlsx")
    written(one, "20261121-203015-1")
    assert other.runs() == []
    other.prepare()
    assert len(one.runs()) == 1


@pytest.mark.parametrize("name", ["가" * 75 + ".xlsx", unicodedata.normalize("NFD", "파트너 관리.xlsx"), "[a]*?.xlsx"])
def test_long_decomposed_and_odd_names_have_journals_too(tmp_path: Path, name: str) -> None:
    found = journal(tmp_path, name)
    written(found, "20261121-203015-1")
    assert len(Journal(tmp_path / unicodedata.normalize("NFC", name)).runs()) == 1


def test_a_damaged_journal_is_said_to_be_so(tmp_path: Path) -> None:
    found = journal(tmp_path)
    written(found, "20261121-203015-1")
    found.file("20261121-203015-1").write_bytes(b"{]\n")
    with raises(BookError, "book.journal_damaged"):
        found.runs()
