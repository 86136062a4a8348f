"""The images that the operators of an extension run, out of the syntax trees of its Airflow code.

An operator gives its image as the keyword `image=`, mostly as an f-string of constants that the platform fills in.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from chartkit.systems.kaapana.python_file import PythonFile

DEFAULT_REGISTRY: Final = "DEFAULT_REGISTRY"
"""The constant that holds the platform's registry."""
BUILD_VERSION: Final = "KAAPANA_BUILD_VERSION"
"""The constant that holds the platform's version."""

_KEYWORD: Final = "image"
_SECRETS: Final = "image_pull_secrets"


@dataclass(frozen=True, slots=True)
class OperatorImage:
    """The image of one call.

    Attributes:
        file: the file that it is in.
        text: the image; constants that the platform fills in stand in braces: `{DEFAULT_REGISTRY}/x:1`.
        offset: where its first character stands in the file's text.
        call: what is called.
        owner: the class around it; empty outside classes.
        keyword: the keyword with the value.
        pull_secrets: the names of `image_pull_secrets=`; `None` if it is not given or not a list of texts.
        secrets_offset: where that list is written.
    """

    file: PythonFile = field(repr=False)
    text: str
    offset: int
    call: str
    owner: str
    keyword: ast.keyword = field(repr=False)
    pull_secrets: tuple[str, ...] | None = None
    secrets_offset: int | None = None

    @property
    def is_from_platform(self) -> bool:
        """Whether the platform's registry goes before it."""
        return self.text.startswith(f"{{{DEFAULT_REGISTRY}}}")


def operator_images(file: PythonFile, names: Mapping[str, str] | None = None) -> list[OperatorImage]:
    """The images of a file, in its order.

    Args:
        file: the file.
        names: what the platform's constants hold, where that is known.
    """
    constants = {**constants_of(file.tree), **(names or {})}
    found = (_image(file, call, owner, constants) for call, owner in _calls(file.tree))
    return sorted((each for each in found if each is not None), key=lambda image: image.offset)


def text_of(node: ast.expr, constants: Mapping[str, str]) -> str | None:
    """The text that an expression stands for, with names in braces that are not known; `None` if it is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_piece(value, constants) for value in node.values)
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = (text_of(side, constants) for side in (node.left, node.right))
        # One text is enough to tell a sum of texts from one of numbers.
        if left is not None or right is not None:
            return _side(node.left, left) + _side(node.right, right)
    return None


def is_default_registry(node: ast.expr) -> bool:
    """Whether an expression is the constant with the platform's registry."""
    return isinstance(node, ast.Name) and node.id == DEFAULT_REGISTRY


def _side(node: ast.expr, text: str | None) -> str:
    return f"{{{ast.unparse(node)}}}" if text is None else text


def _piece(value: ast.expr, constants: Mapping[str, str]) -> str:
    """A piece of an f-string: text, or what stands in braces."""
    if not isinstance(value, ast.FormattedValue):
        return text_of(value, constants) or ""
    text = text_of(value.value, constants)
    # A conversion or a format changes the text in ways that are not for us to run.
    is_plain = value.conversion == -1 and value.format_spec is None
    return text if text is not None and is_plain else f"{{{ast.unparse(value.value)}}}"


def constants_of(tree: ast.Module) -> dict[str, str]:
    """The texts that a module gives names, each set once."""
    found: dict[str, str] = {}
    # A name that is set twice may hold either of its texts, so that neither is taken.
    seen: set[str] = set()
    again: set[str] = set()
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        for target in targets:
            text = text_of(statement.value, found) if isinstance(statement, ast.Assign) else None
            if isinstance(target, ast.Name):
                again |= {target.id} & seen
                seen.add(target.id)
                found |= {} if text is None else {target.id: text}
    return {name: text for name, text in found.items() if name not in again}


def _calls(tree: ast.AST, owner: str = "") -> Iterator[tuple[ast.Call, str]]:
    """Every call with the name of the class around it; with a stack of its own, as trees may be deep.

    Calls inside f-strings are passed over: before Python 3.12 nobody knows their places.
    """
    pending: list[tuple[ast.AST, str]] = [(tree, owner)]
    while pending:
        node, owner = pending.pop()
        if isinstance(node, ast.Call):
            yield node, owner
        inside = node.name if isinstance(node, ast.ClassDef) else owner
        if not isinstance(node, ast.JoinedStr):
            pending += [(child, inside) for child in ast.iter_child_nodes(node)]


def _image(file: PythonFile, call: ast.Call, owner: str, constants: Mapping[str, str]) -> OperatorImage | None:
    keywords = {keyword.arg: keyword for keyword in call.keywords if keyword.arg}
    keyword = keywords.get(_KEYWORD)
    text = text_of(keyword.value, constants) if keyword else None
    if keyword is None or not text:
        return None
    secrets = keywords.get(_SECRETS)
    return OperatorImage(
        file=file,
        text=text,
        offset=_content_offset(file, keyword.value),
        call=ast.unparse(call.func),
        owner=owner,
        keyword=keyword,
        pull_secrets=_texts(secrets.value, constants) if secrets else None,
        secrets_offset=file.range(secrets.value)[0] if secrets else None,
    )


def _content_offset(file: PythonFile, node: ast.expr) -> int:
    """Where the text of an image begins: behind the quotes, or at the expression that gives it."""
    content = file.content_start(node) if isinstance(node, (ast.Constant, ast.JoinedStr)) else None
    return content[0] if content else file.range(node)[0]


def _texts(node: ast.expr, constants: Mapping[str, str]) -> tuple[str, ...] | None:
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    found = [text_of(item, constants) for item in node.elts]
    return None if None in found else tuple(text for text in found if text is not None)
