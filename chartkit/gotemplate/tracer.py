"""The tracing compiler: the same trees, the same values, and beside each value where it came from.

`TracingCompiler` overrides only what moves, reads, writes or decides values. Each closure leaves the mark of its value
in `state.mark`; values are computed by the plain functions, so that the bytes cannot differ. How a function moves
characters is told by `rules`; a function without a rule gives the union of its arguments' marks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chartkit.gotemplate.closures import BreakLoop, ContinueLoop, bounded
from chartkit.gotemplate.compiler import Choice, Compiler, Loop
from chartkit.gotemplate.expressions import GROWING, count_fits, parameter_at
from chartkit.gotemplate.expressions import Place as Slot
from chartkit.gotemplate.gofmt import template_text
from chartkit.gotemplate.nodes import (
    Action,
    Body,
    Bool,
    Chain,
    Dot,
    Field,
    Identifier,
    If,
    Node,
    NumberLiteral,
    Operand,
    Pipe,
    Range,
    Statement,
    String,
    TemplateCall,
    Text,
    Variable,
    With,
)
from chartkit.gotemplate.origins import Before, Call, OriginTable, Rules
from chartkit.gotemplate.runtime import Closure, StateFunction, convert, walk
from chartkit.gotemplate.traced import TracedRun, strip_no_value_spans
from chartkit.gotypes import UNTYPED_NIL, Function, FunctionError
from chartkit.origin import (
    Lookup,
    Mark,
    all_consulted,
    cut,
    derived,
    everything,
    joined,
    of_pieces,
    pieces,
    with_consulted,
)

_GLANCING: Final = frozenset("all any empty eq fail kindIs kindOf len ne not typeIs typeIsLike typeOf".split())
"""Functions that see no more of a container than what it is, or whether something is in it."""


class TracingCompiler(Compiler):
    """Compiles trees to closures that keep track of origins."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        *,
        ranges_integers: bool = True,
        rules: Rules | None = None,
        before: Before | None = None,
    ) -> None:
        super().__init__(functions, ranges_integers=ranges_integers)
        self.rules: Rules = rules or {}
        self.before: Before = before or {}

    def _fresh(self) -> TracingCompiler:
        return TracingCompiler(
            self.functions, ranges_integers=self.ranges_integers, rules=self.rules, before=self.before
        )

    # --- statements

    def body(self, body: Body) -> Closure:
        """The closure that runs statements one after another."""
        steps = tuple(self.traced_statement(node) for node in body.nodes)

        def run(state: Any, dot: Any) -> None:
            for step in steps:
                step(state, dot)

        return run

    def traced_statement(self, node: Statement) -> Closure:
        """The closure of one statement."""
        if isinstance(node, Text):
            return _text(node)
        closure = self.statement(node)
        assert not isinstance(closure, str)
        return closure

    def action(self, node: Action) -> Closure:
        """`{{pipeline}}`: written with its mark, unless it declares or assigns."""
        value = self.pipe(node.pipe)
        if node.pipe.variables:
            return value

        def run(state: Any, dot: Any) -> None:
            state.mark = None
            result = value(state, dot)
            text = result if type(result) is str else template_text(result)
            mark = state.mark
            if text is not result:
                mark = of_pieces(derived(state.run.table.whole(result, mark), text))
            state.emit(text, mark, node)

        return run

    def choice(self, parts: Choice) -> Closure:
        """`if` and `with`: what the condition read is consulted by all that the branch writes or assigns."""
        condition, body, otherwise = parts.condition, parts.body, parts.otherwise
        assigned = self.assigned_slots(parts.node)
        is_with, node = parts.is_with, parts.node

        def run(state: Any, dot: Any) -> None:
            state.mark = None
            value = condition(state, dot)
            mark = state.mark
            outer, written = state.context, len(state.written)
            lookups = everything(mark)
            state.context = joined(outer, lookups)
            if value:
                if is_with:
                    kept, state.dot_mark = state.dot_mark, mark
                    body(state, value)
                    state.dot_mark = kept
                else:
                    body(state, dot)
            elif otherwise is not None:
                otherwise(state, dot)
            if lookups and len(state.written) == written:
                state.emit("", None, node)
            for slot in assigned:
                state.marks[slot] = with_consulted(state.marks[slot], lookups)
            state.context = outer

        return run

    def loop(self, parts: Loop) -> Closure:
        """`range`: each element with its own mark."""
        container, first, second = parts.container, parts.first, parts.second
        body, otherwise = parts.body, parts.otherwise
        start = self.loop_start(parts)
        assigned = self.assigned_slots(parts.node)

        def run(state: Any, dot: Any) -> None:
            state.mark = None
            value, pairs = start(state, dot)
            mark = state.mark
            variables, marks, table = state.vars, state.marks, state.run.table
            variables[container] = value
            for slot in (first, second):
                if slot:
                    variables[slot], marks[slot] = value, mark
            outer, kept, written = state.context, state.dot_mark, len(state.written)
            lookups = everything(mark)
            inner = joined(outer, lookups)
            empty = True
            for key, element in pairs:
                empty = False
                state.run.step()
                known = _element_mark(table, value, key, mark)
                if second:
                    # What decided that a template put the entry there decided that the key is there.
                    variables[first], marks[first] = key, with_consulted(mark, all_consulted(known))
                    variables[second], marks[second] = element, known
                elif first:
                    variables[first], marks[first] = element, known
                state.dot_mark, state.context = known, inner
                try:
                    body(state, element)
                except ContinueLoop:
                    # What decided this may have kept some text from being written here.
                    state.emit("", None, parts.node)
                except BreakLoop:
                    state.emit("", None, parts.node)
                    break
            state.dot_mark, state.context = kept, inner
            if empty and otherwise is not None:
                otherwise(state, dot)
            if lookups and len(state.written) == written:
                state.emit("", None, parts.node)
            for slot in assigned:
                marks[slot] = with_consulted(marks[slot], lookups)
            state.context = outer

        return run

    def template_call(self, node: TemplateCall) -> Closure:
        """`{{template "name" pipeline}}`: the call is among the actions that wrote what the template writes."""
        name = node.name
        argument = None if node.pipe is None else self.pipe(node.pipe)

        def run(state: Any, dot: Any) -> None:
            state.node = node
            template = state.callee(name)
            state.mark = None
            value = None if argument is None else argument(state, dot)
            state.node = node
            state.enter(template, value)

        return run

    def assigned_slots(self, node: If | With | Range) -> tuple[int, ...]:
        """The slots of outer variables that a control structure assigns somewhere inside."""
        names = _assigned_names(node)
        places = [self.lookup(name) for name in sorted(names)]
        return tuple(place.slot for place in places if place is not None)

    # --- expressions

    def store(self, value: Closure, variable: Variable, assigns: bool) -> Closure:
        """The closure that also keeps a value and its mark in a variable."""
        plain = super().store(value, variable, assigns)
        place = self.lookup(variable.name)
        if place is None:
            return plain
        slot = place.slot

        def run(state: Any, dot: Any) -> Any:
            state.mark = None
            result = plain(state, dot)
            mark = state.mark
            state.marks[slot] = with_consulted(mark, state.context) if assigns else mark
            return result

        return run

    def operand(self, node: Operand) -> Closure:
        """The value of an operand, with its mark."""
        closure = super().operand(node)
        if isinstance(node, Dot):
            return _marked(closure, lambda state: state.dot_mark)
        if isinstance(node, (Bool, String, NumberLiteral)):
            return _marked(closure, _no_mark)
        return closure

    def literal(self, node: Bool | String | NumberLiteral, parameter: str) -> Closure:
        """A literal argument: it comes from nowhere but the template."""
        return _marked(super().literal(node, parameter), _no_mark)

    def variable(self, node: Variable) -> Closure:
        """`$x` or `$x.a.b`, with its mark."""
        closure = super().variable(node)
        place = self.lookup(node.name)
        if place is None or node.fields:
            return closure
        slot = place.slot
        return _marked(closure, lambda state: state.marks[slot])

    def fields(self, node: Field | Variable, place: Slot | None, names: tuple[str, ...]) -> Closure:
        """A chain of names, with the mark of the entry at its end."""
        plain = super().fields(node, place, names)
        slot = None if place is None else place.slot

        def run(state: Any, dot: Any) -> Any:
            result = plain(state, dot)
            if slot is None:
                receiver, mark = dot, state.dot_mark
            else:
                receiver, mark = state.vars[slot], state.marks[slot]
            state.mark = state.run.table.walk(receiver, mark, names)
            return result

        return run

    def chain_value(self, node: Chain) -> Closure:
        """`(pipeline).a.b`, with the mark of the entry at its end."""
        base, held = self.chain_base(node)
        names = node.names

        def run(state: Any, dot: Any) -> Any:
            state.node = node
            receiver = base(state, dot)
            mark = state.mark
            result = walk(state, receiver, names, held, None)[0]
            state.mark = state.run.table.walk(receiver, mark, names)
            return result

        return run

    def chain(self, node: Field | Chain | Variable, arguments: Sequence[Operand], final: Closure | None) -> Closure:
        """A method call: its result comes from all that went in."""
        plain = super().chain(node, arguments, final)

        def run(state: Any, dot: Any) -> Any:
            state.mark = None
            result = plain(state, dot)
            mark = state.mark
            state.mark = None if mark is None else Mark(everything(mark))
            return result

        return run

    def call(
        self,
        function: Function,
        name: Identifier,
        node: Node,
        arguments: Sequence[Operand],
        final: Closure | None,
    ) -> Closure:
        """A function call, with the mark that its rule gives the result."""
        if not count_fits(function, len(arguments) + (final is not None)):
            return super().call(function, name, node, arguments, final)
        closures = tuple(self.arguments(function, arguments))
        if name.name in ("and", "or"):
            return _traced_choice(name, closures, final, stops_on=name.name == "or")
        parameter = None if final is None else parameter_at(function, len(arguments))
        collect = _collector(name, closures, final, parameter)
        invoke = self.invoker(function, name, node, arguments)
        if isinstance(function, StateFunction):
            return bounded(_traced_text(collect, invoke, is_tpl=name.name == "tpl"))
        rule = self.rules.get(name.name, Call.glanced if name.name in _GLANCING else Call.computed)
        before = self.before.get(name.name)

        def run(state: Any, dot: Any) -> Any:
            values, marks = collect(state, dot)
            kept = before(values) if before else None
            result = invoke(state, values)
            call = Call(state.run.table, values, marks, result, state.context, kept)
            state.mark = rule(call)
            return result

        return bounded(run) if name.name in GROWING else run

    def invoker(
        self, function: Function, name: Identifier, node: Node, arguments: Sequence[Operand]
    ) -> Callable[[Any, Sequence[Any]], Any]:
        """What calls the plain function with values that are already there."""
        call, text = function.call, name.name
        callee = str(arguments[0]) if arguments else None
        takes_state, takes_ambient = isinstance(function, StateFunction), function.ambient

        def run(state: Any, values: Sequence[Any]) -> Any:
            try:
                if takes_state:
                    return call(state, *values)
                if takes_ambient:
                    return call(state.run.ambient, *values)
                return call(callee, *values) if text == "call" else call(*values)
            except FunctionError as error:
                state.node = node
                state.fail(f"error calling {text}: {error}", error)

        return run


def _no_mark(state: Any) -> None:
    return None


def _marked(closure: Closure, mark_of: Callable[[Any], Mark | None]) -> Closure:
    def run(state: Any, dot: Any) -> Any:
        result = closure(state, dot)
        state.mark = mark_of(state)
        return result

    return run


def _text(node: Text) -> Closure:
    """Text outside actions; of a text that is itself a value, it comes from that value."""
    text, start = node.text, node.start

    def run(state: Any, dot: Any) -> None:
        mark = None
        if state.text_mark is not None:
            source = state.template.source.text
            mark = of_pieces(cut(pieces(state.text_mark, source), start, start + len(text)))
        state.emit(text, mark, node)

    return run


def _element_mark(table: OriginTable, value: Any, key: Any, whole: Mark | None) -> Mark | None:
    """What is known of an element that `range` reached."""
    if not isinstance(value, (dict, list)):
        return whole
    known = table.entry(value, key)
    return whole if known is None else known


def _collector(
    name: Identifier, closures: tuple[Closure, ...], final: Closure | None, parameter: str | None
) -> Callable[[Any, Any], tuple[list[Any], list[Mark | None]]]:
    """What evaluates the arguments of a call, in Go's order, with their marks."""

    def run(state: Any, dot: Any) -> tuple[list[Any], list[Mark | None]]:
        last = last_mark = None
        if final is not None:
            state.mark = None
            last = final(state, dot)
            last_mark = state.mark
        state.node = name
        values: list[Any] = []
        marks: list[Mark | None] = []
        for closure in closures:
            state.mark = None
            values.append(closure(state, dot))
            marks.append(state.mark)
        if final is not None:
            assert parameter is not None
            values.append(last if parameter == "any" else convert(state, last, parameter, False))
            marks.append(last_mark)
        return values, marks

    return run


def _traced_text(
    collect: Callable[[Any, Any], tuple[list[Any], list[Mark | None]]],
    invoke: Callable[[Any, Sequence[Any]], Any],
    *,
    is_tpl: bool,
) -> Closure:
    """`include` and `tpl`: they run templates, and the result has the marks of what was written."""

    def run(state: Any, dot: Any) -> Any:
        values, marks = collect(state, dot)
        traced: TracedRun = state.run
        traced.handed = marks[1] if len(marks) > 1 else None
        traced.handed_text = marks[0] if is_tpl else None
        traced.result, traced.text = (marks[0], values[0]) if is_tpl else (None, "")
        result = invoke(state, values)
        mark = traced.result
        # A text without actions is never executed and leaves what was handed over.
        traced.handed = traced.handed_text = None
        if is_tpl:
            mark = with_consulted(strip_no_value_spans(traced.text, mark), everything(marks[0]))
        state.mark = mark
        return result

    return run


def _traced_choice(
    name: Identifier, closures: tuple[Closure, ...], final: Closure | None, *, stops_on: bool
) -> Closure:
    """`and` and `or`: the winner's mark; what was passed over is consulted."""

    def run(state: Any, dot: Any) -> Any:
        last = last_mark = None
        if final is not None:
            state.mark = None
            last = final(state, dot)
            last_mark = state.mark
        state.node = name
        value: Any = None
        mark: Mark | None = None
        passed: tuple[Lookup, ...] = ()
        for closure in closures:
            passed = joined(passed, everything(mark))
            state.mark = None
            value = closure(state, dot)
            mark = state.mark
            if bool(value) is stops_on:
                break
        else:
            if final is not None:
                passed = joined(passed, everything(mark))
                value, mark = last, last_mark
        state.mark = with_consulted(mark, passed)
        return None if value is UNTYPED_NIL else value

    return run


def _assigned_names(node: Any) -> set[str]:
    """The names of variables that are assigned, not declared, anywhere inside a node."""
    found: set[str] = set()
    stack: list[Any] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Pipe) and current.assigns:
            found.update(variable.name for variable in current.variables)
        if isinstance(current, (If, With, Range)):
            stack += [current.pipe, current.body, current.otherwise]
        elif isinstance(current, Body):
            stack += current.nodes
        elif isinstance(current, Action):
            stack.append(current.pipe)
        elif isinstance(current, Pipe):
            for command in current.commands:
                stack += command.arguments
    return found
