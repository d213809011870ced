"""Charts: what stands on a Calc sheet, by name and place. Drawing new ones is XlsxWriter's work in danggol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.hosts.calc.xl.guarded import Guarded
from addin.hosts.calc.xl.layout import POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.hosts.calc.xl.sheets import Sheet


class Charts(Guarded, base_classes.Charts):
    """The charts of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.office = sheet.office

    @property
    def api(self) -> Any:
        return self.sheet.sheet.Charts

    @property
    def parent(self) -> Sheet:
        return self.sheet

    def __iter__(self) -> Iterator[Chart]:
        return iter([Chart(self.sheet, name) for name in self.api.ElementNames])

    def __len__(self) -> int:
        return len(self.api.ElementNames)

    def __call__(self, key: str | int) -> Chart:
        names = self.api.ElementNames
        if isinstance(key, int):
            return Chart(self.sheet, names[key - 1])
        if key not in names:
            raise KeyError(key)
        return Chart(self.sheet, key)

    def __contains__(self, key: str | int) -> bool:
        return key in self.api.ElementNames if isinstance(key, str) else 1 <= key <= len(self)


class Chart(Guarded, base_classes.Chart):
    """One chart."""

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.sheet = sheet
        self.office = sheet.office
        self._name = name

    @property
    def api(self) -> Any:
        return self.sheet.sheet.Charts.getByName(self._name)

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property  # type: ignore[misc]  # xlwings could set it, we never do
    def name(self) -> str:
        return self._name

    def _shape(self) -> Any:
        page = self.sheet.sheet.DrawPage
        for index in range(page.Count):
            shape = page.getByIndex(index)
            if getattr(shape, "PersistName", None) == self._name:
                return shape
        raise KeyError(self._name)

    @property  # type: ignore[misc]  # xlwings could set it, we never do
    def left(self) -> float:
        return float(self._shape().Position.X / POINTS)

    @property  # type: ignore[misc]  # xlwings could set it, we never do
    def top(self) -> float:
        return float(self._shape().Position.Y / POINTS)

    @property  # type: ignore[misc]  # xlwings could set it, we never do
    def width(self) -> float:
        return float(self._shape().Size.Width / POINTS)

    @property  # type: ignore[misc]  # xlwings could set it, we never do
    def height(self) -> float:
        return float(self._shape().Size.Height / POINTS)

    def delete(self) -> None:
        self.sheet.sheet.Charts.removeByName(self._name)
