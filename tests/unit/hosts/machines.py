"""Computers to install on and to diagnose: a healthy Windows and a healthy Mac, each with an Excel."""

from __future__ import annotations

import io
import plistlib
import zipfile

from addin.actions.machine import places
from addin.actions.machine.fake import FakeMachine

PACKAGES = {"danggol": "0.1.0", "xlwings": "0.37.8"}
CLICK_TO_RUN = r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration"
APP_PATH = r"HKLM\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
EXCEL = r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"
TRUSTED = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security\Trusted Locations"
POLICIES = r"HKCU\Software\Policies\Microsoft\Office\16.0"


def addin(danggol: str = "0.1.0", xlwings: str = "0.37.8", title: str = "danggol") -> bytes:
    """The least file that says it is an add-in of ours."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        text = f"<dc:title>{title}</dc:title><dc:description>danggol {danggol}, xlwings {xlwings}</dc:description>"
        package.writestr(zipfile.ZipInfo("docProps/core.xml"), text)
    return buffer.getvalue()


def windows(home: str = "") -> FakeMachine:
    """Windows with 64-bit Excel, xlwings' bridges beside Python, the startup folder trusted, no add-in yet."""
    machine = FakeMachine("windows", home=home)
    machine.variables["APPDATA"] = machine.join(machine.home, "AppData", "Roaming")
    machine.registers[CLICK_TO_RUN] = {"Platform": "x64", "VersionToReport": "16.0.18025.20160"}
    machine.registers[APP_PATH] = {"": EXCEL}
    machine.registers[TRUSTED + r"\Location2"] = {"Path": r"%APPDATA%\Microsoft\Excel\XLSTART" + "\\"}
    for bits in (32, 64):
        machine.files[machine.join(machine.python.prefix, f"xlwings{bits}-0.37.8.dll")] = b"MZ"
    return machine


def mac() -> FakeMachine:
    """A Mac with Excel 16."""
    machine = FakeMachine("mac")
    told = plistlib.dumps({"CFBundleShortVersionString": "16.91"})
    machine.files["/Applications/Microsoft Excel.app/Contents/Info.plist"] = told
    return machine


def linux() -> FakeMachine:
    """Linux with nothing on it."""
    return FakeMachine("linux")


def xlam(machine: FakeMachine) -> str:
    """Where the add-in goes."""
    return places.addin_file(machine)
