"""What a KPI can be read from: one book, many (a folder, ``'branches/*.xlsx'``), rows in .parquet, or facts.

Each book is read by its own mapping and settings; then the rows of all stand one under the other with the file's name
as their ``branch``. Partners are one where they bear one name; a customer number counts within its own book.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from addin.actions.facts import PAGES, is_facts, read_facts
from addin.actions.progress import Step, quiet
from addin.actions.rows import ROWS_MARK
from addin.errors import BookError, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from addin.crm.fact_store import FactSet
    from addin.crm.funnel_steps import StepSpec
    from addin.crm.settings import Settings

BOOKS: Final = (".xlsx", ".xlsm", ".csv")
PARQUET: Final = ".parquet"
SCANNING: Final = ("polars", "duckdb", "spark")  # engines that read .parquet themselves


class Unread(NamedTuple):
    """Values of a .parquet file's column that can't be read as its field: how many, and one of them."""

    where: str
    field: str
    number: int
    example: str


@dataclass(slots=True)
class United:
    """Frames of many files by table, with ``branch``; ``settings`` and ``steps`` of the first book that has them.

    A frame is polars', or where a table's files hold typed rows only, the engine's own plan of reading them.
    """

    frames: dict[str, Any]
    settings: Settings
    steps: tuple[StepSpec, ...] = ()
    names: dict[str, str] = field(default_factory=dict)  # what a person may call a requests column → the column
    unread: list[Unread] = field(default_factory=list)


def find_sources(book: Path) -> list[Path]:
    """The files a person means by a path, a folder or a pattern; ``[book]`` where it is a file or nothing at all.

    Raises `BookError` for a folder or a pattern without a file that can be read.
    """
    if book.is_dir():
        found = _inside(book)
    elif has_magic(str(book)) and not book.exists():
        found = [path for path in map(Path, sorted(glob(str(book), recursive=True))) if _readable(path)]
        if not found and (book.parent / PAGES).is_dir():
            found = _inside(book.parent)
    else:
        return [book]
    if not found:
        raise BookError("sources.none", where=str(book), known=", ".join((*BOOKS, PARQUET)))
    return found


def is_parquet(path: Path) -> bool:
    """Whether a file's name says it is .parquet."""
    return path.suffix.lower() == PARQUET


def facts_in(book: Path, files: Sequence[Path]) -> list[FactSet] | None:
    """The facts of branches, where the files hold facts; None where they hold rows. Both at once is refused."""
    told = [path for path in files if is_parquet(path) and path.exists() and is_facts(path)]
    if not told:
        return None
    if len(told) < len(files):
        other = next(path for path in files if path not in told)
        raise BookError("sources.mixed", where=str(other))
    return read_facts(told, _store(book, told))


def _store(book: Path, files: Sequence[Path]) -> Path | None:
    """The folder of which a person means all the facts; None where they chose some of its files."""
    if book.is_dir() or (book.parent / PAGES).is_dir():
        folders = {book if book.is_dir() else book.parent}
    else:  # facts/*/*/*.parquet
        folders = {path.parents[2] for path in files if len(path.parents) > 2}
    folder = folders.pop()
    return folder if not folders and (folder / PAGES).is_dir() and "=" not in str(book) else None


def damaged(files: Sequence[Path]) -> Path | None:
    """The first .parquet file whose rows can't all be read: a plan of it is only found out when it is asked."""
    import polars as pl

    for path in filter(is_parquet, files):
        try:
            pl.scan_parquet(path).select(pl.all().count()).collect(engine="streaming")
        except (pl.exceptions.PolarsError, OSError):
            return path
    return None


def unite(files: Sequence[Path], *, engine: str = "", maps: Sequence[str] = (), step: Step = quiet) -> United:
    """The rows of many files; ``engine`` reads .parquet with our mark itself, when it is asked and what it is asked."""
    from addin.crm.settings import Settings

    parts: dict[str, list[tuple[Any, str]]] = {}
    settings: Settings | None = None
    steps: tuple[StepSpec, ...] = ()
    names: dict[str, str] = {}
    unread: list[Unread] = []
    for i, path in enumerate(files):
        step("progress.reading", 0.05 + 0.7 * i / len(files))
        one = _parquet(path, engine) if is_parquet(path) else _book(path, maps)
        settings = settings or (one.settings if one.settings.by_person else None)
        steps = steps or one.steps
        unread += one.unread
        for name, column in one.names.items():
            names.setdefault(name, column)
        for table, frame in (_apart(one.frames, path.stem) if len(files) > 1 else one.frames).items():
            parts.setdefault(table, []).append((frame, path.stem))
    frames = {table: _under(found) for table, found in parts.items()}
    return United(frames, settings or Settings(), steps, names, unread)


def _under(parts: Sequence[tuple[Any, str]]) -> Any:
    """Frames one under the other, each with its ``branch``: as plans of one engine, else as rows of polars."""
    import polars as pl

    from addin.crm.engines import to_polars

    if any(isinstance(frame, pl.DataFrame) for frame, _ in parts):
        rows = [to_polars(frame).with_columns(branch=pl.lit(branch)) for frame, branch in parts]
        return pl.concat(rows, how="diagonal_relaxed")
    if all(isinstance(frame, pl.LazyFrame) for frame, _ in parts):
        return pl.concat([frame.with_columns(branch=pl.lit(branch)) for frame, branch in parts], how="diagonal")
    import narwhals as nw

    plans = [nw.from_native(frame).with_columns(branch=nw.lit(branch)) for frame, branch in parts]
    return nw.concat(plans, how="diagonal").to_native()


def _inside(folder: Path) -> list[Path]:
    if (folder / PAGES).is_dir():
        return sorted(p for p in folder.glob("partner=*/month=*/*.parquet") if _readable(p))
    return sorted(p for p in folder.iterdir() if _readable(p))


def _readable(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in (*BOOKS, PARQUET) and not path.name.startswith(("~$", "."))


def _book(path: Path, maps: Sequence[str]) -> United:
    from addin.actions.funnel import team_steps
    from addin.actions.partners import resolve
    from addin.actions.workspace import column_names, open_workspace

    workspace = open_workspace(path, maps=maps)
    frames = {name: records.frame for name, records in workspace.records.items()} | resolve(workspace).frames
    steps = team_steps(workspace) if "requests" in workspace.records else ()
    return United(frames, workspace.settings, steps, dict(column_names(workspace, "requests")))


def _parquet(path: Path, engine: str) -> United:
    """Rows of one table in .parquet: as `danggol rows --out` writes them, else columns named by field ids."""
    import polars as pl

    from addin.crm.funnel_steps import spoken, steps_of
    from addin.crm.partners import resolve_partners
    from addin.crm.settings import Settings
    from addin.crm.typed_rows import as_records, table_told_by

    try:
        told = json.loads(pl.read_parquet_metadata(path).get(ROWS_MARK, "null"))
        if told and engine in SCANNING and (planned := _planned(path, told["table"], engine)):
            return planned
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise BookError("facts.not_parquet", where=str(path)) from error
    table = told["table"] if told else table_told_by(frame.columns)
    if table is None:
        raise BookError("sources.no_table", where=str(path), value=", ".join(frame.columns[:8]))
    rows, wrong = (frame, {}) if told else as_records(frame, table)
    unread = [Unread(path.name, name, len(values), values[0]) for name, values in wrong.items()]
    if table != "requests":
        return United({table: rows}, Settings(), unread=unread)
    keyed = resolve_partners(rows).requests if "partner" in rows.columns else rows
    return United({table: keyed}, Settings(), spoken(steps_of(rows, Settings()), say), unread=unread)


def _planned(path: Path, table: str, engine: str) -> United | None:
    """Typed rows that ``engine`` reads when it is asked; None where partners' names have to be put right first."""
    import polars as pl

    from addin.crm.engines import answers
    from addin.crm.funnel_steps import spoken, steps_of
    from addin.crm.partners import resolve_partners
    from addin.crm.settings import Settings

    rows = pl.scan_parquet(path)
    plan = _reader(path, engine)
    if table != "requests":
        return United({table: plan}, Settings())
    if "partner" in rows.collect_schema().names():
        [names] = answers([rows.select("partner").unique()], scan=True)
        keyed = resolve_partners(names).requests
        if not keyed["partner"].eq_missing(keyed["partner_key"]).all():
            return None
    return United({table: plan}, Settings(), spoken(steps_of(rows, Settings()), say))


def _reader(path: Path, engine: str) -> Any:
    """An engine's own plan of reading a .parquet file; `UsageError` where it is not installed."""
    try:
        if engine == "duckdb":
            import duckdb

            return duckdb.read_parquet(str(path))
        if engine == "spark":
            from addin.crm.engines import spark

            return spark().read.parquet(str(path.resolve()))
    except ImportError as error:
        raise UsageError("error.engine_missing", value=engine, reason=str(error)) from error
    import polars as pl

    return pl.scan_parquet(path)


def _apart(frames: dict[str, pl.DataFrame], branch: str) -> dict[str, pl.DataFrame]:
    """Customer numbers of one book made its own: C001 of two books are two people."""
    import polars as pl

    customers = frames.get("customers")
    if customers is None or "requests" not in frames or "customer_id" not in customers.columns:
        return frames
    ids = customers["customer_id"].drop_nulls().unique().to_list()
    own: dict[str, Any] = {"customers": customers.with_columns(customer_id=pl.col("customer_id") + f"\x1f{branch}")}
    for table in ("requests", "activities"):
        frame = frames.get(table)
        if frame is not None and "customer" in frame.columns:
            numbered = pl.when(pl.col("customer").is_in(ids)).then(pl.col("customer") + f"\x1f{branch}")
            own[table] = frame.with_columns(customer=numbered.otherwise(pl.col("customer")))
    return frames | own
