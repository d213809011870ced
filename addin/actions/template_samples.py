"""Invented data for the templates of forms, letters, cases and reports: whatever a template names has a value."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from addin.i18n import say

if TYPE_CHECKING:
    from pathlib import Path

    from addin.crm.inspection import Inspection
    from addin.crm.internal_case import InternalCase
    from addin.crm.quote_record import QuoteRecord
    from addin.crm.report import PartnerReport
    from addin.documents.letters import Letter

_DAY = dt.date(2026, 1, 2)


def try_inspection(name: str, beside: Path, record: QuoteRecord) -> tuple[bytes, str]:
    """What a template of the inspection form makes of an invented one, and its preview's name."""
    from addin.documents.inspection.make import make
    from addin.documents.library import Library

    format = "xlsx" if name.endswith(".xlsx") else "html"
    return make(sample_inspection(record), format, {}, Library("inspection", beside)), f"inspection.{format}"


def try_letter(name: str, beside: Path, record: QuoteRecord) -> tuple[bytes, str]:
    """What a letter's template says, and its preview's name."""
    from addin.documents.letters import TEMPLATES, face
    from addin.documents.library import Library

    kind, lang = name.split(".")[:2]
    library = Library("mail", beside)
    if kind == "report_sent":
        from addin.documents.report.face import face as report_face

        sender = (record.supplier.get("name", ""), record.supplier.get("email", ""))
        return library.render(name, report_face(sample_report(lang), lang, *sender)).encode(), f"mail.{kind}.{lang}.txt"
    letter = next(k for k, template in TEMPLATES.items() if template.format(lang=lang) == name)
    return library.render(name, face(sample_letter(letter, record), lang)).encode(), f"mail.{kind}.{lang}.txt"


def try_report(name: str, beside: Path, record: QuoteRecord) -> tuple[bytes, str]:
    """What the report's page shows of an invented month, and its preview's name."""
    from addin.documents.report.face import face
    from addin.documents.report.make import make

    shown = face(sample_report("ko"), "ko", record.supplier.get("name", ""), record.supplier.get("email", ""))
    return make(shown, "html", beside), name.removesuffix(".j2")


def try_case(name: str, beside: Path, record: QuoteRecord) -> tuple[bytes, str]:
    """What the page of an internal case shows of an invented partner, and its preview's name."""
    from addin.documents.case.face import face
    from addin.documents.case.make import make

    shown = face(sample_case("ko"), "ko", _DAY, record.supplier.get("name", ""))
    return make(shown, "html", beside), name.removesuffix(".j2")


def sample_inspection(record: QuoteRecord) -> Inspection:
    """An invented form with every section filled in."""
    from addin.crm.calendar import day_of
    from addin.crm.inspection import Inspection, Shot
    from addin.crm.report_defects import Defect

    day, item = day_of(_DAY), say("templates.sample.item")
    defects = (Defect("D-1", item, item, day - 2, day, 2), Defect("D-2", item, item, day - 1, None, 1))
    worker, remark = say("templates.sample.person"), say("templates.service")
    shots = (Shot(item, "photo1", "photo2"), Shot(item, alone="photo3"))
    return Inspection("R-1", _DAY, record, worker, True, defects, shots, ("x.heic",), remark)


def sample_letter(kind: str, record: QuoteRecord) -> Letter:
    """An invented letter of a kind with everything in it."""
    from addin.crm.price_list import Item
    from addin.documents.letters import Letter

    item = say("templates.sample.item")
    return Letter(
        kind=kind,
        request="R-1",
        service=item,
        sender=record.supplier,
        recipient=record.recipient,
        office=True,
        event=_DAY + dt.timedelta(7),
        left=7,
        proposed=_DAY - dt.timedelta(2),
        quote=replace(record),
        attached=True,
        others=((Item("A01", item, say("templates.sample.spec")), 10_000_00),),
    )


def sample_case(lang: str) -> InternalCase:
    """An invented candidate's case, worked out as a real one is."""
    import polars as pl

    from addin.crm.calendar import DAY, day_of
    from addin.crm.internal_case import Cases
    from addin.crm.screening import screen
    from addin.crm.settings import Settings
    from addin.crm.standing import standing

    day, partner = day_of(_DAY), say("templates.sample.partner", lang)
    text, person = say("templates.sample.item", lang), say("templates.sample.person", lang)
    partners = standing(pl.DataFrame({
        "name": [partner], "cluster": ["아파트 단지"], "region": ["–"], "owner": [person], "contact": [person],
        "stage": ["미팅"], "stage_at": [(day - 9) * DAY], "households": [400.0], "turnover": [20.0], "case": [text],
        "expected_revenue": [6_000_000_00], "effort": [8.0], "our_benefit": [text], "their_benefit": [text],
    }))  # fmt: skip
    return Cases(partners, screen(partners, Settings()), None, Settings(), day).of(partner)


def sample_report(lang: str) -> PartnerReport:
    """An invented partner's month, worked out as a real one is."""
    import polars as pl

    from addin.crm.calendar import DAY, day_of, month_of_day
    from addin.crm.report import Reports
    from addin.crm.settings import Settings

    day, partner = day_of(_DAY), say("templates.sample.partner", lang)
    at = [(day - n) * DAY + 600 for n in range(60)]
    requests = pl.DataFrame({
        "request_id": [f"R-{n}" for n in range(60)],
        "partner": [partner] * 60,
        "partner_key": [partner] * 60,
        "received_at": at,
        "received_at__time": [True] * 60,
        "confirmed_at": [m + 7 for m in at],
        "confirmed_at__time": [True] * 60,
        "won_at": [m + DAY if n % 3 == 0 else None for n, m in enumerate(at)],
        "amount": [100_000_00] * 60,
        "_sheet": ["1"] * 60,
        "_row": list(range(2, 62)),
    })  # fmt: skip
    person = say("templates.sample.person", lang)
    partners = pl.DataFrame({"partner_key": [partner], "name": [partner], "contact": [person]})
    defects = pl.DataFrame({
        "partner": [partner] * 2, "place": ["B2", "1F"], "text": [say("templates.sample.item", lang)] * 2,
        "found_at": [(day - 40) * DAY, (day - 20) * DAY], "fixed_at": [(day - 10) * DAY, None],
    })  # fmt: skip
    frames = {"requests": requests, "partners": partners, "defects": defects}
    return Reports(frames, Settings(), month_of_day(day - 2), day).of(partner)
