"""How an edit writes new values: scalars in the style of the old ones, maps and lists as the file writes its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from chartkit.goyaml import scalartext
from chartkit.goyaml.resolve import STR, is_base60, resolve

_FLOW_SIGNS: Final = re.compile(r"\A:|[,\[\]{}?]|:(?=[\s,\[\]{}]|\Z)")
# Words that other readers of YAML take for something else, although go-yaml reads them as text.
_ODD_WORDS: Final = frozenset(("=", "<<", "-", "---", "..."))
_WHOLE_LIMIT: Final = 1e15


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written.

    Attributes:
        line_break: what ends its lines.
        step: columns by which a map is indented under its key.
        list_step: columns by which a list is indented under its key.
    """

    line_break: str = "\n"
    step: int = 2
    list_step: int = 2

    def joined(self, lines: Iterable[str]) -> str:
        """Lines as a text, with no line break at the end."""
        return self.line_break.join(lines)

    def under(self, value: Any) -> int:
        """Columns by which a value is indented under its key."""
        return self.list_step if type(value) is list else self.step


def is_inline(value: Any) -> bool:
    """Whether a value is written behind its key: all scalars but texts of several lines, and empty collections."""
    return not value if type(value) in (dict, list) else type(value) is not str or not as_block(value)


def inline(value: Any, quote: str = "", *, flow: bool = False) -> str:
    """A value on one line, collections in brackets.

    Args:
        value: the value.
        quote: the quotes that texts should have, if they can.
        flow: whether it stands in brackets.
    """
    if type(value) is dict:
        pairs = (f"{_text(key, quote, True)}: {inline(each, quote, flow=True)}" for key, each in value.items())
        return f"{{{', '.join(pairs)}}}"
    if type(value) is list:
        return f"[{', '.join(inline(each, quote, flow=True) for each in value)}]"
    return _text(value, quote, flow) if type(value) is str else _number(value)


def as_block(text: str) -> bool:
    """Whether a text is written as a literal block: one of several lines."""
    return "\n" in text.removesuffix("\n") and fits_block(text)


def fits_block(text: str) -> bool:
    """Whether a text that ends a line can be a literal block."""
    return (
        text.strip("\n") != ""
        and scalartext.printable(text, tabs=True)
        and scalartext.literal_allowed(text)
        and not any(character in text for character in "\u2028\u2029\x85")
    )


def literal(text: str, indent: int, outer: int) -> tuple[str, list[str]]:
    """The head of a literal block, and its lines.

    Args:
        text: what it says.
        indent: the columns that its lines are indented by.
        outer: the column of the collection that it stands in, from which YAML counts.
    """
    hint = str(indent - outer) if text[0] in " \n\t" else ""
    chomp = "-" if not text.endswith("\n") else "+" if text.endswith("\n\n") else ""
    pad = " " * indent
    return f"|{hint}{chomp}", [pad + line if line else "" for line in text.removesuffix("\n").split("\n")]


def entry(key: str, value: Any, indent: int, style: Style) -> list[str]:
    """The lines of a key and its value in a block."""
    pad, name = " " * indent, _text(key, "", False)
    if is_inline(value):
        return [f"{pad}{name}: {inline(value)}"]
    if type(value) is str:
        head, lines = literal(value, indent + style.step, indent)
        return [f"{pad}{name}: {head}", *lines]
    return [f"{pad}{name}:", *block(value, indent + style.under(value), style)]


def item(value: Any, indent: int, style: Style) -> list[str]:
    """The lines of an item of a list in a block."""
    pad = " " * indent
    if is_inline(value):
        return [f"{pad}- {inline(value)}"]
    if type(value) is str:
        head, lines = literal(value, indent + 2, indent)
        return [f"{pad}- {head}", *lines]
    lines = block(value, indent + 2, style)
    return [f"{pad}- {lines[0].lstrip(' ')}", *lines[1:]]


def block(value: dict[str, Any] | list[Any], indent: int, style: Style) -> list[str]:
    """The lines of a map or a list that is not empty."""
    if isinstance(value, dict):
        return [line for key, each in value.items() for line in entry(key, each, indent, style)]
    return [line for each in value for line in item(each, indent, style)]


def flow_entry(key: str, value: Any, quote: str) -> str:
    """A key and its value in brackets."""
    return f"{_text(key, quote, True)}: {inline(value, quote, flow=True)}"


def _text(text: str, quote: str, flow: bool) -> str:
    """A text on one line, in the quotes wanted if it can stand in them."""
    if quote == '"' or not text:
        return scalartext.double_quoted(text)
    fits = scalartext.printable(text) and not any(character in text for character in "\n\r\x85\u2028\u2029")
    if quote == "'" and fits:
        return scalartext.single_quoted(text)
    return text if fits and _reads_plain(text, flow) else scalartext.double_quoted(text)


def _reads_plain(text: str, flow: bool) -> bool:
    """Whether a text of one line stands for itself without quotes."""
    return (
        scalartext.plain_allowed(text)
        and resolve(text)[0] == STR
        and not is_base60(text)
        and text not in _ODD_WORDS
        and (not flow or _FLOW_SIGNS.search(text) is None)
    )


def _number(value: Any) -> str:
    """A scalar that is no text."""
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float and (abs(value) >= _WHOLE_LIMIT or not value.is_integer()):
        return repr(value)
    return str(int(value))
