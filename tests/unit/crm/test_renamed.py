"""A header renamed on one monthly tab is asked about: the tab would be read without the field in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from addin.crm.grid import Grid
from addin.crm.headers import propose

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADS = ("접수번호", "접수일", "업체명", "고객명", "진행상태", "금액", "클레임")


def month(name: str, heads: Sequence[str], first: int, **other: Sequence[Any]) -> Grid:
    """A tab of four requests; ``other`` are columns by their place (``c5=…``) with other values."""
    rows: list[list[Any]] = [
        [f"A{first + i}", f"2026-{first:02}-{i + 1:02}", ("한빛", "두리")[i % 2], f"고객{first + i}",
         ("접수", "수주")[i % 2], 100000.0 + i, ("Y", "N")[i % 2]]
        for i in range(4)
    ]  # fmt: skip
    for place, values in other.items():
        for row, value in zip(rows, values, strict=True):
            row[int(place[1:])] = value
    return Grid(name, [list(heads), *rows])


def renamed(**names: str) -> list[str]:
    """The headers with some under another name."""
    return [names.get(head, head) for head in HEADS]


def asked(last: Grid) -> list[tuple[str, str, tuple[str, ...], str]]:
    found = propose([month("7월", HEADS, 7), month("8월", HEADS, 8), last])
    assert [t.table for t in found.tables] == ["requests"]
    return [(q.sheet, q.header, q.candidates, str(q.reason.params.get("cell"))) for q in found.questions]


@pytest.mark.parametrize(
    ("names", "questions"),
    [
        ({"금액": "값"}, [("9월", "값", ("amount",), "F1")]),
        ({"업체명": "거래하는 데"}, [("9월", "거래하는 데", ("partner",), "C1")]),
        ({"접수일": "들어온 때"}, [("9월", "들어온 때", ("received_at",), "B1")]),
        ({"금액": "값", "클레임": "불편"}, [("9월", "값", ("amount",), "F1"), ("9월", "불편", ("claim",), "G1")]),
        ({}, []),
    ],
)
def test_a_header_renamed_on_one_tab_is_asked_about_with_its_cell(
    names: dict[str, str], questions: list[tuple[str, str, tuple[str, ...], str]]
) -> None:
    assert asked(month("9월", renamed(**names), 9)) == questions


def test_what_stands_there_and_cannot_be_the_field_is_not_asked_about() -> None:
    assert asked(month("9월", renamed(금액="느낌"), 9, c5=("좋음", "보통", "나쁨", "좋음"))) == []


def test_a_column_taken_away_or_put_elsewhere_is_not_asked_about() -> None:
    heads = ["접수번호", "접수일", "업체명", "고객명", "진행상태", "클레임", "느낌"]
    values = {"c5": ("Y", "N", "Y", "N"), "c6": (1.0, 2.0, 3.0, 4.0)}
    assert asked(month("9월", heads, 9, **values)) == []


def test_a_tab_of_the_old_form_among_new_ones_is_asked_about_too() -> None:
    found = propose([month("7월", renamed(금액="값"), 7), month("8월", HEADS, 8), month("9월", HEADS, 9)])
    assert [(q.sheet, q.header) for q in found.questions] == [("7월", "값")]


@pytest.mark.parametrize("field", ["amount", ""])
def test_once_answered_it_is_not_asked_again(field: str) -> None:
    from tests.unit.crm.test_headers import Said

    grids = [month("7월", HEADS, 7), month("8월", HEADS, 8), month("9월", renamed(금액="값"), 9)]
    found = propose(grids, corrections=[Said("requests", "9월", "값", field)])
    assert found.questions == []
    last = found.tables[0].regions[-1]
    assert found.tables[0].column_in(last, "amount") == (6 if field else None)
