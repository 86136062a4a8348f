"""Syntax trees to Python source: the fast compiler.

Every template becomes one Python function `f(run, dot) -> text`: its variables are local ones, its text is gathered in
one list, templates that it includes by a constant name are called straight, and the usual functions are written out.
What the code cannot follow raises, and the render is run again in the exact compiler; see `fast`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType
from warnings import catch_warnings, simplefilter

from chartkit.gotemplate.codegen_block import Unsupported, Value
from chartkit.gotemplate.codegen_expressions import ExpressionWriter
from chartkit.gotemplate.fast import STEP, mangled
from chartkit.gotemplate.nodes import (
    Action,
    Body,
    Break,
    Continue,
    If,
    Pipe,
    Range,
    Statement,
    TemplateCall,
    Text,
    Tree,
    With,
)
from chartkit.gotypes import Function


def generate(tree: Tree, functions: Mapping[str, Function]) -> CodeType | None:
    """The code of one template's function; `None` where it must run in the exact compiler."""
    try:
        source = python_source(tree, functions)
        with catch_warnings():
            # What Python thinks of odd code (`None[1]`) is about somebody's template, and not for standard error.
            simplefilter("ignore")
            module = compile(source, f"<template {tree.name}>", "exec", dont_inherit=True, optimize=2)
    except (Unsupported, SyntaxError, RecursionError, MemoryError, OverflowError):
        return None
    return next(part for part in module.co_consts if isinstance(part, CodeType))


def python_source(tree: Tree, functions: Mapping[str, Function]) -> str:
    """The source of one template's function.

    Raises:
        Unsupported: no code can be generated for it.
    """
    writer = TemplateWriter(functions)
    writer.body(tree.body)
    return writer.block.function(mangled(tree.name))


class TemplateWriter(ExpressionWriter):
    """Writes the statements of one template."""

    def body(self, body: Body) -> None:
        """Statements one after another."""
        for node in body.nodes:
            self.statement(node)

    def statement(self, node: Statement) -> None:
        """One statement."""
        match node:
            case Text():
                self.block.text(node.text)
            case Action():
                self.action(node)
            case If() | With():
                self.branch(node)
            case Range():
                self.range(node)
            case TemplateCall():
                self.template_call(node)
            case Break():
                self.block.flush()
                self.block.line("break")
            case Continue():
                self.block.flush()
                self.block.line("continue")

    def action(self, node: Action) -> None:
        """`{{pipeline}}`: written, unless it declares or assigns."""
        value = self.pipe(node.pipe)
        if not node.pipe.variables:
            self.write(value)

    def write(self, value: Value) -> None:
        """The text of a value."""
        if value.constant is not None:
            self.block.text(value.constant)
        elif value.kind == "str" and value.code[0] == "x":
            self.block.piece(value.code)
        else:
            code = value.code
            self.block.piece(self.block.let(f"{code} if type({code}) is str else T({code})").code)

    def branch(self, node: If | With) -> None:
        """`if` and `with`. Variables of the pipeline live to the end, those of the body to the else."""
        mark = len(self.scope)
        condition = self.pipe(node.pipe)
        inside = len(self.scope)
        outer = self.dot, self.dot_container
        code = condition.code
        if isinstance(node, With):
            # The variable that the value came from may be assigned anew inside.
            self.dot, self.dot_container = self.block.let(code).code, None
        with self.block.writing(f"if {code}:"):
            self.body(node.body)
        self.dot, self.dot_container = outer
        del self.scope[inside:]
        if node.otherwise is not None:
            with self.block.writing("else:"):
                self.body(node.otherwise)
        del self.scope[mark:]

    def range(self, node: Range) -> None:
        """`range`: the pipeline once, then the body for each element."""
        mark = len(self.scope)
        value = self.commands(node.pipe)
        container = self.block.let(value.code).code
        first, second = self._range_variables(node.pipe, container)
        inside = len(self.scope)
        if first is None and node.pipe.variables:
            self.refuse()
            first = second = ""
        assert first is not None, "variables that do not exist were refused"
        for variable in filter(None, (first, second)):
            self.block.line(f"{variable} = {container}")
        count = self._loop(node, container, (first, second))
        del self.scope[inside:]
        if node.otherwise is not None:
            with self.block.writing(f"if not {count}:"):
                self.body(node.otherwise)
        del self.scope[mark:]

    def _loop(self, node: Range, container: str, variables: tuple[str, str]) -> str:
        """The loop over the elements; gives the local name of their number."""
        block, (first, second) = self.block, variables
        block.loops += 1
        way, quick = ("P", "enumerate({})") if second else ("E", "{}")
        items = block.let(f"{quick.format(container)} if type({container}) is list else {way}({container})").code
        count = block.let(f"len({container}) if {container} else 0" if second else f"len({items})").code
        block.line(f"R.spent += {count} * {STEP}")
        block.line("if R.spent > R.mark: R.settle()")
        outer = self.dot, self.dot_container
        element = block.fresh("e")
        self.dot, self.dot_container = element, container
        with block.writing(f"for {f'{first}, ' if second else ''}{element} in {items}:"):
            if first:
                block.line(f"{second or first} = {element}")
            self.body(node.body)
        self.dot, self.dot_container = outer
        return count

    def _range_variables(self, pipe: Pipe, container: str) -> tuple[str | None, str]:
        """The local names of a range's variables; none for an assigned variable that does not exist."""
        locals_ = ["", ""]
        for index, variable in enumerate(pipe.variables):
            if pipe.assigns:
                place = self.lookup(variable.name)
                if place is None:
                    return None, ""
                locals_[index] = place[0]
            else:
                is_last = index == len(pipe.variables) - 1
                locals_[index] = self.declare(variable.name, container if is_last else None)
        return locals_[0], locals_[1]

    def template_call(self, node: TemplateCall) -> None:
        """`{{template "name" pipeline}}`."""
        data = Value("None") if node.pipe is None else self.pipe(node.pipe)
        self.hold(data)
        self.block.calls_templates = True
        self.block.piece(self.block.let(f"{mangled(node.name)}(R, {data.code})", "str").code)
