"""What a request's cells mean, bound once for every measure: won, order day, net revenue, customer, last touch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from addin.crm.calendar import DAY
from addin.crm.contents import Contents
from addin.crm.engines import answers, asked, is_few, is_scan, words, worked_out
from addin.crm.stages import stage_kind
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from addin.crm.settings import Settings

#: What a request has behind it when it happened; planned instants (event_at) are not among them.
PAST_INSTANTS = ("received_at", "confirmed_at", "proposed_at", "visited_at", "won_at", "completed_at", "membership_at")
_ORDER_DAYS = ("won_at", "completed_at", "received_at")
#: Ends the name of a column that holds what the partner filled in of the field before it.
OWNER_SUFFIX = "__partner"
_COMPANIONS = ("__time", "__yes")
_FEW = 8  # stages that mean won


@dataclass(frozen=True, slots=True)
class Prepared:
    """Requests with what every measure needs worked out once: a frame of `addin.crm.engines.asked`, and its columns.

    Added columns, all Int64 but the last: ``_won`` (0/1), ``_order`` (day of the money), ``_net`` (hundredths),
    ``_received`` (day) and ``_customer``. ``contents`` are those of the columns they are worked out from.
    """

    frame: Any
    columns: frozenset[str]
    as_of: int
    contents: Contents
    scan: bool = False  # a plan of a file, never worked out as a whole
    by_name: bool = False  # a customer is a name at a partner
    rows: pl.DataFrame | None = None  # the frame where it is polars and worked out
    counted: bool = False  # facts carry of how many rows a line is made

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return self.columns.issuperset(names)

    @property
    def few(self) -> bool:
        """Whether they are so few that asking is what takes time (`addin.crm.engines.FEW`)."""
        return is_few(self.rows)

    @property
    def days(self) -> tuple[int, int] | None:
        """Days that no request came before or after, nor its money fell; None where no column tells."""
        ends = [found for column in _ORDER_DAYS if (found := self.contents.ends(column))]
        return (min(low for low, _ in ends) // DAY, max(high for _, high in ends) // DAY) if ends else None

    def native(self) -> Any:
        """The frame as its engine's own; polars is worked out."""
        import polars as pl

        if self.rows is not None:
            return self.rows
        frame = self.frame
        return frame.collect(engine="in-memory") if isinstance(frame, pl.LazyFrame) else frame.to_native()

    def on_polars(self) -> Prepared:
        """The same in memory, on polars; itself where it is."""
        import polars as pl

        if isinstance(self.frame, pl.LazyFrame) and not self.scan:
            return self
        rows = answers([self.frame], scan=self.scan)[0]
        return replace(self, frame=rows.lazy(), contents=Contents(rows.lazy()), scan=False, rows=rows)

    def between(self, start: int, stop: int) -> Prepared:
        """Some of its rows, by their places; only where they are worked out."""
        assert self.rows is not None
        rows = self.rows[start:stop]
        return replace(self, frame=rows.lazy(), rows=rows)

    def at(self, places: pl.Series) -> Prepared:
        """Some of its rows; only where they are worked out."""
        assert self.rows is not None
        rows = self.rows[places]
        return replace(self, frame=rows.lazy(), rows=rows)

    def only(self, columns: Iterable[str]) -> Prepared:
        """No more than these of its columns."""
        kept = self.columns.intersection(columns)
        rows = None if self.rows is None else self.rows[sorted(kept)]
        return replace(self, frame=self.frame.select(*sorted(kept)), columns=kept, rows=rows)


def contents_of(requests: Any, settings: Settings) -> Contents:
    """A requests frame with one column a field (`owned`) and partners by their keys, and what its columns hold."""
    frame = owned(asked(requests), settings)
    if "partner_key" in frame.collect_schema().names():
        frame = frame.with_columns(partner=words(frame).col("partner_key"))
    return Contents(frame, scan=is_scan(requests), few=is_few(requests))


def prepare(requests: Any, settings: Settings, as_of: int, customers: Any = None) -> Prepared:
    """Bind a requests frame, or what `contents_of` made of it, once: won, order day, net revenue, customer.

    A request is won when its stage is a won stage; where it has no stage, when ``won_at`` is filled. Its money
    falls on ``won_at``, else ``completed_at``, else ``received_at``. A customer is a known customer id, else a
    phone, else a name at a partner. Where the partner filled in ``<field>__partner``, settings say whose cell counts.
    """
    contents = requests if isinstance(requests, Contents) else contents_of(requests, settings)
    frame, names = contents.frame, set(contents.columns)
    x = words(frame)
    frame = frame.with_columns(
        _won=_won(contents, settings, x),
        _order=_first_of([c for c in _ORDER_DAYS if c in names], x) // DAY,
    )
    frame = frame.with_columns(  # of a file, only for the rows that the columns above leave
        _received=(x.col("received_at") if "received_at" in names else null(x)) // DAY,
        _net=_whole("amount", names, x) - _whole("refund", names, x),
        _customer=_customer(names, x),
    )
    listed = customers is not None and "customer" in names
    if listed:
        frame = _known_customers(frame, customers)
    by_name = "customer" in names and "phone" not in names and not listed
    columns = frozenset({*names, "_won", "_order", "_received", "_net", "_customer"})
    if x.__name__ != "polars" or contents.scan:
        return Prepared(frame, columns, as_of, contents, contents.scan, by_name)
    rows = worked_out(frame, few=contents.few)  # once, however many measures ask
    return Prepared(rows.lazy(), columns, as_of, contents, by_name=by_name, rows=rows)


def last_touch(prepared: Prepared, activities: Any, dimension: str) -> dict[str, int]:
    """Each key's last day of contact up to ``as_of``: from activities, else from the instants of its requests."""
    end = (prepared.as_of + 1) * DAY
    x = words(prepared.frame)
    instants = [c for c in PAST_INSTANTS if c in prepared.columns]
    found: dict[str, int] = {}
    if instants:
        past = [x.when(x.col(c) < end).then(x.col(c)) for c in instants]
        touched = prepared.frame.with_columns(_touch=x.max_horizontal(*past))
        found.update(_latest(touched, dimension, prepared.scan, few=prepared.few))
    if activities is not None:
        frame = asked(activities)
        x = words(frame)
        if {"acted_at", dimension} <= set(frame.collect_schema().names()):
            touched = x.when(x.col("acted_at") < end).then(x.col("acted_at"))
            found.update(
                _latest(frame.with_columns(_touch=touched), dimension, is_scan(activities), few=is_few(activities))
            )
    return found


def span(frames: Iterable[tuple[Any, Sequence[str]]]) -> tuple[int, int] | None:
    """The first and last day over the instants of (frame or its contents, columns) pairs; None without any.

    >>> import polars as pl
    >>> span([(pl.DataFrame({"received_at": [1440, None, 5000]}), ["received_at", "won_at"])])
    (1, 3)
    """
    found: list[int] = []
    for native, columns in frames:
        held = native if isinstance(native, Contents) else Contents(asked(native), scan=is_scan(native))
        held.ask(ends=columns)
        found += [minute for column in columns for minute in held.ends(column) or ()]
    return (min(found) // DAY, max(found) // DAY) if found else None


def won_stages(texts: Iterable[str], settings: Settings) -> list[str]:
    """Those stage texts that mean won: the known words and the team's own.

    >>> from addin.crm.settings import Settings
    >>> won_stages(["수주", "접수", "도장 찍음"], Settings(won_words=("도장찍음",)))
    ['수주', '도장 찍음']
    """
    return _stages(texts, "won", settings.won_words, settings.lost_words)


def lost_stages(texts: Iterable[str], settings: Settings) -> list[str]:
    """Those stage texts that mean lost: the known words and the team's own."""
    return _stages(texts, "lost", settings.lost_words, settings.won_words)


def _stages(texts: Iterable[str], kind: str, own: Iterable[str], other: Iterable[str]) -> list[str]:
    mine, theirs = {header_key(w) for w in own}, {header_key(w) for w in other}
    return [t for t in texts if header_key(t) in mine or (stage_kind(t) == kind and header_key(t) not in theirs)]


def null(x: Any) -> Any:
    """A null whole number, in an engine's `words`; pandas can't cast a literal None to one."""
    return x.when(x.lit(False)).then(number(x, 0))


def _first_of(columns: Sequence[str], x: Any) -> Any:
    return x.coalesce(*[x.col(c) for c in columns]) if columns else null(x)


def _whole(column: str, names: set[str], x: Any) -> Any:
    return x.col(column).fill_null(0).cast(x.Int64) if column in names else number(x, 0)


def flag(condition: Any) -> Any:
    """A condition as 0/1, unknown = 0; on polars as a Boolean, which adds up faster."""
    x = words(condition)
    if x.__name__ == "polars":
        return condition.fill_null(False)
    return x.when(condition).then(number(x, 1)).otherwise(number(x, 0))


@cache
def number(x: Any, value: int) -> Any:
    """A whole number in an engine's `words`, said once: saying it anew takes longer than a small list's answer."""
    return x.lit(value, dtype=x.Int64)


def owned(frame: Any, settings: Settings) -> Any:
    """One column a field: where the partner filled in ``<field>__partner`` too, settings say whose cell counts.

    The other side's cell is used where the first is blank. A field only the partner has becomes the field. Second
    columns (``__time``, ``__yes``) go with their value. The partner's columns are gone from the frame.
    """
    x = words(frame)
    names = frame.collect_schema().names()
    theirs = [n.removesuffix(OWNER_SUFFIX) for n in names if n.endswith(OWNER_SUFFIX)]
    if not theirs:
        return frame
    sides = ("", OWNER_SUFFIX) if settings.first_owner == "person" else (OWNER_SUFFIX, "")
    columns = []
    for field in (n for n in theirs if not n.endswith(_COMPANIONS)):
        parts = [field, *(field + c for c in _COMPANIONS if field + c in theirs)]
        if field not in names:
            columns += [x.col(part + OWNER_SUFFIX).alias(part) for part in parts]
            continue
        first, second = sides
        filled = ~x.col(field + first).is_null()
        if f"{field}__yes" in theirs and f"{field}__yes" in names:
            filled |= ~x.col(f"{field}__yes{first}").is_null()
        columns += [
            x.when(filled).then(x.col(part + first)).otherwise(x.col(part + second)).alias(part)
            for part in parts
            if part in names
        ]
    return frame.with_columns(*columns).drop([n + OWNER_SUFFIX for n in theirs])


def _won(contents: Contents, settings: Settings, x: Any) -> Any:
    dated = ~x.col("won_at").is_null() if "won_at" in contents.columns else x.lit(False)
    if "stage" not in contents.columns:
        return flag(dated).cast(x.Int64)
    tests = [x.col("stage").is_null() & dated]
    won = won_stages(contents.texts("stage"), settings)
    if len(won) <= _FEW:
        tests += [x.col("stage") == text for text in won]  # looking every row up in a list takes four times longer
    else:
        tests.append(x.col("stage").is_in(won))
    return flag(reduce(or_, tests)).cast(x.Int64)


def _customer(names: set[str], x: Any) -> Any:
    named = x.lit(None, dtype=x.String)
    if "customer" in names:
        place = x.col("partner").fill_null("") if "partner" in names else x.lit("")
        named = x.concat_str(x.col("customer"), place, separator="\x1f")
    return x.when(~x.col("phone").is_null()).then(x.col("phone")).otherwise(named) if "phone" in names else named


def _known_customers(frame: Any, customers: Any) -> Any:
    """Where the customer cell holds an id of the customers table, that id is the customer."""
    x, customers = words(frame), asked(customers)
    if "customer_id" not in customers.collect_schema().names():
        return frame
    ids = customers.select(customer="customer_id").filter(~x.col("customer").is_null()).unique()
    ids = ids.with_columns(_known=x.col("customer"))
    joined = frame.join(ids, on="customer", how="left")
    return joined.with_columns(_customer=x.coalesce(x.col("_known"), x.col("_customer"))).drop("_known")


def _latest(frame: Any, dimension: str, scan: bool, *, few: bool) -> dict[str, int]:
    latest = frame.group_by(dimension).agg(words(frame).col("_touch").max())
    rows = answers([latest], scan=scan, few=few)[0].rows()
    return {key: int(touch) // DAY for key, touch in rows if key is not None and touch is not None}
