"""A refresh after one changed cell: with what the last one kept beside the book, and without; ratios of one run.

``python benchmarks/again.py [--rows N] [--rounds N]``. Every refresh is a process of its own; both kinds run in turns
on the same bytes. The cell is changed by our own writer (a number in place) and as Excel does it (a new shared text at
the end of the shared ones). Processor seconds count every thread; Python's start and the imports are in both, keeping
what was read only in the second.
"""

from __future__ import annotations

import argparse
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
from addin.books import Edits, open_book
from addin.books.kept import kept_file

if TYPE_CHECKING:
    from collections.abc import Callable

_REFRESH = (
    "import sys; from pathlib import Path; from addin.actions.refresh import refresh_book as r; r(Path(sys.argv[1]))"
)
#: A full refresh that does not keep what it reads either.
_FULL = f"import addin.books.reread as kept; kept._REFRESHED = ''; {_REFRESH}"


def refresh(book: Path, code: str = _REFRESH) -> tuple[float, float]:
    """Processor and wall-clock seconds of one refresh."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(book)], check=True)
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


def compare(book: Path, change: Callable[[Path, int], None], rounds: int) -> None:
    """Change, refresh in both ways; prints the medians and their ratios."""
    kept, full, again = kept_file(book), [], []
    for n in range(rounds):
        change(book, 20_000 + 777 * n if n % 2 else 70_000 + 777 * n)
        data, before = book.read_bytes(), kept.read_bytes()
        kept.unlink()
        full.append(refresh(book, _FULL))
        book.write_bytes(data)
        kept.write_bytes(before)
        again.append(refresh(book))
    for name, at in (("processor", 0), ("wall", 1)):
        a, b = median(run[at] for run in full), median(run[at] for run in again)
        print(f"{change.__name__:9s} {name:9s} full {a:.2f} s, again {b:.2f} s: {a / b:.2f} ×")


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
        for change in (by_us, as_excel):
            compare(book, change, options.rounds)


if __name__ == "__main__":
    main()
