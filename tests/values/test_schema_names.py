from __future__ import annotations

import json

import pytest

from chartkit.values.schema_names import schema_names

_SCHEMA = {
    "properties": {
        "plain": {"type": "string"},
        "list": {"items": {"properties": {"name": {}}}},
        "choice": {"anyOf": [{"type": "null"}, {"properties": {"one": {}}}]},
        "free": {"additionalProperties": {"type": "string"}},
        "self": {"$ref": "#"},
        "lost": {"$ref": "#/definitions/none"},
    },
    "if": {"properties": {"switch": {}}},
    "then": {"properties": {"more": {}}},
}


@pytest.mark.parametrize(
    ("path", "named"),
    [
        (["plain"], True),
        (["plane"], False),
        (["list", 3, "name"], True),
        (["list", 3, "nam"], False),
        (["choice", "one"], True),
        (["free", "any"], False),
        (["self", "self", "plain"], True),
        (["lost", "x"], False),
        (["switch"], True),
        (["more"], True),
    ],
)
def test_schema_names_the_keys_of_its_properties(path: list[str | int], named: bool) -> None:
    assert schema_names(json.dumps(_SCHEMA).encode(), path) is named


def test_a_schema_that_refers_to_itself_without_end_names_nothing() -> None:
    assert not schema_names(b'{"$ref": "#", "allOf": [{"$ref": "#"}]}', ["a"])


def test_a_broken_schema_names_nothing() -> None:
    assert not schema_names(b"{", ["a"])
