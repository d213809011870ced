"""A range that is measured again: what did not change is not worked out again, and never anything else is taken."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm import facts, stays
from addin.functions import Context, call
from addin.functions.rows import forget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.grid import CellValue

HEADERS = [
    "업체명",
    "클러스터",
    "담당자",
    "고객명",
    "서비스",
    "접수일시",
    "확인일시",
    "방문일시",
    "수주일",
    "진행상태",
    "금액",
    "클레임",
]
START = dt.datetime(2026, 9, 1, 9)


def row(number: int) -> list[CellValue]:
    came = START + dt.timedelta(hours=7 * number)
    return [
        ("한빛", "샛별", "두리")[number % 3], ("가", "나")[number % 2], ("김", "이")[number % 2], f"고객{number % 7}",
        ("정기", "맞춤")[number % 2], came, came + dt.timedelta(minutes=number * 3 % 40),
        came + dt.timedelta(hours=number % 30), None if number % 3 else came + dt.timedelta(days=number % 9),
        "상담" if number % 3 else "수주", 100_000.0 + number, "Y" if number % 5 == 0 else None,
    ]  # fmt: skip


ROWS = [HEADERS, *(row(number) for number in range(24))]
CELLS: Sequence[CellValue] = (
    None, "", "한빛", "새 파트너", "김", "정기", "접수", "수주", "취소", "Y", True, 1, 1.0, 500_000.0, "협의",
    START, START.date(), START + dt.timedelta(days=70), dt.datetime(2027, 1, 1), "2026-10-01 10:00",
)  # fmt: skip


def changed(rows: Sequence[Sequence[CellValue]], at: int, column: int, value: CellValue) -> list[list[CellValue]]:
    return [[*line[:column], value, *line[column + 1 :]] if n == at else [*line] for n, line in enumerate(rows)]


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 24), st.integers(0, 11), st.sampled_from(CELLS)), min_size=1, max_size=3),
    st.sampled_from([None, "partner", "service", "assignee", "week"]),
    st.sampled_from([{}, {"한빛": "샛별"}]),
)
def test_however_cells_are_changed_one_after_another_it_is_measured_as_if_anew(
    changes: list[tuple[int, int, CellValue]], by: str | None, aliases: dict[str, str]
) -> None:
    context, rows, after = Context(aliases=aliases), ROWS, []
    forget()
    call("KPI_TABLE", rows)
    for change in changes:
        rows = changed(rows, *change)
        after.append((rows, call("KPI_TABLE", rows, None, by, context=context)))
    for rows, told in after:
        forget()
        assert call("KPI_TABLE", rows, None, by, context=context) == told


@pytest.mark.parametrize(
    ("header", "value", "anew"),
    [
        ("금액", 5.0, []),
        ("클레임", "Y", []),
        ("고객명", "고객99", []),
        ("확인일시", START, ["intake", "touch", "stays"]),
        ("진행상태", "취소", ["intake", "stays"]),
        ("업체명", "새 파트너", ["intake", "touch"]),
    ],
)
def test_what_reads_no_changed_column_is_not_worked_out_again(
    header: str, value: CellValue, anew: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from addin.crm import tally

    told: list[str] = []

    def watched(name: str, work: Any) -> Any:
        return lambda *given: (told.append(name), work(*given))[1]

    monkeypatch.setattr(tally, "intake_facts", watched("intake", facts.intake_facts))
    monkeypatch.setattr(tally, "last_touch", watched("touch", tally.last_touch))
    monkeypatch.setattr(stays, "waits", watched("stays", stays.waits))
    forget()
    call("KPI_TABLE", ROWS)
    assert sorted(told) == ["intake", "stays", "touch"]
    told.clear()
    call("KPI_TABLE", changed(ROWS, 5, HEADERS.index(header), value))
    assert sorted(told) == sorted(anew)


def test_equal_cells_of_another_kind_are_another_range() -> None:
    forget()
    whole = changed(ROWS, 5, HEADERS.index("금액"), 1.0)
    assert call("KPI", "HHI", whole) == call("KPI", "HHI", changed(whole, 5, HEADERS.index("금액"), 1))
    marked = changed(whole, 5, HEADERS.index("금액"), True)
    told = call("KPI_TABLE", marked)
    forget()
    assert call("KPI_TABLE", marked) == told


def test_rows_of_unequal_length_are_measured_as_if_filled_up_with_blanks() -> None:
    short = [own[: 6 + place % 6] if place else own for place, own in enumerate(ROWS)]
    full = [[*own, *[None] * (len(HEADERS) - len(own))] for own in short]
    forget()
    told = call("KPI_TABLE", short)
    forget()
    assert call("KPI_TABLE", tuple(map(tuple, full))) == told
