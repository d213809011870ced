"""A kit's page is a text with a few marks; what comes from the workbook is never a mark."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.documents.kit.blocks import COLUMNS, parse, shielded, table


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("# 약속", "heading"),
        ("- 하나", "list"),
        ("[ ] 끝났습니다", "checks"),
        ("[] 끝났습니다", "checks"),
        ("[사진] 멀리서", "photos"),
        ("[photo] from afar", "photos"),
        ("서명: ____", "field"),
        ("서명： ______", "field"),
        ("____", "line"),
        ("| 위치 | 내용 |", "table"),
        ("https://example.com/a?b=1", "link"),
        ("javascript:alert(1)", "text"),
        ("글", "text"),
        ("#해시태그", "text"),
    ],
)
def test_a_mark_at_the_beginning_of_a_line_says_what_it_is(line: str, kind: str) -> None:
    assert [block["kind"] for block in parse(line)] == [kind]


def test_lines_of_one_kind_are_one_block() -> None:
    found = parse("- a\n- b\n\n# c\n- d")
    assert [(block["kind"], block.get("items")) for block in found] == [
        ("list", ["a", "b"]),
        ("heading", None),
        ("list", ["d"]),
    ]


def test_a_tables_rows_are_as_long_as_its_header() -> None:
    (found,) = parse("| 위치 | 내용 |\n| 1 |\n| 1 | 2 | 3 |")
    assert found["rows"] == [["위치", "내용"], ["1", ""], ["1", "2"]]


def test_a_column_is_as_wide_as_its_header_is_drawn() -> None:
    narrow, wide = parse("| 위치 | 내용                    |\n| | |")[0]["widths"]
    assert wide > 2 * narrow


@pytest.mark.parametrize(
    "name",
    [
        "# 한빛",
        "- 한빛",
        "[ ] 한빛",
        "이름: ____",
        "____",
        "| a | b |",
        "https://example.com/x|y",
        "한|빛",
        "* 한빛",
        "· 한빛",
    ],
)
def test_a_name_that_looks_like_a_mark_is_only_a_name(name: str) -> None:
    told = shielded({"partner": {"name": name}})["partner"]["name"]
    (cell,) = parse(f"| {told} |")
    assert cell["rows"] == [[name]]
    (line,) = parse(told)
    assert line["text"] == name
    assert line["kind"] == ("link" if name == "https://example.com/x" else "text")


@given(st.lists(st.text(), max_size=6))
def test_no_text_of_a_workbook_is_lost_or_gains_a_meaning(names: list[str]) -> None:
    safe = [" ".join(name.split()) for name in names if name.split()]
    safe = [name for name in safe if not any(0xF0000 <= ord(c) < 0xF0100 for c in name)]
    found = parse("\n".join(f"- {shielded(name)}" for name in safe))
    assert [item for block in found for item in block["items"]] == safe


@given(st.text())
def test_any_text_gives_blocks_that_are_plain_data(text: str) -> None:
    for block in parse(text):
        json.dumps(block)
        if block["kind"] == "table":
            assert len(block["widths"]) == len(block["rows"][0]) <= COLUMNS
            assert min(block["widths"]) > 0


def test_numbers_stand_to_the_right_where_a_table_says_so() -> None:
    assert table([["품명", "단가"], ["도배", "1,000"]], (1,))["right"] == [1]
