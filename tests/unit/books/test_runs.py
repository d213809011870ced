"""Of a block that changed only the runs that changed are parsed; together they say what the block says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.books import runs as module
from addin.books.blocks import Block
from addin.books.celltable import to_table
from addin.books.runs import Changed, runs_in, sum_of
from addin.crm.grid import CellValue

Lines = dict[int, list[CellValue]]
LINES = st.dictionaries(st.integers(1, 12), st.lists(st.sampled_from(["가", "", 1.0, True]), max_size=3), min_size=1)


@pytest.fixture(autouse=True)
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of three rows."""
    monkeypatch.setattr(module, "RUN", 3)


def xml(lines: Lines) -> bytes:
    """Rows whose cells are their own words: parsed by `block`."""
    return "".join(f'<row r="{number}">{lines[number]!r}</row>' for number in sorted(lines)).encode()


def block(lines: Lines) -> Block:
    """What calamine makes of some rows: from the first to the last that hold anything."""
    full = [number for number, cells in lines.items() if any(cell != "" for cell in cells)]
    if not full:
        return Block(1, [])
    width = max(map(len, lines.values()))
    rows = [lines.get(number, []) for number in range(min(full), max(full) + 1)]
    return Block(min(full), [[*cells, *[""] * (width - len(cells))] for cells in rows])


def filled(first: int, rows: list[tuple[object, ...]], names: list[str]) -> list[tuple[int, int, object]]:
    return sorted(
        (first + i, int(name[:-1]), repr(value))
        for i, line in enumerate(rows)
        for name, value in zip(names, line, strict=True)
        if value not in (None, "")
    )


@given(before=LINES, now=LINES, common=LINES)
@settings(max_examples=150, deadline=None)
def test_a_block_put_together_says_what_it_says_parsed_whole(before: Lines, now: Lines, common: Lines) -> None:
    before, now = before | common, now | common
    old, old_xml, new_xml = block(before), xml(before), xml(now)
    table = to_table(old.rows) if old.rows else None
    sums = {run.sum for run in runs_in(old_xml, 0, len(old_xml))}
    changed = Changed.of(new_xml, runs_in(new_xml, 0, len(new_xml)), old.first, table, sums)
    parts = {xml({n: now[n]}): n for n in now}
    parsed = [block({n: now[n] for one, n in parts.items() if one in fresh}) for fresh in changed.fresh]
    found, whole = changed.table(parsed), block(now)
    assert found is not None
    first, made = found
    wanted = to_table(whole.rows) if whole.rows else None
    told = [] if made is None else filled(first, made.rows(), made.columns)
    assert told == ([] if wanted is None else filled(whole.first, wanted.rows(), wanted.columns))


@given(before=LINES, now=LINES, common=LINES, odd=st.dictionaries(st.integers(0, 4), st.integers(-5, 300)))
@settings(max_examples=150, deadline=None)
def test_where_runs_end_is_the_same_whatever_was_known_of_them(
    before: Lines, now: Lines, common: Lines, odd: dict[int, int]
) -> None:
    old, new = xml(before | common), xml(now | common)
    known = {run.number: (run.end - run.start, run.sum) for run in runs_in(old, 0, len(old))}
    known |= {number: (length, known.get(number, (0, ""))[1]) for number, length in odd.items()}
    assert runs_in(new, 0, len(new), known) == runs_in(new, 0, len(new))


def test_one_changed_row_has_only_its_run_parsed() -> None:
    before: Lines = {n: ["가", float(n)] for n in range(1, 13)}
    old = block(before)
    data = xml(before)
    sums = {run.sum for run in runs_in(data, 0, len(data))}
    data = xml(before | {5: ["나", 5.0]})
    changed = Changed.of(data, runs_in(data, 0, len(data)), old.first, to_table(old.rows), sums)
    assert changed.fresh == [xml({4: ["가", 4.0], 5: ["나", 5.0], 6: ["가", 6.0]})]
    assert sum_of(changed.runs) != sum_of(runs_in(xml(before), 0, len(xml(before))))


def test_where_most_runs_changed_the_block_is_parsed_whole() -> None:
    before: Lines = {n: ["가"] for n in range(1, 13)}
    now: Lines = {n: ["나" if n < 10 else "가"] for n in range(1, 13)}
    data = xml(now)
    old = xml(before)
    sums = {run.sum for run in runs_in(old, 0, len(old))}
    changed = Changed.of(data, runs_in(data, 0, len(data)), 1, to_table(block(before).rows), sums)
    assert changed.fresh == [data]


def test_a_cell_that_can_not_be_kept_is_said() -> None:
    data = xml({1: ["가"]})
    changed = Changed.of(data, runs_in(data, 0, len(data)), 1, None, set())
    assert changed.table([Block(1, [[1]])]) is None
