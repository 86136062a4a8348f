"""YAML documents into typed fields, with the errors of Go's JSON decoder.

Helm reads Chart.yaml through JSON into a struct. Keys match whatever their case, numbers and truth values fit into text
fields, and a wrong type is named in one of two wordings, by the generation of Go's JSON engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chartkit.goyaml.compose import Node
from chartkit.goyaml.decode import entries, scalar_value
from chartkit.goyaml.floats import float_key
from chartkit.goyaml.load import load, load_nodes
from chartkit.profile import Profile
from chartkit.record import dataclass


class DecodeError(ValueError):
    """A field of the wrong type; the text is Go's."""


class MapKey(str):
    """A key of a map in a path, which the older wording leaves out."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the struct that holds it, and the path from the root."""

    struct: str = ""
    path: tuple[str | int, ...] = ()

    def inside(self, step: str | int, struct: str = "") -> Place:
        """The place one step further in."""
        return Place(struct or self.struct, (*self.path, step))


# Below this, a whole number and a float of the same value give the same text.
_ALWAYS_PLAIN: Final = 1e6
DECODING: Final = "error unmarshaling JSON: while decoding JSON: "
_KINDS: Final[Mapping[type, str]] = {
    str: "string",
    bool: "bool",
    float: "number",
    list: "array",
    dict: "object",
}


class Decoder:
    """Reads values of a document as the types that a struct wants."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._text = ""

    def load(self, data: bytes) -> Any:
        """The document in `data`."""
        self._text = data.decode("utf-8", "surrogateescape")
        return load(self._text)

    def struct(self, value: Any, table: Mapping[str, tuple[str, str]], place: Place, name: str) -> dict[str, Any]:
        """The fields that the map `value` has of those in `table`, by their Python names; `name` is the Go type."""
        if value is None:
            return {}
        if type(value) is not dict:
            raise self.wrong(value, name, place)
        known = {key.casefold(): key for key in table}
        found: dict[str, Any] = {}
        # Go meets the keys sorted, so of two spellings the last one in that order stays.
        for key in sorted(value):
            field = known.get(key.casefold())
            if field is not None and value[key] is not None:
                python_name, kind = table[field]
                found[python_name] = getattr(self, kind)(value[key], place.inside(field, name.split(".")[-1]))
        return found

    def text(self, value: Any, place: Place) -> str:
        """A string; numbers and truth values become one."""
        if value is None:
            return ""
        if type(value) is str:
            return value
        if type(value) is bool:
            return "true" if value else "false"
        if type(value) is float:
            return self._number(value, place)
        raise self.wrong(value, "string", place)

    def texts(self, value: Any, place: Place) -> tuple[str, ...]:
        """A list of strings."""
        items = self.items(value, place, "[]string")
        return tuple(self.text(item, place.inside(index)) for index, item in enumerate(items))

    def text_map(self, value: Any, place: Place) -> Mapping[str, str]:
        """A map of strings."""
        if type(value) is not dict:
            raise self.wrong(value, "map[string]string", place)
        return {key: self.text(value[key], place.inside(MapKey(key))) for key in sorted(value)}

    def flag(self, value: Any, place: Place) -> bool:
        """A truth value."""
        if type(value) is not bool:
            raise self.wrong(value, "bool", place)
        return value

    def anything(self, value: Any, place: Place) -> tuple[Any, ...]:
        """A list of anything."""
        return tuple(self.items(value, place, "[]interface {}"))

    def items(self, value: Any, place: Place, wanted: str) -> list[Any]:
        """A list; `wanted` is its Go type."""
        if type(value) is not list:
            raise self.wrong(value, wanted, place)
        return value

    def _number(self, value: float, place: Place) -> str:
        """A number as text: a whole one as it is, any other with the digits of a 32-bit float."""
        if value == int(value) and abs(value) >= _ALWAYS_PLAIN:
            node = load_nodes(self._text)[1]
            for step in place.path:
                node = _child(node, step)
            whole = scalar_value(node.target or node)[1] if node else value
            if type(whole) is int:
                return str(whole)
        return float_key(value)

    def wrong(self, value: Any, wanted: str, place: Place) -> DecodeError:
        """The error for a value that is not of the type `wanted`."""
        kind = _KINDS.get(type(value), "number")
        return DecodeError(f"{DECODING}json: cannot unmarshal {kind} into {self._target(place)} of type {wanted}")

    def _target(self, place: Place) -> str:
        path = place.path
        if not path:
            return "Go value"
        if self.profile.json_errors_v2:
            dotted = "".join(f".{step}" for step in path)
            return dotted if type(path[-1]) is int else f"Go struct field {dotted}"
        names = ".".join(step for step in path if type(step) is str)
        return f"Go struct field {place.struct}.{names}"


def _child(node: Node | None, step: str | int) -> Node | None:
    """The node one step further in; keys match whatever their case, and the last of them in order counts."""
    node = node.target or node if node else None
    if node is None or type(step) is int:
        return node.children[step] if node and type(step) is int else None
    found = None
    for key, value in sorted(entries(node), key=lambda pair: pair[0].text):
        if key.text.casefold() == str(step).casefold():
            found = value
    return found
