"""How go-yaml writes a string: which style it takes, and the text in each style."""

from __future__ import annotations

import re
from typing import Final

from chartkit.goyaml.reader import BYTE_ORDER_MARK
from chartkit.pattern import pattern

WIDTH: Final = 80

# Sets of what is not allowed compile ten times faster than sets of what is.
_ODD: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\U00010000-\U0010ffff"
_NOT_PRINTABLE: Final = pattern(f"[\t{_ODD}]")
_NOT_PRINTABLE_OR_TAB: Final = pattern(f"[{_ODD}]")
_SPACE_BREAK: Final = pattern(" [\n\r\x85\u2028\u2029]")
_BREAK_SPACE: Final = pattern("[\n\r\x85\u2028\u2029] ")
_INDICATOR: Final = pattern(
    "[#,\\[\\]{}&*!|>'\"%@`]|[?:-](?:[ \t]|\\Z)|---|\\.\\.\\.|.*(?::(?:[ \t]|\\Z)|[ \n\u2028\u2029]#)", re.DOTALL
)
_ESCAPED: Final = pattern(f'["\\\\\t\n\u2028\u2029{_ODD}]')
_EXOTIC_BREAKS: Final = pattern("([\u2028\u2029]+)")
_BEFORE_LINE: Final = pattern("[\u2028\u2029]++(?!'\\Z)")
_LINE_START: Final = pattern("(?<![^\n\u2028\u2029])(?=[^\n\u2028\u2029])")
_BREAKS: Final = "\n\u2028\u2029"

_ESCAPES: Final = {
    "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r",
    "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip


def printable(text: str, *, tabs: bool = False) -> bool:
    """Whether the text can stand as it is; tabs count as printable where `tabs` is set."""
    return (_NOT_PRINTABLE_OR_TAB if tabs else _NOT_PRINTABLE).search(text) is None


def plain_allowed(text: str) -> bool:
    """Whether a printable text of one line can stand without quotes and be read back as the same text."""
    return text[0] != " " and text[-1] != " " and _INDICATOR.match(text) is None


def single_allowed(text: str) -> bool:
    """Whether a printable text can stand in single quotes."""
    return _SPACE_BREAK.search(text) is None and _BREAK_SPACE.search(text) is None


def literal_allowed(text: str) -> bool:
    """Whether a printable text can stand as a literal block."""
    return text[-1] != " " and _SPACE_BREAK.search(text) is None


def escaped(character: str) -> str:
    """A character as it is written in double quotes."""
    known = _ESCAPES.get(character)
    if known:
        return known
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def double_quoted(text: str) -> str:
    """The text in double quotes, on one line."""
    if text.startswith(BYTE_ORDER_MARK):
        return _all_escaped(text)
    return '"' + _ESCAPED.sub(lambda found: escaped(found[0]), text) + '"'


def _all_escaped(text: str) -> str:
    """The text with every character escaped: go-yaml takes each for the byte order mark that stands at the start."""
    return '"' + "".join("\\_" if character == "\xa0" else escaped(character) for character in text) + '"'


def single_quoted(text: str) -> str:
    """The text in single quotes, on one line."""
    return "'" + text.replace("'", "''") + "'"


def folded(text: str, column: int, pad: str, first: int = 0, last: int = -1) -> str:
    """A plain or single-quoted text that starts at a column, broken at single spaces behind column 80.

    Spaces up to the character `first` and from `last` on stay.
    """
    lines, start = [], 0
    end = last if last >= 0 else len(text) - 1
    at = text.find(" ", max(first + 1, WIDTH + 1 - column), end)
    while at >= 0:
        if text[at - 1] != " " and text[at + 1] != " ":
            lines.append(text[start:at])
            start = at + 1
            at = text.find(" ", start + WIDTH + 1 - len(pad), end)
        else:
            at = text.find(" ", at + 1, end)
    lines.append(text[start:])
    return ("\n" + pad).join(lines)


def folded_single(text: str, column: int, pad: str) -> str:
    """A text of one line, or with the line breaks U+2028 and U+2029, in single quotes.

    What follows such a line break is indented.
    """
    quoted = single_quoted(text)
    first, *parts = _EXOTIC_BREAKS.split(quoted)
    if not parts:
        return folded(quoted, column, pad, 1, len(quoted) - 2)
    out = [folded(first, column, pad, 1, len(first))]
    tail = parts.pop()
    for part in parts:
        out.append(part if part[0] in "\u2028\u2029" else pad + folded(part, len(pad), pad, 0, len(part)))
    out.append(pad + folded(tail, len(pad), pad, 0, len(tail) - 2) if len(tail) > 1 else tail)
    return "".join(out)


def unfolded_single(text: str, pad: str) -> str:
    """The same, with no line broken at spaces."""
    return _BEFORE_LINE.sub(lambda found: found[0] + pad, single_quoted(text))


def folded_double(text: str, column: int, pad: str) -> str:
    """The text in double quotes, broken at spaces behind column 80."""
    if text.startswith(BYTE_ORDER_MARK):
        return _all_escaped(text)
    shown = _ESCAPED.sub(lambda found: escaped(found[0]), text)
    parts, start, column = ['"'], 0, column + 1
    last = len(shown) - 1
    at = shown.find(" ", max(WIDTH + 1 - column, 1), last)
    while at >= 0:
        if shown[at - 1] == " ":
            # Only the first of several spaces can become a line break; the others need a sign before them.
            at = shown.find(" ", at + 1, last)
            continue
        sign = "\\" if shown[at + 1] == " " else ""
        parts += (shown[start:at], "\n", pad, sign)
        start = at + 1
        at = shown.find(" ", max(start + WIDTH + 1 - len(pad) - len(sign), start), last)
    parts.append(shown[start:])
    return "".join(parts) + '"'


def literal(text: str, pad: str) -> str:
    """The text as a literal block, up to the end of its last line; no line break is added at the end."""
    hint = "2" if text[0] in " \n\u2028\u2029" else ""
    chomp = "" if text[-1] in _BREAKS else "-"
    if not chomp and (len(text) == 1 or text[-2] in _BREAKS):
        chomp = "+"
    return f"|{hint}{chomp}\n" + _LINE_START.sub(pad, text)
