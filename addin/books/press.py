"""What deflates, inflates and sums up: Intel's ISA-L, two to four times as fast as zlib, or zlib itself."""

from __future__ import annotations

import zlib
from functools import cache
from typing import Any


@cache
def press() -> Any:
    """A module with zlib's names. Its errors are ``press().error``.

    >>> press().crc32(b"danggol") == zlib.crc32(b"danggol")
    True
    """
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib
    return isal_zlib
