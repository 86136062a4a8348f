"""Values to YAML, exactly as sigs.k8s.io/yaml writes them: `toYaml`.

Go encodes the value as JSON, reads that text as YAML 1.1 and writes what it read with go-yaml v2. Here the value is
written at once, with the traces that the detour leaves: whole floats without exponent, U+0085 folded to a space,
control characters refused, and so on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from chartkit.errors import LimitError
from chartkit.gotemplate.gofloat import format_float, json_float
from chartkit.gotypes import GoObject, go_type
from chartkit.goyaml import scalartext
from chartkit.goyaml.blocks import BlockWriter, remember, unwrapped
from chartkit.goyaml.failure import MARSHAL, REREAD, YAMLError
from chartkit.goyaml.keyorder import natural_order
from chartkit.goyaml.resolve import INT64_LIMIT, STR, UINT64_LIMIT, is_base60, resolve
from chartkit.pattern import pattern

_JSON_KEY: Final = 1024
_TOO_LARGE: Final = 1e21
_FLOAT_MEMO: Final = 4096

_floats: dict[float, str] = {}

# Letters, digits and a few signs behind a letter that starts none of YAML's words: such texts need no look.
_SAFE: Final = pattern("[A-EG-MP-SU-XZa-eg-mp-su-xz/_][A-Za-z0-9/_.-]*\\Z")
_CHANGED: Final = pattern("[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_REFUSED: Final = pattern("[\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE: Final = pattern("[\ud800-\udfff]")
_NEXT_LINES: Final = pattern(" *\x85[ \x85]*")
_JSON_LONG: Final = pattern("[\x00-\x07\x0b\x0e-\x1f<>&\u2028\u2029]")
_JSON_SHORT: Final = pattern('["\\\\\b\f\n\r\t]')


def to_yaml(value: Any) -> str:
    """What Helm's `toYaml` gives: the text without its last line break, or nothing where Go fails."""
    try:
        return dump(value).removesuffix("\n")
    except YAMLError:
        return ""


def dump(value: Any) -> str:
    """The YAML text of a value, ending in a line break.

    Raises:
        YAMLError: where Go fails, with the message that `mustToYaml` shows in `full`.
    """
    try:
        return _Writer().document(value)
    except RecursionError:
        raise LimitError("the value nests too deeply for YAML") from None


class _Writer(BlockWriter):
    """go-yaml v2's way of writing."""

    __slots__ = ()
    texts: ClassVar[dict[str, str]] = {}
    keys: ClassVar[dict[str, str]] = {}

    def scalar(self, value: Any, column: int, pad: str) -> str:
        if type(value) is not str:
            return self.number(value)
        if _SAFE.match(value):
            remember(self.texts, value, value)
            return value
        text = _reread(value)
        if "\n" in text or "\u2028" in text or "\u2029" in text:
            return _several_lines(text, column, pad)
        shown = self.texts.get(value)
        if shown is None:
            shown = _one_line(text)
            remember(self.texts, value, shown)
        if column + len(shown) > self.width and " " in shown:
            return _folded(text, shown, column, pad)
        return shown

    def number(self, value: Any) -> str:
        if value is True:
            return "true"
        if value is False:
            return "false"
        if type(value) is float:
            text = _floats.get(value)
            return _float(value) if text is None or value == 0.0 else text
        return "null" if value is None else str(int(value))

    def key(self, name: str) -> str:
        return _one_line(_reread(name))

    def complex_key(self, name: str, pad: str) -> str:
        if "\x85" in name or _json_length(name) > _JSON_KEY:
            raise YAMLError("yaml: did not find expected ',' or '}'", stage=REREAD)
        return self.scalar(name, len(pad), pad)

    def order(self, mapping: dict[str, Any]) -> Iterable[str]:
        return natural_order(mapping)

    def converted(self, value: Any) -> Any:
        if value is None or isinstance(value, (int, float)):
            return value
        if isinstance(value, GoObject):
            inner = value.go_json()
            return inner if type(inner) in (str, dict, list) else self.converted(inner)
        if isinstance(value, complex):
            raise YAMLError(f"json: unsupported type: {go_type(value)}", stage=MARSHAL)
        return unwrapped(value, _base64)


def _base64(data: bytes) -> str:
    """Bytes as JSON has them."""
    import base64

    return base64.b64encode(data).decode("ascii")


def _float(value: float) -> str:
    """The text of a float as read back from JSON: whole numbers of up to 64 bits have no exponent."""
    if value - value != 0.0:
        raise YAMLError(f"json: unsupported value: {format_float(value)}", stage=MARSHAL)
    text = format_float(value)
    if value.is_integer() and abs(value) < _TOO_LARGE:
        number = int(json_float(value))
        if -INT64_LIMIT <= number < UINT64_LIMIT:
            text = str(number)
    if len(_floats) >= _FLOAT_MEMO:
        _floats.clear()
    _floats[value] = text
    return text


def _folded(text: str, shown: str, column: int, pad: str) -> str:
    """A text of one line, shown in its style, with the line breaks that its place brings."""
    if shown[0] == '"':
        return scalartext.folded_double(text, column, pad)
    if shown[0] == "'":
        return scalartext.folded_single(text, column, pad)
    return scalartext.folded(shown, column, pad)


def _one_line(text: str) -> str:
    """A text without line breaks, unfolded."""
    if not scalartext.printable(text):
        return scalartext.double_quoted(text)
    if resolve(text)[0] != STR or is_base60(text):
        return scalartext.double_quoted(text)
    return text if scalartext.plain_allowed(text) else scalartext.single_quoted(text)


def _several_lines(text: str, column: int, pad: str) -> str:
    """A text with line breaks: a literal block where that keeps it, else in quotes."""
    if scalartext.printable(text):
        if "\n" in text:
            if scalartext.literal_allowed(text):
                return scalartext.literal(text, pad)
        elif scalartext.single_allowed(text):
            return scalartext.folded_single(text, column, pad)
    return scalartext.folded_double(text, column, pad)


def _reread(text: str) -> str:
    """The text as YAML reads it out of JSON."""
    if _CHANGED.search(text) is None:
        return text
    if _REFUSED.search(text):
        raise YAMLError("yaml: control characters are not allowed", stage=REREAD)
    text = _SURROGATE.sub("\ufffd", text)
    return _NEXT_LINES.sub(lambda found: "\n" * (found[0].count("\x85") - 1) or " ", text)


def _json_length(name: str) -> int:
    """Characters of a key as JSON text."""
    return len(name) + 2 + 5 * len(_JSON_LONG.findall(name)) + len(_JSON_SHORT.findall(name))
