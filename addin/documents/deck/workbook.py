"""The workbook behind a chart, which PowerPoint opens at "edit data": one sheet, labels in A, a series a column."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS: Final = (
    ("xl/workbook.xml", "sheet.main"),
    ("xl/worksheets/sheet1.xml", "worksheet"),
    ("xl/styles.xml", "styles"),
)
_FIXED: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(f'<Override PartName="/{part}" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in _PARTS)
    + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
}
_STYLES: Final = (
    '<styleSheet xmlns="{main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def chart_workbook(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], number_format: str
) -> bytes:
    """The bytes of an .xlsx; same numbers, same bytes. A missing value is an empty cell; text is only text.

    >>> import openpyxl
    >>> book = openpyxl.load_workbook(io.BytesIO(chart_workbook(["W1"], [("접수", [3])], "#,##0")))
    >>> list(book["Sheet1"].values)
    [(None, '접수'), ('W1', 3)]
    """
    rows: list[list[str | float | None]] = [[None, *(name for name, _ in series)]]
    rows += [[label, *(values[at] for _, values in series)] for at, label in enumerate(labels)]
    lines = "".join(
        f'<row r="{r}">{"".join(_cell(value, at, r) for at, value in enumerate(row) if value is not None)}</row>'
        for r, row in enumerate(rows, 1)
    )
    parts = {
        **_FIXED,
        "xl/styles.xml": _STYLES.format(main=_MAIN, code=escape(number_format, {'"': "&quot;"})),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:  # stored: the deck around it is packed
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), f"{_HEAD}{text}".encode())
    return out.getvalue()


def _cell(value: str | float, column: int, row: int) -> str:
    at = f"{chr(65 + column)}{row}"
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{at}" s="1"><v>{value!r}</v></c>'
