"""A book's own tables as documents need them: who we are, the partner behind a request, prices, logos, places of cells.

Pure but for the logos read beside the book.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from addin.crm.grid import cell_address
from addin.crm.message import msg
from addin.crm.price_list import TIER_HEADERS, PriceList, price_list, tier_discounts
from addin.crm.quote_record import label
from addin.crm.text import spelling_key
from addin.errors import NeedsAnswer
from addin.i18n import say

if TYPE_CHECKING:
    from pathlib import Path

    from addin.actions.workspace import Workspace

#: Headers of the place the work is done at, where a book has such a column.
SITE_HEADERS: Final = ("현장", "현장주소", "주소", "작업장소", "시공장소", "동호수", "동·호수", "site", "address")
#: The supplier's fields on a quote ← the settings' fields; the first four must be there.
COMPANY: Final = {
    "name": "company_name",
    "business_no": "company_brn",
    "owner": "company_owner",
    "address": "company_address",
    "business_type": "company_type",
    "business_item": "company_item",
    "phone": "company_phone",
    "fax": "company_fax",
    "email": "company_email",
    "account": "company_account",
}
MUST: Final = ("name", "business_no", "owner", "address")
Row = dict[str, Any]


class TeamTables:
    """The requests, quotes, partners and prices of one book."""

    def __init__(self, workspace: Workspace, beside: Path) -> None:
        from addin.actions.partners import resolve

        self.workspace, self.beside, self.settings = workspace, beside, workspace.settings
        frames = resolve(workspace).frames
        self.rows: dict[str, list[Row]] = {
            name: frames[name].to_dicts() if name in frames else []
            for name in ("requests", "quotes", "quote_lines", "partners")
        }
        records = workspace.records.get("price_list")
        self.prices: PriceList = price_list(records.frame.to_dicts(), records.extra) if records else PriceList()
        self.partners = {row.get("partner_key") or row.get("name"): row for row in self.rows["partners"]}
        self.requests = {row["request_id"]: row for row in self.rows["requests"] if row.get("request_id")}
        self.lines: dict[str, list[Row]] = {}
        for row in self.rows["quote_lines"]:
            self.lines.setdefault(row.get("quote_id") or "", []).append(row)
        self.discounts = tier_discounts(self.settings.tiers)

    def company(self) -> dict[str, str]:
        """Who we are; `NeedsAnswer` where the settings don't say."""
        from addin.actions.tabs import names_of

        found = {name: getattr(self.settings, attribute) for name, attribute in COMPANY.items()}
        missing = [name for name in MUST if not found[name]]
        if missing:
            words = tuple(msg(f"settings.company.{name}") for name in missing)
            tab = names_of(self.workspace)["settings"]
            raise NeedsAnswer("quote.company_missing", what=msg("quote.fields", fields=words), tab=tab)
        return found

    def recipient_of(self, row: Row, asked: Row | None = None) -> dict[str, str]:
        """Whom a document about a request is for; ``asked``: the request, where ``row`` is one of the quotes' list."""
        return _recipient(row, row if asked is None else asked, self.partner_of(row))

    def partner_of(self, row: Row) -> Row:
        """The partner's own row of a request or quote; empty where the list has none."""
        asked = self.requests.get(row.get("request"), {})
        return self.partners.get(row.get("partner_key") or row.get("partner") or asked.get("partner_key"), {})

    def request_of(self, source: str) -> str:
        """The id of the request a quote was made for, by the quote's ``source``; "" where its row is gone."""
        kind, _, id = source.partition(":")
        if kind == "request":
            return id
        row = next((r for r in reversed(self.rows["quotes"]) if r.get("quote_id") == id), {})
        return row.get("request") or ""

    def cell_of(self, table: str, row: Row, name: str) -> str:
        """``sheet!F12`` of a field's cell; the row where no column holds the field."""
        match = self.workspace.mapping.table(table)
        for region in match.regions if match else ():
            if region.sheet == row["_sheet"] and region.header_last < row["_row"] <= region.last_row:
                column = match.column_in(region, name) if match else None
                return f"{row['_sheet']}!{cell_address(row['_row'], column or 0)}"
        return f"{row['_sheet']}!{row['_row']}"

    def pictures(self, partner: str) -> dict[str, bytes]:
        """Our logo and seal, and the partner's logo, where the settings name them."""
        settings = self.settings
        found = {"our_logo": settings.company_logo, "seal": settings.company_seal}
        out = {name: _picture(self.beside, path) for name, path in found.items() if path}
        if settings.partner_logos and partner:
            folder = _inside(self.beside, settings.partner_logos)
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                if spelling_key(path.stem) == spelling_key(partner):
                    out["their_logo"] = _picture(self.beside, str(path))
        return out


def tier_of(partner: Row) -> str:
    """The price tier a partner's row names; "" without one."""
    return next((str(v) for k, v in partner.items() if spelling_key(k) in TIER_HEADERS and v), "")


def _recipient(row: Row, asked: Row, partner: Row) -> dict[str, str]:
    customer = label(row.get("customer") or asked.get("customer"))
    office = label(partner.get("name") or row.get("partner") or asked.get("partner"))
    site = next((label(v) for r in (asked, row) for k, v in r.items() if spelling_key(k) in SITE_HEADERS and v), "")
    phone = asked.get("phone") if customer else partner.get("phone")
    return {
        "name": customer or office,
        "honorific": say("quote.to_person" if customer else "quote.to_office", "ko"),
        "phone": label(phone),
        "partner": office if customer else "",
        "person": "" if customer else label(partner.get("contact")),
        "site": site,
    }


def _picture(beside: Path, path: str) -> bytes:
    from addin.documents.images import read_picture

    return read_picture(_inside(beside, path))


def _inside(beside: Path, path: str) -> Path:
    """A path of the settings, which must lead into the book's own folder."""
    from addin.documents.images import PictureFault

    found = (beside / path).resolve()
    if not found.is_relative_to(beside.resolve()):
        raise PictureFault("doc.image.outside", where=path)
    return found
