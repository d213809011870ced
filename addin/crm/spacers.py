"""One list drawn with a narrow empty column inside is one list, not two side by side.

Two lists of equal rows, one blank column apart, are joined when together they read better as one table than
each by itself: 접수번호 접수일 | 고객 금액 is one list of requests; requests | price list stay two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from addin.crm.extent import Extent
from addin.crm.heads import Head
from addin.crm.naming import fields_named_by
from addin.crm.tables import table

if TYPE_CHECKING:
    from collections.abc import Sequence

Found = tuple[Head, Extent]


def without_spacers(lists: Sequence[Found], ignore: frozenset[int]) -> list[Found]:
    """The lists of a sheet, those that only a blank column divides joined into one."""
    out: list[Found] = []
    for head, extent in sorted(lists, key=lambda f: (f[0].top, f[0].left)):
        left = next((f for f in out if _divided(f, (head, extent), ignore)), None)
        if left is None:
            out.append((head, extent))
        else:
            out[out.index(left)] = _join(left, (head, extent))
    return out


def _divided(left: Found, right: Found, ignore: frozenset[int]) -> bool:
    (a, rows), (b, more) = left, right
    gap = [c for c in range(a.right + 1, b.left) if c not in ignore]
    if (a.top, a.bottom) != (b.top, b.bottom) or len(gap) != 1 or a.last or b.last:
        return False
    if not rows.rows or rows.rows != more.rows:
        return False
    one, other = list(a.texts.values()), list(b.texts.values())
    return _worth(one + other) >= 0.95 * (_worth(one) + _worth(other)) > 0


def _worth(headers: Sequence[str]) -> float:
    """The best sum of field weights the headers have as one table; a field counts once."""
    sums: dict[str, dict[str, float]] = {}
    for header in headers:
        for (table_id, field_id), named in fields_named_by(header).items():
            line = sums.setdefault(table_id, {})
            line[field_id] = max(line.get(field_id, 0.0), named.score * _weight(table_id, field_id))
    return max((sum(line.values()) for line in sums.values()), default=0.0)


def _weight(table_id: str, field_id: str) -> float:
    known = table(table_id)
    field = known.field(field_id) if known else None
    return float(field.weight) if field else 0.0


def _join(left: Found, right: Found) -> Found:
    (a, rows), (b, more) = left, right
    head = replace(
        a,
        right=b.right,
        texts={**a.texts, **b.texts},
        raw={**a.raw, **b.raw},
        groups={**a.groups, **b.groups},
        lines=tuple({**x, **y} for x, y in zip(a.lines, b.lines, strict=True)),
    )
    return head, Extent(max(rows.last, more.last), rows.rows, sorted({*rows.loose, *more.loose}))
