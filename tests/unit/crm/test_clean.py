from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.clean import CleanColumn, ColumnContext, clean_column, clean_text, readable
from addin.crm.dates import Instant, parse_instant
from addin.crm.grid import CellError, CellValue
from addin.crm.tables import REQUESTS, TYPES, Field

PARTNER_ID = Field("partner_id", "id", "파트너ID", "Partner ID")


def clean(field_id: str, values: list[CellValue], context: ColumnContext | None = None) -> CleanColumn:
    field = REQUESTS.field(field_id)
    assert field is not None
    return clean_column(field, values, context)


def codes(column: CleanColumn) -> list[tuple[int, str]]:
    return [(i, fault.code) for i, fault in column.faults]


def minutes(text: str) -> int:
    read = parse_instant(text).value
    assert read is not None
    return read.minutes


def test_dates_of_all_kinds_stand_in_one_column() -> None:
    column = clean(
        "received_at",
        [
            dt.datetime(2024, 3, 5, 15, 20),
            "2024.3.5",
            dt.date(2024, 3, 5),
            "2024-03-05 15:20",
            45356.0,
            "",
            None,
            "내일",
        ],
    )
    day, afternoon = minutes("2024-03-05"), minutes("2024-03-05 15:20")
    assert column.values == [afternoon, day, day, afternoon, day, None, None, None]
    assert column.times == [True, False, False, True, False, None, None, None]
    assert codes(column) == [(7, "bad_date")]


def test_one_day_above_twelve_proves_a_column_day_first() -> None:
    column = clean("received_at", ["03/05/2024", "25/05/2024"])
    assert column.values == [minutes("2024-05-03"), minutes("2024-05-25")]
    assert codes(clean("received_at", ["03/05/2024", "04/05/2024"])) == [(0, "ambiguous_date"), (1, "ambiguous_date")]


def test_native_dates_that_excel_may_have_swapped_are_not_used() -> None:
    column = clean(
        "received_at",
        ["13/05/2024", *[dt.datetime(2024, month, 4, 9) for month in (1, 2, 3, 5)], dt.datetime(2024, 6, 6)],
    )
    assert codes(column) == [(i, "swapped_date") for i in (1, 2, 3, 4)]
    assert column.values == [minutes("2024-05-13"), None, None, None, None, minutes("2024-06-06")]
    assert column.faults[0][1].suggestion == "2024-04-01"


def test_the_number_format_says_whether_midnight_is_a_time() -> None:
    shows = [True, False, True, None]
    values: list[CellValue] = [
        dt.datetime(2024, 3, 5),
        dt.datetime(2024, 3, 5),
        dt.date(2024, 3, 5),
        dt.datetime(2024, 3, 5),
    ]
    assert clean("received_at", values, ColumnContext(has_time=shows.__getitem__)).times == [True, False, True, False]


def test_a_zoned_datetime_is_read_in_seoul_and_1904_serials_count_from_there() -> None:
    assert clean("received_at", [dt.datetime(2024, 3, 5, 6, 20, tzinfo=dt.UTC)]).values == [minutes("2024-03-05 15:20")]
    assert clean("received_at", [45356.0 - 1462], ColumnContext(epoch_1904=True)).values == [minutes("2024-03-05")]


def test_dates_out_of_range_are_faults_in_bulk_too() -> None:
    assert codes(clean("received_at", [dt.datetime(1900, 1, 3, 9), dt.datetime(2204, 3, 5, 9)])) == [
        (0, "date_out_of_range"),
        (1, "date_out_of_range"),
    ]


def test_a_float_a_hair_before_a_minute_is_that_minute() -> None:
    assert clean("received_at", [dt.datetime(2024, 3, 5, 15, 19, 59, 999_000)]).values == [minutes("2024-03-05 15:20")]


def test_another_currency_in_a_column_of_won_is_a_fault() -> None:
    column = clean("amount", [1000.0, "$5", "2,000원"])
    assert (column.values, codes(column)) == ([100000, None, 200000], [(1, "foreign_currency")])
    assert clean("amount", ["$5", "$6.50"]).values == [500, 650]


def test_amounts_stand_beside_their_faults() -> None:
    column = clean("amount", [100.0, "120만원", "협의", CellError("#REF!"), CellError("#NOCACHE"), 1 / 3, None])
    assert column.values == [10000, 120000000, None, None, None, 33, None]
    assert codes(column) == [(2, "bad_amount"), (3, "error_cell"), (4, "no_cached_value"), (5, "amount_rounded")]


def test_a_refund_column_of_zeros_and_ones_holds_marks() -> None:
    column = clean("refund", [1.0, 0.0, None])
    assert (column.values, column.yes) == ([None, 0, None], [True, False, None])
    column = clean("refund", [1.0, 50000.0, "Y"])
    assert (column.values, column.yes) == ([100, 5000000, None], [True, True, True])


def test_shorter_numbers_among_ids_of_one_width_have_lost_their_zeros() -> None:
    column = clean_column(PARTNER_ID, ["0001", "0002", 3.0, "12345", None])
    assert (column.values, codes(column)) == (["0001", "0002", "0003", "12345", None], [(2, "lost_zero")])
    assert clean_column(PARTNER_ID, ["0001", "002", 3.0]).values == ["0001", "002", "3"]
    assert clean_column(PARTNER_ID, ["R01", 3.0]).values == ["R01", "3"]


def test_the_columns_own_name_is_a_yes() -> None:
    assert clean("no_show", ["노쇼", "N", None]).values == [True, False, None]


def test_a_claim_column_takes_words_and_a_no_show_column_does_not() -> None:
    assert clean("claim", ["도배가 들뜸", "없음"]).values == [True, False]
    assert codes(clean("no_show", ["도배가 들뜸"])) == [(0, "bad_flag")]


def test_stages_know_the_words_of_their_context() -> None:
    assert codes(clean("stage", ["접수", "계약완려"], ColumnContext(known=("접수", "계약완료")))) == [
        (1, "unknown_value")
    ]


def test_repeated_and_mixed_cells_are_read_alike() -> None:
    assert clean("phone", ["010-1234-5678", 1012345678.0, "010-1234-5678", "x"]).values == ["010-1234-5678"] * 3 + [
        None
    ]
    assert clean_text(["a ", 1.0, None, "", CellError("#N/A")]) == ["a", "1", None, None, None]


@pytest.mark.parametrize(
    ("value", "kind", "has_time", "printed"),
    [
        (minutes("2026-09-01 09:00"), "instant", True, "2026-09-01T09:00"),
        (minutes("2026-09-01"), "instant", False, "2026-09-01"),
        (10000000, "money", None, 100000),
        (-50, "money", None, -0.5),
        (123456, "refund", None, 1234.56),
        (500.0, "number", None, 500),
        (0.9, "number", None, 0.9),
        ("0012", "id", None, "0012"),
        (True, "flag", None, True),
        (None, "money", None, None),
    ],
)
def test_a_value_prints_plainly(value: object, kind: str, has_time: bool | None, printed: object) -> None:
    assert readable(value, kind, has_time) == printed


CELLS = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(
        ["-", "없음", "#N/A", "120만원", "2024.3.5", "03/05/2024", "13/05/2024", "010-1234-5678", "0012", "Y", "$5"]
    ),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.datetimes(timezones=st.just(dt.UTC)),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.sampled_from([CellError("#REF!"), CellError("#NOCACHE")]),
)
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


@pytest.mark.parametrize("kind", TYPES)
@given(values=st.lists(CELLS, max_size=8))
def test_nothing_is_dropped_and_nothing_raises(kind: str, values: list[CellValue]) -> None:
    column = clean_column(Field("f", kind, "열", "Column"), values)
    assert len(column.values) == len(values)
    told = {i for i, _ in column.faults}
    second = column.times if column.times is not None else column.yes if column.yes is not None else column.values
    for i, value in enumerate(values):
        if column.values[i] is None and second[i] is None and i not in told:
            assert value is None or value != value or not str(value).strip(INVISIBLE).strip().strip(INVISIBLE).split()


@given(st.lists(st.datetimes(dt.datetime(1995, 1, 1), dt.datetime(2095, 1, 1)), max_size=5))
def test_in_bulk_a_date_reads_as_it_does_alone(values: list[dt.datetime]) -> None:
    column = clean("received_at", list(values))
    assert column.times is not None
    assert [(Instant(m, t), None) for m, t in zip(column.values, column.times, strict=True)] == [
        parse_instant(v) for v in values
    ]
