"""Zip files by hand: what `zipfile` would never write (lying sizes, one name twice, hundreds of MB in a few KB)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DATE = 0x0021  # 1980-01-01, in MS-DOS form


@dataclass(frozen=True)
class Entry:
    """One entry as it will stand in the zip: deflated bytes, and the CRC and size it claims."""

    name: str
    deflated: bytes
    crc: int
    size: int

    @classmethod
    def of(cls, name: str, data: bytes) -> Entry:
        """An honest entry."""
        squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
        return cls(name, squeeze.compress(data) + squeeze.flush(), zlib.crc32(data), len(data))

    @classmethod
    def repeated(cls, name: str, head: bytes, block: bytes, times: int, tail: bytes) -> Entry:
        """``head`` + ``block`` × ``times`` + ``tail``, the block compressed once: 300 MB in milliseconds."""
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
        start = squeeze.compress(head) + squeeze.flush(zlib.Z_FULL_FLUSH)
        middle = squeeze.compress(block) + squeeze.flush(zlib.Z_FULL_FLUSH)
        end = squeeze.compress(tail) + squeeze.flush()
        crc = zlib.crc32(head)
        for _ in range(times):
            crc = zlib.crc32(block, crc)
        return cls(
            name, start + middle * times + end, zlib.crc32(tail, crc), len(head) + len(block) * times + len(tail)
        )


def raw_zip(entries: Iterable[Entry]) -> bytes:
    """The zip with exactly these entries, in this order, checked by nobody."""
    out, directory, count = io.BytesIO(), b"", 0
    for e in entries:
        name = e.name.encode()
        fields = struct.pack("<HHHHHIII", 20, 0x800, 8, 0, _DATE, e.crc, len(e.deflated), e.size)
        directory += b"PK\1\2" + struct.pack("<H", 20) + fields
        directory += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, out.tell()) + name
        out.write(b"PK\3\4" + fields + struct.pack("<HH", len(name), 0) + name + e.deflated)
        count += 1
    start = out.tell()
    out.write(directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), start, 0))
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """Every part of a package, by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The package with parts replaced, added or (None) left out; everything else as it was."""
    kept = {**parts(data), **changes}
    return raw_zip(Entry.of(name, body) for name, body in kept.items() if body is not None)


def with_content_type(data: bytes, element: str) -> bytes:
    """One more ``<Override …/>`` or ``<Default …/>`` in ``[Content_Types].xml``."""
    types = parts(data)["[Content_Types].xml"]
    return changed(data, {"[Content_Types].xml": types.replace(b"</Types>", element.encode() + b"</Types>")})
