"""Where LibreOffice is, which Python it runs, and whether our extension is in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from addin.actions.machine.port import Machine

#: How LibreOffice calls our extension: its description.xml says so.
IDENTIFIER = "org.danggol.calc"
_MAC = "/Applications/LibreOffice.app/Contents"
_LINUX = (
    "/usr/lib/libreoffice",
    "/usr/lib64/libreoffice",
    "/opt/libreoffice",
    "/snap/libreoffice/current/lib/libreoffice",
)
_VERSION = re.compile(r"LibreOffice ([\d.]+)")
_PRINT = "import sys; print('%d.%d' % sys.version_info[:2])"


@dataclass(frozen=True, slots=True)
class LibreOffice:
    """A LibreOffice: its program folder, the tools in it, and the Python its add-ins run in."""

    program: str
    soffice: str
    unopkg: str
    python: str


def find_libreoffice(machine: Machine) -> LibreOffice | None:
    """The LibreOffice of this machine; None where there is none in a usual place."""
    # On Windows the .com twins write to the console and wait; the .exe ones don't.
    end = ".com" if machine.system == "windows" else ""
    for program in _programs(machine):
        soffice = machine.join(program, f"soffice{end}")
        if machine.exists(soffice):
            return LibreOffice(program, soffice, machine.join(program, f"unopkg{end}"), _python(machine, program))
    return None


def libreoffice_version(machine: Machine, office: LibreOffice) -> str:
    """Its version, "" where it doesn't say."""
    found = _VERSION.search(machine.run(office.soffice, "--version").text)
    return found[1] if found else ""


def libreoffice_python(machine: Machine, office: LibreOffice) -> str:
    """The ``major.minor`` of the Python its add-ins run in, "" where it has none that knows ``uno``."""
    bundled = [n for n in machine.names(office.program) if n.startswith("python-core-")]
    if bundled:
        return ".".join(bundled[0].removeprefix("python-core-").split(".")[:2])
    ran = machine.run(office.python, "-c", f"import uno; {_PRINT}")
    said = ran.text.strip().splitlines()
    return said[-1] if ran.code == 0 and said else ""


def profile_folder(machine: Machine) -> str:
    """The user's LibreOffice profile."""
    name = "libreoffice" if machine.system == "linux" else "LibreOffice"
    return machine.join(_config_folder(machine), name, "4", "user")


def _config_folder(machine: Machine) -> str:
    if machine.system == "windows":
        return machine.env("APPDATA") or machine.join(machine.home, "AppData", "Roaming")
    if machine.system == "mac":
        return machine.join(machine.home, "Library", "Application Support")
    return machine.env("XDG_CONFIG_HOME") or machine.join(machine.home, ".config")


def packages_folder(machine: Machine, version: str) -> str:
    """Where an install noted that LibreOffice's Python of this ``major.minor`` finds our packages; "" where it didn't.

    The file is `addin.hosts.calc.site`'s.
    """
    base = machine.env("DANGGOL_HOME") or machine.join(_config_folder(machine), "danggol")
    try:
        noted = json.loads(machine.read(machine.join(base, "calc-python.json")).decode("utf-8"))
    except (OSError, ValueError):
        return ""
    return str(noted.get(version, "")) if isinstance(noted, dict) else ""


def has_extension(machine: Machine) -> bool:
    """Whether our extension is registered for this user.

    LibreOffice keeps one map of what is; folders of replaced extensions stay beside it until it next starts.
    """
    try:
        registered = machine.read(machine.join(profile_folder(machine), "uno_packages", "cache", "uno_packages.pmap"))
    except OSError:
        return False
    return IDENTIFIER.encode() in registered


def _python(machine: Machine, program: str) -> str:
    if machine.system == "windows":
        return machine.join(program, "python.exe")
    bundled = machine.join(_MAC, "Resources", "python") if machine.system == "mac" else machine.join(program, "python")
    # Linux distributions build theirs against the system's own Python (python3-uno).
    return bundled if machine.exists(bundled) or machine.system == "mac" else "/usr/bin/python3"


def _programs(machine: Machine) -> list[str]:
    if machine.system == "mac":
        return [f"{_MAC}/MacOS"]
    if machine.system == "windows":
        told = str(machine.registry(r"HKLM\Software\LibreOffice\UNO\InstallPath").get("", ""))
        roots = [machine.env("ProgramFiles") or r"C:\Program Files", machine.env("ProgramFiles(x86)")]
        return [p for p in (told, *(machine.join(r, "LibreOffice", "program") for r in roots if r)) if p]
    opt = [f"/opt/{name}" for name in machine.names("/opt") if name.startswith("libreoffice")]
    return [machine.join(root, "program") for root in (*_LINUX, *opt)]
