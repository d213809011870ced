"""The pool of regulars (단골 풀): who joined, who left, the net change a week, and whom to invite next.

seed 003: after the experience comes an invitation to the pool, and joining counts as 단골. Who complained or was
refunded lately is helped first, not invited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from addin.crm.calendar import last_closed_week, week_bounds, week_label, week_of_day
from addin.crm.message import Message, msg
from addin.crm.people import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from addin.crm.settings import Settings


#: Where a customer may stand towards the pool (`standing`).
STANDINGS: Final = ("member", "invite", "held", "older")
#: How a person says it in a condition (`pool_term`): the pool, and where one stands, in both languages.
POOL_WORDS: Final = ("regulars", "단골풀")
STANDING_WORDS: Final = {
    **{name: name for name in STANDINGS},
    "단골": "member",
    "초대": "invite",
    "보류": "held",
    "오래됨": "older",
}


class PoolWeek(NamedTuple):
    """One ISO week of the pool: who joined, who left, and how many there are at its end (or so far)."""

    week: int
    joined: int
    left: int
    size: int
    closed: bool

    @property
    def net(self) -> int:
        """The change of the week."""
        return self.joined - self.left

    @property
    def label(self) -> str:
        """``2026-W47``."""
        return week_label(self.week)


def joined(lines: pl.DataFrame) -> pl.Expr:
    """The day a customer joined the pool: the membership, else the customer list's joining day."""
    import polars as pl

    return pl.coalesce(*[c for c in ("member_at", "joined_at") if c in lines.columns])


def left(lines: pl.DataFrame) -> pl.Expr:
    """The day a member left; a leaving before the joining is an older story."""
    import polars as pl

    if "left_at" not in lines.columns:
        return pl.lit(None, dtype=pl.Int64)
    return pl.when(pl.col("left_at") >= joined(lines)).then(pl.col("left_at"))


def is_member(lines: pl.DataFrame) -> pl.Expr:
    """Who is in the pool now."""
    return joined(lines).is_not_null() & left(lines).is_null()


def weeks(lines: pl.DataFrame, as_of: int, count: int = 13) -> list[PoolWeek]:
    """The last ``count`` ISO weeks of the pool, oldest first, the week of ``as_of`` last; [] where nobody ever joined.

    ``lines`` are those of `addin.crm.people`: days after ``as_of`` are not known there.

    >>> import polars as pl
    >>> lines = pl.DataFrame({"member_at": [4, 5, 11, None], "left_at": [None, 12, None, None]})
    >>> [(w.joined, w.left, w.net, w.size) for w in weeks(lines, 17, 2)]
    [(2, 0, 2, 2), (1, 1, 0, 2)]
    """
    import polars as pl

    days = lines.select(came=joined(lines), went=left(lines)).filter(pl.col("came").is_not_null())
    if days.is_empty():
        return []
    last, closed = week_of_day(as_of), last_closed_week(as_of)
    first = last - count + 1
    came, went = (_by_week(days[name], first) for name in ("came", "went"))
    start = week_bounds(first)[0]
    size = int((days["came"] < start).sum()) - int((days["went"] < start).sum())
    found = []
    for week in range(first, last + 1):
        size += came.get(week, 0) - went.get(week, 0)
        found.append(PoolWeek(week, came.get(week, 0), went.get(week, 0), size, week <= closed))
    return found


def _by_week(days: pl.Series, first: int) -> dict[int, int]:
    import polars as pl

    there = days.filter(days >= week_bounds(first)[0]).alias("day").to_frame()
    return dict(there.group_by(week_of_day(pl.col("day"))).len().iter_rows())


def standing(lines: pl.DataFrame, as_of: int, settings: Settings) -> pl.Expr:
    """Where a customer stands towards the pool: ``member`` · ``invite`` (served within the settings' days, never a
    member, nothing wrong lately) · ``held`` (would be invited, but for a late claim or refund) · ``older`` (served too
    long ago) · null for the others: who left, who has the regular product anyway, who was never served.
    """
    import polars as pl

    col = pl.col
    since = as_of - settings.invite_days
    never = joined(lines).is_null() & col("experienced").is_not_null()
    if "left_at" in lines.columns:
        never &= col("left_at").is_null()
    if "service_kind" in lines.columns:
        texts = lines["service_kind"].unique().drop_nulls()
        regular = [text for text in texts if kinds(text, settings.regular_words)[0]]
        never &= ~col("service_kind").is_in(regular).fill_null(False)
    return (
        pl.when(is_member(lines))
        .then(pl.lit("member"))
        .when(never & (col("experienced") < since))
        .then(pl.lit("older"))
        .when(never & col("troubled").fill_null(False))
        .then(pl.lit("held"))
        .when(never)
        .then(pl.lit("invite"))
    )


def pool_term(text: str) -> tuple[str, str] | None:
    """A condition about the pool: the standing it asks for, and what was typed; None for any other text.

    The standing is '' where the word is not known.

    >>> pool_term("단골풀=초대"), pool_term("regulars = nobody"), pool_term("partner=한빛")
    (('invite', '초대'), ('', 'nobody'), None)
    """
    name, equal, value = (part.strip() for part in text.partition("="))
    if not equal or name.casefold() not in POOL_WORDS:
        return None
    return STANDING_WORDS.get(value.casefold(), ""), value


def rows_standing(lines: pl.DataFrame, requests: pl.DataFrame, as_of: int, settings: Settings, where: str) -> pl.Series:
    """``sheet!row`` of one request of each customer who stands there: the last one of theirs in the book.

    ``lines`` of `addin.crm.people`; ``requests`` the frame they were made of.
    """
    import polars as pl

    at = lines.filter(standing(lines, as_of, settings) == where)["row"].drop_nulls()
    return requests[at].select(pl.format("{}!{}", "_sheet", "_row")).to_series()


def why_now(line: Mapping[str, Any], as_of: int) -> Message:
    """Why this customer, why now: the how-manieth use, and how long ago.

    >>> why_now({"orders": 3, "experienced": 17}, 20).params["orders"]
    3
    """
    days = as_of - line["experienced"]
    ago = msg("regulars.ago", days=days) if days else msg("regulars.today")
    if line["orders"] > 1:
        return msg("regulars.why.again", orders=line["orders"], ago=ago)
    return msg("regulars.why.first" if line["orders"] else "regulars.why.visited", ago=ago)


#: Ids made by name, so that a test can check the catalogue has them.
WHY_IDS = ("regulars.why.again", "regulars.why.first", "regulars.why.visited", "regulars.ago", "regulars.today")
