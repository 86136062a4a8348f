"""Spoils good inputs: the small changes that find most bugs, and the large ones that no byte flip would make."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

_INTERESTING: Final = (
    b"\0",
    b"\xff",
    b"\x80",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"\r\n",
    b"%",
    b"\x1e",
)
_NUMBERS: Final = (b"-1", b"0", b"65536", b"2147483648", b"99999999999999999999", b"1e400", b"0x7fffffffffffffff")
LONGEST: Final = 60_000
"""No input is made longer."""


def mutate(choice: random.Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """An input out of good ones."""
    data = choice.choice(seeds) if seeds and choice.random() < 0.9 else b"".join(choice.choices(words or seeds, k=8))
    for _ in range(choice.choice((0, 1, 1, 1, 2, 2, 3, 5, 12))):
        data = _changed(choice, data, seeds, words)[:LONGEST]
    return data


def _changed(choice: random.Random, data: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    start = choice.randint(0, len(data))
    end = min(len(data), start + choice.choice((0, 1, 1, 2, 4, 8, 30)))
    kind = choice.random()
    if kind < 0.35 and words:
        middle = b"".join(choice.choices(words, k=choice.choice((1, 1, 2, 4))))
    elif kind < 0.5:
        middle = bytes([choice.randrange(256)])
    elif kind < 0.6:
        middle = choice.choice(_INTERESTING + _NUMBERS)
    elif kind < 0.7:
        middle = b""
    elif kind < 0.8:
        at = choice.randint(0, len(data))
        middle = data[at : at + choice.choice((1, 5, 20, 100))]
    elif kind < 0.88:
        other = choice.choice(seeds)
        return data[:start] + other[choice.randint(0, len(other)) :]
    elif kind < 0.93:
        # Deep nesting and long runs: what recursion and quadratic loops do not like.
        part = data[start:end] or choice.choice(words or seeds)[:4]
        middle = part * choice.choice((2, 10, 300, 3000, 15000))
    else:
        return data[:start]
    return data[:start] + middle + data[end:]
