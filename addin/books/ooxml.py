"""Names the parts of a workbook go by: namespaces, content types, relationship targets; and the one XML parser.

After ECMA-376 parts 1 (namespaces; the strict ones are ISO 29500's) and 2 (packages).
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin.errors import BookError

if TYPE_CHECKING:
    from lxml.etree import _Element

RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
CONTENT_TYPES = "[Content_Types].xml"

_ENTITIES = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&quot;"),
    ("\n", "&#10;"),
    ("\r", "&#13;"),
    ("\t", "&#9;"),
)


@dataclass(frozen=True, slots=True)
class Namespaces:
    """The XML namespaces of one flavour of OOXML; ``rel`` also begins every relationship type."""

    main: str
    rel: str
    drawing: str
    sheet_drawing: str
    chart: str


TRANSITIONAL = Namespaces(
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "http://schemas.openxmlformats.org/drawingml/2006/chart",
)
STRICT = Namespaces(
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://purl.oclc.org/ooxml/drawingml/main",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
    "http://purl.oclc.org/ooxml/drawingml/chart",
)


def parse(data: bytes, where: str = "", part: str = "") -> _Element:
    """XML bytes → root element, without network, entities or size limits. `BookError` where it is not well-formed."""
    from lxml import etree

    parser = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BookError("book.bad_xml", where=where, value=part, detail=str(error)) from error


def rels_name(part: str) -> str:
    """The relationships part of a part: ``xl/workbook.xml`` → ``xl/_rels/workbook.xml.rels``.

    >>> rels_name("xl/workbook.xml"), rels_name("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", base + ".rels")


def resolve_target(part: str, target: str) -> str:
    """A relationship's target as a part name, seen from the part that has it.

    >>> resolve_target("xl/worksheets/sheet1.xml", "../drawings/drawing1.xml")
    'xl/drawings/drawing1.xml'
    >>> resolve_target("xl/workbook.xml", "/xl/a.xml")
    'xl/a.xml'
    """
    from urllib.parse import unquote

    target = unquote(target.split("#", 1)[0]).replace("\\", "/")
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
    return posixpath.normpath(joined).lstrip("/")


def relative(part: str, target: str) -> str:
    """A part name as a relationship target seen from ``part``.

    >>> relative("xl/worksheets/sheet1.xml", "xl/tables/table1.xml"), relative("", "xl/workbook.xml")
    ('../tables/table1.xml', 'xl/workbook.xml')
    """
    return posixpath.relpath("/" + target, "/" + posixpath.dirname(part))


def quoted_attribute(text: str) -> str:
    """A text as an attribute's value, quotes with it; `xml.sax.saxutils` would import the whole of urllib.

    >>> quoted_attribute('A "b" & <c>')
    '"A &quot;b&quot; &amp; &lt;c&gt;"'
    """
    for plain, entity in _ENTITIES:
        text = text.replace(plain, entity)
    return f'"{text}"'
