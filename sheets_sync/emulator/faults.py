"""What goes wrong on purpose: a script of faults, one taken for each request.

======================  ==================================================================================
``""``                  nothing goes wrong with this request
``before``              503, nothing was done
``after``               it was done, then 503
``500``                 500, nothing was done
``html``, ``html_after``  a 502 page in HTML instead of JSON, before or after it was done
``drop``, ``drop_after``  the connection closes without an answer, before or after it was done
``half``                it was done, and the answer breaks off in the middle
``429``, ``429:7``      too many requests; with ``Retry-After: 7``
``401``, ``403``        the token is no longer good; access was taken away: this time only
``slow:0.5``            answered half a second late
======================  ==================================================================================

``values.append=after`` waits for the next request whose method's name ends so; other requests pass by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sheets_sync.emulator.errors import ApiError, forbidden, out_of_quota, unauthenticated

KINDS: Final = (
    "",
    "before",
    "after",
    "500",
    "html",
    "html_after",
    "drop",
    "drop_after",
    "half",
    "429",
    "401",
    "403",
    "slow",
)
PAGE: Final = (
    "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error 502 (Server Error)!!1</title>\n"
    "  <p><b>502.</b> <ins>That’s an error.</ins>\n  <p>The server encountered a temporary error and could not "
    "complete your request.<p>Please try again in 30 seconds.  <ins>That’s all we know.</ins>\n"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; ``method`` is the end of the name of the method it waits for, "" for any."""

    kind: str
    value: float | None = None
    method: str = ""

    @property
    def done(self) -> bool:
        """Whether the request is carried out all the same."""
        return self.kind in {"", "after", "html_after", "drop_after", "half", "slow"}

    def refusal(self, method: str) -> ApiError | None:
        """The refusal of this method that this fault answers with, in JSON; `None` where it answers otherwise."""
        match self.kind:
            case "before" | "after":
                return ApiError(503, "The service is currently unavailable.", reason="backendError")
            case "500":
                return ApiError(500, "Internal error encountered.", reason="internalError")
            case "401":
                return unauthenticated(missing=False, method=method)
            case "403":
                return forbidden()
            case "429":
                after = None if self.value is None else int(self.value)
                return out_of_quota("Read", per_user=True, limit=60, retry_after=after)
        return None


def parse(text: str | Fault) -> Fault:
    """The fault a word means.

    >>> parse("429:7"), parse("values.append=drop_after")
    (Fault(kind='429', value=7.0, method=''), Fault(kind='drop_after', value=None, method='values.append'))
    """
    if isinstance(text, Fault):
        return text
    method, _, word = text.rpartition("=")
    kind, _, value = word.partition(":")
    if kind not in KINDS:
        raise ValueError(f"{text!r} is no fault; there are: {', '.join(filter(None, KINDS))}")
    return Fault(kind, float(value) if value else None, method)


class Script:
    """The faults still to come, in order."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def next(self, method: str) -> Fault:
        """The fault of this request: the first that waits for it, taken from the script."""
        for index, fault in enumerate(self.waiting):
            if not fault.method or method.endswith(fault.method):
                return self.waiting.pop(index)
            # a fault for another method lets this request pass and keeps its place
        return Fault("")
