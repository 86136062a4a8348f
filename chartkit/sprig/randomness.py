"""Sprig's random functions: all randomness comes from the render's `Ambient`, where each call also leaves its name."""

from __future__ import annotations

import base64
import string
from typing import Final

from chartkit.ambient import Ambient
from chartkit.errors import LimitError
from chartkit.gotypes import Function, FunctionError
from chartkit.sprig.runes import with_replacements

_PRINTABLE: Final = "".join(map(chr, range(32, 127)))


def _check_count(ambient: Ambient, count: int) -> None:
    if count > ambient.limits.output_characters:
        raise LimitError(f"a random text is longer than {ambient.limits.output_characters} characters")


def _characters(ambient: Ambient, name: str, alphabet: str, count: int) -> str:
    ambient.uses.add(name)
    _check_count(ambient, count)
    return "".join(ambient.random.choices(alphabet, k=count)) if count > 0 else ""


def rand_alpha_num(ambient: Ambient, count: int) -> str:
    """Random letters and digits."""
    return _characters(ambient, "randAlphaNum", string.ascii_letters + string.digits, count)


def rand_alpha(ambient: Ambient, count: int) -> str:
    """Random letters."""
    return _characters(ambient, "randAlpha", string.ascii_letters, count)


def rand_numeric(ambient: Ambient, count: int) -> str:
    """Random digits."""
    return _characters(ambient, "randNumeric", string.digits, count)


def rand_ascii(ambient: Ambient, count: int) -> str:
    """Random printable characters."""
    return _characters(ambient, "randAscii", _PRINTABLE, count)


def rand_bytes(ambient: Ambient, count: int) -> str:
    """Random bytes in base 64."""
    ambient.uses.add("randBytes")
    if count < 0:
        raise FunctionError("runtime error: makeslice: len out of range")
    _check_count(ambient, count)
    return base64.b64encode(ambient.random.randbytes(count)).decode("ascii")


def rand_int(ambient: Ambient, low: int, high: int) -> int:
    """A random whole number from `low` up to before `high`."""
    ambient.uses.add("randInt")
    if high <= low:
        raise FunctionError("invalid argument to Intn")
    return ambient.random.randrange(low, high)


def shuffle(ambient: Ambient, text: str) -> str:
    """The characters in random order."""
    ambient.uses.add("shuffle")
    characters = list(with_replacements(text))
    ambient.random.shuffle(characters)
    return "".join(characters)


def uuidv4(ambient: Ambient) -> str:
    """A random UUID of version 4."""
    ambient.uses.add("uuidv4")
    bits = ambient.random.getrandbits(128) & ~(0xF000 << 64 | 0xC000 << 48) | 0x4000 << 64 | 0x8000 << 48
    digits = f"{bits:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


FUNCTIONS: Final = (
    Function("randAlpha", rand_alpha, ("int",), ambient=True, pure=False),
    Function("randAlphaNum", rand_alpha_num, ("int",), ambient=True, pure=False),
    Function("randAscii", rand_ascii, ("int",), ambient=True, pure=False),
    Function("randBytes", rand_bytes, ("int",), ambient=True, pure=False),
    Function("randInt", rand_int, ("int", "int"), ambient=True, pure=False),
    Function("randNumeric", rand_numeric, ("int",), ambient=True, pure=False),
    Function("shuffle", shuffle, ("string",), ambient=True, pure=False),
    Function("uuidv4", uuidv4, (), ambient=True, pure=False),
)
