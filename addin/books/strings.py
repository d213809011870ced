"""The shared strings of a book, read only: an entry is decoded when someone asks for it, and never edited."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from addin.books.cells import string_item
from addin.errors import BookError

if TYPE_CHECKING:
    from addin.books.cells import Raw
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
        """A text, or `Raw` for text of many looks. `BookError` where there is no such entry."""
        found = self._known.get(index)
        if found is None:
            if not 0 <= index < len(self._items):
                raise BookError("book.no_string", where=self.package.where, value=str(index))
            found = self._known[index] = string_item(self._items[index])
        return found


def _normalised(package: Package, part: str) -> bytes:
    """The part without comments, CDATA and prefixes."""
    from lxml import etree

    root = package.xml(part)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    text: bytes = etree.tostring(root)
    mark = (root.prefix or "").encode()
    return text.replace(b"<" + mark + b":", b"<").replace(b"</" + mark + b":", b"</") if mark else text
