"""What a plain scalar means in YAML 1.1 as go-yaml reads it: null, a bool, a number, a timestamp or text."""

from __future__ import annotations

from typing import Any, Final

from chartkit.pattern import pattern

STR: Final = "!!str"
INT: Final = "!!int"
FLOAT: Final = "!!float"
BOOL: Final = "!!bool"
NULL: Final = "!!null"
TIMESTAMP: Final = "!!timestamp"
BINARY: Final = "!!binary"
MERGE: Final = "!!merge"

TAG_PREFIX: Final = "tag:yaml.org,2002:"
UINT64_LIMIT: Final = 1 << 64
INT64_LIMIT: Final = 1 << 63

_WORDS: Final[dict[str, tuple[str, Any]]] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), (BOOL, True)),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), (BOOL, False)),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), (NULL, None)),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), (FLOAT, float("nan"))),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), (FLOAT, float("inf"))),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), (FLOAT, float("-inf"))),
}
_WORD_STARTS: Final = frozenset("yYnNtTfFoO~")

_DECIMAL: Final = pattern(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_RADIX: Final = pattern(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+))\Z")
_SIGNED_BINARY: Final = pattern(r"0b([-+][01]+)\Z")
_FLOAT: Final = pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_DOT_FLOAT: Final = pattern(r"\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?\Z")
_TIMESTAMP: Final = pattern(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]| +)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(Z|[-+]([0-9]{2}):([0-9]{2}))?)?\Z"
)
_BASE60: Final = pattern(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def resolve(text: str, tag: str = "") -> tuple[str, Any]:
    """The tag and the value of a plain scalar; numbers are `int` or `float`, timestamps stay text.

    `tag` is the scalar's own tag, which only decides whether a timestamp may be seen.
    """
    first = text[:1]
    if first in _WORD_STARTS:
        return _WORDS.get(text, (STR, text))
    if first == ".":
        return _resolve_dotted(text)
    if first in "+-0123456789" and first:
        return _resolve_number(text, tag)
    return (STR, text) if first else (NULL, None)


def is_base60(text: str) -> bool:
    """Whether YAML 1.1 takes the text for a number in base 60: go-yaml reads it as text but writes it quoted."""
    return _BASE60.match(text) is not None


def _resolve_dotted(text: str) -> tuple[str, Any]:
    """What a text means that starts with a point."""
    word = _WORDS.get(text)
    if word:
        return word
    return _finite(text, text) if _DOT_FLOAT.match(text) else (STR, text)


def _resolve_number(text: str, tag: str) -> tuple[str, Any]:
    """What a text means that starts with a digit or a sign."""
    word = _WORDS.get(text)
    if word:
        return word
    if tag in ("", TIMESTAMP) and text[4:5] == "-" and _is_timestamp(text):
        return TIMESTAMP, text
    plain = text.replace("_", "") if "_" in text else text
    number = _integer(plain)
    if number is not None:
        return INT, number
    if _FLOAT.match(plain):
        return _finite(plain, text)
    return STR, text


def _integer(plain: str) -> int | None:
    """The text as a whole number of at most 64 bits, in any of Go's notations."""
    if _DECIMAL.match(plain):
        if len(plain) > 20:
            return None
        number = int(plain)
    else:
        number_or_none = _radix_integer(plain)
        if number_or_none is None:
            return None
        number = number_or_none
    limit = INT64_LIMIT if plain[0] in "+-" else UINT64_LIMIT
    return number if -INT64_LIMIT <= number < limit else None


def _radix_integer(plain: str) -> int | None:
    """A whole number in base 2, 8 or 16."""
    found = _RADIX.match(plain)
    if found is None:
        odd = _SIGNED_BINARY.match(plain)
        return int(odd[1], 2) if odd else None
    sign, hexadecimal, binary, octal = found.groups()
    base = 16 if hexadecimal else 2 if binary else 8
    number = int(hexadecimal or binary or octal, base)
    return -number if sign == "-" else number


def _finite(plain: str, text: str) -> tuple[str, Any]:
    """A float; one too large for 64 bits stays text."""
    number = float(plain)
    return (STR, text) if number in (float("inf"), float("-inf")) else (FLOAT, number)


def _is_timestamp(text: str) -> bool:
    """Whether Go's time parser takes the text for a date or a time."""
    found = _TIMESTAMP.match(text)
    if found is None:
        return False
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if not 1 <= month <= 12:
        return False
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= day <= _MONTH_DAYS[month - 1] + leap:
        return False
    if found[4] is None:
        return True
    if (text[found.end(3)] in "Tt") != (found[7] is not None):
        return False
    if found[8] is not None and (int(found[8]) > 24 or int(found[9]) > 60):
        return False
    return int(found[4]) < 24 and int(found[5]) < 60 and int(found[6]) < 60
