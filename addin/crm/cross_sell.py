"""What to offer next: the service that others like this customer bought after the same first one (seed 002).

Counted, not guessed: of those who began with 도배 and bought something else, how many chose 전등 next. Too few to count
say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from addin.crm.engines import to_polars
from addin.crm.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from addin.crm.bindings import Prepared

#: Fewer customers than this who went on from a service are no experience.
ENOUGH: Final = 3


class Offer(NamedTuple):
    """After ``service``, ``times`` of the ``of`` customers who bought something else bought ``following`` next."""

    service: str
    following: str
    times: int
    of: int

    @property
    def why(self) -> Message:
        """The offer in a sentence."""
        return msg("regulars.offer", service=self.service, following=self.following, times=self.times, of=self.of)


def offers(prepared: Prepared, several: pl.Series) -> dict[str, Offer]:
    """First service → what is most often bought next; of equals the first in the alphabet.

    ``several``: the keys of customers with two services or more (`addin.crm.people`). {} without services or dates.
    """
    import polars as pl

    if not prepared.has("service") or not len(several):
        return {}
    col = pl.col
    wanted = several.alias("_customer").to_frame().lazy()
    firsts = (
        to_polars(prepared.native())
        .lazy()
        .filter((col("_won") == 1) & (col("_order") <= prepared.as_of) & col("service").is_not_null())
        .select("_customer", "service", "_order")
        .join(wanted, on="_customer", how="semi")
        .group_by("_customer", "service")
        .agg(day=col("_order").min())
        .sort("_customer", "day", "service")
        .group_by("_customer", maintain_order=True)
        .agg(service=col("service").first(), following=col("service").get(1), days=col("day").slice(0, 2).n_unique())
        .filter(col("days") > 1)
        .group_by("service", "following")
        .len()
        .collect(engine="in-memory")
    )
    totals: dict[str, int] = {}
    best: dict[str, tuple[int, str]] = {}
    for service, following, times in firsts.iter_rows():
        totals[service] = totals.get(service, 0) + times
        found = best.get(service)
        if found is None or (-times, following) < (-found[0], found[1]):
            best[service] = (times, following)
    return {
        service: Offer(service, following, times, totals[service])
        for service, (times, following) in best.items()
        if totals[service] >= ENOUGH
    }


def offer_for(bought: Sequence[str], known: Mapping[str, Offer]) -> Offer | None:
    """The offer for a customer who bought these services, oldest first: the first that holds something new.

    >>> known = {"도배": Offer("도배", "전등", 4, 6), "전등": Offer("전등", "도배", 3, 5)}
    >>> offer_for(["도배"], known).following, offer_for(["도배", "전등"], known)
    ('전등', None)
    """
    for service in bought:
        offer = known.get(service)
        if offer is not None and offer.following not in bought:
            return offer
    return None
