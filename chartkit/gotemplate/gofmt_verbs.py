"""One operand under one verb of Go's Printf: flags, width, precision, and recursion into lists, maps and structs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import Any, Final

from chartkit.goquote import can_backquote, is_printable, quote, quote_ascii, quote_rune
from chartkit.gotemplate.gofloat import float_text
from chartkit.gotypes import GoObject, Int64, NilMap, NilSlice, Uint8, Uint32, Uint64, go_kind, go_type

POINTER_TEXT: Final = "0xc000010000"
"""Stands for every address: Go's own differ from run to run."""

_INTEGER_FORMATS: Final = {"v": "d", "d": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
_UNSIGNED: Final = frozenset({"uint", "uint8", "uint16", "uint32", "uint64", "uintptr"})
_SIGNED: Final = frozenset({"int", "int8", "int16", "int32", "int64"})


class Spec:
    """The flags, width and precision of one directive.

    `plus_v` and `sharp_v` are the flags of %+v and %#v; `failing` is set while an operand is shown in an error text,
    where Go calls no String method.
    """

    __slots__ = ("failing", "minus", "plus", "plus_v", "precision", "sharp", "sharp_v", "space", "width", "zero")

    def __init__(self, flags: str = "") -> None:
        self.minus = "-" in flags
        self.plus = "+" in flags
        self.sharp = "#" in flags
        self.space = " " in flags
        self.zero = "0" in flags
        self.plus_v = self.sharp_v = self.failing = False
        self.width = 0
        self.precision = -1

    def is_plain(self) -> bool:
        """Whether nothing is asked for but the verb itself."""
        flags = self.minus or self.plus or self.sharp or self.space or self.zero or self.plus_v or self.sharp_v
        return not (flags or self.width) and self.precision < 0

    def take_verb(self, verb: str) -> None:
        """Turn `+` and `#` into the meaning that they have for %v."""
        if verb in "vw":
            self.sharp_v, self.sharp = self.sharp, False
            self.plus_v, self.plus = self.plus, False

    def pad(self, text: str, *, zeros: bool = True) -> str:
        """The text filled up to the width; zeros go only to the left."""
        if len(text) >= self.width:
            return text
        if self.minus:
            return text.ljust(self.width)
        return text.rjust(self.width, "0" if zeros and self.zero else " ")


def format_operand(value: Any, verb: str, spec: Spec) -> str:
    """An operand of Printf under a verb; an error text such as `%!d(string=a)` where they do not go together."""
    if verb == "T":
        return spec.pad("<nil>" if value is None else _cut(go_type(value), spec))
    if value is None:
        return spec.pad("<nil>") if verb == "v" else f"%!{verb}(<nil>)"
    if verb == "p":
        return _pointer(value, verb, spec)
    if type(value) is bytes and spec.sharp_v:
        return f"[]byte{{{', '.join(map(hex, value))}}}"
    return _format(value, verb, spec, 0)


def _format(value: Any, verb: str, spec: Spec, depth: int) -> str:
    """A value that is not nil, as operand (depth 0) or inside another one."""
    leaf = _LEAVES.get(type(value))
    if leaf is not None:
        text = leaf(value, verb, spec)
        return _bad_verb(value, verb, spec) if text is None else text
    if verb == "w":
        return _bad_verb(value, verb, spec)
    if type(value) is bytes:
        return _bytes(value, verb, spec, depth)
    if isinstance(value, GoObject):
        return _object(value, verb, spec, depth)
    if isinstance(value, dict):
        return _map(value, verb, spec, depth)
    return _items(value, verb, spec, depth)


def _element(value: Any, verb: str, spec: Spec, depth: int) -> str:
    """What a list, map or struct holds."""
    if value is None:
        return "interface {}(nil)" if spec.sharp_v else "<nil>"
    return _format(value, verb, spec, depth + 1)


def _bad_verb(value: Any, verb: str, spec: Spec) -> str:
    """The error text for a value that a verb does not suit; flags and width still apply to the value."""
    spec.failing = True
    text = f"%!{verb}({go_type(value)}={format_operand(value, 'v', spec)})"
    spec.failing = False
    return text


def _items(value: Iterable[Any], verb: str, spec: Spec, depth: int) -> str:
    """A list."""
    if isinstance(value, NilSlice) and spec.sharp_v:
        return f"{go_type(value)}(nil)"
    texts = [_element(item, verb, spec, depth) for item in value]
    return f"{go_type(value)}{{{', '.join(texts)}}}" if spec.sharp_v else f"[{' '.join(texts)}]"


def _map(value: dict[str, Any], verb: str, spec: Spec, depth: int) -> str:
    """A map, in key order; the verb goes for the keys too."""
    if isinstance(value, NilMap) and spec.sharp_v:
        return f"{go_type(value)}(nil)"
    texts = [
        f"{_format(key, verb, spec, depth + 1)}:{_element(value[key], verb, spec, depth)}" for key in sorted(value)
    ]
    return f"{go_type(value)}{{{', '.join(texts)}}}" if spec.sharp_v else f"map[{' '.join(texts)}]"


def _object(value: Any, verb: str, spec: Spec, depth: int) -> str:
    """A struct, pointer or named type: by its String method where it has one and the verb takes a string."""
    if verb in "vsxXq" and not spec.sharp_v and not spec.failing:
        text = value.go_string()
        if text is not None:
            return _string(text, verb, spec) or ""
    kind = go_kind(value)
    if kind == "ptr":
        return f"&{_struct(value, verb, spec, depth)}" if depth == 0 else _pointer(value, verb, spec)
    if kind in _SIGNED or kind in _UNSIGNED:
        text = _integer(int(value), verb, spec, unsigned=kind in _UNSIGNED)
        return _bad_verb(value, verb, spec) if text is None else text
    if kind == "string":
        text = _string(str(value), verb, spec)
        return _bad_verb(value, verb, spec) if text is None else text
    if kind == "slice":
        return _items(value, verb, spec, depth)
    return _struct(value, verb, spec, depth)


def _struct(value: Any, verb: str, spec: Spec, depth: int) -> str:
    """A struct's fields between braces, with names for %+v and %#v."""
    named = spec.plus_v or spec.sharp_v
    texts = [name * named + _element(part, verb, spec, depth) for name, part in _fields(value)]
    type_name = go_type(value).removeprefix("*")
    return f"{type_name}{{{', '.join(texts)}}}" if spec.sharp_v else f"{{{' '.join(texts)}}}"


def _fields(value: Any) -> list[tuple[str, Any]]:
    """A struct's fields behind their names, which a bare tuple of parts need not tell."""
    parts_of = getattr(value, "go_parts", None)
    parts = parts_of() if parts_of else tuple(map(value.go_field, value.go_fields))
    if not isinstance(parts, dict):
        names = value.go_fields if len(parts) == len(value.go_fields) else ()
        return list(zip_longest((f"{name}:" for name in names), parts, fillvalue=""))
    return [(f"{name}:", part) for name, part in parts.items()]


def _pointer(value: Any, verb: str, spec: Spec) -> str:
    """The address of a map, list or pointer."""
    if go_kind(value) not in ("map", "slice", "ptr", "func"):
        return _bad_verb(value, verb, spec)
    if spec.sharp_v:
        return f"({go_type(value)})({POINTER_TEXT})"
    return spec.pad(POINTER_TEXT[2:] if spec.sharp and verb == "p" else POINTER_TEXT)


def _bool(value: bool, verb: str, spec: Spec) -> str | None:
    """True or false, under %t and %v."""
    return spec.pad("true" if value else "false") if verb in "tv" else None


def _signed(value: int, verb: str, spec: Spec) -> str | None:
    """An int or int64."""
    return _integer(value, verb, spec, unsigned=False)


def _unsigned(value: int, verb: str, spec: Spec) -> str | None:
    """An unsigned integer, which %#v writes in hexadecimal."""
    return _integer(value, verb, spec, unsigned=True)


def _integer(value: int, verb: str, spec: Spec, *, unsigned: bool) -> str | None:
    """A whole number under the integer verbs; `None` where the verb is another."""
    number_format = _INTEGER_FORMATS.get(verb)
    if number_format is not None:
        if unsigned and verb == "v" and spec.sharp_v:
            return _digits(value, "x", "0x", spec)
        return _digits(value, number_format, _prefix(verb, spec), spec)
    if verb == "c":
        return spec.pad(_character(value))
    if verb == "q":
        return spec.pad(quote_rune(value, ascii_only=spec.plus))
    return _code_point(value, spec) if verb == "U" else None


def _prefix(verb: str, spec: Spec) -> str:
    """What stands before the digits of a base; of octal, `0` stands for "one zero, if there is none"."""
    if verb == "O":
        return "0o"
    return {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(verb, "") if spec.sharp else ""


def _digits(value: int, number_format: str, prefix: str, spec: Spec) -> str:
    """Sign, prefix and digits; the flag 0 fills up the digits, before a prefix is put in front."""
    if spec.precision == 0 and value == 0:
        return " " * spec.width
    least = spec.precision
    sign = "-" if value < 0 else "+" if spec.plus else " " if spec.space else ""
    if least < 0 and spec.zero and not spec.minus:
        least = spec.width - len(sign)
    digits = format(abs(value), number_format).rjust(least, "0")
    if prefix == "0" and digits.startswith("0"):
        prefix = ""
    if prefix == "0o" and spec.sharp and not digits.startswith("0"):
        prefix = "0o0"
    return spec.pad(f"{sign}{prefix}{digits}", zeros=False)


def _character(code: int) -> str:
    """The character of a code point; U+FFFD where there is none."""
    return chr(code) if 0 <= code < 0xD800 or 0xE000 <= code <= 0x10FFFF else "\ufffd"


def _code_point(code: int, spec: Spec) -> str:
    """The verb %U: U+0041, with the flag # also the character."""
    text = f"U+{code & 0xFFFFFFFFFFFFFFFF:0{max(spec.precision, 4)}X}"
    if spec.sharp and 0 <= code <= 0x10FFFF and is_printable(code):
        text += f" '{_character(code)}'"
    return spec.pad(text, zeros=False)


def _float(value: float, verb: str, spec: Spec) -> str | None:
    """A float under %v %e %f %g %x %b."""
    if verb not in "vbeEfFgGxX":
        return None
    precision = spec.precision
    if precision < 0 and verb in "eEfF":
        precision = 6
    text = float_text(value, {"v": "g", "F": "f"}.get(verb, verb), precision)
    sign, body = (text[0], text[1:]) if text[0] in "+-" else ("+", text)
    if body in ("Inf", "NaN"):
        return _infinite(sign, body, spec)
    if spec.sharp and verb != "b":
        body = _with_point(body, verb, spec.precision)
    if sign == "+" and not spec.plus:
        sign = " " if spec.space else ""
    if sign and spec.zero and not spec.minus:
        return sign + body.rjust(spec.width - 1, "0")
    return spec.pad(sign + body)


def _infinite(sign: str, body: str, spec: Spec) -> str:
    """Infinities show their sign always, NaN with the flags + and space; neither takes zeros."""
    if sign == "+" and spec.space and not spec.plus:
        sign = " "
    shown = body == "Inf" or spec.space or spec.plus
    return spec.pad(sign + body if shown else body, zeros=False)


def _with_point(body: str, verb: str, precision: int) -> str:
    """The flag #: a decimal point always, and for %g and %x the digits that were cut as zeros."""
    mark = "p" if verb in "xX" else "e"
    mantissa, found, exponent = body.partition(mark) if mark in body else body.partition(mark.upper())
    wanted = 0
    if verb in "vgGx":
        wanted = (precision if precision >= 0 else 6) - _significant(mantissa)
    if "." not in mantissa:
        # A single zero counts once.
        wanted -= mantissa == "0"
        mantissa += "."
    return f"{mantissa}{'0' * wanted}{found}{exponent}"


def _significant(mantissa: str) -> int:
    """How many characters from the first one that is no zero, points left out, Go counts as digits."""
    return len(mantissa.replace(".", "").lstrip("0"))


def _complex(value: complex, verb: str, spec: Spec) -> str | None:
    """Both parts between parentheses, the second with its sign."""
    if verb not in "vbgGxXfFeE":
        return None
    real = _float(value.real, verb, spec)
    plus, spec.plus = spec.plus, True
    imaginary = _float(value.imag, verb, spec)
    spec.plus = plus
    return f"({real}{imaginary}i)"


def _string(value: str, verb: str, spec: Spec) -> str | None:
    """A string under %s %v %q %x."""
    if verb == "q" or (verb == "v" and spec.sharp_v):
        return spec.pad(_quoted(_cut(value, spec), spec))
    if verb in "vs":
        return spec.pad(_cut(value, spec))
    if verb in "xX":
        return _hexadecimal(value.encode("utf-8", "surrogateescape"), verb, spec)
    return None


def _cut(text: str, spec: Spec) -> str:
    """The text up to the precision, in runes."""
    return text if spec.precision < 0 else text[: spec.precision]


def _quoted(text: str, spec: Spec) -> str:
    """The text of %q under the flags # and +."""
    if spec.sharp and can_backquote(text):
        return f"`{text}`"
    return quote_ascii(text) if spec.plus else quote(text)


def _hexadecimal(data: bytes, verb: str, spec: Spec) -> str:
    """Bytes under %x: the flag space parts them, # puts 0x before all, or with both before each."""
    if spec.precision >= 0:
        data = data[: spec.precision]
    prefix = "0" + verb if spec.sharp and data else ""
    text = data.hex(" ") if spec.space else data.hex()
    if verb == "X":
        text = text.upper()
    return spec.pad(prefix + text.replace(" ", f" {prefix}"))


def _bytes(value: bytes, verb: str, spec: Spec, depth: int) -> str:
    """A []byte: a string under %s %q %x, else a list of numbers."""
    if verb in "sqxX":
        if verb in "xX":
            return _hexadecimal(value, verb, spec)
        return _string(value.decode("utf-8", "surrogateescape"), verb, spec) or ""
    if verb in "vd" and spec.is_plain():
        # Whole files are printed this way where a chart prints `.Files`: megabytes at a time.
        return f"[{' '.join([_BYTE_TEXTS[byte] for byte in value])}]"
    return _items(value, verb, spec, depth) if verb in "vd" else _items(map(Uint8, value), verb, spec, depth)


_BYTE_TEXTS: Final = tuple(map(str, range(256)))
_LEAVES: Final[dict[type, Callable[[Any, str, Spec], str | None]]] = {
    bool: _bool,
    str: _string,
    int: _signed,
    Int64: _signed,
    float: _float,
    complex: _complex,
    **dict.fromkeys((Uint64, Uint32, Uint8), _unsigned),
}
