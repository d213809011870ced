"""A command as a person types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin import cli

if TYPE_CHECKING:
    import pytest


def run(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    code = 0
    try:
        cli.main(list(words))
    except SystemExit as done:
        code = int(done.code or 0)
    out, err = capsys.readouterr()
    return code, out, err
