"""Checks of Excel, our add-in in it, and the bridge to Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.actions.doctor.finding import Finding, bad, ok, unknown
from addin.actions.machine import conf, places
from addin.actions.machine.libreoffice import find_libreoffice
from addin.actions.machine.stamp import stamp_of
from addin.crm.message import msg

if TYPE_CHECKING:
    from addin.actions.machine.port import Machine, Process

_ASK = "from importlib.metadata import version; print(version('danggol'), version('xlwings'))"


def check_excel(machine: Machine) -> Finding | None:
    """Excel is here, and no Store edition (whose sandbox keeps outside programs away)."""
    if machine.system == "linux":
        return None
    office = places.find_office(machine)
    if office is None:
        if find_libreoffice(machine) is not None:
            return unknown("excel", msg("doctor.excel.none"), msg("doctor.excel.calc"))
        return bad("excel", msg("doctor.excel.none"), msg("doctor.excel.none.cure"))
    if office.edition == "store":
        return bad("excel", msg("doctor.excel.store"), msg("doctor.excel.store.cure"))
    return ok("excel", msg("doctor.excel.ok", version=office.version or office.major, path=office.program))


def check_bits(machine: Machine) -> Finding | None:
    """Word sizes: Excel's decides which bridge is loaded; Python runs beside it and may differ."""
    office = places.find_office(machine)
    if machine.system != "windows" or office is None:
        return None
    if office.arm:
        return unknown("bits", msg("doctor.bits.arm"), msg("doctor.bits.arm.cure"))
    if not office.bits:
        return unknown("bits", msg("doctor.bits.unknown"), msg("doctor.bits.unknown.cure"))
    return ok("bits", msg("doctor.bits.ok", excel=office.bits, python=machine.python.bits))


def check_addin(machine: Machine) -> Finding | None:
    """Our add-in is in the startup folder, and is ours."""
    if machine.system == "linux":
        return None
    path = places.addin_file(machine)
    if not machine.exists(path):
        if places.find_office(machine) is None:
            return None
        return bad("addin", msg("doctor.addin.none", path=path), msg("doctor.addin.install"))
    try:
        data = machine.read(path)
    except OSError:
        return bad("addin", msg("doctor.addin.unreadable", path=path), msg("doctor.addin.unreadable.cure"))
    if stamp_of(data) is None:
        return bad("addin", msg("doctor.addin.foreign", path=path), msg("doctor.addin.install"))
    return ok("addin", msg("doctor.addin.ok", path=path))


def check_versions(machine: Machine) -> Finding | None:
    """The add-in was built by the danggol and the xlwings of this Python; mixed versions don't talk."""
    if machine.system == "linux":
        return None
    try:
        stamp = stamp_of(machine.read(places.addin_file(machine)))
    except OSError:
        return None  # said by the check of the add-in itself
    if stamp is None:
        return None
    ours, bridge = machine.package("danggol"), machine.package("xlwings")
    if stamp.danggol != ours:
        message = msg("doctor.versions.danggol", addin=stamp.danggol or "?", package=ours)
        return bad("versions", message, msg("doctor.addin.reinstall"))
    if stamp.xlwings != bridge:
        message = msg("doctor.versions.xlwings", addin=stamp.xlwings or "?", package=bridge)
        return bad("versions", message, msg("doctor.addin.reinstall"))
    return ok("versions", msg("doctor.versions.ok", danggol=ours, xlwings=bridge))


def check_settings(machine: Machine) -> Finding | None:
    """The settings file names a Python that is there and has this danggol."""
    if machine.system == "linux" or not machine.exists(places.addin_file(machine)):
        return None
    path = places.conf_file(machine)
    try:
        settings = conf.read_settings(conf.decode(machine, machine.read(path)))
    except FileNotFoundError:
        return bad("settings", msg("doctor.settings.none", path=path), msg("doctor.addin.reinstall"))
    except OSError:
        return bad("settings", msg("doctor.settings.unreadable", path=path), msg("doctor.addin.unreadable.cure"))
    python = conf.expanded(machine, settings.get(conf.interpreter_key(machine), ""))
    if not python or not machine.exists(python):
        return bad("settings", msg("doctor.settings.python", path=python or "–"), msg("doctor.addin.reinstall"))
    if conf.UDF_MODULES not in settings.get("UDF MODULES", ""):
        return bad("settings", msg("doctor.settings.modules", path=path), msg("doctor.addin.reinstall"))
    if not _same_python(machine, python):
        ran = machine.run(python, "-c", _ASK)
        wanted = [machine.package("danggol"), machine.package("xlwings")]
        if ran.code != 0 or ran.text.split() != wanted:
            return bad("settings", msg("doctor.settings.other", path=python), msg("doctor.addin.reinstall"))
    return ok("settings", msg("doctor.settings.ok", python=python))


def check_dll(machine: Machine) -> Finding | None:
    """xlwings' bridge for Excel's word size lies beside the Python that Excel starts (xlwings.bas, ``XLPyLoadDLL``)."""
    office = places.find_office(machine)
    if machine.system != "windows" or office is None:
        return None
    folders = _bridge_folders(machine)
    name = places.dll_name(machine, office.bits or machine.python.bits)
    for folder in folders:
        path = machine.join(folder, name)
        if not machine.exists(path):
            continue
        try:
            if machine.read(path):
                return ok("dll", msg("doctor.dll.ok", name=name))
        except OSError:
            pass
        return bad("dll", msg("doctor.dll.blocked", path=path), msg("doctor.antivirus.cure", path=path))
    start = name.split("-")[0] + "-"
    others = sorted(n for f in folders for n in machine.names(f) if n.startswith(start) and n.endswith(".dll"))
    cure = msg("doctor.dll.cure", version=machine.package("xlwings"))
    if others:
        return bad("dll", msg("doctor.dll.version", found=others[0], wanted=name), cure)
    return bad("dll", msg("doctor.dll.none", name=name, path=folders[0]), cure)


def check_applescript(machine: Machine) -> Finding | None:
    """On a Mac: the script with which Excel starts Python, of this xlwings' version."""
    if machine.system != "mac" or not machine.exists(places.addin_file(machine)):
        return None
    path = places.applescript_file(machine)
    if machine.exists(path):
        return ok("applescript", msg("doctor.applescript.ok"))
    return bad("applescript", msg("doctor.applescript.none", path=path), msg("doctor.addin.reinstall"))


def check_servers(machine: Machine) -> Finding | None:
    """No Python servers of xlwings left over from an Excel that is gone."""
    if machine.system != "windows":
        return None
    running = machine.processes()
    if running is None:
        return unknown("servers", msg("doctor.servers.unknown"))
    servers = [p for p in running if _is_server(p)]
    pids = {p.pid for p in servers}
    # A venv's python.exe starts the real one as its child: the two are one server.
    heads = [p for p in servers if p.parent not in pids]
    excels = sum("excel.exe" in p.command.lower() and not _is_server(p) for p in running)
    left = len(heads) - excels
    if left <= 0:
        return ok("servers", msg("doctor.servers.ok", count=len(heads)))
    if excels:
        return bad("servers", msg("doctor.servers.many", count=left), msg("doctor.servers.close"))
    kill = "taskkill /F " + " ".join(f"/PID {pid}" for pid in sorted(pids))
    return bad("servers", msg("doctor.servers.many", count=left), msg("doctor.servers.kill", command=kill))


def _is_server(process: Process) -> bool:
    command = process.command.lower()
    return "python" in command and "xlwings" in command and "serve(" in command and "cmd.exe" not in command


def _bridge_folders(machine: Machine) -> list[str]:
    python = machine.python.executable
    try:
        settings = conf.read_settings(conf.decode(machine, machine.read(places.conf_file(machine))))
        python = conf.expanded(machine, settings.get(conf.interpreter_key(machine), "")) or python
    except OSError:
        pass  # no settings yet: the Python we run in is the one an install would write
    return [machine.parent(python), machine.parent(machine.parent(python))]


def _same_python(machine: Machine, python: str) -> bool:
    return machine.path(machine.parent(python)) == machine.path(machine.parent(machine.python.executable))
