r"""xlwings' settings file, changed key by key.

The add-in's VBA reads ``"KEY","VALUE"`` lines (xlwings.bas, ``GetConfigFromFile``), the first of a key, whatever its
case. Its name comes from the add-in's ``PROJECT_NAME``: ours is danggol's own file, and people may add keys to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addin.actions.machine.port import Machine

#: The add-in's name in VBA (``PROJECT_NAME``), and so of its settings file.
PROJECT = "danggol"
UDF_MODULES = "addin.hosts.excel.udfs"
_LINE = re.compile(r'\s*"?(?P<key>[^",]*)"?\s*,\s*"?(?P<value>[^"]*)"?\s*$')


def interpreter_key(machine: Machine) -> str:
    """The key that says which Python Excel starts."""
    return "INTERPRETER_WIN" if machine.system == "windows" else "INTERPRETER_MAC"


def our_settings(machine: Machine) -> dict[str, str]:
    r"""What the add-in must be told on this machine.

    A book's folder is kept off Python's path: a stray ``addin.py`` beside a workbook must not run in our place.
    A home folder that the file's encoding can't spell is written ``%USERPROFILE%``, which xlwings expands.
    """
    return {
        interpreter_key(machine): _spelled(machine, machine.python.executable),
        "UDF MODULES": UDF_MODULES,
        "ADD_WORKBOOK_TO_PYTHONPATH": "false",
        "SHOW CONSOLE": "False",
    }


def read_settings(text: str) -> dict[str, str]:
    r"""The settings by upper-case key; of two lines with one key the first counts, as in VBA.

    >>> read_settings('"Interpreter_Win","C:\\py.exe"\n"INTERPRETER_WIN","x"\n')
    {'INTERPRETER_WIN': 'C:\\py.exe'}
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        if match := _LINE.match(line):
            found.setdefault(match["key"].strip().upper(), match["value"].strip())
    return found


def merged(text: str, ours: Mapping[str, str]) -> str:
    r"""The file with our keys set; every other line as it was.

    >>> merged('"LICENSE_KEY","x"\n"show console","True"\n', {"SHOW CONSOLE": "False"})
    '"LICENSE_KEY","x"\n"SHOW CONSOLE","False"\n'
    """
    kept = [line for line in text.splitlines() if _key(line) not in ours and line.strip()]
    return "".join(f"{line}\n" for line in [*kept, *(f'"{k}","{v}"' for k, v in ours.items())])


@dataclass(frozen=True, slots=True)
class Restored:
    """What an uninstall leaves: the file's text, and the keys a person changed since, left alone."""

    text: str
    kept: tuple[str, ...] = ()


def restored(now: str, before: str, ours: Mapping[str, str]) -> Restored:
    r"""The file with our keys taken back one by one, for when somebody else has written to it since our install.

    ``before`` is the text our install found. A key whose value is no longer ours belongs to whoever changed it.

    >>> restored('"SHOW CONSOLE","False"\n"NEW","1"\n', '"SHOW CONSOLE","True"\n', {"SHOW CONSOLE": "False"})
    Restored(text='"NEW","1"\n"SHOW CONSOLE","True"\n', kept=())
    """
    standing, old = read_settings(now), read_settings(before)
    theirs = tuple(key for key, value in ours.items() if key in standing and standing[key] != value)
    back = {key: old[key] for key in ours if key in old and key not in theirs}
    lines = [line for line in now.splitlines() if line.strip() and (_key(line) not in ours or _key(line) in theirs)]
    return Restored("".join(f"{line}\n" for line in [*lines, *(f'"{k}","{v}"' for k, v in back.items())]), theirs)


def decode(machine: Machine, data: bytes) -> str:
    """A settings file's bytes as text, line ends as ``\\n``; bytes of another encoding survive the way back."""
    return data.decode(machine.encoding, "surrogateescape").replace("\r\n", "\n")


def encode(machine: Machine, text: str) -> bytes:
    """Text as VBA on this machine reads it."""
    ends = text.replace("\n", "\r\n") if machine.system == "windows" else text
    return ends.encode(machine.encoding, "surrogateescape")


def expanded(machine: Machine, value: str) -> str:
    """A value with ``%NAME%`` filled in, as xlwings does."""
    return re.sub(r"%([^%]+)%", lambda m: machine.env(m[1]) or _home(machine, m[1]) or m[0], value)


def _home(machine: Machine, name: str) -> str:
    return machine.home if name.upper() == "USERPROFILE" else ""


def _spelled(machine: Machine, path: str) -> str:
    try:
        path.encode(machine.encoding)
    except UnicodeEncodeError:
        if machine.under(path, machine.home):
            return "%USERPROFILE%\\" + str(machine.path(path).relative_to(machine.path(machine.home)))
        raise
    return path


def _key(line: str) -> str:
    match = _LINE.match(line)
    return match["key"].strip().upper() if match else ""
