"""Measure danggol against the floor (reading the sheet once) and against pandas + openpyxl; write docs/performance.md.

``python benchmarks/run.py [--rows N] [--rounds N] [--million] [--no-pandas] [--out FILE]``. Every number is a process
of its own, started fresh; what is compared runs in turns within the same run, and the medians are compared.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from report import Line, Results, write_report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HERE = Path(__file__).resolve().parent
#: Benchmarks that print ratios of their own, in the order of the page.
OTHERS = ("functions", "calc", "live", "sync", "documents", "deck", "catalogue")

#: Reads the sheet as python-calamine does, once; prints the seconds it took, import and start aside.
READ = """
import sys, time
from python_calamine import CalamineWorkbook
start = time.perf_counter()
rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
print(time.perf_counter() - start)
"""
#: Inflates the sheet and deflates it again at level 1: what any in-place edit of it has to do.
REWRITE = """
import sys, time, zipfile, zlib
start = time.perf_counter()
with zipfile.ZipFile(sys.argv[1]) as package:
    data = package.read("xl/worksheets/sheet1.xml")
zlib.compress(data, 1)
print(time.perf_counter() - start)
"""


@dataclass(frozen=True)
class Run:
    """One finished process: seconds from start to end, the most memory it held, what it printed."""

    seconds: float
    megabytes: float
    output: str


def run(command: Sequence[str], *, ok: Sequence[int] = (0,), home: Path | None = None) -> Run:
    """Run a process to its end and measure it; another exit code than expected stops the benchmark."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "DANGGOL_HOME": str(home or tempfile.gettempdir())}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # people run compiled modules
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        out.seek(0)
        err.seek(0)
        output, errors = out.read(), err.read()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ok:
        raise SystemExit(
            f"{' '.join(map(str, command))}: exit {process.returncode}\n{output[-2000:]}\n{errors[-2000:]}"
        )
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Run(seconds, usage.ru_maxrss / scale, output)


def danggol(*words: str | Path) -> list[str]:
    """The command line of this checkout."""
    return [sys.executable, "-m", "addin.cli", *map(str, words)]


def python(code: str, *words: str | Path) -> list[str]:
    """A few lines of Python as a process of their own."""
    return [sys.executable, "-c", code, *map(str, words)]


class Bench:
    """The measurements, in one temporary folder."""

    def __init__(self, folder: Path, rounds: int) -> None:
        self.folder, self.rounds = folder, rounds
        self.results = Results()

    def book(self, rows: int, sheets: int = 1) -> Path:
        """A generated workbook, made once, by another process: a child's peak memory begins at its parent's."""
        path = self.folder / f"{rows}x{sheets}.xlsx"
        if not path.exists():
            run([sys.executable, str(HERE / "make_book.py"), str(path), str(rows), str(sheets)])
        return path

    def fresh(self, source: Path) -> Path:
        """A copy in a folder of its own, as nobody has touched it."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        return Path(shutil.copy(source, folder / "book.xlsx"))

    def adopted(self, source: Path) -> tuple[Path, Run]:
        """A copy that was adopted, and what that took."""
        path = self.fresh(source)
        return path, run(danggol("adopt", path), ok=(0, 3), home=path.parent)

    def turns(self, *jobs: Callable[[], Run]) -> list[list[Run]]:
        """Every job once per round, in turns, after one warm-up."""
        done: list[list[Run]] = [[] for _ in jobs]
        for turn in range(self.rounds + 1):
            for runs, job in zip(done, jobs, strict=True):
                result = job()
                if turn:
                    runs.append(result)
        return done

    def refresh_against_reading(self, rows: int) -> None:
        """The headline: whole refresh against one reading of the sheet by python-calamine."""
        source = self.book(rows)
        path, adopt = self.adopted(source)

        def refresh() -> Run:
            copy = Path(shutil.copy(path, path.with_name("turn.xlsx")))
            result = run(danggol("refresh", copy), home=path.parent)
            self.last = copy
            return result

        reads, rewrites, refreshes = self.turns(
            lambda: run(python(READ, source)), lambda: run(python(REWRITE, source)), refresh
        )
        again = [run(danggol("refresh", self.last), home=path.parent) for _ in range(self.rounds)]
        r = self.results
        r.rows, r.read = rows, median(float(x.output) for x in reads)
        r.read_process, r.read_memory = median(x.seconds for x in reads), median(x.megabytes for x in reads)
        r.rewrite = median(float(x.output) for x in rewrites)
        r.adopt, r.refresh = adopt.seconds, median(x.seconds for x in refreshes)
        r.refresh_memory, r.again = max(x.megabytes for x in refreshes), median(x.seconds for x in again)

    def against_pandas(self, rows: int) -> None:
        """The same job by pandas + openpyxl."""
        source = self.book(rows)
        result = run([sys.executable, str(HERE / "by_pandas.py"), str(source), str(self.folder / "pandas.xlsx")])
        self.results.pandas, self.results.pandas_memory = result.seconds, result.megabytes

    def small_things(self) -> None:
        """``--help``, an empty Python, and adopting a workbook of 20 sheets."""
        bare, helps = self.turns(lambda: run(python("pass")), lambda: run(danggol("--help")))
        self.results.python, self.results.help = median(x.seconds for x in bare), median(x.seconds for x in helps)
        twenty = self.book(20 * 500, 20)
        (adopts,) = self.turns(lambda: self.adopted(twenty)[1])
        self.results.adopt_twenty = median(x.seconds for x in adopts)

    def linear(self, rows: Sequence[int]) -> None:
        """Refresh at several sizes: seconds, memory and microseconds a row."""
        for count in rows:
            path, _ = self.adopted(self.book(count))
            refresh = run(danggol("refresh", path), home=path.parent)
            read = run(python(READ, self.book(count)))
            self.results.sizes.append(Line(count, float(read.output), refresh.seconds, refresh.megabytes))


def output_of(name: str) -> str:
    """What another benchmark prints, run from the top of the checkout."""
    command = [sys.executable, f"benchmarks/{name}.py"]
    path = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        command, cwd=HERE.parent, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    return done.stdout.strip()


def machine() -> str:
    """Processor, cores, memory, what else was running, and versions, in one line."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        model = next((x.split(":", 1)[1].strip() for x in info.read_text().splitlines() if "model name" in x), model)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("polars", "python-calamine", "lxml", "pandas", "openpyxl")
    )
    system = f"{platform.system()}, Python {platform.python_version()}"
    load = f"load {os.getloadavg()[0]:.1f} at the start"
    return f"{model}, {os.cpu_count()} cores, {memory} GB, {load}, {system}, {packages}"


def main() -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--million", action="store_true", help="also 1,000,000 rows (minutes, several GB of disk)")
    parser.add_argument("--no-pandas", action="store_true", help="skip pandas + openpyxl (most of a minute)")
    parser.add_argument("--others", action="store_true", help="also functions, Calc, open workbooks, sync (minutes)")
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs" / "performance.md")
    chosen = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory(prefix="danggol-bench-") as folder:
        bench = Bench(Path(folder), chosen.rounds)
        bench.refresh_against_reading(chosen.rows)
        if not chosen.no_pandas:
            bench.against_pandas(chosen.rows)
        bench.small_things()
        bench.linear([10_000, 100_000, *([1_000_000] if chosen.million else [])])
    command = " ".join(["python benchmarks/run.py", *sys.argv[1:]])
    others = {name: output_of(name) for name in OTHERS} if chosen.others else {}
    print(write_report(chosen.out, bench.results, command=command, machine=where, others=others))


if __name__ == "__main__":
    main()
