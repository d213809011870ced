"""Rows added up by day and groups.

On polars the day and the groups make one whole number to group by: a key of several columns takes three times longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.crm.engines import to_polars, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from addin.crm.bindings import Prepared
    from addin.crm.windows import Span

#: The number of rows a line is made of, where rows are counted (`addin.crm.remeasure`).
ROWS = "_rows"
_MANY = 100_000  # texts: so long a list takes longer to look up than it saves
_LARGEST = 1 << 62


def reduced(
    frame: Any, dimensions: Sequence[str], measures: Sequence[str], prepared: Prepared | None = None
) -> pl.LazyFrame:
    """``day`` (Int64), the dimensions (String) and the measures' sums (Int64) of a frame of `asked`.

    ``prepared``: the requests the frame is made of; where they are few, rows as they stand, which add up to the same.
    """
    import polars as pl

    if prepared is not None and prepared.counted:
        frame, measures = frame.with_columns(pl.lit(1, dtype=pl.Int64).alias(ROWS)), [*measures, ROWS]

    if prepared is not None and prepared.few:  # adding them up by day takes longer than it saves
        summed = frame.select("day", *dimensions, *measures)
    elif prepared is not None and isinstance(frame, pl.LazyFrame) and (key := _Key.of(prepared, dimensions)):
        return key.reduced(frame, measures)
    else:
        summed = frame.group_by("day", *dimensions).agg(*[words(frame).col(m).sum() for m in measures])
    lazy: pl.LazyFrame = summed if isinstance(summed, pl.LazyFrame) else to_polars(summed.to_native()).lazy()
    return lazy.with_columns(pl.col(["day", *measures]).cast(pl.Int64), pl.col(list(dimensions)).cast(pl.String))


class _Key:
    """Days and texts as the digits of one number: a day's place after the first, 0 without one, then each text's place
    in its dimension's list, the last without one."""

    def __init__(self, days: Span, texts: dict[str, list[str]]) -> None:
        self._days = days
        self._texts = texts

    @classmethod
    def of(cls, prepared: Prepared, dimensions: Sequence[str]) -> _Key | None:
        """The key of some requests; None without a date, or where a number can't hold it or doesn't pay."""
        days = prepared.days
        prepared.contents.ask(texts=dimensions)
        texts = {dimension: prepared.contents.texts(dimension) for dimension in dimensions}
        if days is None or any(len(own) > _MANY for own in texts.values()):
            return None
        size = days[1] - days[0] + 2
        for own in texts.values():
            size *= len(own) + 1
        return cls(days, texts) if size < _LARGEST else None

    def reduced(self, frame: pl.LazyFrame, measures: Sequence[str]) -> pl.LazyFrame:
        import polars as pl

        first, _ = self._days
        key = (pl.col("day") - first + 1).fill_null(0)
        for dimension, own in self._texts.items():
            place = pl.col(dimension).cast(pl.String).cast(pl.Enum(own)).to_physical().cast(pl.Int64)
            key = key * (len(own) + 1) + place.fill_null(len(own))
        summed = frame.group_by(_key=key).agg(pl.col(m).sum().cast(pl.Int64) for m in measures)
        columns: dict[str, pl.Expr] = {}
        rest = pl.col("_key")
        for dimension, own in reversed(self._texts.items()):
            names = pl.lit(pl.Series([*own, None], dtype=pl.String))
            columns[dimension] = names.gather(rest % (len(own) + 1))
            rest = rest // (len(own) + 1)
        columns["day"] = pl.when(rest > 0).then(rest + (first - 1))
        return summed.with_columns(**columns).select("day", *self._texts, *measures)
