"""A formula keeps its meaning when its functions change their names between Excel and Calc."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.functions import FUNCTIONS
from addin.hosts.calc.function_names import calc_names


@pytest.mark.parametrize(
    ("excel", "calc"),
    [
        ("=CRM_HHI(A1:A3;B1:B3)", "=CRM.HHI(A1:A3;B1:B3)"),
        ("=crm_hhi(A1:A3;B1:B3)", "=CRM.HHI(A1:A3;B1:B3)"),
        ("=[1]!CRM_HHI(A1:A3;B1:B3)", "=CRM.HHI(A1:A3;B1:B3)"),
        ("='file:///C:/Users/kim/XLSTART/danggol.xlam'#CRM_HHI(A1:A3;B1:B3)", "=CRM.HHI(A1:A3;B1:B3)"),
        ("=danggol.xlam!CRM_HHI(A1:A3;B1:B3)", "=CRM.HHI(A1:A3;B1:B3)"),
        ('=IF(CRM_BRN_OK(A1);CRM_PHONE(B1);"")', '=IF(CRM.BRN_OK(A1);CRM.PHONE(B1);"")'),
        ("{=CRM_FUNNEL(A1:A6;B1:B6)}", "{=CRM.FUNNEL(A1:A6;B1:B6)}"),
    ],
)
def test_excels_name_becomes_calcs(excel: str, calc: str) -> None:
    assert calc_names(excel, FUNCTIONS) == calc


@pytest.mark.parametrize(
    "formula",
    [
        '="CRM_HHI(1)"',
        '="그는 ""CRM_HHI("" 라고"',
        "='CRM_HHI('!A1",
        "=CRM_OURS(A1)",
        "=MY_CRM_HHI(A1)",
        "=CRM_HHI",
        "=[1]!CRM_OURS(A1)",
        "=SUM(A1:A3)",
    ],
)
def test_texts_sheets_and_other_peoples_functions_keep_their_names(formula: str) -> None:
    assert calc_names(formula, FUNCTIONS) == formula


@given(st.lists(st.sampled_from(sorted(FUNCTIONS)), min_size=1, max_size=4), st.text(max_size=20))
def test_every_function_of_a_formula_is_renamed_and_no_text(ids: list[str], text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    excel, calc = ("=" + "&".join(f"{name}{id}(A1;{quoted})" for id in ids) for name in ("CRM_", "CRM."))
    assert calc_names(excel, FUNCTIONS) == calc
    assert calc_names(calc, FUNCTIONS) == calc
