"""ListObjects (tables) of a sheet: which cells are their headers, growing and shrinking them by one column.

A table whose column names differ from its header cells is repaired by Excel when opened, so both change together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin.books.cells import escape, unescape
from addin.books.sheethead import parse_range, range_text

if TYPE_CHECKING:
    from lxml.etree import _Element

    from addin.books.package import Package
    from addin.crm.grid import Rect


@dataclass(slots=True)
class ListObject:
    """One table part, open for changes; `save` puts it back."""

    package: Package
    part: str
    root: _Element
    rect: Rect

    @property
    def _q(self) -> str:
        tag = str(self.root.tag)
        return tag[: tag.index("}") + 1]

    @property
    def name(self) -> str:
        """As formulas call it."""
        return self.root.get("displayName") or self.root.get("name") or ""

    @property
    def header_row(self) -> int:
        """The row of its headers; 0 where it shows none."""
        return self.rect[0] if self.root.get("headerRowCount", "1") != "0" else 0

    @property
    def linked(self) -> bool:
        """Whether a query or an XML map fills it: its columns aren't ours to change."""
        return str(self.root.get("tableType", "worksheet")) != "worksheet"

    @property
    def headers(self) -> list[str]:
        """Its column names, left to right."""
        return [unescape(column.get("name", "")) for column in self._columns()]

    def _columns(self) -> list[_Element]:
        return list(self.root.iterfind(f"{self._q}tableColumns/{self._q}tableColumn"))

    def is_header(self, row: int, column: int) -> bool:
        """Whether the cell is one of its headers."""
        return row == self.header_row and self.rect[1] <= column <= self.rect[3]

    def rename(self, column: int, header: str) -> None:
        """Give the column (of the sheet) another name."""
        self._columns()[column - self.rect[1]].set("name", _attribute(header))

    def grow(self, header: str) -> None:
        """One column more on the right."""
        from lxml import etree

        columns = self._columns()
        number = max((int(c.get("id", "0")) for c in columns), default=0) + 1
        home = self.root.find(f"{self._q}tableColumns")
        assert home is not None
        etree.SubElement(home, f"{self._q}tableColumn", id=str(number), name=_attribute(header))
        home.set("count", str(len(columns) + 1))
        self._resize(1)

    def shrink(self) -> None:
        """One column less on the right."""
        home = self.root.find(f"{self._q}tableColumns")
        assert home is not None
        columns = self._columns()
        home.remove(columns[-1])
        home.set("count", str(len(columns) - 1))
        self._resize(-1)

    def _resize(self, by: int) -> None:
        top, left, bottom, right = self.rect
        self.rect = (top, left, bottom, right + by)
        self.root.set("ref", range_text(self.rect))
        for item in self.root.iter(f"{self._q}autoFilter"):
            covered = parse_range(item.get("ref", ""))
            if covered is not None and covered[3] == right:
                item.set("ref", range_text((*covered[:3], right + by)))

    def save(self) -> None:
        """Put the part back."""
        self.package.put_xml(self.part, self.root)


def list_objects(package: Package, sheet_part: str) -> list[ListObject]:
    """The tables of a sheet."""
    out = []
    for rel in package.rels(sheet_part):
        if rel.kind == "table" and not rel.external and package.has(rel.target):
            root = package.xml(rel.target)
            rect = parse_range(root.get("ref", ""))
            if rect is not None:
                out.append(ListObject(package, rel.target, root, rect))
    return out


def pivot_ranges(package: Package, sheet_part: str) -> list[Rect]:
    """Where the sheet's pivot tables are laid out."""
    out = []
    for rel in package.rels(sheet_part):
        if rel.kind == "pivotTable" and not rel.external and package.has(rel.target):
            for item in package.xml(rel.target):
                rect = parse_range(item.get("ref", "")) if str(item.tag).endswith("}location") else None
                if rect is not None:
                    out.append(rect)
    return out


def mentions(text: bytes, header: str) -> bool:
    """Whether XML holds a structured reference to a column of that name.

    >>> mentions(b"<f>SUM(Table1[Sales])</f>", "Sales"), mentions(b"<f>A1</f>", "Sales")
    (True, False)
    """
    quoted = re.sub(r"(['#\[\]])", r"'\1", header)
    return any(f"[{form}".encode() in text for form in {escape(quoted), escape("@" + quoted)})


def _attribute(header: str) -> str:
    """A column name as the table part writes it: line breaks as ``_x000a_``, like Excel (lxml escapes the rest)."""
    return re.sub(r"_x(?=[0-9A-Fa-f]{4}_)", "_x005F_x", header).replace("\r", "_x000d_").replace("\n", "_x000a_")
