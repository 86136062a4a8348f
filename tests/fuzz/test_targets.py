"""The fuzz targets over good and spoilt inputs: the quick part of what `make fuzz` does for hours."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from budget import within  # noqa: E402
from mutation import LONGEST, mutate  # noqa: E402
from regressions import REGRESSIONS  # noqa: E402
from targets import TARGETS, Target  # noqa: E402

QUICK = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
_SPOILT = 100
_LONGEST_HERE = 4000


@pytest.mark.parametrize("name", TARGETS)
def test_target_takes_its_seeds(name: str) -> None:
    for seed in TARGETS[name].seeds:
        with within():
            TARGETS[name].attempt(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_target_takes_spoilt_seeds(name: str) -> None:
    target, choice = TARGETS[name], random.Random(name)
    for _ in range(_SPOILT):
        data = mutate(choice, target.seeds, target.words)[:_LONGEST_HERE]
        with within():
            target.attempt(data)


@pytest.mark.parametrize("name", TARGETS)
def test_target_takes_what_hypothesis_makes_of_its_words(name: str) -> None:
    target = TARGETS[name]

    @QUICK
    @given(_inputs(target))
    def attempt(data: bytes) -> None:
        with within():
            target.attempt(data)

    attempt()


def _inputs(target: Target) -> st.SearchStrategy[bytes]:
    pieces = st.sampled_from([*target.words, *target.seeds]) | st.binary(max_size=6)
    return st.lists(pieces, max_size=12).map(b"".join)


@pytest.mark.parametrize("name", REGRESSIONS)
def test_target_takes_what_once_broke_it(name: str) -> None:
    """Each of these once raised what nobody expects, or took minutes."""
    target, data = REGRESSIONS[name]
    assert len(data) <= LONGEST
    with within():
        TARGETS[target].attempt(data)
