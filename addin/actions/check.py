"""``danggol check``: everything wrong in the cells, each with its place, what was expected and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.actions.partners import resolve
from addin.actions.progress import Step, quiet
from addin.actions.workspace import open_workspace
from addin.crm.grid import cell_address
from addin.i18n import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from addin.books.live import LiveBook
    from addin.crm.fault import PlacedFault


def check_book(book: Path | LiveBook, *, maps: Sequence[str] = (), step: Step = quiet) -> list[PlacedFault]:
    """All faults of a book, repairs among them, in sheet order."""
    workspace = open_workspace(book, maps=maps, step=step)
    resolved = resolve(workspace)
    order = {grid.name: i for i, grid in enumerate(workspace.snapshot.sheets)}
    return sorted([*workspace.faults, *resolved.faults], key=lambda f: (order.get(f.sheet, -1), f.row, f.column))


def faults_json(faults: Sequence[PlacedFault]) -> list[dict[str, Any]]:
    """The contract's shape; ``repair`` is true where the value was read in spite of its form."""
    return [
        {
            "sheet": f.sheet,
            "cell": cell_address(f.row, f.column or 1) if f.row else "",
            "row": f.row,
            "table": f.table,
            "field": f.field,
            "value": f.fault.value,
            "fault": f.fault.code,
            "expected": say(f.fault.expected),
            "fix": say(f.fault.fix),
            "repair": f.fault.repair,
            "suggestion": f.fault.suggestion,
        }
        for f in faults
    ]
