"""Whatever stands in a sheet, a plan is made of it, and it only does what a sync may do."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_sync.layout import SENTINEL, layout_of
from sheets_sync.merge import plan
from sheets_sync.model import Agreed, Base, Hq, HqRow, MasterRow, PartnerRow, PartnerSheet

LAYOUT = layout_of(["received_at", "phone", "service"], ["visited_at", "stage", "note"], spare=2)
HEADER = tuple(c.field for c in LAYOUT.columns)
KEYS = st.sampled_from(["", "R1", "R2", "R3", "N261123-001", "N261123-002", "?"])
CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["2026-11-03T14:00", "11월 3일", "010-1234-5678", "#REF!", "=1+1", "12:30", "0", " ", "\u3000"])
)
FIELDS = [c.field for c in LAYOUT.of("hq", "partner")]
ROW = st.dictionaries(st.sampled_from(FIELDS), CELLS)
THEIRS = st.dictionaries(st.sampled_from([c.field for c in LAYOUT.of("partner")]), CELLS)
AGREED = st.builds(Agreed, THEIRS, st.booleans(), THEIRS)
MASTER = st.lists(
    st.builds(MasterRow, KEYS.filter(bool), ROW, THEIRS, THEIRS), max_size=4, unique_by=lambda row: row.key
)


@settings(max_examples=150)
@given(
    base=st.dictionaries(KEYS.filter(bool), AGREED, max_size=4),
    issued=st.frozensets(KEYS.filter(lambda key: key.startswith("N"))),
    master=MASTER,
    rows=st.lists(st.tuples(KEYS, ROW), max_size=8),
    shown=st.lists(KEYS.filter(bool), max_size=4),
    entries=st.dictionaries(KEYS.filter(lambda key: key.startswith("N")), ROW, max_size=2),
)
def test_a_plan_of_anything_writes_only_where_it_may(
    base: dict[str, Agreed],
    issued: frozenset[str],
    master: list[MasterRow],
    rows: list[tuple[str, dict[str, object]]],
    shown: list[str],
    entries: dict[str, dict[str, object]],
) -> None:
    there = tuple(PartnerRow(i, key, cells) for i, (key, cells) in enumerate(rows, 2))  # type: ignore[arg-type]
    sheet = PartnerSheet(HEADER, there, Hq(tuple(map(HqRow, shown))), SENTINEL)
    fresh = (f"N261123-{n}" for n in itertools.count(100))
    made = plan(
        Base(HEADER, base, issued),
        master,
        sheet,
        LAYOUT,
        Hq(),
        entries=entries,
        fresh_keys=fresh,  # type: ignore[arg-type]
    )
    keys, ours = {row.key for row in there}, {row.key: row for row in master}
    appended = [lead.key for lead in made.leads]
    assert len(appended) == len(set(appended)), "a lead twice"
    assert not set(appended) & keys, "a row that is there is appended"
    assert not set(appended) & {*base, *shown}, "what was there once is appended again"
    assert {fill.key for fill in made.fills} <= keys & {*ours}, "a row nobody has is filled"
    assert {entry.key for entry in made.entries} <= keys - {*ours, ""}
    for fill in made.fills:
        values = [row.cells.get(fill.field) for row in there if row.key == fill.key]
        assert fill.value in values or fill.value is None, "a value nobody typed"
    if made.brake is None:
        assert {key for key in base if key in ours} <= {*made.base.keys, *issued}, "what was agreed is forgotten"
    second = plan(
        made.base,
        master,
        sheet,
        LAYOUT,
        Hq(),
        entries=entries,
        fresh_keys=fresh,  # type: ignore[arg-type]
    )
    assert second.fills == made.fills or made.brake, "the same sheet and the same master, planned again, want the same"
