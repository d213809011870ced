"""Letters about one request, from the team's own texts: the notice before the day, another proposal after a silence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from addin.crm.amounts import money_text
from addin.crm.quote_record import label
from addin.documents.quote.face import face as quote_face

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.crm.price_list import Item
    from addin.crm.quote_record import QuoteRecord
    from addin.documents.library import Library

#: Kind of letter → its template, one a language.
TEMPLATES: Final = {"d7": "event_notice.{lang}.txt.j2", "reproposal": "reproposal.{lang}.txt.j2"}
_GAP: Final = re.compile(r"\n(?:[ \t]*\n){2,}")
_SENDER: Final = ("name", "owner", "phone", "email")
_RECIPIENT: Final = ("name", "partner", "person")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter tells. ``event`` the day itself, ``left`` days to it; ``proposed`` the day of the last proposal;
    ``quote`` the one that stands, ``others`` what else could be had (item, its price in hundredths, with tax where
    ``tax_included``)."""

    kind: str
    request: str
    service: str
    sender: Mapping[str, str]
    recipient: Mapping[str, str]
    office: bool
    event: dt.date | None = None
    left: int | None = None
    proposed: dt.date | None = None
    quote: QuoteRecord | None = None
    attached: bool = False
    tax_included: bool = False
    others: Sequence[tuple[Item, int]] = ()


def face(letter: Letter, lang: str) -> dict[str, Any]:
    """The texts of a letter; the names in it are the fields templates may use."""
    shown = quote_face(letter.quote) if letter.quote is not None else {}
    quote = {name: shown.get(name, "") for name in ("number", "title", "total", "supply", "tax", "valid_until")}
    return {
        "request": label(letter.request),
        "service": label(letter.service),
        "sender": {name: label(letter.sender.get(name, "")) for name in _SENDER},
        "recipient": {name: label(letter.recipient.get(name, "")) for name in _RECIPIENT},
        "office": letter.office,
        "event": _day(letter.event, lang),
        "left": letter.left if letter.left is not None else "",
        "proposed": _day(letter.proposed, lang),
        "quote": quote,
        "options": [{"name": line["name"], "amount": line["amount"]} for line in shown.get("options", ())],
        "attached": letter.attached,
        "tax_included": letter.tax_included,
        "others": [
            {"name": label(item.name), "spec": label(item.spec), "unit": label(item.unit), "price": money_text(price)}
            for item, price in letter.others
        ],
    }


def letter_text(letter: Letter, library: Library, lang: str) -> str:
    """The letter: its subject in the first line. ``library`` is that of ``mail``. Raises `TemplateFault`."""
    text = library.render(TEMPLATES[letter.kind].format(lang=lang), face(letter, lang))
    return _GAP.sub("\n\n", text)


def _day(day: dt.date | None, lang: str) -> str:
    if day is None:
        return ""
    return f"{day.year}년 {day.month}월 {day.day}일" if lang == "ko" else day.isoformat()
