"""What all tests share.

None of them uses or fills the cache of whoever runs them, unless they name one. Tests marked `property(long=True)` run
only where property tests are asked for: `make property`.
"""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("CHARTKIT_CACHE", "off")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long property tests aside."""
    if "property" in config.getoption("-m"):
        return
    marks = {item: item.get_closest_marker("property") for item in items}
    long = [item for item, mark in marks.items() if mark is not None and mark.kwargs.get("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
