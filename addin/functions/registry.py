"""What a spreadsheet function is, declared once: every host's wrapper, help and reference page come from here."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from addin.crm.grid import CellValue
from addin.crm.message import Message, msg
from addin.errors import DanggolError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from addin.crm.settings import Settings

Shape = Literal["cell", "range"]
Kind = Literal["cell", "range", "rows"]
#: One cell's value, and a rectangle of them: a list of rows.
Cell = CellValue
Range = list[list[CellValue]]
#: A whole list with its header, as it stands.
Rows = list[list[CellValue]]
#: What a function gives back: a value, words still to be said, or rows of them (a ``list`` of ``list``).
Answer = Any

#: In the order of the reference page and the function wizards; names are ``fn.category.<id>``.
CATEGORIES: Final = ("funnel", "kpi", "calendar", "quote", "data")


class Problem(DanggolError):
    """What stands in the cells does not do: the sentence a person reads in the formula's cell."""


class Blank(Problem):
    """A cell the answer needs is empty after all (handed over as 0 where a date belongs): then so is the answer."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its name in formulas, a message id that explains it, and whether it is one cell or a range."""

    name: str
    help: str
    shape: Shape
    optional: bool = False


def named(argument: str) -> Message:
    """An argument's name in the reader's language; in English it is the name it has in formulas."""
    return msg(f"fn.name.{argument}")


@dataclass(frozen=True, slots=True)
class Example:
    """Arguments and the answer they give in Korean; run as a test, printed in the reference."""

    args: tuple[Any, ...]
    result: Any


@dataclass(frozen=True, slots=True)
class Function:
    """One spreadsheet function.

    ``summary``   message id of the line that says what it gives.
    ``spills``    it always answers with a table: a list of rows.
    ``maps``      a range where it asks for one cell is answered cell by cell: a list of rows of that shape.
    ``volatile``  the answer also depends on today, so it is reckoned again at each opening.
    ``run``       the Python behind it; call it through `addin.functions.call`.
    ``blank``     required arguments that may be empty; an empty other one makes the answer empty.
    ``whole``     a range in place of its first cell reaches it whole (a column of dates proves their order).
    ``asks_context``  it is given the `Context`.
    ``raw``       ranges of whole lists, whose cells are read by what reads sheets: only blank rows at the end go.
    """

    id: str
    category: str
    summary: str
    arguments: tuple[Argument, ...]
    spills: bool
    example: Example
    run: Callable[..., Answer]
    volatile: bool = False
    blank: frozenset[str] = frozenset()
    whole: bool = False
    asks_context: bool = False
    raw: frozenset[str] = frozenset()
    #: How many arguments must be given; which may not be empty; the places of those that are one cell; what each is.
    required: int = field(init=False, repr=False, compare=False)
    kinds: tuple[Kind, ...] = field(init=False, repr=False, compare=False)
    needed: tuple[bool, ...] = field(init=False, repr=False, compare=False)
    cells: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        needed = tuple(not a.optional and a.name not in self.blank for a in self.arguments)
        object.__setattr__(self, "required", sum(not argument.optional for argument in self.arguments))
        object.__setattr__(self, "needed", needed)
        kinds = tuple("rows" if a.name in self.raw else a.shape for a in self.arguments)
        object.__setattr__(self, "kinds", kinds)
        object.__setattr__(self, "cells", tuple(i for i, a in enumerate(self.arguments) if a.shape == "cell"))

    @property
    def maps(self) -> bool:
        """Whether a range may stand where it asks for one cell."""
        return not self.spills and bool(self.cells)


@dataclass(frozen=True, slots=True)
class Context:
    """What a formula can't say: the book's own settings and confirmed partner spellings, and the day it is.

    A host that knows the workbook hands its own over; the default is what danggol ships with, and today in Seoul.
    """

    settings: Settings | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    today: dt.date | None = None

    def chosen(self) -> Settings:
        """The book's settings, or the shipped ones."""
        return self.settings or _shipped()

    def day(self) -> dt.date:
        """Today."""
        from addin.today import today

        return self.today or today()


@cache
def _shipped() -> Settings:
    from addin.crm.settings import Settings

    return Settings()


_found: dict[str, Function] = {}


def function(
    category: str,
    *,
    example: Example,
    spills: bool = False,
    volatile: bool = False,
    blank: tuple[str, ...] = (),
    whole: bool = False,
    helps: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Declare the function below: its name in capitals is the id, ``Cell``/``Range`` annotations are the shapes.

    An argument with a default is optional; one called ``context`` is not the formula's: it is given the `Context`.
    ``helps`` names another help text than ``fn.arg.<argument>``.
    """

    def declare(run: Callable[..., Answer]) -> Callable[..., Answer]:
        id = run.__name__.strip("_").upper()
        parameters = inspect.signature(run).parameters
        arguments = tuple(
            Argument(
                name.strip("_"),
                f"fn.arg.{(helps or {}).get(name, name).strip('_')}",
                "range" if str(parameter.annotation).startswith(("Range", "Rows")) else "cell",
                parameter.default is not inspect.Parameter.empty,
            )
            for name, parameter in parameters.items()
            if name != "context"
        )
        _found[id] = Function(
            id,
            category,
            f"fn.{id}",
            arguments,
            spills,
            example,
            run,
            volatile,
            frozenset(blank),
            whole,
            "context" in parameters,
            frozenset(name for name, p in parameters.items() if str(p.annotation).startswith("Rows")),
        )
        collected.cache_clear()
        return run

    return declare


@cache
def collected() -> dict[str, Function]:
    """Every declared function by id, ordered by category and, within it, as declared."""
    return {f.id: f for f in sorted(_found.values(), key=lambda f: CATEGORIES.index(f.category))}


__all__ = [
    "CATEGORIES", "Answer", "Argument", "Blank", "Cell", "Context", "Example", "Function", "Problem", "Range", "Rows",
    "collected", "function", "named",
]  # fmt: skip
