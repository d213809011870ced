"""Words for people, not yet in a language: an id and its parameters.

``addin.crm`` never holds a sentence. It returns a `Message`; `addin.i18n` turns it
into Korean or English from the one catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be: catalogue id + parameters (themselves scalars or messages).

    >>> msg("fault.bad_date", value="2026-13-40").params["value"]
    '2026-13-40'
    """

    id: str
    params: Mapping[str, Scalar | Message | tuple[Message, ...]] = field(default_factory=dict)


def msg(id: str, /, **params: Scalar | Message | tuple[Message, ...]) -> Message:
    """A `Message` written shortly: ``msg("fault.bad_date", value="…")``."""
    return Message(id, params)
