"""A book's mapping: proposed from its sheets, with what people said in the tab, on the command line, last month."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from addin.actions.memory import recall
from addin.actions.views.names import KEYS
from addin.crm.fault import Fault, PlacedFault
from addin.crm.mapping import Question, Skipped
from addin.crm.message import msg
from addin.errors import UsageError
from addin.i18n import LANGUAGES, known, say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from addin.actions.ours import Ours
    from addin.actions.views.mapping_answers import MappingAnswers, Read
    from addin.books.read import Snapshot
    from addin.crm.grid import Grid
    from addin.crm.mapping import Mapping


@dataclass(slots=True)
class Mapped:
    """The mapping, what people wrote in the mapping tab, and what of it could not be understood."""

    mapping: Mapping
    answers: MappingAnswers | None = None
    faults: list[PlacedFault] = field(default_factory=list)


def map_book(snapshot: Snapshot, ours: Ours, maps: Sequence[str], as_requests: str = "") -> Mapped:
    """Map one snapshot; ``ours.regions`` is filled in. `UsageError` for a ``--map`` that names nothing.

    ``as_requests`` names a sheet whose list is to be read as requests whatever its headers.
    """
    from addin.actions.maps import parse_map
    from addin.actions.views.mapping import parse_mapping_tab
    from addin.crm.corrections import AsRequests
    from addin.crm.headers import UnknownHeader, propose

    arguments = [parse_map(text) for text in maps]
    answers = None
    tab = snapshot.grid(ours.tabs["mapping"]) if "mapping" in ours.tabs else None
    if tab is not None:
        answers = parse_mapping_tab(tab)
    forced = [AsRequests(as_requests)] if as_requests else []
    own = _own_sheets(ours)
    spoken_of = {
        as_requests,
        *(a.sheet for a in arguments),
        *(c.sheet for c in (answers.corrections if answers else ())),
    }
    copies = _copies(snapshot, own, spoken_of)
    try:
        mapping = propose(
            snapshot.sheets,
            corrections=[*(answers.corrections if answers else ()), *forced],
            arguments=arguments,
            remembered=recall() if tab is None else {},  # an adopted book has its own answers
            ignore_sheets=own | copies.keys(),
            ignore_columns=ours.cells(),
        )
    except UnknownHeader as problem:
        raise UsageError(problem.message.id, **problem.message.params) from problem  # type: ignore[arg-type]
    mapping.skipped += [left_alone(sheet, title) for sheet, title in copies.items()]
    if answers is not None:
        mapping.questions += gone(answers.read, mapping, {grid.name for grid in snapshot.sheets})
        answers.faults += displaced(answers, mapping, tab.name if tab is not None else "")
    ours.regions = tuple(region for match in mapping.tables for region in match.regions)
    return Mapped(mapping, answers, list(answers.faults) if answers else [])


def gone(read: Sequence[Read], mapping: Mapping, sheets: Collection[str]) -> list[Question]:
    """Questions about columns, and whole lists, that were read the last time and are not there any more.

    A renamed header is the person's right, but what it switches off must be said. Nothing is asked of a sheet that was
    deleted, nor of a field that another column has now.
    """
    out = []
    for one in read:
        match = mapping.table(one.table)
        if not one.header:
            if match is None and one.sheet in sheets and not any(q.sheet == one.sheet for q in mapping.questions):
                reason = msg("map.question.list_gone")
                out.append(Question(one.sheet, "", (), reason, one.table, columns=one.columns, was=one.table))
        elif match is not None and one.field not in match.columns:
            headers = {h.text for region in match.regions for h in region.headers}
            asked = {q.header for q in mapping.questions if q.table == one.table}
            if one.header not in headers | asked and one.sheet in sheets:
                reason = msg("map.question.column_gone")
                out.append(Question(one.sheet, one.header, (), reason, one.table, was=one.field))
    return out


def displaced(answers: MappingAnswers, mapping: Mapping, tab: str) -> list[PlacedFault]:
    """Faults for words in the mapping tab that give one field to two columns of a list: only the last can hold."""
    out = []
    lines = {(one.table, one.sheet, one.header): one for one in answers.corrections if one.header}
    for one in lines.values():
        match = mapping.table(one.table)
        column = match.columns.get(one.field) if match else None
        if match is None or column is None or column.source != "person":
            continue
        region = next((r for r in match.regions if r.sheet == one.sheet), None)
        if region is None or not any(h.text == one.header for h in region.headers):
            continue
        at = match.column_in(region, one.field)
        taken = next((h.text for h in region.headers if h.column == at), one.header)
        both = any(c.field == one.field and c.header == taken and c.sheet == one.sheet for c in answers.corrections)
        if taken != one.header and both and one.header not in match.clocks.get(one.field, ()):
            text = answers.texts.get((one.table, one.sheet, one.header), "")
            fix = msg("view.mapping.displaced.fix", header=taken)
            fault = Fault("displaced_field", text, msg("view.mapping.displaced.expected"), fix)
            out.append(PlacedFault(tab, one.row, one.column, one.table, "", fault))
    return out


#: A copy repeats this many texts of our tab's top at the same places, or all of them.
_TOP, _REPEATED = 12, 6


def _copies(snapshot: Snapshot, own: frozenset[str], spoken_of: Collection[str]) -> dict[str, str]:
    """Sheet → the title of the tab of ours it was drawn as: a dashboard kept from last month is no list of the team's.

    It bears the title of one, and our name for the block we drew (Excel copies that too) or the same words at the same
    places as the tab that stands. A person's word on the sheet is stronger.
    """
    left = snapshot.drawn.keys() - own
    ids = [f"view.{key}.title" for key in KEYS] if left else ()
    known_titles = {say(id, lang) for id in ids for lang in LANGUAGES if known(id, lang)}
    tops = {grid.name: _texts_on_top(grid) for grid in snapshot.sheets if grid.name in own}
    titles: dict[str, list[str]] = {}
    for name, texts in tops.items():
        if (1, 1) in texts:
            titles.setdefault(texts[1, 1], []).append(name)
    out = {}
    for grid in snapshot.sheets:
        if grid.name in own or grid.name in spoken_of or not isinstance(title := grid.value(1, 1), str):
            continue
        if grid.name in left and title in known_titles:
            out[grid.name] = title
        for name in titles.get(title, ()):
            there = tops[name]
            if sum(grid.value(*place) == text for place, text in there.items()) >= min(_REPEATED, len(there)):
                out[grid.name] = title
                break
    return out


def left_alone(sheet: str, title: str) -> Skipped:
    """A sheet that was a tab of ours, or is a copy of one: no list of the team's."""
    return Skipped(sheet, 1, msg("map.skipped.ours", title=title))


def _texts_on_top(grid: Grid) -> dict[tuple[int, int], str]:
    rows = enumerate(grid.rows[:_TOP], 1)
    cells = (((r, c), value) for r, line in rows for c, value in enumerate(line, 1))
    return {place: value for place, value in cells if isinstance(value, str) and value}


def _own_sheets(ours: Ours) -> frozenset[str]:
    """Our tabs, but for those that hold a .csv's rows: these are a team's data."""
    return frozenset(name for key, name in ours.tabs.items() if not key.startswith("csv_"))
