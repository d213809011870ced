"""A few cells of a book with many shared texts: only those they point at are parsed with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.books.ooxml import TRANSITIONAL

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A cell that may point at a shared text, and one that does so as Excel writes it.
SHARED = re.compile(rb"""\st\s*=\s*["']s["']""")
_POINTER = re.compile(rb'(<c [^<>]*? t="s"[^<>]*?><v>)(\d+)(?=</v>)')
_ITEMS = (b"<si>", b"<si/>", b"<si ")
_HEAD = f'<sst xmlns="{TRANSITIONAL.main}">'.encode()


def few_texts(sheets: Sequence[bytes], items: bytes) -> tuple[list[bytes], bytes] | None:
    """Worksheets that point at few of the shared texts (their ``<si>`` elements), and a part of those texts alone.

    None where that can't be told by a search, or would not be worth it.

    >>> sheets, texts = few_texts([b'<c r="A1" t="s"><v>1</v></c>'], b"<si><t>a</t></si><si><t>b</t></si><si/>" * 9)
    >>> sheets, texts.partition(b">")[2]
    ([b'<c r="A1" t="s"><v>0</v></c>'], b'<si><t>b</t></si></sst>')
    """
    if 2 * sum(map(len, sheets)) > len(items) or b"<!" in items or any(b"<!" in sheet for sheet in sheets):
        return None
    pointed = [_POINTER.findall(sheet) for sheet in sheets]
    if [*map(len, pointed)] != [len(SHARED.findall(sheet)) for sheet in sheets]:
        return None
    before, *known = items.split(b"<si")
    if before or sum(map(items.count, _ITEMS)) < len(known):
        return None
    wanted = {index: at for at, index in enumerate(dict.fromkeys(int(i) for found in pointed for _, i in found))}
    if any(index >= len(known) for index in wanted):
        return None
    own = [_POINTER.sub(lambda found: found[1] + b"%d" % wanted[int(found[2])], sheet) for sheet in sheets]
    return own, b"".join([_HEAD, *(b"<si" + known[index] for index in wanted), b"</sst>"])
