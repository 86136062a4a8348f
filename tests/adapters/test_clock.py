from __future__ import annotations

import time

import pytest

from chartkit.adapters.clock import standing_clock, system_clock
from chartkit.errors import InputError


def test_system_clock_moves_with_time() -> None:
    before = time.time_ns()
    assert before <= system_clock()() <= time.time_ns()


@pytest.mark.parametrize(("environment", "moment"), [({}, 0), ({"SOURCE_DATE_EPOCH": "1700000000"}, 1_700_000_000)])
def test_standing_clock_stands_still(environment: dict[str, str], moment: int) -> None:
    clock = standing_clock(environment)
    assert clock() == clock() == moment * 1_000_000_000


@pytest.mark.parametrize("text", ["", "now", "-5", "1.5", "٣"])
def test_standing_clock_of_a_wrong_moment(text: str) -> None:
    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH"):
        standing_clock({"SOURCE_DATE_EPOCH": text})
