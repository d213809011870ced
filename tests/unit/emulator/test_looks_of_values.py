"""Number formats and typed text: what is shown, what is understood, in English and in Korean."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.emulator.entered import raw, typed
from sheets_sync.emulator.rendering import general, shown


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (1234567, "#,##0", "1,234,567"),
        (0.256, "0.0%", "25.6%"),
        (-5, "0.00", "-5.00"),
        (-5, "0;(0)", "(5)"),
        (0, '0;-0;"없음"', "없음"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (1234, "[$₩]#,##0", "₩1,234"),
        (12345, "0.00E+00", "1.23E+04"),
        (5, "000", "005"),
        (2.5, "0.##", "2.5"),
        (1500000, "#,##0,", "1,500"),
        (7, '0"건"', "7건"),
        (45000, "yyyy-mm-dd", "2023-03-15"),
        (45000.75, "yyyy. m. d am/pm h:mm", "2023. 3. 15 PM 6:00"),
        (45000.5, "m/d/yy h:mm:ss", "3/15/23 12:00:00"),
        (1.25, "[h]:mm", "30:00"),
        (45000, "dddd", "Wednesday"),
        (45000, "mmm d", "Mar 15"),
    ],
)
def test_patterns(value: float, pattern: str, text: str) -> None:
    assert shown(float(value), {"numberFormat": {"type": "NUMBER", "pattern": pattern}}) == text


@pytest.mark.parametrize(
    ("kind", "locale", "text"),
    [
        ("DATE", "en_US", "3/15/2023"),
        ("DATE", "ko_KR", "2023. 3. 15"),
        ("DATE_TIME", "ko_KR", "2023. 3. 15 오후 6:00:00"),
        ("TIME", "en_US", "6:00:00 PM"),
        ("CURRENCY", "ko_KR", "₩45,001"),
        ("PERCENT", "en_US", "4500075.00%"),
    ],
)
def test_a_format_without_a_pattern_goes_by_the_locale(kind: str, locale: str, text: str) -> None:
    assert shown(45000.75, {"numberFormat": {"type": kind}}, locale) == text


@pytest.mark.parametrize(
    ("text", "locale", "value", "pattern"),
    [
        ("12", "en_US", 12.0, None),
        ("+49123", "en_US", 49123.0, None),
        ("-1,234.50", "en_US", -1234.5, "#,##0.00"),
        ("(3)", "en_US", -3.0, None),
        ("12%", "ko_KR", 0.12, "0%"),
        ("₩1,000", "ko_KR", 1000.0, "[$₩]#,##0"),
        ("$3.50", "en_US", 3.5, '"$"#,##0.00'),
        ("1e3", "en_US", 1000.0, "0.00E+00"),
        ("9/14/2026", "en_US", 46279.0, "m/d/yyyy"),
        ("2026. 9. 14", "ko_KR", 46279.0, "yyyy. m. d"),
        ("2026/09/14", "ko_KR", 46279.0, "yyyy/mm/dd"),
        ("2026년 9월 14일", "ko_KR", 46279.0, 'yyyy"년" m"월" d"일"'),
        ("2026-09-14 오후 3:00", "ko_KR", 46279.625, "yyyy-mm-dd am/pm h:mm"),
        ("15:00", "en_US", 0.625, "h:mm"),
        ("3:00 PM", "en_US", 0.625, "h:mm am/pm"),
        ("true", "en_US", True, None),
        # what is none of these stays text
        ("1,23", "en_US", "1,23", None),
        ("2026-13-40", "en_US", "2026-13-40", None),
        ("010-1234-5678", "ko_KR", "010-1234-5678", None),
        ("25:61", "en_US", "25:61", None),
        ("=", "en_US", "=", None),
        (".", "en_US", ".", None),
    ],
)
def test_typed(text: str, locale: str, value: Any, pattern: str | None) -> None:
    entered, brought = typed(text, locale)
    assert (entered, (brought or {}).get("pattern")) == (value, pattern)


@given(st.text(max_size=12), st.sampled_from(["en_US", "ko_KR", "de_DE"]))
def test_any_text_can_be_typed_and_raw_text_is_never_changed(text: str, locale: str) -> None:
    typed(text, locale)
    assert raw(text) == (text or None)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_number_without_a_format_reads_as_about_itself(value: float) -> None:
    assert float(general(value)) == pytest.approx(value, rel=1e-5, abs=1e-9)


@given(st.integers(0, 60000))
def test_a_shown_date_typed_again_is_the_same_day(serial: int) -> None:
    text = shown(float(serial), {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}})
    assert typed(text, "ko_KR")[0] == serial
