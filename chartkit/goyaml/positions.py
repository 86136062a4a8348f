"""Where the keys and values of a YAML text are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chartkit.goyaml.compose import ALIAS, MAPPING, SCALAR, SEQUENCE, Node
from chartkit.goyaml.decode import entries, is_merge, key_text, merged, scalar_value
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import load_nodes, split_documents
from chartkit.goyaml.reader import BYTE_ORDER_MARK
from chartkit.source import Source

Path = tuple[str | int, ...]
_Pair = tuple[Node, Node]


class Positions:
    """The places of one document's keys and values, looked up by path: `("server", "ports", 0)`.

    An alias or a merge leads to the place where the value itself is written. Offsets count characters of the source.
    """

    __slots__ = ("_maps", "_root", "_shift")

    def __init__(self, root: Node | None, shift: int = 0) -> None:
        self._root = root
        self._shift = shift
        self._maps: dict[int, dict[str, _Pair]] = {}

    def key(self, path: Path) -> int | None:
        """The offset of the key at the end of a path, or of the item of a list; `None` when it is not written."""
        pair = self._pair(path)
        return None if pair is None else pair[0].start + self._shift

    def value(self, path: Path) -> int | None:
        """The offset of the value at a path; `None` when there is none."""
        pair = self._pair(path)
        return None if pair is None else pair[1].start + self._shift

    def value_range(self, path: Path) -> tuple[int, int] | None:
        """The offsets at which a scalar value starts and ends, quotes included; `None` for collections."""
        pair = self._pair(path)
        if pair is None or pair[1].kind != SCALAR:
            return None
        return pair[1].start + self._shift, pair[1].end + self._shift

    def walk(self) -> Iterator[tuple[Path, int, int]]:
        """Every path with the offsets of its key and its value, in the order of the values."""
        if self._root is not None:
            yield from self._walk(self._root, ())

    def _walk(self, node: Node, path: Path) -> Iterator[tuple[Path, int, int]]:
        """The paths below a node."""
        for name, (key, value) in self._children(node):
            yield (*path, name), key.start + self._shift, value.start + self._shift
            yield from self._walk(value, (*path, name))

    def _children(self, node: Node) -> Iterator[tuple[str | int, _Pair]]:
        """What lies directly below a node: names or indices with key and value."""
        if node.kind == MAPPING:
            yield from self._map(node).items()
        elif node.kind == SEQUENCE:
            for index, child in enumerate(node.children):
                yield index, (child, _written(child))

    def _pair(self, path: Path) -> _Pair | None:
        """The key and the value at a path."""
        if self._root is None:
            return None
        root = _written(self._root)
        pair = (root, root)
        for step in path:
            found = self._step(pair[1], step)
            if found is None:
                return None
            pair = found
        return pair

    def _step(self, node: Node, step: str | int) -> _Pair | None:
        """The key and the value one step below a node."""
        if node.kind == MAPPING:
            return self._map(node).get(step) if type(step) is str else None
        if node.kind != SEQUENCE or type(step) is not int or not 0 <= step < len(node.children):
            return None
        child = node.children[step]
        return child, _written(child)

    def _map(self, node: Node) -> dict[str, _Pair]:
        """The keys and values of a mapping by name, worked out once."""
        found = self._maps.get(id(node))
        if found is None:
            found = {}
            self._fill(node, found)
            self._maps[id(node)] = found
        return found

    def _fill(self, node: Node, out: dict[str, _Pair]) -> None:
        """Collect the entries of a mapping, merges in their place, as decoding does."""
        for key, value in entries(node):
            if is_merge(key):
                for source in merged(value):
                    self._fill(_written(source), out)
                continue
            name = key_text(scalar_value(_written(key))[1])
            if name is not None:
                out[name] = (key, _written(value))


def load_positions(source: Source, *, document: int | None = None) -> tuple[Any, Positions]:
    """The value of a document as `load` gives it, and the places in it.

    Args:
        source: the text.
        document: which of the documents that `load_all` tells apart; the first of the stream when it is not given.

    Raises:
        YAMLError: where Go fails.
    """
    shift, text = (0, source.text) if document is None else list(split_documents(source.text))[document]
    try:
        value, root = load_nodes(text)
    except YAMLError as error:
        if shift:
            error.place(source.text, shift)
        raise
    if text.startswith(BYTE_ORDER_MARK):
        shift += 1
    return value, Positions(root, shift)


def _written(node: Node) -> Node:
    """The node that holds the value: an alias stands for its target."""
    return node.target if node.kind == ALIAS and node.target is not None else node
