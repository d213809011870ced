"""The CRM's tables and fields, and which one a person means.

Field ids are a door that stays put (people script against them). What a table and a field are is in
`addin.crm.table_types`; the lists themselves, with the words offices use, in `tables_who`, `tables_requests`,
`tables_money` and `tables_log`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.table_types import TYPES, Field, Table
from addin.crm.tables_log import ACTIVITIES, DEFECTS, EXPERIMENTS, STEP_COUNTS
from addin.crm.tables_money import PRICE_LIST, QUOTE_LINES, QUOTES, SPEND
from addin.crm.tables_requests import REQUESTS
from addin.crm.tables_who import CUSTOMERS, PARTNERS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FIELD_ALIASES", "REQUESTS", "TABLES", "TYPES", "Field", "Table", "fields_named", "table"]

#: Every table, in the order of the contract.
TABLES: tuple[Table, ...] = (
    PARTNERS, REQUESTS, CUSTOMERS, STEP_COUNTS, SPEND, ACTIVITIES, PRICE_LIST,
    QUOTES, QUOTE_LINES, DEFECTS, EXPERIMENTS,
)  # fmt: skip

#: Other names people use for a field id in ``--map``, ``--steps`` and ``--by``.
FIELD_ALIASES: dict[str, str] = {
    "intake": "received_at", "received": "received_at", "confirm": "confirmed_at", "confirmed": "confirmed_at",
    "proposal": "proposed_at", "proposed": "proposed_at", "visit": "visited_at", "visited": "visited_at",
    "won": "won_at", "paid": "won_at", "order": "won_at", "completed": "completed_at", "closed": "completed_at",
    "touch": "acted_at", "revenue": "amount", "membership": "membership_at", "product": "service",
    "agent": "assignee",
}  # fmt: skip


def table(id: str) -> Table | None:
    """The table with this id (or Korean or English name), None where there is none.

    >>> table("requests").ko, table("파트너").id
    ('의뢰', 'partners')
    """
    wanted = id.strip().casefold()
    return next((t for t in TABLES if wanted in (t.id, t.ko, t.en.casefold())), None)


def fields_named(text: str, tables: Iterable[Table] = TABLES) -> list[tuple[Table, Field]]:
    """Every field a person may mean by an id, an alias, or a Korean or English name, in table order.

    >>> [(t.id, f.id) for t, f in fields_named("접수일시")]
    [('requests', 'received_at')]
    >>> [(t.id, f.id) for t, f in fields_named("visit")]
    [('requests', 'visited_at')]
    """
    wanted = _plain(text)
    tables = tuple(tables)
    by_id = [(t, f) for t in tables for f in t.fields if f.id == wanted]
    if by_id:
        return by_id
    by_name = [(t, f) for t in tables for f in t.fields if wanted in (_plain(f.ko), _plain(f.en))]
    if by_name:
        return by_name
    alias = FIELD_ALIASES.get(wanted)
    return [(t, f) for t in tables for f in t.fields if f.id == alias] if alias else []


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
