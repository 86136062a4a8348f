"""Go's view of characters: simple case mappings, classes, and text as bytes.

Go maps one rune to one rune, where Python's `str.upper` may give several characters; and Go counts in bytes.
"""

from __future__ import annotations

from typing import Final
from unicodedata import category

from chartkit.pattern import pattern

SPACES: Final = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"  # noqa: E501
"""Every character of Go's unicode.IsSpace."""
_UNDECODABLE: Final = pattern("[\udc80-\udcff]")


def upper_rune(rune: str) -> str:
    """The upper-case form of one character, or itself where it has no form of one character."""
    for form in (rune.upper(), rune.title()):
        if len(form) == 1:
            return form
    return rune


def lower_rune(rune: str) -> str:
    """The lower-case form of one character."""
    # Only U+0130 grows; Go maps it to a plain i.
    return rune.lower()[0]


def title_rune(rune: str) -> str:
    """The title-case form of one character."""
    form = rune.title()
    return form if len(form) == 1 else rune


def is_upper(rune: str) -> bool:
    """Whether a character is an upper-case letter."""
    return rune.isupper() and category(rune) == "Lu"


def is_lower(rune: str) -> bool:
    """Whether a character is a lower-case letter."""
    return rune.islower() and category(rune) == "Ll"


def is_title(rune: str) -> bool:
    """Whether a character is a title-case letter, such as U+01C5."""
    return rune.istitle() and category(rune) == "Lt"


def to_upper(text: str) -> str:
    """Go's strings.ToUpper."""
    return text.upper() if text.isascii() else "".join(map(upper_rune, with_replacements(text)))


def to_lower(text: str) -> str:
    """Go's strings.ToLower."""
    return text.lower() if text.isascii() else "".join(map(lower_rune, with_replacements(text)))


def with_replacements(text: str) -> str:
    """The text as Go's []rune has it: every undecodable byte becomes U+FFFD."""
    return text if text.isascii() else _UNDECODABLE.sub("\ufffd", text)


def to_bytes(text: str) -> bytes:
    """The bytes of a Go string."""
    return text.encode("utf-8", "surrogateescape")


def from_bytes(data: bytes) -> str:
    """A Go string out of its bytes."""
    return data.decode("utf-8", "surrogateescape")


def byte_text(text: str) -> str:
    """A text with one character per byte, so that indices count bytes; ASCII stays the same object."""
    return text if text.isascii() else to_bytes(text).decode("latin-1")


def from_byte_text(text: str) -> str:
    """The inverse of `byte_text`."""
    return text if text.isascii() else from_bytes(text.encode("latin-1"))
