"""How far each row of a frame got in a funnel: its depth, in one pass over the columns.

Two ways to read a row that skipped a step (won without a visit on record):

``any``     (default) it reached every step before the last one it satisfies;
``strict``  it reached only the steps it has on record without a gap from the first.

Both make reached counts that never grow from step to step, so growth in the records themselves is looked for
separately: see `suspects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from addin.crm.bindings import lost_stages, won_stages
from addin.crm.engines import is_few, worked_out
from addin.crm.text import spelling_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from addin.crm.funnel_steps import StepSpec
    from addin.crm.settings import Settings

Counting = Literal["any", "strict"]

_YES = frozenset({"true", "1", "y", "yes", "o", "예", "네", "유", "있음"})


def satisfied(
    frame: pl.DataFrame, specs: Sequence[StepSpec], settings: Settings, until: int | pl.Expr | None,
    told: tuple[pl.Expr, pl.Expr] | None = None,
) -> list[pl.Expr]:  # fmt: skip
    """One Boolean expression a step: does a row satisfy it by itself? Never null.

    ``until``: instants from this minute on have not happened yet; an expression gives each row its own. ``told``: the
    rows' `outcome`, where it is known.
    """
    import polars as pl

    won, lost = told or outcome(frame, settings)
    tests: list[pl.Expr] = []
    after_won = False
    for i, spec in enumerate(specs):
        test = won if spec.won else _holds(frame, spec, until)
        if after_won:
            test = test & ~lost
        if i == 0 and spec.column == "stage":
            test = test | lost  # it came in, and how far it got before it was lost nobody wrote down
        after_won = after_won or spec.won
        moment = moment_column(frame, spec)
        if until is not None and spec.column is None and moment:
            test = pl.col(moment).is_null() | (pl.col(moment) < until)
        tests.append(test.fill_null(False))
    return tests


def outcome(
    frame: pl.DataFrame, settings: Settings, stages: Sequence[str] | None = None
) -> tuple[pl.Expr, pl.Expr]:  # fmt: skip
    """(won, lost) of a row: by its stage; where it has none, won when ``won_at`` is filled and never lost.

    ``stages``: the frame's different ones, where they are known.
    """
    import polars as pl

    dated = pl.col("won_at").is_not_null() if "won_at" in frame.columns else pl.lit(False)
    if "stage" not in frame.columns:
        return dated, pl.lit(False)
    words = stages if stages is not None else frame["stage"].unique().drop_nulls().to_list()
    won = pl.col("stage").is_in(won_stages(words, settings))
    lost = pl.col("stage").is_in(lost_stages(words, settings))
    return pl.when(pl.col("stage").is_null()).then(dated).otherwise(won), lost.fill_null(False)


def reached(
    frame: pl.DataFrame, specs: Sequence[StepSpec], settings: Settings, until: int, stages: Sequence[str] | None = None
) -> pl.DataFrame:
    """Of each row how far it got by a minute, as ``any`` counts (``_depth``), and whether it was lost (``_lost``).

    ``stages``: the frame's different ones, where they are known.
    """
    told = outcome(frame, settings, stages)
    tests = satisfied(frame, specs, settings, until, told)
    marked = frame.lazy().with_columns(_depth=depth(tests, "any"), _lost=told[1])
    return worked_out(marked.select("_depth", "_lost"), few=is_few(frame))


def moment_column(frame: pl.DataFrame, spec: StepSpec) -> str | None:
    """The instant column that says when a row reached this step, None where the frame can't tell."""
    column = spec.at or (None if spec.values or spec.won else spec.column)
    return column if column in frame.columns and f"{column}__time" in frame.columns else None


def _holds(frame: pl.DataFrame, spec: StepSpec, until: int | pl.Expr | None) -> pl.Expr:
    import polars as pl

    if spec.column is None:
        return pl.lit(True)
    column, kind = pl.col(spec.column), frame.schema[spec.column]
    if spec.values:
        wanted = {spelling_key(value) for value in spec.values}
        if kind == pl.Boolean:
            told = [value in _YES for value in wanted]
            return column.is_in(told)
        if kind == pl.String:
            words = [word for word in frame[spec.column].unique() if word is not None]
            return column.is_in([word for word in words if spelling_key(word) in wanted])
        return column.is_in([float(value) for value in wanted if _is_number(value)])
    if kind == pl.Boolean:
        return column
    filled = column.is_not_null()
    if f"{spec.column}__yes" in frame.columns:
        filled = filled | pl.col(f"{spec.column}__yes")
    if kind == pl.String:
        filled = filled & (column.str.strip_chars() != "")
    if until is not None and moment_column(frame, spec):
        filled = filled & (column < until)
    return filled


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def depth(tests: Sequence[pl.Expr], counting: Counting) -> pl.Expr:
    """How many steps a row has reached, 0 … all, as one Int64 expression: reached steps are always the first ones."""
    import polars as pl

    if counting == "strict":
        chain, total = pl.lit(True), pl.lit(0, dtype=pl.Int64)
        for test in tests:
            chain = chain & test
            total = total + chain.cast(pl.Int64)
        return total
    deepest = pl.lit(0, dtype=pl.Int64)
    for i, test in enumerate(tests, 1):
        deepest = pl.when(test).then(i).otherwise(deepest)
    return deepest


def recorded(specs: Sequence[StepSpec], tests: Sequence[pl.Expr]) -> list[pl.Expr]:
    """One Boolean expression a step: is it on record? A later stage in the same column records the earlier ones."""
    found = []
    for i, spec in enumerate(specs):
        mark = tests[i]
        for j in range(i + 1, len(specs)):
            if spec.column is not None and specs[j].column == spec.column:
                mark = mark | tests[j]
        found.append(mark)
    return found


def suspects(on_record: Sequence[int]) -> frozenset[int]:
    """The transitions whose records grow: more rows have the later step on record than the one before.

    >>> suspects([10, 3, 5])
    frozenset({1})
    """
    return frozenset(i for i in range(len(on_record) - 1) if on_record[i + 1] > on_record[i])
