r"""Where Excel keeps what we install, and which Excel it is.

Windows: ``%APPDATA%\Microsoft\Excel\XLSTART`` (``Application.StartupPath``), which Excel trusts from the start.
Mac: the Startup folder of Office's group container; settings and AppleScripts where Excel's sandbox may read them.
"""

from __future__ import annotations

import plistlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from addin.actions.machine.conf import PROJECT

if TYPE_CHECKING:
    from addin.actions.machine.port import Machine

ADDIN = "danggol.xlam"
_OFFICE = r"Software\Microsoft\Office"
_CLICK_TO_RUN = rf"HKLM\{_OFFICE}\ClickToRun\Configuration"
_APP_PATH = r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
#: Office 2016, 2019, 2021, 2024 and 365 are all 16.0; 2013 is 15.0.
VERSIONS = ("16.0", "15.0")
_MAC_APPS = ("/Applications/Microsoft Excel.app", "{home}/Applications/Microsoft Excel.app")


@dataclass(frozen=True, slots=True)
class Office:
    """The Excel of a machine: its program, version ("" unknown), word size (0 unknown), where it came from.

    ``major`` is the registry's version folder; "" on a Mac.
    """

    program: str
    version: str
    bits: int
    edition: Literal["click_to_run", "store", "msi", "mac"]
    arm: bool = False
    major: str = ""


def startup_folder(machine: Machine) -> str:
    """The folder whose workbooks Excel opens when it starts."""
    if machine.system == "windows":
        roaming = machine.env("APPDATA") or machine.join(machine.home, "AppData", "Roaming")
        return machine.join(roaming, "Microsoft", "Excel", "XLSTART")
    office = machine.join(machine.home, "Library", "Group Containers", "UBF8T346G9.Office")
    return machine.join(office, "User Content.localized", "Startup.localized", "Excel")


def addin_file(machine: Machine) -> str:
    """Where our add-in belongs."""
    return machine.join(startup_folder(machine), ADDIN)


def conf_file(machine: Machine) -> str:
    """The settings file the add-in reads (xlwings.bas, ``GetConfigFilePath``)."""
    if machine.system == "windows":
        return machine.join(machine.env("USERPROFILE") or machine.home, f".{PROJECT}", f"{PROJECT}.conf")
    return machine.join(machine.home, "Library", "Containers", "com.microsoft.Excel", "Data", f"{PROJECT}.conf")


def applescript_file(machine: Machine) -> str:
    """Where Excel for Mac looks for the script that starts Python (xlwings.bas, ``ExecuteMac``)."""
    scripts = machine.join(machine.home, "Library", "Application Scripts", "com.microsoft.Excel")
    return machine.join(scripts, f"xlwings-{machine.package('xlwings')}.applescript")


def dll_name(machine: Machine, bits: int) -> str:
    """xlwings' bridge between Excel and Python: made for Excel's word size, not Python's."""
    return f"xlwings{bits}-{machine.package('xlwings')}.dll"


def find_office(machine: Machine) -> Office | None:
    """The Excel of this machine; None where there is none (or no Excel for this system)."""
    if machine.system == "windows":
        return _windows_office(machine)
    return _mac_office(machine) if machine.system == "mac" else None


def is_store(path: str) -> bool:
    """Whether a Windows program came from the Microsoft Store."""
    return "\\windowsapps\\" in path.lower()


def _windows_office(machine: Machine) -> Office | None:
    major = next((v for v in VERSIONS if _install_root(machine, v)), "")
    program = str(machine.registry(rf"HKLM\{_APP_PATH}").get("", ""))
    program = program or str(machine.registry(rf"HKCU\{_APP_PATH}").get("", ""))
    if not program and major:
        program = machine.join(_install_root(machine, major), "EXCEL.EXE")
    run = machine.registry(_CLICK_TO_RUN)
    if not program and not run:
        return None
    platform = str(run.get("platform", "")).lower()
    if is_store(program):
        return Office(program, "", 0, "store", major=major or VERSIONS[0])
    if run:
        bits = {"x64": 64, "x86": 32, "arm64": 64}.get(platform, 0)
        version = str(run.get("versiontoreport", ""))
        return Office(program, version, bits, "click_to_run", platform == "arm64", major or VERSIONS[0])
    said = str(machine.registry(rf"HKLM\{_OFFICE}\{major}\Outlook").get("bitness", "")).lower()
    bits = {"x64": 64, "x86": 32}.get(said, 32 if "program files (x86)" in program.lower() else 0)
    return Office(program, major, bits, "msi", major=major or VERSIONS[0])


def _install_root(machine: Machine, version: str) -> str:
    return str(machine.registry(rf"HKLM\{_OFFICE}\{version}\Excel\InstallRoot").get("path", ""))


def _mac_office(machine: Machine) -> Office | None:
    for place in _MAC_APPS:
        app = place.format(home=machine.home)
        if machine.exists(app):
            return Office(app, _mac_version(machine, app), 64, "mac")
    return None


def _mac_version(machine: Machine, app: str) -> str:
    try:
        told = plistlib.loads(machine.read(machine.join(app, "Contents", "Info.plist")))
    except (OSError, ValueError, plistlib.InvalidFileException):
        return ""
    return str(told.get("CFBundleShortVersionString", ""))
