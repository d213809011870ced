"""An .xlsx as the zip of parts it is: read lazily, changed part by part, written back with every other entry raw.

Nothing is parsed until asked, and a part nobody `put` keeps its compressed bytes, its order and its date.
Zip layout after PKWARE's APPNOTE; parts, relationships and content types after ECMA-376 part 2.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from addin.errors import BookError, BookRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future, ThreadPoolExecutor

    from lxml.etree import _Element

RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
CONTENT_TYPES = "[Content_Types].xml"
#: A part at least this long is deflated in pieces, two at a time.
PIECE = 8 * 1024 * 1024

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_MAX32 = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Namespaces:
    """The XML namespaces of one flavour of OOXML; ``rel`` also begins every relationship type."""

    main: str
    rel: str
    drawing: str
    sheet_drawing: str
    chart: str


TRANSITIONAL = Namespaces(
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "http://schemas.openxmlformats.org/drawingml/2006/chart",
)
STRICT = Namespaces(
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://purl.oclc.org/ooxml/drawingml/main",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
    "http://purl.oclc.org/ooxml/drawingml/chart",
)


@dataclass(frozen=True, slots=True)
class Rel:
    """One relationship. ``target`` is a part name as the zip spells it, or a URI when external."""

    id: str
    type: str
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """The last word of the type: ``worksheet``, ``drawing``, ``table`` …"""
        return self.type.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class SheetRef:
    """A sheet of the workbook, in tab order. ``kind``: worksheet | chartsheet | dialogsheet | xlMacrosheet …"""

    name: str
    sheet_id: int
    rid: str
    part: str
    kind: str
    state: str = "visible"


class Package:
    """The parts of one workbook, and what changed in them.

    Raises `BookError` for a file that is no zip, lacks its workbook, or whose entries contradict themselves.
    """

    def __init__(self, data: bytes, where: str = "") -> None:
        self.data = data
        self.where = where
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise BookError("book.not_a_workbook", where=where, value=str(error)) from error
        self._entries = {i.filename: i for i in entries}
        self._lower = {name.lower(): name for name in self._entries}
        if len(self._lower) < len(entries):
            names = [i.filename.lower() for i in entries]
            raise BookError("book.duplicate_entry", where=where, value=next(n for n in names if names.count(n) > 1))
        self._changed: dict[str, bytes | None] = {}
        self._cache: dict[str, bytes] = {}
        self._packed: dict[str, Future[list[bytes]]] = {}

    @classmethod
    def open(cls, path: Path) -> Package:
        """Read the file once; later changes of the file on disk do not reach this package."""
        return cls(path.read_bytes(), str(path))

    @cached_property
    def sha256(self) -> str:
        """Of the file as read."""
        return hashlib.sha256(self.data).hexdigest()

    # ---- parts

    def names(self) -> list[str]:
        """Part names in zip order, added ones last (folder entries are no parts, but are written back)."""
        return [name for name in self._written() if not name.endswith("/")]

    def _written(self) -> list[str]:
        kept = [n for n in self._entries if self._changed.get(n, b"") is not None]
        return kept + [n for n, d in self._changed.items() if n not in self._entries and d is not None]

    @property
    def changed(self) -> dict[str, bytes | None]:
        """Parts put (their bytes) and dropped (None) so far."""
        return dict(self._changed)

    def has(self, name: str) -> bool:
        """Whether the part exists (exact name)."""
        return self._changed[name] is not None if name in self._changed else name in self._entries

    def read(self, name: str) -> bytes:
        """A part's bytes: as changed, else as in the file. Worksheets are inflated once and kept."""
        if name in self._changed:
            data = self._changed[name]
            if data is None:
                raise BookError("book.part_missing", where=self.where, value=name)
            return data
        if name in self._cache:
            return self._cache[name]
        data = b"".join(self.chunks(name, 1 << 30))
        if "/worksheets/" in name:
            self._cache[name] = data
        return data

    def holds(self, name: str, data: bytes) -> bool:
        """Whether an unchanged part inflates to exactly this."""
        at = 0
        for piece in self.chunks(name):
            if data[at : at + len(piece)] != piece:
                return False
            at += len(piece)
        return at == len(data)

    def announces(self, name: str, data: bytes) -> bool:
        """Whether an unchanged part's entry says the length and CRC of this, without inflating it."""
        info = self._entries[name]
        return info.file_size == len(data) and zlib.crc32(data) == info.CRC

    def prune(self) -> None:
        """Forget changes that changed nothing."""
        for name in [n for n in self._changed if n in self._entries]:
            new = self._changed[name]
            if new is not None and len(new) == self._entries[name].file_size:
                del self._changed[name]
                if not self.holds(name, new):
                    self._changed[name] = new

    def forget(self, name: str) -> None:
        """Let go of a cached part's bytes."""
        self._cache.pop(name, None)

    def chunks(self, name: str, size: int = 1 << 22) -> Iterator[bytes]:
        """An unchanged part inflated piece by piece, its length and CRC checked; a changed one as it is."""
        if name in self._changed or name in self._cache:
            yield self.read(name)
            return
        info = self._entries.get(name)
        if info is None:
            raise BookError("book.part_missing", where=self.where, value=name)
        raw = memoryview(self.raw(name))
        if info.flag_bits & 1:
            raise BookError("book.encrypted", where=self.where, value=name)
        if info.compress_type == zipfile.ZIP_STORED:
            if zlib.crc32(raw) != info.CRC:
                raise BookError("book.damaged", where=self.where, value=name)
            yield bytes(raw)
            return
        if info.compress_type != zipfile.ZIP_DEFLATED:
            raise BookError("book.damaged", where=self.where, value=name)
        inflate, crc, length, rest = zlib.decompressobj(-15), 0, 0, bytes(raw)
        size = min(size, info.file_size + 1)
        try:
            while rest and not inflate.eof:
                piece = inflate.decompress(rest, size)
                rest = inflate.unconsumed_tail
                crc, length = zlib.crc32(piece, crc), length + len(piece)
                if length > info.file_size:
                    break
                yield piece
                if not piece and not rest:
                    break
        except zlib.error as error:
            raise BookError("book.damaged", where=self.where, value=name) from error
        if length != info.file_size or crc != info.CRC:
            raise BookError("book.damaged", where=self.where, value=name)

    def raw(self, name: str) -> bytes:
        """An entry's compressed bytes as they stand in the file."""
        info = self._entries[name]
        head = self.data[info.header_offset : info.header_offset + _LOCAL.size]
        if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
            raise BookError("book.damaged", where=self.where, value=name)
        name_length, extra_length = _LOCAL.unpack(head)[9:]
        start = info.header_offset + _LOCAL.size + name_length + extra_length
        found = self.data[start : start + info.compress_size]
        if len(found) != info.compress_size:
            raise BookError("book.damaged", where=self.where, value=name)
        return found

    def put(self, name: str, data: bytes) -> None:
        """Replace a part, or add one."""
        same = self._lower.setdefault(name.lower(), name)
        if same != name and self.has(same):
            raise BookRefused("book.part_clash", where=self.where, value=name)
        self._lower[name.lower()] = name
        self._changed[name] = data
        self._cache.pop(name, None)
        self._packed.pop(name, None)
        if len(data) >= PIECE:  # a long one is packed at once, in the background: zlib lets other threads run
            self._packed[name] = _background().submit(deflate, data)

    def drop(self, name: str) -> None:
        """Remove a part, its relationships and its content type override."""
        for gone in (name, rels_name(name)):
            if self.has(gone):
                if gone in self._entries:
                    self._changed[gone] = None
                else:
                    del self._changed[gone]
                self._cache.pop(gone, None)
                self._lower.pop(gone.lower(), None)
        types = self.xml(self._types)
        for item in types.findall(f"{{{TYPES_NS}}}Override"):
            if item.get("PartName", "").lower() == f"/{name}".lower():
                types.remove(item)
                self.put_xml(self._types, types)

    def resolve(self, name: str) -> str | None:
        """A part's name as the zip spells it, found without regard to case; None where there is none."""
        return self._lower.get(name.lstrip("/").lower())

    def find_free(self, pattern: str) -> str:
        """The first unused name: ``find_free("xl/worksheets/sheet{}.xml")``."""
        number = 1
        while (name := pattern.format(number)).lower() in self._lower or rels_name(name).lower() in self._lower:
            number += 1
        return name

    # ---- XML

    def xml(self, name: str) -> _Element:
        """A small part as an element tree; entities are never resolved. `BookError` where it is not well-formed."""
        return parse(self.read(name), where=self.where, part=name)

    def put_xml(self, name: str, root: _Element) -> None:
        """Put a part from its element tree."""
        from lxml import etree

        self.put(name, etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True))

    # ---- relationships and content types

    def rels(self, part: str) -> list[Rel]:
        """A part's relationships, in order; ``""`` is the package itself."""
        name = self.resolve(rels_name(part))
        if name is None:
            return []
        out = []
        for item in self.xml(name).iter(f"{{{RELS_NS}}}Relationship"):
            external = item.get("TargetMode") == "External"
            target = item.get("Target", "")
            if not external:
                full = resolve_target(part, target)
                target = self.resolve(full) or full
            out.append(Rel(item.get("Id", ""), item.get("Type", ""), target, external))
        return out

    def rel(self, part: str, kind: str) -> Rel | None:
        """The first internal relationship whose type ends in ``/kind``."""
        return next((r for r in self.rels(part) if r.kind == kind and not r.external), None)

    def add_rel(self, part: str, type_suffix: str, target: str, external: bool = False) -> str:
        """Relate ``part`` to another; gives the new id. ``type_suffix``: ``worksheet``, ``table`` … or a whole URI."""
        from lxml import etree

        name = self.resolve(rels_name(part))
        root = self.xml(name) if name else etree.Element(f"{{{RELS_NS}}}Relationships", nsmap={None: RELS_NS})
        used = {item.get("Id", "").lower() for item in root}
        number = len(used) + 1
        while f"rid{number}" in used:
            number += 1
        kind = type_suffix if "://" in type_suffix else f"{self.ns.rel}/{type_suffix}"
        attributes = {"Id": f"rId{number}", "Type": kind, "Target": target if external else relative(part, target)}
        if external:
            attributes["TargetMode"] = "External"
        etree.SubElement(root, f"{{{RELS_NS}}}Relationship", attributes)
        self.put_xml(name or rels_name(part), root)
        self.default_type("rels", RELS_TYPE)
        return attributes["Id"]

    def drop_rel(self, part: str, rid: str) -> None:
        """Take one relationship away; the target stays."""
        name = self.resolve(rels_name(part))
        if name is None:
            return
        root = self.xml(name)
        for item in root.findall(f"{{{RELS_NS}}}Relationship"):
            if item.get("Id") == rid:
                root.remove(item)
                self.put_xml(name, root)

    def content_type(self, part: str, content_type: str | None = None) -> str:
        """A part's content type; with ``content_type`` it is set (Override)."""
        root = self.xml(self._types)
        key = f"/{part}".lower()
        override = next((e for e in root.iter(f"{{{TYPES_NS}}}Override") if e.get("PartName", "").lower() == key), None)
        if content_type is not None:
            from lxml import etree

            if override is None:
                override = etree.SubElement(root, f"{{{TYPES_NS}}}Override", PartName=f"/{part}")
            override.set("ContentType", content_type)
            self.put_xml(self._types, root)
            return content_type
        if override is not None:
            return str(override.get("ContentType", ""))
        extension = part.rsplit(".", 1)[-1].lower()
        defaults = root.iter(f"{{{TYPES_NS}}}Default")
        return next((str(e.get("ContentType")) for e in defaults if e.get("Extension", "").lower() == extension), "")

    def default_type(self, extension: str, content_type: str) -> None:
        """Make sure files of an extension have a content type; one that is there stays."""
        from lxml import etree

        root = self.xml(self._types)
        defaults = root.findall(f"{{{TYPES_NS}}}Default")
        if not any(e.get("Extension", "").lower() == extension.lower() for e in defaults):
            new = etree.Element(f"{{{TYPES_NS}}}Default", Extension=extension, ContentType=content_type)
            root.insert(len(defaults), new)
            self.put_xml(self._types, root)

    @property
    def _types(self) -> str:
        name = self.resolve(CONTENT_TYPES)
        if name is None:
            raise BookError("book.part_missing", where=self.where, value=CONTENT_TYPES)
        return name

    # ---- the workbook

    @cached_property
    def workbook_part(self) -> str:
        """The workbook's part name."""
        rel = self.rel("", "officeDocument")
        if rel is None or not self.has(rel.target):
            raise BookError("book.no_workbook", where=self.where)
        return rel.target

    @cached_property
    def strict(self) -> bool:
        """Whether this is ISO strict OOXML (purl.oclc.org namespaces)."""
        return STRICT.main.encode() in self.read(self.workbook_part)

    @property
    def ns(self) -> Namespaces:
        """The namespaces this workbook is written in."""
        return STRICT if self.strict else TRANSITIONAL

    @property
    def folder(self) -> str:
        """The workbook part's folder, with its slash: ``xl/``."""
        return self.workbook_part[: self.workbook_part.rfind("/") + 1]

    @property
    def sheets(self) -> list[SheetRef]:
        """The sheets in tab order."""
        by_id = {r.id: r for r in self.rels(self.workbook_part)}
        out = []
        for item in self.xml(self.workbook_part).iterfind(f"{{{self.ns.main}}}sheets/{{{self.ns.main}}}sheet"):
            rel = by_id.get(item.get(f"{{{self.ns.rel}}}id", ""))
            if rel is None or rel.external or not self.has(rel.target):
                raise BookError("book.sheet_missing", where=self.where, value=item.get("name", ""))
            number = item.get("sheetId", "0")
            state = item.get("state", "visible")
            out.append(SheetRef(item.get("name", ""), int(number), rel.id, rel.target, rel.kind, state))
        return out

    def sheet(self, name: str) -> SheetRef | None:
        """A sheet by name; Excel's names don't tell upper from lower case."""
        key = name.casefold()
        return next((s for s in self.sheets if s.name.casefold() == key), None)

    # ---- writing

    def save(self, target: Path | IO[bytes]) -> str:
        """Write the package: unchanged entries raw, changed ones deflated at level 1, in order; added ones last.

        Gives the sha256 of what was written.
        """
        if isinstance(target, Path):
            with target.open("wb") as file:
                return self._write(_Hashed(file))
        return self._write(_Hashed(target))

    def _write(self, file: _Hashed) -> str:
        central: list[bytes] = []
        offset = 0
        for name in self._written():
            info = self._entries.get(name)
            new = self._changed.get(name)
            if info is not None and new is None:
                size, crc, method = info.file_size, info.CRC, info.compress_type
                pieces = [self.raw(name)]
            else:
                assert new is not None
                size, crc, method = len(new), zlib.crc32(new), zipfile.ZIP_DEFLATED
                packing = self._packed.get(name)
                pieces = packing.result() if packing else deflate(new)
            packed = sum(map(len, pieces))
            if max(offset, size, packed) >= _MAX32:
                raise BookRefused("book.too_large", where=self.where, value=name)
            local, entry = _headers(name, info, method, crc, packed, size, offset)
            file.write(local)
            for piece in pieces:
                file.write(piece)
            central.append(entry)
            offset += len(local) + packed
        directory = b"".join(central)
        if len(central) > 0xFFFF or offset + len(directory) >= _MAX32:
            raise BookRefused("book.too_large", where=self.where, value=str(len(central)))
        file.write(directory)
        file.write(_END.pack(b"PK\x05\x06", 0, 0, len(central), len(central), len(directory), offset, 0))
        return file.sha256.hexdigest()


class _Hashed:
    """A file that knows the sha256 of what was written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sha256 = file, hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.sha256.update(data)


@cache
def _background() -> ThreadPoolExecutor:
    """The one thread that packs long parts (it shares the work with a second, see `deflate`)."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, "danggol-deflate")


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


def deflate(data: bytes, level: int = 1) -> list[bytes]:
    """Raw deflate. A long part is cut in pieces that two threads compress; together they are one valid stream."""
    if len(data) < PIECE:
        return [_piece(data, level, True)]
    from concurrent.futures import ThreadPoolExecutor

    view = memoryview(data)
    cuts = range(0, len(data), PIECE)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda at: _piece(view[at : at + PIECE], level, at + PIECE >= len(data)), cuts))


def _piece(data: Any, level: int, last: bool) -> bytes:
    press = zlib.compressobj(level, zlib.DEFLATED, -15)
    return press.compress(data) + press.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)


def parse(data: bytes, where: str = "", part: str = "") -> _Element:
    """XML bytes → root element, without network, entities or size limits. `BookError` where it is not well-formed."""
    from lxml import etree

    parser = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BookError("book.bad_xml", where=where, value=part, detail=str(error)) from error


def rels_name(part: str) -> str:
    """The relationships part of a part: ``xl/workbook.xml`` → ``xl/_rels/workbook.xml.rels``.

    >>> rels_name("xl/workbook.xml"), rels_name("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", base + ".rels")


def resolve_target(part: str, target: str) -> str:
    """A relationship's target as a part name, seen from the part that has it.

    >>> resolve_target("xl/worksheets/sheet1.xml", "../drawings/drawing1.xml")
    'xl/drawings/drawing1.xml'
    >>> resolve_target("xl/workbook.xml", "/xl/a.xml")
    'xl/a.xml'
    """
    from urllib.parse import unquote

    target = unquote(target.split("#", 1)[0]).replace("\\", "/")
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
    return posixpath.normpath(joined).lstrip("/")


def relative(part: str, target: str) -> str:
    """A part name as a relationship target seen from ``part``.

    >>> relative("xl/worksheets/sheet1.xml", "xl/tables/table1.xml"), relative("", "xl/workbook.xml")
    ('../tables/table1.xml', 'xl/workbook.xml')
    """
    return posixpath.relpath("/" + target, "/" + posixpath.dirname(part))
