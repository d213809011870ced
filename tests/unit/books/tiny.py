"""The smallest workbooks, part by part, for tests of what stands in the XML."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)


def rows(data: str, after: str = "", before: str = "") -> str:
    """A worksheet's XML around its rows."""
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def row(cells: str, number: int = 1) -> str:
    """A worksheet of one row."""
    return rows(f'<row r="{number}">{cells}</row>')


def parts(
    *sheets: str,
    strings: str = "",
    styles: str = "",
    workbook: str = "",
    names: str = "",
    more: dict[str, str] | None = None,
) -> dict[str, str]:
    """The parts of a workbook with these sheets: S1, S2 …; ``more`` adds or replaces parts."""
    listed = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="rId{i}"/>' for i in range(1, len(sheets) + 1))
    rels = [(f"rId{i}", "worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)]
    out = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="{_TYPE}.worksheet+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": _relationships([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{workbook}<sheets>{listed}</sheets>{names}</workbook>'
        ),
    }
    for i, sheet in enumerate(sheets, 1):
        out[f"xl/worksheets/sheet{i}.xml"] = sheet
    if strings:
        rels.append(("rIdS", "sharedStrings", "sharedStrings.xml"))
        out["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    if styles:
        rels.append(("rIdT", "styles", "styles.xml"))
        out["xl/styles.xml"] = styles
    out["xl/_rels/workbook.xml.rels"] = _relationships(rels)
    return {**out, **(more or {})}


def _relationships(entries: list[tuple[str, str, str]]) -> str:
    items = "".join(f'<Relationship Id="{i}" Type="{REL}/{kind}" Target="{to}"/>' for i, kind, to in entries)
    return f'<Relationships xmlns="{_RELS}">{items}</Relationships>'


def zipped(content: dict[str, str]) -> bytes:
    """Parts as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def write(folder: Path, *sheets: str, name: str = "책.xlsx", **options: object) -> Path:
    """The workbook as a file."""
    path = folder / name
    path.write_bytes(zipped(parts(*sheets, **options)))  # type: ignore[arg-type]
    return path
