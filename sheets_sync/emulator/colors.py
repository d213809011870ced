"""Colours as the service keeps them: eight bits a part, black parts left out, and both of their forms filled in."""

from __future__ import annotations

import struct
from typing import Any, Final

_PARTS: Final = ("red", "green", "blue")
#: Fields that hold a ``Color`` and have a ``…Style`` beside them.
_FIELDS: Final = frozenset(
    {"backgroundColor", "foregroundColor", "tabColor", "color", "headerColor"}
    | {"firstBandColor", "secondBandColor", "footerColor"}
)


def _single(value: float) -> float:
    found: float = struct.unpack("f", struct.pack("f", value))[0]
    return found


def _part(value: float) -> float | int:
    """One part in 255 steps, written as the shortest number that is the same in single precision."""
    step = int(_single(_single(value) * 255))
    exact = _single(step / 255)
    return next(float(text) for digits in range(1, 10) if _single(float(text := f"{exact:.{digits}g}")) == exact)


def kept(color: dict[str, Any]) -> dict[str, Any]:
    """A ``Color`` as it is kept.

    >>> kept({"red": 1, "green": 0, "blue": 0.5})
    {'red': 1, 'blue': 0.49803922}
    """
    found: dict[str, Any] = {}
    for name, value in color.items():
        if name not in _PARTS:
            found[name] = value
            continue
        part = _part(float(value))
        if part:
            found[name] = 1 if part == 1 else part
    return found


def normalized(value: Any) -> Any:
    """A request's JSON with every colour in it as it is kept, in both forms."""
    if isinstance(value, list):
        return [normalized(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: normalized(item) for key, item in value.items()}
    if isinstance(found.get("rgbColor"), dict):
        found["rgbColor"] = kept(found["rgbColor"])
    for name in _FIELDS & ({*found} | {key.removesuffix("Style") for key in found}):
        if "colorType" in found:
            continue  # a theme's colour is a ``ColorStyle`` by itself
        style = found.get(name + "Style")
        if isinstance(style, dict) and "rgbColor" in style:
            found[name] = style["rgbColor"]
        elif isinstance(found.get(name), dict) and style is None:
            found[name] = kept(found[name])
            found[name + "Style"] = {"rgbColor": found[name]}
    return found


def without_nulls(value: Any) -> Any:
    """A request's JSON without its ``null`` fields: they mean «not given». A ``null`` in a list of cells stays."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return [without_nulls(item) for item in value]
    return value
