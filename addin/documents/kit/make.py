"""A kit's files: PDFs, the two workbooks, a readme, and all of it as one archive; same input, same bytes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

from addin.documents.kit.face import fields, file_name, page, readme
from addin.documents.library import Library
from addin.documents.report.face import Voice, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from addin.documents.kit.face import Kit

STAMP: Final = (1980, 1, 1, 0, 0, 0)


def make_kit(kit: Kit, beside: Path | None) -> dict[str, bytes]:
    """File name → bytes. ``beside``: the workbook's folder, where the team's own templates lie.

    Raises `DocumentFault` (Typst is missing, a letter has no glyph), `TemplateFault` or `PictureFault`.
    """
    from addin.documents.typst import compile_pdf

    own, quotes = Library("kit", beside), Library("quote", beside)
    say = Voice(kit.lang)
    told = fields(kit, quotes)
    out: dict[str, bytes] = {}
    for part in kit.parts:
        name = file_name(part, say)
        if part == "inspection":
            out |= {f"{name}.{format}": data for format, data in _inspection(kit, told, beside).items()}
            continue
        out[f"{name}.pdf"] = compile_pdf("kit/page.typ", page(kit, part, told, own), kit.pictures)
        if part == "prices":
            out[f"{name}.xlsx"] = prices_xlsx(kit)
        elif part == "quote_form":
            out[f"{name}.xlsx"] = quote_form_xlsx(kit, quotes, told)
    out[f"{say('kit.file.readme')}.txt"] = readme(kit, told, own).encode("utf-8-sig")
    return out


def prices_xlsx(kit: Kit) -> bytes:
    """The price list as a workbook: text stays text, prices are numbers."""
    import datetime as dt

    from xlsxwriter import Workbook

    from addin.crm.amounts import MONEY_SCALE
    from addin.documents.kit.face import price_blocks

    say = Voice(kit.lang)
    listed, notes = price_blocks(kit)
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties(
        {"title": say("kit.title.prices"), "author": plain(kit.supplier.get("name", "")),
         "created": dt.datetime.combine(kit.date, dt.time())}
    )  # fmt: skip
    font = {"font_name": "맑은 고딕", "font_size": 10, "valign": "vcenter"}
    look = {
        "title": book.add_format({**font, "font_size": 16, "bold": True, "font_color": "#1F3A5F"}),
        "small": book.add_format({**font, "font_color": "#55606B"}),
        "head": book.add_format({**font, "bold": True, "bg_color": "#EEF2F7", "border": 1, "align": "center"}),
        "text": book.add_format({**font, "border": 1, "text_wrap": True}),
        "money": book.add_format({**font, "border": 1, "num_format": "#,##0"}),
    }
    sheet = book.add_worksheet(say("kit.file.prices"))
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, say("kit.title.prices"), look["title"])
    between = say("kit.between", partner=plain(kit.partner), supplier=plain(kit.supplier.get("name", "")))
    sheet.write_string(1, 0, between, look["small"])
    for column, width in enumerate((12, 26, 26, 8, 14, 9)):
        sheet.set_column(column, column, width)
    for row, line in enumerate(listed["rows"], 3):
        for column, text in enumerate(line):
            price = kit.prices[row - 4].price if row > 3 and column == 4 else None
            if price is None:
                sheet.write_string(row, column, text, look["head" if row == 3 else "text"])
            else:
                sheet.write_number(row, column, price / MONEY_SCALE, look["money"])
    for at, note in enumerate(notes["items"], 4 + len(kit.prices) + 1):
        sheet.write_string(at, 0, f"· {note}", look["small"])
    sheet.freeze_panes(4, 0)
    sheet.repeat_rows(3)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def _inspection(kit: Kit, told: Mapping[str, Any], beside: Path | None) -> dict[str, bytes]:
    """The inspection form itself, nothing filled in but both sides."""
    from addin.crm.quote_record import RECIPIENT, SUPPLIER
    from addin.documents.inspection.make import blank, make

    supplier = {**dict.fromkeys(SUPPLIER, ""), **told["supplier"]}
    recipient = {**dict.fromkeys(RECIPIENT, ""), "partner": told["partner"]["name"]}
    form = blank(kit.date, supplier, recipient, tuple(told["service"]))
    library = Library("inspection", beside)
    pictures = {"pdf": kit.pictures, "xlsx": _drawable(kit)}
    return {format: make(form, format, pictures[format], library) for format in ("pdf", "xlsx")}


def _drawable(kit: Kit) -> dict[str, bytes]:
    """The logos a workbook can show: no SVG."""
    from addin.documents.images import kind_of

    return {name: data for name, data in kit.pictures.items() if kind_of(data) != "svg"}


def quote_form_xlsx(kit: Kit, library: Library, told: Mapping[str, Any]) -> bytes:
    """The quote's own layout without a number, items or recipient: whoever fills it in sees its sums."""
    from addin.documents.quote.xlsx import blank_quote_xlsx

    service = tuple(told["service"])
    return blank_quote_xlsx(
        kit.supplier,
        kit.policy,
        kit.date,
        service,
        library.file("quote.xlsx"),
        _drawable(kit),
        partner=plain(kit.partner),
    )


def archive(files: Mapping[str, bytes], folder: str) -> bytes:
    """A zip of the files in one folder; without a clock, its names as UTF-8 so that every system reads them.

    >>> import io, zipfile
    >>> zipfile.ZipFile(io.BytesIO(archive({"가.txt": b"x"}, "키트"))).namelist()
    ['키트/가.txt']
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", STAMP)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            stored = zipfile.ZIP_STORED if name.endswith((".pdf", ".xlsx")) else zipfile.ZIP_DEFLATED
            made.writestr(entry, files[name], stored)
    return out.getvalue()
