"""From nodes to values, the way go-yaml v2, sigs.k8s.io/yaml and encoding/json do it one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

from chartkit.errors import LimitError
from chartkit.goquote import quote
from chartkit.gotemplate.gofloat import format_float
from chartkit.goyaml.compose import ALIAS, MAPPING, SCALAR, SEQUENCE, Node
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.floats import float_key
from chartkit.goyaml.resolve import (
    BINARY,
    FLOAT,
    INT,
    INT64_LIMIT,
    MERGE,
    NULL,
    STR,
    TAG_PREFIX,
    TIMESTAMP,
    resolve,
)
from chartkit.limits import most_nodes

_CHECKED_TAGS: Final = frozenset({"!!str", "!!bool", "!!int", "!!float", "!!null", "!!timestamp"})
_RATIO_LOW: Final = 400_000
_RATIO_HIGH: Final = 4_000_000


def decode(root: Node) -> Any:
    """The value of a document."""
    try:
        return _Decoder().document(root)
    except RecursionError:
        raise LimitError("the YAML document nests too deeply") from None


def entries(mapping: Node) -> Iterator[tuple[Node, Node]]:
    """The keys and values of a mapping node, in the order written; merges are not followed."""
    children = iter(mapping.children)
    return zip(children, children, strict=True)


def is_merge(key: Node) -> bool:
    """Whether a key is `<<`, which merges its value into the mapping."""
    return key.kind == SCALAR and key.text == "<<" and (key.implicit or _short(key.tag) == MERGE)


def merged(value: Node) -> list[Node]:
    """The mappings that a `<<` brings in, in the order in which they are written into the map."""
    sources = value.children[::-1] if value.kind == SEQUENCE else [value]
    for source in sources:
        if (source.target or source).kind != MAPPING:
            _refuse_merge(source)
    return sources


def scalar_value(node: Node) -> tuple[str, Any]:
    """The tag and the value of a scalar node; whole numbers are `int`."""
    tag = _short(node.tag)
    if not tag and not node.implicit:
        return STR, node.text
    if tag == BINARY:
        return STR, _binary(node)
    if tag and tag not in _CHECKED_TAGS or tag == STR:
        return tag, node.text
    found, value = resolve(node.text, tag)
    if tag in ("", found):
        return found, value
    if tag == FLOAT and found == INT and value < INT64_LIMIT:
        return FLOAT, float(value)
    raise _failure(node, f"yaml: cannot decode {found} `{node.text}` as a {tag}")


def key_text(value: Any) -> str | None:
    """A scalar key as text; `None` where Go has no text for it: null, and whole numbers above 63 bits."""
    if type(value) is str:
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if type(value) is float:
        return float_key(value)
    return None if value is None or value >= INT64_LIMIT else str(value)


class _Decoder:
    """One decoding: counts what is decoded, and keeps the faults that Go would only see in a later step."""

    def __init__(self) -> None:
        self._decoded = 0
        self._most = most_nodes()
        self._by_alias = 0
        self._alias_depth = 0
        self._open_aliases: set[int] = set()
        self._bad_key: YAMLError | None = None
        self._not_finite = False

    def document(self, root: Node) -> Any:
        """The value of the root, or the first fault in Go's order."""
        self._count(root)
        value = self._value(root)
        if self._bad_key is not None:
            raise self._bad_key
        # A number that two keys of one name fought for may have lost.
        if self._not_finite and (found := _first_not_finite(value)):
            raise YAMLError(f"json: unsupported value: {found}")
        return value

    def _count(self, node: Node) -> None:
        """Count one more node, and stop where aliases multiply beyond Go's bounds or ours."""
        self._decoded += 1
        if self._decoded > self._most:
            raise LimitError(f"the YAML document holds more than {self._most} nodes")
        if self._alias_depth == 0:
            return
        self._by_alias += 1
        if self._by_alias > 100 and self._decoded > 1000 and self._by_alias / self._decoded > self._allowed():
            raise _failure(node, "yaml: document contains excessive aliasing")

    def _allowed(self) -> float:
        """The share of nodes that may come from aliases: 99 % of a small document, 10 % of a large one."""
        if self._decoded <= _RATIO_LOW:
            return 0.99
        if self._decoded >= _RATIO_HIGH:
            return 0.10
        return 0.99 - 0.89 * ((self._decoded - _RATIO_LOW) / (_RATIO_HIGH - _RATIO_LOW))

    def _value(self, node: Node) -> Any:
        """The value of any node."""
        self._count(node)
        if node.kind == SCALAR:
            return self._scalar(node)
        if node.kind == SEQUENCE:
            return [self._value(child) for child in node.children]
        if node.kind == MAPPING:
            out: dict[str, Any] = {}
            self._fill(node, out)
            return out
        with self._following(node) as target:
            return self._value(target)

    def _scalar(self, node: Node) -> Any:
        """The value of a scalar, whole numbers as floats."""
        value = scalar_value(node)[1]
        if type(value) is int:
            return float(value)
        if type(value) is float and value - value != 0.0:
            self._not_finite = True
        return value

    @contextmanager
    def _following(self, alias: Node) -> Iterator[Node]:
        """The target of an alias, while what is decoded counts as coming from an alias."""
        target = alias.target
        if id(alias) in self._open_aliases or target is None:
            raise _failure(alias, f"yaml: anchor '{alias.text}' value contains itself")
        self._open_aliases.add(id(alias))
        self._alias_depth += 1
        yield target
        self._alias_depth -= 1
        self._open_aliases.discard(id(alias))

    def _fill(self, node: Node, out: dict[str, Any]) -> None:
        """Write the entries of a mapping into `out`, merges at the place where they stand."""
        for key, value in entries(node):
            if is_merge(key):
                for source in merged(value):
                    self._count(source)
                    self._merge(source, out)
                continue
            name = self._key(key, value)
            out[name] = self._value(value)

    def _merge(self, source: Node, out: dict[str, Any]) -> None:
        """Write one mapping that `<<` names into `out`."""
        if source.kind != ALIAS:
            self._fill(source, out)
            return
        with self._following(source) as target:
            self._count(target)
            self._fill(target, out)

    def _key(self, node: Node, value: Node) -> str:
        """A key as text; collections are refused."""
        self._count(node)
        target = node.target or node
        if node.kind != SCALAR:
            self._decoded -= 1
            self._value(node)
        if target.kind != SCALAR:
            raise _failure(node, f"yaml: invalid map key: {_go_syntax(target)}")
        resolved = scalar_value(target)[1]
        name = key_text(resolved)
        if name is None:
            self._bad_key = self._bad_key or _unsupported_key(node, resolved, value)
            return ""
        return name


def _short(tag: str) -> str:
    """A tag in full in its `!!name` form, where it has one."""
    return "!!" + tag[len(TAG_PREFIX) :] if tag.startswith(TAG_PREFIX) else tag


def _refuse_merge(node: Node) -> NoReturn:
    """Raise for a `<<` whose value is no mapping."""
    raise _failure(node, "yaml: map merge requires map or sequence of maps as the value")


def _failure(node: Node, message: str) -> YAMLError:
    """An error at the start of a node."""
    return YAMLError(message, node.start)


def _unsupported_key(node: Node, key: Any, value: Node) -> YAMLError:
    """The error that the way into JSON raises for a key."""
    kind, shown = ("%!s(<nil>)", "<nil>") if key is None else ("uint64", f"0x{key:x}")
    text = "<nil>" if _is_null(value) else _go_syntax(value)
    return _failure(node, f"unsupported map key of type: {kind}, key: {shown}, value: {text}")


def _is_null(node: Node) -> bool:
    """Whether a node, or what an alias stands for, is null."""
    target = node.target or node
    return target.kind == SCALAR and scalar_value(target)[0] == NULL


def _go_syntax(node: Node) -> str:
    """The node's value as Go source, as the verb %#v writes it."""
    node = node.target or node
    if node.kind == SEQUENCE:
        return "[]interface {}{" + ", ".join(map(_go_syntax, node.children)) + "}"
    if node.kind == MAPPING:
        pairs = sorted(_syntax_pairs(node).items())
        return "map[interface {}]interface {}{" + ", ".join(f"{key}:{value}" for key, value in pairs) + "}"
    tag, value = scalar_value(node)
    if value is None:
        return "interface {}(nil)"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float:
        return format_float(value)
    if type(value) is int:
        return str(value) if value < INT64_LIMIT else f"0x{value:x}"
    return quote(node.text if tag == TIMESTAMP else value)


def _syntax_pairs(mapping: Node) -> dict[str, str]:
    """The entries of a mapping as Go source, those merged in included."""
    pairs: dict[str, str] = {}
    for key, value in entries(mapping):
        if is_merge(key):
            for source in merged(value):
                pairs.update(_syntax_pairs(source.target or source))
        else:
            pairs[_go_syntax(key)] = _go_syntax(value)
    return pairs


def _binary(node: Node) -> str:
    """The text of a `!!binary` scalar."""
    import base64
    import re

    text = node.text.replace("\r", "").replace("\n", "")
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise _failure(node, "yaml: !!binary value contains invalid base64 data") from None
    # JSON comes next, and puts the replacement character for each byte that is not UTF-8.
    return re.sub("[\udc80-\udcff]", "\ufffd", data.decode("utf-8", "surrogateescape"))


def _first_not_finite(value: Any) -> str:
    """The first infinity or NaN in the order in which JSON is written; empty when there is none."""
    if type(value) is float:
        return {"inf": "+Inf", "-inf": "-Inf", "nan": "NaN"}.get(str(value), "")
    parts: list[Any] = value if type(value) is list else []
    if type(value) is dict:
        parts = [value[key] for key in sorted(value)]
    return next(filter(None, map(_first_not_finite, parts)), "")
