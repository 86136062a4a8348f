"""IP addresses as Go's netip.ParseAddr reads them."""

from __future__ import annotations

import re
from typing import Final

from chartkit.sprig.timespan import quote_plainly

_HEX: Final = re.compile("[0-9a-fA-F]*")
_BYTES: Final = 16


class InvalidAddress(ValueError):
    """A text that is no IP address, in Go's words."""

    def __init__(self, text: str, reason: str, at: str = "") -> None:
        place = f" (at {quote_plainly(at)})" if at else ""
        super().__init__(f"ParseAddr({quote_plainly(text)}): {reason}{place}")


def parse_address(text: str) -> bytes:
    """The 4 or 16 bytes of an address; the zone of an IPv6 address is left out."""
    for char in text:
        if char == ".":
            return _parse_v4(text, text)
        if char == ":":
            return _parse_v6(text)
        if char == "%":
            raise InvalidAddress(text, "missing IPv6 address")
    raise InvalidAddress(text, "unable to parse IP")


def _parse_v4(whole: str, text: str) -> bytes:
    fields = [0]
    length = 0
    for at, char in enumerate(text):
        if char in "0123456789":
            if length == 1 and fields[-1] == 0:
                raise InvalidAddress(whole, "IPv4 field has octet with leading zero")
            fields[-1] = fields[-1] * 10 + int(char)
            length += 1
            if fields[-1] > 255:
                raise InvalidAddress(whole, "IPv4 field has value >255")
        elif char == ".":
            if length == 0 or at == len(text) - 1:
                raise InvalidAddress(whole, "IPv4 field must have at least one digit", text[at:])
            if len(fields) == 4:
                raise InvalidAddress(whole, "IPv4 address too long")
            fields.append(0)
            length = 0
        else:
            raise InvalidAddress(whole, "unexpected character", text[at:])
    if len(fields) < 4:
        raise InvalidAddress(whole, "IPv4 address too short")
    return bytes(fields)


def _parse_v6(whole: str) -> bytes:
    rest, percent, zone = whole.partition("%")
    if percent and not zone:
        raise InvalidAddress(whole, "zone must be a non-empty string")
    out = bytearray()
    gap = -1
    if rest.startswith("::"):
        gap = 0
        rest = rest[2:]
    while len(out) < _BYTES and (rest or not out) and not (gap == 0 and not rest):
        digits = _group(whole, rest)
        if rest[len(digits) : len(digits) + 1] == ".":
            out += _embedded_v4(whole, rest, len(out), gap)
            rest = ""
            break
        out += int(digits, 16).to_bytes(2, "big")
        rest = rest[len(digits) :]
        if not rest:
            break
        rest = _after_colon(whole, rest)
        if rest.startswith(":"):
            if gap >= 0:
                raise InvalidAddress(whole, "multiple :: in address", rest)
            gap = len(out)
            rest = rest[1:]
    return _filled(whole, rest, out, gap)


def _group(whole: str, rest: str) -> str:
    found = _HEX.match(rest)
    digits = found[0] if found else ""
    if len(digits) > 4:
        raise InvalidAddress(whole, "each group must have 4 or less digits", rest)
    if not digits:
        raise InvalidAddress(whole, "each colon-separated field must have at least one digit", rest)
    return digits


def _embedded_v4(whole: str, rest: str, length: int, gap: int) -> bytes:
    if gap < 0 and length != 12:
        raise InvalidAddress(whole, "embedded IPv4 address must replace the final 2 fields of the address", rest)
    if length > 12:
        raise InvalidAddress(whole, "too many hex fields to fit an embedded IPv4 at the end of the address", rest)
    return _parse_v4(whole, rest)


def _after_colon(whole: str, rest: str) -> str:
    if rest[0] != ":":
        raise InvalidAddress(whole, "unexpected character, want colon", rest)
    if len(rest) == 1:
        raise InvalidAddress(whole, "colon must be followed by more characters", rest)
    return rest[1:]


def _filled(whole: str, rest: str, out: bytearray, gap: int) -> bytes:
    """Put the zeros that `::` stands for in their place."""
    if rest:
        raise InvalidAddress(whole, "trailing garbage after address", rest)
    if len(out) < _BYTES:
        if gap < 0:
            raise InvalidAddress(whole, "address string too short")
        out[gap:gap] = bytes(_BYTES - len(out))
    elif gap >= 0:
        raise InvalidAddress(whole, "the :: must expand to at least one field of zeros")
    return bytes(out)
