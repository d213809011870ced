"""Excel's formulas in LibreOffice's spelling and back; no LibreOffice is needed to know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.calc.xl.formulas import moved, to_calc, to_excel

PAIRS = [
    ("=A1+1", "=A1+1"),
    ("=SUM(A1,B2:C3)", "=SUM(A1;B2:C3)"),
    ("=IF(A1>1.5,\"a,b;c|d\",'it''s'!B2)", "=IF(A1>1.5;\"a,b;c|d\";$'it''s'.B2)"),
    ("=Data!$A$1+'9월 접수'!A1:B2", "=$Data.$A$1+$'9월 접수'.A1:B2"),
    ("=SUM({1,2;3,4},A1)", "=SUM({1;2|3;4};A1)"),
    ("=SUM(접수!A:A)", "=SUM($접수.A:A)"),
    ("=CRM_KPI(A1,표1[값])", "=CRM_KPI(A1;표1[값])"),
    ("=_danggol.x+1.25", "=_danggol.x+1.25"),
]


@pytest.mark.parametrize(("excel", "calc"), PAIRS)
def test_a_formula_is_spelled_for_calc_and_back(excel: str, calc: str) -> None:
    assert to_calc(excel) == calc
    assert to_excel(calc) == excel


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30))
def test_text_in_quotes_is_never_touched(text: str) -> None:
    quoted = '="' + text.replace('"', '""') + '"'
    assert to_calc(quoted) == quoted == to_excel(quoted)
    assert moved(quoted, 3, 3) == quoted


@pytest.mark.parametrize(
    ("formula", "down_one_right_two"),
    [
        ("=A1", "=C2"),
        ("=$A1+A$1+$A$1", "=$A2+C$1+$A$1"),
        ('=A1&"A1"', '=C2&"A1"'),
        ("='A1 표'!B2", "='A1 표'!D3"),
        ("=SUM(A:B,3:4,$C:D)", "=SUM(C:D,4:5,$C:F)"),
        ("=LOG10(A1)+Q1_합계+CRM_A1(B2)", "=LOG10(C2)+Q1_합계+CRM_A1(D3)"),
        ("=SUM(A1:B10)", "=SUM(C2:D11)"),
        ("=1.5E3+Z9", "=1.5E3+AB10"),
    ],
)
def test_a_copied_formula_moves_its_relative_references(formula: str, down_one_right_two: str) -> None:
    assert moved(formula, 1, 2) == down_one_right_two


@pytest.mark.parametrize("formula", [excel for excel, _ in PAIRS])
def test_a_formula_moved_nowhere_is_the_same(formula: str) -> None:
    assert moved(formula, 0, 0) == formula
