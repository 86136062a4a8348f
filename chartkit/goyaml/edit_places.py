"""Where in a YAML text an edit has to cut: the bounds of what is written at a node, its line, its colon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from chartkit.goyaml.compose import ALIAS, MAPPING, SCALAR, SEQUENCE, Node
from chartkit.goyaml.decode import entries, is_merge, key_text, merged, scalar_value
from chartkit.goyaml.edit_writing import Style
from chartkit.goyaml.positions import Path

ROOT: Final = "root"
KEY: Final = "key"
ITEM: Final = "item"
FLOW: Final = "flow"

_PROPERTIES: Final = re.compile(r"(?:[&!]\S*[ \t]*)*")
_PROPERTIES_AHEAD: Final = re.compile(r"(?:[ \t]+[&!]\S+)*")
_COLON: Final = re.compile(r"\s*:")
_BLOCK_HEAD: Final = re.compile(r"[|>][-+0-9]*")
_ONLY_COMMENTS: Final = re.compile(r"(?:[ \t]*(?:#[^\n]*)?(?:\n|\Z))*")


class Entry(NamedTuple):
    """A key and a value as written; `merged` says that a `<<` brings them."""

    key: Node
    value: Node
    merged: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A node, and what it stands in.

    Attributes:
        node: the value as it is written, perhaps an alias.
        kind: whether it is the document, the value of a key or an item in a block, or anything in brackets.
        column: the column of the block collection that it stands in.
        path: the way from the root.
        key: the key that it belongs to.
    """

    node: Node
    kind: str
    column: int
    path: Path
    key: Node | None = None


def counted(mapping: Node) -> dict[str, Entry]:
    """What counts in a mapping, by name: the last of each, as decoding has it."""
    found: dict[str, Entry] = {}
    _collect(mapping, found, is_merged=False)
    return found


def _collect(mapping: Node, found: dict[str, Entry], *, is_merged: bool) -> None:
    for key, value in entries(mapping):
        if is_merge(key):
            for source in merged(value):
                _collect(source.target or source, found, is_merged=True)
            continue
        name = key_text(scalar_value(key.target or key)[1])
        if name is not None:
            found[name] = Entry(key, value, is_merged)


class Sheet:
    """A document's text with its nodes; all offsets are in that text."""

    def __init__(self, text: str, root: Node | None) -> None:
        self.text = text
        self.root = root
        self.style = self._style()

    # -- the tree ------------------------------------------------------------------------------------------------

    def child(self, place: Place, found: Entry, name: str) -> Place:
        """The place of an entry of the mapping at a place."""
        kind = FLOW if place.node.flow else KEY
        return Place(found.value, kind, self.block_column(place), (*place.path, name), found.key)

    def item(self, place: Place, index: int) -> Place:
        """The place of an item of the list at a place."""
        kind = FLOW if place.node.flow else ITEM
        return Place(place.node.children[index], kind, self.block_column(place), (*place.path, index))

    def block_column(self, place: Place) -> int:
        """The column of the keys or dashes of a block collection; in brackets that of the block around it."""
        node = place.node
        if node.flow or not node.children:
            return place.column
        first = node.children[0]
        start = self.dash(first) if node.kind == SEQUENCE else self.entry_start(first)
        return start - self.line_start(start)

    # -- lines ---------------------------------------------------------------------------------------------------

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins; a byte order mark does not count."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, before its line break."""
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > offset and self.text[end - 1] == "\r" else end

    def after_line(self, end: int) -> int:
        """Where the line begins that follows the end of one."""
        for line_break in ("\r\n", "\n"):
            if self.text.startswith(line_break, end):
                return end + len(line_break)
        return end

    def rest(self, offset: int) -> str:
        """What follows on the same line."""
        return self.text[offset : self.line_end(offset)]

    # -- bounds --------------------------------------------------------------------------------------------------

    def dash(self, item: Node) -> int:
        """The dash of an item of a block list, whatever comments stand between."""
        before = self.text[: item.start]
        while True:
            stripped = before.rstrip()
            line = stripped[stripped.rfind("\n") + 1 :]
            comment = line.find("#")
            if comment < 0 or line[:comment].strip(" \t-") or not stripped:
                return len(stripped) - 1
            before = stripped[: len(stripped) - len(line) + comment]

    def entry_start(self, key: Node) -> int:
        """Where an entry of a block mapping begins: at its key, or at the `?` before it."""
        before = self.text[: key.start].rstrip(" ")
        is_explicit = before.endswith("?") and len(before) < key.start
        return len(before) - 1 if is_explicit else key.start

    def colon_end(self, key: Node) -> int:
        """The offset behind the colon of a key."""
        found = _COLON.match(self.text, key.close if key.flow else key.end)
        return found.end() if found else key.end

    def properties_end(self, offset: int) -> int:
        """The offset behind the anchor and the tag that follow an offset on its line."""
        found = _PROPERTIES_AHEAD.match(self.text, offset)
        return found.end() if found else offset

    def content(self, node: Node) -> tuple[int, int]:
        """Where a scalar, an alias or a collection in brackets is written, without anchor; a tag belongs to it."""
        if node.kind == ALIAS or node.tag:
            return node.start, node.end if node.kind in (ALIAS, SCALAR) else node.close
        if node.kind != SCALAR:
            return node.end - 1, node.close
        return self._untagged(node), node.end

    def block_head(self, node: Node) -> int | None:
        """The end of the `|` or `>` of a block scalar with its signs; `None` for any other node."""
        if node.kind != SCALAR or node.implicit or node.start == node.end:
            return None
        found = _BLOCK_HEAD.match(self.text, self._untagged(node))
        return found.end() if found else None

    def quote(self, node: Node) -> str:
        """The quotes of a scalar."""
        if node.kind != SCALAR or node.start == node.end:
            return ""
        sign = self.text[self._untagged(node)]
        return sign if sign in "\"'" else ""

    def block_indent(self, node: Node) -> int:
        """The columns by which the lines of a block scalar are indented."""
        lines = self.text[node.start : node.end].split("\n")[1:]
        return next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 0)

    def _untagged(self, node: Node) -> int:
        """Where a scalar begins behind its anchor and tag, which may stand on the line before."""
        found = _PROPERTIES.match(self.text, node.start, node.end)
        start = found.end() if found and self.text[node.start : node.start + 1] in ("&", "!") else node.start
        while start < node.end - 1 and self.text[start].isspace():
            start += 1
        return start

    def content_end(self, node: Node) -> int:
        """The offset behind the last line that belongs to a node, or within that line."""
        if node.kind == ALIAS or node.flow:
            return node.close
        if node.kind != SCALAR:
            last = node.children[-1]
            if node.kind == MAPPING and last.kind == SCALAR and last.start == last.end:
                return max(last.end, node.children[-2].end)
            return self.content_end(last)
        head = self.block_head(node)
        if head is None:
            return node.end
        if "+" in self.text[node.start : head]:
            return max(self.line_end(head), node.end - self.text.endswith("\n", 0, node.end))
        return max(self.line_end(head), len(self.text[: node.end].rstrip()))

    def end_line(self, node: Node) -> int:
        """The end of the last line of a node."""
        return self.line_end(self.content_end(node))

    def orphans_end(self, before: Node, end: int) -> int:
        """The end of the comments behind the end of a line that would become lines of the block text in a node."""
        while before.kind in (MAPPING, SEQUENCE) and before.children and not before.flow:
            before = before.children[-1]
        if self.block_head(before) is None:
            return end
        indent, start = self.block_indent(before), self.after_line(end)
        while start < len(self.text):
            line = self.rest(start)
            comment = line.lstrip(" ")
            if comment and not (comment.startswith("#") and len(line) - len(comment) >= indent):
                break
            end = self.line_end(start) if comment else end
            following = self.after_line(self.line_end(start))
            if following == start:
                break
            start = following
        return end

    def document_end(self) -> int | None:
        """The end of the document's last line, if nothing but comments follow its last value."""
        after = 0 if self.root is None else self.after_line(self.end_line(self.root))
        found = _ONLY_COMMENTS.match(self.text, after)
        if found is None or found.end() < len(self.text):
            return None
        return max(len(self.text.rstrip()), 0 if self.root is None else self.end_line(self.root))

    # -- style ---------------------------------------------------------------------------------------------------

    def _style(self) -> Style:
        """How the file indents, by its first map and its first list under a key."""
        steps: dict[int, int] = {}
        for mapping in _below(self.root):
            if mapping.kind != MAPPING or mapping.flow:
                continue
            for key, value in entries(mapping):
                if value.kind in (MAPPING, SEQUENCE) and not value.flow and value.children:
                    step = self.block_column(Place(value, KEY, 0, ())) - self._column(key.start)
                    if step > 0 or (step == 0 and value.kind == SEQUENCE):
                        steps.setdefault(value.kind, step)
        step = steps.get(MAPPING, 2)
        return Style("\r\n" if "\r\n" in self.text else "\n", step, steps.get(SEQUENCE, step))

    def _column(self, offset: int) -> int:
        return offset - self.line_start(offset)


def _below(node: Node | None) -> Iterator[Node]:
    """A node and all that is written below it; aliases are not followed."""
    if node is not None:
        yield node
        for child in node.children:
            yield from _below(child)
