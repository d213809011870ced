"""Flags beside people's rows: which text goes into which row of the appended columns, or into the status tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from addin.actions.column_values import put_values
from addin.actions.columns import place_column, put_header
from addin.books.look import FLAG_FILL
from addin.crm.flags import FLAGS

if TYPE_CHECKING:
    import polars as pl

    from addin.actions.results import Results
    from addin.actions.views.parts import Say
    from addin.actions.views.status import StatusRow
    from addin.actions.workspace import Workspace
    from addin.books.edits import Edits
    from addin.crm.mapping import Region, TableMatch

STATUS_LIMIT: Final = 5000  # lines the status tab holds; the worst first


class RowFlags(NamedTuple):
    """Flag codes and reasons in words for the rows of one table, in the order of its regions."""

    flags: pl.Series
    reasons: pl.Series

    def part(self, start: int, count: int) -> RowFlags:
        """Those of one region."""
        return RowFlags(self.flags.slice(start, count), self.reasons.slice(start, count))


def plan_flags(
    edits: Edits, workspace: Workspace, results: Results, say: Say, taken: set[tuple[str, int]], names: set[str]
) -> tuple[int, list[StatusRow]]:
    """Put flags and reasons beside requests and partners; returns the cells written and what found no room."""
    cells = 0
    status: list[StatusRow] = []
    for table, flags in (("requests", _request_flags(results, say)), ("partners", _partner_flags(results, say))):
        match = workspace.mapping.table(table)
        if match is None or flags is None:
            continue
        start = 0
        for region in match.regions:
            own = flags.part(start, len(region.rows))
            start += len(region.rows)
            written, homeless = _beside(edits, workspace, match, region, own, say, taken, names)
            cells += written
            status += homeless
    return cells, sorted(status, key=lambda s: FLAGS.index(s.flag))[:STATUS_LIMIT]


def _beside(
    edits: Edits, workspace: Workspace, match: TableMatch, region: Region, flags: RowFlags, say: Say,
    taken: set[tuple[str, int]], names: set[str],
) -> tuple[int, list[StatusRow]]:  # fmt: skip
    grid = workspace.grids[region.sheet]
    places = [
        place_column(grid, region, match.table, kind, workspace.ours, taken, names) for kind in ("flag", "reason")
    ]
    flag_at, reason_at = places
    if flag_at is None or reason_at is None:
        return 0, _homeless(workspace, match, region, flags)
    put_header(edits, flag_at, "flag", say)
    put_header(edits, reason_at, "reason", say)
    words = {code: say.flag(code) for code in FLAG_FILL}
    colors = {words[code]: fill for code in ("breach", "warn") if (fill := FLAG_FILL[code])}
    spoken = flags.flags.replace_strict(words, return_dtype=flags.flags.dtype)
    written = put_values(edits, grid, flag_at, region.rows, spoken, colors)
    return written + put_values(edits, grid, reason_at, region.rows, flags.reasons), []


def _homeless(workspace: Workspace, match: TableMatch, region: Region, flags: RowFlags) -> list[StatusRow]:
    from addin.actions.views.status import StatusRow

    frame = workspace.records[match.table].frame
    here = frame.filter(frame["_sheet"] == region.sheet)
    field = next((f for f in ("name", "request_id", "partner", "customer") if f in here.columns), None)
    names = dict(zip(here["_row"].to_list(), here[field].to_list(), strict=True)) if field else {}
    named = (match.column_in(region, field) if field else None) or region.first_column
    return [
        StatusRow(region.sheet, row, named, names.get(row) or "", flag, reason)
        for row, flag, reason in zip(region.rows, flags.flags.to_list(), flags.reasons.to_list(), strict=True)
        if flag in ("breach", "warn")
    ]


def _request_flags(results: Results, say: Say) -> RowFlags | None:
    """Each request's flag, in words."""
    if results.request_flags is None:
        return None
    from addin.crm.request_flags import spoken_flags

    return RowFlags(*spoken_flags(results.request_flags, say))


def _partner_flags(results: Results, say: Say) -> RowFlags | None:
    frame = results.resolved.frames.get("partners")
    if frame is None:
        return None
    import polars as pl

    flags, reasons = list[str](), list[str]()
    for key in frame["partner_key" if "partner_key" in frame.columns else "name"].to_list():
        found = results.partner_flags.get(key) if key is not None else None
        flags.append(found.flag if found else "no_data")
        telling = found is not None and found.flag in ("breach", "warn")
        reasons.append(" · ".join(say(r) for r in found.reasons) if found and telling else "")
    return RowFlags(pl.Series(flags, dtype=pl.String), pl.Series(reasons, dtype=pl.String))
