"""Engine, Apps and App of the xlwings engine for LibreOffice."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.hosts.calc.bridge_uno import struct
from addin.hosts.calc.soffice import Soffice
from addin.hosts.calc.xl.documents import Books
from addin.hosts.calc.xl.guarded import Guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ERROR_TEXTS = {
    -2146826281: "#DIV/0!",
    -2146826246: "#N/A",
    -2146826259: "#NAME?",
    -2146826288: "#NULL!",
    -2146826252: "#NUM!",
    -2146826265: "#REF!",
    -2146826273: "#VALUE!",
}


class Engine:
    """What xlwings asks of an engine: its apps, and how one value is cleaned on the way in and out."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        """A Python, numpy or pandas value as one the engine writes."""
        kind = type(value)
        if kind is str or kind is bool or kind is int or kind is dt.datetime:
            return value
        if isinstance(value, float):
            return "" if math.isnan(value) else float(value)
        if value is None or kind.__name__ in ("NaTType", "NAType"):
            return ""
        if isinstance(value, (str, int, dt.date)):
            return value
        if kind.__name__ == "datetime64":  # to microseconds, or it becomes a number
            value = value.astype("datetime64[us]")
        return Engine.prepare_xl_data_element(value.item(), _options) if hasattr(value, "item") else value

    @staticmethod
    def clean_value_data(
        data: list[list[Any]],
        datetime_builder: Callable[..., Any],
        empty_as: Any,
        number_builder: Callable[[float], Any] | None,
        err_to_str: bool,
    ) -> list[list[Any]]:
        """A read block with xlwings' options ``dates``, ``empty``, ``numbers``, ``err_to_str`` applied."""

        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty_as
            if type(value) is str:
                return value
            if isinstance(value, dt.datetime):
                return datetime_builder(
                    year=value.year,
                    month=value.month,
                    day=value.day,
                    hour=value.hour,
                    minute=value.minute,
                    second=value.second,
                    microsecond=value.microsecond,
                    tzinfo=None,
                )
            if isinstance(value, float):
                return value if number_builder is None else number_builder(value)
            if type(value) is int and value in ERROR_TEXTS:
                return ERROR_TEXTS[value] if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    """The LibreOffices at hand, by process id."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._apps: dict[int, App] = {}

    def hold(self, office: Soffice) -> App:
        """The app of a running office."""
        app = App(self.engine, office)
        self._apps[app.pid] = app
        return app

    def drop(self, pid: int) -> None:
        """Forget an app that ended."""
        self._apps.pop(pid, None)

    def add(self, spec: Any = None, add_book: bool | None = None, xl: Any = None, visible: bool | None = None) -> App:
        """``xw.App()``: start a LibreOffice; the caller quits it."""
        app = self.hold(Soffice.start())
        if add_book:
            app.books.add()
        return app

    def keys(self) -> list[int]:
        return list(self._apps)

    @staticmethod
    def cleanup() -> None:
        """Nothing to clean: every office is ended by its own id."""

    def __iter__(self) -> Iterator[App]:
        return iter(list(self._apps.values()))

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        return self._apps[pid]


class App(Guarded, base_classes.App):
    """One LibreOffice."""

    def __init__(self, engine: Engine, office: Soffice) -> None:
        self.engine = engine
        self.office = office
        self.books = Books(self)
        self.display_alerts = False
        self.enable_events = True
        self.interactive = True
        self.cut_copy_mode = False
        #: (document's id, sheet) → what is selected there, while another sheet is in front.
        self.selections: dict[tuple[str, str], Any] = {}
        self._locked: list[Any] = []
        self._status: str | bool = False
        self._indicator: Any = None
        self._updating = True

    books: Any = None
    display_alerts: Any = None
    enable_events: Any = None
    interactive: Any = None
    cut_copy_mode: Any = None
    hwnd = None

    @property
    def api(self) -> Any:
        return self.office.desktop

    @property
    def pid(self) -> int:
        return int(self.office.pid)

    @property
    def version(self) -> str:
        provider = self.office.service("com.sun.star.configuration.ConfigurationProvider")
        path = struct("com.sun.star.beans.PropertyValue", Name="nodepath", Value="/org.openoffice.Setup/Product")
        access = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (path,))
        return str(access.getByName("ooSetupVersion"))

    @property
    def visible(self) -> bool:
        return self.office.process is None

    @visible.setter
    def visible(self, value: bool) -> None:
        """An office we started has no window to show; a person's has one already."""

    @property
    def selection(self) -> Any:
        from addin.hosts.calc.xl.cells import Range

        book = self.books.active
        chosen = book and book.document.CurrentSelection
        return Range.of(book, chosen) if chosen is not None and hasattr(chosen, "RangeAddress") else None

    def activate(self, steal_focus: bool = False) -> None:
        if self.visible and (book := self.books.active):
            book.document.CurrentController.Frame.ContainerWindow.toFront()

    @property
    def screen_updating(self) -> bool:
        return self._updating

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if value == self._updating:
            return
        self._updating = value
        if value:
            for document in self._locked:
                document.removeActionLock()
                document.unlockControllers()
            self._locked = []
        else:
            self._locked = [book.document for book in self.books]
            for document in self._locked:
                document.lockControllers()
                document.addActionLock()

    @property
    def calculation(self) -> str:
        return "automatic" if all(book.document.isAutomaticCalculationEnabled() for book in self.books) else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        for book in self.books:
            book.document.enableAutomaticCalculation(value == "automatic")

    def calculate(self) -> None:
        """Calculate every open book anew, also what its file had stored."""
        for book in self.books:
            book.document.calculateAll()

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        if self._indicator is not None:
            self._indicator.end()
            self._indicator = None
        self._status = value
        book = self.books.active
        if isinstance(value, str) and value and book:
            self._indicator = book.document.CurrentController.Frame.createStatusIndicator()
            self._indicator.start(value, 0)

    def alert(self, prompt: str, title: str, buttons: str | None, mode: str | None, callback: Any) -> str:
        """A message box; in an office without windows nobody can answer, so the answer that changes nothing comes."""
        shape = {None: 1, "ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}[buttons]
        if not self.visible:
            return {1: "ok", 2: "cancel", 3: "no", 4: "cancel"}[shape]
        import uno

        kind = uno.Enum("com.sun.star.awt.MessageBoxType", "WARNINGBOX" if mode == "critical" else "INFOBOX")
        if shape > 2:
            kind = uno.Enum("com.sun.star.awt.MessageBoxType", "QUERYBOX")
        book = self.books.active
        parent = book and book.document.CurrentController.Frame.ContainerWindow
        box = self.office.service("com.sun.star.awt.Toolkit").createMessageBox(
            parent, kind, shape, title or "", prompt or ""
        )
        return {0: "cancel", 1: "ok", 2: "yes", 3: "no"}[box.execute()]

    def run(self, macro: str, args: list[Any]) -> Any:
        """Run a Basic or Python macro: ``Module1.Name``, ``'book.xlsm'!Name`` or a whole script URL."""
        found = re.fullmatch(r"'(.+)'!(.+)", macro)
        book = self.books(found[1]) if found else self.books.active
        name = found[2] if found else macro
        url = name if name.startswith("vnd.sun.star.script:") else book.script(name)
        return book.document.getScriptProvider().getScript(url).invoke(tuple(args), (), ())[0]

    def quit(self) -> None:
        """Close every book unsaved and end the office; one we only attached to stays."""
        self.engine.apps.drop(self.pid)
        self.office.stop()

    def kill(self) -> None:
        self.engine.apps.drop(self.pid)
        self.office.kill()


engine = Engine()
