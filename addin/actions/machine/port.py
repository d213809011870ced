"""`Machine`: the few things an install and a diagnosis ask of a computer.

Paths are text in the machine's own spelling (``C:\\Users\\…`` or ``/Users/…``), so that a Windows machine can be
described, and its checks run, on any other system.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Literal

System = Literal["windows", "mac", "linux"]
#: A registry value: REG_SZ, REG_DWORD or REG_BINARY.
Value = str | int | bytes


@dataclass(frozen=True, slots=True)
class Python:
    """A Python: its executable, version, word size (32 or 64) and ``sys.prefix`` (the venv's folder)."""

    executable: str
    version: tuple[int, int, int]
    bits: int
    prefix: str


@dataclass(frozen=True, slots=True)
class Process:
    """A running program: its id, its parent's, and the command line it was started with."""

    pid: int
    parent: int
    command: str


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended: exit code (`NOT_STARTED` where it could not run or did not end in time) and what it said."""

    code: int
    text: str


NOT_STARTED = -1


class Machine(ABC):
    """What may be asked of a computer. Reading what is absent raises `OSError`; questions never raise.

    ``system``    windows, mac or linux.
    ``python``    the Python danggol runs in.
    ``home``      the user's home folder; ``folder`` the current one; ``data`` danggol's own.
    ``encoding``  what VBA's ``Open … For Input`` reads: the ANSI code page on Windows.
    ``root``      whether we are the administrator of a Unix.
    """

    system: System
    python: Python
    home: str
    folder: str
    data: str
    encoding: str
    root: bool

    def path(self, text: str) -> PurePath:
        """A path of this machine, to be taken apart."""
        return PureWindowsPath(text) if self.system == "windows" else PurePosixPath(text)

    def join(self, *parts: str) -> str:
        r"""Parts as one path: ``join("C:\\a", "b") == "C:\\a\\b"``."""
        return str(self.path(parts[0]).joinpath(*parts[1:]))

    def parent(self, path: str) -> str:
        """The folder a file is in."""
        return str(self.path(path).parent)

    def under(self, path: str, folder: str) -> bool:
        """Whether a path is inside a folder; never of an empty folder."""
        return bool(path and folder) and self.path(path).is_relative_to(self.path(folder))

    @abstractmethod
    def env(self, name: str) -> str:
        """An environment variable, "" where unset."""

    @abstractmethod
    def registry(self, key: str) -> dict[str, Value]:
        r"""The values of a registry key (``HKCU\Software\…``) by lower-case name; {} where there is none."""

    @abstractmethod
    def subkeys(self, key: str) -> list[str]:
        """The names of a registry key's children; [] where there is none."""

    @abstractmethod
    def package(self, name: str) -> str:
        """The version of an installed Python distribution, "" where it isn't."""

    @abstractmethod
    def processes(self) -> list[Process] | None:
        """What runs now; None where that can't be told."""

    @abstractmethod
    def run(self, *command: str, timeout: float = 20) -> Ran:
        """Run a program without a window and wait for it, at most ``timeout`` seconds."""

    @abstractmethod
    def exists(self, path: str) -> bool:
        """Whether there is such a file or folder."""

    @abstractmethod
    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted; [] where there is none or it can't be looked into."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """A file's bytes."""

    @abstractmethod
    def write(self, path: str, data: bytes) -> None:
        """Put a file there in one step, with its folders: the old one, or the new one whole, never half of it."""

    @abstractmethod
    def delete(self, path: str) -> None:
        """Take a file away; one that isn't there is no error."""

    @abstractmethod
    def writable(self, folder: str) -> bool:
        """Whether a file can be made in a folder, tried rather than asked."""
