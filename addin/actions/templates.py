"""``danggol templates``: which templates there are, a copy beside the workbook to edit, and whether the copies work.

What staff may edit are texts, pages and the quote's workbook layout; a PDF's layout is fixed, its words come from them.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from addin.crm.message import Message
from addin.errors import BookError, DanggolError, UsageError
from addin.i18n import LANGUAGES, say

if TYPE_CHECKING:
    from pathlib import Path

    from addin.crm.quote_record import QuoteRecord
    from addin.documents.kit.face import Kit

#: The kit's texts (`addin.documents.kit.face.PARTS` but the price list and the inspection form).
KIT_TEXTS: Final = ("guide", "scope", "quote_form", "report", "photos", "review", "sla")
#: The letters, one file a language.
LETTERS: Final = ("event_notice", "reproposal", "report_sent")
#: Template → what it is for (ids ``templates.<name>``), in the order shown.
EDITABLE: Final = {
    "quote/payment.txt.j2": "templates.payment",
    "quote/service.txt.j2": "templates.service",
    "quote/sent.txt.j2": "templates.sent",
    "quote/quote.html.j2": "templates.page",
    "quote/quote.xlsx": "templates.layout",
    "inspection/inspection.html.j2": "templates.inspection_page",
    "inspection/inspection.xlsx": "templates.inspection_layout",
    "report/report.html.j2": "templates.report_page",
    "case/case.html.j2": "templates.case_page",
    **{f"mail/{name}.{lang}.txt.j2": f"templates.mail.{name}" for lang in LANGUAGES for name in LETTERS},
    **{f"kit/{part}.{lang}.txt.j2": f"templates.kit.{part}" for lang in LANGUAGES for part in KIT_TEXTS},
}


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template: its name, what it is for, and the team's own copy where there is one."""

    name: str
    what: Message
    own: Path | None


@dataclass(slots=True)
class Checked:
    """The team's own templates that work, those that don't and why, and the previews made on invented data."""

    good: list[str] = field(default_factory=list)
    bad: dict[str, Message] = field(default_factory=dict)
    previews: list[Path] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        bad = [{"template": name, "problem": say(problem)} for name, problem in self.bad.items()]
        return {"good": self.good, "bad": bad, "previews": [str(path) for path in self.previews]}


def list_templates(book: Path) -> list[TemplateLine]:
    """Every template staff may edit, for a workbook."""
    own = {name: _own(book, name) for name in EDITABLE}
    return [TemplateLine(n, Message(id), own[n] if own[n].is_file() else None) for n, id in EDITABLE.items()]


def copy_template(book: Path, name: str) -> Path:
    """Copy a shipped template beside the workbook; from then on the copy is used.

    Raises `UsageError` for a name that isn't there, `BookError` where a copy stands already: it is never overwritten.
    """
    from addin.resources import resource

    if name not in EDITABLE:
        raise UsageError("templates.unknown", value=name, known=", ".join(EDITABLE))
    target = _own(book, name)
    if target.exists():
        raise BookError("templates.exists", where=str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(resource("templates", *name.split("/")), target)
    except OSError as error:
        raise BookError("error.cannot_write", where=str(target), reason=error.strerror or str(error)) from error
    return target


def check_templates(book: Path, preview: Path | None = None) -> Checked:
    """Try every own template of a workbook on invented data; ``preview``: a folder for what comes out."""
    out = Checked()
    for line in list_templates(book):
        if line.own is None:
            continue
        kind, name = line.name.split("/")
        try:
            made, shown = _try(kind, name, book.parent)
        except DanggolError as problem:
            out.bad[line.name] = problem.message
            continue
        out.good.append(line.name)
        if preview is not None:
            preview.mkdir(parents=True, exist_ok=True)
            path = preview / shown
            path.write_bytes(made)
            out.previews.append(path)
    return out


def _try(kind: str, name: str, beside: Path) -> tuple[bytes, str]:
    """What a template makes of invented data, and its preview's name."""
    from addin.actions import template_samples as samples

    if kind in ("quote", "kit"):
        return (_try_kit if kind == "kit" else _try_quote)(name, beside)
    attempts = {
        "inspection": samples.try_inspection,
        "mail": samples.try_letter,
        "report": samples.try_report,
        "case": samples.try_case,
    }
    return attempts[kind](name, beside, sample_quote())


def _try_quote(name: str, beside: Path) -> tuple[bytes, str]:
    """What a template of the quote makes of invented data, and its preview's name."""
    from addin.documents.library import Library
    from addin.documents.quote.face import face
    from addin.documents.quote.make import make

    library, record = Library("quote", beside), sample_quote()
    if name.endswith((".xlsx", ".html.j2")):
        made = make(record, "xlsx" if name.endswith(".xlsx") else "html", {}, library)
    else:
        made = library.render(name, face(record)).encode()
    return made, name.removesuffix(".j2")


def _try_kit(name: str, beside: Path) -> tuple[bytes, str]:
    """A page of an invented partner's kit, and its preview's name."""
    from addin.documents.kit.face import fields, page
    from addin.documents.library import Library
    from addin.documents.typst import compile_pdf

    part, lang = name.split(".")[:2]
    kit = sample_kit(lang)
    told = fields(kit, Library("quote", beside))
    made = compile_pdf("kit/page.typ", page(kit, part, told, Library("kit", beside)))
    return made, f"kit.{part}.{lang}.pdf"


def _own(book: Path, name: str) -> Path:
    from addin.documents.library import OWN

    return book.parent.joinpath(OWN, *name.split("/"))


def sample_quote() -> QuoteRecord:
    """An invented quote that shows everything a template may name."""
    from addin.crm.quote_record import RECIPIENT, SUPPLIER, QuoteRecord
    from addin.crm.quoting import Line, QuoteNumber
    from addin.crm.vat import Policy

    def words(names: tuple[str, ...]) -> dict[str, str]:
        return {name: say(f"templates.sample.{name}") for name in names}

    day = dt.date(2026, 1, 2)
    lines = [Line(say("templates.sample.item"), Decimal(n), 10_000_00, say("templates.sample.spec")) for n in (1, 2, 3)]
    option = Line(say("templates.sample.item"), Decimal("0.5"), 20_000_00, optional=True, taxed=False)
    return QuoteRecord(
        "request:R-1",
        day,
        day + dt.timedelta(30),
        Policy(),
        (*lines, option),
        title=say("templates.sample.item"),
        supplier=words(SUPPLIER),
        recipient=words(RECIPIENT),
        payment=(say("templates.payment"),),
        service=(say("templates.service"),),
        price_list="0123456789",
        number=QuoteNumber(2026, 1, 1),
    )


def sample_kit(lang: str) -> Kit:
    """An invented partner's kit that shows everything a template may name."""
    from addin.crm.kit import KitPrice, promise
    from addin.crm.settings import Settings
    from addin.documents.kit.face import Kit

    record, settings = sample_quote(), Settings()
    item = say("templates.sample.item", lang)
    return Kit(
        partner=say("templates.sample.partner", lang),
        contact=say("templates.sample.person", lang),
        supplier=record.supplier,
        promise=promise({}, settings),
        policy=settings.policy,
        valid_days=settings.valid_days,
        date=record.issued,
        lang=lang,
        channel="@example",
        booking="https://example.com/book",
        prices=(KitPrice("A01", item, say("templates.sample.spec", lang), "", 10_000_00, taxed=True),),
        version="0123456789",
    )
