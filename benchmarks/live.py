"""A refresh of an open workbook beside reading and writing the same blocks by xlwings alone, in one LibreOffice.

``python benchmarks/live.py [ROWS]``: prints seconds and their ratio; the aim is at most 2 for 20,000 × 12.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from addin.actions.refresh import refresh_book
from addin.books.edits import Edits, PutTab, Write
from addin.books.live import LiveBook
from addin.hosts.calc.engine import calc_app
from benchmarks.make_book import make_book

AIM = 2.0


class Noted(LiveBook):
    """An open book that remembers the plan it carried out."""

    plan: Edits | None = None

    def apply(self, edits: Edits, **given: Any) -> Any:
        """As ever, and keep the plan."""
        self.plan = edits
        return super().apply(edits, **given)


def refreshed(app: Any, path: Path) -> tuple[float, Edits]:
    """Seconds of a first refresh of an open book, and its plan."""
    book = app.books.open(str(path))
    live = Noted(book)
    start = time.perf_counter()
    refresh_book(live, as_of="2026-08-31")
    seconds = time.perf_counter() - start
    book.close()
    assert live.plan is not None
    return seconds, live.plan


def by_xlwings(app: Any, path: Path, plan: Edits) -> float:
    """Seconds of the same blocks: every sheet read once, every block and tab of the plan written, without any looks."""
    book = app.books.open(str(path))
    start = time.perf_counter()
    with LiveBook(book).host.quiet(""):  # else fitting row heights takes most of it
        _blocks(book, plan)
    seconds = time.perf_counter() - start
    book.close()
    return seconds


def _blocks(book: Any, plan: Edits) -> None:
    for sheet in book.sheets:
        sheet.used_range.options(ndim=2, err_to_str=True).value  # noqa: B018 - the reading is what is timed
    for edit in plan.items:
        if isinstance(edit, Write):
            lines = [["" if not isinstance(v, str | int | float) else v for v in line] for line in edit.values]
            book.sheets[edit.sheet].range((edit.row, edit.column)).value = lines
        elif isinstance(edit, PutTab):
            sheet = book.sheets.add(edit.tab.name, after=book.sheets[len(book.sheets) - 1])
            rows, columns = edit.tab.last
            cells = edit.tab.cells
            block = [[shown(cells.get((r, c))) for c in range(1, columns + 1)] for r in range(1, rows + 1)]
            sheet.range((1, 1)).value = block


def shown(value: Any) -> Any:
    """A tab's value as xlwings takes it."""
    return getattr(value, "text", value)


def main() -> None:
    """Measure three times and print the best of each."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder, calc_app() as app:
        path = Path(folder, "book.xlsx")
        make_book(path, rows)
        ours, theirs = [], []
        for _ in range(3):
            seconds, plan = refreshed(app, path)
            ours.append(seconds)
            theirs.append(by_xlwings(app, path, plan))
            print(f"refresh {ours[-1]:.2f} s, the same blocks by xlwings {theirs[-1]:.2f} s", flush=True)
    ratio = min(ours) / min(theirs)
    print(f"{rows:,} × 12: {ratio:.2f} × xlwings alone, aim {AIM}: {'met' if ratio <= AIM else 'not met'}")


if __name__ == "__main__":
    main()
