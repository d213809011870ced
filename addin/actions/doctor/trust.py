r"""Checks of who may stop the add-in: antivirus, Windows' mark on downloads, OneDrive, Office's policies.

Policy values are those of Office's administrative templates (``…\Policies\Microsoft\Office\16.0\…``): VBAWarnings 3
(signed only) and 4 (none) spare trusted locations, of which XLSTART is one unless locations are switched off.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.actions.doctor.finding import Finding, bad, ok, unknown
from addin.actions.machine import places
from addin.actions.machine.receipt import load_receipt
from addin.crm.message import msg

if TYPE_CHECKING:
    from addin.actions.machine.port import Machine, Value

_ONEDRIVE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_INTERNET = 3  # zones 3 (internet) and 4 (restricted) are marked as downloaded


def check_antivirus(machine: Machine) -> Finding | None:
    """Every file an install put there still is, can be read and is not empty."""
    receipt = load_receipt(machine)
    if machine.system == "linux" or receipt is None:
        return None
    for path in receipt.files:
        cure = msg("doctor.antivirus.cure", path=path)
        if not machine.exists(path):
            return bad("antivirus", msg("doctor.antivirus.vanished", path=path), cure)
        try:
            if not machine.read(path):
                return bad("antivirus", msg("doctor.antivirus.empty", path=path), cure)
        except OSError as error:
            return bad("antivirus", msg("doctor.antivirus.unreadable", path=path, error=type(error).__name__), cure)
    return ok("antivirus", msg("doctor.antivirus.ok", count=len(receipt.files)))


def check_downloaded(machine: Machine) -> Finding | None:
    """The add-in bears no Mark-of-the-Web, with which Office blocks macros."""
    path = places.addin_file(machine)
    if machine.system != "windows" or not machine.exists(path):
        return None
    try:
        mark = machine.read(f"{path}:Zone.Identifier").decode("ascii", "replace")
    except OSError:
        return ok("downloaded", msg("doctor.downloaded.ok"))
    zone = re.search(r"ZoneId=(\d+)", mark)
    if zone and int(zone[1]) >= _INTERNET:
        return bad("downloaded", msg("doctor.downloaded.bad", path=path), msg("doctor.downloaded.cure", path=path))
    return ok("downloaded", msg("doctor.downloaded.ok"))


def check_onedrive(machine: Machine) -> Finding | None:
    """Neither Python nor the add-in lie in OneDrive, which moves files away to the cloud."""
    if machine.system == "linux":
        return None
    for path in (machine.python.executable, places.addin_file(machine)):
        if in_onedrive(machine, path):
            return bad("onedrive", msg("doctor.onedrive.bad", path=path), msg("doctor.onedrive.cure"))
    return ok("onedrive", msg("doctor.onedrive.ok"))


def check_book(machine: Machine, where: str) -> Finding:
    """Where the open book is: in OneDrive it has an address instead of a path, and is saved behind our back."""
    if where.startswith(("https://", "http://")) or in_onedrive(machine, where):
        return unknown("book", msg("doctor.book.cloud", path=where), msg("doctor.book.cure"))
    return ok("book", msg("doctor.book.ok", path=where))


def in_onedrive(machine: Machine, path: str) -> bool:
    """Whether a path is inside a folder OneDrive keeps in step."""
    roots = [machine.env(name) for name in _ONEDRIVE]
    if machine.system == "mac":
        roots.append(machine.join(machine.home, "OneDrive"))
        cloud = machine.join(machine.home, "Library", "CloudStorage")
        roots += [machine.join(cloud, n) for n in machine.names(cloud) if n.startswith("OneDrive")]
    return any(machine.under(path, root) for root in roots)


def check_policy(machine: Machine) -> Finding | None:
    """No policy of the company switches VBA or add-ins off."""
    office = places.find_office(machine)
    if machine.system != "windows" or office is None:
        return None
    common, security = _policies(machine, office.major, "Common"), _policies(machine, office.major, r"Excel\Security")
    cure = msg("doctor.policy.cure")
    if common.get("vbaoff") == 1:
        return bad("policy", msg("doctor.policy.vba_off"), cure)
    if security.get("disablealladdins") == 1:
        return bad("policy", msg("doctor.policy.addins_off"), cure)
    if security.get("requireaddinsig") == 1:
        return bad("policy", msg("doctor.policy.signed_only"), cure)
    level = security.get("vbawarnings")
    if level in (3, 4) and not _locations_trusted(machine, office.major):
        return bad("policy", msg("doctor.policy.macros_off", level=int(level or 0)), cure)
    return ok("policy", msg("doctor.policy.ok"))


def check_trusted(machine: Machine) -> Finding | None:
    """Excel trusts its startup folder, so that the add-in loads without a question."""
    office = places.find_office(machine)
    if machine.system != "windows" or office is None:
        return None
    if not _locations_trusted(machine, office.major):
        return bad(
            "trusted", msg("doctor.trusted.off"), msg("doctor.trusted.cure", path=places.startup_folder(machine))
        )
    folder = machine.path(places.startup_folder(machine))
    base = rf"HKCU\Software\Microsoft\Office\{office.major}\Excel\Security\Trusted Locations"
    for name in machine.subkeys(base):
        given = str(machine.registry(rf"{base}\{name}").get("path", ""))
        given = re.sub("%APPDATA%", lambda _: machine.env("APPDATA"), given, flags=re.IGNORECASE)
        if given and folder == machine.path(given):
            return ok("trusted", msg("doctor.trusted.ok"))
    return unknown("trusted", msg("doctor.trusted.unknown"), msg("doctor.trusted.start"))


def check_disabled(machine: Machine) -> Finding | None:
    r"""Excel has not put the add-in on its list of those that made it crash (``Resiliency\DisabledItems``)."""
    office = places.find_office(machine)
    if machine.system != "windows" or office is None:
        return None
    items = machine.registry(rf"HKCU\Software\Microsoft\Office\{office.major}\Excel\Resiliency\DisabledItems")
    name = places.ADDIN.encode("utf-16-le")
    if any(name in value.lower() for value in items.values() if isinstance(value, bytes)):
        return bad("disabled", msg("doctor.disabled.bad"), msg("doctor.disabled.cure"))
    return ok("disabled", msg("doctor.disabled.ok"))


def _policies(machine: Machine, major: str, rest: str) -> dict[str, Value]:
    key = rf"Software\Policies\Microsoft\Office\{major}\{rest}"
    return machine.registry(rf"HKLM\{key}") | machine.registry(rf"HKCU\{key}")


def _locations_trusted(machine: Machine, major: str) -> bool:
    own = machine.registry(rf"HKCU\Software\Microsoft\Office\{major}\Excel\Security\Trusted Locations")
    forced = _policies(machine, major, r"Excel\Security\Trusted Locations")
    mixed = _policies(machine, major, r"Common\Security\Trusted Locations")
    off = own.get("alllocationsdisabled") == 1 or forced.get("alllocationsdisabled") == 1
    return not off and mixed.get("allow user locations") != 0
