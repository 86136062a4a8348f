"""A quick look whether a schema is plainly well formed.

The check against the metaschema tells exactly what is wrong with a schema, and takes long. Nearly every schema has
nothing wrong with it and uses a few dozen keywords, whose rules are the same in all drafts: those are looked at here.
Whatever is not plain goes through the long check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from chartkit.goregexp import InvalidRegexp, compile_regexp
from chartkit.values.schema_document import Number

_TYPES: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_REFERENCE: Final = re.compile(r"#?[A-Za-z0-9/_.$-]*", re.ASCII)
_ADDRESS: Final = re.compile(r"(https?://[A-Za-z0-9/_.-]+#?)?", re.ASCII)
_COUNT: Final = re.compile("[0-9]+", re.ASCII)
_UNIQUE: Final = 20


def is_plain(value: Any) -> bool:
    """Whether every keyword in a schema, and below it, is a known one that holds what it must."""
    if type(value) is bool:
        return True
    if type(value) is not dict:
        return False
    return all(keyword in _PLAIN and _PLAIN[keyword](inner) for keyword, inner in value.items())


def _schemas(value: Any) -> bool:
    return type(value) is dict and all(map(is_plain, value.values()))


def _schema_list(value: Any) -> bool:
    return type(value) is list and bool(value) and all(map(is_plain, value))


def _pattern(value: Any) -> bool:
    if type(value) is not str:
        return False
    try:
        compile_regexp(value)
    except InvalidRegexp:
        return False
    return True


def _patterns(value: Any) -> bool:
    return _schemas(value) and all(map(_pattern, value))


def _names(value: Any) -> bool:
    """A list of texts, all of them different and at least one."""
    return type(value) is list and bool(value) and all(type(item) is str for item in value) and _all_differ(value)


def _all_differ(value: list[Any]) -> bool:
    return len(set(value)) == len(value)


def _types(value: Any) -> bool:
    return value in _TYPES if type(value) is str else _names(value) and _TYPES.issuperset(value)


def _choices(value: Any) -> bool:
    return _names(value) or (type(value) is list and 0 < len(value) < _UNIQUE and _differ_pairwise(value))


def _differ_pairwise(value: list[Any]) -> bool:
    """Whether no two items are the same; numbers can be without looking it, so that they do not count as plain."""
    if any(type(item) is Number for item in value[1:]):
        return False
    return all(item not in value[:index] for index, item in enumerate(value))


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: type(value) is kind


def _count(value: Any) -> bool:
    return type(value) is Number and _COUNT.fullmatch(value) is not None


def _anything(value: Any) -> bool:
    return True


def _address(value: Any) -> bool:
    return type(value) is str and _ADDRESS.fullmatch(value) is not None


def _reference(value: Any) -> bool:
    return type(value) is str and _REFERENCE.fullmatch(value) is not None


_PLAIN: Final[Mapping[str, Callable[[Any], bool]]] = (
    dict.fromkeys(("title", "description", "format", "$comment"), _is(str))
    | dict.fromkeys(("readOnly", "writeOnly", "deprecated", "uniqueItems"), _is(bool))
    | dict.fromkeys(("minimum", "maximum"), _is(Number))
    | dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _count)
    | dict.fromkeys(("properties", "$defs", "definitions"), _schemas)
    | dict.fromkeys(("allOf", "anyOf", "oneOf"), _schema_list)
    | dict.fromkeys(("items", "additionalProperties", "not", "if", "then", "else"), is_plain)
    | {
        "$schema": _address,
        "$id": _address,
        "$ref": _reference,
        "type": _types,
        "enum": _choices,
        "required": _names,
        "pattern": _pattern,
        "patternProperties": _patterns,
        "const": _anything,
        "default": _anything,
        "examples": _is(list),
    }
)
