"""Go's literals as templates write them: numbers, characters and quoted strings."""

from __future__ import annotations

import re
from typing import Final

from chartkit.gotypes import INT64_MAX, INT64_MIN
from chartkit.pattern import pattern as late_pattern
from chartkit.record import dataclass

UINT64_MAX: Final = (1 << 64) - 1

_SIMPLE_ESCAPES: Final = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
}
_ESCAPE: Final = late_pattern(
    r"\\(?:([abfnrtv\\'\"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|)", re.DOTALL
)
_DIGITS: Final = {
    2: re.compile(r"0[bB](?:_?[01])+\Z"),
    8: re.compile(r"0(?:[oO]_?)?[0-7](?:_?[0-7])*\Z"),
    10: re.compile(r"(?:0|[1-9](?:_?[0-9])*)\Z"),
    16: re.compile(r"0[xX](?:_?[0-9a-fA-F])+\Z"),
    0: re.compile(r"0_[0-7](?:_?[0-7])*\Z"),
}
_DECIMAL_FLOAT: Final = late_pattern(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_HEX_FLOAT: Final = late_pattern(r"([+-]?)0[xX](?=\.?[0-9a-fA-F])([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)\Z")
_BAD_UNDERSCORE: Final = late_pattern(r"__|_\Z|_[.eEpP+-]|[.eEpP+-]_|(?<![0-9a-fA-FxX])_")


_MOST_DIGITS: Final = 4000
# Python refuses to read a number of thousands of digits; it fits no integer of Go's anyway.
_FAR_TOO_LARGE: Final = 1 << 80


class InvalidLiteral(ValueError):
    """A literal that Go's parser refuses; the text is Go's."""


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric constant with every type it can serve as; `None` where it cannot.

    Attributes:
        text: as written.
        integer: as int64.
        unsigned: as uint64.
        real: as float64.
        imaginary: as complex128, for constants with an `i`.
    """

    text: str
    integer: int | None = None
    unsigned: int | None = None
    real: float | None = None
    imaginary: complex | None = None


def parse_integer(text: str) -> int | None:
    """A Go integer literal with optional sign, prefix and underscores; `None` where it is none.

    Source of the rule: Go's strconv.ParseInt with base 0.
    """
    digits = text.lstrip("+-") if text[:1] in ("+", "-") and text[1:2] not in ("+", "-") else text
    sign = -1 if text[:1] == "-" else 1
    for base, pattern in _DIGITS.items():
        if pattern.match(digits):
            body = digits.replace("_", "")
            if len(body) > _MOST_DIGITS:
                return sign * _FAR_TOO_LARGE
            if base in (0, 8):
                return sign * int(body.lower().replace("0o", "0", 1), 8)
            return sign * int(body, base)
    return None


def parse_float(text: str) -> float | None:
    """A Go floating-point literal, decimal or hexadecimal; `None` where it is none or too large.

    Source of the rule: Go's strconv.ParseFloat; an underscore stands between two digits.
    """
    if "_" in text:
        # Behind the prefix of a hexadecimal number one may stand as well.
        if _BAD_UNDERSCORE.search(text):
            return None
        text = text.replace("_", "")
    if _DECIMAL_FLOAT.match(text):
        value = float(text)
        return None if value in (float("inf"), float("-inf")) else value
    match = _HEX_FLOAT.match(text)
    if match is None:
        return None
    try:
        return float.fromhex(f"{match[1]}0x{match[2] or '0'}.{match[3] or '0'}p{match[4]}")
    except OverflowError:
        return None


def parse_number(text: str) -> Number:
    """A number token as a `Number`.

    Raises:
        InvalidLiteral: the token is no number, or an integer of more than 64 bits.
    """
    if text.endswith("i"):
        imaginary = parse_float(text[:-1])
        if imaginary is not None:
            return _complex_number(text, complex(0, imaginary))
    integer = parse_integer(text)
    if integer is not None and INT64_MIN <= integer <= UINT64_MAX:
        signed = integer if integer <= INT64_MAX else None
        unsigned = integer if integer >= 0 and (text[:1] not in "+-" or integer == 0) else None
        if signed is not None or unsigned is not None:
            return Number(text, signed, unsigned, float(integer))
    real = parse_float(text)
    if real is None:
        raise InvalidLiteral(f'illegal number syntax: "{text}"')
    if not set(".eEpP") & set(text):
        raise InvalidLiteral(f'integer overflow: "{text}"')
    return Number(text, *_whole(real), real)


def parse_complex(text: str) -> Number:
    """A complex token such as `1+2i`.

    Raises:
        InvalidLiteral: one of the two parts is no number.
    """
    cut = max(text.rfind("+"), text.rfind("-"))
    if cut > 0 and text[cut - 1] in "eEpP":
        cut = max(text.rfind("+", 0, cut), text.rfind("-", 0, cut))
    real, imaginary = parse_float(text[:cut]), parse_float(text[cut:-1])
    if real is None or imaginary is None:
        raise InvalidLiteral("syntax error scanning complex number")
    return _complex_number(text, complex(real, imaginary))


def parse_character(text: str) -> Number:
    """A character constant such as `'a'` or `'\\n'`.

    Raises:
        InvalidLiteral: there is not exactly one character between the quotes, or a bad escape.
    """
    body = text[1:-1]
    if not body or body == "'":
        raise InvalidLiteral("invalid syntax")
    if body[0] == "\\":
        match = _ESCAPE.match(body)
        value = None if match is None else _escape_value(match, "'")
        if match is None or value is None:
            raise InvalidLiteral("invalid syntax")
        rest = body[match.end() :]
    else:
        value, rest = ord(body[0]), body[1:]
    if rest:
        raise InvalidLiteral(f"malformed character constant: {text}")
    return Number(text, value, value, float(value))


def unquote(text: str) -> str:
    """The text that a quoted or raw Go string literal stands for.

    Bytes written as `\\xHH` or octal that form no valid UTF-8 become lone surrogates.

    Raises:
        InvalidLiteral: a bad escape.
    """
    if text[0] == "`":
        return text[1:-1].replace("\r", "")
    body = text[1:-1]
    if "\\" not in body:
        return body
    parts: list[bytes] = []
    end = 0
    for match in _ESCAPE.finditer(body):
        parts.append(body[end : match.start()].encode("utf-8", "surrogateescape"))
        value = _escape_value(match, '"')
        if value is None:
            raise InvalidLiteral("invalid syntax")
        one_byte = match[2] is not None or match[3] is not None
        parts.append(bytes((value,)) if one_byte else chr(value).encode("utf-8"))
        end = match.end()
    parts.append(body[end:].encode("utf-8", "surrogateescape"))
    return b"".join(parts).decode("utf-8", "surrogateescape")


def _escape_value(match: re.Match[str], quote: str) -> int | None:
    """The code point or byte of one escape; `None` for an escape that Go does not know."""
    simple, hexadecimal, octal, short, long = match.groups()
    if simple is not None:
        if simple in "'\"":
            return ord(simple) if simple == quote else None
        return ord(_SIMPLE_ESCAPES[simple])
    if hexadecimal is not None:
        return int(hexadecimal, 16)
    if octal is not None:
        value = int(octal, 8)
        return value if value <= 255 else None
    digits = short or long
    if digits is None:
        return None
    value = int(digits, 16)
    return None if value > 0x10FFFF or 0xD800 <= value <= 0xDFFF else value


def _complex_number(text: str, value: complex) -> Number:
    if value.imag != 0:
        return Number(text, imaginary=value)
    return Number(text, *_whole(value.real), value.real, value)


def _whole(real: float) -> tuple[int | None, int | None]:
    """A float as int64 and as uint64, where it is a whole number in range."""
    if real != int(real):
        return None, None
    whole = int(real)
    return (
        whole if INT64_MIN <= whole <= INT64_MAX else None,
        whole if 0 <= whole <= UINT64_MAX else None,
    )
