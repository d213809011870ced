"""Daily facts as running totals: sorted once by group and day, what any days add up to is one subtraction."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.daily import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from addin.crm.facts import Facts

    Numbers = NDArray[np.int64]

_MANY = 200_000  # lines of facts that are worth adding up by group and day first: fewer are sorted in less time
_NEVER = 1 << 40  # days no date lies beyond


class _Part(NamedTuple):
    """One part of the facts: measures, its lines' places (group × width + day) in order, totals up to each line.

    ``rows``: totals of how many rows the lines are made of, where they say so; else each line is one.
    """

    measures: list[str]
    places: Numbers
    totals: Numbers  # measure × line, one more than there are lines
    rows: Numbers | None
    first: int  # day of place 1 within a group; undated lines stand before it, at place 0
    width: int


class Running:
    """Parts of the daily facts by some of their dimensions.

    ``groups``: every group there is at any time, by the values of ``columns``, in the order they are met; those that
    are ``there`` have any row. ``before``: totals whose parts are added to the first ones here, part by part.

    >>> import polars as pl
    >>> from addin.crm.facts import Facts
    >>> days = pl.DataFrame({"day": [3, 1, 2, None], "partner": ["한빛", "한빛", "샛별", "한빛"], "won": [4, 1, 2, 8]})
    >>> running = Running([Facts(days, ("partner",))], ("partner",))
    >>> [(there.tolist(), sums.tolist()) for _, there, sums in running.sums((1, 2))], running.groups
    ([([True, True], [[1], [2]])], [('한빛',), ('샛별',)])
    >>> [sums.tolist() for _, _, sums in running.sums(None, 2)]  # all up to then, undated ones too
    [[[9], [2]]]
    """

    def __init__(self, parts: Sequence[Facts], columns: tuple[str, ...], before: Running | None = None) -> None:
        import numpy as np

        frames = [_by_day(part, columns) for part in parts]
        self.groups, codes = _coded(frames, columns)
        if before is not None:
            places = {group: at for at, group in enumerate(before.groups)}
            among = np.array([places.setdefault(group, len(places)) for group in self.groups], dtype=np.int64)
            self.groups, codes = list(places), [among[code] for code in codes]
        added = [_part(frame, part.measures, code) for part, frame, code in zip(parts, frames, codes, strict=True)]
        earlier = before._parts if before is not None else []
        self._parts: list[list[_Part]] = [
            [*own, *([more] if more else [])] for own, more in zip_longest(earlier, added, fillvalue=())
        ]

    @property
    def there(self) -> NDArray[np.bool_]:
        """Whether each group has any row."""
        import numpy as np

        found = np.zeros(len(self.groups), dtype=bool)
        for _, there, _ in self.sums(None):
            found |= there
        return found

    def sums(
        self, days: tuple[int, int] | None, until: int = _NEVER
    ) -> Iterator[tuple[list[str], NDArray[np.bool_], Numbers]]:
        """For each part its measures, whether a group has any line in some days, and its sums (group × measure).

        Without days: all up to ``until``, and undated ones.
        """
        for parts in self._parts:
            found = []
            for part in parts:
                start, stop = self._edges(part, [days[0], days[1] + 1] if days else [None, until + 1])
                found.append((_rows(part, start, stop), part.totals[:, stop] - part.totals[:, start]))
            rows, sums = _together(found)
            yield parts[0].measures, rows > 0, sums.T

    def until(self, day: int, wanted: Sequence[str]) -> Iterator[tuple[str, Numbers]]:
        """What each group's wanted measures add up to at the end of a day, undated lines apart."""
        yield from self.within((-_NEVER, day), wanted)

    def within(self, days: tuple[int, int], wanted: Sequence[str]) -> Iterator[tuple[str, Numbers]]:
        """Each part's wanted measures, and what they add up to in some days for each group."""
        for measures, _, sums in self.spans(days[0], days[1] + 1 - days[0], 1, wanted):
            yield from ((measure, line[:, 0]) for measure, line in zip(measures, sums, strict=True))

    def spans(
        self, first: int, step: int, count: int, wanted: Sequence[str]
    ) -> Iterator[tuple[list[str], NDArray[np.bool_], Numbers]]:
        """The same for ``count`` spans of ``step`` days from day ``first`` on: sums are measure × group × span.

        Only of ``wanted`` measures; parts that have none of them are left out.
        """
        for parts in self._parts:
            measures = parts[0].measures
            own = [i for i, measure in enumerate(measures) if measure in wanted]
            if own:
                found = []
                for part in parts:
                    edges = self._edges(part, [first + step * i for i in range(count + 1)])
                    totals = part.totals[own][:, edges]  # measure × edge × group
                    found.append((_rows(part, edges[0], edges[-1]), totals[:, 1:] - totals[:, :-1]))
                rows, sums = _together(found)
                yield [measures[i] for i in own], rows > 0, sums.transpose(0, 2, 1)

    def _edges(self, part: _Part, days: Sequence[int | None]) -> Numbers:
        """For each day and group how many lines stand before it; None: before the undated ones too."""
        import numpy as np

        at = [0 if day is None else min(max(day - part.first + 1, 1), part.width) for day in days]
        begins = np.arange(len(self.groups), dtype=np.int64) * part.width
        edges: Numbers = np.searchsorted(part.places, begins + np.array(at, dtype=np.int64)[:, None])
        return np.maximum.accumulate(edges, axis=0)


def _rows(part: _Part, start: Numbers, stop: Numbers) -> Numbers:
    """How many rows, or lines, of each group stand between two edges."""
    return stop - start if part.rows is None else part.rows[stop] - part.rows[start]


def _together(found: Sequence[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    """Rows and sums of parts that are added up."""
    rows, sums = found[0]
    for more_rows, more_sums in found[1:]:
        rows, sums = rows + more_rows, sums + more_sums
    return rows, sums


def _by_day(part: Facts, columns: tuple[str, ...]) -> pl.DataFrame:
    """A part's lines; many of them are added up first where fewer dimensions are asked for."""
    import polars as pl

    if part.frame.height <= _MANY or set(columns) == set(part.dimensions):
        return part.frame
    counted = [ROWS] if ROWS in part.frame.columns else []
    rows = part.frame.lazy().group_by("day", *columns).agg(pl.col([*part.measures, *counted]).sum())
    return rows.collect(engine="in-memory")


def _coded(frames: Sequence[pl.DataFrame], columns: tuple[str, ...]) -> tuple[list[tuple[Any, ...]], list[Numbers]]:
    """The groups of some frames' rows, and for each frame its rows' places among them."""
    import numpy as np
    import polars as pl

    if not columns:
        return [()], [np.zeros(frame.height, dtype=np.int64) for frame in frames]
    if not frames:
        return [], []
    if len(columns) == 1:
        return _coded_alone(frames, columns[0])
    rows = pl.concat([frame.select(columns) for frame in frames]).lazy().with_row_index("_at")
    grouped = rows.group_by(columns, maintain_order=True).agg("_at").collect(engine="in-memory")
    members = grouped["_at"]
    codes = np.empty(sum(frame.height for frame in frames), dtype=np.int64)
    codes[members.explode().to_numpy()] = np.repeat(np.arange(len(members)), members.list.len().to_numpy())
    ends = np.cumsum([frame.height for frame in frames])[:-1]
    return grouped.select(columns).rows(), np.split(codes, ends)


def _coded_alone(frames: Sequence[pl.DataFrame], column: str) -> tuple[list[tuple[Any, ...]], list[Numbers]]:
    """The same by one column of texts: each is looked up once."""
    import numpy as np
    import polars as pl

    texts = pl.concat([frame[column] for frame in frames]).cast(pl.String)
    coded = texts.cast(pl.Categorical).to_physical()
    numbers = (coded.cast(pl.Int64).fill_null(-1) if coded.null_count() else coded).to_numpy()
    rows = np.arange(len(numbers))
    first = np.full(int(numbers.max(initial=0)) + 2, len(rows))  # of each text; the last for what has none
    first[numbers[::-1]] = rows[::-1]  # the earlier row over the later one
    met = np.sort(first[first < len(rows)])
    places = np.zeros(len(first), dtype=np.int64)
    places[numbers[met]] = np.arange(len(met))
    ends = np.cumsum([frame.height for frame in frames])[:-1]
    return [(text,) for text in texts[met]], np.split(places[numbers], ends)


def _part(frame: pl.DataFrame, measures: list[str], codes: Numbers) -> _Part:
    import numpy as np

    day = frame["day"]
    lowest, highest = day.min(), day.max()
    first = lowest if isinstance(lowest, int) else 0
    width = (highest - first if isinstance(highest, int) else 0) + 2
    places = codes * width + (_numbers(day, first - 1) - (first - 1))
    order = np.argsort(places)
    totals = np.zeros((len(measures), frame.height + 1), dtype=np.int64)
    for measure, line in zip(measures, totals, strict=True):
        np.cumsum(_numbers(frame[measure], 0)[order], out=line[1:])
    rows = np.append(0, np.cumsum(frame[ROWS].to_numpy()[order])) if ROWS in frame.columns else None
    return _Part(measures, places[order], totals, rows, first, width)


def _numbers(column: pl.Series, missing: int) -> Numbers:
    """A column as numbers; what is missing is another one."""
    found: Numbers = (column.fill_null(missing) if column.null_count() else column).to_numpy()
    return found
