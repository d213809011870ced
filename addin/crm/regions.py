"""Find the lists on a messy sheet: where a header stands, how far its rows go, what in between is no data.

A clerk's sheet: titles and remarks above, one or two header rows, gaps, section titles, totals, printed headers
repeated, lists beside and below each other. `find_regions` gives each list once, as a `Region`; cross-tabs
(months across) and stock lists are left alone and say so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from addin.crm.extent import Extent, measure
from addin.crm.heads import Head, best_head, segments
from addin.crm.lexicon import STOCK_WORDS, known
from addin.crm.mapping import Header, Region, Skipped
from addin.crm.message import Message, msg
from addin.crm.periods import is_cross_tab
from addin.crm.shapes import spread
from addin.crm.sheet import Sheet
from addin.crm.spacers import without_spacers
from addin.crm.words import header_key, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.crm.grid import Grid

_SAMPLE = 200
_KEEP, _SMALL = 64, 2_000  # sheets whose lists are remembered, and the most rows of one


@dataclass(slots=True)
class Found:
    """The lists of one sheet, top to bottom, left to right; and those left alone, with the reason."""

    regions: list[Region] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def find_regions(grid: Grid, ignore: frozenset[int] = frozenset()) -> Found:
    """The lists of a sheet.

    ``ignore``: 1-based columns that are danggol's own; they are read as if they were not there.
    A small sheet that holds what it held before is not looked through again.

    >>> from addin.crm.grid import Grid
    >>> rows = [["접수대장"], [], ["업체명", "접수일", "금액"], ["한빛", "2026-10-01", 100.0], ["합계", None, 100.0]]
    >>> region = find_regions(Grid("접수", rows)).regions[0]
    >>> region.header_last, [h.text for h in region.headers], region.rows
    (3, ['업체명', '접수일', '금액'], (4,))
    """
    if len(grid.rows) > _SMALL:
        return _find(grid, ignore)
    key, looked_at = (grid.name, ignore), _looked_at(grid)
    before = _known.pop(key, None)
    found = before[1] if before is not None and before[0] == looked_at else _find(grid, ignore)
    _known[key] = looked_at, found
    while len(_known) > _KEEP:
        _known.pop(next(iter(_known)), None)
    return Found([*found.regions], [*found.skipped])


#: A sheet and danggol's columns in it → all that was looked at, and the lists; who was asked last stands last.
_known: dict[tuple[str, frozenset[int]], tuple[Any, Found]] = {}


def _looked_at(grid: Grid) -> Any:
    """All of a sheet that its lists depend on, kept apart from what becomes of the grid; 1 is not True here."""
    rows = [tuple(row) for row in grid.rows]
    return rows, [tuple(map(type, row)) for row in rows], [*grid.merged], [*grid.tables], [*grid.filters], grid.let_go


def _find(grid: Grid, ignore: frozenset[int]) -> Found:
    sheet = Sheet(grid, ignore)
    found = Found()
    loose: list[int] = []
    lists = list(_lists(sheet, 1, 1, len(grid.rows), sheet.width, len(grid.rows)))
    for head, extent in without_spacers(lists, ignore):
        region = _region(sheet, head, extent)
        reason = _why_left_alone(sheet, head, region)
        if reason is None:
            found.regions.append(region)
        else:
            found.skipped.append(_left(region, reason))
        loose.extend(extent.loose)
    _say_loose(sheet, found, loose)
    found.regions.sort(key=lambda r: (r.header_first, r.first_column))
    return found


def _left(region: Region, reason: Message) -> Skipped:
    return Skipped(region.sheet, region.header_last, reason, tuple(h.text for h in region.headers))


def _say_loose(sheet: Sheet, found: Found, loose: list[int]) -> None:
    """Rows under a list that are neither its own nor another's are named, once."""
    claimed = {s.header_row for s in found.skipped}
    spans = [(r.header_first, r.last_row) for r in found.regions]
    left = [r for r in sorted(set(loose)) if r not in claimed and not any(a <= r <= b for a, b in spans)]
    if left:
        rows = ", ".join(map(str, left[:5])) + (" …" if len(left) > 5 else "")
        found.skipped.append(Skipped(sheet.grid.name, left[0], msg("map.skipped.loose", rows=rows)))


def _lists(
    sheet: Sheet, top: int, left: int, search_until: int, right: int, bottom: int
) -> Iterator[tuple[Head, Extent]]:
    """Every header in rows top…search_until, columns left…right, and how far its list goes (at most to ``bottom``)."""
    while top <= search_until:
        head = best_head(sheet, top, left, search_until, right)
        if head is None:
            return
        if head.top > top:
            yield from _lists(sheet, top, left, head.top - 1, right, head.top - 1)
        last = head.bottom
        for part in segments(head):
            extent = measure(sheet, part, bottom)
            last = max(last, extent.last)
            yield part, extent
        for a, b in ((left, head.left - 1), (head.right + 1, right)):
            if a <= b and sheet.holds_anything(top, a, last, b):
                for part, extent in _lists(sheet, top, a, last, b, bottom):
                    last = max(last, extent.last)
                    yield part, extent
        top = last + 1


def _region(sheet: Sheet, head: Head, extent: Extent) -> Region:
    sample = spread(extent.rows, _SAMPLE)
    headers: list[Header] = []
    taken: dict[str, int] = {}
    for column in range(head.left, head.right + 1):
        text = head.texts.get(column, "")
        if column in sheet.ignore or (not text and not any(sheet.filled(r, column) for r in sample)):
            continue
        text = text or f"({sheet.letter(column)})"
        taken[text] = n = taken.get(text, 0) + 1
        while n > 1 and f"{text} ({n})" in taken:
            n += 1
        if n > 1:
            text = f"{text} ({n})"
            taken[text] = 1
        headers.append(Header(column, text))
    return Region(
        sheet=sheet.grid.name,
        header_first=head.top,
        header_last=head.bottom,
        first_column=headers[0].column if headers else head.left,
        last_column=headers[-1].column if headers else head.right,
        headers=tuple(headers),
        rows=_rising(extent.rows),
    )


def _rising(rows: list[int]) -> tuple[int, ...] | range:
    """A list's rows; half a million numbers one after the other weigh 20 MB."""
    if len(rows) > _SMALL and rows[-1] - rows[0] + 1 == len(rows):
        return range(rows[0], rows[-1] + 1)
    return tuple(rows)


def _why_left_alone(sheet: Sheet, head: Head, region: Region) -> Message | None:
    if is_cross_tab(sheet, head, region.rows[:20]):
        return msg("map.skipped.cross_tab")
    keys = [header_key(h.text.split(" › ")[-1]) for h in region.headers]
    stock = sum(k in STOCK_WORDS for k in keys)
    things = any(k in _THINGS for k in keys)
    if stock >= 2 or (stock == 1 and things and sum(known(k) for k in keys) <= stock + 4):
        return msg("map.skipped.stock")
    return None


_THINGS = frozenset(map(header_key, words("품목 품명 자재 자재명 상품 상품명 제품 제품명 품번 item product sku")))
