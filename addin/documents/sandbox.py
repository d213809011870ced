"""Templates staff edit, rendered safely: Jinja2 with nothing in reach but the data, and a limit on everything.

A template may loop, choose, call its own macros and the filters of `FILTERS`; it can't reach Python, a file or the net.
Growth (``'a' * 10**9``, doubling strings, endless loops, self-includes) stops at a limit, and the error names the line.
"""

from __future__ import annotations

import difflib
import re
import time
from typing import TYPE_CHECKING, Any, Final

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from addin.errors import DanggolError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

OUTPUT_LIMIT: Final = 4_000_000  # characters of one document
TEXT_LIMIT: Final = 200_000  # characters of one value
STEP_LIMIT: Final = 50_000  # turns of loops, calls of macros, includes
SECONDS: Final = 5.0
RANGE_LIMIT: Final = 10_000
NUMBER_LIMIT: Final = 10**30
_METHODS: Final = frozenset({"items", "keys", "values", "startswith", "endswith", "strip", "upper", "lower"})
_PLAIN_NAME = re.compile(r"[\w가-힣][\w가-힣 .-]*", re.ASCII)
_UNKNOWN = re.compile(r"has no attribute '([^']+)'|^'([^']+)' is undefined|no element '?([^']+?)'?$")


class TemplateFault(DanggolError):
    """A template that can't be rendered: its file, the line, what is wrong, and the nearest field where one is."""


class _Stopped(SecurityError):
    """A limit was reached; the argument is the message's id."""


class _Watched(NodeTransformer):
    """Every loop turn, macro call and included template takes a step; ``~`` goes through a limit."""

    def _stepping(self, node: Any) -> Any:
        node = self.generic_visit(node)
        node.body.insert(0, nodes.ExprStmt(_call("tick", [], node.lineno), lineno=node.lineno))
        return node

    visit_For = visit_Macro = visit_CallBlock = visit_Template = _stepping  # noqa: N815 -- the visitor's own names

    def visit_Concat(self, node: Any) -> Any:  # noqa: N802
        """``a ~ b``."""
        node = self.generic_visit(node)
        return _call("glue", node.nodes, node.lineno)


def _call(name: str, args: list[Any], line: int) -> Any:
    return nodes.Call(nodes.EnvironmentAttribute(name), args, [], None, None, lineno=line)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one kind of text; ``read`` gives the source of a template of this name, or None."""

    intercepted_binops = frozenset({"*", "**", "+", "%", "//", "/", "-"})

    def __init__(self, read: Callable[[str], str | None], first: str = "", *, html: bool) -> None:
        super().__init__(
            loader=_Folder(read, first),
            undefined=StrictUndefined,
            autoescape=html,
            finalize=_scalar,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.filters = dict(FILTERS)
        self.tests = {name: self.tests[name] for name in _TESTS}
        self.globals = {"range": _range}
        self._steps, self._until = 0, 0.0

    def start(self) -> None:
        """Begin to count."""
        self._steps, self._until = 0, time.monotonic() + SECONDS

    def tick(self) -> None:
        """One step."""
        self._steps += 1
        if self._steps > STEP_LIMIT or time.monotonic() > self._until:
            raise _Stopped("doc.template.endless")

    def glue(self, *parts: Any) -> Any:
        """``a ~ b``: at most as long as a value may be."""
        self.tick()
        return _short(Markup("").join(map(_scalar, parts)) if self.autoescape else "".join(map(_text, parts)))

    def _generate(self, source: Any, name: Any, filename: Any, defer_init: bool = False) -> Any:
        return super()._generate(_Watched().visit(source), name, filename, defer_init)

    def is_safe_callable(self, obj: Any) -> bool:
        """Our own functions, the template's macros, and methods that make nothing larger."""
        if isinstance(obj, Macro) or obj is _range:
            return True
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        return (owner is self and name in ("tick", "glue")) or (isinstance(owner, (dict, str)) and name in _METHODS)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic of sane sizes."""
        if operator in ("*", "**", "%") and not (_number(left) and _number(right)):
            raise _Stopped("doc.template.growth")
        if operator == "**" and (abs(right) > 10 or abs(left) > 10**6):
            raise _Stopped("doc.template.growth")
        if operator == "+" and not (_number(left) and _number(right)):
            return _short(_text(left) + _text(right))
        found = super().call_binop(context, operator, left, right)
        if abs(found) > NUMBER_LIMIT:
            raise _Stopped("doc.template.growth")
        return found


class _Folder(BaseLoader):
    """Templates of one folder, by plain names; nothing above or beside it."""

    def __init__(self, read: Callable[[str], str | None], first: str) -> None:
        self.read, self.first = read, first

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template."""
        known = template == self.first or (_PLAIN_NAME.fullmatch(template) and ".." not in template)
        source = self.read(template) if known else None
        if source is None:
            raise TemplateNotFound(template)
        return source, template, lambda: True


def _number(value: Any) -> bool:
    from decimal import Decimal

    return isinstance(value, int | float | Decimal)


def _scalar(value: Any) -> Any:
    """What a template may print: text and numbers, nothing nested."""
    if value is None:
        return ""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str) or _number(value):
        return value
    if isinstance(value, StrictUndefined):
        str(value)  # raises, naming the field
    raise _Stopped("doc.template.not_text")


def _text(value: Any) -> str:
    return str(_scalar(value))


def _short(text: str) -> str:
    if len(text) > TEXT_LIMIT:
        raise _Stopped("doc.template.growth")
    return text


def _range(*ends: int) -> range:
    found = range(*ends)
    if len(found) > RANGE_LIMIT:
        raise _Stopped("doc.template.growth")
    return found


def _join(items: Iterable[Any], between: str = "") -> str:
    parts = [_text(item) for _, item in zip(range(RANGE_LIMIT), items, strict=False)]
    if sum(map(len, parts)) + len(between) * len(parts) > TEXT_LIMIT:
        raise _Stopped("doc.template.growth")
    return between.join(parts)


def _replace(text: Any, old: str, new: str) -> str:
    here = _text(text)
    if here.count(old) * len(new) + len(here) > TEXT_LIMIT:
        raise _Stopped("doc.template.growth")
    return here.replace(old, new)


def _default(value: Any, other: Any = "", _blank: bool = True) -> Any:
    """``other`` for what is missing or blank."""
    return other if isinstance(value, StrictUndefined) or value is None or value == "" else value


#: The filters a template may use.
FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "default": _default,
    "join": _join,
    "replace": _replace,
    "length": len,
    "first": lambda items: next(iter(items), ""),
    "last": lambda items: next(iter(reversed(items)), ""),
    "trim": lambda text: _text(text).strip(),
    "upper": lambda text: _text(text).upper(),
    "lower": lambda text: _text(text).lower(),
    "escape": escape,
    "e": escape,
}
_TESTS: Final = (
    "defined",
    "undefined",
    "none",
    "odd",
    "even",
    "string",
    "number",
    "eq",
    "ne",
    "gt",
    "lt",
    "ge",
    "le",
    "in",
)


def render(name: str, data: Mapping[str, Any], read: Callable[[str], str | None], *, html: bool = False) -> str:
    """The text of a template and its data. `TemplateFault` with file, line and what to do.

    >>> render("t", {"name": "<b>"}, {"t": "{{ name }}"}.get, html=True)
    '&lt;b&gt;'
    >>> render("t", {"name": "{{ 7*7 }}"}, {"t": "{{ name }} {{ 2 * 3 }}"}.get)
    '{{ 7*7 }} 6'
    """
    environment = Sandbox(read, name, html=html)
    environment.start()
    try:
        return "".join(_counted(environment.get_template(name).generate(**data)))
    except TemplateSyntaxError as error:
        raise fault("doc.template.syntax", error.filename or name, error.lineno, value=error.message or "") from error
    except TemplateNotFound as error:
        raise fault("doc.template.include", name, _line(error), value=str(error.name or name)) from error
    except UndefinedError as error:
        raise _unknown(name, error, data) from error
    except _Stopped as error:
        raise fault(str(error), *_where(name, error)) from error
    except RecursionError as error:
        raise fault("doc.template.endless", name, 0) from error
    except (SecurityError, TypeError, ValueError, ArithmeticError) as error:
        raise fault("doc.template.refused", *_where(name, error), value=str(error)[:200]) from error


def _counted(parts: Iterable[str]) -> Iterator[str]:
    size = 0
    for part in parts:
        size += len(part)
        if size > OUTPUT_LIMIT:
            raise _Stopped("doc.template.long")
        yield part


def fault(id: str, name: str, line: int, *, value: str = "", near: str = "") -> TemplateFault:
    """A template's error at a line."""
    return TemplateFault(id, where=f"{name}:{line}" if line else name, value=value, near=near or "–")


def _unknown(name: str, error: UndefinedError, data: Mapping[str, Any]) -> TemplateFault:
    found = _UNKNOWN.search(str(error))
    field = next((part for part in found.groups() if part), "") if found else str(error)
    near = difflib.get_close_matches(field, sorted(fields_of(data)), n=1, cutoff=0.5)
    return fault("doc.template.unknown", *_where(name, error), value=field, near=near[0] if near else "–")


def fields_of(data: Any, depth: int = 4) -> set[str]:
    """Every name in the data."""
    if depth and isinstance(data, dict):
        return {str(key) for key in data} | {name for value in data.values() for name in fields_of(value, depth - 1)}
    if depth and isinstance(data, list | tuple) and data:
        return fields_of(data[0], depth - 1)
    return set()


def _where(name: str, error: BaseException) -> tuple[str, int]:
    """The innermost template and line of an error."""
    found = (name, 0)
    step = error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if not file.endswith(".py"):
            found = (name if file.startswith("<") else file, step.tb_lineno)
        step = step.tb_next
    return found


def _line(error: BaseException) -> int:
    return _where("", error)[1]
