"""Daily facts about customers, keyed by their first order: who came back, stayed, brought others, and what they paid.

A customer's facts stand where the first order stands, and become true when the customer is old enough: the young ones
are left out, never counted as lost (censoring).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.crm.bindings import Prepared, flag, number
from addin.crm.engines import words, worked_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from addin.crm.settings import Settings

#: seed 004: two months on (2개월 후) a customer is retained; the first month's orders say nothing about staying.
RETAINED_DAYS = (31, 60)
#: Measures that become true at the same age.
COHORTS = (("aged", "returned"), ("ltv_n", "ltv_net"), ("ret_n", "ret_hit", "ref_hit"))


def age_of(measure: str, settings: Settings) -> int:
    """Days until a fact about a customer becomes true; 0 for the facts that are true at once."""
    revisit, lifetime, retained = COHORTS
    if measure in revisit:
        return settings.revisit_days
    return settings.ltv_weeks * 7 if measure in lifetime else RETAINED_DAYS[1] if measure in retained else 0


def cohort_facts(
    prepared: Prepared, settings: Settings, dimensions: Sequence[str]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Frames with ``day`` and the dimensions, a line a customer, and the measures of each.

    On the day of the first order: ``new``, ``aged returned`` (ordered again within the settings' days), ``ltv_n
    ltv_net``, ``ret_n ret_hit`` (ordered in days 31 to 60), ``ref_hit`` (did so and introduced somebody), ``crossed``
    (bought two services by now). On the day of the first order within days 31 to 60: ``kept``.
    """
    x = words(prepared.frame)
    col = x.col
    by = _told_apart(prepared)
    known = (col("_won") == 1) & ~col(by[0]).is_null() & ~col("_order").is_null()
    service = ["service"] if prepared.has("service") else []
    orders = prepared.frame.filter(known & (col("_order") <= prepared.as_of))
    others = [d for d in dimensions if d not in by]
    orders = orders.select("_order", "_net", *dict.fromkeys([*by, *dimensions, *service]))
    orders = orders.with_columns(day=col("_order").min().over(*by))
    age, horizon = col("_order") - col("day"), settings.ltv_weeks * 7
    if service:
        orders = orders.with_columns(_service=col("service"))
    orders = orders.with_columns(
        _soon=flag(age <= settings.revisit_days),
        _within=x.when(age < horizon).then(col("_net")).otherwise(number(x, 0)),
        _kept=x.when((age >= RETAINED_DAYS[0]) & (age <= RETAINED_DAYS[1])).then(col("_order")),
        **{d: x.when(age == 0).then(col(d)) for d in others},
    )
    services = [col("_service").min().alias("_least"), col("_service").max().alias("_most")] if service else []
    sums = [col("day").min(), col("_soon").sum(), col("_within").sum(), col("_kept").min()]
    people = orders.group_by(*by).agg(*sums, *services, *(col(d).max() for d in others))
    aged = col("day") + settings.revisit_days <= prepared.as_of
    grown = col("day") + horizon <= prepared.as_of
    ripe = col("day") + RETAINED_DAYS[1] <= prepared.as_of
    stayed = ripe & ~col("_kept").is_null()
    columns = {
        "new": number(x, 1),
        "aged": flag(aged),
        "returned": flag(aged & (col("_soon") >= 2)),
        "ltv_n": flag(grown),
        "ltv_net": x.when(grown).then(col("_within")).otherwise(number(x, 0)),
        "ret_n": flag(ripe),
        "ret_hit": flag(stayed),
    }
    if service:
        columns["crossed"] = flag(col("_least") != col("_most"))
    if prepared.has("referrer"):
        from addin.crm.quality import introducers

        found = introducers(prepared).to_list()
        columns["ref_hit"] = flag(stayed & col("_customer").is_in(found)) if found else number(x, 0)
    if prepared.rows is not None:
        people = worked_out(people, few=prepared.few).lazy()  # they are asked twice
    yield people.with_columns(**columns), columns
    kept = {"kept": number(x, 1)}
    yield people.filter(~col("_kept").is_null()).with_columns(day=col("_kept"), **kept), kept


def _told_apart(prepared: Prepared) -> list[str]:
    """The columns that tell one customer from another: a name and its partner apart take less than the two in one."""
    if not prepared.by_name or prepared.has("referrer"):
        return ["_customer"]
    if not prepared.has("partner"):
        return ["customer"]
    return ["_customer"] if "" in prepared.contents.texts("partner") else ["customer", "partner"]
