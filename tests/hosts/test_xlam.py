"""The Excel add-in as built: whole, the same to the byte, and every button and function leads where it says."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pyopenvba
import pytest
from pyopenvba import ExcelFile

from addin.actions.machine.stamp import stamp_of
from addin.errors import DanggolError
from addin.functions import FUNCTIONS
from addin.hosts.buttons import BUTTONS, action_of
from addin.hosts.excel import bas
from addin.hosts.excel.ribbon import VBA_WORDS, help_rows, ribbon_module, ribbon_xml, words
from addin.hosts.excel.wrappers import MODULE, formula_name, vba_wrappers
from addin.hosts.excel.xlam import RIBBON, build_xlam
from addin.i18n import LANGUAGES, known

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = {*bas.MODULES, "DanggolRibbon", "xlwings_udfs", "ThisWorkbook"}
THEIRS = {"xlwings", "Dictionary", "Sheet2"}
UI = "{http://schemas.microsoft.com/office/2009/07/customui}"


@pytest.fixture(scope="module")
def xlam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_xlam(tmp_path_factory.mktemp("excel"))


@pytest.fixture(scope="module")
def sources(xlam: Path) -> dict[str, str]:
    with ExcelFile(str(xlam)) as book:
        return {name: book.get_module(name) for name in book.module_names()}


def test_it_is_whole_and_holds_every_module(xlam: Path, sources: dict[str, str]) -> None:
    assert pyopenvba.check_file(str(xlam)).issues == ()
    assert set(sources) == OURS | THEIRS


def test_an_outside_reader_finds_every_module(xlam: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "oletools.olevba", "--code", str(xlam)]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120).stdout
    assert set(re.findall(r"^VBA MACRO (\w+)\.", said, re.MULTILINE)) == OURS | THEIRS


def test_two_builds_anywhere_are_the_same_to_the_byte(xlam: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "다른 곳" / "other.xlam"
    script = (
        "import sys; from pathlib import Path; from addin.hosts.excel.xlam import build_xlam; "
        "build_xlam(Path(sys.argv[1]))"
    )
    root = str(Path(__file__).resolve().parents[2])
    env = {**os.environ, "PYTHONPATH": root, "TZ": "America/New_York", "DANGGOL_LANG": "en", "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", script, str(elsewhere)], check=True, env=env, cwd=tmp_path, timeout=120)
    assert elsewhere.read_bytes() == xlam.read_bytes()
    assert [p.name for p in elsewhere.parent.iterdir()] == ["other.xlam"]


def test_it_says_which_versions_made_it_and_nothing_of_the_computer(xlam: Path) -> None:
    import xlwings

    stamp = stamp_of(xlam.read_bytes())
    assert stamp is not None
    assert stamp.danggol
    assert stamp.xlwings == xlwings.__version__
    with zipfile.ZipFile(xlam) as package:
        for info in package.infolist():
            assert (info.date_time, info.compress_type) == ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED)
            assert not re.search(rb"felix|Felix|[Uu]sers\\|/home/|/root/", package.read(info)), info.filename


def test_no_source_line_depends_on_the_code_page(sources: dict[str, str]) -> None:
    for name in OURS:
        assert sources[name].isascii(), name
        assert "\n" not in sources[name].replace("\r\n", ""), name


def test_each_button_of_the_ribbon_leads_through_its_sub_to_its_action(xlam: Path, sources: dict[str, str]) -> None:
    with zipfile.ZipFile(xlam) as package:
        assert RIBBON in package.read("_rels/.rels").decode()
        ribbon = ET.fromstring(package.read(RIBBON))
    subs = dict(
        re.findall(
            r'^Public Sub (\w+)\(control As IRibbonControl\)\r\n    DanggolRun\.Press "(\w+)"',
            sources["DanggolRibbon"],
            re.MULTILINE,
        )
    )
    shown = ribbon.findall(f".//{UI}button")
    for button in shown:
        module, sub = button.attrib["onAction"].split(".")
        assert module == "DanggolRibbon"
        assert subs.pop(sub) == button.attrib["tag"]
        assert callable(action_of(BUTTONS[button.attrib["tag"]]))
    assert [button.attrib["tag"] for button in shown] == list(BUTTONS)
    assert not subs
    command = re.search(r'RunPython\("import ([\w.]+) as m; m\.(\w+)\(\'" & button', sources["DanggolRun"])
    assert command is not None
    assert callable(getattr(__import__(command[1], fromlist=["_"]), command[2]))


def test_every_callback_of_the_ribbon_is_a_sub(sources: dict[str, str]) -> None:
    for element in ET.fromstring(ribbon_xml()).iter():
        for attribute, value in element.attrib.items():
            if attribute.startswith(("get", "on")):
                module, sub = value.split(".")
                assert re.search(rf"^Public Sub {sub}\(", sources[module], re.MULTILINE), value


def test_subs_called_across_modules_are_there(sources: dict[str, str]) -> None:
    called = {call for text in sources.values() for call in re.findall(r"\b(Danggol\w+)\.(\w+)", text)}
    for module, name in called:
        assert re.search(rf"^Public (Sub|Function) {name}\b", sources[module], re.MULTILINE), (module, name)


def test_words_named_in_vba_are_in_the_sheet_in_both_languages(xlam: Path, sources: dict[str, str]) -> None:
    named = {word for text in sources.values() for word in re.findall(r'"(excel\.\w+)"', text)}
    assert named == set(VBA_WORDS)
    assert [id for id in VBA_WORDS for lang in LANGUAGES if not known(id, lang)] == []
    rows = [*words(), *help_rows()]
    with zipfile.ZipFile(xlam) as package:
        sheet = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    cells = [["".join(c.itertext()) for c in row.iter(f"{space}c")] for row in sheet.iter(f"{space}row")]
    assert cells == [list(row) for row in rows]


def test_every_function_has_help_short_enough_for_excel() -> None:
    rows = {row[0]: row for row in help_rows()}
    assert list(rows) == [formula_name(f) for f in FUNCTIONS.values()]
    for function in FUNCTIONS.values():
        _, ko, en, arguments_ko, arguments_en = rows[formula_name(function)]
        assert ko != en
        for text in (ko, en, *arguments_ko.split("\n"), *arguments_en.split("\n")):
            assert 0 < len(text) <= 255, function.id
        assert len(arguments_ko.split("\n")) == len(arguments_en.split("\n")) == len(function.arguments)


def test_every_wrapper_calls_its_function(golden: Callable[[str, str], None]) -> None:
    text = vba_wrappers()
    golden("excel/xlwings_udfs.bas", text)
    found = re.findall(rf'^        (\w+) = XLPy\.CallUDF\("{MODULE}", "(\w+)", Array', text, re.MULTILINE)
    assert {pair for pair in found if pair[0] == pair[1]} == {(formula_name(f),) * 2 for f in FUNCTIONS.values()}
    assert "Err.Description" not in text


def test_the_ribbon_as_people_get_it(golden: Callable[[str, str], None]) -> None:
    golden("excel/customUI14.xml", ribbon_xml())
    golden("excel/DanggolRibbon.bas", ribbon_module())


def test_a_workbook_of_a_stranger_cannot_choose_the_program_that_runs(sources: dict[str, str]) -> None:
    text = sources["xlwings"]
    assert 'PROJECT_NAME As String = "danggol"' in text
    assert 'If source = "" Or source = "user" Then' in text
    assert 'source = "" Or source = "sheet"' not in text
    assert 'source = "" Or source = "directory"' not in text
    assert 'GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "true")' not in text
    assert text.count(" -P -B -c ") == 2
    assert "uses_embedded_code = True\r\n" not in text


def test_another_xlwings_stops_the_build_instead_of_losing_a_change() -> None:
    with pytest.raises(DanggolError, match="xlwings"):
        bas.changed("Public Const PROJECT_NAME As String = ''")


def test_without_pyopenvba_the_cure_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyopenvba", None)
    with pytest.raises(DanggolError, match=r"pip install"):
        build_xlam(tmp_path / "x.xlam")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_build_leaves_the_old_add_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = tmp_path / "danggol.xlam"
    target.write_bytes(b"old")
    monkeypatch.setattr("addin.hosts.excel.xlam._write", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        build_xlam(target)
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["danggol.xlam"]


def test_the_licences_of_what_is_inside_travel(sources: dict[str, str]) -> None:
    from addin.resources import resource

    text = resource("macros", "vba", "XLWINGS-LICENSE").read_text("utf-8")
    for words_of in ("Zoomer Analytics", "Tim Hall", "OF SUCH DAMAGE"):
        assert words_of in text
    assert "BSD 3-clause" in sources["xlwings"]
    assert "MIT" in sources["Dictionary"]


def test_a_spreadsheet_reader_opens_the_book_around_the_macros(xlam: Path) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(xlam.read_bytes()))
    assert book.sheet_names == ["danggol"]
    assert book.get_sheet_by_index(0).to_python()[0][:2] == ["button.adopt", "도입"]
