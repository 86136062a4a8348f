"""Syntax trees to Python closures: the exact compiler.

Every node becomes a closure `f(state, dot) -> value`. The closures follow Go's exec.go step by step, the order of
evaluation and the node blamed for an error included, and are the reference for every other way of running a template.
Variables are resolved to slots of a list at compile time, chains of fields are fused into one closure, and a pipeline
nests: the closure of a later stage calls that of the stage before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chartkit.gotemplate.closures import (
    BreakLoop,
    ContinueLoop,
    elements,
    raiser,
)
from chartkit.gotemplate.expressions import ExpressionCompiler, Place
from chartkit.gotemplate.gofmt import template_text
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
from chartkit.gotemplate.runtime import (
    Closure,
    State,
    Template,
)
from chartkit.record import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """The compiled parts of an `if` or `with`."""

    node: If | With
    condition: Closure
    body: Closure
    otherwise: Closure | None
    is_with: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """The compiled parts of a `range`; of its variables the slots, 0 for none."""

    node: Range
    values: Closure
    container: int
    first: int
    second: int
    body: Closure
    otherwise: Closure | None


class Compiler(ExpressionCompiler):
    """Compiles the trees of one set of functions; one instance compiles one tree at a time."""

    def template(self, tree: Tree) -> Template:
        """A template that is compiled when it first runs."""
        return Template(tree.name, tree.source, lambda: self._fresh().compile_tree(tree))

    def _fresh(self) -> Compiler:
        return type(self)(self.functions, ranges_integers=self.ranges_integers)

    def compile_tree(self, tree: Tree) -> tuple[Closure, int]:
        """The closure of a whole template and the number of variable slots beside the dot's."""
        self.scope = [("$", Place(0))]
        body = self.body(tree.body)
        return body, self.slots

    # --- statements

    def body(self, body: Body) -> Closure:
        """The closure that runs statements one after another."""
        steps = tuple(self.statement(node) for node in body.nodes)
        if len(steps) == 1 and not isinstance(steps[0], str):
            return steps[0]

        def run(state: State, dot: Any) -> None:
            write = state.write
            for step in steps:
                if type(step) is str:
                    write(step)
                else:
                    step(state, dot)  # type: ignore[operator]

        return run

    def statement(self, node: Statement) -> Closure | str:
        """The closure of one statement; of text, the text itself."""
        match node:
            case Text():
                return node.text
            case Action():
                return self.action(node)
            case If():
                return self.branch(node, is_with=False)
            case With():
                return self.branch(node, is_with=True)
            case Range():
                return self.range(node)
            case TemplateCall():
                return self.template_call(node)
            case Break():
                return raiser(BreakLoop)
            case Continue():
                return raiser(ContinueLoop)

    def action(self, node: Action) -> Closure:
        """`{{pipeline}}`: written, unless it declares or assigns."""
        value = self.pipe(node.pipe)
        if node.pipe.variables:
            return value

        def run(state: State, dot: Any) -> None:
            result = value(state, dot)
            state.write(result if type(result) is str else template_text(result))

        return run

    def branch(self, node: If | With, *, is_with: bool) -> Closure:
        """`if` and `with`. Variables of the pipeline live to the end, those of the body to the else."""
        mark = len(self.scope)
        condition = self.pipe(node.pipe)
        inside = len(self.scope)
        outer = self.dot_container
        if is_with:
            self.dot_container = None
        body = self.body(node.body)
        self.dot_container = outer
        del self.scope[inside:]
        otherwise = None if node.otherwise is None else self.body(node.otherwise)
        del self.scope[mark:]

        return self.choice(Choice(node, condition, body, otherwise, is_with))

    def choice(self, parts: Choice) -> Closure:
        """The closure of an `if` or `with` out of its compiled parts."""
        condition, body, otherwise = parts.condition, parts.body, parts.otherwise

        def run_if(state: State, dot: Any) -> None:
            if condition(state, dot):
                body(state, dot)
            elif otherwise is not None:
                otherwise(state, dot)

        def run_with(state: State, dot: Any) -> None:
            value = condition(state, dot)
            if value:
                body(state, value)
            elif otherwise is not None:
                otherwise(state, dot)

        return run_with if parts.is_with else run_if

    def range(self, node: Range) -> Closure:
        """`range`: the pipeline once, then the body for each element."""
        mark = len(self.scope)
        values = self.commands(node.pipe)
        self.slots += 1
        container = self.slots
        first, second = self._range_slots(node.pipe, container)
        inside = len(self.scope)
        outer = self.dot_container
        self.dot_container = container
        body = self.body(node.body)
        self.dot_container = outer
        del self.scope[inside:]
        otherwise = None if node.otherwise is None else self.body(node.otherwise)
        del self.scope[mark:]
        return self.loop(Loop(node, values, container, first, second, body, otherwise))

    def loop(self, parts: Loop) -> Closure:
        """The closure of a `range` out of its compiled parts."""
        container, first, second = parts.container, parts.first, parts.second
        body, otherwise = parts.body, parts.otherwise
        start = self.loop_start(parts)

        def run(state: State, dot: Any) -> None:
            value, pairs = start(state, dot)
            variables = state.vars
            variables[container] = value
            if first:
                variables[first] = value
            if second:
                variables[second] = value
            empty = True
            step = state.run.step
            for key, element in pairs:
                empty = False
                step()
                if second:
                    variables[first], variables[second] = key, element
                elif first:
                    variables[first] = element
                try:
                    body(state, element)
                except ContinueLoop:
                    continue
                except BreakLoop:
                    break
            if empty and otherwise is not None:
                otherwise(state, dot)

        return run

    def loop_start(self, parts: Loop) -> Callable[[State, Any], tuple[Any, Any]]:
        """What a `range` does first: its value, and the pairs of key and element to go through."""
        values, integers, first, second = parts.values, self.ranges_integers, parts.first, parts.second

        def run(state: State, dot: Any) -> tuple[Any, Any]:
            value = values(state, dot)
            if first < 0 or second < 0:
                state.fail(f"undefined variable: {parts.node.pipe.variables[0].name}")
            return value, elements(state, value, integers, two=bool(second) and bool(first))

        return run

    def _range_slots(self, pipe: Pipe, container: int) -> tuple[int, int]:
        """The slots of a range's variables: 0 for none, -1 for an assigned variable that does not exist."""
        slots = [0, 0]
        for index, variable in enumerate(pipe.variables):
            if pipe.assigns:
                place = self.lookup(variable.name)
                slots[index] = -1 if place is None else place.slot
            else:
                slots[index] = self.declare(variable.name, container if index == len(pipe.variables) - 1 else None)
        return slots[0], slots[1]

    def template_call(self, node: TemplateCall) -> Closure:
        """`{{template "name" pipeline}}`."""
        name = node.name
        argument = None if node.pipe is None else self.pipe(node.pipe)

        def run(state: State, dot: Any) -> None:
            state.node = node
            template = state.callee(name)
            state.enter(template, None if argument is None else argument(state, dot))

        return run
