"""Which CRM table each list is, and which column is which field: the proposal people look at and correct.

Words first (ko/en synonyms, spacing and brackets aside), then typing slips, then what the values look like.
Content may veto a word, a column serves one field only, and what can't be decided becomes a question.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from addin.crm import tables
from addin.crm.copies import without_copies
from addin.crm.corrections import MapArgument, Said, header_signature, meant_lists, said_about
from addin.crm.mapping import ColumnMatch, Question, Region, Skipped, TableMatch
from addin.crm.mapping import Mapping as BookMapping
from addin.crm.matching import Columns, Reading, read_as, sample_columns
from addin.crm.message import Message, msg
from addin.crm.regions import find_regions
from addin.crm.renamed import Form, ask_renamed
from addin.crm.units import unit_in
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from addin.crm.corrections import Correction, Remembered
    from addin.crm.grid import Grid

_CLOSE = 0.82  # a second table this near to the best makes it a question
_LEAST = 4.0  # evidence for a table without its word in the sheet's name
_LEAST_NAMED = 3.0
_NEAR_SAME = 0.7  # share of common headers that makes two lists the same


class UnknownHeader(ValueError):
    """``--map`` names a header no list has (or a field its list can't have); ``message`` says which there are."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.id, dict(message.params))


@dataclass(slots=True)
class _Group:
    """Lists with the same headers (monthly tabs), read as one."""

    regions: list[Region]
    said: Said
    columns: Columns
    hidden: bool = False
    readings: list[Reading] = field(default_factory=list)  # best first
    chosen: Reading | None = None

    @property
    def rows(self) -> int:
        return sum(len(r.rows) for r in self.regions)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(header_key(h.text) for h in self.regions[0].headers)


def propose(
    grids: Sequence[Grid],
    *,
    corrections: Sequence[Correction] = (),
    arguments: Sequence[MapArgument] = (),
    remembered: Mapping[str, Remembered] | None = None,
    ignore_sheets: Collection[str] = (),
    ignore_columns: Collection[tuple[str, int]] = (),
) -> BookMapping:
    """The mapping of a workbook: certain matches, questions, and lists left alone with the reason.

    ``ignore_sheets`` and ``ignore_columns`` (sheet, 1-based column) are danggol's own.
    Raises `UnknownHeader` for an argument that fits no list.

    >>> from addin.crm.grid import Grid
    >>> rows = [["업체명", "접수일", "금액(원)"], ["한빛", "2026-10-01", 100.0], ["두리", "2026-10-02", 50.0]]
    >>> match = propose([Grid("접수", rows)]).tables[0]
    >>> match.table, {f: c.header for f, c in match.columns.items()}
    ('requests', {'partner': '업체명', 'received_at': '접수일', 'amount': '금액(원)'})
    """
    out = BookMapping()
    by_name = {grid.name: grid for grid in grids}
    regions: list[Region] = []
    for grid in grids:
        if grid.name not in ignore_sheets:
            found = find_regions(grid, frozenset(c for s, c in ignore_columns if s == grid.name))
            regions += found.regions
            out.skipped += found.skipped
    groups = _groups(regions, by_name, corrections, arguments, remembered or {})
    for group in groups:
        _choose(group, by_name, out)
    _follow_likeness(groups)
    for table in tables.TABLES:
        same = [g for g in groups if g.chosen is not None and g.chosen.table.id == table.id]
        if same:
            _join(table.id, same, by_name, out)
    _leave_rest(groups, out)
    _check_arguments(arguments, groups, regions)
    return out


def _groups(
    regions: Iterable[Region], by_name: Mapping[str, Grid], corrections: Sequence[Correction],
    arguments: Sequence[MapArgument], remembered: Mapping[str, Remembered],
) -> list[_Group]:  # fmt: skip
    regions = list(regions)
    whole = [(c, meant_lists(c, regions)) for c in corrections if not c.header]
    together: dict[object, list[Region]] = {}
    for region in regions:
        apart = tuple(i for i, a in enumerate(arguments) if a.sheet and a.sheet.casefold() == region.sheet.casefold())
        together.setdefault((header_signature(region), apart), []).append(region)
    out = []
    for same in together.values():
        about = [
            [c for c in corrections if c.header] + [c for c, keys in whole if region.key in keys] for region in same
        ]
        said = said_about(same[0], about[0], arguments, remembered)
        for region, spoken in zip(same[1:], about[1:], strict=True):
            own = said_about(region, spoken, arguments, remembered)
            if own.by == "person" and said.by != "argument":
                said.table, said.by = own.table, own.by
            for header, (table, field_id, by) in own.columns.items():
                if by == "person" and said.columns.get(header, ("", "", ""))[2] not in ("person", "argument"):
                    said.pin(header, table, field_id, by)
        hidden = all(by_name[r.sheet].hidden for r in same)
        out.append(_Group(same, said, sample_columns(same, by_name), hidden))
    return out


def _choose(group: _Group, by_name: Mapping[str, Grid], out: BookMapping) -> None:
    """Pick the table of a group of lists, or ask, or leave it alone."""
    said = group.said
    first = group.regions[0]
    titles = [_title(r, by_name[r.sheet]) for r in group.regions[:3]]
    pinned = any(by == "argument" and field_id for _, field_id, by in said.columns.values())
    if said.table == "" or (group.hidden and said.table is None and not pinned):
        reason = msg("map.skipped.told") if said.table == "" else msg("map.skipped.hidden")
        out.skipped += [_skipped(r, reason) for r in group.regions if r.rows]
        group.readings = []
        return
    readings = [read_as(t, group.columns, said, [r.sheet for r in group.regions], titles) for t in tables.TABLES]
    if said.table:
        group.chosen = next(r for r in readings if r.table.id == said.table)
        return
    least = 0.0 if pinned else _LEAST
    complete = sorted((r for r in readings if r.complete), key=lambda r: -r.score)
    group.readings = [r for r in complete if r.evidence >= (_LEAST_NAMED if r.named else least)]
    if not group.readings or (not group.rows and len(group.readings[0].pairs) < 3):
        group.readings = []
        return
    best = group.readings[0]
    rivals = [r for r in complete if r.score >= _CLOSE * best.score]
    if len(rivals) == 1:
        group.chosen = best
        return
    out.questions.append(
        Question(
            sheet=first.sheet,
            header="",
            candidates=tuple(r.table.id for r in rivals),
            reason=msg("map.question.table", headers=", ".join(h.text for h in first.headers[:6])),
            header_row=first.header_last,
            columns=tuple(h.text for h in first.headers),
        )
    )


def _skipped(region: Region, reason: Message) -> Skipped:
    return Skipped(region.sheet, region.header_last, reason, tuple(h.text for h in region.headers))


def _title(region: Region, grid: Grid) -> str:
    """The text above a header, when it stands alone in its row."""
    for row in range(region.header_first - 1, max(0, region.header_first - 4), -1):
        filled = [c for c in range(region.first_column, region.last_column + 1) if grid.value(row, c) is not None]
        value = grid.value(row, filled[0]) if len(filled) == 1 else None
        if isinstance(value, str):
            return value
    return ""


def _follow_likeness(groups: list[_Group]) -> None:
    """A list that says too little by itself is what its near-twin is: an old form among monthly tabs."""
    sure = [g for g in groups if g.chosen is not None]
    for group in groups:
        if group.chosen is not None or group.said.table == "" or group.hidden:
            continue
        for other in sure:
            union = group.keys | other.keys
            reading = next((r for r in group.readings if other.chosen and r.table.id == other.chosen.table.id), None)
            if reading is not None and len(group.keys & other.keys) >= _NEAR_SAME * len(union):
                group.chosen = reading
                break


def _join(table: str, groups: list[_Group], by_name: Mapping[str, Grid], out: BookMapping) -> None:
    """One table from all its lists: the columns of most rows lead, every list keeps its own places."""
    groups.sort(key=lambda g: -g.rows)
    columns: dict[str, ColumnMatch] = {}
    also: dict[str, dict[str, None]] = {}
    placed: dict[tuple[str, int, int], dict[str, int]] = {}
    regions: list[Region] = []
    unmatched: dict[str, None] = {}
    clocks: dict[str, dict[str, None]] = {}
    others: dict[tuple[str, str], ColumnMatch] = {}
    for group in groups:
        reading = group.chosen
        assert reading is not None
        for field_id, header in reading.clocks.items():
            clocks.setdefault(field_id, {})[header] = None
        for match in _with_units(table, group, reading.matches, by_name):
            if match.field not in columns:
                columns[match.field] = match
            elif columns[match.field].header != match.header:
                others.setdefault((match.field, match.header), match)
                also.setdefault(match.field, {})[match.header] = None
        for region in group.regions:
            at = {h.text: h.column for h in region.headers}
            placed[region.key] = {m.field: at[m.header] for m in reading.matches if m.header in at}
            regions.append(region)
        used = {m.header for m in reading.matches} | set(reading.clocks.values())
        unmatched |= dict.fromkeys(h.text for h in group.regions[0].headers if h.text not in used)
        known = {(q.sheet, q.header) for q in out.questions}
        out.questions += [q for q in reading.questions if (q.sheet, q.header) not in known]
    if len(groups) > 1:
        renamed = ask_renamed(table, [_form(group) for group in groups])
        told = {(q.sheet, q.header) for q in renamed}
        out.questions = [q for q in out.questions if (q.sheet, q.header) not in told] + renamed
    order = {sheet: i for i, sheet in enumerate(by_name)}
    regions.sort(key=lambda r: (order[r.sheet], r.header_first, r.first_column))
    kept, copies = without_copies(table, regions, placed, by_name)
    out.skipped += copies
    fields = [f.id for f in (tables.table(table) or tables.REQUESTS).fields if f.id in columns]
    used_somewhere = {m.header for m in columns.values()} | {h for hs in also.values() for h in hs}
    used_somewhere |= {h for hs in clocks.values() for h in hs}
    out.tables.append(
        TableMatch(
            table=table,
            regions=tuple(kept),
            columns={f: columns[f] for f in fields},
            unmatched=tuple(h for h in unmatched if h not in used_somewhere),
            confidence=round(sum(c.confidence for c in columns.values()) / max(1, len(columns)), 2),
            also={f: tuple(headers) for f, headers in also.items()},
            placed={r.key: placed[r.key] for r in kept},
            clocks={f: tuple(headers) for f, headers in clocks.items()},
            others=tuple(others.values()),
        )
    )


def _form(group: _Group) -> Form:
    """A group of lists as `ask_renamed` looks at it; what a person said of a column is no question any more."""
    reading = group.chosen
    assert reading is not None
    used = {*reading.pairs.values(), *reading.clocks.values(), *group.said.columns}
    free = [header for header in group.columns.headers if header not in used]
    return Form(group.regions[0], group.columns, reading.pairs, free, group.rows)


def _with_units(
    table: str, group: _Group, matches: Sequence[ColumnMatch], by_name: Mapping[str, Grid]
) -> Iterator[ColumnMatch]:
    """The matches of a list, those of money in thousands saying so."""
    known = tables.table(table) or tables.REQUESTS
    region = group.regions[0]
    for match in matches:
        kind = getattr(known.field(match.field), "type", "")
        column = next((h.column for h in region.headers if h.text == match.header), None)
        if kind in ("money", "refund") and column is not None:
            factor, unit = unit_in(by_name[region.sheet], region, column)
            if factor != 1:
                match = replace(match, reason=msg("map.reason.unit", reason=match.reason, unit=unit))
        yield match


def _leave_rest(groups: Iterable[_Group], out: BookMapping) -> None:
    asked = {(q.sheet, q.header_row) for q in out.questions if not q.header}
    told = {(s.sheet, s.header_row) for s in out.skipped}
    for group in groups:
        if group.chosen is not None:
            continue
        for region in group.regions:
            at = (region.sheet, region.header_last)
            if region.rows and at not in told and (group.regions[0].sheet, group.regions[0].header_last) not in asked:
                out.skipped.append(_skipped(region, msg("map.skipped.unknown")))


def _check_arguments(arguments: Sequence[MapArgument], groups: Sequence[_Group], regions: Sequence[Region]) -> None:
    """Every ``--map`` must have found its header, in a list that has the field."""
    for index, argument in enumerate(arguments):
        heard = [g for g in groups if index in g.said.used]
        if not argument.header:
            continue
        if not heard:
            here = [r for r in regions if argument.sheet.casefold() in ("", r.sheet.casefold())]
            if argument.sheet and not here:
                sheets = ", ".join(dict.fromkeys(r.sheet for r in regions))
                raise UnknownHeader(msg("map.unknown_sheet", sheet=argument.sheet, sheets=sheets))
            names = ", ".join(dict.fromkeys(h.text for r in here for h in r.headers))
            raise UnknownHeader(msg("map.unknown_header", header=argument.header, headers=names))
        if not any(g.chosen and any(m.field == argument.field for m in g.chosen.matches) for g in heard):
            found = ", ".join(dict.fromkeys(g.chosen.table.id for g in heard if g.chosen)) or "-"
            raise UnknownHeader(msg("map.field_elsewhere", field=argument.field, header=argument.header, tables=found))
