"""Checks of LibreOffice and our extension in it. Nobody needs it who has Excel: what is missing is no fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.actions.doctor.finding import Finding, bad, ok, unknown
from addin.actions.machine.libreoffice import (
    find_libreoffice,
    has_extension,
    libreoffice_python,
    libreoffice_version,
    packages_folder,
)
from addin.crm.message import msg

if TYPE_CHECKING:
    from addin.actions.machine.port import Machine

#: What the functions and the buttons need beside the standard library.
_NEEDED = ("numpy", "polars", "rapidfuzz", "xlwings")


def check_libreoffice(machine: Machine) -> Finding:
    """LibreOffice is here."""
    office = find_libreoffice(machine)
    if office is None:
        return unknown("libreoffice", msg("doctor.libreoffice.none"), msg("doctor.libreoffice.cure"))
    version = libreoffice_version(machine, office)
    return ok("libreoffice", msg("doctor.libreoffice.ok", version=version or "?", path=office.program))


def check_calc_python(machine: Machine) -> Finding | None:
    """LibreOffice has a Python with ``uno``, of our own version, so that it can use our packages."""
    office = find_libreoffice(machine)
    if office is None:
        return None
    version = libreoffice_python(machine, office)
    ours = "{}.{}".format(*machine.python.version[:2])
    if not version:
        cure = msg("doctor.calc_python.none.cure") if machine.system == "linux" else msg("doctor.calc_python.repair")
        found = unknown if not has_extension(machine) else bad
        return found("calc_python", msg("doctor.calc_python.none"), cure)
    if version != ours:
        message = msg("doctor.calc_python.other", calc=version, ours=ours)
        return unknown("calc_python", message, msg("doctor.calc_python.other.cure", calc=version))
    return ok("calc_python", msg("doctor.calc_python.ok", version=version))


def check_extension(machine: Machine) -> Finding | None:
    """Our extension is registered for this user."""
    if find_libreoffice(machine) is None:
        return None
    if has_extension(machine):
        return ok("extension", msg("doctor.extension.ok"))
    return unknown("extension", msg("doctor.extension.none"), msg("doctor.extension.cure"))


def check_calc_packages(machine: Machine) -> Finding | None:
    """The packages that our extension needs are still where the install noted them."""
    office = find_libreoffice(machine)
    if office is None or not has_extension(machine):
        return None
    version = libreoffice_python(machine, office)
    folder = packages_folder(machine, version)
    cure = msg("doctor.calc_packages.cure")
    if not folder:
        ours = "{}.{}".format(*machine.python.version[:2])
        return bad("calc_packages", msg("doctor.calc_packages.none"), cure) if version == ours else None
    missing = [name for name in _NEEDED if not machine.exists(machine.join(folder, name))]
    if missing:
        return bad("calc_packages", msg("doctor.calc_packages.gone", path=folder, names=", ".join(missing)), cure)
    return ok("calc_packages", msg("doctor.calc_packages.ok", path=folder))
