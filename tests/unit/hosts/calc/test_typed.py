"""What Excel makes of text that a macro writes into a cell without a text format."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.calc.xl.typed import typed
from addin.hosts.calc.xl.values import SPECIAL


@pytest.mark.parametrize(
    ("text", "value", "format"),
    [
        ("1", 1.0, ""),
        ("01012345678", 1012345678.0, ""),
        (" 12 ", 12.0, ""),
        ("+82", 82.0, ""),
        ("-3.50", -3.5, ""),
        (".5", 0.5, ""),
        ("1,234,567", 1234567.0, "#,##0"),
        ("₩1,000", 1000.0, "₩#,##0"),
        ("12%", 0.12, "0%"),
        ("1e3", 1000.0, "0.00E+00"),
        ("2026-01-05", 46027.0, "yyyy-mm-dd"),
        ("2026년 1월 5일", 46027.0, "yyyy-mm-dd"),
        ("2026/1/5 12:00", 46027.5, "yyyy-mm-dd hh:mm"),
        ("12:30", 0.5208333333333334, "h:mm"),
        ("true", True, ""),
        ("#n/a", "#N/A", ""),
    ],
)
def test_text_that_excel_reads_as_something_else(text: str, value: Any, format: str) -> None:
    assert typed(text) == (value, format)
    assert text[0] in SPECIAL


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "+",
        ".",
        "가",
        "010-1234-5678",
        "2026-13-40",
        "2026-02-30",
        "1,23",
        "12:75",
        "#태그",
        "true까지",
        "1e999",
    ],
)
def test_text_that_stays_text(text: str) -> None:
    assert typed(text) is None


@given(st.text(max_size=12))
def test_any_text_is_answered_and_nothing_hides_from_the_quick_look(text: str) -> None:
    found = typed(text)
    if found is not None and text[0].isascii():
        assert text[0] in SPECIAL or text[0].isspace()
