"""The tree of a parsed pattern, and a way to work on it that does not recurse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import TypeVar

from chartkit.goregexp.charclass import CharClass
from chartkit.record import dataclass

Result = TypeVar("Result")


class Op(Enum):
    """What a node matches."""

    EMPTY = "the empty text"
    SET = "one character out of a class"
    BEGIN_TEXT = "the start of the text"
    END_TEXT = "the end of the text"
    BEGIN_LINE = "the start of a line"
    END_LINE = "the end of a line"
    WORD = "a word boundary"
    NOT_WORD = "a place that is no word boundary"
    CAT = "its parts one after another"
    ALT = "the first of its parts that lets the whole match"
    REPEAT = "its part several times"
    GROUP = "its part, remembering where"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One node of the tree.

    Attributes:
        op: what it matches.
        subs: its parts.
        chars: the class of a SET.
        low: the least count of a REPEAT, or the number of a GROUP.
        high: the greatest count of a REPEAT, `None` for any.
        greedy: whether a REPEAT prefers more.
        height: levels of the tree below and with this node.
        size: instructions that the node takes in Go's own program.
    """

    op: Op
    subs: tuple[Node, ...] = ()
    chars: CharClass = ()
    low: int = 0
    high: int | None = None
    greedy: bool = True
    height: int = 1
    size: int = 1


def fold_tree(root: Node, combine: Callable[[Node, Sequence[Result]], Result]) -> Result:
    """Work a tree out from its leaves upwards: `combine` gets a node and the results of its parts."""
    results: list[Result] = []
    work: list[tuple[Node, bool]] = [(root, False)]
    while work:
        node, ready = work.pop()
        if not ready:
            work.append((node, True))
            work.extend((sub, False) for sub in reversed(node.subs))
            continue
        count = len(node.subs)
        parts = results[len(results) - count :]
        del results[len(results) - count :]
        results.append(combine(node, parts))
    return results[0]


def is_nullable(root: Node) -> bool:
    """Whether a node can match the empty text."""
    return fold_tree(root, _nullable)


def _nullable(node: Node, parts: Sequence[bool]) -> bool:
    match node.op:
        case Op.SET:
            return False
        case Op.CAT:
            return all(parts)
        case Op.ALT:
            return any(parts)
        case Op.REPEAT:
            return node.low == 0 or parts[0]
        case Op.GROUP:
            return parts[0]
        case _:
            return True
