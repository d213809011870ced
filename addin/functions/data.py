"""Data: names, phones, amounts and dates read from messy text as ``danggol rows`` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.crm.contact import parse_phone
from addin.functions.registry import Example, function

if TYPE_CHECKING:
    from addin.crm.reading import Reading
    from addin.functions.registry import Answer, Cell


def read(reading: Reading[Any]) -> Answer:
    """A reading's value; where there is none for sure, what to do about the cell."""
    if reading.value is None and reading.fault is not None and not reading.fault.repair:
        return reading.fault.fix
    return reading.value


@function("data", example=Example((1012345678.0,), "010-1234-5678"))
def phone(text: Cell) -> Answer:
    """A phone number in its Korean form."""
    return read(parse_phone(text))
