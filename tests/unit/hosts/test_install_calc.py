"""The LibreOffice extension goes in and out through LibreOffice's own tool, for the user who works with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.actions.machine.libreoffice import IDENTIFIER, find_libreoffice
from addin.actions.machine.port import Ran
from addin.errors import DanggolError, UsageError
from addin.hosts.calc import oxt as extension
from addin.hosts.install import install_addin, show_changed, uninstall_addin
from tests.unit.hosts.machines import linux, mac, windows

if TYPE_CHECKING:
    from pathlib import Path

    from addin.actions.machine.fake import FakeMachine

SOFFICE = {
    "windows": r"C:\Program Files\LibreOffice\program\soffice.com",
    "mac": "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "linux": "/usr/lib/libreoffice/program/soffice",
}


@pytest.fixture
def oxt(tmp_path: Path) -> Path:
    path = tmp_path / "danggol.oxt"
    path.write_bytes(b"PK")
    return path


def with_calc(machine: FakeMachine, unopkg: Ran, listed: str = "") -> str:
    """LibreOffice in its usual place; the path of its unopkg."""
    machine.files[SOFFICE[machine.system]] = b""
    office = find_libreoffice(machine)
    assert office is not None
    machine.answers[office.unopkg] = lambda command: Ran(0, listed) if command[1] == "list" else unopkg
    return office.unopkg


@pytest.mark.parametrize("make", [windows, mac, linux])
def test_unopkg_is_found_on_every_system_and_told_to_add_the_extension(make, oxt: Path) -> None:
    machine = make()
    unopkg = with_calc(machine, Ran(0, ""))
    text = show_changed(install_addin("calc", oxt, machine))
    assert machine.commands[0] == (unopkg, "add", "--force", "--suppress-license", str(oxt))
    assert "설치했습니다" in text


def test_the_folder_of_our_packages_is_noted_for_libreoffice_and_forgotten_again(oxt: Path) -> None:
    from addin.hosts.calc import site

    machine = linux()
    with_calc(machine, Ran(0, ""), listed=f"Identifier: {IDENTIFIER}")
    install_addin("calc", oxt, machine)
    assert list(site.noted()) == [site.version()]
    uninstall_addin("calc", machine)
    assert site.noted() == {}


def test_an_uninstall_takes_the_extension_out_by_its_identifier() -> None:
    machine = linux()
    unopkg = with_calc(machine, Ran(0, ""), listed=f"Identifier: {IDENTIFIER}\n  Version: 0.1.0")
    uninstall_addin("calc", machine)
    assert machine.commands[-1] == (unopkg, "remove", IDENTIFIER)


def test_where_the_extension_is_not_installed_an_uninstall_says_so() -> None:
    machine = linux()
    with_calc(machine, Ran(0, ""))
    assert "지울 것이 없습니다" in show_changed(uninstall_addin("calc", machine))


def test_root_is_told_to_do_it_as_the_user(oxt: Path) -> None:
    machine = linux()
    with_calc(machine, Ran(0, ""))
    machine.root = True
    with pytest.raises(UsageError, match="쓰는 사람의 계정"):
        install_addin("calc", oxt, machine)
    assert machine.commands == []


def test_without_libreoffice_the_cure_is_said(oxt: Path) -> None:
    with pytest.raises(DanggolError, match=r"libreoffice\.org"):
        install_addin("calc", oxt, linux())


def test_what_unopkg_says_is_passed_on(oxt: Path) -> None:
    machine = linux()
    said = "Copying: x\nERROR: unopkg cannot be started. The lock file is at:\n/home/kim/.lock\nERROR: unopkg failed.\n"
    with_calc(machine, Ran(1, said))
    with pytest.raises(DanggolError, match=r": unopkg cannot be started\. The lock file is at: /home/kim/\.lock\. "):
        install_addin("calc", oxt, machine)


def test_while_libreoffice_keeps_its_extensions_locked_nobody_is_told_that_nothing_is_installed() -> None:
    machine = linux()
    unopkg = with_calc(machine, Ran(0, ""))
    machine.answers[unopkg] = Ran(1, "ERROR: unopkg cannot be started. The lock file indicates it is already running.")
    with pytest.raises(DanggolError, match="already running"):
        uninstall_addin("calc", machine)


def test_a_missing_extension_file_is_a_usage_error(tmp_path: Path) -> None:
    machine = linux()
    with_calc(machine, Ran(0, ""))
    with pytest.raises(UsageError, match=r"none\.oxt"):
        install_addin("calc", tmp_path / "none.oxt", machine)


def test_the_extension_is_known_by_the_name_it_is_built_with() -> None:
    assert extension.IDENTIFIER == IDENTIFIER
