"""Typed rows in .parquet: each engine reads the file itself, and the numbers are those of the rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.actions.kpi import kpis_of
from addin.actions.rows import ROWS_MARK
from addin.actions.sources import find_sources, unite
from addin.crm.measures import Measures
from addin.errors import BookError
from tests.programs import ENGINES, engine_here

if TYPE_CHECKING:
    from pathlib import Path

_DAY = 1440


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return engine_here(request.param)


def _write(path: Path, rows: dict[str, list[Any]], table: str = "requests") -> None:
    pl.DataFrame(rows).write_parquet(path, metadata={ROWS_MARK: json.dumps({"table": table})})


def _requests(partner: str, **more: list[Any]) -> dict[str, list[Any]]:
    came = [(20_700 + 40 * i) * _DAY + 600 for i in range(6)]
    return {
        "request_id": [f"R{i}" for i in range(6)],
        "partner": [partner, "은하", None] * 2,
        "customer": ["김", "이", "김"] * 2,
        "received_at": came,
        "received_at__time": [True] * 6,
        "confirmed_at": [came[0] + 5, came[1] + 15, None, *came[3:]],
        "confirmed_at__time": [True, True, None, True, True, True],
        "won_at": [came[0] + _DAY, None, came[2], came[3], None, came[5]],
        "amount": [100_00 * i for i in range(6)],
        **more,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two branches' requests, one of which tells claims too, and what was spent."""
    _write(tmp_path / "강남.parquet", _requests("한빛"))
    _write(tmp_path / "서초.parquet", _requests("샛별", claim=[True, False, None, True, False, None]))
    spend = {"partner": ["한빛", "은하"], "spent_at": [20_700 * _DAY] * 2, "amount": [900_00, 300_00]}
    _write(tmp_path / "지출.parquet", spend, "spend")
    return tmp_path


def test_the_same_numbers_whoever_reads_the_file(folder: Path, engine: str) -> None:
    for by in (None, "partner", "branch"):
        expected = kpis_of(folder, by=by, engine="pandas").to_json()
        assert any(row["value"] for row in expected)
        assert kpis_of(folder, by=by, engine=engine).to_json() == expected


def test_a_file_is_left_to_the_engine_until_it_is_asked(folder: Path) -> None:
    plan = unite(find_sources(folder), engine="polars").frames["requests"]
    assert isinstance(plan, pl.LazyFrame)
    assert {"강남", "서초"} == set(plan.collect()["branch"])
    assert isinstance(unite(find_sources(folder)).frames["requests"], pl.DataFrame)


def test_partners_whose_names_have_to_be_put_right_are_read_and_resolved(tmp_path: Path, engine: str) -> None:
    _write(tmp_path / "rows.parquet", _requests(" 은하 "))
    found = kpis_of(tmp_path / "rows.parquet", kpis=["DEPENDENCY"], engine=engine)
    assert {value.by["partner"] for value in found.values} == {"은하"}


def test_customers_in_a_file_of_their_own_are_those_of_the_requests(tmp_path: Path) -> None:
    _write(tmp_path / "requests.parquet", _requests("한빛"))
    kinds = {"customer_id": ["김", "이"], "persona": ["바쁜 부모", "카페 사장"]}
    _write(tmp_path / "customers.parquet", kinds, "customers")
    found = kpis_of(tmp_path, kpis=["REVISIT_RATE"], by="persona", as_of="2027-12-31")
    assert {value.by["persona"] for value in found.values if value.denominator} == {"바쁜 부모"}


def test_values_no_field_can_hold_are_told_and_left_out(tmp_path: Path) -> None:
    rows = {"received_at": ["2026-09-01 10:00", "곧", "나중에"], "partner": ["한빛"] * 3}
    pl.DataFrame(rows).write_parquet(tmp_path / "rows.parquet")
    found = kpis_of(tmp_path / "rows.parquet", kpis=["DEPENDENCY"])
    assert [tuple(one) for one in found.unread] == [("rows.parquet", "received_at", 2, "곧")]


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
def test_a_file_that_is_damaged_in_the_middle_is_named_by_whoever_reads_it(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "rows.parquet"
    _write(path, _requests("한빛"))
    whole = bytearray(path.read_bytes())
    whole[4 : len(whole) // 3] = b"\xff" * (len(whole) // 3 - 4)
    path.write_bytes(whole)
    with pytest.raises(BookError, match=path.name) as raised:
        kpis_of(path, engine=engine_here(engine))
    assert raised.value.message.id == "facts.not_parquet"


def test_a_mistake_of_ours_is_not_put_down_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.parquet"
    _write(path, _requests("한빛"))
    monkeypatch.setattr(Measures, "compute", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        kpis_of(path)
