"""One revision of a quote, frozen: everything its documents show, as plain data with a hash.

A record never changes. What a rerun finds is compared by `content` (all but number, dates and approval): the same
content prints the same quote again, another content is the next revision.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from addin.crm.quoting import Counted, Line, QuoteNumber, count, parse_quote_number
from addin.crm.vat import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a quote says of us, and of whom it is for.
SUPPLIER: Final = (
    *("name", "business_no", "owner", "address", "business_type", "business_item", "phone", "fax", "email", "account"),
)
RECIPIENT: Final = ("name", "honorific", "person", "phone", "site", "partner")


@dataclass(frozen=True, slots=True)
class QuoteRecord:
    """A quote as it was given.

    ``source``     what it was made from: ``request:R-1`` or ``quote:견적-7``.
    ``supplier``   the fields of `SUPPLIER`; ``recipient`` those of `RECIPIENT`.
    ``pictures``   our_logo, their_logo, seal → sha256.
    ``payment``, ``service``  payment and A/S terms, line by line; ``terms``: the sha256 of their templates.
    """

    source: str
    issued: dt.date
    valid_until: dt.date
    policy: Policy
    lines: tuple[Line, ...]
    title: str = ""
    supplier: Mapping[str, str] = field(default_factory=dict)
    recipient: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    payment: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    terms: str = ""
    price_list: str = ""
    tier: str = ""
    number: QuoteNumber | None = None
    approved: str = ""

    @property
    def counted(self) -> Counted:
        """The money."""
        return count(self.lines, self.policy)

    @property
    def content(self) -> str:
        """The hash of what was agreed, whenever it is made and whatever its number."""
        data = self.to_json()
        for name in ("number", "issued", "valid_until", "approved", "payment", "service"):
            del data[name]
        return _sha(data)

    @property
    def sha256(self) -> str:
        """The hash of the whole record."""
        return _sha(self.to_json())

    def numbered(self, number: QuoteNumber, approved: str = "") -> QuoteRecord:
        """The record under its number."""
        return replace(self, number=number, approved=approved)

    def to_json(self) -> dict[str, Any]:
        """Plain data; money in hundredths, quantities as text."""
        data = {one.name: getattr(self, one.name) for one in fields(self)}
        data |= {name: dict(data[name]) for name in ("supplier", "recipient", "pictures")}
        data |= {name: list(data[name]) for name in ("payment", "service")}
        data["lines"] = [asdict(line) | {"quantity": str(line.quantity)} for line in self.lines]
        data["policy"] = asdict(self.policy) | {"rate": str(self.policy.rate)}
        data["number"] = str(self.number) if self.number else None
        return data | {"issued": self.issued.isoformat(), "valid_until": self.valid_until.isoformat()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> QuoteRecord:
        """What `to_json` wrote."""
        return cls(
            **{
                **data,
                "issued": dt.date.fromisoformat(data["issued"]),
                "valid_until": dt.date.fromisoformat(data["valid_until"]),
                "policy": Policy(**{**data["policy"], "rate": Decimal(data["policy"]["rate"])}),
                "lines": tuple(Line(**{**line, "quantity": Decimal(line["quantity"])}) for line in data["lines"]),
                "number": parse_quote_number(data["number"]) if data["number"] else None,
                "payment": tuple(data["payment"]),
                "service": tuple(data["service"]),
            }
        )


def _sha(data: object) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def label(text: object) -> str:
    """A cell's text as a document shows it: composed, on one line, without control and direction marks.

    >>> label("김\\u202e수\\x07\\n한")
    '김수 한'
    """
    found = unicodedata.normalize("NFC", "" if text is None else str(text))
    shown = (c if c.isprintable() else " " if c.isspace() else "" for c in found if not "\ud800" <= c <= "\udfff")
    return " ".join("".join(shown).split())
