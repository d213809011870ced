"""Whom a letter or an invoice goes to: the customer where the request names one, else the partner's office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from addin.crm.inspection import first_of
from addin.crm.text import spelling_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Headers of an address where no field holds it.
EMAIL_HEADERS: Final = ("이메일", "이메일주소", "메일", "메일주소", "고객이메일", "email", "mail")

Row = dict[str, Any]


def customer_of(customers: Sequence[Row], row: Mapping[str, Any]) -> Row:
    """The row of the list of customers a request is about: by id, else phone, else the only one of its name.

    >>> customer_of([{"name": "김가온", "email": "g@example.com"}], {"customer": "김 가온"})["email"]
    'g@example.com'
    """
    text, phone = row.get("customer"), row.get("phone")
    by_id = [c for c in customers if text and c.get("customer_id") == text]
    by_phone = [c for c in customers if phone and c.get("phone") == phone]
    by_name = [c for c in customers if text and spelling_key(str(c.get("name") or "")) == spelling_key(str(text))]
    found = by_id or by_phone or (by_name if len(by_name) == 1 else [])
    return found[-1] if found else {}


def email_of(customers: Sequence[Row], row: Mapping[str, Any], partner: Mapping[str, Any]) -> str:
    """The address a letter about a request goes to, "" where nobody wrote it down.

    A customer's letter never goes to the partner instead: it may say more than the office should know.
    """
    if row.get("customer"):
        known = customer_of(customers, row)
        return first_of(row, EMAIL_HEADERS) or str(known.get("email") or "") or first_of(known, EMAIL_HEADERS)
    return str(partner.get("email") or "")
