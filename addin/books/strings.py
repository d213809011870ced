"""The shared strings of a book, read only: an entry is decoded when someone asks for it, and never edited."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from addin.books.cells import Raw, string_item

if TYPE_CHECKING:
    from addin.books.package import Package

_ITEM = re.compile(rb"<si(?:\s[^>]*)?>.*?</si>|<si(?:\s[^>]*)?/>", re.DOTALL)


class Strings:
    """The shared strings by index."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._known: dict[int, str | Raw] = {}

    @cached_property
    def _items(self) -> list[bytes]:
        rel = self.package.rel(self.package.workbook_part, "sharedStrings")
        if rel is None or not self.package.has(rel.target):
            return []
        data = self.package.read(rel.target)
        if b"<sst" not in data[:2000] or (b"!" in data and (b"<!--" in data or b"<![CDATA[" in data)):
            data = _normalised(self.package, rel.target)
        return _ITEM.findall(data)

    def get(self, index: int) -> str | Raw:
        """A text; `Raw` for text of many looks, and for an entry the book lost: its cell is kept as it stands."""
        found = self._known.get(index)
        if found is None:
            present = 0 <= index < len(self._items)
            found = string_item(self._items[index]) if present else Raw("s", f"<v>{index}</v>")
            self._known[index] = found
        return found


def _normalised(package: Package, part: str) -> bytes:
    """The part without comments, CDATA and prefixes."""
    from lxml import etree

    root = package.xml(part)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    text: bytes = etree.tostring(root)
    mark = (root.prefix or "").encode()
    return text.replace(b"<" + mark + b":", b"<").replace(b"</" + mark + b":", b"</") if mark else text
