"""Tokens of a YAML text and the state that all token scanners share."""

from __future__ import annotations

from collections import deque
from typing import Any, Final, NoReturn

from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.reader import readable

STREAM_START: Final = "stream start"
STREAM_END: Final = "stream end"
VERSION: Final = "%YAML"
TAG_DIRECTIVE: Final = "%TAG"
DOCUMENT_START: Final = "---"
DOCUMENT_END: Final = "..."
BLOCK_SEQUENCE: Final = "block sequence"
BLOCK_MAPPING: Final = "block mapping"
BLOCK_END: Final = "block end"
FLOW_SEQUENCE: Final = "["
FLOW_SEQUENCE_END: Final = "]"
FLOW_MAPPING: Final = "{"
FLOW_MAPPING_END: Final = "}"
BLOCK_ENTRY: Final = "-"
FLOW_ENTRY: Final = ","
KEY: Final = "?"
VALUE: Final = ":"
ALIAS: Final = "*"
ANCHOR: Final = "&"
TAG: Final = "!"
SCALAR: Final = "scalar"

END: Final = "\0"
BREAKS: Final = "\n\r\x85\u2028\u2029"
BREAK_OR_END: Final = BREAKS + END
BLANK: Final = " \t"
SPACE_OR_END: Final = BLANK + BREAK_OR_END

_DEPTH: Final = 10_000
_KEY_LENGTH: Final = 1024


class Mark:
    """A place in the text: offset and line from 0."""

    __slots__ = ("column", "index", "line")

    def __init__(self, index: int, line: int, column: int) -> None:
        self.index = index
        self.line = line
        self.column = column


class Token:
    """A token: its kind, its two marks and what it holds."""

    __slots__ = ("end", "kind", "start", "style", "value")

    def __init__(self, kind: str, start: Mark, end: Mark, value: Any = "", style: str = "") -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.value = value
        self.style = style


class _SimpleKey:
    """A token that may turn out to be a key once a `:` follows."""

    __slots__ = ("mark", "number", "possible", "required")

    def __init__(self, mark: Mark, number: int, possible: bool = False, required: bool = False) -> None:
        self.mark = mark
        self.number = number
        self.possible = possible
        self.required = required


class Cursor:
    """The place that scanning has reached, with the indentation and the possible keys up to there."""

    def __init__(self, text: str, marked: bool = False) -> None:
        decoded, self._unreadable = readable(text, marked)
        self.text = decoded + END * 8
        self._length = len(decoded)
        self.position = 0
        self.line = 0
        self._line_start = 0
        self.flow = 0
        self.indent = -1
        self._indents: list[int] = []
        self.key_allowed = True
        self.tokens: deque[Token] = deque()
        self.taken = 0
        self.keys: list[_SimpleKey] = []
        self._key_levels: dict[int, int] = {}

    @property
    def column(self) -> int:
        """The column of the place, from 0."""
        return self.position - self._line_start

    @property
    def mark(self) -> Mark:
        """The place as a mark."""
        return Mark(self.position, self.line, self.position - self._line_start)

    def require(self, count: int) -> None:
        """Make sure that the next characters can be decoded, as far as the text goes."""
        if self._unreadable is not None and self.position + count > self._length:
            raise self._unreadable

    def skip_break(self) -> str:
        """Step over a line break and give what it stands for."""
        self.require(2)
        character = self.text[self.position]
        if character == END:
            return ""
        self.position += 2 if self.text.startswith("\r\n", self.position) else 1
        self.line += 1
        self._line_start = self.position
        return character if character in "\u2028\u2029" else "\n"

    def end_line(self) -> None:
        """Count the end of the text as a line break, unless a line has just begun."""
        if self.column != 0:
            self._line_start = self.position
            self.line += 1

    def fail(self, problem: str, context_line: int = 0) -> NoReturn:
        """Raise a scanner error, which Go places on the line reached."""
        line = self.line + 1 if self.line else context_line
        where = f"line {line}: " if line else ""
        raise YAMLError(f"yaml: {where}{problem}", self.position)

    def add(self, kind: str, start: Mark, value: Any = "", style: str = "") -> None:
        """Append a token that ends here."""
        self.tokens.append(Token(kind, start, self.mark, value, style))

    def _insert(self, kind: str, mark: Mark, number: int) -> None:
        """Put an empty token at a place in the queue, or at its end."""
        token = Token(kind, mark, mark)
        if number < 0:
            self.tokens.append(token)
        else:
            self.tokens.insert(number - self.taken, token)

    def roll_indent(self, column: int, number: int, kind: str, mark: Mark) -> None:
        """Open a block collection at a column deeper than the one before."""
        if self.flow or self.indent >= column:
            return
        self._indents.append(self.indent)
        self.indent = column
        if len(self._indents) > _DEPTH:
            self.fail(f"exceeded max depth of {_DEPTH}", self.keys[-1].mark.line)
        self._insert(kind, mark, number)

    def unroll_indent(self, column: int) -> None:
        """Close the block collections that lie deeper than a column."""
        if self.flow:
            return
        while self.indent > column:
            self._insert(BLOCK_END, self.mark, -1)
            self.indent = self._indents.pop()

    def open_flow(self) -> None:
        """Enter a flow collection."""
        self.keys.append(_SimpleKey(self.mark, self.taken + len(self.tokens)))
        self.flow += 1
        if self.flow > _DEPTH:
            self.fail(f"exceeded max depth of {_DEPTH}", self.keys[-1].mark.line)

    def close_flow(self) -> None:
        """Leave a flow collection; a closing bracket too many is left to the grammar."""
        if self.flow:
            self.flow -= 1
            self._key_levels.pop(self.keys.pop().number, None)

    def start_keys(self) -> None:
        """Begin the stack of possible keys."""
        self.keys.append(_SimpleKey(self.mark, 0))

    def save_key(self) -> None:
        """Note that the token about to be read may be a key."""
        if not self.key_allowed:
            return
        required = self.flow == 0 and self.indent == self.column
        key = _SimpleKey(self.mark, self.taken + len(self.tokens), True, required)
        self.drop_key()
        self.keys[-1] = key
        self._key_levels[key.number] = len(self.keys) - 1

    def drop_key(self) -> None:
        """Give up the possible key of this level; one that had to be a key is an error."""
        key = self.keys[-1]
        if not key.possible:
            return
        if key.required:
            self.fail("could not find expected ':'", key.mark.line)
        self.forget_key(key)

    def forget_key(self, key: _SimpleKey) -> None:
        """Take a key off the list of possible ones."""
        key.possible = False
        self._key_levels.pop(key.number, None)

    def key_holds(self, key: _SimpleKey) -> bool:
        """Whether a possible key can still be one: it must end on its line, within 1024 characters."""
        if not key.possible:
            return False
        if key.mark.line < self.line or key.mark.index + _KEY_LENGTH < self.position:
            if key.required:
                self.fail("could not find expected ':'", key.mark.line)
            key.possible = False
            return False
        return True

    def head_may_be_key(self) -> bool:
        """Whether the first token waits for a `:` and must not be handed out yet."""
        level = self._key_levels.get(self.taken)
        return level is not None and level < len(self.keys) and self.key_holds(self.keys[level])

    def insert_key(self, key: _SimpleKey) -> None:
        """Put the KEY token before a token that turned out to be a key."""
        self._insert(KEY, key.mark, key.number)
        self.roll_indent(key.mark.column, key.number, BLOCK_MAPPING, key.mark)
        self.forget_key(key)
