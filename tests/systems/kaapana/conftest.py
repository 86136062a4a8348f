"""The guide's example as somebody has it on the disk: an extension, and the installer's chart that it asks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLACE = "fixtures/kaapana/otsus-method"


@pytest.fixture
def extension(tmp_path: Path) -> Path:
    """A copy of the example, at the same distance from the installer's chart."""
    for name in (PLACE, "charts/dag-installer-chart"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path / PLACE
