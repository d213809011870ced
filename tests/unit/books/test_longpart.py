"""A sheet that is not held in memory is written byte for byte like one that is."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from addin.books import Edits, archive, longpart, open_book, package
from addin.books.edits import CLEAR
from addin.books.longpart import LongPart, crc32, held, sha256, windows
from addin.books.package import Inflated, Package
from addin.books.read import read_book
from tests.unit.books import tiny

if TYPE_CHECKING:
    from collections.abc import Callable

WHEN = dt.datetime(2026, 11, 22, 9, 0)


def _book(folder: Path, count: int = 40) -> Path:
    text = '<c r="{0}{1}" t="inlineStr"><is><t>글 {1}</t></is></c>'
    cells = '<c r="A{0}"><v>{0}</v></c>' + text.format("B", "{0}")
    rows = "".join(f'<row r="{n}" spans="1:2">{cells.format(n)}</row>' for n in range(1, count + 1))
    return tiny.write(folder, tiny.rows(rows, '<mergeCells count="1"><mergeCell ref="D1:E1"/></mergeCells>'),
                      styles=tiny.STYLES)  # fmt: skip


def _in_the_midst(edits: Edits) -> None:
    edits.write("S1", row=7, column=2, values=[["새 글"], [None], [CLEAR], [dt.date(2026, 3, 1)]])


def _beside(edits: Edits) -> None:
    edits.write("S1", row=1, column=3, values=[[f"값 {n % 3}"] for n in range(40)])


def _below(edits: Edits) -> None:
    edits.write("S1", row=50, column=5, values=[[1.5]])


def _colors(edits: Edits) -> None:
    edits.fill("S1", row=3, column=1, color="FFC7CE", rows=20)


@pytest.mark.parametrize("edit", [_in_the_midst, _beside, _below, _colors])
@pytest.mark.parametrize("long", [1 << 22, 1])
def test_the_same_bytes_are_written(
    edit: Callable[[Edits], None], long: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addin.books.sheetxml.LONG", long)
    monkeypatch.setattr(longpart, "WINDOW", 256)
    monkeypatch.setattr(archive, "PIECE", 1000)
    monkeypatch.setattr(package, "PIECE", 1000)
    made, written = _book(tmp_path), []
    for name, limit in (("held", 1 << 40), ("not held", 1)):
        monkeypatch.setattr(package, "LONG_PART", limit)
        monkeypatch.setattr(longpart, "LONG_FILE", limit)
        (folder := tmp_path / name).mkdir()
        book = Path(shutil.copy(made, folder))
        edits = Edits("x")
        edit(edits)
        snapshot = read_book(book)
        open_book(book, sha256=snapshot.sha256, inflated=Inflated()).apply(edits, when=WHEN)
        lines = [p.read_bytes() for p in sorted((folder / ".danggol").rglob("*.jsonl*"))]
        written.append((book.read_bytes(), lines))
        assert open_book(book).package().read("xl/worksheets/sheet1.xml").count(b"<row ") >= 40
        (backup,) = (folder / ".danggol").rglob("*.bak")
        assert sha256(backup.read_bytes()) == snapshot.sha256
    assert written[0] == written[1]


def test_a_sheet_without_rows_gets_its_first_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "LONG_PART", 1)
    book = tiny.write(tmp_path, tiny.rows("").replace("<sheetData></sheetData>", "<sheetData/>"))
    edits = Edits("x")
    edits.write("S1", row=2, column=1, values=[["가"]])
    open_book(book).apply(edits, when=WHEN)
    xml = Package.open(book).read("xl/worksheets/sheet1.xml")
    assert b'<sheetData><row r="2">' in xml
    assert xml.count(b"</sheetData>") == 1


def test_without_room_in_the_temporary_folder_it_is_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_given: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(package, "LONG_PART", 1)
    monkeypatch.setattr(longpart, "LONG_FILE", 1)
    monkeypatch.setattr("addin.books.longpart.tempfile.TemporaryFile", full)
    book, other = _book(tmp_path), tmp_path / "other.xlsx"
    shutil.copy(book, other)
    edits = Edits("x")
    _in_the_midst(edits)
    open_book(book).apply(edits, when=WHEN)
    monkeypatch.undo()
    open_book(other).apply(edits, when=WHEN)
    assert book.read_bytes() == other.read_bytes()


def test_marks_between_two_windows_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(longpart, "WINDOW", 4)
    data = b"abc</row>defg</row>" * 3
    part = LongPart.of([data[:5], data[5:]])
    assert b"</row>" in part
    assert b"</rov>" not in part
    assert (part.count(b"</row>"), part.count(b"</row>", 4)) == (6, 5)
    assert crc32(part) == crc32(data)  # type: ignore[arg-type]
    assert b"".join(windows(part, 2, 17)) == data[2:17]  # type: ignore[arg-type]


@pytest.mark.parametrize("limit", [1, 1 << 30])
def test_a_file_s_bytes_are_the_same_wherever_they_stand(
    limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(longpart, "WINDOW", 4)
    monkeypatch.setattr(longpart, "LONG_FILE", limit)
    path = tmp_path / "a"
    path.write_bytes(b"abcdefghij")
    found = held(path)
    assert isinstance(found, LongPart) is (limit == 1)
    assert (found[:], sha256(found)) == (b"abcdefghij", sha256(b"abcdefghij"))
    path.write_bytes(b"other")
    assert found[:] == b"abcdefghij"


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize(
    ("there", "same"), [(b"0123456789", True), (b"0123456789x", False), (b"012345678", False), (b"01234567x9", False)]
)
def test_whether_a_file_holds_exactly_these_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bytes, same: bool, long: bool
) -> None:
    monkeypatch.setattr(longpart, "WINDOW", 4)
    path = tmp_path / "a"
    path.write_bytes(there)
    data = LongPart.of([b"0123456789"]) if long else b"0123456789"
    assert longpart.holds(path, data) is same
