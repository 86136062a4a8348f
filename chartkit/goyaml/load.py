"""YAML texts to values, exactly as sigs.k8s.io/yaml reads them: YAML 1.1 by go-yaml v2, through JSON, into Go.

Maps become dicts with text keys, numbers become floats. Texts without anchors, tags and merges, which is nearly all,
are built straight from parse events; the rest goes through nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from chartkit.goyaml.compose import Node, compose
from chartkit.goyaml.decode import decode, key_text
from chartkit.goyaml.events import (
    NextEvent,
    Unsure,
    check_rest,
    exact_events,
    quick_errors,
    quick_events,
)
from chartkit.goyaml.failure import DECODE, SEPARATE, YAMLError
from chartkit.goyaml.reader import BYTE_ORDER_MARK, utf16_text
from chartkit.goyaml.resolve import resolve

__all__ = ["YAMLError", "load", "load_all", "load_list", "load_map", "load_nodes", "split_documents"]

_MEMO_SIZE: Final = 16_384
_MEMO_TEXT: Final = 80
_NOTHING: Final = object()
_SEPARATOR: Final = "---"
_MARKS: Final = frozenset((BYTE_ORDER_MARK, "\udcff", "\udcfe"))

# What plain scalars mean, by text: as values and as keys.
_values: dict[str, Any] = {}
_keys: dict[str, str] = {}


def load(text: str) -> Any:
    """The first document of a YAML text (undecodable bytes as lone surrogates); `None` when there is none.

    Raises:
        YAMLError: where Go fails.
    """
    try:
        return _build(_content(text)[0])
    except quick_errors():
        return load_nodes(text)[0]


def load_map(text: str) -> dict[str, Any]:
    """The first document where Go wants a map; no document and null give an empty one."""
    value = load(text)
    if value is None:
        return {}
    if type(value) is not dict:
        raise _mismatch(value, "map[string]interface {}")
    return value


def load_list(text: str) -> list[Any]:
    """The first document where Go wants a list; no document and null give an empty one."""
    value = load(text)
    if value is None:
        return []
    if type(value) is not list:
        raise _mismatch(value, "[]interface {}")
    return value


def load_all(text: str) -> list[dict[str, Any]]:
    """All documents of a values file, each of them a map, as Helm 4 takes it apart."""
    maps = []
    for shift, part in split_documents(text):
        try:
            maps.append(load_map(part))
        except YAMLError as error:
            error.place(text, shift)
            raise
    return maps


def split_documents(text: str) -> Iterator[tuple[int, str]]:
    """The offset and the text of each document of a values file.

    This is how Kubernetes' reader does it: by lines that start with `---`, blind to YAML. Every document gets a line
    break at its end.
    """
    start = offset = 0
    for line in text.split("\n"):
        following = min(offset + len(line) + 1, len(text))
        if line.startswith(_SEPARATOR):
            rest = line[len(_SEPARATOR) :].strip()
            if rest and rest[0] != "#":
                error = YAMLError(f"invalid Yaml document separator: {rest}", offset, stage=SEPARATE)
                error.place(text)
                raise error
            if offset > start:
                yield start, text[start:offset]
                start = following
        offset = following
    if start < len(text):
        yield start, text[start:].removesuffix("\n") + "\n"


def load_nodes(text: str) -> tuple[Any, Node | None]:
    """The first document and its nodes, whose offsets leave out a byte order mark; `None` when there is none."""
    content, shift = _content(text)
    try:
        return _decoded(quick_events(content))
    except quick_errors():
        pass
    except YAMLError:
        pass
    try:
        return _decoded(exact_events(content, marked=shift > 0))
    except YAMLError as error:
        error.place(text, shift)
        raise


def _content(text: str) -> tuple[str, int]:
    """The text without its byte order mark, and how many characters that took."""
    if text[:1] not in _MARKS:
        return text, 0
    if text.startswith(BYTE_ORDER_MARK):
        return text[1:], 1
    return utf16_text(text), 0


def _decoded(next_event: NextEvent) -> tuple[Any, Node | None]:
    """The value and the nodes that events give."""
    root = compose(next_event)
    return (None if root is None else decode(root)), root


def _mismatch(value: Any, wanted: str) -> YAMLError:
    """The error for a document of another kind than Go wants."""
    names = {dict: "object", list: "array", str: "string", float: "number", bool: "bool"}
    return YAMLError(f"json: cannot unmarshal {names[type(value)]} into Go value of type {wanted}", stage=DECODE)


def _build(text: str) -> Any:  # noqa: C901 - one loop, as each call per event would cost a tenth of the speed
    """The value of a document that needs no nodes; anything special raises `Unsure`."""
    next_event = quick_events(text, flow_checked=True)
    from yaml.events import MappingStartEvent, ScalarEvent, SequenceStartEvent, StreamEndEvent

    next_event()
    if type(next_event()) is StreamEndEvent:
        return None
    root: list[Any] = []
    stack: list[tuple[Any, bool, int]] = []
    add: Any = root
    key, in_map, flow_start = "", False, -1
    while True:
        event = next_event()
        kind = type(event)
        if in_map and kind is ScalarEvent:
            if event.tag is not None or event.anchor is not None:
                raise Unsure
            key = event.value
            if event.implicit[0]:
                key = _keys.get(key) or _plain_key(key)
            event = next_event()
            kind = type(event)
        elif stack and kind is not ScalarEvent and not hasattr(event, "anchor"):
            add, in_map, flow_start = _closed(stack, event, flow_start, text)
            continue
        elif in_map:
            raise Unsure
        if kind is ScalarEvent:
            if event.tag is not None or event.anchor is not None:
                raise Unsure
            value = event.value
            if event.implicit[0]:
                found = _values.get(value, _NOTHING)
                value = _plain_value(value) if found is _NOTHING else found
            if in_map:
                add[key] = value
            else:
                add.append(value)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if event.anchor is not None:
                raise Unsure
            value = {} if kind is MappingStartEvent else []
            if in_map:
                add[key] = value
            else:
                add.append(value)
            stack.append((add, in_map, flow_start))
            add, in_map = value, kind is MappingStartEvent
            if event.flow_style and flow_start < 0:
                flow_start = event.start_mark.index
        elif stack or not root:
            raise Unsure
        else:
            check_rest(text, event)
            return root[0]


def _closed(stack: list[tuple[Any, bool, int]], event: Any, flow_start: int, text: str) -> tuple[Any, bool, int]:
    """Leave a collection; a `?` inside a whole flow collection is where libyaml and Go may differ."""
    outer = stack.pop()
    if flow_start >= 0 > outer[2] and "?" in text[flow_start : event.end_mark.index]:
        raise Unsure
    return outer


def _plain_value(text: str) -> Any:
    """What a plain scalar means as a value, kept for the next time."""
    value = resolve(text)[1]
    if type(value) is int:
        value = float(value)
    elif type(value) is float and value - value != 0.0:
        raise Unsure
    if len(text) <= _MEMO_TEXT:
        if len(_values) >= _MEMO_SIZE:
            _values.clear()
        _values[text] = value
    return value


def _plain_key(text: str) -> str:
    """What a plain scalar means as a key, kept for the next time."""
    name = key_text(resolve(text)[1])
    if name is None or text == "<<":
        raise Unsure
    if len(text) <= _MEMO_TEXT:
        if len(_keys) >= _MEMO_SIZE:
            _keys.clear()
        _keys[text] = name
    return name
