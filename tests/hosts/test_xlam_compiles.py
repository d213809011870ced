"""Our VBA runs: LibreOffice compiles every module of the add-in and calls into it. Excel itself nobody has here.

xlwings' own module is not among them: it declares Windows' libraries. A module that doesn't compile answers nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyopenvba import ExcelFile

from addin.hosts.calc.soffice import Soffice
from addin.hosts.excel.bas import MODULES, crlf, source
from addin.hosts.excel.ribbon import help_rows, ribbon_module, words
from addin.hosts.excel.wrappers import vba_wrappers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SCRIPT = "vnd.sun.star.script:VBAProject.{module}.{name}?language=Basic&location=document"
NAMES = ("ThisWorkbook", *MODULES, "DanggolRibbon", "xlwings_udfs")


@pytest.fixture(scope="module")
def office(soffice: str) -> Iterator[Soffice]:
    """A LibreOffice that lets macros run."""
    with Soffice.start(macros=True, timeout=120, call_timeout=120) as office:
        yield office


def our_modules() -> dict[str, str]:
    """Each module's source, with a function of no other meaning than to be called."""
    texts = {name: source(name) for name in ("ThisWorkbook", *MODULES)}
    texts |= {"DanggolRibbon": crlf(ribbon_module()), "xlwings_udfs": crlf(vba_wrappers())}
    return {
        name: f"{text}\r\nPublic Function Probe() As Long\r\nProbe = 42\r\nEnd Function\r\n"
        for name, text in texts.items()
    }


def loaded(office: Soffice, path: Path, modules: dict[str, str]) -> Any:
    """The document of a macro workbook that holds these modules."""
    with ExcelFile.create_new(str(path)) as book:
        for name, text in modules.items():
            if name == "ThisWorkbook":
                book.set_module(name, text)
            else:
                book.vba_project().add_module(name, text)
        book.save()
    return office.load(path.as_uri())


def called(document: Any, module: str, name: str, *given: Any) -> Any:
    try:
        script = document.getScriptProvider().getScript(SCRIPT.format(module=module, name=name))
        return script.invoke(given, (), ())[0]
    except Exception as refused:
        return refused


@pytest.fixture
def run(office: Soffice, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """``run(module, function, *arguments)`` in a workbook whose first sheet is the add-in's sheet of words."""
    with office.busy():
        document = loaded(office, tmp_path / "macros.xlsm", our_modules())
        sheet = document.Sheets.getByIndex(0)
        for row, texts in enumerate([*words(), *help_rows()]):
            for column, text in enumerate(texts):
                sheet.getCellByPosition(column, row).setString(text)
        yield lambda module, name, *given: called(document, module, name, *given)
        document.close(True)


def test_every_module_compiles_and_runs(run: Callable[..., Any]) -> None:
    assert {name: run(name, "Probe") for name in NAMES} == dict.fromkeys(NAMES, 42)


@pytest.mark.parametrize("broken", NAMES)
def test_a_broken_module_does_not_pass_this_gate(office: Soffice, tmp_path: Path, broken: str) -> None:
    modules = our_modules()
    modules[broken] += "Public Sub Half(\r\n    If then\r\n"
    with office.busy():
        document = loaded(office, tmp_path / "broken.xlsm", modules)
        assert called(document, broken, "Probe") != 42
        document.close(True)


def test_words_are_found_by_their_id_and_an_unknown_id_stays_visible(run: Callable[..., Any]) -> None:
    assert run("DanggolWords", "Language") == "ko"
    assert run("DanggolWords", "Word", "button.refresh") == "새로고침"
    assert run("DanggolWords", "Word", "no.such.id") == "no.such.id"


def test_a_cell_says_in_our_words_that_python_could_not_start(run: Callable[..., Any]) -> None:
    assert "danggol doctor" in run("DanggolWords", "Trouble")


def test_a_host_that_refuses_the_help_texts_raises_nothing(run: Callable[..., Any]) -> None:
    assert not isinstance(run("DanggolHelp", "RegisterHelp"), Exception)
