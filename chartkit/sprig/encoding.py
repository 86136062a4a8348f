"""Sprig's and Helm's encodings: base 64 and 32, check sums and JSON.

Functions without `must` swallow errors: encoders of JSON give nothing, all others give the error text in the result.
"""

from __future__ import annotations

import base64
import re
from typing import Any, Final

from chartkit.ambient import Ambient
from chartkit.gojson import JSONError, decode, encode
from chartkit.gotypes import Function, FunctionError, NilMap, NilSlice, go_kind
from chartkit.sprig.runes import byte_text, from_bytes, to_bytes

_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z")
_BASE64_SYMBOLS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_BASE32_SYMBOLS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_LINE_BREAKS: Final = "\r\n"
_WITHOUT_LINE_BREAKS: Final = str.maketrans("", "", _LINE_BREAKS)
_JSON_KINDS: Final = {"slice": "array", "map": "object", "float64": "number"}


def b64enc(text: str) -> str:
    """Base 64 of a text."""
    return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")


def b64dec(text: str) -> str:
    """The text out of its base 64, or what is wrong with that."""
    joined = text.translate(_WITHOUT_LINE_BREAKS)
    if not _BASE64.match(joined):
        return f"illegal base64 data at input byte {_base64_fault(byte_text(text))}"
    return from_bytes(base64.b64decode(joined))


def _base64_fault(text: str) -> int:
    """The position that Go names for text that is no base 64: it reads four symbols at a time."""
    at = 0
    while True:
        count = 0
        while count < 4:
            if at == len(text):
                return at - count
            symbol = text[at]
            at += 1
            if symbol in _BASE64_SYMBOLS:
                count += 1
            elif symbol not in _LINE_BREAKS:
                return _base64_padding_fault(text, at, count) if symbol == "=" else at - 1


def _base64_padding_fault(text: str, at: int, count: int) -> int:
    """The position of what is wrong after the first `=`, which follows `count` symbols of its group."""
    if count < 2:
        return at - 1
    if count == 2:
        at = _after_line_breaks(text, at)
        if at == len(text):
            return at
        if text[at] != "=":
            return at - 1
        at += 1
    return _after_line_breaks(text, at)


def _after_line_breaks(text: str, at: int) -> int:
    while at < len(text) and text[at] in _LINE_BREAKS:
        at += 1
    return at


def b32enc(text: str) -> str:
    """Base 32 of a text."""
    return base64.b32encode(to_bytes(text)).decode("ascii")


def b32dec(text: str) -> str:
    """The text out of its base 32, or what is wrong with that. What follows the padding is not looked at."""
    joined = byte_text(text).translate(_WITHOUT_LINE_BREAKS)
    symbols, fault = _base32_symbols(joined)
    if fault is not None:
        return f"illegal base32 data at input byte {fault}"
    return from_bytes(base64.b32decode(symbols + "=" * (-len(symbols) % 8)))


def _base32_symbols(text: str) -> tuple[str, int | None]:
    """The symbols before the padding, and the position of a fault."""
    size = len(text)
    for at, symbol in enumerate(text):
        count = at % 8
        if symbol == "=" and count >= 2 and size - at - 1 < 8:
            return text[:at], _base32_padding_fault(text, at + 1, count)
        if symbol not in _BASE32_SYMBOLS:
            return "", at
    return text, size - size % 8 if size % 8 else None


def _base32_padding_fault(text: str, at: int, count: int) -> int | None:
    missing = 7 - count
    if len(text) - at < missing:
        return len(text)
    for index, symbol in enumerate(text[at : at + missing]):
        if symbol != "=":
            return at + index - 1
    return at - 1 if count in (1, 3, 6) else None


def sha1sum(text: str) -> str:
    """SHA-1 in hexadecimal digits."""
    import hashlib

    return hashlib.sha1(to_bytes(text), usedforsecurity=False).hexdigest()


def sha256sum(text: str) -> str:
    """SHA-256 in hexadecimal digits."""
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def sha512sum(text: str) -> str:
    """SHA-512 in hexadecimal digits."""
    import hashlib

    return hashlib.sha512(to_bytes(text)).hexdigest()


def adler32sum(text: str) -> str:
    """Adler-32 in decimal digits."""
    import zlib

    return str(zlib.adler32(to_bytes(text)))


def must_to_json(ambient: Ambient, value: Any) -> str:
    """JSON on one line, safe inside HTML."""
    return _encode(ambient, value)


def to_json(ambient: Ambient, value: Any) -> str:
    """JSON on one line, or nothing where a value has no JSON."""
    try:
        return encode(value, raw_invalid_utf8=not ambient.profile.json_escapes_invalid_utf8)
    except JSONError:
        return ""


def must_to_pretty_json(ambient: Ambient, value: Any) -> str:
    """JSON with an indent of two."""
    return _encode(ambient, value, indent="  ")


def to_pretty_json(ambient: Ambient, value: Any) -> str:
    """JSON with an indent of two, or nothing where a value has no JSON."""
    try:
        return must_to_pretty_json(ambient, value)
    except FunctionError:
        return ""


def to_raw_json(ambient: Ambient, value: Any) -> str:
    """JSON on one line that keeps `<`, `>` and `&`."""
    return _encode(ambient, value, escape_html=False)


def _encode(ambient: Ambient, value: Any, *, indent: str = "", escape_html: bool = True) -> str:
    raw = not ambient.profile.json_escapes_invalid_utf8
    try:
        return encode(value, escape_html=escape_html, indent=indent, raw_invalid_utf8=raw)
    except JSONError as error:
        raise FunctionError(str(error)) from error


def must_from_json(ambient: Ambient, text: str) -> Any:
    """The value of a JSON text."""
    try:
        return decode(text, v2_errors=ambient.profile.json_errors_v2)
    except JSONError as error:
        raise FunctionError(str(error)) from error


def from_json(ambient: Ambient, text: str) -> dict[str, Any]:
    """The map of a JSON text; an error goes under the key `Error`."""
    value, fault = _decode(ambient, text)
    if value is None:
        return {"Error": fault} if fault else NilMap()
    if type(value) is not dict:
        fault = _mismatch(value, "map[string]interface {}")
        value = {}
    return {**value, "Error": fault} if fault else value


def from_json_array(ambient: Ambient, text: str) -> list[Any]:
    """The list of a JSON text; an error is the only item."""
    value, fault = _decode(ambient, text)
    if value is None:
        return [fault] if fault else NilSlice()
    if type(value) is not list:
        fault = _mismatch(value, "[]interface {}")
    return [fault] if fault else value


def _decode(ambient: Ambient, text: str) -> tuple[Any, str]:
    """The value of a JSON text, as far as there is one, and the error text or nothing."""
    try:
        return decode(text, v2_errors=ambient.profile.json_errors_v2), ""
    except JSONError as error:
        return error.partial, str(error)


def _mismatch(value: Any, wanted: str) -> str:
    kind = go_kind(value)
    return f"json: cannot unmarshal {_JSON_KINDS.get(kind, kind)} into Go value of type {wanted}"


FUNCTIONS: Final = (
    Function("adler32sum", adler32sum, ("string",)),
    Function("b32dec", b32dec, ("string",)),
    Function("b32enc", b32enc, ("string",)),
    Function("b64dec", b64dec, ("string",)),
    Function("b64enc", b64enc, ("string",)),
    Function("fromJson", from_json, ("string",), ambient=True, pure=False),
    Function("fromJsonArray", from_json_array, ("string",), ambient=True, pure=False),
    Function("mustFromJson", must_from_json, ("string",), ambient=True, pure=False),
    Function("mustToJson", must_to_json, ("any",), ambient=True),
    Function("mustToPrettyJson", must_to_pretty_json, ("any",), ambient=True),
    Function("mustToRawJson", to_raw_json, ("any",), ambient=True),
    Function("sha1sum", sha1sum, ("string",)),
    Function("sha256sum", sha256sum, ("string",)),
    Function("sha512sum", sha512sum, ("string",)),
    Function("toJson", to_json, ("any",), ambient=True),
    Function("toPrettyJson", to_pretty_json, ("any",), ambient=True),
    Function("toRawJson", to_raw_json, ("any",), ambient=True),
)
