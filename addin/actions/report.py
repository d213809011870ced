"""``danggol report``: a partner's month as PDF, web page and mail draft; one door for the command and the button.

Nothing in the workbook is changed. The files are made out of sight and put in their place together.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.actions.dates import parse_day
from addin.actions.door import path_of
from addin.actions.progress import Step, quiet
from addin.actions.workspace import Workspace, open_workspace
from addin.crm.message import Message, msg
from addin.errors import BookError, DanggolError, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from addin.actions.results import Results
    from addin.books.live import LiveBook
    from addin.crm.report import PartnerReport, Reports

FORMATS: Final = ("pdf", "html", "eml")
DEFAULT: Final = ("pdf", "html")
NAMES_SHOWN: Final = 8
_MONTH: Final = re.compile(r"(\d{4})\s*[-./년]?\s*(\d{1,2})\s*월?")


@dataclass(frozen=True, slots=True)
class Made:
    """One partner's report and its files."""

    report: PartnerReport
    paths: tuple[Path, ...]


@dataclass(slots=True)
class Reported:
    """What a run made; ``left``: partner → why there is no report; ``notes``: what the sender should know."""

    month: str
    as_of: dt.date
    made: list[Made] = field(default_factory=list)
    left: dict[str, Message] = field(default_factory=dict)
    notes: list[Message] = field(default_factory=list)
    folder: Path = Path()

    @property
    def paths(self) -> list[Path]:
        """Every file made."""
        return [path for made in self.made for path in made.paths]

    def to_json(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return {
            "month": self.month,
            "as_of": self.as_of.isoformat(),
            "reports": [_json(made) for made in self.made],
            "left": {partner: say(reason) for partner, reason in self.left.items()},
            "notes": [say(note) for note in self.notes],
        }


def report_book(
    book: Path | LiveBook,
    *,
    partner: str | None = None,
    all: bool = False,
    month: str | None = None,
    formats: Sequence[str] = DEFAULT,
    out: Path | None = None,
    weeks: int | None = None,
    as_of: str | None = None,
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> Reported:
    """Report on one partner (``partner``: name, id or alias) or on all there is something to tell about (``all``).

    ``month`` (``2026-10``) defaults to the last that is over; ``out`` to a folder 보고서 beside the book. Files of an
    earlier run are replaced. Raises `UsageError` for words that are off, `DanggolError` where a document can't be
    made; with ``all`` that partner is listed in ``left`` instead.
    """
    from addin.crm.report import FEWEST_WEEKS, MOST_WEEKS, WEEKS, month_of

    if (partner is None) == (not all):
        raise UsageError("report.which")
    for format in formats:
        if format not in FORMATS:
            raise UsageError("report.format", value=format, known=", ".join(FORMATS))
    if weeks is not None and not FEWEST_WEEKS <= weeks <= MOST_WEEKS:
        raise UsageError("report.bad_weeks", value=str(weeks), low=FEWEST_WEEKS, high=MOST_WEEKS)
    wanted = parse_month(month, "--month")
    day = parse_day(as_of, "--as-of")
    workspace = open_workspace(book, maps=maps, step=step)
    results, number = _known(workspace, path_of(book), day, step)
    chosen = month_of(number) if wanted is None else wanted
    reports = _reports(workspace, results, chosen, number, weeks or WEEKS)
    assert results.as_of is not None
    done = Reported(_label(chosen), results.as_of)
    names = _everyone(workspace, reports, done) if partner is None else [_named(workspace, reports, partner)]
    shown = _shown(workspace, reports, names, done, one=partner is not None)
    done.folder = out if out is not None else path_of(book).parent / say("report.folder", lang=workspace.lang)
    _write(done, shown, tuple(formats), path_of(book).parent, workspace.lang, step, one=partner is not None)
    _remark(workspace, reports, done)
    return done


def parse_month(text: str | None, option: str) -> int | None:
    """A month as ``2026-10`` (also 2026.10, 202610, 2026년 10월) → its index. `UsageError` where it is none.

    >>> parse_month("2026년 10월", "--month") == 2026 * 12 + 9
    True
    """
    if text is None:
        return None
    found = _MONTH.fullmatch(text.strip())
    if not found or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 9998:
        raise UsageError("report.bad_month", where=option, value=text)
    return int(found[1]) * 12 + int(found[2]) - 1


def report_open(book: Any) -> str:
    """The button: last month's reports of every partner, in the folder beside the workbook."""
    from addin.actions.open import live

    opened = live(book)

    def step(id: str, _share: float) -> None:
        opened.host.status(say(id))

    done = report_book(opened, all=True, step=step)
    if done.left:
        left = ", ".join(list(done.left)[:NAMES_SHOWN])
        return say("report.open.left", month=done.month, count=len(done.made), folder=str(done.folder), left=left)
    return say("report.open.done", month=done.month, count=len(done.made), folder=str(done.folder))


def _known(workspace: Workspace, path: Path, day: dt.date | None, step: Step) -> tuple[Results, int]:
    """Everything computed about the book, and the day it is as of."""
    from addin.actions.results import results_of
    from addin.crm.calendar import day_of

    if "requests" not in workspace.records and "defects" not in workspace.records:
        have = ", ".join(workspace.records) or "–"
        raise DanggolError("error.no_such_table", where=str(path), value="requests", have=have)
    results = results_of(workspace, as_of=day, step=step)
    if results.as_of is None:
        from addin.actions.dates import today

        results.as_of = day or today()
    return results, day_of(results.as_of)


def _reports(workspace: Workspace, results: Results, month: int, as_of: int, weeks: int) -> Reports:
    from addin.actions.funnel import team_steps
    from addin.actions.tasks import task_list
    from addin.crm.calendar import date_of, month_bounds
    from addin.crm.report import Reports

    if month_bounds(month)[0] > as_of:
        raise UsageError("report.future_month", value=_label(month), day=date_of(as_of).isoformat())
    steps = team_steps(workspace) if "requests" in workspace.records else ()
    tasks = task_list(workspace, results).open()
    frames = results.resolved.frames
    return Reports(frames, workspace.settings, month, as_of, steps=steps, tasks=tasks, weeks=weeks)


def _everyone(workspace: Workspace, reports: Reports, done: Reported) -> list[str]:
    """The partners to report on; names the partners table lacks are left out and named."""
    names, listed = reports.partners(), set(reports.listed())
    unlisted = [name for name in names if listed and name not in listed]
    if unlisted:
        from addin.actions.tabs import names_of
        from addin.documents.report.face import plain

        shown = ", ".join(map(plain, unlisted[:NAMES_SHOWN])) + (" …" if len(unlisted) > NAMES_SHOWN else "")
        done.notes.append(msg("report.note.unlisted", names=shown, tab=names_of(workspace)["aliases"]))
    names = tuple(name for name in names if name not in unlisted)
    if not names:
        raise DanggolError("report.nobody", value=done.month)
    return list(names)


def _named(workspace: Workspace, reports: Reports, text: str) -> str:
    """The partner a person means."""
    from addin.actions.meant import partner_meant
    from addin.crm.text import spelling_key

    known = reports.known()  # the listed ones first: of two that differ in spaces alone the listed one is meant
    index = {spelling_key(name): name for name in reversed(known)}
    partners = reports.frames.get("partners")
    if partners is not None and "partner_id" in partners.columns:
        ids = partners.select("partner_id", "partner_key").drop_nulls()
        index |= {spelling_key(id): key for id, key in ids.iter_rows() if spelling_key(id) not in index}
    return partner_meant(text, index, workspace.aliases, str)


def _shown(
    workspace: Workspace, reports: Reports, names: Sequence[str], done: Reported, *, one: bool
) -> list[tuple[PartnerReport, dict[str, Any]]]:
    from addin.documents.report.face import face

    settings = workspace.settings
    found = []
    for name in names:
        report = reports.of(name)
        if report.empty:
            done.left[name] = msg("report.nothing", value=name)
            continue
        shown = face(report, workspace.lang, settings.company_name, settings.company_email)
        found.append((report, shown))
    if one and not found:
        raise DanggolError("report.nothing", value=names[0])
    return found


def _write(
    done: Reported,
    shown: Sequence[tuple[PartnerReport, dict[str, Any]]],
    formats: Sequence[str],
    beside: Path,
    lang: str,
    step: Step,
    *,
    one: bool,
) -> None:
    from addin.documents.report.make import make

    taken: set[str] = set()
    try:
        done.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".danggol-", dir=done.folder) as staged:
            moves: list[tuple[Path, Path]] = []
            for at, (report, page) in enumerate(shown):
                step("progress.reporting", 0.75 + 0.2 * at / len(shown))
                stem = _stem(done.month, report.partner, lang, taken)
                try:
                    files = {format: make(page, format, beside) for format in formats}
                except DanggolError as error:
                    if one or error.message.id == "doc.not_installed":
                        raise
                    done.left[report.partner] = error.message
                    continue
                paths = []
                for format, data in files.items():
                    hidden, path = Path(staged) / f"{len(moves)}.{format}", done.folder / f"{stem}.{format}"
                    hidden.write_bytes(data)
                    moves.append((hidden, path))
                    paths.append(path)
                done.made.append(Made(report, tuple(paths)))
            for hidden, path in moves:
                os.replace(hidden, path)
    except OSError as error:
        where = str(error.filename2 or error.filename or done.folder)
        raise BookError("error.cannot_write", where=where, reason=error.strerror or str(error)) from error


def _stem(month: str, partner: str, lang: str, taken: set[str]) -> str:
    """A file name every system takes, another for each partner."""
    from addin.documents.report.face import plain

    name = "".join("_" if c in '<>:"/\\|?*' else c for c in plain(partner)).strip(". ")[:60] or "_"
    stem = say("report.file", lang=lang, month=month, partner=name)
    n = 1
    while (stem if n == 1 else f"{stem} ({n})").casefold() in taken:
        n += 1
    stem = stem if n == 1 else f"{stem} ({n})"
    taken.add(stem.casefold())
    return stem


def _remark(workspace: Workspace, reports: Reports, done: Reported) -> None:
    """What the sender should know and the partner need not."""
    from addin.documents.report.face import plain

    offices = [made.report.partner for made in done.made if made.report.office]
    if offices and "defects" not in workspace.records:
        shown = ", ".join(map(plain, offices[:NAMES_SHOWN])) + (" …" if len(offices) > NAMES_SHOWN else "")
        done.notes.append(msg("report.note.no_defects", partners=shown))
    if offices and "activities" in reports.frames:
        done.notes.append(msg("report.note.send"))


def _label(month: int) -> str:
    from addin.crm.calendar import month_label

    return month_label(month)


def _json(made: Made) -> dict[str, Any]:
    report = made.report
    defects = report.defects
    return {
        "partner": report.partner,
        "requests": report.totals["intakes"][0],
        "won": report.totals["won"][0],
        "kpis": [
            {
                "kpi": line.kpi,
                "value": None if line.month is None or line.month.value is None else round(line.month.value, 6),
                "n": line.month.n if line.month else 0,
                "flag": line.judged.flag if line.judged else "no_data",
            }
            for line in report.kpis
        ],
        "open_defects": None if defects is None else len(defects.open),
        "constraint": say(report.funnel.constraint.why) if report.funnel else None,
        "paths": [str(path) for path in made.paths],
    }
