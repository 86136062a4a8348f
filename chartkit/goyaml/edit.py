"""Edits of YAML texts by position: what is not changed keeps every byte.

Comments, quotes, order, blank lines, line breaks and indentation stay; a changed scalar keeps its quotes; new keys are
written behind the last one of their map, as the file writes its own. After every edit the text is read again and must
say exactly what was wanted: an edit raises an error sooner than it gives a wrong text.

    set_values(text, {("image", "tag"): "1.28", ("env", 0, "value"): "x"})
    remove_values(text, [("image", "digest")])
    rewrite(text, data)

Anchors: a value under an anchor is changed there, if that changes nothing else; an alias may give way to a value of
its own; a scalar that a `<<` brings is overridden behind it. What would change other places too is an error that names
one. Of a key that is written twice the last counts, as in Helm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.goyaml.compose import ALIAS, MAPPING, SCALAR, SEQUENCE, Node
from chartkit.goyaml.decode import is_merge
from chartkit.goyaml.edit_changes import Changes
from chartkit.goyaml.edit_places import Sheet, counted
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import load_nodes, split_documents
from chartkit.goyaml.positions import Path
from chartkit.goyaml.reader import BYTE_ORDER_MARK
from chartkit.source import Position, Source

_MOST_ROUNDS: Final = 1000
_LOST_ANCHOR: Final = re.compile(r"unknown anchor '(.*)' referenced")


def set_values(
    text: str,
    values: Mapping[Path, Any],
    *,
    name: str = "",
    document: int | None = None,
    at_anchors: bool = False,
) -> str:
    """The text with values set at their paths.

    Maps and lists on the way are made where they are missing; an index may be one past the end of its list. A value may
    be any tree of maps, lists and scalars: what of it is there already stays as it is written.

    Args:
        text: a YAML text (undecodable bytes as lone surrogates).
        values: by path (`("image", "tag")`, `("env", 0, "value")`) what should stand there.
        name: what the text is called in errors.
        document: which of its documents is meant, from 0, as `split_documents` tells them apart; where it is not given,
            only one may say anything.
        at_anchors: whether a value that several places share by an anchor is to be changed for all of them.

    Raises:
        InputError: the text is not YAML or has several documents, a path leads through something that is no map or
            list, or the edit would change more than it should.
    """
    sheet = _Document(text, name, document)
    wanted = sheet.data
    for path, value in values.items():
        home = sheet.home(path) if at_anchors else path
        wanted = _with(wanted, home, _plain(value), (), sheet)
    return sheet.rewritten(wanted, at_anchors=at_anchors)


def remove_values(text: str, paths: Iterable[Path], *, name: str = "", document: int | None = None) -> str:
    """The text without what stands at some paths; paths that lead nowhere are passed over.

    A map or list that loses its last entry stays, as `{}` or `[]`. The other arguments and errors are those of
    `set_values`.
    """
    sheet = _Document(text, name, document)
    wanted = sheet.data
    # From the last to the first, so that the indices of a list stay right.
    for path in sorted(paths, key=lambda each: [(type(step) is int, step) for step in each], reverse=True):
        wanted = _without(wanted, path)
    return sheet.rewritten(wanted)


def load_document(text: str, *, name: str = "", document: int | None = None) -> Any:
    """What the document says that an edit would change; arguments and errors are those of `set_values`."""
    return _Document(text, name, document).data


def rewrite(text: str, data: Any, *, name: str = "", document: int | None = None) -> str:
    """The text, changed as little as possible, so that the document says `data`; see `set_values` for the rest."""
    return _Document(text, name, document).rewritten(_plain(data))


class _Document:
    """One document of a text."""

    def __init__(self, text: str, name: str, number: int | None) -> None:
        self.text = text
        self.source = Source(name or "the YAML text", text)
        start, part = self._chosen(number)
        self.start = start + part.startswith(BYTE_ORDER_MARK)
        self.body = text[self.start : start + len(part)]
        self.end = self.start + len(self.body)
        self.data, self.root = self._read(self.body, self.start)

    def _chosen(self, number: int | None) -> tuple[int, str]:
        """Offset and text of the document that is meant."""
        if "\n---" not in self.text and not number:
            return 0, self.text
        try:
            parts = list(split_documents(self.text)) or [(0, self.text)]
        except YAMLError as error:
            position = Position.shown(self.source, error.offset or 0)
            raise InputError(f"{self.source.name}: {error.full}", position=position) from error
        if number is None:
            telling = [at for at, (start, part) in enumerate(parts) if self._read(part, start)[0] is not None]
            if len(telling) > 1:
                raise InputError(
                    f"{self.source.name} holds several YAML documents: {', '.join(str(at + 1) for at in telling)}",
                    position=Position.shown(self.source, parts[telling[1]][0]),
                    hint="say which one is meant",
                )
            number = telling[0] if telling else 0
        if number >= len(parts):
            raise InputError(f"{self.source.name} has no YAML document {number + 1}: it has {len(parts)}")
        return parts[number]

    def home(self, path: Path) -> Path:
        """Where the value at a path is written: aliases on the way lead to their anchors."""
        node: Node | None = self.root
        found: Path = ()
        for step in path:
            node, found = self._followed(node, found)
            node, found = _child(node, step), (*found, step)
        return self._followed(node, found)[1]

    def _followed(self, node: Node | None, path: Path) -> tuple[Node | None, Path]:
        """What an alias stands for, and the path of that."""
        if node is None or node.target is None:
            return node, path
        return node.target, _path_of(self.root, node.target) or path

    def rewritten(self, wanted: Any, *, at_anchors: bool = False) -> str:
        """The whole text, where this document says what is wanted."""
        body, data, root = self.body, self.data, self.root
        allowed: set[Path] | None = None
        for _ in range(_MOST_ROUNDS):
            changes = Changes(Sheet(body, root), self.failure)
            changes.compare(data, wanted)
            if allowed is not None and at_anchors:
                changes.forget(
                    [each for each in changes.paths if not _covered(each, allowed) and _is_shared(root, each)]
                )
            if not changes.paths:
                return self.text[: self.start] + body + self.text[self.end :]
            if allowed is not None:
                self._check_spread(changes.paths, allowed)
            allowed = {*changes.paths, *(allowed or ())}
            body = changes.applied()
            data, root = self._read_back(body, next(iter(changes.paths)))
        raise self.failure(next(iter(allowed or ())), "this edit does not come to an end")

    def _read(self, body: str, start: int) -> tuple[Any, Any]:
        try:
            return load_nodes(_ended(body))
        except YAMLError as error:
            position = Position.shown(self.source, start + (error.offset or 0))
            raise InputError(f"{self.source.name}: {error.full}", position=position) from error

    def _read_back(self, body: str, path: Path) -> tuple[Any, Any]:
        """What an edited text says: a fault in it is this module's, and no text is better than a wrong one."""
        try:
            return load_nodes(_ended(body))
        except YAMLError as error:
            lost = _LOST_ANCHOR.search(str(error))
            if lost:
                hint = "give those places values of their own first"
                raise self.failure(path, f"holds the anchor &{lost[1]}, which other places use", hint) from error
            raise self.failure(path, f"cannot be changed where it stands: {error}") from error

    def _check_spread(self, paths: Iterable[Path], allowed: set[Path]) -> None:
        """Refuse an edit that changed what it should not."""
        for path in paths:
            if not _covered(path, allowed):
                origin = min(allowed, key=str)
                fault = f"cannot be changed alone: {shown(path) or 'the rest'} would change, too"
                raise self.failure(origin, fault, "change it for all places that share it" if "*" in self.body else "")

    def failure(self, path: Path, fault: str, hint: str = "") -> InputError:
        """An error at what is written for a path in the text as it was."""
        offset = self.start + _offset(self.root, path)
        return InputError(
            f"{self.source.name}: {shown(path) or 'the document'} {fault}",
            position=Position(self.source, offset),
            hint=hint,
        )


def _covered(path: Path, allowed: Iterable[Path]) -> bool:
    """Whether a path is one of some, or above or below one."""
    return any(path[: len(each)] == each or each[: len(path)] == path for each in allowed)


def _child(node: Node | None, step: str | int) -> Node | None:
    """The node one step below another one, as it is written there; what a `<<` brings is written elsewhere."""
    if node is None or node.kind == SCALAR:
        return None
    if node.kind == MAPPING:
        found = counted(node).get(step) if type(step) is str else None
        return None if found is None or found.merged else found.value
    return node.children[step] if type(step) is int and 0 <= step < len(node.children) else None


def _path_of(root: Node | None, wanted: Node, path: Path = ()) -> Path | None:
    """The path at which a node is written."""
    if root is wanted:
        return path
    if root is None or root.kind not in (MAPPING, SEQUENCE):
        return None
    steps: Iterable[str | int] = counted(root) if root.kind == MAPPING else range(len(root.children))
    below = (_path_of(_child(root, step), wanted, (*path, step)) for step in steps)
    return next((found for found in below if found is not None), None)


def _is_shared(root: Node | None, path: Path) -> bool:
    """Whether an alias or a `<<` lies on the way to a path."""
    node = root
    for step in path:
        if node is None or node.kind == SCALAR:
            return False
        if node.kind == ALIAS or (node.kind == MAPPING and _is_merged(node, step)):
            return True
        node = _child(node, step)
    return node is not None and node.kind == ALIAS


def _is_merged(mapping: Node, step: str | int) -> bool:
    found = counted(mapping).get(str(step))
    return found.merged if found else any(map(is_merge, mapping.children[::2]))


def shown(path: Path) -> str:
    """A path as people write it: `image.tag`, `env[0].value`."""
    parts = [f"[{step}]" if type(step) is int else f".{str(step).replace('.', chr(92) + '.')}" for step in path]
    return "".join(parts).removeprefix(".")


def _with(data: Any, path: Path, value: Any, done: Path, document: _Document) -> Any:
    """A copy of a tree with a value set."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    here = (*done, step)
    if type(step) is int:
        items = [] if data is None else data
        if type(items) is not list:
            raise document.failure(done, f"is {_kind(data)}, and {shown(here)} asks for a list")
        if not 0 <= step <= len(items):
            count = f"{len(items)} item" if len(items) == 1 else f"{len(items)} items"
            raise document.failure(done, f"has {count}: there is no place for {shown(here)}")
        inner = items[step] if step < len(items) else None
        return [*items[:step], _with(inner, rest, value, here, document), *items[step + 1 :]]
    entries = {} if data is None else data
    if type(entries) is not dict:
        raise document.failure(done, f"is {_kind(data)}, and {shown(here)} asks for a map")
    return {**entries, step: _with(entries.get(step), rest, value, here, document)}


def _without(data: Any, path: Path) -> Any:
    """A copy of a tree without what stands at a path."""
    if not path:
        return None
    step, rest = path[0], path[1:]
    if type(data) is list and type(step) is int and 0 <= step < len(data):
        return [*data[:step], *([_without(data[step], rest)] if rest else []), *data[step + 1 :]]
    if type(data) is not dict or step not in data:
        return data
    if rest:
        return {**data, step: _without(data[step], rest)}
    return {key: value for key, value in data.items() if key != step}


def _ended(body: str) -> str:
    """A document with a line break at its end, as Helm reads values files."""
    return body if body.endswith("\n") else f"{body}\n"


def _plain(value: Any) -> Any:
    """A tree as reading YAML gives it: numbers as floats."""
    if value is None or type(value) in (str, bool):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} has no place in YAML")


def _kind(value: Any) -> str:
    """What a value is, for errors."""
    names = {dict: "a map", list: "a list", str: "a text", float: "a number", bool: "a truth value"}
    return names.get(type(value), "null")


def _offset(root: Any, path: Path) -> int:
    """Where a path leads in a document, or the last place on the way."""
    node = root
    offset = 0 if root is None else root.start
    for step in path:
        node = node.target or node if node is not None else None
        if node is None:
            break
        if node.kind == MAPPING and type(step) is str:
            found = counted(node).get(step)
            if found is None:
                break
            offset, node = found.key.start, found.value
        elif node.kind == SEQUENCE and type(step) is int and step < len(node.children):
            node = node.children[step]
            offset = node.start
        else:
            break
    return int(offset)
