from __future__ import annotations

from addin.crm.fault import Fault, PlacedFault
from addin.crm.fault_groups import group_faults
from addin.crm.message import msg


def fault(row: int, code: str, value: str, repair: bool = False, field: str = "phone") -> PlacedFault:
    what = Fault(code, value, msg("expected.phone"), msg(f"fault.{code}.fix"), repair)
    return PlacedFault("접수", row, 5, "requests", field, what)


def test_like_faults_are_one_line_with_a_count_and_three_cells() -> None:
    [group] = group_faults(fault(row, "bad_phone", str(row)) for row in range(2, 8))
    assert (group.count, group.fault.value) == (6, "2")
    assert group.cells == (("접수", 2, 5), ("접수", 3, 5), ("접수", 4, 5))


def test_columns_and_codes_stand_apart() -> None:
    groups = group_faults(
        [fault(2, "bad_phone", "1"), fault(3, "bad_phone", "1", field="contact"), fault(4, "error_cell", "#N/A")]
    )
    assert len(groups) == 3


def test_every_unknown_word_is_a_line_of_its_own() -> None:
    groups = group_faults(
        [fault(2, "unknown_value", "가"), fault(3, "unknown_value", "나"), fault(4, "unknown_value", "가")]
    )
    assert [(g.fault.value, g.count) for g in groups] == [("가", 2), ("나", 1)]


def test_what_must_be_mended_stands_before_what_was_repaired() -> None:
    groups = group_faults(
        [*[fault(row, "lost_zero", "1", repair=True) for row in range(5)], fault(9, "bad_phone", "1")]
    )
    assert [g.fault.code for g in groups] == ["bad_phone", "lost_zero"]
