"""``danggol addin build``, ``install`` and ``uninstall``: one door for both hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.actions.doctor.finding import SYMBOLS
from addin.errors import UsageError
from addin.i18n import say

if TYPE_CHECKING:
    from pathlib import Path

    from addin.actions.machine.port import Machine
    from addin.hosts.excel.install import Changed

HOSTS = ("excel", "calc")


def build_addin(host: str | None, out: Path) -> Path:
    """Make danggol.xlam (``host`` excel, the default) or danggol.oxt (calc) in a folder; the same bytes each time."""
    if _host(host) == "calc":
        from addin.hosts.calc.oxt import build_oxt

        return build_oxt(out)
    from addin.hosts.excel.xlam import build_xlam

    return build_xlam(out)


def install_addin(host: str | None = None, source: Path | None = None, machine: Machine | None = None) -> Changed:
    """Install for this user: ``host`` excel (the default) or calc; ``source`` a built .xlam or .oxt, else built now.

    Raises `UsageError` (exit 2) for an unknown host, or Excel on Linux; `DanggolError` where it can't be done.
    """
    machine = machine or _this()
    if _host(host) == "calc":
        from addin.hosts.calc.install import install_calc

        return install_calc(machine, source)
    from addin.hosts.excel.install import install_excel

    return install_excel(machine, source)


def uninstall_addin(host: str | None = None, machine: Machine | None = None) -> Changed:
    """Take away what `install_addin` wrote, and put back what it found."""
    machine = machine or _this()
    if _host(host) == "calc":
        from addin.hosts.calc.install import uninstall_calc

        return uninstall_calc(machine)
    from addin.hosts.excel.install import uninstall_excel

    return uninstall_excel(machine)


def show_changed(changed: Changed) -> str:
    """What was done, and below it what is still wrong or unknown, each with its cure."""
    lines = [say(message) for message in changed.done]
    for finding in changed.findings:
        if finding.status != "ok":
            lines.append(f"{SYMBOLS[finding.status]} {say(finding.message)}")
            lines += [f"   → {say(finding.cure)}"] if finding.cure else []
    return "\n".join(lines) + "\n"


def _host(host: str | None) -> str:
    chosen = host or HOSTS[0]
    if chosen not in HOSTS:
        raise UsageError("addin.bad_host", value=chosen, known=", ".join(HOSTS))
    return chosen


def _this() -> Machine:
    from addin.actions.machine.real import RealMachine

    return RealMachine()
