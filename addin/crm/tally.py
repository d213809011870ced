"""The tables' daily facts, summed over any days and groups; reduced once per set of dimensions and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, Any, TypeVar

from addin.crm.bindings import OWNER_SUFFIX, PAST_INSTANTS, Prepared, contents_of, last_touch, prepare, span
from addin.crm.calendar import DAY, week_bounds
from addin.crm.contents import Contents
from addin.crm.engines import asked, to_polars, words
from addin.crm.facts import (
    INTAKE,
    Facts,
    customer_facts,
    intake_facts,
    merge,
    order_facts,
    request_facts,
    spend_facts,
    step_columns,
    step_facts,
)
from addin.crm.judged import Judged
from addin.crm.promise_facts import promise_columns, promise_facts
from addin.crm.roster import Roster, roster
from addin.crm.running import Running

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    import polars as pl

    from addin.crm.funnel_steps import StepSpec
    from addin.crm.kept_facts import KeptFacts
    from addin.crm.remeasure import Remeasure, Remembered, Split
    from addin.crm.settings import Settings
    from addin.crm.windows import Span

T = TypeVar("T")
#: A group: one text per dimension, None where the rows name none.
Key = tuple[str | None, ...]
Sums = Mapping[str, int]
#: Group → measure → one number a week.
Weekly = dict[Key, dict[str, list[int]]]
#: Dimensions that follow from the partner.
PLACES = ("cluster", "region", "owner")
#: Columns of requests whose texts every measure of a file needs.
_TEXTS = ("stage", "service", "partner", "assignee")
#: A dimension of requests that the customer list tells.
PERSONA = "persona"


class Tally:
    """Facts of ``tables`` (field-id frames by table id) known up to day ``as_of``; ``steps`` is the funnel."""

    def __init__(
        self,
        tables: Mapping[str, Any],
        settings: Settings,
        as_of: int | None,
        steps: Sequence[StepSpec],
        kept: KeptFacts | None = None,
        through: bool = False,
        remembered: Remembered | None = None,
    ) -> None:
        self._kept = kept
        self._remembered = remembered
        self._through = through
        self.tables = dict(tables)
        self.settings = settings
        self.steps = tuple(steps)
        self.roster: Roster = roster(self.tables.get("partners"))
        self.columns = {name: _columns(frame) for name, frame in self.tables.items()}
        requests = self.tables.get("requests")
        self._contents = None if requests is None else contents_of(requests, settings)
        if self._contents is not None and self._contents.scan:
            self._contents.ask(PAST_INSTANTS, _TEXTS)  # at one reading
        dated = (("requests", PAST_INSTANTS), ("spend", ("spent_at",)), ("activities", ("acted_at",)))
        self.span: Span | None = span((self._dated(name), cols) for name, cols in dated if name in self.tables)
        last = self.span[1] if self.span else 0
        self.as_of: int = last if as_of is None else as_of
        self._prepared: Prepared | None = None
        self._personal: Prepared | None = None
        self._once: dict[Hashable, Any] = {}
        self._facts: dict[tuple[str, ...], tuple[list[Facts], Split | None]] = {}
        self._sums: dict[tuple[Span | None, tuple[str, ...]], dict[Key, dict[str, int]]] = {}
        self._weekly: dict[tuple[tuple[str, ...], range, tuple[str, ...], int], Weekly] = {}
        self._groups: dict[tuple[str, ...], list[Key]] = {}

    def _dated(self, table: str) -> Any:
        """What tells a table's instants: of requests their contents, where partners fill in none of them."""
        if table != "requests" or any(column.endswith(OWNER_SUFFIX) for column in self.columns[table]):
            return self.tables[table]
        return self._contents

    def has(self, table: str, column: str) -> bool:
        """Whether a table has a column; a request's persona may stand in the customer list."""
        if table == "requests" and column == PERSONA and self._joins_persona():
            return True
        return column in self.columns.get(table, {})

    def _joins_persona(self) -> bool:
        requests = self.columns.get("requests", {})
        told = PERSONA in self.columns.get("customers", {}) and ("customer" in requests or "phone" in requests)
        return told and PERSONA not in requests

    def texts(self, table: str) -> tuple[str, ...]:
        """A table's text columns, and a request's persona."""
        own = tuple(c for c, is_text in self.columns.get(table, {}).items() if is_text and not c.startswith("_"))
        return (*own, PERSONA) if table == "requests" and self._joins_persona() else own

    @property
    def days(self) -> Span:
        """The first and last day known; ``through``: up to ``as_of``, though nothing happened at the end."""
        first, last = self.span or (self.as_of, self.as_of)
        return min(first, self.as_of), self.as_of if self._through else min(last, self.as_of)

    def sums(self, days: Span | None, by: tuple[str, ...]) -> dict[Key, dict[str, int]]:
        """Every measure summed by group; ``days`` None = all up to ``as_of``, undated ones too."""
        if (days, by) not in self._sums:
            running = self.running(by)
            found: dict[Key, dict[str, int]] = {} if by else {(): {}}
            keys = [self._place(by, group) for group in running.groups] if by else []
            for measures, there, numbers in running.sums(days, self.as_of):
                if not by:
                    if there.any():
                        found[()] |= _added(found[()], measures, numbers.sum(axis=0).tolist())
                    continue
                for at, line in zip(there.nonzero()[0].tolist(), numbers[there].tolist(), strict=True):
                    into = found.setdefault(keys[at], {})
                    into |= _added(into, measures, line)
            self._sums[days, by] = found
        return self._sums[days, by]

    def running(self, by: tuple[str, ...]) -> Running:
        """The facts as running totals by a group's row dimensions; the whole is the partners' sum."""
        columns = self._row_dimensions(by) or (("partner",) if self.has("requests", "partner") else ())
        return self.once(("running", columns), lambda: self._running(columns))

    def _running(self, columns: tuple[str, ...]) -> Running:
        (parts, split), again = self._told(columns), self.again()
        if again is None or split is None:
            return Running(parts, columns)
        return again.running(columns, split, parts[len(split.before) + len(split.changes) :])

    def weekly(self, measures: tuple[str, ...], weeks: range, by: tuple[str, ...], shift: int = 0) -> Weekly:
        """Measures by group and ISO week, oldest first, weeks without any counted as 0.

        ``shift`` days later is when a cohort's fact becomes true (a customer is 90 days old).
        """
        asked = (measures, weeks, by, shift)
        if asked not in self._weekly:
            keys, sheets = self._by_week(*asked)
            found = self._weekly[asked] = {key: {} for key in keys}
            for measure, sheet in sheets.items():
                for key, line in zip(keys, sheet.tolist(), strict=True):
                    found[key][measure] = line
        return self._weekly[asked]

    def _by_week(
        self, measures: tuple[str, ...], weeks: range, by: tuple[str, ...], shift: int
    ) -> tuple[list[Key], dict[str, Any]]:
        """The groups with any fact then, and for each measure their weeks as rows of a numpy array."""
        import numpy as np

        running = self.running(by)
        found = list(running.spans(week_bounds(weeks[0])[0] - shift, 7, len(weeks), measures))
        there = np.zeros(len(running.groups), dtype=bool)
        for _, some, _ in found:
            there |= some
        keys: dict[Key, int] = {} if by else {(): 0}
        groups = there.nonzero()[0]
        place = [keys.setdefault(self._place(by, running.groups[at]), len(keys)) for at in groups.tolist()]
        sheets = {measure: np.zeros((len(keys), len(weeks)), dtype=np.int64) for measure in measures}
        for own, _, numbers in found:
            for measure, sheet in zip(own, numbers, strict=True):
                np.add.at(sheets[measure], place, sheet[groups])
        return list(keys), sheets

    def groups(self, by: tuple[str, ...]) -> list[Key]:
        """Every group there is at any time."""
        if by not in self._groups:
            running = self.running(by) if by else None
            groups = compress(running.groups, running.there) if running else [()]
            self._groups[by] = list(dict.fromkeys(self._place(by, group) for group in groups))
        return self._groups[by]

    def touches(self, dimension: str) -> dict[str, int]:
        """The last day of contact of each partner (or customer)."""
        acts = self.tables.get("activities")
        if acts is not None:
            return last_touch(self.requests(), acts, dimension)
        return self.kept("touches", PAST_INSTANTS, (dimension,), lambda: last_touch(self.requests(), None, dimension))

    def facts(self, dimensions: tuple[str, ...]) -> list[Facts]:
        """The daily facts by these row dimensions, as parts to be added up."""
        return self._told(dimensions)[0]

    def _told(self, dimensions: tuple[str, ...]) -> tuple[list[Facts], Split | None]:
        """The facts, and which of them come first: those of requests measured before, and their changes."""
        for have, told in self._facts.items():
            if set(dimensions) <= set(have):
                return told
        parts: list[Facts] = []
        split = None
        if "requests" in self.tables:
            requests = self.requests(dimensions)
            again = self.again() if requests is self._prepared else None
            if again is not None:
                apart = not requests.has("referrer")  # else a customer's facts are told by others' rows, too
                split = again.facts(dimensions, self._by_row, self._by_customer if apart else _nothing)
                parts += [*split.before, *split.changes]
                parts += [] if apart else self._by_customer(requests, dimensions)
            elif self._kept is None:
                parts += request_facts(requests, self.settings, dimensions)
                parts += self._polars_facts(requests, dimensions)
            else:
                intakes = partial(intake_facts, requests, self.settings, dimensions)
                parts += self.kept("intakes", INTAKE, dimensions, intakes)
                parts += order_facts(requests, dimensions)
                parts += customer_facts(requests, self.settings, dimensions)
                parts += self._polars_facts(requests, dimensions)
        if self.has("spend", "spent_at") and self.has("spend", "amount"):
            own = [d for d in dimensions if self.has("spend", d)]
            parts.append(merge([spend_facts(self.tables["spend"], own)], dimensions))
        self._facts[dimensions] = parts, split
        return parts, split

    def kept(self, what: str, columns: Iterable[str], by: tuple[str, ...], work: Callable[[], T]) -> T:
        """What was worked out before, where it is the same again; else now.

        It depends on these columns of requests (those there are) and on those it is told ``by``, on how many rows there
        are, the day, the funnel's steps and the settings; on no other table.
        """
        there = self.columns.get("requests", {}).keys()
        again = self.again() if there >= set(by) and set(PLACES).isdisjoint(by) else None
        if again is not None:
            return again.kept((what, by), self.requests().columns & {*columns, *by}, work)
        if self._kept is None or not there >= set(by) or not set(PLACES).isdisjoint(by):
            return work()
        given = by, len(self.tables["requests"]), self.as_of, self.steps, self.settings
        return self._kept.once(what, there & {*columns, *by}, given, work)

    def again(self) -> Remeasure | None:
        """What has changed since requests were measured before, where that is remembered."""
        if self._remembered is None or "requests" not in self.tables:
            return None
        given = self.settings, self.steps, self.tables.get("activities")
        remembered = self._remembered
        return self.once("again", lambda: remembered.since(self.requests(), given))

    def _by_row(self, requests: Prepared, dimensions: tuple[str, ...]) -> list[Facts]:
        """The facts of some requests that each row tells by itself."""
        return [
            *intake_facts(requests, self.settings, dimensions),
            *order_facts(requests, dimensions),
            *self._polars_facts(requests, dimensions),
        ]

    def _by_customer(self, requests: Prepared, dimensions: tuple[str, ...]) -> list[Facts]:
        """The facts of some requests that all rows of a customer tell."""
        return customer_facts(requests, self.settings, dimensions)

    def _polars_facts(self, requests: Prepared, dimensions: tuple[str, ...]) -> list[Facts]:
        """The facts that are worked out on polars, from no more columns than they read."""
        acts = self.tables.get("activities")
        promised = promise_columns(requests, acts)
        wanted = promised | (step_columns(self.steps) if len(self.steps) > 1 else set())
        if not wanted:
            return []
        here = requests.only(wanted.union(dimensions)).on_polars()
        parts = promise_facts(here, acts, self.settings, dimensions) if promised else []

        def steps() -> Facts:
            whole = self._prepared is not None and requests.rows is self._prepared.rows is not None
            depths = self.reached()["_depth"] if whole else None
            return step_facts(here, self.steps, self.settings, dimensions, depths)

        if len(self.steps) > 1:
            same = requests is self._prepared
            parts.append(self.kept("steps", step_columns(self.steps), dimensions, steps) if same else steps())
        return parts

    def requests(self, dimensions: Sequence[str] = ()) -> Prepared:
        """The requests, bound once for every measure; with each one's persona where that is among ``dimensions``."""
        if self._prepared is None:
            self._prepared = prepare(self._contents, self.settings, self.as_of, self.tables.get("customers"))
        if PERSONA not in dimensions or not self._joins_persona():
            return self._prepared
        if self._personal is None:
            self._personal = _with_persona(self.on_polars(), self.tables["customers"])
        return self._personal

    def on_polars(self, dimensions: Sequence[str] = ()) -> Prepared:
        """The same on polars, fetched once from another engine or from a file."""
        prepared = self.requests(dimensions)
        if prepared is self._personal:
            return prepared
        return self.once("on polars", prepared.on_polars)

    def reached(self) -> pl.DataFrame:
        """Of each of the requests on polars how far it got (``_depth``), and whether it was lost (``_lost``)."""
        from addin.crm.reach import reached

        here, until = self.on_polars(), (self.as_of + 1) * DAY
        stages = here.contents.texts("stage")
        return self.once("reached", lambda: reached(here.native(), self.steps, self.settings, until, stages))

    def people(self) -> pl.DataFrame:
        """A line a customer (`addin.crm.people`), worked out once."""
        from addin.crm.people import people

        return self.once("people", lambda: people(self.on_polars(), self.settings, self.tables.get("customers")))

    def by_customer(self, what: str, tell: Callable[[pl.DataFrame, Prepared], pl.DataFrame]) -> pl.DataFrame:
        """What the lines of `people` tell, each by itself; of lines told before only those of changed requests anew."""
        from addin.crm.people import people
        from addin.crm.retold import of_customers

        again = None if "customers" in self.tables or self.has("requests", "referrer") else self.again()
        if again is None:
            return tell(self.people(), self.on_polars())
        return of_customers(again, what, lambda requests: tell(people(requests, self.settings), requests))

    def by_row(self, what: str, tell: Callable[[Prepared], pl.DataFrame]) -> pl.DataFrame | None:
        """A line a request, which each tells by itself, those told before as they were; None where nothing is
        remembered."""
        from addin.crm.retold import of_rows

        again = self.again()
        return None if again is None else of_rows(again, what, tell)

    def judged(self, what: Hashable) -> Judged:
        """The values of one KPI by one grouping as they were judged last, where that is remembered."""
        remembered = self._remembered
        if remembered is None:
            return Judged(kept=False)
        given = self.as_of, self.settings, self.steps, self.span is None, self.tables.get("partners")
        return self.once("judged", lambda: remembered.judged.by(given)).setdefault(what, Judged())

    def once(self, what: Hashable, work: Callable[[], T]) -> T:
        """What was worked out under this name before, else now."""
        if what not in self._once:
            self._once[what] = work()
        found: T = self._once[what]
        return found

    def keyed(self, by: tuple[str, ...]) -> tuple[pl.DataFrame, list[Key]]:
        """The requests on polars, each with the place of its group (Int64 ``_group``) in the list beside."""
        import polars as pl

        columns = self._row_dimensions(by)
        frame = to_polars(self.on_polars(columns).native())
        if not by:
            return frame.with_columns(_group=pl.lit(0, dtype=pl.Int64)), [()]
        frame = frame.with_columns(pl.col(columns).cast(pl.String))  # a column of nulls has no type elsewhere
        rows = frame.select(columns).unique(maintain_order=True)
        places: dict[Key, int] = {}
        groups = [places.setdefault(self._place(by, row), len(places)) for row in rows.rows()]
        rows = rows.with_columns(_group=pl.Series(groups, dtype=pl.Int64))
        return frame.join(rows, on=columns, how="left", nulls_equal=True, maintain_order="left"), list(places)

    def _row_dimensions(self, by: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys("partner" if d in PLACES else d for d in by))

    def _place(self, by: tuple[str, ...], row: tuple[Any, ...]) -> Key:
        """A row's group; the row begins with the values of its row dimensions."""
        if not any(d in PLACES for d in by):
            return row[: len(by)]
        values = dict(zip(self._row_dimensions(by), row, strict=False))
        partner = self.roster.find(values["partner"])
        return tuple((partner.place(d) if partner else None) if d in PLACES else values[d] for d in by)


def _with_persona(requests: Prepared, customers: Any) -> Prepared:
    """The requests with the persona the customer list gives who used each, else its customer; worked out on polars."""
    from addin.crm.people import listed
    from addin.crm.users import by_user

    frame = to_polars(requests.native())
    keys = frame["_customer"].unique().drop_nulls()
    personas = listed(keys, frame, to_polars(customers)).select(_customer="customer", persona=PERSONA)
    joined = by_user(frame.join(personas, on="_customer", how="left", maintain_order="left"), customers)
    lazy, columns = joined.lazy(), requests.columns | {PERSONA}
    return replace(requests, frame=lazy, columns=columns, contents=Contents(lazy), rows=joined)


def _nothing(_requests: Prepared, _dimensions: tuple[str, ...]) -> list[Facts]:
    return []


def _added(sums: Sums, measures: Sequence[str], numbers: Sequence[int]) -> dict[str, int]:
    """The sums of some measures with more of them; most parts bring measures of their own."""
    found = dict(zip(measures, numbers, strict=True))
    for measure in found.keys() & sums.keys():
        found[measure] += sums[measure]
    return found


def _columns(frame: Any) -> dict[str, bool]:
    """A frame's columns, and whether each is text."""
    questions = asked(frame)
    x, schema = words(questions), questions.collect_schema()
    return {name: kind in (x.String, x.Categorical, x.Object) for name, kind in schema.items()}
