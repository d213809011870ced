"""The measurements as docs/performance.md: what was asked, what came out, how far from the floor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One size: rows, seconds to read, seconds and megabytes of a whole refresh."""

    rows: int
    read: float
    refresh: float
    megabytes: float

    def row(self) -> str:
        """As a line of the table of sizes."""
        each = self.refresh / self.rows * 1e6
        cells = f"{self.rows:,} | {self.read:.2f} | {self.refresh:.2f} | {self.refresh / self.read:.2f} | {each:.1f}"
        return f"| {cells} | {self.megabytes:.0f} |"


@dataclass
class Results:
    """Medians in seconds and megabytes; 0 where not measured."""

    rows: int = 0
    read: float = 0.0
    read_process: float = 0.0
    read_memory: float = 0.0
    rewrite: float = 0.0
    adopt: float = 0.0
    refresh: float = 0.0
    refresh_memory: float = 0.0
    again: float = 0.0
    pandas: float = 0.0
    pandas_memory: float = 0.0
    python: float = 0.0
    help: float = 0.0
    adopt_twenty: float = 0.0
    sizes: list[Line] = field(default_factory=list)

    @property
    def floor(self) -> float:
        """Start Python, read the sheet, inflate and deflate it once: no in-place refresh can be faster."""
        return self.python + self.read + self.rewrite


def _verdict(met: bool) -> str:
    return "met" if met else "**missed**"


#: What the other benchmarks are about.
TITLES = {
    "functions": "Spreadsheet functions by themselves",
    "calc": "A cell's formula in LibreOffice Calc",
    "live": "A refresh of an open workbook (LibreOffice)",
    "sync": "Partners' sheets",
    "documents": "Quotes",
    "deck": "A year's deck",
    "catalogue": "All 36 KPIs beside the first nine",
}


def report(r: Results, *, command: str, machine: str, others: Mapping[str, str] | None = None) -> str:
    """The page, in Markdown. ``others``: what other benchmarks printed, by name."""
    ratio, slower = r.refresh / r.read, r.pandas / r.refresh
    goals = [
        ("whole `danggol refresh` ÷ one reading by python-calamine", "≤ 3.0", f"{ratio:.2f}", ratio <= 3),
        ("peak memory of that refresh", "≤ 450 MB", f"{r.refresh_memory:.0f} MB", r.refresh_memory <= 450),
        ("`danggol --help`", "≤ 0.30 s", f"{r.help:.2f} s", r.help <= 0.3),
        ("adopting a workbook of 20 sheets (500 rows each)", "≤ 2.0 s", f"{r.adopt_twenty:.2f} s", r.adopt_twenty <= 2),
    ]
    if r.pandas:
        goals.insert(2, ("pandas + openpyxl, the same job ÷ `danggol refresh`", "≥ 8", f"{slower:.1f}", slower >= 8))
    seconds = [
        ("start Python, nothing else", r.python, None),
        ("python-calamine reads the sheet once (in its process)", r.read, None),
        ("… as a whole process", r.read_process, r.read_memory),
        ("inflate the sheet, deflate it at level 1", r.rewrite, None),
        ("**floor** of any refresh in place: the sum of start, read, inflate and deflate", r.floor, None),
        ("`danggol adopt`", r.adopt, None),
        ("**`danggol refresh`**, first time: everything computed and written", r.refresh, r.refresh_memory),
        ("`danggol refresh` again: nothing to write", r.again, None),
    ]
    if r.pandas:
        seconds.append(
            ("pandas + openpyxl: read, compute, flags beside the rows, two tabs, save", r.pandas, r.pandas_memory)
        )
    lines = [
        "# Performance",
        "",
        f"Made by `{command}`; run it again with `make bench`. Machine: {machine}.",
        "Wall-clock seconds of whole processes unless it says otherwise, medians; what is compared ran in turns.",
        f"The book: {r.rows:,} requests × 12 columns, 200 partners, one sheet, strings shared as Excel saves them",
        "(`benchmarks/make_book.py`).",
        "",
        "| goal | asked | measured | |",
        "|---|---|---|---|",
        *(f"| {what} | {asked} | {got} | {_verdict(met)} |" for what, asked, got, met in goals),
        "",
        "| what | seconds | peak MB |",
        "|---|---|---|",
        *(f"| {what} | {s:.2f} | {'' if mb is None else f'{mb:.0f}'} |" for what, s, mb in seconds),
        "",
        f"The refresh stands at {r.refresh / r.floor:.2f} × the floor.",
        "",
        "## Cost by rows",
        "",
        "| rows | one reading, s | refresh, s | ratio | µs a row | peak MB |",
        "|---|---|---|---|---|---|",
        *(x.row() for x in r.sizes),
        "",
    ]
    for name, text in (others or {}).items():
        lines += [f"## {TITLES[name]}", "", f"`python benchmarks/{name}.py`:", "", "```", text, "```", ""]
    return "\n".join(lines)


def write_report(
    path: Path, results: Results, *, command: str, machine: str, others: Mapping[str, str] | None = None
) -> str:
    """Write the page and give its text."""
    text = report(results, command=command, machine=machine, others=others)
    path.write_text(text, encoding="utf-8")
    return text
