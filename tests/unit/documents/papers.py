"""What a document's files say, read back: the page's cells, the sums of sheet and PDF, the sheet as Calc counts it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import openpyxl
from PIL import Image

from tests.programs import office_saves

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: What stands in cells of people who mean harm, or only typed it: each must come out as it is.
MARKUP = (
    '#read("/etc/passwd")',
    "{{ 7*7 }}",
    "{% for i in range(9) %}",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
)
TOTALS = ("공급가액", "부가세", "합계")
_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"


class Page(HTMLParser):
    """A web page: the text of the cells with an id, all text, and every tag."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.ids: dict[str, str] = {}
        self.tags: list[str] = []
        self.said: list[str] = []
        self._at = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._at = dict(attrs).get("id") or ""

    def handle_data(self, data: str) -> None:
        self.said.append(data)
        if self._at:
            self.ids[self._at] = data
            self._at = ""


def picture(color: str = "navy", kind: str = "JPEG") -> bytes:
    """A small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (90, 60), color).save(buffer, kind)
    return buffer.getvalue()


def workbook(data: bytes, *, values: bool = True) -> Any:
    """The first sheet of a workbook, with its values or with its formulas."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values).worksheets[0]


def sheet_sums(sheet: Any) -> list[Any]:
    """Supply, tax and total as the sheet has them."""
    found = {row[0].value: row[6].value for row in sheet.iter_rows() if row[0].value}
    return [found[name] for name in TOTALS]


def pdf_sums(text: str) -> list[str]:
    """Supply, tax and total as a PDF's text says them; "" where it doesn't."""
    names = (TOTALS[0], r"부가세 \(10%\)", TOTALS[2])
    found = [re.search(rf"^\s*{name}\s+([-\d,]+)\s*$", text, re.MULTILINE) for name in names]
    return [f[1] if f else "" for f in found]


def calculated_sums(books: Sequence[bytes], folder: Path) -> list[list[float]]:
    """Supply, tax and total of each workbook as LibreOffice calculates them: what we stored is taken out before."""
    paths = [folder / f"{n}.xlsx" for n in range(len(books))]
    for path, data in zip(paths, books, strict=True):
        path.write_bytes(_without_results(data))
    office_saves(_CSV, folder / "out", *paths)
    out = []
    for path in paths:
        rows = list(csv.reader((folder / "out" / f"{path.stem}.csv").read_text("utf-8-sig").splitlines()))
        found = {row[0]: row[6].replace(",", "") for row in rows}
        out.append([float(found[name]) for name in TOTALS])
    return out


def _without_results(data: bytes) -> bytes:
    """The workbook as if nobody had ever calculated it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, re.sub(rb"</f><v>[^<]*</v>", b"</f>", old.read(info)))
    return out.getvalue()
