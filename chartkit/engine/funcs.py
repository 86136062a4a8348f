"""Helm's own template functions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from chartkit.ambient import Ambient
from chartkit.engine.failures import REFUSAL_END, REFUSAL_START
from chartkit.errors import ParseError
from chartkit.goquote import quote
from chartkit.gotemplate.runtime import ExecFailure, State, StateFunction, Template, strip_no_value
from chartkit.gotypes import Function, FunctionError
from chartkit.goyaml.dump import dump, to_yaml
from chartkit.goyaml.failure import YAMLError
from chartkit.source import Source
from chartkit.values.coalesce import copy_list, copy_map

_MAX_NESTED_INCLUDES: Final = 1000
_ROOT: Final = "gotpl"


def include(state: State, name: str, data: Any) -> str:
    """The text of a named template.

    Raises:
        FunctionError: the template failed, is not there, or is nested in itself too deeply.
    """
    included = state.run.included
    depth = included.get(name, 0)
    if depth > _MAX_NESTED_INCLUDES:
        raise FunctionError(f"rendering template has a nested reference name: {name}: unable to execute template")
    included[name] = depth + 1
    template = state.templates.get(name)
    if template is None:
        included[name] -= 1
        raise FunctionError(f'template: no template {quote(name)} associated with template "{_ROOT}"')
    try:
        return state.run.execute(state.templates, template, data)
    except ExecFailure as failure:
        raise FunctionError(failure.text) from failure
    finally:
        included[name] -= 1


def tpl(state: State, text: str, data: Any) -> str:
    """A text rendered as a template; it sees all templates, and what it defines is seen by it alone.

    Raises:
        FunctionError: the text cannot be parsed or rendered.
    """
    if "{{" not in text:
        return strip_no_value(text)
    try:
        own = _parsed(state, text)
    except ParseError as error:
        raise FunctionError(f"cannot parse template {quote(text)}: {error}") from error
    templates = state.templates
    if len(own) > 1:
        templates = state.run.extended(templates, {name: made for name, made in own.items() if name != _ROOT})
    try:
        return strip_no_value(state.run.execute(templates, own[_ROOT], data))
    except ExecFailure as failure:
        message = f"error during tpl function execution for {quote(text)}: {failure.text}"
        raise FunctionError(message) from failure


def _parsed(state: State, text: str) -> Mapping[str, Template]:
    """The templates in a `tpl` text, without the empty ones that would not replace another."""
    known = state.run.parsed_texts.get(text)
    if known is None:
        from chartkit.gotemplate.parser import parse

        compiler = state.run.compiler
        trees = parse(Source(_ROOT, text), compiler.functions)
        known = state.run.parsed_texts[text] = {
            name: compiler.template(tree)
            for name, tree in trees.items()
            if name == _ROOT or not (tree.empty and name in state.templates)
        }
    return known


def required(ambient: Ambient, message: str, value: Any) -> Any:
    """The value, unless it is nil or the empty string.

    Raises:
        FunctionError: it is, and the render is not lenient; marked, so that Helm's `execution error` is made of it.
    """
    if value is None or value == "" and type(value) is str:
        _refuse(ambient, message)
    return value


def fail(ambient: Ambient, message: str) -> str:
    """Stop the render; the empty string in a lenient one.

    Raises:
        FunctionError: the render is not lenient; marked, so that Helm's `execution error` is made of it.
    """
    _refuse(ambient, message)
    return ""


def _refuse(ambient: Ambient, message: str) -> None:
    if not ambient.lenient:
        raise FunctionError(REFUSAL_START + message + REFUSAL_END)
    ambient.refusals.append(message)


def lookup(api_version: str, kind: str, namespace: str, name: str) -> dict[str, Any]:
    """Nothing: there is no cluster to ask, as with `helm template`."""
    return {}


def must_to_yaml(value: Any) -> str:
    """A value as YAML.

    Raises:
        FunctionError: the value cannot be written as YAML.
    """
    try:
        return dump(value).removesuffix("\n")
    except YAMLError as error:
        raise FunctionError(error.full) from error


def from_yaml(text: str) -> dict[str, Any]:
    """A YAML text that holds a map; on failure a map with the message under `Error`."""
    try:
        return copy_map(_map_in(text))
    except YAMLError as error:
        return {"Error": error.full}


def from_yaml_array(text: str) -> list[Any]:
    """A YAML text that holds a list; on failure a list of the message."""
    try:
        return copy_list(_list_in(text))
    except YAMLError as error:
        return [error.full]


@lru_cache(maxsize=512)
def _map_in(text: str) -> dict[str, Any]:
    """What a text holds; it is kept and shared, so that callers copy it: templates change what they get."""
    from chartkit.goyaml.load import load_map

    return load_map(text)


@lru_cache(maxsize=512)
def _list_in(text: str) -> list[Any]:
    """Likewise for a list."""
    from chartkit.goyaml.load import load_list

    return load_list(text)


def to_yaml_pretty(value: Any) -> str:
    """What `toYamlPretty` gives."""
    from chartkit.goyaml import pretty

    return pretty.to_yaml_pretty(value)


HELM: Final = (
    StateFunction("include", include, ("string", "any"), pure=False),
    StateFunction("tpl", tpl, ("string", "any"), pure=False),
    Function("required", required, ("string", "any"), ambient=True, pure=False),
    Function("fail", fail, ("string",), ambient=True, pure=False),
    Function("lookup", lookup, ("string", "string", "string", "string"), pure=False),
    Function("toYaml", to_yaml, ("any",)),
    Function("toYamlPretty", to_yaml_pretty, ("any",)),
    Function("fromYaml", from_yaml, ("string",)),
    Function("fromYamlArray", from_yaml_array, ("string",)),
)
MUST_TO_YAML: Final = Function("mustToYaml", must_to_yaml, ("any",))
