"""The funnel in cells says what ``danggol funnel`` says; the sources' own numbers come out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from addin.crm.constraint import Step, diagnose
from addin.functions import Context, call

STEPS = [["인식"], ["가입"], ["활성화"], ["유료"], ["유지"], ["추천"]]
COUNTS = [[1000.0], [100.0], [30.0], [9.0], [6.0], [1.0]]
LINE = [["A"], ["B"], ["C"], ["D"], ["E"]], [[100.0], [80.0], [30.0], [90.0], [70.0]]


def test_seed_004_the_constraint_is_signup_to_activation() -> None:
    assert call("BOTTLENECK", STEPS, COUNTS) == "가입→활성화"
    assert call("LIFT", STEPS, COUNTS, "활성화") == pytest.approx(2.33, abs=0.01)
    assert call("SAMPLE_NEEDED", 0.30, 0.45) == 65
    assert call("THROUGHPUT", *LINE) == 30
    assert call("SLOWEST", *LINE) == "C"


def test_the_cells_say_what_the_rules_say() -> None:
    judged = diagnose([Step(s[0], int(c[0])) for s, c in zip(STEPS, COUNTS, strict=True)])
    table = call("FUNNEL", STEPS, COUNTS)[1:]
    assert [row[2] for row in table[1:]] == [move.rate for move in judged.transitions]
    assert [row[5] for row in table[1:]] == [move.p_worst for move in judged.transitions]
    assert call("BOTTLENECK_P", STEPS, COUNTS) == judged.constraint.probability


def test_a_target_a_person_types_chooses_the_constraint() -> None:
    targets = [[None], ["50%"], [0.3], [0.3], [None], [None]]
    assert call("BOTTLENECK", STEPS, COUNTS) == "가입→활성화"
    assert call("BOTTLENECK", STEPS, COUNTS, targets) == "인식→가입"
    assert call("LIFT", STEPS, COUNTS, "가입→활성화", 0.45) == pytest.approx(0.5)


def test_roles_say_which_steps_can_be_the_constraint() -> None:
    roles = [["핵심"]] * 6
    assert call("BOTTLENECK", STEPS, COUNTS, None, roles) == "인식→가입"
    assert "‘기타’" in call("BOTTLENECK", STEPS, COUNTS, None, [["기타"]] * 6)


@pytest.mark.parametrize(
    ("steps", "counts", "answer"),
    [
        ([["단계"], *STEPS], [["건수"], *COUNTS], "가입→활성화"),
        ([[s[0] for s in STEPS]], [[c[0] for c in COUNTS]], "가입→활성화"),
        (STEPS, [["1,000명"], ["100"], ["30"], ["9"], ["6"], ["1"]], "가입→활성화"),
    ],
    ids=["with headers", "in a row", "counts as text"],
)
def test_the_constraint_does_not_depend_on_how_the_sheet_is_laid_out(steps: Any, counts: Any, answer: str) -> None:
    assert call("BOTTLENECK", steps, counts) == answer


def test_what_can_not_be_judged_is_said() -> None:
    assert "인식" in call("BOTTLENECK", STEPS, [[0.0]] * 6)
    assert call("BOTTLENECK", [["인식"]], [[5.0]]) == call("BOTTLENECK_WHY", [["인식"]], [[5.0]])
    assert "단계 이름 6, 건수 5" in call("BOTTLENECK", STEPS, COUNTS[:5])
    assert "‘열’" in call("BOTTLENECK", STEPS, [*COUNTS[:5], ["열"]])
    assert "‘-3’" in call("FUNNEL", STEPS, [*COUNTS[:5], [-3.0]])[0][0]
    assert "활성화" in call("LIFT", STEPS, COUNTS, "활성")
    assert "첫 단계" in call("LIFT", STEPS, COUNTS, "인식")


def test_true_is_no_count_even_after_one_was() -> None:
    assert call("BOTTLENECK", [["가"], ["나"]], [[40.0], [1.0]]) == "가→나"
    assert "TRUE" in call("BOTTLENECK", [["가"], ["나"]], [[40.0], [True]])


def test_a_line_with_yields_counts_in_finished_pieces() -> None:
    assert call("THROUGHPUT", *LINE, [[1], [1], [1], [0.2], [1]]) == pytest.approx(6)
    assert [row[0] for row in call("LINE", *LINE)] == ["기계", "A", "B", "C", "D", "E"]
    assert "-5" in call("THROUGHPUT", [["A"]], [[-5.0]])


# -- stage time --------------------------------------------------------------------------------------------------------

DAY = dt.datetime(2026, 11, 2)


def days(*numbers: float | None) -> list[list[Any]]:
    return [[None if n is None else DAY + dt.timedelta(days=n)] for n in numbers]


def test_open_items_make_the_stay_longer() -> None:
    entered = days(0, 0, 0, 0)
    assert call("STAGE_DAYS", entered, days(1, 2, 3, 4), "2026-11-30") == 2
    assert call("STAGE_DAYS", entered, days(1, 2, None, None), "2026-11-30") == 2
    assert "절반" in call("STAGE_DAYS", entered, days(1, None, None, None), "2026-11-30")
    assert "절반" in call("STAGE_DAYS", entered, [[None]] * 4, "2026-11-30")


def test_without_a_day_it_is_as_of_the_last_day_or_today() -> None:
    today = Context(today=dt.date(2026, 11, 5))
    assert call("STAGE_DAYS", days(0, 0, 0), days(1, 30, 30), context=today) is not None
    assert "절반" in call("STAGE_DAYS", days(0, 0, 0), days(1, 30, 30), context=today)


def test_leaving_before_entering_is_said() -> None:
    assert "2026-11-01" in call("STAGE_DAYS", days(0), days(-1), "2026-11-30")
