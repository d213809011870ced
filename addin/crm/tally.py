"""The tables' daily facts, summed over any days and groups; reduced once per set of dimensions and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from addin.crm.bindings import PAST_INSTANTS, Prepared, last_touch, prepare, span
from addin.crm.calendar import week_bounds
from addin.crm.engines import answers, asked, words
from addin.crm.facts import Facts, merge, request_facts, spend_facts, step_facts
from addin.crm.roster import Roster, roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from addin.crm.funnel_steps import StepSpec
    from addin.crm.settings import Settings
    from addin.crm.windows import Span

#: A group: one text per dimension, None where the rows name none.
Key = tuple[str | None, ...]
Sums = Mapping[str, int]
#: Group → measure → one number a week.
Weekly = dict[Key, dict[str, list[int]]]
#: Dimensions that follow from the partner.
PLACES = ("cluster", "region")


class Tally:
    """Facts of ``tables`` (field-id frames by table id) known up to day ``as_of``; ``steps`` is the funnel."""

    def __init__(
        self, tables: Mapping[str, Any], settings: Settings, as_of: int | None, steps: Sequence[StepSpec]
    ) -> None:
        self.tables = dict(tables)
        self.settings = settings
        self.steps = tuple(steps)
        self.roster: Roster = roster(self.tables.get("partners"))
        self.columns = {name: _columns(frame) for name, frame in self.tables.items()}
        dated = (("requests", PAST_INSTANTS), ("spend", ("spent_at",)), ("activities", ("acted_at",)))
        self.span: Span | None = span((self.tables[name], cols) for name, cols in dated if name in self.tables)
        last = self.span[1] if self.span else 0
        self.as_of: int = last if as_of is None else as_of
        self._prepared: Prepared | None = None
        self._facts: dict[tuple[str, ...], list[Facts]] = {}
        self._whole: dict[tuple[str, ...], pl.LazyFrame] = {}
        self._sums: dict[tuple[Span | None, tuple[str, ...]], dict[Key, dict[str, int]]] = {}
        self._weekly: dict[tuple[tuple[str, ...], range, tuple[str, ...], int], Weekly] = {}
        self._groups: dict[tuple[str, ...], list[Key]] = {}

    def has(self, table: str, column: str) -> bool:
        """Whether a table has a column."""
        return column in self.columns.get(table, {})

    def texts(self, table: str) -> tuple[str, ...]:
        """A table's text columns."""
        return tuple(c for c, is_text in self.columns.get(table, {}).items() if is_text and not c.startswith("_"))

    @property
    def days(self) -> Span:
        """The first and last day known."""
        first, last = self.span or (self.as_of, self.as_of)
        return min(first, self.as_of), min(last, self.as_of)

    def sums(self, days: Span | None, by: tuple[str, ...]) -> dict[Key, dict[str, int]]:
        """Every measure summed by group; ``days`` None = all up to ``as_of``, undated ones too."""
        import polars as pl

        if (days, by) not in self._sums:
            day = pl.col("day")
            inside = day.is_between(*days) if days else day.is_null() | (day <= self.as_of)
            columns = self._row_dimensions(by)
            found: dict[Key, dict[str, int]] = {} if by else {(): {}}
            for part, row in self._summed(inside, columns):
                into = found.setdefault(self._place(by, row), {})
                for measure, number in zip(part.measures, row[len(columns) :], strict=True):
                    into[measure] = into.get(measure, 0) + number
            self._sums[days, by] = found
        return self._sums[days, by]

    def _summed(self, inside: pl.Expr, columns: tuple[str, ...]) -> Iterator[tuple[Facts, tuple[Any, ...]]]:
        """Each part's groups, and what its measures add up to there; all parts are asked at once."""
        import polars as pl

        parts = self.facts(columns)
        if not parts:
            return
        whole = self._whole.get(parts[0].dimensions)
        if whole is None:
            numbered = [part.frame.with_columns(_part=pl.lit(i)) for i, part in enumerate(parts)]
            whole = self._whole[parts[0].dimensions] = pl.concat(numbered, how="diagonal").lazy()
        measures = tuple(dict.fromkeys(m for part in parts for m in part.measures))
        places = [[measures.index(m) + len(columns) for m in part.measures] for part in parts]
        summed = whole.filter(inside).group_by(*columns, "_part").agg(pl.col(measures).sum())
        for *row, at in answers([summed.select(*columns, *measures, "_part")])[0].rows():
            yield parts[at], (*row[: len(columns)], *(row[i] for i in places[at]))

    def weekly(self, measures: tuple[str, ...], weeks: range, by: tuple[str, ...], shift: int = 0) -> Weekly:
        """Measures by group and ISO week, oldest first, weeks without any counted as 0.

        ``shift`` days later is when a cohort's fact becomes true (a customer is 90 days old).
        """
        asked = (measures, weeks, by, shift)
        if asked not in self._weekly:
            self._weekly[asked] = self._by_week(*asked)
        return self._weekly[asked]

    def _by_week(self, measures: tuple[str, ...], weeks: range, by: tuple[str, ...], shift: int) -> Weekly:
        import numpy as np
        import polars as pl

        columns = self._row_dimensions(by)
        first, last = week_bounds(weeks[0])[0] - shift, week_bounds(weeks[-1])[1] - shift
        place: dict[tuple[Any, ...], int] = {}
        sheets: dict[str, list[Any]] = {measure: [] for measure in measures}
        asked_of = [(part, own) for part in self.facts(columns) if (own := [m for m in measures if m in part.measures])]
        week = (pl.col("day") - first) // 7
        questions = [
            part.frame.lazy()
            .filter(pl.col("day").is_between(first, last))
            .group_by(*columns, week)
            .agg(pl.col(own).sum())
            for part, own in asked_of
        ]
        for (_, wanted), summed in zip(asked_of, answers(questions), strict=True):
            groups = [place.setdefault(row, len(place)) for row in summed.select(columns).rows()] if by else 0
            for measure in wanted:
                sheets[measure].append((groups, summed["day"].to_numpy(), summed[measure].to_numpy()))
        keys = [self._place(by, row) for row in place] if by else [()]
        found: Weekly = {key: {} for key in keys}
        for measure, filled in sheets.items():
            sheet = np.zeros((len(keys), len(weeks)), dtype=np.int64)
            for groups, at, numbers in filled:
                np.add.at(sheet, (groups, at), numbers)
            for key, line in zip(keys, sheet.tolist(), strict=True):
                have = found[key].get(measure)
                found[key][measure] = [a + b for a, b in zip(have, line, strict=True)] if have else line
        return found

    def groups(self, by: tuple[str, ...]) -> list[Key]:
        """Every group there is at any time."""
        if by not in self._groups:
            columns = self._row_dimensions(by)
            parts = answers(part.frame.lazy().select(columns).unique() for part in self.facts(columns)) if by else []
            rows = [row for part in parts for row in part.rows()]
            self._groups[by] = list(dict.fromkeys(self._place(by, row) for row in rows)) if by else [()]
        return self._groups[by]

    def touches(self, dimension: str) -> dict[str, int]:
        """The last day of contact of each partner (or customer)."""
        return last_touch(self.requests(), self.tables.get("activities"), dimension)

    def facts(self, dimensions: tuple[str, ...]) -> list[Facts]:
        """The daily facts by these row dimensions, as parts to be added up."""
        for have, parts in self._facts.items():
            if set(dimensions) <= set(have):
                return parts
        parts = []
        if "requests" in self.tables:
            parts += request_facts(self.requests(), self.settings, dimensions)
            if len(self.steps) > 1:
                rows = self.requests().native()
                parts.append(step_facts(rows, self.steps, self.settings, self.as_of, dimensions))
        if self.has("spend", "spent_at") and self.has("spend", "amount"):
            own = [d for d in dimensions if self.has("spend", d)]
            parts.append(merge([spend_facts(self.tables["spend"], own)], dimensions))
        self._facts[dimensions] = parts
        return parts

    def requests(self) -> Prepared:
        """The requests, bound once for every measure."""
        if self._prepared is None:
            self._prepared = prepare(self.tables["requests"], self.settings, self.as_of, self.tables.get("customers"))
        return self._prepared

    def _row_dimensions(self, by: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys("partner" if d in PLACES else d for d in by))

    def _place(self, by: tuple[str, ...], row: tuple[Any, ...]) -> Key:
        """A row's group; the row begins with the values of its row dimensions."""
        if not any(d in PLACES for d in by):
            return row[: len(by)]
        values = dict(zip(self._row_dimensions(by), row, strict=False))
        partner = self.roster.find(values["partner"])
        return tuple((partner.place(d) if partner else None) if d in PLACES else values[d] for d in by)


def _columns(frame: Any) -> dict[str, bool]:
    """A frame's columns, and whether each is text."""
    questions = asked(frame)
    x, schema = words(questions), questions.collect_schema()
    return {name: kind in (x.String, x.Categorical, x.Object) for name, kind in schema.items()}
