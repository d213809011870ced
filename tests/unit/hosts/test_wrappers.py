"""Every function answers in Excel what it answers everywhere: through xlwings' own call, with Excel's own values."""

from __future__ import annotations

import datetime as dt
import inspect
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from addin.crm.grid import CellError
from addin.functions import FUNCTIONS, Function, call
from addin.hosts.excel.stubs import xlwings_udfs
from addin.hosts.excel.wrappers import MODULE, argument_name, formula_name, functions_for, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

MISSING = -2147352572
ERROR_NUMBERS = {"#DIV/0!": -2146826281, "#N/A": -2146826246, "#REF!": -2146826265, "#VALUE!": -2146826273}
ERROR_TEXTS = {number: text for text, number in ERROR_NUMBERS.items()}


class Com:
    """How xlwings' Windows engine cleans the values Excel hands over, and prepares those it takes."""

    name = "excel"
    type = "desktop"

    @staticmethod
    def clean_value_data(data: Any, dates: Any, empty: Any, numbers: Any, err_to_str: bool) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty
            if type(value) is int and value in ERROR_TEXTS:
                return ERROR_TEXTS[value] if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value: Any, _format: Any) -> Any:
        return "" if value is None else value


@pytest.fixture
def excel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """``excel(name, *arguments)``: what xlwings' COM server answers to a cell."""
    import xlwings

    windows = ModuleType("xlwings._xlwindows")
    windows.Range = SimpleNamespace  # type: ignore[attr-defined]
    windows.is_range_instance = lambda _value: False  # type: ignore[attr-defined]
    server = ModuleType("xlwings.com_server")
    server.loop = None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    monkeypatch.setattr(xlwings, "_xlwindows", windows, raising=False)
    monkeypatch.setitem(sys.modules, "xlwings.com_server", server)
    engine = SimpleNamespace(impl=Com, name="excel", type="desktop")
    monkeypatch.setattr(xlwings, "engines", {"excel": engine})
    with xlwings_udfs() as udfs:
        module = SimpleNamespace(**functions_for(udfs.xlfunc, udfs.xlarg))
        udfs.udf_modules[MODULE] = {"module": module, "filetime": None, "filename": ""}
        yield lambda name, *given: cell(udfs.call_udf(MODULE, name, given))


def cell(answer: Any) -> Any:
    """A 1×1 answer is one cell."""
    return answer[0][0] if isinstance(answer, list) and len(answer) == len(answer[0]) == 1 else answer


def com(value: Any) -> Any:
    """A value of an example as Excel hands it over: tuples of tuples, numbers as floats, errors as numbers."""
    if isinstance(value, list | tuple):
        rows = value if value and isinstance(value[0], list | tuple) else [[v] for v in value]
        return tuple(tuple(com(v) for v in row) for row in rows)
    if isinstance(value, CellError):
        return ERROR_NUMBERS[value.code]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def shown(answer: Any) -> Any:
    """An answer as cells show it: nothing is an empty text."""
    if isinstance(answer, list):
        rows = [["" if v is None else v for v in row] for row in answer]
        return cell(rows) if rows else ""
    return "" if answer is None else answer


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_excel_shows_what_the_example_says(excel: Any, function: Function) -> None:
    given = [*map(com, function.example.args)]
    given += [MISSING] * (len(function.arguments) - len(given))
    assert excel(formula_name(function), *given) == shown(call(function.id, *function.example.args))


def test_an_error_cell_in_a_range_is_an_error_not_a_number(excel: Any) -> None:
    seen: list[Any] = []
    assert isinstance(excel("CRM_HHI", (("가",), ("나",)), ((10.0,), (ERROR_NUMBERS["#N/A"],))), str | float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("addin.hosts.excel.wrappers.call", lambda *given: seen.append(given))
        excel("CRM_HHI", (("가",), ("나",)), ((ERROR_NUMBERS["#DIV/0!"],), (-2146826243,)))
    assert seen == [("HHI", [["가"], ["나"]], [[CellError("#DIV/0!")], [CellError("#SPILL!")]])]


def test_one_cell_is_its_value_and_a_missing_one_is_nothing(excel: Any) -> None:
    seen: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("addin.hosts.excel.wrappers.call", lambda *given: seen.append(given))
        excel("CRM_FUNNEL", (("가",), ("나",)), ((2.0, 1.0),), MISSING)
        excel("CRM_PHONE", "010-1234-5678")
        excel("CRM_PHONE", (("010-1234-5678",),))
        excel("CRM_PHONE", None)
    assert seen == [
        ("FUNNEL", [["가"], ["나"]], [[2.0, 1.0]], None),
        ("PHONE", "010-1234-5678"),
        ("PHONE", "010-1234-5678"),
        ("PHONE", None),
    ]


def test_dates_come_and_go_as_dates(excel: Any) -> None:
    when = dt.datetime(2026, 11, 21, 9, 30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("addin.hosts.excel.wrappers.call", lambda _id, value: value)
        assert excel("CRM_PHONE", when) == when


def test_an_empty_answer_is_an_empty_cell_not_a_zero(excel: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("addin.hosts.excel.wrappers.call", lambda *_: None)
        assert excel("CRM_PHONE", "x") == ""
        patch.setattr("addin.hosts.excel.wrappers.call", lambda *_: [])
        assert excel("CRM_PHONE", "x") == ""
        patch.setattr("addin.hosts.excel.wrappers.call", lambda *_: [[None, 1.0]])
        assert excel("CRM_PHONE", "x") == [["", 1.0]]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_arguments_keep_their_names_and_optional_ones_may_be_left_out(function: Function) -> None:
    parameters = inspect.signature(plain(function)).parameters
    assert [name.rstrip("_") for name in parameters] == [a.name.rstrip("_") for a in function.arguments]
    assert [p.default is None for p in parameters.values()] == [a.optional for a in function.arguments]


@pytest.mark.parametrize(("name", "safe"), [("end", "end_"), ("date", "date_"), ("from", "from_"), ("rows", "rows")])
def test_words_vba_keeps_for_itself_get_an_underscore(name: str, safe: str) -> None:
    assert argument_name(name) == safe


def windows_only() -> set[str]:
    return {name for name in sys.modules if name.startswith(("pythoncom", "pywintypes", "win32com", "xlwings.udfs"))}


def test_pywin32_is_stood_in_for_only_while_wrappers_are_written() -> None:
    before = windows_only()
    with xlwings_udfs() as udfs:
        assert udfs.generate_vba_wrapper
        assert windows_only() > before
    assert windows_only() == before


def test_the_functions_import_without_the_tables_engines() -> None:
    script = (
        "import sys, types; x = types.ModuleType('xlwings'); e = types.ModuleType('xlwings.expansion')\n"
        "e.Expander = object; x.expansion = e\n"
        "x.func = lambda **_: (lambda f: f); x.arg = lambda *_, **__: (lambda f: f)\n"
        "sys.modules |= {'xlwings': x, 'xlwings.expansion': e}\n"
        "import addin.hosts.excel.udfs as u; assert u.CRM_HHI([['가'], ['나']], [[1.0], [1.0]]) == 0.5\n"
        "print([m for m in ('pandas', 'polars', 'narwhals', 'numpy', 'xlsxwriter') if m in sys.modules])"
    )
    root = str(__import__("pathlib").Path(__file__).resolve().parents[3])
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_whole_column_is_cut_to_the_rows_in_use() -> None:
    from addin.hosts.excel.udfs import WithinUsed

    def column(rows: int, first: int, last_used: int) -> Any:
        sheet = SimpleNamespace(used_range=SimpleNamespace(last_cell=SimpleNamespace(row=last_used)))
        rng = SimpleNamespace(shape=(rows, 1), row=first, sheet=sheet)
        rng.resize = lambda height, width: (height, width)
        return rng

    cut = WithinUsed().expand
    assert cut(column(1_048_576, 1, 40)) == (40, 1)
    assert cut(column(100_000, 11, 40)) == (30, 1)
    assert cut(column(100_000, 500, 40)) == (1, 1)
    short = column(40, 1, 10)
    assert cut(short) is short
