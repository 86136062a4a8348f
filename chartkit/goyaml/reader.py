"""Which bytes go-yaml refuses, and how far it reads before it meets them."""

from __future__ import annotations

from typing import Final

from chartkit.goyaml.failure import YAMLError
from chartkit.pattern import pattern

# Go hands its decoder this many bytes at a time: a fault in a chunk is met before anything else in that chunk.
BYTE_ORDER_MARK: Final = "\ufeff"
_CHUNK: Final = 512

_INCOMPLETE: Final = "incomplete UTF-8 octet sequence"
_REFUSED: Final = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def readable(text: str, marked: bool) -> tuple[str, YAMLError | None]:
    """The part of a text that Go decodes, and the error that it raises behind it.

    `marked` says that a byte order mark stood before the text.
    """
    found = _REFUSED.search(text)
    if found is None:
        return text, None
    data = text.encode("utf-8", "surrogateescape")
    prefix = text[: found.start()].encode("utf-8")
    problem = _problem(data, len(prefix))
    if problem == _INCOMPLETE:
        decoded = text[: found.start()]
    else:
        decoded = data[: _chunk_start(data, len(prefix), 3 if marked else 0)].decode("utf-8")
    return decoded, YAMLError("yaml: " + problem, found.start())


def utf16_text(text: str) -> str:
    """A text whose undecodable first bytes may be a byte order mark of UTF-16, decoded as such."""
    if text[:2] not in ("\udcff\udcfe", "\udcfe\udcff"):
        return text
    codec = "utf-16-le" if text[0] == "\udcff" else "utf-16-be"
    return text.encode("utf-8", "surrogateescape")[2:].decode(codec, "replace")


def _chunk_start(data: bytes, bad: int, skipped: int) -> int:
    """The offset of the chunk that holds the character at `bad`; a chunk never cuts a character."""
    width = _width(data[bad])
    start, end = 0, _CHUNK - skipped
    while end < bad + width:
        start = min(end, bad)
        while start < len(data) and data[start] & 0xC0 == 0x80 and end - start < 4:
            start -= 1
        end = start + _CHUNK
    return start


def _width(lead: int) -> int:
    """How many bytes a first byte announces; 1 for one that cannot be a first byte."""
    if lead < 0xC0 or lead >= 0xF8:
        return 1
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4


def _problem(data: bytes, at: int) -> str:
    """What is wrong with the character at an offset."""
    lead = data[at]
    width = _width(lead)
    if width == 1 and lead >= 0x80:
        return "invalid leading UTF-8 octet"
    if at + width > len(data):
        return _INCOMPLETE
    trail = data[at + 1 : at + width]
    if any(octet & 0xC0 != 0x80 for octet in trail):
        return "invalid trailing UTF-8 octet"
    code = lead & (0x7F if width == 1 else 0xFF >> (width + 1))
    for octet in trail:
        code = code << 6 | octet & 0x3F
    if code < (0, 0, 0x80, 0x800, 0x10000)[width]:
        return "invalid length of a UTF-8 sequence"
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "invalid Unicode character"
    return "control characters are not allowed"
