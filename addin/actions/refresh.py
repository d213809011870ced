"""``danggol refresh``: one plan for the whole book: flags beside rows, the tabs, the log; applied in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.actions.dates import now, parse_day
from addin.actions.progress import Step, quiet
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from addin.actions.results import Results
    from addin.actions.session import Session
    from addin.actions.unchanged import Unchanged
    from addin.actions.workspace import Workspace
    from addin.books.edits import Edits
    from addin.books.live import LiveBook
    from addin.crm.mapping import Question


LONG: Final = 1_000_000  # bytes
#: Imported while the file is parsed.
_NEXT: Final = (
    "numpy",
    "addin.crm.public_holidays",
    "addin.actions.customers",
    "addin.actions.experiments",
    "addin.actions.funnel",
    "addin.actions.kpi",
    "addin.actions.ladder",
    "addin.actions.maps",
    "addin.actions.partner_columns",
    "addin.actions.partners",
    "addin.actions.partnerships",
    "addin.actions.quote_tab",
    "addin.actions.recalc",
    "addin.actions.references",
    "addin.actions.results",
    "addin.actions.flagging",
    "addin.actions.overview",
    "addin.actions.tasks",
    "addin.actions.tiering",
    "addin.actions.values",
    "addin.actions.weekly",
    "addin.actions.views.dashboard",
    "addin.actions.views.economics",
    "addin.actions.views.experiments",
    "addin.actions.views.factories",
    "addin.actions.views.kpi",
    "addin.actions.views.funnel",
    "addin.actions.views.ladder",
    "addin.actions.views.check",
    "addin.actions.views.aliases",
    "addin.actions.views.log",
    "addin.actions.views.mapping",
    "addin.actions.views.regulars",
    "addin.actions.views.settings",
    "addin.actions.views.status",
    "addin.actions.views.tasks",
    "addin.actions.views.tiers",
    "addin.crm.before_after",
    "addin.crm.best_cases",
    "addin.crm.cohort_value",
    "addin.crm.experiments",
    "addin.crm.factories",
    "addin.crm.fault_groups",
    "addin.crm.funnel",
    "addin.crm.ladder_tasks",
    "addin.crm.measures",
    "addin.crm.partners",
    "addin.crm.passing",
    "addin.crm.personas",
    "addin.crm.quarters",
    "addin.crm.regulars",
    "addin.crm.recount",
    "addin.crm.request_flags",
    "addin.crm.request_tasks",
    "addin.crm.screening",
    "addin.crm.setting_rows",
    "addin.crm.standings",
    "addin.crm.team",
    "addin.crm.tiers",
    "addin.crm.unit_economics",
)
#: The same for a long book that is read whole. Others wait: there is often nothing to draw, and parsing is over soon.
_TO_DRAW: Final = (
    "xlsxwriter.workbook",
    "addin.books.drawnsheet",
    "addin.books.file",
    "addin.books.graft",
    "addin.books.render",
)


@dataclass(slots=True)
class Refreshed:
    """What a refresh found and wrote. ``run`` is None where the book already said it all (or on a dry run).

    ``results`` of formulas are stored; ``formulas_left`` could not be calculated (``formulas_off``: none could, the
    engine is missing on this machine). ``sha256``: of the book as it is now, "" of one that is open.
    """

    book: Path
    edits: Edits
    run: str | None
    as_of: dt.date | None
    constraint: str
    partners: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    faults: int = 0
    repairs: int = 0
    tabs: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    results: int = 0
    formulas_left: list[str] = field(default_factory=list)
    formulas_off: bool = False
    unknown_functions: list[dict[str, str | None]] = field(default_factory=list)
    sha256: str = ""

    def to_json(self) -> dict[str, Any]:
        """Counts and what was written."""
        return {
            "run": self.run,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "constraint": self.constraint,
            "partners": self.partners,
            "requests": self.requests,
            "faults": self.faults,
            "repairs": self.repairs,
            "tabs": self.tabs,
            "open_questions": [{"sheet": q.sheet, "header": q.header, "table": q.table} for q in self.questions],
            "formulas": {
                "stored": self.results,
                "left": self.formulas_left,
                "unknown": self.unknown_functions,
            },
            "edits": len(self.edits),
        }


def refresh_book(
    book: Path | LiveBook,
    *,
    as_of: str | None = None,
    into: Path | None = None,
    dry_run: bool = False,
    maps: Sequence[str] = (),
    step: Step = quiet,
    session: Session | None = None,
) -> Refreshed:
    """Compute everything and write it in place; a second run on the same book writes nothing.

    ``session``: of this book, kept by a process that refreshes it again and again.
    """
    from addin.actions.into import check_target, fill_target, remove_target
    from addin.actions.unchanged import Unchanged

    day = parse_day(as_of, "--as-of")
    made = asked = None
    if isinstance(book, Path) and into is None and not dry_run:
        asked = Unchanged(book, day, maps)
        if (before := asked.answer()) is not None:
            return before
    if isinstance(book, Path):
        check_target(book, into, needed=True, dry_run=dry_run)
        made = fill_target(book, into, maps) if into is not None and not dry_run else None
    from addin.actions.tabs import around_notes

    target = made.path if made else book
    try:
        return around_notes(lambda met: _refreshed(target, day, maps, met, step, asked, session, dry_run=dry_run))
    except BaseException:
        remove_target(made)
        raise


def _refreshed(
    target: Path | LiveBook, day: dt.date | None, maps: Sequence[str], met: set[str], step: Step,
    asked: Unchanged | None, session: Session | None, *, dry_run: bool,
) -> Refreshed:  # fmt: skip
    from addin.actions.adopt import learn
    from addin.actions.door import path_of, write
    from addin.actions.results import results_of
    from addin.actions.tabs import give_up_tab
    from addin.actions.workspace import open_workspace

    workspace = open_workspace(target, maps=maps, step=step, soon=_soon(target), session=session)
    for cell in met:
        give_up_tab(workspace, cell)
    results = results_of(workspace, as_of=day, step=step)
    step("progress.planning", 0.75)
    when = now()
    edits, tabs = plan_refresh(workspace, results, when)
    done = _summary(path_of(target), workspace, results, edits, tabs)
    del results
    workspace.release()
    if edits and not dry_run:
        step("progress.writing", 0.85)
        receipt = write(target, workspace.snapshot, edits, when, session.drawn if session is not None else None)
        done.run, done.sha256 = receipt.run, receipt.sha256
    if not dry_run:
        learn(workspace)
        if workspace.snapshot.kept is not None and session is not None:
            session.read.put_off(workspace.snapshot.kept, path_of(target))
        elif workspace.snapshot.kept is not None:
            workspace.snapshot.kept.save(path_of(target))
        if asked is not None and workspace.snapshot.formulas is None:
            asked.keep(done, workspace.snapshot.sha256)
    return done


def _soon(target: Path | LiveBook) -> Sequence[str]:
    from addin.books.kept import kept_file

    if (
        isinstance(target, Path)
        and target.is_file()
        and target.stat().st_size > LONG
        and not kept_file(target).is_file()
    ):
        return (*_NEXT, *_TO_DRAW)
    return _NEXT


def plan_refresh(workspace: Workspace, results: Results, when: dt.datetime) -> tuple[Edits, list[str]]:
    """The one plan of a refresh, and the tabs it writes. Empty where the book already says it all."""
    from addin.actions.adopt import plan_ids
    from addin.actions.flagging import plan_flags
    from addin.actions.recalc import plan_formulas
    from addin.actions.stale import follow_lines, say_stale
    from addin.actions.tabs import book_tabs, in_order, log_line, log_of, put_tabs, result_tabs
    from addin.actions.views.parts import Say
    from addin.books.edits import Edits
    from addin.books.journal import Journal

    edits = Edits("refresh")
    spoken = Say(workspace.lang)
    taken: set[tuple[str, int]] = set()
    names = set(workspace.snapshot.names)
    plan_ids(edits, workspace, when.date(), spoken, taken, names)
    cells, status = plan_flags(edits, workspace, results, spoken, taken, names)
    own = book_tabs(workspace)
    follow_lines(workspace, own)
    tabs = in_order([*result_tabs(workspace, results, status), *own])
    written = put_tabs(edits, workspace, tabs)
    cells += say_stale(edits, workspace, tabs) + plan_formulas(edits, workspace)
    if edits:
        run = Journal(workspace.snapshot.path).new_id(when)
        line = log_line(run, when, "refresh", cells, written, spoken)
        written += put_tabs(edits, workspace, [log_of(workspace, line)])
    return edits, written


def _summary(book: Path, workspace: Workspace, results: Results, edits: Edits, tabs: list[str]) -> Refreshed:
    from addin.actions.unknown_functions import CODE, told
    from addin.books.edits import Result

    partners: dict[str, int] = {}
    for found in results.partner_flags.values():
        partners[found.flag] = partners.get(found.flag, 0) + 1
    faults = [*workspace.faults, *results.resolved.faults]
    requests = results.resolved.requests
    return Refreshed(
        book=book,
        edits=edits,
        run=None,
        as_of=results.as_of,
        constraint=say(results.funnel.constraint.why) if results.funnel else "",
        partners=partners,
        requests=0 if requests is None else requests.height,
        faults=sum(not f.fault.repair for f in faults),
        repairs=sum(f.fault.repair for f in faults),
        tabs=tabs,
        questions=list(workspace.mapping.questions),
        results=sum(isinstance(edit, Result) for edit in edits.items),
        formulas_left=workspace.formulas.left if workspace.formulas else [],
        formulas_off=bool(workspace.formulas and workspace.formulas.off),
        unknown_functions=[told(f) for f in workspace.faults if f.fault.code == CODE],
        sha256=workspace.snapshot.sha256,
    )
