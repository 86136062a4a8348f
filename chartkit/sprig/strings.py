"""Sprig's functions on strings; those that change case or words are in `casing`.

Lengths and positions count bytes, as in Go, so that a cut may fall inside a character.
"""

from __future__ import annotations

from typing import Any, Final

from chartkit.ambient import Ambient
from chartkit.errors import LimitError
from chartkit.gotemplate.gofmt import quote as quoted
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import Function, FunctionError, StringList, StringMap, Uint8, go_kind
from chartkit.sprig.casing import FUNCTIONS as CASING
from chartkit.sprig.runes import SPACES, byte_text, from_byte_text, from_bytes, to_bytes

_WIDEST_INDENT: Final = 100_000
_NEGATIVE_REPEAT: Final = "strings: negative Repeat count"


def to_string(value: Any) -> str:
    """The text of any value: what %v prints, but bytes as a string."""
    if type(value) is str:
        return value
    if type(value) is bytes:
        return from_bytes(value)
    return sprint_value(value)


def to_strings(value: Any) -> StringList:
    """The texts of a list's items, nils left out; anything else makes a list of one."""
    if type(value) is StringList:
        return value
    if isinstance(value, list):
        return StringList(to_string(item) for item in value if item is not None)
    if type(value) is bytes:
        return StringList(to_string(Uint8(item)) for item in value)
    if value is None:
        return StringList()
    if go_kind(value) == "slice":
        return StringList(to_string(item) for item in value)
    return StringList((to_string(value),))


def join(separator: str, value: Any) -> str:
    """The texts of a list's items with a separator between them."""
    if type(value) in (list, StringList):
        try:
            return separator.join(value)
        except TypeError:
            pass
    return separator.join(to_strings(value))


def trim(text: str) -> str:
    """The text without white space at its ends."""
    return text.strip(SPACES)


def trim_all(cutset: str, text: str) -> str:
    """The text without any of some characters at its ends."""
    return text.strip(cutset)


def trim_suffix(suffix: str, text: str) -> str:
    """The text without a suffix."""
    return text.removesuffix(suffix)


def trim_prefix(prefix: str, text: str) -> str:
    """The text without a prefix."""
    return text.removeprefix(prefix)


def repeat(ambient: Ambient, count: int, text: str) -> str:
    """The text several times over.

    Raises:
        FunctionError: the count is negative.
        LimitError: the result is longer than all the text that a render may write.
    """
    if count < 0:
        raise FunctionError(_NEGATIVE_REPEAT)
    limit = ambient.limits.output_characters
    if count * len(text) > limit:
        raise LimitError(f"a text is repeated to more than {limit} characters")
    return text * count


def substr(start: int, end: int, text: str) -> str:
    """The bytes from `start` up to `end`; a negative start means 0, a negative end the length."""
    shown = byte_text(text)
    size = len(shown)
    if start < 0:
        if end < 0:
            raise FunctionError(f"runtime error: slice bounds out of range [:{end}]")
        if end > size:
            raise FunctionError(f"runtime error: slice bounds out of range [:{end}] with length {size}")
        start = 0
    elif end < 0 or end > size:
        end = size
    if start > end:
        raise FunctionError(f"runtime error: slice bounds out of range [{start}:{end}]")
    return from_byte_text(shown[start:end])


def trunc(count: int, text: str) -> str:
    """The first bytes, or the last ones if the count is negative."""
    if text.isascii():
        if count >= 0:
            return text[:count]
        return text[count:]
    data = to_bytes(text)
    return from_bytes(data[:count] if count >= 0 else data[count:])


def abbrev(width: int, text: str) -> str:
    """The text cut to a width, with an ellipsis."""
    return text if width < 4 else _abbreviate(text, 0, width)


def abbrevboth(left: int, width: int, text: str) -> str:
    """The text from an offset, cut to a width, with an ellipsis at both ends."""
    if width < 4 or (left > 0 and width < 7):
        return text
    return _abbreviate(text, left, width)


def _abbreviate(text: str, offset: int, width: int) -> str:
    shown = byte_text(text)
    size = len(shown)
    if size <= width:
        return text
    room = width - 3
    offset = min(offset, size, size - room)
    if offset <= 4:
        return from_byte_text(shown[:room]) + "..."
    if offset + room < size:
        # The inner cut has its own ellipsis; a width under 4 leaves nothing.
        inner = shown[offset : offset + room - 3] + "..." if room >= 4 and size - offset > room else shown[offset:]
        return "..." + from_byte_text(inner)
    return "..." + from_byte_text(shown[size - room :])


def wrap(width: int, text: str) -> str:
    """Break lines at spaces; words longer than the width stay whole."""
    return _wrap(text, max(width, 1), "\n", split_words=False)


def wrap_with(width: int, separator: str, text: str) -> str:
    """Break lines with a text of one's own, and words longer than the width too."""
    return _wrap(text, max(width, 1), separator or "\n", split_words=True)


def _wrap(text: str, width: int, separator: str, *, split_words: bool) -> str:
    shown = byte_text(text)
    result: list[str] = []
    offset = 0
    while len(shown) - offset > width:
        if shown[offset] == " ":
            offset += 1
            continue
        space = shown.rfind(" ", offset, offset + width + 1)
        if space < 0 and split_words:
            result += (shown[offset : offset + width], separator)
            offset += width
            continue
        if space < 0:
            space = shown.find(" ", offset + width)
        if space < 0:
            break
        result += (shown[offset:space], separator)
        offset = space + 1
    result.append(shown[offset:])
    return "".join(part if part is separator else from_byte_text(part) for part in result)


def contains(part: str, text: str) -> bool:
    """Whether a text holds another."""
    return part in text


def has_prefix(prefix: str, text: str) -> bool:
    """Whether a text starts with another."""
    return text.startswith(prefix)


def has_suffix(suffix: str, text: str) -> bool:
    """Whether a text ends with another."""
    return text.endswith(suffix)


def quote(*values: Any) -> str:
    """The values as Go string literals, nils left out."""
    if len(values) == 1:
        value = values[0]
        return "" if value is None else quoted(to_string(value))
    return " ".join([quoted(to_string(value)) for value in values if value is not None])


def squote(*values: Any) -> str:
    """The values between single quotes, nils left out; nothing is escaped."""
    return " ".join([f"'{sprint_value(value)}'" for value in values if value is not None])


def cat(*values: Any) -> str:
    """The values with spaces between them, nils left out."""
    return " ".join([sprint_value(value) for value in values if value is not None])


def _check_width(spaces: int) -> None:
    if spaces < 0:
        raise FunctionError(_NEGATIVE_REPEAT)
    if spaces > _WIDEST_INDENT:
        raise LimitError(f"a text is indented by more than {_WIDEST_INDENT} spaces")


def indent(spaces: int, text: str) -> str:
    """Every line behind some spaces."""
    _check_width(spaces)
    pad = " " * spaces
    return pad + text.replace("\n", "\n" + pad)


def nindent(spaces: int, text: str) -> str:
    """A line break and every line behind some spaces."""
    _check_width(spaces)
    pad = "\n" + " " * spaces
    return pad + text.replace("\n", pad)


def replace(old: str, new: str, text: str) -> str:
    """The text with every occurrence of one text replaced by another."""
    return text.replace(old, new)


def plural(one: str, many: str, count: int) -> str:
    """The singular for a count of one, else the plural."""
    return one if count == 1 else many


def split_list(separator: str, text: str) -> StringList:
    """The parts of a text between separators; without a separator its characters."""
    return StringList(text.split(separator) if separator else text)


def split(separator: str, text: str) -> StringMap:
    """The parts of a text between separators under the keys `_0`, `_1` ..."""
    return _numbered(text.split(separator) if separator else list(text))


def splitn(separator: str, count: int, text: str) -> StringMap:
    """At most `count` parts of a text, the last one with all the rest; a negative count takes them all."""
    if count == 0:
        return StringMap()
    if separator:
        return _numbered(text.split(separator, count - 1 if count > 0 else -1))
    if count < 0 or len(text) <= count:
        return _numbered(list(text))
    return _numbered([*text[: count - 1], text[count - 1 :]])


def _numbered(parts: list[str]) -> StringMap:
    return StringMap({f"_{index}": part for index, part in enumerate(parts)})


def hello() -> str:
    """Sprig's greeting."""
    return "Hello!"


FUNCTIONS: Final = (
    *CASING,
    Function("abbrev", abbrev, ("int", "string")),
    Function("abbrevboth", abbrevboth, ("int", "int", "string")),
    Function("cat", cat, ("any",), variadic=True),
    Function("contains", contains, ("string", "string")),
    Function("hasPrefix", has_prefix, ("string", "string")),
    Function("hasSuffix", has_suffix, ("string", "string")),
    Function("hello", hello),
    Function("indent", indent, ("int", "string")),
    Function("join", join, ("string", "any")),
    Function("nindent", nindent, ("int", "string")),
    Function("plural", plural, ("string", "string", "int")),
    Function("quote", quote, ("any",), variadic=True),
    Function("repeat", repeat, ("int", "string"), ambient=True),
    Function("replace", replace, ("string", "string", "string")),
    Function("split", split, ("string", "string")),
    Function("splitList", split_list, ("string", "string")),
    Function("splitn", splitn, ("string", "int", "string")),
    Function("squote", squote, ("any",), variadic=True),
    Function("substr", substr, ("int", "int", "string")),
    Function("toString", to_string, ("any",)),
    Function("toStrings", to_strings, ("any",)),
    Function("trim", trim, ("string",)),
    Function("trimAll", trim_all, ("string", "string")),
    Function("trimall", trim_all, ("string", "string")),
    Function("trimPrefix", trim_prefix, ("string", "string")),
    Function("trimSuffix", trim_suffix, ("string", "string")),
    Function("trunc", trunc, ("int", "string")),
    Function("wrap", wrap, ("int", "string")),
    Function("wrapWith", wrap_with, ("int", "string", "string")),
)
