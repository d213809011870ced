"""A worksheet's cells by a real XML parser, one by one: slower than byte patterns, right for every spelling.

Used where patterns may not be trusted (prefixed names, cells without references, CDATA), and as the tests' cross-check.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin.books.names import column_number
from addin.errors import BookError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class RawCell:
    """One ``<c>``: 1-based place, its type letter, its style index, its text and whether a formula stands in it.

    ``text`` is None where the cell holds no value; for type ``inlineStr`` it is the text, for ``s`` the index.
    """

    row: int
    column: int
    type: str
    style: int
    text: str | None
    formula: bool


def walk(xml: bytes, where: str = "") -> Iterator[RawCell]:
    """Every cell of a worksheet in file order. `BookError` where the XML is not well-formed.

    >>> [(c.row, c.column, c.text) for c in walk(b"<w><sheetData><row><c><v>7</v></c><c/></row></sheetData></w>")]
    [(1, 1, '7'), (1, 2, None)]
    """
    from lxml import etree

    row = 0
    rows = etree.iterparse(
        io.BytesIO(xml),
        events=("end",),
        tag="{*}row",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
    )
    try:
        for _, element in rows:
            given = element.get("r", "")
            row, column = int(given) if given.isdecimal() else row + 1, 0
            for child in element.iterchildren("{*}c"):
                place = _REF.match(child.get("r", ""))
                if place:
                    row, column = int(place[2]), column_number(place[1])
                else:
                    column += 1
                yield _cell(child, row, column)
            _forget(element)
    except etree.XMLSyntaxError as error:
        raise BookError("read.bad_xml", where=where, value=str(error)) from error


def _cell(element: _Element, row: int, column: int) -> RawCell:
    kind, text, formula = element.get("t", "n"), None, False
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "v":
            text = "".join(child.itertext()) if len(child) else child.text or ""
        elif name == "is":
            text = rich_text(child)
        elif name == "f":
            formula = True
    style = element.get("s", "0")
    return RawCell(row, column, kind, int(style) if style.isdecimal() else 0, text, formula)


def _forget(row: _Element) -> None:
    """Let go of a finished row, and of those before it."""
    row.clear()
    parent = row.getparent()
    while parent is not None and row.getprevious() is not None:
        del parent[0]


def rich_text(element: _Element) -> str:
    """The text of an ``<si>`` or ``<is>``: its runs, without the reading aids (``rPh``), escapes undone.

    White space at the ends counts only where the file says ``xml:space="preserve"``, as in Excel.
    """
    out = []
    for child in element.iter("{*}t"):
        parent = child.getparent()
        if parent is not None and isinstance(parent.tag, str) and parent.tag.endswith("rPh"):
            continue
        text = "".join(child.itertext()) if len(child) else child.text or ""
        keep = child.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
        out.append(text if keep else text.strip(" \t\r\n"))
    return unescape("".join(out))


def unescape(text: str) -> str:
    """``_x000D_`` → the character, as Excel writes what XML can't hold; ``_x005F_`` protects an underscore.

    >>> unescape("a_x000D_b"), unescape("_x005F_x000D_")
    ('a\\rb', '_x000D_')
    """
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text
