"""Build ``danggol.oxt``, the LibreOffice extension: functions, menu and toolbar, and danggol itself inside.

The IDL comes from the registry of functions, the menu from the table of buttons; both in Korean and English. The same
sources give the same bytes on every system: entries sorted, stored, one date, line ends as in the repository.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from addin.functions import FUNCTIONS
from addin.hosts.buttons import BUTTONS
from addin.hosts.calc.bridge import signature
from addin.i18n import LANGUAGES, say
from addin.resources import resource
from addin.version import version

if TYPE_CHECKING:
    from collections.abc import Iterator

IDENTIFIER: Final = "org.danggol.calc"
NAME: Final = "danggol.oxt"
_PACKAGE: Final = Path(__file__).resolve().parents[2]  # addin/
_DATE: Final = (2020, 1, 1, 0, 0, 0)
_TEXT: Final = {".py", ".xml", ".xcu", ".idl", ".j2", ".txt", ".md", ".typ", ".html"}
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XCU: Final = (
    'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'oor:package="org.openoffice.Office"'
)


def build_oxt(out: Path) -> Path:
    """Write the extension to ``out`` (a file, or a folder to put danggol.oxt in); returns its path."""
    target = out / NAME if out.is_dir() else out
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, data in sorted(entries().items(), key=lambda item: (item[0] != "META-INF/manifest.xml", item[0])):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            package.writestr(entry, data)
    return target


def entries() -> dict[str, bytes]:
    """Every file of the extension, by its name inside."""
    texts = {
        "META-INF/manifest.xml": manifest(),
        "description.xml": description(),
        "XFunctions.idl": idl(),
        "Addons.xcu": addons(),
        "ProtocolHandler.xcu": protocol_handler(),
        "Jobs.xcu": jobs(),
        "python/danggol_macros.py": macros(),
    }
    found = {name: text.encode() for name, text in texts.items()}
    for name in ("danggol_functions.py", "danggol_buttons.py"):
        found[name] = _read(resource("macros", "calc", name))
    found |= {f"pythonpath/addin/{name}": data for name, data in _package()}
    return found


def _package() -> Iterator[tuple[str, bytes]]:
    """danggol itself: modules and compiled catalogues, and the templates where a wheel has them.

    Their fonts too, three megabytes: LibreOffice's Python may know no other danggol, and a quote made by its button
    looks as on every other machine only with the font it was set in.
    """
    for path in _PACKAGE.rglob("*"):
        name = path.relative_to(_PACKAGE).as_posix()
        if path.suffix in {".py", ".mo"} and not name.startswith("_shipped/"):
            yield name, _read(path)
    templates = resource("templates")
    for path in templates.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            yield f"_shipped/templates/{path.relative_to(templates).as_posix()}", _read(path)


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    return data.replace(b"\r\n", b"\n") if path.suffix in _TEXT else data


def idl() -> str:
    """The functions' interface: Calc reads the types of arguments and answers from it."""
    lines = []
    for id, function in FUNCTIONS.items():
        answer, parameters = signature(function)
        listed = ", ".join(f"[in] {kind} {name}" for name, kind in parameters)
        lines.append(f"    {answer} {id}({listed});\n")
    body = "".join(lines)
    head = "module danggol { module calc {\n  interface XFunctions : com::sun::star::uno::XInterface {\n"
    return f"{head}{body}  }};\n}}; }};\n"


def manifest() -> str:
    """Which file of the extension is what."""
    kinds = {
        "XFunctions.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
        "danggol_functions.py": "application/vnd.sun.star.uno-component;type=Python",
        "danggol_buttons.py": "application/vnd.sun.star.uno-component;type=Python",
        "python": "application/vnd.sun.star.framework-script",
        "Addons.xcu": "application/vnd.sun.star.configuration-data",
        "ProtocolHandler.xcu": "application/vnd.sun.star.configuration-data",
        "Jobs.xcu": "application/vnd.sun.star.configuration-data",
    }
    listed = "".join(
        f' <manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>\n'
        for name, kind in kinds.items()
    )
    return f'{_HEAD}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{listed}</manifest:manifest>\n'


def description() -> str:
    """Who the extension is."""
    names = "".join(f'<name lang="{lang}">{escape(say("calc.oxt.name", lang))}</name>' for lang in LANGUAGES)
    return (
        f'{_HEAD}<description xmlns="http://openoffice.org/extensions/description/2006">'
        f'<identifier value="{IDENTIFIER}"/><version value={quoteattr(version())}/>'
        f"<display-name>{names}</display-name></description>\n"
    )


def _said(name: str, message: str) -> str:
    values = "".join(f'<value xml:lang="{lang}">{escape(say(message, lang))}</value>' for lang in reversed(LANGUAGES))
    return f'<prop oor:name="{name}" oor:type="xs:string">{values}</prop>'


def _plain(name: str, value: str) -> str:
    return f'<prop oor:name="{name}" oor:type="xs:string"><value>{escape(value)}</value></prop>'


def _items() -> str:
    found = []
    for place, button in enumerate(BUTTONS.values()):
        shown = _plain("Context", "com.sun.star.sheet.SpreadsheetDocument") + _plain("URL", f"danggol:{button.id}")
        words = _said("Title", button.label) + _plain("Target", "_self")
        found.append(f'<node oor:name="B{place:02d}" oor:op="replace">{shown}{words}</node>\n')
    return "".join(found)


def addons() -> str:
    """The toolbar and the menu: one entry a button, words in both languages."""
    items = _items()
    menu = f"{_plain('Context', 'com.sun.star.sheet.SpreadsheetDocument')}{_said('Title', 'calc.oxt.menu')}"
    return (
        f'{_HEAD}<oor:component-data {_XCU} oor:name="Addons"><node oor:name="AddonUI">\n'
        f'<node oor:name="OfficeToolBar"><node oor:name="{IDENTIFIER}" oor:op="replace">\n{items}</node></node>\n'
        f'<node oor:name="OfficeMenuBar"><node oor:name="{IDENTIFIER}" oor:op="replace">{menu}'
        f'<node oor:name="Submenu">\n{items}</node></node></node>\n'
        "</node></oor:component-data>\n"
    )


def protocol_handler() -> str:
    """Who answers ``danggol:`` addresses."""
    return (
        f'{_HEAD}<oor:component-data {_XCU} oor:name="ProtocolHandler"><node oor:name="HandlerSet">'
        f'<node oor:name="{IDENTIFIER}.Buttons" oor:op="replace"><prop oor:name="Protocols" oor:type="oor:string-list">'
        "<value>danggol:*</value></prop></node></node></oor:component-data>\n"
    )


def jobs() -> str:
    """What runs when a document was loaded, a hidden one too (``OnLoad`` comes for visible ones only)."""
    return (
        f'{_HEAD}<oor:component-data {_XCU} oor:name="Jobs"><node oor:name="Jobs">'
        '<node oor:name="DanggolNames" oor:op="replace"><prop oor:name="Service">'
        f"<value>{IDENTIFIER}.Names</value></prop>"
        "</node></node>"
        '<node oor:name="Events"><node oor:name="OnLoadFinished" oor:op="fuse"><node oor:name="JobList">'
        '<node oor:name="DanggolNames" oor:op="replace"/></node></node></node></oor:component-data>\n'
    )


def macros() -> str:
    """One Python macro a button, for buttons people draw on a sheet.

    Their address is ``vnd.sun.star.script:danggol.oxt|python|danggol_macros.py$refresh``, followed by
    ``?language=Python&location=user:uno_packages``.
    """
    functions = "".join(
        f'\n\ndef {id}(*event):\n    press_event(XSCRIPTCONTEXT.getComponentContext(), "{id}", *event)\n'
        for id in BUTTONS
    )
    names = ", ".join(BUTTONS)
    return f"from addin.hosts.calc.press import press_event\n{functions}\n\ng_exportedScripts = ({names},)\n"
