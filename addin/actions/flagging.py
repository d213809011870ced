"""Flags beside people's rows: which text goes into which row of the appended columns, or into the status tab."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from addin.actions.columns import place_column, put_header, put_values
from addin.books.look import FLAG_FILL
from addin.crm.tables import table as table_of

if TYPE_CHECKING:
    from addin.actions.results import Results
    from addin.actions.views.parts import Say
    from addin.actions.views.status import StatusRow
    from addin.actions.workspace import Workspace
    from addin.books.edits import Edits
    from addin.crm.mapping import Region, TableMatch

#: (sheet, row) → flag code and reason in words.
RowFlags = Mapping[tuple[str, int], tuple[str, str]]
STATUS_LIMIT: Final = 5000  # lines the status tab holds; the worst first


def plan_flags(
    edits: Edits, workspace: Workspace, results: Results, say: Say, taken: set[tuple[str, int]], names: set[str]
) -> tuple[int, list[StatusRow]]:
    """Put flags and reasons beside requests and partners; returns the cells written and what found no room."""
    cells, status = 0, []
    for table, flags in (("requests", _request_flags(results, say)), ("partners", _partner_flags(results, say))):
        match = workspace.mapping.table(table)
        if match is None or flags is None:
            continue
        for region in match.regions:
            written, homeless = _beside(edits, workspace, match, region, flags, say, taken, names)
            cells += written
            status += homeless
    order = ("breach", "warn", "ok", "small_sample", "no_data")
    return cells, sorted(status, key=lambda s: order.index(s.flag))[:STATUS_LIMIT]


def _beside(
    edits: Edits, workspace: Workspace, match: TableMatch, region: Region, flags: RowFlags, say: Say,
    taken: set[tuple[str, int]], names: set[str],
) -> tuple[int, list[StatusRow]]:  # fmt: skip
    grid = workspace.grids[region.sheet]
    places = {kind: place_column(grid, region, match.table, kind, workspace.ours, taken, names) for kind in ("flag", "reason")}
    flag_at, reason_at = places["flag"], places["reason"]
    if flag_at is None or reason_at is None:
        return 0, _homeless(workspace, match, region, flags)
    rows = {row: flags[region.sheet, row] for row in region.rows if (region.sheet, row) in flags}
    put_header(edits, flag_at, "flag", say)
    put_header(edits, reason_at, "reason", say)
    words = {code: say.flag(code) for code in FLAG_FILL}
    colors = {words[code]: FLAG_FILL[code] for code in ("breach", "warn") if FLAG_FILL[code]}
    written = put_values(edits, grid, flag_at, {row: words[flag] for row, (flag, _) in rows.items()}, colors)
    return written + put_values(edits, grid, reason_at, {row: reason for row, (_, reason) in rows.items()}), []


def _homeless(workspace: Workspace, match: TableMatch, region: Region, flags: RowFlags) -> list[StatusRow]:
    from addin.actions.views.status import StatusRow

    table = table_of(match.table)
    key = (table.key if table else None) or ""
    grid = workspace.grids[region.sheet]
    named = match.column_in(region, "name") or match.column_in(region, key) or region.first_column
    out = []
    for row in region.rows:
        flag, reason = flags.get((region.sheet, row), ("ok", ""))
        if flag in ("breach", "warn"):
            who = grid.value(row, named)
            out.append(StatusRow(region.sheet, row, named, "" if who is None else str(who), flag, reason))
    return out


def _request_flags(results: Results, say: Say) -> RowFlags | None:
    """Each request's flag, in words."""
    if results.request_flags is None:
        return None
    from addin.crm.request_flags import spoken_flags

    return spoken_flags(results.request_flags, say)


def _partner_flags(results: Results, say: Say) -> RowFlags | None:
    frame = results.resolved.frames.get("partners")
    if frame is None:
        return None
    keys = frame["partner_key" if "partner_key" in frame.columns else "name"].to_list()
    out: dict[tuple[str, int], tuple[str, str]] = {}
    for key, sheet, row in zip(keys, frame["_sheet"], frame["_row"], strict=True):
        found = results.partner_flags.get(key) if key is not None else None
        if found is None:
            out[sheet, row] = ("no_data", "")
        else:
            reason = " · ".join(say(r) for r in found.reasons) if found.flag in ("breach", "warn") else ""
            out[sheet, row] = (found.flag, reason)
    return out
