"""``danggol facts``: a book's daily facts as files, partitioned by partner and month; and reading many books' of them.

``OUT/partner=한빛/month=2026-10/<branch>.<run>.parquet``, and ``OUT/_branches/<branch>.json`` that says which run of a
branch counts. An export writes its files beside the old ones, then that page, then takes the old ones away: whoever
reads in between, or after a crash, sees one whole export. Exporting again replaces a branch, never adds to it.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from addin.actions.progress import Step, quiet
from addin.errors import BookError, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import polars as pl

    from addin.crm.fact_store import FactSet

PAGES: Final = "_branches"
_NONE: Final = "__HIVE_DEFAULT_PARTITION__"  # as every reader of such folders knows it
_MARK: Final = "danggol.facts"
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the folder, the branch, how many files and facts, and the last day known."""

    out: Path
    branch: str
    files: int
    facts: int
    as_of: str

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"out": str(self.out), "branch": self.branch, "files": self.files, "facts": self.facts,
                "as_of": self.as_of}  # fmt: skip


def export_facts(
    book: Path,
    out: Path,
    *,
    branch: str | None = None,
    by: Sequence[str] = (),
    as_of: str | None = None,
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> Exported:
    """Reduce a book to its daily facts and write them.

    ``branch``: the name the head office knows the book by, else the file's. `UsageError` where that name is already
    another book's, or ``by`` is no text column of the requests.
    """
    from addin.actions.dates import parse_day
    from addin.actions.kpi import measures_of
    from addin.actions.workspace import column_names, open_workspace
    from addin.crm.calendar import date_of
    from addin.crm.fact_store import fact_set

    workspace = open_workspace(book, maps=maps, step=step)
    step("progress.measuring", 0.7)
    measures = measures_of(workspace, as_of=parse_day(as_of, "--as-of"))
    names = column_names(workspace, "requests")
    also = [names.get(name, name) for name in by]
    for name, asked in zip(also, by, strict=True):
        if name not in measures.tally.texts("requests"):
            known = ", ".join(measures.tally.texts("requests"))
            raise UsageError("error.unknown_dimension", value=asked, near="–", known=known)
    page = _page(out, branch or book.stem)
    source = hashlib.sha256(str(book.resolve()).encode()).hexdigest()[:12]
    if branch is None and page.exists() and _read_page(page).get("source") != source:
        raise UsageError("facts.branch_taken", value=book.stem, where=str(out))
    found = fact_set(measures, branch or book.stem, say, also)
    step("progress.writing", 0.85)
    try:
        files = _write(found, out, page, source)
    except OSError as error:
        raise BookError("error.cannot_write", where=str(out), reason=error.strerror or str(error)) from error
    return Exported(out, found.branch, files, found.frame.height, date_of(found.as_of).isoformat())


def read_facts(files: Sequence[Path], folder: Path | None = None) -> list[FactSet]:
    """The branches' facts in some files. ``folder``: the whole store, whose pages say which files count.

    Raises `BookError` for facts of another version, a store that lacks files, or two exports of one branch.
    """
    import polars as pl

    from addin.crm.fact_store import FactSet

    runs: dict[str, dict[str, list[tuple[Path, dict[str, Any]]]]] = {}
    pages = {p["branch"]: p for p in map(_read_page, sorted((folder / PAGES).glob("*.json")))} if folder else {}
    for path in files:
        told = _told(path)
        runs.setdefault(told["branch"], {}).setdefault(told["run"], []).append((path, told))
    sets = []
    for branch, found in sorted(runs.items()):
        page = pages.get(branch)
        if page is not None:
            own = found.get(page["run"], [])
            if len(own) != page["files"]:
                raise BookError("facts.incomplete", where=str(folder), value=branch, have=len(own), want=page["files"])
        elif len(found) > 1:
            raise BookError("facts.two_exports", where=str(files[0].parent), value=branch)
        else:
            [own] = found.values()
        first = own[0][1]
        frame = pl.concat([_lines(path) for path, _ in own], how="vertical")
        sets.append(
            FactSet(
                branch=branch,
                as_of=first["as_of"],
                frame=frame,
                dimensions=tuple(first["dimensions"]),
                steps=tuple(first["steps"]),
                columns={table: tuple(names) for table, names in first["columns"].items()},
                partners=tuple(row for _, told in own for row in told["partners"]),
            )
        )
    return sets


def is_facts(path: Path) -> bool:
    """Whether a .parquet file holds facts of ours."""
    return _MARK in _metadata(path)


def part_name(text: str | None) -> str:
    """A partition's value as the name of a folder on every system; told apart by a hash where it had to be cut.

    >>> part_name("한빛 1/2"), part_name(None), part_name("..")
    ('한빛 1%2F2', '__HIVE_DEFAULT_PARTITION__', '%2E%2E')
    """
    if text is None:
        return _NONE
    bad = '<>:"/\\|?*%=#'
    safe = "".join(f"%{ord(c):02X}" if c in bad or not c.isprintable() else c for c in text)
    if safe.strip(" .") != safe:
        safe = "".join(f"%{ord(c):02X}" if c in " ." else c for c in safe)
    if len(safe.encode()) <= _LONGEST * 3:
        return safe or "%"
    return safe.encode()[: _LONGEST * 2].decode(errors="ignore") + "~" + hashlib.sha256(text.encode()).hexdigest()[:8]


# -- files -------------------------------------------------------------------------------------------------------------


def _write(found: FactSet, out: Path, page: Path, source: str) -> int:
    about = {
        "version": _version(),
        "branch": found.branch,
        "as_of": found.as_of,
        "dimensions": list(found.dimensions),
        "steps": list(found.steps),
        "columns": {table: list(names) for table, names in (found.columns or {}).items()},
    }
    told = json.dumps([about, list(found.partners)], ensure_ascii=False, sort_keys=True)
    run = hashlib.sha256((told + found.frame.write_csv()).encode()).hexdigest()[:12]
    partners = {row.get("partner_key"): row for row in found.partners}
    written = set()
    for (partner, month), part in _parts(found):
        row = partners.pop(partner, None)
        own = hashlib.sha256((partner or "").encode()).hexdigest()[:6]  # 한빛A and 한빛a share a folder on some systems
        folder = out / f"partner={part_name(partner)}" / f"month={month or _NONE}"
        path = folder / f"{part_name(found.branch)}.{run}.{own}.parquet"
        _put(path, part, about | {"run": run, "partners": [row] if row else []})
        written.add(path)
    rest = out / f"partner={_NONE}" / f"month={_NONE}" / f"{part_name(found.branch)}.{run}.rest.parquet"
    _put(rest, found.frame.clear(), about | {"run": run, "partners": list(partners.values())})
    written.add(rest)
    _replace(page, json.dumps({"branch": found.branch, "run": run, "files": len(written), "source": source},
                              ensure_ascii=False).encode())  # fmt: skip
    for old in out.glob(f"partner=*/month=*/{_glob(part_name(found.branch))}.*.parquet"):
        if old not in written and _told(old)["branch"] == found.branch:
            old.unlink()
    return len(written)


def _parts(found: FactSet) -> Iterable[tuple[tuple[str | None, str | None], pl.DataFrame]]:
    """The facts of each partner's each month."""
    import polars as pl

    date = (pl.col("day") * 86_400_000).cast(pl.Datetime("ms"))
    month = date.dt.strftime("%Y-%m").alias("_month")
    partner = pl.col("partner") if "partner" in found.dimensions else pl.lit(None, dtype=pl.String)
    keyed = found.frame.with_columns(month, partner.alias("_partner"))
    for (name, label), part in keyed.partition_by("_partner", "_month", as_dict=True, maintain_order=True).items():
        yield (name, label), part.drop("_partner", "_month")


def _put(path: Path, frame: pl.DataFrame, told: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    frame.write_parquet(half, metadata={_MARK: json.dumps(told, ensure_ascii=False)})
    os.replace(half, path)


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    half.write_bytes(data)
    os.replace(half, path)


def _page(out: Path, branch: str) -> Path:
    return out / PAGES / f"{part_name(branch)}.json"


def _read_page(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
        return {"branch": str(found["branch"]), "run": str(found["run"]), "files": int(found["files"]),
                "source": str(found["source"])}  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BookError("facts.broken", where=str(path)) from error


def _told(path: Path) -> dict[str, Any]:
    """What a fact file says of itself."""
    try:
        found: dict[str, Any] = json.loads(_metadata(path)[_MARK])
    except (KeyError, ValueError) as error:
        raise BookError("facts.broken", where=str(path)) from error
    if found.get("version") != _version():
        raise BookError("facts.version", where=str(path), value=str(found.get("version")), known=_version())
    return found


def _lines(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(path, hive_partitioning=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BookError("facts.not_parquet", where=str(path)) from error


def _metadata(path: Path) -> dict[str, str]:
    import polars as pl

    try:
        return dict(pl.read_parquet_metadata(path))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BookError("facts.not_parquet", where=str(path)) from error


def _version() -> int:
    from addin.crm.fact_store import VERSION

    return VERSION


def _glob(text: str) -> str:
    return "".join(f"[{c}]" if c in "[]*?" else c for c in text)
