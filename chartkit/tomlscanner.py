"""Steps through a TOML text: characters, line numbers, strings and error texts."""

from __future__ import annotations

import re
from typing import Final

from chartkit.goquote import quote

Key = tuple[str, ...]

BLANK: Final = " \t"
BREAKS: Final = "\r\n"
WHITE: Final = BLANK + BREAKS
BARE: Final = re.compile(r"[A-Za-z0-9_-]*")
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_ESCAPES: Final = {
    "b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\",
}  # fmt: skip
_NEW_ESCAPES: Final = "ex"
_CODE_ESCAPES: Final = {"x": ("two", 2), "u": ("four", 4), "U": ("eight", 8)}
_LINE_JOIN: Final = re.compile(r"(\\\\)|\\[ \t\r\n]*\n[ \t\r\n]*")
_KEY_QUOTES: Final = str.maketrans({'"': '\\"', "\\": "\\\\"})


class TomlError(Exception):
    """A TOML text that cannot be read, or a value that cannot be written."""


def show_rune(character: str) -> str:
    """A character as Go's %q shows it; the end of the file counts as NUL there."""
    if character in ("'", '"'):
        return "'\\''" if character == "'" else "'\"'"
    return f"'{quote(character or chr(0))[1:-1]}'"


def dotted(key: Key) -> str:
    """A key as it is written, with dots."""
    return ".".join(part if part and BARE.fullmatch(part) else f'"{part.translate(_KEY_QUOTES)}"' for part in key)


class Scanner:
    """Steps through a text by characters and counts lines; all errors are made here."""

    def __init__(self, text: str, *, strict: bool) -> None:
        self.text = text
        self.strict = strict
        self.at = 0
        self.ended = False
        self.line = 1
        self.key_line = 1
        self.context: Key = ()
        self.current = ""

    def error(self, message: str, *, line: int | None = None) -> TomlError:
        """An error at a line, or at the current one; at the end of the text, at its last line."""
        if line is None:
            line = self.line - (self.ended and (self.strict or self.text.endswith("\n")))
        key = self.last_key()
        shown = f" (last key {quote(key)})" if key else ""
        return TomlError(f"toml: line {line}{shown}: {message}")

    def last_key(self) -> str:
        """The key that is being read."""
        if not self.current:
            return dotted(self.context)
        return f"{dotted(self.context)}.{self.current}" if self.context else self.current

    def next(self) -> str:
        """The next character; the empty text at the end."""
        character = self.peek()
        self.at += 1 if character else 0
        self.ended = not character
        self.line += character == "\n"
        return character

    def peek(self) -> str:
        """The next character, which stays."""
        character = self.text[self.at : self.at + 1]
        if not character:
            return ""
        code = ord(character)
        lone_return = character == "\r" and self.text[self.at + 1 : self.at + 2] != "\n"
        if (code < 0x20 and character not in "\t\r\n") or code == 0x7F or lone_return:
            raise self.error(f"TOML files cannot contain control characters: '0x{code:02x}'", line=self.line)
        if 0xDC80 <= code <= 0xDCFF:
            raise self.error(f"invalid UTF-8 byte: 0x{code - 0xDC00:02x}", line=self.line)
        return character

    def skip(self, characters: str) -> str:
        """Pass over some characters; gives the next one, which stays."""
        while (character := self.peek()) and character in characters:
            self.next()
        return character

    def skip_comments(self) -> str:
        """Pass over white space, line breaks and comments; gives the next character, which stays."""
        while (character := self.skip(WHITE)) == "#":
            self.skip_comment()
        return character

    def skip_comment(self) -> None:
        """Pass over the rest of the line."""
        while (character := self.peek()) and character not in BREAKS:
            self.next()

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What a pattern matches here, passed over; it must not match line breaks."""
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def any_string(self, mark: str) -> str:
        """A string of any kind, from its opening quote on."""
        if self.text.startswith(mark * 3, self.at):
            self.at += 3
            return self._long_string(mark)
        self.next()
        return self.string() if mark == '"' else self.raw_string()

    def string(self) -> str:
        """The rest of a string in double quotes."""
        start = self.at
        while (character := self.next()) != '"':
            if not character:
                raise self.error("unexpected EOF; expected '\"'")
            if character in BREAKS:
                raise self.error("strings cannot contain newlines", line=self.line - 1)
            if character == "\\":
                self._pass_escape(start)
        return self._unescape(self.text[start : self.at - 1])

    def raw_string(self) -> str:
        """The rest of a string in single quotes."""
        start = self.at
        while (character := self.next()) != "'":
            if not character:
                raise self.error('unexpected EOF; expected "\'"')
            if character in BREAKS:
                raise self.error("strings cannot contain newlines", line=self.line - 1)
        return self.text[start : self.at - 1]

    def _long_string(self, mark: str) -> str:
        """A string in triple quotes; up to two more quotes may stand before the closing ones."""
        start = self.at
        while True:
            character = self.next()
            if not character:
                expected = '\'"""\'' if mark == '"' else "\"'''\""
                raise self.error(f"unexpected EOF; expected {expected}")
            if character == "\\" and mark == '"':
                if self.peek() in BREAKS and self.peek():
                    self.next()
                else:
                    self._pass_escape(start)
            elif character == mark and (end := self._closing(mark)):
                break
        text = self.text[start:end]
        text = text[1:] if text[:1] == "\n" else text.removeprefix("\r\n")
        if mark == "'":
            return text
        return self._unescape(_LINE_JOIN.sub(lambda match: match[1] or "", text))

    def _closing(self, mark: str) -> int:
        """Where the text ends if the quote just passed is of the closing ones; else 0."""
        first = self.at - 1
        while self.peek() == mark and self.at - first < 6:
            self.next()
        count = self.at - first
        if count >= 6:
            raise self.error(f"unexpected '{mark * 6}'" if mark == '"' else f'unexpected "{mark * 6}"')
        return self.at - 3 if count >= 3 else 0

    def _pass_escape(self, start: int) -> None:
        """Check the character after a backslash."""
        character = self.next()
        if self.strict and character and character in _NEW_ESCAPES:
            raise self.error(f"invalid escape in string '\\{character}'", line=self.line)
        if character in _CODE_ESCAPES:
            word, size = _CODE_ESCAPES[character]
            for _ in range(size):
                if self.next() not in _HEX:
                    found = quote(self.text[start : self.at])
                    message = f"expected {word} hexadecimal digits after '\\{character}', but got {found} instead"
                    raise self.error(message)
        elif character not in _ESCAPES and character not in BLANK:
            raise self.error(f"invalid escape in string '\\{character or chr(0)}'", line=self.line)

    def _unescape(self, text: str) -> str:
        parts = text.split("\\")
        result = [parts[0]]
        index = 1
        while index < len(parts):
            part = parts[index]
            if not part:
                # An escaped backslash splits off an empty part.
                result += ("\\", parts[index + 1])
                index += 2
                continue
            result.append(self._unescaped(part))
            index += 1
        return "".join(result)

    def _unescaped(self, part: str) -> str:
        letter = part[0]
        if letter in _ESCAPES:
            return _ESCAPES[letter] + part[1:]
        if letter in BLANK:
            raise self.error(f"invalid escape: '\\{letter}'")
        end = _CODE_ESCAPES[letter][1] + 1
        code = int(part[1:end], 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise self.error(f"Escaped character '\\u{part[1:end]}' is not valid UTF-8.")
        return chr(code) + part[end:]
