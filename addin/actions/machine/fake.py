"""A computer in memory: any system, any Office, any fault, for tests and for trying an install without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from addin.actions.machine.port import NOT_STARTED, Machine, Process, Python, Ran, System

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from addin.actions.machine.port import Value


class FakeMachine(Machine):
    """A computer in memory, empty but for a Python 3.11 with danggol and xlwings.

    ``files``      path → bytes; a path may also hold an `OSError`, raised when it is read or written.
    ``registers``  registry key → values.
    ``running``    the processes (None: can't be told).
    ``answers``    first word of a command → what it answers: a `Ran`, or a function of the command.
    ``read_only``  folders no file can be made in.
    """

    HOMES: ClassVar[dict[System, str]] = {"windows": r"C:\Users\kim", "mac": "/Users/kim", "linux": "/home/kim"}

    def __init__(self, system: System, *, home: str = "", python: Python | None = None, encoding: str = "") -> None:
        windows = system == "windows"
        self.system = system
        self.home = home or self.HOMES[system]
        self.folder = self.join(self.home, "Documents")
        self.data = self.join(self.home, "danggol-data")
        self.encoding = encoding or ("cp949" if windows else "utf-8")
        self.root = False
        prefix = self.join(self.home, "venv")
        executable = self.join(prefix, "Scripts", "python.exe") if windows else self.join(prefix, "bin", "python")
        self.python = python or Python(executable, (3, 11, 9), 64, prefix)
        self.variables: dict[str, str] = {}
        self.registers: dict[str, dict[str, Value]] = {}
        self.packages = {"danggol": "0.1.0", "xlwings": "0.37.8"}
        self.running: list[Process] | None = []
        self.files: dict[str, bytes | OSError] = {self.python.executable: b"python"}
        self.answers: dict[str, Ran | Callable[[tuple[str, ...]], Ran]] = {}
        self.read_only: set[str] = set()
        self.commands: list[tuple[str, ...]] = []

    def env(self, name: str) -> str:
        """An environment variable, "" where unset."""
        return self.variables.get(name, "")

    def registry(self, key: str) -> dict[str, Value]:
        """The values of a registry key; {} where there is none."""
        return {
            n.lower(): v for k, values in self.registers.items() if k.lower() == key.lower() for n, v in values.items()
        }

    def subkeys(self, key: str) -> list[str]:
        """The names of a registry key's children."""
        start = key.lower() + "\\"
        inside = [k[len(start) :] for k in self.registers if k.lower().startswith(start)]
        return sorted({k.split("\\")[0] for k in inside})

    def package(self, name: str) -> str:
        """The version of an installed Python distribution, "" where it isn't."""
        return self.packages.get(name, "")

    def processes(self) -> list[Process] | None:
        """What runs now."""
        return self.running

    def run(self, *command: str, timeout: float = 20) -> Ran:
        """What the program answers; one nobody described can't be started."""
        self.commands.append(command)
        answer = self.answers.get(command[0], Ran(NOT_STARTED, f"no such program: {command[0]}"))
        return answer if isinstance(answer, Ran) else answer(command)

    def exists(self, path: str) -> bool:
        """Whether there is such a file, or one below it."""
        return any(self.path(p) == self.path(path) or self.under(p, path) for p in self.files)

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted."""
        depth = len(self.path(folder).parts)
        return sorted({self.path(p).parts[depth] for p in self.files if self.under(p, folder) and p != folder})

    def read(self, path: str) -> bytes:
        """A file's bytes, or the error described for it."""
        key = self._key(path)
        if key is None:
            raise FileNotFoundError(path)
        found = self.files[key]
        if isinstance(found, OSError):
            raise found
        return found

    def write(self, path: str, data: bytes) -> None:
        """Put a file there; a read-only folder, or a file described as broken, refuses."""
        key = self._key(path)
        known = None if key is None else self.files[key]
        if isinstance(known, OSError):
            raise known
        if not self.writable(self.parent(path)):
            raise PermissionError(path)
        self.files[key or path] = data

    def delete(self, path: str) -> None:
        """Take a file away; one that isn't there is no error."""
        key = self._key(path)
        if key is not None:
            if isinstance(known := self.files[key], OSError):
                raise known
            del self.files[key]

    def writable(self, folder: str) -> bool:
        """Whether a file can be made in a folder."""
        return not any(self.path(folder) == self.path(f) or self.under(folder, f) for f in self.read_only)

    def contents(self) -> Mapping[str, bytes | OSError]:
        """Every file, as a copy: what a test compares before and after."""
        return dict(self.files)

    def _key(self, path: str) -> str | None:
        return next((p for p in self.files if self.path(p) == self.path(path)), None)
