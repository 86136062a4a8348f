"""Measuring side by side: every way of doing a thing once, then all of them again, so that all see the same machine."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter, process_time

try:
    from resource import RUSAGE_CHILDREN, getrusage
except ImportError:  # Windows
    getrusage = None  # type: ignore[assignment]

Way = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some numbers, and the middle half of them."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Spread:
        """The spread of at least one number."""
        if len(numbers) < 2:
            return cls(numbers[0], numbers[0], numbers[0])
        low, median, high = statistics.quantiles(numbers, n=4, method="inclusive")
        return cls(median, low, high)


@dataclass(slots=True)
class Race:
    """Seconds by way of doing it, one of each per round.

    Attributes:
        seconds: by the name of the way, in the order of the rounds.
    """

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def spread(self, name: str) -> Spread:
        """How long one way took."""
        return Spread.of(self.seconds[name])

    def ratio(self, slow: str, quick: str) -> Spread:
        """How many times longer one way took than another, round by round."""
        return Spread.of([a / b for a, b in zip(self.seconds[slow], self.seconds[quick], strict=True)])

    def has(self, *names: str) -> bool:
        """Whether all these ways were measured."""
        return all(self.seconds.get(name) for name in names)


def processor_time() -> float:
    """The seconds that this process and those that it waited for have kept a processor busy.

    On a busy machine these can be compared where the time on the wall cannot.
    """
    if getrusage is None:
        return perf_counter()
    children = getrusage(RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def race(
    ways: Mapping[str, Way],
    *,
    rounds: int,
    budget_s: float = 60.0,
    weights: Mapping[str, float] | None = None,
    clock: Clock = processor_time,
) -> Race:
    """Time each way in every round; what is left over of the earlier ways is collected before each.

    Args:
        ways: what is timed, by name.
        rounds: how many rounds there are at most, of which there is at least one.
        budget_s: after how much time no further round begins.
        weights: what the time of a way is multiplied with, where it does only a sample of the work.
        clock: what tells the time.
    """
    result = Race({name: [] for name in ways})
    end = perf_counter() + budget_s
    for number in range(rounds):
        if number and perf_counter() > end:
            break
        for name, way in ways.items():
            gc.collect()
            begin = clock()
            way()
            result.seconds[name].append((clock() - begin) * (weights or {}).get(name, 1.0))
    return result
