"""A book's shared texts as one column, as python-calamine gives them: plain ones at once, the others asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from addin.books.blocks import CannotCut, Mold, blocks_in, framed
from addin.books.names import MAX_ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import polars as pl

    from addin.books.package import Package

_PLAIN_ITEM = r'\A<si><t(?: xml:space="preserve")?>((?:[^<&_\r\s\x00-\x1f](?:[^<&_\r]*[^<&_\r\s\x00-\x1f])?)?)</t>\z'
_ITEM_END = b"</si>"
#: Bytes of texts that are told apart in one go.
_TEXTS = 1 << 21


class Texts(NamedTuple):
    """A book's shared texts, and which of them are empty."""

    texts: pl.Series
    empty: np.ndarray[Any, np.dtype[np.bool_]]


def shared_texts(package: Package) -> Texts:
    """The book's shared texts as python-calamine gives them; `CannotCut` where it does not take them."""
    import numpy as np
    import polars as pl

    rel = package.rel(package.workbook_part, "sharedStrings")
    if rel is None or not package.has(rel.target):
        return Texts(pl.Series(dtype=pl.String), np.zeros(0, np.bool_))
    data = package.read(rel.target)
    count, start = data.count(_ITEM_END), data.find(b"<si>")
    if count and start >= 0 and count == data.count(b"<si>") and not any(m in data for m in (b"<si/", b"<si ", b"<!")):
        found = []
        while (stop := data.find(_ITEM_END, start + _TEXTS) if len(data) - start > _TEXTS else -1) >= 0:
            found.append(_plain_texts(data[start:stop]))
            start = stop + len(_ITEM_END)
        if (stop := data.rfind(_ITEM_END, start)) >= 0:
            found.append(_plain_texts(data[start:stop]))
        texts = pl.concat(found, rechunk=True)
        del data, found
        odd = texts.is_null().arg_true().to_list()
    else:
        texts, odd = pl.Series([None] * count, dtype=pl.String), list(range(count))
    if odd:
        texts = texts.scatter(odd, _asked(package, odd))
    return Texts(texts.rename(""), (texts == "").to_numpy())


def _plain_texts(items: bytes) -> pl.Series:
    """The texts of some entries, the last without its end; null where that takes more than a look."""
    import polars as pl

    found = pl.Series([decoded(items)]).str.split("</si>").explode()
    return found.str.strip_chars_start("\n\r\t ").str.extract(_PLAIN_ITEM, 1)


def _asked(package: Package, wanted: Sequence[int]) -> list[str]:
    """Some of the shared texts, as calamine reads them."""
    if len(wanted) > MAX_ROW:
        raise CannotCut("texts")
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (row, row, index) for row, index in enumerate(wanted, 1)
    )
    out = [""] * len(wanted)
    (block,) = blocks_in(Mold(package).open([framed(cells)]), [0])
    for at, row in enumerate(block.rows, block.first - 1):
        if row and not isinstance(row[0], str):
            raise CannotCut("texts")
        out[at] = row[0] if row else ""  # type: ignore[assignment]
    return out


def decoded(data: bytes) -> str:
    """As text; `CannotCut` where it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise CannotCut("texts") from error
