"""The ribbon's XML and the VBA behind it, both drawn from the one table of buttons."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from addin.hosts.buttons import BUTTONS, WORDS
from addin.i18n import LANGUAGES, say
from addin.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from addin.hosts.buttons import Button

#: Words the VBA modules and the patched xlwings module say themselves.
VBA_WORDS: Final = (
    "excel.working",
    "excel.no_workbook",
    "excel.failed",
    "excel.python_failed",
    "excel.no_interpreter",
    "excel.mac_not_ready",
    "excel.no_python_in_cell",
    "excel.functions_windows_only",
)


def sub_name(button: Button) -> str:
    """The VBA Sub of a button: ``refresh`` → ``Refresh``."""
    return "".join(part.capitalize() for part in button.id.split("_"))


def ribbon_xml() -> str:
    """``customUI14.xml``: labels come from callbacks, so Korean and English Office read their own."""
    return _drawn("customUI14.xml", escape=True)


def ribbon_module() -> str:
    """The VBA module `DanggolRibbon`: one Sub a button, and the callbacks for labels."""
    return _drawn("DanggolRibbon.bas", escape=False)


def words() -> list[tuple[str, ...]]:
    """Rows of the add-in's sheet: id, then the text in each language."""
    return [(id, *(say(id, lang) for lang in LANGUAGES)) for id in (*WORDS, *VBA_WORDS)]


def help_rows() -> list[tuple[str, ...]]:
    """Rows about functions: name, help in each language, then the arguments' help (a line each) in each language."""
    from addin.functions import FUNCTIONS
    from addin.hosts.excel.wrappers import formula_name

    return [
        (
            formula_name(function),
            *(_short(say(function.summary, lang)) for lang in LANGUAGES),
            *("\n".join(_short(say(a.help, lang)) for a in function.arguments) for lang in LANGUAGES),
        )
        for function in FUNCTIONS.values()
    ]


def _short(text: str) -> str:
    """Excel takes 255 characters a help text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 255 else line[:254] + "…"


def _drawn(name: str, *, escape: bool) -> str:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    jinja = SandboxedEnvironment(autoescape=escape, undefined=StrictUndefined, keep_trailing_newline=True)
    template = jinja.from_string(resource("macros", "ribbon", name).read_text("utf-8"))
    return template.render(buttons=[_row(b) for b in BUTTONS.values()], groups=_groups(BUTTONS.values()))


def _row(button: Button) -> dict[str, Any]:
    return {"id": button.id, "icon": button.icon, "large": button.large, "sub": sub_name(button)}


def _groups(buttons: Iterable[Button]) -> list[dict[str, Any]]:
    return [
        {"id": group, "buttons": [_row(button) for button in members]}
        for group, members in groupby(buttons, key=lambda button: button.group)
    ]
