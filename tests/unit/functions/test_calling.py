"""A call never raises: what is wrong is a sentence, an empty range is an empty answer, a range spills."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.grid import CellError
from addin.functions import FUNCTIONS, Context, Function, call
from addin.functions.registry import Example

EVERY = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
ERROR = CellError("#N/A")


def all_empty(function: Function) -> tuple[Any, ...]:
    return tuple([[None], [None]] if a.shape == "range" else None for a in function.arguments)


@EVERY
def test_an_empty_range_gives_an_empty_answer(function: Function) -> None:
    empty = [[None]] if function.spills else None
    if function.id == "FLAG":
        empty = call("FLAG", "HHI", None)  # no value is a flag of its own
        assert empty == "자료없음"
        return
    assert call(function.id, *all_empty(function)) == empty


@EVERY
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_an_error_cell_is_said_in_words(function: Function, lang: str) -> None:
    given = [[[ERROR], [ERROR]] if a.shape == "range" else ERROR for a in function.arguments]
    answer = call(function.id, *given, lang=lang)
    words = str(answer[0][0] if isinstance(answer, list) else answer)
    assert "Traceback" not in words
    assert "계산하지 못했어요" not in words
    assert "could not be worked out" not in words


@pytest.mark.parametrize("id", ["FUNNEL", "BOTTLENECK", "HHI", "THROUGHPUT", "QUOTE_TOTAL", "VOLATILITY"])
def test_the_sentence_names_the_error_of_the_cell(id: str) -> None:
    function = FUNCTIONS[id]
    args = [list(map(list, arg)) if isinstance(arg, list) else arg for arg in function.example.args]
    args[-1][-1][0] = ERROR
    answer = call(id, *args)
    assert "#N/A" in str(answer[0][0] if isinstance(answer, list) else answer)


def test_one_error_among_many_cells_is_said_at_its_place() -> None:
    answers = call("AMOUNT", [["120만원"], [ERROR], ["협의"], [None], [5.0]])
    assert answers[0] == [1200000]
    assert "#N/A" in answers[1][0]
    assert answers[2] == [None] or "금액" in answers[2][0]
    assert answers[3:] == [[None], [5]]


@pytest.mark.parametrize(
    ("lang", "four", "one"),
    [
        ("ko", "BOTTLENECK(단계 이름, 건수, [목표], [역할])", "PHONE(글자)"),
        ("en", "BOTTLENECK(steps, counts, [targets], [roles])", "PHONE(text)"),
    ],
)
def test_too_few_or_too_many_arguments_show_how_it_is_written(lang: str, four: str, one: str) -> None:
    assert four in call("BOTTLENECK", [["가"]], lang=lang)
    assert one in call("PHONE", 1, 2, lang=lang)


def test_an_argument_is_named_in_the_readers_language() -> None:
    wrong = ("WITHIN_SLA", "어제쯤", "2026-11-20 09:00")
    assert call(*wrong).startswith("접수 시각 자리의 ‘어제쯤’")
    assert "received" in call(*wrong, lang="en")
    assert "단계 이름 1, 건수 2" in call("BOTTLENECK", [["가"]], [[1], [2]])


WRONG: list[Any] = ["뭐라고요", "없는말", -1.5, 10**17, [["가", "나"], ["다", "라"]], [["가"], ["나"], ["다"]], [[-1]]]


@pytest.mark.parametrize("id", FUNCTIONS)
@pytest.mark.parametrize("wrong", WRONG)
def test_no_sentence_in_korean_names_an_argument_in_english(id: str, wrong: Any) -> None:
    function = FUNCTIONS[id]
    for i, argument in enumerate(function.arguments):
        given = [*function.example.args, *[None] * (len(function.arguments) - len(function.example.args))]
        given[i] = wrong
        said = json.dumps(call(id, *given), ensure_ascii=False, default=str)
        assert "fn.name." not in said
        assert f"{argument.name} 자리" not in said
        assert not re.search(rf"\b{argument.name} \d", said)


def test_a_function_nobody_knows_names_the_nearest() -> None:
    assert "BOTTLENECK" in call("BOTLENECK", [["가"]], [[1]])


def test_a_bug_of_ours_is_one_readable_line() -> None:
    def broken(text: Any) -> Any:
        raise ZeroDivisionError(text)

    function = FUNCTIONS["PHONE"]
    bug = Function("BUG", "data", "fn.PHONE", function.arguments, False, Example((), None), broken)
    from addin.functions import calling

    answer = calling._said(calling._guarded(bug, ["x"], Context()), "ko")
    assert answer == "BUG를 계산하지 못했어요 (ZeroDivisionError). danggol doctor로 확인해 주세요."


def test_a_missing_package_is_named_also_by_libreoffice_whose_import_says_it_otherwise() -> None:
    def lacking(_text: Any) -> Any:
        raise ImportError("No module named 'rapidfuzz' (or 'rapidfuzz.fuzz' is unknown)")

    function = FUNCTIONS["PHONE"]
    lacks = Function("LACKS", "data", "fn.PHONE", function.arguments, False, Example((), None), lacking)
    from addin.functions import calling

    answer = calling._said(calling._guarded(lacks, ["x"], Context()), "ko")
    assert "rapidfuzz 패키지를 찾지 못했습니다" in answer


# -- spilling ----------------------------------------------------------------------------------------------------------


def test_a_range_in_place_of_a_cell_is_answered_cell_by_cell() -> None:
    assert call("PHONE", [["010-1234-5678", None], [1098765432.0, "02-123-4567"]]) == [
        ["010-1234-5678", None],
        ["010-9876-5432", "02-123-4567"],
    ]


def test_two_ranges_go_side_by_side_and_one_cell_goes_with_all() -> None:
    starts, ends = [["2026-11-20 09:00"], ["2026-11-20 10:00"]], [["2026-11-20 09:30"], [None]]
    assert call("BUSINESS_MINUTES", starts, ends) == [[30], [None]]
    assert call("BUSINESS_MINUTES", "2026-11-20 09:00", [["2026-11-20 09:10"], ["2026-11-20 09:20"]]) == [[10], [20]]


def test_a_row_and_a_column_make_a_table() -> None:
    assert call("VAT", [[100.0], [200.0]], [[False, True]]) == [[10, 9], [20, 18]]


@pytest.mark.parametrize(("lang", "sizes"), [("ko", "시작 시각 3×1, 끝 시각 2×1"), ("en", "start 3×1, end 2×1")])
def test_ranges_of_different_size_are_told_apart_by_name(lang: str, sizes: str) -> None:
    [[words]] = call("BUSINESS_MINUTES", [["2026-11-20"]] * 3, [["2026-11-20"]] * 2, lang=lang)
    assert sizes in words


def test_a_range_of_one_cell_is_that_cell() -> None:
    assert call("PHONE", [[1012345678.0]]) == call("PHONE", ((1012345678.0,),)) == "010-1234-5678"
    assert call("BOTTLENECK", [["가", "나"]], [[10.0, 5.0]]) == "가→나"


def test_a_whole_column_answers_down_to_its_last_filled_cell() -> None:
    column = ((1012345678.0,), (None,), ("02-123-4567",), *(((None,),) * 1_048_573))
    assert call("PHONE", column) == [["010-1234-5678"], [None], ["02-123-4567"]]
    assert call("AMOUNT", (("1만",), *(((None,),) * 1_048_575))) == [[10000]]


def test_whole_columns_of_steps_and_counts() -> None:
    blank = ((None,),) * 1_048_570
    steps = (("단계",), ("인식",), ("가입",), ("활성화",), *blank)
    counts = (("건수",), (1000.0,), (100.0,), (30.0,), *blank)
    assert call("BOTTLENECK", steps, counts) == "가입→활성화"


def test_a_hundred_thousand_cells_are_answered() -> None:
    answers = call("PHONE", [["010-1234-5678"]] * 100_000)
    assert len(answers) == 100_000


# -- never ------------------------------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.floats(allow_nan=True),
    st.booleans(),
    st.datetimes(),
    st.sampled_from([ERROR, "", "단계", "1,000", "2026-11-20", "-", 45981.5, -3.0, 0.0, 1e18]),
)
RANGES = st.integers(1, 3).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4))


@given(data=st.data(), function=st.sampled_from(list(FUNCTIONS.values())))
@settings(max_examples=100)
def test_whatever_stands_in_the_cells_nothing_is_raised_and_nothing_surprises_us(
    data: st.DataObject, function: Function
) -> None:
    given = [data.draw(RANGES | CELLS if a.shape == "cell" else RANGES, label=a.name) for a in function.arguments]
    answer = call(function.id, *given)
    for value in [cell for row in answer for cell in row] if isinstance(answer, list) else [answer]:
        assert not isinstance(value, list)
        assert "계산하지 못했어요" not in str(value), (function.id, given)
