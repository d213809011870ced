"""The tabs of a run, from results to `Tab`s: each drawn in the book's language, people's own cells carried over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from addin.actions.mapper import left_alone
from addin.actions.ours import lang_marker, tab_marker
from addin.actions.same import same_tab
from addin.actions.views.names import KEYS, tab_names
from addin.actions.views.parts import Say
from addin.crm.message import Message, msg
from addin.errors import BookRefused

#: What the writer says where a person's cell stands in the way of a tab of ours.
IN_THE_WAY: Final = "graft.in_the_way"
T = TypeVar("T")

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from addin.actions.results import Results
    from addin.actions.views.dashboard import Dashboard
    from addin.actions.views.kpi import PartnerPlace
    from addin.actions.views.log import LogLine
    from addin.actions.views.status import StatusRow
    from addin.actions.workspace import Workspace
    from addin.books.edits import Edits
    from addin.books.tab import Tab
    from addin.crm.mapping import Mapping, Region, TableMatch


def names_of(workspace: Workspace) -> dict[str, str]:
    """Tab key → its name in this book: as it is called now, else clear of the team's own sheets."""
    ours = workspace.ours.tabs
    theirs = [name for name in workspace.snapshot.tabs if name not in ours.values()]
    return tab_names(workspace.lang, theirs) | ours


def put_tabs(edits: Edits, workspace: Workspace, tabs: Sequence[Tab]) -> list[str]:
    """Add or replace the tabs that say something new; returns their names.

    A tab keeps the name people gave it, and its marker says it is ours.
    """
    written = []
    for tab in tabs:
        key = tab.marker.rpartition(".")[2]
        present = workspace.ours.tabs.get(key)
        book = workspace.snapshot
        if present is not None and same_tab(tab, book.grid(present), book.drawn.get(present)):
            continue
        if present is None:
            tab = replace(tab, before=_next_sheet(edits, workspace, key))
        edits.put_tab(tab)
        written.append(tab.name)
        if present is None:
            edits.mark(tab_marker(key), tab.name)
            if key == "mapping" and not workspace.ours.lang:
                edits.mark(lang_marker(workspace.lang), tab.name)
    return written


def _next_sheet(edits: Edits, workspace: Workspace, key: str) -> str:
    """In front of which sheet a new tab stands: right behind the nearest of ours that comes before it, else in front
    of the nearest that comes after it; "" = behind everything. Tabs that stand already are never moved."""
    from addin.books.edits import PutTab

    order = list(workspace.snapshot.tabs)
    ours = {name: at for at, name in workspace.ours.tabs.items()}
    for edit in edits.items:
        if isinstance(edit, PutTab) and edit.tab.name not in order:
            at = order.index(edit.tab.before) if edit.tab.before in order else len(order)
            order.insert(at, edit.tab.name)
            ours[edit.tab.name] = edit.tab.marker.rpartition(".")[2]
    place = KEYS.index(key)
    stand = [(KEYS.index(ours[name]) - place, i) for i, name in enumerate(order) if ours.get(name) in KEYS]
    behind = max((near for near in stand if near[0] < 0), default=None)
    if behind is not None:
        return order[behind[1] + 1] if behind[1] + 1 < len(order) else ""
    ahead = min(stand, default=None)
    return order[ahead[1]] if ahead is not None else ""


def book_tabs(workspace: Workspace) -> list[Tab]:
    """Mapping and settings: what adopt writes."""
    from addin.actions.views.mapping import mapping_tab
    from addin.actions.views.settings import settings_tab
    from addin.crm.setting_rows import rows

    say, names = Say(workspace.lang), names_of(workspace)
    texts = {**(workspace.answers.texts if workspace.answers else {}), **said_answers(workspace.mapping, say)}
    return [
        mapping_tab(_as_said(workspace.mapping), say, texts, names),
        settings_tab(rows(workspace.settings, workspace.lang), say, workspace.setting_answers, names),
    ]


#: Who else may have said what a column is; once in the mapping tab it is the person's word in this book.
_SAID: Final = ("argument", "remembered")


def said_answers(mapping: Mapping, say: Say) -> dict[tuple[str, str, str], str]:
    """What ``--map`` or last month's book said, as answers of the mapping tab: the next run reads the book the same
    way without either."""
    from addin.actions.views.mapping import row_key
    from addin.crm.tables import table as table_of

    out: dict[tuple[str, str, str], str] = {}
    for match in mapping.tables:
        known = table_of(match.table)
        said = [c for c in match.columns.values() if c.source in _SAID]
        if known is None or not said:
            continue
        first = match.regions[0]
        out[row_key("", first.sheet, "", [h.text for h in first.headers])] = known.ko if say.lang == "ko" else known.en
        for column in said:
            found = known.field(column.field)
            sheet = _first_sheet(match, column.header)
            if found is not None and sheet:
                out[match.table, sheet, column.header] = found.ko if say.lang == "ko" else found.en
        if any(c.source == "remembered" for c in said):
            for header in match.unmatched:
                out[match.table, _first_sheet(match, header), header] = say("view.mapping.ignore")
    return out


def _first_sheet(match: TableMatch, header: str) -> str:
    return next((r.sheet for r in match.regions if any(h.text == header for h in r.headers)), "")


def _as_said(mapping: Mapping) -> Mapping:
    """The mapping as the next run will tell it: what is in the tab is the person's word."""

    def told(reason: Message) -> Message:
        if reason.id in ("map.reason.argument", "map.reason.remembered"):
            return msg("map.reason.person")
        inner = reason.params.get("reason")
        return Message(reason.id, {**reason.params, "reason": told(inner)}) if isinstance(inner, Message) else reason

    tables = [
        replace(
            match,
            columns={
                field: replace(c, source="person", reason=told(c.reason)) if c.source in _SAID else c
                for field, c in match.columns.items()
            },
        )
        for match in mapping.tables
    ]
    return replace(mapping, tables=tables)


def around_notes(run: Callable[[set[str]], T]) -> T:
    """Run a plan; where a person's cell (``sheet!A1``) stands in the way of a tab of ours, again without that tab.

    ``run`` is given the cells met so far (see `give_up_tab`).
    """
    met: set[str] = set()
    while True:
        try:
            return run(met)
        except BookRefused as refused:
            if refused.message.id != IN_THE_WAY or refused.where in met:
                raise
            met.add(refused.where)


def give_up_tab(workspace: Workspace, cell: str) -> None:
    """A person's cell (``sheet!A1``) stands where a tab of ours would grow: that tab becomes theirs, as it is, and
    ours is drawn anew under another name."""
    sheet = cell.rpartition("!")[0]
    for key, name in list(workspace.ours.tabs.items()):
        if name == sheet:
            del workspace.ours.tabs[key]
            grid = workspace.snapshot.grid(name)
            title = "" if grid is None else str(grid.value(1, 1) or "")
            workspace.mapping.skipped.append(left_alone(name, title))


def partner_places(workspace: Workspace, results: Results) -> dict[str, PartnerPlace]:
    """Each partner's cluster and its own row in the book."""
    from addin.actions.views.kpi import PartnerPlace
    from addin.crm.grid import cell_address

    frame = results.resolved.frames.get("partners")
    match = workspace.mapping.table("partners")
    if frame is None or match is None:
        return {}
    regions = {(region.sheet, row): region for region in match.regions for row in region.rows}
    clusters = frame["cluster"].to_list() if "cluster" in frame.columns else [None] * frame.height
    keys = frame["partner_key" if "partner_key" in frame.columns else "name"].to_list()
    out: dict[str, PartnerPlace] = {}
    for key, cluster, sheet, row in zip(keys, clusters, frame["_sheet"], frame["_row"], strict=True):
        if key is not None and key not in out:
            column = _name_column(regions.get((sheet, row)), match)
            out[key] = PartnerPlace(cluster or "", sheet, cell_address(row, column))
    return out


def _name_column(region: Region | None, match: object) -> int:
    from addin.crm.mapping import TableMatch

    assert isinstance(match, TableMatch)
    if region is None:
        return 1
    return match.column_in(region, "name") or region.first_column


def result_tabs(workspace: Workspace, results: Results, status: Sequence[StatusRow]) -> list[Tab]:
    """Every tab that is computed; status only where rows had no room beside them."""
    from addin.actions.customers import customer_tabs
    from addin.actions.experiments import experiments_tab_of, factories_tab_of, trials_of
    from addin.actions.funnel import team_steps
    from addin.actions.ladder import tab_of as ladder_tab_of
    from addin.actions.overview import dashboard_of
    from addin.actions.quote_tab import quotes_tab
    from addin.actions.tasks import tab_of, task_list
    from addin.actions.views.aliases import alias_tab
    from addin.actions.views.check import check_tab
    from addin.actions.views.dashboard import dashboard_tab
    from addin.actions.views.experiments import beside_funnel
    from addin.actions.views.funnel import funnel_tab
    from addin.actions.views.kpi import kpi_tab
    from addin.actions.views.status import status_tab
    from addin.actions.weekly import book_rhythm
    from addin.crm.fault_groups import group_faults
    from addin.today import today

    say, names = Say(workspace.lang), names_of(workspace)
    as_of = results.as_of
    tabs: list[Tab] = []
    places = partner_places(workspace, results)
    groups = group_faults([*workspace.faults, *results.resolved.faults])
    chart = None
    trials = trials_of(workspace, results)
    if results.funnel is not None and as_of is not None:
        found = replace(results.funnel, notes=(*results.funnel.notes, *beside_funnel(trials)))
        won = [i for i, spec in enumerate(team_steps(workspace)) if spec.won]
        outcome = won[0] if won and won[0] < len(found.steps) else -1
        told = book_rhythm(workspace, results)
        drawn = funnel_tab(found, say, as_of=as_of, window=results.window, outcome=outcome, told=told, names=names)
        tabs.append(drawn)
        chart = drawn.charts[0] if drawn.charts else None
    if as_of is not None:
        tabs.append(kpi_tab(results.values, say, as_of=as_of, places=places, names=names))
    tabs.append(
        check_tab(
            groups, say, duplicates=results.resolved.duplicates, questions=workspace.mapping.questions, names=names
        )
    )
    steps = ladder_tab_of(workspace, results, names, places)
    if steps is not None:
        tabs.append(steps)
    tabs += partner_tabs(workspace, results, names, places)
    beside = experiments_tab_of(workspace, results, trials, names), factories_tab_of(workspace, results, names)
    tabs += [tab for tab in beside if tab is not None]
    todo = task_list(workspace, results, ladder=steps.name if steps else None)
    drawn_tasks = tab_of(workspace, todo, names)
    if drawn_tasks is not None:
        tabs.append(drawn_tasks)
    tabs += customer_tabs(workspace, results, names)
    if as_of is not None:
        page: Dashboard = dashboard_of(workspace, results, groups, places, chart, say, names, todo)
        leads = tuple(tab.name for tab in in_order(tabs))
        tabs.append(dashboard_tab(replace(page, leads=leads), say, names))
    quotes = quotes_tab(workspace, names, max(as_of or today(), today()))
    if quotes is not None:
        tabs.append(quotes)
    if results.resolved.duplicates or "aliases" in workspace.ours.tabs:
        tabs.append(alias_tab(results.resolved.duplicates, say, workspace.alias_answers, names))
    if status or "status" in workspace.ours.tabs:
        tabs.append(status_tab(status, say, names))
    return tabs


def partner_tabs(
    workspace: Workspace, results: Results, names: dict[str, str], places: dict[str, PartnerPlace]
) -> list[Tab]:
    """Partnerships on their way and the quarter's tiers, where the tables tell of them."""
    from addin.actions.partnerships import partners_of, partnerships_tab_of
    from addin.actions.tiering import quarters_of, tiers_tab_of
    from addin.crm.screening import screen

    quarters, partners = quarters_of(results), partners_of(results)
    candidates = None if partners is None else screen(partners, workspace.settings)
    last = quarters[0].frame if quarters else None
    drawn = [tiers_tab_of(workspace, results, names, places, quarters, candidates)]
    if partners is not None and candidates is not None:
        drawn.append(partnerships_tab_of(workspace, results, names, places, partners, candidates, last))
    return [tab for tab in drawn if tab is not None]


def log_of(workspace: Workspace, line: LogLine) -> Tab:
    """The log tab with one more line."""
    from addin.actions.views.log import log_tab, parse_log_tab

    present = workspace.ours.tabs.get("log")
    grid = workspace.snapshot.grid(present) if present else None
    lines = parse_log_tab(grid) if grid else []
    return log_tab([*lines, line], Say(workspace.lang), names_of(workspace))


def in_order(tabs: Sequence[Tab]) -> list[Tab]:
    """Tabs in the order they stand in a book."""
    return sorted(tabs, key=lambda tab: KEYS.index(tab.marker.rpartition(".")[2]))


def log_line(run: str, when: dt.datetime, action: str, cells: int, tabs: Sequence[str], say: Say) -> LogLine:
    """One run in the log."""
    from addin.actions.views.log import LogLine

    what = ", ".join(tabs)
    return LogLine(f"{when:%Y-%m-%d %H:%M}", run, say(f"log.action.{action}"), cells, len(tabs), what)
