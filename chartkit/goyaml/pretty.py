"""Values to YAML as go-yaml v3 writes them: `toYamlPretty`.

There is no way through JSON here: floats keep Go's own text, bytes are a list of numbers, structs show their fields.
Lists are indented under their key, and long lines are never folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from chartkit.errors import LimitError
from chartkit.gotemplate.gofloat import format_float
from chartkit.gotypes import GoObject, NilMap
from chartkit.goyaml import scalartext
from chartkit.goyaml.blocks import BlockWriter, remember, unwrapped
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.keyorder import natural_order_v3
from chartkit.goyaml.resolve import STR, is_base60, resolve

_BASE64_LINE: Final = 70
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SIGNED_OCTAL: Final = re.compile("0o[-+][0-7]+\\Z")


class _Raw(str):
    """A text that is written as it is."""

    __slots__ = ()


class _Fields(dict[str, Any]):
    """The fields of a struct, which keep their order."""

    __slots__ = ()


def to_yaml_pretty(value: Any) -> str:
    """What Helm's `toYamlPretty` gives: the text without its last line break, or nothing where Go fails."""
    try:
        return dump_pretty(value).removesuffix("\n")
    except YAMLError:
        return ""


def dump_pretty(value: Any) -> str:
    """The YAML text of a value in go-yaml v3's style, ending in a line break."""
    try:
        return _PrettyWriter().document(value)
    except RecursionError:
        raise LimitError("the value nests too deeply for YAML") from None


class _PrettyWriter(BlockWriter):
    """go-yaml v3's way of writing."""

    __slots__ = ()
    list_pad = "  "
    width = 1 << 40
    texts: ClassVar[dict[str, str]] = {}
    keys: ClassVar[dict[str, str]] = {}

    def scalar(self, value: Any, column: int, pad: str) -> str:
        kind = type(value)
        if kind is str:
            text = _string(value, pad)
            if value.isprintable():
                remember(self.texts, value, text)
            return text
        return str(value) if kind is _Raw else self.number(value)

    def number(self, value: Any) -> str:
        if value is None:
            return "null"
        if type(value) is bool:
            return "true" if value else "false"
        return _float(value) if type(value) is float else str(int(value))

    def key(self, name: str) -> str:
        return _string(name, "")

    def complex_key(self, name: str, pad: str) -> str:
        return _string(name, pad)

    def order(self, mapping: dict[str, Any]) -> Iterable[str]:
        return list(mapping) if type(mapping) is _Fields else natural_order_v3(mapping)

    def converted(self, value: Any) -> Any:
        if value is None or isinstance(value, (int, float, _Raw)):
            return value
        if isinstance(value, GoObject):
            inner = _object(value)
            return inner if type(inner) in (str, dict, list, _Fields) else self.converted(inner)
        if isinstance(value, complex):
            raise YAMLError("cannot marshal type: complex128")
        plain = unwrapped(value, list)
        if plain is None:
            return {} if isinstance(value, NilMap) else []
        return plain


def _object(value: GoObject) -> Any:
    """What go-yaml v3 sees of a Go object: a time, the fields of a struct, or its text."""
    if value.go_type == "time.Time":
        return _Raw(value.go_json())
    if value.go_fields and value.go_kind in ("struct", "ptr"):
        return _Fields((name.lower(), value.go_field(name)) for name in value.go_fields)
    return value.go_json()


def _float(number: float) -> str:
    """A float, infinities and NaN in YAML's spelling."""
    text = format_float(number)
    return {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}.get(text, text)


def _string(text: str, pad: str) -> str:
    """A string in v3's choice of style."""
    if _SURROGATE.search(text):
        return _binary(text, pad)
    breaks = "\n" in text
    if not scalartext.printable(text, tabs=True):
        return scalartext.double_quoted(text)
    if breaks and scalartext.literal_allowed(text):
        return scalartext.literal(text, pad)
    if breaks or "\t" in text or _not_text(text):
        return scalartext.double_quoted(text)
    if "\u2028" in text or "\u2029" in text:
        single = scalartext.single_allowed(text)
        return scalartext.unfolded_single(text, pad) if single else scalartext.double_quoted(text)
    return text if scalartext.plain_allowed(text) else scalartext.single_quoted(text)


def _not_text(text: str) -> bool:
    """Whether the text would be read back as something else than a string."""
    return resolve(text)[0] != STR or is_base60(text) or _SIGNED_OCTAL.match(text) is not None


def _binary(text: str, pad: str) -> str:
    """A text that is not UTF-8, as base64 behind its tag."""
    import base64

    encoded = base64.b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")
    if len(encoded) <= _BASE64_LINE:
        return "!!binary " + encoded
    lines = [encoded[at : at + _BASE64_LINE] for at in range(0, len(encoded), _BASE64_LINE)]
    return "!!binary " + scalartext.literal("\n".join(lines) + "\n", pad)
