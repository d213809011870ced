"""danggol.oxt in a real Calc: typed formulas, changed cells, saved and reopened files, Excel's names, the buttons.

The extension is put in by unopkg as an unprivileged user (it refuses root) on a throw-away profile; one LibreOffice
serves the whole module and is ended by its own process id.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from addin.functions import FUNCTIONS
from addin.hosts.calc.bridge import is_range, shown
from addin.hosts.calc.oxt import build_oxt
from addin.hosts.calc.soffice import Soffice, properties, struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from addin.functions import Function

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}
SEED = (("인식", 1000.0), ("가입", 100.0), ("활성화", 30.0), ("유료", 9.0), ("유지", 6.0), ("추천", 1.0))


def put_in(oxt: Path, profile: Path, soffice: str) -> None:
    """``unopkg add`` for the user of this profile; as nobody where we are root."""
    root = os.name == "posix" and os.getuid() == 0
    options: dict[str, Any] = {}
    if root:
        import pwd

        nobody = pwd.getpwnam("nobody")
        os.chown(profile, nobody.pw_uid, nobody.pw_gid)
        options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    unopkg = shutil.which("unopkg") or str(Path(os.path.realpath(soffice)).with_name("unopkg"))
    command = [unopkg, "add", "--suppress-license", f"-env:UserInstallation={profile.as_uri()}", str(oxt)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(profile), "LANG": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, cwd="/", **options)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def office(soffice: str) -> Iterator[Soffice]:
    """One warm LibreOffice with the extension."""
    folder = Path(tempfile.mkdtemp(prefix="danggol-oxt-"))
    folder.chmod(0o755)
    profile, home = folder / "profile", folder / "home"
    profile.mkdir()
    home.mkdir()
    oxt = build_oxt(folder)
    oxt.chmod(0o644)
    kept = os.environ.get("DANGGOL_HOME")
    os.environ["DANGGOL_HOME"] = str(home)
    try:
        from addin.hosts.calc.site import remember_site

        remember_site()
        put_in(oxt, profile, soffice)
        # LibreOffice's Python looks for its library beside the first python3 on PATH: not the tests' environment
        clean = {"PATH": os.defpath}
        with Soffice.start(profile, timeout=120, call_timeout=120, macros=True, environment=clean) as started:
            yield started
    finally:
        if kept is None:
            del os.environ["DANGGOL_HOME"]
        else:
            os.environ["DANGGOL_HOME"] = kept
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def document(office: Soffice) -> Iterator[Any]:
    made = office.new_document(time.monotonic() + 60)
    yield made
    made.close(True)


@pytest.fixture
def seeded(document: Any) -> Any:
    """The first sheet with the steps of seed 004 in A1:B6."""
    sheet = document.Sheets.getByIndex(0)
    sheet.getCellRangeByName("A1:B6").setDataArray(SEED)
    return sheet


def typed(sheet: Any, formula: str, cell: str = "D1") -> Any:
    """What a cell shows after a person typed a formula: its number, or its text."""
    one = sheet.getCellRangeByName(cell)
    one.Formula = formula
    return value(one)


def value(cell: Any) -> Any:
    found = cell.getDataArray()[0][0]
    return cell.String if found is None else found


# -- typing ------------------------------------------------------------------------------------------------------------


def test_a_typed_formula_answers_and_follows_the_cells_it_looks_at(seeded: Any) -> None:
    assert typed(seeded, "=CRM.BOTTLENECK(A1:A6;B1:B6)") == "가입→활성화"
    seeded.getCellRangeByName("B3").Value = 95
    assert seeded.getCellRangeByName("D1").String == "활성화→유료"


def test_a_table_fills_an_array_formula(seeded: Any) -> None:
    block = seeded.getCellRangeByName("F1:K7")
    block.setArrayFormula("=CRM.FUNNEL(A1:A6;B1:B6)")
    rows = block.getDataArray()
    assert rows[0][0] == "단계"
    assert rows[3][:3] == ("활성화", 30.0, 0.3)
    assert rows[1][2] == ""


def test_whole_columns_end_where_the_sheet_does(seeded: Any) -> None:
    start = time.monotonic()
    assert typed(seeded, "=CRM.BOTTLENECK(A:A;B:B)") == "가입→활성화"
    assert time.monotonic() - start < 2


def test_an_error_in_a_range_is_said_in_words(seeded: Any) -> None:
    seeded.getCellRangeByName("B4").Formula = "=1/0"
    said = typed(seeded, "=CRM.BOTTLENECK(A1:A6;B1:B6)")
    assert "#DIV/0!" in said
    assert "Traceback" not in said


def test_an_error_in_a_cell_stays_that_error(seeded: Any) -> None:
    seeded.getCellRangeByName("C1").Formula = "=NA()"
    assert typed(seeded, "=CRM.PHONE(C1)") == "#N/A"


def test_left_out_arguments_and_empty_cells_are_nothing(seeded: Any) -> None:
    assert typed(seeded, "=CRM.BOTTLENECK(A1:A6;B1:B6;)") == "가입→활성화"
    assert typed(seeded, "=CRM.PHONE(Z99)") == ""
    assert typed(seeded, "=CRM.DDAY(Z99)") == ""
    assert typed(seeded, "=CRM.BOTTLENECK(Y1:Y9;Z1:Z9)") == ""


def test_answers_cell_by_cell_end_with_the_list_and_never_repeat_its_only_row(seeded: Any) -> None:
    seeded.getCellRangeByName("C1").Value = 1012345678
    block = seeded.getCellRangeByName("M1:M3")
    block.setArrayFormula("=CRM.PHONE(C1:C3)")
    assert block.getDataArray() == (("010-1234-5678",), ("",), ("",))


def test_dates_are_the_documents_days(document: Any) -> None:
    sheet = document.Sheets.getByIndex(0)
    assert typed(sheet, "=CRM.DUE(DATE(2026;11;21);2;0)") == shown(dt.date(2026, 11, 23))
    document.NullDate = struct("com.sun.star.util.Date", Day=1, Month=1, Year=1904)
    assert typed(sheet, "=CRM.DUE(DATE(2026;11;21);2;0)-DATE(2026;11;21)") == 2
    assert typed(sheet, '=CRM.DATE_OF("2026-11-23")-DATE(2026;11;23)') == 0


# -- every function ----------------------------------------------------------------------------------------------------


def as_formula(sheet: Any, function: Function) -> str:
    """The example's arguments written on the sheet, each in columns of its own, and the formula that points at them."""
    places, column = [], 0
    for argument, given in zip(function.arguments, function.example.args, strict=False):
        rows = given if isinstance(given, list | tuple) else [[given]]
        rows = [row if isinstance(row, list | tuple) else [row] for row in rows]
        if not is_range(argument) and given is None:
            places.append("")
            continue
        height, width = len(rows), max(len(row) for row in rows)
        block = sheet.getCellRangeByPosition(column, 0, column + width - 1, height - 1)
        block.setDataArray(tuple(tuple(shown(v) for v in [*row, *[None] * (width - len(row))]) for row in rows))
        places.append(
            block.AbsoluteName.rsplit(".", 1)[-1] if height * width == 1 else block.AbsoluteName.split(".", 1)[1]
        )
        column += width + 1
    return f"=CRM.{function.id}({';'.join(places)})"


@pytest.mark.parametrize("id", list(FUNCTIONS))
def test_every_function_gives_its_examples_answer_in_a_cell(document: Any, id: str) -> None:
    function, sheet = FUNCTIONS[id], document.Sheets.getByIndex(0)
    formula, wanted = as_formula(sheet, function), function.example.result
    rows = wanted if isinstance(wanted, list) else [[wanted]]
    block = sheet.getCellRangeByPosition(100, 0, 99 + len(rows[0]), len(rows) - 1)
    if isinstance(wanted, list):
        block.setArrayFormula(formula)
    else:
        block.getCellByPosition(0, 0).Formula = formula
    for got, row in zip(block.getDataArray(), rows, strict=True):
        for one, want in zip(got, row, strict=True):
            want = shown(want)
            assert one == (pytest.approx(want, abs=5e-5) if isinstance(want, float) else want), formula


def test_the_function_wizard_explains_every_function_and_argument(office: Soffice) -> None:
    help = office.service("com.sun.star.sheet.FunctionDescriptions")
    found = {}
    for i in range(help.Count):
        described = {part.Name: part.Value for part in help.getByIndex(i)}
        if described["Name"].startswith("CRM."):
            found[described["Name"][4:]] = described
    assert set(found) == set(FUNCTIONS)
    for id, described in found.items():
        function = FUNCTIONS[id]
        assert [a.Name for a in described["Arguments"]] == [a.name for a in function.arguments]
        words = [described["Description"], *(a.Description for a in described["Arguments"])]
        assert all(word and not word.startswith("fn.") for word in words), (id, words)


# -- files -------------------------------------------------------------------------------------------------------------


def saved(office: Soffice, document: Any, path: Path) -> Any:
    """The document stored and opened again, reckoned anew."""
    document.storeToURL(path.as_uri(), properties(FilterName=FILTERS[path.suffix[1:]]))
    again = office.load(path.as_uri())
    assert again is not None
    again.calculateAll()
    return again


@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_saved_and_opened_again_the_values_stand(
    office: Soffice, document: Any, seeded: Any, tmp_path: Path, kind: str
) -> None:
    typed(seeded, "=CRM.BOTTLENECK(A1:A6;B1:B6)")
    seeded.getCellRangeByName("F1:K7").setArrayFormula("=CRM.FUNNEL(A1:A6;B1:B6)")
    again = saved(office, document, tmp_path / f"파트너.{kind}")
    try:
        sheet = again.Sheets.getByIndex(0)
        assert sheet.getCellRangeByName("D1").String == "가입→활성화"
        assert sheet.getCellRangeByName("D1").Formula == "=CRM.BOTTLENECK(A1:A6;B1:B6)"
        assert sheet.getCellRangeByName("F1:K7").getDataArray()[3][:3] == ("활성화", 30.0, 0.3)
    finally:
        again.close(True)


@pytest.fixture
def from_excel(tmp_path: Path) -> Path:
    """A book as Excel saves one that uses the add-in: plain names, names linked to the .xlam, an array, a text."""
    from openpyxl import Workbook
    from openpyxl.worksheet.formula import ArrayFormula

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in SEED:
        sheet.append(row)
    sheet["D1"] = "=CRM_BOTTLENECK(A1:A6,B1:B6)"
    sheet["D2"] = '=IFERROR(CRM_PHONE(1012345678),"없음")'
    sheet["D3"] = "=[1]!CRM_BOTTLENECK(A1:A6,B1:B6)"
    sheet["D4"] = '="CRM_PHONE(1)"'
    sheet["D5"] = "CRM_PHONE(1)"
    sheet["D6"] = "=CRM_DDAY(46350,46347)"
    sheet["F1"] = ArrayFormula("F1:K7", "=CRM_FUNNEL(A1:A6,B1:B6)")
    book.save(tmp_path / "plain.xlsx")
    path = tmp_path / "엑셀에서.xlsx"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<externalReferences><externalReference xmlns:r="{relations}" r:id="rId99"/></externalReferences><calcPr'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    part = f'<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="{kind}"/></Types>'
    target = "file:///C:\\Users\\kim\\AppData\\Roaming\\Microsoft\\Excel\\XLSTART\\danggol.xlam"
    changes = {
        "[Content_Types].xml": ("</Types>", part),
        "xl/workbook.xml": ("<calcPr", link),
        "xl/_rels/workbook.xml.rels": (
            "</Relationships>",
            f'<Relationship Id="rId99" Type="{relations}/externalLink" Target="externalLinks/externalLink1.xml"/>'
            "</Relationships>",
        ),
    }
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            old, new = changes.get(name, ("", ""))
            text = source.read(name)
            out.writestr(name, text.replace(old.encode(), new.encode()) if old else text)
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        out.writestr(
            "xl/externalLinks/externalLink1.xml",
            f'<externalLink xmlns="{main}"><externalBook xmlns:r="{relations}" r:id="rId1"><definedNames>'
            '<definedName name="CRM_BOTTLENECK"/></definedNames></externalBook></externalLink>',
        )
        out.writestr(
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relations}/externalLinkPath" Target="{target}" TargetMode="External"/>'
            "</Relationships>",
        )
    return path


def test_formulas_typed_in_excel_reckon_in_calc(office: Soffice, from_excel: Path) -> None:
    document = office.load(from_excel.as_uri())
    try:
        cell = document.Sheets.getByIndex(0).getCellRangeByName
        assert [cell(f"D{row}").String for row in range(1, 6)] == [
            "가입→활성화", "010-1234-5678", "가입→활성화", "CRM_PHONE(1)", "CRM_PHONE(1)",
        ]  # fmt: skip
        assert cell("D6").String == "D-3"
        assert cell("F1:K7").getDataArray()[3][:3] == ("활성화", 30.0, 0.3)
        assert not document.isModified()
        assert not document.UndoManager.isUndoPossible()
    finally:
        document.close(True)


# -- buttons -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def pressable() -> None:
    """LibreOffice's own Python can use this one's packages only where both are of one version."""
    if sys.platform == "linux" and Path("/usr/bin/python3").exists():
        shown = subprocess.run(["/usr/bin/python3", "--version"], capture_output=True, text=True, check=True).stdout
        if not shown.startswith(f"Python {sys.version_info.major}.{sys.version_info.minor}."):
            why = f"LibreOffice's {shown.strip()} can't use the packages of {sys.version.split()[0]}"
            pytest.skip(why)


@pytest.fixture
def sample(office: Soffice, tmp_path: Path, pressable: None) -> Iterator[Any]:
    from addin.actions.sample import make_sample

    path = tmp_path / "파트너관리.xlsx"
    make_sample(path)
    document = office.load(path.as_uri())
    yield document
    document.close(True)


def until(there: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not there() and time.monotonic() < end:
        time.sleep(0.05)
    return there()


def draw_button(document: Any, id: str) -> Any:
    """A push button on the sheet in front that runs our macro, as a person draws one."""
    page = document.CurrentController.ActiveSheet.DrawPage
    shape = document.createInstance("com.sun.star.drawing.ControlShape")
    shape.Size = struct("com.sun.star.awt.Size", Width=4000, Height=1000)
    model = document.createInstance("com.sun.star.form.component.CommandButton")
    model.Label = id
    shape.Control = model
    page.add(shape)
    form = page.Forms.getByIndex(0)
    event = struct(
        "com.sun.star.script.ScriptEventDescriptor",
        ListenerType="com.sun.star.awt.XActionListener",
        EventMethod="actionPerformed",
        ScriptType="Script",
        ScriptCode=f"vnd.sun.star.script:danggol.oxt|python|danggol_macros.py${id}?language=Python&location=user:uno_packages",
    )
    form.registerScriptEvent(form.Count - 1, event)
    return model


def test_pressing_the_button_on_a_sheet_makes_the_tabs_appear(sample: Any) -> None:
    model = draw_button(sample, "adopt")
    controller = sample.CurrentController
    controller.setFormDesignMode(False)
    controller.getControl(model).getAccessibleContext().doAccessibleAction(0)
    assert until(lambda: sample.Sheets.hasByName("CRM_매핑")), sample.Sheets.ElementNames


def test_the_menus_entry_does_the_same(office: Soffice, sample: Any) -> None:
    frame = sample.CurrentController.Frame
    dispatcher = office.service("com.sun.star.frame.DispatchHelper")
    dispatcher.executeDispatch(frame, "danggol:adopt", "_self", 0, ())
    assert until(lambda: sample.Sheets.hasByName("CRM_매핑")), sample.Sheets.ElementNames


def test_a_formula_goes_by_the_settings_of_its_own_book(office: Soffice, sample: Any) -> None:
    dispatcher = office.service("com.sun.star.frame.DispatchHelper")
    dispatcher.executeDispatch(sample.CurrentController.Frame, "danggol:adopt", "_self", 0, ())
    assert until(lambda: sample.Sheets.hasByName("CRM_설정"))
    sheet, settings = sample.CurrentController.ActiveSheet, sample.Sheets.getByName("CRM_설정")
    assert typed(sheet, '=CRM.FLAG("DEPENDENCY";0.31;100)', "AA1") == "위반"
    for id, limit in (("DEPENDENCY.warn", 0.5), ("DEPENDENCY.target", 0.6)):
        search = settings.createSearchDescriptor()
        search.SearchString, search.SearchWords = id, True
        settings.getCellByPosition(1, settings.findFirst(search).CellAddress.Row).Value = limit
    time.sleep(1.1)
    sample.calculateAll()
    assert sheet.getCellRangeByName("AA1").String == "정상"
