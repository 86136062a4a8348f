"""`--name-template`: a release name written as a template."""

from __future__ import annotations

from chartkit.ambient import Ambient
from chartkit.engine.function_table import functions
from chartkit.errors import InputError, ParseError
from chartkit.gotemplate.compiler import Compiler
from chartkit.gotemplate.parser import parse
from chartkit.gotemplate.runtime import ExecFailure, Run, execute
from chartkit.source import Source

_NAME = "name-template"


def name_from_template(text: str, ambient: Ambient) -> str:
    """The name that a template gives; it has Sprig's functions, and nothing to look at.

    Raises:
        InputError: if the template is none, or fails.
    """
    profile = ambient.profile
    compiler = Compiler(functions(profile), ranges_integers=profile.ranges_integers)
    try:
        trees = parse(Source(_NAME, text), compiler.functions)
        templates = {name: compiler.template(tree) for name, tree in trees.items()}
        return execute(Run(ambient, compiler, {}), templates, templates[_NAME], None)
    except ParseError as error:
        raise InputError(str(error), position=error.position) from error
    except ExecFailure as failure:
        raise InputError(failure.text, position=failure.position) from failure
