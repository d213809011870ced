"""What a quote needs to know about the team: who we are, how tax is counted, how far a price may fall.

Part of `addin.crm.settings.Settings`; each is a row of the settings tab.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from addin.crm import setting_values as read
from addin.crm.contact import parse_brn
from addin.crm.vat import Policy, Rounding

if TYPE_CHECKING:
    from collections.abc import Callable

    from addin.crm.catalogue import TargetKind

TEXT_LENGTH: Final = 300


@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)  # made only as `Settings`
class QuoteSettings:
    """Texts are blank until a person fills them in; ``logo``, ``seal`` and ``partner_logos`` are paths beside the book.

    ``discount_limit`` and ``margin_limit``: beyond them a person approves. ``tiers``: ``A=10%``.
    """

    company_name: str = ""
    company_brn: str = ""
    company_owner: str = ""
    company_address: str = ""
    company_type: str = ""
    company_item: str = ""
    company_phone: str = ""
    company_fax: str = ""
    company_email: str = ""
    company_account: str = ""
    company_logo: str = ""
    company_seal: str = ""
    partner_logos: str = ""
    vat: Literal["excluded", "included"] = "excluded"
    vat_basis: Literal["line", "total"] = "line"
    vat_rounding: Rounding = "floor"
    valid_days: int = 30
    discount_limit: Decimal = Decimal("0.1")
    margin_limit: Decimal = Decimal(0)
    tiers: tuple[str, ...] = ()

    @property
    def policy(self) -> Policy:
        """How a new quote counts its tax; an older one keeps its own."""
        return Policy(self.vat == "included", self.vat_rounding, self.vat_basis)


def text(cell: object) -> str | None:
    """A line of text as typed, control marks left out.

    >>> text(" 서울시\\n강남구 ")
    '서울시 강남구'
    """
    found = " ".join("".join(c if c.isprintable() else " " for c in str(cell)).split())
    return found if len(found) <= TEXT_LENGTH else None


def business_number(cell: object) -> str | None:
    """A 사업자등록번호 whose check digit is right, None else.

    >>> business_number("120-81-47521"), business_number("120-81-47522")
    ('120-81-47521', None)
    """
    found = parse_brn(cell)
    return None if found.fault is not None and not found.fault.repair else found.value


def tier_words(cell: object) -> tuple[str, ...] | None:
    """``A=10%, B=5%`` as pairs.

    >>> tier_words("A=10%; B = 5%"), tier_words("A")
    (('A=10%', 'B=5%'), None)
    """
    out = []
    for part in read.words(cell):
        name, _, amount = part.partition("=")
        share = read.share(amount) if amount.strip() else None
        if not name.strip() or share is None or share >= 1:
            return None
        out.append(f"{name.strip()}={read.percent_text(share)}")
    return tuple(out)


def _days(cell: object) -> int | None:
    return read.whole_number(cell, 1, 3650)


#: Key, field, unit, where the shipped value comes from, reader; None: one of `QUOTE_CHOICES`.
QUOTE_SPECS: Final[tuple[tuple[str, str, str, TargetKind, Callable[[object], object] | None], ...]] = (
    ("company.name", "company_name", "text", "assumed_none", text),
    ("company.business_no", "company_brn", "brn", "assumed_none", business_number),
    ("company.owner", "company_owner", "text", "assumed_none", text),
    ("company.address", "company_address", "text", "assumed_none", text),
    ("company.business_type", "company_type", "text", "assumed_none", text),
    ("company.business_item", "company_item", "text", "assumed_none", text),
    ("company.phone", "company_phone", "text", "assumed_none", text),
    ("company.fax", "company_fax", "text", "assumed_none", text),
    ("company.email", "company_email", "text", "assumed_none", text),
    ("company.account", "company_account", "text", "assumed_none", text),
    ("company.logo", "company_logo", "text", "assumed_none", text),
    ("company.seal", "company_seal", "text", "assumed_none", text),
    ("company.partner_logos", "partner_logos", "text", "assumed_none", text),
    ("quote.vat", "vat", "none", "assumed", None),
    ("quote.vat_basis", "vat_basis", "none", "assumed", None),
    ("quote.vat_rounding", "vat_rounding", "none", "assumed", None),
    ("quote.valid_days", "valid_days", "days", "assumed", _days),
    ("quote.discount_limit", "discount_limit", "share", "assumed", read.share),
    ("quote.margin_limit", "margin_limit", "share", "assumed", read.share),
    ("quote.tiers", "tiers", "words", "assumed_none", tier_words),
)

#: Field → (value, Korean, English).
QUOTE_CHOICES: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "vat": (("excluded", "별도", "excluded"), ("included", "포함", "included")),
    "vat_basis": (("line", "품목별", "each line"), ("total", "합계", "the total")),
    "vat_rounding": (("floor", "절사", "down"), ("half_up", "반올림", "nearest"), ("ceil", "올림", "up")),
}
