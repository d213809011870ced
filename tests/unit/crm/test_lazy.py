"""Patterns are compiled when they are first needed, and once."""

from __future__ import annotations

import re

import pytest

from addin.crm.lazy import pattern


def test_a_pattern_that_nobody_asks_for_is_never_compiled() -> None:
    broken = pattern("(")
    with pytest.raises(re.error):
        broken()


def test_it_is_compiled_once_with_its_flags_and_of_texts_or_of_bytes() -> None:
    word = pattern("WON", re.IGNORECASE)
    assert word() is word()
    assert word().fullmatch("won")
    assert pattern(rb"\d+")().findall(b"1 22") == [b"1", b"22"]
