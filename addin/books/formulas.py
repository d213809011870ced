"""Formulas of the book around an edit: whether there are any, and the calculation chain without cells that went."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.books.names import column_number
from addin.books.sheethead import parse_range
from addin.crm.grid import cell_address
from addin.crm.lazy import pattern

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from addin.books.package import Package
    from addin.crm.grid import Rect

_ANY = (re.compile(rb"<f[\s/>]"), re.compile(rb":f[\s/>]"))
_BLOCK = pattern(rb"<f\s(?=[^>]*?t=[\"'](?:array|dataTable)[\"'])[^>]*?ref=[\"']([^\"']*)[\"']")
_SHARED = pattern(rb"<c\s[^>]*?r=[\"']([A-Z]{1,3})(\d+)[\"'][^>]*>\s*<f\s([^>]*?)/?>")
_REF = pattern(rb"\sref=[\"']([^\"']*)[\"']")
_SI = pattern(rb"\bsi=[\"'](\d+)[\"']")


def blocks(data: bytes) -> Iterator[Rect]:
    """The ranges of array formulas, spills and data tables of a sheet: their cells can't be changed one by one."""
    if b"array" in data or b"dataTable" in data:
        for found in _BLOCK().finditer(data):
            rect = parse_range(found[1].decode())
            if rect is not None:
                yield rect


def shared_cells(data: bytes, attributes: bytes) -> set[tuple[int, int]]:
    """The (row, column) of every cell that takes its formula from the shared one with these ``<f>`` attributes."""
    wanted = _SI().search(attributes)
    out = set()
    for found in _SHARED().finditer(data):
        group = _SI().search(found[3])
        if group and wanted and group[1] == wanted[1]:
            out.add((int(found[2]), column_number(found[1].decode())))
    return out


def is_master(attributes: bytes) -> bool:
    """Whether ``<f>`` attributes are those of a cell other cells take their formula from."""
    return b"shared" in attributes and _REF().search(b" " + attributes) is not None


def any_formula(package: Package, bare: Container[str] = ()) -> bool:
    """Whether any sheet of the book holds a formula; those in ``bare`` are known not to."""
    chain = package.rel(package.workbook_part, "calcChain")
    if chain is not None and package.has(chain.target):
        return True
    for sheet in package.sheets:
        if sheet.part in bare:
            continue
        kept = b""
        for piece in package.chunks(sheet.part):
            if any(one.search(kept + piece[:16]) or one.search(piece) for one in _ANY):
                return True
            kept = piece[-16:]
    return False


def prune_chain(package: Package, gone: Iterable[tuple[int, int, int]], *, everything: bool = False) -> None:
    """Take (sheet id, row, column) cells out of the calculation chain; an empty chain goes, as Excel rebuilds it.

    In the chain an entry without a sheet id means the sheet of the entry before.
    """
    rel = package.rel(package.workbook_part, "calcChain")
    if rel is None or not package.has(rel.target):
        return
    wanted = {(sheet, cell_address(row, column)) for sheet, row, column in gone}
    if not wanted and not everything:
        return
    root = package.xml(rel.target)
    sheet = 0
    left = dropped = 0
    for entry in list(root):
        if not isinstance(entry.tag, str):
            continue
        sheet = int(entry.get("i", str(sheet)))
        if (sheet, entry.get("r", "").upper()) in wanted:
            root.remove(entry)
            dropped += 1
        else:
            entry.set("i", str(sheet))
            left += 1
    if everything or not left:
        package.drop_rel(package.workbook_part, rel.id)
        package.drop(rel.target)
    elif dropped:
        package.put_xml(rel.target, root)
