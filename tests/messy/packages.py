"""Workbooks other programs wrote: strict OOXML, missing parts, prefixes, rows without numbers."""

from __future__ import annotations

import re

from tests.messy.layouts import HEADERS, one_sheet, plain, requests
from tests.messy.zips import changed, parts

SHEET = "xl/worksheets/sheet1.xml"
_STRICT = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
        b"http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
    ),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
        b"http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
    ),
    (b"http://schemas.openxmlformats.org/drawingml/2006/main", b"http://purl.oclc.org/ooxml/drawingml/main"),
)


def strict() -> bytes:
    """Saved as "Strict Open XML": other namespaces throughout."""
    data = plain()
    changes: dict[str, bytes | None] = {}
    for name, body in parts(data).items():
        for transitional, purl in _STRICT:
            body = body.replace(transitional, purl)
        if name == "xl/workbook.xml":
            body = body.replace(b"<workbook ", b'<workbook conformance="strict" ')
        changes[name] = body
    return changed(data, changes)


def no_shared_strings() -> bytes:
    """No sharedStrings part: every text stands in its own cell."""
    data = plain()
    has = parts(data)
    texts = re.findall(rb"<si><t[^>]*>([^<]*)</t></si>", has["xl/sharedStrings.xml"])
    inline = re.sub(
        rb'(<c [^>]*)t="s"><v>(\d+)</v></c>',
        lambda m: m[1] + b't="inlineStr"><is><t>' + texts[int(m[2])] + b"</t></is></c>",
        has[SHEET],
    )
    return changed(
        data,
        {
            SHEET: inline,
            "xl/sharedStrings.xml": None,
            "[Content_Types].xml": re.sub(rb"<Override [^>]*sharedStrings[^>]*/>", b"", has["[Content_Types].xml"]),
            "xl/_rels/workbook.xml.rels": re.sub(
                rb"<Relationship [^>]*sharedStrings[^>]*/>", b"", has["xl/_rels/workbook.xml.rels"]
            ),
        },
    )


def lost_shared_strings() -> bytes:
    """The sharedStrings part is gone though cells still point into it."""
    return changed(plain(), {"xl/sharedStrings.xml": None})


def prefixed() -> bytes:
    """Every element of the sheet carries the prefix ``x:``."""
    data = plain()
    xml = re.sub(rb"<(/?)([a-zA-Z]+)(?=[\s/>])", rb"<\1x:\2", parts(data)[SHEET])
    return changed(data, {SHEET: xml.replace(b" xmlns=", b" xmlns:x=", 1)})


def no_addresses() -> bytes:
    """Rows and cells without ``r``: their place is where they stand."""
    data = plain()
    xml = parts(data)[SHEET]
    head, cells = xml.split(b"<sheetData>")
    cells = re.sub(rb'(<(?:row|c)) r="[A-Z0-9]+"', rb"\1", cells)
    return changed(data, {SHEET: head + b"<sheetData>" + re.sub(rb' spans="[^"]*"', b"", cells)})


def lying_dimension() -> bytes:
    """``<dimension ref="A1"/>`` over a sheet of 41 rows."""
    data = plain()
    return changed(data, {SHEET: re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1"/>', parts(data)[SHEET])})


def comments_and_cdata() -> bytes:
    """XML comments between the cells and a CDATA section in one of them."""
    data = one_sheet([HEADERS, *requests(3)])
    xml = parts(data)[SHEET].replace(b"<sheetData>", b"<sheetData><!-- <row r='1'> -->")
    note = '<c r="H2" t="inlineStr"><is><t><![CDATA[<c r="A1">글자 & 기호</c>]]></t></is></c></row>'.encode()
    return changed(data, {SHEET: xml.replace(b"</row>", note, 2).replace(note, b"</row>", 1)})


def rich_text() -> bytes:
    """A header in two colours and a name with its reading (phonetic run) beside it."""
    data = plain()
    strings = parts(data)["xl/sharedStrings.xml"]
    strings = strings.replace("<t>업체명</t>".encode(), "<r><t>업체</t></r><r><rPr><b/></rPr><t>명</t></r>".encode())
    read = '<t>㈜한빛</t><rPh sb="0" eb="1"><t>주식회사</t></rPh>'.encode()
    return changed(data, {"xl/sharedStrings.xml": strings.replace("<t>㈜한빛</t>".encode(), read)})


def other_case() -> bytes:
    """The relationship says ``Worksheets/Sheet1.xml``; the part is ``xl/worksheets/sheet1.xml``."""
    data = plain()
    name = "xl/_rels/workbook.xml.rels"
    return changed(data, {name: parts(data)[name].replace(b"worksheets/sheet1.xml", b"Worksheets/Sheet1.xml")})


def bare_workbook() -> bytes:
    """No styles part, no calcPr, no document properties: as a small exporter writes it."""
    data = no_shared_strings()
    has = parts(data)
    types = re.sub(rb"<Override [^>]*(?:styles|theme|docProps)[^>]*/>", b"", has["[Content_Types].xml"])
    sheet = re.sub(rb' s="\d+"', b"", has[SHEET])
    return changed(
        data,
        {
            "[Content_Types].xml": types,
            SHEET: sheet,
            "xl/styles.xml": None,
            "xl/theme/theme1.xml": None,
            "docProps/app.xml": None,
            "docProps/core.xml": None,
            "_rels/.rels": re.sub(rb"<Relationship [^>]*docProps[^>]*/>", b"", has["_rels/.rels"]),
            "xl/_rels/workbook.xml.rels": re.sub(
                rb"<Relationship [^>]*(?:styles|theme)[^>]*/>", b"", has["xl/_rels/workbook.xml.rels"]
            ),
            "xl/workbook.xml": re.sub(rb"<calcPr[^>]*/>", b"", has["xl/workbook.xml"]),
        },
    )


def long_sheet_name() -> bytes:
    """A sheet name of 40 characters: Excel allows 31, other programs don't mind."""
    data = plain()
    name = ("긴시트이름" * 8).encode()
    return changed(
        data,
        {"xl/workbook.xml": parts(data)["xl/workbook.xml"].replace('name="접수"'.encode(), b'name="' + name + b'"')},
    )


def signed() -> bytes:
    """Digitally signed: any change would break the signature."""
    data = plain()
    has = parts(data)
    origin = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    link = f'<Relationship Id="rId77" Type="{origin}" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    sig = b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
    kind = "application/vnd.openxmlformats-package.digital-signature-"
    types = f'<Default Extension="sigs" ContentType="{kind}origin"/>'
    types += f'<Override PartName="/_xmlsignatures/sig1.xml" ContentType="{kind}xmlsignature+xml"/></Types>'
    return changed(
        data,
        {
            "[Content_Types].xml": has["[Content_Types].xml"].replace(b"</Types>", types.encode()),
            "_rels/.rels": has["_rels/.rels"].replace(b"</Relationships>", link.encode()),
            "_xmlsignatures/origin.sigs": b"",
            "_xmlsignatures/sig1.xml": sig,
        },
    )
