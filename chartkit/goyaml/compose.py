"""Documents as trees of nodes, with the place of every node: for what needs anchors, tags, merges or positions."""

from __future__ import annotations

from typing import Any, Final

from chartkit.goyaml.events import NextEvent
from chartkit.goyaml.failure import YAMLError

SCALAR: Final = 0
MAPPING: Final = 1
SEQUENCE: Final = 2
ALIAS: Final = 3


class Node:
    """One node of a document.

    Attributes:
        kind: one of the constants of this module.
        tag: the tag in full, or the empty string.
        text: a scalar's text, or an alias's name.
        implicit: whether a scalar is written plain (or with the tag `!`).
        children: the items of a sequence, or the keys and values of a mapping in turn.
        target: the node that an alias stands for.
        start: the offset at which it starts.
        end: the offset behind its end, or behind the start of a collection.
        flow: whether a collection is written in brackets.
        close: the offset behind the bracket that ends a collection in brackets.
    """

    __slots__ = ("children", "close", "end", "flow", "implicit", "kind", "start", "tag", "target", "text")

    def __init__(self, kind: int, event: Any, text: str = "", implicit: bool = False) -> None:
        self.kind = kind
        self.tag: str = getattr(event, "tag", None) or ""
        self.text = text
        self.implicit = implicit
        self.children: list[Node] = []
        self.target: Node | None = None
        self.start: int = event.start_mark.index
        self.end: int = event.end_mark.index
        self.flow: bool = bool(getattr(event, "flow_style", False))
        self.close: int = self.end


def compose(next_event: NextEvent) -> Node | None:
    """The tree of the first document, read to its end; `None` for a stream without documents."""
    next_event()
    if type(next_event()).__name__ == "StreamEndEvent":
        return None
    anchors: dict[str, Node] = {}
    root: list[Node] = []
    stack = [root]
    unclosed: list[Node] = []
    while True:
        event = next_event()
        kind = type(event).__name__
        if kind == "ScalarEvent":
            node = Node(SCALAR, event, event.value, event.implicit[0])
        elif kind == "AliasEvent":
            node = _alias(event, anchors)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            stack.pop()
            unclosed.pop().close = event.start_mark.index + 1
            continue
        elif kind == "DocumentEndEvent":
            return root[0]
        else:
            node = Node(MAPPING if kind == "MappingStartEvent" else SEQUENCE, event)
        stack[-1].append(node)
        if event.anchor is not None and kind != "AliasEvent":
            anchors[event.anchor] = node
        if node.kind in (MAPPING, SEQUENCE):
            stack.append(node.children)
            unclosed.append(node)


def _alias(event: Any, anchors: dict[str, Node]) -> Node:
    """The node of an alias, whose anchor must stand before it."""
    node = Node(ALIAS, event, event.anchor)
    node.target = anchors.get(event.anchor)
    if node.target is None:
        raise YAMLError(f"yaml: unknown anchor '{event.anchor}' referenced", event.start_mark.index)
    return node
