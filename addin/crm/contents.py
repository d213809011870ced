"""What the columns of a frame hold: their first and last instants, their different texts; each is asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.crm.engines import answers, words

if TYPE_CHECKING:
    from collections.abc import Iterable


class Contents:
    """What is known of the columns of ``frame``, a frame of `addin.crm.engines.asked`; a ``scan`` is a plan of a file,
    ``few`` says that it has few rows (`addin.crm.engines.FEW`).

    >>> import polars as pl
    >>> held = Contents(pl.LazyFrame({"received_at": [7, None, 3], "stage": ["접수", None, "접수"]}))
    >>> held.ends("received_at"), held.texts("stage"), held.ends("won_at"), held.texts("service")
    ((3, 7), ['접수'], None, [])
    """

    def __init__(self, frame: Any, *, scan: bool = False, few: bool = False) -> None:
        self.frame = frame
        self.scan = scan
        self.few = few
        self.columns = frozenset(frame.collect_schema().names())
        self._ends: dict[str, tuple[int, int] | None] = {}
        self._texts: dict[str, list[str]] = {}

    def ask(self, ends: Iterable[str] = (), texts: Iterable[str] = ()) -> None:
        """Find out what is not known yet; a file is read once for all of it."""
        x = words(self.frame)
        dated = [c for c in ends if c in self.columns and c not in self._ends]
        named = [c for c in texts if c in self.columns and c not in self._texts]
        questions = [self.frame.select(c).unique() for c in named]
        if dated:
            lowest = [x.col(c).min().alias(f"min_{c}") for c in dated]
            questions.append(self.frame.select(*lowest, *[x.col(c).max().alias(f"max_{c}") for c in dated]))
        found = answers(questions, scan=self.scan, few=self.few) if questions else []
        for column, answer in zip(named, found, strict=False):
            self._texts[column] = answer[column].drop_nulls().to_list()
        for column in dated:
            low, high = found[-1][f"min_{column}"][0], found[-1][f"max_{column}"][0]
            self._ends[column] = None if low is None else (int(low), int(high))

    def ends(self, column: str) -> tuple[int, int] | None:
        """A column's lowest and highest number; None without any."""
        self.ask(ends=(column,))
        return self._ends.get(column)

    def texts(self, column: str) -> list[str]:
        """A column's different texts, in any order."""
        self.ask(texts=(column,))
        return self._texts.get(column, [])
