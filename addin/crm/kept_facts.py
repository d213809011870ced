"""What was worked out from a list's columns, found again as long as those are the same: one amount changed in a range
leaves the times, the steps and the silences as they were.

A result is known by what it is, the columns it reads (each by its *mark*: equal marks, equal cells; a digest will do,
or the number of a reading) and whatever else it depends on. A column without a mark is never known again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")
_MOST = 24  # results that are kept; those asked for last go last


class KeptFacts:
    """Results by what they were worked out from; ``marks`` of the columns there are now, ``results`` found so far.

    >>> results = []
    >>> before, asked = KeptFacts({"amount": 1, "stage": 2}, results), ("amount", "stage", "stage", "note", "note")
    >>> [before.once(what, [what], (), lambda: n) for n, what in enumerate(asked)]
    [0, 1, 1, 3, 4]
    >>> after = KeptFacts({"amount": 3, "stage": 2}, results)
    >>> [after.once(what, [what], (), lambda: "anew") for what in ("amount", "stage")]
    ['anew', 1]
    """

    def __init__(self, marks: Mapping[str, object], results: list[Any]) -> None:
        self._marks = marks
        self._results = results

    def once(self, what: str, columns: Iterable[str], given: tuple[Any, ...], work: Callable[[], T]) -> T:
        """The result kept, else worked out now, of these columns; ``given`` is all else it depends on. Nobody may
        change a result."""
        told = {column: self._marks.get(column) for column in columns}
        if None in told.values():
            return work()
        key = what, told, given
        for place, (known, found) in enumerate(self._results):
            if known == key:
                self._results.insert(0, self._results.pop(place))
                kept: T = found
                return kept
        result = work()
        self._results.insert(0, (key, result))
        del self._results[_MOST:]
        return result
