"""Daily facts about customers, keyed by their first order: who came back, stayed, brought others, and what they paid.

A customer's facts stand where the first order stands, and become true when the customer is old enough: the young ones
are left out, never counted as lost (censoring).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.crm.bindings import Prepared, flag, number
from addin.crm.engines import words

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
    known = (col("_won") == 1) & ~col("_customer").is_null() & ~col("_order").is_null()
    service = ["service"] if prepared.has("service") else []
    orders = prepared.frame.filter(known & (col("_order") <= prepared.as_of))
    orders = orders.select("_customer", "_order", "_net", *dict.fromkeys([*dimensions, *service]))
    orders = orders.with_columns(day=col("_order").min().over("_customer"))
    age, horizon = col("_order") - col("day"), settings.ltv_weeks * 7
    if service:
        orders = orders.with_columns(_service=col("service"))
    orders = orders.with_columns(
        _soon=flag(age <= settings.revisit_days),
        _within=x.when(age < horizon).then(col("_net")).otherwise(number(x, 0)),
        _kept=x.when((age >= RETAINED_DAYS[0]) & (age <= RETAINED_DAYS[1])).then(col("_order")),
        **{d: x.when(age == 0).then(col(d)) for d in dimensions},
    )
    services = [col("_service").min().alias("_least"), col("_service").max().alias("_most")] if service else []
    people = orders.group_by("_customer", "day").agg(
        col("_soon").sum(), col("_within").sum(), col("_kept").min(), *services, *(col(d).max() for d in dimensions)
    )
    aged = flag(col("day") + settings.revisit_days <= prepared.as_of)
    grown = flag(col("day") + horizon <= prepared.as_of)
    ripe = flag(col("day") + RETAINED_DAYS[1] <= prepared.as_of)
    stayed = ripe * flag(~col("_kept").is_null())
    columns = {
        "new": number(x, 1),
        "aged": aged,
        "returned": aged * flag(col("_soon") >= 2),
        "ltv_n": grown,
        "ltv_net": grown * col("_within"),
        "ret_n": ripe,
        "ret_hit": stayed,
    }
    if service:
        columns["crossed"] = flag(col("_least") != col("_most"))
    if prepared.has("referrer"):
        from addin.crm.quality import introducers

        found = introducers(prepared).to_list()
        columns["ref_hit"] = stayed * flag(col("_customer").is_in(found)) if found else stayed * 0
    if prepared.rows is not None:
        people = people.collect(engine="in-memory").lazy()  # they are asked twice
    yield people.with_columns(**columns), columns
    kept = {"kept": number(x, 1)}
    yield people.filter(~col("_kept").is_null()).with_columns(day=col("_kept"), **kept), kept
