from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.calendar import iso_text
from addin.crm.date_order import DateOrder
from addin.crm.dates import Instant, iso_instant, native_minutes, parse_instant

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2049, 12, 31))
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))


def read(value: object, **how: object) -> str | None:
    """The instant as text, or the fault's code in angle brackets where it is no repair."""
    reading = parse_instant(value, **how)  # type: ignore[arg-type]
    if reading.value is not None:
        return iso_text(*reading.value)
    return f"<{reading.fault.code}>" if reading.fault else None


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024.3.5",
        "2024. 3. 5.",
        "2024.03.05",
        "2024/3/5",
        "2024 03 05",
        "2024,3,5",
        "24-03-05",
        "24.3.5",
        "24/3/5",
        "'24.3.5",
        "2024년 3월 5일",
        "2024년3월5일",
        "24년 3월 5일",
        "20240305",
        "2024-03-05(화)",
        "2024.3.5 (화)",
        "2024-03-05 화요일",
        "2024.03.05 화",
        "2024년 03월 05일(화)",
        "２０２４．３．５",
        "2024–03–05",
        "Mar 5, 2024",
        "5 March 2024",
        "2024-03-05\u00a0",
        20240305.0,
        45356.0,
        45356,
        dt.date(2024, 3, 5),
        dt.datetime(2024, 3, 5),
    ],
)
def test_a_date_as_offices_write_it(text: object) -> None:
    assert parse_instant(text) == parse_instant("2024-03-05")
    assert read(text) == "2024-03-05"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024년 3월 5일 오후 3:20", "15:20"),
        ("2024-03-05 오전 12:10", "00:10"),
        ("2024-03-05 오후 12:10", "12:10"),
        ("2024-03-05 오후 15:20", "15:20"),
        ("2024.3.5 3시 20분", "03:20"),
        ("2024.3.5 오후 3시 반", "15:30"),
        ("2024.3.5 15시", "15:00"),
        ("2024-03-05 15:20:59", "15:20"),
        ("2024-03-05T15:20", "15:20"),
        ("2024-03-05T06:20:30Z", "15:20"),
        ("2024-03-05 15:20:30.123+09:00", "15:20"),
        ("2024/3/5 3:20 PM", "15:20"),
        ("2024/3/5 PM 3:20", "15:20"),
        ("2024-03-05(화)\n15:20", "15:20"),
        ("20240305 1520", "15:20"),
        ("202403051520", "15:20"),
        ("2024-03-05 0:00", "00:00"),
        (202403051520.0, "15:20"),
        (45356 + 15 / 24 + 20 / 1440, "15:20"),
        (dt.datetime(2024, 3, 5, 15, 20, 59), "15:20"),
        (dt.datetime(2024, 3, 5, 15, 19, 59, 999_000), "15:20"),
        (dt.datetime(2024, 3, 5, 6, 20, tzinfo=dt.UTC), "15:20"),
    ],
)
def test_a_time_of_day_is_kept_to_the_minute_in_seoul(text: object, time: str) -> None:
    assert read(text) == f"2024-03-05T{time}"


def test_midnight_at_the_end_of_a_day_is_the_next_day() -> None:
    assert read("2024-03-05 24:00") == "2024-03-06T00:00"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-13-40", "bad_date"),
        ("2023-02-29", "bad_date"),
        ("내일", "bad_date"),
        ("오늘", "bad_date"),
        ("방문함", "bad_date"),
        ("2024.3.5~3.7", "bad_date"),
        ("2024.3.5 예정", "bad_date"),
        ("2024-03-05 25:00", "bad_date"),
        ("2024-03-05 오전 13:00", "bad_date"),
        ("2024-03-05 밤 12시", "bad_date"),
        (True, "bad_date"),
        (3.5, "bad_date"),
        (-1.0, "bad_date"),
        (float("inf"), "bad_date"),
        ("2024-03", "incomplete_date"),
        ("2024년 3월", "incomplete_date"),
        ("202403", "incomplete_date"),
        ("15:20", "incomplete_date"),
        (2024.0, "incomplete_date"),
        (dt.time(15, 20), "incomplete_date"),
        ("1899-12-31", "date_out_of_range"),
        ("2204-03-05", "date_out_of_range"),
        (dt.datetime(1900, 1, 3), "date_out_of_range"),
        (0.0, "date_out_of_range"),
        (31000.0, "date_out_of_range"),
    ],
)
def test_what_is_no_date_is_a_fault_and_never_a_guess(value: object, code: str) -> None:
    assert read(value) == f"<{code}>"


def test_a_date_inside_other_words_is_proposed() -> None:
    fault = parse_instant("2024.3.5 예정").fault
    assert fault is not None
    assert (fault.suggestion, fault.repair) == ("2024-03-05", False)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("03/05/2024", "2024-05-03", "2024-03-05"),
        ("3.5.2024", "2024-05-03", "2024-03-05"),
        ("03/05/24", "2024-05-03", "2024-03-05"),
    ],
)
def test_a_date_that_reads_two_ways_names_both(text: str, first: str, second: str) -> None:
    fault = parse_instant(text).fault
    assert fault is not None
    assert fault.code == "ambiguous_date"
    assert {fault.fix.params["first"], fault.fix.params["second"]} == {first, second}


@pytest.mark.parametrize(
    ("text", "readings"),
    [("3/5", "03-05, 05-03"), ("3월 5일", "03-05"), ("3/25", "03-25"), ("3/5 오후 3시", "03-05, 05-03")],
)
def test_a_date_without_a_year_is_ambiguous(text: str, readings: str) -> None:
    fault = parse_instant(text).fault
    assert fault is not None
    assert (fault.code, fault.fix.params["readings"]) == ("ambiguous_date", readings)


def test_a_date_that_reads_one_way_only_needs_no_proof() -> None:
    assert read("25/05/2024") == read("05/25/2024") == "2024-05-25"
    assert read("05/05/2024") == "2024-05-05"


def test_the_proven_order_decides_the_ambiguous_ones() -> None:
    assert read("03/05/2024", order=DateOrder("dmy")) == "2024-05-03"
    assert read("03/05/2024", order=DateOrder("mdy")) == "2024-03-05"


def test_years_that_look_like_days_decide_nothing() -> None:
    assert read("25/05/24", order=DateOrder("", "unsure")) == "<ambiguous_date>"


def test_serial_numbers_count_from_1904_in_such_a_book() -> None:
    assert read(45356.0 - 1462, epoch_1904=True) == "2024-03-05"


@pytest.mark.parametrize("value", ["45356", "240305", 240305.0])
def test_a_number_read_as_a_date_is_shown_as_a_repair(value: object) -> None:
    reading = parse_instant(value)
    assert reading.fault is not None
    assert (reading.fault.code, reading.fault.repair, reading.fault.suggestion) == (
        "date_from_number",
        True,
        "2024-03-05",
    )


def test_a_wrong_weekday_is_shown_and_the_date_believed() -> None:
    reading = parse_instant("2024-03-05(월)")
    assert reading.value == parse_instant("2024-03-05").value
    assert reading.fault is not None
    assert (reading.fault.code, reading.fault.repair) == ("weekday_mismatch", True)


@pytest.mark.parametrize(
    ("value", "has_time", "expected"),
    [
        (dt.datetime(2024, 3, 5), None, False),
        (dt.datetime(2024, 3, 5), True, True),
        (dt.datetime(2024, 3, 5), False, False),
        (dt.datetime(2024, 3, 5, 15, 20), None, True),
        (dt.datetime(2024, 3, 5, 15, 20), False, True),
        (dt.date(2024, 3, 5), True, True),
        (45356.0, True, True),
        (45356.0, None, False),
    ],
)
def test_a_midnight_is_a_time_only_where_the_cell_shows_one(
    value: object, has_time: bool | None, expected: bool
) -> None:
    reading = parse_instant(value, has_time=has_time)
    assert reading.value is not None
    assert reading.value.has_time is expected


@given(DAYS, TIMES)
def test_dates_survive_every_written_form(day: dt.date, time: dt.time) -> None:
    moment = dt.datetime.combine(day, time)
    minutes = native_minutes(moment)
    half = "오전" if time.hour < 12 else "오후"
    clock = f"{half} {time.hour % 12 or 12}:{time.minute:02d}"
    weekday = "월화수목금토일"[day.weekday()]
    forms = (
        f"{day.year}.{day.month}.{day.day} {clock}",
        f"{day.year}년 {day.month}월 {day.day}일({weekday}) {clock}",
        f"{day:%Y-%m-%d} {time.hour}시 {time.minute}분",
        f"{day:%Y%m%d}{time:%H%M}",
        moment.isoformat(),
    )
    assert {parse_instant(form) for form in forms} == {(Instant(minutes, True), None)}
    assert iso_instant(f"{moment:%Y-%m-%d %H:%M}", {}) == parse_instant(moment.isoformat())
    serial = (moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    assert read(serial, has_time=True) == iso_text(minutes, True)


@given(DAYS)
def test_korean_short_years_are_never_read_as_days_silently(day: dt.date) -> None:
    for form in (f"{day:%y}.{day.month}.{day.day}", f"{day:%y-%m-%d}", f"{day:%y/%m/%d}"):
        assert read(form) in (day.isoformat(), "<ambiguous_date>")


@given(
    st.one_of(
        st.text(), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.dates(), st.times(), st.timedeltas()
    )
)
def test_no_value_raises(value: object) -> None:
    reading = parse_instant(value)
    assert reading.value is None or isinstance(reading.value, Instant)
