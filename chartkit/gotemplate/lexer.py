"""Template text to tokens.

One pass over the text. White-space trimming (`{{-`, `-}}`) is decided here and nowhere else, as in Go. An error ends
the token list with one `ERROR` token that carries Go's message, so that the parser meets errors in Go's order.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chartkit.pattern import pattern

LEFT: Final = "{{"
RIGHT: Final = "}}"
_SPACES: Final = " \t\r\n"

# Token kinds. Keywords are their own kinds, and so are the single characters `|`, `(`, `)`.
ERROR: Final = "error"
EOF: Final = "EOF"
TEXT: Final = "text"
LEFT_DELIM: Final = "left delimiter"
RIGHT_DELIM: Final = "right delimiter"
SPACE: Final = "space"
IDENTIFIER: Final = "identifier"
FIELD: Final = "field"
VARIABLE: Final = "variable"
NUMBER: Final = "number"
COMPLEX: Final = "complex"
CHARACTER: Final = "character constant"
STRING: Final = "string"
RAW_STRING: Final = "raw string"
BOOL: Final = "bool"
DECLARE: Final = ":="
ASSIGN: Final = "="
PIPE: Final = "|"
LEFT_PAREN: Final = "("
RIGHT_PAREN: Final = ")"
CHAR: Final = "char"
DOT: Final = "."
KEYWORDS: Final = frozenset(
    {"block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"}
)


class Token(NamedTuple):
    """A piece of the template: its kind, where it begins in characters, and its text (of an error, the message)."""

    kind: str
    start: int
    text: str


_INSIDE: Final = pattern(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<right>\}\})
      | (?P<field>\.(?=[^0-9])\w*)
      | (?P<variable>\$\w*)
      | (?P<number>[+\-.0-9])
      | (?P<word>\w+)
      | (?P<string>"(?:[^"\\\n]|\\[^\n])*")
      | (?P<raw>`[^`]*`)
      | (?P<character>'(?:[^'\\\n]|\\[^\n])*')
      | (?P<punctuation>[|()=,]|:=?)""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER: Final = pattern(
    r"""[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?
      | 0[oO][0-7_]*(?:\.[0-7_]*)?
      | 0[bB][01_]*(?:\.[01_]*)?
      | [0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?""",
    re.VERBOSE,
)
_UNTERMINATED: Final = {
    '"': "unterminated quoted string",
    "`": "unterminated raw quoted string",
    "'": "unterminated character constant",
}
_TERMINATORS: Final = frozenset(" \t\r\n.,|:)(")
_WORD_KINDS: Final = {name: name for name in KEYWORDS} | {"true": BOOL, "false": BOOL}


def lex(text: str) -> list[Token]:
    """The tokens of a whole template; the last one is `EOF` or `ERROR`."""
    return _Lexer(text).run()


def is_alphanumeric(character: str) -> bool:
    """Whether Go counts a character as a letter, decimal digit or underscore."""
    return character == "_" or character.isalpha() or character.isdecimal()


class _Lexer:
    """The state of one pass over a template."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []

    def run(self) -> list[Token]:
        """Lex until the end or the first error."""
        position = 0
        while position >= 0:
            position = self._outside(position)
        return self.tokens

    def _error(self, start: int, message: str) -> int:
        self.tokens.append(Token(ERROR, start, message))
        return -1

    def _outside(self, position: int) -> int:
        """Text up to the next action and that action; -1 at the end."""
        text = self.text
        left = text.find(LEFT, position)
        if left < 0:
            if position < len(text):
                self.tokens.append(Token(TEXT, position, text[position:]))
            self.tokens.append(Token(EOF, len(text), ""))
            return -1
        inside = left + len(LEFT)
        trims = text[inside : inside + 1] == "-" and text[inside + 1 : inside + 2] in _SPACES and inside + 1 < len(text)
        before = text[position:left]
        if trims:
            before = before.rstrip(_SPACES)
        if before:
            self.tokens.append(Token(TEXT, position, before))
        after_marker = inside + 2 if trims else inside
        if text.startswith("/*", after_marker):
            return self._comment(after_marker)
        self.tokens.append(Token(LEFT_DELIM, left, LEFT))
        return self._action(after_marker)

    def _right_delimiter(self, position: int) -> tuple[bool, bool]:
        """Whether an action ends here, and whether it trims the text that follows."""
        text = self.text
        if text[position : position + 1] in _SPACES and text.startswith("-" + RIGHT, position + 1):
            return True, True
        return text.startswith(RIGHT, position), False

    def _after_right(self, position: int, trims: bool) -> int:
        """Where the text after a right delimiter begins."""
        position += len(RIGHT) + (2 if trims else 0)
        if trims:
            text = self.text
            while position < len(text) and text[position] in _SPACES:
                position += 1
        return position

    def _comment(self, start: int) -> int:
        end = self.text.find("*/", start + 2)
        if end < 0:
            return self._error(start, "unclosed comment")
        ends, trims = self._right_delimiter(end + 2)
        if not ends:
            return self._error(start, "comment ends before closing delimiter")
        return self._after_right(end + 2, trims)

    def _action(self, position: int) -> int:
        """The tokens of one action, from after its left delimiter; returns where text goes on, or -1."""
        text, append, match_inside = self.text, self.tokens.append, _INSIDE.match
        depth = 0
        while True:
            match = match_inside(text, position)
            if match is None:
                position = self._odd_character(position)
                if position < 0:
                    return -1
                continue
            kind, end = match.lastgroup, match.end()
            if kind == "space":
                if text.startswith("-" + RIGHT, end):
                    return self._trimming_right(position, end, depth)
                append(Token(SPACE, position, match[0]))
            elif kind == "right":
                if depth:
                    return self._error(position, "unclosed left paren")
                append(Token(RIGHT_DELIM, position, RIGHT))
                return end
            elif kind == "punctuation":
                depth += {"(": 1, ")": -1}.get(match[0], 0)
                if depth < 0:
                    return self._error(position, "unexpected right paren")
                if match[0] == ":":
                    return self._error(position, "expected :=")
                append(Token(CHAR if match[0] == "," else match[0], position, match[0]))
            else:
                end = self._operand(str(kind), position, match[0])
                if end < 0:
                    return -1
            position = end

    def _trimming_right(self, start: int, end: int, depth: int) -> int:
        """White space up to `end` and the ` -}}` that its last character belongs to; returns where text goes on."""
        if end - start > 1:
            self.tokens.append(Token(SPACE, start, self.text[start : end - 1]))
        if depth:
            return self._error(end - 1, "unclosed left paren")
        self.tokens.append(Token(RIGHT_DELIM, end + 1, RIGHT))
        return self._after_right(end - 1, True)

    def _odd_character(self, position: int) -> int:
        """A character that begins no token: an error, or punctuation that the parser will refuse."""
        character = self.text[position : position + 1]
        if not character:
            return self._error(position, "unclosed action")
        if character in _UNTERMINATED:
            return self._error(position, _UNTERMINATED[character])
        if character.isascii() and character.isprintable():
            self.tokens.append(Token(CHAR, position, character))
            return position + 1
        return self._error(position, f"unrecognized character in action: {_code_point(character)}")

    def _operand(self, kind: str, start: int, found: str) -> int:
        """A literal, name, field or variable; returns its end, or -1."""
        if kind == "number":
            return self._number(start)
        if kind in ("string", "raw", "character"):
            self.tokens.append(Token({"string": STRING, "raw": RAW_STRING, "character": CHARACTER}[kind], start, found))
            return start + len(found)
        if not found.isascii():
            found = _cut_to_alphanumeric(found)
            if not found:
                return self._error(start, f"unrecognized character in action: {_code_point(self.text[start])}")
        end = start + len(found)
        if not self._at_terminator(end):
            return self._error(start, f"bad character {_code_point(self.text[end])}")
        if kind == "word":
            self.tokens.append(Token(_WORD_KINDS.get(found, IDENTIFIER), start, found))
        elif kind == "field":
            self.tokens.append(Token(DOT if found == "." else FIELD, start, found))
        else:
            self.tokens.append(Token(VARIABLE, start, found))
        return end

    def _at_terminator(self, position: int) -> bool:
        following = self.text[position : position + 1]
        return not following or following in _TERMINATORS or self.text.startswith(RIGHT, position)

    def _number(self, start: int) -> int:
        end, good = self._scan_number(start)
        kind = NUMBER
        if good and self.text[end : end + 1] in ("+", "-"):
            # Two numbers in a row without a space can only be a complex constant.
            kind = COMPLEX
            end, good = self._scan_number(end)
            good = good and self.text[end - 1] == "i"
        if not good:
            return self._error(start, f'bad number syntax: "{self.text[start:end]}"')
        self.tokens.append(Token(kind, start, self.text[start:end]))
        return end

    def _scan_number(self, start: int) -> tuple[int, bool]:
        match = _NUMBER.match(self.text, start)
        end = match.end() if match else start
        following = self.text[end : end + 1]
        if following and is_alphanumeric(following):
            return end + 1, False
        return end, True


def _cut_to_alphanumeric(word: str) -> str:
    """The leading part of a word that Go's letters and digits make up (Python's \\w takes a few more)."""
    lead = word[0] if word[0] in ".$" else ""
    for index, character in enumerate(word[len(lead) :], len(lead)):
        if not is_alphanumeric(character):
            return word[:index]
    return word


def _code_point(character: str) -> str:
    """A character as Go's `%#U` prints it."""
    shown = f" '{character}'" if character.isprintable() else ""
    return f"U+{ord(character):04X}{shown}"
