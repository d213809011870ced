"""Every call of the engine is watched and names its error: one place instead of a ``try`` in each method."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Guarded:
    """Wraps each method and property of a subclass in ``self.office.busy()``; a subclass has ``office``.

    So a call into a dead or hanging LibreOffice ends as `SofficeDied`, wherever it happens.
    """

    office: Any

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name, member in list(vars(cls).items()):
            if name in ("office", "__init__", "__init_subclass__") or name.startswith("_as_"):
                continue
            if isinstance(member, property) and member.fget:
                setattr(cls, name, property(_watched(member.fget), member.fset and _watched(member.fset)))
            elif callable(member) and not isinstance(member, type):
                setattr(cls, name, _watched(member))


def _watched(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(self: Any, *args: Any, **options: Any) -> Any:
        with self.office.busy():
            return function(self, *args, **options)

    return call
