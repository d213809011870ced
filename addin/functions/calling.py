"""A formula's call: arguments made one shape, cell functions run over ranges, answers and problems said in words."""

from __future__ import annotations

import difflib
import logging
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.grid import CellError
from addin.crm.message import Message, msg
from addin.errors import DanggolError, missing_package
from addin.functions.ranges import WHOLE_COLUMN, cell, is_rows, list_of, rows_of, used
from addin.functions.registry import Blank, Context, Function, Problem, collected, named
from addin.i18n import language, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.functions.registry import Kind

_log = logging.getLogger(__name__)
_SHIPPED = Context()
#: How alike a mistyped name has to be: below, another function would be proposed (LINE for NOPE).
_ALIKE = 0.6


def call(id: str, *args: Any, lang: str | None = None, context: Context | None = None) -> Any:
    """A function's answer: a value, or rows of values as a list of lists.

    Never raises for what stands in the cells: a problem is a sentence in ``lang`` (default: the process's language).

    >>> call("BOTTLENECK", [["인식"], ["가입"], ["활성화"]], [[1000], [100], [30]])
    '가입→활성화'
    >>> call("PHONE", [[1012345678.0], [None], ["02-123-4567"]])
    [['010-1234-5678'], [None], ['02-123-4567']]
    """
    functions = collected()
    function = functions.get(id) or functions.get(id.upper())
    if function is None:
        return say("fn.error.unknown_function", lang, value=id, near=nearest(id) or ", ".join(functions))
    return reply(function, args, lang=lang, context=context)


def nearest(id: str) -> str | None:
    """The function whose name is most like a mistyped one.

    >>> nearest("hhl"), nearest("KPITABLE"), nearest("NOPE")
    ('HHI', 'KPI_TABLE', None)
    """
    near = difflib.get_close_matches(id.upper(), collected(), n=1, cutoff=_ALIKE)
    return near[0] if near else None


def reply(function: Function, args: Sequence[Any], *, lang: str | None = None, context: Context | None = None) -> Any:
    """`call` of a function at hand."""
    answer = _answer(function, args, context or _SHIPPED)
    return _said(answer, lang or language()) if isinstance(answer, Message | list) else answer


def usage(function: Function) -> Message:
    """How it is written: ``LIFT(steps, counts, step, [target])``."""
    arguments = tuple(
        msg("fn.usage.optional", name=named(a.name)) if a.optional else named(a.name) for a in function.arguments
    )
    return msg("fn.usage", function=function.id, arguments=arguments)


def _answer(function: Function, args: Sequence[Any], context: Context) -> Any:
    most = len(function.arguments)
    if not function.required <= len(args) <= most:
        return msg("fn.error.arguments", usage=usage(function))
    given = [*args, *[None] * (most - len(args))]
    if not function.cells:
        return _guarded(function, given, context)
    for place in function.cells:
        given[place] = _single(given[place])
    spread = [a.shape == "cell" and is_rows(v) for a, v in zip(function.arguments, given, strict=True)]
    if not any(spread):
        return _guarded(function, given, context)
    if function.spills:
        return [[msg("fn.error.one_cell", usage=usage(function))]]
    if function.whole and spread[0] and not any(spread[1:]):
        return _over_whole(function, given, context)
    return _over_cells(function, given, spread, context)


def _single(value: Any) -> Any:
    """A range of one cell as that cell."""
    if is_rows(value) and len(value) <= 1:
        inner: Any = value[0] if value else None
        if not is_rows(inner):
            return inner
        if len(inner) <= 1:
            return inner[0] if inner else None
    return value


# -- one run -----------------------------------------------------------------------------------------------------------


def _guarded(function: Function, given: list[Any], context: Context) -> Any:
    """One run; problems and surprises come back as words."""
    try:
        answer = _run(function, given, context)
    except Blank:
        answer = None
    except DanggolError as problem:
        answer = problem.message
    except Exception as surprise:
        answer = _surprised(function, surprise)
    return [[answer]] if function.spills and not isinstance(answer, list) else answer


def _surprised(function: Function, surprise: Exception) -> Message:
    """A fault of ours, in one line; where it happened is in the log."""
    _log.debug("%s failed", function.id, exc_info=surprise)
    if (package := missing_package(surprise)) is not None:  # LibreOffice's own Python without danggol's packages
        return msg("fn.error.needs_package", package=package)
    return msg("fn.error.unexpected", function=function.id, kind=type(surprise).__name__)


def _run(function: Function, given: list[Any], context: Context) -> Any:
    values = []
    lacking = False
    for kind, needed, value in zip(function.kinds, function.needed, given, strict=True):
        values.append(found := rows_of(value) if kind == "range" else _argument(kind, value))
        if needed and (found is None or found == []):
            lacking = True
    if lacking:
        return None
    if function.whole:
        return _applied(function, [[values[0]], *values[1:]], context)[0]
    return function.run(*values, context=context) if function.asks_context else function.run(*values)


def _argument(kind: Kind, value: Any) -> Any:
    return rows_of(value) if kind == "range" else _one(value) if kind == "cell" else list_of(value)


def _one(value: Any) -> Any:
    value = cell(value)
    if isinstance(value, CellError):
        raise Problem("fn.error.cell_error", value=value.code)
    return value


def _applied(function: Function, values: list[Any], context: Context) -> Any:
    return function.run(*values, context=context) if function.asks_context else function.run(*values)


# -- over ranges -------------------------------------------------------------------------------------------------------


class _Spread(NamedTuple):
    """A range in place of a cell: its rows up to the last filled one, and how large it was given."""

    rows: list[list[Any]]
    height: int
    width: int

    def at(self, row: int, column: int) -> Any:
        """The cell that goes with an answer's place; a single row or column is stretched along the other."""
        row, column = row if self.height > 1 else 0, column if self.width > 1 else 0
        line = self.rows[row] if row < len(self.rows) else []
        return line[column] if column < len(line) else None


def beside(table: list[list[Any]], height: int, width: int) -> list[list[Any]]:
    """Answers as tall as what they stand beside: blank rows at a range's end too, but for a whole column's."""
    if height < WHOLE_COLUMN:
        table += [[None] * width for _ in range(height - len(table))]
    return table or [[None]]


def _spread(value: Any) -> _Spread:
    if value and not is_rows(value[0]):
        value = [[one] for one in value]
    rows = [list(row) for row in value[: used(value)]]
    return _Spread(rows, len(value), max(map(len, value[:1]), default=0))


def _over_cells(function: Function, given: list[Any], spread: list[bool], context: Context) -> Any:
    """A cell function over ranges: one answer a cell; equal cells are answered once, blank ones stay blank."""
    ranges = {i: _spread(value) for i, value in enumerate(given) if spread[i]}
    heights = {one.height for one in ranges.values()} - {1}
    widths = {one.width for one in ranges.values()} - {1}
    if len(widths) > 1 or len([h for h in heights if h < WHOLE_COLUMN]) > 1:
        sizes = tuple(
            msg("fn.size", name=named(function.arguments[i].name), size=f"{one.height}×{one.width}")
            for i, one in ranges.items()
        )
        return [[msg("fn.error.shapes", sizes=sizes)]]
    height = max(len(one.rows) for one in ranges.values())
    values = [
        value if kind == "cell" else _argument(kind, value) for kind, value in zip(function.kinds, given, strict=True)
    ]
    width = max(widths, default=1)
    nothing = (None,) * len(ranges)
    answers: dict[Any, Any] = {(nothing, (type(None),) * len(ranges)): None}
    table = []
    for row in range(height):
        line = []
        for column in range(width):
            here = tuple(cell(one.at(row, column)) for one in ranges.values())
            key = (here, tuple(map(type, here)))
            if key not in answers:
                for i, value in zip(ranges, here, strict=True):
                    values[i] = value
                answers[key] = _guarded(function, values, context)
            line.append(answers[key])
        table.append(line)
    return beside(table, max(heights, default=1), width)


def _over_whole(function: Function, given: list[Any], context: Context) -> Any:
    """A function that reads a range as one: a list goes in, a list of the same length comes back."""
    rows, height, width = _spread(given[0])
    flat = [cell(value) for row in rows for value in row]
    try:
        rest = [_argument(kind, value) for kind, value in zip(function.kinds[1:], given[1:], strict=True)]
        lacking = any(needed and (v is None or v == []) for needed, v in zip(function.needed[1:], rest, strict=True))
        if not flat or lacking:
            return beside([], height, width)
        answers = iter(_applied(function, [flat, *rest], context))
    except DanggolError as problem:
        return [[problem.message]]
    except Exception as surprise:
        return [[_surprised(function, surprise)]]
    return beside([[next(answers) for _ in row] for row in rows], height, width)


def _said(answer: Any, lang: str) -> Any:
    if isinstance(answer, Message):
        return say(answer, lang)
    if isinstance(answer, list):
        return [_said(one, lang) for one in answer]
    return answer
