"""A JSON reader that finds exactly the faults that Go's encoding/json finds, in its words.

Go has two engines: the first reads byte by byte and shows the end of the text as a blank; the second, that of Helm 4.3,
reads characters and knows fewer places where a fault can be.
"""

from __future__ import annotations

import re
from json import JSONDecoder
from math import isfinite
from typing import Any, Final

from chartkit.goquote import is_printable, quote, quote_rune
from chartkit.pattern import pattern

SURROGATE: Final = pattern("[\ud800-\udfff]")

_BLANK: Final = re.compile(rb"[ \t\r\n]*")
_PLAIN: Final = pattern(rb'[^"\\\x00-\x1f]*')
_DIGITS: Final = re.compile(rb"[0-9]*")
_HEX_DIGITS: Final = frozenset(b"0123456789abcdefABCDEF")
_UTF16_PREFIX: Final = re.compile(rb"\\u?[0-9a-fA-F]{0,4}\Z")
_WORDS: Final = {ord("t"): (b"true", True), ord("f"): (b"false", False), ord("n"): (b"null", None)}
_UNESCAPER: Final = JSONDecoder()
_END: Final = "unexpected end of JSON input"
_MAX_DEPTH: Final = "exceeded max depth"


class JSONError(ValueError):
    """Text that is not JSON, or a value that JSON cannot hold, in Go's words.

    Attributes:
        partial: what could be decoded all the same, where only a number was out of range.
    """

    def __init__(self, message: str, partial: Any = None) -> None:
        super().__init__(message)
        self.partial = partial


def read_whole(text: str, *, v2_errors: bool) -> Any:
    """The value of a text that holds one JSON value.

    Raises:
        JSONError: the text is not JSON, or a number is too large.
    """
    data = text.encode("utf-8", "surrogateescape")
    # The first engine feeds itself a blank at the end, and names it in errors.
    reader = _Reader(data if v2_errors else data + b" ", v2_errors, _END)
    value = reader.run()
    reader.skip_blank()
    if reader.at < len(reader.data):
        raise reader.unexpected("after top-level value")
    reader.finish(value)
    return value


def read_prefix(text: str, start: int, *, v2_errors: bool) -> tuple[Any, int]:
    """The first JSON value from `start` on, and the index where it ends.

    Raises:
        JSONError: there is no whole value.
    """
    reader = _Reader(text[start:].encode("utf-8", "surrogateescape"), v2_errors, "unexpected EOF")
    reader.skip_blank()
    if reader.at == len(reader.data):
        raise JSONError("EOF")
    value = reader.run()
    reader.finish(value)
    return value, start + len(reader.data[: reader.at].decode("utf-8", "surrogateescape"))


class _Reader:
    """A place in a text."""

    def __init__(self, data: bytes, v2_errors: bool, end_message: str) -> None:
        self.data = data
        self.at = 0
        self.v2 = v2_errors
        self.end_message = end_message
        self.path: list[str | int] = []
        self.fault = ""

    def run(self) -> Any:
        """The next value."""
        try:
            return self.value()
        except RecursionError:
            raise JSONError(_MAX_DEPTH) from None

    def finish(self, value: Any) -> None:
        """Report a number that was out of range, now that all the text is known to be JSON."""
        if self.fault:
            raise JSONError(self.fault, value)

    def skip_blank(self) -> None:
        """Pass over white space."""
        match = _BLANK.match(self.data, self.at)
        assert match is not None
        self.at = match.end()

    def peek(self) -> int:
        """The byte at this place.

        Raises:
            JSONError: the text ends here.
        """
        if self.at >= len(self.data):
            raise JSONError(self.end_message)
        return self.data[self.at]

    def next(self) -> int:
        """The next byte that is no white space."""
        self.skip_blank()
        return self.peek()

    def unexpected(self, context: str) -> JSONError:
        """The error for the character at this place."""
        code = self.data[self.at]
        shown = quote_rune(code)
        if self.v2 and code >= 0x80:
            character = self.data[self.at : self.at + 4].decode("utf-8", "surrogateescape")[0]
            shown = f"'\\x{code:x}'" if SURROGATE.match(character) else quote_rune(ord(character))
        return JSONError(f"invalid character {shown} {context}")

    def value(self) -> Any:
        """Any value."""
        code = self.next()
        if code == ord("{"):
            return self.object()
        if code == ord("["):
            return self.array()
        if code == ord('"'):
            return self.string()
        if code in _WORDS:
            return self.word(*_WORDS[code])
        if code == ord("-") or ord("0") <= code <= ord("9"):
            return self.number()
        raise self.unexpected("looking for beginning of value")

    def object(self) -> dict[str, Any]:
        """An object; of equal keys the last counts."""
        result: dict[str, Any] = {}
        self.at += 1
        if self.next() == ord("}"):
            self.at += 1
            return result
        while True:
            if self.next() != ord('"'):
                raise self.unexpected("looking for beginning of object key string")
            key = self.string()
            if self.next() != ord(":"):
                raise self.unexpected("after object key")
            self.at += 1
            self.path.append(key)
            result[key] = self.value()
            self.path.pop()
            if self.closed("}", "after object key:value pair"):
                return result

    def array(self) -> list[Any]:
        """An array."""
        result: list[Any] = []
        self.at += 1
        if self.next() == ord("]"):
            self.at += 1
            return result
        while True:
            self.path.append(len(result))
            result.append(self.value())
            self.path.pop()
            if self.closed("]", "after array element"):
                return result

    def closed(self, bracket: str, context: str) -> bool:
        """Whether the closing bracket comes, not a comma."""
        code = self.next()
        if code not in (ord(bracket), ord(",")):
            raise self.unexpected(context)
        self.at += 1
        return code == ord(bracket)

    def word(self, word: bytes, value: bool | None) -> bool | None:
        """One of the three literal names."""
        for code in word:
            if self.peek() != code:
                raise self.unexpected(f"in literal {word.decode('ascii')} (expecting {quote_rune(code)})")
            self.at += 1
        return value

    def number(self) -> float | None:
        """A number; one out of range is remembered as a fault and read as nil, or 0 by the second engine."""
        start = self.at
        if self.peek() == ord("-"):
            self.at += 1
        if self.peek() == ord("0"):
            self.at += 1
        else:
            self.digits("in numeric literal")
        if self.follows(b"."):
            self.at += 1
            self.digits("after decimal point in numeric literal")
        if self.follows(b"eE"):
            self.at += 1
            self.peek()
            if self.follows(b"+-"):
                self.at += 1
            self.digits("in exponent of numeric literal")
        return self.in_range(self.data[start : self.at].decode("ascii"))

    def follows(self, codes: bytes) -> bool:
        """Whether one of the bytes comes next; the text may end."""
        return self.at < len(self.data) and self.data[self.at] in codes

    def digits(self, context: str) -> None:
        """One digit or more."""
        match = _DIGITS.match(self.data, self.at)
        assert match is not None
        if match.end() == self.at:
            self.peek()
            raise self.unexpected("in numeric literal" if self.v2 else context)
        self.at = match.end()

    def in_range(self, text: str) -> float | None:
        """The number, if float64 can hold it."""
        value = float(text)
        if isfinite(value):
            return value
        place = "Go value"
        if self.v2 and self.path:
            place = "Go struct field " * isinstance(self.path[-1], str) + "".join(f".{step}" for step in self.path)
        self.fault = self.fault or f"json: cannot unmarshal number {text} into {place} of type float64"
        return 0.0 if self.v2 else None

    def string(self) -> str:
        """A string; U+FFFD stands for what is no character."""
        self.at += 1
        start = self.at
        while True:
            match = _PLAIN.match(self.data, self.at)
            assert match is not None
            self.at = match.end()
            code = self.peek()
            if code == ord('"'):
                break
            if code != ord("\\"):
                raise self.unexpected("in string" if self.v2 else "in string literal")
            self.escape()
        text = self.data[start : self.at].decode("utf-8", "surrogateescape")
        self.at += 1
        if "\\" in text:
            text = _UNESCAPER.decode(f'"{text}"')
        return SURROGATE.sub("\ufffd", text)

    def escape(self) -> None:
        """Pass over an escape sequence."""
        if self.v2:
            self.escape_v2()
            return
        self.at += 1
        code = self.peek()
        if code not in b'bfnrt\\/"u':
            raise self.unexpected("in string escape code")
        self.at += 1
        if code == ord("u"):
            for _ in range(4):
                if self.peek() not in _HEX_DIGITS:
                    raise self.unexpected("in \\u hexadecimal character escape")
                self.at += 1

    def escape_v2(self) -> None:
        """Pass over an escape sequence; the second engine shows the whole sequence that is wrong."""
        rest = self.data[self.at : self.at + 6]
        if len(rest) < 2 or (len(rest) < 6 and rest[1] == ord("u") and _UTF16_PREFIX.match(rest)):
            raise JSONError(self.end_message)
        if rest[1] == ord("u"):
            if len(rest) == 6 and _HEX_DIGITS.issuperset(rest[2:]):
                self.at += 6
                return
        elif rest[1] in b'bfnrt\\/"':
            self.at += 2
            return
        else:
            rest = rest[:2]
        raise JSONError(f"invalid escape sequence {_shown(rest.decode('utf-8', 'surrogateescape'))} in string")


def _shown(sequence: str) -> str:
    """An escape sequence between backquotes, or quoted where these cannot hold it or it would not be seen."""
    unseen = any(
        character in "`\ufffd" or character.isspace() or not is_printable(ord(character)) for character in sequence
    )
    return quote(sequence) if unseen else f"`{sequence}`"
