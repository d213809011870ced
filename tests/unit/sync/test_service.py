"""The service files people read before they switch them on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from addin.errors import UsageError
from sheets_sync.service import install_service, service_file
from tests.programs import program

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG = Path("/srv/우리 팀/sync 100%.toml")
SYSTEMS = {"linux": "/usr/bin/python3", "win32": r"C:\Program Files\Python\python.exe", "darwin": "/usr/bin/python3"}


@pytest.mark.skipif(os.name == "nt", reason="Windows puts its drive before the path of the golden")
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_file_of_each_system(system: str, golden: Callable[[str, str], None]) -> None:
    made = service_file(CONFIG, system, SYSTEMS[system], r"사무실\김 대리")
    golden(f"sync/service_{system}.txt", f"{made.name}\n{made.on}\n{made.off}\n\n{made.text}")


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_names_with_signs_stay_well_formed(system: str) -> None:
    made = service_file(Path("/srv/a & b <c>/sync.toml"), system)
    text = "".join(ET.fromstring(made.text.encode(made.encoding)).itertext())
    assert "a & b <c>" in text


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    config = tmp_path / "우리 팀" / 'sync 100% $x "y".toml'
    config.parent.mkdir()
    unit = tmp_path / "danggol-sync.service"
    unit.write_text(service_file(config, "linux", "/bin/true").text, "utf-8")
    command = [program("systemd-analyze"), "verify", "--user", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "danggol-sync.service" not in done.stderr, done.stderr


def test_on_windows_only_the_logon_of_who_installed_it_starts_it_which_needs_no_administrator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USERDOMAIN", "OFFICE")
    monkeypatch.setenv("USERNAME", "김&이")
    task = ET.fromstring(install_service(tmp_path / "sync.toml", "win32").text.encode("utf-16"))
    names = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    whose = [task.findtext(f".//t:{place}/t:UserId", None, names) for place in ("LogonTrigger", "Principal")]
    assert whose == [r"OFFICE\김&이"] * 2


def test_a_system_without_a_service_says_what_to_do_instead() -> None:
    with pytest.raises(UsageError) as error:
        service_file(CONFIG, "aix")
    assert "--watch" in str(error.value)


def test_the_file_lies_beside_the_configuration_and_another_one_is_not_touched(tmp_path: Path) -> None:
    config = tmp_path / "sync.toml"
    made = install_service(config, "win32")
    path = tmp_path / made.name
    assert path.read_bytes().decode("utf-16") == made.text
    assert install_service(config, "win32") == made, "the same again is no harm"
    path.write_text("mine")
    with pytest.raises(UsageError):
        install_service(config, "win32")
    assert path.read_text() == "mine"
