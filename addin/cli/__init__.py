"""The ``danggol`` command. stdout is data, stderr is narration.

Exit codes: 0 ok · 1 error · 2 usage · 3 needs an answer from a person · 4 stopped by a safety brake.
Everything heavy is imported inside the command that needs it, so ``danggol --help`` stays fast.
"""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from addin.books.ahead import forget, read_ahead

if TYPE_CHECKING:
    import typer

#: polars' allocator gives memory back after a quarter of a second: 20 MB less at the peak of a large book.
ALLOCATOR = "dirty_decay_ms:250,muzzy_decay_ms:0"
#: For a sync sooner: 40 MB less at the peak of half a million requests.
SYNC_ALLOCATOR = "dirty_decay_ms:50,muzzy_decay_ms:0"
#: The code by which typer says, without a word, that a person pressed Ctrl-C. No command of ours ends with it.
CTRL_C = 130
#: What the system says where no more can be written: the disk, or what stdout leads to, is full or at fault.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
#: Module of `addin.cli` → its commands, in the order of ``danggol --help``.
GROUPS = {
    "demo": ("demo",),
    "book": ("adopt", "rows", "check", "funnel", "kpi", "tasks", "refresh", "undo", "log"),
    "customers": ("customers",),
    "quote": ("quote",),
    "inspection": ("inspect",),
    "mail": ("mail",),
    "report": ("report",),
    "deck": ("deck",),
    "kit": ("kit",),
    "case": ("case",),
    "facts": ("facts",),
    "partners": ("sync", "share"),
    "templates": ("templates",),
    "addins": ("addin", "doctor"),
}


def __getattr__(name: str) -> Any:
    """``app`` with every command, made when it is first asked for."""
    if name == "app":
        return _application()
    raise AttributeError(name)


def _application(word: str = "") -> typer.Typer:
    """The application; with ``word`` alone where that is a command: making all the others takes a tenth of a second."""
    from copy import copy
    from importlib import import_module

    from addin.cli.options import app, called

    order = [command for commands in GROUPS.values() for command in commands]
    for group, commands in GROUPS.items():
        if word in commands or word not in order:
            import_module(f"addin.cli.{group}")
    asked = copy(app)
    for parts in (app.registered_commands, app.registered_groups):
        parts.sort(key=lambda part: order.index(called(part)))
    if word in order:
        asked.registered_commands = [part for part in app.registered_commands if called(part) == word]
        asked.registered_groups = [part for part in app.registered_groups if called(part) == word]
    return asked


def _join_steps(argv: list[str]) -> list[str]:
    """Let ``--steps`` and ``--kpi`` take several words, as the contract writes them: ``--steps a=b c=d --json``.

    >>> _join_steps(["funnel", "b.xlsx", "--steps", "a=b", "c=d", "--json"])
    ['funnel', 'b.xlsx', '--steps', 'a=b', '--steps', 'c=d', '--json']
    """
    out: list[str] = []
    several = ""
    for i, word in enumerate(argv):
        if word.startswith("-"):
            several = word if word in ("--steps", "--kpi", "--map") else ""
        elif (
            several
            and argv[i - 1] != several
            and (word.replace("_", "").isupper() if several == "--kpi" else "=" in word)
        ):
            out.append(several)
        out.append(word)
    return out


def _end(codes: list[object]) -> None:
    """Leave at once, with the exit code: taking apart all that a command held takes longer than some commands do.

    Threads have ended, and all that waits for the end has been called before (mypy leaves in this way too). What nobody
    caught, and what could not be written, takes Python's way.
    """
    if not codes or not isinstance(codes[0], int | None):
        return
    with suppress(OSError):  # stdout has been written, or complained of, before
        sys.stderr.flush()
    os._exit(codes[0] or 0)


def main(argv: list[str] | None = None) -> None:
    """Run the command line; a `DanggolError` becomes its sentence on stderr and its exit code."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed, or a program without a console: its words go nowhere
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        if hasattr(stream := getattr(sys, name), "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Windows console may be cp949
    words = _join_steps(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("_RJEM_MALLOC_CONF", SYNC_ALLOCATOR if words[:1] == ["sync"] else ALLOCATOR)
    gc.disable()  # a command lives for seconds and makes millions of small objects, hardly any of them cycles
    codes: list[object] = []
    if argv is None:
        atexit.register(_end, codes)
    read_ahead(words)
    try:
        _run(words)
    except SystemExit as end:
        codes.append(end.code)
        raise
    finally:
        forget()


def _run(words: list[str]) -> None:
    from addin.errors import DanggolError
    from addin.i18n import say

    try:
        try:
            _application(words[0] if words else "")(args=words)
        finally:
            try:
                sys.stdout.flush()
            except BrokenPipeError:  # `danggol check … | head` is no error, and keeps its own code
                _let_go()
    except DanggolError as error:
        sys.stderr.write(say("error.prefix", text=str(error)) + "\n")
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code != CTRL_C:
            raise
        sys.stderr.write(say("error.interrupted") + "\n")
        sys.exit(1)
    except BrokenPipeError:
        _let_go()
        sys.exit(0)
    except OSError as error:
        if error.errno not in NO_ROOM or error.filename is not None:
            raise
        _let_go()
        with suppress(OSError):  # the words may lead to the same place
            sys.stderr.write(say("error.prefix", text=say("error.no_room")) + "\n")
        sys.exit(1)


def _let_go() -> None:
    """What stdout still holds goes nowhere: written again at the end, it would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
