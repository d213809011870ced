"""The machine port: the real one and the one in memory behave alike."""

from __future__ import annotations

import os
import sys
import types
from typing import TYPE_CHECKING, Self

import pytest

from addin.actions.machine.fake import FakeMachine
from addin.actions.machine.port import NOT_STARTED, Machine, Ran
from addin.actions.machine.real import RealMachine
from tests.programs import program

if TYPE_CHECKING:
    from pathlib import Path

BOTH = [RealMachine, lambda: FakeMachine("linux")]


@pytest.fixture(params=BOTH, ids=["real", "fake"])
def machine(request: pytest.FixtureRequest) -> Machine:
    return request.param()  # type: ignore[no-any-return]


def test_what_is_written_is_there_with_its_folders(machine: Machine, tmp_path: Path) -> None:
    path = machine.join(str(tmp_path), "새 폴더", "a.txt")
    machine.write(path, b"1")
    machine.write(path, b"2")
    assert machine.read(path) == b"2"
    assert machine.exists(path)
    assert machine.exists(machine.parent(path))
    assert machine.names(machine.parent(path)) == ["a.txt"]


def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_error(machine: Machine, tmp_path: Path) -> None:
    path = machine.join(str(tmp_path), "a.txt")
    machine.write(path, b"1")
    machine.delete(path)
    machine.delete(path)
    assert not machine.exists(path)
    with pytest.raises(FileNotFoundError):
        machine.read(path)


def test_a_question_about_what_isn_t_there_is_answered_with_nothing(machine: Machine, tmp_path: Path) -> None:
    assert machine.names(str(tmp_path / "none")) == []
    assert machine.env("DANGGOL_NO_SUCH_VARIABLE") == ""
    assert machine.package("no-such-distribution-xyz") == ""
    assert machine.registry(r"HKCU\Software\None") == {}
    assert machine.subkeys(r"HKCU\Software\None") == []
    assert machine.run("no-such-program-xyz").code == NOT_STARTED


def test_a_folder_that_isn_t_there_can_t_be_written() -> None:
    assert not RealMachine().writable("/no/such/folder")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def refuse(_source: str, _target: str) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        RealMachine().write(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_program_is_run_and_one_that_hangs_is_ended() -> None:
    machine = RealMachine()
    assert machine.run(sys.executable, "-c", "print('되네')") == Ran(0, "되네\n")
    assert machine.run(sys.executable, "-c", "import time; time.sleep(30)", timeout=0.5).code == NOT_STARTED


@pytest.mark.skipif(sys.platform == "win32", reason="there LibreOffice brings its own Python")
def test_a_program_sees_nothing_of_an_activated_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    python = sys.executable
    monkeypatch.setattr(sys, "executable", "/home/kim/venv/bin/python")
    monkeypatch.setenv("PATH", f"/home/kim/venv/bin{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("VIRTUAL_ENV", "/home/kim/venv")
    monkeypatch.setenv("PYTHONPATH", "/home/kim/src")
    ask = "import os; print(*(os.environ.get(n) for n in ('PATH', 'VIRTUAL_ENV', 'PYTHONPATH')))"
    assert RealMachine().run(python, "-c", ask) == Ran(0, f"/usr/bin{os.pathsep}/bin None None\n")
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    assert RealMachine().run(python, "-c", ask).text.startswith("/home/kim/venv/bin"), "only our own Python's"


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows the list comes from PowerShell")
def test_the_running_programs_include_this_one() -> None:
    program("ps")
    found = RealMachine().processes()
    assert found is not None
    assert os.getpid() in {p.pid for p in found}


def test_windows_paths_and_registry_keys_know_no_case() -> None:
    machine = FakeMachine("windows")
    machine.write(r"C:\Users\Kim\A.txt", b"1")
    assert machine.read(r"c:\users\kim\a.TXT") == b"1"
    machine.registers[r"HKCU\Software\Danggol\Sub"] = {"Value": 1}
    assert machine.registry(r"hkcu\software\DANGGOL\sub") == {"value": 1}
    assert machine.subkeys(r"HKCU\Software\danggol") == ["Sub"]


@pytest.mark.parametrize(
    ("path", "folder", "inside"),
    [
        (r"C:\Users\kim\OneDrive\a.xlsx", r"c:\users\kim\onedrive", True),
        (r"C:\Users\kim\OneDriveX\a.xlsx", r"C:\Users\kim\OneDrive", False),
        (r"C:\a.xlsx", "", False),
    ],
)
def test_a_path_is_inside_a_folder_by_whole_names(path: str, folder: str, inside: bool) -> None:
    assert FakeMachine("windows").under(path, folder) is inside


class Registry(types.ModuleType):
    """A `winreg` with the calls we make: (root, key, view) → values."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, KEY_READ, KEY_WOW64_32KEY, KEY_WOW64_64KEY = 1, 2, 0x20019, 0x200, 0x100

    def __init__(self, keys: dict[tuple[int, str, int], dict[str, object]]) -> None:
        super().__init__("winreg")
        self.keys = keys

    def OpenKey(self, root: int, key: str, _reserved: int, access: int) -> Registry:
        self.at = (root, key, access & 0x300)
        if self.at not in self.keys and not self.EnumKeys():
            raise FileNotFoundError(key)
        return self

    def EnumKeys(self) -> list[str]:
        root, key, view = self.at
        return [
            k[1][len(key) + 1 :] for k in self.keys if k[0] == root and k[2] == view and k[1].startswith(key + "\\")
        ]

    def QueryInfoKey(self, _key: Registry) -> tuple[int, int, int]:
        return len(self.EnumKeys()), len(self.keys.get(self.at, {})), 0

    def EnumValue(self, _key: Registry, index: int) -> tuple[str, object, int]:
        return (*list(self.keys[self.at].items())[index], 1)

    def EnumKey(self, _key: Registry, index: int) -> str:
        return self.EnumKeys()[index]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


def test_both_views_of_the_windows_registry_are_read_and_the_64_bit_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = RealMachine()
    office = r"Software\Microsoft\Office"
    keys = {
        (2, office, 0x200): {"Only32": "a", "Both": "32", "List": ["REG_MULTI_SZ"]},
        (2, office, 0x100): {"Both": "64", "Number": 4, "Raw": b"\x01"},
        (1, office + r"\16.0", 0x100): {},
    }
    monkeypatch.setitem(sys.modules, "winreg", Registry(keys))
    monkeypatch.setattr(sys, "platform", "win32")
    assert machine.registry(rf"HKLM\{office}") == {"only32": "a", "both": "64", "number": 4, "raw": b"\x01"}
    assert machine.registry(rf"HKCU\{office}\15.0") == {}
    assert machine.subkeys(rf"HKCU\{office}") == ["16.0"]
