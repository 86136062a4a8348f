"""How memory grows with the size of the input: `2*n`, `1.5*n**2`; `n` is a number of bytes.

coefficient  [sign] [digits] [. digits]   default 1
complexity   coefficient [*] n [** digits]   the exponent's default is 1
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

PATTERN: Final = r"^[-+]?\d*(\.\d+)?\*?n(\*\*\d+)?$"
"""What a complexity looks like, as the Task API says it."""

_GRAMMAR: Final = re.compile(
    r"(?P<sign>[-+]?)(?P<number>[0-9]*(?:\.[0-9]+)?)(?P<times>\*?)n(?:\*\*(?P<exponent>[0-9]+))?"
)
_UPSTREAM: Final = re.compile(r"[-+]?[0-9]+\*n\*\*[0-9]+")
# Far beyond any memory, and near enough that the number is written out at once.
_LARGEST_EXPONENT: Final = 64
_LONGEST: Final = 64


class InvalidComplexity(ValueError):
    """A text that is no complexity."""


@dataclass(frozen=True, slots=True)
class Complexity:
    """How memory grows: `coefficient * n ** exponent`."""

    coefficient: Fraction
    exponent: int = 1
    text: str = ""

    def at(self, size: int) -> int:
        """The bytes for an input of some bytes, rounded up; negative for a negative coefficient."""
        return ceil(self.coefficient * Fraction(size) ** self.exponent)

    @property
    def is_known_upstream(self) -> bool:
        """Whether Kaapana's own library computes it too: it takes whole numbers with both signs written only."""
        return _UPSTREAM.fullmatch(self.text) is not None

    @property
    def is_odd(self) -> bool:
        """Whether it multiplies nothing: `*n`."""
        return self.text.lstrip("+-").startswith("*")


def read_complexity(text: str) -> Complexity:
    """The complexity that a text stands for.

    Raises:
        InvalidComplexity: it stands for none.
    """
    match = _GRAMMAR.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise InvalidComplexity(f"{text!r} is no complexity: it is written like n, 2*n or 1.5*n**2")
    exponent = int(match["exponent"] or 1)
    if exponent > _LARGEST_EXPONENT:
        raise InvalidComplexity(f"{text!r} grows too fast: the exponent may be {_LARGEST_EXPONENT} at most")
    coefficient = Fraction(match["number"] or 1)
    return Complexity(-coefficient if match["sign"] == "-" else coefficient, exponent, text)


def scale_factor(factor: int) -> Complexity:
    """The complexity that a whole factor stands for."""
    return Complexity(Fraction(factor), 1, f"{factor}*n**1")
