"""``danggol case``: the internal case for one partner on one page, for the decision makers to sign.

Nothing in the workbook is changed, and nothing is invented: what the book doesn't tell is left to be written by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from addin.actions.dates import parse_day, today
from addin.actions.outbox import file_name, outbox
from addin.actions.progress import Step, quiet
from addin.actions.workspace import Workspace, open_workspace
from addin.errors import DanggolError, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from addin.actions.outbox import Outbox
    from addin.crm.internal_case import Cases, InternalCase
    from addin.crm.message import Message

FORMATS: Final = ("pdf", "xlsx", "html")
DEFAULT: Final = ("pdf",)


@dataclass(frozen=True, slots=True)
class MadeCase:
    """One partner's case and its files."""

    case: InternalCase
    paths: tuple[Path, ...]


@dataclass(slots=True)
class CasesMade:
    """What a run made; ``left``: partner → why there is no page."""

    as_of: dt.date
    made: list[MadeCase] = field(default_factory=list)
    left: dict[str, Message] = field(default_factory=dict)

    @property
    def paths(self) -> list[Path]:
        """Every file made."""
        return [path for one in self.made for path in one.paths]

    def to_json(self) -> dict[str, Any]:
        """As ``--json`` prints it; money in whole units."""
        return {
            "as_of": self.as_of.isoformat(),
            "cases": [_json(one) for one in self.made],
            "left": {partner: say(reason) for partner, reason in self.left.items()},
        }


def case_book(
    book: Path,
    *,
    partner: str | None = None,
    all: bool = False,
    formats: Sequence[str] = DEFAULT,
    out: Path | None = None,
    as_of: str | None = None,
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> CasesMade:
    """Make the page of one partner (``partner``: name, id or alias) or of everyone on its way to us (``all``).

    ``out`` defaults to a folder 제휴 검토서 beside the book. A file of another content is never overwritten. Raises
    `UsageError` for a partner that isn't there, `DanggolError` where the book has no list of partners, nobody is on the
    way, or a page can't be made; with ``all`` that partner is listed in ``left`` instead.
    """
    if (partner is None) == (not all):
        raise UsageError("case.which")
    for format in formats:
        if format not in FORMATS:
            raise UsageError("report.format", value=format, known=", ".join(FORMATS))
    day = parse_day(as_of, "--as-of") or today()
    workspace = open_workspace(book, maps=maps, step=step)
    cases = _cases(workspace, book, day)
    names = cases.names() if partner is None else [_named(workspace, cases, partner)]
    if not names:
        raise DanggolError("case.nobody")
    done = CasesMade(day)
    folder = out if out is not None else book.parent / say("case.folder", lang=workspace.lang)
    with outbox(folder) as box:
        for at, name in enumerate(names):
            step("progress.case", 0.5 + 0.45 * at / len(names))
            try:
                done.made.append(_make(workspace, cases.of(name), box, formats, book.parent, day))
            except DanggolError as error:
                if partner is not None or error.message.id == "doc.not_installed":
                    raise
                done.left[name] = error.message
        box.publish()
        box.keep()
    return done


def _cases(workspace: Workspace, book: Path, day: dt.date) -> Cases:
    from addin.actions.partners import resolve
    from addin.crm.calendar import day_of
    from addin.crm.internal_case import Cases
    from addin.crm.screening import screen
    from addin.crm.standing import standing

    frames = resolve(workspace).frames
    if "partners" not in frames:
        have = ", ".join(workspace.records) or "–"
        raise DanggolError("error.no_such_table", where=str(book), value="partners", have=have)
    partners = standing(frames["partners"])
    candidates = screen(partners, workspace.settings)
    return Cases(partners, candidates, frames.get("activities"), workspace.settings, day_of(day))


def _named(workspace: Workspace, cases: Cases, text: str) -> str:
    """The partner a person means."""
    from addin.actions.meant import partner_meant
    from addin.crm.text import spelling_key

    names: list[str] = cases.partners["partner"].to_list()
    index = {spelling_key(name): name for name in reversed(names)}
    if "partner_id" in cases.partners.columns:
        for id, name in cases.partners.select("partner_id", "partner").drop_nulls().iter_rows():
            index.setdefault(spelling_key(id), name)
    return partner_meant(text, index, workspace.aliases, str)


def _make(
    workspace: Workspace, case: InternalCase, box: Outbox, formats: Sequence[str], beside: Path, day: dt.date
) -> MadeCase:
    from addin.documents.case.face import face
    from addin.documents.case.make import make

    heads = _head(workspace, "expected_revenue"), _head(workspace, "effort")
    shown = face(case, workspace.lang, day, workspace.settings.company_name, heads)
    partner = file_name(shown["partner"]) or "_"
    stem = say("case.file", lang=workspace.lang, partner=partner, day=day.isoformat())
    files = {format: make(shown, format, beside) for format in formats}
    return MadeCase(case, tuple(box.put(stem, format, data) for format, data in files.items()))


def _head(workspace: Workspace, name: str) -> str:
    """What the book calls a column of the partners' list; '' where it has none."""
    match = workspace.mapping.table("partners")
    column = match.columns.get(name) if match else None
    return column.header if column else ""


def _json(one: MadeCase) -> dict[str, Any]:
    from addin.crm.amounts import MONEY_SCALE
    from addin.crm.calendar import date_of

    case = one.case
    return {
        "partner": case.partner,
        "stage": None if case.rank is None else case.rank + 1,
        "why": case.why or None,
        "expected": None if case.expected is None else case.expected / MONEY_SCALE,
        "effort": case.effort,
        "a_day": None if case.a_day is None else case.a_day / MONEY_SCALE,
        "score": case.score.score if case.score else None,
        "open": list(case.open),
        "next": [say(step) for step in case.next],
        "approved": case.approved,
        "approved_on": None if case.approved_on is None else date_of(case.approved_on).isoformat(),
        "paths": [str(path) for path in one.paths],
    }
