"""Who bought more of the same later, and who regularly buys below what others pay (seed 002: up-selling).

Counted as `addin.crm.cross_sell` counts: of those who came back for a service, how many paid more the last time than
the first. Money is net of refunds; what brought in nothing tells of no price.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.crm.cross_sell import ENOUGH
from addin.crm.engines import to_polars
from addin.crm.message import Message, msg

if TYPE_CHECKING:
    import polars as pl

    from addin.crm.bindings import Prepared
    from addin.crm.settings import Settings

#: Fewer customers than this tell little: the sentence says so.
FEW: Final = 10
#: Shares are compared in ten-thousandths: a tenth more is a tenth more, whatever a float makes of 1.1.
_WHOLE: Final = 10_000


class Upsold(NamedTuple):
    """One service: ``could`` customers bought it on two days or more, ``did`` of them paid more the last time.

    ``more``: what those who did paid more, in the middle, in hundredths; ``candidates`` how many could.
    """

    service: str
    could: int
    did: int
    more: int | None
    candidates: int = 0

    @property
    def rate(self) -> float | None:
        """Those who did of those who could."""
        return self.did / self.could if self.could else None

    @property
    def few(self) -> bool:
        """Whether so few came back that the rate tells little."""
        return self.could < FEW


class Candidate(NamedTuple):
    """A customer who bought ``service`` ``orders`` times lately for ``usual`` on average; the ``others`` customers pay
    ``theirs`` in the middle. Money in hundredths."""

    customer: str
    service: str
    orders: int
    usual: int
    theirs: int
    others: int

    @property
    def gap(self) -> int:
        """What an order would bring if it cost what others pay, in hundredths."""
        return self.theirs - self.usual

    @property
    def why(self) -> Message:
        """The candidate in a sentence; says so where few others are compared with."""
        return msg(
            "upsell.candidate.few" if self.others < FEW else "upsell.candidate",
            service=self.service,
            orders=self.orders,
            usual=f"{self.usual / 100:,.0f}",
            theirs=f"{self.theirs / 100:,.0f}",
            others=self.others,
        )


@dataclass(frozen=True, slots=True)
class UpSell:
    """``services``, the one most came back for first · ``candidates`` by customer, of each the one that would bring
    most, the best first · ``share``: from which difference on more was paid."""

    services: tuple[Upsold, ...] = ()
    candidates: dict[str, Candidate] = field(default_factory=dict)
    share: float = 0.1

    @property
    def could(self) -> int:
        """Customers × services that were bought again."""
        return sum(one.could for one in self.services)

    @property
    def did(self) -> int:
        """Those of them for whom more was paid the last time."""
        return sum(one.did for one in self.services)

    @property
    def rate(self) -> float | None:
        """Up-sold of those that could be."""
        return self.did / self.could if self.could else None

    @property
    def few(self) -> bool:
        """Whether so few were bought again that the rate tells little."""
        return self.could < FEW


def up_sell(prepared: Prepared, lines: pl.DataFrame, settings: Settings) -> UpSell:
    """Who bought more later and who could, from the requests and the lines of `addin.crm.people`.

    More = by the settings' share over the first time; regularly = the settings' frequent orders in their weeks. A
    candidate pays less by that share than the others do in the middle, and there are `cross_sell.ENOUGH` others.
    Nothing without services, amounts and two orders of anybody.
    """
    import polars as pl

    col = pl.col
    if not prepared.has("service", "amount") or not (lines["orders"] > 1).any():
        return UpSell()
    # The few who bought the same again are told by a number first; one shared by chance lets in what stands alone.
    same = (col("_customer").hash() ^ col("service").hash(1)).is_duplicated()
    rows = (
        to_polars(prepared.native())
        .lazy()
        .filter(
            (col("_won") == 1) & (col("_order") <= prepared.as_of) & (col("_net") > 0),
            col("service").is_not_null() & col("_customer").is_not_null(),
        )
        .select("_customer", "service", "_order", "_net", _same=same)
        .with_columns(_lately=col("_order") > prepared.as_of - 7 * settings.frequent_weeks)
        .collect(engine="in-memory")
    )
    pairs = (
        rows.lazy()
        .filter("_same")
        .group_by("_customer", "service")
        .agg(
            first=col("_order").min(),
            last=col("_order").max(),
            orders=col("_lately").sum().cast(pl.Int64),
            usual=col("_net").filter("_lately").mean(),
        )
        .collect(engine="in-memory")
    )
    share = round(settings.upsell_share * _WHOLE)
    services = _upsold(rows, pairs, share)
    candidates = _candidates(rows, pairs, share, settings.frequent_orders)
    found: dict[str, int] = {}
    for one in candidates:
        found[one.service] = found.get(one.service, 0) + 1
    named = {one.service for one in services}
    services += [Upsold(service, 0, 0, None) for service in found if service not in named]
    counted = [Upsold(s.service, s.could, s.did, s.more, found.get(s.service, 0)) for s in services]
    widest: dict[str, Candidate] = {}
    for one in candidates:
        widest.setdefault(one.customer, one)
    order = sorted(counted, key=lambda s: (-s.could, -s.candidates, s.service))
    return UpSell(tuple(order), widest, float(settings.upsell_share))


def _upsold(rows: pl.DataFrame, pairs: pl.DataFrame, share: int) -> list[Upsold]:
    """Each service that somebody bought on two days: the money of the last day beside that of the first."""
    import polars as pl

    col = pl.col
    back = pairs.lazy().filter(col("first") < col("last")).select("_customer", "service", "first", "last")
    ends = (
        rows.lazy()
        .filter("_same")
        .join(back, on=["_customer", "service"], how="inner")
        .group_by("_customer", "service")
        .agg(
            before=col("_net").filter(col("_order") == col("first")).sum(),
            after=col("_net").filter(col("_order") == col("last")).sum(),
        )
        .with_columns(did=col("after") * _WHOLE >= col("before") * (_WHOLE + share))
    )
    gained = (col("after") - col("before")).filter("did")
    summed = ends.group_by("service").agg(pl.len(), col("did").sum(), gained.median()).collect(engine="in-memory")
    return [Upsold(service, n, did, None if m is None else round(m)) for service, n, did, m in summed.iter_rows()]


def _candidates(rows: pl.DataFrame, pairs: pl.DataFrame, share: int, often: int) -> list[Candidate]:
    """Who buys regularly below the others, of each service: what would bring most first.

    What a customer pays is its mean; what the others pay the median of theirs, the customer left out. It is read off
    the sorted line, not counted anew: whoever stands below the middle moves it up by half a place, and whoever is the
    middle leaves its two neighbours.
    """
    import polars as pl

    col = pl.col
    regular = pairs.filter(col("orders") >= max(often, 2))
    if regular.is_empty():
        return []
    wanted = col("service").is_in(regular["service"].unique().implode())
    once = rows.lazy().filter(col("_lately") & ~col("_same") & wanted)
    paid = pl.concat(
        [
            pairs.lazy().filter(wanted & (col("orders") > 0)).select("service", "usual"),
            once.select("service", usual=col("_net").cast(pl.Float64)),
        ]
    )
    n, line = pl.len().cast(pl.Int64), col("usual").sort()
    half = n // 2
    lines = (
        paid.group_by("service")
        .agg(
            middle=line.get(half),
            below=(line.get(half) + line.get(((n + 1) // 2).clip(0, n - 1))) / 2,
            amid=(line.get((half - 1).clip(0)) + line.get((half - 1 + 2 * (n % 2)).clip(0, n - 1))) / 2,
            others=n - 1,
        )
        .join(regular.lazy(), on="service", how="inner")
        .with_columns(theirs=pl.when(col("usual") < col("middle")).then("below").otherwise("amid"))
        .filter(
            col("others") >= ENOUGH,
            col("usual") <= col("middle"),
            col("usual") * _WHOLE <= col("theirs") * (_WHOLE - share),
        )
        .with_columns(brings=(col("theirs") - col("usual")) * col("orders"))
        .sort("brings", "_customer", "service", descending=[True, False, False])
        .select("_customer", "service", "orders", col("usual", "theirs").round().cast(pl.Int64), "others")
        .collect(engine="in-memory")
    )
    return [Candidate(*line) for line in lines.iter_rows()]


#: Ids made by name, so that a test can check the catalogue has them.
UPSELL_IDS: Final = ("upsell.candidate", "upsell.candidate.few")
