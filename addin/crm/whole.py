"""Columns that need no reading cell by cell: blanks, and texts that stand for themselves; told and taken at once.

Most columns of a large book are such. Every pass over a hundred thousand cells costs, so they are looked at as one
polars column, whose patterns are Rust's; whatever else a column holds, `addin.crm.clean` reads cell by cell.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.amounts import MONEY_SCALE
from addin.crm.categories import category_readings
from addin.crm.cells import DITTO
from addin.crm.engines import FEW, worked_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from addin.crm.grid import CellValue

#: By field type, texts that stand for themselves.
PLAIN = {
    "text": r"\A[0-9A-Za-z가-힣](?:[ -~가-힣]*[!-~가-힣])?\z",
    "phone": r"\A01[016789]-[0-9]{4}-[0-9]{4}\z",
    "id": r"\A[A-Za-z가-힣_-]*[0-9][0-9A-Za-z가-힣_-]*\z",
}
#: Those of the plain texts that say: as above.
_SAYS_AS_ABOVE = sorted(word for word in DITTO if re.fullmatch(PLAIN["text"].replace(r"\z", r"\Z"), word))
#: More different words than this is no column of categories to be told at once.
_WORDS = 1_000
#: Larger amounts are looked at one by one.
_MOST = 10**14 - 1


class Unread(NamedTuple):
    """A column's cells and its field's type; ``known`` are words with a meaning, for a category."""

    kind: str
    cells: Sequence[CellValue] | pl.Series
    known: Sequence[str] = ()


def whole_columns(columns: Mapping[str, Unread]) -> dict[str, pl.Series]:
    """Those of several equally long columns whose values `clean_column` would give without any fault, by name.

    They are looked at together: for a short list it is the asking that costs.

    >>> columns = {"phone": Unread("phone", ["010-1234-5678", ""]), "amount": Unread("money", [1200.0, None])}
    >>> {name: series.to_list() for name, series in sorted(whole_columns(columns).items())}
    {'amount': [120000, None], 'phone': ['010-1234-5678', None]}
    >>> asked = {"phone": ["01012345678"], "text": ["가", 1.0], "money": [0.5], "id": ["0012"]}
    >>> whole_columns({kind: Unread(kind, cells) for kind, cells in asked.items()})
    {}
    """
    import polars as pl

    found: dict[str, pl.Series] = {}
    texts: dict[str, pl.Series] = {}
    for name, (kind, cells, known) in columns.items():
        if kind == "money":
            amounts = _amounts(cells)
            if amounts is not None:
                found[name] = amounts.alias(name)
        elif kind in PLAIN or kind == "category":
            try:
                texts[name] = pl.Series(name, cells, dtype=pl.String)
            except (TypeError, ValueError):  # something else than text is among them
                continue
            if kind == "category":
                words = _words(texts.pop(name), cells, known)
                if words is not None:
                    found[name] = words
    if not texts:
        return found
    frame = pl.DataFrame(list(texts.values())).lazy()
    blank = [(pl.col(name) == "").any().alias(f"{name} blank") for name in texts]
    plain = [_is_plain(columns[name].kind, pl.col(name)).alias(name) for name in texts]
    few = all(len(text) <= FEW for text in texts.values())
    told = worked_out(frame.select(*plain, *blank), few=few).row(0, named=True)
    found |= {name: text for name, text in texts.items() if told[name]}
    blanked = [name for name in texts if told[name] and told[f"{name} blank"]]
    wanted = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in blanked]
    taken = worked_out(frame.select(wanted), few=few) if wanted else pl.DataFrame()
    return found | {series.name: series for series in taken}


def _is_plain(kind: str, text: pl.Expr) -> pl.Expr:
    """Whether all texts stand for themselves; what is blank has nothing to say."""
    fits = (text.str.contains(PLAIN[kind]) | (text == "")).all()
    if kind == "id":  # the width of ids with a leading zero tells which have lost theirs
        return fits & ~text.str.starts_with("0").any()
    return fits & ~text.is_in(_SAYS_AS_ABOVE).any() if kind == "text" else fits


def _amounts(cells: Sequence[CellValue] | pl.Series) -> pl.Series | None:
    """A column of whole amounts in hundredths."""
    import polars as pl

    if not isinstance(cells, pl.Series):
        kinds = set(map(type, cells))
        if str in kinds:
            cells = [None if cell == "" else cell for cell in cells]
            kinds = set(map(type, cells))
        if not kinds <= {float, type(None)}:
            return None
    amounts = pl.Series(cells, dtype=pl.Float64)
    exact = amounts.cast(pl.Int64, strict=False)
    if exact.null_count() > amounts.null_count() or not ((exact == amounts) & exact.is_between(-_MOST, _MOST)).all():
        return None
    return exact * MONEY_SCALE


def _words(texts: pl.Series, cells: Sequence[CellValue] | pl.Series, known: Sequence[str]) -> pl.Series | None:
    """A column of words in their spelling."""
    import polars as pl

    if isinstance(cells, pl.Series):
        found = cells.rename("").to_frame().group_by("", maintain_order=True).len()
        cells, of = found.get_columns()
        count: Counter[Any] = Counter(dict(zip(cells, of, strict=True)))
    else:
        count = Counter(cells)  # in the order in which they come
    if len(count) > _WORDS or not DITTO.isdisjoint(count):
        return None
    readings = category_readings(count, known).readings
    if any(reading.fault is not None for reading in readings.values()):
        return None
    if all(reading.value == word for word, reading in readings.items()):
        return texts
    words = pl.Series([reading.value for reading in readings.values()], dtype=pl.String)
    return texts.replace_strict(pl.Series(list(readings), dtype=pl.String), words)
