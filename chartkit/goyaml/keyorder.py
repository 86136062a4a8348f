"""The order in which go-yaml writes the keys of a map: letters by code point, runs of digits as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cmp_to_key
from typing import Final

from chartkit.pattern import pattern

_LETTERS: Final = pattern("[A-Za-z]*\\Z")
_DIGITLESS: Final = pattern("[\x00-/:-\x7f]*\\Z")
_RANKS: Final = {code: code + 0x100 for code in (*range(65, 91), *range(97, 123))}
_MEMO_SIZE: Final = 4096

_Memo = dict[tuple[str, ...], tuple[str, ...]]

_orders: _Memo = {}
_orders_v3: _Memo = {}


def natural_order(keys: Iterable[str]) -> tuple[str, ...]:
    """The keys in go-yaml v2's order."""
    return _remembered(_orders, tuple(keys), compare)


def natural_order_v3(keys: Iterable[str]) -> tuple[str, ...]:
    """The keys in go-yaml v3's order: behind a digit, letters come first."""
    return _remembered(_orders_v3, tuple(keys), _compare_v3)


def _remembered(memo: _Memo, names: tuple[str, ...], comparison: Callable[[str, str], int]) -> tuple[str, ...]:
    """The names in order, by a comparison whose results are kept."""
    known = memo.get(names)
    if known is None:
        known = tuple(_sorted(names, comparison))
        if len(memo) >= _MEMO_SIZE:
            memo.clear()
        memo[names] = known
    return known


def _sorted(names: tuple[str, ...], comparison: Callable[[str, str], int]) -> list[str]:
    """The names in order; a full comparison is made only where digits take part."""
    every = "".join(names)
    if _LETTERS.match(every):
        return sorted(names)
    if _DIGITLESS.match(every):
        return sorted(names, key=_ranked)
    return sorted(names, key=cmp_to_key(comparison))


def _ranked(name: str) -> str:
    """The name with its letters moved behind all other characters."""
    return name.translate(_RANKS)


def compare(a: str, b: str) -> int:
    """Negative when `a` comes first, by go-yaml v2's rule."""
    return _compare(a, b, letters_after_digits=False)


def _compare_v3(a: str, b: str) -> int:
    """Negative when `a` comes first, by go-yaml v3's rule."""
    return _compare(a, b, letters_after_digits=True)


def _compare(a: str, b: str, *, letters_after_digits: bool) -> int:
    """Compare two names at the first character in which they differ."""
    at = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        at += 1
    else:
        return len(a) - len(b)
    letter_a, letter_b = x.isalpha(), y.isalpha()
    if letter_a and letter_b:
        return ord(x) - ord(y)
    if letter_a or letter_b:
        behind_digit = letters_after_digits and at > 0 and a[at - 1].isdecimal()
        return -1 if (letter_a if behind_digit else letter_b) else 1
    return _compare_numbers(a, b, at)


def _compare_numbers(a: str, b: str, at: int) -> int:
    """Compare the runs of digits that start where two names differ."""
    start = _leading_one(a, at) if "0" in (a[at], b[at]) else 0
    number_a, end_a = _digits(a, at, start)
    number_b, end_b = _digits(b, at, start)
    return number_a - number_b or end_a - end_b or ord(a[at]) - ord(b[at])


def _leading_one(name: str, at: int) -> int:
    """1 when the digits before the place are not all zeros: then zeros behind them count."""
    while at > 0 and name[at - 1].isdecimal():
        at -= 1
        if name[at] != "0":
            return 1
    return 0


def _digits(name: str, at: int, number: int) -> tuple[int, int]:
    """A run of digits as a 64-bit number, and where it ends."""
    while at < len(name) and name[at].isdecimal():
        number = number * 10 + ord(name[at]) - 48
        at += 1
    return ((number + (1 << 63)) & ((1 << 64) - 1)) - (1 << 63), at
