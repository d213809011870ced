"""A request or a row of the quotes' list → what is to be quoted: lines, recipient, terms; or why it can't be.

Pure but for templates and logos read beside the book. A person's own price in ``견적품목`` wins over the price list.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from addin.actions.meant import no_such
from addin.crm.calendar import DAY, date_of
from addin.crm.grid import cell_address
from addin.crm.message import Message, msg
from addin.crm.price_list import TIER_HEADERS, Item, NotFound, PriceList, price_list, tier_discounts
from addin.crm.quote_record import QuoteRecord, label
from addin.crm.quoting import Line, QuoteTooLarge, expires, is_optional
from addin.crm.stages import LOST_WORDS, WON_WORDS
from addin.crm.text import spelling_key
from addin.crm.vat import taxed
from addin.crm.words import header_key
from addin.errors import DanggolError, NeedsAnswer
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from addin.actions.workspace import Workspace
    from addin.crm.vat import Policy
    from addin.documents.library import Library

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
TERMS: Final = ("payment.txt.j2", "service.txt.j2")
_WHOLE: Final = 15  # digits a spreadsheet's number has

Row = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """One thing to be quoted: its record without a number and its pictures, or the problem and where it stands."""

    source: str
    record: QuoteRecord | None = None
    pictures: dict[str, bytes] = field(default_factory=dict)
    problem: Message | None = None
    where: str = ""
    sheet: str = ""
    row: int = 0


class _Problem(Exception):
    def __init__(self, where: str, message: Message) -> None:
        super().__init__(message.id)
        self.where, self.message = where, message


class Sources:
    """The tables of one book, as a quote needs them."""

    def __init__(self, workspace: Workspace, beside: Path, library: Library, as_of: dt.date, *, renew: bool) -> None:
        from addin.actions.partners import resolve

        self.workspace, self.beside, self.library, self.as_of, self.renew = workspace, beside, library, as_of, renew
        self.settings = workspace.settings
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
        found = {name: getattr(self.settings, attribute) for name, attribute in COMPANY.items()}
        from addin.actions.tabs import names_of

        missing = [name for name in MUST if not found[name]]
        if missing:
            words = tuple(msg(f"settings.company.{name}") for name in missing)
            tab = names_of(self.workspace)["settings"]
            raise NeedsAnswer("quote.company_missing", what=msg("quote.fields", fields=words), tab=tab)
        return found

    def chosen(self, request: str | None, quote: str | None) -> Iterator[Draft]:
        """The draft of one request or quote, or all that are open. `UsageError` where there is none of that id."""
        if quote is not None:
            yield self._draft(f"quote:{quote}", self._row("quotes", "quote_id", quote))
        elif request is not None:
            row = self._row("requests", "request_id", request)
            mine = [q for q in self.rows["quotes"] if q.get("request") == row.get("request_id") and q.get("quote_id")]
            if mine:
                yield self._draft(f"quote:{mine[-1]['quote_id']}", mine[-1])
            else:
                yield self._draft(f"request:{row['request_id']}", row)
        else:
            yield from self._open()

    def _open(self) -> Iterator[Draft]:
        quoted = [row for row in self.rows["quotes"] if row.get("quote_id")]
        for row in quoted:
            if not _decided(row.get("status")):
                yield self._draft(f"quote:{row['quote_id']}", row)
        known = {row.get("request") for row in quoted}
        for row in self.rows["requests"]:
            id = row.get("request_id")
            if id and id not in known and row.get("service") and row.get("won_at") is None and not _closed(row):
                yield self._draft(f"request:{id}", row)

    def _row(self, table: str, key: str, id: str) -> Row:
        wanted = spelling_key(id)
        found = [row for row in self.rows[table] if row.get(key) and spelling_key(row[key]) == wanted]
        if not found:
            ids = [row[key] for row in self.rows[table] if row.get(key)]
            raise no_such(table, id, ids)
        return found[-1]

    def _draft(self, source: str, row: Row) -> Draft:
        draft = Draft(source, sheet=row["_sheet"], row=row["_row"], where=f"{row['_sheet']}!{row['_row']}")
        try:
            draft.record, draft.pictures = self._record(source, row)
        except _Problem as problem:
            draft.where, draft.problem = problem.where, problem.message
        except QuoteTooLarge:
            draft.problem = msg("quote.too_large")
        except DanggolError as error:
            draft.problem = error.message
        return draft

    def _record(self, source: str, row: Row) -> tuple[QuoteRecord, dict[str, bytes]]:
        from_list = source.startswith("quote:")
        asked = self.requests.get(row.get("request"), {}) if from_list else row
        tier = tier_of(self.partner_of(row))
        lines = self._quote_lines(row, tier) if from_list else ()
        return self._framed(source, row, lines or self._service_lines(asked or row, tier), self.settings.policy)

    def of_work_done(self, row: Row, agreed: QuoteRecord | None, listed: Row | None) -> Draft:
        """A won request's work: the lines of the quote that was given (``agreed``), else of the team's own list
        (``listed``), else the service at the request's amount; both sides as they are today. A record without a price
        has a single line of 0."""
        source = f"request:{row['request_id']}"
        draft = Draft(source, sheet=row["_sheet"], row=row["_row"], where=f"{row['_sheet']}!{row['_row']}")
        try:
            lines = agreed.lines if agreed else ()
            if listed is not None and not lines:
                lines = self._quote_lines(listed, tier_of(self.partner_of(listed)))
            lines = lines or (Line(label(row.get("service") or row["request_id"]), price=row.get("amount") or 0),)
            policy = agreed.policy if agreed else self.settings.policy
            record, draft.pictures = self._framed(source, row, lines, policy)
            if agreed:
                record = replace(record, number=agreed.number, price_list=agreed.price_list)
                if agreed.service:
                    record = replace(record, payment=agreed.payment, service=agreed.service)
            draft.record = record
        except _Problem as problem:
            draft.where, draft.problem = problem.where, problem.message
        except QuoteTooLarge:
            draft.problem = msg("quote.too_large")
        except DanggolError as error:
            draft.problem = error.message
        return draft

    def recipient_of(self, row: Row) -> dict[str, str]:
        """Whom a document about a request is for."""
        return _recipient(row, row, self.partner_of(row))

    def partner_of(self, row: Row) -> Row:
        """The partner's own row of a request or quote; empty where the list has none."""
        asked = self.requests.get(row.get("request"), {})
        return self.partners.get(row.get("partner_key") or row.get("partner") or asked.get("partner_key"), {})

    def _framed(
        self, source: str, row: Row, lines: Sequence[Line], policy: Policy
    ) -> tuple[QuoteRecord, dict[str, bytes]]:
        """Lines with everything around them: both sides, days, terms, pictures."""
        from_list = source.startswith("quote:")
        asked = self.requests.get(row.get("request"), {}) if from_list else row
        recipient = _recipient(row, asked, self.partner_of(row))
        pictures = self.pictures(recipient["partner"] or recipient["name"])
        dated = from_list and not self.renew
        issued = (_day(row.get("issued_at")) if dated else None) or self.as_of
        until = _day(row.get("valid_until")) if dated else None
        supplier = {name: label(text) for name, text in self.company().items()}
        record = QuoteRecord(
            source=source,
            issued=issued,
            valid_until=until or expires(issued, self.settings.valid_days),
            policy=policy,
            lines=tuple(lines),
            title=label(asked.get("service") or ""),
            supplier=supplier,
            recipient=recipient,
            pictures={name: _sha(data) for name, data in pictures.items()},
            price_list=self.prices.version if self.prices.items else "",
            tier=tier_of(self.partner_of(row)),
            terms=self.library.sha256(*TERMS),
        )
        data = self._terms_data(record)
        payment, service = (self.library.lines(name, data) for name in TERMS)
        return replace(record, payment=payment, service=service), pictures

    def _terms_data(self, record: QuoteRecord) -> dict[str, Any]:
        from addin.documents.quote.face import face

        whole = face(record)
        names = ("supplier", "recipient", "title", "issued", "valid_until", "total", "supply", "tax")
        return {name: whole[name] for name in names}

    def _quote_lines(self, row: Row, tier: str) -> tuple[Line, ...]:
        out = []
        for line in self.lines.get(row.get("quote_id") or "", ()):
            name, code = label(line.get("name")), label(line.get("code"))
            item = self._item(code or name, label(line.get("spec")))
            own = line.get("unit_price")
            listed = self.prices.price_for(item, tier, self.discounts) if item else None
            price = own if own is not None else listed
            if price is None:
                raise _Problem(
                    self.cell_of("quote_lines", line, "unit_price"), msg("quote.no_price", item=name or code)
                )
            quantity = line.get("quantity")
            if quantity is None:
                raise _Problem(
                    self.cell_of("quote_lines", line, "quantity"), msg("quote.no_quantity", item=name or code)
                )
            note = label(line.get("note"))
            out.append(
                Line(
                    name=name or (item.name if item else code),
                    quantity=Decimal(f"{quantity:.{_WHOLE}g}"),
                    price=price,
                    spec=label(line.get("spec")) or (item.spec if item else ""),
                    unit=label(line.get("unit")) or (item.unit if item else ""),
                    note=note,
                    code=code or (item.code if item else ""),
                    taxed=taxed(line["tax"]) if line.get("tax") else item.taxed if item else True,
                    optional=is_optional(name, note),
                    list_price=listed,
                    cost=item.cost if item else None,
                )
            )
        return tuple(out)

    def _item(self, text: str, spec: str) -> Item | None:
        """The list's item; None for the team's own words for one."""
        try:
            return self.prices.find(text, spec) if text else None
        except NotFound:
            return None

    def _service_lines(self, row: Row, tier: str) -> tuple[Line, ...]:
        service = row.get("service")
        if not service:
            raise _Problem(self.cell_of("requests", row, "service"), msg("quote.no_lines"))
        if not self.prices.items:
            raise _Problem("", msg("quote.no_price_list"))
        return tuple(self._service_line(row, text, quantity, tier) for text, quantity in self.prices.wanted(service))

    def _service_line(self, row: Row, text: str, quantity: Decimal, tier: str) -> Line:
        try:
            item = self.prices.find(text)
        except NotFound as none:
            near = ", ".join(none.candidates) or "–"
            id = "quote.several_items" if none.several else "quote.not_in_list"
            raise _Problem(self.cell_of("requests", row, "service"), msg(id, item=label(text), near=near)) from none
        price = self.prices.price_for(item, tier, self.discounts)
        if price is None:
            raise _Problem(item.where, msg("quote.no_price", item=label(item.name)))
        return Line(
            label(item.name), quantity, price, label(item.spec), label(item.unit), "", label(item.code),
            taxed=item.taxed, list_price=price, cost=item.cost,
        )  # fmt: skip

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


def _sha(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def _day(minutes: int | None) -> dt.date | None:
    return None if minutes is None else date_of(minutes // DAY)


def _decided(status: str | None) -> bool:
    from addin.actions.views.quotes import DECIDED

    return status is not None and spelling_key(status) in DECIDED


def _closed(row: Mapping[str, Any]) -> bool:
    stage = row.get("stage")
    return stage is not None and header_key(stage) in {header_key(w) for w in (*WON_WORDS, *LOST_WORDS)}
