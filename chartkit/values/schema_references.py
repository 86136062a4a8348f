"""Every schema that a check could meet: references that lead nowhere are told, whether a value needs them or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chartkit.values.schema_document import Schema
from chartkit.values.schema_values import map_under, pattern_search


def check_references(root: Schema) -> None:
    """Follow every reference that validation could meet, so that a broken one is told even where no value needs it."""
    waiting, seen = [root], {id(root)}
    while waiting:
        schema = waiting.pop(0)
        for inner in _reachable(schema):
            if id(inner) not in seen:
                seen.add(id(inner))
                waiting.append(inner)


def _reachable(schema: Schema) -> Iterator[Schema]:
    """The schemas that the keywords of one lead to."""
    value = schema.value
    if type(value) is not dict:
        return
    for keyword in ("$ref", "$recursiveRef", "$dynamicRef"):
        if type(value.get(keyword)) is str:
            yield schema.target(keyword)
            if schema.version < 2019:
                return
    for keyword in _ALL_SINGLE:
        if type(value.get(keyword)) is dict:
            yield schema.at(keyword)
    for keyword in ("allOf", "anyOf", "oneOf", "items", "prefixItems"):
        if type(value.get(keyword)) is list:
            yield from (schema.at(keyword, index) for index in range(len(value[keyword])))
    for keyword in ("properties", "patternProperties", "dependencies", "dependentSchemas"):
        if type(value.get(keyword)) is dict:
            names = sorted(value[keyword])
            yield from (schema.at(keyword, name) for name in names if type(value[keyword][name]) is not list)
    for pattern in (*map_under(value, "patternProperties"), *filter(None, [value.get("pattern")])):
        pattern_search(pattern)


_ALL_SINGLE: Final = (
    "not", "additionalProperties", "items", "additionalItems", "propertyNames", "contains", "if", "then", "else",
    "unevaluatedProperties", "unevaluatedItems",
)  # fmt: skip
