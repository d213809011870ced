"""A head office with one partner, freshly synced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.sync.world import World

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> World:
    """한빛 has two requests, both on its sheet."""
    made = World(tmp_path)
    made.lead("R1")
    made.lead("R2", "누수")
    made.sync()
    made.sync()
    return made
