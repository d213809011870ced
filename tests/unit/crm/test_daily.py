"""Rows added up by day and groups: one whole number to group by tells the same as the columns themselves."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm import daily
from addin.crm.bindings import prepare
from addin.crm.calendar import DAY
from addin.crm.daily import reduced
from addin.crm.facts import merge, request_facts
from addin.crm.settings import Settings

AS_OF = 20_600
INSTANTS = st.none() | st.sampled_from([20_500 * DAY + 600, 20_531 * DAY + 7, 20_559 * DAY, -3 * DAY - 1])
ROW = st.fixed_dictionaries(
    {
        "partner": st.sampled_from(["가", "나", "", None]),
        "assignee": st.sampled_from(["김", None]),
        "customer": st.sampled_from(["김", "이", None]),
        "stage": st.sampled_from(["수주", "접수", None]),
        "received_at": INSTANTS,
        "confirmed_at": INSTANTS,
        "visited_at": INSTANTS,
        "won_at": INSTANTS,
        "amount": st.sampled_from([100, -5, None]),
        "refund": st.sampled_from([10, None]),
        "claim": st.sampled_from([True, False, None]),
    }
)
SCHEMA = {
    **dict.fromkeys(("partner", "assignee", "customer", "stage"), pl.String),
    **dict.fromkeys(("received_at", "confirmed_at", "visited_at", "won_at", "amount", "refund"), pl.Int64),
    "claim": pl.Boolean,
}


def added(rows: pl.DataFrame | pl.LazyFrame, dimensions: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Every measure by day and dimensions, lines of zeros apart."""
    facts = merge(request_facts(prepare(rows, Settings(), AS_OF), Settings(), dimensions))
    table = facts.frame.group_by("day", *dimensions).agg(pl.col(facts.measures).sum())
    table = table.filter(pl.any_horizontal(pl.col(facts.measures) != 0))
    return sorted(table.select("day", *dimensions, *sorted(facts.measures)).rows(), key=str)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, max_size=12), st.sampled_from([(), ("partner",), ("partner", "assignee"), ("customer",)]))
def test_the_facts_of_a_file_are_those_of_its_rows(rows: list[dict[str, Any]], dimensions: tuple[str, ...]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA)
    assert added(frame.lazy(), dimensions) == added(frame, dimensions)


@pytest.mark.parametrize("limit", ["_MANY", "_LARGEST"])
def test_lists_too_long_for_one_number_are_grouped_by_their_columns(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    rows = pl.LazyFrame({"partner": ["가", "나", "가"], "received_at": [DAY, DAY, DAY], "stage": ["접수"] * 3})
    prepared = prepare(rows, Settings(), AS_OF)
    frame = prepared.frame.with_columns(day=pl.col("_received"), n=pl.lit(1))
    by_number = reduced(frame, ["partner"], ["n"], prepared)
    monkeypatch.setattr(daily, limit, 1)
    by_columns = reduced(frame, ["partner"], ["n"], prepared)
    assert by_number.collect().sort("partner").rows() == [(1, "가", 2), (1, "나", 1)]
    assert by_columns.collect().sort("partner").equals(by_number.collect().sort("partner"))
    assert by_columns.explain() != by_number.explain()


def test_a_day_or_a_text_that_is_missing_has_its_own_place() -> None:
    rows = pl.LazyFrame({"partner": [None, None, "가"], "received_at": [DAY, None, None]})
    prepared = prepare(rows, Settings(), AS_OF)
    found = reduced(prepared.frame.with_columns(day=pl.col("_received"), n=pl.lit(1)), ["partner"], ["n"], prepared)
    assert set(found.collect().rows()) == {(1, None, 1), (None, None, 1), (None, "가", 1)}
