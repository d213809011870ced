"""``danggol adopt``: find the tables, map the columns, write the mapping and settings tabs, give rows ids."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.actions.columns import put_ids
from addin.actions.dates import now
from addin.actions.progress import Step, quiet
from addin.actions.tabs import around_notes, give_up_tab
from addin.actions.workspace import Workspace, open_workspace
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from addin.books.edits import Edits
    from addin.books.live import LiveBook
    from addin.crm.mapping import Mapping, TableMatch


@dataclass(slots=True)
class Adopted:
    """What was found and what was (or, dry, would be) written. ``run`` is None where nothing was."""

    mapping: Mapping
    edits: Edits
    run: str | None
    book: Path
    mapping_tab: str

    def to_json(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "tables": [_table_json(t) for t in self.mapping.tables],
            "questions": [
                {
                    "table": q.table,
                    "sheet": q.sheet,
                    "header": q.header,
                    "header_row": q.header_row,
                    "candidates": list(q.candidates),
                    "examples": list(q.examples),
                    "reason": say(q.reason),
                }
                for q in self.mapping.questions
            ],
            "skipped": [
                {"sheet": s.sheet, "header_row": s.header_row, "reason": say(s.reason)} for s in self.mapping.skipped
            ],
            "run": self.run,
        }


def adopt_book(
    book: Path | LiveBook,
    *,
    maps: Sequence[str] = (),
    into: Path | None = None,
    dry_run: bool = False,
    step: Step = quiet,
) -> Adopted:
    """Adopt one book in place, or a .csv into a workbook. A dry run writes nothing at all, not even what it learnt."""
    from addin.actions.into import check_target, fill_target, remove_target

    made = None
    if isinstance(book, Path):
        check_target(book, into, needed=True, dry_run=dry_run)
        made = fill_target(book, into, maps) if into is not None and not dry_run else None
    target = made.path if made else book
    try:
        return around_notes(lambda met: _adopted(target, maps, met, step, dry_run=dry_run))
    except BaseException:
        remove_target(made)
        raise


def _adopted(target: Path | LiveBook, maps: Sequence[str], met: set[str], step: Step, *, dry_run: bool) -> Adopted:
    from addin.actions.door import path_of, write

    workspace = open_workspace(target, maps=maps, step=step)
    for cell in met:
        give_up_tab(workspace, cell)
    when = now()
    edits = plan_adopt(workspace, when.date())
    run = None
    if edits and not dry_run:
        step("progress.writing", 0.7)
        run = write(target, workspace.snapshot, edits, when).run
    if not dry_run:
        learn(workspace)
    return Adopted(workspace.mapping, edits, run, path_of(target), _tab_name(workspace))


def plan_adopt(workspace: Workspace, day: dt.date) -> Edits:
    """Mapping and settings tabs, ids for rows that have none, and what formulas of ours show."""
    from addin.actions.recalc import plan_formulas
    from addin.actions.tabs import book_tabs, put_tabs
    from addin.actions.views.parts import Say
    from addin.books.edits import Edits

    edits = Edits("adopt")
    plan_ids(edits, workspace, day, Say(workspace.lang), set(), set(workspace.snapshot.names))
    put_tabs(edits, workspace, book_tabs(workspace))
    plan_formulas(edits, workspace)
    return edits


def plan_ids(
    edits: Edits, workspace: Workspace, day: dt.date, say_book: Any, taken: set[tuple[str, int]], names: set[str]
) -> None:
    """Ids in appended columns, for tables that should have them and don't."""
    for match in workspace.mapping.tables:
        put_ids(edits, match, workspace.ours, workspace.grids, day, say_book, taken, names)


def learn(workspace: Workspace) -> None:
    """Remember, per user, the lists a person had a say in, so that next month's file asks nothing."""
    from addin.actions.memory import Remembered, remember
    from addin.crm.corrections import confirmed
    from addin.crm.mapping import Mapping

    asked = {q.sheet for q in workspace.mapping.questions}
    told = [t for t in workspace.mapping.tables if _told(t, workspace) and not asked & {r.sheet for r in t.regions}]
    if told:
        found = confirmed(Mapping(tables=told))
        remember({signature: Remembered(c.table, c.columns) for signature, c in found.items()})


def _told(match: TableMatch, workspace: Workspace) -> bool:
    """Whether a person said anything about this table: an argument, or an answer in the mapping tab."""
    answers = workspace.answers.corrections if workspace.answers else []
    sheets = {region.sheet for region in match.regions}
    return any(c.source in ("person", "argument") for c in match.columns.values()) or any(
        c.sheet in sheets for c in answers
    )


def _tab_name(workspace: Workspace) -> str:
    from addin.actions.tabs import names_of

    return names_of(workspace)["mapping"]


def _table_json(match: TableMatch) -> dict[str, Any]:
    return {
        "table": match.table,
        "sheets": list(dict.fromkeys(region.sheet for region in match.regions)),
        "header_row": match.regions[0].header_last if match.regions else 0,
        "rows": sum(len(region.rows) for region in match.regions),
        "columns": {
            field: {
                "header": c.header,
                "confidence": round(c.confidence, 2),
                "reason": say(c.reason),
                "examples": list(c.examples),
                "source": c.source,
            }
            for field, c in match.columns.items()
        },
        "unmatched": list(match.unmatched),
        "regions": [
            {"sheet": r.sheet, "header_row": r.header_last, "rows": len(r.rows), "first_column": r.first_column}
            for r in match.regions
        ],
    }
