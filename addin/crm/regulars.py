"""What there is to say about a team's customers: the pool, whom to invite, who is good and why, what to offer next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from addin.crm.calendar import date_of
from addin.crm.cross_sell import Offer, offer_for, offers
from addin.crm.engines import to_polars
from addin.crm.message import Message, msg
from addin.crm.people import kinds, people, shown, worded
from addin.crm.pool import Invitations, PoolWeek, invitations, is_member, joined, weeks, why_now
from addin.crm.quality import reasons, scored

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import polars as pl

    from addin.crm.bindings import Prepared
    from addin.crm.settings import Settings

Group = Literal["invite", "member", "customer"]
#: Groups in the order they are listed; ``invited`` is a person's own mark on an invitation.
GROUPS: Final = ("invite", "invited", "member", "customer")
#: Lines a list holds at most, invitations among them.
MOST, INVITED = 200, 100
#: Orders told of a customer, the latest.
TOLD: Final = 4
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
    """One customer to show. ``net`` in hundredths; ``last`` is the day of the last order or experience.

    ``why`` is why now, for an invitation; ``told`` the last orders, oldest first, ``earlier`` how many before them.
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


def regulars(
    prepared: Prepared, settings: Settings, customers: Any = None, keep: Collection[str] = ()
) -> Regulars | None:
    """The customers of the requests; None where nobody ever bought or joined. ``keep``: keys shown in any case."""
    import polars as pl

    as_of = prepared.as_of
    lines = scored(people(prepared, settings, customers), prepared, settings)
    lines = lines.with_columns(strategic=_strategic(lines, prepared, settings), member=is_member(lines))
    known = lines.filter((pl.col("orders") > 0) | joined(lines).is_not_null() | pl.col("strategic"))
    invited = invitations(lines, as_of, settings)
    if known.is_empty() and invited.lines.is_empty():
        return None
    first = invited.lines.head(INVITED)
    rest = known.join(invited.lines.select("customer"), on="customer", how="anti")
    room = MOST - first.height
    order = ["score", "net", "customer"]
    best = rest.filter("member").sort(order, descending=[True, True, False]).head(room // 2)
    others = rest.filter(~pl.col("member")).sort(order, descending=[True, True, False]).head(room - best.height)
    top = known.filter("strategic").sort("net", "customer", descending=[True, False]).head(STRATEGIC)
    kept = lines.filter(pl.col("customer").is_in(list(keep))) if keep else lines.clear()
    wanted = pl.concat([first, best, others, kept, top]).unique("customer", maintain_order=True)
    drawn = {person.key: person for person in _persons(wanted, prepared, invited, offers(prepared, _several(lines)))}
    keys = pl.concat([first, kept, best, others])["customer"].unique(maintain_order=True)
    listed = sorted((drawn[key] for key in keys), key=lambda person: GROUPS.index(person.group))
    more = _more(invited, rest, listed)
    return Regulars(
        weeks=weeks(lines, as_of),
        people=listed,
        more=more,
        strategic=[drawn[key] for key in top["customer"]],
        members=invited.members,
        invites=invited.lines.height,
        held=invited.held,
        older=invited.older,
        lines=lines,
    )


STRATEGIC: Final = 8


def _several(lines: pl.DataFrame) -> pl.Series:
    import polars as pl

    return lines.filter(pl.col("several").fill_null(False))["customer"]


def _more(invited: Invitations, rest: pl.DataFrame, listed: list[Person]) -> dict[Group, int]:
    """How many of each group are not listed."""
    members = int(rest["member"].sum())
    sizes: dict[Group, int] = {
        "invite": invited.lines.height,
        "member": members,
        "customer": rest.height - members,
    }
    for person in listed:
        sizes[person.group] -= 1
    return {group: size for group, size in sizes.items() if size > 0}


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


def _persons(
    wanted: pl.DataFrame, prepared: Prepared, invited: Invitations, known: Mapping[str, Offer]
) -> list[Person]:
    """The lines as people read them, with what each bought."""
    told = _bought(wanted, prepared)
    inviting = set(invited.lines["customer"].to_list())
    out = []
    for line in shown(wanted, prepared).iter_rows(named=True):
        key = line["customer"]
        history = told.get(key, [])
        group: Group = "invite" if key in inviting else "member" if line["member"] else "customer"
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
                last=line["last"] if line["last"] is not None else line["experienced"],
                strategic=line["strategic"],
                reasons=reasons(line),
                why=why_now(line, prepared.as_of) if group == "invite" else None,
                preference=line.get("preference") or "",
                told=tuple(history[-TOLD:]),
                earlier=max(len(history) - TOLD, 0),
                offer=offer_for([item.service for item in history if item.service], known),
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


@dataclass(frozen=True, slots=True)
class Persona:
    """One persona's customers; ``name`` None = none noted, so the parts add up. ``net`` in hundredths."""

    name: str | None
    customers: int
    requests: int
    orders: int
    net: int
    score: float
    members: int

    @property
    def conversion(self) -> float | None:
        """Orders of requests."""
        return self.orders / self.requests if self.requests else None


def personas(lines: pl.DataFrame) -> list[Persona]:
    """Each persona of the customer list, the one that earns most first, none noted last; [] without such a column."""
    import polars as pl

    if "persona" not in lines.columns:
        return []
    found = lines.group_by("persona").agg(
        pl.len(),
        pl.col("requests", "orders", "net").sum(),
        pl.col("score").filter(pl.col("orders") > 0).mean().fill_null(0.0),
        pl.col("member").sum(),
    )
    rows = [Persona(*row) for row in found.iter_rows()]
    return sorted(rows, key=lambda one: (one.name is None, -one.net, one.name or ""))


def regular_product(settings: Settings) -> Message:
    """What the regular product of this kind of business is (seed 003)."""
    return msg(f"regulars.business.{settings.business}")


#: Ids made by name, so that a test can check the catalogue has them.
BUSINESS_IDS: Final = tuple(
    f"regulars.business.{name}" for name in ("goods_once", "goods_lasting", "service_once", "service_lasting")
)
