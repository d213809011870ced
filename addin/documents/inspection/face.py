"""What an inspection form shows, as text, for PDF, page and workbook; its names are the templates' fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from addin.crm.calendar import date_of
from addin.crm.quote_record import label
from addin.documents.quote.face import face as quote_face
from addin.i18n import say

if TYPE_CHECKING:
    from addin.crm.inspection import Inspection, Shot
    from addin.crm.report_defects import Defect

#: Rows left for a pen where nothing is known: on a blank form, or where no defect was written down.
BLANK_LINES: Final = 8
#: Ids a name is built for here.
IDS: Final = (
    *(f"inspect.defect.{name}" for name in ("open", "fixed")),
    *(f"inspect.signer.{name}" for name in ("person", "office")),
)
_MONEY: Final = ("supply", "tax", "total", "letters", "options_total")


def face(inspection: Inspection) -> dict[str, Any]:
    """The texts of a form: the quote's own, and the request, day, worker, defects, photos, remark.

    ``priced`` False: no money is shown. ``blank_lines``: rows to be filled in by hand.
    """
    shown = quote_face(inspection.record)
    if not inspection.priced:
        shown |= dict.fromkeys(_MONEY, "")
        shown["lines"] = [line | {"price": "", "amount": "", "tax": ""} for line in shown["lines"]]
    office = shown["recipient"]["honorific"] == say("quote.to_office", "ko")
    return {
        **shown,
        "signer": say(f"inspect.signer.{'office' if office else 'person'}", "ko"),
        "number": str(inspection.record.number or ""),
        "request": label(inspection.request),
        "completed": inspection.completed.isoformat() if inspection.completed else "",
        "worker": label(inspection.worker),
        "priced": inspection.priced,
        "remark": label(inspection.remark),
        "blank_lines": 0 if shown["lines"] else BLANK_LINES,
        "defects": [_defect(one) for one in inspection.defects],
        "shots": [_shot(shot) for shot in inspection.shots],
        "missing": [label(name) for name in inspection.missing],
    }


def _defect(one: Defect) -> dict[str, Any]:
    state = "open" if one.fixed is None else "fixed"
    return {
        "number": label(one.number),
        "place": label(one.place),
        "text": label(one.text),
        "found": date_of(one.found).isoformat(),
        "fixed": "" if one.fixed is None else date_of(one.fixed).isoformat(),
        "open": one.fixed is None,
        "state": say(f"inspect.defect.{state}", "ko"),
    }


def _shot(shot: Shot) -> dict[str, str]:
    return {"caption": label(shot.caption), "before": shot.before, "after": shot.after, "alone": shot.alone}
