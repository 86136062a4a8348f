"""Sets of characters as sorted ranges of code points."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

CharClass = tuple[tuple[int, int], ...]
"""Sorted ranges, first and last included, that neither touch nor overlap."""

MAX_CODE_POINT: Final = 0x10FFFF
ANY: Final[CharClass] = ((0, MAX_CODE_POINT),)
_LAST_FOLDING: Final = 0x1E943
_DOTLESS_I: Final = 0x131


def clean(ranges: Iterable[tuple[int, int]]) -> CharClass:
    """Sort ranges and join those that touch."""
    out: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1] + 1:
            if high > out[-1][1]:
                out[-1] = (out[-1][0], high)
        else:
            out.append((low, high))
    return tuple(out)


def negate(ranges: CharClass) -> CharClass:
    """All characters that are not in a class."""
    out = []
    start = 0
    for low, high in ranges:
        if start < low:
            out.append((start, low - 1))
        start = high + 1
    if start <= MAX_CODE_POINT:
        out.append((start, MAX_CODE_POINT))
    return tuple(out)


def contains(ranges: CharClass, code: int) -> bool:
    """Whether a character is in a class."""
    return any(low <= code <= high for low, high in ranges)


def overlap(one: CharClass, other: CharClass) -> bool:
    """Whether two classes share a character."""
    i = j = 0
    while i < len(one) and j < len(other):
        if one[i][1] < other[j][0]:
            i += 1
        elif other[j][1] < one[i][0]:
            j += 1
        else:
            return True
    return False


def fold_case(ranges: CharClass) -> CharClass:
    """A class together with every upper and lower case form of its characters."""
    if not ranges:
        return ranges
    if ranges[-1][1] < 0x80:
        return _fold_ascii(ranges)
    added = list(ranges)
    for code, forms in _orbits().items():
        if contains(ranges, code):
            added.extend((form, form) for form in forms)
    return clean(added)


def _fold_ascii(ranges: CharClass) -> CharClass:
    added = list(ranges)
    for low, high in ranges:
        for code in range(max(low, 0x41), min(high, 0x7A) + 1):
            letter = chr(code)
            if letter.isalpha():
                added.append((code ^ 0x20, code ^ 0x20))
                # The long s and the Kelvin sign are forms of the letters s and k.
                added.extend([(0x17F, 0x17F)] if letter in "sS" else [(0x212A, 0x212A)] if letter in "kK" else [])
    return clean(added)


@cache
def _orbits() -> dict[int, list[int]]:
    """For each character that has case forms, all of them."""
    groups: dict[str, list[int]] = {}
    for code in range(0x41, _LAST_FOLDING + 1):
        key = _fold_key(chr(code))
        if key != chr(code) or chr(code).upper() != key:
            groups.setdefault(key, []).append(code)
    return {code: forms for forms in groups.values() if len(forms) > 1 for code in forms}


def _fold_key(char: str) -> str:
    # Go keeps the dotless i apart from i, though both have the same capital.
    if ord(char) == _DOTLESS_I:
        return char
    upper = char.upper()
    lower = (upper if len(upper) == 1 else char).lower()
    return lower if len(lower) == 1 else char
