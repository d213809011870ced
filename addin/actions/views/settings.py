"""The settings tab: every number and rule a team can change, with its source; and reading the cells back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.actions.views.answers import read_rows
from addin.actions.views.beside import input_style
from addin.actions.views.parts import Say, header_row, new_tab, title
from addin.books.look import fit_heights
from addin.books.tab import Choices, Tab, TabValue
from addin.crm.setting_rows import SettingCell, SettingRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from addin.crm.grid import Grid

#: Column ids and widths, in order. ``value`` and ``mine`` belong to people; ``id`` is hidden.
COLUMNS: Final = {"name": 34, "value": 20, "unit": 13, "mine": 10, "default": 18, "source": 28, "explain": 60, "id": 0}
LABELS: Final = {name: f"view.settings.h.{name}" for name in COLUMNS}
_AT = {name: i for i, name in enumerate(COLUMNS, 1)}
#: Where a line's id and a person's value stand.
KEY, ANSWER = _AT["id"], _AT["value"]
_MINE = "✓"
_STYLE: Final = {
    "share": "percent",
    "money": "money",
    "ratio": "decimal",
    "times": "decimal",
    **dict.fromkeys(("minutes", "days", "weeks", "count"), "number"),
}


@dataclass(slots=True)
class SettingsAnswers:
    """The cells of the settings tab, ready for `addin.crm.settings.from_rows`, and where each stands."""

    cells: list[SettingCell] = field(default_factory=list)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)  # key → 1-based row, column of its value

    @property
    def raw(self) -> dict[str, object]:
        """Key → what stands in its value cell, as typed."""
        return {cell.key: cell.value for cell in self.cells}

    @property
    def mine(self) -> frozenset[str]:
        """The keys marked as the team's own choice."""
        return frozenset(cell.key for cell in self.cells if cell.by_person)


def settings_tab(
    rows: Sequence[SettingRow], say: Say, answers: SettingsAnswers | None = None, names: dict[str, str] | None = None
) -> Tab:
    """The tab, a band a section. ``answers`` are the cells as they stand: what a person typed stays as typed."""
    tab = new_tab("settings", say, names)
    raw: Mapping[str, object] = answers.raw if answers else {}
    mine = answers.mine if answers else frozenset()
    head = title(tab, say("view.settings.title"), (say("view.settings.how"), say("view.settings.mine")))
    header_row(tab, head, COLUMNS, LABELS, say)
    row, shown = head + 1, ""
    for setting in rows:
        if setting.section != shown:
            shown = setting.section
            for column in _AT.values():
                tab.put(row, column, say(setting.section_text) if column == 1 else None, "group")
            tab.heights[row] = 20
            row += 1
        value = _typed(raw[setting.key]) if setting.key in raw else _value(setting.value)
        _line(tab, row, setting, say, value, setting.key in mine)
        row += 1
    tab.freeze = (head + 1, 2)
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab


def _line(tab: Tab, row: int, setting: SettingRow, say: Say, value: TabValue, mine: bool) -> None:
    look = _STYLE.get(setting.unit, "")
    tab.put(row, _AT["name"], say(setting.label), "strong" if setting.by_person else "wrap")
    tab.put(row, ANSWER, value, f"input_{look}" if look else input_style(value))
    tab.put(row, _AT["unit"], say(setting.unit_text), "cell")
    tab.put(row, _AT["mine"], _MINE if mine else None, "input")
    tab.put(row, _AT["default"], _value(setting.default), look or "wrap")
    tab.put(row, _AT["source"], say(setting.source_text), "cell")
    tab.put(row, _AT["explain"], say(setting.explain), "wrap")
    tab.put(row, KEY, setting.key, "key")
    tab.people += [(row, ANSWER) * 2, (row, _AT["mine"]) * 2]
    if setting.choices:
        tab.choices.append(Choices((row, ANSWER) * 2, setting.choices, strict=True))
    tab.choices.append(Choices((row, _AT["mine"]) * 2, (_MINE,)))


def _value(value: str | int | Decimal) -> TabValue:
    return None if value == "" else value


def _typed(value: object) -> TabValue:
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return value if value is None or isinstance(value, str | int | float | dt.date) else str(value)


def parse_settings_tab(grid: Grid) -> SettingsAnswers:
    """Every setting's cell as it stands, wherever people moved its row to. Rows without an id are passed over."""
    out = SettingsAnswers()
    for line in read_rows(grid, LABELS, ("value", "id")):
        key = line.text("id")
        if not key or key in out.places:
            continue
        out.cells.append(SettingCell(key, line.cells.get("value"), by_person=bool(line.text("mine"))))
        out.places[key] = (line.row, line.columns["value"])
    return out
