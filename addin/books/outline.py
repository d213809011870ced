"""A long worksheet's rows, found in one pass of numpy: no object a row, and other threads may run meanwhile.

Only for sheets written in Excel's own way (``<row r="1"``); of any other `outline` says None, and who
asked looks for itself. Eight bytes from any place on are read as one number, whose lowest byte comes first.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.books.longpart import let_go
from addin.books.names import MAX_ROW

if TYPE_CHECKING:
    import numpy as np

    Words = np.ndarray[Any, np.dtype[np.uint64]]
    Places = np.ndarray[Any, np.dtype[np.int64]]

#: Sheets from so many bytes on are looked at this way.
LONG = 1 << 22
_PIECE = 1 << 20


def number(text: bytes) -> int:
    """Up to eight bytes as one number, as they are read."""
    return int.from_bytes(text, "little")


_ROW, _CELL, _ROW_END, _CELL_END = map(number, (b'row r="', b'c r="', b"/row>", b"</c>"))
_ONES, _HIGHS, _ZEROS, _OVER_NINE = (number(bytes([byte]) * 8) for byte in (0x01, 0x80, 0x30, 0x76))


class Outline(NamedTuple):
    """The rows between ``<sheetData>`` and ``</sheetData>``.

    ``rows`` their numbers, ``starts`` where each begins, ``last_columns`` of each the column of its last cell; 0 where
    it doesn't end ``</c></row>`` or that isn't told. ``formulas``: whether an element's name begins with f;
    ``comments``: whether ``<!`` stands there.
    """

    rows: array[int]
    starts: array[int]
    last_columns: array[int]
    formulas: bool
    comments: bool


def outline(xml: bytes, start: int, end: int) -> Outline | None:
    """The outline of the rows between two places; None where they are not written in Excel's own way.

    >>> found = outline(b'<sheetData><row r="7"><c r="B7"><v>1</v></c></row></sheetData></worksheet>', 11, 50)
    >>> found.rows, found.starts, found.last_columns, found.formulas
    (array('L', [7]), array('Q', [11]), array('H', [2]), False)
    >>> outline(b'<sheetData><row><c><v>1</v></c></row></sheetData></worksheet>', 11, 37)
    """
    import numpy as np

    if len(xml) < end + 16:  # eight bytes are read from any place on
        return None
    whole = np.frombuffer(xml, np.uint8)
    words = np.ndarray((len(xml) - 7,), "<u8", xml, strides=(1,))
    starts, ends, lasts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    numbers = [np.zeros(0, np.uint64)]
    formulas = comments = False
    before = np.zeros(1, np.uint64)  # the column of the last cell of the piece before
    for at in range(start, end, _PIECE):
        stop = min(at + _PIECE, end)
        opens, first, second = whole[at:stop] == ord("<"), whole[at + 1 : stop + 1], whole[at + 2 : stop + 2]
        formulas = formulas or bool((opens & (first == ord("f"))).any())
        comments = comments or bool((opens & (first == ord("!"))).any())
        cells = np.flatnonzero(opens & (first == ord("c"))) + at
        begins = np.flatnonzero(opens & (first == ord("r")) & (second == ord("o"))) + at
        found = _integers(words[begins + 8]) if (begin(words[begins + 1], 7) == _ROW).all() else None
        if found is None:
            return None
        starts.append(begins)
        numbers.append(found)
        ended = np.flatnonzero(opens & (first == ord("/")) & (second == ord("r"))) + at
        ended = ended[begin(words[ended - 4], 4) == _CELL_END]
        ended = ended[begin(words[ended + 1], 5) == _ROW_END]
        ends.append(ended)
        place = np.searchsorted(cells, ended)
        lasts.append(np.where(place > 0, _columns(words, cells[place - 1]) if len(cells) else before, before))
        before = _columns(words, cells[-1:]) if len(cells) else before
        let_go(xml, at - _PIECE, at)
    begins, rows = np.concatenate(starts), np.concatenate(numbers)
    if len(rows) and int(rows.max()) > MAX_ROW:
        return None
    ended = np.concatenate([*ends, [-1]])
    closing = np.concatenate([begins[1:], [end]])[: len(begins)] - len(b"</row>")
    place = np.searchsorted(ended[:-1], closing)
    columns = np.append(np.concatenate(lasts), np.uint64(0))
    last = np.where(ended[place] == closing, columns[place], np.uint64(0))
    return Outline(_array("L", rows), _array("Q", begins), _array("H", last), formulas, comments)


def begin(words: Words, count: int) -> Words:
    """Their first bytes alone."""
    import numpy as np

    return words & np.uint64((1 << 8 * count) - 1)


def _columns(words: Words, cells: Places) -> Words:
    """The columns of the cells that begin at some places; 0 where that isn't told."""
    import numpy as np

    column, _ = columns_at(words[cells + 6])
    return np.where(begin(words[cells + 1], 5) == _CELL, column, np.uint64(0))


def columns_at(text: Words) -> tuple[Words, Words]:
    """The columns of addresses, and how many letters each has; column 0 where that isn't told.

    >>> import numpy
    >>> [one.tolist() for one in columns_at(numpy.frombuffer(b'A1"     ABC12"  1', "<u8", 2))]
    [[1, 731], [1, 3]]
    """
    import numpy as np

    one, two, three, four = [(text >> np.uint64(shift)) & np.uint64(0xFF) for shift in (0, 8, 16, 24)]
    wide, widest = _letter(two), _letter(two) & _letter(three)
    column = one - np.uint64(64)
    column = np.where(wide, column * np.uint64(26) + two - np.uint64(64), column)
    column = np.where(widest, column * np.uint64(26) + three - np.uint64(64), column)
    behind = np.where(widest, four, np.where(wide, three, two))
    told = _letter(one) & (behind >= np.uint64(ord("0"))) & (behind <= np.uint64(ord("9")))
    letters = np.uint64(1) + wide.astype(np.uint64) + widest.astype(np.uint64)
    return np.where(told, column, np.uint64(0)), letters


def _letter(byte: Words) -> np.ndarray[Any, np.dtype[np.bool_]]:
    import numpy as np

    return (byte >= np.uint64(ord("A"))) & (byte <= np.uint64(ord("Z")))


def _integers(text: Words) -> Words | None:
    """The numbers of one to seven digits that end with a quote; None where one of them is something else."""
    numbers, _, told = digits_at(text, ord('"'))
    return numbers if told.all() else None


def digits_at(text: Words, end: int) -> tuple[Words, Words, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Numbers of one to seven digits that end with some byte, how many digits each has, and which are such numbers.

    >>> import numpy
    >>> [one.tolist() for one in digits_at(numpy.frombuffer(b'0120<v>.12a45<..', "<u8"), ord("<"))]
    [[120, 0], [4, 0], [True, False]]
    """
    import numpy as np

    u = np.uint64
    other = text ^ u(end * _ONES)
    ends = (other - u(_ONES)) & ~other & u(_HIGHS)
    first = ends & (~ends + u(1))  # the highest bit of the first such byte
    inside = (first >> u(7)) - u(1)  # every bit of the bytes before it
    digits = (text ^ u(_ZEROS)) & inside
    wrong = (digits | (digits + (u(_OVER_NINE) & inside))) & u(_HIGHS)
    told = (first > u(0x80)) & (wrong == 0)  # it is there, behind digits alone
    count = np.where(told, ((inside & u(_ONES)) * u(_ONES)) >> u(56), u(0))
    digits = np.where(told, digits, u(0)) << ((u(8) - count) << u(3)) % u(64)
    digits = (digits * u(10) + (digits >> u(8))) & u(0x00FF00FF00FF00FF)
    digits = (digits * u(100) + (digits >> u(16))) & u(0x0000FFFF0000FFFF)
    return (digits * u(10_000) + (digits >> u(32))) & u(0xFFFFFFFF), count, told


def _array(kind: str, numbers: Any) -> array[int]:
    """A numpy column as an array of the standard library."""
    out = array(kind)
    out.frombytes(numbers.astype(f"=u{out.itemsize}").tobytes())
    return out
