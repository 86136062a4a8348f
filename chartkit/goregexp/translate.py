"""Write a tree as a pattern for Python's `re`, for use with `re.ASCII`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from chartkit.goregexp.charclass import ANY, CharClass, negate
from chartkit.goregexp.nodes import Node, Op, fold_tree

_FIXED: Final = {
    Op.EMPTY: "",
    Op.BEGIN_TEXT: r"\A",
    Op.END_TEXT: r"\Z",
    Op.BEGIN_LINE: "(?m:^)",
    Op.END_LINE: "(?m:$)",
    Op.WORD: r"\b",
    # Python's \B (before 3.14) does not match in an empty text; Go's does.
    Op.NOT_WORD: r"(?!\b)",
}


def translate(root: Node) -> str:
    """The Python pattern of a tree; every group keeps its number."""
    return fold_tree(root, _write)


def _write(node: Node, parts: Sequence[str]) -> str:
    match node.op:
        case Op.SET:
            return write_class(node.chars)
        case Op.CAT:
            return "".join(parts)
        case Op.ALT:
            return f"(?:{'|'.join(parts)})"
        case Op.GROUP:
            return f"({parts[0]})"
        case Op.REPEAT:
            return _write_repeat(node, parts[0])
        case _:
            return _FIXED[node.op]


def _write_repeat(node: Node, part: str) -> str:
    body = part if node.subs[0].op in (Op.SET, Op.GROUP, Op.ALT) else f"(?:{part})"
    counts = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((node.low, node.high))
    if counts is None:
        counts = f"{{{node.low},{'' if node.high is None else node.high}}}"
    return body + counts + ("" if node.greedy else "?")


def write_class(chars: CharClass) -> str:
    """A class as Python writes it."""
    if not chars:
        return "(?!)"
    if chars == ANY:
        return "(?s:.)"
    if len(chars) == 1 and chars[0][0] == chars[0][1]:
        return re.escape(chr(chars[0][0]))
    opposite = negate(chars)
    if len(opposite) < len(chars):
        return f"[^{_write_ranges(opposite)}]"
    return f"[{_write_ranges(chars)}]"


def _write_ranges(chars: CharClass) -> str:
    return "".join(_code(low) if low == high else f"{_code(low)}-{_code(high)}" for low, high in chars)


def _code(code: int) -> str:
    if code < 0x80 and chr(code).isalnum():
        return chr(code)
    return f"\\x{code:02x}" if code < 0x100 else f"\\U{code:08x}"
