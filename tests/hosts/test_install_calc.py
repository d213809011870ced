"""``danggol addin install --host calc`` on a real LibreOffice: in, seen by the diagnosis, and out again."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from addin.actions.doctor import diagnose
from addin.actions.machine.real import RealMachine
from addin.hosts.calc.oxt import build_oxt
from addin.hosts.install import install_addin, show_changed, uninstall_addin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.actions.machine.port import Ran


class Clerk(RealMachine):
    """This computer as somebody with an empty home sees it; as root, the programs are run as nobody."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self.home = str(home)
        self.before = ["env", f"HOME={home}", f"XDG_CONFIG_HOME={home}/.config"]
        if self.root:
            self.before = ["runuser", "-u", "nobody", "--", *self.before]
        self.root = False

    def env(self, name: str) -> str:
        """No configuration folder but the one in the home."""
        return "" if name == "XDG_CONFIG_HOME" else super().env(name)

    def run(self, *command: str, timeout: float = 20) -> Ran:
        """Run as the clerk."""
        return super().run(*self.before, *command, timeout=timeout)


def activate(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``source venv/bin/activate``, with the system's Python in it."""
    system = "/usr/bin/python3"
    if not os.path.exists(system):
        return  # LibreOffice brings its own
    (venv / "bin").mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n", "utf-8")
    (venv / "bin" / "python3").symlink_to(system)
    monkeypatch.setattr(sys, "executable", str(venv / "bin" / "python3"))
    monkeypatch.setenv("PATH", f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def clerk(soffice: str) -> Iterator[Clerk]:
    home = Path(tempfile.mkdtemp(prefix="danggol-clerk-"))
    home.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(home, "nobody")
    yield Clerk(home)
    shutil.rmtree(home, ignore_errors=True)


def status(machine: Clerk) -> dict[str, str]:
    return {f.id: f.status for f in diagnose(machine=machine).findings}


def test_from_an_activated_environment_the_extension_goes_in_is_seen_and_comes_out(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    activate(Path(clerk.home) / "venv", monkeypatch)
    assert status(clerk)["extension"] == "unknown"
    extension = build_oxt(Path(clerk.home) / "danggol.oxt")
    for _ in range(2):  # a second install replaces the first
        changed = install_addin("calc", extension, clerk)
        assert changed.ok, show_changed(changed)
        assert status(clerk)["extension"] == "ok"
    uninstall_addin("calc", clerk)
    assert status(clerk)["extension"] == "unknown"
    assert "지울 것이 없습니다" in show_changed(uninstall_addin("calc", clerk))
