"""Results of formulas put into a sheet's bytes: ``<v>`` and the type of a cell, never its formula or its format."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from addin.books.cells import MAX_TEXT, escape, number_text
from addin.books.formulacells import FORMULA, Stored, stored
from addin.books.sheetxml import SheetXml, cells_of
from addin.crm.grid import CellError, cell_address
from addin.crm.lazy import pattern

if TYPE_CHECKING:
    from addin.books.strings import Strings

_RESULT_ATTRIBUTES = pattern(rb"\s(?:t|vm)=[\"']\w*[\"']")
_SPANS = pattern(rb"\sspans=[\"'][^\"']*[\"']")
_OLD = pattern(rb"\s*(?:<v(?:\s[^>]*)?(?:/>|>.*?</v>)|<is(?:\s[^>]*)?(?:/>|>.*?</is>))", re.DOTALL)


def with_results(
    xml: SheetXml, values: dict[tuple[int, int], Stored], strings: Strings
) -> tuple[SheetXml, dict[tuple[int, int], Stored]]:
    """The sheet with these results, and what was stored before where it differs.

    A cell without a formula takes a result too: the caller knows it to be filled by an array formula.
    """
    old: dict[tuple[int, int], Stored] = {}
    pieces: list[bytes] = []
    done = xml.start
    rows: dict[int, dict[int, Stored]] = {}
    for (row, column), value in values.items():
        rows.setdefault(row, {})[column] = value
    for row in sorted(rows):
        at = bisect_left(xml.rows, row)
        there = at < len(xml.rows) and xml.rows[at] == row
        begin, stop = xml.starts[at], xml.starts[at + 1] if there else xml.starts[at]
        line = xml.data[begin:stop] if there else b'<row r="%d"></row>' % row
        opening, cells, rest = cells_of(line, xml.where)
        present = dict(cells)
        changed = False
        for column, value in rows[row].items():
            cell = present.get(column, b'<c r="%b"/>' % cell_address(row, column).encode())
            before = stored(cell, strings)
            if same_result(before, value):
                continue
            if column not in present:
                opening = _SPANS().sub(b"", opening)
            present[column] = with_result(cell, value)
            old[row, column] = before
            changed = True
        if changed:
            pieces += [xml.data[done:begin], opening, *(present[c] for c in sorted(present)), rest]
            done = stop
    if not pieces:
        return xml, old
    inside = b"".join([*pieces, xml.data[done : xml.end]])
    tail = xml.data[xml.end :]
    data = xml.head + b"<sheetData>" + inside + (b"</sheetData>" + tail if xml.empty else tail)
    return SheetXml(data, xml.where), old


def with_result(cell: bytes, value: Stored) -> bytes:
    """One cell with another result.

    >>> with_result(b'<c r="A1" s="2" t="str"><f>CRM_HHI(B1)</f><v>a</v></c>', 0.5)
    b'<c r="A1" s="2"><f>CRM_HHI(B1)</f><v>0.5</v></c>'
    >>> with_result(b'<c r="A1"/>', "a<b"), with_result(b'<c r="A1" t="b"><v>1</v></c>', None)
    (b'<c r="A1" t="str"><v>a&lt;b</v></c>', b'<c r="A1"/>')
    """
    end = cell.find(b">") + 1
    opening = _RESULT_ATTRIBUTES().sub(b"", cell[:end])
    alone = opening.endswith(b"/>")
    inner = b"" if alone else cell[end : cell.rfind(b"</c")]
    opening = opening[: -2 if alone else -1].rstrip()
    formula = found[0] if (found := FORMULA().search(inner)) else b""
    kind, body = _result(value)
    rest = _OLD().sub(b"", inner.replace(formula, b"", 1) if formula else inner).strip()
    content = formula + body + rest
    return opening + kind + (b">" + content + b"</c>" if content else b"/>")


def _result(value: Stored) -> tuple[bytes, bytes]:
    match value:
        case None:
            return b"", b""
        case bool():
            return b' t="b"', b"<v>%d</v>" % value
        case CellError():
            return b' t="e"', b"<v>%b</v>" % escape(value.code).encode()
        case str():
            if len(value.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
                return _result(CellError("#VALUE!"))
            space = b' xml:space="preserve"' if value != value.strip() else b""
            return b' t="str"', b"<v%b>%b</v>" % (space, escape(value).encode())
    return b"", b"<v>%b</v>" % number_text(value).encode()


def same_result(one: Stored, other: Stored) -> bool:
    """Whether two results are the same to a person; 1 is not TRUE, nothing is not an empty text.

    >>> same_result(1.0, True), same_result(None, ""), same_result(2, 2.0), same_result(0.1 + 0.2, 0.3)
    (False, False, True, True)
    """
    if isinstance(one, float | int) and isinstance(other, float | int):
        if isinstance(one, bool) != isinstance(other, bool):
            return False
        return one == other or abs(one - other) <= 1e-12 * max(abs(one), abs(other))
    return type(one) is type(other) and one == other


def to_json(value: Stored) -> object:
    """A result for the journal."""
    return {"e": value.code} if isinstance(value, CellError) else value


def from_json(value: object) -> Stored:
    """A result out of the journal."""
    if isinstance(value, dict):
        return CellError(str(value["e"]))
    assert value is None or isinstance(value, str | float | int | bool)
    return value
