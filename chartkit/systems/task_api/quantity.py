"""Amounts of resources as Kubernetes writes them: `512`, `50Mi`, `1.5G`, `500m`, `1e3`.

What only Kaapana's library writes, `512B` or `1Yi`, is read too, and never written.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil
from typing import Final

_BINARY: Final = {unit: 1024**power for power, unit in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)}
_DECIMAL: Final = {
    "n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000), "": Fraction(1), "k": Fraction(10**3),
    "M": Fraction(10**6), "G": Fraction(10**9), "T": Fraction(10**12), "P": Fraction(10**15), "E": Fraction(10**18),
}  # fmt: skip
_FOREIGN: Final = {"B": Fraction(1), "Zi": Fraction(1024**7), "Yi": Fraction(1024**8)}
_UNITS: Final = {**_DECIMAL, **{unit: Fraction(size) for unit, size in _BINARY.items()}, **_FOREIGN}
_GRAMMAR: Final = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:(?P<exponent>[eE][+-]?[0-9]{1,3})|(?P<unit>[A-Za-z]*))"
)
_LONGEST: Final = 64


class InvalidQuantity(ValueError):
    """A text that is no amount."""


def read_quantity(text: str | int) -> Fraction:
    """The number that an amount stands for, in bytes or whatever it counts.

    Raises:
        InvalidQuantity: it stands for none.
    """
    written = str(text)
    match = _GRAMMAR.fullmatch(written) if len(written) <= _LONGEST else None
    if match is None or (match["unit"] or "") not in _UNITS:
        raise InvalidQuantity(f"{written!r} is no amount of Kubernetes: it is written like 512, 50Mi, 1.5G or 500m")
    number = Fraction(match["number"])
    if match["exponent"]:
        return number * Fraction(10) ** int(match["exponent"][1:])
    return number * _UNITS[match["unit"] or ""]


def is_foreign(text: str | int) -> bool:
    """Whether Kubernetes refuses an amount that Kaapana's library takes."""
    match = _GRAMMAR.fullmatch(str(text))
    return match is not None and match["unit"] in _FOREIGN


def as_bytes(amount: Fraction) -> str:
    """A number of bytes as an amount, rounded up: whole `Gi`, `Mi` or `Ki` where it is that, else bytes."""
    whole = ceil(amount)
    for unit in ("Gi", "Mi", "Ki"):
        if whole and whole % _BINARY[unit] == 0:
            return f"{whole // _BINARY[unit]}{unit}"
    return str(whole)
