"""Memory is asked back from glibc alone; another system or C library is left as it is."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from addin.books.heap import give_back


@pytest.mark.parametrize(("platform", "asked"), [("linux", ["libc.so.6", 0]), ("win32", []), ("darwin", [])])
def test_only_glibc_is_asked_for_all_it_can_give(
    platform: str, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def library(name: str) -> SimpleNamespace:
        seen.append(name)
        return SimpleNamespace(malloc_trim=seen.append)

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("ctypes.CDLL", library)
    give_back()
    assert seen == asked


def test_another_c_library_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def missing(name: str) -> None:
        tried.append(name)
        raise OSError

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("ctypes.CDLL", missing)
    give_back()
    assert tried == ["libc.so.6"]


def test_a_library_without_it_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def other(name: str) -> SimpleNamespace:
        tried.append(name)
        return SimpleNamespace()

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("ctypes.CDLL", other)
    give_back()
    assert tried == ["libc.so.6"]
