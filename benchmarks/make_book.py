"""Write a workbook of N requests × 12 columns and 200 partners, as Excel would save it; memory stays flat.

``python benchmarks/make_book.py OUT.xlsx [ROWS] [SHEETS]``: the rows are shared out over the sheets. The same
arguments give the same bytes. Strings go into sharedStrings, dates are serials with a date style.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADERS = [
    "접수번호",
    "업체명",
    "담당자",
    "고객명",
    "연락처",
    "유입경로",
    "접수일시",
    "확인일시",
    "방문일시",
    "진행상태",
    "금액",
    "비고",
]
PARTNERS = 200
DAYS = 365
FIRST_DAY = dt.datetime(2025, 9, 1)
SERIAL = (FIRST_DAY - dt.datetime(1899, 12, 30)).days
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="맑은 고딕"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders count='1'><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class Strings:
    """The shared strings, in the order of their first use."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        """The number of a string."""
        return self.index.setdefault(text, len(self.index))


def requests(count: int, evenly: int = 0) -> Iterator[tuple[object, ...]]:
    """The requests, in order of arrival: text, minutes since the first day, or won; None where nothing stands.

    ``evenly``: so many partners in turn, instead of few that have many.
    """
    rng = random.Random(1)
    step = DAYS * 1440 / count
    for i in range(count):
        received = int(i * step)
        depth = rng.random()
        confirmed = (
            received + (rng.randrange(1, 10) if rng.random() < 0.93 else rng.randrange(10, 90))
            if depth < 0.97
            else None
        )
        visited = received + rng.randrange(60, 2000) if depth < 0.85 else None
        won = depth < 0.4
        state = "완료" if won else "방문" if i > 0.97 * count else "취소"
        partner = min(int(rng.expovariate(0.03)), PARTNERS - 1)
        yield (
            f"R{i + 1:07d}",
            f"파트너{i % evenly if evenly else partner:03d}",
            "가나다라마"[rng.randrange(5)] + "기사",
            f"고객{rng.randrange(max(count * 2 // 5, 1))}",
            f"010-0{rng.randrange(1000):03d}-{rng.randrange(10000):04d}",
            ("네이버", "지인", "카페", "전단")[rng.randrange(4)],
            received,
            confirmed,
            visited,
            state,
            rng.randrange(5, 200) * 10_000 if visited is not None else None,
            "급함" if rng.random() < 0.3 else None,
        )


def _rows(rows: Iterator[tuple[object, ...]], count: int, strings: Strings) -> Iterator[str]:
    """Row by row, the sheet's XML."""
    letters = "ABCDEFGHIJKL"
    head = "".join(f'<c r="{c}1" t="s"><v>{strings(h)}</v></c>' for c, h in zip(letters, HEADERS, strict=True))
    yield f'<row r="1" spans="1:12">{head}</row>'
    for row in range(2, count + 2):
        cells = []
        for at, value in enumerate(next(rows)):
            if value is None:
                continue
            if isinstance(value, str):
                cells.append(f'<c r="{letters[at]}{row}" t="s"><v>{strings(value)}</v></c>')
            elif at in (6, 7, 8):
                cells.append(f'<c r="{letters[at]}{row}" s="1"><v>{SERIAL + int(str(value)) / 1440!r}</v></c>')
            else:
                cells.append(f'<c r="{letters[at]}{row}" s="2"><v>{value}</v></c>')
        yield f'<row r="{row}" spans="1:12">{"".join(cells)}</row>'


def make_book(path: Path, rows: int, sheets: int = 1, evenly: int = 0) -> None:
    """Write the workbook; one sheet is called 접수, several 접수 1, 접수 2 … ``evenly``: see `requests`."""
    names = ["접수"] if sheets == 1 else [f"접수 {n}" for n in range(1, sheets + 1)]
    strings, source = Strings(), requests(rows, evenly)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:

        def entry(name: str) -> zipfile.ZipInfo:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            return info

        def part(name: str, text: str) -> None:
            package.writestr(entry(name), text.encode())

        overrides = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_kind("worksheet")}"/>'
            for n in range(1, sheets + 1)
        )
        part(
            "[Content_Types].xml",
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_kind("sheet.main")}"/>{overrides}'
            f'<Override PartName="/xl/styles.xml" ContentType="{_kind("styles")}"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_kind("sharedStrings")}"/></Types>',
        )
        part("_rels/.rels", _rels([("officeDocument", "xl/workbook.xml")]))
        tabs = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
        part(
            "xl/workbook.xml",
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{tabs}</sheets>'
            '<calcPr calcId="191029"/></workbook>',
        )
        targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, sheets + 1)]
        part(
            "xl/_rels/workbook.xml.rels",
            _rels([*targets, ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]),
        )
        part("xl/styles.xml", STYLES)
        for n in range(1, sheets + 1):
            count = rows // sheets + (n <= rows % sheets)
            with package.open(entry(f"xl/worksheets/sheet{n}.xml"), "w") as out:
                head = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:L{count + 1}"/><sheetData>'
                out.write((HEAD + head).encode())
                for line in _rows(source, count, strings):
                    out.write(line.encode())
                out.write(b"</sheetData></worksheet>")
        with package.open(entry("xl/sharedStrings.xml"), "w") as out:
            out.write(f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(strings.index)}">'.encode())
            for text in strings.index:
                out.write(f"<si><t>{escape(text)}</t></si>".encode())
            out.write(b"</sst>")


def _kind(name: str) -> str:
    return f"application/vnd.openxmlformats-officedocument.spreadsheetml.{name}+xml"


def _rels(targets: list[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


if __name__ == "__main__":
    make_book(Path(sys.argv[1]), *(int(word) for word in sys.argv[2:] or ["100000"]))
