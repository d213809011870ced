"""The zip a workbook is: entries as they stand in the file, and a new zip into which they go unchanged.

Zip layout after PKWARE's APPNOTE. No zip64: a workbook over 4 GB is refused.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from functools import cache
from typing import IO, TYPE_CHECKING, Any, cast

from addin.books.longpart import LongPart, crc32, let_go, windows
from addin.books.press import press
from addin.errors import BookError, BookRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future, ThreadPoolExecutor

#: A part at least this long is deflated in pieces, two at a time.
PIECE = 8 * 1024 * 1024
#: Compressed bytes that are inflated in one go where a part comes piece by piece.
_STEP = 1 << 19

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_MAX32 = 0xFFFFFFFF


class Archive:
    """The entries of a zip in memory. `BookError` for what is no zip, or names an entry twice."""

    def __init__(self, data: bytes, where: str = "") -> None:
        self.data, self.where = data, where
        try:
            with zipfile.ZipFile(
                cast("IO[bytes]", data) if isinstance(data, LongPart) else io.BytesIO(data)
            ) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise BookError("book.not_a_workbook", where=where, value=str(error)) from error
        self.entries = {i.filename: i for i in entries}
        names = [i.filename.lower() for i in entries]
        if len(set(names)) < len(names):
            raise BookError("book.duplicate_entry", where=where, value=next(n for n in names if names.count(n) > 1))

    def raw(self, name: str, most: int | None = None) -> bytes:
        """An entry's compressed bytes as they stand in the file, at most so many of them."""
        return bytes(self._raw(name)[:most])

    def pieces(self, name: str) -> Iterator[memoryview]:
        """An entry's compressed bytes without a copy of them, piece by piece."""
        start, stop = self._span(name)
        yield from windows(self.data, start, stop)

    def same_raw(self, name: str, other: Archive) -> bool:
        """Whether an entry's compressed bytes are those it has in another file."""
        start, stop = self._span(name)
        (its_start, its_stop), at = other._span(name), start
        if stop - start != its_stop - its_start:
            return False
        for piece in other.pieces(name):
            if not self.data.startswith(piece, at):
                return False
            at += len(piece)
            let_go(self.data, start, at)
        return True

    def _raw(self, name: str) -> memoryview:
        start, stop = self._span(name)
        return memoryview(self.data)[start:stop]

    def _span(self, name: str) -> tuple[int, int]:
        """Where an entry's compressed bytes begin and end."""
        info = self.entries[name]
        head = self.data[info.header_offset : info.header_offset + _LOCAL.size]
        if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
            raise self._damaged(name)
        name_length, extra_length = _LOCAL.unpack(head)[9:]
        start = info.header_offset + _LOCAL.size + name_length + extra_length
        stop = start + info.compress_size
        if stop > len(self.data):
            raise self._damaged(name)
        return start, stop

    def packed_alike(self, name: str, other: Archive) -> bool:
        """Whether an entry holds the very bytes, packed in the same way, that it holds in another file."""
        own, its = self.entries.get(name), other.entries.get(name)
        if own is None or its is None:
            return False
        told = [(i.CRC, i.file_size, i.compress_size, i.compress_type, i.flag_bits) for i in (own, its)]
        return told[0] == told[1] and self.same_raw(name, other)

    def chunks(self, name: str, size: int) -> Iterator[bytes]:
        """An entry inflated piece by piece; its length and CRC are checked, and it never grows past what it says."""
        info, raw = self.entries[name], self._raw(name)
        if info.flag_bits & 1:
            raise BookError("book.encrypted", where=self.where, value=name)
        if info.compress_type == zipfile.ZIP_STORED:
            if press().crc32(raw) != info.CRC:
                raise self._damaged(name)
            yield bytes(raw)
            return
        if info.compress_type != zipfile.ZIP_DEFLATED:
            raise self._damaged(name)
        inflate, crc, length = press().decompressobj(-15), 0, 0
        size, step = min(size, info.file_size + 1), len(raw) if size > info.file_size else _STEP
        rest: bytes | memoryview = b""
        piece = b""
        try:  # a full piece may not have been all there was
            while (rest or raw or len(piece) == size) and not inflate.eof and length <= info.file_size:
                if not rest:  # what is left is handed back as a copy
                    rest, raw = raw[:step], raw[step:]
                    at = info.header_offset + info.compress_size - len(raw)
                    let_go(self.data, at - 2 * step, at - step)
                piece = inflate.decompress(rest, size)
                rest = inflate.unconsumed_tail
                crc, length = press().crc32(piece, crc), length + len(piece)
                yield piece
        except (zlib.error, press().error) as error:
            raise self._damaged(name) from error
        if length != info.file_size or crc != info.CRC:
            raise self._damaged(name)

    def _damaged(self, name: str) -> BookError:
        return BookError("book.damaged", where=self.where, value=name)


class ZipWriter:
    """A new zip, entry by entry. `close` gives the sha256 of all that was written, ``pieces`` are what was."""

    def __init__(self, file: IO[bytes], where: str = "") -> None:
        self.file, self.where = file, where
        self.pieces: list[bytes | memoryview] = []
        self._sha256, self._central, self._offset = hashlib.sha256(), list[bytes](), 0

    def copy(self, archive: Archive, name: str) -> None:
        """An entry of another zip as it is: compressed bytes, date and attributes."""
        info = archive.entries[name]
        size = info.compress_size, info.file_size
        self._entry(name, info, info.compress_type, info.CRC, size, archive.pieces(name))

    def add(self, name: str, data: bytes, packed: list[bytes], like: zipfile.ZipInfo | None) -> None:
        """New content, deflated already; ``like`` the entry it replaces."""
        size = sum(map(len, packed)), len(data)
        parts = (part for piece in packed for part in windows(piece, 0, len(piece)))
        self._entry(name, like, zipfile.ZIP_DEFLATED, crc32(data), size, parts)

    def close(self) -> str:
        """Write the directory."""
        directory = b"".join(self._central)
        count = len(self._central)
        if count > 0xFFFF or self._offset + len(directory) >= _MAX32:
            raise BookRefused("book.too_large", where=self.where, value=str(count))
        self._write(directory)
        self._write(_END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), self._offset, 0))
        return self._sha256.hexdigest()

    def _entry(
        self, name: str, info: zipfile.ZipInfo | None, method: int, crc: int, size: tuple[int, int],
        pieces: Iterable[memoryview],
    ) -> None:  # fmt: skip
        """``size``: compressed, and inflated."""
        if max(self._offset, *size) >= _MAX32:
            raise BookRefused("book.too_large", where=self.where, value=name)
        local, entry = _headers(name, info, method, crc, *size, self._offset)
        self._write(local)
        for piece in pieces:
            self._write(piece)
        self._central.append(entry)
        self._offset += len(local) + size[0]

    def _write(self, data: bytes | memoryview) -> None:
        self.file.write(data)
        self._sha256.update(data)
        self.pieces.append(data)


def _headers(
    name: str, info: zipfile.ZipInfo | None, method: int, crc: int, packed: int, size: int, offset: int
) -> tuple[bytes, bytes]:
    """Local and central header of one entry; an old entry keeps date, attributes and what its extra field says."""
    if info is None:
        raw_name, flags = name.encode(), 0 if name.isascii() else 0x800
        stamp, extra, comment = (0, 33), b"", b""
        made, system, needed, inner, outer = 20, 0, 20, 0, 0
    else:
        flags = info.flag_bits & 0x806  # UTF-8 names and the deflate level; sizes stand in the header, not behind
        raw_name = info.orig_filename.encode("utf-8" if flags & 0x800 else "cp437")
        y, mo, d, h, mi, s = info.date_time
        stamp = (h << 11 | mi << 5 | s // 2, (y - 1980) << 9 | mo << 5 | d)
        extra, comment = _without_zip64(info.extra), info.comment
        made, system, needed = info.create_version, info.create_system, min(info.extract_version, 20)
        inner, outer = info.internal_attr, info.external_attr
    common = (needed, flags, method, *stamp, crc, packed, size, len(raw_name))
    local = _LOCAL.pack(b"PK\x03\x04", *common, 0) + raw_name
    entry = _CENTRAL.pack(
        b"PK\x01\x02", made, system, needed, 0, flags, method, *stamp, crc, packed, size,
        len(raw_name), len(extra), len(comment), 0, inner, outer, offset,
    )  # fmt: skip
    return local, entry + raw_name + extra + comment


def _without_zip64(extra: bytes) -> bytes:
    out, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind != 1:
            out += extra[at : at + 4 + length]
        at += 4 + length
    return out


def deflating(data: bytes) -> Future[list[bytes]]:
    """`deflate` in the background: zlib lets other threads run."""
    return _background().submit(deflate, data)


@cache
def _background() -> ThreadPoolExecutor:
    """The one thread that packs long parts; it shares the work with two more."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, "danggol-deflate")


def deflate(data: bytes, level: int = 1) -> list[bytes]:
    """Raw deflate. A long part is cut in pieces that two threads compress; together they are one valid stream.

    What is not held in memory (`LongPart`) isn't either when deflated.
    """
    if len(data) < PIECE:
        return [_piece(data, level, True)]
    from concurrent.futures import ThreadPoolExecutor

    view = memoryview(data)
    cuts = range(0, len(data), PIECE)

    def packed(at: int) -> bytes:
        found = _piece(view[at : at + PIECE], level, at + PIECE >= len(data))
        let_go(data, at, at + PIECE)
        return found

    with ThreadPoolExecutor(2) as pool:
        found = pool.map(packed, cuts)
        return [cast("bytes", LongPart.of(found))] if isinstance(data, LongPart) else list(found)


def _piece(data: Any, level: int, last: bool) -> bytes:
    stream = press().compressobj(level, zlib.DEFLATED, -15)
    packed: bytes = stream.compress(data) + stream.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)
    return packed
