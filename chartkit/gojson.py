"""JSON as Go's encoding/json reads and writes it.

Two readers: Python's own scanner takes whatever both accept alike; all else goes to `chartkit.gojson_reader`, which
words the errors as Go does.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable, Iterable
from json import JSONDecoder
from json.encoder import encode_basestring as _quoted
from math import isfinite
from typing import Any, Final

from chartkit.gojson_reader import SURROGATE, JSONError, read_prefix, read_whole
from chartkit.gotemplate.gofloat import format_float, json_float
from chartkit.gotypes import GoObject, Int64, NilMap, NilSlice, NilStringMap, Uint8, Uint32, Uint64, go_type
from chartkit.limits import hold_size
from chartkit.pattern import pattern

__all__ = ["JSONError", "decode", "decode_prefix", "encode"]

_CYCLE: Final = "json: unsupported value: encountered a cycle via map[string]interface {}"
_SURROGATE_ESCAPE: Final = pattern(r"\\u[dD][89a-fA-F]")


def encode(value: Any, *, escape_html: bool = True, indent: str = "", raw_invalid_utf8: bool = False) -> str:
    """A value as JSON text.

    Args:
        value: what to encode; map keys are sorted.
        escape_html: write `<`, `>` and `&` as escapes.
        indent: what to indent each level by; empty for text on one line.
        raw_invalid_utf8: write undecodable bytes as the character U+FFFD, not as its escape.

    Raises:
        JSONError: the value holds what JSON cannot, such as NaN.
    """
    if isinstance(value, (dict, list)):
        hold_size(value)
    try:
        text = _encode(value, indent, "\n" if indent else "")
    except RecursionError:
        raise JSONError(_CYCLE) from None
    if escape_html:
        text = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    if text.isascii():
        return text
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return SURROGATE.sub("\ufffd" if raw_invalid_utf8 else r"\\ufffd", text)


def decode(text: str, *, v2_errors: bool = False) -> Any:
    """The value of a JSON text, as Go decodes it into an interface{}: every number a float64.

    Args:
        text: one JSON value, with white space around it.
        v2_errors: word the errors as Go's second JSON engine does.

    Raises:
        JSONError: the text is not JSON, or a number is too large.
    """
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return read_whole(text, v2_errors=v2_errors)
    if ("\\u" in text and _SURROGATE_ESCAPE.search(text)) or (not text.isascii() and SURROGATE.search(text)):
        return _repaired(value)
    return value


def decode_prefix(text: str, start: int = 0, *, v2_errors: bool = False) -> tuple[Any, int]:
    """The JSON value that begins at `start` or after white space there, and where it ends.

    Raises:
        JSONError: there is no whole value; at the end of the text `EOF` or `unexpected EOF`.
    """
    return read_prefix(text, start, v2_errors=v2_errors)


def _encode(value: Any, indent: str, lead: str) -> str:
    """One value; `lead` is the line break and indentation of the line that it starts on."""
    scalar = _SCALARS.get(type(value))
    if scalar is not None:
        return scalar(value)
    if isinstance(value, dict):
        return _object([(key, value[key]) for key in sorted(value)], indent, lead)
    if isinstance(value, list):
        return _array(value, indent, lead)
    return _go_object(value, indent, lead)


def _object(pairs: Iterable[tuple[str, Any]], indent: str, lead: str) -> str:
    """Keys and values in the order given."""
    colon = ": " if indent else ":"
    inner = lead + indent
    parts = [
        f"{_quoted(key)}{colon}{_quoted(value) if type(value) is str else _encode(value, indent, inner)}"
        for key, value in pairs
    ]
    return f"{{{inner}{f',{inner}'.join(parts)}{lead}}}" if parts else "{}"


def _array(items: list[Any], indent: str, lead: str) -> str:
    """A list."""
    inner = lead + indent
    parts = [_quoted(item) if type(item) is str else _encode(item, indent, inner) for item in items]
    return f"[{inner}{f',{inner}'.join(parts)}{lead}]" if parts else "[]"


def _go_object(value: Any, indent: str, lead: str) -> str:
    """What stands for a named type; a struct's fields keep their order."""
    if not isinstance(value, GoObject):
        raise JSONError(f"json: unsupported type: {go_type(value)}")
    content = value.go_json()
    if isinstance(content, dict) and value.go_kind in ("struct", "ptr"):
        return _object(content.items(), indent, lead)
    return _encode(content, indent, lead)


def _float(value: float) -> str:
    """A float; JSON knows no infinities."""
    if not isfinite(value):
        raise JSONError(f"json: unsupported value: {format_float(value)}")
    return json_float(value)


_SCALARS: Final[dict[type, Callable[[Any], str]]] = {
    str: _quoted,
    float: _float,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
    bytes: lambda value: f'"{b2a_base64(value, newline=False).decode("ascii")}"',
    **dict.fromkeys((int, Int64, Uint64, Uint32, Uint8), str),
    **dict.fromkeys((NilSlice, NilMap, NilStringMap), lambda value: "null"),
}


def _number(text: str) -> float:
    """A number as float64; one beyond its range is left to the exact reader."""
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value


def _no_constant(text: str) -> float:
    """Python's scanner takes NaN and Infinity, Go's does not."""
    raise ValueError(text)


_DECODER: Final = JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=_no_constant)


def _repaired(value: Any) -> Any:
    """The value with U+FFFD for what is no character: lone surrogate escapes and undecodable bytes."""
    if isinstance(value, str):
        return SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {SURROGATE.sub("\ufffd", key): _repaired(item) for key, item in value.items()}
    return [_repaired(item) for item in value] if isinstance(value, list) else value
