"""The methods of Helm's common.Values that templates can call, such as `.Values.AsMap`."""

from __future__ import annotations

from typing import Any

from chartkit.goquote import quote
from chartkit.gotypes import Function, FunctionError, Values
from chartkit.goyaml.dump import dump


def as_map(values: Values) -> dict[str, Any]:
    """`AsMap`: the same entries as a plain map."""
    return dict(values)


def yaml(values: Values) -> str:
    """`YAML`: the values as a YAML text."""
    return dump(dict(values))


def table(values: Values, path: str) -> Values:
    """`Table`: the map at a dotted path.

    Raises:
        FunctionError: there is no map.
    """
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise FunctionError(f"{quote(name)} is not a table")
    return found if isinstance(found, Values) else Values(found, go_name=values.go_name)


def path_value(values: Values, path: str) -> Any:
    """`PathValue`: the value at a dotted path that is no map.

    Raises:
        FunctionError: there is nothing, or a map.
    """
    if not path:
        raise FunctionError("YAML path cannot be empty")
    before, _, name = path.rpartition(".")
    try:
        holder = table(values, before) if before else values
    except FunctionError:
        raise FunctionError(f"{quote(name)} is not a value") from None
    if name not in holder or isinstance(holder[name], dict):
        raise FunctionError(f"{quote(name)} is not a value")
    return holder[name]


VALUES_METHODS = {
    "AsMap": Function("AsMap", as_map),
    "YAML": Function("YAML", yaml),
    "Table": Function("Table", table, ("string",)),
    "PathValue": Function("PathValue", path_value, ("string",)),
}
