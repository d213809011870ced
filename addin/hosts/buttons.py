"""The buttons of every host in one table, and what a press does: run the action, show how it went, never a stack trace.

Excel's ribbon, LibreOffice's toolbar and the macros on a sheet all read `BUTTONS` and call `press`.
"""

from __future__ import annotations

import hashlib
import logging
import traceback
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

from addin.crm.message import Message, msg
from addin.errors import BookLocked, DanggolError, missing_package
from addin.i18n import language, say, use_language

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_log = logging.getLogger(__name__)

#: What Excel answers while a person types in a cell or has a dialog open: VBA_E_IGNORE, RPC_E_CALL_REJECTED,
#: RPC_E_SERVERCALL_RETRYLATER.
BUSY_CODES: Final = frozenset({-2146777998, -2147418111, -2147417846})
STATUS_LENGTH: Final = 200
LOG_LIMIT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Button:
    """One button. Words are ``button.<id>`` and ``button.<id>.tip``; ``action`` is ``module:function``.

    ``icon``   one of Office's own pictures (imageMso).
    ``needs_book``  False where the action looks at the machine, not at a workbook.
    """

    id: str
    group: str
    action: str
    icon: str
    large: bool = False
    needs_book: bool = True

    @property
    def label(self) -> str:
        """The message id of its label."""
        return f"button.{self.id}"

    @property
    def tip(self) -> str:
        """The message id of what it does, in one sentence."""
        return f"button.{self.id}.tip"


_TABLE: Final = (
    Button("adopt", "book", "addin.actions.open:adopt_open", "ImportExcel", large=True),
    Button("refresh", "book", "addin.actions.open:refresh_open", "RefreshAll", large=True),
    Button("check", "book", "addin.actions.open:check_open", "DataValidation", large=True),
    Button("tasks", "book", "addin.actions.tasks:tasks_open", "ViewGoToTasks", large=True),
    Button("quote", "work", "addin.actions.quote_open:quote_open", "FileNew", large=True),
    Button("report", "work", "addin.actions.report:report_open", "FileSaveAsPdfOrXps", large=True),
    Button("sync", "work", "addin.actions.sync:sync_open", "SynchronizeData", large=True),
    Button("undo", "keep", "addin.actions.open:undo_open", "Undo"),
    Button("settings", "keep", "addin.actions.open:settings_open", "PropertySheet"),
    Button("doctor", "keep", "addin.actions.doctor:diagnose_open", "Info", needs_book=False),
)

#: Button id → button, in the order hosts show them.
BUTTONS: Final[dict[str, Button]] = {button.id: button for button in _TABLE}

#: Message ids named only by their place in the table or by VBA, listed so that a test finds each in the catalogue.
WORDS: Final = (
    *(word for button in _TABLE for word in (button.label, button.tip)),
    *dict.fromkeys(f"button.group.{button.group}" for button in _TABLE),
)


class Screen(Protocol):
    """Where a press says how it went."""

    def status(self, text: str) -> None:
        """A line that needs no answer."""

    def alert(self, text: str) -> None:
        """A box a person closes."""


class AppScreen:
    """The status bar and message box of the program that holds the book, through xlwings."""

    def __init__(self, app: Any, *, box_only: bool = False) -> None:
        self.app = app
        self.box_only = box_only

    def status(self, text: str) -> None:
        """In the status bar; in a box where the host wipes the status bar afterwards."""
        if self.box_only:
            self.alert(text)
        else:
            self.app.status_bar = text

    def alert(self, text: str) -> None:
        """A message box."""
        self.app.alert(text, title="danggol", mode="info")


def action_of(button: Button) -> Callable[..., Any]:
    """The function behind a button."""
    module, name = button.action.split(":")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]


def press(id: str, book: Any, *, lang: str | None = None, screen: Screen | None = None) -> bool:
    """Run a button's action on an open workbook (an xlwings Book, or None) and say how it went; True where it did.

    Never raises: a person's mistake is its sentence, a busy Excel is asked for patience, and a surprise is one
    sentence that names the log file.
    """
    use_language(lang)
    try:
        text, well = _pressed(id, book)
        return _shown(text, screen or _screen(book), well=well)
    finally:
        use_language(None)


def _pressed(id: str, book: Any) -> tuple[str, bool]:
    button = BUTTONS.get(id)
    if button is None:
        return say(msg("button.unknown", value=id, buttons=", ".join(BUTTONS))), False
    if book is None and button.needs_book:
        return say("excel.no_workbook"), False
    try:
        with _alone(book):
            answer = action_of(button)(book)
    except _Twice:
        return say(msg("button.twice", button=msg(button.label))), False
    except DanggolError as error:
        return _said(error), False
    except Exception as error:
        if (package := missing_package(error)) is not None:  # LibreOffice's own Python may lack our packages
            return say(msg("button.no_package", package=package)), False
        if busy(error):
            return say("button.cell_open"), False
        return say(msg("button.surprise", button=msg(button.label), log=str(_written(id)))), False
    return (say(answer) if isinstance(answer, Message) else str(answer or say("button.done"))), True


def _said(error: DanggolError) -> str:
    """The error's sentence; where it advises what is typed on a command line, the button's own."""
    if error.message.id != "error.no_such_table":
        return str(error)
    from addin.actions.views.names import NAMES
    from addin.crm import tables

    lang = language()
    id, _, field = error.value.partition(".")
    table = tables.table(id)
    parts = [part.ko if lang == "ko" else part.en for part in (table, table and table.field(field)) if part]
    return say(
        "button.no_such_table",
        value=" › ".join(parts) or error.value,
        adopt=say(BUTTONS["adopt"].label),
        tab=NAMES[lang]["mapping"],
    )


def _shown(text: str, screen: Screen | None, *, well: bool) -> bool:
    """Short good news goes to the status bar, the rest into a box; a host that can't even show that gets the log."""
    if screen is None:
        _log.warning("%s", text)
        return well
    try:
        if well and len(text) <= STATUS_LENGTH and "\n" not in text:
            screen.status(text)
        else:
            screen.alert(text)
    except Exception:
        _written("screen")
        return False
    return well


def _screen(book: Any) -> Screen | None:
    return AppScreen(book.app) if book is not None else None


def busy(error: BaseException) -> bool:
    """Whether Excel refused as a person types in a cell or has a dialog open; the causes of the error are asked too."""
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        code = getattr(step, "hresult", None) or (step.args[0] if step.args else None)
        if isinstance(code, int) and code in BUSY_CODES:
            return True
        step = step.__cause__ or step.__context__
    return False


class _Twice(Exception):
    """The same book is being worked on by an earlier press."""


class _alone:  # noqa: N801 -- used like a function
    """One press at a time on one book: a lock the system lets go of even when the program is killed."""

    def __init__(self, book: Any) -> None:
        from addin.actions.memory import home
        from addin.books.lock import locked

        folder = home()
        folder.mkdir(parents=True, exist_ok=True)
        name = "" if book is None else str(book.name)
        path = folder / f"press-{hashlib.sha256(name.encode()).hexdigest()[:12]}.lock"
        self.lock = locked(path, path)

    def __enter__(self) -> None:
        try:
            self.lock.__enter__()
        except BookLocked as taken:
            raise _Twice from taken

    def __exit__(self, *error: object) -> None:
        self.lock.__exit__(None, None, None)


def log_file() -> Path:
    """Where surprises are written for whoever helps: the user's log folder (``DANGGOL_HOME`` moves it)."""
    import os

    from platformdirs import user_log_path

    from addin.actions.memory import home

    folder = home() / "log" if os.environ.get("DANGGOL_HOME") else user_log_path("danggol", appauthor=False)
    return folder / "danggol.log"


def _written(id: str) -> Path:
    """The current exception, added to the log; a log over 1 MB begins anew, the old one is kept beside it."""
    from addin.actions.dates import now

    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".old.log"))
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{now():%Y-%m-%d %H:%M:%S} {id}\n{traceback.format_exc()}\n")
    except OSError:
        _log.exception("the log can't be written")
    return path
