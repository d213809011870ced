"""What a quote is over: the lines a person wrote for it, or the price list's items that a request names."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from addin.crm.message import Message, msg
from addin.crm.price_list import Item, NotFound
from addin.crm.quote_record import label
from addin.crm.quoting import Line, is_optional
from addin.crm.vat import taxed

if TYPE_CHECKING:
    from addin.actions.team_tables import Row, TeamTables

_WHOLE: Final = 15  # digits a spreadsheet's number has


class NotQuotable(Exception):
    """Why there is no line, and the cell that has to be filled in or mended ("" where it is no cell)."""

    def __init__(self, where: str, message: Message) -> None:
        super().__init__(message.id)
        self.where, self.message = where, message


class QuoteLines:
    """Lines at the partner's tier; `NotQuotable` where a name, a price or a quantity is missing."""

    def __init__(self, tables: TeamTables) -> None:
        self.tables = tables

    def listed(self, row: Row, tier: str) -> tuple[Line, ...]:
        """The lines a person wrote for a row of the quotes' list; their own price wins over the list's."""
        out = []
        for line in self.tables.lines.get(row.get("quote_id") or "", ()):
            name, code = label(line.get("name")), label(line.get("code"))
            item = self._item(code or name, label(line.get("spec")))
            own = line.get("unit_price")
            listed = self.tables.prices.price_for(item, tier, self.tables.discounts) if item else None
            price = own if own is not None else listed
            if price is None:
                raise NotQuotable(
                    self.tables.cell_of("quote_lines", line, "unit_price"), msg("quote.no_price", item=name or code)
                )
            quantity = line.get("quantity")
            if quantity is None:
                raise NotQuotable(
                    self.tables.cell_of("quote_lines", line, "quantity"), msg("quote.no_quantity", item=name or code)
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
            return self.tables.prices.find(text, spec) if text else None
        except NotFound:
            return None

    def service(self, row: Row, tier: str) -> tuple[Line, ...]:
        """The price list's items that a request's service names."""
        service = row.get("service")
        if not service:
            raise NotQuotable(self.tables.cell_of("requests", row, "service"), msg("quote.no_lines"))
        if not self.tables.prices.items:
            raise NotQuotable("", msg("quote.no_price_list"))
        return tuple(
            self._service_line(row, text, quantity, tier) for text, quantity in self.tables.prices.wanted(service)
        )

    def _service_line(self, row: Row, text: str, quantity: Decimal, tier: str) -> Line:
        try:
            item = self.tables.prices.find(text)
        except NotFound as none:
            near = ", ".join(none.candidates) or "–"
            id = "quote.several_items" if none.several else "quote.not_in_list"
            raise NotQuotable(
                self.tables.cell_of("requests", row, "service"), msg(id, item=label(text), near=near)
            ) from none
        price = self.tables.prices.price_for(item, tier, self.tables.discounts)
        if price is None:
            raise NotQuotable(item.where, msg("quote.no_price", item=label(item.name)))
        return Line(
            label(item.name), quantity, price, label(item.spec), label(item.unit), "", label(item.code),
            taxed=item.taxed, list_price=price, cost=item.cost,
        )  # fmt: skip
