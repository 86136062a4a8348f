"""Single characters of a pattern, plain or behind a backslash."""

from __future__ import annotations

from typing import Final

from chartkit.goregexp.charclass import MAX_CODE_POINT
from chartkit.goregexp.errors import InvalidRegexp

_CONTROLS: Final = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_OCTAL: Final = "01234567"
_HEX: Final = "0123456789abcdefABCDEF"


def next_char(text: str, at: int) -> tuple[int, int]:
    """The code point at a place and the place after it; a byte that is no UTF-8 is refused."""
    code = ord(text[at])
    if 0xDC80 <= code <= 0xDCFF:
        raise InvalidRegexp("invalid UTF-8", text[at:])
    return code, at + 1


def read_escape(text: str, start: int) -> tuple[int, int]:
    """The code point that a backslash and what follows stand for, and the place after it."""
    if start + 1 >= len(text):
        raise InvalidRegexp("trailing backslash at end of expression", "")
    code, at = next_char(text, start + 1)
    letter = chr(code)
    if code < 0x80 and not letter.isalnum():
        return code, at
    if letter == "0" or (letter in _OCTAL and at < len(text) and text[at] in _OCTAL):
        return _read_octal(text, start + 1)
    if letter == "x":
        return _read_hex(text, start, at)
    if letter in _CONTROLS:
        return _CONTROLS[letter], at
    raise InvalidRegexp("invalid escape sequence", text[start:at])


def _read_octal(text: str, start: int) -> tuple[int, int]:
    end = start
    while end < min(start + 3, len(text)) and text[end] in _OCTAL:
        end += 1
    return int(text[start:end], 8), end


def _read_hex(text: str, start: int, at: int) -> tuple[int, int]:
    """`\\x41` or `\\x{10FFFF}`; `at` is the place after the x."""
    if at >= len(text):
        raise InvalidRegexp("invalid escape sequence", text[start:at])
    code, at = next_char(text, at)
    if chr(code) == "{":
        return _read_braced_hex(text, start, at)
    if at >= len(text):
        # Go reads on past the end here and finds an invalid character of no length.
        raise InvalidRegexp("invalid escape sequence", text[start:at])
    _, end = next_char(text, at)
    digits = text[at - 1 : end]
    if any(digit not in _HEX for digit in digits):
        raise InvalidRegexp("invalid escape sequence", text[start:end])
    return int(digits, 16), end


def _read_braced_hex(text: str, start: int, at: int) -> tuple[int, int]:
    value = 0
    first = at
    while at < len(text):
        code, at = next_char(text, at)
        digit = chr(code)
        if digit == "}" and at - 1 > first:
            return value, at
        if digit not in _HEX:
            break
        value = value * 16 + int(digit, 16)
        if value > MAX_CODE_POINT:
            break
    raise InvalidRegexp("invalid escape sequence", text[start:at])
