"""``danggol deck``: a year as a presentation, one slide a week; a slide somebody edited is never written again.

Nothing in the workbook is changed.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.actions.dates import parse_day
from addin.actions.progress import Step, quiet
from addin.actions.workspace import Workspace, open_workspace
from addin.errors import BookError, DanggolError, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.funnel import Funnel
    from addin.crm.measures import Measures

_YEAR: Final = re.compile(r"\d{4}")
#: The word for ``--week`` that means the last week that is over.
LAST: Final = "last"
FIRST_YEAR, LAST_YEAR = 1970, 2998
SIZE_LIMIT: Final = 300_000_000


@dataclass(slots=True)
class Decked:
    """Where the deck is and which weeks were written, were up to date, or are somebody's own now."""

    path: Path
    written: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return {"path": str(self.path), "written": self.written, "same": self.same, "kept": self.kept}


def deck_book(
    book: Path,
    *,
    year: str | None = None,
    week: str | None = None,
    out: Path | None = None,
    as_of: str | None = None,
    lang: str | None = None,
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> Decked:
    """Write a year's slides, or one week's into the deck there is.

    ``year``: an ISO year. ``week``: ``2026-W47`` or ``last``, the last that is over. Without both: that week where
    the deck exists, else its whole year. ``out``: the file, by default beside the book. `UsageError` for words that
    are off, `BookLocked` while the deck is open, `BookError` where it is no presentation or can't be written.
    """
    from addin.books.lock import check_closed
    from addin.crm.calendar import last_closed_week, week_label, week_of_label
    from addin.documents.deck.face import iso_weeks

    if year is not None and not (_YEAR.fullmatch(year) and FIRST_YEAR <= int(year) <= LAST_YEAR):
        raise UsageError("deck.bad_year", where="--year", value=year)
    asked = None if week in (None, LAST) else week_of_label(week or "")
    if week not in (None, LAST) and asked is None:
        raise UsageError("deck.bad_week", where="--week", value=week or "")
    if asked is not None and year is not None and week_label(asked)[:4] != year:
        raise UsageError("deck.other_year", where="--week", value=week_label(asked), year=year)
    if out is not None and out.suffix.lower() != ".pptx":
        raise UsageError("deck.bad_out", where="--out", value=str(out))
    _installed()
    day = parse_day(as_of, "--as-of")
    workspace = open_workspace(book, maps=maps, step=step)
    measures = _measures(workspace, book, day)
    closed = last_closed_week(measures.as_of)
    chosen = asked if asked is not None else closed
    if week == LAST and year is not None and week_label(closed)[:4] != year:
        raise UsageError("deck.other_year", where="--week", value=week_label(closed), year=year)
    label = year or week_label(chosen)[:4]
    path = out if out is not None else book.parent / say("deck.file", lang=lang or workspace.lang, year=label)
    check_closed(path)
    one = week is not None or (year is None and path.exists())
    weeks = range(chosen, chosen + 1) if one else iso_weeks(int(label))
    done = _decked(workspace, book, measures, weeks, path, lang or workspace.lang, step, closed=closed)
    step("progress.decking", 1.0)
    return done


def _installed() -> None:
    try:
        import pptx  # noqa: F401
    except ImportError as error:
        raise DanggolError("doc.not_installed", value="python-pptx") from error


def _measures(workspace: Workspace, book: Path, day: Any) -> Measures:
    from addin.actions.kpi import measures_of

    if "requests" not in workspace.records and "step_counts" not in workspace.records:
        have = ", ".join(workspace.records) or "–"
        raise DanggolError("error.no_such_table", where=str(book), value="requests", have=have)
    return measures_of(workspace, as_of=day)


def _decked(
    workspace: Workspace,
    book: Path,
    measures: Measures,
    weeks: range,
    path: Path,
    lang: str,
    step: Step,
    *,
    closed: int,
) -> Decked:
    from dataclasses import replace

    from addin.actions.weekly import book_history
    from addin.crm.weekly import as_closed
    from addin.documents.deck.face import BACK, faces, flags_line
    from addin.documents.deck.file import put

    step("progress.counting", 0.6)
    found = _funnel(workspace, book, measures.as_of, max(measures.as_of // 7 - weeks[0] + BACK + 2, 1))
    told = as_closed(found.weeks, found.steps, book_history(workspace))
    shown = faces(weeks, told, found.steps, measures.as_of, lang)
    flagged = weeks[0] if len(weeks) == 1 else closed
    if flagged in shown and not shown[flagged].blank:
        flags, day = _flags(workspace, measures, flagged)
        if flags:
            shown[flagged] = replace(shown[flagged], flags=flags_line(flags, day, lang))
    step("progress.decking", 0.75)
    old = _read(path)
    done = put(shown.values(), old, str(path))
    if done.data is not None:
        _write(path, done.data)
    return Decked(path, done.written, done.same, done.kept)


def _funnel(workspace: Workspace, book: Path, as_of: int, cohorts: int) -> Funnel:
    """The team's funnel with enough weeks of history."""
    from addin.actions.funnel import counted_funnel, team_steps
    from addin.actions.partners import resolve
    from addin.crm.funnel import funnel

    requests = resolve(workspace).requests
    if requests is None:
        return counted_funnel(workspace, book)
    return funnel(requests, team_steps(workspace), workspace.settings, as_of=as_of, cohorts=cohorts)


def _flags(workspace: Workspace, measures: Measures, week: int) -> tuple[list[Any], int]:
    """The partners' flags as of a week's Sunday, or as of now where it isn't over; and that day."""
    from addin.actions.kpi import measures_of
    from addin.crm.calendar import date_of, week_bounds
    from addin.crm.flags import partner_flags

    day = min(week_bounds(week)[1], measures.as_of)
    if day != measures.as_of:
        measures = measures_of(workspace, as_of=date_of(day))
    return [found.flag for found in partner_flags(measures.current()).values()], day


def _read(path: Path) -> bytes | None:
    """The deck there is; None where there is none."""
    try:
        if path.exists() and path.stat().st_size > SIZE_LIMIT:
            raise BookError("deck.large", where=str(path))
        return path.read_bytes() if path.exists() else None
    except OSError as error:
        raise BookError("error.cannot_write", where=str(path), reason=error.strerror or str(error)) from error


def _write(path: Path, data: bytes) -> None:
    """Replace the file in one move; nobody opened it meanwhile."""
    from addin.books.lock import check_closed

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".danggol-", dir=path.parent) as staged:
            hidden = Path(staged) / "deck.pptx"
            hidden.write_bytes(data)
            check_closed(path)
            os.replace(hidden, path)
    except OSError as error:
        raise BookError("error.cannot_write", where=str(path), reason=error.strerror or str(error)) from error
