"""``danggol.xlam``: xlwings' ribbon add-in (BSD) with our modules, the functions' wrappers, the ribbon and all words.

Built the same to the byte on every system: parts are stored, not deflated (zlib differs between systems), in one
order, under one date. Nothing of the machine it was built on is inside.
"""

from __future__ import annotations

import os
import re
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from addin.errors import DanggolError
from addin.hosts.excel.bas import MODULES, changed, crlf, source
from addin.version import version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NAME: Final = "danggol.xlam"
TEMPLATE: Final = "quickstart_addin_ribbon.xlam"
RIBBON: Final = "customUI/customUI14.xml"
_RIBBON_TYPE: Final = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_SHEET: Final = "xl/worksheets/sheet1.xml"
_DATE: Final = (1980, 1, 1, 0, 0, 0)


def build_xlam(out: Path) -> Path:
    """Write the add-in; ``out`` is a file or an existing folder (then ``danggol.xlam`` in it). Gives the file's path.

    Raises `DanggolError` where pyOpenVBA is missing, or xlwings' template isn't the one we know.
    """
    from addin.hosts.excel.ribbon import help_rows, ribbon_module, ribbon_xml, words
    from addin.hosts.excel.wrappers import vba_wrappers

    target = out / NAME if out.is_dir() else out
    parts = _template()
    modules = {name: source(name) for name in MODULES}
    modules |= {"DanggolRibbon": crlf(ribbon_module()), "xlwings_udfs": crlf(vba_wrappers())}
    parts["xl/vbaProject.bin"] = _project(modules)
    parts[_SHEET] = _sheet(parts[_SHEET], [*words(), *help_rows()])
    parts["xl/sharedStrings.xml"] = _no_strings(parts["xl/sharedStrings.xml"])
    parts["xl/workbook.xml"] = _workbook(parts["xl/workbook.xml"])
    parts["docProps/core.xml"] = _properties(parts["docProps/core.xml"])
    parts.pop("customUI/customUI.xml")
    parts["_rels/.rels"] = _replaced(
        parts["_rels/.rels"],
        rf'<Relationship Id="(\w+)" Type="{re.escape(_RIBBON_TYPE)}" Target="[^"]*" ?/>',
        rf'<Relationship Id="\1" Type="{_RIBBON_TYPE}" Target="{RIBBON}"/>',
    )
    parts[RIBBON] = ribbon_xml().encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        _write(beside, parts)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return target


def _template() -> dict[str, bytes]:
    """The parts of xlwings' ribbon add-in."""
    path = _template_path()
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _template_path() -> Path:
    import xlwings

    path = Path(xlwings.__file__).parent / TEMPLATE
    if not path.exists():
        raise DanggolError("excel.other_xlwings", value=TEMPLATE)
    return path


def _project(modules: dict[str, str]) -> bytes:
    """``vbaProject.bin``: the template's, with xlwings' module changed, its ribbon module gone and ours added."""
    try:
        from pyopenvba import ExcelFile
    except ImportError as error:
        raise DanggolError("excel.needs_pyopenvba") from error
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / NAME
        book.write_bytes(_template_path().read_bytes())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with ExcelFile(str(book)) as file:
                project: Any = file.vba_project()
                project.delete_module("RibbonMyAddin")
                # No form is in it, and the template's reference holds a path of the computer it was made on.
                file.remove_reference("MSForms")
                file.set_module("xlwings", changed(file.get_module("xlwings")))
                file.set_module("Dictionary", crlf(file.get_module("Dictionary")))
                file.set_module("ThisWorkbook", source("ThisWorkbook"))
                for name, text in modules.items():
                    project.add_module(name, text)
                file.save()
        with zipfile.ZipFile(book) as package:
            return package.read("xl/vbaProject.bin")


def _sheet(part: bytes, rows: Iterable[Sequence[str]]) -> bytes:
    """The add-in's one sheet: a row of texts for each word and each function."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
            for i, text in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    data = f"<sheetData>{''.join(lines)}</sheetData>"
    part = _replaced(part, r'<dimension ref="[^"]*" />', f'<dimension ref="A1:E{len(lines)}"/>')
    return _replaced(part, r"<sheetData>.*</sheetData>", data.replace("\\", r"\\"))


def _no_strings(part: bytes) -> bytes:
    return _replaced(part, r'count="\d+" uniqueCount="\d+">.*</sst>', 'count="0" uniqueCount="0"></sst>')


def _workbook(part: bytes) -> bytes:
    """Our sheet's name, and nothing of the computer the template was saved on."""
    part = _replaced(part, r"<mc:AlternateContent .*?</mc:AlternateContent>", "")
    return _replaced(part, r'<sheet name="_myaddin\.conf"', '<sheet name="danggol"')


def _properties(part: bytes) -> bytes:
    """The stamp that `addin.actions.machine.stamp` reads: which danggol and which xlwings made this."""
    import xlwings

    made_with = f"danggol {version()}, xlwings {xlwings.__version__}"
    part = _replaced(part, r"<dc:title />", "<dc:title>danggol</dc:title>")
    part = _replaced(part, r"<dc:creator>[^<]*</dc:creator>", "<dc:creator>danggol</dc:creator>")
    part = _replaced(part, r"<cp:lastModifiedBy>[^<]*<", "<cp:lastModifiedBy>danggol<")
    return _replaced(part, r"<dc:description />", f"<dc:description>{made_with}</dc:description>")


def _replaced(part: bytes, pattern: str, text: str) -> bytes:
    """The part with the pattern's one place replaced; a template that lacks it is not the one we know."""
    new, times = re.subn(pattern, text, part.decode("utf-8"), flags=re.DOTALL)
    if times != 1:
        raise DanggolError("excel.other_xlwings", value=pattern)
    return new.encode("utf-8")


def _write(path: Path, parts: dict[str, bytes]) -> None:
    first = "[Content_Types].xml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(parts, key=lambda name: (name != first, name)):
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = 0
            info.external_attr = 0
            package.writestr(info, parts[name])
