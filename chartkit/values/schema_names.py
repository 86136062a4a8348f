"""Which keys a values.schema.json names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from chartkit.gojson import JSONError, decode

_CHOICES: Final = ("allOf", "anyOf", "oneOf")
_BRANCHES: Final = ("if", "then", "else")


def schema_names(schema: bytes, path: Sequence[str | int]) -> bool:
    """Whether a schema names a key by its path: only what `properties` name counts, not what they allow."""
    try:
        root = decode(schema.decode("utf-8", "surrogateescape"))
    except JSONError:
        return False
    return _names(root, root, tuple(path), set())


def _names(root: Any, node: Any, path: tuple[str | int, ...], seen: set[tuple[int, int]]) -> bool:
    here = (id(node), len(path))
    if not isinstance(node, dict) or here in seen:
        return False
    # A schema may refer to itself.
    seen.add(here)
    if not path:
        return True
    inner = [node[word] for word in _BRANCHES if word in node]
    for word in _CHOICES:
        inner += node[word] if isinstance(node.get(word), list) else ()
    if isinstance(node.get("$ref"), str):
        inner.append(_referred(root, node["$ref"]))
    if any(_names(root, each, path, seen) for each in inner):
        return True
    step, *rest = path
    below = node.get("items") if isinstance(step, int) else _entry(node.get("properties"), step)
    if not rest and isinstance(step, str):
        return below is not None
    return _names(root, below, tuple(rest), seen)


def _referred(root: Any, reference: str) -> Any:
    """What a reference within the schema stands for."""
    if not reference.startswith("#"):
        return None
    for step in filter(None, reference[1:].split("/")):
        root = _entry(root, step.replace("~1", "/").replace("~0", "~"))
    return root


def _entry(node: Any, key: str) -> Any:
    return node.get(key) if isinstance(node, dict) else None
