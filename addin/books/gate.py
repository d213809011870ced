"""The gate before a changed workbook takes the place of the old one: is it whole, and is nothing else in it changed.

Checked on the bytes read back from disk: they are what was written; every part nobody changed has the same compressed
bytes, name and order; every relationship leads somewhere; every part has a content type; ids are unique; changed XML
is well-formed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate

from addin.books import longpart
from addin.books.ooxml import CONTENT_TYPES, RELS_TYPE, TYPES_NS
from addin.books.package import Package
from addin.errors import BookError

if TYPE_CHECKING:
    from pathlib import Path

#: Parts up to this size are inflated and parsed whole; of longer sheets head, tail and so much of the rows.
WHOLE = 4 * 1024 * 1024
SAMPLE = 1024 * 1024
_XML = (".xml", ".rels", ".vml")


def check(before: Package, written: Path) -> None:
    """Whether the new file may take the place of the old one; `BookError` otherwise.

    ``before`` is the package as changed in memory and saved, ``written`` the file it was saved to.
    """
    data = longpart.held(written)
    if not before.saved(data):
        raise BookError("book.gate", where=before.where, value=written.name)
    after = Package(data, before.where)
    if after.names() != before.names():
        raise BookError("book.gate", where=before.where, value="names")
    changed = before.changed
    for name in after.names():
        if name not in changed and not after.same_raw(name, before):
            raise BookError("book.gate", where=before.where, value=name)
    for name, new in changed.items():
        if new is not None and not (after.holds(name, new) if len(new) <= WHOLE else after.announces(name, new)):
            raise BookError("book.gate", where=before.where, value=name)


def check_parts(package: Package) -> None:
    """Whether the parts as changed make a sound package, before anything is written; `BookError` otherwise."""
    for name, new in package.changed.items():
        if new is not None and name.lower().endswith(_XML):
            well_formed(new, name, package.where)
    lint(package)


def check_whole(written: Path, wanted: bytes) -> None:
    """Whether a file holds exactly these bytes; `BookError` otherwise."""
    if written.read_bytes() != wanted:
        raise BookError("book.gate", where=written.name, value=written.name)


def lint(package: Package) -> None:
    """Relationships, content types and ids of the whole package; `BookError` naming the part that is wrong.

    What was wrong in the person's file before is not ours to mend: only parts we touched are held to it.
    """
    changed = {name for name, data in package.changed.items() if data is not None}
    before = Package(package.data, package.where)
    types = package.xml(package.resolve(CONTENT_TYPES) or CONTENT_TYPES)
    overrides = [e.get("PartName", "").lower() for e in types.iter(f"{{{TYPES_NS}}}Override")]
    if len(overrides) != len(set(overrides)) and CONTENT_TYPES in changed:
        raise BookError("book.gate", where=package.where, value=CONTENT_TYPES)
    for name in changed:
        if name != CONTENT_TYPES and not package.content_type(name):
            raise BookError("book.gate", where=package.where, value=name)
        if name.endswith(".rels"):
            owner = name.replace("_rels/", "", 1)[: -len(".rels")] if "/_rels/" in f"/{name}" else name
            rels = package.rels(owner)
            ids = [rel.id for rel in rels]
            known = {rel.id for rel in before.rels(owner) if not before.has(rel.target)}
            missing = [r.target for r in rels if not r.external and not package.has(r.target) and r.id not in known]
            if len(ids) != len(set(ids)) or missing or package.content_type(name) != RELS_TYPE:
                raise BookError("book.gate", where=package.where, value=(missing or [name])[0])
    if package.workbook_part in changed:
        sheets = package.sheets
        for kind in ([s.name.casefold() for s in sheets], [s.sheet_id for s in sheets], [s.rid for s in sheets]):
            if len(kind) != len(set(kind)):
                raise BookError("book.gate", where=package.where, value=package.workbook_part)


def well_formed(data: bytes, part: str, where: str = "") -> None:
    """Raise `BookError` unless the XML is well-formed; of a very long sheet a share of its rows is looked at."""
    parser = ParserCreate()
    try:
        for piece in _pieces(data):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except ExpatError as error:
        raise BookError("book.bad_xml", where=where, value=part, detail=str(error)) from error


def _pieces(data: bytes) -> list[bytes]:
    """All of it; or head, tail and evenly spread runs of whole rows, which together are a sheet again."""
    start, end = data.find(b"<sheetData>"), data.rfind(b"</sheetData>")
    if len(data) <= WHOLE or start < 0 or end - start <= WHOLE:
        return [data]
    count = 32
    pieces = [data[: start + len(b"<sheetData>")]]
    step, size = (end - start) // count, SAMPLE // count
    for number in range(count):
        begin = data.find(b"<row ", start + number * step, end)
        stop = data.rfind(b"</row>", begin, min(begin + size, end)) + len(b"</row>")
        if begin >= 0 and stop > begin:
            pieces.append(data[begin:stop])
    last = data.rfind(b"<row ", 0, end)
    return [*pieces, data[last:]]
