"""Checks of Python itself and of the folder one works in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.actions.doctor.finding import Finding, bad, ok
from addin.actions.machine.places import is_store
from addin.crm.message import msg

if TYPE_CHECKING:
    from addin.actions.machine.port import Machine

OLDEST = (3, 11)


def check_python(machine: Machine) -> Finding:
    r"""Python 3.11 or newer, and not the Microsoft Store's.

    Windows redirects what a Store program writes under ``AppData``: Excel would never see the add-in.
    """
    python = machine.python
    version = ".".join(str(n) for n in python.version)
    if python.version[:2] < OLDEST:
        return bad("python", msg("doctor.python.old", version=version), msg("doctor.python.old.cure"))
    if machine.system == "windows" and (
        is_store(python.executable) or "pythonsoftwarefoundation" in python.prefix.lower()
    ):
        return bad("python", msg("doctor.python.store", path=python.executable), msg("doctor.python.store.cure"))
    return ok("python", msg("doctor.python.ok", version=version, bits=python.bits, path=python.executable))


def check_folder(machine: Machine) -> Finding:
    """A file can be made in the current folder: danggol writes beside the book (copies, journal)."""
    if machine.writable(machine.folder):
        return ok("folder", msg("doctor.folder.ok", path=machine.folder))
    return bad("folder", msg("doctor.folder.bad", path=machine.folder), msg("doctor.folder.cure"))
