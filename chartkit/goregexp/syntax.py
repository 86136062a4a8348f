"""Read a pattern in RE2's syntax into a tree, refusing what Go refuses with Go's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chartkit.goregexp.brackets import read_bracket, read_named_class
from chartkit.goregexp.charclass import ANY, CharClass, clean, fold_case, negate
from chartkit.goregexp.errors import InvalidRegexp
from chartkit.goregexp.escapes import next_char, read_escape
from chartkit.goregexp.nodes import Node, Op
from chartkit.record import dataclass, field, replace

_MAX_COUNT: Final = 1000
_MAX_HEIGHT: Final = 1000
_MAX_SIZE: Final = (128 << 20) // 40
_NO_NEWLINE: Final = negate(((0x0A, 0x0A),))
_NAME_CHARS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that Go accepts: its tree, and the name of each group (group 0 is the whole match)."""

    root: Node
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Flags:
    fold: bool = False
    multi_line: bool = False
    dot_newline: bool = False
    ungreedy: bool = False


@dataclass(slots=True)
class _Frame:
    """An open parenthesis, or the whole pattern."""

    flags: _Flags
    group: int | None
    branches: list[Node] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)


def parse(text: str) -> Pattern:
    """Read a pattern, or raise `InvalidRegexp`."""
    try:
        return _Parser(text).parse()
    except _TooDeep as error:
        raise InvalidRegexp(str(error), text) from None


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flags = _Flags()
        self.frames = [_Frame(self.flags, None)]
        self.names = [""]
        self.last_repeat: int | None = None

    def parse(self) -> Pattern:
        while self.at < len(self.text):
            self.last_repeat = self.step()
        if len(self.frames) > 1:
            raise InvalidRegexp("missing closing )", self.text)
        return Pattern(self.close(self.frames[0]), tuple(self.names))

    def step(self) -> int | None:
        """Read one element; the start of a repetition operator is given back."""
        special = _SPECIAL.get(self.text[self.at])
        if special:
            return special(self)
        char, self.at = next_char(self.text, self.at)
        self.literal(char)
        return None

    def push(self, node: Node) -> None:
        self.frames[-1].items.append(node)

    def literal(self, code: int) -> None:
        chars: CharClass = ((code, code),)
        self.push(Node(Op.SET, chars=_like_invalid_bytes(fold_case(chars) if self.flags.fold else chars)))

    def close(self, frame: _Frame) -> Node:
        """The node of all that was read since a parenthesis opened."""
        branches = [*frame.branches, _concat(frame.items)]
        return branches[0] if len(branches) == 1 else _limited(_join(Op.ALT, branches))

    def open_paren(self) -> None:
        if self.text.startswith("(?", self.at):
            self.open_perl()
            return
        self.at += 1
        self.open_group("")

    def open_group(self, name: str) -> None:
        self.frames.append(_Frame(self.flags, len(self.names)))
        self.names.append(name)

    def open_perl(self) -> None:
        """`(?` opens a named group, sets flags, or both sets flags and opens a group that is not remembered."""
        start = self.at
        for mark in ("(?P<", "(?<"):
            if self.text.startswith(mark, start) and len(self.text) - start > len(mark):
                self.open_named(start + len(mark))
                return
        flags, end = self.read_flags(start)
        if self.text[end] == ":":
            self.frames.append(_Frame(self.flags, None))
        self.flags = flags
        self.at = end + 1

    def open_named(self, name_start: int) -> None:
        end = self.text.find(">", name_start)
        if end < 0:
            _check_utf8(self.text[self.at :])
            raise InvalidRegexp("invalid named capture", self.text[self.at :])
        name = self.text[name_start:end]
        _check_utf8(name)
        if not name or not _NAME_CHARS.issuperset(name):
            raise InvalidRegexp("invalid named capture", self.text[self.at : end + 1])
        self.at = end + 1
        self.open_group(name)

    def read_flags(self, start: int) -> tuple[_Flags, int]:
        """Read `(?imsU-imsU` up to its `:` or `)`, and give back where that is."""
        flags = self.flags
        value = True
        seen = False
        at = start + 2
        while at < len(self.text):
            char = chr(next_char(self.text, at)[0])
            if char in _FLAG_NAMES:
                flags = replace(flags, **{_FLAG_NAMES[char]: value})
                seen = True
            elif char == "-" and value:
                value = seen = False
            elif char in ":)" and (value or seen):
                return flags, at
            else:
                at += 1
                break
            at += 1
        raise InvalidRegexp("invalid or unsupported Perl syntax", self.text[start:at])

    def close_paren(self) -> None:
        if len(self.frames) == 1:
            raise InvalidRegexp("unexpected )", self.text)
        frame = self.frames.pop()
        node = self.close(frame)
        self.flags = frame.flags
        if frame.group is not None:
            node = Node(Op.GROUP, (node,), low=frame.group, height=node.height + 1, size=node.size + 2)
        self.push(_limited(node))
        self.at += 1

    def bar(self) -> None:
        frame = self.frames[-1]
        frame.branches.append(_concat(frame.items))
        frame.items = []
        self.at += 1

    def caret(self) -> None:
        self.push(Node(Op.BEGIN_LINE if self.flags.multi_line else Op.BEGIN_TEXT))
        self.at += 1

    def dollar(self) -> None:
        self.push(Node(Op.END_LINE if self.flags.multi_line else Op.END_TEXT))
        self.at += 1

    def dot(self) -> None:
        self.push(Node(Op.SET, chars=ANY if self.flags.dot_newline else _NO_NEWLINE))
        self.at += 1

    def bracket(self) -> None:
        chars, self.at = read_bracket(self.text, self.at, self.flags.fold)
        self.push(Node(Op.SET, chars=_like_invalid_bytes(chars)))

    def star(self) -> int:
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[self.text[self.at]]
        return self.repeat(low, high, self.at + 1)

    def brace(self) -> int | None:
        found = _read_counts(self.text, self.at)
        if found is None:
            self.literal(ord("{"))
            self.at += 1
            return None
        low, high, end = found
        if low > _MAX_COUNT or (high is not None and (high > _MAX_COUNT or low > high)):
            raise InvalidRegexp("invalid repeat count", self.text[self.at : end])
        return self.repeat(low, high, end)

    def repeat(self, low: int, high: int | None, end: int) -> int:
        """Put a repetition around the last item."""
        start = self.at
        greedy = not self.flags.ungreedy
        if self.text.startswith("?", end):
            end += 1
            greedy = not greedy
        if self.last_repeat is not None:
            raise InvalidRegexp("invalid nested repetition operator", self.text[self.last_repeat : end])
        items = self.frames[-1].items
        if not items:
            raise InvalidRegexp("missing argument to repetition operator", self.text[start:end])
        counted = self.text[start] == "{"
        node = _limited(_repetition(items[-1], low, high, greedy))
        if counted and max(low, high or 0) >= 2 and not _count_is_valid(node):
            raise InvalidRegexp("invalid repeat count", self.text[start:end])
        items[-1] = node
        self.at = end
        return start

    def backslash(self) -> None:
        letter = self.text[self.at + 1 : self.at + 2]
        if letter in _ASSERTIONS:
            self.push(Node(_ASSERTIONS[letter]))
            self.at += 2
        elif letter == "C":
            raise InvalidRegexp("invalid escape sequence", r"\C")
        elif letter == "Q":
            self.quoted()
        else:
            self.escape()

    def quoted(self) -> None:
        """`\\Q...\\E`: all between is literal."""
        start = self.at + 2
        end = self.text.find(r"\E", start)
        stop = len(self.text) if end < 0 else end
        at = start
        while at < stop:
            char, at = next_char(self.text, at)
            self.literal(char)
        self.at = stop if end < 0 else end + 2

    def escape(self) -> None:
        named = read_named_class(self.text, self.at, self.flags.fold)
        if named:
            chars, self.at = named
            self.push(Node(Op.SET, chars=_like_invalid_bytes(chars)))
            return
        code, self.at = read_escape(self.text, self.at)
        self.literal(code)


_FLAG_NAMES: Final = {"i": "fold", "m": "multi_line", "s": "dot_newline", "U": "ungreedy"}
_ASSERTIONS: Final = {"A": Op.BEGIN_TEXT, "b": Op.WORD, "B": Op.NOT_WORD, "z": Op.END_TEXT}
_SPECIAL: Final[dict[str, Callable[[_Parser], int | None]]] = {
    "(": _Parser.open_paren,
    ")": _Parser.close_paren,
    "|": _Parser.bar,
    "^": _Parser.caret,
    "$": _Parser.dollar,
    ".": _Parser.dot,
    "[": _Parser.bracket,
    "*": _Parser.star,
    "+": _Parser.star,
    "?": _Parser.star,
    "{": _Parser.brace,
    "\\": _Parser.backslash,
}


def _check_utf8(text: str) -> None:
    at = 0
    while at < len(text):
        _, at = next_char(text, at)


def _like_invalid_bytes(chars: CharClass) -> CharClass:
    """Treat bytes that are no UTF-8, which stand as U+DC80..U+DCFF here, as Go does: like U+FFFD."""
    if any(low <= 0xDC80 and high >= 0xFFFD for low, high in chars):
        return chars
    kept = [(low, high) for low, high in chars if high < 0xDC80 or low > 0xDCFF]
    kept.extend((low, 0xDC7F) for low, high in chars if low < 0xDC80 <= high)
    kept.extend((0xDD00, high) for low, high in chars if low <= 0xDCFF < high)
    if any(low <= 0xFFFD <= high for low, high in chars):
        kept.append((0xDC80, 0xDCFF))
    return clean((low, high) for low, high in kept if low <= high)


def _join(op: Op, subs: list[Node]) -> Node:
    size = sum(sub.size for sub in subs) + (len(subs) - 1 if op is Op.ALT else 0)
    return Node(op, tuple(subs), height=1 + max(sub.height for sub in subs), size=size)


def _concat(items: list[Node]) -> Node:
    if not items:
        return Node(Op.EMPTY)
    return items[0] if len(items) == 1 else _limited(_join(Op.CAT, items))


def _repetition(sub: Node, low: int, high: int | None, greedy: bool) -> Node:
    endless = 1 + low * sub.size if low else 2 + sub.size
    size = endless if high is None else high * sub.size + (high - low)
    return Node(Op.REPEAT, (sub,), low=low, high=high, greedy=greedy, height=sub.height + 1, size=max(size, 1))


class _TooDeep(Exception):
    """The tree has too many levels or instructions; the whole pattern is to blame."""


def _limited(node: Node) -> Node:
    if node.size > _MAX_SIZE:
        raise _TooDeep("expression too large")
    if node.height > _MAX_HEIGHT:
        raise _TooDeep("expression nests too deeply")
    return node


def _count_is_valid(root: Node) -> bool:
    """Whether nested counts multiply to no more than 1000."""
    work = [(root, _MAX_COUNT)]
    while work:
        node, left = work.pop()
        if node.op is Op.REPEAT and (node.low, node.high) not in ((0, None), (1, None), (0, 1)):
            count = node.low if node.high is None else node.high
            if node.high == 0:
                continue
            if count > left:
                return False
            left = left // count if count else left
        work.extend((sub, left) for sub in node.subs)
    return True


def _read_counts(text: str, start: int) -> tuple[int, int | None, int] | None:
    """Read `{2}`, `{2,}` or `{2,5}`, or give `None` where the brace is literal text."""
    low = _read_number(text, start + 1)
    if low is None:
        return None
    count, at = low
    high: int | None = count
    if text.startswith(",", at):
        at += 1
        if text.startswith("}", at):
            high = None
        else:
            upper = _read_number(text, at)
            if upper is None:
                return None
            high, at = upper
    return (count, high, at + 1) if text.startswith("}", at) else None


def _read_number(text: str, start: int) -> tuple[int, int] | None:
    end = start
    while end < len(text) and text[end] in "0123456789":
        end += 1
    digits = text[start:end]
    if not digits or (len(digits) > 1 and digits[0] == "0"):
        return None
    return (int(digits) if len(digits) < 9 else _MAX_COUNT + 1), end
