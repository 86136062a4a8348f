"""`--name-template`: a release name written as a template."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Final, NoReturn

from chartkit.ambient import Ambient
from chartkit.engine.function_table import functions
from chartkit.errors import InputError, ParseError
from chartkit.gotemplate.compiler import Compiler
from chartkit.gotemplate.parser import parse
from chartkit.gotemplate.runtime import ExecFailure, Run
from chartkit.gotypes import Function, FunctionError
from chartkit.source import Source

_NAME: Final = "name-template"
_VARIABLE: Final = re.compile(r"\$(?:(\w+)|\{(\w+)\})", re.ASCII)
_ONLY_IN_CHARTS: Final = frozenset(
    ["include", "tpl", "required", "lookup", "toYaml", "mustToYaml", "toYamlPretty", "fromYaml", "fromYamlArray"]
    + ["toToml", "mustToToml", "fromToml", "fromJsonArray"]
)


def name_from_template(text: str, ambient: Ambient) -> str:
    """The name that a template gives; it has Sprig's functions, and nothing to look at.

    Raises:
        InputError: if the template is none, or fails.
    """
    profile = ambient.profile
    compiler = Compiler(_Functions(functions(profile)), ranges_integers=profile.ranges_integers)
    try:
        trees = parse(Source(_NAME, text), compiler.functions)
        templates = {name: compiler.template(tree) for name, tree in trees.items()}
        return Run(ambient, compiler).execute(templates, templates[_NAME], None)
    except ParseError as error:
        raise InputError(str(error), position=error.position) from error
    except ExecFailure as failure:
        raise InputError(failure.text, position=failure.position) from failure


class _Functions(Mapping[str, Function]):
    """The functions of charts without those that only Helm gives them, and with Sprig's own for the rest."""

    def __init__(self, of_charts: Mapping[str, Function]) -> None:
        self.of_charts = of_charts

    def __getitem__(self, name: str) -> Function:
        if name in _ONLY_IN_CHARTS:
            raise KeyError(name)
        return _OWN.get(name) or self.of_charts[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in {**self.of_charts, **_OWN} if name not in _ONLY_IN_CHARTS)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _fail(message: str) -> NoReturn:
    raise FunctionError(message)


def _env(name: str) -> str:
    return os.environ.get(name, "")


def _expandenv(text: str) -> str:
    return _VARIABLE.sub(lambda match: _env(match[1] or match[2]), text)


_OWN: Final = {
    "fail": Function("fail", _fail, ("string",)),
    "env": Function("env", _env, ("string",)),
    "expandenv": Function("expandenv", _expandenv, ("string",)),
}
