"""xlwings over LibreOffice: the macro code of Excel runs on Calc. Clean-room from xlwings' BSD files.

::

    with calc_app() as app:                      # an ordinary xw.App on a LibreOffice of our own
        book = app.books.open("파트너.xlsx")      # xw.Book, xw.Sheet, xw.Range … from here on
        book.sheets["접수"]["A1"].expand("table").options(pd.DataFrame).value

    attach(context).books.active                 # inside a running LibreOffice (a button's macro)

`calc_app` starts a hidden LibreOffice on a throw-away profile and ends it by its own process id. Neither xlwings nor
uno is imported before one of these functions is called. What differs from Excel:

- no PDF of single sheets, pictures, shapes, pivot tables or threaded comments: xlwings says NotImplementedError;
- a name is never hidden, and a table has no style;
- a hidden LibreOffice saves no frozen panes, gridlines or other settings of the view: it has none;
- ``formula2`` writes an ordinary formula: LibreOffice has no spilling ones;
- a book shows the values stored in its file until ``app.calculate()``;
- macros of an opened book run only with ``calc_app(macros=True)``.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAME = "libreoffice"


def register() -> Any:
    """xlwings' ``Engine`` for LibreOffice, added to ``xw.engines`` once."""
    import xlwings

    from addin.hosts.calc.xl.apps import engine

    known = {each.name: each for each in xlwings.engines}
    if NAME not in known:
        xlwings.engines.add(xlwings.Engine(impl=engine))
    if xlwings.engines.active is None:  # no Excel here: xw.apps and xw.Book.caller() mean LibreOffice
        xlwings.engines[NAME].activate()
    return xlwings.engines[NAME]


@contextmanager
def calc_app(
    profile: Path | str | None = None,
    *,
    timeout: float = 90.0,
    call_timeout: float = 300.0,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    macros: bool = False,
) -> Iterator[Any]:
    """An ``xw.App`` on a LibreOffice started for it; the arguments are those of `Soffice.start`.

    Raises SofficeMissing, SofficeSlow, SofficeDied (all `DanggolError`), also in the middle of the work.
    """
    import xlwings

    from addin.hosts.calc.soffice import Soffice

    implementation = register().impl.apps
    office = Soffice.start(
        profile, timeout=timeout, call_timeout=call_timeout, environment=environment, user=user, macros=macros
    )
    app = implementation.hold(office)
    try:
        yield xlwings.App(impl=app)
    finally:
        app.quit()


def attach(context: Any) -> Any:
    """The ``xw.App`` of the LibreOffice this code runs in, given its component context."""
    import xlwings

    from addin.hosts.calc.soffice import Soffice

    return xlwings.App(impl=register().impl.apps.hold(Soffice.attached(context)))
