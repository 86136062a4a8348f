"""Time and randomness for a render that may have to be done twice: the second try sees what the first one saw."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from chartkit.ambient import Ambient
from chartkit.record import dataclass, field, replace


@dataclass(slots=True)
class Rehearsal:
    """The surroundings of a first try, of which nothing shows outside until it is kept.

    Attributes:
        caller: the surroundings that the render was given.
        ambient: those for the first try.
        ticks: what the clock said in it.
        drawn: the state of a seeded generator before it; `None` of one that cannot be repeated anyway.
    """

    caller: Ambient
    ambient: Ambient = field(init=False)
    ticks: list[int] = field(default_factory=list)
    drawn: Any = None

    def __post_init__(self) -> None:
        caller = self.caller
        if not isinstance(caller.random, random.SystemRandom):
            self.drawn = caller.random.getstate()
        self.ambient = replace(caller, now_ns=self._recorded(caller.now_ns), uses=set(), refusals=[])

    def _recorded(self, clock: Callable[[], int]) -> Callable[[], int]:
        def now_ns() -> int:
            self.ticks.append(clock())
            return self.ticks[-1]

        return now_ns

    def keep(self) -> None:
        """The first try is the render: hand on what it used and what it was refused."""
        self.caller.uses.update(self.ambient.uses)
        self.caller.refusals.extend(self.ambient.refusals)

    def again(self) -> Ambient:
        """The surroundings for a second try, with the same time and randomness."""
        if self.drawn is not None:
            self.caller.random.setstate(self.drawn)
        if not self.ticks:
            return self.caller
        ticks, clock = iter(self.ticks), self.caller.now_ns
        return replace(self.caller, now_ns=lambda: next(ticks, None) or clock())
