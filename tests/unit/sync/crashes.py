"""A process that dies at any boundary: before or after each request, each statement of the ledger, the master's write.

`Line` counts the boundaries a cycle crosses and lets it die at one; what was killed does nothing any more.
"""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sheets_sync.ports.memory import Crash, MemoryPort
from tests.unit.sync.world import MemoryMaster, QuickLedger, World

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sheets_sync.cycle import Changes

_T = TypeVar("_T")


@dataclass(slots=True)
class Line:
    """The boundaries crossed so far, by name, and the one to die at."""

    die_at: int = -1
    crossed: list[str] = field(default_factory=list)
    dead: bool = False

    def cross(self, what: str) -> None:
        """One boundary."""
        if self.dead:
            raise Crash
        self.crossed.append(what)
        if len(self.crossed) - 1 == self.die_at:
            self.dead = True
            raise Crash

    def around(self, what: str, act: Callable[[], _T]) -> _T:
        """Something with a boundary before and after it."""
        self.cross(f"before {what}")
        done = act()
        self.cross(f"after {what}")
        return done


class _Port(MemoryPort):
    line: Line

    def _request(self, name: str, act: Callable[[], _T], *, unknown: bool = False) -> _T:
        def asked() -> _T:
            return MemoryPort._request(self, name, act, unknown=unknown)

        return self.line.around(name, asked)


class _Ledger(QuickLedger):
    line = Line()

    def __init__(self, path: Path, line: Line) -> None:
        super().__init__(path)
        self.line = line

    def _do(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        if query.startswith("select"):
            return super()._do(query, values)
        return self.line.around(query.split("(")[0], lambda: super(_Ledger, self)._do(query, values))


class _Master(MemoryMaster):
    line: Line

    def apply(self, changes: Mapping[str, Changes], when: dt.datetime) -> bool:
        return self.line.around("the master", lambda: MemoryMaster.apply(self, changes, when))


def killable(folder: Path, partners: tuple[str, ...]) -> World:
    """A `World` whose processes can be killed (`restart`)."""
    folder.mkdir(exist_ok=True)
    port, master = _Port(), _Master()
    port.line = master.line = Line()
    return World(folder, partners, master, port)


def restart(world: World, die_at: int = -1) -> Line:
    """A new process, which dies at a boundary."""
    assert world.ledger is not None
    world.ledger.close()
    line = Line(die_at)
    world.port.line = world.master.line = line  # type: ignore[attr-defined]
    world.ledger = _Ledger(world.folder / ".danggol" / "sync.sqlite", line)
    return line


def another(world: World, folder: Path) -> World:
    """A world like this one, as it stands."""
    assert world.ledger is not None
    world.ledger.close()
    (folder / ".danggol").mkdir(parents=True)
    shutil.copy(world.ledger.path, folder / ".danggol")
    port, master = copy.deepcopy((world.port, world.master))
    made = killable(folder, ())
    made.port, made.master, made.partners, made.minute = port, master, world.partners, world.minute
    return made
