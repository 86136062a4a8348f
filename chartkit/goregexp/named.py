"""The named character classes: Perl's (`\\d`), POSIX's (`[:alpha:]`) and Unicode's (`\\p{Greek}`)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from chartkit.goregexp.charclass import ANY, CharClass, clean, negate

_DIGIT: Final = ((0x30, 0x39),)
_SPACE: Final = ((0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20))
_WORD: Final = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))

PERL: Final[dict[str, CharClass]] = {"d": _DIGIT, "s": _SPACE, "w": _WORD}
"""The classes written as a backslash and a letter; the capital letter is the opposite."""

POSIX: Final[dict[str, CharClass]] = {
    "alnum": ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)),
    "alpha": ((0x41, 0x5A), (0x61, 0x7A)),
    "ascii": ((0x00, 0x7F),),
    "blank": ((0x09, 0x09), (0x20, 0x20)),
    "cntrl": ((0x00, 0x1F), (0x7F, 0x7F)),
    "digit": _DIGIT,
    "graph": ((0x21, 0x7E),),
    "lower": ((0x61, 0x7A),),
    "print": ((0x20, 0x7E),),
    "punct": ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)),
    "space": ((0x09, 0x0D), (0x20, 0x20)),
    "upper": ((0x41, 0x5A),),
    "word": _WORD,
    "xdigit": ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)),
}
"""The classes written inside brackets as `[:name:]`."""


@lru_cache(maxsize=256)
def unicode_class(name: str) -> CharClass | None:
    """The class of a Unicode category or script, or `None` for an unknown name."""
    # The tables are read by the few patterns that name a Unicode class.
    from chartkit.goregexp.unicode_tables import ALIASES, CATEGORIES, SCRIPTS

    key = _canonical(name)
    key = ALIASES.get(key, key)
    match key:
        case "any":
            return ANY
        case "ascii":
            return ((0, 0x7F),)
        case "assigned":
            return negate(_unpack(CATEGORIES["cn"]))
        case "lc":
            return clean(pair for part in ("ll", "lt", "lu") for pair in _unpack(CATEGORIES[part]))
    if len(key) == 1:
        parts = [_unpack(text) for category, text in CATEGORIES.items() if category[0] == key]
        return clean(pair for part in parts for pair in part) or None
    packed = CATEGORIES.get(key) or SCRIPTS.get(key)
    return _unpack(packed) if packed else None


def _canonical(name: str) -> str:
    return name.replace("_", "").replace("-", "").replace(" ", "").lower()


def _unpack(text: str) -> CharClass:
    """Read a table: by turns the distance to the next range and its length, in base 36."""
    numbers = [int(word, 36) for word in text.split()]
    out = []
    at = 0
    for distance, length in zip(numbers[::2], numbers[1::2], strict=True):
        out.append((at + distance, at + distance + length - 1))
        at += distance + length
    return tuple(out)
