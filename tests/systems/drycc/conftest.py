"""The values files of the Drycc chart, as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chartkit.values.inputs import read_values

FIXTURES = Path(__file__).parents[3] / "fixtures" / "drycc"


@pytest.fixture
def values(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The values file that a test names as its parameter."""
    return read_values(files=[str(FIXTURES / f"{request.param}.yaml")]).data
