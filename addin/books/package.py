"""An .xlsx as the zip of parts it is: read lazily, changed part by part, written back with every other entry raw.

Nothing is parsed until asked, and a part nobody `put` keeps its compressed bytes, its order and its date.
Parts, relationships and content types after ECMA-376 part 2.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from addin.books.archive import PIECE, Archive, ZipWriter, deflate, deflating
from addin.books.longpart import LONG_PART, LongPart, crc32, let_go, sha256
from addin.books.ooxml import (
    CONTENT_TYPES,
    RELS_NS,
    RELS_TYPE,
    STRICT,
    TRANSITIONAL,
    TYPES_NS,
    Namespaces,
    parse,
    relative,
    rels_name,
    resolve_target,
)
from addin.books.sheetxml import SheetXml
from addin.errors import BookError, BookRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from concurrent.futures import Future

    from lxml.etree import _Element

    from addin.books.lastparts import Parts
    from addin.books.nearrows import Cuts


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


class Inflated(dict[str, bytes]):
    """Worksheets of one file by part name, inflated; ``indexed`` are those whose rows were looked up already, ``cuts``
    tells where rows stand in those that were recognised.
    """

    def __init__(self) -> None:
        super().__init__()
        self.indexed: dict[str, SheetXml] = {}
        self.cuts: dict[str, Cuts] = {}

    def forget(self, name: str) -> None:
        """Let go of one."""
        self.pop(name, None)
        self.indexed.pop(name, None)


class Package:
    """The parts of one workbook, and what changed in them.

    ``inflated``: worksheets of the very same bytes that another package holds inflated; the two then share them.
    ``before``: parts of the file the book was before, in a process that stays.
    Raises `BookError` for a file that is no zip, lacks its workbook, or whose entries contradict themselves.
    """

    def __init__(
        self, data: bytes, where: str = "", inflated: Inflated | None = None, before: Parts | None = None
    ) -> None:
        self.data = data
        self.where = where
        self._archive = Archive(data, where)
        self._entries = self._archive.entries
        self._lower = {name.lower(): name for name in self._entries}
        self._changed: dict[str, bytes | None] = {}
        self.inflated = Inflated() if inflated is None else inflated
        self.parts = None if before is None else type(before)(self._archive, before)
        self._packed: dict[str, Future[list[bytes]]] = {}
        self._saved: list[bytes | memoryview] = []
        #: The bytes of the content types as changed, and what they say of parts and of endings.
        self._told_types: tuple[bytes | None, dict[str, str], dict[str, str]] | None = None
        #: Part → its changed bytes and how many names there were, and the relationships read then.
        self._rels: dict[str, tuple[tuple[bytes | None, int], list[Rel]]] = {}
        #: What the sheets were told from (the workbook's changed bytes, its relationships', how many names), and they.
        self._sheets: tuple[bytes | None, bytes | None, int, list[SheetRef]] | None = None

    @classmethod
    def open(cls, path: Path, before: Parts | None = None) -> Package:
        """Read the file once; later changes of the file on disk do not reach this package."""
        return cls(path.read_bytes(), str(path), before=before)

    @cached_property
    def sha256(self) -> str:
        """Of the file as read."""
        return sha256(self.data)

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
            return bytes(data)
        if name in self.inflated:
            return self.inflated[name]
        data = self._inflate(name) if self.parts is None else self.parts.read(name, lambda: self._inflate(name))
        if "/worksheets/" in name:
            self.inflated[name] = data
        return data

    def _inflate(self, name: str) -> bytes:
        return b"".join(self.chunks(name, 1 << 30))

    def begin(self) -> None:
        """In a process that stays, begin to inflate the long worksheets that are others than before."""
        if self.parts is not None:
            for name in self._entries:
                if "/worksheets/" in name and self.weight(name) >= PIECE:
                    self.parts.begin(name, partial(self._inflate, name))

    def as_before(self, name: str) -> bool:
        """Whether an unchanged part is, byte for byte, what it was in the file before; False where none is known."""
        return self.parts is not None and self.parts.alike(name, lambda: self.read(name))

    def sheet_xml(
        self, part: str, where: str = "", *, spare: bool = False, rows: Callable[[], Collection[int]] | None = None
    ) -> SheetXml:
        """A worksheet with its rows found: once for a part nobody changed. `BookRefused` as `SheetXml` does.

        ``spare``: a very long one is not held in memory (`addin.books.longpart`). ``rows``: all that will be asked for;
        where they are few, others may not be found.
        """
        found = self.inflated.indexed.get(part)
        if spare and self.weight(part) >= LONG_PART and part not in self._changed and part not in self.inflated:
            with suppress(OSError):  # no room in the temporary folder
                return SheetXml(cast("bytes", LongPart.of(self.chunks(part))), where)
        if found is None:
            data = self.read(part)
            cuts = self.inflated.cuts.get(part) if part not in self._changed else None
            near = cuts.around(rows()) if cuts is not None and rows is not None else None
            if near is not None:
                return SheetXml(data, where, near)
            found = SheetXml(data, where)
            if found.data is self.inflated.get(part):
                self.inflated.indexed[part] = found
        return found

    def holds(self, name: str, data: bytes) -> bool:
        """Whether an unchanged part inflates to exactly this."""
        at = 0
        for piece in self.chunks(name):
            if data[at : at + len(piece)] != piece:
                return False
            let_go(data, at, at + len(piece))
            at += len(piece)
        return at == len(data)

    def announces(self, name: str, data: bytes) -> bool:
        """Whether an unchanged part's entry says the length and CRC of this, without inflating it."""
        info = self._entries[name]
        return info.file_size == len(data) and crc32(data) == info.CRC

    def prune(self) -> None:
        """Forget changes that changed nothing."""
        for name in [n for n in self._changed if n in self._entries]:
            new = self._changed[name]
            if new is not None and len(new) == self._entries[name].file_size:
                del self._changed[name]
                if not self.holds(name, new):
                    self._changed[name] = new

    def weight(self, name: str) -> int:
        """How many bytes an entry of the file says it inflates to; 0 for a part that was added."""
        return self._entries[name].file_size if name in self._entries else 0

    def forget(self, name: str) -> None:
        """Let go of a cached part's bytes."""
        self.inflated.forget(name)

    def chunks(self, name: str, size: int = 1 << 22) -> Iterator[bytes]:
        """An unchanged part inflated piece by piece, its length and CRC checked; a changed one as it is."""
        if name in self._changed or name in self.inflated:
            yield self.read(name)
            return
        if name not in self._entries:
            raise BookError("book.part_missing", where=self.where, value=name)
        yield from self._archive.chunks(name, size)

    def raw(self, name: str, most: int | None = None) -> bytes:
        """An entry's compressed bytes as they stand in the file, at most so many of them."""
        return self._archive.raw(name, most)

    def put(self, name: str, data: bytes) -> None:
        """Replace a part, or add one."""
        same = self._lower.setdefault(name.lower(), name)
        if same != name and self.has(same):
            raise BookRefused("book.part_clash", where=self.where, value=name)
        self._lower[name.lower()] = name
        self._changed[name] = data
        self.inflated.forget(name)
        self._packed.pop(name, None)
        if len(data) >= PIECE:  # a long one is packed at once, while the rest is being written
            self._packed[name] = deflating(data)

    def drop(self, name: str) -> None:
        """Remove a part, its relationships and its content type override."""
        for gone in (name, rels_name(name)):
            if self.has(gone):
                if gone in self._entries:
                    self._changed[gone] = None
                else:
                    del self._changed[gone]
                self.inflated.forget(gone)
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
        now = self._changed.get(name), len(self._lower)
        known = self._rels.get(part)
        if known is None or known[0][0] is not now[0] or known[0][1] != now[1]:
            known = self._rels[part] = now, self._read_rels(part, name)
        return list(known[1])

    def _read_rels(self, part: str, name: str) -> list[Rel]:
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
        key = f"/{part}".lower()
        if content_type is not None:
            from lxml import etree

            root = self.xml(self._types)
            parts = root.iter(f"{{{TYPES_NS}}}Override")
            override = next((e for e in parts if e.get("PartName", "").lower() == key), None)
            if override is None:
                override = etree.SubElement(root, f"{{{TYPES_NS}}}Override", PartName=f"/{part}")
            override.set("ContentType", content_type)
            self.put_xml(self._types, root)
            return content_type
        overrides, defaults = self._read_types()
        return overrides[key] if key in overrides else defaults.get(part.rsplit(".", 1)[-1].lower(), "")

    def _read_types(self) -> tuple[dict[str, str], dict[str, str]]:
        """The content types of parts and of endings, in small letters; the first counts."""
        now = self._changed.get(self._types)
        if self._told_types is None or self._told_types[0] is not now:
            root = self.xml(self._types)
            found: list[dict[str, str]] = []
            for tag, name in (("Override", "PartName"), ("Default", "Extension")):
                told = [(e.get(name, "").lower(), e.get("ContentType", "")) for e in root.iter(f"{{{TYPES_NS}}}{tag}")]
                found.append(dict(reversed(told)))
            self._told_types = now, found[0], found[1]
        return self._told_types[1:]

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
        part, rels = self.workbook_part, self.resolve(rels_name(self.workbook_part))
        now = self._changed.get(part), self._changed.get(rels or ""), len(self._lower)
        known = self._sheets
        if known is None or known[0] is not now[0] or known[1] is not now[1] or known[2] != now[2]:
            known = self._sheets = *now, self._read_sheets()
        return list(known[3])

    def _read_sheets(self) -> list[SheetRef]:
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
                return self._write(ZipWriter(file, self.where))
        return self._write(ZipWriter(target, self.where))

    def _write(self, out: ZipWriter) -> str:
        for name in self._written():
            new = self._changed.get(name)
            if new is None:
                out.copy(self._archive, name)
            else:
                packing = self._packed.get(name)
                out.add(name, new, packing.result() if packing else deflate(new), self._entries.get(name))
        self._saved = out.pieces
        return out.close()

    def saved(self, data: bytes) -> bool:
        """Whether these are exactly the bytes that `save` wrote last."""
        at = 0
        for piece in self._saved:
            if not data.startswith(piece, at):
                return False
            let_go(data, at, at + len(piece))
            at += len(piece)
        return at == len(data)

    def same_raw(self, name: str, other: Package) -> bool:
        """Whether a part's entry holds the very compressed bytes it holds in another file."""
        return self._archive.same_raw(name, other._archive)
