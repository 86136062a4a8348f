"""What was worked out before, by what it was worked out from, within a bound.

A matrix renders nearly the same texts thousands of times. Whoever derives something from a text, and from nothing else,
remembers it here; what was not asked for in a while is forgotten.
"""

from __future__ import annotations

from typing import Generic, TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")


class Memory(Generic[Key, Result]):
    """Results by key. Those not asked for since the bound was last reached go when it is reached again.

    Two generations do what a list in the order of use would, and finding something moves nothing.
    """

    __slots__ = ("_bound", "_current", "_previous", "_weight")

    def __init__(self, bound: int) -> None:
        """A memory for results that weigh up to twice the bound together."""
        self._bound = bound
        self._weight = 0
        self._current: dict[Key, tuple[Result, int]] = {}
        self._previous: dict[Key, tuple[Result, int]] = {}

    def get(self, key: Key) -> Result | None:
        """The result for a key; `None` if it is not known."""
        found = self._current.get(key)
        if found is None:
            found = self._previous.get(key)
            if found is None:
                return None
            self.put(key, *found)
        return found[0]

    def put(self, key: Key, result: Result, weight: int) -> None:
        """Remember a result, which is shared from now on: nobody must change it."""
        self._weight += weight
        if self._weight > self._bound:
            self._previous, self._current, self._weight = self._current, {}, weight
        self._current[key] = (result, weight)

    def clear(self) -> None:
        """Forget everything."""
        self._current, self._previous, self._weight = {}, {}, 0
