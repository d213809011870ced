"""Frames across engines: polars is ours; pandas, DuckDB and Spark are where a team's data may live.

Narwhals speaks a part of polars' own language, so a definition written in `words` reads the same on every engine.
A polars frame is asked in polars itself (`asked`): translating would take longer than the answer of a small list.
Nothing here needs pyarrow: columns cross as numpy arrays with their nulls beside them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

ENGINES = ("polars", "pandas", "duckdb", "spark")
#: Rows of a list that is answered before a plan for it is improved.
FEW = 10_000


def to_engine(frame: Any, engine: str) -> Any:
    """A polars frame as a native frame of another engine, which stays as it is. `ImportError` without that engine.

    pandas gets nullable columns (``Int64``, ``Float64``, ``boolean``, ``string``); DuckDB a relation of its
    default connection; Spark a frame of the active session, else of one on this machine.
    """
    import polars as pl

    if engine == "polars" or not isinstance(frame, pl.DataFrame):
        return frame
    pandas = _to_pandas(frame)
    if engine == "duckdb":
        import duckdb

        return duckdb.from_df(pandas) if len(frame.columns) else duckdb.sql("select 1 where false")
    if engine == "spark":
        rows = pandas.astype(object).where(pandas.notna(), None)
        return spark().createDataFrame(rows.values.tolist(), schema=_spark_schema(frame))
    if engine == "pandas":
        return pandas
    raise ValueError(engine)


def asked(native: Any) -> Any:
    """A native frame to put questions to: a lazy polars frame, or any other engine's through narwhals."""
    import polars as pl

    if isinstance(native, pl.DataFrame | pl.LazyFrame):
        return native.lazy()
    import narwhals as nw

    return nw.from_native(tidy(native))


def words(thing: Any) -> Any:
    """The module whose ``col``, ``when`` and ``lit`` fit a frame or an expression: polars, or narwhals.

    >>> import polars as pl
    >>> words(asked(pl.DataFrame({"day": [1]}))).__name__, words(pl.col("day").is_null()).__name__
    ('polars', 'polars')
    """
    if type(thing).__module__.partition(".")[0] == "polars":
        import polars as pl

        return pl
    import narwhals

    return narwhals


def is_scan(native: Any) -> bool:
    """Whether a native frame is polars' plan of a file, whose rows needn't all be in memory at once."""
    import polars as pl

    return isinstance(native, pl.LazyFrame)


def is_few(native: Any) -> bool:
    """Whether a native frame is polars' and has no more than `FEW` rows."""
    import polars as pl

    return isinstance(native, pl.DataFrame) and native.height <= FEW


def worked_out(question: pl.LazyFrame, *, few: bool = False) -> pl.DataFrame:
    """A plan carried out in memory; of ``few`` rows as it was said, for improving it takes longer than the answer.

    >>> import polars as pl
    >>> worked_out(pl.LazyFrame({"day": [1, 2]}).filter(pl.col("day") > 1), few=True).rows()
    [(2,)]
    """
    found: pl.DataFrame = question.collect(engine="in-memory", **(_as_said() if few else {}))
    return found


@cache
def _as_said() -> dict[str, Any]:
    """What has a plan carried out without improving it, where polars can be told."""
    import polars as pl

    flags = getattr(pl, "QueryOptFlags", None)
    return {} if flags is None else {"optimizations": flags.none()}


def answers(questions: Iterable[Any], *, scan: bool = False, few: bool = False) -> list[pl.DataFrame]:
    """Frames of `asked` as polars frames, each worked out by itself: planning them together takes longer.

    ``scan``: they ask a file (`is_scan`), which is read in pieces, once for all of them. ``few``: see `worked_out`.
    """
    import polars as pl

    if scan:
        return pl.collect_all(list(questions), engine="streaming")
    return [worked_out(q, few=few) if isinstance(q, pl.LazyFrame) else to_polars(q.to_native()) for q in questions]


def to_polars(native: Any) -> pl.DataFrame:
    """Any frame narwhals knows → polars; NaN, NaT and <NA> become null.

    >>> import pandas as pd
    >>> to_polars(pd.DataFrame({"day": pd.array([1, None], dtype="Int64"), "partner": ["한빛", None]})).rows()
    [(1, '한빛'), (None, None)]
    """
    import polars as pl

    if isinstance(native, pl.DataFrame | pl.LazyFrame):
        return native if isinstance(native, pl.DataFrame) else native.collect(engine="in-memory")
    import narwhals as nw

    frame = nw.from_native(native)
    if frame.implementation.is_pandas():
        return _from_pandas(native)
    if frame.implementation.is_pyspark():
        return pl.DataFrame([tuple(row) for row in native.collect()], schema=_from_spark(native), orient="row")
    return pl.DataFrame(native)


def tidy(native: Any) -> Any:
    """A frame whose missing values are nulls: pandas' NaN in whole-number columns would poison sums."""
    import narwhals as nw

    is_pandas = nw.from_native(native).implementation.is_pandas()
    return native.convert_dtypes() if is_pandas else native


def _to_pandas(frame: pl.DataFrame) -> Any:
    import pandas as pd
    import polars as pl

    columns: dict[str, Any] = {}
    for series in frame:
        missing = series.is_null().to_numpy()
        if series.dtype.is_integer():
            columns[series.name] = pd.arrays.IntegerArray(series.fill_null(0).cast(pl.Int64).to_numpy().copy(), missing)
        elif series.dtype.is_float():
            columns[series.name] = pd.arrays.FloatingArray(series.fill_null(0.0).to_numpy().copy(), missing)
        elif series.dtype == pl.Boolean:
            columns[series.name] = pd.arrays.BooleanArray(series.fill_null(False).to_numpy().copy(), missing)
        else:
            columns[series.name] = pd.array(series.cast(pl.String).to_list(), dtype="string[python]")
    return pd.DataFrame(columns)


def _from_pandas(frame: Any) -> pl.DataFrame:
    import polars as pl

    columns = []
    for name in frame.columns:
        series = frame[name]
        missing = pl.Series(series.isna().to_numpy(dtype=bool))
        kind = series.dtype.kind if hasattr(series.dtype, "kind") else "O"
        if kind in "iu":
            column = pl.Series(name, series.fillna(0).to_numpy(dtype="int64"))
        elif kind == "f":
            column = pl.Series(name, series.fillna(0.0).to_numpy(dtype="float64"))
        elif kind == "b":
            column = pl.Series(name, series.fillna(False).to_numpy(dtype=bool))
        else:
            values = series.astype(object).where(series.notna(), None).tolist()
            column = pl.Series(name, values, dtype=pl.String if missing.all() else None)
        columns.append(pl.select(pl.when(~missing).then(column)).to_series().alias(name))
    return pl.DataFrame(columns)


def spark() -> Any:
    """The active session; else a quiet one on this machine, with as many shuffle parts as it has cores to fill."""
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is None:
        local = SparkSession.builder.master("local[*]").appName("danggol")
        local = local.config("spark.sql.shuffle.partitions", "8").config("spark.ui.enabled", "false")
        session = local.config("spark.ui.showConsoleProgress", "false").getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
    return session


def _from_spark(native: Any) -> dict[str, Any]:
    import polars as pl

    kinds = {"boolean": pl.Boolean, "double": pl.Float64, "float": pl.Float64, "string": pl.String}
    return {name: kinds.get(kind, pl.Int64) for name, kind in native.dtypes}


def _spark_schema(frame: pl.DataFrame) -> str:
    import polars as pl

    kinds = {pl.Boolean: "boolean", pl.Int64: "bigint", pl.Float64: "double"}
    return ", ".join(f"`{s.name}` {kinds.get(s.dtype, 'string')}" for s in frame)  # type: ignore[call-overload]


def same(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    """Whether things answers depend on are equal, one by one; frames by their values.

    >>> import polars as pl
    >>> same((1, pl.DataFrame({"day": [1]})), (1, pl.DataFrame({"day": [1]}))), same((1,), (True,))
    (True, False)
    """
    import polars as pl

    def equal(one: Any, other: Any) -> bool:
        if isinstance(one, pl.DataFrame) and isinstance(other, pl.DataFrame):
            return one.schema == other.schema and one.equals(other)
        return type(one) is type(other) and bool(one == other)

    return len(before) == len(now) and all(map(equal, before, now))
