"""One warm LibreOffice for the tests that drive it: `calc` (an xlwings App), `book` (a new book in it).

Where LibreOffice is missing these tests are skipped and say so (in CI no skip passes: see ``tests/conftest.py``). Each
worker of pytest-xdist has an office, a profile and a pipe of its own; it is ended by its own process id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from addin.hosts.calc.bridge_uno import SofficeMissing, find_soffice, load_uno

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def soffice() -> str:
    """The path of LibreOffice; the test is skipped where it, or its Python bridge, is missing."""
    try:
        program = find_soffice()
        load_uno(program)
    except SofficeMissing as missing:
        pytest.skip(f"nothing to drive: {missing}")
    return program


@pytest.fixture(scope="session")
def calc(soffice: str) -> Iterator[Any]:
    """A hidden LibreOffice as an xlwings App, shared by the tests of one worker."""
    from addin.hosts.calc.engine import calc_app

    with calc_app(timeout=120, call_timeout=120, macros=True) as app:
        yield app


@pytest.fixture
def book(calc: Any) -> Iterator[Any]:
    """A new, empty book; every book a test left open is closed after it."""
    made = calc.books.add()
    yield made
    for left in list(calc.books):
        left.close()
