"""Which danggol this is."""

from __future__ import annotations

from pathlib import Path


def version() -> str:
    """The installed version; a checkout that was never installed reads it from its own ``pyproject.toml``."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("danggol")
    except PackageNotFoundError:
        import tomllib

        text = (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")
        return str(tomllib.loads(text)["project"]["version"])
