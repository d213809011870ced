"""Giving memory back harms nothing, whatever the system."""

from __future__ import annotations

import sys

import pytest

from addin.books.heap import give_back


@pytest.mark.parametrize("platform", [sys.platform, "win32", "darwin"])
def test_memory_is_given_back_where_that_can_be_asked_for(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    give_back()


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> None:
        raise OSError

    monkeypatch.setattr("ctypes.CDLL", missing)
    give_back()
