"""What all tests share: goldens of what people see, rewritten by ``pytest --update-golden``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A busy machine is no bug: how long one example takes says nothing about what it must hold.
hypothesis.settings.register_profile("danggol", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("danggol")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files with what comes out now")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads or writes what the user's danggol remembers, or depends on the user's language."""
    from addin.i18n import use_language

    monkeypatch.setenv("DANGGOL_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("DANGGOL_LANG", raising=False)
    use_language(None)
    yield
    use_language(None)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden("tabs/kpi.txt", text)``: the text is what the file says; ``--update-golden`` rewrites the file."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        text = text.rstrip("\n") + "\n"
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            return
        assert path.exists(), f"no golden {name}: run pytest --update-golden and look at it"
        assert text == path.read_text("utf-8"), f"{name} changed: look, then run pytest --update-golden"

    return check
