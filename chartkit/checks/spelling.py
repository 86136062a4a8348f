"""Whether one key may be meant where another is written."""

from __future__ import annotations

from collections.abc import Iterable
from os.path import commonprefix
from typing import Final

_NEAR: Final = 2
_SHARED: Final = 5
_SHORTEST: Final = 3


def meant(written: str, known: Iterable[str]) -> str:
    """The known key that a key is nearest to; empty if it is near none."""
    ranked = sorted((edit_distance(written.lower(), key.lower()), key) for key in known if key != written)
    return next((key for distance, key in ranked if _may_mean(written.lower(), key.lower(), distance)), "")


def _may_mean(written: str, key: str, distance: int) -> bool:
    shorter, longer = sorted((len(written), len(key)))
    if distance <= _NEAR:
        return distance < shorter - 1
    shared = len(commonprefix([written, key]))
    # A shortened or lengthened key (repo), or another ending (registries).
    return shared == shorter >= _SHORTEST or (shared >= _SHARED and 3 * shared >= 2 * longer)


def edit_distance(one: str, other: str) -> int:
    """How many letters must be put in, taken out or changed to make one text of the other."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for column, target in enumerate(other, 1):
            cost = before + (letter != target)
            before = row[column]
            row[column] = min(cost, row[column] + 1, row[column - 1] + 1)
    return row[-1]
