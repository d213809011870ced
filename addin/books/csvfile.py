"""Reading a .csv as people's programs write it: utf-8, cp949 or utf-16; commas, semicolons or tabs.

Every value stays the text that was typed: leading zeros, ``=…`` and dates alike. A person's .csv is never written to.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from addin.books.guard import MIB, check_file
from addin.crm.grid import Grid
from addin.errors import BookError

if TYPE_CHECKING:
    from pathlib import Path

MAX_CSV = 256 * MIB
DELIMITERS = (",", "\t", ";")
#: What a spreadsheet would take for a formula. In a .csv danggol exports, such text stands behind an apostrophe, which
#: a spreadsheet shows; reading takes it off again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_SAMPLE = 64 * 1024
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_csv(path: Path) -> tuple[bytes, Grid]:
    """The file's bytes and its one grid, named by the file's stem (at most 31 characters).

    Raises `BookError` for NUL bytes, for text in no known encoding (with the byte's offset) and for a quote that never
    ends within a cell's 32,767 characters.
    """
    check_file(path)
    data = path.read_bytes()
    if len(data) > MAX_CSV:
        raise BookError("csv.too_large", where=path.name, value=f"{len(data) // MIB:,}", limit=MAX_CSV // MIB)
    return data, Grid(sheet_name(path.stem), rows_of(data, path.name))


def rows_of(data: bytes, where: str = "") -> list[list[str]]:
    """Rows of text, ragged as they are, blank ones at the end left out.

    >>> rows_of('이름;전화\\r\\n"김;철수";010\\r\\n'.encode("cp949"))
    [['이름', '전화'], ['김;철수', '010']]
    """
    text = decoded(data, where)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text[:_SAMPLE]))
    try:
        rows = list(reader)
    except csv.Error as error:
        raise BookError("csv.broken", where=where, value=str(reader.line_num)) from error
    while rows and not any(rows[-1]):
        rows.pop()
    if ("'" in text) and any(f"'{start}" in text for start in FORMULA_STARTS):
        rows = [[cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS else cell for cell in row] for row in rows]
    return rows


def decoded(data: bytes, where: str = "") -> str:
    """The text of a .csv, its encoding told by the bytes alone."""
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if encoding != "utf-16" and (nul := data.find(b"\0")) >= 0:
        raise BookError("csv.nul", where=where, value=f"{nul:,}")
    at = 0
    for name in [encoding] if encoding else ["utf-8", "cp949"]:
        try:
            text = data.decode(name)
        except UnicodeDecodeError as error:
            at = max(at, error.start)
        else:
            if (nul := text.find("\0")) >= 0:
                raise BookError("csv.nul", where=where, value=f"{2 + 2 * nul:,}")
            return text
    raise BookError("csv.encoding", where=where, value=f"{at:,}")


def delimiter_of(sample: str) -> str:
    """The delimiter that cuts the sample's lines most evenly; a comma where none does.

    >>> delimiter_of("a;b;c\\n1,5;2;3\\n"), delimiter_of("비고\\n1\\n")
    (';', ',')
    """
    best, score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        lines = [line for line in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(line)][:200]
        widths = [len(line) for line in lines[:-1] or lines]
        usual = max(set(widths), key=widths.count, default=1)
        if usual > 1 and (found := (widths.count(usual) / len(widths), usual)) > score:
            best, score = delimiter, found
    return best


def sheet_name(stem: str) -> str:
    """A file's stem as a sheet could be called.

    >>> sheet_name("2026[11]: 접수/확정")
    '2026 11   접수 확정'
    """
    name = "".join(" " if ch in "[]:*?/\\" or ord(ch) < 32 else ch for ch in stem).strip().strip("'")
    return name[:31] or "csv"
