"""`open_book(path).apply(edits)` on disk: the plan is written, or the file is as it was."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from typing import Any

import pytest

from addin.books import CLEAR, Edits, gate, open_book
from addin.books.journal import Journal
from addin.books.lock import locked
from addin.books.package import Package
from addin.books.read import read_book
from addin.errors import BookError, BookLocked, BookRefused, DanggolError
from tests.messy.build import BUILDERS, HOSTILE, LAYOUTS, PACKAGES, write
from tests.messy.hostile import calc_lock, excel_lock
from tests.unit.books.raised import raises


def plan(sheet: str = "접수", value: str = "주의") -> Edits:
    edits = Edits("refresh")
    edits.write(sheet, 40, 14, [[value], [None], [3.5]])
    edits.fill(sheet, 40, 14, "FFC7CE")
    edits.add_sheet("CRM_점검", [["이름", "수"], ["가", 1]], table="crm_faults")
    return edits


def sheet_of(path: Path) -> str:
    return next(s.name for s in Package.open(path).sheets if s.kind == "worksheet")


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_plan_is_written_backed_up_and_journalled(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    before = path.read_bytes()
    receipt = open_book(path).apply(plan(sheet_of(path)))
    assert (receipt.cells, receipt.fills, receipt.tabs, receipt.sha256) == (2, 1, 1, sha(path))
    assert receipt.backup is not None
    assert receipt.backup.read_bytes() == before
    header = json.loads(Journal(path).file(receipt.run or "").read_text("utf-8").splitlines()[0])
    assert header["before"] == hashlib.sha256(before).hexdigest()
    assert header["after"] == receipt.sha256
    assert header["action"] == "refresh"
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".tmp")]


@pytest.mark.parametrize("name", sorted(LAYOUTS | PACKAGES))
def test_every_other_part_stays_as_it_was_or_the_edit_is_refused_with_the_file_untouched(
    tmp_path: Path, name: str
) -> None:
    path = write(name, tmp_path)
    before = path.read_bytes()
    old = Package(before)
    try:
        open_book(path).apply(plan(sheet_of(path)))
    except BookRefused:
        assert path.read_bytes() == before
        assert name == "signed"
        return
    styles = old.rel(old.workbook_part, "styles")
    ours = {
        "[content_types].xml",
        old.workbook_part,
        f"{old.folder}_rels/workbook.xml.rels",
        next(s.part for s in old.sheets if s.kind == "worksheet"),
    }
    ours |= {styles.target} if styles else set()
    new = Package.open(path)
    others = [n for n in old.names() if n.lower() not in {o.lower() for o in ours}]
    assert all(new.raw(n) == old.raw(n) for n in others)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - {"far_cell"}))  # that one only harms who lays it out
def test_hostile_files_are_refused_and_stay_as_they_are(tmp_path: Path, name: str) -> None:
    path = write(name, tmp_path)
    before = sha(path)
    with pytest.raises(DanggolError):
        open_book(path).apply(plan("접수"))
    assert sha(path) == before


def test_nothing_to_change_nothing_is_written(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    name = sheet_of(path)
    edits = Edits()
    edits.write(name, 40, 14, [["주의"]])
    edits.fill(name, 40, 14, "FFC7CE")
    assert open_book(path).apply(edits).run
    after, files = sha(path), sorted(tmp_path.rglob("*"))
    for again in (edits, Edits()):
        receipt = open_book(path).apply(again)
        assert (receipt.run, receipt.sha256) == (None, after)
    assert (sha(path), sorted(tmp_path.rglob("*"))) == (after, files)


def test_what_reading_inflated_is_not_inflated_again_and_the_file_is_the_same(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    read = read_book(path)
    assert set(read.inflated) >= {Package.open(path).sheets[0].part}
    again = tmp_path / "again.xlsx"
    again.write_bytes(path.read_bytes())
    open_book(path, sha256=read.sha256, inflated=read.inflated).apply(plan(sheet_of(path)))
    open_book(again).apply(plan(sheet_of(again)))
    assert sha(path) == sha(again)


def test_one_book_can_be_written_twice(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    book, name = open_book(path), sheet_of(path)
    for value in ("a", "b", CLEAR):
        edits = Edits()
        edits.write(name, 40, 14, [[value]])
        assert book.apply(edits).run
    assert len(Journal(path).runs()) == 3


@pytest.mark.parametrize("lock", [excel_lock, calc_lock])
def test_a_book_open_elsewhere_is_not_written(tmp_path: Path, lock: object) -> None:
    path = write("plain", tmp_path)
    name, before = sheet_of(path), sha(path)
    trace = lock(path)  # type: ignore[operator]
    with raises(BookLocked, "book.open_elsewhere") as caught:
        open_book(path).apply(plan(name))
    assert caught.value.value == trace.name
    assert sha(path) == before
    assert not (tmp_path / ".danggol").exists()


def test_a_book_that_changed_since_it_was_read_is_not_written(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    name, book = sheet_of(path), open_book(path)
    path.write_bytes(BUILDERS["totals"]())
    before = sha(path)
    with raises(BookLocked, "book.changed_meanwhile"):
        book.apply(plan(name))
    assert sha(path) == before
    with raises(BookLocked, "book.changed_meanwhile"):
        open_book(path, sha256=book.sha256)


def test_a_book_is_written_twice_but_not_over_what_came_between(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    name, book = sheet_of(path), open_book(path)
    book.apply(plan(name))
    again = Edits("again")
    again.write(name, row=9, column=1, values=[["다시"]])
    assert book.apply(again).cells == 1
    path.write_bytes(BUILDERS["totals"]())
    with raises(BookLocked, "book.changed_meanwhile"):
        book.apply(again)


def test_a_book_opened_while_we_worked_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("plain", tmp_path)
    name, before = sheet_of(path), sha(path)
    checked = gate.check

    def opened(*args: object) -> None:
        checked(*args)  # type: ignore[arg-type]
        excel_lock(path)

    monkeypatch.setattr(gate, "check", opened)
    with raises(BookLocked, "book.open_elsewhere"):
        open_book(path).apply(plan(name))
    assert sha(path) == before


def test_who_comes_second_while_another_writes_is_told(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    journal = Journal(path)
    journal.folder.mkdir()
    with locked(path, journal.lock):
        with raises(BookLocked, "book.busy"):
            open_book(path).apply(plan(sheet_of(path)))
        assert open_book(path).apply(plan(sheet_of(path)), lock=False).run


def test_a_csv_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "접수.csv"
    path.write_text("a,b\n", "utf-8")
    with raises(BookRefused, "book.csv"):
        open_book(path)


def test_a_read_only_file_stays_as_it_is(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    name = sheet_of(path)
    path.chmod(0o444)
    with raises(BookError, "book.read_only"):
        open_book(path).apply(plan(name))


def test_a_files_mode_stays(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    path.chmod(0o640)
    open_book(path).apply(plan(sheet_of(path)))
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_to_a_book_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    path = write("plain", tmp_path / "there")
    link = tmp_path / "책.xlsx"
    link.symlink_to(path)
    open_book(link).apply(plan(sheet_of(path)))
    assert link.is_symlink()
    assert (tmp_path / "there" / ".danggol").is_dir()


FAILURES = {
    errno.ENOSPC: "book.disk_full",
    errno.EACCES: "book.unwritable",
    errno.ENAMETOOLONG: "book.path_long",
    errno.EIO: "book.system",
}


@pytest.mark.parametrize("code", FAILURES)
@pytest.mark.parametrize("step", ["mkdir", "open", "fsync", "replace"])
def test_whatever_the_disk_refuses_the_file_stays_whole_and_no_trace_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    path = write("plain", tmp_path)
    edits, before = plan(sheet_of(path)), sha(path)
    book = open_book(path)

    def fail(*_args: object, **_options: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        if step == "mkdir":
            patched.setattr(Path, "mkdir", fail)
        elif step == "open":
            real = Path.open
            patched.setattr(
                Path, "open", lambda self, mode="r", *a, **k: fail() if "w" in mode else real(self, mode, *a, **k)
            )
        else:
            patched.setattr(os, step, fail)
        with raises(BookError, FAILURES[code]):
            book.apply(edits)
    assert sha(path) == before
    assert not [p.name for p in tmp_path.rglob("*") if p.suffix in (".tmp", ".part", ".bak", ".jsonl")]
    assert open_book(path).apply(edits).run


@pytest.mark.parametrize("name", [".bak", ".tmp"])
def test_where_only_the_backup_or_only_the_new_file_finds_no_room_nothing_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = write("plain", tmp_path)
    edits, before, book = plan(sheet_of(path)), sha(path), open_book(path)
    real = Path.open

    def full(self: Path, mode: str = "r", *args: Any, **options: Any) -> Any:
        if self.suffix == name and "w" in mode:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, mode, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        with raises(BookError, "book.disk_full"):
            book.apply(edits)
    assert sha(path) == before
    assert not [p.name for p in tmp_path.rglob("*") if p.suffix in (".tmp", ".part", ".bak", ".jsonl")]


def test_a_byte_that_changes_while_the_new_file_is_checked_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("plain", tmp_path)
    name, before, times = sheet_of(path), path.read_bytes(), path.stat()
    theirs = before[:-1] + bytes([before[-1] ^ 1])  # a comment's length: the zip is as long as before
    checked = gate.check

    def meanwhile(*args: Any) -> None:
        checked(*args)
        path.write_bytes(theirs)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    monkeypatch.setattr(gate, "check", meanwhile)
    with raises(BookLocked, "book.changed_meanwhile"):
        open_book(path).apply(plan(name))
    assert path.read_bytes() == theirs
    assert not [p.name for p in tmp_path.rglob("*") if p.suffix in (".tmp", ".part", ".bak", ".jsonl")]


KILLED = textwrap.dedent(
    """
    import itertools, os, sys
    from pathlib import Path
    from addin.books import Edits, open_book

    path, sheet, wanted = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    edits = Edits("refresh")
    edits.write(sheet, 40, 14, [["주의"]])
    book = open_book(path)
    steps = itertools.count(1)  # two threads write: the backup, the new file

    def dies(real):
        def call(*args, **options):
            if next(steps) == wanted:
                os._exit(9)
            return real(*args, **options)
        return call

    for name in ("fsync", "replace", "rename", "unlink", "close"):
        setattr(os, name, dies(getattr(os, name)))
    Path.replace = dies(Path.replace)
    Path.unlink = dies(Path.unlink)
    real = Path.open
    Path.open = lambda self, mode="r", *a, **k: (dies(real) if "w" in mode else real)(self, mode, *a, **k)
    book.apply(edits)
    print(next(steps) - 1)
    """
)


def killed(path: Path, sheet: str, step: int) -> subprocess.CompletedProcess[str]:
    """An apply in a process of its own that is gone without a word at one of its write steps (0 = it lives)."""
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(path), sheet, str(step)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONUTF8": "1"},
    )


def test_killed_at_any_write_step_the_old_or_the_new_file_is_there_whole(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    sheet, before = sheet_of(path), path.read_bytes()
    steps = int(killed(path, sheet, 0).stdout)
    after = path.read_bytes()
    assert after != before
    seen = set()
    for step in range(1, steps + 1):
        path.write_bytes(before)
        for trace in (tmp_path / ".danggol").iterdir():
            trace.unlink()
        assert killed(path, sheet, step).returncode == 9
        left = path.read_bytes()
        assert left in (before, after)
        seen.add(left)
        journal = Journal(path)
        journal.prepare()
        assert [r.action for r in journal.runs()] == (["refresh"] if left == after else [])
        assert not [p.name for p in tmp_path.rglob("*") if p.suffix in (".tmp", ".part")]
        assert len(list(journal.folder.glob("*.bak"))) == (left == after)
    assert seen == {before, after}


def test_naming_the_package_imports_nothing_heavy() -> None:
    code = (
        "import addin.books, sys; print([m for m in ('lxml', 'polars', 'xlsxwriter', 'zipfile') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert done.stdout.strip() == "[]"
