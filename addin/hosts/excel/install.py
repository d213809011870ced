"""Put the Excel add-in where Excel starts it, and take it away again.

Three things are written, each in one step, and noted first in a receipt so that an uninstall takes away exactly these:
the add-in in the startup folder, the settings file its VBA reads, and on a Mac the AppleScript that starts Python.
Somebody else's file of the same name is kept and put back.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from addin.actions.doctor import excel, python, run_check, trust
from addin.actions.machine import conf, places
from addin.actions.machine.receipt import Receipt, digest, load_receipt, packed, receipt_file, save_receipt, unpacked
from addin.actions.machine.stamp import stamp_of
from addin.crm.message import msg
from addin.errors import DanggolError, UsageError

if TYPE_CHECKING:
    from addin.actions.doctor.finding import Finding
    from addin.actions.machine.port import Machine
    from addin.crm.message import Message

#: What is looked at once the add-in is in place.
_AFTER = (
    python.check_python,
    excel.check_excel,
    excel.check_bits,
    excel.check_addin,
    excel.check_versions,
    excel.check_settings,
    excel.check_dll,
    excel.check_applescript,
    trust.check_antivirus,
    trust.check_policy,
)


@dataclass(frozen=True, slots=True)
class Changed:
    """What an install or uninstall did (messages, in order), and what a look at the machine then found wrong."""

    done: tuple[Message, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing found afterwards is wrong."""
        return not any(f.status == "bad" for f in self.findings)


def install_excel(machine: Machine, source: Path | None = None) -> Changed:
    """Install the add-in for this user: ``source``, or one built now. Doing it twice is doing it once.

    Raises `UsageError` where there is no Excel for the system, `DanggolError` where a file may not be written: then
    everything is as it was.
    """
    if machine.system == "linux":
        raise UsageError("addin.no_excel_here")
    files = {places.addin_file(machine): _addin(source)}
    if machine.system == "mac":
        files[places.applescript_file(machine)] = _applescript(machine)
    old = load_receipt(machine)
    path = places.conf_file(machine)
    settings = _settings(machine)
    replaced = _keep_foreign(machine, files, old)
    standing = _standing(machine, path)
    text = conf.merged("" if standing is None else conf.decode(machine, standing), settings)
    files_and_conf = files | {path: conf.encode(machine, text)}
    receipt = Receipt(
        danggol=machine.package("danggol"),
        xlwings=machine.package("xlwings"),
        files={name: digest(data) for name, data in files.items()},
        conf=path,
        settings=settings,
        conf_after=digest(files_and_conf[path]),
        conf_before=packed(_conf_before(machine, standing, old)),
        replaced=replaced,
    )
    _write_all(machine, receipt, old, files_and_conf)
    done = [msg("addin.installed", path=places.addin_file(machine)), msg("addin.settings_written", path=path)]
    done += [msg("addin.kept_foreign", path=path, kept=kept) for path, kept in replaced.items()]
    done.append(msg("addin.restart_excel" if machine.system == "windows" else "addin.restart_excel_mac"))
    found = [run_check(check, machine) for check in _AFTER]
    return Changed(tuple(done), tuple(f for f in found if f is not None))


def uninstall_excel(machine: Machine) -> Changed:
    """Take away what an install wrote, and put back what it found; what was changed since stays and is said.

    An add-in of ours without a receipt (copied there by hand) goes too. Raises `DanggolError` where Excel holds a file.
    """
    if machine.system == "linux":
        raise UsageError("addin.no_excel_here")
    receipt = load_receipt(machine)
    if receipt is None:
        path = places.addin_file(machine)
        data = _standing(machine, path)
        if data is None or stamp_of(data) is None:
            return Changed((msg("addin.nothing_to_remove"),))
        _delete(machine, path)
        return Changed((msg("addin.removed", path=path), msg("addin.restart_excel")))
    done = []
    for path, sha in receipt.files.items():
        data = _standing(machine, path)
        if data is not None and digest(data) != sha and stamp_of(data) is None:
            done.append(msg("addin.left_alone", path=path))
            continue
        if data is not None:
            _delete(machine, path)
            done.append(msg("addin.removed", path=path))
        if kept := receipt.replaced.get(path):
            _write(machine, path, _read(machine, kept))
            _delete(machine, kept)
            done.append(msg("addin.put_back", path=path))
    done += _restore_conf(machine, receipt)
    _delete(machine, receipt_file(machine))
    return Changed((*done, msg("addin.restart_excel")))


def _addin(source: Path | None) -> bytes:
    if source is None:
        from addin.hosts.excel.xlam import build_xlam

        with tempfile.TemporaryDirectory() as folder:
            return build_xlam(Path(folder) / places.ADDIN).read_bytes()
    try:
        data = source.read_bytes()
    except OSError:
        raise UsageError("addin.no_such_file", where=str(source)) from None
    if stamp_of(data) is None:
        raise UsageError("addin.not_ours", where=str(source))
    return data


def _applescript(machine: Machine) -> bytes:
    from importlib.util import find_spec

    spec = find_spec("xlwings")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    return (folder / f"xlwings-{machine.package('xlwings')}.applescript").read_bytes()


def _settings(machine: Machine) -> dict[str, str]:
    try:
        return conf.our_settings(machine)
    except UnicodeEncodeError:
        raise DanggolError("addin.unspellable", where=machine.python.executable) from None


def _conf_before(machine: Machine, standing: bytes | None, old: Receipt | None) -> bytes | None:
    """The settings file as it was before our first install."""
    return standing if old is None or standing is None else _without_ours(machine, standing, old)[0]


def _without_ours(machine: Machine, standing: bytes, receipt: Receipt) -> tuple[bytes | None, tuple[str, ...]]:
    """The settings file without us (None: no file), and the keys left alone because a person changed them."""
    before = unpacked(receipt.conf_before)
    if digest(standing) == receipt.conf_after:
        return before, ()
    back = conf.restored(conf.decode(machine, standing), conf.decode(machine, before or b""), receipt.settings)
    return (None if before is None and not back.text else conf.encode(machine, back.text)), back.kept


def _keep_foreign(machine: Machine, files: dict[str, bytes], old: Receipt | None) -> dict[str, str]:
    """Copy what stands in our way and isn't ours into danggol's folder; earlier copies stay known."""
    kept = {} if old is None else dict(old.replaced)
    for path, ours in files.items():
        data = _standing(machine, path)
        known = None if old is None else old.files.get(path)
        if data is None or data == ours or digest(data) == known or stamp_of(data) is not None:
            continue
        name = machine.path(path)
        copy = machine.join(machine.data, "kept", f"{name.stem}-{digest(data)[:8]}{name.suffix}")
        _write(machine, copy, data)
        kept[path] = copy
    return kept


def _write_all(machine: Machine, receipt: Receipt, old: Receipt | None, files: dict[str, bytes]) -> None:
    """Write receipt and files; if one may not be written, everything is put back as it was."""
    before = {path: _standing(machine, path) for path in files}
    save_receipt(machine, receipt)
    done: list[str] = []
    try:
        for path, data in files.items():
            if before[path] != data:
                _write(machine, path, data)
                done.append(path)
    except DanggolError:
        for path in done:
            if (was := before[path]) is None:
                machine.delete(path)
            else:
                machine.write(path, was)
        if old is None:
            machine.delete(receipt_file(machine))
        else:
            save_receipt(machine, old)
        raise


def _restore_conf(machine: Machine, receipt: Receipt) -> list[Message]:
    now = _standing(machine, receipt.conf)
    if now is None:
        return []
    back, kept = _without_ours(machine, now, receipt)
    if back is None:
        _delete(machine, receipt.conf)
    else:
        _write(machine, receipt.conf, back)
    said = [msg("addin.settings_restored", path=receipt.conf)]
    if kept:
        said.append(msg("addin.settings_kept", path=receipt.conf, keys=", ".join(kept)))
    return said


def _standing(machine: Machine, path: str) -> bytes | None:
    """What stands there now; None where nothing does."""
    return _read(machine, path) if machine.exists(path) else None


def _read(machine: Machine, path: str) -> bytes:
    try:
        return machine.read(path)
    except OSError as error:
        raise DanggolError("addin.unreadable", where=path, error=type(error).__name__) from error


def _write(machine: Machine, path: str, data: bytes) -> None:
    try:
        machine.write(path, data)
    except OSError as error:
        raise DanggolError("addin.locked", where=path, error=type(error).__name__) from error


def _delete(machine: Machine, path: str) -> None:
    try:
        machine.delete(path)
    except OSError as error:
        raise DanggolError("addin.locked", where=path, error=type(error).__name__) from error
