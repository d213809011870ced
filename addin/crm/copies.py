"""Lists that repeat another's rows (전체 beside the monthly tabs, 취소건 beside 접수): counted once, and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from addin.crm.mapping import Region, Skipped
from addin.crm.message import msg
from addin.crm.shapes import spread
from addin.crm.tables import table as table_named
from addin.crm.text import shown

if TYPE_CHECKING:
    from addin.crm.grid import Grid

_SAMPLE = 60
_FEWEST = 3
_SHARE = 0.8

Places = Mapping[tuple[str, int, int], Mapping[str, int]]


def without_copies(
    table: str, regions: Sequence[Region], placed: Places, by_name: Mapping[str, Grid]
) -> tuple[list[Region], list[Skipped]]:
    """The regions that bring rows of their own, in order, and those whose rows stand in a longer one already.

    A row is the same when its key (접수번호 …) and at least one other filled field are, and nothing filled differs.
    Tables without a key column, and running numbers that begin anew on every tab, are never taken for copies.
    """
    key = (t := table_named(table)) and t.key
    if not key or len(regions) < 2:
        return list(regions), []
    kept: list[Region] = []
    copies: dict[tuple[str, int, int], str] = {}
    index: dict[tuple[str, int, int], dict[str, int]] = {}
    for region in sorted(regions, key=lambda r: -len(r.rows)):
        original = next((o for o in kept if _repeats(region, o, key, placed, by_name, index)), None)
        if original is None:
            kept.append(region)
        else:
            copies[region.key] = original.sheet
    gone = [r for r in regions if r.key in copies]
    skipped = [
        Skipped(r.sheet, r.header_last, msg("map.skipped.copy", sheet=copies[r.key]), tuple(h.text for h in r.headers))
        for r in gone
    ]
    return [r for r in regions if r.key not in copies], skipped


def _repeats(
    region: Region, original: Region, key: str, placed: Places, by_name: Mapping[str, Grid],
    index: dict[tuple[str, int, int], dict[str, int]],
) -> bool:  # fmt: skip
    here, there = placed[region.key], placed[original.key]
    others = [f for f in here if f != key and f in there]
    if key not in here or key not in there or not others or len(region.rows) < _FEWEST:
        return False
    grid, old = by_name[region.sheet], by_name[original.sheet]
    if original.key not in index:
        index[original.key] = {shown(old.value(r, there[key])): r for r in original.rows}
    rows = index[original.key]
    sample = [r for r in spread(region.rows, _SAMPLE) if grid.value(r, here[key]) is not None]
    same = 0
    for row in sample:
        at = rows.get(shown(grid.value(row, here[key])))
        if at is None:
            continue
        pairs = [(grid.value(row, here[f]), old.value(at, there[f])) for f in others]
        both = [(a, b) for a, b in pairs if a is not None and b is not None]
        same += bool(both) and all(shown(a) == shown(b) for a, b in both)
    return len(sample) >= _FEWEST and same >= _SHARE * len(sample)
