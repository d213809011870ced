"""An inspection form as a workbook: the staff's layout or the shipped one, its money live, photos on a sheet."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from addin.documents.inspection.face import face
from addin.documents.quote.xlsx import money_xlsx, numbers_of
from addin.i18n import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from addin.crm.inspection import Inspection

#: A photo on the sheet of photos: width in pixels, and the rows it takes.
WIDTH: Final = 330
ROWS: Final = 17
_ROW_PIXELS: Final = 20
#: Rows for a pen where no defect was written down.
BLANK_DEFECTS: Final = 2


def inspection_xlsx(inspection: Inspection, layout: Path, pictures: Mapping[str, bytes]) -> bytes:
    """The workbook's bytes; same form and layout, same bytes. Photos stand on a second sheet."""
    shown = face(inspection)
    groups = numbers_of(inspection.record)
    if not inspection.priced:
        for line in groups["line"]:
            line |= {"price": "", "amount": "", "supply": "", "tax": ""}
    if not groups["line"]:
        empty = dict.fromkeys(("code", "name", "spec", "unit", "quantity", "price", "amount", "supply", "tax", "note"))
        groups["line"] = [{**empty, "no": None, "taxed": True} for _ in range(shown["blank_lines"])]
    groups["defect"] = shown["defects"] or [
        dict.fromkeys(("number", "place", "text", "found", "fixed", "state")) for _ in range(BLANK_DEFECTS)
    ]
    texts = {**shown, "payment": "\n".join(shown["payment"]), "service": "\n".join(shown["service"])}

    def finish(book: Any) -> None:
        if inspection.shots or inspection.missing:
            _photos(book, inspection, pictures)

    return money_xlsx(inspection.record, layout, texts, groups, pictures, priced=inspection.priced, finish=finish)


def _photos(book: Any, inspection: Inspection, pictures: Mapping[str, bytes]) -> None:
    """The sheet of photos: a caption, then before and after side by side."""
    from openpyxl.drawing.image import Image
    from openpyxl.styles import Font

    sheet = book.create_sheet(say("inspect.photos", "ko"))
    sheet.sheet_view.showGridLines = False
    for column in ("A", "B"):
        sheet.column_dimensions[column].width = 48
    row = 1
    for shot in inspection.shots:
        sheet.cell(row, 1).value = _plain(shot.caption)
        sheet.cell(row, 1).data_type = "s"
        sheet.cell(row, 1).font = Font(bold=True)
        for at, (id, name) in enumerate((("inspect.before", shot.before or shot.alone), ("inspect.after", shot.after))):
            if not shot.alone:
                sheet.cell(row + 1, at + 1).value = say(id, "ko")
            if name in pictures:
                picture = Image(io.BytesIO(pictures[name]))
                scale = min(WIDTH / picture.width, (ROWS - 1) * _ROW_PIXELS / picture.height)
                picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
                sheet.add_image(picture, f"{'AB'[at]}{row + 2}")
        row += ROWS + 2
    for name in inspection.missing:
        sheet.cell(row, 1).value = _plain(say("inspect.photo_missing", "ko", value=name))
        sheet.cell(row, 1).data_type = "s"
        row += 1
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _plain(text: str) -> str:
    from addin.crm.quote_record import label

    return label(text)
