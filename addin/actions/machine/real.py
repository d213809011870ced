"""This computer, as a `Machine`."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.actions.machine.port import NOT_STARTED, Machine, Process, Python, Ran, System

if TYPE_CHECKING:
    from addin.actions.machine.port import Value

_SYSTEMS: dict[str, System] = {"Windows": "windows", "Darwin": "mac"}
_SYSTEM_FOLDERS = ("/usr/bin", "/bin", "/usr/local/bin")
#: One process a line: id, parent, command line. Windows' own `tasklist` doesn't know command lines.
_PS_WINDOWS = (
    "Get-CimInstance Win32_Process | "
    'ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.Name) $($_.CommandLine)" }'
)


class RealMachine(Machine):
    """The computer we run on."""

    def __init__(self) -> None:
        from addin.actions.memory import home

        self.system = _SYSTEMS.get(platform.system(), "linux")
        self.python = Python(sys.executable, sys.version_info[:3], 64 if sys.maxsize > 2**32 else 32, sys.prefix)
        self.home = str(Path.home())
        self.folder = str(Path.cwd())
        self.data = str(home())
        self.encoding = "mbcs" if self.system == "windows" else "utf-8"
        self.root = hasattr(os, "geteuid") and os.geteuid() == 0

    def env(self, name: str) -> str:
        """An environment variable, "" where unset."""
        return os.environ.get(name, "")

    def registry(self, key: str) -> dict[str, Value]:
        """The values of a registry key, in both the 64- and 32-bit views; {} where there is none."""
        if sys.platform != "win32":
            return {}
        import winreg

        found: dict[str, Value] = {}
        for view in (winreg.KEY_WOW64_32KEY, winreg.KEY_WOW64_64KEY):
            try:
                with _open_key(key, view) as opened:
                    for index in range(winreg.QueryInfoKey(opened)[1]):
                        name, value, _ = winreg.EnumValue(opened, index)
                        if isinstance(value, (str, int, bytes)):
                            found[name.lower()] = value
            except OSError:
                continue
        return found

    def subkeys(self, key: str) -> list[str]:
        """The names of a registry key's children; [] where there is none."""
        if sys.platform != "win32":
            return []
        import winreg

        try:
            with _open_key(key, winreg.KEY_WOW64_64KEY) as opened:
                return [winreg.EnumKey(opened, i) for i in range(winreg.QueryInfoKey(opened)[0])]
        except OSError:
            return []

    def package(self, name: str) -> str:
        """The version of an installed Python distribution, "" where it isn't."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version(name)
        except PackageNotFoundError:
            return ""

    def processes(self) -> list[Process] | None:
        """What runs now; None where that can't be told."""
        if self.system == "windows":
            ran = self.run("powershell", "-NoProfile", "-NonInteractive", "-Command", _PS_WINDOWS)
        else:
            ran = self.run("ps", "-axo", "pid=,ppid=,command=")
        if ran.code != 0:
            return None
        return read_processes(ran.text)

    def run(self, *command: str, timeout: float = 20) -> Ran:
        """Run a program without a window and wait for it; it sees nothing of an activated Python environment."""
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        try:
            done = subprocess.run(  # noqa: S603 - fixed commands of ours, never a shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=timeout,
                check=False,
                creationflags=hidden,
                env=_outside(dict(os.environ), os.path.dirname(sys.executable)),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return Ran(NOT_STARTED, str(error))
        return Ran(done.returncode, done.stdout.decode("utf-8", "replace"))

    def exists(self, path: str) -> bool:
        """Whether there is such a file or folder."""
        return os.path.exists(path)

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted; [] where there is none or it can't be looked into."""
        try:
            return sorted(os.listdir(folder))
        except OSError:
            return []

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        return Path(path).read_bytes()

    def write(self, path: str, data: bytes) -> None:
        """Put a file there in one step, with its folders."""
        folder = Path(path).parent
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".danggol-", suffix=".tmp", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise

    def delete(self, path: str) -> None:
        """Take a file away; one that isn't there is no error."""
        Path(path).unlink(missing_ok=True)

    def writable(self, folder: str) -> bool:
        """Whether a file can be made in a folder, tried rather than asked."""
        try:
            with tempfile.TemporaryFile(dir=folder):
                return True
        except OSError:
            return False


def _outside(environment: dict[str, str], python: str) -> dict[str, str]:
    """The environment without the Python we run in, whose programs lie in ``python``.

    LibreOffice on Linux takes the library of the Python inside it from the first ``python3`` on PATH: from a virtual
    environment, which lacks ``uno``, its extensions can't be put in.
    """
    kept = {n: v for n, v in environment.items() if n not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")}
    folders = kept.get("PATH", "").split(os.pathsep)
    if python not in _SYSTEM_FOLDERS:
        kept["PATH"] = os.pathsep.join(f for f in folders if os.path.normpath(f) != os.path.normpath(python))
    return kept


def read_processes(text: str) -> list[Process]:
    """Lines of ``id parent command``; other lines are skipped.

    >>> read_processes("  12   1 python -c x\\nWARNING\\n")
    [Process(pid=12, parent=1, command='python -c x')]
    """
    found = []
    for line in text.splitlines():
        words = line.split(None, 2)
        if len(words) == 3 and words[0].isdigit() and words[1].isdigit():
            found.append(Process(int(words[0]), int(words[1]), words[2]))
    return found


def _open_key(key: str, view: int) -> Any:
    """A registry key of ``HKCU`` or ``HKLM``, opened for reading in one of Windows' two views."""
    if sys.platform != "win32":
        raise OSError("no registry")
    import winreg

    hive, _, rest = key.partition("\\")
    root = winreg.HKEY_LOCAL_MACHINE if hive == "HKLM" else winreg.HKEY_CURRENT_USER
    return winreg.OpenKey(root, rest, 0, winreg.KEY_READ | view)
