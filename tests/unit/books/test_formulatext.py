from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from addin.books.formulatext import called, moved, plain


@pytest.mark.parametrize(
    "spelling",
    [
        "CRM_HHI(A1:A2)",
        "crm_hhi(A1:A2)",
        "CRM.HHI(A1:A2)",
        "_xludf.CRM_HHI(A1:A2)",
        "_xlfn._xludf.CRM_HHI(A1:A2)",
        "danggol.xlam!CRM_HHI(A1:A2)",
        r"'C:\Users\김 담당\danggol.xlam'!CRM_HHI(A1:A2)",
        "'[danggol.xlam]'!CRM_HHI(A1:A2)",
        "[1]!CRM_HHI(A1:A2)",
    ],
)
def test_every_spelling_of_a_program_is_the_same_function(spelling: str) -> None:
    assert plain(f'IF(B1>0,{spelling},"-")') == 'IF(B1>0,CRM_HHI(A1:A2),"-")'
    assert list(called(spelling)) == ["HHI"]


@pytest.mark.parametrize(
    "formula",
    [
        '"CRM_HHI("&A1',
        "'CRM_HHI(1)'!A1",
        "MYCRM_HHI(1)",
        "CRM_매출",
        "A1+1",
        '"a""CRM_HHI("',
        "X.CRM_HHI(1)",
        "a!b!CRM_HHI(1)",
    ],
)
def test_what_only_looks_like_a_call_is_left_alone(formula: str) -> None:
    assert plain(formula) == formula
    assert list(called(formula)) == []


@pytest.mark.parametrize(
    ("reference", "by", "there"),
    [
        ("A1", (2, 1), "B3"),
        ("$A1", (2, 1), "$A3"),
        ("A$1:$B2", (1, 1), "B$1:$B3"),
        ("'내 시트'!A1", (1, 0), "'내 시트'!A2"),
        ("A:A", (9, 1), "B:B"),
        ("1:$2", (1, 9), "2:$2"),
        ("A1", (0, -1), "#REF!"),
        ("매출", (5, 5), "매출"),
    ],
)
def test_a_copied_formula_looks_at_cells_that_moved_along(reference: str, by: tuple[int, int], there: str) -> None:
    assert moved(reference, *by) == there


@example("'0!", "[1]!CRM_HHI(1)")
@given(st.text(max_size=40), st.sampled_from(["CRM_HHI(1)", "[1]!CRM_HHI(1)", ""]))
def test_spelling_a_formula_plainly_twice_changes_nothing_more(text: str, call: str) -> None:
    once = plain(text + call)
    assert plain(once) == once
