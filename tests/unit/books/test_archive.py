"""Zip entries as they stand, and a new zip they go into unchanged."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from typing import cast

import pytest

from addin.books import archive as archives
from addin.books import longpart
from addin.books.archive import PIECE, Archive, ZipWriter, deflate
from addin.books.longpart import LongPart
from addin.errors import BookError
from tests.unit.books.raised import raises
from tests.unit.books.tiny import zipped


@pytest.mark.parametrize("library", ["isal.isal_zlib", "zlib"])
def test_a_long_part_deflated_in_pieces_is_one_valid_stream(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "press", lambda: pytest.importorskip(library, exc_type=ImportError))
    data = bytes(range(256)) * (PIECE // 256 * 2 + 100)
    pieces = deflate(data)
    assert len(pieces) == 3
    assert zlib.decompress(b"".join(pieces), -15) == data


def test_a_copied_entry_is_the_same_bytes_and_a_new_one_is_found_beside_it() -> None:
    old = Archive(zipped({"가.xml": "<a/>", "b.xml": "<b/>" * 99}))
    out = io.BytesIO()
    writer = ZipWriter(out)
    writer.copy(old, "가.xml")
    writer.add("b.xml", b"<c/>", deflate(b"<c/>"), old.entries["b.xml"])
    writer.add("새.xml", b"", deflate(b""), None)
    assert writer.close() == hashlib.sha256(out.getvalue()).hexdigest()
    new = Archive(out.getvalue())
    assert new.raw("가.xml") == old.raw("가.xml")
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert {n: archive.read(n) for n in archive.namelist()} == {"가.xml": b"<a/>", "b.xml": b"<c/>", "새.xml": b""}


def test_an_entry_never_grows_past_what_it_says() -> None:
    data = bytearray(zipped({"a.xml": "x" * 5000}))
    for size_at in (22, data.find(b"PK\x01\x02") + 24):
        data[size_at : size_at + 4] = (10).to_bytes(4, "little")
    taken: list[int] = []
    with raises(BookError, "book.damaged"):
        taken.extend(len(piece) for piece in Archive(bytes(data)).chunks("a.xml", 1 << 20))
    assert sum(taken) <= 11


def test_a_stored_entry_is_checked_too() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.xml", "<a/>")
    assert b"".join(Archive(buffer.getvalue()).chunks("a.xml", 99)) == b"<a/>"
    with raises(BookError, "book.damaged"):
        list(Archive(buffer.getvalue().replace(b"<a/>", b"<b/>")).chunks("a.xml", 99))


@pytest.mark.parametrize("long", [False, True])
def test_packed_bytes_are_the_same_only_to_the_last_one(long: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(longpart, "WINDOW", 64)
    text = "".join(map(str, range(400)))
    files = [{"a.xml": text}, {"b.xml": "앞", "a.xml": text}, {"a.xml": text[:-1] + "x"}, {"a.xml": text[:-1]}]
    old, same, other, short = (
        Archive(cast("bytes", LongPart.of([data])) if long else data) for data in map(zipped, files)
    )
    assert b"".join(old.pieces("a.xml")) == old.raw("a.xml") == same.raw("a.xml")
    assert same.same_raw("a.xml", old)
    assert not other.same_raw("a.xml", old)
    assert not short.same_raw("a.xml", old)
