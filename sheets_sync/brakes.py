"""When a partner's sheet is not to be trusted: nothing is written for it, the others go on, exit code 4.

The rules are those of bidirectional file sync (rclone bisync: max-delete, all-changed): a sheet that lost more than
half of its rows, or in which every row says something else than last time, was probably hurt by accident. So was one
whose numbers stand beside other requests' data.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from sheets_sync.cells import plain
from sheets_sync.layout import SENTINEL
from sheets_sync.model import Brake

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sheets_sync.layout import Column, Layout
    from sheets_sync.model import Base, Cell, MasterRow, PartnerRow, PartnerSheet

#: More than this share of the rows we knew gone at once stops a partner, from `MIN_KNOWN` rows on.
MAX_GONE: Final = 0.5
MIN_KNOWN: Final = 5
#: Every one of at least this many rows saying something else than last time stops a partner.
MIN_CHANGED: Final = 10
#: So many rows with the number of one request and the data of another stop a partner.
MIN_MIXED: Final = 3


def find_brakes(
    base: Base,
    sheet: PartnerSheet,
    layout: Layout,
    rows: Mapping[str, list[PartnerRow]],
    master: Sequence[MasterRow],
    untouched: Collection[str],
) -> Iterator[Brake]:
    """The reasons to stop, worst first.

    ``rows``: the sheet's rows by key; ``master``: the partner's requests; ``untouched``: see `as_given`.
    """
    if sheet.sentinel != SENTINEL:
        yield Brake("sentinel", what=sheet.sentinel)
    wanted = [c for c in layout.columns if c.owner != "lookup"]
    wrong = [c.header for c in wanted if sheet.header.count(c.field) != 1]
    if wrong:
        yield Brake("header", len(wrong), len(wanted), ", ".join(wrong))
    known = [key for key, agreed in base.keys.items() if not agreed.deleted]
    gone = sum(key not in rows for key in known)
    if len(known) >= MIN_KNOWN and gone > MAX_GONE * len(known):
        yield Brake("rows_gone", gone, len(known))
    filled, changed = _changed(base, layout, rows)
    if filled >= MIN_CHANGED and changed == filled:
        yield Brake("all_changed", changed, filled)
    mixed = _mixed(layout, rows, master, untouched)
    if mixed >= MIN_MIXED:
        yield Brake("mixed", mixed, len(rows))


def as_given(rows: Mapping[str, list[PartnerRow]], master: Sequence[MasterRow]) -> set[str]:
    """The keys in whose row stands letter for letter all that head office gave: most."""
    nothing: list[PartnerRow] = []
    return {
        one.key for one in master for row in rows.get(one.key, nothing)[:1] if one.given.items() <= row.cells.items()
    }


def _changed(base: Base, layout: Layout, rows: Mapping[str, list[PartnerRow]]) -> tuple[int, int]:
    """How many rows had something filled in last time, and how many of them say something else there now, as far as it
    takes to tell whether all of them do.

    Filling in a blank is a partner's daily work and no change of this kind.
    """
    ours = {c.field for c in layout.of("hq", "partner")}  # of a new entry the partner typed both
    filled = changed = 0
    for key, agreed in base.keys.items():
        before = {f: cell for f, cell in agreed.cells.items() if cell is not None}
        if agreed.deleted or not before or key not in rows:
            continue
        filled += 1
        now = rows[key][0].cells
        changed += any((plain(now.get(f)) if f in ours else None) != cell for f, cell in before.items())
        if changed < filled:
            break  # one row that says what it said is enough
    return filled, changed


def _mixed(
    layout: Layout,
    rows: Mapping[str, list[PartnerRow]],
    master: Sequence[MasterRow],
    untouched: Collection[str],
) -> int:
    """How many rows bear the number of one request and what head office gave of another.

    Sorting every column but the hidden one with the numbers does that, and what is filled in then stands beside the
    wrong number. Requests that were given the same are left out: nobody could tell them apart.
    """
    columns = layout.of("hq")
    fields = [c.field for c in columns]
    given = {one.key: one.given for one in master}
    others = {}
    for key, found in rows.items():
        was, now = given.get(key), found[0].cells
        if was is None:
            continue
        if key in untouched and (len(was) == len(fields) or all(now.get(f) == was.get(f) for f in fields)):
            continue
        if (stands := _print(now, columns)) != _print(was, columns) and any(stands):
            others[key] = stands
    if len(others) < MIN_MIXED:
        return len(others)
    owners = Counter(_print(cells, columns) for cells in given.values())
    return sum(owners[stands] == 1 for stands in others.values())


def _print(cells: Mapping[str, Cell], columns: tuple[Column, ...]) -> tuple[str, ...]:
    return tuple("" if (cell := plain(cells.get(c.field))) is None else str(cell).strip() for c in columns)
