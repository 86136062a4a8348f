"""Match a pattern in one pass over the text: a machine that follows all ways through the pattern at once.

The ways are kept in the order in which Perl would try them, so the first that arrives is the match that a
backtracking engine finds. Time grows with the length of the text times the size of the program, never faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from chartkit.goregexp.charclass import CharClass
from chartkit.goregexp.named import PERL
from chartkit.goregexp.nodes import Node, Op, fold_tree, is_nullable
from chartkit.goregexp.risk import first_chars
from chartkit.goregexp.translate import write_class
from chartkit.record import dataclass

Captures = tuple[int, ...]
"""Start and end of the whole match and of each group in turn; -1 where a group took no part."""

_CHAR: Final = 0
_SPLIT: Final = 1
_JUMP: Final = 2
_SAVE: Final = 3
_ASSERT: Final = 4
_MATCH: Final = 5


@dataclass(frozen=True, slots=True)
class _Step:
    """One instruction; `go` and `other` are distances from the instruction itself, `go` preferred."""

    kind: int
    go: int = 1
    other: int = 0
    chars: CharClass = ()
    op: Op = Op.EMPTY


class Machine:
    """The program of one pattern."""

    def __init__(self, root: Node, groups: int) -> None:
        self.steps = [*fold_tree(root, _compile), _Step(_MATCH)]
        self.blank: Captures = (-1,) * (2 * groups)
        self.tests = [_member(step.chars) if step.kind == _CHAR else None for step in self.steps]
        self.skip = None if is_nullable(root) else re.compile(write_class(first_chars(root)), re.ASCII)

    def search(self, text: str, start: int) -> Captures | None:
        """The leftmost match at or after a place, the preferred one where several start there."""
        found: Captures | None = None
        threads: list[tuple[int, Captures]] = []
        at = start
        while True:
            if found is None:
                if not threads and self.skip:
                    candidate = self.skip.search(text, at)
                    if not candidate:
                        return None
                    at = candidate.start()
                threads.append((0, (at, *self.blank[1:])))
            arrived, threads = self._advance(threads, text, at)
            found = arrived or found
            if at >= len(text) or (found is not None and not threads):
                return found
            at += 1

    def _advance(
        self, threads: list[tuple[int, Captures]], text: str, at: int
    ) -> tuple[Captures | None, list[tuple[int, Captures]]]:
        """Take one character: the match that a thread arrived at, and the threads that go on."""
        seen: set[int] = set()
        char = text[at : at + 1]
        going: list[tuple[int, Captures]] = []
        stack = threads[::-1]
        while stack:
            place, captures = stack.pop()
            if place in seen:
                continue
            seen.add(place)
            step = self.steps[place]
            if step.kind == _CHAR:
                test = self.tests[place]
                if char and test and test(char):
                    going.append((place + 1, captures))
            elif step.kind == _MATCH:
                return (captures[0], at, *captures[2:]), going
            else:
                _follow(step, place, captures, stack, text, at)
        return None, going


def _follow(step: _Step, place: int, captures: Captures, stack: list[tuple[int, Captures]], text: str, at: int) -> None:
    """Push what a step that takes no character leads to, the preferred way on top."""
    if step.kind == _SPLIT:
        stack.append((place + step.other, captures))
        stack.append((place + step.go, captures))
    elif step.kind == _SAVE:
        slot = step.other
        stack.append((place + 1, (*captures[:slot], at, *captures[slot + 1 :])))
    elif step.kind == _JUMP or _HOLDS[step.op](text, at):
        stack.append((place + step.go, captures))


def _member(chars: CharClass) -> Callable[[str], object]:
    return re.compile(write_class(chars), re.ASCII).match


def _compile(node: Node, parts: Sequence[list[_Step]]) -> list[_Step]:
    match node.op:
        case Op.EMPTY:
            return []
        case Op.SET:
            return [_Step(_CHAR, chars=node.chars)]
        case Op.CAT:
            return [step for part in parts for step in part]
        case Op.ALT:
            return _alternate(parts)
        case Op.GROUP:
            return [_Step(_SAVE, other=2 * node.low), *parts[0], _Step(_SAVE, other=2 * node.low + 1)]
        case Op.REPEAT:
            return _repeat(node, parts[0])
        case _:
            return [_Step(_ASSERT, op=node.op)]


def _alternate(parts: Sequence[list[_Step]]) -> list[_Step]:
    code = list(parts[-1])
    for part in reversed(parts[:-1]):
        code = [_Step(_SPLIT, 1, len(part) + 2), *part, _Step(_JUMP, len(code) + 1), *code]
    return code


def _repeat(node: Node, body: list[_Step]) -> list[_Step]:
    greedy = node.greedy
    if node.high is None:
        if node.low == 0:
            return _star(body, is_nullable(node.subs[0]), greedy)
        return body * (node.low - 1) + _plus(body, greedy)
    code: list[_Step] = []
    for _ in range(node.high - node.low):
        code = _maybe([*body, *code], greedy)
    return body * node.low + code


def _split(greedy: bool, inside: int, outside: int) -> _Step:
    return _Step(_SPLIT, inside, outside) if greedy else _Step(_SPLIT, outside, inside)


def _maybe(body: list[_Step], greedy: bool) -> list[_Step]:
    return [_split(greedy, 1, len(body) + 1), *body]


def _plus(body: list[_Step], greedy: bool) -> list[_Step]:
    return [*body, _split(greedy, -len(body), 1)]


def _star(body: list[_Step], nullable: bool, greedy: bool) -> list[_Step]:
    if nullable:
        # Go's way: one pass through the body comes before the question whether to go on.
        return _maybe(_plus(body, greedy), greedy)
    return [_split(greedy, 1, len(body) + 2), *body, _Step(_JUMP, -len(body) - 1)]


def _is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and any(low <= ord(text[at]) <= high for low, high in PERL["w"])


def _at_word_edge(text: str, at: int) -> bool:
    return _is_word(text, at - 1) != _is_word(text, at)


_HOLDS: Final[dict[Op, Callable[[str, int], bool]]] = {
    Op.BEGIN_TEXT: lambda text, at: at == 0,
    Op.END_TEXT: lambda text, at: at == len(text),
    Op.BEGIN_LINE: lambda text, at: at == 0 or text[at - 1] == "\n",
    Op.END_LINE: lambda text, at: at == len(text) or text[at] == "\n",
    Op.WORD: _at_word_edge,
    Op.NOT_WORD: lambda text, at: not _at_word_edge(text, at),
}
