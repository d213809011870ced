"""What a customer's copy shows, as text, for the PDF, the page and the mail. Never cost, margin or list price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.crm.amounts import money_text
from addin.crm.korean import hangul_amount
from addin.crm.quote_record import RECIPIENT, SUPPLIER
from addin.i18n import say

if TYPE_CHECKING:
    from decimal import Decimal

    from addin.crm.quote_record import QuoteRecord
    from addin.crm.quoting import Line, Priced


def face(record: QuoteRecord) -> dict[str, Any]:
    """The texts of a quote; the names in it are the fields templates may use.

    ``tax_by_line`` False: the tax is counted on the whole and lines show none.
    """
    counted = record.counted
    by_line = record.policy.basis == "line"
    plain = [p for p in counted.lines if not p.line.optional]
    offers = [p for p in counted.lines if p.line.optional]
    return {
        "number": str(record.number or ""),
        "revision": record.number.revision if record.number else 1,
        "issued": record.issued.isoformat(),
        "valid_until": record.valid_until.isoformat(),
        "title": record.title,
        "supplier": {name: record.supplier.get(name, "") for name in SUPPLIER},
        "recipient": {name: record.recipient.get(name, "") for name in RECIPIENT},
        "lines": [_line(no, p) for no, p in enumerate(plain, 1)],
        "options": [_line(no, p) for no, p in enumerate(offers, 1)],
        "supply": money_text(counted.sums.supply),
        "tax": money_text(counted.sums.tax),
        "total": money_text(counted.sums.total),
        "options_total": money_text(counted.options.total),
        "letters": _letters(counted.sums.total),
        "tax_included": record.policy.included,
        "amount_head": say(
            "quote.head.amount" if record.policy.included and not by_line else "quote.head.supply", "ko"
        ),
        "tax_by_line": by_line,
        "rate": f"{record.policy.rate * 100:f}".rstrip("0").rstrip("."),
        "payment": list(record.payment),
        "service": list(record.service),
        "price_list": record.price_list,
    }


def _line(no: int, priced: Priced) -> dict[str, Any]:
    line = priced.line
    return {
        "no": no,
        "code": line.code,
        "name": line.name,
        "spec": line.spec,
        "unit": line.unit,
        "quantity": quantity_text(line.quantity),
        "price": money_text(line.price),
        "amount": money_text(priced.amount if priced.supply is None else priced.supply),
        "tax": "" if priced.tax is None else money_text(priced.tax),
        "taxed": line.taxed,
        "note": note_text(line),
    }


def note_text(line: Line) -> str:
    """What stands in a line's last column; an untaxed item says so."""
    return " · ".join(part for part in ("" if line.taxed else say("quote.untaxed", "ko"), line.note) if part)


def quantity_text(quantity: Decimal) -> str:
    """A quantity without needless zeros.

    >>> from decimal import Decimal
    >>> quantity_text(Decimal("2.50")), quantity_text(Decimal("1E+9")), quantity_text(Decimal("0.001"))
    ('2.5', '1,000,000,000', '0.001')
    """
    text = f"{quantity:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _letters(hundredths: int) -> str:
    return "" if hundredths % 100 else hangul_amount(hundredths // 100)
