"""Workbooks with what Excel adds to a list: tables, filters, charts, buttons, macros, formulas of every kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.messy.layouts import HEADERS, STAGES, book, one_sheet, put, requests
from tests.messy.zips import changed, parts, with_content_type

if TYPE_CHECKING:
    from xlsxwriter import Workbook


def list_object() -> bytes:
    """The requests are an Excel table (ListObject) with a total row of its own."""

    def fill(workbook: Workbook) -> None:
        rows = requests(8)
        columns = [{"header": h} for h in HEADERS]
        columns[0]["total_string"], columns[5]["total_function"] = "합계", "sum"  # type: ignore[assignment]
        sheet = workbook.add_worksheet("접수")
        sheet.add_table(2, 1, 11, 7, {"name": "접수표", "columns": columns, "data": rows, "total_row": True})

    return book(fill)


def autofilter() -> bytes:
    """An autofilter over the list, some rows filtered away."""

    def fill(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet("접수")
        rows = requests(8)
        put(sheet, [HEADERS, *rows])
        sheet.autofilter(0, 0, 8, 6)
        sheet.filter_column(4, "진행상태 == 수주")
        for r, row in enumerate(rows, 1):
            if row[4] != "수주":
                sheet.set_row(r, None, None, {"hidden": True})

    return book(fill)


def chart_and_button() -> bytes:
    """A native chart over the list and a form button with its control part, as Excel saves one."""

    def fill(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet("접수")
        put(sheet, [HEADERS, *requests(12)])
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"values": ["접수", 1, 5, 12, 5], "name": "금액"})
        sheet.insert_chart("J2", chart)
        sheet.insert_button("J20", {"macro": "새로고침", "caption": "새로고침"})

    data = book(fill)
    sheet, rels = "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"
    has = parts(data)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="rId9" Type="{office}/ctrlProp" Target="../ctrlProps/ctrlProp1.xml"/></Relationships>'
    control = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        '<mc:Choice Requires="x14">'
        '<controls><mc:AlternateContent><mc:Choice Requires="x14"><control shapeId="1025" r:id="rId9" name="단추 1">'
        '<controlPr defaultSize="0" print="0" autoFill="0" autoPict="0" macro="[0]!새로고침"/></control></mc:Choice>'
        "</mc:AlternateContent></controls></mc:Choice></mc:AlternateContent></worksheet>"
    )
    data = changed(
        data,
        {
            sheet: has[sheet].replace(b"</worksheet>", control.encode()),
            rels: has[rels].replace(
                b"</Relationships>",
                link.encode(),
            ),
            "xl/ctrlProps/ctrlProp1.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<formControlPr '
            b'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" objectType="Button" lockText="1"/>',
        },
    )
    kind = "application/vnd.ms-excel.controlproperties+xml"
    return with_content_type(data, f'<Override PartName="/xl/ctrlProps/ctrlProp1.xml" ContentType="{kind}"/>')


def macro_book() -> bytes:
    """An .xlsm: a macro project that must come through byte for byte."""
    data = one_sheet([HEADERS, *requests(5)])
    has = parts(data)
    rels = "xl/_rels/workbook.xml.rels"
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    plain_type, macro_type = b"spreadsheetml.sheet.main+xml", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    types = has["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument." + plain_type, macro_type
    )
    link = f'<Relationship Id="rId99" Type="{kind}" Target="vbaProject.bin"/></Relationships>'
    data = changed(
        data,
        {
            "[Content_Types].xml": types,
            rels: has[rels].replace(b"</Relationships>", link.encode()),
            "xl/vbaProject.bin": bytes(range(256)) * 20,
        },
    )
    return with_content_type(data, '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>')


def chart_sheet() -> bytes:
    """A sheet that is only a chart, before the list, and a hidden sheet after it."""

    def fill(workbook: Workbook) -> None:
        tab = workbook.add_chartsheet("그래프")
        put(workbook.add_worksheet("접수"), [HEADERS, *requests(5)])
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": ["접수", 1, 5, 5, 5]})
        tab.set_chart(chart)
        hidden = workbook.add_worksheet("_코드")
        put(hidden, [["단계"], *([s] for s in STAGES)])
        hidden.hide()

    return book(fill)


def formula_kinds() -> bytes:
    """A shared formula, an array formula and a merged cell, in columns H, I and J; a calcChain that names them."""

    def fill(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet("접수")
        put(sheet, [[*HEADERS, "공유", "배열", "병합"], *requests(4)])
        for row in range(1, 5):
            sheet.write_formula(row, 7, f"=F{row + 1}*2", None, 2 * (100_000 + 1_000 * row))
        sheet.write_array_formula(1, 8, 4, 8, "{=F2:F5*3}", None, 303_000)
        sheet.merge_range(1, 9, 2, 9, "합친 칸")

    data = book(fill)
    has = parts(data)
    sheet, rels = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"
    xml = has[sheet].replace(b"<f>F2*2</f>", b'<f t="shared" ref="H2:H5" si="0">F2*2</f>')
    xml = re.sub(rb"<f>F[345]\*2</f>", b'<f t="shared" si="0"/>', xml)
    chain = "".join(f'<c r="{cell}" i="1"/>' for cell in ("H2", "H3", "H4", "H5", "I2"))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    data = changed(
        data,
        {
            sheet: xml,
            "xl/calcChain.xml": f'<calcChain xmlns="{main}">{chain}</calcChain>'.encode(),
            rels: has[rels].replace(
                b"</Relationships>",
                f'<Relationship Id="rId98" Type="{kind}" Target="calcChain.xml"/></Relationships>'.encode(),
            ),
        },
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    return with_content_type(data, f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/>')


def formulas_without_values() -> bytes:
    """Formulas a program wrote and nobody calculated: no cached value."""

    def fill(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet("접수")
        put(sheet, [[*HEADERS, "부가세포함"], *requests(5)])
        for row in range(2, 7):
            sheet.write_formula(row - 1, 7, f"=F{row}*1.1")

    data = book(fill)
    xml = parts(data)["xl/worksheets/sheet1.xml"]
    return changed(data, {"xl/worksheets/sheet1.xml": xml.replace(b"</f><v>0</v>", b"</f>")})


def error_cells() -> bytes:
    """``#N/A``, ``#REF!`` and ``#VALUE!`` among the values."""

    def fill(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet("접수")
        put(sheet, [HEADERS, *requests(5)])
        for row, error in ((1, "#N/A"), (2, "#REF!"), (3, "#VALUE!")):
            sheet.write_formula(row, 5, "=VLOOKUP(A1,Z1:Z2,1,FALSE)", None, error)

    return book(fill)
