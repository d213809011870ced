"""What requests tell row by row or customer by customer, told anew after a few rows were changed: only of those.

The lines of all requests as they were once told (`addin.crm.remeasure`) stay; those of the rows that went, or of every
customer that a changed row names, are left out, and those of the rows that came are put in their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from addin.crm.bindings import Prepared
    from addin.crm.remeasure import Remeasure

    #: Some requests → lines.
    Tell = Callable[[Prepared], pl.DataFrame]

#: Lines are left out one by one as long as they are so few: a list in many pieces is slow to ask.
_PIECES = 32


def of_rows(again: Remeasure, what: str, tell: Tell) -> pl.DataFrame:
    """One line a request, in the order of requests, which each tells by itself (its place in the book apart)."""
    once = again.once
    if what not in once.told:
        once.told[what] = tell(once.requests)
    before: pl.DataFrame = once.told[what]
    if again.gone is None or again.came is None:
        return before
    return put(before, again.gone.places, tell(again.came.own), again.came.places)


def of_customers(again: Remeasure, what: str, tell: Tell) -> pl.DataFrame:
    """One line a ``customer``, in no order, which its own requests tell; ``row`` is the place of one of them."""
    import polars as pl

    once = again.once
    if what not in once.told:
        once.told[what] = tell(once.requests)
    before: pl.DataFrame = once.told[what]
    if again.gone is None or again.came is None:
        return before
    told = tell(again.came.customers)
    told = told.with_columns(row=again.came.theirs.gather(told["row"]).cast(before["row"].dtype))
    named = pl.concat([side.customers.native()["_customer"] for side in (again.gone, again.came)]).unique()
    stay = without(before, before["customer"].is_in(named.implode()).arg_true())
    more = len(again.came.places) - len(again.gone.places)
    if more:  # so many rows came or went at one place, and those below it have moved
        row, first = pl.col("row").cast(pl.Int64), next(iter([*again.gone.places[:1], *again.came.places[:1]]))
        stay = stay.with_columns(row=pl.when(row >= first).then(row + more).otherwise(row).cast(before["row"].dtype))
    return pl.concat([stay, told])


def without(frame: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """A frame without some of its rows; ``places`` rise.

    >>> import polars as pl
    >>> without(pl.DataFrame({"n": [1, 2, 3, 4]}), pl.Series([0, 2]))["n"].to_list()
    [2, 4]
    """
    import polars as pl

    if len(places) > _PIECES:
        return frame.filter(~pl.int_range(pl.len()).is_in(places.implode()))
    starts, ends = [0, *(at + 1 for at in places)], [*places, frame.height]
    return pl.concat([frame[start:end] for start, end in zip(starts, ends, strict=True)])


def put(frame: pl.DataFrame, gone: pl.Series, lines: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """A frame without some of its rows, and with others at places of what it then is; both rise.

    >>> import polars as pl
    >>> three, two = (pl.DataFrame({"n": numbers}) for numbers in ([1, 2, 3], [8, 9]))
    >>> put(three, pl.Series([1]), two, pl.Series([0, 2]))["n"].to_list()
    [8, 1, 9, 3]
    """
    import polars as pl

    stay = without(frame, gone)
    if lines.is_empty():
        return stay
    if len(places) > _PIECES:
        order = pl.Series([-1], dtype=pl.Int64).new_from_index(0, stay.height + lines.height)
        order = order.scatter(places, range(stay.height, stay.height + lines.height))
        order = order.scatter((order < 0).arg_true(), range(stay.height))
        return pl.concat([stay, lines])[order]
    parts, done = [], 0  # rows of those that stay
    for n, at in enumerate(places):
        parts += [stay[done : at - n], lines[n : n + 1]]
        done = at - n
    return pl.concat([*parts, stay[done:]], rechunk=True)  # a list in pieces is slow to ask, each time
