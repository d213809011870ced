"""What there is to say about a team's customers: the pool, whom to invite, who is good and why, what to offer next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal

from addin.crm.calendar import date_of
from addin.crm.cross_sell import Offer, offer_for, offers
from addin.crm.engines import to_polars
from addin.crm.message import Message, msg
from addin.crm.people import kinds, shown, worded
from addin.crm.pool import STANDINGS, PoolWeek, standing, weeks, why_now
from addin.crm.quality import reasons, scored
from addin.crm.up_sell import Candidate, UpSell, up_sell
from addin.crm.users import User, users_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import polars as pl

    from addin.crm.bindings import Prepared
    from addin.crm.settings import Settings

Group = Literal["invite", "member", "customer"]
#: Groups in the order they are listed; ``invited`` is a person's own mark on an invitation.
GROUPS: Final = ("invite", "invited", "member", "customer")
LISTED: Final[tuple[Group, ...]] = ("invite", "member", "customer")
#: Lines a list holds at most, and invitations among them: as many as a team sends in a week. The others can be listed
#: with ``danggol rows``.
MOST, INVITED, STRATEGIC = 40, 20, 8
#: Customers to offer more who are listed whatever their score.
CANDIDATES: Final = 5
#: Orders told of a customer, the latest.
TOLD: Final = 3
#: seed 002: 전략 고객 buy (or bring) regular or group service.
GROUP_WORDS: Final = ("단체", "기업", "group", "bulk", "corporate")


@dataclass(frozen=True, slots=True)
class Told:
    """One order of a customer: its day, the service, a person's note on it."""

    day: int
    service: str
    note: str


@dataclass(frozen=True, slots=True)
class Person:
    """One customer to show. ``net`` in hundredths; ``last``: the day we last served them, or the order.

    ``why`` is why now, for an invitation; ``told`` the last orders, oldest first, ``earlier`` how many before them;
    ``users``: who used them, where that is somebody else; ``better``: a service they could pay more for.
    """

    key: str
    name: str
    partner: str
    phone: str
    group: Group
    score: int
    orders: int
    net: int
    last: int | None
    strategic: bool
    reasons: tuple[Message, ...]
    why: Message | None
    preference: str
    told: tuple[Told, ...]
    earlier: int
    offer: Offer | None
    better: Candidate | None = None
    users: tuple[User, ...] = ()


@dataclass(frozen=True, slots=True)
class Regulars:
    """``weeks`` of the pool, [] where no one ever joined · ``people`` to show, invitations first · ``more`` not shown
    by group · ``strategic``: the largest of them by net revenue."""

    weeks: list[PoolWeek]
    people: list[Person]
    more: dict[Group, int]
    strategic: list[Person]
    members: int
    invites: int
    held: int
    older: int
    lines: pl.DataFrame
    upsell: UpSell


def regulars(
    lines: pl.DataFrame,
    prepared: Prepared,
    settings: Settings,
    keep: Collection[str] = (),
    customers: Any = None,
) -> Regulars | None:
    """What the lines of `addin.crm.people`, or of `grouped`, say; None where nobody ever bought or joined.

    ``keep``: keys to show; ``customers``: the customer list, for what it says of users.
    """
    import polars as pl

    as_of, col = prepared.as_of, pl.col
    if "group" not in lines.columns:
        lines = grouped(lines, prepared, settings)
    sizes = lines.select((col("group") == group).sum().alias(group) for group in LISTED).row(0, named=True)
    if not any(sizes.values()):
        return None
    stands = lines.select((col("standing") == name).sum().alias(name) for name in STANDINGS).row(0, named=True)
    by_score = ("score", "net")
    first = _best(lines, col("group") == "invite", ("score", "orders", "experienced"), INVITED)
    room = MOST - len(first)
    members = _best(lines, col("group") == "member", by_score, max(room // 2, room - sizes["customer"]))
    others = _best(lines, col("group") == "customer", by_score, room - len(members))
    top = _best(lines, col("strategic"), ("net",), STRATEGIC)
    upsell = up_sell(prepared, lines, settings)
    keys = list(dict.fromkeys([*first, *members, *others, *islice(upsell.candidates, CANDIDATES), *keep]))
    chosen = lines.filter(col("customer").is_in([*keys, *top]))
    drawn = {
        one.key: replace(one, better=upsell.candidates.get(one.key))
        for one in _persons(chosen, prepared, offers(prepared, _several(lines)), customers)
    }
    keys = [key for key in keys if key in drawn]
    listed = sorted((drawn[key] for key in keys), key=lambda person: GROUPS.index(person.group))
    left_out = {group: sizes[group] - sum(one.group == group for one in listed) for group in LISTED}
    return Regulars(
        weeks=weeks(lines, as_of),
        people=listed,
        more={group: count for group, count in left_out.items() if count > 0},
        strategic=[drawn[key] for key in top],
        members=stands["member"],
        invites=stands["invite"],
        held=stands["held"],
        older=stands["older"],
        lines=lines,
        upsell=upsell,
    )


def grouped(lines: pl.DataFrame, prepared: Prepared, settings: Settings) -> pl.DataFrame:
    """The lines of `addin.crm.people` with their score, ``strategic``, ``standing`` and the ``group`` of each.

    Each line tells it by itself, but for who introduced whom.
    """
    import polars as pl

    col = pl.col
    lines = scored(lines, prepared, settings).with_columns(
        strategic=_strategic(lines, prepared, settings), standing=standing(lines, prepared.as_of, settings)
    )
    known = (col("orders") > 0) | col("standing").is_not_null() | col("strategic")
    group = pl.when(col("standing").is_in(["invite", "member"])).then("standing").when(known).then(pl.lit("customer"))
    return lines.with_columns(group=group)


def _best(lines: pl.DataFrame, which: pl.Expr, by: tuple[str, ...], count: int) -> list[str]:
    """The keys of the best of some lines: the highest first, of equals in the order of their keys.

    Those surely among them are set aside column by column: sorting a hundred thousand lines would take too long.
    """
    import polars as pl

    ties, parts = lines.lazy().filter(which).select("customer", *by).collect(engine="in-memory"), []
    for name in by:
        if ties.height <= count or not count:
            break
        least = ties[name].top_k(count).min()
        parts.append(ties.filter(pl.col(name) > least))
        ties, count = ties.filter(pl.col(name) == least), count - parts[-1].height
    parts.append(ties.sort("customer").head(count))
    best = pl.concat(parts).sort(*by, "customer", descending=[*(True for _ in by), False])
    return best["customer"].to_list()


def _several(lines: pl.DataFrame) -> pl.Series:
    return lines.filter("several")["customer"]


def _strategic(lines: pl.DataFrame, prepared: Prepared, settings: Settings) -> pl.Expr:
    """Buyers of regular or group service, and those a person has marked."""
    import polars as pl

    found = []
    if "strategic" in lines.columns:
        found.append(pl.col("strategic"))
    if "service_kind" in lines.columns:
        texts = lines["service_kind"].unique().drop_nulls()
        big = [t for t in texts if kinds(t, settings.regular_words)[0] or worded(t, GROUP_WORDS)]
        found.append(pl.col("service_kind").is_in(big))
    if prepared.has("service"):
        found.append(pl.col("regular_orders") > 0)
    return pl.any_horizontal([each.fill_null(False) for each in found]) if found else pl.lit(False)


def _persons(wanted: pl.DataFrame, prepared: Prepared, known: Mapping[str, Offer], customers: Any) -> list[Person]:
    """The lines as people read them, with what each bought and who used it."""
    told, users = _bought(wanted, prepared), users_of(wanted, prepared, customers)
    out = []
    for line in shown(wanted, prepared).iter_rows(named=True):
        key = line["customer"]
        history = told.get(key, [])
        group: Group = line["group"] or "customer"
        out.append(
            Person(
                key=key,
                name=line["name"] or "",
                partner=line["partner"] or "",
                phone=line["phone"] or "",
                group=group,
                score=line["score"],
                orders=line["orders"],
                net=line["net"],
                last=line["experienced"],
                strategic=line["strategic"],
                reasons=reasons(line),
                why=why_now(line, prepared.as_of) if group == "invite" else None,
                preference=line.get("preference") or "",
                told=tuple(history[-TOLD:]),
                earlier=max(len(history) - TOLD, 0),
                offer=offer_for([item.service for item in history if item.service], known),
                users=users.get(key, ()),
            )
        )
    return out


def _bought(wanted: pl.DataFrame, prepared: Prepared) -> dict[str, list[Told]]:
    """Customer → its orders in order of time."""
    import polars as pl

    col = pl.col
    blank = pl.lit(None, dtype=pl.String)
    service, note = (col(c) if prepared.has(c) else blank for c in ("service", "note"))
    orders = (
        to_polars(prepared.native())
        .lazy()
        .filter((col("_won") == 1) & (col("_order") <= prepared.as_of))
        .select("_customer", "_order", _service=service.fill_null(""), _note=note.fill_null(""))
        .join(wanted.lazy().select(_customer="customer"), on="_customer", how="semi")
        .sort("_order", maintain_order=True)
        .collect(engine="in-memory")
    )
    found: dict[str, list[Told]] = {}
    for key, day, what, words in orders.iter_rows():
        found.setdefault(key, []).append(Told(day, what, words))
    return found


def told_text(told: Told) -> str:
    """An order in short: ``26-03-02 도배 (오전 방문)``.

    >>> told_text(Told(20514, "도배", "오전 방문"))
    '26-03-02 도배 (오전 방문)'
    """
    note = f"({told.note})" if told.note else ""
    return " ".join(part for part in (f"{date_of(told.day):%y-%m-%d}", told.service, note) if part)


def regular_product(settings: Settings) -> Message:
    """What the regular product of this kind of business is (seed 003)."""
    return msg(f"regulars.business.{settings.business}")


#: Ids made by name, so that a test can check the catalogue has them.
BUSINESS_IDS: Final = tuple(
    f"regulars.business.{name}" for name in ("goods_once", "goods_lasting", "service_once", "service_lasting")
)
