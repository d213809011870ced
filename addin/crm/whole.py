"""Columns that need no reading cell by cell: blanks, and texts that stand for themselves; told and taken at once.

Most columns of a large book are such. Every pass over a hundred thousand cells costs, so they are looked at as one
polars column, whose patterns are Rust's; whatever else a column holds, `addin.crm.clean` reads cell by cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.categories import category_readings
from addin.crm.cells import DITTO

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from addin.crm.grid import CellValue

#: By field type, texts that stand for themselves.
PLAIN = {
    "text": r"\A[0-9A-Za-z가-힣](?:[ -~가-힣]*[!-~가-힣])?\z",
    "phone": r"\A01[016789]-[0-9]{4}-[0-9]{4}\z",
    "id": r"\A[A-Za-z가-힣_-]*[0-9][0-9A-Za-z가-힣_-]*\z",
}
#: More different words than this is no column of categories to be told at once.
_WORDS = 1_000


def whole_column(kind: str, cells: Sequence[CellValue], known: Sequence[str] = ()) -> pl.Series | None:
    """The column's values as `clean_column` would give them without any fault; None where it has to be asked.

    ``kind`` is the field's type, ``known`` words with a meaning, for a category.

    >>> whole_column("phone", ["010-1234-5678", "", None]).to_list()
    ['010-1234-5678', None, None]
    >>> whole_column("phone", ["01012345678"]), whole_column("text", ["가", 1.0]), whole_column("text", ["가", "상동"])
    (None, None, None)
    """
    import polars as pl

    if kind not in PLAIN and kind != "category":
        return None
    try:
        texts = pl.Series(cells, dtype=pl.String)
    except (TypeError, ValueError):  # something else than text is among them
        return None
    if kind == "category":
        return _words(texts, known)
    filled = texts.replace("", None)
    if not filled.str.contains(PLAIN[kind]).all():
        return None
    if kind == "id":  # the width of ids with a leading zero tells which have lost theirs
        return None if filled.str.starts_with("0").any() else filled
    return None if kind == "text" and filled.is_in(list(DITTO)).any() else filled


def _words(texts: pl.Series, known: Sequence[str]) -> pl.Series | None:
    """A column of words in their spelling."""
    import polars as pl

    counts = texts.value_counts()
    if counts.height > _WORDS:
        return None
    count = dict(zip(*counts, strict=True))
    if not DITTO.isdisjoint(count):
        return None
    ordered = {word: count[word] for word in texts.unique(maintain_order=True)}
    readings = category_readings(ordered, known).readings
    if any(reading.fault is not None for reading in readings.values()):
        return None
    words = pl.Series([reading.value for reading in readings.values()], dtype=pl.String)
    return texts.replace_strict(pl.Series(list(readings), dtype=pl.String), words)
