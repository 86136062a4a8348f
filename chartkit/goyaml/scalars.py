"""Scanners of the four kinds of scalars: plain, single-quoted, double-quoted and block."""

from __future__ import annotations

import re
from typing import Final

from chartkit.goyaml.tokens import BLANK, BREAK_OR_END, BREAKS, END, SCALAR, SPACE_OR_END, Cursor, Mark

_WORD: Final = re.compile("[^ \t\n\r\x85\u2028\u2029\0]+")
_LINE: Final = re.compile("[^\n\r\x85\u2028\u2029\0]*")
_PLAIN_BLOCK: Final = re.compile("(?:[^ \t\n\r\x85\u2028\u2029\0:]|:(?![ \t\n\r\x85\u2028\u2029\0]))*")
_PLAIN_FLOW: Final = re.compile(
    "(?:[^ \t\n\r\x85\u2028\u2029\0:,?\\[\\]{}]|:(?![ \t\n\r\x85\u2028\u2029\0]))*"
)  # fmt: skip
_SINGLE: Final = re.compile("(?:[^ \t\n\r\x85\u2028\u2029\0']|'')+")
_DOUBLE: Final = re.compile('[^ \t\n\r\x85\u2028\u2029\0"\\\\]+')
_BLANKS: Final = re.compile("[ \t]+")
_HEX: Final = re.compile("[0-9a-fA-F]*")

_ESCAPES: Final = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "'": "'", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_CODE_LENGTHS: Final = {"x": 2, "u": 4, "U": 8}


def at_document_indicator(cursor: Cursor) -> bool:
    """Whether a line starts here with `---` or `...` and nothing right behind it."""
    if cursor.column != 0 or not cursor.text.startswith(("---", "..."), cursor.position):
        return False
    return cursor.text[cursor.position + 3] in SPACE_OR_END


def scan_plain(cursor: Cursor) -> None:
    """Read a plain scalar, over several lines where they are indented."""
    text, start = cursor.text, cursor.mark
    end, indent = start, cursor.indent + 1
    parts: list[str] = []
    gap, crossed = "", False
    pattern = _PLAIN_FLOW if cursor.flow else _PLAIN_BLOCK
    while True:
        cursor.require(4)
        if at_document_indicator(cursor) or text[cursor.position] == "#":
            break
        found = pattern.match(text, cursor.position)
        if found is not None and found.end() > cursor.position:
            parts += (gap, found[0])
            gap, crossed = "", False
            cursor.position = found.end()
            cursor.require(2)
            end = cursor.mark
        if text[cursor.position] not in BLANK + BREAKS:
            break
        gap, crossed = _gap(cursor, gap, crossed, indent, start)
        if cursor.flow == 0 and cursor.column < indent:
            break
    if crossed:
        cursor.key_allowed = True
    cursor.add(SCALAR, start, "".join(parts))
    cursor.tokens[-1].end = end


def _gap(cursor: Cursor, gap: str, crossed: bool, indent: int, start: Mark) -> tuple[str, bool]:
    """Blanks and line breaks inside a plain scalar: what they fold to, and whether a line was left."""
    text, breaks = cursor.text, 0
    first, rest = "", ""
    while True:
        cursor.require(1)
        character = text[cursor.position]
        if character in BLANK:
            if crossed and character == "\t" and cursor.column < indent:
                cursor.fail("found a tab character that violates indentation", start.line)
            gap += "" if crossed else character
            cursor.position += 1
        elif character in BREAKS:
            found = cursor.skip_break()
            first, rest = (found, rest) if breaks == 0 else (first, rest + found)
            breaks += 1
            crossed = True
        else:
            break
    return (_fold(first, rest) if breaks else gap), crossed


def _fold(first: str, rest: str) -> str:
    """A line break and those behind it: one becomes a space, of several the first goes."""
    if first == "\n":
        return rest or " "
    return first + rest


def scan_quoted(cursor: Cursor, quote: str) -> None:
    """Read a scalar in single or double quotes."""
    start = cursor.mark
    cursor.position += 1
    parts: list[str] = []
    while True:
        cursor.require(4)
        if at_document_indicator(cursor):
            cursor.fail("found unexpected document indicator", start.line)
        if cursor.text[cursor.position] == END:
            cursor.fail("found unexpected end of stream", start.line)
        crossed = _single_run(cursor, parts) if quote == "'" else _double_run(cursor, parts, start)
        cursor.require(1)
        if cursor.text[cursor.position] == quote:
            break
        parts.append(_quoted_gap(cursor, crossed))
    cursor.position += 1
    cursor.add(SCALAR, start, "".join(parts), quote)


def _single_run(cursor: Cursor, parts: list[str]) -> bool:
    """Characters in single quotes up to a blank, a break or the quote."""
    found = _SINGLE.match(cursor.text, cursor.position)
    if found is not None:
        parts.append(found[0].replace("''", "'"))
        cursor.position = found.end()
        cursor.require(2)
    return False


def _double_run(cursor: Cursor, parts: list[str], start: Mark) -> bool:
    """Characters and escapes up to a blank, a break or the quote; true after an escaped line break."""
    text = cursor.text
    while True:
        found = _DOUBLE.match(text, cursor.position)
        if found is not None:
            parts.append(found[0])
            cursor.position = found.end()
            cursor.require(2)
        if text[cursor.position] != "\\":
            return False
        if text[cursor.position + 1] in BREAKS:
            cursor.position += 1
            cursor.skip_break()
            return True
        parts.append(_escape(cursor, start))


def _escape(cursor: Cursor, start: Mark) -> str:
    """Read one escape and give its character."""
    text = cursor.text
    letter = text[cursor.position + 1]
    plain = _ESCAPES.get(letter)
    length = _CODE_LENGTHS.get(letter, 0)
    if plain is None and not length:
        cursor.fail("found unknown escape character", start.line)
    cursor.position += 2
    if plain is not None:
        cursor.require(2)
        return plain
    cursor.require(length)
    digits = text[cursor.position : cursor.position + length]
    if _HEX.fullmatch(digits) is None:
        cursor.fail("did not find expected hexdecimal number", start.line)
    code = int(digits, 16)
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        cursor.fail("found invalid Unicode character escape code", start.line)
    cursor.position += length
    return chr(code)


def _quoted_gap(cursor: Cursor, crossed: bool) -> str:
    """Blanks and line breaks inside a quoted scalar, folded; `crossed` after an escaped line break."""
    blanks, first, rest = "", "", ""
    while True:
        cursor.require(1)
        character = cursor.text[cursor.position]
        if character in BLANK:
            blanks += "" if crossed else character
            cursor.position += 1
        elif character in BREAKS:
            found = cursor.skip_break()
            first, rest = (first, rest + found) if crossed else (found, rest)
            crossed = True
        else:
            break
    return _fold(first, rest) if crossed else blanks


def scan_block(cursor: Cursor, literal: bool) -> None:
    """Read a literal or folded block scalar."""
    start = cursor.mark
    cursor.position += 1
    chomping, increment = _block_header(cursor, start)
    indent = max(cursor.indent, 0) + increment if increment else 0
    indent, trailing, end = _block_breaks(cursor, indent, start)
    parts: list[str] = []
    leading, was_blank = "", False
    cursor.require(1)
    while cursor.column == indent and cursor.text[cursor.position] != END:
        blank = cursor.text[cursor.position] in BLANK
        if not literal and not was_blank and not blank and leading == "\n":
            parts.append("" if trailing else " ")
        else:
            parts.append(leading)
        parts.append(trailing)
        was_blank = blank
        line = _LINE.match(cursor.text, cursor.position)
        assert line is not None
        parts.append(line[0])
        cursor.position = line.end()
        cursor.require(2)
        leading = cursor.skip_break()
        indent, trailing, end = _block_breaks(cursor, indent, start)
    if chomping != "-":
        parts.append(leading)
    if chomping == "+":
        parts.append(trailing)
    cursor.add(SCALAR, start, "".join(parts), "|" if literal else ">")
    cursor.tokens[-1].end = end


def _block_header(cursor: Cursor, start: Mark) -> tuple[str, int]:
    """The chomping and indentation indicators, and the rest of their line."""
    text, chomping, increment = cursor.text, "", 0
    cursor.require(1)
    if text[cursor.position] in "+-":
        chomping = text[cursor.position]
        cursor.position += 1
        increment = _indent_indicator(cursor, start)
    else:
        increment = _indent_indicator(cursor, start)
        if increment and text[cursor.position] in "+-":
            chomping = text[cursor.position]
            cursor.position += 1
    cursor.require(1)
    skip_to_line_end(cursor)
    if text[cursor.position] not in BREAK_OR_END:
        cursor.fail("did not find expected comment or line break", start.line)
    cursor.skip_break()
    return chomping, increment


def skip_to_line_end(cursor: Cursor) -> None:
    """Step over blanks and a comment."""
    blanks = _BLANKS.match(cursor.text, cursor.position)
    if blanks is not None:
        cursor.position = blanks.end()
    if cursor.text[cursor.position] == "#":
        comment = _LINE.match(cursor.text, cursor.position)
        assert comment is not None
        cursor.position = comment.end()
    cursor.require(1)


def _indent_indicator(cursor: Cursor, start: Mark) -> int:
    """Read the digit that gives a block scalar's indentation; 0 when there is none."""
    cursor.require(1)
    digit = cursor.text[cursor.position]
    if digit not in "0123456789":
        return 0
    if digit == "0":
        cursor.fail("found an indentation indicator equal to 0", start.line)
    cursor.position += 1
    cursor.require(1)
    return int(digit)


def _block_breaks(cursor: Cursor, indent: int, start: Mark) -> tuple[int, str, Mark]:
    """Indentation and empty lines before the next line of text; finds the indentation where it is not known."""
    breaks, deepest, end = "", 0, cursor.mark
    while True:
        cursor.require(1)
        while (indent == 0 or cursor.column < indent) and cursor.text[cursor.position] == " ":
            cursor.position += 1
        cursor.require(1)
        deepest = max(deepest, cursor.column)
        if (indent == 0 or cursor.column < indent) and cursor.text[cursor.position] == "\t":
            cursor.fail("found a tab character where an indentation space is expected", start.line)
        if cursor.text[cursor.position] not in BREAKS:
            break
        breaks += cursor.skip_break()
        end = cursor.mark
    return indent or max(deepest, cursor.indent + 1, 1), breaks, end
