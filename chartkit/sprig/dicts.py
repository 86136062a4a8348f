"""Sprig's functions on maps. `set`, `unset` and the merges change their first map in place and hand it back."""

from __future__ import annotations

from typing import Any, Final

from chartkit.gotypes import (
    Function,
    FunctionError,
    NilMap,
    NilSlice,
    NilStringMap,
    StringList,
    StringMap,
    Values,
    go_kind,
    go_type,
    truth,
)
from chartkit.limits import hold_size
from chartkit.sprig.lists import list_like
from chartkit.sprig.strings import to_string

Map = dict[str, Any]

_NIL_MAPS: Final = (NilMap, NilStringMap)
_PLAIN_MAP: Final = "map[string]interface {}"


def _plain(mapping: Map) -> Map:
    """The map typed map[string]interface {}, as every result of a Go function with that result type is."""
    if isinstance(mapping, Values):
        mapping.retyped = True
    return mapping


def new_dict(*pairs: Any) -> Map:
    """A map of keys and values in turn; a last key without a value gets the empty text."""
    result: Map = {}
    remaining = iter(pairs)
    for key in remaining:
        result[key if type(key) is str else to_string(key)] = next(remaining, "")
    return result


def get(mapping: Map, key: str) -> Any:
    """The value of a key, or the empty text."""
    return mapping.get(key, "")


def set_key(mapping: Map, key: str, value: Any) -> Map:
    """Set a key in place."""
    if type(mapping) is NilMap:
        raise FunctionError("assignment to entry in nil map")
    mapping[key] = value
    return mapping if type(mapping) is dict else _plain(mapping)


def unset(mapping: Map, key: str) -> Map:
    """Remove a key in place."""
    mapping.pop(key, None)
    return _plain(mapping)


def has_key(mapping: Map, key: str) -> bool:
    """Whether a map has a key, be its value nil."""
    return key in mapping


def pluck(key: str, *mappings: Map) -> list[Any]:
    """The values of a key in those maps that have it."""
    return [mapping[key] for mapping in mappings if key in mapping]


def keys(*mappings: Map) -> StringList:
    """The keys of some maps; Go gives them in random order, here each map's are sorted."""
    return StringList(key for mapping in mappings for key in sorted(mapping))


def values(mapping: Map) -> list[Any]:
    """The values of a map; Go gives them in random order, here they go by their keys."""
    return [value for _, value in sorted(mapping.items(), key=lambda pair: pair[0])]


def pick(mapping: Map, *wanted: str) -> Map:
    """A copy with only some keys."""
    return {key: mapping[key] for key in wanted if key in mapping}


def omit(mapping: Map, *unwanted: str) -> Map:
    """A copy without some keys."""
    return {key: value for key, value in mapping.items() if key not in unwanted}


def dig(*arguments: Any) -> Any:
    """Follow keys into nested maps: keys..., the value for a missing key, the map.

    Raises:
        FunctionError: something on the way is no map[string]interface {}.
    """
    if len(arguments) < 3:
        raise FunctionError("dig needs at least three arguments")
    *path, default, mapping = arguments
    if type(mapping) is not dict:
        _assert_type(mapping, _PLAIN_MAP)
    for key in path:
        if type(key) is not str:
            _assert_type(key, "string")
    for key in path[:-1]:
        if key not in mapping:
            return default
        mapping = mapping[key]
        if type(mapping) is not dict:
            _assert_type(mapping, _PLAIN_MAP)
    return mapping.get(path[-1], default)


def _assert_type(value: Any, wanted: str) -> None:
    found = "nil" if value is None else go_type(value)
    if found != wanted:
        raise FunctionError(f"interface conversion: interface {{}} is {found}, not {wanted}")


def merge(target: Map, *sources: Map) -> Map:
    """Fill what is empty or missing in the first map from the others, deeply and in place."""
    merged = _merge_target(target, sources)
    for source in sources:
        _fill(merged, source)
    return merged


def merge_overwrite(target: Map, *sources: Map) -> Map:
    """Overwrite the first map with the others, deeply and in place; later maps win."""
    merged = _merge_target(target, sources)
    for source in sources:
        _overwrite(merged, source)
    return merged


def _merge_target(target: Map, sources: tuple[Map, ...]) -> Map:
    """The map to merge into: a nil map gives way to a new one as soon as there is something to merge."""
    if type(target) is NilMap and any(type(source) is not NilMap for source in sources):
        return {}
    return _plain(target)


def _fill(target: Map, source: Map) -> None:
    """Merge where the target wins, as the mergo library does with its defaults."""
    for key, new in list(source.items()):
        if new is None:
            continue
        old = target.get(key)
        if old is not None:
            if isinstance(old, dict) and isinstance(new, dict) and type(old) not in _NIL_MAPS:
                _fill(old, new)
            # An empty map is looked at after it was filled: then it stays, sharing nothing with the source.
            if truth(old):
                continue
        _check_types(target, source, new)
        target[key] = new


def _overwrite(target: Map, source: Map) -> None:
    """Merge where the source wins: even with nil and empty values, but for an empty map over a map."""
    for key, new in list(source.items()):
        old = target.get(key)
        if isinstance(old, dict) and isinstance(new, dict) and type(old) not in _NIL_MAPS:
            _overwrite(old, new)
            if old:
                continue
        _check_types(target, source, new)
        target[key] = new


def _check_types(target: Map, source: Map, value: Any) -> None:
    if isinstance(target, StringMap) and not isinstance(source, StringMap):
        found = go_type(value) if go_kind(value) == "slice" else "interface {}"
        raise FunctionError(f"reflect.Value.SetMapIndex: value of type {found} is not assignable to type string")


def deep_copy(value: Any) -> Any:
    """A copy that shares no map or list with the original.

    Raises:
        FunctionError: the value is nil.
    """
    if value is None:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    if isinstance(value, (dict, list)):
        hold_size(value)
    return _copy(value)


def _copy(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return {key: _copy(item) for key, item in value.items()}
    if kind is list:
        return [_copy(item) for item in value]
    if isinstance(value, list):
        return NilSlice() if kind is NilSlice else list_like(value, map(_copy, value))
    if isinstance(value, Values):
        copied = Values({key: _copy(item) for key, item in value.items()}, go_name=value.go_name)
        copied.retyped = value.retyped
        return copied
    return kind(value) if kind is StringMap else value


FUNCTIONS: Final = (
    Function("deepCopy", deep_copy, ("any",), pure=False),
    Function("dict", new_dict, ("any",), variadic=True, pure=False),
    Function("dig", dig, ("any",), variadic=True),
    Function("get", get, ("map", "string")),
    Function("hasKey", has_key, ("map", "string")),
    Function("keys", keys, ("map",), variadic=True),
    Function("merge", merge, ("map", "map"), variadic=True, pure=False),
    Function("mergeOverwrite", merge_overwrite, ("map", "map"), variadic=True, pure=False),
    Function("mustDeepCopy", deep_copy, ("any",), pure=False),
    Function("mustMerge", merge, ("map", "map"), variadic=True, pure=False),
    Function("mustMergeOverwrite", merge_overwrite, ("map", "map"), variadic=True, pure=False),
    Function("omit", omit, ("map", "string"), variadic=True, pure=False),
    Function("pick", pick, ("map", "string"), variadic=True, pure=False),
    Function("pluck", pluck, ("string", "map"), variadic=True),
    Function("set", set_key, ("map", "string", "any"), pure=False),
    Function("unset", unset, ("map", "string"), pure=False),
    Function("values", values, ("map",)),
)
