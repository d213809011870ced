"""The log tab: one line per run that wrote, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from addin.actions.views.answers import read_rows
from addin.actions.views.parts import Say, header_row, new_tab, title
from addin.books.look import fit_heights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.books.tab import Tab
    from addin.crm.grid import Grid

COLUMNS: Final = {"when": 18, "run": 22, "action": 12, "cells": 10, "tabs": 10, "what": 70}
LABELS: Final = {name: f"view.log.h.{name}" for name in COLUMNS}
_AT = {name: i for i, name in enumerate(COLUMNS, 1)}


class LogLine(NamedTuple):
    """One run: when (Seoul time, as text), its id for ``danggol undo``, and what it wrote."""

    when: str
    run: str
    action: str
    cells: int
    tabs: int
    what: str = ""


def log_tab(lines: Sequence[LogLine], say: Say, names: dict[str, str] | None = None) -> Tab:
    """The tab, newest run on top."""
    tab = new_tab("log", say, names)
    head = title(tab, say("view.log.title"), (say("view.log.how"),))
    header_row(tab, head, COLUMNS, LABELS, say)
    for row, line in enumerate(sorted(lines, key=lambda line: line.run, reverse=True), head + 1):
        values = (line.when, line.run, line.action, line.cells, line.tabs, line.what or None)
        tab.line(row, 1, values, ("cell", "cell", "cell", "number", "number", "wrap"))
    tab.freeze = (head + 1, 1)
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab


def parse_log_tab(grid: Grid) -> list[LogLine]:
    """The lines of the log as they stand, so that a copy of the book keeps its history."""
    out = []
    for line in read_rows(grid, LABELS, ("when", "run", "action")):
        if line.text("run"):
            cells, tabs = (int(text) if (text := line.text(name)).isdigit() else 0 for name in ("cells", "tabs"))
            out.append(
                LogLine(line.text("when"), line.text("run"), line.text("action"), cells, tabs, line.text("what"))
            )
    return out
