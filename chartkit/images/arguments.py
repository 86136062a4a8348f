"""Images in the arguments of a container's command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from chartkit.images.freetext import Candidate, scan
from chartkit.images.naming import hints_image, names_artifact, names_image
from chartkit.pattern import pattern

_KEPT: Final = 4096
_ASSIGNED: Final = pattern(r"(-{0,2}[A-Za-z_][\w.-]*)=")
_REFERENCE: Final = pattern(r"\$\$|\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)")
_JSON: Final = ("{", "[")
_EDGES: Final = "\"'"


class Argument(NamedTuple):
    """A candidate in one of the arguments."""

    number: int
    candidate: Candidate


def candidates(arguments: Sequence[Any], environment: Mapping[str, str]) -> Iterator[Argument]:
    """The candidates of an argument list, with `$(NAME)` put in as Kubernetes does.

    Args:
        arguments: the items of `command` or `args`.
        environment: the container's variables that are given as values.
    """
    flag = ""
    for index, item in enumerate(arguments):
        if not isinstance(item, str):
            flag = ""
            continue
        # What looks like JSON is read as JSON elsewhere.
        text = "" if item[:1] in _JSON else expanded(item, environment)
        yield from (Argument(index, each) for each in _in_one(text, flag))
        flag = item if item.startswith("-") and "=" not in item and " " not in item else ""


def expanded(text: str, environment: Mapping[str, str]) -> str:
    """A text with `$(NAME)` replaced by the variable's value; unknown names stay, `$$` is a dollar."""
    if "$" not in text:
        return text
    return _REFERENCE.sub(lambda match: "$" if match[1] is None else environment.get(match[1], match[0]), text)


def environment_of(container: Mapping[str, Any]) -> dict[str, str]:
    """The variables of a container that are given as values, each seeing those before it."""
    found: dict[str, str] = {}
    variables = container.get("env")
    for variable in variables if isinstance(variables, list) else ():
        if isinstance(variable, dict) and isinstance(variable.get("value"), str):
            found[str(variable.get("name"))] = expanded(variable["value"], found)
    return found


@lru_cache(maxsize=_KEPT)
def _in_one(text: str, flag: str) -> tuple[Candidate, ...]:
    return tuple(_searched(text, flag))


def _searched(text: str, flag: str) -> Iterator[Candidate]:
    if any(space in text.strip() for space in " \n\t"):
        yield from scan(text)
        return
    assigned = _ASSIGNED.match(text)
    name, start = (assigned[1], assigned.end()) if assigned else (flag, 0)
    value = text[start:].strip(_EDGES)
    start += len(text[start:]) - len(text[start:].lstrip(_EDGES))
    yield from split_list(value, start, name)


def split_list(value: str, start: int, name: str) -> Iterator[Candidate]:
    """A value under a name, or each of several between commas or semicolons."""
    named = names_image(name)
    for match in re.finditer(r"[^,;\s]+", value):
        text, shift = match[0], match.start()
        assigned = _ASSIGNED.match(text)
        inner = assigned[1] if assigned else ""
        if assigned:
            text, shift = text[assigned.end() :], shift + assigned.end()
        is_named = named or names_image(inner) or (hints_image(name) and "/" in text)
        yield Candidate(text, start + shift, is_named, names_artifact(name))
