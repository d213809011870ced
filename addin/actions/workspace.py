"""A workbook opened for work: snapshot, what is ours, mapping, settings, typed records and everything wrong with them.

Every command starts here, so `rows`, `check`, `funnel`, `kpi` and `refresh` see the same book the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from addin.actions.ours import Ours, find_ours
from addin.actions.progress import Step, quiet
from addin.crm.settings import Settings

LARGE = 5_000  # rows
_NEXT = ("polars", "addin.actions.mapper", "addin.crm.headers", "addin.crm.records")

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from addin.actions.partner_columns import PartnerSide
    from addin.actions.partners import Resolved
    from addin.actions.recalc import Recalculation
    from addin.actions.session import Session
    from addin.actions.views.aliases import AliasAnswers
    from addin.actions.views.mapping import MappingAnswers
    from addin.actions.views.settings import SettingsAnswers
    from addin.books.live import LiveBook
    from addin.books.read import Snapshot
    from addin.crm.fault import PlacedFault
    from addin.crm.funnel_steps import StepSpec
    from addin.crm.grid import Grid
    from addin.crm.mapping import Mapping as BookMapping
    from addin.crm.records import Records


@dataclass(slots=True)
class Workspace:
    """One book, read once.

    ``lang`` is the book's own language (fixed at adopt); ``adopted`` whether it has our mapping tab.
    ``partner_side``: what partners filled in, where the book has such columns; the records hold both sides as one.
    """

    snapshot: Snapshot
    ours: Ours
    lang: str
    mapping: BookMapping
    settings: Settings
    records: dict[str, Records]
    faults: list[PlacedFault]
    answers: MappingAnswers | None = None
    setting_answers: SettingsAnswers | None = None
    grids: dict[str, Grid] = field(default_factory=dict)
    alias_answers: AliasAnswers | None = None
    resolved: Resolved | None = None
    formulas: Recalculation | None = None
    partner_side: PartnerSide | None = None
    session: Session | None = None
    steps: tuple[object, tuple[StepSpec, ...]] | None = None  # the team's, and what they were told from

    @property
    def adopted(self) -> bool:
        """Whether the book has a mapping tab of ours."""
        return "mapping" in self.ours.tabs

    @property
    def aliases(self) -> dict[str, str]:
        """Partner spelling → master name, as a person confirmed in the alias tab."""
        return self.alias_answers.merged if self.alias_answers else {}

    def frame(self, table: str) -> object | None:
        """The typed frame of one table, None where the book has none."""
        records = self.records.get(table)
        return None if records is None else records.frame

    def release(self) -> None:
        """Let go of the cells once a plan is made: writing needs room of its own."""
        self.snapshot.sheets.clear()
        self.grids.clear()
        self.records.clear()
        self.resolved = None
        self.formulas = None
        self.partner_side = None
        self.steps = None


def open_workspace(
    path: Path | LiveBook,
    *,
    maps: Sequence[str] = (),
    step: Step = quiet,
    soon: Sequence[str] = (),
    session: Session | None = None,
) -> Workspace:
    """Read, map and clean one book. Nothing is written.

    ``soon`` are modules imported while the file is parsed, for a plan that is going to be written. ``session``: of this
    book, where the process has refreshed it before.

    Raises `BookError` for a file that can't be read, `UsageError` for a ``--map`` that names nothing.
    """
    from addin.actions.again import keep_opened, opened_before
    from addin.actions.door import begin

    step("progress.reading", 0.05)
    before = opened_before(path, maps)
    if before is not None:
        return before
    reading = begin(path, to_write=bool(soon), last=None if session is None else session.read)
    for module in (*_NEXT, *soon):  # the file is parsed on its own thread meanwhile, mostly without the GIL
        import_module(module)
    workspace = work_on(reading.result(), maps=maps, step=step, session=session)
    keep_opened(path, workspace, maps)
    return workspace


def work_on(
    snapshot: Snapshot,
    *,
    maps: Sequence[str] = (),
    step: Step = quiet,
    as_requests: str = "",
    session: Session | None = None,
) -> Workspace:
    """The workspace of a snapshot: pure but for the user's remembered mappings.

    ``as_requests`` names a sheet whose list is to be read as requests whatever its headers.
    """
    from addin.actions.columns import attach_own_ids
    from addin.actions.mapper import map_book
    from addin.actions.partner_columns import PARTNER_TABLE, attach_partner_side
    from addin.actions.views.aliases import parse_alias_tab
    from addin.actions.views.settings import parse_settings_tab
    from addin.crm.fault import PlacedFault
    from addin.crm.records import build_records
    from addin.crm.setting_rows import from_rows
    from addin.i18n import language

    ours = find_ours(snapshot.names)
    settings, faults = Settings(), list[PlacedFault]()
    setting_answers = None
    tab = snapshot.grid(ours.tabs["settings"]) if "settings" in ours.tabs else None
    if tab is not None:
        setting_answers = parse_settings_tab(tab)
        settings, wrong = from_rows(setting_answers.cells)
        for key, fault in wrong:
            row, column = setting_answers.places.get(key, (0, 0))
            faults.append(PlacedFault(tab.name, row, column, "settings", key, fault))
    alias_answers = None
    tab = snapshot.grid(ours.tabs["aliases"]) if "aliases" in ours.tabs else None
    if tab is not None:
        alias_answers = parse_alias_tab(tab)
    formulas = None
    if snapshot.formulas is not None:
        from addin.actions.recalc import Recalculation
        from addin.actions.unknown_functions import unknown_functions
        from addin.functions import Context

        step("progress.calculating", 0.3)
        faults += unknown_functions(snapshot.formulas.cells)
        formulas = Recalculation(snapshot, Context(settings, alias_answers.merged if alias_answers else {}))
    step("progress.mapping", 0.35)
    mapped = map_book(snapshot, ours, maps, as_requests)
    faults += mapped.faults
    grids = {g.name: g for g in snapshot.sheets}
    known = {"stage": (*settings.won_words, *settings.lost_words)}
    records: dict[str, Records] = {}
    step("progress.cleaning", 0.45)
    side = None
    for match in mapped.mapping.tables:
        memo = session.memo(match, grids) if session is not None else None
        built, wrong_cells = build_records(match, grids, known=known, extra=match.unmatched, memo=memo)
        attach_own_ids(built, match, ours, grids)
        if match.table == PARTNER_TABLE:
            side = attach_partner_side(built, match, ours, grids, settings, known)
            wrong_cells += side.faults if side else []
            built.marks = {} if side else built.marks  # they stood for one side's cells
        records[match.table] = built
        faults += wrong_cells
    _forget_read_cells(mapped.mapping, grids, ours)
    return Workspace(
        snapshot=snapshot,
        ours=ours,
        lang=ours.lang or language(),
        mapping=mapped.mapping,
        settings=settings,
        records=records,
        faults=faults,
        answers=mapped.answers,
        setting_answers=setting_answers,
        grids=grids,
        alias_answers=alias_answers,
        formulas=formulas,
        partner_side=side,
        session=session,
    )


def _forget_read_cells(mapping: BookMapping, grids: Mapping[str, Grid], ours: Ours) -> None:
    """A large sheet's cells are records now; only our own columns, and what stands right of its lists, are looked at
    again: a list reaches beyond ours once a person adds a column there.
    """
    from addin.books.timeofday import TimeOfDay

    left: dict[str, int] = {}
    for match in mapping.tables:
        for region in match.regions:
            left[region.sheet] = min(left.get(region.sheet, region.last_column), region.last_column)
    for own in ours.columns:
        if own.sheet in left:
            left[own.sheet] = min(left[own.sheet], own.column - 1)
    for sheet, columns in left.items():
        if len(grids[sheet].rows) > LARGE:
            grids[sheet].forget_left(columns)
            if isinstance(told := grids[sheet].has_time, TimeOfDay):
                told.forget()


def column_names(workspace: Workspace, table: str) -> Mapping[str, str]:
    """What a person may call a column of a table → the frame's column: field ids, their names, the sheet's headers."""
    from addin.crm.team import column_names as names_of

    records, match = workspace.records.get(table), workspace.mapping.table(table)
    return {} if records is None or match is None else names_of(match, records)
