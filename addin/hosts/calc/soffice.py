"""One LibreOffice of our own: found, started on a throw-away profile, watched, and ended by its own process id.

::

    with Soffice.start() as office:          # or Soffice.attached(context) inside a running LibreOffice
        document = office.new_document()

Nothing here waits for ever: starting has a deadline, and a watchdog ends a process that doesn't answer a call.
The ``uno`` module is imported when an office is started, never before.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from addin.hosts.calc.bridge_uno import (
    CalcError,
    SofficeDied,
    SofficeMissing,
    SofficeSlow,
    find_soffice,
    load_uno,
    properties,
    struct,
    uno_kind,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Soffice",
    "SofficeDied",
    "SofficeMissing",
    "SofficeSlow",
    "find_soffice",
    "load_uno",
    "properties",
    "struct",
]

#: Seconds a start may take, and one call of ours.
START_TIMEOUT = 90.0
CALL_TIMEOUT = 300.0
#: What soffice.bin answers on a new profile: "start me again".
RESTART = (79, 81)
HIDDEN = ("--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard")


class Soffice:
    """A running LibreOffice: ``context``, ``desktop``, ``pid``; ``busy()`` around every piece of work."""

    def __init__(
        self, context: Any, process: subprocess.Popen[bytes] | None = None, profile: Path | None = None
    ) -> None:
        self.context = context
        self.process = process
        self.profile = profile  # a throw-away one, removed at the end
        self.macros = False
        self.limit = CALL_TIMEOUT
        self.slow = False
        self._since = 0.0
        self._ended = threading.Event()
        self.desktop: Any = context and self.service("com.sun.star.frame.Desktop")
        if process:
            atexit.register(self.kill)  # also where nobody stopped it
            threading.Thread(target=self._watch, name="soffice-watchdog", daemon=True).start()

    @classmethod
    def attached(cls, context: Any) -> Soffice:
        """The LibreOffice this code runs in (a button, a macro); it is a person's: never ended, never watched."""
        office = cls(context)
        office.macros = True
        return office

    @classmethod
    def start(
        cls,
        profile: Path | str | None = None,
        *,
        timeout: float = START_TIMEOUT,
        call_timeout: float = CALL_TIMEOUT,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        macros: bool = False,
        wait: bool = True,
    ) -> Soffice:
        """Start one, hidden, and wait until it can make a sheet.

        ``profile``: its folder (default: a new one, removed afterwards). ``user``: run as this user (root only; an
        extension needs it). ``macros``: let macros of opened books run.
        Raises SofficeMissing, SofficeDied, SofficeSlow.
        """
        program = find_soffice()
        uno = load_uno(program)
        deadline = time.monotonic() + timeout
        own = Path(tempfile.mkdtemp(prefix="danggol-soffice-")) if profile is None else None
        folder = own or Path(profile or "").absolute()
        if own and user:
            shutil.chown(own, user)
        accept = f"pipe,name=danggol_{os.getpid()}_{time.monotonic_ns()};urp;"
        command = [_runnable(program), *HIDDEN, f"-env:UserInstallation={folder.as_uri()}", f"--accept={accept}"]
        variables = {**os.environ, "SAL_ENABLE_FILE_LOCKING": "1", **(environment or {})}
        process = _launch(command, variables, user)
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        while True:
            try:
                context = resolver.resolve(f"uno:{accept}StarOffice.ComponentContext")
                break
            except Exception as error:
                if (code := process.poll()) in RESTART:
                    process = _launch(command, variables, user)
                elif code is not None:
                    _remove(own)
                    raise SofficeDied("calc.soffice_not_started", value=str(code)) from error
                if time.monotonic() > deadline:
                    _end(process)
                    _remove(own)
                    raise SofficeSlow("calc.soffice_slow", value=f"{timeout:g}") from error
                time.sleep(0.03)
        office = cls(context, process, own)
        office.macros, office.limit = macros, max(deadline - time.monotonic(), 5.0)
        try:
            with office.busy():
                office.new_document(deadline).close(True)
        except BaseException:
            office.kill()
            raise
        office.limit = call_timeout
        return office

    @property
    def pid(self) -> int:
        """The process id of LibreOffice (this process where we are inside it)."""
        return self.process.pid if self.process else os.getpid()

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return not self._ended.is_set() and (self.process is None or self.process.poll() is None)

    def service(self, name: str) -> Any:
        """A new instance of a UNO service."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def new_document(self, deadline: float | None = None) -> Any:
        """A new, hidden Calc document; a fresh office answers None at first, so it is asked until ``deadline``."""
        while True:
            document = self.load("private:factory/scalc")
            if document is not None:
                return document
            if deadline is None or time.monotonic() > deadline:
                raise SofficeSlow("calc.soffice_slow", value=f"{self.limit:g}")
            time.sleep(0.05)

    def load(self, url: str, **options: object) -> Any:
        """Load a hidden document, None where LibreOffice can't read it. Macros run only where this office allows."""
        mode = 4 if self.macros else 0  # com.sun.star.document.MacroExecMode
        arguments = properties(Hidden=True, MacroExecutionMode=mode, **options)
        return self.desktop.loadComponentFromURL(url, "_blank", 0, arguments)

    def busy(self) -> _Busy:
        """Work with the office: watched by the clock, a dead office told as `SofficeDied`. Nests."""
        return _Busy(self)

    def gone(self) -> SofficeDied:
        """Why the office is gone, as an error to raise."""
        if self.slow:
            return SofficeSlow("calc.soffice_hung", value=f"{self.limit:g}")
        return SofficeDied("calc.soffice_died")

    def stop(self) -> None:
        """Ask it to end; end it where it doesn't. An office we only attached to stays."""
        if self.process is None or self._ended.is_set():
            return
        if self.alive:
            self.limit, self._since = 15.0, time.monotonic()
            try:
                self.desktop.terminate()
                self.process.wait(15)
            except Exception as error:
                # It may break the bridge while it ends, or not end in time, and is killed; any other error is ours.
                if not (uno_kind(error) or isinstance(error, subprocess.TimeoutExpired)):
                    self.kill()
                    raise
        self.kill()

    def kill(self) -> None:
        """End the process now, by its id, and take its throw-away profile away."""
        if self.process is None:
            return
        self._ended.set()
        atexit.unregister(self.kill)
        _end(self.process)
        _remove(self.profile)

    def _watch(self) -> None:
        while not self._ended.wait(0.25):
            if self._since and time.monotonic() - self._since > self.limit:
                self.slow = True
                assert self.process is not None
                _end(self.process)
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


#: What a call says whose bridge broke: the last where an object was asked for what it has.
_BROKEN: Final = ("DisposedException", "RuntimeException", "UnknownPropertyException")


class _Busy:
    """What ``Soffice.busy()`` gives: starts the clock at the outermost entry, names the cause of a broken bridge."""

    __slots__ = ("office", "outer")

    def __init__(self, office: Soffice) -> None:
        self.office = office

    def __enter__(self) -> None:
        self.outer = not self.office._since
        if self.outer:
            self.office._since = time.monotonic()

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not self.outer:
            return
        self.office._since = 0.0
        kind = uno_kind(error)
        if not kind:
            return
        if kind in _BROKEN and self.office.process and not self.office.slow:
            with suppress(subprocess.TimeoutExpired):  # it lives: it only refused, or a document was closed under us
                self.office.process.wait(0.25)  # the bridge breaks a moment before the process is gone
        if self.office.slow or not self.office.alive:
            raise self.office.gone() from None
        raise CalcError(f"{kind}: {getattr(error, 'Message', error)}") from None


def _runnable(program: str) -> str:
    """The real program behind Linux' start script: its pid is the one to end, and nothing starts it again."""
    real = Path(os.path.realpath(program)).with_name("soffice.bin")
    return str(real) if sys.platform.startswith("linux") and real.is_file() else program


def _launch(command: list[str], variables: Mapping[str, str], user: str | None) -> subprocess.Popen[bytes]:
    options: dict[str, Any] = {"start_new_session": True} if os.name == "posix" else {}
    if user and os.name == "posix" and os.getuid() == 0:
        import pwd

        who = pwd.getpwnam(user)
        options |= {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    try:
        return subprocess.Popen(  # noqa: S603 - the program found above, our own arguments
            command,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **options,
        )
    except OSError as error:
        raise SofficeMissing("calc.soffice_missing", value=f" ({command[0]})") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process of ours and what it started, and reap it."""
    if process.poll() is None:
        if os.name == "posix":
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                process.kill()
        else:
            kill = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(kill, capture_output=True, timeout=30, check=False)  # noqa: S603
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()


def _remove(profile: Path | None) -> None:
    if profile is not None:
        shutil.rmtree(profile, ignore_errors=True)
