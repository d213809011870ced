"""Files that must be refused: no workbook at all, locked away, or made to hurt whoever opens them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tests.messy.layouts import plain
from tests.messy.zips import Entry, changed, parts, raw_zip

if TYPE_CHECKING:
    from pathlib import Path

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MB = 1 << 20


def _honest(data: bytes, *leave_out: str) -> list[Entry]:
    return [Entry.of(name, body) for name, body in parts(data).items() if name not in leave_out]


def not_a_zip() -> bytes:
    """A web page saved under the name of a workbook."""
    return "<html><body><table><tr><td>접수</td></tr></table></body></html>".encode()


def cut_short() -> bytes:
    """A download that broke off half-way."""
    data = plain()
    return data[: len(data) // 2]


def empty() -> bytes:
    """No bytes at all."""
    return b""


def _compound(*streams: str) -> bytes:
    """An OLE compound file with these (empty) streams: header, one FAT sector, one directory sector."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0)
    header += struct.pack("<I", free) * 108
    fat = struct.pack("<II", 0xFFFFFFFD, end) + struct.pack("<I", free) * 126
    directory = b""
    for n, name in enumerate(("Root Entry", *streams)):
        text = name.encode("utf-16-le")
        last = n == len(streams)
        links = (free, free, 1 if streams else free) if n == 0 else (free, free if last else n + 1, free)
        directory += text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, 5 if n == 0 else 2, 1)
        directory += struct.pack("<III", *links) + bytes(36) + struct.pack("<IQ", end, 0)
    return header + fat + directory.ljust(512, b"\0")


def encrypted() -> bytes:
    """A workbook with a password: Excel wraps it in an OLE file."""
    return _compound("EncryptionInfo", "EncryptedPackage")


def old_xls() -> bytes:
    """An .xls of Excel 97–2003 under the name .xlsx."""
    return _compound("Workbook")


def zip_bomb() -> bytes:
    """A part of 640 MB of blanks, in a file of about 650 KB."""
    data = plain()
    bomb = Entry.repeated("xl/media/bomb.xml", b"<a>", b" " * 16 * MB, 40, b"</a>")
    return raw_zip([*_honest(data), bomb])


def lying_zip_bomb() -> bytes:
    """The sheet says it holds 1,000 bytes and inflates to 300 MB."""
    data = plain()
    bomb = Entry.repeated(SHEET, b"<worksheet>", b" " * 4 * MB, 75, b"</worksheet>")
    return raw_zip([*_honest(data, SHEET), Entry(bomb.name, bomb.deflated, bomb.crc, 1000)])


def huge_cell() -> bytes:
    """300 MB of text in one cell, in a file of about 300 KB."""
    data = plain()
    head = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    tail = b"</t></is></c></row></sheetData></worksheet>"
    return raw_zip([*_honest(data, SHEET), Entry.repeated(SHEET, head.encode(), b"x" * 4 * MB, 75, tail)])


def climbing_path() -> bytes:
    """An entry that would be written outside the folder: ``../../evil.xml``."""
    return raw_zip([*_honest(plain()), Entry.of("../../evil.xml", b"<a/>")])


def absolute_path() -> bytes:
    """An entry named from the root: ``/etc/evil``."""
    return raw_zip([*_honest(plain()), Entry.of("/etc/evil", b"x")])


def same_entry_twice() -> bytes:
    """Two different sheets under one part name: readers disagree which counts."""
    data = plain()
    other = parts(data)[SHEET].replace(b"<sheetData>", b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>')
    return raw_zip([*_honest(data), Entry.of(SHEET, other)])


def doctype() -> bytes:
    """A sheet with a DOCTYPE whose entities grow a thousandfold."""
    data = plain()
    laugh = '<!DOCTYPE l [<!ENTITY a "하하하하하하하하하하"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    xml = parts(data)[SHEET].decode()
    return changed(data, {SHEET: xml.replace("<worksheet", laugh + "<worksheet", 1).encode()})


def outside_entity() -> bytes:
    """The shared strings ask for a file of the reader's machine."""
    data = plain()
    xml = parts(data)["xl/sharedStrings.xml"].decode()
    ask = '<!DOCTYPE sst [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    xml = xml.replace("<sst", ask + "<sst", 1).replace("<t>㈜한빛</t>", "<t>&f;</t>", 1)
    return changed(data, {"xl/sharedStrings.xml": xml.encode()})


def far_cell() -> bytes:
    """One ``x`` at XFD20000: 330 million cells for who reads the rectangle."""
    data = plain()
    far = b'<row r="20000"><c r="XFD20000" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return changed(data, {SHEET: parts(data)[SHEET].replace(b"</sheetData>", far)})


def no_workbook_part() -> bytes:
    """A zip of an office document, and no workbook in it."""
    return changed(plain(), {"xl/workbook.xml": None})


def no_sheet_part() -> bytes:
    """The workbook names a sheet whose part is not there."""
    return changed(plain(), {SHEET: None})


def broken_sheet() -> bytes:
    """A sheet whose XML stops in the middle of a row."""
    data = plain()
    xml = parts(data)[SHEET]
    return changed(data, {SHEET: xml[: len(xml) // 2]})


def excel_lock(path: Path, user: str = "김도윤") -> Path:
    """The ``~$`` file Excel leaves beside a workbook while it is open."""
    text = user.encode("utf-16-le")
    lock = path.with_name("~$" + path.name)
    lock.write_bytes(
        bytes([len(user)])
        + user.encode("cp949", "replace").ljust(54, b" ")
        + struct.pack("<H", len(user))
        + text
        + b" \0" * (54 - len(user))
    )
    return lock


def calc_lock(path: Path) -> Path:
    """The ``.~lock.…#`` file LibreOffice leaves beside a workbook while it is open."""
    lock = path.with_name(f".~lock.{path.name}#")
    lock.write_text(",김도윤,machine,20.11.2026 10:00,file:///home/kim/.config/libreoffice/4;", encoding="utf-8")
    return lock
