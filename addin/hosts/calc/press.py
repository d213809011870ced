"""A press in Calc: the menu, the toolbar or a button drawn on a sheet runs a button's action on its document.

The book is the one the press came from, an ordinary xlwings Book on the running office. Where a package is missing
(LibreOffice runs on its own Python), one sentence says what to type, and nothing else happens.
"""

from __future__ import annotations

from typing import Any

from addin.i18n import say

_SHEETS = "com.sun.star.sheet.SpreadsheetDocument"


class CalcScreen:
    """Says how a press went: in the window's status bar, and in a box where a person can see one."""

    def __init__(self, context: Any, document: Any) -> None:
        self.context = context
        self.frame = document.CurrentController.Frame if document is not None else None

    def status(self, text: str) -> None:
        """In the status bar until the next thing is said there."""
        if self.frame is not None:
            indicator = self.frame.createStatusIndicator()
            indicator.start(text, 0)

    def alert(self, text: str) -> None:
        """A message box; a hidden document, whose box nobody could close, gets the status bar."""
        window = self.frame and self.frame.ContainerWindow
        if window is None or not window.isVisible():
            self.status(text)
            return
        import uno

        toolkit = self.context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", self.context)
        kind = uno.Enum("com.sun.star.awt.MessageBoxType", "INFOBOX")
        toolkit.createMessageBox(window, kind, 1, "danggol", text).execute()


def press_here(context: Any, document: Any, id: str) -> bool:
    """Run a button on a document of this office; True where it did. Never raises.

    ``document``: None or no sheets (a text document) is "no workbook".
    """
    screen = CalcScreen(context, document)
    try:
        from addin.hosts.buttons import press
        from addin.hosts.calc.engine import attach

        sheets = document is not None and document.supportsService(_SHEETS)
        book = book_of(attach(context), document) if sheets else None
        return press(id, book, screen=screen)
    except ImportError as error:
        screen.alert(say("calc.oxt.no_packages", package=error.name or str(error)))
    return False


def press_event(context: Any, id: str, event: Any = None) -> bool:
    """The same for a macro: the document is the one the drawn button stands on, else the one in front."""
    document = document_of(getattr(event, "Source", None))
    if document is None:
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        document = desktop.getCurrentComponent()
    return press_here(context, document, id)


def document_of(control: Any) -> Any:
    """The document a control stands on: its model's parents up to the sheets; None where there are none."""
    part = getattr(control, "Model", None)
    while part is not None and not (hasattr(part, "supportsService") and part.supportsService(_SHEETS)):
        part = getattr(part, "Parent", None)
    return part


def book_of(app: Any, document: Any) -> Any:
    """The app's book that is this document; None where the app has no such book."""
    return next((book for book in app.books if book.api == document), None)
