"""Put the LibreOffice extension in for this user through LibreOffice's own ``unopkg``, and take it out again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from addin.actions.doctor import calc, run_check
from addin.actions.machine.libreoffice import IDENTIFIER, LibreOffice, find_libreoffice
from addin.crm.message import msg
from addin.errors import DanggolError, UsageError
from addin.hosts.calc import site
from addin.hosts.excel.install import Changed

if TYPE_CHECKING:
    from addin.actions.machine.port import Machine, Ran

TIMEOUT = 120
_ERROR = "ERROR:"
_LONG = 400
_AFTER = (calc.check_libreoffice, calc.check_calc_python, calc.check_extension, calc.check_calc_packages)


def install_calc(machine: Machine, source: Path | None = None) -> Changed:
    """Install the extension for this user: ``source``, or one built now; an older one is replaced.

    Where this Python keeps its packages is noted, for LibreOffice's own Python to find them.

    Raises `DanggolError` where LibreOffice is missing or refuses, `UsageError` as root, which unopkg refuses.
    """
    office = _office(machine)
    if source is None:
        from addin.hosts.calc.oxt import build_oxt

        with tempfile.TemporaryDirectory() as folder:
            _add(machine, office, build_oxt(Path(folder)))
    elif source.exists():
        _add(machine, office, source)
    else:
        raise UsageError("addin.no_such_file", where=str(source))
    try:
        site.remember_site()
    except OSError as error:
        raise DanggolError("addin.locked", where=str(site.config_file()), error=type(error).__name__) from error
    found = [run_check(check, machine) for check in _AFTER]
    done = (msg("addin.calc_installed"), msg("addin.restart_calc"))
    return Changed(done, tuple(f for f in found if f is not None))


def uninstall_calc(machine: Machine) -> Changed:
    """Take the extension out of this user's LibreOffice; where it isn't in, that is said."""
    office = _office(machine)
    if IDENTIFIER not in _unopkg(machine, office, "list").text:
        return Changed((msg("addin.nothing_to_remove"),))
    _unopkg(machine, office, "remove", IDENTIFIER)
    site.forget_site()
    return Changed((msg("addin.calc_removed"), msg("addin.restart_calc")))


def _office(machine: Machine) -> LibreOffice:
    if machine.root:
        raise UsageError("addin.calc_as_root")
    office = find_libreoffice(machine)
    if office is None:
        raise DanggolError("addin.no_libreoffice")
    return office


def _add(machine: Machine, office: LibreOffice, extension: Path) -> None:
    _unopkg(machine, office, "add", "--force", "--suppress-license", str(extension))


def _unopkg(machine: Machine, office: LibreOffice, *words: str) -> Ran:
    ran = machine.run(office.unopkg, *words, timeout=TIMEOUT)
    if ran.code != 0:
        raise DanggolError("addin.unopkg_failed", said=_said(ran))
    return ran


def _said(ran: Ran) -> str:
    """What unopkg complains of: from its first ERROR on, without the last, which only says that it failed."""
    lines = [line.strip() for line in ran.text.splitlines() if line.strip()]
    first = next((n for n, line in enumerate(lines) if line.startswith(_ERROR)), 0)
    told = [line.removeprefix(_ERROR).strip() for line in lines[first:] if not line.endswith("unopkg failed.")]
    return " ".join(told).rstrip(".")[:_LONG] or str(ran.code)
