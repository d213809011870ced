"""The gate every workbook passes before anything is read from it: is it a workbook, and does it mean no harm.

Sizes a file declares are never trusted: what is read is inflated here first, and no further than was declared.
"""

from __future__ import annotations

import io
import mmap
import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from addin.books.extent import MAX_ALL, Extent, extent
from addin.books.package import Package
from addin.errors import BookError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.books.lastparts import Parts
    from addin.books.package import SheetRef

MIB = 1 << 20
MAX_FILE = 512 * MIB
MAX_PART = 1024 * MIB
MAX_TOTAL = 2048 * MIB
MAX_ENTRIES = 20_000
#: A part larger than `RATIO_FROM` inflates to at most this many times its packed size.
MAX_RATIO = 250
RATIO_FROM = 8 * MIB
#: A cell holds 32,767 characters; escaped, still far less than this many bytes without a tag.
MAX_TEXT_RUN = MIB
_HEAD = 4096
#: Packed bytes in which the head of a part mostly is.
_PACKED_HEAD = 1 << 16

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML = (".xml", ".rels", ".vml")
#: The root element begins, or what may stand before it: a declaration, comments, processing instructions.
_ROOT = re.compile(rb"<[A-Za-z_]")
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)

#: Files people take for an Excel workbook, by ending: each has its own advice (``guard.kind.<name>``).
KINDS = {
    ".xls": "xls",
    ".xlsb": "xlsb",
    ".ods": "ods",
    ".fods": "ods",
    ".numbers": "numbers",
    ".gsheet": "gsheet",
    ".cell": "cell",
    ".hcdt": "cell",
    ".pdf": "other",
    ".docx": "other",
    ".hwp": "other",
    ".hwpx": "other",
    ".zip": "other",
}
#: Parts that tell what a zip really is.
_TELLTALES = (
    ("xl/workbook.bin", "xlsb"),
    ("content.xml", "ods"),
    ("index/document.iwa", "numbers"),
    ("word/document.xml", "other"),
    ("ppt/presentation.xml", "other"),
)


def guard(path: Path) -> None:
    """Raise `BookError` unless the file is a workbook that is safe to read. A .csv is only checked for its size.

    Refused: no zip, encrypted, old .xls and other kinds (each with its advice), bombs, entries outside the package
    or twice, DOCTYPE, missing workbook or sheets, sheets that are absurdly large (issue 2: "x" at XFD20000).
    """
    if path.suffix.lower() == ".csv":
        check_file(path)
        return
    package = open_guarded(path)
    reaches: dict[str, Extent] = {}
    for sheet in package.sheets:
        check_sheet(package, sheet, reaches)


def open_guarded(path: Path, before: Parts | None = None) -> Package:
    """The workbook's parts, after every check but that of its sheets (`check_sheet`, one by one).

    ``before``: those of the file it was before, which was guarded: parts that are as they were need not be again.
    """
    check_file(path)
    _check_kind(path)
    package = Package.open(path, before)
    where = path.name
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        entries = [i for i in archive.infolist() if not i.is_dir()]
    _check_entries(entries, where)
    package.begin()
    for entry in entries:
        known = package.parts is not None and package.parts.packed_alike(entry.filename)
        if entry.filename.lower().endswith(_XML) and not known:
            _check_prolog(package, entry, where)
    if not package.sheets:
        raise BookError("guard.no_sheets", where=where)
    strings = package.rel(package.workbook_part, "sharedStrings")
    if strings is not None and package.has(strings.target) and not package.as_before(strings.target):
        check_runs(package.read(strings.target), strings.target, where)
    return package


def check_sheet(package: Package, sheet: SheetRef, reaches: dict[str, Extent]) -> None:
    """Refuse a worksheet that, alone or with those in ``reaches``, would not fit in memory; add its own reach there.

    The sheet's XML is inflated here and kept by the package until `Package.forget`.
    """
    if sheet.kind != "worksheet" or sheet.part in reaches:
        return
    where = Path(package.where).name
    xml = package.read(sheet.part)
    check_runs(xml, sheet.part, where)
    reach = extent(xml, f"{where} {sheet.part}")
    if reach.area + sum(e.area for e in reaches.values()) > MAX_ALL:
        reach = extent(xml, f"{where} {sheet.part}", exact=True)
    if reach.stray:
        raise BookError("guard.stray", where=f"{sheet.name}!{reach.stray}", value=reach.stray)
    if reach.too_large or reach.area + sum(e.area for e in reaches.values()) > MAX_ALL:
        raise BookError("guard.sheet_too_large", where=sheet.name, rows=f"{reach.rows:,}", columns=f"{reach.columns:,}")
    reaches[sheet.part] = reach


def check_file(path: Path) -> None:
    """Raise `BookError` unless there is such a file, not empty and not huge."""
    if path.is_dir():
        raise BookError("guard.folder", where=str(path))
    try:
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
    except FileNotFoundError as error:
        raise BookError("guard.no_file", where=str(path)) from error
    except OSError as error:
        raise BookError("guard.unreadable", where=str(path), value=error.strerror or str(error)) from error
    if size == 0:
        raise BookError("guard.empty", where=path.name)
    if size > MAX_FILE:
        raise BookError("guard.file_too_large", where=path.name, value=f"{size // MIB:,}", limit=MAX_FILE // MIB)


def _check_kind(path: Path) -> None:
    """Tell what is no zip at all, from its first bytes and its ending."""
    where, kind = path.name, KINDS.get(path.suffix.lower(), "")
    with path.open("rb") as file:
        head = file.read(512)
        if head.startswith(_OLE):
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                encrypted = data.find("EncryptedPackage".encode("utf-16-le")) >= 0
            raise BookError("guard.encrypted" if encrypted else "guard.kind.xls", where=where)
    if head.startswith(b"PK"):
        return
    if kind in ("gsheet", "cell", "other"):
        raise BookError(f"guard.kind.{kind}", where=where, value=path.suffix)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<?xml")):
        raise BookError("guard.kind.web", where=where)
    raise BookError("guard.not_a_workbook", where=where)


def _check_entries(entries: Sequence[zipfile.ZipInfo], where: str) -> None:
    """The zip's directory: names inside the package and once each, sizes within bounds, a kind of workbook we read."""
    if len(entries) > MAX_ENTRIES:
        raise BookError("guard.entries", where=where, value=f"{len(entries):,}", limit=MAX_ENTRIES)
    seen: set[str] = set()
    total = 0
    for entry in entries:
        name = entry.orig_filename
        steps = name.replace("\\", "/").split("/")
        if ".." in steps or steps[0] == "" or ":" in steps[0] or "\0" in name:
            raise BookError("guard.entry_outside", where=where, value=name.replace("\0", "\\0"))
        if entry.filename.lower() in seen:
            raise BookError("guard.entry_twice", where=where, value=name)
        seen.add(entry.filename.lower())
        if entry.flag_bits & 1:
            raise BookError("guard.encrypted", where=where)
        total += entry.file_size
        grows = entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * entry.compress_size
        if grows or entry.file_size > MAX_PART or total > MAX_TOTAL:
            raise BookError("guard.bomb", where=where, value=name, size=f"{entry.file_size // MIB:,}")
    for part, kind in _TELLTALES:
        if part in seen:
            raise BookError(f"guard.kind.{kind}", where=where, value=Path(where).suffix)
    if "[content_types].xml" not in seen:
        raise BookError("guard.not_a_workbook", where=where)


def _check_prolog(package: Package, entry: zipfile.ZipInfo, where: str) -> None:
    """No XML part may declare a document type: entities are how small files grow or reach out."""
    stored = entry.compress_type == 0
    try:
        raw = package.raw(entry.filename, _PACKED_HEAD)
        head = raw[:_HEAD] if stored else zlib.decompressobj(-15).decompress(raw, _HEAD)
        if len(head) < _HEAD and len(raw) == _PACKED_HEAD:  # a long way round, or little more than that
            head = zlib.decompressobj(-15).decompress(package.raw(entry.filename), _HEAD)
    except zlib.error as error:
        raise BookError("guard.damaged", where=where, value=entry.filename) from error
    rest = _after_prolog(head)
    if len(head) == _HEAD and not _ROOT.match(rest):
        rest = _after_prolog(package.read(entry.filename))
    if rest.startswith(b"<!"):
        raise BookError("guard.doctype", where=where, value=entry.filename)


def _after_prolog(head: bytes) -> bytes:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        order = "utf-16" if head[:1] not in b"<\0" else "utf-16-le" if head[:1] == b"<" else "utf-16-be"
        head = head.decode(order, "ignore").encode("utf-8", "ignore")
    found = _PROLOG.match(head)
    return head[found.end() :] if found else head


def check_runs(xml: bytes, part: str, where: str) -> None:
    """A stretch without any tag that no cell can hold: text meant to fill the memory."""
    half = MAX_TEXT_RUN // 2
    if any(xml.find(b"<", at, at + half) < 0 for at in range(0, len(xml) - half, half)):
        raise BookError("guard.text_run", where=where, value=part, size=f"{len(xml) // MIB:,}")
