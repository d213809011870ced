"""Where templates and macros are: beside the packages in a checkout, inside `addin` in a wheel."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder, e.g. ``resource("templates", "workbook")``.

    Raises `FileNotFoundError` naming both places looked at.

    >>> resource("templates").name
    'templates'
    """
    places = [_HERE.parent.joinpath(*parts), _HERE.joinpath("_shipped", *parts)]
    for place in places:
        if place.exists():
            return place
    raise FileNotFoundError(" | ".join(str(p) for p in places))
