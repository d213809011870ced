"""The diagnosis: each fault users of Excel add-ins meet is found, and its cure said in one sentence."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from addin.actions.doctor import CHECKS, Diagnosis, diagnose, diagnose_open, show_diagnosis
from addin.actions.doctor.calc import check_calc_packages
from addin.actions.machine import conf, places
from addin.actions.machine.fake import FakeMachine
from addin.actions.machine.port import Process, Python, Ran
from addin.hosts.install import install_addin
from addin.i18n import LANGUAGES, known, use_language
from tests.unit.hosts.machines import CLICK_TO_RUN, POLICIES, TRUSTED, addin, linux, mac, windows, xlam

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from addin.actions.doctor.finding import Finding


@pytest.fixture
def installed(tmp_path: Path) -> FakeMachine:
    """A healthy Windows with the add-in installed."""
    return with_addin(windows(), tmp_path)


def with_addin(machine: FakeMachine, folder: Path) -> FakeMachine:
    path = folder / "danggol.xlam"
    path.write_bytes(addin())
    install_addin(None, path, machine)
    return machine


def finding(machine: FakeMachine, id: str) -> Finding:
    (found,) = [f for f in diagnose(machine=machine).findings if f.id == id]
    return found


def wrong(machine: FakeMachine) -> list[str]:
    return [f.id for f in diagnose(machine=machine).wrong]


def test_a_healthy_windows_has_nothing_wrong(installed: FakeMachine) -> None:
    diagnosis = diagnose(machine=installed)
    assert diagnosis.ok
    assert [f.id for f in diagnosis.findings if f.status == "ok"] == [
        "python", "folder", "excel", "bits", "addin", "versions", "settings", "dll",
        "servers", "antivirus", "downloaded", "onedrive", "policy", "trusted", "disabled",
    ]  # fmt: skip
    assert [f.id for f in diagnosis.findings if f.status == "unknown"] == ["libreoffice"]


def test_a_healthy_mac_has_nothing_wrong(tmp_path: Path) -> None:
    diagnosis = diagnose(machine=with_addin(mac(), tmp_path))
    assert diagnosis.ok
    ids = [f.id for f in diagnosis.findings if f.status == "ok"]
    assert ids == ["python", "folder", "excel", "addin", "versions", "settings", "applescript", "antivirus", "onedrive"]


def test_linux_is_asked_about_libreoffice_and_never_about_excel() -> None:
    diagnosis = diagnose(machine=linux())
    assert diagnosis.ok
    assert [f.id for f in diagnosis.findings] == ["python", "folder", "libreoffice"]


def test_before_the_install_the_cure_is_to_install() -> None:
    assert wrong(windows()) == ["addin"]
    assert "danggol addin install" in show_diagnosis(diagnose(machine=windows()))


def old_python(m: FakeMachine) -> None:
    m.python = Python(m.python.executable, (3, 10, 2), 64, m.python.prefix)


def store_python(m: FakeMachine) -> None:
    path = r"C:\Users\kim\AppData\Local\Microsoft\WindowsApps\python3.11.exe"
    m.python = Python(path, (3, 11, 9), 64, r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.11")


def no_excel(m: FakeMachine) -> None:
    m.registers.clear()


def store_excel(m: FakeMachine) -> None:
    path = r"HKLM\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
    m.registers[path] = {"": r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel_16051\Office16\EXCEL.EXE"}


def quarantined(m: FakeMachine) -> None:
    del m.files[xlam(m)]


def emptied(m: FakeMachine) -> None:
    m.files[xlam(m)] = b""


def unreadable(m: FakeMachine) -> None:
    m.files[xlam(m)] = PermissionError(13, "virus or potentially unwanted software")


def marked(m: FakeMachine) -> None:
    m.files[xlam(m) + ":Zone.Identifier"] = b"[ZoneTransfer]\r\nZoneId=3\r\n"


def older_addin(m: FakeMachine) -> None:
    m.packages["danggol"] = "0.2.0"


def other_xlwings(m: FakeMachine) -> None:
    m.packages["xlwings"] = "0.38.0"
    m.files[m.join(m.python.prefix, "xlwings64-0.38.0.dll")] = b"MZ"


def no_dll(m: FakeMachine) -> None:
    del m.files[m.join(m.python.prefix, "xlwings64-0.37.8.dll")]


def old_dll(m: FakeMachine) -> None:
    path = m.join(m.python.prefix, "xlwings64-0.37.8.dll")
    m.files[m.join(m.python.prefix, "xlwings64-0.30.1.dll")] = m.files.pop(path)


def locked_dll(m: FakeMachine) -> None:
    m.files[m.join(m.python.prefix, "xlwings64-0.37.8.dll")] = PermissionError(13)


def no_settings(m: FakeMachine) -> None:
    del m.files[places.conf_file(m)]


def python_gone(m: FakeMachine) -> None:
    text = conf.decode(m, m.read(places.conf_file(m))).replace("venv", "old-venv")
    m.files[places.conf_file(m)] = conf.encode(m, text)


def other_python(m: FakeMachine) -> None:
    python_gone(m)
    path = r"C:\Users\kim\old-venv\Scripts\python.exe"
    m.files[path] = b""
    m.files[r"C:\Users\kim\old-venv\xlwings64-0.37.8.dll"] = b"MZ"
    m.answers[path] = Ran(0, "0.0.9 0.37.8\r\n")


def other_modules(m: FakeMachine) -> None:
    text = conf.decode(m, m.read(places.conf_file(m))).replace(conf.UDF_MODULES, "my_functions")
    m.files[places.conf_file(m)] = conf.encode(m, text)


def zombies(m: FakeMachine) -> None:
    serve = "-B -c \"import xlwings; xlwings.serve('{CLSID}')\""
    m.running = [
        Process(10, 1, f'cmd.exe cmd.exe /K ""C:\\py\\python.exe" {serve}'),
        Process(11, 10, f"python.exe C:\\py\\python.exe {serve}"),
        Process(12, 11, f"python.exe C:\\base\\python.exe {serve}"),
    ]


def in_onedrive(m: FakeMachine) -> None:
    m.variables["OneDriveCommercial"] = m.join(m.home, "venv")


def disabled(m: FakeMachine) -> None:
    key = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
    m.registers[key] = {"A1B2": b"\x02\x00" + r"c:\users\kim\appdata\xlstart\DANGGOL.XLAM".encode("utf-16-le")}


def vba_off(m: FakeMachine) -> None:
    m.registers[POLICIES + r"\Common"] = {"VBAOff": 1}


def addins_off(m: FakeMachine) -> None:
    m.registers[POLICIES + r"\Excel\Security"] = {"DisableAllAddins": 1}


def signed_only(m: FakeMachine) -> None:
    m.registers[POLICIES + r"\Excel\Security"] = {"RequireAddinSig": 1}


def macros_off(m: FakeMachine) -> None:
    m.registers[POLICIES + r"\Excel\Security"] = {"VBAWarnings": 4}
    m.registers[POLICIES + r"\Excel\Security\Trusted Locations"] = {"AllLocationsDisabled": 1}


def locations_off(m: FakeMachine) -> None:
    m.registers[TRUSTED] = {"AllLocationsDisabled": 1}


def user_locations_off(m: FakeMachine) -> None:
    m.registers[POLICIES + r"\Common\Security\Trusted Locations"] = {"Allow User Locations": 0}


def read_only_folder(m: FakeMachine) -> None:
    m.read_only.add(m.folder)


@pytest.mark.parametrize(
    ("fault", "found", "words"),
    [
        (old_python, ["python"], "3.11 이상"),
        (store_python, ["python", "settings"], "install.ps1"),
        (no_excel, ["excel"], "데스크톱용 엑셀"),
        (store_excel, ["excel"], "데스크톱용 Office"),
        (quarantined, ["addin", "antivirus"], "보호 기록"),
        (emptied, ["addin", "antivirus"], "보호 기록"),
        (unreadable, ["addin", "antivirus"], "검역소"),
        (marked, ["downloaded"], "Unblock-File"),
        (older_addin, ["versions"], "danggol addin install"),
        (other_xlwings, ["versions"], "xlwings 0.37.8, 파이썬은 0.38.0"),
        (no_dll, ["dll"], "xlwings==0.37.8"),
        (old_dll, ["dll"], "xlwings64-0.30.1.dll"),
        (locked_dll, ["dll"], "보호 기록"),
        (no_settings, ["settings"], "danggol addin install"),
        (python_gone, ["settings", "dll"], "old-venv"),
        (other_python, ["settings"], "같은 버전의 danggol이 없습니다"),
        (other_modules, ["settings"], "UDF MODULES"),
        (zombies, ["servers"], "taskkill /F /PID 11 /PID 12"),
        (in_onedrive, ["onedrive"], "OneDrive 밖에 설치"),
        (disabled, ["disabled"], "사용할 수 없는 항목"),
        (vba_off, ["policy"], "VBAOff"),
        (addins_off, ["policy"], "DisableAllAddins"),
        (signed_only, ["policy"], "RequireAddinSig"),
        (macros_off, ["policy", "trusted"], "VBAWarnings 4"),
        (locations_off, ["trusted"], "신뢰할 수 있는 위치"),
        (user_locations_off, ["trusted"], "전산 담당자"),
        (read_only_folder, ["folder"], "문서"),
    ],
)
def test_each_fault_is_found_and_its_cure_said(
    installed: FakeMachine, fault: Callable[[FakeMachine], None], found: list[str], words: str
) -> None:
    fault(installed)
    diagnosis = diagnose(machine=installed)
    assert [f.id for f in diagnosis.wrong] == found
    assert all(f.cure is not None for f in diagnosis.wrong)
    assert words in show_diagnosis(diagnosis)


def test_the_bridge_is_that_of_excels_word_size_not_pythons(installed: FakeMachine) -> None:
    installed.registers[CLICK_TO_RUN] = {"Platform": "x86"}
    assert finding(installed, "dll").message.params["name"] == "xlwings32-0.37.8.dll"
    assert finding(installed, "bits").status == "ok"


@pytest.mark.parametrize(
    ("registers", "bits"),
    [
        ({r"HKLM\Software\Microsoft\Office\16.0\Outlook": {"Bitness": "x86"}}, 32),
        ({r"HKLM\Software\Microsoft\Office\16.0\Outlook": {"Bitness": "x64"}}, 64),
        ({}, 0),
    ],
)
def test_an_office_from_an_msi_is_known_by_its_install_root(registers: dict, bits: int) -> None:
    machine = FakeMachine("windows")
    root = r"HKLM\Software\Microsoft\Office\16.0\Excel\InstallRoot"
    machine.registers |= {root: {"Path": r"C:\Program Files\Microsoft Office\Office16"}, **registers}
    office = places.find_office(machine)
    assert office is not None
    assert (office.edition, office.bits) == ("msi", bits)


def test_what_can_t_be_told_is_no_fault(installed: FakeMachine) -> None:
    installed.running = None
    installed.registers[CLICK_TO_RUN] = {"Platform": "arm64"}
    del installed.registers[TRUSTED + r"\Location2"]
    diagnosis = diagnose(machine=installed)
    assert diagnosis.ok
    assert {f.id for f in diagnosis.findings if f.status == "unknown"} == {"servers", "bits", "trusted", "libreoffice"}


def test_servers_in_use_are_no_zombies(installed: FakeMachine) -> None:
    zombies(installed)
    assert installed.running is not None
    installed.running.append(Process(9, 1, r"EXCEL.EXE C:\Office16\EXCEL.EXE /automation"))
    assert finding(installed, "servers").status == "ok"


def test_signed_only_macros_spare_the_trusted_startup_folder(installed: FakeMachine) -> None:
    installed.registers[POLICIES + r"\Excel\Security"] = {"VBAWarnings": 3, "BlockContentExecutionFromInternet": 1}
    assert wrong(installed) == []


def test_with_libreoffice_a_missing_excel_is_no_fault() -> None:
    machine = FakeMachine("windows")
    machine.files[r"C:\Program Files\LibreOffice\program\soffice.com"] = b""
    machine.files[r"C:\Program Files\LibreOffice\program\python-core-3.11.9\bin\python.exe"] = b""
    assert wrong(machine) == []
    assert finding(machine, "calc_python").status == "ok"


def test_another_python_in_libreoffice_is_said_with_what_it_costs() -> None:
    machine = linux()
    machine.files["/usr/lib/libreoffice/program/soffice"] = b""
    machine.answers["/usr/bin/python3"] = Ran(0, "3.9\n")
    found = finding(machine, "calc_python")
    assert (found.status, found.message.params["calc"]) == ("unknown", "3.9")


def test_the_extension_in_the_users_profile_is_seen() -> None:
    machine = linux()
    machine.files["/usr/lib/libreoffice/program/soffice"] = b""
    cache = "/home/kim/.config/libreoffice/4/user/uno_packages/cache"
    machine.files[f"{cache}/uno_packages/lu1.tmp_/danggol.oxt/description.xml"] = b"left over from before"
    assert finding(machine, "extension").status == "unknown"
    machine.files[f"{cache}/uno_packages.pmap"] = b"Pmp1\xfforg.danggol.calc\nlu12.tmp\xffdanggol.oxt\n"
    assert finding(machine, "extension").status == "ok"


@pytest.mark.parametrize(
    ("packages", "note", "said"),
    [
        (("numpy", "polars", "rapidfuzz", "xlwings"), True, "ok"),
        (("numpy", "xlwings"), True, "gone"),
        ((), True, "gone"),
        (("numpy", "polars", "rapidfuzz", "xlwings"), False, "none"),
    ],
)
def test_packages_libreoffice_can_t_find_any_more_are_said_with_the_cure(
    packages: tuple[str, ...], note: bool, said: str
) -> None:
    machine = linux()
    machine.files["/usr/lib/libreoffice/program/soffice"] = b""
    machine.answers["/usr/bin/python3"] = Ran(0, "3.11\n")
    assert check_calc_packages(machine) is None, "nobody put the extension in"
    cache = "/home/kim/.config/libreoffice/4/user/uno_packages/cache"
    machine.files[f"{cache}/uno_packages.pmap"] = b"org.danggol.calc"
    folder = "/home/kim/venv/lib/python3.11/site-packages"
    machine.files |= {f"{folder}/{name}/__init__.py": b"" for name in packages}
    if note:
        machine.files["/home/kim/.config/danggol/calc-python.json"] = json.dumps({"3.11": folder}).encode()
    found = finding(machine, "calc_packages")
    assert found.message.id == f"doctor.calc_packages.{said}"
    assert found.status == ("ok" if said == "ok" else "bad")


def test_the_note_of_the_packages_is_looked_for_where_an_install_writes_it() -> None:
    from addin.actions.machine.libreoffice import packages_folder
    from addin.actions.machine.real import RealMachine
    from addin.hosts.calc import site

    site.remember_site()
    assert os.path.isdir(os.path.join(packages_folder(RealMachine(), site.version()), "polars"))


@pytest.mark.parametrize(
    "where", ["https://acme-my.sharepoint.com/x/파트너.xlsx", r"C:\Users\kim\OneDrive\파트너.xlsx"]
)
def test_a_book_in_onedrive_is_said_but_is_no_fault(installed: FakeMachine, where: str) -> None:
    installed.variables["OneDrive"] = r"C:\Users\kim\OneDrive"
    diagnosis = diagnose(where, installed)
    assert diagnosis.findings[-1].id == "book"
    assert diagnosis.findings[-1].status == "unknown"
    assert diagnosis.ok


def test_one_line_a_check_and_one_the_cure(installed: FakeMachine) -> None:
    no_dll(installed)
    diagnosis = diagnose(machine=installed)
    lines = show_diagnosis(diagnosis).splitlines()
    checks = [line for line in lines if line[:2] in ("✓ ", "✗ ", "– ")]
    cures = [line for line in lines if line.startswith("   → ")]
    assert len(checks) == len(diagnosis.findings)
    assert len(cures) == sum(f.cure is not None for f in diagnosis.findings)
    assert lines[-1].startswith("고칠 것이 1가지")


def test_json_says_status_message_and_cure(installed: FakeMachine) -> None:
    no_dll(installed)
    use_language("en")
    told = diagnose(machine=installed).to_json()
    assert told["ok"] is False
    assert {"id", "status", "message", "cure"} == set(told["checks"][0])
    (dll,) = [c for c in told["checks"] if c["id"] == "dll"]
    assert dll["status"] == "bad"
    assert "pip install" in dll["cure"]


def test_a_check_that_breaks_is_a_line_not_a_crash(monkeypatch: pytest.MonkeyPatch, installed: FakeMachine) -> None:
    def check_broken(_machine: FakeMachine) -> Finding:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("addin.actions.doctor.CHECKS", (check_broken, *CHECKS))
    diagnosis = diagnose(machine=installed)
    assert diagnosis.findings[0].status == "unknown"
    assert "ZeroDivisionError: oops" in show_diagnosis(diagnosis)
    assert diagnosis.ok


def test_this_very_computer_can_be_diagnosed() -> None:
    diagnosis = diagnose()
    assert {f.id for f in diagnosis.findings} >= {"python", "folder", "libreoffice"}
    assert not any(f.message.id == "doctor.failed" for f in diagnosis.findings)


def test_the_button_gives_the_same_text_with_the_open_book() -> None:
    class Book:
        fullname = "https://d.docs.live.net/파트너.xlsx"

    assert "https://d.docs.live.net/파트너.xlsx" in diagnose_open(Book())
    assert "✓" in diagnose_open(None)


def test_every_sentence_is_in_both_languages(installed: FakeMachine) -> None:
    seen = Diagnosis(diagnose(machine=installed).findings)
    ids = [seen.summary.id, *(m.id for f in seen.findings for m in (f.message, f.cure) if m)]
    assert [i for i in ids for lang in LANGUAGES if not known(i, lang)] == []


_FAULTS = [
    old_python, store_python, no_excel, store_excel, emptied, unreadable, marked, older_addin, other_xlwings,
    locked_dll, other_modules, zombies, in_onedrive, disabled, vba_off, macros_off, read_only_folder,
]  # fmt: skip


@examples(max_examples=25)
@given(faults=st.lists(st.sampled_from(_FAULTS), max_size=6), junk=st.binary(max_size=30))
def test_no_mix_of_faults_breaks_a_check(
    faults: list[Callable[[FakeMachine], None]], junk: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    machine = with_addin(windows(), tmp_path_factory.getbasetemp())
    machine.files[places.conf_file(machine)] = junk
    machine.files[machine.join(machine.data, "excel-addin.json")] = junk
    for fault in faults:
        fault(machine)
    assert not any(f.message.id == "doctor.failed" for f in diagnose(machine=machine).findings)
