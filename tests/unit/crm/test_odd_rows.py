"""Which rows of a long list need a look is told by whole columns as it is told row by row."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.grid import CellError
from addin.crm.odd_rows import odd_rows
from addin.crm.packed_rows import PackedRows

if TYPE_CHECKING:
    from addin.crm.grid import CellValue

TITLES = {"업체", "접수일"}
CELLS = st.one_of(
    st.sampled_from(["", " ", "업체", "접수일", "2026-10-01", "-1", "²", "３월", "합계"]),
    st.sampled_from([0.0, 1.0, -2.5, 1e300, float("inf")]),
    st.booleans(),
    st.sampled_from([dt.date(2026, 3, 1), dt.datetime(2026, 3, 1), dt.time(0)]),
)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=6)


def packed(rows: list[tuple[CellValue, ...]]) -> PackedRows:
    """Rows as they are kept; one of full rows below, so that none is trimmed."""
    kept = PackedRows()
    assert kept.append(1, [*map(list, rows), ["끝"] * 4])
    return kept


@settings(max_examples=150, deadline=None)
@given(ROWS, st.integers(1, 3))
def test_rows_with_a_blank_a_word_among_dates_or_the_header_again_need_a_look(
    rows: list[tuple[CellValue, ...]], first: int
) -> None:
    lines = [*enumerate([*rows, ("끝",) * 4], 1)][first - 1 :]
    odd = [i for i, (x, y, z, _) in lines if not (x and y and z) or x in TITLES]
    words = [i for i, (*_, t) in lines if type(t) is str]
    letters = [i for i, (*_, t) in lines if t and not str(t)[0].isdigit()]
    span, kept = (first, len(rows) + 1), packed(rows)
    assert odd_rows(kept, span, [0, 1, 2], titles=TITLES) == odd
    assert odd_rows(kept, span, [0, 1, 2], words=3, titles=TITLES) == sorted({*odd, *words})
    assert odd_rows(kept, span, [0, 1, 2], letters=3, titles=TITLES) == sorted({*odd, *letters})


def test_where_columns_can_not_tell_each_row_is_looked_at() -> None:
    for cell in (CellError("#N/A"), dt.timedelta(hours=-1)):
        assert odd_rows(packed([("한빛", 1.0, 2.0, cell)]), (1, 2), [0, 1, 2], letters=3) is None
    assert odd_rows(packed([("한빛", 1.0, 2.0, 3.0)]), (1, 2), [0, 1, 2], titles={1.0}) is None
