"""xlwings Lite: the functions without pandas, polars, lxml and xlwings, and registered by Lite's own decorators."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement

from addin.functions import FUNCTIONS
from addin.hosts.lite import functions

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
#: What has no wheel in Pyodide or is of no use there.
ABSENT = ["pandas", "polars", "lxml", "xlwings", "rapidfuzz", "python_calamine", "formualizer", "gspread", "xlsxwriter"]
#: These say in their cell which package they lack.
LACKING = {"KPI": "polars", "KPI_TABLE": "polars", "MATCH_NAMES": "rapidfuzz"}
SCRIPT = """
import json, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {absent}:
            raise ModuleNotFoundError(name, name=name.split(".")[0])
sys.meta_path.insert(0, Absent())
from addin.functions import FUNCTIONS, call
print(json.dumps({{id: call(id, *f.example.args, lang="ko") for id, f in FUNCTIONS.items()}}, default=str))
"""


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(absent=ABSENT)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("id", FUNCTIONS)
def test_a_function_answers_without_the_absent_packages_or_names_the_one_it_lacks(
    id: str, answers: dict[str, Any]
) -> None:
    answer = json.dumps(answers[id], ensure_ascii=False)
    if id in LACKING:
        assert LACKING[id] in answer
    else:
        assert not any(f"{name} 패키지" in answer for name in ABSENT), answer
        assert "Error" not in answer


class Lite:
    """As much of Lite's ``xlwings`` as is documented: ``func`` and ``arg`` decorate and give the function back."""

    def __init__(self) -> None:
        self.functions: dict[str, Callable[..., Any]] = {}
        self.arguments: dict[str, list[str]] = {}

    def func(self, **_options: Any) -> Callable[..., Any]:
        def register(run: Callable[..., Any]) -> Callable[..., Any]:
            self.functions[run.__name__] = run
            return run

        return register

    def arg(self, name: str, **_options: Any) -> Callable[..., Any]:
        def note(run: Callable[..., Any]) -> Callable[..., Any]:
            self.arguments.setdefault(run.__name__, []).insert(0, name)
            return run

        return note


def test_every_function_is_registered_under_its_formula_name_with_its_arguments() -> None:
    lite = Lite()
    made = functions(SimpleNamespace(func=lite.func, arg=lite.arg))
    assert set(made) == set(lite.functions) == {f"CRM_{id}" for id in FUNCTIONS}
    assert all(len(lite.arguments[f"CRM_{id}"]) == len(f.arguments) for id, f in FUNCTIONS.items())
    assert made["CRM_PHONE"]([["1012345678"]]) == "010-1234-5678"


def test_what_installs_in_a_browser_has_a_wheel_there() -> None:
    """Pure Python, or built by Pyodide (numpy): one dependency without a wheel, and nothing installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    browser = {"sys_platform": "emscripten", "extra": ""}
    needed = {
        r.name for r in map(Requirement, project["dependencies"]) if r.marker is None or r.marker.evaluate(browser)
    }
    assert needed <= {"jinja2", "narwhals", "numpy", "platformdirs", "rich", "typer", "xlsxwriter"}
