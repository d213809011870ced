"""What the ribbon's buttons run: ``RunPython "import addin.hosts.excel.macros as m; m.press('refresh', 'ko')"``."""

from __future__ import annotations

import sys


def press(button: str, lang: str = "ko") -> None:
    """Press a button on the workbook the macro was called from (see `addin.hosts.buttons.press`)."""
    import xlwings as xw

    from addin.hosts.buttons import AppScreen
    from addin.hosts.buttons import press as pressed

    book = xw.Book.caller()
    # On a Mac xlwings clears the status bar when Python ends, so the outcome is said in a box.
    pressed(button, book, lang=lang, screen=AppScreen(book.app, box_only=sys.platform == "darwin"))
