"""LibreOffice found on this machine, its ``uno`` module, and the words of its interface: structs, exceptions."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from addin.errors import DanggolError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


class SofficeMissing(DanggolError):
    """LibreOffice, or its bridge to this Python, is not on this machine."""


class SofficeDied(DanggolError):
    """LibreOffice ended while we worked with it."""


class SofficeSlow(SofficeDied):
    """LibreOffice did not answer in time and was ended."""


class CalcError(Exception):
    """LibreOffice refused a call; its own words. (Its exceptions themselves break Python's context managers.)"""


def find_soffice() -> str:
    """The program's path: ``DANGGOL_SOFFICE``, then PATH, then where each system installs it. Raises SofficeMissing."""
    chosen = os.environ.get("DANGGOL_SOFFICE")
    names = [chosen] if chosen else ["soffice", "libreoffice"]
    for name in names:
        if found := shutil.which(name):
            return found
    if not chosen:
        for folder in _program_folders():
            for name in ("soffice.exe", "soffice"):
                if (folder / name).is_file():
                    return str(folder / name)
    raise SofficeMissing("calc.soffice_missing", value=f" ({chosen})" if chosen else "")


def _program_folders() -> Iterator[Path]:
    if os.name == "nt":
        for root in ("PROGRAMFILES", "PROGRAMFILES(X86)"):
            if os.environ.get(root):
                yield Path(os.environ[root], "LibreOffice", "program")
    elif sys.platform == "darwin":
        yield Path("/Applications/LibreOffice.app/Contents/MacOS")


def load_uno(soffice: str | None = None) -> ModuleType:
    """The ``uno`` module, from this Python or from beside LibreOffice. Raises SofficeMissing.

    Its folder stands on ``sys.path`` only for the import, and uno's hook on ``import`` is taken off again:
    neither other packages of that folder nor slower imports leak into the program.
    """
    if "uno" in sys.modules and "unohelper" in sys.modules:
        return sys.modules["uno"]
    import builtins

    hook, path = builtins.__import__, list(sys.path)
    sys.path += [str(folder) for folder in _uno_folders(soffice) if (folder / "uno.py").is_file()]
    try:
        import uno
        import unohelper  # noqa: F401
    except ImportError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SofficeMissing("calc.uno_missing", value=version) from error
    finally:
        builtins.__import__ = hook
        sys.path[:] = path
    return cast("ModuleType", uno)


def _uno_folders(soffice: str | None) -> Iterator[Path]:
    if soffice:
        program = Path(os.path.realpath(soffice)).parent
        yield from (program, program.parent / "Resources", program.parent / "Frameworks")
    yield from map(
        Path, ("/usr/lib/python3/dist-packages", "/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program")
    )


def properties(**values: object) -> tuple[Any, ...]:
    """UNO property values: ``properties(Hidden=True)``."""
    found = []
    for name, value in values.items():
        one = struct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        found.append(one)
    return tuple(found)


def struct(name: str, **values: object) -> Any:
    """A UNO struct with some of its members set."""
    import uno

    made = uno.createUnoStruct(name)
    for member, value in values.items():
        setattr(made, member, value)
    return made


def uno_kind(error: BaseException | None) -> str:
    """The short name of LibreOffice's exception (``IOException``); "" for any other."""
    uno = sys.modules.get("uno")
    if error is None or uno is None or not isinstance(error, uno.getClass("com.sun.star.uno.Exception")):
        return ""
    return type(error).__name__.rpartition(".")[2]
