"""What a process that stays (a watched book, a button of an open one) remembers of one book from refresh to refresh.

Nothing in it is ever taken on trust: each part is known again by what it was made of, and made anew where that differs
in anything. Without it a refresh says the very same, only later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from addin.crm.column_memo import ColumnMemo


@dataclass(slots=True)
class Session:
    """``columns``: lists as they were last read, by table; ``results``: what was worked out from columns that may be
    the same (`addin.crm.kept_facts`).
    """

    columns: dict[str, ColumnMemo] = field(default_factory=dict)
    results: list[Any] = field(default_factory=list)
