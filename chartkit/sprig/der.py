"""DER, the byte form of certificates."""

from __future__ import annotations

import re
from typing import Final

from chartkit.sprig.calendars import DAY, date_from_days

BOOLEAN_TRUE: Final = bytes.fromhex("0101ff")
NULL: Final = bytes.fromhex("0500")
_PRINTABLE: Final = re.compile(r"[A-Za-z0-9 '()+,\-./:=?]*")


def wrap(tag: int, *parts: bytes) -> bytes:
    """A value with its tag and length."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts: bytes) -> bytes:
    """A sequence of values."""
    return wrap(0x30, *parts)


def integer(number: int) -> bytes:
    """A whole number that is not negative."""
    return wrap(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(content: bytes) -> bytes:
    """A string of bytes."""
    return wrap(0x04, content)


def bits(content: bytes, unused: int = 0) -> bytes:
    """A string of bits; the last `unused` ones do not count."""
    return wrap(0x03, bytes([unused]), content)


def identifier(dotted: str) -> bytes:
    """An object identifier such as `2.5.4.3`."""
    first, second, *rest = (int(word) for word in dotted.split("."))
    return wrap(0x06, bytes([first * 40 + second]), *(_base128(number) for number in rest))


def _base128(number: int) -> bytes:
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(0x80 | number & 0x7F)
    return bytes(reversed(out))


def text(value: str) -> bytes:
    """A text, as a PrintableString where its characters allow."""
    return wrap(0x13 if _PRINTABLE.fullmatch(value) else 0x0C, value.encode())


def moment(seconds: int) -> bytes:
    """A moment, as UTCTime for the years 1950 to 2049."""
    days, clock = divmod(seconds, DAY)
    year, month, day = date_from_days(days)
    rest = f"{month:02d}{day:02d}{clock // 3600:02d}{clock // 60 % 60:02d}{clock % 60:02d}Z"
    if 1950 <= year < 2050:
        return wrap(0x17, f"{year % 100:02d}{rest}".encode())
    return wrap(0x18, f"{year:04d}{rest}".encode())
