"""A refresh after one changed cell: with what the last one kept beside the book, and without; ratios of one run.

``python benchmarks/again.py [--rows N] [--rounds N]``. Every refresh is a process of its own, the whole
``danggol refresh``; both kinds run in turns on the same bytes. The cell is changed by our own writer (an old amount in
place, or a request of last week that is won, so that five tabs are drawn and the book is written) and as Excel does it
(a new shared text at the end of the shared ones). Processor seconds count every thread; Python's start and the imports
are in both, and are taken off as well; keeping what was read only in the second. Last: a book in which nothing changed.
"""

from __future__ import annotations

import argparse
import gc
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from make_book import make_book

from addin.actions.adopt import adopt_book
from addin.actions.refresh import refresh_book
from addin.actions.session import Session
from addin.books import Edits, open_book, reread
from addin.books.fresh import fresh_file
from addin.books.kept import kept_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_REFRESH = "import sys; from addin.cli import main; sys.argv[1:1] = ['refresh']; main()"
#: What of it are imports: all the modules it will have needed, and nothing else.
_IMPORTS = """
import addin.cli, addin.cli.book, addin.books.read, polars, python_calamine, numpy
from importlib import import_module
from addin.actions import refresh, workspace
for name in (*workspace._NEXT, *refresh._NEXT): import_module(name)
"""
#: A full refresh that does not keep what it reads either.
_FULL = f"import addin.books.reread as kept; kept._REFRESHED = ''; {_REFRESH}"


def refresh(book: Path, code: str = _REFRESH) -> tuple[float, float]:
    """Processor and wall-clock seconds of one refresh."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(book)], check=True, capture_output=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def by_us(book: Path, row: int) -> None:
    """One amount, by our own writer."""
    edits = Edits()
    edits.write("접수", row, 11, [[500_000 + row]])
    open_book(book).apply(edits)


def as_excel(book: Path, row: int) -> None:
    """One customer's name, as a new shared text."""
    with zipfile.ZipFile(book) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    texts, sheet = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
    count = parts[texts].count(b"<si>")
    parts[texts] = parts[texts].replace(b"</sst>", f"<si><t>새 고객 {row}</t></si></sst>".encode())
    cell = re.compile(rb'(<c r="D%d"(?: s="\d+")? t="s"><v>)\d+' % row)
    parts[sheet], found = cell.subn(rb"\g<1>%d" % count, parts[sheet])
    assert found == 1
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in parts.items():
            package.writestr(name, data)


def won(book: Path, row: int) -> None:
    """A request's stage, by our own writer: numbers of the week change, and tabs with them."""
    edits = Edits()
    edits.write("접수", row, 10, [["수주"]])
    open_book(book).apply(edits)


def compare(book: Path, name: str, change: Callable[[Path, int], None], rows: Sequence[int], imports: float) -> None:
    """Change a row, refresh in both ways, and the next; prints the medians and their ratios."""
    kept, full, again = kept_file(book), [], []
    for row in rows:
        change(book, row)
        data, before = book.read_bytes(), kept.read_bytes()
        kept.unlink()
        full.append(refresh(book, _FULL))
        fresh_file(book).unlink(missing_ok=True)  # else the second would have nothing to do
        book.write_bytes(data)
        kept.write_bytes(before)
        again.append(refresh(book))
        fresh_file(book).unlink(missing_ok=True)
    for what, at, less in (("processor", 0, 0.0), ("wall", 1, 0.0), ("processor without imports", 0, imports)):
        a, b = median(run[at] for run in full) - less, median(run[at] for run in again) - less
        print(f"{name:24s} {what:26s} full {a:.2f} s, again {b:.2f} s: {a / b:.2f} ×")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Processor and wall-clock seconds of some work in this process, which looks for garbage before it only."""
    gc.collect()
    gc.disable()
    try:
        before, start = time.process_time(), time.perf_counter()
        work()
        return time.process_time() - before, time.perf_counter() - start
    finally:
        gc.enable()


def whole(book: Path) -> object:
    """A refresh that finds nothing kept and keeps nothing."""
    mark, reread._REFRESHED = reread._REFRESHED, ""
    try:
        return refresh_book(book)
    finally:
        reread._REFRESHED = mark


def stays(book: Path, kinds: Sequence[tuple[str, Callable[[Path, int], None], Sequence[int]]]) -> None:
    """The same changes in a process that stays; prints least and median of both ways."""
    session = Session()
    for _ in range(2):
        fresh_file(book).unlink(missing_ok=True)
        refresh_book(book, session=session)
    kept_file(book).unlink()
    for name, change, rows in kinds:
        full, again = [], []
        for row in rows:
            change(book, row)
            data = book.read_bytes()
            full.append(timed(lambda: whole(book)))
            fresh_file(book).unlink(missing_ok=True)
            book.write_bytes(data)
            again.append(timed(lambda: refresh_book(book, session=session)))
            fresh_file(book).unlink(missing_ok=True)
        for what, at in (("processor", 0), ("wall", 1)):
            for of, pick in (("least", min), ("median", median)):
                a, b = pick(run[at] for run in full), pick(run[at] for run in again)
                print(f"{name:24s} stays, {what + ', ' + of:18s} full {a:.2f} s, again {b:.2f} s: {a / b:.2f} ×")


def main() -> None:
    """Make a book, refresh it until what was read is kept, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "again.xlsx"
        make_book(book, options.rows)
        adopt_book(book)
        for _ in range(3):
            refresh(book)
        print(f"kept beside the book: {kept_file(book).stat().st_size / 1e6:.1f} MB of {book.stat().st_size / 1e6:.1f}")
        imports = median(refresh(book, _IMPORTS)[0] for _ in range(options.rounds))
        print(f"Python and the imports: {imports:.2f} s")
        count, rounds = options.rows, range(options.rounds)
        old, recent = (
            [count * (2 + 5 * (n % 2)) // 10 + 7 * n for n in rounds],
            [count * 98 // 100 + 7 * n for n in rounds],
        )
        kinds = (("an old amount", by_us, old), ("a new name, as Excel", as_excel, old), ("won last week", won, recent))
        for name, change, rows in kinds:
            compare(book, name, change, rows, imports)
        for name in ("computed", "known", "known"):
            processor, wall = refresh(book)
            print(f"nothing changed, {name}: processor {processor:.2f} s, wall {wall:.2f} s")
        stays(book, [(name, change, [row + 3 for row in rows]) for name, change, rows in kinds])


if __name__ == "__main__":
    main()
