"""A long sheet's rows in blocks: its XML is cut between rows, and every block is parsed by python-calamine alone.

So a sheet of any length is read with the memory of one block, and a block that did not change need not be read again.
A block goes to calamine as a workbook of its own in memory, with the book's shared texts, styles and date system, so
its values are those of `addin.books.read`. Only sheets written in Excel's own way (``<row r="1"``, ``<c r="A1"``, no
comments) are cut; of any other `CannotCut` is raised, and who asked reads the sheet whole.
"""

from __future__ import annotations

import io
import re
import zipfile
from itertools import pairwise
from operator import lt
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from addin.books.extent import MAX_AREA, SMALL_AREA, envelope
from addin.books.guard import check_runs
from addin.books.ooxml import TRANSITIONAL
from addin.books.outline import outline
from addin.books.scan import CALLS, by_bytes
from addin.books.sheetxml import DATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

    from addin.books.package import Package, SheetRef
    from addin.crm.grid import CellError, CellValue

T = TypeVar("T")
#: Rows of a block. Shared texts are parsed once a block, so blocks are large.
ROWS = 20_000
#: A block of more bytes than this is not cut out.
MAX_BLOCK = 1 << 28
_HEAD_LIMIT, _ROW_LIMIT = 1 << 23, 1 << 10
_OWN_ROW = re.compile(rb'<row r="(\d{1,7})"')
_END = b"</sheetData>"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_MAIN, _REL = TRANSITIONAL.main, TRANSITIONAL.rel
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
_TAIL = b"</sheetData></worksheet>"


class CannotCut(Exception):
    """The sheet is not written in a way that can be cut between rows; the argument says where."""


class Block(NamedTuple):
    """Rows that stand one under the other: ``rows[0]`` is row ``first`` (1-based) of the sheet, from column A on.

    All rows are as long as the block's last column asks; blanks are ''. Rows between two blocks are blank.
    """

    first: int
    rows: list[list[CellValue]]


class Facts(NamedTuple):
    """What a block's XML tells beside its values.

    ``first``, ``last``: its rows; ``reach``: upper bounds of its cells' rows and columns; ``errors`` by place;
    ``formulas``: their columns; ``calls``: whether one of them may call a function of ours.
    """

    first: int
    last: int
    reach: tuple[int, int]
    errors: dict[tuple[int, int], CellError]
    formulas: frozenset[int]
    calls: bool


class Mold:
    """What every block of a book needs around it to be a workbook: styles, date system, its shared texts or others."""

    def __init__(self, package: Package, *, texts: bool | bytes = True) -> None:
        settings = package.xml(package.workbook_part).find("{*}workbookPr")
        self._date_1904 = settings is not None and settings.get("date1904") in ("1", "true", "on")
        kinds = ("styles", "sharedStrings") if texts is True else ("styles",)
        found = {kind: package.rel(package.workbook_part, kind) for kind in kinds}
        self._shared = {
            kind: package.read(rel.target) for kind, rel in found.items() if rel and package.has(rel.target)
        }
        if isinstance(texts, bytes):
            self._shared["sharedStrings"] = texts

    def parse(self, rows: bytes) -> Block:
        """The values of some rows' XML. `CannotCut` where calamine does not take it."""
        return self.parse_all([rows])[0]

    def parse_all(self, blocks: Sequence[bytes]) -> list[Block]:
        """The values of several blocks; the shared texts are parsed once."""
        return blocks_in(self.open([framed(rows) for rows in blocks]), range(len(blocks)))

    def open(self, sheets: Sequence[bytes]) -> CalamineWorkbook:
        """A workbook of these worksheets' XML, in order. `CannotCut` where calamine does not take it."""
        return opened(self._workbook(sheets))

    def _workbook(self, worksheets: Sequence[bytes]) -> io.BytesIO:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for number, xml in enumerate(worksheets):
                archive.writestr(part_name(number), xml)
            self.finish(archive, len(worksheets))
        out.seek(0)
        return out

    def finish(self, archive: zipfile.ZipFile, count: int) -> None:
        """Make a workbook of a zip that holds so many worksheets (`part_name`)."""
        numbers = range(count)
        own = [("worksheet", f"s{i}") for i in numbers] + [(kind, kind) for kind in self._shared]
        overrides = "".join(f'<Override PartName="/xl/{n}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for kind, n in own)
        links = "".join(f'<Relationship Id="{n}" Type="{_REL}/{kind}" Target="{n}.xml"/>' for kind, n in own)
        sheets = "".join(f'<sheet name="s{i}" sheetId="{i + 1}" r:id="s{i}"/>' for i in numbers)
        parts: dict[str, str | bytes] = {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{overrides}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="r" Type="{_REL}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}">'
            f'<workbookPr date1904="{int(self._date_1904)}"/><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}">{links}</Relationships>',
            **{f"xl/{kind}.xml": data for kind, data in self._shared.items()},
        }
        for name, data in parts.items():
            archive.writestr(name, data)


def part_name(number: int) -> str:
    """Where a worksheet of a `Mold`'s workbook stands in its zip."""
    return f"xl/s{number}.xml"


def opened(workbook: io.BytesIO | Path) -> CalamineWorkbook:
    """A `Mold`'s workbook. `CannotCut` where calamine does not take it."""
    from python_calamine import load_workbook

    return _taken(lambda: load_workbook(workbook))


def framed(rows: bytes) -> bytes:
    """Some rows' XML as a worksheet of its own."""
    return b"".join([_HEAD, rows, _TAIL])


def blocks_in(book: CalamineWorkbook, numbers: Iterable[int]) -> list[Block]:
    """Worksheets of a workbook (0-based) as blocks. `CannotCut` where calamine does not take one."""
    return _taken(lambda: [_block(book.get_sheet_by_index(i)) for i in numbers])


def _taken(read: Callable[[], T]) -> T:
    """What calamine gives; `CannotCut` where it fails."""
    from python_calamine import CalamineError

    try:
        return read()
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise CannotCut(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a panic in Rust is no Exception
            raise CannotCut(str(error)) from error
        raise


def _block(sheet: CalamineSheet) -> Block:
    values = cast("list[list[CellValue]]", sheet.to_python(skip_empty_area=True))
    if sheet.start is None or not values:
        return Block(1, [])
    row, column = sheet.start
    return Block(row + 1, [[*[""] * column, *line] for line in values] if column else values)


def read_blocks(package: Package, sheet: SheetRef, rows: int = ROWS) -> Iterator[Block]:
    """The rows of one worksheet in order, at most ``rows`` of them at a time, with errors as `CellError`.

    The part is inflated as a stream and not kept. Raises `CannotCut` where it can't be cut, be it after some blocks;
    `BookError` for a damaged part or one that means harm.
    """
    mold = Mold(package)
    last = 0
    for xml in cut(package.chunks(sheet.part), rows):
        check_runs(xml, sheet.part, package.where)
        facts = look(xml)
        if facts.first <= last:
            raise CannotCut("order")
        last = facts.last
        block = with_errors(mold.parse(xml), facts.errors)
        if block.rows:
            yield block


def look(rows: bytes) -> Facts:
    """What the XML of some rows tells; `CannotCut` where they aren't written in Excel's own way, in rising order."""
    xml = framed(rows)
    found = outline(xml, len(_HEAD), len(xml) - len(_TAIL))
    if found is None or found.comments or not found.rows:
        raise CannotCut("rows")
    numbers = found.rows
    if not all(map(lt, numbers, numbers[1:])):
        raise CannotCut("order")
    reach = envelope(xml, len(_HEAD), len(xml) - len(_TAIL))
    if reach is None:
        raise CannotCut("cells")
    area = (numbers[-1] - numbers[0] + 1) * reach[1]
    if area > SMALL_AREA and (area > MAX_AREA or rows.count(b"<c ") * 8 < area):
        raise CannotCut("far cells")
    errors, formulas = by_bytes(xml, not found.formulas)
    calls = bool(formulas) and CALLS.search(rows) is not None
    return Facts(numbers[0], numbers[-1], reach, errors, formulas, calls)


def with_errors(block: Block, errors: Mapping[tuple[int, int], CellError]) -> Block:
    """The block with its errors in place: calamine leaves them blank, or leaves their row out at the ends."""
    if not errors:
        return block
    first = min(row for row, _ in errors)
    if block.rows:
        first = min(first, block.first)
    rows: list[list[CellValue]] = [[] for _ in range(block.first - first if block.rows else 0)] + block.rows
    for (row, column), error in errors.items():
        put(rows, row - first + 1, column, error)
    return Block(first, rows)


def put(rows: list[list[CellValue]], row: int, column: int, value: CellValue) -> None:
    """Set a 1-based cell, growing only what is needed."""
    while len(rows) < row:
        rows.append([])
    line = rows[row - 1]
    if len(line) < column:
        line.extend([""] * (column - len(line)))
    line[column - 1] = value


def cut(pieces: Iterable[bytes], rows: int = ROWS) -> Iterator[bytes]:
    """A worksheet's rows as XML, cut behind every ``rows``-th row number; of the pieces no more is kept than needed.

    >>> sheet = b'<worksheet><sheetData><row r="1"/><row r="2"/><row r="3"/></sheetData></worksheet>'
    >>> list(cut([sheet[:40], sheet[40:]], 2))
    [b'<row r="1"/><row r="2"/>', b'<row r="3"/>']
    """
    stream = iter(pieces)
    rest = _behind_head(stream)
    while rest is not None:
        end = rest.find(_END)
        stop = len(rest) if end < 0 else end
        starts = boundaries(rest, 0, stop, rows)
        yield from (rest[a:b] for a, b in pairwise(starts))
        last = starts[-1] if starts else 0
        if not starts and stop > _ROW_LIMIT:
            raise CannotCut("rows")
        if end >= 0:
            if starts or rest[:stop].strip():
                yield rest[last:stop]
            return
        more = next(stream, None)
        if more is None or len(rest) - last > MAX_BLOCK:
            raise CannotCut("end")
        rest = rest[last:] + more


def boundaries(xml: bytes, start: int, end: int, rows: int) -> list[int]:
    """Where the blocks between two places of a sheet's XML begin; the last may go on behind ``end``.

    Blocks end behind rows ``rows``, 2 × ``rows`` …, so a row that grows, comes or goes moves no other block.
    """
    out: list[int] = []
    at = start
    while at >= 0 and (found := _OWN_ROW.match(xml, at, end)):
        out.append(at)
        at = next_behind(xml, at, end, (int(found[1]) - 1) // rows * rows + rows)
    return out


def next_behind(xml: bytes, at: int, end: int, row: int) -> int:
    """Where the first row behind a number begins, looked for from the beginning of a row on; -1 where there is none."""
    found = xml.find(b'<row r="%d"' % (row + 1), at, end)
    if found >= 0:
        return found
    # no such row in the sheet, or not yet in the piece
    newest = _OWN_ROW.match(xml, xml.rfind(b'<row r="', at, end), end)
    if newest and int(newest[1]) <= row:
        return -1
    return next((f.start() for f in _OWN_ROW.finditer(xml, at, end) if int(f[1]) > row), -1)


def _behind_head(stream: Iterator[bytes]) -> bytes | None:
    """What stands behind ``<sheetData>``; None where the sheet has no rows."""
    head = b""
    for piece in stream:
        head += piece
        found = DATA.search(head)
        if found is not None:
            if b"<!--" in head[: found.start()]:
                raise CannotCut("head")
            return None if found[0].endswith(b"/>") else head[found.end() :]
        if len(head) > _HEAD_LIMIT:
            break
    raise CannotCut("head")
