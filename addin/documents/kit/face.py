"""What a partner's kit says, as text: the fields its templates may name, and each page as blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from addin.crm.amounts import money_text
from addin.documents.kit.blocks import parse, shielded, table
from addin.documents.report.face import Voice, plain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.crm.kit import KitPrice, Promise
    from addin.crm.vat import Policy
    from addin.documents.library import Library

#: The kit's parts in their order: the guide is the cover; every other but the price list and the
#: inspection form is a text of templates/kit.
PARTS: Final = ("guide", "prices", "scope", "quote_form", "inspection", "report", "photos", "review", "sla")
#: Services named in the scope.
NAMED: Final = 12
DAYS: Final = 7
#: Every id a name is built for here.
IDS: Final = (
    *(f"kit.{what}.{part}" for what in ("file", "what", "title") for part in PARTS),
    *(f"kit.day.{day}" for day in range(DAYS)),
    *(f"kit.head.{head}" for head in ("code", "name", "spec", "unit", "price", "tax")),
    *(f"kit.tax.{kind}" for kind in ("yes", "no", "excluded", "included")),
)


@dataclass(frozen=True, slots=True)
class Kit:
    """Everything one partner's kit is made of. ``supplier``: the fields of `addin.crm.quote_record.SUPPLIER`."""

    partner: str
    contact: str
    supplier: Mapping[str, str]
    promise: Promise
    policy: Policy
    valid_days: int
    date: dt.date
    lang: str
    office: bool = False
    channel: str = ""
    booking: str = ""
    prices: tuple[KitPrice, ...] = ()
    version: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts there is something to say in."""
        return tuple(part for part in PARTS if part != "prices" or self.prices)


def fields(kit: Kit, library: Library) -> dict[str, Any]:
    """What the kit's templates may name. ``library``: the quote's templates, whose A/S terms are the kit's."""
    say = Voice(kit.lang)
    supplier = {name: plain(text) for name, text in kit.supplier.items()}
    names = list(dict.fromkeys(plain(price.name, 60) for price in kit.prices))
    return {
        "partner": {"name": plain(kit.partner), "contact": plain(kit.contact)},
        "supplier": supplier,
        "channel": plain(kit.channel),
        "booking": plain(kit.booking),
        "date": kit.date.isoformat(),
        "sla": {
            "minutes": kit.promise.minutes,
            "same_day": kit.promise.same_day,
            "hours": f"{kit.promise.opens}–{kit.promise.closes}",
            "weekdays": weekdays(kit.promise.weekdays, say),
            "always": kit.promise.always,
            "office": kit.office,
            "valid_days": kit.valid_days,
        },
        "services": names[:NAMED],
        "more": max(len(names) - NAMED, 0),
        "service": list(library.lines("service.txt.j2", _terms(kit, supplier))),
        "contents": [{"name": file_name(part, say), "what": say(f"kit.what.{part}")} for part in kit.parts],
    }


def _terms(kit: Kit, supplier: Mapping[str, str]) -> dict[str, Any]:
    """The fields a quote's terms may name; those of one quote alone are empty."""
    from addin.crm.quote_record import RECIPIENT

    recipient = {**dict.fromkeys(RECIPIENT, ""), "partner": plain(kit.partner)}
    blank = dict.fromkeys(("title", "issued", "valid_until", "total", "supply", "tax"), "")
    return {**blank, "supplier": supplier, "recipient": recipient}


def weekdays(days: Sequence[int], say: Voice) -> str:
    """``월–금``; days apart one by one.

    >>> weekdays((0, 1, 2, 3, 4), Voice("en")), weekdays((0, 5), Voice("en"))
    ('Mon–Fri', 'Mon, Sat')
    """
    names = [say(f"kit.day.{day}") for day in days]
    if len(days) > 2 and list(days) == list(range(days[0], days[0] + len(days))):
        return f"{names[0]}–{names[-1]}"
    return ", ".join(names)


def file_name(part: str, say: Voice) -> str:
    """``01_가격표``: the number is the part's place, so it stays where a part is left out."""
    return f"{PARTS.index(part):02d}_{say(f'kit.file.{part}')}"


def page(kit: Kit, part: str, told: Mapping[str, Any], library: Library) -> dict[str, Any]:
    """One page for ``kit/page.typ``. ``told``: `fields`; ``library``: the kit's own templates."""
    say = Voice(kit.lang)
    blocks = price_blocks(kit) if part == "prices" else text_blocks(kit, part, told, library)
    name = plain(kit.supplier.get("name", ""))
    return {
        "lang": kit.lang,
        "partner": plain(kit.partner),
        "sender": name,
        "date": kit.date.isoformat(),
        "title": say(f"kit.title.{part}"),
        "subtitle": say("kit.between", partner=plain(kit.partner), supplier=name),
        "foot": say("kit.foot", supplier=name, partner=plain(kit.partner), day=kit.date.isoformat()),
        "blocks": blocks,
    }


def text_blocks(kit: Kit, part: str, told: Mapping[str, Any], library: Library) -> list[dict[str, Any]]:
    """The blocks of a text staff may edit."""
    blocks: list[dict[str, Any]] = parse(library.render(f"{part}.{kit.lang}.txt.j2", shielded(dict(told))))
    for block in blocks:
        if block["kind"] == "photos" and len(block["items"]) % 2:
            block["items"].append("")
    return blocks


def price_blocks(kit: Kit) -> list[dict[str, Any]]:
    """The price list: its lines, how tax is counted, which version it is."""
    say = Voice(kit.lang)
    heads = ("code", "name", "spec", "unit", "price", "tax")
    rows = [[say(f"kit.head.{head}") for head in heads]]
    rows += [
        [
            *(plain(text) for text in (price.code, price.name, price.spec, price.unit)),
            say("kit.ask") if price.price is None else money_text(price.price),
            say("kit.tax.yes" if price.taxed else "kit.tax.no"),
        ]
        for price in kit.prices
    ]
    tax = say("kit.tax.included" if kit.policy.included else "kit.tax.excluded")
    notes = [tax, say("kit.prices.of", day=kit.date.isoformat(), version=kit.version), say("kit.prices.change")]
    return [table(rows, (4,)), {"kind": "list", "items": notes}]


def readme(kit: Kit, told: Mapping[str, Any], library: Library) -> str:
    """The guide as plain text, for whoever opens the folder."""
    say = Voice(kit.lang)
    out = [
        say("kit.title.guide"),
        say("kit.between", partner=told["partner"]["name"], supplier=told["supplier"]["name"]),
    ]
    for block in text_blocks(kit, "guide", told, library):
        if block["kind"] == "heading":
            out += ["", f"[{block['text']}]"]
        elif block["kind"] == "table":
            out += [": ".join(cell for cell in row[:2] if cell) for row in block["rows"][1:]]
        elif "items" in block:
            out += [f"- {item}" for item in block["items"]]
        else:
            out += ["", block["text"]] if block["kind"] == "text" and len(out) == 2 else [block.get("text", "")]
    return "\r\n".join(out) + "\r\n"
