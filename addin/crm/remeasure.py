"""Measured again after a few rows were changed: what the changed rows told is taken off, what they tell now is added.

A daily fact is a sum over requests, or over customers by their requests. So the facts of requests as they were once
measured stay as they are, and beside them stand those of the rows that came and, with their signs turned, those of the
rows that went; facts about customers those of all rows of each customer named there. Every line carries of how many
rows it is made (`addin.crm.daily.ROWS`): a group whose rows have all gone is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from addin.crm.daily import ROWS
from addin.crm.engines import FEW, same
from addin.crm.facts import Facts
from addin.crm.judged import AllJudged
from addin.crm.running import Running

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    import polars as pl

    from addin.crm.bindings import Prepared

    #: The facts of some requests by some dimensions.
    Work = Callable[[Prepared, tuple[str, ...]], list[Facts]]

T = TypeVar("T")
#: Fewer requests are measured as soon, more weigh too much to be remembered; and so many may have changed.
LEAST, LONGEST, MOST = FEW, 250_000, 2_000
_NAMED = 8
_PLACES = ("_sheet", "_row")


class Split(NamedTuple):
    """Facts as they were measured once, and what they have changed by; the two are added up, part by part."""

    before: list[Facts]
    changes: list[Facts]


@dataclass(slots=True)
class _Once:
    """Requests that were measured as a whole, and by what; their facts by dimensions."""

    requests: Prepared
    given: tuple[Any, ...]
    facts: dict[tuple[str, ...], list[Facts]] = field(default_factory=dict)
    running: dict[tuple[str, ...], Running] = field(default_factory=dict)
    told: dict[Hashable, Any] = field(default_factory=dict)  # results of `Remeasure.kept`, lines of `addin.crm.retold`


class Remembered:
    """The requests measured last as a whole, and the values judged last; nothing to begin with."""

    def __init__(self) -> None:
        self._once: _Once | None = None
        self.judged = AllJudged()

    def since(self, requests: Prepared, given: tuple[Any, ...]) -> Remeasure | None:
        """What has changed since; None of few requests, or where nobody can tell. ``given``: all else facts read."""
        if requests.rows is None or not LEAST <= requests.rows.height <= LONGEST:
            self._once = None
            return None
        now = replace(requests, counted=True)
        given = (now.as_of, now.by_name, requests.rows.schema, *given)
        once, places = self._once, None
        if once is not None and same(once.given, given):
            places = changed_rows(once.requests.native(), requests.rows)
        if once is None or places is None:
            once = self._once = _Once(now, given)
            return Remeasure(once, None, None)
        return Remeasure(once, *_with_customers((once.requests, places[0]), (now, places[1])))


class Rows(NamedTuple):
    """Changed requests, and all those of their customers; with their places among all requests."""

    own: Prepared
    customers: Prepared
    places: pl.Series
    theirs: pl.Series


class Remeasure:
    """Requests beside those they were once: the rows that went and came."""

    def __init__(self, once: _Once, gone: Rows | None, came: Rows | None) -> None:
        self.once = once
        self.gone = gone
        self.came = came

    def kept(self, what: Hashable, columns: Iterable[str], work: Callable[[], T]) -> T:
        """What was worked out of some columns, now or when requests were measured once; anew where one has changed.
        Nobody may change a result."""
        if any(not self._same(column) for column in columns):
            return work()
        if what not in self.once.told:
            self.once.told[what] = work()
        found: T = self.once.told[what]
        return found

    def _same(self, column: str) -> bool:
        """Whether a column holds what it held, row by row."""
        if self.gone is None or self.came is None:
            return True
        gone, came = self.gone.own.native()[column], self.came.own.native()[column]
        return bool(gone.equals(came))

    def facts(self, dimensions: tuple[str, ...], by_row: Work, by_customer: Work) -> Split:
        """Facts by some dimensions, of the rows, then of the customers."""
        once = self.once
        if dimensions not in once.facts:
            once.facts[dimensions] = [*by_row(once.requests, dimensions), *by_customer(once.requests, dimensions)]
        before = once.facts[dimensions]
        if self.gone is None or self.came is None:
            return Split(before, [Facts(part.frame.clear(), dimensions) for part in before])
        gone, came = (
            [*by_row(rows.own, dimensions), *by_customer(rows.customers, dimensions)] for rows in (self.gone, self.came)
        )
        return Split(before, [_less(new, old) for new, old in zip(came, gone, strict=True)])

    def running(self, columns: tuple[str, ...], split: Split, others: list[Facts]) -> Running:
        """Running totals of the facts; of those measured once they are sorted once."""
        kept = self.once.running
        if columns not in kept:
            kept[columns] = Running(split.before, columns)
        return Running([*split.changes, *others], columns, kept[columns])


def changed_rows(before: pl.DataFrame, now: pl.DataFrame) -> tuple[pl.Series, pl.Series] | None:
    """The places of rows that went and of those that came, wherever the list stands; None where they are too many.

    >>> import polars as pl
    >>> three, other = (pl.DataFrame({"stage": ["접수", stage, "수주"]}) for stage in ("상담", "실패"))
    >>> [places.to_list() for places in changed_rows(three, other)]
    [[1], [1]]
    >>> [places.to_list() for places in changed_rows(three, three[:1].vstack(three))]
    [[], [1]]
    """
    import polars as pl

    if before.height == now.height:
        places = _differing(before, now)
        if len(places) <= MOST:
            return places, places
    short = min(before.height, now.height)
    first = _differing(before[:short], now[:short])
    start = short if first.is_empty() else int(first[0])
    last = _differing(before.tail(short - start), now.tail(short - start))
    end = 0 if last.is_empty() else int(last[-1]) + 1
    alike = short - start - end  # rows at the end
    if max(before.height, now.height) - start - alike > MOST:
        return None
    went, came = (pl.int_range(start, frame.height - alike, eager=True) for frame in (before, now))
    return went, came


def _differing(before: pl.DataFrame, now: pl.DataFrame) -> pl.Series:
    """The places at which two equally long frames differ, wherever their rows stand."""
    import polars as pl

    marks = pl.Series([False], dtype=pl.Boolean).new_from_index(0, now.height)
    for name in now.columns:
        if name not in _PLACES and not now[name].equals(before[name]):
            marks |= now[name].ne_missing(before[name])
    return marks.arg_true()


def _with_customers(*sides: tuple[Prepared, pl.Series]) -> list[Rows]:
    """Changed rows on both sides, each with all rows of the customers that either names."""
    import polars as pl

    named = pl.concat([whole.native()["_customer"].gather(at) for whole, at in sides]).drop_nulls().unique()
    customer = pl.col("_customer")
    few = 0 < len(named) <= _NAMED  # looking every row up in a list takes longer
    known = pl.any_horizontal([customer == name for name in named]) if few else customer.is_in(named.implode())
    theirs = [whole.native().select(known.arg_true())["_customer"] for whole, _ in sides]
    return [Rows(whole.at(at), whole.at(all), at, all) for (whole, at), all in zip(sides, theirs, strict=True)]


def _less(new: Facts, old: Facts) -> Facts:
    """Facts and, taken off them, others of the same measures."""
    import polars as pl

    numbers = [*old.measures, ROWS]
    return Facts(new.frame.vstack(old.frame.with_columns(-pl.col(numbers))), new.dimensions)
