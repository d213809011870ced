"""What a frame's columns hold is asked once; of a file at one reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from addin.crm.contents import Contents
from addin.crm.engines import asked, to_engine
from tests.programs import engine_here

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
def test_the_ends_and_the_texts_of_columns_leave_out_what_is_missing(engine: str) -> None:
    frame = pl.DataFrame({"received_at": [7, None, 3], "won_at": [None, None, None], "stage": ["접수", None, "접수"]})
    frame = frame.with_columns(pl.col("won_at").cast(pl.Int64))
    held = Contents(asked(to_engine(frame, engine_here(engine))))
    assert (held.ends("received_at"), held.ends("won_at"), held.texts("stage")) == ((3, 7), None, ["접수"])


def test_a_column_that_is_not_there_holds_nothing() -> None:
    held = Contents(pl.LazyFrame({"stage": ["접수"]}))
    held.ask(ends=("received_at",), texts=("service",))
    assert (held.ends("received_at"), held.texts("service")) == (None, [])


def test_what_is_known_of_a_file_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"received_at": [7, 3], "stage": ["접수", "수주"]}).write_parquet(path)
    held = Contents(pl.scan_parquet(path), scan=True)
    held.ask(ends=("received_at",), texts=("stage",))
    path.unlink()
    assert (held.ends("received_at"), sorted(held.texts("stage"))) == ((3, 7), ["수주", "접수"])
