"""The shared strings of a book, read only: an entry is decoded when someone asks for it, and never edited."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from addin.books.cells import Raw, string_item

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from addin.books.package import Package

_ITEM = re.compile(rb"<si(?:\s[^>]*)?/>|<si(?:\s[^>]*)?>.*?</si>", re.DOTALL)
#: A part of so many bytes is not taken apart for the few texts that are asked for.
_MANY = 1 << 20
#: So many bytes are looked at in one go.
_WINDOW = 1 << 22


class Strings:
    """The shared strings by index."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._known: dict[int, str | Raw] = {}

    @cached_property
    def _items(self) -> list[bytes] | _Items:
        rel = self.package.rel(self.package.workbook_part, "sharedStrings")
        if rel is None or not self.package.has(rel.target):
            return []
        data = self.package.read(rel.target)
        if b"<sst" not in data[:2000] or (b"!" in data and (b"<!--" in data or b"<![CDATA[" in data)):
            data = _normalised(self.package, rel.target)
        start, end = data.find(b"<si"), data.rfind(b"</sst>")
        starts = item_starts(memoryview(data)[start:end]) if end > _MANY and start >= 0 else None
        return _ITEM.findall(data) if starts is None else _Items(data, starts + start)

    def get(self, index: int) -> str | Raw:
        """A text; `Raw` for text of many looks, and for an entry the book lost: its cell is kept as it stands."""
        found = self._known.get(index)
        if found is None:
            present = 0 <= index < len(self._items)
            found = string_item(self._items[index]) if present else Raw("s", f"<v>{index}</v>")
            self._known[index] = found
        return found


class _Items:
    """The ``<si>`` elements of some XML by where they begin: few of many are ever asked for."""

    def __init__(self, data: bytes, starts: NDArray[np.intp]) -> None:
        self._data, self._starts = data, starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, at: int) -> bytes:
        found = _ITEM.match(self._data, self._starts[at], self._starts[at + 1])
        return found[0] if found else b"<si/>"


def item_starts(items: bytes | memoryview) -> NDArray[np.intp] | None:
    """Where every ``<si>`` element begins, and where the last ends; None where that can't be told by a search.

    >>> item_starts(b"<si>a</si><si/><si >b</si>").tolist(), item_starts(b"<size/>"), item_starts(b"<!-- --><si/>")
    ([0, 10, 15, 26], None, None)
    """
    import numpy as np

    starts: list[NDArray[np.intp]] = []
    for at in range(0, len(items), _WINDOW):
        window = bytes(items[at : at + _WINDOW + 4])
        if b"!" in window and b"<!" in window:
            return None
        text, size = np.frombuffer(window + b"    ", np.uint8), min(_WINDOW, len(items) - at)
        found = np.flatnonzero((text[:size] == ord("<")) & (text[1 : size + 1] == ord("s")))
        found = found[text[found + 2] == ord("i")]
        behind = text[found + 3]
        closed = (behind == ord("/")) & (text[found + 4] == ord(">"))
        plain = closed | (behind == ord(">")) | (behind == ord(" "))
        if not plain.all() or (at == 0 and not (len(found) and found[0] == 0)):
            return None
        starts.append(found + at)
    return np.concatenate([*starts, [len(items)]])


def _normalised(package: Package, part: str) -> bytes:
    """The part without comments, CDATA and prefixes."""
    from lxml import etree

    root = package.xml(part)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    text: bytes = etree.tostring(root)
    mark = (root.prefix or "").encode()
    return text.replace(b"<" + mark + b":", b"<").replace(b"</" + mark + b":", b"</") if mark else text
