"""The fields of an e-tax invoice (전자세금계산서), one line an invoice, in the order of 홈택스's form for many at once.

Source: the form's 59 columns as published copies of it have them (국세청 홈택스 일괄발급 엑셀업로드양식: heads in
row 6, data from row 7, at most 100 lines). Day of issue: when the work was done (부가가치세법 제15·16조); issued by the
10th of the month after (제34조). Nothing is issued from here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from addin.crm.amounts import MONEY_SCALE, money_text
from addin.crm.contact import parse_brn
from addin.crm.message import Message, msg
from addin.crm.quote_record import label
from addin.crm.vat import Sum, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.quote_record import QuoteRecord
    from addin.crm.quoting import Priced

Value = str | int | Decimal | None

_SIDE: Final = ("등록번호", "종사업장번호", "상호", "성명", "사업장주소", "업태", "종목")
_ITEM: Final = ("일자", "품목", "규격", "수량", "단가", "공급가액", "세액", "품목비고")
ITEMS: Final = 4
#: The form's columns, in its order.
COLUMNS: Final = (
    "전자(세금)계산서 종류(01:일반,02:영세율)",
    "작성일자",
    *(f"공급자 {name}" for name in (*_SIDE, "이메일")),
    *(f"공급받는자 {name}" for name in (*_SIDE, "이메일1", "이메일2")),
    "공급가액",
    "세액",
    "비고",
    *(f"{name}{n}" for n in range(1, ITEMS + 1) for name in _ITEM),
    *("현금", "수표", "어음", "외상미수금", "영수(01),청구(02)"),
)
HEAD_ROW: Final = 6
MOST: Final = 100  # lines 홈택스 takes at once
_ORDINARY, _CLAIMED = "01", "02"
_AND_OTHERS: Final = "{name} 외 {count}건"  # the form is Korean


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom an invoice is for; ``business_no`` as typed, "" where nobody wrote one."""

    business_no: str = ""
    name: str = ""
    owner: str = ""
    address: str = ""
    business_type: str = ""
    business_item: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One invoice: its cells in the order of `COLUMNS`, and what a person should look at before issuing it."""

    request: str
    cells: tuple[Value, ...]
    notes: tuple[Message, ...] = ()

    @property
    def sums(self) -> tuple[int, int]:
        """Supply and tax, in won."""
        supply, tax = self.cells[COLUMNS.index("공급가액")], self.cells[COLUMNS.index("세액")]
        assert isinstance(supply, int)
        assert isinstance(tax, int)
        return supply, tax


def taxed_sums(record: QuoteRecord) -> Sum:
    """Supply, tax and total of the lines that are taxed and wanted; the rest needs a 계산서 of its own."""
    wanted = [p for p in record.counted.lines if not p.line.optional and p.line.taxed]
    return total(((p.amount, True) for p in wanted), record.policy)


def tax_line(
    request: str, record: QuoteRecord, written: dt.date, buyer: Buyer, as_of: dt.date, *, refunded: bool = False
) -> TaxLine:
    """The invoice of a record's taxed lines, dated ``written`` (the day the work was done).

    Its tax is the record's own. More than four items become three and the rest in one.
    """
    sums, whole = taxed_sums(record), record.counted.sums
    notes = [*_about(buyer)]
    untaxed = whole.total - sums.total
    if untaxed:
        notes.append(msg("tax.untaxed", amount=money_text(untaxed)))
    if any(part % MONEY_SCALE for part in sums):
        notes.append(msg("tax.below_won"))
    if sums.total <= 0:
        notes.append(msg("tax.not_positive"))
    if refunded:
        notes.append(msg("tax.refunded"))
    due = deadline(written)
    if as_of > due:
        notes.append(msg("tax.late", day=due.isoformat()))
    ours = [record.supplier.get(name, "") for name in ("name", "owner", "address", "business_type", "business_item")]
    theirs = [buyer.name, buyer.owner, buyer.address, buyer.business_type, buyer.business_item]
    cells: list[Value] = [_ORDINARY, written.strftime("%Y%m%d"), _digits(record.supplier.get("business_no", "")), None]
    cells += [label(text) or None for text in ours] + [label(record.supplier.get("email", "")) or None]
    cells += [_digits(buyer.business_no) or None, None, *(label(text) or None for text in theirs)]
    cells += [label(buyer.email) or None, None, _won(sums.supply), _won(sums.tax), label(request) or None]
    cells += _items(record, sums, f"{written.day:02d}")
    cells += [None, None, None, None, _CLAIMED]
    return TaxLine(request, tuple(cells), tuple(notes))


def deadline(written: dt.date) -> dt.date:
    """The last day an invoice may be issued: the 10th of the month after.

    >>> deadline(dt.date(2026, 12, 3))
    datetime.date(2027, 1, 10)
    """
    return dt.date(written.year + written.month // 12, written.month % 12 + 1, 10)


def _about(buyer: Buyer) -> list[Message]:
    """What is missing or wrong of the buyer."""
    out = []
    if not buyer.business_no:
        out.append(msg("tax.no_number"))
    else:
        found = parse_brn(buyer.business_no)
        if found.value is None:
            out.append(msg("tax.bad_number", value=label(buyer.business_no)))
    missing = tuple(msg(f"tax.field.{name}") for name in MUST if not getattr(buyer, name))
    if missing:
        out.append(msg("tax.missing", fields=msg("quote.fields", fields=missing)))
    return out


#: What the form must have of the buyer beside the number; ids ``tax.field.<name>``.
MUST: Final = ("name", "owner")
FIELD_IDS: Final = tuple(f"tax.field.{name}" for name in MUST)


def _items(record: QuoteRecord, sums: Sum, day: str) -> list[Value]:
    wanted = [p for p in record.counted.lines if not p.line.optional and p.line.taxed]
    lines: list[list[Value]] = []
    if record.policy.basis == "total" and len(wanted) > 1:  # the tax is of the whole: no line has one of its own
        lines = [_rest(wanted, sums.supply, sums.tax, day, len(wanted) - 1)]
    elif len(wanted) <= ITEMS:
        lines = [_item(p, record, sums, day) for p in wanted]
    else:
        head, tail = wanted[: ITEMS - 1], wanted[ITEMS - 1 :]
        supply, tax = (sum(getattr(p, part) or 0 for p in tail) for part in ("supply", "tax"))
        lines = [*(_item(p, record, sums, day) for p in head), _rest(tail, supply, tax, day, len(tail) - 1)]
    cells = [cell for line in lines for cell in line]
    return cells + [None] * (ITEMS * len(_ITEM) - len(cells))


def _item(priced: Priced, record: QuoteRecord, sums: Sum, day: str) -> list[Value]:
    """One item; with the tax on the whole there is one line only, and the whole is its. A price that holds the tax is
    left out: the form's is without."""
    line = priced.line
    price = None if record.policy.included else _money(line.price)
    supply, tax = (sums.supply, sums.tax) if priced.supply is None else (priced.supply, priced.tax or 0)
    return [day, line.name or None, line.spec or None, line.quantity, price, _won(supply), _won(tax), None]


def _rest(lines: Sequence[Priced], supply: int, tax: int, day: str, others: int) -> list[Value]:
    name = _AND_OTHERS.format(name=lines[0].line.name, count=others) if others else lines[0].line.name
    return [day, name, None, None, None, _won(supply), _won(tax), None]


def _digits(text: str) -> str:
    """A valid number without its hyphens; anything else as it was typed, for a person to see."""
    found = parse_brn(text).value if text else None
    return found.replace("-", "") if found else label(text)


def _won(hundredths: int) -> int:
    return hundredths // MONEY_SCALE


def _money(hundredths: int) -> Value:
    return hundredths // MONEY_SCALE if hundredths % MONEY_SCALE == 0 else Decimal(hundredths) / MONEY_SCALE
