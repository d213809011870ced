"""What a run remarks on: the same note about several things is said once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMED: Final = 3


def together(notes: Sequence[Message], about: str = "request") -> list[Message]:
    """The same note about several requests as one that names the first of them.

    >>> [str(n.params["request"]) for n in together([msg("x", request="R-1"), msg("y", request="R-1")])]
    ['R-1', 'R-1']
    """
    groups: dict[str, tuple[Message, list[str]]] = {}
    for note in notes:
        params = {name: value for name, value in note.params.items() if name != about}
        group = groups.setdefault(repr((note.id, params)), (Message(note.id, params), []))
        group[1].append(str(note.params.get(about, "")))
    return [_of(note, names, about) for note, names in groups.values()]


def _of(note: Message, names: Sequence[str], about: str) -> Message:
    if not names[0]:
        return note
    named: str | Message = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        named = msg("inspect.and_others", named=named, count=len(names) - NAMED)
    return Message(note.id, {**note.params, about: named})
