"""What a person means by a partner or a request they typed; where nothing is meant, a sentence with the nearest."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final, TypeVar

from addin.crm.text import spelling_key
from addin.errors import NeedsAnswer, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from addin.actions.workspace import Workspace

T = TypeVar("T")
_NO_SUCH: Final = {"requests": "quote.no_requests", "quotes": "quote.no_quotes"}


def partner_meant(text: str, index: Mapping[str, T], aliases: Mapping[str, str], name: Callable[[T], str]) -> T:
    """The partner meant by a name, an id or an alias, however spaced. `UsageError` where there is none.

    ``index``: `spelling_key` of a name or id → the partner; ``name``: what a partner is called.
    """
    key, known = spelling_key(text), dict(index)
    for spelling, master in aliases.items():
        if spelling_key(master) in index:
            known.setdefault(spelling_key(spelling), index[spelling_key(master)])
    if key in known:
        return known[key]
    inside = [one for spelled, one in known.items() if key and key in spelled]
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
    guess = name(inside[0]) if inside else name(known[near[0]]) if near else "–"
    raise UsageError("report.unknown_partner", value=text, near=guess)


def no_such(table: str, text: str, ids: Sequence[str]) -> UsageError:
    """That ``table`` (requests or quotes) has no such number, and the nearest it has."""
    near = difflib.get_close_matches(text, ids, n=1, cutoff=0.5)
    return UsageError(_NO_SUCH[table], value=text, near=near[0] if near else "–")


def need_requests(workspace: Workspace, book: str) -> None:
    """What a document about requests takes: a list of them, with numbers. `NeedsAnswer` says which is missing."""
    records = workspace.records.get("requests")
    if records is None:
        raise NeedsAnswer("requests.none", where=book)
    if "request_id" not in records.frame.columns:
        raise NeedsAnswer("requests.unnumbered", where=book)
