"""Checks of LibreOffice and our extension in it. Nobody needs it who has Excel: what is missing is no fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.actions.doctor.finding import Finding, bad, ok, unknown
from addin.actions.machine.libreoffice import (
    find_libreoffice,
    has_extension,
    libreoffice_python,
    libreoffice_version,
)
from addin.crm.message import msg

if TYPE_CHECKING:
    from addin.actions.machine.port import Machine


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
