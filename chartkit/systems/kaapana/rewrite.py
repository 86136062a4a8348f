"""Puts a custom registry in place of `{DEFAULT_REGISTRY}` in the images of operators; every other byte stays.

Changed are f-strings that are the value of an `image=` keyword and begin with the placeholder. The syntax tree finds
them, the tokens tell where the placeholder stands, and the syntax tree of the new text must be the old one with the
registry put in. All else that takes the platform's registry is told, not changed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chartkit.errors import InputError
from chartkit.source import Position
from chartkit.systems.kaapana.operators import DEFAULT_REGISTRY, is_default_registry, operator_images
from chartkit.systems.kaapana.python_file import PythonFile, parse_python, python_files, read_python
from chartkit.systems.kaapana.registry import read_url

_PLACEHOLDER: Final = re.compile(rf"\{{\s*{DEFAULT_REGISTRY}\s*\}}")
_ATTRIBUTE: Final = f".{DEFAULT_REGISTRY}"


@dataclass(frozen=True, slots=True)
class Change:
    """One image that gets another registry: where it stands, and how it reads before and after."""

    position: Position
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Left:
    """A text that takes the platform's registry and is left as it is."""

    position: Position
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What becomes of a file.

    Attributes:
        file: the file as it is.
        text: the text that it gets.
        changes: the images that change.
        left: what takes the platform's registry all the same.
        unused: the import of the constant, if nothing needs it afterwards.
    """

    file: PythonFile
    text: str
    changes: tuple[Change, ...] = ()
    left: tuple[Left, ...] = ()
    unused: Position | None = None

    @property
    def data(self) -> bytes:
        """The bytes that the file gets."""
        return self.text.encode(self.file.encoding)


def rewrite_folder(folder: Path, registry: str) -> list[Rewriting]:
    """What becomes of each Python file in a folder; nothing is written.

    Raises:
        InputError: the registry is none, or one of the files cannot be read or parsed.
    """
    read_url(registry)
    return [rewrite(read_python(path), registry) for path in python_files(folder)]


def rewrite(file: PythonFile, registry: str) -> Rewriting:
    """What becomes of a file.

    Raises:
        InputError: the new text would mean more than the registry put in.
    """
    # Most files of a folder are through here.
    if DEFAULT_REGISTRY not in file.text:
        return Rewriting(file, file.text)
    places: dict[int, tuple[int, int]] = {}
    changes: list[Change] = []
    for image in operator_images(file):
        value = image.keyword.value
        place = _placeholder(file, value)
        if place is not None:
            places[id(value)] = place
            after = registry + image.text.removeprefix(f"{{{DEFAULT_REGISTRY}}}")
            changes.append(Change(file.position(image.offset), image.text, after))
    text = _replaced(file.text, places.values(), registry)
    left = tuple(_left(file, places))
    # The proof: the tree of the new text, against the old tree with nothing but the registry put in.
    _fill(file.tree, places, registry)
    _check(file, text)
    return Rewriting(file, text, tuple(changes), left, _unused(file) if changes else None)


def _placeholder(file: PythonFile, node: ast.expr) -> tuple[int, int] | None:
    """Where the placeholder stands at the beginning of an f-string."""
    if not isinstance(node, ast.JoinedStr) or not _begins_with_default(node):
        return None
    content = file.content_start(node)
    match = _PLACEHOLDER.match(file.text, content[0]) if content and content[1] else None
    return match.span() if match else None


def _begins_with_default(node: ast.JoinedStr) -> bool:
    first = node.values[0] if node.values else None
    return (
        isinstance(first, ast.FormattedValue)
        and is_default_registry(first.value)
        and first.conversion == -1
        and first.format_spec is None
    )


def _replaced(text: str, places: Iterable[tuple[int, int]], registry: str) -> str:
    # From the end on, so that the places before it stay right.
    for start, end in sorted(places, reverse=True):
        text = f"{text[:start]}{registry}{text[end:]}"
    return text


def _left(file: PythonFile, places: dict[int, tuple[int, int]]) -> list[Left]:
    """The texts that take the platform's registry and do not change, in order."""
    found: dict[int, Left] = {}
    for image in operator_images(file):
        is_default = image.is_from_platform or image.text.partition("}")[0].endswith(_ATTRIBUTE)
        if is_default and id(image.keyword.value) not in places:
            reason = f"not an f-string that begins with {{{DEFAULT_REGISTRY}}}"
            found[image.offset] = Left(file.position(image.offset), image.text, reason)
    for node in _outer_strings(file.tree):
        if id(node) not in places and _begins_with_default(node):
            content = file.content_start(node)
            offset = content[0] if content else file.range(node)[0]
            # An image that was told of as a keyword's value is not told of twice.
            found.setdefault(offset, Left(file.position(offset), _shown(node), "not the value of image="))
    return [found[offset] for offset in sorted(found)]


def _outer_strings(tree: ast.Module) -> list[ast.JoinedStr]:
    """The f-strings that are not part of others: before Python 3.12 nobody knows the places of those."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inner = {id(below) for node in found for below in ast.walk(node) if below is not node}
    return [node for node in found if id(node) not in inner]


def _shown(node: ast.JoinedStr) -> str:
    return ast.unparse(node).removeprefix("f")[1:-1]


def _fill(tree: ast.Module, places: dict[int, tuple[int, int]], registry: str) -> None:
    """Put the registry into the f-strings of the syntax tree itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) in places:
            rest = node.values[1:]
            text = registry
            # Python joins neighbouring texts of an f-string into one.
            if rest and isinstance(rest[0], ast.Constant):
                text += str(rest[0].value)
                rest = rest[1:]
            node.values = [ast.Constant(text), *rest]


def _check(file: PythonFile, text: str) -> None:
    """Hold the new text against the tree that it should have."""
    new = parse_python(file.path, text.encode(file.encoding))
    if ast.dump(new.tree) != ast.dump(file.tree):
        raise InputError(f"{file.path} cannot be rewritten safely", hint="put the registry in by hand")


def _unused(file: PythonFile) -> Position | None:
    """The import of the constant, if nothing in the tree uses the name."""
    nodes = list(ast.walk(file.tree))
    if any(isinstance(node, ast.Name) and node.id == DEFAULT_REGISTRY for node in nodes):
        return None
    if any(isinstance(node, ast.Constant) and node.value == DEFAULT_REGISTRY for node in nodes):
        # A name in `__all__` or the like is passed on to others.
        return None
    for node in nodes:
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            if alias.name == DEFAULT_REGISTRY and alias.asname is None:
                return file.position(file.range(alias)[0])
    return None
