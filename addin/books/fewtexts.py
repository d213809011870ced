"""A few cells of a book with many shared texts: only those they point at are parsed with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.books.ooxml import TRANSITIONAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

#: A cell that may point at a shared text, and one that does so as Excel writes it.
SHARED = re.compile(rb"""\st\s*=\s*["']s["']""")
_POINTER = re.compile(rb'(<c [^<>]*? t="s"[^<>]*?><v>)(\d+)(?=</v>)')
_HEAD = f'<sst xmlns="{TRANSITIONAL.main}">'.encode()


def few_texts(sheets: Sequence[bytes], items: bytes) -> tuple[list[bytes], bytes] | None:
    """Worksheets that point at few of the shared texts (their ``<si>`` elements), and a part of those texts alone.

    None where that can't be told by a search, or would not be worth it.

    >>> sheets, texts = few_texts([b'<c r="A1" t="s"><v>1</v></c>'], b"<si><t>a</t></si><si><t>b</t></si><si/>" * 9)
    >>> sheets, texts.partition(b">")[2]
    ([b'<c r="A1" t="s"><v>0</v></c>'], b'<si><t>b</t></si></sst>')
    """
    if 2 * sum(map(len, sheets)) > len(items) or any(b"<!" in sheet for sheet in sheets):
        return None
    some = {at: sheet for at, sheet in enumerate(sheets) if b'"s"' in sheet or b"'s'" in sheet}
    pointed = {at: _POINTER.findall(sheet) for at, sheet in some.items()}
    if any(len(pointed[at]) != len(SHARED.findall(sheet)) for at, sheet in some.items()):
        return None
    starts = _starts(items)
    wanted = {
        index: at for at, index in enumerate(dict.fromkeys(int(i) for found in pointed.values() for _, i in found))
    }
    if starts is None or any(index >= len(starts) - 1 for index in wanted):
        return None
    own = [*sheets]
    for at, sheet in some.items():
        own[at] = _POINTER.sub(lambda found: found[1] + b"%d" % wanted[int(found[2])], sheet)
    return own, b"".join([_HEAD, *(items[starts[index] : starts[index + 1]] for index in wanted), b"</sst>"])


def _starts(items: bytes) -> NDArray[np.intp] | None:
    """Where every ``<si>`` element begins, and where the last ends; None where that can't be told by a search.

    >>> _starts(b"<si>a</si><si/><si >b</si>").tolist(), _starts(b"<size/>"), _starts(b"<!-- --><si/>")
    ([0, 10, 15, 26], None, None)
    """
    import numpy as np

    text = np.frombuffer(items + b"   ", np.uint8)
    tags = np.flatnonzero(text == ord("<"))
    second = text[tags + 1]
    found = tags[second == ord("s")]
    found = found[text[found + 2] == ord("i")]
    behind = text[found + 3]
    closed = (behind == ord("/")) & (text[found + 4] == ord(">"))
    plain = closed | (behind == ord(">")) | (behind == ord(" "))
    if not plain.all() or (second == ord("!")).any() or (len(items) and not (len(found) and found[0] == 0)):
        return None
    return np.append(found, len(items))
