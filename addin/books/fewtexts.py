"""A few cells of a book with many shared texts: only those they point at are parsed with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.books.ooxml import TRANSITIONAL
from addin.books.strings import item_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

#: A cell that may point at a shared text, and one that does so as Excel writes it.
SHARED = re.compile(rb"""\st\s*=\s*["']s["']""")
_POINTER = re.compile(rb'(<c [^<>]*? t="s"[^<>]*?><v>)(\d+)(?=</v>)')
_HEAD = f'<sst xmlns="{TRANSITIONAL.main}">'.encode()


def few_texts(
    sheets: Sequence[bytes], items: bytes, starts: Callable[[], NDArray[np.intp] | None] | None = None
) -> tuple[list[bytes], bytes] | None:
    """Worksheets that point at few of the shared texts (their ``<si>`` elements), and a part of those texts alone.

    None where that can't be told by a search, or would not be worth it. ``starts``: who knows the `item_starts`.

    >>> sheets, texts = few_texts([b'<c r="A1" t="s"><v>1</v></c>'], b"<si><t>a</t></si><si><t>b</t></si><si/>" * 9)
    >>> sheets, texts.partition(b">")[2]
    ([b'<c r="A1" t="s"><v>0</v></c>'], b'<si><t>b</t></si></sst>')
    """
    if 2 * sum(map(len, sheets)) > len(items) or any(b"<!" in sheet for sheet in sheets):
        return None
    some = {at: sheet for at, sheet in enumerate(sheets) if b'"s"' in sheet or b"'s'" in sheet}
    cut = {at: _POINTER.split(sheet) for at, sheet in some.items()}  # before a number, the number, behind it …
    if any(len(cut[at]) // 3 != len(SHARED.findall(sheet)) for at, sheet in some.items()):
        return None
    begins = item_starts(items) if starts is None else starts()
    numbers = dict.fromkeys(int(number) for pieces in cut.values() for number in pieces[2::3])
    wanted = {index: at for at, index in enumerate(numbers)}
    if begins is None or any(index >= len(begins) - 1 for index in wanted):
        return None
    own = [*sheets]
    for at, pieces in cut.items():
        pieces[2::3] = [b"%d" % wanted[int(number)] for number in pieces[2::3]]
        own[at] = b"".join(pieces)
    return own, b"".join([_HEAD, *(items[begins[index] : begins[index + 1]] for index in wanted), b"</sst>"])
