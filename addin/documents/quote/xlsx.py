"""A quote as a workbook: the staff's layout or the shipped one, its live formulas giving the quote's own totals."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from addin.crm.amounts import MONEY_SCALE, money_text
from addin.documents.quote.face import face, note_text
from addin.documents.typst import DocumentFault
from addin.documents.xlsx_fill import Live, fill

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from addin.crm.quote_record import QuoteRecord
    from addin.crm.quoting import Priced
    from addin.crm.vat import Policy

_ROUND: Final = {"floor": "ROUNDDOWN", "half_up": "ROUND", "ceil": "ROUNDUP"}
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)><f>(.*?)</f><v ?/?>(?:</v>)?</c>', re.DOTALL)
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
#: Item rows of a quote to be filled in by hand.
BLANK_LINES: Final = 10


def quote_xlsx(record: QuoteRecord, layout: Path, pictures: Mapping[str, bytes]) -> bytes:
    """The workbook's bytes; same record and layout, same bytes.

    Results are stored beside the formulas. `DocumentFault` where the layout's own formulas don't give the total.
    """
    data = face(record)
    texts = {**data, "payment": "\n".join(data["payment"]), "service": "\n".join(data["service"])}
    return money_xlsx(record, layout, texts, numbers_of(record), pictures)


def money_xlsx(
    record: QuoteRecord,
    layout: Path,
    texts: Mapping[str, Any],
    groups: Mapping[str, list[dict[str, Any]]],
    pictures: Mapping[str, bytes],
    *,
    priced: bool = True,
    finish: Callable[[Any], None] | None = None,
) -> bytes:
    """A layout with a quote's money in it: ``groups`` as `numbers_of` gives them, and more of one's own.

    ``priced`` False leaves the live fields blank; ``finish`` is handed the filled openpyxl workbook before it is saved.
    """
    formulas = _Formulas(record, groups)
    book = fill(layout, texts, groups, formulas if priced else lambda _live: "", pictures)
    if finish is not None:
        finish(book)
    book.properties.creator = record.supplier.get("name", "")
    import datetime as dt

    book.properties.created = book.properties.modified = dt.datetime.combine(record.issued, dt.time())
    book.calculation.fullCalcOnLoad = True
    buffer = io.BytesIO()
    book.save(buffer)
    return _stored(buffer.getvalue(), book, record, layout.name)


def blank_quote_xlsx(
    supplier: Mapping[str, str], policy: Policy, day: dt.date, service: tuple[str, ...], layout: Path,
    pictures: Mapping[str, bytes], partner: str = "",
) -> bytes:  # fmt: skip
    """The layout without number, recipient and items, to be filled in by hand: quantities and prices give the sums."""
    from addin.crm.quote_record import RECIPIENT, SUPPLIER, QuoteRecord
    from addin.crm.quoting import Line

    lines = tuple(Line("", Decimal(0), 0) for _ in range(BLANK_LINES))
    ours, theirs = dict.fromkeys(SUPPLIER, ""), dict.fromkeys(RECIPIENT, "")
    record = QuoteRecord(
        "", day, day, policy, lines, supplier={**ours, **supplier}, recipient={**theirs, "partner": partner}
    )
    texts = {**face(record), "number": "", "letters": "", "issued": "", "valid_until": "20__-__-__", "payment": ""}
    blank = dict.fromkeys(("name", "spec", "unit", "quantity", "price", "note"))
    items = [{**item, **blank} for item in numbers_of(record)["line"]]
    texts["service"] = "\n".join(service)
    return money_xlsx(record, layout, texts, {"line": items, "option": []}, pictures)


def numbers_of(record: QuoteRecord) -> dict[str, list[dict[str, Any]]]:
    """The quote's items as a layout's rows: ``line`` and ``option``."""
    counted = record.counted
    return {
        "line": [_numbers(no, p) for no, p in enumerate((p for p in counted.lines if not p.line.optional), 1)],
        "option": [_numbers(no, p) for no, p in enumerate((p for p in counted.lines if p.line.optional), 1)],
    }


def _numbers(no: int, priced: Priced) -> dict[str, Any]:
    line = priced.line
    return {
        "no": no,
        "code": line.code,
        "name": line.name,
        "spec": line.spec,
        "unit": line.unit,
        "quantity": _plain(line.quantity),
        "price": won(line.price),
        "amount": won(priced.amount),
        "supply": won(priced.amount if priced.supply is None else priced.supply),
        "tax": won(priced.tax) if priced.tax is not None else "",
        "taxed": line.taxed,
        "note": note_text(line),
    }


def won(hundredths: int) -> int | float:
    """Hundredths as a cell's number."""
    return hundredths // MONEY_SCALE if hundredths % MONEY_SCALE == 0 else hundredths / MONEY_SCALE


def _plain(quantity: Decimal) -> int | float:
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)


class _Formulas:
    """``{{ live.supply }}``, ``{{ live.tax }}``, ``{{ live.total }}`` as formulas of the layout's own cells, by the
    quote's policy. The inner ROUND takes away what binary fractions add."""

    def __init__(self, record: QuoteRecord, groups: Mapping[str, list[dict[str, Any]]]) -> None:
        self.record, self.groups = record, groups
        self.policy = record.policy
        self.by_line = record.policy.basis == "line"

    def __call__(self, live: Live) -> str | float:
        """One field's formula."""
        if live.name not in ("supply", "tax", "total"):
            raise DocumentFault("doc.xlsx.live", value=live.name)
        if live.group:
            return self._line(live)
        return self._total(live, "line")

    def _line(self, live: Live) -> str | float:
        columns, row = live.filled.columns, live.row
        item = self.groups[live.group][live.index]
        try:
            quantity, price = columns[live.group, "quantity"], columns[live.group, "price"]
        except KeyError:
            raise DocumentFault("doc.xlsx.live", value=f"{live.group}.quantity, {live.group}.price") from None
        amount = self._whole(f"{quantity}{row}*{price}{row}")
        tax = self._tax(amount) if item["taxed"] else "0"
        if not self.by_line:
            return "" if live.name == "tax" else f"={amount}"
        if live.name == "tax":
            return f"={tax}" if item["taxed"] else 0
        if live.name == "supply":
            return f"={amount}-{tax}" if self.policy.included and item["taxed"] else f"={amount}"
        return f"={amount}" if self.policy.included else f"={amount}+{tax}"

    def _total(self, live: Live, group: str) -> str | float:
        filled, rows = live.filled, live.filled.rows(group)
        column = filled.columns.get((group, "live.supply")) or filled.columns.get((group, "amount"))
        if column is None or not rows:
            return won(getattr(self.record.counted.sums, live.name))
        whole = f"SUM({column}{rows[0]}:{column}{rows[-1]})"
        if self.by_line:
            taxes = filled.columns.get((group, "live.tax")) or filled.columns.get((group, "tax"))
            tax = f"SUM({taxes}{rows[0]}:{taxes}{rows[-1]})" if taxes else "0"
            return {"supply": f"={whole}", "tax": f"={tax}", "total": f"={whole}+{tax}"}[live.name]
        tax = self._tax(self._taxed(column, rows, group))
        if live.name == "tax":
            return f"={tax}"
        if live.name == "supply":
            return f"={whole}-{tax}" if self.policy.included else f"={whole}"
        return f"={whole}" if self.policy.included else f"={whole}+{tax}"

    def _taxed(self, column: str, rows: range, group: str) -> str:
        """The taxed lines' cells, in as few ranges as can be."""
        parts: list[list[int]] = []
        for row, item in zip(rows, self.groups[group], strict=True):
            if item["taxed"]:
                if parts and parts[-1][1] == row - 1:
                    parts[-1][1] = row
                else:
                    parts.append([row, row])
        return f"SUM({','.join(f'{column}{a}:{column}{b}' for a, b in parts)})" if parts else "0"

    def _tax(self, amount: str) -> str:
        rate = f"{self.policy.rate:f}"
        return self._whole(f"{amount}*{rate}/(1+{rate})" if self.policy.included else f"{amount}*{rate}")

    def _whole(self, text: str) -> str:
        return f"{_ROUND[self.policy.rounding]}(ROUND({text},6),0)"


def _stored(data: bytes, book: Any, record: QuoteRecord, layout: str) -> bytes:
    """The file with every formula's result beside it, entries in order and without the time of day."""
    values = _calculated(data, book)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", info.filename)
            if found:
                title = book.worksheets[int(found[1]) - 1].title
                part = _FORMULA.sub(lambda m, t=title: _with_result(m, values.get((t, m[1].decode()))), part)  # type: ignore[misc]
            if info.filename == "docProps/core.xml":
                stamp = f"{record.issued.isoformat()}T00:00:00Z".encode()
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, part)
            new.writestr(zipfile.ZipInfo(info.filename, _STAMP), part, zipfile.ZIP_DEFLATED)
    total = won(record.counted.sums.total)
    own = [v for (sheet, _), v in values.items() if sheet == book.worksheets[0].title and isinstance(v, int | float)]
    if values and not any(abs(v - total) < 0.005 for v in own):
        raise DocumentFault("doc.xlsx.total", where=layout, value=money_text(record.counted.sums.total))
    return out.getvalue()


def _with_result(found: re.Match[bytes], value: Any) -> bytes:
    cell, rest, formula = found[1], found[2], found[3]
    if isinstance(value, bool) or value is None:
        return found[0]
    if isinstance(value, int | float):
        text = str(int(value)) if float(value).is_integer() else repr(float(value))
        return b'<c r="%s"%s><f>%s</f><v>%s</v></c>' % (cell, rest, formula, text.encode())
    from xml.sax.saxutils import escape

    return b'<c r="%s"%s t="str"><f>%s</f><v>%s</v></c>' % (cell, rest, formula, escape(str(value)).encode())


def _calculated(data: bytes, book: Any) -> dict[tuple[str, str], Any]:
    """(sheet, cell) → what each formula shows."""
    import formualizer

    cells = [
        (sheet.title, cell.coordinate, cell.row, cell.column)
        for sheet in book.worksheets
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    ]
    if not cells:
        return {}
    engine = formualizer.Workbook.from_bytes(data)
    engine.evaluate_all()
    return {(sheet, at): engine.get_value(sheet, row, column) for sheet, at, row, column in cells}
